//! Files that must not be believed: they wait for a person, and nothing about money leaves meanwhile.

use sverka::domain::{run::{Job, Release}, sale::SaleKey};

use crate::app::{TestApp, day, utc};

const CRM: &str = "1;ООО «Вектор»;7701234560;+7 495 123-45-67;12.01.2026 10:00:00";
const GOOD: &str = "02.11.2026;0000-000002;ВЕКТОР ООО;7701234560;Орлов Илья;90000,00";
const MISSING: &str = "02.11.2026;0000-000001;Ромашка ООО;7707083893;Орлов Илья;10000,00";

fn release() -> Release {
    Release { by: "Смирнов".into(), reason: "проверено".into(), at: utc("2026-11-20T15:00:00Z") }
}

#[tokio::test]
async fn rows_that_do_not_add_up_are_set_aside_and_the_corrected_file_answers_them() {
    let mut t = TestApp::new("2026-11-20T14:00:00Z").await;
    t.drop_crm(&[CRM]);
    t.drop_sales_with_total("Продажи.csv", &[GOOD, MISSING], 10_000_001);
    let intake = t.ingest().await;
    assert_eq!(intake.quarantined.len(), 1);
    assert!(intake.quarantined[0].findings.iter().any(|f| f.code == "total_mismatch"), "{:?}", intake.quarantined);
    assert!(t.text_of("held.").await.contains("Продажи.csv"));

    let held = t.run(Job::Audit).await;
    assert!(held.hold.is_some() && held.entries.is_empty());
    assert!(t.run(Job::Alerts).await.hold.is_some(), "alerts wait too");
    assert!(!t.mail_keys().await.iter().any(|k| k.starts_with("audit") || k.starts_with("alert")));

    t.at("2026-11-20T14:30:00Z");
    t.drop_sales("Продажи.csv", &[GOOD, MISSING]);
    assert_eq!(t.ingest().await.accepted.len(), 1);
    assert!(t.run(Job::Audit).await.hold.is_none());
    assert!(t.run(Job::Alerts).await.hold.is_none());
    assert!(t.holds().await.is_empty(), "the cause has gone away");
    assert_eq!(t.balance().await.kopecks(), -500_00);
}

#[tokio::test]
async fn a_person_releases_a_file_or_puts_it_away() {
    for dismiss in [false, true] {
        let mut t = TestApp::new("2026-11-20T14:00:00Z").await;
        t.drop_crm(&[CRM]);
        t.drop_sales("Октябрь.csv", &["01.10.2026;0000-000900;ВЕКТОР ООО;7701234560;Орлов Илья;100,00"]);
        t.drop_sales_with_total("Продажи.csv", &[GOOD, MISSING], 1);
        t.ingest().await;
        let hold = t.holds().await.remove(0);
        sverka::pipeline::release::release(&t.app, &hold.id, &release(), dismiss).await.expect("a release");
        assert!(t.holds().await.is_empty());
        assert!(t.run(Job::Audit).await.hold.is_none());
        assert_eq!(t.balance().await.kopecks(), if dismiss { 0 } else { -500_00 });
        assert!(sverka::pipeline::release::release(&t.app, &hold.id, &release(), dismiss).await.is_err(), "released once");
    }
}

#[tokio::test]
async fn overlapping_exports_count_a_sale_once_and_a_contradiction_waits() {
    let mut t = TestApp::new("2026-11-20T14:00:00Z").await;
    t.drop_crm(&[CRM]);
    t.drop_sales("1-15.csv", &[GOOD, MISSING, "15.11.2026;0000-000003;ВЕКТОР ООО;7701234560;Орлов Илья;1,00"]);
    t.ingest().await;
    t.at("2026-11-20T15:00:00Z");
    t.drop_sales("10-20.csv", &["15.11.2026;0000-000003;ВЕКТОР ООО;7701234560;Орлов Илья;1,00", "18.11.2026;0000-000004;ВЕКТОР ООО;7701234560;Орлов Илья;2,00"]);
    t.ingest().await;
    let count = || async {
        let mut tx = t.app.db.begin().await.expect("a transaction");
        let sales = tx.sales_in_force().await.expect("sales");
        tx.commit().await.expect("a commit");
        sales.len()
    };
    assert_eq!(count().await, 4);
    t.at("2026-11-20T16:00:00Z");
    t.drop_sales("12-20.csv", &["15.11.2026;0000-000003;ВЕКТОР ООО;7701234560;Орлов Илья;5,00"]);
    let intake = t.ingest().await;
    assert_eq!(intake.quarantined.len(), 1);
    assert_eq!(intake.quarantined[0].findings.iter().filter(|f| f.code == "conflicting_document").count(), 1);
}

#[tokio::test]
async fn the_same_period_saved_again_corrects_the_amount_and_the_ledger_follows() {
    let mut t = TestApp::new("2026-11-20T14:00:00Z").await;
    t.drop_crm(&[CRM]);
    t.drop_sales("Продажи.csv", &[GOOD, MISSING]);
    t.ingest().await;
    t.run(Job::Audit).await;
    assert_eq!(t.balance().await.kopecks(), -500_00);
    t.at("2026-11-20T15:00:00Z");
    t.drop_sales("Продажи.csv", &[GOOD, "02.11.2026;0000-000001;Ромашка ООО;7707083893;Орлов Илья;6000,00"]);
    t.ingest().await;
    t.run(Job::Audit).await;
    assert_eq!(t.balance().await.kopecks(), -300_00);
    let key = SaleKey::new("", "0000-000001", day("2026-11-02"));
    assert!(t.ledger().await.iter().all(|e| e.entry.key.subject == key.0));
}

#[tokio::test]
async fn every_entry_walks_back_to_file_sheet_and_row() {
    let mut t = TestApp::new("2026-11-20T14:00:00Z").await;
    t.drop_crm(&[CRM]);
    t.drop_sales("Продажи.csv", &[GOOD, MISSING]);
    let file = t.ingest().await.accepted.into_iter().find(|f| f.name == "Продажи.csv").expect("the file");
    t.run(Job::Audit).await;
    let entry = t.ledger().await.remove(0).entry;
    assert_eq!(entry.evidence.file_hash, file.hash);
    assert!(entry.evidence.source.ru.contains("Продажи.csv") && entry.evidence.source.ru.contains('3'), "{:?}", entry.evidence.source);
    assert!(entry.evidence.party.contains("Ромашка"));
    assert!(!entry.evidence.snapshots.is_empty() && !entry.evidence.arithmetic.ru.is_empty());
    let archived = sverka::ingest::archived(&t.app.config.store.archive, &file.hash);
    assert!(archived.is_some_and(|p| p.is_file()), "the copy lies in the archive");
}
