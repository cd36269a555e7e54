//! Workbooks through calamine: xlsx and xlsb cell by cell under a cap (a range of them can ask for 550 GB), xls and ods
//! as whole ranges, which their reader builds anyway. A number stays a number: calamine 0.37 and later take 1C's own
//! formats of `.xls` for dates, so the serial is kept and the column's role decides. Deliberately absent: merged cells,
//! outline levels, hidden rows (calamine does not tell them for every format).

use std::io::Cursor;

use calamine::{Data, DataRef, Ods, Range, Reader, Sheet, SheetType, SheetVisible, Xls, XlsOptions, Xlsb, Xlsx};

use super::{
    container,
    raw::{RawCell, RawRow, RawSheet},
    read::{ReadLimits, Refusal},
    zip_guard::ZipKind,
};

/// What stands in a cell whose formula was never calculated; treated as an error value, never as zero.
pub const NO_VALUE: &str = "=?";

/// Reads a checked ZIP workbook.
pub fn read_zip(kind: ZipKind, bytes: &[u8], limits: &ReadLimits) -> Result<Vec<RawSheet>, Refusal> {
    let cursor = Cursor::new(bytes);
    match kind {
        ZipKind::Xlsx => read_xlsx(Xlsx::new(cursor).map_err(damaged)?, limits),
        ZipKind::Xlsb => read_xlsb(Xlsb::new(cursor).map_err(damaged)?, limits),
        ZipKind::Ods => read_ranges(Ods::new(cursor).map_err(damaged)?, false, limits),
    }
}

/// Reads an xls. BIFF5 and BIFF7 without a CODEPAGE record are 1C 7.7's: cp1251.
pub fn read_xls(bytes: &[u8], limits: &ReadLimits) -> Result<Vec<RawSheet>, Refusal> {
    let mut options = XlsOptions::default();
    if without_code_page(bytes) {
        options.force_codepage = Some(1251);
    }
    let book = Xls::new_with_options(Cursor::new(bytes), options).map_err(damaged)?;
    let epoch_1904 = book.has_1904_epoch();
    read_ranges(book, epoch_1904, limits)
}

/// Whether the globals of a BIFF5/7 stream come without CODEPAGE (record 0x0042). The stream begins with BOF (0x0809,
/// version 0x0500, workbook globals 0x0005) at a sector boundary.
fn without_code_page(bytes: &[u8]) -> bool {
    let word = |at: usize| bytes.get(at..at + 2).map(|w| u16::from_le_bytes([w[0], w[1]]));
    let starts = (512..bytes.len()).step_by(64);
    let Some(start) = starts
        .into_iter()
        .find(|&at| word(at) == Some(0x0809) && word(at + 4) == Some(0x0500) && word(at + 6) == Some(0x0005))
    else {
        return false;
    };
    let mut at = start;
    for _ in 0..64 {
        match (word(at), word(at + 2)) {
            (Some(0x0042), _) => return false,
            (Some(0x000A) | None, _) | (_, None) => return true,
            (Some(_), Some(length)) => at += 4 + usize::from(length),
        }
    }
    true
}

fn read_xlsx(mut book: Xlsx<Cursor<&[u8]>>, limits: &ReadLimits) -> Result<Vec<RawSheet>, Refusal> {
    let epoch_1904 = book.has_1904_epoch();
    let mut sheets = Vec::new();
    let mut left = limits.max_cells;
    for meta in worksheets(book.sheets_metadata()) {
        let mut filler = Filler::new(&meta, epoch_1904, left);
        let mut cells = book.worksheet_cells_reader(&meta.name).map_err(damaged)?;
        while let Some(record) = cells.next_cell_with_formula_metadata().map_err(damaged)? {
            let mut cell = from_ref(record.value);
            if record.formula.is_some() && cell == RawCell::Empty {
                cell = RawCell::Error(NO_VALUE.to_owned());
            }
            filler.put(record.pos, cell)?;
        }
        sheets.push(filler.finish(&mut left));
    }
    Ok(sheets)
}

fn read_xlsb(mut book: Xlsb<Cursor<&[u8]>>, limits: &ReadLimits) -> Result<Vec<RawSheet>, Refusal> {
    let epoch_1904 = book.has_1904_epoch();
    let mut sheets = Vec::new();
    let mut left = limits.max_cells;
    for meta in worksheets(book.sheets_metadata()) {
        let mut filler = Filler::new(&meta, epoch_1904, left);
        let mut cells = book.worksheet_cells_reader(&meta.name).map_err(damaged)?;
        while let Some(cell) = cells.next_cell().map_err(damaged)? {
            filler.put(cell.get_position(), from_ref(cell.get_value().clone()))?;
        }
        sheets.push(filler.finish(&mut left));
    }
    Ok(sheets)
}

