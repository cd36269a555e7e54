//! The regulation file to `domain::policy`: versions with their exempt classes and profiles.
//! Deliberately absent: bonus terms (`policy_terms`), segments (`policy_segments`), rules (`policy_rules`) and what needs a whole version or the people (`policy_check`).

use std::sync::Arc;

use chrono::NaiveDate;

use super::{
    policy_check, policy_rules, policy_segments, policy_terms,
    problem::Sink,
    reader::Section,
    spot::{Source, Spot},
    suggest,
    tree::{Table, parse},
};
use crate::domain::{
    dispute::{DisputeTerms, Ruling},
    org::Roster,
    policy::{ExemptClass, Policy, PolicyVersion, Profile, Requirement},
    tax_id::Inn,
    text::Text,
};

/// Fields of a card that are understood in every CRM; anything else is the header of a column there.
pub const CARD_FIELDS: [&str; 10] =
    ["title", "inn", "kpp", "phone", "email", "city", "responsible", "contact", "deal", "activity"];

/// Reads the regulation of one file or more. `roster` is `None` when the people could not be read: then nobody is looked for.
pub(super) fn read(sources: &[Arc<Source>], roster: Option<&Roster>, today: NaiveDate, sink: &Sink) -> Policy {
    let tables: Vec<Table> = sources.iter().map(|source| parse(source, sink)).collect();
    let mut sections = Vec::new();
    for (source, table) in sources.iter().zip(&tables) {
        let root = Section::new(table, sink);
        let own = root.sections("version");
        root.finish();
        if own.is_empty() {
            sink.error_hint(
                Spot::File(source.path.clone()),
                Text::new("в положении нет ни одной редакции", "the regulation has no version"),
                Text::new("добавьте раздел [[version]]", "add a section [[version]]"),
            );
        }
        sections.extend(own);
    }
    // A version stays in force until the next one begins; what has ended for good is only remarked upon.
    let starts: Vec<Option<NaiveDate>> = sections.iter().map(|s| s.date("effective_from")).collect();
    let in_force = starts.iter().flatten().filter(|d| **d <= today).max().copied();
    let mut policy = Policy::default();
    for s in sections {
        let current = s.date("effective_from").is_none_or(|from| in_force.is_none_or(|now| from >= now));
        let version = version(&s, roster, current);
        distinct(&s, &policy, &version);
        policy.versions.push(version);
    }
    policy.versions.sort_by_key(|v| v.effective_from);
    if let Some(source) = sources.first().filter(|_| in_force.is_none() && starts.iter().any(Option::is_some)) {
        sink.warn(
            Spot::File(source.path.clone()),
            Text::new(
                "сегодня не действует ни одна редакция положения",
                "no version of the regulation is in force today",
            ),
            Text::new("продажи до первой редакции не оцениваются", "sales before the first version are not judged"),
        );
    }
    policy
}

fn distinct(s: &Section<'_>, policy: &Policy, version: &PolicyVersion) {
    for other in &policy.versions {
        let id = &other.id;
        if other.effective_from == version.effective_from && s.has("effective_from") {
            s.error(
                "effective_from",
                Text::new(
                    format!("с этой даты уже действует редакция «{id}»"),
                    format!("the version “{id}” begins on the same day"),
                ),
            );
        }
        if other.id == version.id && s.has("id") {
            s.error("id", Text::new(format!("редакция «{id}» уже есть"), format!("there is a version “{id}” already")));
        }
    }
}

fn version(s: &Section<'_>, roster: Option<&Roster>, current: bool) -> PolicyVersion {
    s.require(&["id", "title", "effective_from", "grace_working_days", "bonus"]);
    let segments = s.sections("segment").iter().map(policy_segments::segment).collect();
    let mut version = PolicyVersion {
        id: s.text("id").unwrap_or_default(),
        title: s.text("title").unwrap_or_default(),
        effective_from: s.date("effective_from").unwrap_or_default(),
        grace_working_days: s.int("grace_working_days", 0..=60).unwrap_or_default(),
        bonus: s.section("bonus").map_or_else(policy_terms::none, |b| policy_terms::bonus(&b, roster, current)),
        exempt: s.sections("exempt").iter().map(exempt).collect(),
        segments,
        profiles: Vec::new(),
        rules: Vec::new(),
        disputes: s.section("disputes").map(|d| disputes(&d)).unwrap_or_default(),
    };
    for (key, text) in [("id", &version.id), ("title", &version.title)] {
        if s.has(key) && text.is_empty() {
            s.error(key, Text::new(format!("`{key}` пуст"), format!("`{key}` is empty")));
        }
    }
    let names: Vec<String> = version.segments.iter().map(|segment| segment.name.clone()).collect();
    for section in s.sections("profile") {
        let profile = profile(&section, &version.profiles);
        let known = names.iter().map(String::as_str).chain(["all"]).collect::<Vec<_>>();
        policy_check::known_word(&section, "segment", &profile.segment, &known, true);
        if version.profiles.iter().any(|other| other.segment == profile.segment) {
            let name = &profile.segment;
            section.error(
                "segment",
                Text::new(
                    format!("для сегмента «{name}» уже есть профиль"),
                    format!("the segment “{name}” has a profile already"),
                ),
            );
        }
        version.profiles.push(profile);
    }
    for (i, section) in s.sections("segment").iter().enumerate() {
        let Some(name) = names.get(i) else { continue };
        if name == "all" || names.iter().take(i).any(|other| other == name) {
            section.error("name", Text::new(format!("имя «{name}» занято"), format!("the name “{name}” is taken")));
        }
    }
    let rules = policy_rules::read(s);
    policy_check::version(s, &version, &rules, roster, current);
    version.rules = rules.into_iter().map(|rule| rule.rule).collect();
    s.finish();
    version
}

