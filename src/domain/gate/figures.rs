//! The numbers of a run that later runs are compared with; kept as JSON in `RunRecord::figures`. Deliberately absent:
//! names of buyers, anything a mail would show.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::{
    assess::in_other_currency,
    facts::{Facts, Outcome},
    ledger::{EntryKind, NewEntry},
    money::{Money, Rate},
    org::EmployeeId,
    period::Period,
    sale::Sale,
    verdict::{AssessedSale, Status},
};

/// Figures of one run, base currency. A field that an older run does not have reads as nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Figures {
    /// Documents of sale that are judged (not exempt, not returns).
    pub sales: u64,
    /// Their sum.
    pub turnover: Money,
    /// The part of it whose seller nobody knows.
    pub unknown_manager_turnover: Money,
    /// The part of it that has a verdict: on time, late or missing.
    pub judged_turnover: Money,
    /// The same four for the newest period with sales and the one before it: what is new must not drown in years of
    /// history.
    pub recent: Recent,
    /// Companies and contacts of the latest CRM snapshots.
    pub crm_records: i64,
    /// Reductions that the run posts: the sum of its negative entries (except premiums), without sign and before the cap
    /// gives anything back.
    pub reductions: Money,
    /// The same by employee; only those who have any.
    pub employee_reductions: BTreeMap<EmployeeId, Money>,
    /// Premiums that the run posts.
    pub premiums: Money,
}

/// Figures of the newest period with sales and the one before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Recent {
    /// Sum of judged documents of sale.
    pub turnover: Money,
    /// The part whose seller nobody knows.
    pub unknown_manager_turnover: Money,
    /// Documents that are on time, late or missing.
    pub settled_sales: u64,
    /// Their sum.
    pub settled_turnover: Money,
    /// The part that is missing or late.
    pub missing_turnover: Money,
}

impl Figures {
    /// Share of the turnover whose seller nobody knows: the worse of all sales and the recent ones.
    pub fn unknown_manager(&self) -> Rate {
        let share = |part: Money, whole: Money| Rate::of(part.kopecks(), whole.kopecks()).unwrap_or(Rate::ZERO);
        share(self.unknown_manager_turnover, self.turnover)
            .max(share(self.recent.unknown_manager_turnover, self.recent.turnover))
    }
}

/// Figures of a run.
pub fn figures(facts: &Facts, outcome: &Outcome, entries: &[NewEntry]) -> Figures {
    let mut all = Figures { crm_records: facts.snapshots.iter().map(|s| s.records).sum(), ..Figures::default() };
    let judged = || facts.sales.iter().zip(&outcome.sales).filter(|(sale, own)| counts(facts, sale, own));
    let since = judged().map(|(sale, _)| sale.date).max().map(|day| Period::of(day).prev().from());
    for (sale, own) in judged() {
        let recent = since.is_some_and(|since| sale.date >= since);
        let (unknown, settled) =
            (own.employee.is_none(), matches!(own.status, Status::OnTime | Status::Late | Status::Missing));
        let missing = matches!(own.status, Status::Late | Status::Missing);
        all.sales += 1;
        all.turnover += sale.amount;
        add_if(&mut all.unknown_manager_turnover, unknown, sale.amount);
        add_if(&mut all.judged_turnover, settled, sale.amount);
        add_if(&mut all.recent.turnover, recent, sale.amount);
        add_if(&mut all.recent.unknown_manager_turnover, recent && unknown, sale.amount);
        add_if(&mut all.recent.settled_turnover, recent && settled, sale.amount);
        add_if(&mut all.recent.missing_turnover, recent && missing, sale.amount);
        all.recent.settled_sales += u64::from(recent && settled);
    }
    for entry in entries {
        match entry.kind {
            EntryKind::Premium => all.premiums += entry.amount,
            EntryKind::Reduction | EntryKind::CapRelief | EntryKind::Correction if entry.amount.is_negative() => {
                all.reductions += entry.amount.abs();
                *all.employee_reductions.entry(entry.key.employee.clone()).or_default() += entry.amount.abs();
            }
            // A deferral takes nothing away: it waits for the head.
            EntryKind::Deferral | EntryKind::Reduction | EntryKind::CapRelief | EntryKind::Correction => {}
        }
    }
    all
}

fn add_if(sum: &mut Money, yes: bool, amount: Money) {
    if yes {
        *sum += amount;
    }
}

/// Sales above zero in the base currency that are not exempt. Returns would make shares of turnover meaningless.
fn counts(facts: &Facts, sale: &Sale, own: &AssessedSale) -> bool {
    !sale.is_return() && !sale.amount.is_zero() && own.status != Status::Exempt && !in_other_currency(facts, sale)
}
