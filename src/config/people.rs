//! The people file to `domain::org`: TOML here, tables in `people_table`. Deliberately absent: what needs two people
//! at once (`people_check`).

use std::{collections::BTreeSet, sync::Arc};

use super::{
    mail_section::is_address,
    problem::Sink,
    reader::Section,
    spot::{Source, Spot},
    suggest,
    tree::{Value, parse},
};
use crate::domain::{
    org::{Alias, Employee, EmployeeId, Role},
    text::{Lang, Text},
};

/// A person with the places of what is said about him.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub(super) employee: Employee,
    pub(super) at: Spot,
    pub(super) id_at: Spot,
    pub(super) name_at: Spot,
    pub(super) email_at: Spot,
    pub(super) department_at: Spot,
    pub(super) deputy_at: Spot,
    pub(super) alias_at: Vec<Spot>,
}

/// Words for roles; the first four are the ones to write in TOML.
pub(super) const ROLES: [(&str, Role); 12] = [
    ("manager", Role::Manager),
    ("head", Role::Head),
    ("finance", Role::Finance),
    ("operator", Role::Operator),
    ("менеджер", Role::Manager),
    ("продавец", Role::Manager),
    ("руководитель", Role::Head),
    ("начальник", Role::Head),
    ("бухгалтер", Role::Finance),
    ("финансы", Role::Finance),
    ("оператор", Role::Operator),
    ("администратор", Role::Operator),
];

/// Reads a people file in TOML.
pub(super) fn read(source: &Arc<Source>, default_lang: Lang, sink: &Sink) -> Vec<Placed> {
    let table = parse(source, sink);
    let root = Section::new(&table, sink);
    let people = root.sections("person").iter().map(|s| person(s, default_lang)).collect();
    root.finish();
    people
}

fn person(s: &Section<'_>, default_lang: Lang) -> Placed {
    s.require(&["id", "name", "roles"]);
    let (aliases, alias_at) = aliases(s).into_iter().unzip();
    let employee = Employee {
        id: EmployeeId(s.text("id").unwrap_or_default()),
        name: s.text("name").unwrap_or_default(),
        aliases,
        email: s.text("email").unwrap_or_default(),
        department: s.text("department").unwrap_or_default(),
        roles: s.texts_at("roles").iter().filter_map(|(word, at)| role(word, at, s.sink())).collect(),
        hired: s.date("hired"),
        left: s.date("left"),
        groups: s.texts("groups").into_iter().collect::<BTreeSet<_>>(),
        lang: s.choice("language", &[("ru", Lang::Ru), ("en", Lang::En)]).unwrap_or(default_lang),
        deputy: s.filled("deputy").map(EmployeeId),
    };
    s.finish();
    let person = Placed {
        employee,
        at: s.place(),
        id_at: s.at("id"),
        name_at: s.at("name"),
        email_at: s.at("email"),
        department_at: s.at("department"),
        deputy_at: s.at("deputy"),
        alias_at,
    };
    let given = |key| s.has(key);
    check(&person, given("id"), given("name"), s.sink());
    person
}

fn aliases(s: &Section<'_>) -> Vec<(Alias, Spot)> {
    let Some(node) = s.node("aliases") else { return Vec::new() };
    let Value::List(items) = &node.value else {
        s.error(
            "aliases",
            Text::new("здесь нужен список в квадратных скобках", "a list in square brackets is needed here"),
        );
        return Vec::new();
    };
    let mut aliases = Vec::new();
    for item in items {
        let alias = if let Value::Table(table) = &item.value {
            let dated = Section::new(table, s.sink());
            dated.require(&["name"]);
            let alias = Alias {
                name: dated.text("name").unwrap_or_default(),
                from: dated.date("from"),
                until: dated.date("until"),
            };
            dated.finish();
            alias
        } else {
            let Some(name) = item.text(s.sink()) else { continue };
            Alias { name: name.trim().to_owned(), from: None, until: None }
        };
        aliases.push((alias, item.at.clone()));
    }
    aliases
}

/// A role by its word in either language.
pub(super) fn role(word: &str, at: &Spot, sink: &Sink) -> Option<Role> {
    let lower = word.trim().to_lowercase();
    let found = ROLES.iter().find(|(known, _)| *known == lower).map(|(_, role)| *role);
    if found.is_none() {
        let known: Vec<&str> = if lower.is_ascii() {
            ROLES.iter().take(4).map(|(word, _)| *word).collect()
        } else {
            ROLES.iter().skip(4).map(|(word, _)| *word).collect()
        };
        sink.error_hint(
            at.clone(),
            Text::new(format!("неизвестная роль «{word}»"), format!("unknown role “{word}”")),
            suggest::advice(&lower, &known),
        );
    }
    found
}

/// What is wrong with one person alone.
pub(super) fn check(person: &Placed, has_id: bool, has_name: bool, sink: &Sink) {
    let e = &person.employee;
    if has_id && e.id.0.is_empty() {
        sink.error(person.id_at.clone(), Text::new("табельный номер пуст", "the personnel number is empty"));
    }
    if has_name && e.name.is_empty() {
        sink.error(person.name_at.clone(), Text::new("имя пусто", "the name is empty"));
    }
    if !e.email.is_empty() && !is_address(&e.email) {
        let email = &e.email;
        sink.error(
            person.email_at.clone(),
            Text::new(format!("«{email}» — не адрес e-mail"), format!("“{email}” is not an e-mail address")),
        );
    }
    if let (Some(hired), Some(left)) = (e.hired, e.left)
        && left < hired
    {
        sink.error(
            person.at.clone(),
            Text::new(
                format!("уволен ({left}) раньше, чем принят ({hired})"),
                format!("left ({left}) before being hired ({hired})"),
            ),
        );
    }
    for (alias, at) in e.aliases.iter().zip(&person.alias_at) {
        if crate::domain::org::name_key(&alias.name).is_empty() {
            sink.error(at.clone(), Text::new("псевдоним пуст", "the alias is empty"));
        }
        if let (Some(from), Some(until)) = (alias.from, alias.until)
            && until <= from
        {
            sink.error(
                at.clone(),
                Text::new("псевдоним кончается раньше, чем начинается", "the alias ends before it begins"),
            );
        }
    }
}
