//! What is missing, late or incomplete in the CRM.

use chrono::{DateTime, Utc};

use super::{
    facts::{CardScore, Facts},
    finding::Finding,
    verdict::{AssessedSale, PartyVerdict},
};

/// Status of every sale (aligned with `facts.sales`) and score of every card, as of the instant.
pub fn assess(
    _facts: &Facts,
    _verdicts: &[PartyVerdict],
    _as_of: DateTime<Utc>,
) -> (Vec<AssessedSale>, Vec<CardScore>, Vec<Finding>) {
    (Vec::new(), Vec::new(), Vec::new())
}
