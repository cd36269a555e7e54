//! A payroll file (csv or workbook) that came back from finance with its answers filled in, told by its own columns.
//! Deliberately absent: what the answers mean (`pipeline::finance`).

use super::{
    Parsed,
    raw::{RawSheet, RawWorkbook, Row},
    value::{self, key},
};
use crate::domain::{
    finding::{Finding, Severity, SourceRef},
    review::sheet::Filled,
    text::Text,
};

/// Columns that make a payroll file: number of the statement, personnel number, answer.
pub const NEEDED: [&str; 3] = ["Код ведомости", "Табельный номер", "Ответ"];
/// Columns of an answer: what was applied, and why.
pub const APPLIED: &str = "Применено";
/// See [`APPLIED`].
pub const NOTE: &str = "Примечание";

/// Rows in which the header is looked for: people put a line above a table.
const WINDOW: usize = 20;

/// The answered rows: `made` is the number of the statement, `key` the personnel number, `other` the amount applied.
pub fn answered(book: &RawWorkbook) -> Parsed {
    match book.sheets.iter().find_map(of_sheet) {
        Some((sheet, header, rows)) => Parsed {
            sheet,
            header_rows: (header, header),
            rows: rows.len() as u64,
            review: Some(rows),
            ..Parsed::refused(Vec::new())
        },
        None => Parsed::refused(vec![no_payroll(&book.file)]),
    }
}

fn of_sheet(sheet: &RawSheet) -> Option<(String, u32, Vec<Filled>)> {
    let place = |row: &Row<'_>, name: &str| row.cells().position(|cell| key(&value::text(cell)) == key(name));
    let found = |row: &Row<'_>| NEEDED.iter().all(|name| place(row, name).is_some());
    let (index, header) = sheet.rows().take(WINDOW).enumerate().find(|(_, row)| found(row))?;
    let column = |name: &str| place(&header, name);
    let (made, id, answer) = (column(NEEDED[0])?, column(NEEDED[1])?, column(NEEDED[2])?);
    let (other, note) = (column(APPLIED), column(NOTE));
    let rows = sheet.rows_from(index + 1).map(|row| {
        let text = |at: Option<usize>| at.map(|at| value::trimmed(row.cell(at))).unwrap_or_default();
        Filled {
            row: row.number,
            made: text(Some(made)),
            key: text(Some(id)).trim_start_matches('\'').to_owned(),
            answer: text(Some(answer)),
            other: text(other),
            note: text(note),
        }
    });
    let filled = rows.filter(|row| !row.made.is_empty() || !row.answer.is_empty()).collect();
    Some((sheet.name.clone(), header.number, filled))
}

fn no_payroll(file: &str) -> Finding {
    let needed = NEEDED.join("», «");
    let text = Text::new(
        format!(
            "это не файл для расчёта зарплаты: в нём нет столбцов «{needed}»; верните тот файл, который пришёл с ведомостью"
        ),
        format!("this is no payroll file: it has no columns “{needed}”; return the file that came with the statement"),
    );
    Finding::new(Severity::Hold, "no_payroll", text).at(SourceRef::file(file))
}
