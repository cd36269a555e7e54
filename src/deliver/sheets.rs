//! Writes sheets of typed cells: never formulas, header frozen and filterable, bytes a function of the arguments (the
//! creation time is handed in). Deliberately absent: what stands in them (`workbook`, `ledger_export`).

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use crate::domain::{money::Money, text::Lang};

use super::{clean, error::TemplateError};

/// Longest text of a cell; Excel's own limit is 32 767.
const CELL_LENGTH: usize = 4_000;

/// A typed cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    /// Text, never a formula.
    Text(String),
    /// Kopecks, shown with two decimals.
    Money(Money),
    /// Whole number.
    Number(i64),
    /// Date.
    Date(NaiveDate),
    /// Nothing.
    Empty,
}

/// Title and width.
#[derive(Clone, Copy)]
pub(super) struct Column<'a> {
    pub(super) title: &'a str,
    pub(super) width: f64,
}

/// One sheet.
pub(super) struct Sheet<'a> {
    pub(super) name: &'a str,
    pub(super) columns: &'a [Column<'a>],
    pub(super) rows: Vec<Vec<Cell>>,
}

/// Columns in a language, from both titles and a width.
pub(super) fn columns<'a>(lang: Lang, titles: &[(&'a str, &'a str, f64)]) -> Vec<Column<'a>> {
    titles
        .iter()
        .map(|(ru, en, width)| Column { title: if lang == Lang::Ru { ru } else { en }, width: *width })
        .collect()
}

/// A clean text cell of bounded length.
pub(super) fn text(value: &str) -> Cell {
    Cell::Text(clean::cut(&clean::line(value), CELL_LENGTH).into_owned())
}

/// A workbook of the sheets.
pub(super) fn single(sheets: &[Sheet<'_>], now: DateTime<Utc>) -> Result<Vec<u8>, TemplateError> {
    write(sheets, now).map_err(|e| TemplateError::Attachment(e.to_string()))
}

fn write(sheets: &[Sheet<'_>], now: DateTime<Utc>) -> Result<Vec<u8>, XlsxError> {
    let mut book = new_book(now)?;
    let formats = Formats::new();
    for sheet in sheets {
        fill(book.add_worksheet(), sheet, &formats)?;
    }
    book.save_to_buffer()
}

/// An empty workbook created at the instant: nothing in it comes from this machine's clock.
pub(super) fn new_book(now: DateTime<Utc>) -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    let created =
        ExcelDateTime::from_ymd(u16::try_from(now.year()).unwrap_or(1900), now.month() as u8, now.day() as u8)?
            .and_hms(now.hour() as u16, now.minute() as u8, f64::from(now.second()))?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&created));
    Ok(book)
}

struct Formats {
    head: Format,
    text: Format,
    money: Format,
    date: Format,
}

impl Formats {
    fn new() -> Self {
        let top = || Format::new().set_align(FormatAlign::Top);
        Self {
            head: top().set_bold().set_text_wrap(),
            text: top().set_num_format("@"),
            money: top().set_num_format("#,##0.00"),
            date: top().set_num_format("dd.mm.yyyy"),
        }
    }
}

fn fill(target: &mut Worksheet, sheet: &Sheet<'_>, formats: &Formats) -> Result<(), XlsxError> {
    target.set_name(sheet.name)?.set_freeze_panes(1, 0)?;
    for (at, column) in (0_u16..).zip(sheet.columns) {
        target.write_string_with_format(0, at, column.title, &formats.head)?;
        target.set_column_width(at, column.width)?;
    }
    for (line, row) in (1_u32..).zip(&sheet.rows) {
        for (at, cell) in (0_u16..).zip(row) {
            match cell {
                Cell::Text(text) => target.write_string_with_format(line, at, text, &formats.text)?,
                // The one place where kopecks become a floating number: the cell of a workbook has no other.
                Cell::Money(m) => {
                    target.write_number_with_format(line, at, m.kopecks() as f64 / 100.0, &formats.money)?
                }
                Cell::Number(n) => target.write_number(line, at, *n as f64)?,
                Cell::Date(day) => {
                    let year = u16::try_from(day.year()).unwrap_or(1900);
                    let date = ExcelDateTime::from_ymd(year, day.month() as u8, day.day() as u8)?;
                    target.write_datetime_with_format(line, at, &date, &formats.date)?
                }
                Cell::Empty => target,
            };
        }
    }
    let last_row = u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX);
    let last_column = u16::try_from(sheet.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
    target.autofilter(0, 0, last_row, last_column)?;
    Ok(())
}
