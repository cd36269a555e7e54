//! What only all people together show: namesakes, roles nobody holds, heads and deputies that do not exist.
//! Deliberately absent: the sending of anything.

use std::{collections::BTreeMap, path::Path};

use chrono::NaiveDate;

use super::{people::Placed, problem::Sink, sections::Mail, spot::Spot, suggest};
use crate::domain::{
    org::{Employee, Role, name_key},
    text::Text,
};

/// Checks the people against each other, on a day, with the mail settings.
pub(super) fn check(people: &[Placed], file: &Path, mail: &Mail, today: NaiveDate, sink: &Sink) {
    identities(people, sink);
    names(people, sink);
    roles(people, file, today, sink);
    heads(people, today, sink);
    deputies(people, today, sink);
    addresses(people, mail, today, sink);
}

fn identities(people: &[Placed], sink: &Sink) {
    let mut seen: BTreeMap<&str, &Placed> = BTreeMap::new();
    for person in people.iter().filter(|p| !p.employee.id.0.is_empty()) {
        let id = person.employee.id.0.as_str();
        if let Some(other) = seen.insert(id, person) {
            let name = &other.employee.name;
            sink.error(
                person.id_at.clone(),
                Text::new(
                    format!("табельный номер {id} уже у сотрудника {name}"),
                    format!("the personnel number {id} belongs to {name} already"),
                ),
            );
        }
    }
}

/// A name under which a file may know a person, as `Roster::resolve` sees it.
struct Name<'a> {
    key: String,
    shown: &'a str,
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
    person: usize,
    at: &'a Spot,
}

/// Two people under one name on one day: neither would be found, and their sales would belong to nobody.
fn names(people: &[Placed], sink: &Sink) {
    let mut names: Vec<Name<'_>> = Vec::new();
    for (person, placed) in people.iter().enumerate() {
        let e = &placed.employee;
        names.push(Name {
            key: name_key(&e.name),
            shown: &e.name,
            from: None,
            until: None,
            person,
            at: &placed.name_at,
        });
        for (alias, at) in e.aliases.iter().zip(&placed.alias_at) {
            let key = name_key(&alias.name);
            names.push(Name { key, shown: &alias.name, from: alias.from, until: alias.until, person, at });
        }
    }
    for (i, name) in names.iter().enumerate().filter(|(_, n)| !n.key.is_empty()) {
        let clash = names.iter().take(i).find(|other| {
            other.key == name.key
                && other.person != name.person
                && other.from.is_none_or(|from| name.until.is_none_or(|until| from < until))
                && name.from.is_none_or(|from| other.until.is_none_or(|until| from < until))
        });
        let Some(other) = clash.and_then(|other| people.get(other.person)) else { continue };
        let (shown, id) = (name.shown, &other.employee.id.0);
        sink.error_hint(
            name.at.clone(),
            Text::new(
                format!("имя «{shown}» в те же дни носит и сотрудник {id}"),
                format!("on the same days the employee {id} has the name “{shown}” too"),
            ),
            Text::new(
                "дополните имя («Иванов И. И., опт») или укажите даты псевдонима",
                "make the name longer (“Ivanov I. I., wholesale”) or date the alias",
            ),
        );
    }
}

fn works(e: &Employee, today: NaiveDate) -> bool {
    e.left.is_none_or(|left| today <= left)
}

fn roles(people: &[Placed], file: &Path, today: NaiveDate, sink: &Sink) {
    let wanted = [
        (Role::Head, "head", "еженедельный отчёт", "the weekly audit"),
        (Role::Finance, "finance", "ведомость корректировок премии", "the statement of bonus adjustments"),
        (Role::Operator, "operator", "сообщения об остановленных проверках", "notices of held runs"),
    ];
    for (role, word, ru, en) in wanted {
        let held = people
            .iter()
            .any(|p| p.employee.roles.contains(&role) && !p.employee.email.is_empty() && works(&p.employee, today));
        if !held {
            sink.error_hint(
                Spot::File(file.to_owned()),
                Text::new(
                    format!("нет работающего сотрудника с ролью {word} и e-mail"),
                    format!("nobody at work has the role {word} and an e-mail"),
                ),
                Text::new(format!("иначе некому получать {ru}"), format!("otherwise nobody gets {en}")),
            );
        }
    }
}