fn read_ranges<'a, R>(mut book: R, epoch_1904: bool, limits: &ReadLimits) -> Result<Vec<RawSheet>, Refusal>
where
    R: Reader<Cursor<&'a [u8]>>,
    R::Error: std::fmt::Display,
{
    let mut sheets = Vec::new();
    let mut left = limits.max_cells;
    for meta in worksheets(book.sheets_metadata()) {
        let range: Range<Data> = book.worksheet_range(&meta.name).map_err(damaged)?;
        let (top, start) = range.start().unwrap_or_default();
        let mut filler = Filler::new(&meta, epoch_1904, left);
        for (row, column, value) in range.used_cells() {
            filler.put((top + row as u32, start + column as u32), from_data(value))?;
        }
        sheets.push(filler.finish(&mut left));
    }
    Ok(sheets)
}

fn worksheets(metadata: &[Sheet]) -> Vec<Sheet> {
    metadata.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet).cloned().collect()
}

/// Collects cells, which may come out of order in a hostile file, into rows.
struct Filler {
    sheet: RawSheet,
    left: usize,
}

impl Filler {
    fn new(meta: &Sheet, epoch_1904: bool, left: usize) -> Self {
        let hidden = meta.visible != SheetVisible::Visible;
        Self { sheet: RawSheet { name: meta.name.clone(), hidden, epoch_1904, rows: Vec::new() }, left }
    }

    fn put(&mut self, (row, column): (u32, u32), cell: RawCell) -> Result<(), Refusal> {
        if cell == RawCell::Empty {
            return Ok(());
        }
        let number = row.saturating_add(1);
        let rows = &mut self.sheet.rows;
        let place = match rows.last() {
            Some(last) if last.number == number => rows.len() - 1,
            Some(last) if last.number > number => match rows.binary_search_by_key(&number, |r| r.number) {
                Ok(found) => found,
                Err(gap) => {
                    rows.insert(gap, RawRow { number, cells: Vec::new() });
                    gap
                }
            },
            _ => {
                rows.push(RawRow { number, cells: Vec::new() });
                rows.len() - 1
            }
        };
        let Some(target) = rows.get_mut(place) else { return Ok(()) };
        let column = column as usize;
        if target.cells.len() <= column {
            let added = column + 1 - target.cells.len();
            self.left = self.left.checked_sub(added).ok_or_else(too_many_cells)?;
            target.cells.resize(column + 1, RawCell::Empty);
        }
        if let Some(slot) = target.cells.get_mut(column) {
            *slot = cell;
        }
        Ok(())
    }

    fn finish(self, left: &mut usize) -> RawSheet {
        *left = self.left;
        self.sheet
    }
}

fn from_ref(value: DataRef<'_>) -> RawCell {
    match value {
        DataRef::SharedString(text) => text_cell(text.to_owned()),
        DataRef::String(text) | DataRef::DurationIso(text) => text_cell(text),
        DataRef::Int(number) => RawCell::Number(number as f64),
        DataRef::Float(number) => RawCell::Number(number),
        DataRef::DateTime(serial) => RawCell::Number(serial.as_f64()),
        DataRef::DateTimeIso(text) => RawCell::Iso(text),
        DataRef::Bool(value) => RawCell::Bool(value),
        DataRef::Error(error) => RawCell::Error(error.to_string()),
        DataRef::Empty => RawCell::Empty,
    }
}

fn from_data(value: &Data) -> RawCell {
    match value {
        Data::String(text) | Data::DurationIso(text) => text_cell(text.clone()),
        Data::Int(number) => RawCell::Number(*number as f64),
        Data::Float(number) => RawCell::Number(*number),
        Data::DateTime(serial) => RawCell::Number(serial.as_f64()),
        Data::DateTimeIso(text) => RawCell::Iso(text.clone()),
        Data::Bool(value) => RawCell::Bool(*value),
        Data::Error(error) => RawCell::Error(error.to_string()),
        Data::Empty => RawCell::Empty,
    }
}

fn text_cell(text: String) -> RawCell {
    if text.is_empty() { RawCell::Empty } else { RawCell::Text(text) }
}

fn damaged(cause: impl std::fmt::Display) -> Refusal {
    let cause = cause.to_string();
    if cause.to_lowercase().contains("password") {
        return container::encrypted();
    }
    Refusal::new(
        "file_damaged",
        format!("книга не читается ({cause}); откройте её в Excel и сохраните заново как .xlsx или выгрузите ещё раз"),
        format!(
            "the workbook cannot be read ({cause}); open it in Excel and save it again as .xlsx, or export it again"
        ),
    )
}

fn too_many_cells() -> Refusal {
    Refusal::new(
        "file_too_large",
        "в книге слишком много ячеек; выгрузите меньший период или сохраните как .csv",
        "the workbook has too many cells; export a shorter period or save it as .csv",
    )
}
