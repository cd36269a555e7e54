//! What it means in kopecks: wanted amounts from the facts alone, and the difference to what is posted.

use std::collections::BTreeSet;

use super::{
    facts::{CardScore, Facts},
    finding::Finding,
    ledger::{NewEntry, Posted, Wanted},
    period::Period,
    verdict::{AssessedSale, PartyVerdict},
};

/// Wanted amounts of every rule, sorted by key.
pub fn settle(
    _facts: &Facts,
    _verdicts: &[PartyVerdict],
    _sales: &[AssessedSale],
    _cards: &[CardScore],
) -> (Vec<Wanted>, Vec<Finding>) {
    (Vec::new(), Vec::new())
}

/// Entries still to be posted: `wanted - posted` for every key of either side, sorted by key. A key whose period is in
/// `closed` becomes a correction in the first open period after it. `delta` after posting `delta` is empty.
pub fn delta(_wanted: &[Wanted], _posted: &[Posted], _closed: &BTreeSet<Period>) -> Vec<NewEntry> {
    Vec::new()
}
