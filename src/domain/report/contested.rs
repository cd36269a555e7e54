//! Lines that people contest, for the head who answers: one mail for all that came together. Deliberately absent: deciding
//! (`dispute`), the money of lines that nobody contests.

use chrono::NaiveDate;
use serde::Serialize;

use crate::domain::{
    dispute::{Case, EventKind, Ruling},
    ledger::LedgerEntry,
    money::Money,
    org::{EmployeeId, Roster},
    text::Text,
};

use super::{Frame, ReportContext, name_of, subject};

/// Contested lines, for one head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ContestedReport {
    /// Company, times.
    pub frame: Frame,
    /// The head; part of the mail's key.
    pub head: EmployeeId,
    /// The earliest day to answer.
    pub due: NaiveDate,
    /// Lines, the earliest day first.
    pub lines: Vec<ContestedLine>,
}

/// One contested line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ContestedLine {
    /// Id of the dispute; part of the mail's key.
    pub dispute: String,
    /// Whose line.
    pub name: String,
    /// Code of the line.
    pub code: String,
    /// Its amount.
    pub amount: Money,
    /// What is claimed.
    pub claim: Text,
    /// Document; empty for rules over a period.
    pub document: Text,
    /// Buyer.
    pub party: String,
    /// In the person's words.
    pub note: String,
    /// What was found about a CRM record that was named; empty = none was.
    pub checked: Text,
    /// Last day to answer.
    pub due: NaiveDate,
    /// What silence means: the line is withdrawn, or it stands.
    pub silence_withdraws: bool,
}

impl ContestedReport {
    /// The mail about these cases with their lines; `None` when there are none.
    pub fn of(
        head: &EmployeeId,
        cases: &[(&Case, &LedgerEntry)],
        roster: &Roster,
        ctx: &ReportContext,
    ) -> Option<Self> {
        let mut lines: Vec<ContestedLine> = cases.iter().map(|(case, entry)| line(case, entry, roster)).collect();
        lines.sort_by(|a, b| (a.due, &a.name, &a.code).cmp(&(b.due, &b.name, &b.code)));
        let due = lines.first()?.due;
        Some(Self { frame: ctx.bare_frame(), head: head.clone(), due, lines })
    }
}

fn line(case: &Case, entry: &LedgerEntry, roster: &Roster) -> ContestedLine {
    let checked = case.events.iter().rev().find(|e| e.kind == EventKind::Checked);
    ContestedLine {
        dispute: case.dispute.id.clone(),
        name: name_of(roster, &entry.entry.key.employee),
        code: case.dispute.code.clone(),
        amount: entry.entry.amount,
        claim: case.dispute.claim.text(),
        document: subject(&entry.entry),
        party: entry.entry.evidence.party.clone(),
        note: case.dispute.note.clone(),
        checked: checked.map(|e| e.note.clone()).unwrap_or_default(),
        due: case.due(),
        silence_withdraws: case.dispute.by_default == Ruling::Withdraw,
    }
}
