//! The company's November, lived through once for all tests: files dropped, runs made, mails frozen. Deliberately absent:
//! what the tests think of it.

use std::sync::OnceLock;

use sverka::{
    deliver::reader,
    domain::{
        org::EmployeeId,
        report::company::{ModelCard, ModelDeal, model_card, model_deal},
        rule_facts::Training,
        run::Job,
    },
    pipeline::monthly,
};

use super::world;
use crate::app::{TestApp, utc};

/// A mail as it was frozen.
pub struct Mail {
    /// Key.
    pub key: String,
    /// Text part, no-break spaces as points.
    pub text: String,
    /// Attachments.
    pub files: Vec<(String, Vec<u8>)>,
}

/// What the month left.
pub struct Story {
    /// Mails, oldest first.
    pub mails: Vec<Mail>,
    /// Ledger: rule, employee, kopecks, kind.
    pub ledger: Vec<(String, String, i64, &'static str)>,
    /// The models.
    pub card: Option<ModelCard>,
    /// Likewise.
    pub deal: Option<ModelDeal>,
    /// The regulation's text.
    pub policy: sverka::domain::policy::Policy,
}

impl Story {
    /// The newest mail whose key begins so.
    pub fn mail(&self, key: &str) -> &Mail {
        let found = self.mails.iter().rev().find(|mail| mail.key.starts_with(key));
        found.unwrap_or_else(|| panic!("no {key} among {:?}", self.mails.iter().map(|m| &m.key).collect::<Vec<_>>()))
    }

    /// Entries of a rule: employee and kopecks.
    pub fn entries(&self, rule: &str) -> Vec<(&str, i64)> {
        let of_rule = self.ledger.iter().filter(|(of, ..)| of == rule);
        of_rule.map(|(_, employee, kopecks, _)| (employee.as_str(), *kopecks)).collect()
    }
}

/// The story, told once.
pub fn story() -> &'static Story {
    static STORY: OnceLock<Story> = OnceLock::new();
    STORY.get_or_init(|| tell(""))
}

/// The same with everybody reading English.
pub fn in_english() -> &'static Story {
    static STORY: OnceLock<Story> = OnceLock::new();
    STORY.get_or_init(|| tell("language = \"en\"\n"))
}

fn tell(language: &'static str) -> Story {
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        runtime.expect("a runtime").block_on(live(language))
    })
    .join()
    .expect("the month")
}

async fn exports(t: &mut TestApp, at: &str, day: u32) {
    t.at(at);
    t.drop_file("inbox/crm", "Компании.csv", world::companies(day).as_bytes());
    t.drop_file("inbox/crm", "Дела.csv", world::ACTIVITIES.as_bytes());
    let rows = world::sales();
    t.drop_sales("Продажи.csv", &rows.iter().map(String::as_str).collect::<Vec<_>>());
    let taken = t.ingest().await;
    assert!(taken.quarantined.is_empty(), "{:?}", taken.quarantined);
}

async fn done(t: &mut TestApp, job: Job) {
    let done = t.run(job).await;
    assert!(done.held.is_empty(), "{job:?}: {:?}", done.held);
}

async fn live(language: &str) -> Story {
    let mut t = TestApp::with("2026-11-05T05:00:00Z", world::SETTINGS, world::POLICY, &world::people(language)).await;
    std::fs::create_dir_all(t.dir.path().join("inbox/calls")).expect("a folder");
    t.drop_file("inbox/calls", "Звонки.csv", world::CALLS.as_bytes());
    exports(&mut t, "2026-11-05T05:00:00Z", 4).await;
    done(&mut t, Job::Alerts).await;
    let training = Training {
        id: "t1".to_owned(),
        topic: "phone".to_owned(),
        employee: EmployeeId("0102".to_owned()),
        on: "2026-11-10".parse().expect("a day"),
    };
    exports(&mut t, "2026-11-09T12:00:00Z", 9).await;
    done(&mut t, Job::Alerts).await;
    let mut tx = t.app.db.begin().await.expect("a transaction");
    assert!(tx.add_training(&training, "Громова Елена", utc("2026-11-10T12:00:00Z")).await.expect("recorded"));
    tx.commit().await.expect("a commit");
    exports(&mut t, "2026-11-13T13:30:00Z", 13).await;
    t.at("2026-11-13T14:00:00Z");
    done(&mut t, Job::Audit).await;
    exports(&mut t, "2026-12-01T05:30:00Z", 31).await;
    t.at("2026-12-01T06:00:00Z");
    done(&mut t, Job::Monthly).await;
    exports(&mut t, "2026-12-06T06:30:00Z", 31).await;
    t.at("2026-12-06T07:00:00Z");
    done(&mut t, Job::Close).await;
    let (view, ctx) = monthly::view(&t.app, t.app.clock.now()).await.expect("a view");
    let november = "2026-11".parse().expect("a period");
    let (facts, outcome) = (&view.loaded.facts, &view.outcome);
    let (card, deal) = (model_card(facts, outcome, november, &ctx), model_deal(facts, outcome, november, &ctx));
    let mails = t.mails().await;
    let read = |mail: &sverka::domain::mail::OutboxMail| {
        let parts = reader::read(&mail.mail.bytes);
        Mail { key: mail.mail.key.clone(), text: parts.text.replace('\u{a0}', "·"), files: parts.attachments }
    };
    let ledger = t.ledger().await;
    Story {
        mails: mails.iter().map(read).collect(),
        ledger: ledger
            .iter()
            .map(|e| {
                let entry = &e.entry;
                (entry.key.rule.clone(), entry.key.employee.0.clone(), entry.amount.kopecks(), entry.kind.code())
            })
            .collect(),
        card,
        deal,
        policy: t.app.config.policy.clone(),
    }
}

/// The part of a text from a heading to the next one in capitals.
pub fn section<'a>(text: &'a str, heading: &str) -> &'a str {
    let from = text.find(heading).unwrap_or_else(|| panic!("no {heading} in {text}"));
    let rest = &text[from..];
    let heading_line = |line: &str| {
        let letters = line.chars().filter(|c| c.is_alphabetic());
        line.chars().filter(|c| c.is_uppercase()).count() > 5 && letters.filter(|c| c.is_lowercase()).count() == 0
    };
    let end = rest.lines().skip(1).find(|line| heading_line(line)).and_then(|line| rest.find(&format!("\n{line}\n")));
    rest[..end.unwrap_or(rest.len())].trim_end()
}
