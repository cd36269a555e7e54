//! Writes sheets of typed cells: never formulas, header frozen and filterable, bytes a function of the arguments (the
//! creation time is handed in). Deliberately absent: what stands in them (`workbook`, `ledger_export`).

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Timelike, Utc};
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatUnderline, Url, Workbook, Worksheet, XlsxError,
};

use crate::domain::{
    money::{Money, Rate},
    text::Lang,
};

use super::{clean, error::TemplateError};

/// Longest text of a cell; Excel's own limit is 32 767.
const CELL_LENGTH: usize = 4_000;
/// Longest address of a link; Excel's own limit is 2 079.
const LINK_LENGTH: usize = 1_000;
/// Links of a sheet; Excel drops a sheet with more than 65 530.
const LINKS: usize = 60_000;

/// Number of the paper size, as Excel counts them.
const A4: u8 = 9;

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
    /// Date and time of the business time zone, to the minute.
    Instant(NaiveDateTime),
    /// Share in per cent, one decimal.
    Share(Rate),
    /// Text that opens a web address.
    Link {
        /// What is shown.
        text: String,
        /// The address.
        url: String,
    },
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

/// A text that opens a card where the address is one of the web, else the text alone.
pub(super) fn link(shown: &str, url: &str) -> Cell {
    let web = (url.starts_with("https://") || url.starts_with("http://")) && url.len() <= LINK_LENGTH;
    let Cell::Text(shown) = text(shown) else { return Cell::Empty };
    match (shown.is_empty(), web) {
        (true, false) => Cell::Empty,
        (false, false) => Cell::Text(shown),
        (true, true) => Cell::Link { text: url.to_owned(), url: url.to_owned() },
        (false, true) => Cell::Link { text: shown, url: url.to_owned() },
    }
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
    instant: Format,
    share: Format,
    link: Format,
}

impl Formats {
    fn new() -> Self {
        let top = || Format::new().set_align(FormatAlign::Top);
        Self {
            head: top().set_bold().set_text_wrap().set_background_color(Color::RGB(0x00e3_ecf5)),
            text: top().set_num_format("@"),
            money: top().set_num_format("#,##0.00"),
            date: top().set_num_format("dd.mm.yyyy"),
            instant: top().set_num_format("dd.mm.yyyy hh:mm"),
            share: top().set_num_format("0.0%"),
            link: top().set_font_color(Color::RGB(0x0023_567a)).set_underline(FormatUnderline::Single),
        }
    }
}

fn fill(target: &mut Worksheet, sheet: &Sheet<'_>, formats: &Formats) -> Result<(), XlsxError> {
    target.set_name(sheet.name)?.set_freeze_panes(1, 0)?;
    // Whoever prints it gets pages that hold whole rows, each with the titles.
    target.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    for (at, column) in (0_u16..).zip(sheet.columns) {
        target.write_string_with_format(0, at, column.title, &formats.head)?;
        target.set_column_width(at, column.width)?;
    }
    let mut links = 0;
    for (line, row) in (1_u32..).zip(&sheet.rows) {
        for (at, cell) in (0_u16..).zip(row) {
            match cell {
                Cell::Text(text) => target.write_string_with_format(line, at, text, &formats.text)?,
                // The one place where kopecks become a floating number: the cell of a workbook has no other.
                Cell::Money(m) => {
                    target.write_number_with_format(line, at, m.kopecks() as f64 / 100.0, &formats.money)?
                }
                Cell::Number(n) => target.write_number(line, at, *n as f64)?,
                Cell::Date(day) => target.write_datetime_with_format(line, at, &excel_day(*day)?, &formats.date)?,
                Cell::Instant(instant) => {
                    let day = excel_day(instant.date())?;
                    let at_minute = day.and_hms(instant.hour() as u16, instant.minute() as u8, 0.0)?;
                    target.write_datetime_with_format(line, at, &at_minute, &formats.instant)?
                }
                Cell::Share(share) => {
                    target.write_number_with_format(line, at, f64::from(share.bp()) / 10_000.0, &formats.share)?
                }
                Cell::Link { text, .. } if links >= LINKS => {
                    target.write_string_with_format(line, at, text, &formats.text)?
                }
                Cell::Link { text, url } => {
                    links += 1;
                    target.write_url_with_options(line, at, Url::new(url), text, "", Some(&formats.link))?
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

fn excel_day(day: NaiveDate) -> Result<ExcelDateTime, XlsxError> {
    ExcelDateTime::from_ymd(u16::try_from(day.year()).unwrap_or(1900), day.month() as u8, day.day() as u8)
}
