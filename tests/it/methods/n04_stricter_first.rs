//! 4. A stricter standard for a few clients first, and what would be if it held for everybody.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};

use super::{section, story};

#[test]
fn the_page_says_who_would_pass_and_the_workbook_names_every_client() {
    let story = story();
    let page = section(&story.mail("company.2026-11.once.0101").text, "ЕСЛИ БЫ ВСЕ КАРТОЧКИ");
    // Of 23 other clients only the first ones have mail and town, and Павел's has no town.
    assert!(page.contains("прошли бы 4 из 23"), "{page}");
    insta::assert_snapshot!(page);
    let audit = story.mail("audit.2026-W46");
    let (_, bytes) = audit.files.iter().find(|(name, _)| name.starts_with("Сверка")).expect("a workbook");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.clone())).expect("a workbook");
    let rows = book.worksheet_range("Готовность").expect("a sheet");
    assert_eq!(rows.height(), 24, "a header and 23 clients");
    let lacking =
        rows.rows().skip(1).filter(|row| matches!(&row[6], Data::String(text) if text.contains("почта"))).count();
    assert_eq!(lacking, 18, "everybody but the first clients lacks a mail address");
}
