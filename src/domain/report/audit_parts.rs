//! The sections of the weekly audit by person and by client, from the considered documents. Deliberately absent: which
//! sections there are and the first sentence (`audit`).

use std::{cmp::Reverse, collections::BTreeMap};

use crate::domain::{
    facts::{Facts, Outcome},
    finding::Severity,
    ledger::{EntryKind, NewEntry},
    money::{Money, Rate},
    org::EmployeeId,
    party::PartyKey,
    period::Period,
    regulation::cite,
    verdict::Status,
};

use super::{
    FindingLine, ReportContext, Tally,
    audit::{AuditFigures, Week},
    audit_rows::{CandidateLine, Foreign, ManagerRow, MovedLine, PartyLine, WeekShare},
    audit_seen::{Seen, is_entered},
    name_of, subject,
};

/// Weeks in a trend, this one included.
const TREND_WEEKS: usize = 8;

/// The share entered of up to eight weeks, oldest first, this one last; weeks without sales left out.
pub(super) fn weeks(past: &[&AuditFigures], now: &AuditFigures) -> Vec<WeekShare> {
    let mut weeks: Vec<WeekShare> = past
        .iter()
        .copied()
        .chain([now])
        .filter_map(|f| Some(WeekShare { number: week_number(&f.week), share: f.share? }))
        .collect();
    weeks.drain(..weeks.len().saturating_sub(TREND_WEEKS));
    weeks
}

/// 46 of `2026-W46`.
pub(super) fn week_number(week: &str) -> u32 {
    week.rsplit_once('W').and_then(|(_, number)| number.parse().ok()).unwrap_or_default()
}

/// Rows of managers, worst first: missing money, missing sales, share, name.
pub(super) fn managers(
    facts: &Facts,
    outcome: &Outcome,
    seen: &Seen<'_>,
    past: &[&AuditFigures],
    period: Period,
) -> Vec<ManagerRow> {
    let mut ids: Vec<Option<&EmployeeId>> = seen.sales.iter().map(|s| s.assessed.employee.as_ref()).collect();
    ids.sort();
    ids.dedup();
    let mut rows: Vec<_> = ids
        .into_iter()
        .map(|id| {
            let tally = |keep: &dyn Fn(Status) -> bool| {
                seen.tally(|s| s.assessed.employee.as_ref() == id && keep(s.assessed.status))
            };
            let sales = tally(&|s| s != Status::Exempt);
            let in_crm = tally(&is_entered);
            let share = Rate::of(i64::from(in_crm.count), i64::from(sales.count));
            let mut trend: Vec<Rate> =
                past.iter().filter_map(|f| id.and_then(|id| f.managers.get(id)).copied()).chain(share).collect();
            trend.drain(..trend.len().saturating_sub(TREND_WEEKS));
            ManagerRow {
                id: id.cloned(),
                name: id.map(|id| name_of(&facts.roster, id)).unwrap_or_default(),
                sales,
                in_crm,
                missing: tally(&|s| s == Status::Missing),
                pending: tally(&|s| s == Status::Pending),
                unclear: tally(&|s| matches!(s, Status::Uncertain | Status::NotJudgeable)),
                share,
                completeness: id.and_then(|id| completeness(outcome, id, period)),
                trend,
            }
        })
        .filter(|row| !row.sales.is_empty())
        .collect();
    rows.sort_by(|a, b| {
        (Reverse(a.missing.amount), Reverse(a.missing.count), a.share, &a.name).cmp(&(
            Reverse(b.missing.amount),
            Reverse(b.missing.count),
            b.share,
            &b.name,
        ))
    });
    rows
}

fn completeness(outcome: &Outcome, id: &EmployeeId, period: Period) -> Option<Rate> {
    let scores: Vec<i64> = outcome
        .cards
        .iter()
        .filter(|c| &c.employee == id && c.period == period)
        .map(|c| i64::from(c.score.bp()))
        .collect();
    let mean = scores.iter().sum::<i64>().checked_div(i64::try_from(scores.len()).ok()?)?;
    i32::try_from(mean).ok().map(Rate::from_bp)
}

