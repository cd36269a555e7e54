//! Builds a packed sheet cell by cell, in any order, under a cap on cells. Texts that repeat (shared strings, sellers,
//! currencies) are kept once. Deliberately absent: reading any container.

use std::collections::HashMap;

use super::{
    packed::{Packed, Sort},
    raw::{Merge, RawCell, RawSheet, RowHead, RowStyle},
    read::Refusal,
};

/// Most merged ranges that are kept.
const MOST_MERGES: usize = 200_000;
/// Texts remembered for reuse; beyond that every text is stored anew.
const MOST_KNOWN: usize = 100_000;
/// Most bytes of text: one long string that a million cells share would otherwise be written out a million times.
const MOST_TEXT: usize = 200 << 20;
/// Bytes of text beyond which texts that repeat are looked for even where few are likely to.
const MOST_UNSEEN: usize = MOST_TEXT / 4;
/// By how much a large text grows at a time.
const STEP: usize = 16 << 20;
/// Texts longer than this are not looked up for reuse.
const SHORT: usize = 64;

/// A sheet being built.
pub struct SheetBuilder {
    sheet: RawSheet,
    /// Cells that came after a later row: a hostile or a very odd file.
    late: Vec<(u32, u32, Packed)>,
    known: HashMap<Box<str>, Packed>,
    left: usize,
    /// Bytes of text that were stored beside the text taken over.
    added: usize,
    /// Whether a text found no room any more.
    full: bool,
}

/// A text stored once, to be put into many cells.
#[derive(Clone, Copy, Debug)]
pub struct Stored(Packed);

impl SheetBuilder {
    /// A sheet of that name with room for `left` cells, gaps within rows included.
    pub fn new(name: &str, left: usize) -> Self {
        let sheet = RawSheet { name: name.to_owned(), ..RawSheet::default() };
        Self { sheet, late: Vec::new(), known: HashMap::new(), left, added: 0, full: false }
    }

    /// Marks the sheet as hidden.
    pub fn hidden(mut self, hidden: bool) -> Self {
        self.sheet.hidden = hidden;
        self
    }

    /// Says that serial dates count from 1904.
    pub fn epoch_1904(mut self, epoch_1904: bool) -> Self {
        self.sheet.epoch_1904 = epoch_1904;
        self
    }

    /// Takes over a text that cells may point into (`put_span`).
    pub fn holding(mut self, texts: String) -> Self {
        self.sheet.texts = texts;
        self
    }

    /// A sheet whose cells point into a text that is there already (delimited text).
    pub fn over(texts: String, left: usize) -> Self {
        let mut builder = Self::new("", left);
        (builder.sheet.texts, builder.sheet.delimited) = (texts, true);
        builder
    }

    /// The text given to `over`.
    pub fn texts(&self) -> &str {
        &self.sheet.texts
    }

    /// Puts a cell at a 0-based row and column.
    ///
    /// # Errors
    /// When the cap on cells is reached.
    pub fn put(&mut self, at: (u32, u32), cell: RawCell<'_>) -> Result<(), Refusal> {
        let packed = match cell {
            RawCell::Empty | RawCell::Text("") => return Ok(()),
            RawCell::Number(number) => Packed::number(number),
            RawCell::Bool(value) => Packed::truth(value),
            RawCell::Text(text) => self.keep(Sort::Text, text),
            RawCell::Error(text) => self.keep(Sort::Error, text),
            RawCell::Iso(text) => self.keep(Sort::Iso, text),
        };
        self.place(at, packed)
    }

    /// Puts a text that is likely to be new, without looking whether it is known: a name in quotes among a million of them.
    /// See `put`.
    pub fn put_new(&mut self, at: (u32, u32), text: &str) -> Result<(), Refusal> {
        if text.is_empty() || self.added > MOST_UNSEEN {
            return self.put(at, RawCell::Text(text));
        }
        let packed = self.append(Sort::Text, text);
        self.place(at, packed)
    }

    /// Stores a text to be put into many cells.
    pub fn store(&mut self, text: &str) -> Stored {
        Stored(if text.is_empty() { Packed::NOTHING } else { self.append(Sort::Text, text) })
    }

    /// Puts a stored text. See `put`.
    pub fn put_stored(&mut self, at: (u32, u32), stored: Stored) -> Result<(), Refusal> {
        if stored.0.is_nothing() { Ok(()) } else { self.place(at, stored.0) }
    }

    /// Puts a span of `texts` as a text cell. See `put`.
    pub fn put_span(&mut self, at: (u32, u32), offset: usize, length: usize) -> Result<(), Refusal> {
        let packed = Packed::span(Sort::Text, offset, length).unwrap_or_else(|| self.list(offset, length));
        self.place(at, packed)
    }

