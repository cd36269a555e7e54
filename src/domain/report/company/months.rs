//! Shares of one month's turnover. Deliberately absent: sums of money, which are nobody's but the management's.

use serde::Serialize;

use crate::domain::{
    assess::standard::{self, Client, Score},
    facts::{Facts, Outcome},
    money::{Money, Rate},
    period::Period,
    verdict::Verdict,
};

/// One month. Shares are of the turnover of all clients of the month, each rounded down; `None` without turnover.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MonthShares {
    /// Which.
    pub period: Period,
    /// Clients sold to that the regulation judges.
    pub clients: u32,
    /// Of them known: found in the CRM surely or by a person's word.
    pub known_clients: u32,
    /// Turnover with known clients.
    pub known: Option<Rate>,
    /// Turnover with clients that are known or proven absent.
    pub judged: Option<Rate>,
    /// Turnover with clients whose card has everything the regulation asks for; `None` also when it asks for nothing.
    pub complete: Option<Rate>,
    /// Turnover with clients for whom a person must decide.
    pub uncertain: Option<Rate>,
    /// Turnover with clients whose accounting card is too poor.
    pub not_judgeable: Option<Rate>,
}

/// The shares of a month.
pub(super) fn shares(facts: &Facts, outcome: &Outcome, period: Period) -> MonthShares {
    let clients = standard::clients(facts, outcome, period);
    let whole = sum(&clients, |_| true);
    let share = |keep: &dyn Fn(&Client) -> bool| Rate::of(sum(&clients, keep).kopecks(), whole.kopecks());
    let count =
        |keep: &dyn Fn(&Client) -> bool| u32::try_from(clients.iter().filter(|c| keep(c)).count()).unwrap_or(u32::MAX);
    let known = |c: &Client| c.verdict == Verdict::InCrm;
    let asks = facts.policy.as_of(period.last_day()).is_some_and(|v| !v.profiles.is_empty());
    MonthShares {
        period,
        clients: count(&|_| true),
        known_clients: count(&known),
        known: share(&known),
        judged: share(&|c| matches!(c.verdict, Verdict::InCrm | Verdict::NotInCrm)),
        complete: share(&|c| c.own.as_ref().is_some_and(Score::is_complete)).filter(|_| asks),
        uncertain: share(&|c| c.verdict == Verdict::Uncertain),
        not_judgeable: share(&|c| c.verdict == Verdict::NotJudgeable),
    }
}

fn sum(clients: &[Client], keep: impl Fn(&Client) -> bool) -> Money {
    clients.iter().filter(|c| keep(c)).map(|c| c.turnover).sum()
}
