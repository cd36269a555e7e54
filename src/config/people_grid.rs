//! A small table as rows of text: `.csv` in UTF-8 or cp1251, or the first sheet of an `.xlsx`.
//! Deliberately absent: limits against hostile files (this one is the administrator's own).

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};

use crate::domain::text::Text;

/// A table.
pub(super) struct Grid {
    /// Name of the sheet; empty for delimited text.
    pub(super) sheet: String,
    /// Row as the spreadsheet (or the line as the text file) counts it, and its cells.
    pub(super) rows: Vec<(u32, Vec<String>)>,
}

/// Reads a table; the kind is told by the bytes.
pub(super) fn read(bytes: &[u8]) -> Result<Grid, Text> {
    if bytes.starts_with(b"PK") { workbook(bytes) } else { delimited(bytes) }
}

fn delimited(bytes: &[u8]) -> Result<Grid, Text> {
    let text = match std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1251.decode(bytes).0.into_owned(),
    };
    let first = text.lines().next().unwrap_or_default();
    let delimiter = [b';', b'\t', b','].into_iter().max_by_key(|d| first.bytes().filter(|b| b == d).count());
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter.unwrap_or(b';'))
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record
            .map_err(|e| Text::new(format!("таблица не читается: {e}"), format!("the table cannot be read: {e}")))?;
        let line = record.position().map_or(0, csv::Position::line);
        rows.push((u32::try_from(line).unwrap_or_default(), record.iter().map(str::to_owned).collect()));
    }
    Ok(Grid { sheet: String::new(), rows })
}

fn workbook(bytes: &[u8]) -> Result<Grid, Text> {
    let broken = |e: calamine::XlsxError| {
        Text::new(format!("книга не открывается: {e}"), format!("the workbook does not open: {e}"))
    };
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let sheet = book.sheet_names().first().cloned().unwrap_or_default();
    let range = book.worksheet_range(&sheet).map_err(broken)?;
    let (top, left) = range.start().unwrap_or_default();
    let rows = range
        .rows()
        .zip(top + 1..)
        .map(|(cells, number)| {
            let before = std::iter::repeat_n(String::new(), left as usize);
            (number, before.chain(cells.iter().map(shown)).collect())
        })
        .collect();
    Ok(Grid { sheet, rows })
}

fn shown(cell: &Data) -> String {
    match cell {
        Data::DateTime(at) => at.as_datetime().map_or_else(String::new, |at| at.date().to_string()),
        Data::Empty => String::new(),
        other => other.to_string(),
    }
}

/// `A`, `Z`, `AA` for 0, 25, 26.
pub(super) fn letters(mut index: usize) -> String {
    let mut name = String::new();
    loop {
        name.insert(0, char::from(b'A' + u8::try_from(index % 26).unwrap_or_default()));
        if index < 26 {
            return name;
        }
        index = index / 26 - 1;
    }
}
