//! Calls made and calls recorded, per employee of a period (rules, 5.5).
//!
//! - Legs with one linked id of one source are one call: it lasts as long as its longest leg and is the employee's whose leg
//!   that is (of equals the earliest). A leg without a linked id is a call of its own.
//! - A call counts as made from the least duration on, answered or not. Calls between extensions (less than six digits) are
//!   nobody's calls to clients.
//! - It counts as recorded when the CRM has an activity of the same employee with the same number (the activity's own, or
//!   where it has none that of its company or contact) that was created while the call went on or within the minutes
//!   before or after it.
//! - A working day without any telephony data is "no data": it is counted apart and says nothing about anybody.
//!
//! Deliberately absent: premiums (`adjust::calls`).

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Days, TimeDelta, Utc};

use super::super::{
    crm::{CrmKind, CrmRecord},
    facts::Facts,
    normalise::contact,
    org::{EmployeeId, Resolved, name_key},
    period::Period,
    rule_facts::CallLeg,
};

/// Calls of one employee in one period.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counted<'a> {
    /// Calls made.
    pub(crate) made: u32,
    /// Calls recorded.
    pub(crate) recorded: u32,
    /// The first of them.
    pub(crate) first: Option<&'a CallLeg>,
}

/// Calls of a period by employee; empty without telephony data.
pub(crate) fn count(
    facts: &Facts,
    period: Period,
    min_seconds: u32,
    match_minutes: u32,
) -> BTreeMap<&EmployeeId, Counted<'_>> {
    let mut calls: BTreeMap<(&str, &str, usize), Vec<&CallLeg>> = BTreeMap::new();
    // A call may begin shortly before its leg; a day on both sides is more than any call lasts.
    let (from, until) =
        (facts.end_of(period.from() - TimeDelta::days(2)), facts.end_of(period.last_day() + TimeDelta::days(1)));
    let near = |leg: &CallLeg| from <= leg.started_at && leg.started_at < until;
    for (at, leg) in facts.rule_facts.calls.iter().enumerate().filter(|(_, leg)| near(leg)) {
        let alone = if leg.linked_id.trim().is_empty() { at + 1 } else { 0 };
        calls.entry((&leg.source, leg.linked_id.trim(), alone)).or_default().push(leg);
    }
    let noted = Noted::of(facts, period);
    let mut counted: BTreeMap<&EmployeeId, Counted<'_>> = BTreeMap::new();
    for legs in calls.values() {
        let Some(begun) = legs.iter().map(|leg| leg.started_at).min() else { continue };
        if Period::of(begun.with_timezone(&facts.tz).date_naive()) != period {
            continue;
        }
        let seconds = legs.iter().map(|leg| leg.seconds).max().unwrap_or_default();
        let owner = legs
            .iter()
            .filter_map(|leg| Some((*leg, resolve(facts, &leg.employee, leg.started_at)?)))
            .min_by_key(|(leg, _)| (u32::MAX - leg.seconds, leg.started_at, leg.place.row));
        let Some((leg, employee)) = owner else { continue };
        let numbers: Vec<String> =
            numbers(&leg.number).into_iter().chain(legs.iter().flat_map(|leg| numbers(&leg.number))).collect();
        if seconds < min_seconds || numbers.is_empty() {
            continue;
        }
        let margin = TimeDelta::minutes(i64::from(match_minutes));
        let ended = begun + TimeDelta::seconds(i64::from(seconds));
        let own = counted.entry(employee).or_default();
        own.made += 1;
        own.first.get_or_insert(leg);
        if numbers.iter().any(|number| noted.has(employee, number, begun - margin, ended + margin)) {
            own.recorded += 1;
        }
    }
    counted
}

/// Working days of the period on which telephony gave nothing.
pub(crate) fn days_without_data(facts: &Facts, period: Period) -> usize {
    let days = (0..31).filter_map(|n| period.from().checked_add_days(Days::new(n))).filter(|day| period.contains(*day));
    days.filter(|day| facts.calendar.is_working(*day) == Some(true) && !facts.rule_facts.call_days.contains(day))
        .count()
}

