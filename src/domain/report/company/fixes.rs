//! Time to fix: from the first alert about a client to its complete card, per manager, for clients first alerted within the
//! last ninety days.
//!
//! A card is complete from the instant of the first export that shows everything the client's profile asks for; one that was
//! so from its first export on, from its entry. Where the regulation asks for nothing, a card is complete when it is entered.
//! Quartiles are nearest ranks over the clients that are complete; those that are not yet are counted beside them, because a
//! median that leaves them out looks better than the work is. A card that was complete before the alert (a person found it
//! later) counts and gives no time. Deliberately absent: working hours.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use crate::domain::{
    assess::card_times::Cards,
    facts::{Facts, Outcome},
    org::EmployeeId,
    sale::SaleKey,
};

use super::super::name_of;

/// Alerts that are looked at.
const DAYS: i64 = 90;

/// When each person was first told of each sale.
pub type FirstTold = BTreeMap<(EmployeeId, SaleKey), DateTime<Utc>>;

/// One manager.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FixRow {
    /// Who.
    pub id: EmployeeId,
    /// Name.
    pub name: String,
    /// Clients alerted about.
    pub alerted: u32,
    /// Of them with a complete card now.
    pub fixed: u32,
    /// Of them in the CRM, but not complete yet.
    pub entered: u32,
    /// Hours from the first alert to the complete card: lower quartile, median, upper quartile; empty when none is complete.
    pub hours: Vec<i64>,
}

/// The rows, slowest median first; managers without a complete card stand first of all, those whose cards all were complete
/// before the alert last.
pub fn fixes(
    facts: &Facts,
    outcome: &Outcome,
    told: &FirstTold,
    as_of: DateTime<Utc>,
    sees: &dyn Fn(Option<&EmployeeId>) -> bool,
) -> Vec<FixRow> {
    let parties: HashMap<&SaleKey, usize> =
        facts.sales.iter().zip(&facts.party_of).map(|(sale, party)| (&sale.key, *party)).collect();
    let mut first: BTreeMap<(&EmployeeId, usize), DateTime<Utc>> = BTreeMap::new();
    for ((employee, sale), at) in told {
        let Some(party) = parties.get(sale).filter(|_| sees(Some(employee))) else { continue };
        let earliest = first.entry((employee, *party)).or_insert(*at);
        *earliest = (*earliest).min(*at);
    }
    first.retain(|_, at| *at <= as_of && as_of - *at <= TimeDelta::days(DAYS));
    let cards = Cards::of(facts, outcome);
    let mut rows: BTreeMap<&EmployeeId, (FixRow, Vec<i64>)> = BTreeMap::new();
    for ((employee, party), at) in first {
        let (row, hours) = rows.entry(employee).or_insert_with(|| {
            let name = name_of(&facts.roster, employee);
            let row = FixRow { id: employee.clone(), name, alerted: 0, fixed: 0, entered: 0, hours: Vec::new() };
            (row, Vec::new())
        });
        row.alerted += 1;
        match cards.complete_since(party) {
            Some(since) => {
                row.fixed += 1;
                hours.extend((since >= at).then(|| (since - at).num_hours()));
            }
            None => row.entered += u32::from(cards.is_known(party)),
        }
    }
    let mut rows: Vec<FixRow> = rows
        .into_values()
        .map(|(row, mut hours)| {
            hours.sort_unstable();
            let quarters: BTreeSet<usize> = if hours.is_empty() { BTreeSet::new() } else { [1, 2, 3].into() };
            let rank = |quarter: usize| hours.get((hours.len() * quarter).div_ceil(4).saturating_sub(1)).copied();
            FixRow { hours: quarters.into_iter().filter_map(rank).collect(), ..row }
        })
        .collect();
    let none = |row: &FixRow| if row.fixed < row.alerted { i64::MAX } else { i64::MIN };
    let slow = |row: &FixRow| row.hours.get(1).copied().unwrap_or_else(|| none(row));
    rows.sort_by(|a, b| (slow(b), &a.name).cmp(&(slow(a), &b.name)));
    rows
}
