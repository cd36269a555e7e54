//! The statement of one salesperson: what the sales earned, every line with its clause and its evidence, what is contested,
//! and what is paid. The same rows as the statement to finance, so that nobody is told another number. Deliberately absent:
//! the choice of entries and all arithmetic (`statement`).

use serde::Serialize;

use crate::domain::{facts::Facts, money::Money, org::EmployeeId, period::Period, text::Text};

use super::{
    Frame, StatementReport,
    beside::SuspendedLine,
    statement::{Amounts, StatementLine},
};

/// Statement of one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PersonalReport {
    /// Company, times, ledger head.
    pub frame: Frame,
    /// Number of the statement that finance got: `2026-11/1`.
    pub number: String,
    /// Pay period.
    pub period: Period,
    /// Whose; part of the mail's key.
    pub owner: EmployeeId,
    /// Name of the owner when somebody else reads the mail in his place.
    pub in_place_of: Option<String>,
    /// Whether an earlier number of the period told the bonus already: this one adds lines and replaces nothing.
    pub further: bool,
    /// Opening (`bonus`), sums by kind, `total` and `payable`.
    pub amounts: Amounts,
    /// What every line belongs to, greatest change first in the order people read: reductions, corrections, the rest.
    pub groups: Vec<PersonalGroup>,
    /// Contested lines that are not in the sums.
    pub suspended: Vec<SuspendedLine>,
    /// Working days in which a head answers to an objection.
    pub answer_days: u32,
    /// The statement narrowed to the person, for the workbook.
    #[serde(skip)]
    pub own: StatementReport,
}

/// Lines of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PersonalGroup {
    /// Heading.
    pub title: Text,
    /// Lines, in the order of the chain.
    pub lines: Vec<StatementLine>,
    /// Sum over `lines`.
    pub sum: Money,
}

impl PersonalReport {
    /// The statements of everybody who has a bonus or a line in the statement to finance, in its order.
    pub fn of(statement: &StatementReport, facts: &Facts) -> Vec<Self> {
        let today = statement.frame.as_of.date();
        let terms = facts.policy.as_of(today).map(|v| v.disputes).unwrap_or_default();
        let one = |row: &super::statement::PersonRow| {
            let own = |line: &&StatementLine| line.employee == row.id;
            let lines: Vec<&StatementLine> = statement.lines.iter().filter(own).collect();
            let narrowed = StatementReport {
                people: vec![row.clone()],
                lines: lines.iter().map(|l| (*l).clone()).collect(),
                ..statement.clone()
            };
            Self {
                own: narrowed,
                frame: statement.frame.clone(),
                number: statement.number.clone(),
                period: statement.period,
                owner: row.id.clone(),
                in_place_of: None,
                further: statement.previous.is_some(),
                amounts: row.amounts,
                groups: groups(&lines, statement.period),
                suspended: statement.suspended.iter().filter(|l| l.employee == row.id).cloned().collect(),
                answer_days: terms.deadline_working_days,
            }
        };
        statement.people.iter().map(one).collect()
    }
}

/// The columns of `Amounts` with their lines; a group without lines is left out.
fn groups(lines: &[&StatementLine], period: Period) -> Vec<PersonalGroup> {
    let column = |line: &StatementLine| match line.kind.as_str() {
        // Whatever belongs to another period is a correction, as in the sums.
        _ if line.belongs_to != period => 1,
        "correction" => 1,
        "reduction" => 0,
        "deferral" => 2,
        "premium" => 3,
        _ => 4,
    };
    let titles = [
        Text::new("Снижение премии", "Bonus reductions"),
        Text::new("Корректировка прошлых периодов", "Corrections of earlier periods"),
        Text::new("Премия ждёт решения руководителя", "Bonus awaiting the head’s decision"),
        Text::new("Премии по правилам", "Premiums by the rules"),
        Text::new("Возврат сверх предела снижений", "Relief over the cap of reductions"),
    ];
    let group = |(at, title): (usize, Text)| {
        let lines: Vec<StatementLine> = lines.iter().filter(|l| column(l) == at).map(|l| (*l).clone()).collect();
        PersonalGroup { title, sum: lines.iter().map(|l| l.amount).sum(), lines }
    };
    titles.into_iter().enumerate().map(group).filter(|group| !group.lines.is_empty()).collect()
}
