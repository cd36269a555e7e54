//! A buyer who is not in the CRM: alert, reduction, late entry, correction after the close, return.

use sverka::domain::{run::Job, verdict::DecisionKind};

use crate::app::{TestApp, utc};

const ROMASHKA: &str = "7707083893";
const VEKTOR: &str = "7701234560";

fn known_crm() -> &'static str {
    "1;ООО «Вектор»;7701234560;+7 495 123-45-67;12.01.2026 10:00:00"
}

#[tokio::test]
async fn a_missing_client_costs_half_the_bonus_and_entering_him_late_gives_most_of_it_back() {
    let mut t = TestApp::new("2026-11-09T07:00:00Z").await;
    let first = format!("09.11.2026;0000-000001;Ромашка ООО;{ROMASHKA};Орлов Илья;10000,00");
    let second = format!("09.11.2026;0000-000002;ВЕКТОР ООО;{VEKTOR};Орлов Илья;500000,00");
    t.drop_sales("Продажи.csv", &[&first, &second]);
    t.drop_crm(&[known_crm()]);
    t.ingest().await;

    // Before the deadline (three working days: Thursday the 12th) he is told, and nothing is posted.
    t.run(Job::Alerts).await;
    assert!(t.text_of("alert.").await.contains("Ромашка"), "{}", t.text_of("alert.").await);
    t.run(Job::Audit).await;
    assert_eq!(t.amounts().await, []);

    // A week later the absence is proven on newer CRM data.
    t.at("2026-11-16T14:00:00Z");
    t.drop_crm(&[known_crm()]);
    t.ingest().await;
    let done = t.run(Job::Audit).await;
    assert!(done.held.is_empty(), "{:?}", done.held);
    assert_eq!(t.amounts().await, [("2026-11".into(), "2026-11".into(), "reduction", -500_00)]);

    // Entered late: a tenth stays not accrued.
    t.at("2026-11-18T14:00:00Z");
    t.drop_sales("Продажи.csv", &[&first, &second]);
    t.drop_crm(&[known_crm(), "2;Ромашка;7707083893;;17.11.2026 09:00:00"]);
    t.ingest().await;
    let done = t.run(Job::Audit).await;
    assert!(done.held.is_empty(), "{:?}", done.held);
    assert_eq!(t.balance().await.kopecks(), -100_00);
    assert_eq!(t.ledger().await.len(), 2);
    t.assert_settled().await;
}

#[tokio::test]
async fn running_again_posts_nothing_and_mails_nothing() {
    let mut t = TestApp::new("2026-11-16T14:00:00Z").await;
    t.drop_sales("Продажи.csv", &[&format!("02.11.2026;0000-000001;Ромашка ООО;{ROMASHKA};Орлов Илья;10000,00"), &format!("02.11.2026;0000-000002;ВЕКТОР ООО;{VEKTOR};Орлов Илья;90000,00")]);
    t.drop_crm(&[known_crm()]);
    t.ingest().await;
    for job in [Job::Alerts, Job::Audit] {
        t.run(job).await;
    }
    let (ledger, mails) = (t.ledger().await, t.mail_keys().await);
    assert!(!ledger.is_empty() && !mails.is_empty());
    assert!(t.ingest().await.accepted.is_empty(), "the same files are not taken in twice");
    for job in [Job::Alerts, Job::Audit, Job::Audit] {
        t.run(job).await;
    }
    assert_eq!((t.ledger().await, t.mail_keys().await), (ledger, mails));
}

