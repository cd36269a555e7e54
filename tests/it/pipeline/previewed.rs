//! What is previewed is what is sent: in random states of a small company the bytes of `preview` are the bytes that the run
//! of the same instant freezes, for the weekly audit, the alerts, the statement and the notices of what is held. A hundred
//! and twenty states in every run, a thousand with `SVERKA_PREVIEW_STATES=1000` (as CI does). On PostgreSQL a short history.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use sverka::{
    domain::{
        derived_id,
        ledger::{EntryKey, EntryKind, Evidence, LedgerEntry, NewEntry},
        ledger_chain,
        money::Money,
        org::EmployeeId,
        run::{Job, Release},
        verdict::{Decision, DecisionKind},
    },
    pipeline::{
        self,
        preview::{Preview, Previewed, as_scheduled, preview},
        reconcile::reconcile,
    },
};

use crate::app::{PEOPLE, POLICY, TestApp, utc};

const BUYERS: [(&str, &str); 4] = [
    ("Ромашка ООО", "7707083893"),
    ("Гефест ООО", "7704567890"),
    ("Лютик ООО", "7701112223"),
    ("Мак & <Ко> ООО", "7736050003"),
];

/// What happens before a job is looked at.
#[derive(Clone, Debug)]
enum Event {
    Sale { number: usize, day: u32, buyer: usize, seller: usize, amount: i64 },
    Crm { known: [bool; 4] },
    Decide { buyer: usize },
    Nothing,
}

#[derive(Clone, Debug)]
struct Step {
    event: Event,
    job: Job,
    /// Hours since the step before: a week goes stale, a day does not.
    hours: i64,
    /// Whether what is held is released, and so told after all.
    release: bool,
}

fn step() -> impl Strategy<Value = Step> {
    let event = prop_oneof![
        2 => (0..8_usize, 1..60_u32, 0..4_usize, 0..2_usize, prop_oneof![1_00..2_000_000_i64, -900_000..-1_00_i64])
            .prop_map(|(number, day, buyer, seller, amount)| Event::Sale { number, day, buyer, seller, amount }),
        2 => any::<[bool; 4]>().prop_map(|known| Event::Crm { known }),
        1 => (0..4_usize).prop_map(|buyer| Event::Decide { buyer }),
        2 => Just(Event::Nothing),
    ];
    let job = prop_oneof![3 => Just(Job::Audit), 3 => Just(Job::Alerts), 2 => Just(Job::Close)];
    let hours = prop_oneof![5 => 1..30_i64, 1 => 60..170_i64];
    (event, job, hours, any::<bool>()).prop_map(|(event, job, hours, release)| Step { event, job, hours, release })
}

/// One company.
struct World {
    t: TestApp,
    now: DateTime<Utc>,
    rows: BTreeMap<usize, (u32, usize, usize, i64)>,
    known: [bool; 4],
    decided: usize,
    /// Mails compared, by kind.
    compared: BTreeMap<String, usize>,
}

impl World {
    async fn new(t: TestApp, now: DateTime<Utc>) -> Self {
        let mut world =
            Self { t, now, rows: BTreeMap::new(), known: [false; 4], decided: 0, compared: BTreeMap::new() };
        world.export_crm().await;
        world.export_sales().await;
        world
    }

    async fn export_sales(&mut self) {
        let mut rows = vec![
            "01.08.2026;0000-000900;ВЕКТОР ООО;7701234560;Орлов Илья;500000,00".to_owned(),
            "30.11.2026;0000-000901;ВЕКТОР ООО;7701234560;Орлов Илья;500000,00".to_owned(),
        ];
        for (number, (day, buyer, seller, amount)) in &self.rows {
            let date = crate::app::day("2026-08-05") + TimeDelta::days(i64::from(*day));
            let ((name, inn), seller) = (BUYERS[*buyer], ["Орлов Илья", "Соколова Анна"][*seller]);
            let (sign, whole, part) = (if *amount < 0 { "-" } else { "" }, amount.abs() / 100, amount.abs() % 100);
            let date = date.format("%d.%m.%Y");
            rows.push(format!("{date};0000-{number:06};{name};{inn};{seller};{sign}{whole},{part:02}"));
        }
        self.t.drop_sales("Продажи.csv", &rows.iter().map(String::as_str).collect::<Vec<_>>());
        self.t.ingest().await;
    }

