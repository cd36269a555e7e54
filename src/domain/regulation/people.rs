//! Whom a version concerns, and who of them has not acknowledged it. Deliberately absent: what follows for money (`adjust`).

use chrono::NaiveDate;
use serde::Serialize;

use crate::domain::{
    acknowledgement::Acknowledgement,
    org::{Employee, EmployeeId, Role, Roster},
    policy::{Policy, PolicyVersion},
};

/// Managers who work on the day and whom a rule of the version concerns, in the order of the people file.
pub fn concerned<'a>(version: &PolicyVersion, roster: &'a Roster, on: NaiveDate) -> Vec<&'a Employee> {
    let covered = |e: &Employee| version.rules.iter().any(|rule| rule.scope.covers_employee(e));
    roster.with_role(Role::Manager).filter(|e| e.works_on(on) && covered(e)).collect()
}

/// The concerned who have not acknowledged the version.
pub fn unsigned<'a>(
    version: &PolicyVersion,
    roster: &'a Roster,
    acknowledgements: &[Acknowledgement],
    on: NaiveDate,
) -> Vec<&'a Employee> {
    let signed = |e: &&Employee| acknowledgements.iter().any(|a| a.version == version.id && a.employee == e.id);
    concerned(version, roster, on).into_iter().filter(|e| !signed(e)).collect()
}

/// Somebody whom a rule waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// Personnel number.
    pub id: EmployeeId,
    /// Name.
    pub name: String,
    /// Version not acknowledged.
    pub version: String,
    /// Whether the version is in force already.
    pub in_force: bool,
}

/// Whom rules that ask for an acknowledgement wait for: of the version in force on the day and of those to come.
pub fn waiting(
    policy: &Policy,
    roster: &Roster,
    acknowledgements: &[Acknowledgement],
    today: NaiveDate,
) -> Vec<Waiting> {
    let now = policy.as_of(today).map(|v| v.effective_from);
    let ahead = policy.versions.iter().filter(|v| now.is_none_or(|now| v.effective_from >= now));
    let of_version = |version: &PolicyVersion| {
        let asked =
            |e: &Employee| version.rules.iter().any(|rule| asks(rule) && !rule.shadow && rule.scope.covers_employee(e));
        unsigned(version, roster, acknowledgements, today)
            .into_iter()
            .filter(|e| asked(e))
            .map(|e| Waiting {
                id: e.id.clone(),
                name: e.name.clone(),
                version: version.id.clone(),
                in_force: version.effective_from <= today,
            })
            .collect::<Vec<_>>()
    };
    ahead.flat_map(of_version).collect()
}

/// Whether the rule posts money only for people who have acknowledged its version.
const fn asks(rule: &crate::domain::policy::Rule) -> bool {
    rule.requires_acknowledgement
}
