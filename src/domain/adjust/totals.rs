//! The bonus of each employee in a period before any adjustment, for the statement. Deliberately absent: adjustments.

use std::collections::BTreeMap;

use super::{
    super::{
        assess::returns,
        facts::{Facts, Outcome},
        money::Money,
        org::EmployeeId,
        period::Period,
        report::PeriodBonus,
    },
    approval::Approvals,
    rates,
    reach::Reach,
};

/// Bonuses of a period, by personnel number: sum of the bases and sum of the rounded bonuses, returns included.
pub fn period_bonuses(facts: &Facts, outcome: &Outcome, period: Period) -> Vec<PeriodBonus> {
    let (links, reach, approvals) = (returns::link(facts), Reach::of(facts), Approvals::of(facts));
    let (moves, _, _) = rates::moves(facts, &outcome.sales, &links, &reach, &approvals);
    let mut sums: BTreeMap<&EmployeeId, (Money, Money)> = BTreeMap::new();
    for step in moves.iter().filter(|m| m.period == period) {
        let (base, bonus) = sums.entry(&step.employee.id).or_default();
        *base += step.after - step.before;
        *bonus += step.bonus();
    }
    sums.into_iter().map(|(id, (base, bonus))| PeriodBonus { employee: id.clone(), base, bonus }).collect()
}
