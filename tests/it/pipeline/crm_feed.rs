//! CRM feeds that must not be believed: empty, shrunk, stale, half of them unknown.

use sverka::domain::run::Job;

use crate::app::TestApp;

const SALE: &str = "02.11.2026;0000-000001;Ромашка ООО;7707083893;Орлов Илья;10000,00";

fn companies(count: usize) -> Vec<String> {
    (0..count).map(|i| format!("{i};ООО «Компания номер {i}»;;;01.02.2026 10:00:00")).collect()
}

async fn with_crm(count: usize) -> TestApp {
    let mut t = TestApp::new("2026-11-20T13:00:00Z").await;
    t.drop_sales("Продажи.csv", &[SALE]);
    let rows = companies(count);
    t.drop_crm(&rows.iter().map(String::as_str).collect::<Vec<_>>());
    t.ingest().await;
    t
}

#[tokio::test]
async fn an_empty_export_is_not_everyone_missed_everything() {
    let mut t = with_crm(0).await;
    assert!(t.run(Job::Alerts).await.hold.is_some());
    assert!(t.run(Job::Audit).await.hold.is_some());
    assert!(t.ledger().await.is_empty());
    assert!(
        !t.mail_keys().await.iter().any(|k| k.starts_with("alert")),
        "no alert goes out: {:?}",
        t.mail_keys().await
    );
}

#[tokio::test]
async fn an_export_that_lost_a_third_of_its_records_waits_for_a_person() {
    let mut t = with_crm(100).await;
    t.at("2026-11-20T14:00:00Z");
    let rows = companies(66);
    t.drop_crm(&rows.iter().map(String::as_str).collect::<Vec<_>>());
    let intake = t.ingest().await;
    assert!(intake.quarantined.iter().any(|f| f.findings.iter().any(|x| x.code == "crm_shrunk")), "{intake:?}");
    assert!(t.run(Job::Audit).await.hold.is_some());
    assert!(t.ledger().await.is_empty());
}

#[tokio::test]
async fn stale_data_move_no_money() {
    let mut t = with_crm(10).await;
    t.at("2026-12-04T14:00:00Z");
    let held = t.run(Job::Audit).await;
    assert!(held.hold.is_some(), "two weeks old");
    assert!(t.text_of("held.").await.contains("CRM"));
}

#[tokio::test]
async fn the_same_hold_is_told_once_and_a_release_covers_its_inputs_only() {
    let mut t = with_crm(10).await;
    t.at("2026-12-04T14:00:00Z");
    let first = t.run(Job::Audit).await.hold.expect("a hold");
    let mails = t.mail_keys().await.len();
    assert_eq!(t.run(Job::Audit).await.hold.as_deref(), Some(first.as_str()));
    assert_eq!(t.mail_keys().await.len(), mails, "told once");

    let by =
        sverka::domain::run::Release {
            by: "Смирнов".into(), reason: "CRM не менялась".into(), at: t.app.clock.now()
        };
    sverka::pipeline::release::release(&t.app, &first, &by, false).await.expect("a release");
    assert_eq!(t.balance().await.kopecks(), -200_00, "half of 1 000, but no more than a fifth of the period's bonus");
    assert!(t.mail_keys().await.iter().any(|k| k.starts_with("audit.")), "{:?}", t.mail_keys().await);

    t.at("2026-12-11T14:00:00Z");
    t.drop_sales("Новые.csv", &["01.12.2026;0000-000002;Ромашка ООО;7707083893;Орлов Илья;1,00"]);
    t.ingest().await;
    assert!(t.run(Job::Audit).await.hold.is_some(), "other inputs are not covered");
}

#[tokio::test]
async fn a_seller_nobody_knows_holds_the_run_above_the_level() {
    let mut t = TestApp::new("2026-11-20T14:00:00Z").await;
    t.drop_sales("Продажи.csv", &[SALE, "02.11.2026;0000-000002;Вектор ООО;7701234560;Некто Неизвестный;90000,00"]);
    let rows = companies(10);
    t.drop_crm(&rows.iter().map(String::as_str).collect::<Vec<_>>());
    t.ingest().await;
    let held = t.run(Job::Audit).await;
    assert!(
        held.held.iter().any(|f| f.message.ru.contains("Некто Неизвестный") || f.code.contains("unknown")),
        "{:?}",
        held.held
    );
}

#[tokio::test]
async fn nothing_is_judged_on_data_that_came_later_than_the_asked_instant() {
    use sverka::domain::verdict::Status;
    // The last day is Friday the 6th; the only export known on Saturday left the CRM on Thursday.
    let mut t = TestApp::new("2026-11-05T12:00:00Z").await;
    t.drop_sales("Продажи.csv", &[SALE]);
    let rows = companies(10);
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    t.drop_crm(&rows);
    t.ingest().await;
    t.at("2026-11-09T12:00:00Z");
    t.drop_crm(&rows.iter().chain(&["99;Новая;;;08.11.2026 10:00:00"]).copied().collect::<Vec<_>>());
    t.ingest().await;
    let saturday = crate::app::utc("2026-11-07T12:00:00Z");
    let view = sverka::pipeline::view(&t.app, saturday).await.expect("a view");
    assert_eq!(view.outcome.sales[0].status, Status::NotJudgeable, "Thursday's export says nothing about Friday");
    assert!(view.outcome.wanted.is_empty(), "{:?}", view.outcome.wanted);
    let monday = sverka::pipeline::view(&t.app, t.app.clock.now()).await.expect("a view");
    assert_eq!(monday.outcome.sales[0].status, Status::Missing);
}

#[tokio::test]
async fn the_same_export_again_makes_the_data_fresh() {
    let mut t = with_crm(10).await;
    t.at("2026-12-01T14:00:00Z");
    let rows = companies(10);
    t.drop_sales("Продажи.csv", &[SALE]);
    t.drop_crm(&rows.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(t.ingest().await.accepted.is_empty(), "nothing new");
    let mut tx = t.app.db.begin().await.expect("a transaction");
    let files = tx.files(None, 10).await.expect("files");
    tx.commit().await.expect("a commit");
    assert!(files.iter().all(|f| f.as_of == t.app.clock.now()), "{files:?}");
    assert!(t.run(Job::Audit).await.held.is_empty(), "eleven days later, but not stale");
}
