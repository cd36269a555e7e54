//! Workbooks through calamine: xlsx (where our own reader in `xlsx` is not sure) and xlsb cell by cell under a cap (a
//! range of them can ask for 550 GB), xls and ods as whole ranges, which their reader builds anyway. A number stays a
//! number: calamine 0.37 and later take 1C's own formats of `.xls` for dates, so the serial is kept and the column's
//! role decides. Merged cells come from `.xls`. Deliberately absent: outline levels, indents, hidden rows (calamine does
//! not tell them; `xlsx` does).

use std::io::Cursor;

use calamine::{
    Data, DataRef, Dimensions, Ods, Range, Reader, Sheet, SheetType, SheetVisible, Xls, XlsOptions, Xlsb, Xlsx,
};

use super::{
    builder::SheetBuilder,
    container,
    raw::{RawCell, RawSheet},
    read::{ReadLimits, Refusal},
    xlsx,
    zip_guard::ZipKind,
};

/// What stands in a cell whose formula was never calculated; treated as an error value, never as zero.
pub const NO_VALUE: &str = "=?";

/// Reads a checked ZIP workbook.
pub fn read_zip(kind: ZipKind, bytes: &[u8], limits: &ReadLimits) -> Result<Vec<RawSheet>, Refusal> {
    let cursor = Cursor::new(bytes);
    match kind {
        ZipKind::Xlsx => match xlsx::read(bytes, limits)? {
            Some(sheets) => Ok(sheets),
            None => read_xlsx(bytes, limits),
        },
        ZipKind::Xlsb => read_xlsb(Xlsb::new(cursor).map_err(damaged)?, limits),
        ZipKind::Ods => read_ranges(Ods::new(cursor).map_err(damaged)?, false, limits, |_, _| Vec::new()),
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
    read_ranges(book, epoch_1904, limits, |book, sheet| book.merge_cells_by_sheet_name(sheet).unwrap_or_default())
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

/// Reads an xlsx through calamine: what our own reader is not sure about, and what it is compared with.
pub fn read_xlsx(bytes: &[u8], limits: &ReadLimits) -> Result<Vec<RawSheet>, Refusal> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    let epoch_1904 = book.has_1904_epoch();
    let mut sheets = Vec::new();
    let mut left = limits.max_cells;
    for meta in worksheets(book.sheets_metadata()) {
        let mut filler = builder(&meta, epoch_1904, left);
        let mut cells = book.worksheet_cells_reader(&meta.name).map_err(damaged)?;
        while let Some(record) = cells.next_cell_with_formula_metadata().map_err(damaged)? {
            let nothing = match &record.value {
                DataRef::Empty => true,
                DataRef::String(text) => text.is_empty(),
                _ => false,
            };
            if record.formula.is_some() && nothing {
                filler.put(record.pos, RawCell::Error(NO_VALUE))?;
            } else {
                put_ref(&mut filler, record.pos, &record.value)?;
            }
        }
        sheets.push(finish(filler, &mut left));
    }
    Ok(sheets)
}

fn read_xlsb(mut book: Xlsb<Cursor<&[u8]>>, limits: &ReadLimits) -> Result<Vec<RawSheet>, Refusal> {
    let epoch_1904 = book.has_1904_epoch();
    let mut sheets = Vec::new();
    let mut left = limits.max_cells;
    for meta in worksheets(book.sheets_metadata()) {
        let mut filler = builder(&meta, epoch_1904, left);
        let mut cells = book.worksheet_cells_reader(&meta.name).map_err(damaged)?;
        while let Some(cell) = cells.next_cell().map_err(damaged)? {
            put_ref(&mut filler, cell.get_position(), cell.get_value())?;
        }
        sheets.push(finish(filler, &mut left));
    }
    Ok(sheets)
}

fn read_ranges<'a, R>(
    mut book: R,
    epoch_1904: bool,
    limits: &ReadLimits,
    merges: impl Fn(&R, &str) -> Vec<Dimensions>,
) -> Result<Vec<RawSheet>, Refusal>
where
    R: Reader<Cursor<&'a [u8]>>,
    R::Error: std::fmt::Display,
{
    let mut sheets = Vec::new();
    let mut left = limits.max_cells;
    for meta in worksheets(book.sheets_metadata()) {
        let range: Range<Data> = book.worksheet_range(&meta.name).map_err(damaged)?;
        let (top, start) = range.start().unwrap_or_default();
        let mut filler = builder(&meta, epoch_1904, left);
        for (row, column, value) in range.used_cells() {
            put_data(&mut filler, (top + row as u32, start + column as u32), value)?;
        }
        for merge in merges(&book, &meta.name) {
            filler.merge(merge.start, merge.end);
        }
        sheets.push(finish(filler, &mut left));
    }
    Ok(sheets)
}

fn worksheets(metadata: &[Sheet]) -> Vec<Sheet> {
    metadata.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet).cloned().collect()
}

fn builder(meta: &Sheet, epoch_1904: bool, left: usize) -> SheetBuilder {
    SheetBuilder::new(&meta.name, left).hidden(meta.visible != SheetVisible::Visible).epoch_1904(epoch_1904)
}

fn finish(builder: SheetBuilder, left: &mut usize) -> RawSheet {
    *left = builder.left();
    builder.finish()
}

fn put_ref(builder: &mut SheetBuilder, at: (u32, u32), value: &DataRef<'_>) -> Result<(), Refusal> {
    let error;
    let cell = match value {
        DataRef::SharedString(text) => RawCell::Text(text),
        DataRef::String(text) | DataRef::DurationIso(text) => RawCell::Text(text),
        DataRef::Int(number) => RawCell::Number(*number as f64),
        DataRef::Float(number) => RawCell::Number(*number),
        DataRef::DateTime(serial) => RawCell::Number(serial.as_f64()),
        DataRef::DateTimeIso(text) => RawCell::Iso(text),
        DataRef::Bool(value) => RawCell::Bool(*value),
        DataRef::Error(value) => {
            error = value.to_string();
            RawCell::Error(&error)
        }
        DataRef::Empty => RawCell::Empty,
    };
    builder.put(at, cell)
}

fn put_data(builder: &mut SheetBuilder, at: (u32, u32), value: &Data) -> Result<(), Refusal> {
    let error;
    let cell = match value {
        Data::String(text) | Data::DurationIso(text) => RawCell::Text(text),
        Data::Int(number) => RawCell::Number(*number as f64),
        Data::Float(number) => RawCell::Number(*number),
        Data::DateTime(serial) => RawCell::Number(serial.as_f64()),
        Data::DateTimeIso(text) => RawCell::Iso(text),
        Data::Bool(value) => RawCell::Bool(*value),
        Data::Error(value) => {
            error = value.to_string();
            RawCell::Error(&error)
        }
        Data::Empty => RawCell::Empty,
    };
    builder.put(at, cell)
}

fn damaged(cause: impl std::fmt::Display) -> Refusal {
    let cause = cause.to_string();
    if cause.to_lowercase().contains("password") {
        return container::encrypted();
    }
    Refusal::new(
        "file_damaged",
        "книга не читается: файл повреждён или записан не до конца; откройте её в Excel и сохраните заново как .xlsx или выгрузите ещё раз",
        "the workbook cannot be read: the file is damaged or was not written to its end; open it in Excel and save it again as .xlsx, or export it again",
    )
}
