//! Printed totals: never imported, always checked. A total must equal the rows above it to the kopeck; that one check
//! catches lost rows, mixed levels, wrong separators and cut files. Deliberately absent: what follows from a mismatch.

use super::{
    raw::{RawCell, Row},
    value::{self, key},
};
use crate::domain::money::Money;

/// What a total row covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// «Итого», «Всего».
    Grand,
    /// «Итого по …», «Всего за …».
    Part,
}

/// The label of a total row, by its first text.
pub fn label(row: Row<'_>) -> Option<Label> {
    let RawCell::Text(text) = row.cells().find(|cell| !value::is_empty(*cell))? else { return None };
    if !may_be_label(text) {
        return None;
    }
    let text = key(text);
    match text.as_str() {
        "итого"
        | "всего"
        | "итог"
        | "общий итог"
        | "total"
        | "grand total"
        | "итоги"
        | "всего по отчету"
        | "итого по отчету" => Some(Label::Grand),
        _ => {
            let begins = |word: &str| text.strip_prefix(word).is_some_and(|rest| rest.starts_with([' ', ',', ':']));
            let ends = |word: &str| text.strip_suffix(word).is_some_and(|rest| rest.ends_with(' '));
            if begins("обороты за период") || text == "обороты за период" || text == "оборот за период"
            {
                return Some(Label::Grand);
            }
            (begins("итого") || begins("всего") || begins("total") || ends("итог") || ends("итого") || ends("total"))
                .then_some(Label::Part)
        }
    }
}

/// A quick look: most rows begin with something else.
fn may_be_label(text: &str) -> bool {
    let text = value::trim(text);
    let begins =
        text.chars().next().is_some_and(|c| matches!(c, 'и' | 'И' | 'в' | 'В' | 'о' | 'О' | 't' | 'T' | 'g' | 'G'));
    // The endings end with г, о or l.
    let may_end = text.as_bytes().last().is_some_and(|b| matches!(b, 0xB3 | 0x93 | 0xBE | 0x9E | b'l'));
    begins
        || may_end
            && ["итог", "Итог", "ИТОГ", "итого", "Итого", "ИТОГО", "total", "Total"]
                .iter()
                .any(|end| text.ends_with(end))
}

/// Whether the row is an opening or closing balance of an account, which no total covers.
pub fn is_balance(row: Row<'_>) -> bool {
    let Some(RawCell::Text(text)) = row.cells().find(|cell| !value::is_empty(*cell)) else { return false };
    let starts = value::trim(text).chars().next();
    starts.is_some_and(|c| matches!(c, 'с' | 'С' | 'н' | 'Н' | 'к' | 'К' | 'в' | 'В')) && {
        let text = key(text);
        ["в том числе", "в т.ч", "сальдо на", "сальдо нач", "сальдо кон", "начальное сальдо", "конечное сальдо"]
            .iter()
            .any(|b| text.starts_with(b))
    }
}

/// Running sums of one money column.
#[derive(Clone, Debug, Default)]
pub struct Running {
    /// As printed, since the beginning and since the last total row.
    printed: (Money, Money),
    /// With returns made negative.
    signed: (Money, Money),
    /// Of the base currency only, with returns made negative.
    base: (Money, Money),
    /// Whether a cell could not be read: then a total proves nothing.
    pub broken: bool,
}

impl Running {
    /// Adds a row's amount: as printed, and as it counts.
    pub fn add(&mut self, printed: Money, signed: Money, is_base: bool) {
        let add = |(all, part): &mut (Money, Money), amount: Money| {
            *all += amount;
            *part += amount;
        };
        add(&mut self.printed, printed);
        add(&mut self.signed, signed);
        if is_base {
            add(&mut self.base, signed);
        }
    }

    /// Compares a printed total. 1C sums the column as printed, whatever the currency and kind of document; reports sum
    /// the base currency, or subtract returns. Equal to any of these proves that no row is lost.
    /// `Err` holds the sum of the rows to show.
    pub fn check(&self, label: Label, total: Money) -> Result<(), Money> {
        let sums = [self.printed, self.signed, self.base];
        let equal = sums.iter().any(|(all, part)| *all == total || (label == Label::Part && *part == total));
        if equal || self.broken {
            return Ok(());
        }
        Err(if label == Label::Part { self.printed.1 } else { self.printed.0 })
    }

    /// Starts the next part.
    pub fn next_part(&mut self) {
        for sum in [&mut self.printed, &mut self.signed, &mut self.base] {
            sum.1 = Money::ZERO;
        }
    }
}
