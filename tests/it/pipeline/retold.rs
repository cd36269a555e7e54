//! Files that come late, again, out of order or under a name that was used before.

use std::fs;

use sverka::domain::run::Job;

use crate::app::TestApp;

const CRM: &str = "1;ООО «Вектор»;7701234560;+7 495 123-45-67;12.01.2026 10:00:00";
const GOOD: &str = "02.11.2026;0000-000002;ВЕКТОР ООО;7701234560;Орлов Илья;90000,00";

fn missing(amount: &str) -> String {
    format!("02.11.2026;0000-000001;Ромашка ООО;7707083893;Орлов Илья;{amount}")
}

async fn started() -> TestApp {
    let mut t = TestApp::new("2026-11-20T14:00:00Z").await;
    t.drop_crm(&[CRM]);
    t.drop_sales("Продажи.csv", &[GOOD, &missing("10000,00")]);
    t.ingest().await;
    t
}

#[tokio::test]
async fn the_same_content_exported_again_takes_a_correction_back() {
    let mut t = started().await;
    t.at("2026-11-20T15:00:00Z");
    t.drop_sales("Продажи.csv", &[GOOD, &missing("6000,00")]);
    t.ingest().await;
    t.run(Job::Audit).await;
    assert_eq!(t.balance().await.kopecks(), -300_00);
    t.at("2026-11-20T16:00:00Z");
    t.drop_sales("Продажи.csv", &[GOOD, &missing("10000,00")]);
    t.ingest().await;
    t.run(Job::Audit).await;
    assert_eq!(t.balance().await.kopecks(), -500_00);
    assert!(t.ingest().await.accepted.is_empty(), "told once");
}

#[tokio::test]
async fn an_export_older_than_one_that_confirmed_the_document_does_not_correct_it() {
    let mut t = started().await;
    t.at("2026-11-20T16:00:00Z");
    t.drop_sales(
        "Весь.csv",
        &["01.11.2026;0000-000009;ВЕКТОР ООО;7701234560;Орлов Илья;1,00", GOOD, &missing("10000,00")],
    );
    t.ingest().await;
    // Written at 15:00, found at 17:00.
    t.at("2026-11-20T15:00:00Z");
    t.drop_sales("Старый.csv", &[GOOD, &missing("6000,00")]);
    t.at("2026-11-20T17:00:00Z");
    let intake = t.ingest().await;
    assert_eq!(intake.quarantined.len(), 1, "{intake:?}");
    assert!(intake.quarantined[0].findings.iter().any(|f| f.code == "conflicting_document"));
}

#[tokio::test]
async fn a_good_file_of_another_month_does_not_answer_a_bad_one_of_the_same_name() {
    let mut t = TestApp::new("2026-11-20T14:00:00Z").await;
    t.drop_crm(&[CRM]);
    t.drop_sales_with_total("Продажи.csv", &["05.10.2026;0000-000001;Ромашка ООО;7707083893;Орлов Илья;10,00"], 1);
    assert_eq!(t.ingest().await.quarantined.len(), 1);
    t.at("2026-11-20T15:00:00Z");
    t.drop_sales("Продажи.csv", &[GOOD]);
    assert_eq!(t.ingest().await.accepted.len(), 1);
    assert_eq!(t.holds().await.len(), 1, "October still waits");
}

#[tokio::test]
async fn a_return_keeps_what_it_gave_back_when_its_sale_has_grown_old() {
    let mut t = TestApp::new("2026-03-02T14:00:00Z").await;
    t.drop_crm(&[CRM]);
    t.drop_sales(
        "Январь.csv",
        &[
            "15.01.2026;0000-000001;Ромашка ООО;7707083893;Орлов Илья;10000,00",
            "15.01.2026;0000-000002;ВЕКТОР ООО;7701234560;Орлов Илья;90000,00",
        ],
    );
    t.drop_sales(
        "Март.csv",
        &[
            "02.03.2026;0000-000003;Ромашка ООО;7707083893;Орлов Илья;-10000,00",
            "02.03.2026;0000-000004;ВЕКТОР ООО;7701234560;Орлов Илья;90000,00",
        ],
    );
    t.ingest().await;
    t.run(Job::Audit).await;
    assert_eq!(t.balance().await.kopecks(), 0);
    let before = t.ledger().await;
    assert_eq!(before.len(), 2);
    t.at("2027-03-10T14:00:00Z");
    let view = sverka::pipeline::view(&t.app, t.app.clock.now()).await.expect("a view");
    assert_eq!(view.loaded.scope_from.to_string(), "2026-02");
    let back: i64 = view
        .outcome
        .wanted
        .iter()
        .filter(|w| w.key.belongs_to.to_string() == "2026-03")
        .map(|w| w.amount.kopecks())
        .sum();
    assert_eq!(back, 500_00, "the reversal is wanted as long as it is in scope");
}

