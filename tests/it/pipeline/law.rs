//! The law of the ledger over random histories with the real store: whatever arrives in whatever order, the sum of each
//! key is what the facts ask for, the chain verifies, closed periods do not change.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use sverka::{
    domain::{
        adjust,
        ledger::LedgerEntry,
        ledger_chain,
        run::{HoldSubject, Job, Release},
        verdict::{Decision, DecisionKind},
    },
    pipeline::{self, reconcile::Request},
};

use crate::app::{TestApp, utc};

const BUYERS: [(&str, &str); 3] =
    [("Ромашка ООО", "7707083893"), ("Гефест ООО", "7704567890"), ("Лютик ООО", "7701112223")];

#[derive(Clone, Debug)]
enum Event {
    /// The whole list again, with one document set to an amount (kopecks).
    Sales {
        number: usize,
        day: u32,
        buyer: usize,
        amount: i64,
    },
    /// The CRM with or without each buyer.
    Crm {
        known: [bool; 3],
    },
    Decide {
        buyer: usize,
    },
    Undo,
    Audit,
    Close,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => (0..6_usize, 1..60_u32, 0..3_usize, prop_oneof![1_00..2_000_000_i64, -900_000..-1_00_i64])
            .prop_map(|(number, day, buyer, amount)| Event::Sales { number, day, buyer, amount }),
        3 => any::<[bool; 3]>().prop_map(|known| Event::Crm { known }),
        1 => (0..3_usize).prop_map(|buyer| Event::Decide { buyer }),
        1 => Just(Event::Undo),
        3 => Just(Event::Audit),
        2 => Just(Event::Close),
    ]
}

/// One history.
struct World {
    t: TestApp,
    now: DateTime<Utc>,
    rows: std::collections::BTreeMap<usize, (u32, usize, i64)>,
    known: [bool; 3],
    decided: Vec<String>,
    before: Vec<LedgerEntry>,
}

impl World {
    async fn new() -> Self {
        let now = utc("2026-09-10T12:00:00Z");
        let t = TestApp::new("2026-09-10T12:00:00Z").await;
        Self {
            t,
            now,
            rows: std::collections::BTreeMap::new(),
            known: [false; 3],
            decided: Vec::new(),
            before: Vec::new(),
        }
    }

    /// Both feeds as they stand now: fresh, so that a run is held for its content only.
    async fn feed(&mut self) {
        let mut rows = vec!["01.08.2026;0000-000900;ВЕКТОР ООО;7701234560;Орлов Илья;500000,00".to_owned()];
        rows.push("31.12.2026;0000-000901;ВЕКТОР ООО;7701234560;Орлов Илья;500000,00".to_owned());
        for (number, (day, buyer, amount)) in &self.rows {
            let date = crate::app::day("2026-08-05") + TimeDelta::days(i64::from(*day));
            let (name, inn) = BUYERS[*buyer];
            let sign = if *amount < 0 { "-" } else { "" };
            let (whole, part) = (amount.abs() / 100, amount.abs() % 100);
            rows.push(format!(
                "{};0000-{number:06};{name};{inn};Орлов Илья;{sign}{whole},{part:02}",
                date.format("%d.%m.%Y")
            ));
        }
        self.t.drop_sales("Продажи.csv", &rows.iter().map(String::as_str).collect::<Vec<_>>());
        let mut crm: Vec<String> =
            (10..40).map(|i| format!("{i};ООО «Компания номер {i}»;;;01.02.2026 10:00:00")).collect();
        crm.push("1;ООО «Вектор»;7701234560;;12.01.2026 10:00:00".to_owned());
        for (at, (name, inn)) in BUYERS.iter().enumerate().filter(|(at, _)| self.known[*at]) {
            crm.push(format!("{};{name};{inn};;01.09.2026 10:00:00", 50 + at));
        }
        self.t.drop_crm(&crm.iter().map(String::as_str).collect::<Vec<_>>());
        self.t.ingest().await;
    }

