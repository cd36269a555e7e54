//! A reader of .xlsx worksheets that streams the inflating parts straight into packed sheets, for speed and for what
//! calamine does not tell (levels of the outline, indents, merged ranges on the way). It reads what is written as the
//! standard says and answers "not sure" to all else; then calamine reads the whole workbook. Deliberately absent:
//! repair, formulas, and everything a table of sales does not need.

mod parts;
mod scan;
mod sheet;
mod strings;
mod text;

use std::collections::HashSet;

use self::{parts::Package, sheet::Reader, strings::Strings};
use super::{
    builder::SheetBuilder,
    raw::RawSheet,
    read::{ReadLimits, Refusal},
};

/// Why reading stopped.
enum Stop {
    /// Another reader must look.
    Unsure,
    /// The workbook is refused. Boxed: results of every token carry this type.
    Refused(Box<Refusal>),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

fn unsure<T>() -> Result<T, Stop> {
    Err(Stop::Unsure)
}

/// Reads the worksheets of a checked package; nothing when it is not sure.
///
/// # Errors
/// A refusal when the workbook has more cells than allowed.
pub fn read(bytes: &[u8], limits: &ReadLimits) -> Result<Option<Vec<RawSheet>>, Refusal> {
    match Package::open(bytes, Some(limits.max_inflated)).and_then(|mut package| sheets(&mut package, limits)) {
        Ok(sheets) => Ok(Some(sheets)),
        Err(Stop::Unsure) => Ok(None),
        Err(Stop::Refused(refusal)) => Err(*refusal),
    }
}

/// The same of a package whose parts nobody inflated yet: none may give more than it declares. Beside the sheets come the
/// parts that were inflated to their end, by their index. Nothing when it is not sure or when anything is wrong.
pub fn read_counting(bytes: &[u8], limits: &ReadLimits) -> Option<(Vec<RawSheet>, HashSet<usize>)> {
    let mut package = Package::open(bytes, None).ok()?;
    let sheets = sheets(&mut package, limits).ok()?;
    // Every part that was opened was read to its end, or there would be no sheets.
    Some((sheets, package.opened))
}

fn sheets(package: &mut Package<'_>, limits: &ReadLimits) -> Result<Vec<RawSheet>, Stop> {
    let book = package.book()?;
    let indents = package.indents(&book.folder)?;
    let mut strings = match package.part(&format!("{}sharedStrings.xml", book.folder))? {
        Some(mut part) => Strings::read(&mut part, limits.max_cells)?,
        None => Strings::default(),
    };
    // The largest sheet comes last: it takes the shared strings over instead of copying them.
    let mut order: Vec<(u64, usize)> = book.sheets.iter().map(|sheet| package.size(&sheet.path)).zip(0..).collect();
    order.sort_unstable();
    let mut sheets: Vec<Option<RawSheet>> = vec![None; book.sheets.len()];
    let mut left = limits.max_cells;
    for (done, (_, index)) in (1..).zip(&order) {
        let (Some(listed), Some(slot)) = (book.sheets.get(*index), sheets.get_mut(*index)) else { continue };
        let builder = SheetBuilder::new(&listed.name, left).hidden(listed.hidden).epoch_1904(book.epoch_1904);
        let (builder, strings) = strings.lend(builder, done == order.len());
        let Some(scanner) = package.part(&listed.path)? else { return unsure() };
        let reader = Reader { scanner, builder, strings, indents: &indents, scratch: String::new() };
        let builder = reader.run()?;
        left = builder.left();
        *slot = Some(builder.finish());
    }
    Ok(sheets.into_iter().flatten().collect())
}