#[tokio::test]
async fn an_unreadable_crm_file_is_answered_by_a_newer_good_one_of_another_name() {
    let mut t = started().await;
    t.at("2026-11-20T15:00:00Z");
    t.drop_file("inbox/crm", "Компании-20.csv", "ID;Название компании\r\n".as_bytes());
    t.ingest().await;
    assert_eq!(t.holds().await.len(), 1);
    assert!(t.run(Job::Audit).await.hold.is_some());
    t.at("2026-11-20T16:00:00Z");
    t.drop_file("inbox/crm", "Компании-21.csv", format!("ID;Название компании;Реквизит: ИНН;Рабочий телефон;Дата создания\r\n{CRM}\r\n9;Ещё одна;;;01.02.2026 10:00:00\r\n").as_bytes());
    let intake = t.ingest().await;
    assert_eq!(intake.accepted.len(), 1, "{intake:?}");
    assert!(t.run(Job::Audit).await.hold.is_none());
    assert!(t.holds().await.is_empty(), "{:?}", t.holds().await);
}

#[tokio::test]
async fn a_broken_list_of_contacts_is_not_contacts_that_were_deleted() {
    let mut t = TestApp::new("2026-11-20T14:00:00Z").await;
    t.drop_sales("Продажи.csv", &[GOOD, &missing("10000,00")]);
    let rows: Vec<String> = (0..40).map(|i| format!("{i};ООО «Компания номер {i}»;;;01.02.2026 10:00:00")).collect();
    let mut rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    rows.push("99;ООО «Вектор»;7701234560;+7 495 123-45-67;12.01.2026 10:00:00");
    t.drop_crm(&rows);
    t.drop_file(
        "inbox/crm",
        "Контакты.csv",
        "ID;Имя;Фамилия;Рабочий телефон;Дата создания\r\n7;Ромашка;;;12.01.2026 10:00:00\r\n".as_bytes(),
    );
    t.ingest().await;
    let records = |t: &TestApp| {
        let (db, now) = (t.app.db.clone(), t.app.clock.now());
        async move {
            let mut tx = db.begin().await.expect("a transaction");
            let records = tx.records_as_of(now).await.expect("records");
            tx.commit().await.expect("a commit");
            records.iter().filter(|r| !r.gone).count()
        }
    };
    assert_eq!(records(&t).await, 42);
    t.at("2026-11-20T16:00:00Z");
    t.drop_file("inbox/crm", "Контакты.csv", b"\x00\x01\x02 nothing");
    t.ingest().await;
    rows.push("100;Ещё одна;;;01.02.2026 10:00:00");
    t.at("2026-11-20T17:00:00Z");
    t.drop_crm(&rows);
    t.ingest().await;
    assert_eq!(records(&t).await, 43, "the contact of the last good list is still there");
}

#[tokio::test]
async fn exports_with_a_date_in_the_name_are_read_once() {
    let mut t = started().await;
    for hour in [15, 16, 17] {
        t.at(&format!("2026-11-20T{hour}:00:00Z"));
        let rows = format!(
            "ID;Название компании;Реквизит: ИНН;Рабочий телефон;Дата создания\r\n{CRM}\r\n{hour};Компания {hour};;;01.02.2026 10:00:00\r\n"
        );
        t.drop_file("inbox/crm", &format!("Компании-{hour}.csv"), rows.as_bytes());
    }
    assert!(!t.ingest().await.accepted.is_empty());
    let mut tx = t.app.db.begin().await.expect("a transaction");
    let files = tx.files(Some("crm"), 100).await.expect("files");
    tx.commit().await.expect("a commit");
    assert_eq!(files.len(), 4, "each is recorded: {files:?}");
    assert!(t.ingest().await.accepted.is_empty());
}

#[tokio::test]
async fn a_file_that_cannot_be_kept_is_taken_at_the_next_look_and_nothing_is_lost() {
    let mut t = TestApp::new("2026-11-20T14:00:00Z").await;
    let archive = t.app.config.store.archive.clone();
    // A plain file in the place of the folder: no copy can be written.
    fs::write(&archive, b"").expect("a file in the way");
    t.drop_crm(&[CRM]);
    t.drop_sales("Продажи.csv", &[GOOD, &missing("10000,00")]);
    let intake = t.ingest().await;
    assert!(intake.accepted.is_empty() && intake.quarantined.is_empty());
    assert_eq!(intake.remarks.iter().filter(|f| f.code == "file_not_kept").count(), 2, "{intake:?}");
    assert!(t.run(Job::Audit).await.hold.is_some());
    fs::remove_file(&archive).expect("space again");
    assert_eq!(t.ingest().await.accepted.len(), 2);
    assert!(t.run(Job::Audit).await.hold.is_none());
    assert_eq!(t.balance().await.kopecks(), -500_00);
}
