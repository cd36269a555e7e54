//! Deals of the audit that wait for the head. Deliberately absent: what they are (`domain::deals`).

use serde::Serialize;

use crate::domain::{
    deals::{self, Deal},
    facts::{Facts, Outcome},
    money::Money,
    org::{Employee, EmployeeId},
};

/// Deals that wait, and what is deferred.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AwaitingDeals {
    /// Those without a decision first, each by money.
    pub deals: Vec<Deal>,
    /// Bonus that waits.
    pub deferred: Money,
    /// How many of them are the head's own: another head has to decide.
    pub own: usize,
}

/// Deals of the people whom the head sees, approved ones left out.
pub(super) fn awaiting(
    facts: &Facts,
    outcome: &Outcome,
    head: &Employee,
    sees: &dyn Fn(Option<&EmployeeId>) -> bool,
) -> AwaitingDeals {
    let mut deals = deals::queue(facts, outcome);
    deals.retain(|deal| deal.state != "approved" && sees(Some(&deal.seller)));
    AwaitingDeals {
        deferred: deals.iter().map(|deal| deal.deferred).sum(),
        own: deals.iter().filter(|deal| deal.seller == head.id).count(),
        deals,
    }
}
