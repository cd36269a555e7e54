//! Builds the list that a table is laid out as, and remembers where each row and column stood. Columns of the file keep
//! their places; what a row inherits (seller, buyer, document of its groups) stands in columns to the right of them.
//! Deliberately absent: deciding what a row inherits.

use crate::ingest::{
    builder::SheetBuilder,
    header::Header,
    place::{OWN, Origins, Place},
    raw::{RawCell, RawSheet, Row},
};

/// A list being built.
pub(super) struct Flat<'a> {
    input: &'a RawSheet,
    place: &'a Place,
    header: Header,
    builder: SheetBuilder,
    origins: Origins,
    /// First column to the right of the file's own.
    next: usize,
    row: u32,
}

impl<'a> Flat<'a> {
    /// A list that begins with the rows of the header.
    pub fn new(input: &'a RawSheet, header: &Header, place: &'a Place) -> Self {
        let next = input.rows().map(|row| row.width()).max().unwrap_or(0);
        let builder = SheetBuilder::new(&input.name, usize::MAX).epoch_1904(input.epoch_1904).hidden(input.hidden);
        let last = header.last - header.first;
        let mut flat = Self {
            input,
            place,
            header: Header { first: 0, last, ..header.clone() },
            builder,
            origins: Origins::default(),
            next,
            row: 0,
        };
        for row in input.rows_from(header.first).take(last + 1) {
            flat.begin(row, None);
            flat.copy(row);
        }
        flat
    }

    /// Adds a column to the right; `shown` is where it stands in the file.
    pub fn column(&mut self, role: &str, shown: usize) -> usize {
        let (column, title) = (self.next, self.header.titles.get(&shown).cloned().unwrap_or_default());
        self.next += 1;
        self.origins.columns.insert(column, self.original_column(shown));
        self.header.columns.insert(role.to_owned(), column);
        self.header.titles.insert(column, title);
        column
    }

    /// Says that each row remembers where its cell of this column stood.
    pub fn own(&mut self, column: usize) {
        self.origins.columns.insert(column, OWN);
    }

    /// Takes a role's column away.
    pub fn forget(&mut self, role: &str) {
        self.header.columns.remove(role);
    }

    /// The header so far.
    pub fn header(&mut self) -> &mut Header {
        &mut self.header
    }

    /// Begins a row that stands in the file at `row`; `amount` is its amount's column if the file's row has several.
    pub fn begin(&mut self, row: Row<'_>, amount: Option<usize>) {
        self.row += 1;
        let known = self.place.row(row.number);
        let amount = amount.map(|column| self.original_column(column));
        let inherited = self.place.origin_column(row.number);
        self.origins.rows.push((known.row, amount.or(inherited)));
    }

    /// Puts a cell into the row.
    pub fn put(&mut self, column: usize, cell: RawCell<'_>) {
        let _ = self.builder.put((self.row - 1, column as u32), cell);
    }

    /// Copies all cells of a row.
    pub fn copy(&mut self, row: Row<'_>) {
        for (column, cell) in row.cells().enumerate() {
            self.put(column, cell);
        }
    }

    /// The list, its header and its addresses.
    pub fn finish(self) -> (RawSheet, Header, Place) {
        let (name, delimited) = (self.input.name.clone(), self.input.delimited);
        let sheet = RawSheet { name, delimited, ..self.builder.finish() };
        (sheet, self.header, self.place.laid_out(self.origins))
    }

    fn original_column(&self, column: usize) -> usize {
        self.place.original_column(column)
    }
}