/// How long a head has to answer a contested line, and what holds when nobody does.
fn disputes(s: &Section<'_>) -> DisputeTerms {
    s.require(&["deadline_working_days", "default"]);
    let otherwise = DisputeTerms::default();
    let terms = DisputeTerms {
        deadline_working_days: s.int("deadline_working_days", 1..=60).unwrap_or(otherwise.deadline_working_days),
        by_default: s
            .choice("default", &[("uphold", Ruling::Uphold), ("withdraw", Ruling::Withdraw)])
            .unwrap_or(otherwise.by_default),
    };
    s.finish();
    terms
}

fn exempt(s: &Section<'_>) -> ExemptClass {
    s.require(&["name"]);
    let class = ExemptClass {
        name: s.text("name").unwrap_or_default(),
        names: s.texts("names"),
        inns: s.texts("inns"),
        codes: s.texts("codes"),
    };
    if class.names.is_empty() && class.inns.is_empty() && class.codes.is_empty() {
        s.error_hint(
            "name",
            Text::new("исключение никого не называет", "the exemption names nobody"),
            Text::new("заполните names, inns или codes", "fill in names, inns or codes"),
        );
    }
    for (inn, at) in s.texts_at("inns") {
        if Inn::new(&inn).is_none() {
            s.sink().error_hint(
                at,
                Text::new(format!("«{inn}» — не ИНН"), format!("“{inn}” is not an ИНН")),
                Text::new("10 или 12 цифр, контрольная цифра сходится", "10 or 12 digits with a right check digit"),
            );
        }
    }
    s.finish();
    class
}

/// A profile; one that extends another asks for all of that one's fields and for its own, whose weights count.
fn profile(s: &Section<'_>, before: &[Profile]) -> Profile {
    s.require(&["segment", "fields"]);
    let mut profile = Profile { segment: s.text("segment").unwrap_or_default(), fields: Vec::new() };
    let base = s.text("extends").and_then(|name| {
        let known: Vec<&str> = before.iter().map(|p| p.segment.as_str()).collect();
        policy_check::known_profile(s, "extends", &name, &known);
        before.iter().find(|p| p.segment == name)
    });
    if let Some(fields) = s.section("fields") {
        for entry in fields.entries() {
            let field = entry.key.clone();
            if !CARD_FIELDS.contains(&field.as_str())
                && let Some(near) = suggest::nearest(&field, CARD_FIELDS)
            {
                s.sink().warn(
                    entry.key_at.clone(),
                    Text::new(
                        format!("поле `{field}` будет искаться как столбец CRM"),
                        format!("the field `{field}` is looked for as a column of the CRM"),
                    ),
                    Text::new(format!("возможно, имелось в виду `{near}`"), format!("did you mean `{near}`?")),
                );
            }
            let Some(weight) = entry.node.int(s.sink()) else { continue };
            if !(1..=1000).contains(&weight) {
                s.sink().error(
                    entry.node.at.clone(),
                    Text::new(
                        format!("вес {weight}: нужно от 1 до 1000"),
                        format!("weight {weight}: must be 1 to 1000"),
                    ),
                );
            }
            profile.fields.push(Requirement { field, weight: u32::try_from(weight).unwrap_or_default() });
        }
        if fields.entries().is_empty() {
            s.error("fields", Text::new("в профиле нет полей", "the profile has no fields"));
        }
    }
    for inherited in base.iter().flat_map(|base| &base.fields) {
        if !profile.fields.iter().any(|own| own.field == inherited.field) {
            profile.fields.push(inherited.clone());
        }
    }
    s.finish();
    profile
}