#[tokio::test]
async fn after_the_close_the_difference_goes_into_the_open_period() {
    let mut t = TestApp::new("2026-11-27T14:00:00Z").await;
    t.drop_sales("Ноябрь.csv", &[&format!("09.11.2026;0000-000001;Ромашка ООО;{ROMASHKA};Орлов Илья;10000,00"), &format!("10.11.2026;0000-000002;ВЕКТОР ООО;{VEKTOR};Орлов Илья;500000,00")]);
    t.drop_crm(&[known_crm()]);
    t.ingest().await;
    t.run(Job::Audit).await;
    t.at("2026-12-04T07:00:00Z");
    t.drop_sales("Декабрь.csv", &[&format!("03.12.2026;0000-000003;ВЕКТОР ООО;{VEKTOR};Орлов Илья;1000,00")]);
    t.drop_crm(&[known_crm()]);
    t.ingest().await;
    let closed = t.run(Job::Close).await;
    assert!(closed.held.is_empty(), "{:?}", closed.held);
    assert!(t.mail_keys().await.iter().any(|k| k.starts_with("statement.2026-11/1")), "{:?}", t.mail_keys().await);
    let before = t.ledger().await;
    let november = t.text_of("statement.2026-11/1").await;
    assert!(november.contains("500,00"), "{november}");

    t.at("2026-12-11T14:00:00Z");
    t.drop_crm(&[known_crm(), "2;Ромашка;7707083893;;08.12.2026 09:00:00"]);
    t.ingest().await;
    t.run(Job::Audit).await;
    let after = t.ledger().await;
    assert_eq!(after[..before.len()], before[..], "a closed period never changes");
    let correction = &after[before.len()].entry;
    assert_eq!((correction.kind.code(), correction.pay_period.to_string(), correction.amount.kopecks()), ("correction", "2026-12".into(), 400_00));
    assert_eq!(correction.corrects, [before[0].id.clone()]);
    assert!(t.run(Job::Close).await.entries.is_empty(), "November is closed already");
}

#[tokio::test]
async fn a_sale_that_comes_back_in_full_costs_nothing_whatever_the_order() {
    for swap in [false, true] {
        let mut t = TestApp::new("2026-11-20T14:00:00Z").await;
        let mut rows = vec![
            format!("02.11.2026;0000-000001;Ромашка ООО;{ROMASHKA};Орлов Илья;10000,33"),
            format!("05.11.2026;0000-000009;Ромашка ООО;{ROMASHKA};Орлов Илья;-10000,33"),
            format!("02.11.2026;0000-000002;ВЕКТОР ООО;{VEKTOR};Орлов Илья;90000,00"),
        ];
        if swap {
            rows.reverse();
        }
        t.drop_sales("Продажи.csv", &rows.iter().map(String::as_str).collect::<Vec<_>>());
        t.drop_crm(&[known_crm()]);
        t.ingest().await;
        t.run(Job::Audit).await;
        assert_eq!(t.balance().await.kopecks(), 0);
    }
}

#[tokio::test]
async fn a_persons_decision_outranks_the_score_and_can_be_undone() {
    let mut t = TestApp::new("2026-11-20T14:00:00Z").await;
    t.drop_sales("Продажи.csv", &["02.11.2026;0000-000001;Гефест-Промтехносфера ООО;;Орлов Илья;10000,00", &format!("02.11.2026;0000-000002;ВЕКТОР ООО;{VEKTOR};Орлов Илья;90000,00")]);
    t.drop_crm(&[known_crm(), "7;Совсем другое имя;;;01.02.2026 10:00:00"]);
    t.ingest().await;
    t.run(Job::Audit).await;
    assert_eq!(t.balance().await.kopecks(), -500_00);

    let view = sverka::pipeline::view(&t.app, t.app.clock.now()).await.expect("a view");
    let party = view.loaded.facts.parties.iter().find(|p| p.name.contains("Гефест")).expect("the party").key.clone();
    let record = view.loaded.facts.records.iter().find(|r| r.record.id.id == "7").expect("the record").record.id.clone();
    let decision = sverka::domain::verdict::Decision {
        id: "d1".into(),
        at: utc("2026-11-20T15:00:00Z"),
        author: "Громова".into(),
        party,
        kind: DecisionKind::Confirm(record),
        note: "сменили название".into(),
    };
    let mut tx = t.app.db.begin().await.expect("a transaction");
    tx.add_decision(&decision).await.expect("a decision");
    tx.commit().await.expect("a commit");
    t.at("2026-11-20T15:30:00Z");
    t.run(Job::Audit).await;
    assert_eq!(t.balance().await.kopecks(), 0, "confirmed: the card was there in time");

    let mut tx = t.app.db.begin().await.expect("a transaction");
    assert!(tx.undo_decision("d1", "Громова", utc("2026-11-20T16:00:00Z"), "ошиблась").await.expect("an undo"));
    tx.commit().await.expect("a commit");
    t.at("2026-11-20T16:30:00Z");
    t.run(Job::Audit).await;
    assert_eq!(t.balance().await.kopecks(), -500_00);
}
