//! What one policy gives over the periods: sums of people, reasons, groups. Only lines that would be posted count. Deliberately
//! absent: the other policy.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;

use super::fair::{self, Client, Group, Tenure};
use crate::domain::{
    adjust,
    facts::{Facts, Outcome},
    ledger::EntryKind,
    money::{Money, Rate},
    org::EmployeeId,
    period::Period,
    verdict::Status,
};

/// One policy over the periods.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Side {
    /// By personnel number.
    pub people: BTreeMap<EmployeeId, Person>,
    /// What moved money, as `rule/status`, with the sum.
    pub reasons: BTreeMap<String, Money>,
    /// Sum of all adjustments by period.
    pub periods: BTreeMap<Period, Money>,
    /// By time with the company.
    pub tenure: BTreeMap<Tenure, Group>,
    /// By department.
    pub departments: BTreeMap<String, Group>,
    /// By type of client.
    pub clients: BTreeMap<Client, Group>,
}

/// Sums of one person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Person {
    /// Bonus before adjustments.
    pub bonus: Money,
    /// Reductions before the cap's relief, zero or negative.
    pub reductions: Money,
    /// Deferred and not released, zero or negative.
    pub deferrals: Money,
    /// Premiums.
    pub premiums: Money,
    /// What the cap gives back.
    pub relief: Money,
    /// Sales that a person must decide about or that cannot be judged.
    pub uncertain: u32,
    /// Periods in which the reductions exceeded the cap.
    pub capped: u32,
    /// What moved money, as `rule/status`.
    pub reasons: BTreeMap<String, Money>,
}

impl Person {
    /// All adjustments.
    pub fn total(&self) -> Money {
        self.reductions + self.deferrals + self.premiums + self.relief
    }

    /// Reductions after relief as a share of the bonus; `None` without a bonus.
    pub fn share(&self) -> Option<Rate> {
        Rate::of(-(self.reductions + self.relief).kopecks(), self.bonus.kopecks())
    }

    /// The reasons that cost the most, at most so many.
    pub fn top(&self, most: usize) -> Vec<(&str, Money)> {
        top(&self.reasons, most)
    }
}

/// The costliest reasons first, then by name.
pub(super) fn top(reasons: &BTreeMap<String, Money>, most: usize) -> Vec<(&str, Money)> {
    let mut list: Vec<(&str, Money)> =
        reasons.iter().filter(|(_, sum)| sum.is_negative()).map(|(reason, sum)| (reason.as_str(), *sum)).collect();
    list.sort_by_key(|(reason, sum)| (*sum, *reason));
    list.truncate(most);
    list
}

impl Side {
    /// Adds one closed period. The facts carry the policy of this side; lines of other periods, which returns brought along,
    /// are theirs to tell.
    pub fn add(&mut self, period: Period, facts: &Facts, outcome: &Outcome) {
        for bonus in adjust::period_bonuses(facts, outcome, period) {
            self.people.entry(bonus.employee.clone()).or_default().bonus += bonus.bonus;
            if let Some(person) = facts.roster.get(&bonus.employee) {
                for group in self.of_person(person, period) {
                    group.people.insert(bonus.employee.clone());
                    group.bonus += bonus.bonus;
                }
            }
        }
        let mut reduced: HashMap<&str, Money> = HashMap::new();
        let total = self.periods.entry(period).or_default();
        for line in outcome.wanted.iter().filter(|w| !w.shadow && w.key.belongs_to == period && !w.amount.is_zero()) {
            *total += line.amount;
            let person = self.people.entry(line.key.employee.clone()).or_default();
            let sum = match line.kind {
                EntryKind::Reduction => &mut person.reductions,
                EntryKind::Deferral => &mut person.deferrals,
                EntryKind::Premium | EntryKind::Correction => &mut person.premiums,
                EntryKind::CapRelief => {
                    person.capped += 1;
                    &mut person.relief
                }
            };
            *sum += line.amount;
            let sale = line.kind == EntryKind::Reduction;
            let status = if sale { line.evidence.status.as_str() } else { line.kind.code() };
            let reason = format!("{}/{status}", line.key.rule);
            *person.reasons.entry(reason.clone()).or_default() += line.amount;
            *self.reasons.entry(reason).or_default() += line.amount;
            if sale {
                *reduced.entry(line.key.subject.as_str()).or_default() += line.amount;
            }
        }
        self.sales(period, facts, outcome, &reduced);
    }

    /// Sales of the period into the groups, and who waits for a person.
    fn sales(&mut self, period: Period, facts: &Facts, outcome: &Outcome, reduced: &HashMap<&str, Money>) {
        for (at, (sale, assessed)) in facts.sales.iter().zip(&outcome.sales).enumerate() {
            if !period.contains(sale.date) || assessed.status == Status::Exempt {
                continue;
            }
            let Some(person) = assessed.employee.as_ref().and_then(|id| facts.roster.get(id)) else { continue };
            let open = matches!(assessed.status, Status::Uncertain | Status::NotJudgeable) && !sale.is_return();
            if open {
                self.people.entry(person.id.clone()).or_default().uncertain += 1;
            }
            let amount = reduced.get(sale.key.0.as_str()).copied().unwrap_or_default();
            let client = facts.party_of.get(at).and_then(|p| facts.parties.get(*p)).map_or(Client::Unknown, Client::of);
            for group in self.of_person(person, period) {
                group.add(&person.id, sale.amount, sale.is_return(), amount, open);
            }
            let by_client = self.clients.entry(client).or_default();
            by_client.add(&person.id, sale.amount, sale.is_return(), amount, open);
        }
    }

    /// The groups of a person in a period.
    fn of_person(&mut self, person: &crate::domain::org::Employee, period: Period) -> [&mut Group; 2] {
        let tenure = fair::Tenure::of(person.hired, period.last_day());
        [self.tenure.entry(tenure).or_default(), self.departments.entry(person.department.clone()).or_default()]
    }

    /// Sum over all people.
    pub fn total(&self) -> Money {
        self.people.values().map(Person::total).sum()
    }

    /// The costliest reasons.
    pub fn top(&self, most: usize) -> Vec<(&str, Money)> {
        top(&self.reasons, most)
    }

    /// How many people exceeded the cap in some period.
    pub fn capped(&self) -> usize {
        self.people.iter().filter(|(_, p)| p.capped > 0).map(|(id, _)| id).collect::<BTreeSet<_>>().len()
    }
}
