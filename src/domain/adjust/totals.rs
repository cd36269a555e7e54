//! The bonus of each employee in a period before any adjustment, for the statement. Deliberately absent: adjustments.

use std::collections::BTreeMap;

use super::{
    super::{
        assess::returns,
        facts::{Facts, Outcome},
        money::{Money, Rate},
        org::EmployeeId,
        period::Period,
    },
    approval::Approvals,
    bonus::Move,
    rates,
    reach::Reach,
};

/// The bonus of one person in the period before any adjustment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeriodBonus {
    /// Whose.
    pub employee: EmployeeId,
    /// Sum of the bases (turnover or margin, by policy).
    pub base: Money,
    /// Sum of the sales' bonuses.
    pub bonus: Money,
}

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

/// Base, rate and bonus of the newest plain sale of a version: a worked example.
pub fn example_bonus(facts: &Facts, outcome: &Outcome, version: &str) -> Option<(Money, Rate, Money)> {
    let (links, reach, approvals) = (returns::link(facts), Reach::of(facts), Approvals::of(facts));
    let (moves, _, _) = rates::moves(facts, &outcome.sales, &links, &reach, &approvals);
    let of_version = |step: &&Move<'_>| facts.policy.versions.get(step.version).is_some_and(|v| v.id == version);
    let best = moves
        .iter()
        .filter(|step| step.doc == step.sale && step.bonus() > Money::ZERO)
        .filter(of_version)
        .max_by_key(|step| (facts.sales.get(step.sale).map(|s| s.date), step.after))?;
    Some((best.after, best.rate, best.bonus()))
}
