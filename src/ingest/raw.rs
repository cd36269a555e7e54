//! A table as it stands in the file: cells with addresses, no meaning yet. Deliberately absent: calamine's types, and
//! the question whether a number is a date (the column's role decides, see `value`).

use serde::{Deserialize, Serialize};

/// A file's sheets.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RawWorkbook {
    /// Name of the file, for addresses.
    pub file: String,
    /// Sheets in order.
    pub sheets: Vec<RawSheet>,
}

/// One sheet, or the whole of a delimited text file (then the name is empty).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RawSheet {
    /// Name; empty for text files.
    pub name: String,
    /// Whether the sheet is hidden.
    pub hidden: bool,
    /// Whether serial dates count from 1904.
    pub epoch_1904: bool,
    /// Rows that hold anything, ascending.
    pub rows: Vec<RawRow>,
}

/// One row, cells from column A on without gaps.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RawRow {
    /// 1-based row of the sheet, line of the text file.
    pub number: u32,
    /// Cells.
    pub cells: Vec<RawCell>,
}

/// One cell.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum RawCell {
    /// Nothing.
    #[default]
    Empty,
    /// Text as stored.
    Text(String),
    /// A number; a date is its serial number.
    Number(f64),
    /// A logical value.
    Bool(bool),
    /// An error value, such as `#N/A`.
    Error(String),
    /// A date or time in ISO 8601, as ODS stores it.
    Iso(String),
}

/// Letters of a 0-based column: 0 is `A`, 26 is `AA`.
pub fn column_letters(mut index: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + (index % 26) as u8));
        if index < 26 {
            break;
        }
        index = index / 26 - 1;
    }
    letters.iter().rev().collect()
}
