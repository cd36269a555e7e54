//! The training list of a head: which fields each person leaves empty, and whether a training changed it.
//!
//! **Who misses what** is over the cards of clients sold to in the month, by their own profile, as they stand. **Whether it
//! changed** is over two equal windows, the thirty days before the training and the thirty from its day on: of the clients
//! that the person sold to in a window and that had a card at its end, how many lacked the field then. Cards are taken from
//! the exports of that time. Where the second window is not over yet nothing is said; fields that live in other records
//! (contacts, deals, activities) are not kept by day, so nothing can be said of them.
//!
//! Deliberately absent: causes. The windows may differ for other reasons than the training.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::Serialize;

use crate::domain::{
    assess::{
        card_times::{Cards, is_kept_by_day},
        in_other_currency, standard,
    },
    facts::{Facts, Outcome},
    money::Money,
    org::EmployeeId,
    period::Period,
    rule_facts::Training,
    verdict::{Status, Verdict},
};

use super::super::name_of;

/// Length of each window, days.
pub const WINDOW_DAYS: u64 = 30;
/// Fields told of each person.
const TOLD: usize = 3;

/// What people miss, and what trainings changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TrainingList {
    /// People with empty fields, most of them first.
    pub people: Vec<Learner>,
    /// Trainings of people whom the head sees, newest first.
    pub trainings: Vec<TrainingEffect>,
}

/// What one person misses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Learner {
    /// Name.
    pub name: String,
    /// Cards that were looked at.
    pub cards: u32,
    /// Fields that are empty, most often first, with the number of cards.
    pub topics: Vec<(String, u32)>,
}

/// One training of one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TrainingEffect {
    /// Name.
    pub name: String,
    /// Field.
    pub topic: String,
    /// Day.
    pub on: NaiveDate,
    /// First day after the second window.
    pub until: NaiveDate,
    /// How to read it.
    pub state: EffectState,
    /// Before: cards that lacked the field, cards.
    pub before: (u32, u32),
    /// After.
    pub after: (u32, u32),
}

/// What may be said of a training.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EffectState {
    /// The second window is not over.
    Early,
    /// The field is not kept by day.
    Unmeasurable,
    /// One of the windows has no card.
    Empty,
    /// There are numbers.
    Measured,
}

/// The list of the month as of an instant.
pub fn training_list(
    facts: &Facts,
    outcome: &Outcome,
    period: Period,
    as_of: DateTime<Utc>,
    sees: &dyn Fn(Option<&EmployeeId>) -> bool,
) -> TrainingList {
    let mut trainings: Vec<TrainingEffect> = facts
        .rule_facts
        .trainings
        .iter()
        .filter(|training| sees(Some(&training.employee)))
        .map(|training| effect(facts, outcome, training, as_of))
        .collect();
    trainings.sort_by(|a, b| (Reverse(a.on), &a.topic, &a.name).cmp(&(Reverse(b.on), &b.topic, &b.name)));
    TrainingList { people: learners(facts, outcome, period, sees), trainings }
}

fn learners(
    facts: &Facts,
    outcome: &Outcome,
    period: Period,
    sees: &dyn Fn(Option<&EmployeeId>) -> bool,
) -> Vec<Learner> {
    let mut people: BTreeMap<EmployeeId, (u32, BTreeMap<String, u32>)> = BTreeMap::new();
    // A client without a card is no matter of fields.
    let clients = standard::clients(facts, outcome, period).into_iter().filter(|c| c.verdict == Verdict::InCrm);
    for client in clients {
        let Some(score) = &client.own else { continue };
        for id in client.sellers.iter().filter(|id| sees(Some(id))) {
            let own = people.entry(id.clone()).or_default();
            own.0 += 1;
            for field in &score.missing {
                *own.1.entry(field.clone()).or_default() += 1;
            }
        }
    }
    let mut list: Vec<Learner> = people
        .into_iter()
        .filter(|(_, (_, topics))| !topics.is_empty())
        .map(|(id, (cards, topics))| {
            let mut topics: Vec<(String, u32)> = topics.into_iter().collect();
            topics.sort_by(|a, b| (Reverse(a.1), &a.0).cmp(&(Reverse(b.1), &b.0)));
            topics.truncate(TOLD);
            Learner { name: name_of(&facts.roster, &id), cards, topics }
        })
        .collect();
    let worst = |learner: &Learner| learner.topics.first().map_or(0, |(_, count)| *count);
    list.sort_by(|a, b| (Reverse(worst(a)), &a.name).cmp(&(Reverse(worst(b)), &b.name)));
    list
}

fn effect(facts: &Facts, outcome: &Outcome, training: &Training, as_of: DateTime<Utc>) -> TrainingEffect {
    let day = |n: Option<NaiveDate>| n.unwrap_or(training.on);
    let (from, until) = (
        day(training.on.checked_sub_days(Days::new(WINDOW_DAYS))),
        day(training.on.checked_add_days(Days::new(WINDOW_DAYS))),
    );
    let cards = Cards::of(facts, outcome);
    let (before, after) = (
        window(facts, outcome, &cards, training, (from, training.on)),
        window(facts, outcome, &cards, training, (training.on, until)),
    );
    let state = match () {
        () if !is_kept_by_day(&training.topic) => EffectState::Unmeasurable,
        () if as_of < end(facts, until) => EffectState::Early,
        () if before.1 == 0 || after.1 == 0 => EffectState::Empty,
        () => EffectState::Measured,
    };
    TrainingEffect {
        name: name_of(&facts.roster, &training.employee),
        topic: training.topic.clone(),
        on: training.on,
        until,
        state,
        before,
        after,
    }
}

/// The instant at which a half-open window of days ends.
fn end(facts: &Facts, until: NaiveDate) -> DateTime<Utc> {
    facts.end_of(until.pred_opt().unwrap_or(until))
}

/// Cards of the person's clients of a window that lacked the field at its end, and all of them.
fn window(
    facts: &Facts,
    outcome: &Outcome,
    cards: &Cards<'_>,
    training: &Training,
    (from, until): (NaiveDate, NaiveDate),
) -> (u32, u32) {
    let mut parties = BTreeSet::new();
    for ((sale, assessed), &party) in facts.sales.iter().zip(&outcome.sales).zip(&facts.party_of) {
        let counts = from <= sale.date && sale.date < until && sale.amount > Money::ZERO;
        let judged = assessed.status != Status::Exempt && !in_other_currency(facts, sale);
        if counts && judged && assessed.employee.as_ref() == Some(&training.employee) {
            parties.insert(party);
        }
    }
    let at = end(facts, until);
    let had: Vec<bool> = parties.into_iter().filter_map(|party| cards.had_field(party, &training.topic, at)).collect();
    let lacked = had.iter().filter(|had| !**had).count();
    (u32::try_from(lacked).unwrap_or(u32::MAX), u32::try_from(had.len()).unwrap_or(u32::MAX))
}
