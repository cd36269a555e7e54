//! Readiness: how many of the clients outside a segment would meet the segment's profile if it held for everybody. A client
//! proven absent meets nothing; one that is uncertain or cannot be judged is left out. Deliberately absent: advice.

use std::{cmp::Reverse, collections::BTreeMap};

use serde::Serialize;

use crate::domain::{
    assess::standard::{self, Client, Score},
    facts::{Facts, Outcome},
    money::{Money, Rate},
    org::EmployeeId,
    period::Period,
};

use super::super::name_of;

/// Fields that are told.
const TOLD: usize = 3;

/// One profile held against everybody else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Readiness {
    /// Segment whose profile it is.
    pub segment: String,
    /// Clients of other segments sold to in the month that are judged.
    pub clients: u32,
    /// Of them with everything the profile asks for.
    pub passing: u32,
    /// `passing / clients`, rounded down.
    pub share: Option<Rate>,
    /// The same by turnover.
    pub turnover: Option<Rate>,
    /// Clients that have everything their present profile asks for, as a share of `clients`.
    pub now: Option<Rate>,
    /// Fields that keep most clients from passing, with the number of clients.
    pub lacking: Vec<(String, u32)>,
}

/// One client against one profile, for the workbook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReadinessLine {
    /// Segment whose profile is tried.
    pub segment: String,
    /// Client.
    pub party: String,
    /// Who sold to it.
    pub sellers: String,
    /// Its present segment.
    pub own_segment: String,
    /// By its present profile.
    pub now: Rate,
    /// By the profile that is tried.
    pub then: Rate,
    /// What it would lack.
    pub missing: Vec<String>,
    /// Sales of the month with VAT.
    pub turnover: Money,
}

/// Every profile of a segment against the other clients that `sees` lets through by one of their sellers; lines with the
/// most turnover first.
pub fn readiness(
    facts: &Facts,
    outcome: &Outcome,
    period: Period,
    sees: &dyn Fn(Option<&EmployeeId>) -> bool,
) -> (Vec<Readiness>, Vec<ReadinessLine>) {
    let mut clients = standard::clients(facts, outcome, period);
    clients.retain(|c| if c.sellers.is_empty() { sees(None) } else { c.sellers.iter().any(|id| sees(Some(id))) });
    let mut by_segment: BTreeMap<&str, Vec<(&Client, &Score)>> = BTreeMap::new();
    for client in &clients {
        for (segment, score) in client.by_segment.iter().filter(|(segment, _)| **segment != client.segment) {
            by_segment.entry(segment).or_default().push((client, score));
        }
    }
    let (mut rows, mut lines) = (Vec::new(), Vec::new());
    for (segment, judged) in by_segment {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let passing = judged.iter().filter(|(_, score)| score.is_complete()).count();
        let now = judged.iter().filter(|(client, _)| client.own.as_ref().is_some_and(Score::is_complete)).count();
        let money = |all: &dyn Fn(&Score) -> bool| -> Money {
            judged.iter().filter(|(_, score)| all(score)).map(|(client, _)| client.turnover).sum()
        };
        let mut lacking: BTreeMap<&str, u32> = BTreeMap::new();
        for field in judged.iter().flat_map(|(_, score)| &score.missing) {
            *lacking.entry(field).or_default() += 1;
        }
        let mut lacking: Vec<(String, u32)> = lacking.into_iter().map(|(f, n)| (f.to_owned(), n)).collect();
        lacking.sort_by(|a, b| (Reverse(a.1), &a.0).cmp(&(Reverse(b.1), &b.0)));
        lacking.truncate(TOLD);
        rows.push(Readiness {
            segment: segment.to_owned(),
            clients: count(judged.len()),
            passing: count(passing),
            share: Rate::of(passing as i64, judged.len() as i64),
            turnover: Rate::of(money(&Score::is_complete).kopecks(), money(&|_| true).kopecks()),
            now: Rate::of(now as i64, judged.len() as i64),
            lacking,
        });
        lines.extend(judged.into_iter().map(|(client, score)| line(facts, segment, client, score)));
    }
    lines.sort_by(|a, b| (&a.segment, Reverse(a.turnover), &a.party).cmp(&(&b.segment, Reverse(b.turnover), &b.party)));
    (rows, lines)
}

fn line(facts: &Facts, segment: &str, client: &Client, score: &Score) -> ReadinessLine {
    let sellers: Vec<String> = client.sellers.iter().map(|id| name_of(&facts.roster, id)).collect();
    ReadinessLine {
        segment: segment.to_owned(),
        party: client.name.clone(),
        sellers: sellers.join(", "),
        own_segment: client.segment.clone(),
        now: client.own.as_ref().map(|own| own.rate).unwrap_or_default(),
        then: score.rate,
        missing: score.missing.clone(),
        turnover: client.turnover,
    }
}
