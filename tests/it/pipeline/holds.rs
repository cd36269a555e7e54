//! Holds end when their cause does, cover what a person saw and nothing else, and never move a close to another month.

use sverka::{
    domain::run::{HoldSubject, Job, Release},
    pipeline::{self, reconcile::Request},
};

use crate::app::{PEOPLE, POLICY, TestApp};

const CRM: &str = "1;ООО «Вектор»;7701234560;+7 495 123-45-67;12.01.2026 10:00:00";
const GOOD: &str = "02.11.2026;0000-000002;ВЕКТОР ООО;7701234560;Орлов Илья;90000,00";
const MISSING: &str = "02.11.2026;0000-000001;Ромашка ООО;7707083893;Орлов Илья;10000,00";

fn word(t: &TestApp) -> Release {
    Release { by: "Смирнов".into(), reason: "проверено".into(), at: t.app.clock.now() }
}

async fn hold_of(t: &TestApp, job: Job) -> sverka::domain::run::Hold {
    let holds = t.holds().await;
    holds
        .into_iter()
        .find(|h| matches!(&h.subject, HoldSubject::Run { job: of, .. } if *of == job))
        .expect("a held run")
}

async fn closed(t: &TestApp) -> Vec<String> {
    let mut tx = t.app.db.begin().await.expect("a transaction");
    let closed = tx.closed_periods().await.expect("closed periods");
    tx.commit().await.expect("a commit");
    closed.keys().map(ToString::to_string).collect()
}

#[tokio::test]
async fn a_close_that_was_held_into_the_next_month_closes_its_own_month_only() {
    let mut t = TestApp::new("2026-09-20T14:00:00Z").await;
    let september = GOOD.replace("02.11", "02.09");
    t.drop_sales("Продажи.csv", &[&september]);
    t.drop_crm(&[CRM]);
    t.ingest().await;
    t.at("2026-10-06T07:00:00Z");
    assert!(t.run(Job::Close).await.hold.is_some(), "the data are two weeks old");
    // Tried again in November: first still without fresh sales, then with everything.
    t.at("2026-11-02T07:00:00Z");
    t.drop_crm(&[CRM]);
    t.ingest().await;
    assert_eq!(pipeline::held::retry_held(&t.app).await.expect("a retry"), 0);
    t.at("2026-11-02T08:00:00Z");
    t.drop_sales("Октябрь.csv", &["30.10.2026;0000-000009;ВЕКТОР ООО;7701234560;Орлов Илья;1,00"]);
    t.ingest().await;
    assert_eq!(pipeline::held::retry_held(&t.app).await.expect("a retry"), 1);
    assert_eq!(closed(&t).await, ["2026-09"], "October is not due before the 6th of November");
    assert!(t.holds().await.is_empty());
}

#[tokio::test]
async fn putting_the_file_away_that_a_run_waited_for_does_the_run() {
    let mut t = TestApp::new("2026-11-20T14:00:00Z").await;
    t.drop_crm(&[CRM]);
    t.drop_sales("Продажи.csv", &[GOOD, MISSING]);
    t.drop_sales_with_total("Лишний.csv", &["03.11.2026;0000-000007;ВЕКТОР ООО;7701234560;Орлов Илья;5,00"], 1);
    t.ingest().await;
    assert!(t.run(Job::Audit).await.hold.is_some());
    let file = t.holds().await.into_iter().find(|h| matches!(h.subject, HoldSubject::File { .. })).expect("a file");
    pipeline::release::release(&t.app, &file.id, &word(&t), true).await.expect("put away");
    assert_eq!(t.balance().await.kopecks(), -500_00);
    assert!(t.holds().await.is_empty(), "{:?}", t.holds().await);
    assert_eq!(t.mail_keys().await.iter().filter(|k| k.starts_with("audit.")).count(), 1);
}

#[tokio::test]
async fn a_release_covers_the_reasons_that_were_seen_and_one_day() {
    let mut t = TestApp::new("2026-11-20T14:00:00Z").await;
    t.drop_sales("Продажи.csv", &[GOOD, MISSING]);
    t.drop_crm(&[CRM]);
    t.ingest().await;
    t.at("2026-11-26T14:00:00Z");
    t.run(Job::Audit).await;
    let hold = hold_of(&t, Job::Audit).await;
    assert_eq!(hold.reasons.iter().map(|r| r.code.as_str()).collect::<Vec<_>>(), ["crm_stale"]);
    pipeline::release::release(&t.app, &hold.id, &word(&t), false).await.expect("a release");
    assert_eq!(t.balance().await.kopecks(), -500_00);
    assert!(t.run(Job::Audit).await.hold.is_none(), "the same inputs on the same day");
    t.at("2026-11-27T15:00:00Z");
    assert!(t.run(Job::Audit).await.hold.is_some(), "a day older");
    t.at("2026-11-29T15:00:00Z");
    let held = t.run(Job::Audit).await;
    assert!(held.held.iter().any(|f| f.code == "accounting_stale"), "nobody has seen this: {:?}", held.held);
}

