//! A table of signatures under the regulation: who, which version, which day. Headers decide, in either language; the sheet
//! may have lines above them. Deliberately absent: what the rows mean (`domain::regulation::signing`), people and versions.

use super::{
    date,
    place::Place,
    raw::{RawSheet, RawWorkbook, Row},
    read::Refusal,
    value::{self, key},
};
use crate::domain::{
    finding::Finding,
    regulation::signing::{SignedRow, Written},
};

/// Rows in which the header is looked for.
const WINDOW: usize = 30;

const EMPLOYEE: [&str; 7] =
    ["табельный номер", "табельный №", "таб. номер", "таб. №", "табномер", "personnel number", "employee id"];
const VERSION: [&str; 6] =
    ["редакция", "версия", "редакция положения", "версия положения", "version", "policy version"];
const DAY: [&str; 7] =
    ["дата", "дата ознакомления", "дата подписи", "ознакомлен", "date", "signed on", "date of signature"];

/// The signatures of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signatures {
    /// Name of the sheet.
    pub sheet: String,
    /// Row of the header, 1-based.
    pub header_row: u32,
    /// Its rows.
    pub rows: Vec<SignedRow>,
}

/// The first sheet with the columns of a table of signatures.
pub fn find(book: &RawWorkbook) -> Option<Signatures> {
    book.sheets.iter().find_map(|sheet| of_sheet(&book.file, sheet))
}

fn of_sheet(file: &str, sheet: &RawSheet) -> Option<Signatures> {
    let column = |row: &Row<'_>, names: &[&str]| {
        row.cells().position(|cell| names.iter().any(|n| key(n) == key(&value::text(cell))))
    };
    let (index, header, employee, day) = sheet
        .rows()
        .take(WINDOW)
        .enumerate()
        .find_map(|(at, row)| Some((at, row, column(&row, &EMPLOYEE)?, column(&row, &DAY)?)))?;
    let version = column(&header, &VERSION);
    let place = Place::new(file, &sheet.name);
    let rows = sheet
        .rows_from(index + 1)
        .map(|row| {
            let written = |at: usize| Written { text: value::trimmed(row.cell(at)), at: place.cell(row.number, at) };
            SignedRow {
                employee: written(employee),
                version: version.map(written).unwrap_or_default(),
                day: written(day),
                on: date::read(row.cell(day), sheet.epoch_1904).ok().flatten(),
            }
        })
        .filter(|row| !(row.employee.text.is_empty() && row.day.text.is_empty()))
        .collect();
    Some(Signatures { sheet: sheet.name.clone(), header_row: header.number, rows })
}

/// The refusal of a file without those columns.
pub fn not_signatures(file: &str) -> Finding {
    Refusal::new(
        "not_signatures",
        "в таблице нет столбцов «Табельный номер» и «Дата» (и «Редакция», если не указан --version); добавьте их",
        "the table has no columns “Personnel number” and “Date” (and “Version” unless --version is given); add them",
    )
    .finding(file)
}