/// Names of telephony that nobody in the people file has, with the number of legs, sorted.
pub(crate) fn strangers(facts: &Facts, since: Period) -> BTreeMap<&str, usize> {
    let mut unknown: BTreeMap<&str, usize> = BTreeMap::new();
    let mut seen: HashMap<&str, bool> = HashMap::new();
    for leg in &facts.rule_facts.calls {
        let day = leg.started_at.with_timezone(&facts.tz).date_naive();
        let name = leg.employee.trim();
        if Period::of(day) < since || name.is_empty() {
            continue;
        }
        if !*seen.entry(name).or_insert_with(|| resolve(facts, name, leg.started_at).is_some()) {
            *unknown.entry(name).or_default() += 1;
        }
    }
    unknown
}

fn resolve<'a>(facts: &'a Facts, name: &str, at: DateTime<Utc>) -> Option<&'a EmployeeId> {
    match facts.roster.resolve(name, at.with_timezone(&facts.tz).date_naive()) {
        Resolved::One(person) => Some(&person.id),
        Resolved::Nobody | Resolved::Ambiguous => None,
    }
}

/// A number as it is compared; nothing for extensions and made-up numbers.
fn numbers(raw: &str) -> Vec<String> {
    let keys = contact::phones(raw);
    if !keys.is_empty() {
        return keys;
    }
    let digits: String = raw.chars().filter(char::is_ascii_digit).collect();
    if (6..10).contains(&digits.len()) { vec![digits] } else { Vec::new() }
}

/// Activities by number.
struct Noted<'a>(HashMap<String, Vec<(DateTime<Utc>, &'a EmployeeId)>>);

impl<'a> Noted<'a> {
    fn of(facts: &'a Facts, period: Period) -> Self {
        let records: Vec<&CrmRecord> = match facts.closing_records.get(&period) {
            Some(records) => records.iter().collect(),
            None => facts.records.iter().filter(|known| !known.gone).map(|known| &known.record).collect(),
        };
        let mut phones: HashMap<(&str, String), Vec<String>> = HashMap::new();
        for record in records.iter().filter(|r| matches!(r.id.kind, CrmKind::Company | CrmKind::Contact)) {
            let source = record.id.source.as_str();
            let own = numbers(&record.phone);
            if own.is_empty() {
                continue;
            }
            // Contacts lend their numbers to their company too.
            let names = [name_key(&record.title), name_key(&record.company_name)];
            let ids = [&record.id.id, &record.company_id].map(|id| format!("#{}", id.trim()));
            for key in names.into_iter().chain(ids).filter(|key| !key.is_empty() && key != "#") {
                phones.entry((source, key)).or_default().extend(own.iter().cloned());
            }
        }
        let mut noted: HashMap<String, Vec<(DateTime<Utc>, &EmployeeId)>> = HashMap::new();
        for record in records.iter().filter(|r| r.id.kind == CrmKind::Activity) {
            let Some(at) = record.created_at else { continue };
            let Some(employee) = resolve(facts, &record.responsible, at) else { continue };
            let own = numbers(&record.phone);
            let source = record.id.source.as_str();
            let lent = || {
                let keys = [name_key(&record.company_name), format!("#{}", record.company_id.trim())];
                keys.into_iter().filter_map(|key| phones.get(&(source, key))).flatten().cloned().collect()
            };
            let own: Vec<String> = if own.is_empty() { lent() } else { own };
            for number in own {
                noted.entry(number).or_default().push((at, employee));
            }
        }
        Self(noted)
    }

    fn has(&self, employee: &EmployeeId, number: &str, from: DateTime<Utc>, until: DateTime<Utc>) -> bool {
        let all = self.0.get(number).map_or(&[][..], Vec::as_slice);
        all.iter().any(|(at, who)| *who == employee && from <= *at && *at <= until)
    }
}