    async fn export_crm(&mut self) {
        let mut crm: Vec<String> =
            (10..40).map(|i| format!("{i};ООО «Компания номер {i}»;;;01.02.2026 10:00:00")).collect();
        crm.push("1;ООО «Вектор»;7701234560;;12.01.2026 10:00:00".to_owned());
        for (at, (name, inn)) in BUYERS.iter().enumerate().filter(|(at, _)| self.known[*at]) {
            crm.push(format!("{};{name};{inn};;01.09.2026 10:00:00", 50 + at));
        }
        self.t.drop_crm(&crm.iter().map(String::as_str).collect::<Vec<_>>());
        self.t.ingest().await;
    }

    async fn happen(&mut self, event: &Event) {
        match event {
            Event::Sale { number, day, buyer, seller, amount } => {
                self.rows.insert(*number, (*day, *buyer, *seller, *amount));
            }
            Event::Crm { known } => self.known = *known,
            Event::Decide { buyer } => self.decide(*buyer).await,
            // Neither side exports: what is there grows old.
            Event::Nothing => return,
        }
        self.export_crm().await;
        self.export_sales().await;
    }

    async fn decide(&mut self, buyer: usize) {
        let view = pipeline::view(&self.t.app, self.now).await.expect("a view");
        let Some(party) = view.loaded.facts.parties.iter().find(|p| p.name == BUYERS[buyer].0) else { return };
        self.decided += 1;
        let decision = Decision {
            id: format!("d{}", self.decided),
            at: self.now,
            author: "Громова".into(),
            party: party.key.clone(),
            kind: DecisionKind::Exempt,
            note: "не клиент".into(),
        };
        let mut tx = self.t.app.db.begin().await.expect("a transaction");
        tx.add_decision(&decision).await.expect("a decision");
        tx.commit().await.expect("a commit");
    }

    async fn frozen(&self) -> BTreeMap<String, Vec<u8>> {
        self.t.mails().await.into_iter().map(|m| (m.mail.key, m.mail.bytes)).collect()
    }

    /// One state: what is shown, what is sent, and no difference.
    async fn step(&mut self, step: &Step) {
        self.now += TimeDelta::hours(step.hours);
        self.t.app.clock.set(self.now);
        self.happen(&step.event).await;
        let before = self.frozen().await;
        let ledger = self.t.ledger().await;
        let shown = preview(&self.t.app, Preview::Job(step.job), self.now, None).await.expect("a preview");
        let all_held = preview(&self.t.app, Preview::Held, self.now, None).await.expect("a preview");
        assert_eq!(self.frozen().await, before, "a look freezes nothing");
        assert_eq!(self.t.ledger().await, ledger, "a look posts nothing");

        let request = as_scheduled(&self.t.app, step.job, self.now, None);
        let done = reconcile(&self.t.app, &request).await.unwrap_or_else(|e| panic!("{e}"));
        self.compare(&shown, &before).await;
        if !done.held.is_empty() {
            let told = |p: &Previewed| p.mails.iter().map(|m| (m.key.clone(), m.bytes.clone())).collect::<Vec<_>>();
            let among = told(&all_held);
            assert!(told(&shown).iter().all(|mail| among.contains(mail)), "a held notice is among all of them");
        }
        if let Some(id) = done.hold.filter(|_| step.release) {
            let word = Release { by: "Смирнов".into(), reason: "проверено".into(), at: self.now };
            pipeline::release::release(&self.t.app, &id, &word, false).await.unwrap_or_else(|e| panic!("{e}"));
        }
        let entries = self.t.ledger().await;
        assert_eq!(ledger_chain::verify(&entries, &self.t.app.ledger_key, None), []);
    }

    async fn compare(&mut self, shown: &Previewed, before: &BTreeMap<String, Vec<u8>>) {
        let mut sent = self.frozen().await;
        sent.retain(|key, _| !before.contains_key(key));
        let shown: BTreeMap<String, Vec<u8>> = shown.mails.iter().map(|m| (m.key.clone(), m.bytes.clone())).collect();
        assert_eq!(shown.keys().collect::<Vec<_>>(), sent.keys().collect::<Vec<_>>());
        for (key, bytes) in &sent {
            assert!(
                shown[key] == *bytes,
                "{key}\n--- shown\n{}\n--- sent\n{}",
                String::from_utf8_lossy(&shown[key]),
                String::from_utf8_lossy(bytes)
            );
            let kind = key.split('.').next().unwrap_or_default();
            *self.compared.entry(kind.to_owned()).or_default() += 1;
        }
    }
}

