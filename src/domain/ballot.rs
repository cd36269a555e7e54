//! Votes of a jury as written, judged against the regulation and the people: which contest, who votes, for whom. Deliberately
//! absent: counting (`adjust::contest`), storage.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{
    facts::Facts,
    org::{Employee, Resolved},
    period::Period,
    policy::{ContestBy, RuleKind},
    rule_facts::Vote,
    text::Text,
};

/// A vote as written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilledVote {
    /// Row, 1-based.
    pub row: u32,
    /// Period as written.
    pub period: String,
    /// Contest; empty = the only one.
    pub rule: String,
    /// Member of the jury.
    pub juror: String,
    /// For whom.
    pub employee: String,
}

/// A table of votes, judged row by row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counted {
    /// New votes.
    pub apply: Vec<(u32, Vote)>,
    /// Votes that stand already.
    pub unchanged: Vec<u32>,
    /// Rows that are refused, with why.
    pub refused: Vec<(u32, Text)>,
}

/// Judges the rows: each stands or falls alone; of two votes of one member in one contest the table has to choose.
pub fn judge(rows: &[FilledVote], facts: &Facts) -> Counted {
    let mut counted = Counted::default();
    let mut seen: Vec<(u32, Vote)> = Vec::new();
    for row in rows {
        let vote = match one(row, facts) {
            Ok(vote) => vote,
            Err(why) => {
                counted.refused.push((row.row, why));
                continue;
            }
        };
        let same = |other: &Vote| (&other.period, &other.rule, &other.juror) == (&vote.period, &vote.rule, &vote.juror);
        if let Some((other, _)) = seen.iter().find(|(_, known)| same(known)) {
            let why = Text::new(
                format!("этот член жюри уже голосовал в строке {other}"),
                format!("this member has voted in row {other} already"),
            );
            counted.refused.push((row.row, why));
            continue;
        }
        seen.push((row.row, vote.clone()));
        if facts.rule_facts.votes.contains(&vote) {
            counted.unchanged.push(row.row);
        } else {
            counted.apply.push((row.row, vote));
        }
    }
    counted
}

fn one(row: &FilledVote, facts: &Facts) -> Result<Vote, Text> {
    let period: Period = row.period.parse().map_err(|_| {
        Text::new(
            format!("«{}» не месяц: нужно 2026-11", row.period),
            format!("“{}” is no month: write 2026-11", row.period),
        )
    })?;
    if facts.rule_facts.closes.contains_key(&period) {
        return Err(Text::new(
            format!("период {period} закрыт, голоса больше не принимаются"),
            format!("the period {period} is closed, votes are no longer taken"),
        ));
    }
    let rules = facts.policy.as_of(period.last_day()).map(|version| version.rules.as_slice()).unwrap_or_default();
    let contests: Vec<&str> = rules
        .iter()
        .filter(|rule| matches!(rule.kind, RuleKind::Contest { by: ContestBy::Votes, .. }))
        .map(|rule| rule.id.as_str())
        .collect();
    let rule = match contests.as_slice() {
        [only] if row.rule.is_empty() => *only,
        _ => contests.iter().copied().find(|id| *id == row.rule).ok_or_else(|| {
            let known = contests.join(", ");
            match (contests.is_empty(), row.rule.is_empty()) {
                (true, _) => Text::new(
                    format!("в {period} нет конкурса с голосами жюри"),
                    format!("there is no contest by votes in {period}"),
                ),
                (false, true) => Text::new(
                    format!("конкурсов с голосами жюри несколько, назовите один в столбце «Конкурс»: {known}"),
                    format!("there are several contests by votes, name one in the column “Contest”: {known}"),
                ),
                (false, false) => Text::new(
                    format!("нет конкурса «{}» с голосами жюри; есть: {known}", row.rule),
                    format!("there is no contest “{}” by votes; there are: {known}", row.rule),
                ),
            }
        })?,
    };
    let juror = person(facts, &row.juror, period.last_day())?;
    let employee = person(facts, &row.employee, period.last_day())?;
    if juror.id == employee.id {
        return Err(Text::new("за себя не голосуют", "nobody votes for himself"));
    }
    Ok(Vote { period, rule: rule.to_owned(), juror: juror.id.clone(), employee: employee.id.clone() })
}

fn person<'a>(facts: &'a Facts, name: &str, on: NaiveDate) -> Result<&'a Employee, Text> {
    match facts.roster.resolve(name, on) {
        Resolved::One(person) => Ok(person),
        Resolved::Nobody => {
            Err(Text::new(format!("«{name}» нет среди сотрудников"), format!("“{name}” is not among the employees")))
        }
        Resolved::Ambiguous => Err(Text::new(
            format!("имя «{name}» есть у двоих: укажите табельный номер"),
            format!("two people are called “{name}”: give the personnel number"),
        )),
    }
}
