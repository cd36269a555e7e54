//! The pilot beside the rest, for the director: clients whose sales were all entered in time, and clients whose card is
//! complete, of the people in a group that the regulation tries rules on and of everybody else who sells. Each difference
//! comes with an interval (`proportion`); where the interval holds zero, the page says that the two cannot be told apart.
//! Groups of fewer than three people are not compared. Deliberately absent: names, adjectives, causes: people were not put
//! into the pilot by lot, so a difference need not come from it.

use std::collections::{BTreeMap, BTreeSet};

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
    proportion::{self, Cluster},
    verdict::Status,
};

use super::{Frame, ReportContext};

/// Fewest people on either side of a comparison.
const LEAST: usize = 3;
/// Months shown, the page's own last.
const MONTHS: usize = 3;

/// The page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PilotReport {
    /// Company, as-of.
    pub frame: Frame,
    /// The month.
    pub period: Period,
    /// `2026-10`, with `.once` behind it when a person asked.
    pub occasion: String,
    /// One per group that a rule of the regulation names.
    pub groups: Vec<PilotGroup>,
}

/// One group beside the rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PilotGroup {
    /// Its name in the people file.
    pub name: String,
    /// Rules that hold for it alone.
    pub rules: Vec<String>,
    /// Members with sales in the month.
    pub people: usize,
    /// Everybody else with sales in the month.
    pub rest: usize,
    /// What is compared.
    pub measures: Vec<Measure>,
    /// Shares entered in time by month, oldest first.
    pub months: Vec<PilotMonth>,
}

/// One comparison.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Measure {
    /// `in_time` or `complete`.
    pub code: &'static str,
    /// The group: hits, clients.
    pub pilot: Side,
    /// The rest.
    pub rest: Side,
    /// What may be said.
    pub said: Said,
    /// Difference of the shares in basis points, rounded to the nearest tenth of a point; `None` where nothing is compared.
    pub difference_bp: Option<i32>,
    /// Lower end of its interval, rounded outward likewise.
    pub low_bp: Option<i32>,
    /// Upper end.
    pub high_bp: Option<i32>,
}

/// One side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Side {
    /// People with such clients.
    pub people: usize,
    /// Clients.
    pub clients: u32,
    /// Of them successes.
    pub hits: u32,
    /// `hits / clients`, rounded down.
    pub share: Option<Rate>,
}

/// What a comparison may say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// One of the sides is too small.
    TooFew,
    /// The interval holds zero.
    NotApart,
    /// The whole interval is above zero.
    Above,
    /// The whole interval is below zero.
    Below,
}

/// One month of both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PilotMonth {
    /// Which.
    pub period: Period,
    /// Share entered in time of the group.
    pub pilot: Option<Rate>,
    /// The same of the rest.
    pub rest: Option<Rate>,
}

impl PilotReport {
    /// The page of a month; `None` when no rule in force at its end tries anything on a group.
    pub fn build(facts: &Facts, outcome: &Outcome, period: Period, ctx: &ReportContext) -> Option<Self> {
        let version = facts.policy.as_of(period.last_day())?;
        let mut names: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for rule in &version.rules {
            for group in &rule.scope.groups {
                let kinds = names.entry(group).or_default();
                if !kinds.iter().any(|kind| kind == rule.kind.code()) {
                    kinds.push(rule.kind.code().to_owned());
                }
            }
        }
        if names.is_empty() {
            return None;
        }
        let groups = names.into_iter().map(|(name, rules)| group(facts, outcome, period, name, rules)).collect();
        Some(Self {
            frame: ctx.frame(facts),
            period,
            occasion: format!("{period}{}", if ctx.by_hand { ".once" } else { "" }),
            groups,
        })
    }
}

fn group(facts: &Facts, outcome: &Outcome, period: Period, name: &str, rules: Vec<String>) -> PilotGroup {
    let members: BTreeSet<&EmployeeId> =
        facts.roster.people.iter().filter(|p| p.groups.contains(name)).map(|p| &p.id).collect();
    let in_time = in_time(facts, outcome, period);
    let complete = complete(facts, outcome, period);
    let sellers: BTreeSet<&EmployeeId> = in_time.keys().chain(complete.keys()).collect();
    let people = sellers.iter().filter(|id| members.contains(*id)).count();
    let mut months = Vec::new();
    let mut at = period;
    for _ in 0..MONTHS {
        let (pilot, rest) = sides(&self::in_time(facts, outcome, at), &members);
        months.push(PilotMonth { period: at, pilot: side(&pilot).share, rest: side(&rest).share });
        at = at.prev();
    }
    months.reverse();
    months.retain(|month| month.pilot.is_some() || month.rest.is_some());
    PilotGroup {
        name: name.to_owned(),
        rules,
        people,
        rest: sellers.len() - people,
        measures: vec![compare("in_time", &in_time, &members), compare("complete", &complete, &members)],
        months,
    }
}