#[tokio::test]
async fn a_release_of_inputs_that_changed_meanwhile_stays_a_hold() {
    let mut t = TestApp::new("2026-11-20T14:00:00Z").await;
    t.drop_sales("Продажи.csv", &[GOOD, MISSING]);
    t.drop_crm(&[CRM]);
    t.ingest().await;
    t.at("2026-11-26T14:00:00Z");
    let id = t.run(Job::Audit).await.hold.expect("a hold");
    t.drop_sales("Ещё.csv", &["03.11.2026;0000-000003;Лютик ООО;7704567890;Орлов Илья;70000,00"]);
    t.ingest().await;
    pipeline::release::release(&t.app, &id, &word(&t), false).await.expect("an answer");
    assert!(t.ledger().await.is_empty(), "nobody has looked at the new file");
    assert_eq!(t.holds().await.len(), 1);
}

#[tokio::test]
async fn a_second_audit_of_the_day_leaves_its_entries_for_the_next_mail() {
    let mut t = TestApp::new("2026-11-20T14:00:00Z").await;
    t.drop_crm(&[CRM]);
    t.drop_sales("Продажи.csv", &[GOOD]);
    t.ingest().await;
    t.run(Job::Audit).await;
    t.at("2026-11-20T14:30:00Z");
    t.drop_sales("Продажи.csv", &[GOOD, MISSING]);
    t.ingest().await;
    assert_eq!(t.run(Job::Audit).await.entries.len(), 1);
    t.at("2026-11-21T14:00:00Z");
    t.run(Job::Audit).await;
    let text = t.text_of("audit.2026-W47.6").await;
    assert!(text.contains("Ромашка"), "{text}");
    assert!(text.contains("500,00"), "the entry of the unmailed audit is told: {text}");
}

#[tokio::test]
async fn held_runs_in_between_do_not_make_the_audit_tell_old_entries_again() {
    let mut t = TestApp::new("2026-11-20T14:00:00Z").await;
    t.drop_crm(&[CRM]);
    t.drop_sales("Продажи.csv", &[GOOD, MISSING]);
    t.ingest().await;
    t.run(Job::Audit).await;
    t.at("2026-11-25T14:00:00Z");
    for _ in 0..70 {
        assert!(t.run(Job::Audit).await.hold.is_some());
    }
    t.drop_crm(&[CRM]);
    t.ingest().await;
    t.run(Job::Audit).await;
    let mut tx = t.app.db.begin().await.expect("a transaction");
    let last = tx.last_runs(Some(Job::Audit), 1).await.expect("runs").remove(0);
    tx.commit().await.expect("a commit");
    assert_eq!(last.outcome.code(), "done");
    assert!(!t.text_of("audit.2026-W48").await.contains("-500,00 ₽ за"), "told once");
}

#[tokio::test]
async fn a_crm_that_never_delivered_holds_the_run() {
    let more = "[[crm]]\nname = \"second\"\nkind = \"table\"\nfolder = \"inbox/second\"\n";
    let mut t = TestApp::with("2026-11-20T14:00:00Z", more, POLICY, PEOPLE).await;
    t.drop_crm(&[CRM]);
    t.drop_sales("Продажи.csv", &[GOOD, MISSING]);
    t.ingest().await;
    let held = t.run(Job::Audit).await;
    assert_eq!(held.held.iter().map(|f| f.code.as_str()).collect::<Vec<_>>(), ["crm_source_silent"]);
    assert!(t.ledger().await.is_empty());
}

#[tokio::test]
async fn an_audit_that_catches_up_does_not_unsee_what_the_close_has_seen() {
    let mut t = TestApp::new("2026-12-01T14:00:00Z").await;
    t.drop_sales(
        "Продажи.csv",
        &[
            "30.11.2026;0000-000002;ВЕКТОР ООО;7701234560;Орлов Илья;90000,00",
            "25.11.2026;0000-000001;Ромашка ООО;7707083893;Орлов Илья;10000,00",
        ],
    );
    t.drop_crm(&[CRM]);
    t.ingest().await;
    t.at("2026-12-05T06:00:00Z");
    t.drop_crm(&[CRM, "2;Ромашка;7707083893;;02.12.2026 09:00:00"]);
    t.ingest().await;
    t.at("2026-12-06T07:00:00Z");
    assert!(t.run(Job::Close).await.held.is_empty());
    let after_close = t.ledger().await;
    // The audit of Friday the 4th was missed and comes now, as of that day.
    let mut request = Request::now(&t.app, Job::Audit, crate::app::utc("2026-12-04T14:00:00Z"));
    request.due = Some(pipeline::reconcile::Due { due_at: request.as_of, claim: None, late: true });
    let done = pipeline::reconcile::reconcile(&t.app, &request).await.expect("a run");
    assert!(done.held.is_empty(), "{:?}", done.held);
    assert_eq!(t.ledger().await, after_close, "nothing to post: the card that the close has seen is still there");
}

#[tokio::test]
async fn the_first_close_is_not_a_statement_for_every_month_since_the_regulation() {
    let mut t = TestApp::with("2026-12-06T07:00:00Z", "", &POLICY.replace("2026-01-01", "2020-01-01"), PEOPLE).await;
    t.drop_sales("Продажи.csv", &[GOOD, MISSING, "05.10.2026;0000-000009;ВЕКТОР ООО;7701234560;Орлов Илья;1,00"]);
    t.drop_crm(&[CRM]);
    t.ingest().await;
    t.run(Job::Close).await;
    assert_eq!(closed(&t).await, ["2026-10", "2026-11"]);
    // Nothing was adjusted in October: a statement of nothing is owed for the newest month only.
    let statements: Vec<_> = t.mail_keys().await.into_iter().filter(|k| k.starts_with("statement")).collect();
    assert_eq!(statements, ["statement.2026-11/1.0002"]);
}
