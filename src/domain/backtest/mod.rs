//! A draft of the regulation over closed periods, beside the present one: the same facts, two policies, nothing posted. Periods
//! are added one by one, so that memory does not grow with their number. Deliberately absent: loading facts (`pipeline`),
//! computing amounts (`adjust`), words of tables (`cli`, `deliver`).

mod fair;
mod side;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Serialize;

use super::{
    acknowledgement::Acknowledgement,
    finding::{Finding, Severity},
    org::{EmployeeId, Roster},
    period::Period,
    policy::Policy,
    report::name_of,
};
pub use fair::{Client, Group, Tenure};
pub use side::{Person, Side};

/// Both sides over the periods added so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Backtest {
    /// Periods, ascending.
    pub periods: Vec<Period>,
    /// The present regulation.
    pub present: Side,
    /// The draft.
    pub draft: Side,
    /// What a run under the draft would be held for or warned of, each once.
    pub remarks: Vec<Finding>,
}

impl Backtest {
    /// Keeps what the draft's findings say beyond those of the present regulation.
    pub fn remark(&mut self, present: &[Finding], draft: &[Finding]) {
        for finding in draft.iter().filter(|f| f.severity > Severity::Note) {
            let known =
                present.iter().chain(&self.remarks).any(|f| f.code == finding.code && f.message == finding.message);
            if !known {
                self.remarks.push(finding.clone());
            }
        }
    }

    /// People of either side, those whom the draft costs the most first.
    pub fn rows(&self, roster: &Roster) -> Vec<Row> {
        let ids: BTreeSet<&EmployeeId> = self.present.people.keys().chain(self.draft.people.keys()).collect();
        let of = |side: &Side, id: &EmployeeId| side.people.get(id).cloned().unwrap_or_default();
        let mut rows: Vec<Row> = ids
            .into_iter()
            .map(|id| Row {
                id: id.clone(),
                name: name_of(roster, id),
                department: roster.get(id).map(|e| e.department.clone()).unwrap_or_default(),
                present: of(&self.present, id),
                draft: of(&self.draft, id),
            })
            .collect();
        rows.sort_by(|a, b| {
            let lost = |row: &Row| row.draft.total() - row.present.total();
            (lost(a), &a.name, &a.id).cmp(&(lost(b), &b.name, &b.id))
        });
        rows
    }
}

/// One person under both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Personnel number.
    pub id: EmployeeId,
    /// Name.
    pub name: String,
    /// Department.
    pub department: String,
    /// Under the present regulation.
    pub present: Person,
    /// Under the draft.
    pub draft: Person,
}

/// The newest version of a draft as if it had always been in force: closed periods lie before it.
pub fn always_in_force(draft: &Policy) -> Option<Policy> {
    let mut version = draft.versions.last()?.clone();
    version.effective_from = NaiveDate::from_ymd_opt(1990, 1, 1)?;
    Some(Policy { versions: vec![version] })
}

/// Everybody has signed the draft: what it would do, not how long signing takes.
pub fn everybody_signed(draft: &Policy, roster: &Roster) -> Vec<Acknowledgement> {
    let of = |version: &super::policy::PolicyVersion| {
        let (id, on) = (version.id.clone(), version.effective_from);
        let signed = move |person: &super::org::Employee| Acknowledgement {
            employee: person.id.clone(),
            version: id.clone(),
            on,
            content: String::new(),
        };
        roster.people.iter().map(signed)
    };
    draft.versions.iter().flat_map(of).collect()
}
