//! The people: employees with dated aliases, roles, departments. Deliberately absent: reading the people file
//! (`config::people`) and anything about pay.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::text::Lang;

/// Personnel number (табельный номер): text, zeros kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EmployeeId(pub String);

/// What a person is to the program. One person may hold several roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Sells; gets alerts.
    Manager,
    /// Heads a department (or all of them when its department is empty); gets the weekly audit.
    Head,
    /// Gets the statement of bonus adjustments.
    Finance,
    /// Gets notices of held runs.
    Operator,
}

/// A name under which accounting or the CRM knows the person, valid on `from <= date < until`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alias {
    /// As written there.
    pub name: String,
    /// First day, if limited.
    pub from: Option<NaiveDate>,
    /// First day it no longer holds, if limited.
    pub until: Option<NaiveDate>,
}

/// One person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Employee {
    /// Personnel number.
    pub id: EmployeeId,
    /// Name for people.
    pub name: String,
    /// Other names, dated.
    pub aliases: Vec<Alias>,
    /// Mail address; empty = gets no mail.
    pub email: String,
    /// Department; empty = none or all.
    pub department: String,
    /// Roles.
    pub roles: BTreeSet<Role>,
    /// First working day.
    pub hired: Option<NaiveDate>,
    /// Last working day.
    pub left: Option<NaiveDate>,
    /// Groups, such as `pilot`.
    pub groups: BTreeSet<String>,
    /// Language of mails.
    pub lang: Lang,
    /// Who gets the mail when this person has left: personnel number.
    pub deputy: Option<EmployeeId>,
}

impl Employee {
    /// Whether the person works here on the date (by hired and left).
    pub fn works_on(&self, date: NaiveDate) -> bool {
        self.hired.is_none_or(|d| d <= date) && self.left.is_none_or(|d| date <= d)
    }
}

/// What a name in a file resolves to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolved<'a> {
    /// Exactly one person.
    One(&'a Employee),
    /// Nobody has this name.
    Nobody,
    /// Two people share it: it resolves to neither.
    Ambiguous,
}

/// All people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roster {
    /// In the order of the file.
    pub people: Vec<Employee>,
}

impl Roster {
    /// The person with the personnel number.
    pub fn get(&self, id: &EmployeeId) -> Option<&Employee> {
        self.people.iter().find(|p| &p.id == id)
    }

    /// Who a name means on a date: by name or alias, without regard to case, ё/е, dots and spaces; a personnel number
    /// resolves too.
    pub fn resolve(&self, name: &str, on: NaiveDate) -> Resolved<'_> {
        let key = name_key(name);
        if key.is_empty() {
            return Resolved::Nobody;
        }
        let mut found = None;
        for person in &self.people {
            let aliased = person
                .aliases
                .iter()
                .any(|a| name_key(&a.name) == key && a.from.is_none_or(|d| d <= on) && a.until.is_none_or(|d| on < d));
            if aliased || name_key(&person.name) == key || person.id.0 == name.trim() {
                if found.is_some() {
                    return Resolved::Ambiguous;
                }
                found = Some(person);
            }
        }
        found.map_or(Resolved::Nobody, Resolved::One)
    }

    /// Everybody with the role.
    pub fn with_role(&self, role: Role) -> impl Iterator<Item = &Employee> {
        self.people.iter().filter(move |p| p.roles.contains(&role))
    }
}

/// Key for comparing names of people: lower case, ё as е, letters and digits only, one space between words.
pub fn name_key(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    for c in name.chars().flat_map(char::to_lowercase) {
        match c {
            'ё' => key.push('е'),
            c if c.is_alphanumeric() => key.push(c),
            _ if key.ends_with(' ') || key.is_empty() => {}
            _ => key.push(' '),
        }
    }
    key.trim_end().to_owned()
}
