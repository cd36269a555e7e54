//! The comparison for machines: every document, sums by currency in kopecks. Deliberately absent: words but for the
//! meaning.

use serde::Serialize;

use super::Comparison;
use crate::domain::{
    export_diff::{Aspect, Sums, sums},
    inbox::DateSpan,
    sale::Sale,
};

/// The answer as JSON.
#[derive(Serialize)]
pub(super) struct Report<'a> {
    comparable: bool,
    period: Option<DateSpan>,
    added: Vec<Document<'a>>,
    changed: Vec<Change<'a>>,
    vanished: Vec<Document<'a>>,
    same: usize,
    kopecks: Totals,
    meaning: &'a str,
    needs_person: bool,
}

/// Sums by currency.
#[derive(Serialize)]
struct Totals {
    before: Sums,
    after: Sums,
    added: Sums,
    changed: Sums,
    vanished: Sums,
}

#[derive(Serialize)]
struct Change<'a> {
    what: &'a [Aspect],
    before: Document<'a>,
    after: Document<'a>,
}

/// A document without its place.
#[derive(Serialize)]
struct Document<'a> {
    number: &'a str,
    date: chrono::NaiveDate,
    buyer: &'a str,
    manager: &'a str,
    kopecks: i64,
    currency: &'a str,
}

impl<'a> Document<'a> {
    fn of(sale: &'a Sale) -> Self {
        Self {
            number: &sale.number,
            date: sale.date,
            buyer: sale.party.name.trim(),
            manager: &sale.manager,
            kopecks: sale.amount.kopecks(),
            currency: &sale.currency,
        }
    }
}

/// The whole comparison.
pub(super) fn report<'a>(compared: &'a Comparison<'_>, meaning: &'a str, needs_person: bool) -> Report<'a> {
    let found = &compared.diff;
    Report {
        comparable: true,
        period: compared.scope.as_ref().map(|s| s.span),
        added: found.added.iter().map(|s| Document::of(s)).collect(),
        changed: found
            .changed
            .iter()
            .map(|c| Change { what: &c.what, before: Document::of(c.before), after: Document::of(c.after) })
            .collect(),
        vanished: found.vanished.iter().map(|s| Document::of(s)).collect(),
        same: found.same,
        kopecks: Totals {
            before: sums(&compared.before.sales),
            after: sums(&compared.after.sales),
            added: found.added_sums(),
            changed: found.changed_sums(),
            vanished: found.vanished_sums(),
        },
        meaning,
        needs_person,
    }
}
