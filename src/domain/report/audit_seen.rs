//! The documents that the weekly audit of one head considers, and the numbers over the whole set. Deliberately absent:
//! sections by person and by client (`audit_parts`).

use std::{cmp::Reverse, collections::BTreeMap};

use crate::domain::{
    assess::returns::{self, Links},
    facts::{Facts, Outcome},
    money::{Money, Rate},
    org::EmployeeId,
    party::Counterparty,
    period::Period,
    sale::Sale,
    text::Text,
    verdict::{AssessedSale, PartyVerdict, Status, Verdict},
};

use super::{
    ReportContext, Tally,
    audit::{AuditFigures, Week},
    audit_rows::{AuditLine, CandidateLine, Coverage, ExemptCount},
    name_of,
};

/// A considered document with everything known about it.
pub(super) struct SeenSale<'a> {
    pub(super) sale: &'a Sale,
    pub(super) assessed: &'a AssessedSale,
    pub(super) party: Option<&'a Counterparty>,
    pub(super) verdict: Option<&'a PartyVerdict>,
}

impl SeenSale<'_> {
    /// The status that the section belongs to: a pending sale of an unclear client is that client's already, because
    /// deciding before the deadline is what helps.
    pub(super) fn section(&self) -> Status {
        match (self.assessed.status, self.verdict.map(|v| v.verdict)) {
            (Status::Pending, Some(Verdict::Uncertain)) => Status::Uncertain,
            (Status::Pending, Some(Verdict::NotJudgeable)) => Status::NotJudgeable,
            (status, _) => status,
        }
    }
}

/// The considered documents of one head.
pub(super) struct Seen<'a> {
    pub(super) sales: Vec<SeenSale<'a>>,
    /// Open documents of closed periods.
    pub(super) closed_open: Tally,
}

impl<'a> Seen<'a> {
    /// Picks the considered documents (see `audit`).
    pub(super) fn collect(
        facts: &'a Facts,
        outcome: &'a Outcome,
        week: &Week,
        sees: &dyn Fn(Option<&EmployeeId>) -> bool,
    ) -> Self {
        let mut seen = Self { sales: Vec::new(), closed_open: Tally::default() };
        let links = returns::link(facts);
        for (index, (sale, assessed)) in facts.sales.iter().zip(&outcome.sales).enumerate() {
            if sale.currency != facts.base_currency || !sees(assessed.employee.as_ref()) {
                continue;
            }
            let open = is_open(assessed.status);
            if sale.date > week.to || !(open || week.contains(sale.date)) {
                continue;
            }
            // An open return goes where its sale goes: alone it would read as missing sales below zero.
            let (origin_at, origin) = origin(facts, &links, index).unwrap_or((index, sale));
            if open && !week.contains(origin.date) && facts.closing_records.contains_key(&Period::of(origin.date)) {
                if !taken_back(facts, &links, origin_at) {
                    seen.closed_open.add(sale.amount);
                }
                continue;
            }
            let party = facts.party_of.get(index).copied();
            seen.sales.push(SeenSale {
                sale,
                assessed,
                party: party.and_then(|at| facts.parties.get(at)),
                verdict: party.and_then(|at| outcome.verdicts.get(at)),
            });
        }
        seen
    }

