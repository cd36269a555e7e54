//! Cohorts by the day of hiring: how sales of the month stand in the CRM, by time with the company at the month's end. A
//! cohort of fewer than three people would point at somebody, so it is joined with its neighbour; who has no day of hiring
//! stands last in the row of neighbours. Where fewer than two cohorts remain nothing is shown, which the page says.
//! Deliberately absent: names, and money.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Months, NaiveDate};
use serde::Serialize;

use crate::domain::{
    assess::{
        in_other_currency,
        standard::{self, Score},
    },
    facts::{Facts, Outcome},
    money::{Money, Rate},
    org::EmployeeId,
    period::Period,
    verdict::Status,
};

/// Fewest people of a cohort that is shown.
const LEAST: usize = 3;

/// Time with the company, shortest first.
const BANDS: [&str; 5] = ["under_3_months", "under_1_year", "under_3_years", "over_3_years", "hired_unknown"];

/// The cohorts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Cohorts {
    /// At least two, newest people first; empty when they would point at somebody.
    pub rows: Vec<Cohort>,
    /// People with judged sales in the month.
    pub people: usize,
}

/// People who have been with the company about as long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cohort {
    /// Codes of the time with the company; several where small cohorts were joined.
    pub bands: Vec<&'static str>,
    /// How many.
    pub people: usize,
    /// Their sales of the month that are settled: entered in time, late, or missing.
    pub sales: u32,
    /// Share of them entered in time.
    pub on_time: Option<Rate>,
    /// Share of them missing.
    pub missing: Option<Rate>,
    /// Clients whose card has everything the regulation asks for, as a share of their judged clients.
    pub complete: Option<Rate>,
}

#[derive(Default)]
struct Sums {
    bands: Vec<&'static str>,
    people: BTreeSet<EmployeeId>,
    sales: u32,
    on_time: u32,
    missing: u32,
    clients: u32,
    complete: u32,
}

impl Sums {
    fn join(&mut self, other: Self) {
        self.bands.extend(other.bands);
        self.people.extend(other.people);
        self.sales += other.sales;
        self.on_time += other.on_time;
        self.missing += other.missing;
        self.clients += other.clients;
        self.complete += other.complete;
    }
}

/// The cohorts of a month.
pub(super) fn cohorts(facts: &Facts, outcome: &Outcome, period: Period) -> Cohorts {
    let mut sums: BTreeMap<usize, Sums> = BTreeMap::new();
    let band_of = |id: &EmployeeId| facts.roster.get(id).map(|person| band(person.hired, period.last_day()));
    for (sale, assessed) in facts.sales.iter().zip(&outcome.sales) {
        let counts = period.contains(sale.date) && sale.amount > Money::ZERO && !in_other_currency(facts, sale);
        let settled = matches!(assessed.status, Status::OnTime | Status::Late | Status::Missing);
        let Some((id, at)) = assessed.employee.as_ref().and_then(|id| Some((id, band_of(id)?))) else { continue };
        if counts && settled {
            let own = sums.entry(at).or_default();
            own.people.insert(id.clone());
            own.sales += 1;
            own.on_time += u32::from(assessed.status == Status::OnTime);
            own.missing += u32::from(assessed.status == Status::Missing);
        }
    }
    for client in standard::clients(facts, outcome, period) {
        let Some(score) = &client.own else { continue };
        for own in client.sellers.iter().filter_map(band_of).collect::<BTreeSet<_>>() {
            if let Some(own) = sums.get_mut(&own) {
                own.clients += 1;
                own.complete += u32::from(Score::is_complete(score));
            }
        }
    }
    let people = sums.values().map(|own| own.people.len()).sum();
    let rows = joined(sums);
    Cohorts { rows: if rows.len() < 2 { Vec::new() } else { rows.into_iter().map(row).collect() }, people }
}

/// Small cohorts joined with the one before, the first ones with the one behind.
fn joined(sums: BTreeMap<usize, Sums>) -> Vec<Sums> {
    let mut rows: Vec<Sums> = Vec::new();
    for (at, mut own) in sums {
        own.bands = BANDS.get(at).copied().into_iter().collect();
        match rows.last_mut() {
            Some(last) if last.people.len() < LEAST || own.people.len() < LEAST => last.join(own),
            _ => rows.push(own),
        }
    }
    // The last one joined nothing that came behind it.
    if rows.len() > 1
        && rows.last().is_some_and(|last| last.people.len() < LEAST)
        && let (Some(last), Some(before)) = (rows.pop(), rows.last_mut())
    {
        before.join(last);
    }
    rows
}

fn row(own: Sums) -> Cohort {
    let of = |part: u32, whole: u32| Rate::of(i64::from(part), i64::from(whole));
    Cohort {
        people: own.people.len(),
        sales: own.sales,
        on_time: of(own.on_time, own.sales),
        missing: of(own.missing, own.sales),
        complete: of(own.complete, own.clients),
        bands: own.bands,
    }
}

/// Index of the time with the company on the day.
fn band(hired: Option<NaiveDate>, on: NaiveDate) -> usize {
    let Some(hired) = hired else { return BANDS.len() - 1 };
    let passed = |months: u32| hired.checked_add_months(Months::new(months)).is_some_and(|day| day <= on);
    [3, 12, 36].into_iter().filter(|months| passed(*months)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people(counts: &[usize]) -> BTreeMap<usize, Sums> {
        let id = |band: usize, n: usize| EmployeeId(format!("{band}-{n}"));
        let of = |(band, &count): (usize, &usize)| {
            (band, Sums { people: (0..count).map(|n| id(band, n)).collect(), ..Sums::default() })
        };
        counts.iter().enumerate().map(of).filter(|(_, own)| !own.people.is_empty()).collect()
    }

    #[test]
    fn nobody_stands_alone() {
        for counts in
            [[1, 5, 0, 2, 1], [2, 2, 2, 2, 2], [1, 0, 0, 0, 9], [9, 0, 0, 0, 1], [3, 1, 3, 1, 3], [1, 1, 0, 0, 0]]
        {
            let rows = joined(people(&counts));
            let all: usize = rows.iter().map(|own| own.people.len()).sum();
            assert_eq!(all, counts.iter().sum::<usize>(), "{counts:?}");
            assert!(rows.len() < 2 || rows.iter().all(|own| own.people.len() >= LEAST), "{counts:?}");
        }
        assert_eq!(joined(people(&[3, 1, 3, 1, 3])).len(), 3);
    }

    #[test]
    fn a_cohort_is_told_by_whole_months() {
        let on = |day: &str| day.parse::<NaiveDate>().expect("a day");
        let end = on("2026-10-31");
        for (hired, expected) in
            [("2026-08-01", 0), ("2026-07-31", 1), ("2025-11-01", 1), ("2025-10-31", 2), ("2023-10-31", 3)]
        {
            assert_eq!(band(Some(on(hired)), end), expected, "{hired}");
        }
        assert_eq!(BANDS[band(None, end)], "hired_unknown");
    }
}
