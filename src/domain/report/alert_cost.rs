//! What a manager's open sales cost him: as it stands, and if a deadline ahead is missed. Nothing here posts anything.
//! Deliberately absent: rules and arithmetic (`adjust`).

use std::collections::BTreeMap;

use crate::domain::{
    adjust,
    facts::{Facts, Outcome},
    ledger::EntryKind,
    money::Money,
    org::EmployeeId,
    period::Period,
    regulation::cite,
    text::Text,
    verdict::{Status, Verdict},
};

use super::alert::AlertLine;

/// Reductions of the person's pending sales by sale key, each with the clause that says it, had their deadlines passed with the data of now. Sales of
/// unclear clients are left out: they cost nothing until a person decides.
pub(super) fn if_missed(facts: &Facts, outcome: &Outcome, person: &EmployeeId) -> BTreeMap<String, (Money, Text)> {
    let mut sales = outcome.sales.clone();
    for (index, sale) in sales.iter_mut().enumerate() {
        let absent = facts.party_of.get(index).and_then(|at| outcome.verdicts.get(*at));
        let provable = absent.is_some_and(|v| !matches!(v.verdict, Verdict::Uncertain | Verdict::NotJudgeable));
        if sale.status == Status::Pending && sale.employee.as_ref() == Some(person) && provable {
            sale.status = Status::Missing;
        }
    }
    let (wanted, _) = adjust::settle(facts, &outcome.verdicts, &sales, &outcome.cards);
    wanted
        .into_iter()
        .filter(|w| !w.shadow && &w.key.employee == person && w.kind == EntryKind::Reduction)
        .map(|w| (w.key.subject, (w.amount, cite(&facts.policy, &w.policy_version, &w.key.rule))))
        .collect()
}

/// What the cap of the items' periods gives back to the person as it stands, zero or positive: without it the reductions
/// of single sales would promise a greater loss than there is.
pub(super) fn relief(outcome: &Outcome, person: &EmployeeId, items: &[AlertLine]) -> Money {
    let costs = |period: Period| items.iter().any(|i| i.period == period && i.cost.is_some());
    outcome
        .wanted
        .iter()
        .filter(|w| !w.shadow && w.kind == EntryKind::CapRelief && &w.key.employee == person)
        .filter(|w| costs(w.key.belongs_to))
        .map(|w| w.amount)
        .sum()
}