/// Entries of the people the head sees, greatest first.
pub(super) fn moved(facts: &Facts, entries: &[NewEntry], sees: &dyn Fn(Option<&EmployeeId>) -> bool) -> Vec<MovedLine> {
    let mut lines: Vec<_> = entries
        .iter()
        .filter(|e| sees(Some(&e.key.employee)))
        .map(|e| MovedLine {
            employee: name_of(&facts.roster, &e.key.employee),
            document: subject(e),
            party: e.evidence.party.clone(),
            amount: e.amount,
            kind: e.kind.code().to_owned(),
            rule: e.key.rule.clone(),
            ground: cite(&facts.policy, &e.policy_version, &e.key.rule),
            belongs_to: e.key.belongs_to,
            pay_period: e.pay_period,
            why: if e.evidence.cause.ru.is_empty() { &e.evidence.arithmetic } else { &e.evidence.cause }.clone(),
            source: e.evidence.source.clone(),
        })
        .collect();
    lines.sort_by(|a, b| {
        (Reverse(a.amount.abs()), &a.employee, &a.document).cmp(&(Reverse(b.amount.abs()), &b.employee, &b.document))
    });
    lines
}

/// Clients of one section with their open sales, greatest first, and the sum.
pub(super) fn parties(seen: &Seen<'_>, section: Status, ctx: &ReportContext) -> (Vec<PartyLine>, Tally) {
    let mut by_party: BTreeMap<&PartyKey, PartyLine> = BTreeMap::new();
    for s in seen.sales.iter().filter(|s| s.section() == section) {
        let line = by_party.entry(&s.assessed.party).or_insert_with(|| PartyLine {
            key: s.assessed.party.clone(),
            name: s.party.map_or_else(|| s.sale.party.name.clone(), |p| p.name.clone()),
            tally: Tally::default(),
            reason: s.assessed.remark.clone().or_else(|| s.verdict.map(|v| v.reason.clone())).unwrap_or_default(),
            candidates: s.verdict.map(|v| CandidateLine::list(v, ctx)).unwrap_or_default(),
        });
        line.tally.add(s.sale.amount);
    }
    let mut lines: Vec<_> = by_party.into_values().collect();
    lines.sort_by(|a, b| (Reverse(a.tally.amount), &a.name).cmp(&(Reverse(b.tally.amount), &b.name)));
    (lines, seen.tally(|s| s.section() == section))
}

/// Documents of the week in other currencies, by code.
pub(super) fn foreign(
    facts: &Facts,
    outcome: &Outcome,
    week: &Week,
    sees: &dyn Fn(Option<&EmployeeId>) -> bool,
) -> Vec<Foreign> {
    let mut sums: BTreeMap<&str, Tally> = BTreeMap::new();
    for (sale, assessed) in facts.sales.iter().zip(&outcome.sales) {
        if sale.currency != facts.base_currency && week.contains(sale.date) && sees(assessed.employee.as_ref()) {
            sums.entry(&sale.currency).or_default().add(sale.amount);
        }
    }
    sums.into_iter().map(|(code, tally)| Foreign { currency: code.to_owned(), tally }).collect()
}

/// Sum that rules on trial would have changed in the period.
pub(super) fn on_trial(outcome: &Outcome, period: Period, sees: &dyn Fn(Option<&EmployeeId>) -> bool) -> Money {
    outcome
        .wanted
        .iter()
        .filter(|w| {
            w.shadow && w.kind != EntryKind::Deferral && w.key.belongs_to == period && sees(Some(&w.key.employee))
        })
        .map(|w| w.amount)
        .sum()
}

/// Warnings and holds, heaviest first.
pub(super) fn findings(outcome: &Outcome) -> Vec<FindingLine> {
    let mut list: Vec<_> = outcome.findings.iter().filter(|f| f.severity > Severity::Note).collect();
    list.sort_by_key(|f| Reverse(f.severity));
    list.into_iter().map(FindingLine::of).collect()
}