    /// How a 0-based row is set. A row without cells is not kept.
    pub fn style(&mut self, row: u32, style: RowStyle) {
        let number = row.saturating_add(1);
        if let Some(head) = self.sheet.rows.last_mut().filter(|head| head.number == number) {
            head.style = style;
        } else if let Ok(index) = self.sheet.rows.binary_search_by_key(&number, |head| head.number)
            && let Some(head) = self.sheet.rows.get_mut(index)
        {
            head.style = style;
        }
    }

    /// Remembers a merged range: 0-based rows and columns, both ends inclusive.
    pub fn merge(&mut self, (top, left): (u32, u32), (bottom, right): (u32, u32)) {
        if self.sheet.merges.len() < MOST_MERGES && top <= bottom && left <= right {
            let (left, right) = (left as usize, right as usize);
            self.sheet.merges.push(Merge { top: top.saturating_add(1), bottom: bottom.saturating_add(1), left, right });
        }
    }

    /// Room for cells that is left.
    pub const fn left(&self) -> usize {
        self.left
    }

    /// Says how much room is left, when another sheet of the same file took some.
    pub const fn set_left(&mut self, left: usize) {
        self.left = left;
    }

    /// The sheet.
    pub fn finish(mut self) -> RawSheet {
        if !self.late.is_empty() {
            self.reorder();
        }
        self.sheet
    }

    fn keep(&mut self, sort: Sort, text: &str) -> Packed {
        if text.len() > SHORT || !matches!(sort, Sort::Text) {
            return self.append(sort, text);
        }
        if let Some(known) = self.known.get(text) {
            return *known;
        }
        let packed = self.append(sort, text);
        if self.known.len() < MOST_KNOWN {
            self.known.insert(text.into(), packed);
        }
        packed
    }

    fn append(&mut self, sort: Sort, text: &str) -> Packed {
        let offset = self.sheet.texts.len();
        self.added = self.added.saturating_add(text.len());
        if self.added > MOST_TEXT {
            self.full = true;
            return Packed::NOTHING;
        }
        // A large text grows in steps, not to twice its size.
        if offset > STEP && self.sheet.texts.capacity() - offset < text.len() {
            self.sheet.texts.reserve_exact(text.len().max(STEP));
        }
        self.sheet.texts.push_str(text);
        Packed::span(sort, offset, text.len()).unwrap_or_else(|| self.list(offset, text.len()))
    }

    fn list(&mut self, offset: usize, length: usize) -> Packed {
        self.sheet.long.push((offset, length));
        Packed::long(self.sheet.long.len() as u32 - 1)
    }

    fn place(&mut self, (row, column): (u32, u32), packed: Packed) -> Result<(), Refusal> {
        if self.full {
            return Err(too_many_cells());
        }
        let number = row.saturating_add(1);
        let last = self.sheet.rows.last().map_or(0, |head| head.number);
        if number < last {
            // The row may end before the column: the gap is counted as if it began at A.
            self.left = self.left.checked_sub(column as usize + 1).ok_or_else(too_many_cells)?;
            self.late.push((number, column, packed));
            return Ok(());
        }
        if number > last {
            let start = self.sheet.cells.len() as u32;
            self.sheet.rows.push(RowHead { number, start, length: 0, style: RowStyle::default() });
        }
        let Some(head) = self.sheet.rows.last_mut() else { return Ok(()) };
        if column == head.length {
            self.left = self.left.checked_sub(1).ok_or_else(too_many_cells)?;
            self.sheet.cells.push(packed);
            head.length += 1;
            return Ok(());
        }
        if column > head.length {
            let length = column.saturating_add(1);
            let added = (length - head.length) as usize;
            self.left = self.left.checked_sub(added).ok_or_else(too_many_cells)?;
            self.sheet.cells.resize(self.sheet.cells.len() + added, Packed::NOTHING);
            head.length = length;
        }
        if let Some(slot) = self.sheet.cells.get_mut((head.start + column) as usize) {
            *slot = packed;
        }
        Ok(())
    }

    /// Lays the rows out anew, with the late cells where they belong.
    fn reorder(&mut self) {
        let late = std::mem::take(&mut self.late);
        let mut extra: std::collections::BTreeMap<u32, Vec<(u32, Packed)>> = std::collections::BTreeMap::new();
        for (number, column, packed) in late {
            extra.entry(number).or_default().push((column, packed));
        }
        let heads: HashMap<u32, RowHead> = self.sheet.rows.iter().map(|head| (head.number, *head)).collect();
        let numbers: std::collections::BTreeSet<u32> = heads.keys().chain(extra.keys()).copied().collect();
        let (mut rows, mut cells) = (Vec::with_capacity(numbers.len()), Vec::with_capacity(self.sheet.cells.len()));
        for number in numbers {
            let head = heads.get(&number).copied().unwrap_or_default();
            let start = cells.len();
            cells.extend_from_slice(
                self.sheet.cells.get(head.start as usize..(head.start + head.length) as usize).unwrap_or_default(),
            );
            for (column, packed) in extra.remove(&number).unwrap_or_default() {
                let at = start + column as usize;
                if at >= cells.len() {
                    cells.resize(at + 1, Packed::NOTHING);
                }
                if let Some(slot) = cells.get_mut(at) {
                    *slot = packed;
                }
            }
            let length = (cells.len() - start) as u32;
            rows.push(RowHead { number, start: start as u32, length, style: head.style });
        }
        (self.sheet.rows, self.sheet.cells) = (rows, cells);
    }
}