    async fn step(&mut self, event: &Event) {
        self.now += TimeDelta::hours(31);
        self.t.app.clock.set(self.now);
        match event {
            Event::Sales { number, day, buyer, amount } => {
                self.rows.insert(*number, (*day, *buyer, *amount));
                self.feed().await;
            }
            Event::Crm { known } => {
                self.known = *known;
                self.feed().await;
            }
            Event::Decide { buyer } => self.decide(*buyer).await,
            Event::Undo => {
                if let Some(id) = self.decided.pop() {
                    let mut tx = self.t.app.db.begin().await.expect("a transaction");
                    tx.undo_decision(&id, "Громова", self.now, "ошиблась").await.expect("an undo");
                    tx.commit().await.expect("a commit");
                }
            }
            Event::Audit => self.run(Job::Audit).await,
            Event::Close => self.run(Job::Close).await,
        }
    }

    async fn decide(&mut self, buyer: usize) {
        let view = pipeline::view(&self.t.app, self.now).await.expect("a view");
        let Some(party) = view.loaded.facts.parties.iter().find(|p| p.name == BUYERS[buyer].0) else { return };
        let id = format!("d{}", self.now.timestamp());
        let decision = Decision {
            id: id.clone(),
            at: self.now,
            author: "Громова".into(),
            party: party.key.clone(),
            kind: DecisionKind::Exempt,
            note: "не клиент".into(),
        };
        let mut tx = self.t.app.db.begin().await.expect("a transaction");
        tx.add_decision(&decision).await.expect("a decision");
        tx.commit().await.expect("a commit");
        self.decided.push(id);
    }

    /// A run, released when it is held (the sums of these histories are as implausible as they come).
    async fn run(&mut self, job: Job) {
        self.feed().await;
        let request = Request::now(&self.t.app, job, self.now);
        let done = pipeline::reconcile::reconcile(&self.t.app, &request).await.unwrap_or_else(|e| panic!("{e}"));
        // Everything is closed already: no run, and nothing to be equal to the facts of this moment.
        if done.run.is_empty() {
            return;
        }
        if let Some(id) = done.hold {
            let word = Release { by: "Смирнов".into(), reason: "проверено".into(), at: self.now };
            pipeline::release::release(&self.t.app, &id, &word, false).await.unwrap_or_else(|e| panic!("{e}"));
        }
        let waiting = self.t.holds().await;
        assert!(
            waiting.iter().all(|h| !matches!(&h.subject, HoldSubject::Run { job: of, .. } if *of == job)),
            "{waiting:?}"
        );
        self.check().await;
    }

    async fn check(&mut self) {
        let entries = self.t.ledger().await;
        assert_eq!(entries[..self.before.len()], self.before[..], "what was posted stands");
        assert_eq!(ledger_chain::verify(&entries, &self.t.app.ledger_key, None), []);
        let mut tx = self.t.app.db.begin().await.expect("a transaction");
        let (posted, closed) = (tx.posted().await.expect("sums"), tx.closed_periods().await.expect("closes"));
        tx.commit().await.expect("a commit");
        let last = closed.keys().next_back();
        for entry in &entries[self.before.len()..] {
            // A close posts into the very period that it closes; nothing goes further back.
            assert!(
                last.is_none_or(|last| entry.entry.pay_period >= *last),
                "{:?} after {last:?}",
                entry.entry.pay_period
            );
            assert!(entry.entry.pay_period >= entry.entry.key.belongs_to);
            assert!(!entry.entry.amount.is_zero());
        }
        let view = pipeline::view(&self.t.app, self.now).await.expect("a view");
        assert_eq!(adjust::balance_check(&view.outcome.wanted, &posted), [], "the ledger is what the facts ask for");
        self.before = entries;
    }
}

#[test]
fn the_ledger_is_the_recomputation_from_the_facts_in_every_order_of_arrival() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut runner =
        TestRunner::new(Config { cases: 12, max_shrink_iters: 20, failure_persistence: None, ..Config::default() });
    let posted = std::cell::Cell::new(0);
    let outcome = runner.run(&prop::collection::vec(event(), 8..16), |events| {
        runtime.block_on(async {
            let mut world = World::new().await;
            for event in &events {
                world.step(event).await;
            }
            world.step(&Event::Audit).await;
            posted.set(posted.get() + world.before.len());
        });
        Ok(())
    });
    outcome.unwrap_or_else(|e| panic!("{e}"));
    assert!(posted.get() > 0, "histories without a single entry prove nothing");
}
