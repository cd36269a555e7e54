//! Old workbooks (BIFF8): shared strings broken wherever a record may end, more of them than 16 bits count, merged
//! cells. Deliberately absent: real files (`reading`).

use sverka::ingest::{
    raw::{Merge, RawCell, RawSheet},
    read::{ReadLimits, read_bytes},
};

use super::biff::{Cell, Shared, biff5, workbook};

fn sheet(bytes: &[u8]) -> RawSheet {
    let mut book = read_bytes("f.xls", bytes, &ReadLimits::default()).expect("read");
    assert_eq!(book.sheets.len(), 1);
    book.sheets.remove(0)
}

/// Texts of the first column, in order.
fn texts(sheet: &RawSheet) -> Vec<String> {
    sheet
        .rows()
        .map(|row| if let RawCell::Text(text) = row.cell(0) { text.to_owned() } else { String::new() })
        .collect()
}

/// Every length of record from the shortest that holds a string's head, so that each string is broken at each place.
#[test]
fn shared_strings_are_read_whole_wherever_they_are_broken() {
    let strings = || {
        vec![
            Shared::plain("ООО «Ромашка»"),
            Shared::plain("plain ascii text"),
            Shared { runs: 3, ..Shared::plain("ХОЛДИНГ ВЕКТОР ООО\nДС №260509-1905") },
            Shared { extra: 11, ..Shared::plain("Лютик ИП") },
            Shared { runs: 2, extra: 9, wide: true, text: "latin, but wide".to_owned() },
            Shared::plain("я"),
            Shared { runs: 1, ..Shared::plain("rich ascii") },
            Shared::plain("конец"),
        ]
    };
    let wanted: Vec<String> = strings().into_iter().map(|s| s.text).collect();
    let cells = || (0..wanted.len()).map(|i| (i as u16, 0, Cell::Shared(i as u32))).collect::<Vec<_>>();
    for most in 12..160 {
        assert_eq!(texts(&sheet(&workbook(&strings(), &cells(), &[], most))), wanted, "records of {most} bytes");
    }
}

#[test]
fn more_shared_strings_than_sixteen_bits_count_are_told_apart() {
    let many = 66_000_u32;
    let strings: Vec<Shared> = (0..many).map(|i| Shared::plain(&format!("клиент {i}"))).collect();
    let place = |i: u32| ((i % 40_000) as u16, (i / 40_000) as u16);
    let cells: Vec<_> = (0..many).map(|i| (place(i).0, place(i).1, Cell::Shared(i))).collect();
    let sheet = sheet(&workbook(&strings, &cells, &[], 8224));
    for i in [0, 1, 39_999, 40_000, 65_535, 65_536, 65_999] {
        let (row, column) = place(i);
        let row = sheet.rows().find(|r| r.number == u32::from(row) + 1).expect("a row");
        assert_eq!(row.cell(usize::from(column)), RawCell::Text(&format!("клиент {i}")));
    }
}

#[test]
fn rich_strings_of_biff5_are_read_without_their_runs() {
    let sheet = sheet(&biff5(&[(0, 0, "Контрагент"), (1, 0, "ООО «Ромашка»"), (2, 0, "№ 5")]));
    assert_eq!(texts(&sheet), ["Контрагент", "ООО «Ромашка»", "№ 5"]);
}

#[test]
fn merged_cells_numbers_and_labels_of_old_books_are_read() {
    let cells = [(0, 0, Cell::Label("Сумма")), (1, 1, Cell::Number(14_800.5)), (2, 0, Cell::Shared(0))];
    let sheet = sheet(&workbook(&[Shared::plain("")], &cells, &[[0, 1, 0, 2]], 8224));
    assert_eq!(sheet.row(0).expect("a row").cell(0), RawCell::Text("Сумма"));
    assert_eq!(sheet.row(1).expect("a row").cell(1), RawCell::Number(14_800.5));
    assert_eq!(sheet.len(), 2, "an empty shared string is an empty cell");
    assert_eq!(sheet.merges, [Merge { top: 1, bottom: 2, left: 0, right: 2 }]);
}