/// Steps in one company: its ledger and its past grow on the way.
const STEPS: usize = 20;

fn states() -> usize {
    std::env::var("SVERKA_PREVIEW_STATES").ok().and_then(|n| n.parse().ok()).unwrap_or(120)
}

#[test]
fn what_is_previewed_is_what_is_sent_byte_for_byte() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let cases = u32::try_from(states().div_ceil(STEPS)).expect("few");
    let mut runner =
        TestRunner::new(Config { cases, max_shrink_iters: 10, failure_persistence: None, ..Config::default() });
    let compared = std::cell::RefCell::new(BTreeMap::new());
    let outcome = runner.run(&prop::collection::vec(step(), STEPS), |steps| {
        runtime.block_on(async {
            let t = TestApp::new("2026-09-10T12:00:00Z").await;
            let mut world = World::new(t, utc("2026-09-10T12:00:00Z")).await;
            for step in &steps {
                world.step(step).await;
            }
            for (kind, mails) in world.compared {
                *compared.borrow_mut().entry(kind).or_insert(0) += mails;
            }
        });
        Ok(())
    });
    outcome.unwrap_or_else(|e| panic!("{e}"));
    let compared = compared.into_inner();
    for kind in ["audit", "alert", "statement", "personal", "held"] {
        assert!(compared.get(kind).is_some_and(|mails| *mails > 0), "not one {kind} among {compared:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_previewed_is_what_is_sent_on_postgres() {
    let Some(fresh) = crate::store::postgres().await else { return };
    let store = format!("[store]\nurl = \"{}\"\n", fresh.url);
    let t = TestApp::with("2026-09-10T12:00:00Z", &store, POLICY, PEOPLE).await;
    let mut world = World::new(t, utc("2026-09-10T12:00:00Z")).await;
    let sale = |number, day| Event::Sale { number, day, buyer: 0, seller: 0, amount: 1_000_000 };
    for (event, job) in [
        (sale(1, 20), Job::Alerts),
        (sale(2, 25), Job::Audit),
        (Event::Crm { known: [true, false, false, false] }, Job::Close),
        (sale(3, 26), Job::Audit),
    ] {
        world.step(&Step { event, job, hours: 3, release: true }).await;
    }
    assert!(world.compared.len() > 1, "{:?}", world.compared);
}

#[tokio::test]
async fn a_chain_with_ids_of_old_goes_on_and_verifies() {
    let t = TestApp::new("2026-09-10T12:00:00Z").await;
    let mut world = World::new(t, utc("2026-09-10T12:00:00Z")).await;
    let app = world.t.app.clone();
    let key = EntryKey {
        belongs_to: "2026-08".parse().expect("a period"),
        employee: EmployeeId("0101".into()),
        subject: "СТАРОЕ|1|2026".into(),
        rule: "missing_counterparty".into(),
    };
    let entry = NewEntry {
        pay_period: key.belongs_to,
        key,
        kind: EntryKind::Reduction,
        amount: Money::from_kopecks(-100),
        policy_version: "T-1".into(),
        corrects: Vec::new(),
        evidence: Evidence::default(),
    };
    // As the program wrote it before ids were derived.
    let (id, run, at) = (uuid::Uuid::now_v7().to_string(), uuid::Uuid::now_v7().to_string(), world.now);
    let hash = ledger_chain::seal(&entry, 1, &id, at, &run, ledger_chain::GENESIS, &app.ledger_key);
    let old = LedgerEntry { seq: 1, id, posted_at: at, run, entry, prev_hash: ledger_chain::GENESIS.into(), hash };
    let mut tx = app.db.begin().await.expect("a transaction");
    tx.append(std::slice::from_ref(&old), 0).await.expect("posted");
    tx.commit().await.expect("a commit");
    let event = Event::Sale { number: 1, day: 20, buyer: 0, seller: 0, amount: 1_000_000 };
    world.step(&Step { event, job: Job::Audit, hours: 3, release: true }).await;
    let entries = world.t.ledger().await;
    assert!(entries.len() > 1, "the run posted behind the old entry");
    assert_eq!(entries[0], old);
    assert_eq!(ledger_chain::verify(&entries, &app.ledger_key, None), []);
    let next = &entries[1];
    assert_eq!(next.id, derived_id::of_entry(&next.entry, 2, &next.run, &old.hash, next.posted_at));
}
