//! A table as it stands in the file: cells with addresses, no meaning yet, packed into eight bytes a cell so that a
//! million rows fit into the memory of the parsing child. Deliberately absent: calamine's types, and the question
//! whether a number is a date (the column's role decides, see `value`).

use super::{builder::SheetBuilder, packed::Packed};

/// A file's sheets.
#[derive(Clone, Debug, Default)]
pub struct RawWorkbook {
    /// Name of the file, for addresses.
    pub file: String,
    /// Sheets in order.
    pub sheets: Vec<RawSheet>,
}

/// One sheet, or the whole of a delimited text file (then the name is empty).
#[derive(Clone, Debug, Default)]
pub struct RawSheet {
    /// Name; empty for text files.
    pub name: String,
    /// Whether the sheet is hidden.
    pub hidden: bool,
    /// Whether serial dates count from 1904.
    pub epoch_1904: bool,
    /// Whether it is delimited text, where a cell too many means that the others are shifted.
    pub delimited: bool,
    /// Merged ranges, in the order of the file.
    pub merges: Vec<Merge>,
    pub(super) rows: Vec<RowHead>,
    pub(super) cells: Vec<Packed>,
    pub(super) texts: String,
    /// Texts of 64 KiB and more: offset and length in `texts`.
    pub(super) long: Vec<(usize, usize)>,
}

/// A merged range, 1-based rows and 0-based columns, both ends inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merge {
    /// First row.
    pub top: u32,
    /// Last row.
    pub bottom: u32,
    /// First column.
    pub left: usize,
    /// Last column.
    pub right: usize,
}

/// Where a row's cells lie, and how the row is set.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RowHead {
    pub number: u32,
    pub start: u32,
    pub length: u32,
    pub style: RowStyle,
}

/// How a row is set in the file: what grouped reports show their levels by. `None` where the container does not tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowStyle {
    /// Level of the outline, 0 = outermost.
    pub outline: Option<u8>,
    /// Indent of the first filled cell, in steps of its container.
    pub indent: Option<u8>,
    /// Whether the row is hidden.
    pub hidden: bool,
}

/// One row that holds anything.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// 1-based row of the sheet, line of the text file.
    pub number: u32,
    /// How it is set.
    pub style: RowStyle,
    sheet: &'a RawSheet,
    cells: &'a [Packed],
}

/// One cell.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum RawCell<'a> {
    /// Nothing.
    #[default]
    Empty,
    /// Text as stored.
    Text(&'a str),
    /// A number; a date is its serial number.
    Number(f64),
    /// A logical value.
    Bool(bool),
    /// An error value, such as `#N/A`.
    Error(&'a str),
    /// A date or time in ISO 8601, as ODS stores it.
    Iso(&'a str),
}

impl RawSheet {
    /// A sheet of text cells, rows numbered from 1; an empty text is an empty cell. For tests and small tables.
    pub fn of_texts(rows: &[&[&str]]) -> Self {
        let mut builder = SheetBuilder::new("", usize::MAX);
        for (row, cells) in (0..).zip(rows) {
            for (column, text) in (0..).zip(*cells) {
                let _ = builder.put((row, column), RawCell::Text(text));
            }
        }
        builder.finish()
    }

    /// Number of rows that hold anything.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether the sheet holds nothing.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// A row by its index among those that hold anything.
    pub fn row(&self, index: usize) -> Option<Row<'_>> {
        self.rows.get(index).map(|head| self.view(*head))
    }

    /// Rows from an index on.
    pub fn rows_from(&self, index: usize) -> impl Iterator<Item = Row<'_>> + Clone {
        self.rows.get(index..).unwrap_or_default().iter().map(|head| self.view(*head))
    }

    /// All rows.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> + Clone {
        self.rows_from(0)
    }

    /// Number of a row by its index; 0 behind the end.
    pub fn number(&self, index: usize) -> u32 {
        self.rows.get(index).map_or(0, |head| head.number)
    }

    fn view(&self, head: RowHead) -> Row<'_> {
        let start = head.start as usize;
        let cells = self.cells.get(start..start + head.length as usize).unwrap_or_default();
        Row { number: head.number, style: head.style, sheet: self, cells }
    }

    pub(super) fn text(&self, offset: usize, length: usize) -> &str {
        self.texts.get(offset..offset + length).unwrap_or_default()
    }
}

impl<'a> Row<'a> {
    /// The cell of a 0-based column; a row that ends earlier has nothing there.
    pub fn cell(&self, column: usize) -> RawCell<'a> {
        self.cells.get(column).map_or(RawCell::Empty, |packed| packed.unpack(self.sheet))
    }

    /// The error value of a 0-based column, if it holds one.
    pub fn error(&self, column: usize) -> Option<&'a str> {
        match self.cells.get(column).filter(|packed| packed.is_error())?.unpack(self.sheet) {
            RawCell::Error(error) => Some(error),
            _ => None,
        }
    }

    /// All cells from column A on.
    pub fn cells(&self) -> impl DoubleEndedIterator<Item = RawCell<'a>> + ExactSizeIterator + Clone + use<'a> {
        let sheet = self.sheet;
        self.cells.iter().map(move |packed| packed.unpack(sheet))
    }

    /// Number of columns up to the last that holds anything.
    pub fn width(&self) -> usize {
        self.cells.len()
    }
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
