//! Sums per employee and period that period rules look at. Deliberately absent: the rules themselves.

use std::collections::BTreeMap;

use super::{
    super::{money::Money, org::Employee, period::Period},
    bonus::Move,
    missing::Change,
};

/// Sums of one employee in one period under one policy version.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sums {
    /// Sum of rounded bonuses, returns included.
    pub(super) bonus: Money,
    /// Sum of real lines of `missing_counterparty`, returns included (negative = reductions).
    pub(super) real: Money,
    /// The same for lines that are only shown.
    pub(super) shown: Money,
}

/// Sums by policy version.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub(super) by_version: BTreeMap<usize, Sums>,
}

impl Part {
    /// The period's bonus: the sum of rounded bonuses, not below zero.
    pub(super) fn bonus(&self) -> Money {
        self.by_version.values().map(|s| s.bonus).sum::<Money>().max(Money::ZERO)
    }
}

/// All sums, by period and personnel number.
pub(super) type Book<'a> = BTreeMap<(Period, &'a str), (&'a Employee, Part)>;

/// Adds the moves up.
pub(super) fn book<'a>(moves: &[Move<'a>], changes: &[Change]) -> Book<'a> {
    let mut book: Book<'a> = BTreeMap::new();
    for (step, change) in moves.iter().zip(changes) {
        let (_, part) =
            book.entry((step.period, step.employee.id.0.as_str())).or_insert_with(|| (step.employee, Part::default()));
        let sums = part.by_version.entry(step.version).or_default();
        sums.bonus += step.bonus();
        sums.real += change.real;
        sums.shown += change.shown;
    }
    book
}