/// Every department with managers needs its head, or there is a head of all departments.
fn heads(people: &[Placed], today: NaiveDate, sink: &Sink) {
    let is_head = |e: &Employee| e.roles.contains(&Role::Head) && !e.email.is_empty() && works(e, today);
    if people.iter().any(|p| is_head(&p.employee) && p.employee.department.is_empty()) {
        return;
    }
    let mut reported: Vec<&str> = Vec::new();
    for person in people {
        let e = &person.employee;
        let department = e.department.as_str();
        let headed = people.iter().any(|p| is_head(&p.employee) && p.employee.department == department);
        if !e.roles.contains(&Role::Manager) || !works(e, today) || headed || reported.contains(&department) {
            continue;
        }
        reported.push(department);
        let known: Vec<&str> =
            people.iter().filter(|p| is_head(&p.employee)).map(|p| p.employee.department.as_str()).collect();
        let hint = match suggest::nearest(department, known) {
            Some(near) => Text::new(format!("возможно, имелось в виду «{near}»"), format!("did you mean “{near}”?")),
            None => Text::new(
                "назначьте руководителя отдела или общего (с пустым отделом)",
                "name a head of the department or of all (with an empty department)",
            ),
        };
        sink.error_hint(
            person.department_at.clone(),
            if department.is_empty() {
                Text::new(
                    "отдел не указан, а общего руководителя нет",
                    "no department is given and there is no head of all",
                )
            } else {
                Text::new(
                    format!("у отдела «{department}» нет руководителя с e-mail"),
                    format!("the department “{department}” has no head with an e-mail"),
                )
            },
            hint,
        );
    }
}

fn deputies(people: &[Placed], today: NaiveDate, sink: &Sink) {
    let find = |id: &str| people.iter().find(|p| p.employee.id.0 == id);
    for person in people {
        let e = &person.employee;
        let Some(deputy) = &e.deputy else {
            continue;
        };
        let id = &deputy.0;
        if *deputy == e.id {
            sink.error(person.deputy_at.clone(), Text::new("сам себе заместитель", "nobody is his own deputy"));
        } else if let Some(other) = find(id) {
            if !works(&other.employee, today) {
                let name = &other.employee.name;
                sink.warn(
                    person.deputy_at.clone(),
                    Text::new(format!("заместитель {name} уже не работает"), format!("the deputy {name} has left")),
                    Text::new("назначьте другого", "name another"),
                );
            }
        } else {
            let known: Vec<&str> = people.iter().map(|p| p.employee.id.0.as_str()).collect();
            let hint = match suggest::nearest(id, known) {
                Some(near) => Text::new(format!("возможно, имелось в виду {near}"), format!("did you mean {near}?")),
                None => Text::new("указывается табельный номер", "a personnel number is written here"),
            };
            sink.error_hint(
                person.deputy_at.clone(),
                Text::new(
                    format!("заместителя {id} нет среди сотрудников"),
                    format!("the deputy {id} is not among the people"),
                ),
                hint,
            );
        }
    }
}

fn addresses(people: &[Placed], mail: &Mail, today: NaiveDate, sink: &Sink) {
    let mut samples = Vec::new();
    for person in people.iter().filter(|p| works(&p.employee, today)) {
        let e = &person.employee;
        let domain = e.email.rsplit_once('@').map_or("", |(_, domain)| domain).to_lowercase();
        if e.email.is_empty() {
            let name = if e.name.is_empty() { &e.id.0 } else { &e.name };
            sink.warn(
                person.email_at.clone(),
                Text::new(format!("у сотрудника {name} нет e-mail"), format!("{name} has no e-mail")),
                Text::new("писем этому сотруднику не будет", "this person gets no mail"),
            );
        } else if domain == "example" || domain.ends_with(".example") {
            samples.push(person);
        }
        if !domain.is_empty() && !mail.allowed_domains.is_empty() && !mail.allowed_domains.contains(&domain) {
            sink.error_hint(
                person.email_at.clone(),
                Text::new(
                    format!("домен {domain} не разрешён в mail.allowed_domains: письма не уйдут"),
                    format!("the domain {domain} is not in mail.allowed_domains: mail would not leave"),
                ),
                Text::new("исправьте адрес или разрешите домен", "correct the address or allow the domain"),
            );
        }
    }
    // One remark for all of them: a list of twenty hides everything else.
    if let Some(first) = samples.first() {
        let (email, n) = (&first.employee.email, samples.len());
        sink.warn(
            first.email_at.clone(),
            Text::new(
                format!("адреса из образца: {n}, первый {email}"),
                format!("addresses of the sample: {n}, the first is {email}"),
            ),
            Text::new("впишите настоящих сотрудников", "write in the real people"),
        );
    }
}