/// The refusal of a workbook with more cells than allowed.
pub fn too_many_cells() -> Refusal {
    Refusal::new(
        "file_too_large",
        "в книге слишком много ячеек; выгрузите меньший период или сохраните как .csv",
        "the workbook has too many cells; export a shorter period or save it as .csv",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_come_back_as_they_were_put_in_any_order() {
        let long = "ж".repeat(40_000);
        let cells = [
            ((4, 2), RawCell::Number(1.5)),
            ((4, 0), RawCell::Text("Ромашка")),
            ((1, 1), RawCell::Bool(true)),
            ((9, 0), RawCell::Error("#N/A")),
            ((1, 3), RawCell::Iso("2026-11-05")),
            ((4, 1), RawCell::Text(&long)),
            ((9, 5), RawCell::Number(-0.0)),
        ];
        let mut builder = SheetBuilder::new("Л", 100);
        for (at, cell) in cells {
            builder.put(at, cell).expect("room");
        }
        builder.style(4, RowStyle { outline: Some(2), ..RowStyle::default() });
        let sheet = builder.finish();
        assert_eq!(sheet.rows().map(|r| r.number).collect::<Vec<_>>(), [2, 5, 10]);
        for ((row, column), cell) in cells {
            let found = sheet.rows().find(|r| r.number == row + 1).expect("the row");
            assert_eq!(found.cell(column as usize), cell);
        }
        assert_eq!(sheet.row(1).expect("a row").style.outline, Some(2));
        assert_eq!(sheet.row(0).expect("a row").cell(0), RawCell::Empty);
    }

    #[test]
    fn no_number_is_taken_for_something_else() {
        let mut builder = SheetBuilder::new("", 100);
        let odd = [f64::NAN, f64::from_bits(0xFFFA_0000_0000_0001), f64::NEG_INFINITY, f64::MIN, -f64::NAN];
        for (column, number) in (0..).zip(odd) {
            builder.put((0, column), RawCell::Number(number)).expect("room");
        }
        let sheet = builder.finish();
        let row = sheet.row(0).expect("a row");
        assert!(row.cells().all(|cell| matches!(cell, RawCell::Number(_))));
        assert_eq!(row.cell(2), RawCell::Number(f64::NEG_INFINITY));
    }

    #[test]
    fn the_farthest_cells_and_endless_text_are_refused() {
        let mut builder = SheetBuilder::new("", 12_000_000);
        assert!(builder.put((1_048_575, 16_383), RawCell::Bool(true)).is_ok());
        for at in [(0, u32::MAX), (u32::MAX, u32::MAX), (u32::MAX, 12_000_000)] {
            assert_eq!(builder.put(at, RawCell::Bool(true)).expect_err("too far").code, "file_too_large");
        }
        let long = "ж".repeat(1 << 20);
        let mut builder = SheetBuilder::new("", 1_000);
        let put = (0..1_000).find_map(|row| builder.put((row, 0), RawCell::Text(&long)).err().map(|e| (row, e.code)));
        assert_eq!(put, Some((100, "file_too_large")));
    }

    /// Texts that are put unseen may not fill the memory with what repeats.
    #[test]
    fn texts_put_unseen_are_looked_up_when_there_are_too_many() {
        let mut builder = SheetBuilder::new("", 1_000);
        let grown = |builder: &mut SheetBuilder, row: u32| {
            let before = builder.texts().len();
            builder.put_new((row, 0), "А \"Б\"").expect("room");
            builder.texts().len() - before
        };
        assert_eq!((grown(&mut builder, 0), grown(&mut builder, 1)), (7, 7));
        let long = "ж".repeat(MOST_UNSEEN / 4);
        (2..5).for_each(|row| builder.put_new((row, 0), &long).expect("room"));
        assert_eq!((grown(&mut builder, 5), grown(&mut builder, 6)), (7, 0));
        let sheet = builder.finish();
        let short = sheet.rows().filter(|row| row.cell(0) == RawCell::Text("А \"Б\""));
        assert_eq!((short.count(), sheet.len()), (4, 7));
    }

    #[test]
    fn the_cap_counts_gaps() {
        let mut builder = SheetBuilder::new("", 10);
        assert!(builder.put((0, 9), RawCell::Bool(true)).is_ok());
        assert_eq!(builder.put((1, 0), RawCell::Bool(true)).expect_err("full").code, "file_too_large");
    }
}
