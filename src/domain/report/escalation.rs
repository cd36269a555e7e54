//! What managers were told and did not enter: for their head, one mail for all of them, each sale once. Deliberately
//! absent: when it goes out, and remembering what was escalated (the caller keeps `marks`).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use crate::domain::{
    assess::returns,
    facts::{Facts, Outcome},
    money::Money,
    org::{Employee, EmployeeId, Role, Roster},
    sale::SaleKey,
};

use super::{
    AlertKind, Frame, ReportContext, Tally,
    alert::{AlertLine, line},
    audit_seen::taken_back,
};

/// A sale whose passed deadline a manager was told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TalkedOf {
    /// To whom.
    pub employee: EmployeeId,
    /// About which sale.
    pub sale: SaleKey,
    /// When.
    pub at: DateTime<Utc>,
}

/// What is still not entered, for one head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EscalationReport {
    /// Company, as-of.
    pub frame: Frame,
    /// The head; part of the mail's key.
    pub head: EmployeeId,
    /// Day of the mail in the business time zone; part of its key.
    pub day: NaiveDate,
    /// Working days after which a sale is told to the head.
    pub after_days: u32,
    /// Managers, the greatest sum first.
    pub people: Vec<EscalatedPerson>,
    /// Sum over `people`.
    pub total: Tally,
    /// Sum of the reductions of `people`, zero or negative.
    pub cost: Money,
    /// What is escalated by this mail: to be remembered together with it.
    #[serde(skip)]
    pub marks: Vec<(EmployeeId, SaleKey)>,
}

/// One manager.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EscalatedPerson {
    /// Personnel number.
    pub id: EmployeeId,
    /// Name.
    pub name: String,
    /// Sales, the longest waiting first.
    pub lines: Vec<EscalatedLine>,
    /// Sum over `lines`.
    pub total: Tally,
    /// Sum of their reductions, zero or negative.
    pub cost: Money,
}

/// One sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EscalatedLine {
    /// As the manager was told.
    pub sale: AlertLine,
    /// When he was told that its deadline had passed.
    pub told_on: NaiveDate,
}

impl EscalationReport {
    /// What there is to say to the head of these managers; `None` when there is nothing. `done` has been escalated before.
    pub fn build(
        facts: &Facts,
        outcome: &Outcome,
        (head, of): (&Employee, &[&Employee]),
        (told, done): (&[TalkedOf], &BTreeSet<(EmployeeId, SaleKey)>),
        after_days: u32,
        ctx: &ReportContext,
    ) -> Option<Self> {
        let mut since: BTreeMap<(&EmployeeId, &SaleKey), NaiveDate> = BTreeMap::new();
        for each in told {
            let day = ctx.local(each.at).date();
            let first = since.entry((&each.employee, &each.sale)).or_insert(day);
            *first = day.min(*first);
        }
        let links = returns::link(facts);
        let mut people: Vec<EscalatedPerson> = Vec::new();
        let mut marks = Vec::new();
        for person in of.iter().filter(|p| p.id != head.id) {
            let mut lines = Vec::new();
            for index in (0..facts.sales.len()).filter(|at| !taken_back(facts, &links, *at)) {
                let Some(sale) = facts.sales.get(index) else { continue };
                let Some(told_on) = since.get(&(&person.id, &sale.key)).copied() else { continue };
                let due = facts.calendar.working_day_after(told_on, after_days);
                if done.contains(&(person.id.clone(), sale.key.clone())) || due.is_none_or(|due| ctx.today() < due) {
                    continue;
                }
                let Some(found) = line(facts, outcome, index, person, ctx, &mut BTreeSet::new()) else { continue };
                if found.kind == AlertKind::Due {
                    lines.push(EscalatedLine { sale: found, told_on });
                }
            }
            if lines.is_empty() {
                continue;
            }
            lines.sort_by(|a, b| (a.told_on, &a.sale.sale).cmp(&(b.told_on, &b.sale.sale)));
            marks.extend(lines.iter().map(|l| (person.id.clone(), l.sale.sale.clone())));
            let mut total = Tally::default();
            for line in &lines {
                total.add(line.sale.amount);
            }
            let cost = lines.iter().filter_map(|l| l.sale.cost).sum();
            people.push(EscalatedPerson { id: person.id.clone(), name: person.name.clone(), lines, total, cost });
        }
        if people.is_empty() {
            return None;
        }
        people.sort_by(|a, b| (b.total.amount, &a.name, &a.id).cmp(&(a.total.amount, &b.name, &b.id)));
        let mut total = Tally::default();
        for person in &people {
            total.count += person.total.count;
            total.amount += person.total.amount;
        }
        Some(Self {
            frame: ctx.frame(facts),
            head: head.id.clone(),
            day: ctx.today(),
            after_days,
            cost: people.iter().map(|p| p.cost).sum(),
            total,
            people,
            marks,
        })
    }
}

/// Who heads a person: the heads of his department, or those of everybody where it has none. Nobody heads himself.
pub fn heads_of<'a>(roster: &'a Roster, person: &Employee) -> Vec<&'a Employee> {
    let heads = || roster.with_role(Role::Head).filter(|h| h.id != person.id);
    let own: Vec<&Employee> =
        heads().filter(|h| !h.department.is_empty() && h.department == person.department).collect();
    if own.is_empty() { heads().filter(|h| h.department.is_empty()).collect() } else { own }
}
