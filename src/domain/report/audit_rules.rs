//! The month so far under the rules that reward: calls, places in contests, and which fields people leave empty. What is shown
//! is what the rules would give if the month ended now. Deliberately absent: posting (only closing periods pay).

use std::{cmp::Reverse, collections::BTreeMap};

use serde::Serialize;

use crate::domain::{
    adjust::{self, CallsOf, Standing},
    facts::{Facts, Outcome},
    org::EmployeeId,
    period::Period,
};

use super::name_of;

/// Fields that are told.
const TOPICS: usize = 5;
/// People who are named beside a field.
const NAMED: usize = 3;

/// The month so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MonthSoFar {
    /// Calls by employee, most made first.
    pub calls: Vec<CallsOf>,
    /// Places of contests, by rule and place.
    pub places: Vec<Standing>,
    /// Fields that are left empty most often.
    pub topics: Vec<Topic>,
}

/// One field that is left empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Topic {
    /// As the policy names it.
    pub field: String,
    /// Cards that lack it.
    pub cards: usize,
    /// Who has most of them, with their number.
    pub people: Vec<(String, usize)>,
}

/// What the head sees of it.
pub(super) fn month_so_far(
    facts: &Facts,
    outcome: &Outcome,
    period: Period,
    sees: &dyn Fn(Option<&EmployeeId>) -> bool,
) -> MonthSoFar {
    let mut calls = adjust::calls_of(facts, period);
    calls.retain(|line| sees(Some(&line.employee)));
    calls.sort_by_key(|line| (Reverse(line.made), line.employee.clone()));
    let mut places = adjust::standings(facts, &outcome.sales, &outcome.cards, period);
    places.retain(|place| sees(Some(&place.employee)));
    MonthSoFar { calls, places, topics: topics(facts, outcome, period, sees) }
}

fn topics(facts: &Facts, outcome: &Outcome, period: Period, sees: &dyn Fn(Option<&EmployeeId>) -> bool) -> Vec<Topic> {
    let mut lacking: BTreeMap<&str, BTreeMap<&EmployeeId, usize>> = BTreeMap::new();
    // A client without a card is no matter of fields.
    let cards = outcome.cards.iter().filter(|c| c.period == period && c.record.is_some() && sees(Some(&c.employee)));
    for card in cards {
        for field in &card.missing {
            *lacking.entry(field.as_str()).or_default().entry(&card.employee).or_default() += 1;
        }
    }
    let mut topics: Vec<Topic> = lacking
        .into_iter()
        .map(|(field, people)| {
            let cards = people.values().sum();
            let mut people: Vec<(String, usize)> =
                people.into_iter().map(|(id, count)| (name_of(&facts.roster, id), count)).collect();
            people.sort_by(|a, b| (Reverse(a.1), &a.0).cmp(&(Reverse(b.1), &b.0)));
            people.truncate(NAMED);
            Topic { field: field.to_owned(), cards, people }
        })
        .collect();
    topics.sort_by(|a, b| (Reverse(a.cards), &a.field).cmp(&(Reverse(b.cards), &b.field)));
    topics.truncate(TOPICS);
    topics
}
