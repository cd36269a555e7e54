//! What a signature does: the audit names who has not signed, the register is part of the inputs.

use sverka::domain::run::Job;

use crate::app::{PEOPLE, POLICY, TestApp};

/// The easy policy, whose reduction waits for a signature.
fn asks() -> String {
    POLICY.replace("late = \"10 %\"", "late = \"10 %\"\nrequires_acknowledgement = true")
}

async fn company() -> TestApp {
    let mut t = TestApp::with("2026-11-16T14:00:00Z", "", &asks(), PEOPLE).await;
    t.drop_sales("Продажи.csv", &["02.11.2026;0000-000001;Ромашка ООО;7707083893;Орлов Илья;10000,00"]);
    t.drop_crm(&["1;ООО «Вектор»;7701234560;+7 495 123-45-67;12.01.2026 10:00:00"]);
    t.ingest().await;
    t
}

async fn sign(t: &TestApp, id: &str, day: &str) {
    let on = day.parse().expect("a day");
    let plan = sverka::pipeline::acknowledge::record(&t.app, id, "T-1", on, "Громова").await;
    assert_eq!(plan.unwrap_or_else(|e| panic!("{e}")).record.len(), 1);
}

async fn input_hash(t: &TestApp) -> String {
    let view = sverka::pipeline::view(&t.app, t.app.clock.now()).await.unwrap_or_else(|e| panic!("{e}"));
    view.loaded.input_hash
}

/// The text without its line breaks.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn the_audit_names_who_has_not_signed_and_only_where_a_rule_asks() {
    let mut t = company().await;
    t.run(Job::Audit).await;
    let audit = flat(&t.text_of("audit.").await);
    assert!(audit.contains("НЕ ОЗНАКОМЛЕНЫ С ПОЛОЖЕНИЕМ: 2"), "{audit}");
    assert!(audit.contains("Соколова Анна (таб. № 0102), редакция T-1"), "{audit}");

    let before = input_hash(&t).await;
    sign(&t, "0102", "2026-01-10").await;
    assert_ne!(input_hash(&t).await, before, "a signature is an input");
    t.at("2026-11-17T14:00:00Z");
    t.run(Job::Audit).await;
    let audit = flat(&t.text_of("audit.").await);
    assert!(audit.contains("НЕ ОЗНАКОМЛЕНЫ С ПОЛОЖЕНИЕМ: 1"), "{audit}");
    assert!(audit.contains("Орлов Илья (таб. № 0101)") && !audit.contains("Соколова Анна (таб."), "{audit}");

    let mut quiet = TestApp::new("2026-11-16T14:00:00Z").await;
    quiet.drop_sales("Продажи.csv", &["02.11.2026;0000-000001;Ромашка ООО;7707083893;Орлов Илья;10000,00"]);
    quiet.drop_crm(&["1;ООО «Вектор»;7701234560;+7 495 123-45-67;12.01.2026 10:00:00"]);
    quiet.ingest().await;
    quiet.run(Job::Audit).await;
    assert!(!quiet.text_of("audit.").await.contains("НЕ ОЗНАКОМЛЕНЫ"));
}

#[tokio::test]
async fn money_moves_from_the_day_of_the_signature_and_back_when_it_is_taken_back() {
    let mut t = company().await;
    t.run(Job::Audit).await;
    assert_eq!(t.ledger().await.len(), 0, "shown, not posted");

    // Signed the day after the sale: the sale is not concerned.
    t.at("2026-11-16T15:00:00Z");
    sign(&t, "0101", "2026-11-03").await;
    t.run(Job::Audit).await;
    assert_eq!(t.ledger().await.len(), 0, "signed too late for this sale");
    undo(&t).await;

    // Signed on its very day.
    t.at("2026-11-16T16:00:00Z");
    sign(&t, "0101", "2026-11-02").await;
    t.run(Job::Audit).await;
    // 500 of a bonus of 1 000, of which the cap of 20 % gives 300 back.
    assert_eq!(kopecks(&t).await, [-50_000, 30_000]);
    t.run(Job::Audit).await;
    assert_eq!(t.ledger().await.len(), 2, "once");

    // Taken back: the same sum comes back, and the history keeps both.
    t.at("2026-11-16T17:00:00Z");
    undo(&t).await;
    t.run(Job::Audit).await;
    assert_eq!(kopecks(&t).await, [-50_000, -30_000, 30_000, 50_000]);
}

/// Amounts of the ledger, ascending.
async fn kopecks(t: &TestApp) -> Vec<i64> {
    let mut all: Vec<i64> = t.ledger().await.iter().map(|e| e.entry.amount.kopecks()).collect();
    all.sort_unstable();
    all
}

/// Takes the only standing acknowledgement back.
async fn undo(t: &TestApp) {
    let mut tx = t.app.db.begin().await.expect("a transaction");
    let history = tx.acknowledgement_history().await.expect("records");
    let standing = history.iter().find(|r| r.undone.is_none()).expect("one that stands");
    assert!(tx.undo_acknowledgement(&standing.id, "Громова", t.app.clock.now(), "не та дата").await.expect("undone"));
    tx.commit().await.expect("a commit");
}