/// Per seller: clients whose sales of the month are settled, and those of them whose sales were all entered in time.
fn in_time(facts: &Facts, outcome: &Outcome, period: Period) -> BTreeMap<EmployeeId, Cluster> {
    let mut clients: BTreeMap<(&EmployeeId, usize), bool> = BTreeMap::new();
    for ((sale, assessed), &party) in facts.sales.iter().zip(&outcome.sales).zip(&facts.party_of) {
        let counts = period.contains(sale.date) && sale.amount > Money::ZERO && !in_other_currency(facts, sale);
        let settled = matches!(assessed.status, Status::OnTime | Status::Late | Status::Missing);
        if let (Some(id), true) = (&assessed.employee, counts && settled) {
            *clients.entry((id, party)).or_insert(true) &= assessed.status == Status::OnTime;
        }
    }
    let mut people: BTreeMap<EmployeeId, Cluster> = BTreeMap::new();
    for ((id, _), hit) in clients {
        let own = people.entry(id.clone()).or_default();
        own.of += 1;
        own.hits += u32::from(hit);
    }
    people
}

/// Per seller: judged clients, and those whose card has everything the regulation asks for.
fn complete(facts: &Facts, outcome: &Outcome, period: Period) -> BTreeMap<EmployeeId, Cluster> {
    let mut people: BTreeMap<EmployeeId, Cluster> = BTreeMap::new();
    for client in standard::clients(facts, outcome, period) {
        let Some(score) = &client.own else { continue };
        for id in &client.sellers {
            let own = people.entry(id.clone()).or_default();
            own.of += 1;
            own.hits += u32::from(Score::is_complete(score));
        }
    }
    people
}

fn sides(people: &BTreeMap<EmployeeId, Cluster>, members: &BTreeSet<&EmployeeId>) -> (Vec<Cluster>, Vec<Cluster>) {
    let (pilot, rest): (Vec<_>, Vec<_>) = people.iter().partition(|(id, _)| members.contains(id));
    let clusters = |list: Vec<(&EmployeeId, &Cluster)>| list.into_iter().map(|(_, own)| *own).collect();
    (clusters(pilot), clusters(rest))
}

fn side(people: &[Cluster]) -> Side {
    let (clients, hits) = people.iter().fold((0, 0), |(of, hits), own| (of + own.of, hits + own.hits));
    Side { people: people.len(), clients, hits, share: Rate::of(i64::from(hits), i64::from(clients)) }
}

fn compare(code: &'static str, people: &BTreeMap<EmployeeId, Cluster>, members: &BTreeSet<&EmployeeId>) -> Measure {
    let (pilot, rest) = sides(people, members);
    let mut measure = Measure {
        code,
        pilot: side(&pilot),
        rest: side(&rest),
        said: Said::TooFew,
        difference_bp: None,
        low_bp: None,
        high_bp: None,
    };
    if pilot.len() < LEAST || rest.len() < LEAST {
        return measure;
    }
    let (Some(first), Some(second)) = (proportion::share_of(&pilot), proportion::share_of(&rest)) else {
        return measure;
    };
    let found = proportion::difference(first, second, proportion::student(pilot.len() + rest.len() - 2));
    // Tenths of a percentage point, as they are shown: what is said follows from the numbers that stand beside it.
    let tenths = |share: f64| share * 1_000.0;
    let (low, high) = (tenths(found.low).floor() as i32, tenths(found.high).ceil() as i32);
    measure.said = match () {
        () if low > 0 => Said::Above,
        () if high < 0 => Said::Below,
        () => Said::NotApart,
    };
    measure.difference_bp = Some(10 * tenths(found.point).round() as i32);
    (measure.low_bp, measure.high_bp) = (Some(10 * low), Some(10 * high));
    measure
}
