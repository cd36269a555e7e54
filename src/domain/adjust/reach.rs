//! Whether a rule posts for an employee, or is only shown: on trial, out of scope, or its version not acknowledged by the
//! date of the fact (rules, section 4). Deliberately absent: scopes over sales (each rule asks for its own).

use std::collections::HashMap;

use chrono::NaiveDate;

use super::super::{
    facts::Facts,
    org::{Employee, EmployeeId},
    policy::{PolicyVersion, Rule},
};

/// First day of acknowledgement by employee and version.
pub(super) struct Reach<'a>(HashMap<(&'a EmployeeId, &'a str), NaiveDate>);

impl<'a> Reach<'a> {
    pub(super) fn of(facts: &'a Facts) -> Self {
        let mut first: HashMap<(&EmployeeId, &str), NaiveDate> = HashMap::new();
        for own in &facts.acknowledgements {
            let day = first.entry((&own.employee, own.version.as_str())).or_insert(own.on);
            *day = (*day).min(own.on);
        }
        Self(first)
    }

    /// Whether the rule touches money of the employee for a fact of this day.
    pub(super) fn is_real(&self, version: &PolicyVersion, rule: &Rule, employee: &Employee, fact: NaiveDate) -> bool {
        let acknowledged = || self.0.get(&(&employee.id, version.id.as_str())).is_some_and(|day| *day <= fact);
        !rule.shadow && rule.scope.covers_employee(employee) && (!rule.requires_acknowledgement || acknowledged())
    }
}
