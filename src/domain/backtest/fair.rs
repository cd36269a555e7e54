//! Groups by which fairness is looked at: time with the company, department, type of client. Deliberately absent: judging
//! what is fair.

use std::collections::BTreeSet;

use chrono::{Months, NaiveDate};
use serde::Serialize;

use crate::domain::{
    money::{Money, Rate},
    org::EmployeeId,
    party::Counterparty,
};

/// Time with the company at the end of the period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tenure {
    /// Less than a year.
    UnderOne,
    /// One to three years.
    OneToThree,
    /// Three years and more.
    OverThree,
    /// The day of hiring is not known.
    Unknown,
}

impl Tenure {
    /// By the day of hiring.
    pub fn of(hired: Option<NaiveDate>, on: NaiveDate) -> Self {
        let since = |years: u32| hired.and_then(|day| day.checked_add_months(Months::new(12 * years)));
        match (since(1), since(3)) {
            (None, _) | (_, None) => Self::Unknown,
            (_, Some(three)) if three <= on => Self::OverThree,
            (Some(one), _) if one <= on => Self::OneToThree,
            _ => Self::UnderOne,
        }
    }
}

/// Type of client by its ИНН.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Client {
    /// Ten digits.
    Organisation,
    /// Twelve digits: an entrepreneur or a person.
    Entrepreneur,
    /// No ИНН.
    Unknown,
}

impl Client {
    /// By the ИНН of the counterparty.
    pub fn of(party: &Counterparty) -> Self {
        let has = |digits: usize| party.inns.iter().any(|(inn, _)| inn.to_string().len() == digits);
        match (has(10), has(12)) {
            (true, _) => Self::Organisation,
            (_, true) => Self::Entrepreneur,
            _ => Self::Unknown,
        }
    }
}

/// Sums of a group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Group {
    /// Who is in it.
    pub people: BTreeSet<EmployeeId>,
    /// Judged sales, returns left out.
    pub sales: u32,
    /// Of them reduced.
    pub reduced: u32,
    /// Of them waiting for a person.
    pub uncertain: u32,
    /// Their sum with VAT, returns taken off.
    pub turnover: Money,
    /// Bonus of the people; nothing for clients, whose sales bonuses are not told apart.
    pub bonus: Money,
    /// Reductions of the sales, zero or negative.
    pub reductions: Money,
}

impl Group {
    pub(super) fn add(&mut self, who: &EmployeeId, amount: Money, back: bool, reduction: Money, open: bool) {
        self.people.insert(who.clone());
        self.sales += u32::from(!back);
        self.reduced += u32::from(!back && reduction.is_negative());
        self.uncertain += u32::from(open);
        self.turnover += amount;
        self.reductions += reduction;
    }

    /// Share of the sales that were reduced.
    pub fn reduced_share(&self) -> Option<Rate> {
        Rate::of(i64::from(self.reduced), i64::from(self.sales))
    }

    /// Reductions per turnover.
    pub fn per_turnover(&self) -> Option<Rate> {
        Rate::of(-self.reductions.kopecks(), self.turnover.kopecks())
    }
}
