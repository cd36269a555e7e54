//! Finds a review workbook by the mark in its header and reads what a person wrote into it. The mark decides, not the
//! name or the sheet: such a file is never taken for an export. Deliberately absent: what the answers mean
//! (`domain::review::answers`), rows without a mark cell (people add notes below a table).

use super::{
    raw::{RawSheet, RawWorkbook, Row},
    read::Refusal,
    value::{self, key},
};
use crate::domain::{
    finding::Finding,
    review::sheet::{ANSWER, Filled, KEY, MARK, NOTE, OTHER},
};

/// Rows in which the header is looked for: people put a line above a table.
const WINDOW: usize = 20;

/// A review workbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// Name of the sheet.
    pub sheet: String,
    /// Row of the header, 1-based.
    pub header_row: u32,
    /// Its rows.
    pub rows: Vec<Filled>,
    /// Headers that are missing, in Russian.
    pub missing: Vec<&'static str>,
}

/// The review sheet of a workbook, if it has one.
pub fn find(book: &RawWorkbook) -> Option<Review> {
    book.sheets.iter().find_map(of_sheet)
}

fn of_sheet(sheet: &RawSheet) -> Option<Review> {
    let marked = |row: &Row<'_>| row.cells().any(|cell| value::text(cell).trim() == MARK);
    let (index, header) = sheet.rows().take(WINDOW).enumerate().find(|(_, row)| marked(row))?;
    let titles: Vec<String> = header.cells().map(|cell| key(&value::text(cell))).collect();
    let column = |names: (&str, &str)| titles.iter().position(|t| *t == key(names.0) || *t == key(names.1));
    let made = header.cells().position(|cell| value::text(cell).trim() == MARK)?;
    let missing = [KEY, ANSWER].into_iter().filter(|names| column(*names).is_none()).map(|names| names.0).collect();
    let (at_key, answer, other, note) = (column(KEY), column(ANSWER), column(OTHER), column(NOTE));
    let rows = sheet
        .rows_from(index + 1)
        .map(|row| {
            let text = |at: Option<usize>| at.map(|at| value::trimmed(row.cell(at))).unwrap_or_default();
            Filled {
                row: row.number,
                made: text(Some(made)),
                key: text(at_key),
                answer: text(answer),
                other: text(other),
                note: text(note),
            }
        })
        // A row of somebody's own remarks has neither a mark nor an answer.
        .filter(|row| !(row.made.is_empty() && row.answer.is_empty()))
        .collect();
    Some(Review { sheet: sheet.name.clone(), header_row: header.number, rows, missing })
}

/// The refusal of a review workbook where an export is expected: a file in a folder has no author.
pub fn in_a_folder(file: &str) -> Finding {
    Refusal::new(
        "review_file",
        "это таблица с решениями о сопоставлении, а не выгрузка; у файла в папке нет автора, поэтому внесите её командой: sverka match import ФАЙЛ --by ИМЯ",
        "this is a workbook with decisions about matches, no export; a file in a folder has no author, so take it in with: sverka match import FILE --by NAME",
    )
    .finding(file)
}

/// The refusal of another file where a review workbook is expected.
pub fn not_a_review(file: &str) -> Finding {
    Refusal::new(
        "not_a_review_file",
        "это не таблица на разбор: нет её служебного столбца; выгрузите её заново: sverka match export -o review.xlsx",
        "this is no review workbook: its hidden column is missing; export it anew: sverka match export -o review.xlsx",
    )
    .finding(file)
}

/// The refusal of a review workbook without its columns.
pub fn without_columns(file: &str, missing: &[&str]) -> Finding {
    let list = missing.join("», «");
    Refusal::new(
        "review_columns_missing",
        format!("в таблице на разбор нет столбца «{list}»; верните заголовки как были"),
        format!("the review workbook has no column “{list}”; put the headers back"),
    )
    .finding(file)
}
