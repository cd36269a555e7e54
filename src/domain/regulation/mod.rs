//! The regulation as people read and sign it, rendered from the policy that is computed: what is written here and what is
//! paid cannot drift apart. Deliberately absent: markup (`deliver`), where examples are looked up (`pipeline`), legal advice.
//!
//! Clause numbers depend on the version alone: not on people, examples, the language or the day. Rules stand in section 4 in
//! the order of the file, so a rule added at the end moves no number.

pub mod annex;
pub mod binding;
pub mod cite;
pub mod diff;
pub mod document;
pub mod example;
mod general;
mod kinds;
mod kinds_more;
pub mod people;
mod procedure;
mod rules;
pub mod signing;
mod terms;

use chrono::NaiveDate;

use super::{
    org::{Employee, Roster},
    policy::PolicyVersion,
    text::Text,
    words::{both, date},
};
pub use cite::{cite, clause};
pub use document::{Block, Clause, Document, Section, Table};
pub use example::{Example, Examples};
pub use terms::field;

/// What the document is made from.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// Name of the company.
    pub company: &'a str,
    /// The version.
    pub version: &'a PolicyVersion,
    /// First day of the next version, if there is one.
    pub until: Option<NaiveDate>,
    /// The people.
    pub roster: &'a Roster,
    /// Day whose people stand on the sheet of acknowledgement.
    pub on: NaiveDate,
    /// Worked examples from the company's own numbers.
    pub examples: &'a Examples,
}

/// The regulation.
pub fn build(input: &Input<'_>) -> Document {
    let sections = vec![
        general::section(input),
        general::words(),
        terms::section(input),
        rules::section(input),
        procedure::computing(),
        procedure::disputes(input),
        procedure::closing(input),
    ];
    Document {
        company: input.company.to_owned(),
        title: Text::same(input.version.title.clone()),
        approval: approval(),
        facts: facts(input),
        sections,
        sheet: sheet(input),
    }
}

fn approval() -> Vec<Text> {
    vec![
        Text::new("УТВЕРЖДЕНО", "APPROVED"),
        Text::new(
            "приказом № ________ от «____» ______________ 20____ г.",
            "by order No. ________ of ____ ____________ 20____",
        ),
        Text::new(
            "____________________ / ____________________ (должность, подпись, фамилия)",
            "____________________ / ____________________ (position, signature, name)",
        ),
    ]
}

fn facts(input: &Input<'_>) -> Vec<(Text, Text)> {
    let version = input.version;
    let mut facts = vec![
        (Text::new("Организация", "Company"), Text::same(input.company)),
        (Text::new("Редакция", "Version"), Text::same(version.id.clone())),
        (Text::new("Действует с", "In force from"), both(|lang| date(version.effective_from, lang))),
    ];
    if let Some(until) = input.until {
        facts.push((Text::new("Следующая редакция с", "Next version from"), both(|lang| date(until, lang))));
    }
    facts
}

/// The people whom the version concerns, to sign.
fn sheet(input: &Input<'_>) -> Table {
    let on = input.on.max(input.version.effective_from);
    let row = |(at, person): (usize, &Employee)| {
        vec![
            Text::same((at + 1).to_string()),
            Text::same(person.id.0.clone()),
            Text::same(person.name.clone()),
            Text::same(person.department.clone()),
            Text::default(),
            Text::default(),
        ]
    };
    let id = &input.version.id;
    Table {
        title: Text::new(
            format!("Лист ознакомления с редакцией {id}"),
            format!("Sheet of acknowledgement of version {id}"),
        ),
        columns: [
            ("№", "No."),
            ("Табельный номер", "Personnel number"),
            ("Сотрудник", "Employee"),
            ("Подразделение", "Department"),
            ("Дата", "Date"),
            ("Подпись", "Signature"),
        ]
        .map(|(ru, en)| Text::new(ru, en))
        .to_vec(),
        rows: people::concerned(input.version, input.roster, on).into_iter().enumerate().map(row).collect(),
    }
}
