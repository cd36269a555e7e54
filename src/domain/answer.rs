//! What finance did with the rows of a statement, and how that differs from what was handed over: the «акт сверки».
//! Deliberately absent: reading the returned file (`ingest`), storage, correcting anything: a refused line stays in the
//! ledger, and a person settles the difference.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{money::Money, org::EmployeeId};

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Applied as it stands.
    Applied,
    /// Applied with another amount.
    Changed,
    /// Not applied.
    Refused,
}

impl Answer {
    /// Stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Changed => "changed",
            Self::Refused => "refused",
        }
    }

    /// The answer of that name.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Applied, Self::Changed, Self::Refused].into_iter().find(|a| a.code() == code)
    }
}

/// One answer to a person's row of a statement. Never changes; a later one replaces it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FinanceAnswer {
    /// Id.
    pub id: String,
    /// Number of the statement.
    pub number: String,
    /// Whose row.
    pub employee: EmployeeId,
    /// What became of it.
    pub answer: Answer,
    /// What was applied: the row's amount, another one, or nothing.
    pub amount: Money,
    /// Why, in finance's words.
    pub note: String,
    /// Who answered.
    pub author: String,
    /// When.
    pub at: DateTime<Utc>,
    /// `cli`, or the hash of the returned file.
    pub source: String,
}

/// One statement against its answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Settled {
    /// Number of the statement.
    pub number: String,
    /// Sum handed over.
    pub handed: Money,
    /// Sum applied so far.
    pub applied: Money,
    /// Rows without an answer.
    pub unanswered: usize,
    /// Rows that were applied otherwise or not at all, by personnel number.
    pub differences: Vec<Difference>,
}

/// A row that finance applied otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Whose row.
    pub employee: EmployeeId,
    /// His name.
    pub name: String,
    /// What became of it.
    pub answer: Answer,
    /// Handed over.
    pub handed: Money,
    /// Applied.
    pub applied: Money,
    /// Applied less handed over.
    pub difference: Money,
    /// Why, in finance's words.
    pub note: String,
}

/// Compares what a statement handed over, by person, with the last answer to each row. Persons who were handed nothing but
/// were answered for are there too.
pub fn settle(
    number: &str,
    handed: &BTreeMap<EmployeeId, Money>,
    answers: &[FinanceAnswer],
    name_of: impl Fn(&EmployeeId) -> String,
) -> Settled {
    let mut last: BTreeMap<&EmployeeId, &FinanceAnswer> = BTreeMap::new();
    for answer in answers.iter().filter(|a| a.number == number) {
        last.insert(&answer.employee, answer);
    }
    let differences = last.values().filter_map(|answer| {
        let given = handed.get(&answer.employee).copied().unwrap_or_default();
        (answer.amount != given).then(|| Difference {
            employee: answer.employee.clone(),
            name: name_of(&answer.employee),
            answer: answer.answer,
            handed: given,
            applied: answer.amount,
            difference: answer.amount - given,
            note: answer.note.clone(),
        })
    });
    Settled {
        number: number.to_owned(),
        handed: handed.values().copied().sum(),
        applied: last.values().map(|a| a.amount).sum(),
        unanswered: handed.keys().filter(|id| !last.contains_key(id)).count(),
        differences: differences.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(employee: &str, answer: Answer, kopecks: i64) -> FinanceAnswer {
        FinanceAnswer {
            id: String::new(),
            number: "2026-11/1".into(),
            employee: EmployeeId(employee.into()),
            answer,
            amount: Money::from_kopecks(kopecks),
            note: String::new(),
            author: "a".into(),
            at: DateTime::UNIX_EPOCH,
            source: "cli".into(),
        }
    }

    #[test]
    fn the_last_answer_counts_and_every_difference_is_named() {
        let handed: BTreeMap<EmployeeId, Money> =
            [("1", -500), ("2", -300), ("3", 70)].map(|(id, k)| (EmployeeId(id.into()), Money::from_kopecks(k))).into();
        let answers = [
            answer("1", Answer::Refused, 0),
            answer("1", Answer::Applied, -500),
            answer("2", Answer::Changed, -100),
            FinanceAnswer { number: "2026-10/1".into(), ..answer("3", Answer::Refused, 0) },
            answer("4", Answer::Changed, 5),
        ];
        let settled = settle("2026-11/1", &handed, &answers, |id| id.0.clone());
        assert_eq!((settled.handed.kopecks(), settled.applied.kopecks(), settled.unanswered), (-730, -595, 1));
        let rows: Vec<_> = settled.differences.iter().map(|d| (d.name.as_str(), d.difference.kopecks())).collect();
        assert_eq!(rows, [("2", 200), ("4", 5)]);
    }
}
