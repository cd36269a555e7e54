//! One table laid into a sheet: cells pushed aside by those that span rows, spans kept as merged ranges, values that the
//! writer typed (Excel's `x:num`, LibreOffice's `sdval`) as numbers. Deliberately absent: the page around it.

use html5gum::StartTag;

use super::{attribute, text::Flow};
use crate::ingest::{
    builder::{SheetBuilder, too_many_cells},
    raw::{RawCell, RawSheet, RowStyle},
    read::Refusal,
    value::is_blank,
};

/// Columns of a sheet.
const MOST_COLUMNS: u32 = 16_384;
/// Largest spans that count; HTML's own limits.
const WIDEST: u32 = 1_000;
const TALLEST: u32 = 65_534;
/// Filled cells from which on a row is one of data, and such rows from which on a table is.
const DATA_CELLS: usize = 3;
const DATA_ROWS: usize = 2;

/// What a cell's tag says.
pub(super) struct Cell {
    pub columns: u32,
    /// 0 = to the end of the table.
    pub rows: u32,
    pub typed: Typed,
    /// Padding at the left, pixels.
    pub indent: u16,
}

/// How the writer typed a cell.
pub(super) enum Typed {
    Text,
    /// A number; `None` = the text is the number.
    Number(Option<f64>),
    Truth(bool),
    Error,
}

/// A sheet being laid.
pub(super) struct Grid {
    builder: SheetBuilder,
    /// 0-based row that is open or comes next.
    row: u32,
    in_row: bool,
    hidden: bool,
    /// First column that is free in the open row.
    column: u32,
    filled: usize,
    data_rows: usize,
    cell: Option<(Cell, Flow)>,
    /// By column: the first row below a cell that spans rows.
    taken: Vec<u32>,
    spans: Vec<[u32; 4]>,
    /// Rows with the padding of their first filled cell.
    indents: Vec<(u32, u16, bool)>,
}

impl Grid {
    pub fn new(left: usize) -> Self {
        Self {
            builder: SheetBuilder::new("", left),
            row: 0,
            in_row: false,
            hidden: false,
            column: 0,
            filled: 0,
            data_rows: 0,
            cell: None,
            taken: Vec::new(),
            spans: Vec::new(),
            indents: Vec::new(),
        }
    }

    pub const fn left(&self) -> usize {
        self.builder.left()
    }

    pub const fn set_left(&mut self, left: usize) {
        self.builder.set_left(left);
    }

    /// The text of the open cell.
    pub fn flow(&mut self) -> Option<&mut Flow> {
        self.cell.as_mut().map(|(_, flow)| flow)
    }

    pub const fn holds_data(&self) -> bool {
        self.data_rows >= DATA_ROWS
    }

    /// A line of text between tables: a row with one cell.
    pub fn line(&mut self, text: &str) -> Result<(), Refusal> {
        self.builder.put((self.row, 0), RawCell::Text(text))?;
        self.row = self.row.saturating_add(1);
        Ok(())
    }

    pub fn open_row(&mut self, hidden: bool) -> Result<(), Refusal> {
        self.close_row()?;
        (self.in_row, self.hidden) = (true, hidden);
        Ok(())
    }

    pub fn open_cell(&mut self, cell: Cell) -> Result<(), Refusal> {
        self.close_cell()?;
        self.in_row = true;
        self.cell = Some((cell, Flow::default()));
        Ok(())
    }

    pub fn close_row(&mut self) -> Result<(), Refusal> {
        self.close_cell()?;
        if self.in_row {
            self.data_rows += usize::from(self.filled >= DATA_CELLS);
            self.row = self.row.saturating_add(1);
            (self.in_row, self.hidden, self.column, self.filled) = (false, false, 0, 0);
        }
        Ok(())
    }

