//! 1. Automation makes entry easier: the alert brings a file to import, and reports say how long it took to a complete card.

use std::io::Cursor;

use calamine::{Reader, Xlsx};

use super::{section, story};

#[test]
fn the_alert_brings_the_card_and_the_audit_says_how_long_it_took() {
    let story = story();
    let alert = story.mails.iter().find(|mail| mail.key.starts_with("alert.2026-11-05.0102")).expect("an alert");
    let (name, bytes) = alert.files.first().expect("a file to import");
    assert!(name.starts_with("Для импорта в CRM"), "{name}");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.clone())).expect("a workbook");
    let text = format!("{:?}", book.worksheet_range_at(0).expect("a sheet").expect("rows"));
    assert!(text.contains("Клиент 2-3") && text.contains("Клиент 2-4") && !text.contains("Клиент 2-1"), "{text}");
    insta::assert_snapshot!(section(&story.mail("audit.2026-W46").text, "ОТ НАПОМИНАНИЯ"));
}
