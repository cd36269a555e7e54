//! `ledger` and `explain`: three formats of one register, and what a wrong head is told.

use std::fs;

use super::{company, sverka};

#[tokio::test]
async fn the_register_is_exported_in_three_formats_and_explained_to_the_row() {
    let t = company().await;
    let dir = t.dir.path();
    let csv = sverka(dir, &["ledger", "export", "--period", "2026-11"]);
    assert_eq!(csv.code, 0, "{}", csv.stderr);
    assert!(csv.stdout.starts_with('\u{feff}') && csv.stdout.contains("-500,00"), "{}", csv.stdout);
    let json = sverka(dir, &["ledger", "export", "--period", "2026-11", "--format", "json"]);
    assert!(json.json().to_string().contains("-50000"), "{}", json.stdout);
    let xlsx = sverka(dir, &["ledger", "export", "--period", "2026-11", "--format", "xlsx", "-o", "out.xlsx"]);
    assert_eq!((xlsx.code, xlsx.stdout.as_str()), (0, ""), "{}", xlsx.stderr);
    assert!(fs::read(dir.join("out.xlsx")).expect("a workbook").starts_with(b"PK"));
    let nowhere = sverka(dir, &["ledger", "export", "--period", "2026-11", "-o", "no/such/folder.csv"]);
    assert_eq!(nowhere.code, 1);
    assert!(nowhere.stderr.contains("такой папки или файла нет"), "{}", nowhere.stderr);

    let entry = sverka(dir, &["--lang", "en", "explain", "1"]);
    assert_eq!(entry.code, 0, "{}", entry.stderr);
    for part in ["−500.00 (bonus reduction)", "Продажи.csv", "row 2", "× 50% = 500.00", "not in the CRM"] {
        assert!(entry.stdout.contains(part), "{part}: {}", entry.stdout);
    }
    let sale = sverka(dir, &["explain", "0000-000001"]);
    assert!(sale.stdout.contains("Документ 0000-000001 от 02.11.2026"), "{}", sale.stdout);
    let unknown = sverka(dir, &["explain", "0000-999999"]);
    assert_eq!(unknown.code, 1);
    assert!(unknown.stderr.contains("подсказка"), "{}", unknown.stderr);
}

#[tokio::test]
async fn verify_knows_its_own_head_and_reports_another() {
    let t = company().await;
    let dir = t.dir.path();
    let whole = sverka(dir, &["--json", "ledger", "verify"]);
    assert_eq!(whole.code, 0, "{}", whole.stdout);
    let head = whole.json()["head"].as_str().expect("a head").to_owned();
    assert_eq!(sverka(dir, &["ledger", "verify", "--head", &head]).code, 0);
    let wrong = sverka(dir, &["--json", "ledger", "verify", "--head", &"ab".repeat(32)]);
    assert_eq!((wrong.code, wrong.json()["ok"].as_bool()), (1, Some(false)));
    let said = sverka(dir, &["ledger", "verify", "--head", &"ab".repeat(32)]);
    assert!(said.stdout.contains("в базе нет"), "{}", said.stdout);

    // Without its key nothing is proven, and a new key is not made up.
    fs::remove_file(dir.join("ledger.key")).expect("remove");
    let blind = sverka(dir, &["ledger", "verify"]);
    assert_eq!(blind.code, 3, "{}", blind.stderr);
    assert!(!dir.join("ledger.key").exists());
}