    pub(super) fn tally(&self, keep: impl Fn(&SeenSale<'_>) -> bool) -> Tally {
        let mut tally = Tally::default();
        self.sales.iter().filter(|s| keep(s)).for_each(|s| tally.add(s.sale.amount));
        tally
    }

    /// The figures of the whole set; `managers` is left empty.
    pub(super) fn figures(&self, week: &Week, adjustments: Money) -> AuditFigures {
        let sales = self.tally(|s| s.assessed.status != Status::Exempt);
        let in_crm = self.tally(|s| is_entered(s.assessed.status));
        AuditFigures {
            week: week.id.clone(),
            sales,
            in_crm,
            missing: self.tally(|s| s.assessed.status == Status::Missing),
            pending: self.tally(|s| s.assessed.status == Status::Pending),
            share: Rate::of(i64::from(in_crm.count), i64::from(sales.count)),
            adjustments,
            managers: BTreeMap::new(),
        }
    }

    /// Exempt classes with counts, greatest first.
    pub(super) fn exempt(&self) -> Vec<ExemptCount> {
        let mut classes: BTreeMap<Text, Tally> = BTreeMap::new();
        for seen in self.sales.iter().filter(|s| s.assessed.status == Status::Exempt) {
            classes.entry(seen.assessed.remark.clone().unwrap_or_default()).or_default().add(seen.sale.amount);
        }
        let mut list: Vec<_> = classes.into_iter().map(|(class, tally)| ExemptCount { class, tally }).collect();
        list.sort_by_key(|c| Reverse(c.tally.amount));
        list
    }

    /// Shares of the turnover; `None` without any.
    pub(super) fn coverage(&self) -> Option<Coverage> {
        let sum = |keep: &dyn Fn(Status) -> bool| -> i64 {
            self.sales.iter().filter(|s| keep(s.section())).map(|s| s.sale.amount.abs()).sum::<Money>().kopecks()
        };
        let total = sum(&|_| true);
        let share = |keep: &dyn Fn(Status) -> bool| Rate::of(sum(keep), total);
        Some(Coverage {
            checked: share(&|s| is_entered(s) || matches!(s, Status::Missing | Status::Pending))?,
            exempt: share(&|s| s == Status::Exempt)?,
            uncertain: share(&|s| s == Status::Uncertain)?,
            not_judgeable: share(&|s| s == Status::NotJudgeable)?,
        })
    }

    /// Every considered document, by seller, date and number.
    pub(super) fn lines(&self, facts: &Facts, ctx: &ReportContext) -> Vec<AuditLine> {
        let mut lines: Vec<_> = self
            .sales
            .iter()
            .map(|s| (s, CandidateLine::found(s.verdict, ctx)))
            .map(|(s, (card, link))| AuditLine {
                card,
                link,
                employee: s.assessed.employee.as_ref().map(|id| id.0.clone()).unwrap_or_default(),
                name: s
                    .assessed
                    .employee
                    .as_ref()
                    .map_or_else(|| s.sale.manager.clone(), |id| name_of(&facts.roster, id)),
                party: s.party.map_or_else(|| s.sale.party.name.clone(), |p| p.name.clone()),
                number: s.sale.number.clone(),
                date: s.sale.date,
                amount: s.sale.amount,
                status: s.assessed.status.code().to_owned(),
                deadline: s.assessed.deadline,
                entered_at: s
                    .assessed
                    .entered_at
                    .filter(|at| *at != chrono::DateTime::UNIX_EPOCH)
                    .map(|at| ctx.local(at)),
                segment: s.assessed.segment.clone(),
                reason: s.assessed.remark.clone().or_else(|| s.verdict.map(|v| v.reason.clone())).unwrap_or_default(),
                source: s.sale.source.describe(),
            })
            .collect();
        lines.sort_by(|a, b| (&a.name, a.date, &a.number).cmp(&(&b.name, b.date, &b.number)));
        lines
    }
}

/// The sale that a linked return takes back, with its index.
fn origin<'a>(facts: &'a Facts, links: &Links, index: usize) -> Option<(usize, &'a Sale)> {
    let at = links.taken_from.get(index)?.first()?.other;
    Some((at, facts.sales.get(at)?))
}

/// Whether the sale came back in full: nothing about it is open any more, whatever its status.
pub(super) fn taken_back(facts: &Facts, links: &Links, index: usize) -> bool {
    let back: Money = links.returned_by.get(index).into_iter().flatten().map(|piece| piece.amount).sum();
    !back.is_zero() && facts.sales.get(index).is_some_and(|sale| back >= sale.amount)
}

fn is_open(status: Status) -> bool {
    matches!(status, Status::Pending | Status::Missing | Status::Uncertain | Status::NotJudgeable)
}

pub(super) fn is_entered(status: Status) -> bool {
    matches!(status, Status::OnTime | Status::Late)
}
