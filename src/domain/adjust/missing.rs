//! Rule `missing_counterparty`: what is not accrued of a sale's bonus while its buyer is missing from the CRM, and what
//! of it a return takes back (rules, 5.1). Statuses that prove nothing want nothing: a key that was posted under another
//! status is then reversed by `delta`.
//!
//! A document has one line per rule of its sale's policy version. The line is real when the rule is not `shadow`, covers
//! the seller and the sale, the seller has acknowledged the version where the rule asks for it, and no earlier rule of the file already decides the sale; otherwise it is shown and never
//! posted. The least amount of a scope is compared with the sale, also for its returns, so that both stand or fall
//! together.
//!
//! A line that was contested and withdrawn takes nothing, and so do the returns of its sale: both stand or fall together.
//!
//! Deliberately absent: the limit of reductions (`cap`), plan and fact figures.

use std::collections::BTreeMap;

use super::{
    super::{
        facts::Facts,
        ledger::{EntryKey, EntryKind, Wanted},
        money::{Money, Rate},
        period::Period,
        policy::{PolicyVersion, RuleKind},
        verdict::{AssessedSale, Status},
    },
    bonus::Move,
    evidence::Sources,
    reach::Reach,
};

/// What one rule does with one sale.
pub(super) struct Effect<'a> {
    pub(super) rule: &'a str,
    pub(super) share: Rate,
    pub(super) shadow: bool,
}

/// What every rule of the version does with the sale whose terms the move has.
pub(super) fn effects<'a>(
    version: &'a PolicyVersion,
    step: &Move<'_>,
    assessed: &AssessedSale,
    amount: Money,
    reach: &Reach<'_>,
) -> Vec<Effect<'a>> {
    let mut decided = false;
    let mut all = Vec::new();
    for rule in &version.rules {
        let RuleKind::MissingCounterparty { missing, late, .. } = &rule.kind else { continue };
        let covered = rule.scope.covers_sale(&assessed.segment, amount);
        let real = covered && !decided && reach.is_real(version, rule, step.employee, step.sold);
        decided |= real;
        let share = match assessed.status {
            Status::Missing => *missing,
            Status::Late => *late,
            Status::Exempt | Status::OnTime | Status::Pending | Status::Uncertain | Status::NotJudgeable => Rate::ZERO,
        };
        all.push(Effect { rule: &rule.id, share, shadow: !real });
    }
    all
}

/// Line under construction: one key may gather several pieces of one return.
struct Line<'a> {
    wanted: Wanted,
    moves: Vec<(&'a Move<'a>, Rate)>,
}

/// A change of reductions by one move: real, and shown only.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Change {
    pub(super) real: Money,
    pub(super) shown: Money,
}

/// Wanted lines, and for each move what it changes (for the cap).
pub(super) fn lines(
    facts: &Facts,
    sales: &[AssessedSale],
    moves: &[Move<'_>],
    sources: &Sources<'_>,
    reach: &Reach<'_>,
) -> (Vec<Wanted>, Vec<Change>) {
    let mut lines: BTreeMap<(EntryKey, bool), Line<'_>> = BTreeMap::new();
    let mut changes = vec![Change::default(); moves.len()];
    for (step, change) in moves.iter().zip(&mut changes) {
        let (Some(version), Some(assessed), Some(sale), Some(doc)) = (
            facts.policy.versions.get(step.version),
            sales.get(step.sale),
            facts.sales.get(step.sale),
            facts.sales.get(step.doc),
        ) else {
            continue;
        };
        for mut effect in effects(version, step, assessed, sale.amount, reach) {
            let line_of_sale = |rule: &str| EntryKey {
                belongs_to: Period::of(sale.date),
                employee: step.employee.id.clone(),
                subject: sale.key.0.clone(),
                rule: rule.to_owned(),
            };
            if !facts.waivers.is_empty() && facts.waiver(&line_of_sale(effect.rule)).is_some() {
                effect.share = Rate::ZERO;
            }
            let amount = step.reduction(effect.share);
            if amount.is_zero() {
                continue;
            }
            if effect.shadow {
                change.shown += amount;
            } else {
                change.real += amount;
            }
            let key = EntryKey {
                belongs_to: step.period,
                employee: step.employee.id.clone(),
                subject: doc.key.0.clone(),
                rule: effect.rule.to_owned(),
            };
            let line = lines.entry((key.clone(), effect.shadow)).or_insert_with(|| Line {
                wanted: Wanted {
                    key,
                    amount: Money::ZERO,
                    kind: EntryKind::Reduction,
                    policy_version: version.id.clone(),
                    shadow: effect.shadow,
                    evidence: sources.of_document(step),
                },
                moves: Vec::new(),
            });
            line.wanted.amount += amount;
            line.moves.push((step, effect.share));
        }
    }
    // A key stands for one amount: what is only shown gives way to what is real.
    let mut wanted: Vec<Wanted> = Vec::with_capacity(lines.len());
    for ((key, shadow), mut line) in lines {
        if shadow && wanted.last().is_some_and(|real| real.key == key) {
            continue;
        }
        line.wanted.evidence.arithmetic = Sources::arithmetic(&line.moves, line.wanted.amount);
        wanted.push(line.wanted);
    }
    (wanted, changes)
}
