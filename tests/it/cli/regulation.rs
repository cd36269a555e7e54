//! `regulation`: the document in three files with an example of the company's own, and what changed between versions.

use std::fs;

use super::{company, sverka};
use crate::app::POLICY;

#[tokio::test]
async fn the_document_takes_its_examples_from_the_ledger() {
    let t = company().await;
    let dir = t.dir.path();
    let text = sverka(dir, &["regulation"]);
    assert_eq!(text.code, 0, "{}", text.stderr);
    // The very arithmetic of the entry that was posted, and no name of a person or a buyer beside it.
    let entry = t.ledger().await.remove(0);
    let line = text.stdout.lines().find(|l| l.contains("Пример из расчётов компании") && l.contains("50\u{a0}%"));
    let line = line.unwrap_or_else(|| panic!("{}", text.stdout));
    assert!(line.contains(entry.entry.evidence.arithmetic.ru.as_str()), "{line}");
    assert!(!text.stdout.contains("Ромашка"), "{}", text.stdout);
    assert!(text.stdout.contains("| 2 | 0102 | Соколова Анна | Опт |  |  |"), "{}", text.stdout);

    for file in ["out.html", "out.docx", "out.md"] {
        let done = sverka(dir, &["regulation", "--version", "T-1", "-o", file]);
        assert_eq!(done.code, 0, "{}", done.stderr);
        assert!(done.stdout.contains(&format!("редакция T-1 записана в {file}")), "{}", done.stdout);
    }
    assert_eq!(fs::read_to_string(dir.join("out.md")).expect("a file"), text.stdout);
    assert!(fs::read(dir.join("out.docx")).expect("a file").starts_with(b"PK"));
    let annex = sverka(dir, &["--lang", "en", "regulation", "--annex"]);
    assert!(annex.stdout.contains("Annex to the job description"), "{}", annex.stdout);
    let tree = sverka(dir, &["--json", "regulation"]).json();
    assert_eq!(tree["sections"][3]["clauses"][0]["rule"], "missing_counterparty", "{tree}");

    for (arguments, part) in [
        (&["regulation", "--version", "T-9"][..], "есть: T-1"),
        (&["regulation", "-o", "out.pdf"], ".html, .docx или .md"),
        (&["regulation", "-o", "no/such/out.md"], "такой папки или файла нет"),
        (&["regulation", "diff", "T-1", "T-9"], "редакции «T-9» нет"),
    ] {
        let ran = sverka(dir, arguments);
        assert_eq!(ran.code, 1, "{arguments:?}: {}", ran.stdout);
        assert!(ran.stderr.contains(part), "{arguments:?}: {}", ran.stderr);
    }
}

#[test]
fn without_a_database_examples_are_invented_and_none_is_made() {
    let dir = tempfile::tempdir().expect("a folder");
    crate::app::write_company(&dir, "", POLICY, crate::app::PEOPLE);
    super::calendars(dir.path());
    let text = sverka(dir.path(), &["regulation"]);
    assert_eq!(text.code, 0, "{}", text.stderr);
    assert!(text.stdout.contains("Условный пример") && !text.stdout.contains("Пример из расчётов"), "{}", text.stdout);
    assert!(!dir.path().join("sverka.db").exists() && !dir.path().join("ledger.key").exists());
}

#[test]
fn versions_are_compared_in_words() {
    let dir = tempfile::tempdir().expect("a folder");
    let newer = POLICY
        .replace("T-1", "T-2")
        .replace("2026-01-01", "2027-01-01")
        .replace("grace_working_days = 3", "grace_working_days = 5")
        .replace("late = \"10 %\"", "late = \"0 %\"");
    crate::app::write_company(&dir, "", &format!("{POLICY}{newer}"), crate::app::PEOPLE);
    super::calendars(dir.path());
    let told = sverka(dir.path(), &["regulation", "diff", "T-1", "T-2"]);
    insta::assert_snapshot!("regulation_diff_ru", told.stdout.replace('\u{a0}', " "));
    let told = sverka(dir.path(), &["--lang", "en", "regulation", "diff", "T-2", "T-1"]);
    insta::assert_snapshot!("regulation_diff_en", told.stdout);
    let none = sverka(dir.path(), &["--json", "regulation", "diff", "T-1", "T-1"]);
    assert_eq!(none.json(), serde_json::json!([]));
}
