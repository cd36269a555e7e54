//! Printed totals: never imported, always checked. A total must equal the rows above it to the kopeck; that one check
//! catches lost rows, mixed levels, wrong separators and cut files. Deliberately absent: what follows from a mismatch.

use super::{
    raw::Row,
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
    let first = row.cells().find(|cell| !value::is_empty(*cell))?;
    let text = key(&value::text(first));
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
            (begins("итого") || begins("всего") || begins("total")).then_some(Label::Part)
        }
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