    pub fn close_table(&mut self) -> Result<(), Refusal> {
        self.close_row()?;
        self.taken.clear();
        let last = self.row.saturating_sub(1);
        for [top, left, bottom, right] in self.spans.drain(..) {
            self.builder.merge((top, left), (bottom.min(last), right));
        }
        Ok(())
    }

    pub fn close_cell(&mut self) -> Result<(), Refusal> {
        let Some((cell, mut flow)) = self.cell.take() else { return Ok(()) };
        while self.taken.get(self.column as usize).is_some_and(|until| *until > self.row) {
            self.column += 1;
        }
        let (left, wide) = (self.column, cell.columns.clamp(1, WIDEST));
        if left.saturating_add(wide) > MOST_COLUMNS {
            return Err(too_many_cells());
        }
        let tall = if cell.rows == 0 { TALLEST } else { cell.rows.min(TALLEST) };
        self.column = left + wide;
        if tall > 1 {
            if self.taken.len() < self.column as usize {
                self.taken.resize(self.column as usize, 0);
            }
            for until in self.taken.iter_mut().skip(left as usize).take(wide as usize) {
                *until = self.row.saturating_add(tall);
            }
        }
        let text = flow.take();
        let value = match cell.typed {
            Typed::Number(value) => value.or_else(|| number(&text)).map_or(RawCell::Text(&text), RawCell::Number),
            Typed::Truth(value) => RawCell::Bool(value),
            Typed::Error => RawCell::Error(&text),
            Typed::Text => RawCell::Text(&text),
        };
        let nothing = matches!(value, RawCell::Text(text) | RawCell::Error(text) if text.chars().all(is_blank));
        if !nothing {
            self.builder.put((self.row, left), value)?;
            if self.filled == 0 {
                self.indents.push((self.row, cell.indent, self.hidden));
            }
            self.filled += 1;
        }
        // A span of nothing is formatting; one in a header keeps its caption.
        if !nothing && (wide > 1 || tall > 1) {
            self.spans.push([self.row, left, self.row.saturating_add(tall - 1), left + wide - 1]);
        }
        Ok(())
    }

    pub fn finish(mut self) -> RawSheet {
        let mut steps: Vec<u16> = self.indents.iter().map(|(_, indent, _)| *indent).collect();
        steps.sort_unstable();
        steps.dedup();
        for (row, indent, hidden) in std::mem::take(&mut self.indents) {
            let step = steps.iter().position(|step| *step == indent).filter(|_| steps.len() > 1);
            let indent = step.and_then(|step| u8::try_from(step).ok());
            if indent.is_some() || hidden {
                self.builder.style(row, RowStyle { outline: None, indent, hidden });
            }
        }
        self.builder.finish()
    }
}

/// How a cell's tag types it. A name in Excel's list of types is text, whatever it looks like.
pub(super) fn typed(tag: &StartTag<()>) -> Typed {
    let has = |name: &[u8]| tag.attributes.contains_key(name);
    for name in [&b"x:num"[..], b"sdval"] {
        if has(name) {
            return Typed::Number(plain_number(attribute(tag, name).trim()));
        }
    }
    match () {
        () if has(b"x:err") => Typed::Error,
        () if has(b"x:bool") => Typed::Truth(attribute(tag, b"x:bool").eq_ignore_ascii_case("true")),
        () => Typed::Text,
    }
}

/// The shown text of a number cell: blanks group, the one comma or point is the decimal sign. Three digits behind it may
/// as well be a group: then it stays text, and the column decides.
fn number(text: &str) -> Option<f64> {
    let text: String = text.chars().filter(|c| !is_blank(*c)).collect();
    match text.rsplit_once([',', '.']) {
        Some((whole, fraction)) if whole.contains([',', '.']) || fraction.len() == 3 => None,
        _ => plain_number(&text.replace(',', ".")),
    }
}

fn plain_number(text: &str) -> Option<f64> {
    let sound =
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'+' | b'.' | b'e' | b'E'));
    if sound { text.parse().ok().filter(|number: &f64| number.is_finite()) } else { None }
}
