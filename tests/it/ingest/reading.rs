//! Containers and cells, on files that nobody here wrote. Hostile files are read in the child only (`sandbox`).

use sverka::ingest::{
    raw::{RawCell, RawSheet},
    read::{ReadLimits, read_bytes},
};

use super::real_file;

fn count(sheet: &RawSheet, wanted: impl Fn(RawCell<'_>) -> bool) -> usize {
    sheet.rows().flat_map(|row| row.cells()).filter(|cell| wanted(*cell)).count()
}

/// calamine 0.37 and later call 1,378 and 773 of these numbers dates; no amount may get lost by that.
#[test]
fn numbers_of_old_1c_reports_stay_numbers() {
    for (file, numbers, word) in
        [("1c/biff8-custom-number-formats.xls", 2168, None), ("1c/biff7-no-codepage.xls", 773, Some("Залишки"))]
    {
        let Some((_, bytes)) = real_file(file) else { return };
        let book = read_bytes(file, &bytes, &ReadLimits::default()).expect("read");
        let sheet = &book.sheets[0];
        assert_eq!(count(sheet, |c| matches!(c, RawCell::Number(_))), numbers, "{file}");
        if let Some(word) = word {
            assert!(count(sheet, |c| matches!(c, RawCell::Text(t) if t.contains(word))) > 0, "{file}: code page");
        }
    }
}

#[test]
fn workbooks_written_by_1c_itself_are_read() {
    let Some((_, bytes)) = real_file("1c/upp-account-11-turnover.xlsx") else { return };
    let book = read_bytes("upp.xlsx", &bytes, &ReadLimits::default()).expect("read");
    let sheet = &book.sheets[0];
    assert!(count(sheet, |c| matches!(c, RawCell::Number(_))) > 100);
    assert_eq!(count(sheet, |c| matches!(c, RawCell::Error(_))), 0, "empty cells are no errors");
}

/// 1C cuts one document into four tables; levels are shown by padding, thousands by no-break spaces.
#[test]
fn a_page_of_1c_is_one_sheet() {
    let Some((_, bytes)) = real_file("1c/osv-62-01.htm") else { return };
    let book = read_bytes("osv.htm", &bytes, &ReadLimits::default()).expect("read");
    assert_eq!(book.sheets.len(), 1);
    let sheet = &book.sheets[0];
    let row = |number: u32| sheet.rows().find(|r| r.number == number).expect("a row");
    assert_eq!(sheet.rows().last().map(|r| r.number), Some(324));
    assert_eq!(sheet.len(), 322, "the third and the fifth row are blank");
    assert_eq!(row(2).cell(0), RawCell::Text("Оборотно-сальдовая ведомость по счету 62.01 за Июль 2019 г."));
    assert_eq!(row(6).cell(3), RawCell::Text("Обороты за период"));
    assert_eq!((sheet.merges.len(), sheet.merges[1].left, sheet.merges[1].right), (3, 3, 4));
    assert_eq!(row(8).cell(4), RawCell::Text("17\u{a0}363\u{a0}080,41"));
    assert_eq!(row(324).cell(4), row(8).cell(4), "the total is the account's row");
    let indents: Vec<_> = [6, 8, 9, 323, 324].map(|n| row(n).style.indent).to_vec();
    assert_eq!(indents, [Some(0), Some(0), Some(1), Some(1), Some(0)]);
    assert_eq!(count(sheet, |c| matches!(c, RawCell::Number(_))), 0);
}

#[test]
fn a_half_written_and_an_encrypted_book_are_refused_by_name() {
    let Some((_, page)) = real_file("1c/osv-62-01.htm") else { return };
    let Some((_, book)) = real_file("1c/winery-nine-sheets.xlsx") else { return };
    let Some((_, encrypted)) = real_file("hostile/calamine/pass_protected.xlsx") else { return };
    let cases: [(&[u8], &str, &str); 3] = [
        (&page[..page.len() / 2], "file_incomplete", "не до конца"),
        (&book[..book.len() / 2], "file_incomplete", "не до конца"),
        (&encrypted, "file_encrypted", "паролем"),
    ];
    for (bytes, code, word) in cases {
        let finding = read_bytes("f.xls", bytes, &ReadLimits::default()).expect_err("refused");
        assert_eq!(finding.code, code);
        assert!(finding.message.ru.contains(word), "{}", finding.message.ru);
    }
}

#[test]
fn limits_hold_before_a_reader_opens_the_book() {
    let Some((_, bytes)) = real_file("1c/winery-nine-sheets.xlsx") else { return };
    let full = ReadLimits::default();
    for (limits, code) in [
        (ReadLimits { max_bytes: 1000, ..full }, "file_too_large"),
        (ReadLimits { max_entries: 3, ..full }, "file_bomb"),
        (ReadLimits { max_inflated: 1 << 20, ..full }, "file_bomb"),
        (ReadLimits { max_cells: 1000, ..full }, "file_too_large"),
    ] {
        let finding = read_bytes("f.xlsx", &bytes, &limits);
        assert_eq!(finding.expect_err("refused").code, code, "{limits:?}");
    }
}
