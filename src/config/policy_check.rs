//! What only a whole version, together with the people, shows: words nobody knows, rules that never apply, two rules
//! over one sale, reductions without a limit. Deliberately absent: reading, and judging what is fair.

use super::{
    policy_reach,
    policy_rules::{Placed, is_idle},
    problem::{Problem, Sink},
    reader::Section,
    spot::Spot,
    suggest,
};
use crate::domain::{
    org::{Employee, Role, Roster},
    policy::{PolicyVersion, RuleKind},
    text::Text,
};

/// Checks a version. In one that is no longer in force, unknown departments and groups are only remarked upon: the
/// company may have dissolved them since.
pub(super) fn version(
    s: &Section<'_>,
    version: &PolicyVersion,
    rules: &[Placed<'_>],
    roster: Option<&Roster>,
    current: bool,
) {
    for (i, placed) in rules.iter().enumerate() {
        let id = &placed.rule.id;
        if rules.iter().take(i).any(|other| other.rule.id == *id) {
            let key = if placed.section.has("id") { "id" } else { "kind" };
            placed.section.error_hint(
                key,
                Text::new(format!("правило «{id}» уже есть"), format!("there is a rule “{id}” already")),
                Text::new("дайте второму правилу свой id", "give the second rule an id of its own"),
            );
        }
        if is_idle(&placed.rule.kind) {
            placed.section.error(
                "kind",
                Text::new(
                    "правило ничего не меняет: все доли и суммы нулевые",
                    "the rule changes nothing: all its shares and sums are zero",
                ),
            );
        }
        scope(version, placed, roster, current);
        policy_reach::rule(version, placed);
    }
    policy_reach::segments(s, version);
    limits(s, rules, roster, current);
    profiles(s, version, rules);
}

/// A completeness rule needs the profile `all`, and a profile without such a rule is never looked at.
fn profiles(s: &Section<'_>, version: &PolicyVersion, rules: &[Placed<'_>]) {
    let judged = rules.iter().find(|p| p.rule.kind.needs_cards());
    match judged {
        Some(placed) if !version.profiles.iter().any(|p| p.segment == "all") => placed.section.error_hint(
            "kind",
            Text::new("для полноты карточек нужен профиль `all`", "completeness needs the profile `all`"),
            Text::new(
                "добавьте [[version.profile]] с segment = \"all\"",
                "add [[version.profile]] with segment = \"all\"",
            ),
        ),
        None if !version.profiles.is_empty() => s.sink().warn(
            s.at("profile"),
            Text::new(
                "профили есть, а правила, которое смотрит карточки, нет",
                "there are profiles but no rule that looks at cards",
            ),
            Text::new("полнота карточек не оценивается", "completeness is not judged"),
        ),
        _ => {}
    }
}

fn scope(version: &PolicyVersion, placed: &Placed<'_>, roster: Option<&Roster>, current: bool) {
    let Some(s) = &placed.scope else { return };
    let segments: Vec<&str> = version.segments.iter().map(|segment| segment.name.as_str()).chain(["all"]).collect();
    for (name, at) in s.texts_at("segments") {
        unknown(&name, &at, &segments, ("сегмент", "segment"), true, s.sink());
    }
    for (name, at) in s.texts_at("departments") {
        known_department(&name, &at, roster, current, s.sink());
    }
    let Some(roster) = roster else { return };
    let groups: Vec<&str> = roster.people.iter().flat_map(|p| &p.groups).map(String::as_str).collect();
    for (name, at) in s.texts_at("groups") {
        unknown(&name, &at, &groups, ("группа", "group"), current, s.sink());
    }
    if current && !managers(roster).any(|m| placed.rule.scope.covers_employee(m)) {
        s.sink().warn(
            s.place(),
            Text::new("правило сейчас ни к кому не относится", "the rule concerns nobody at present"),
            Text::new("проверьте отделы, группы и дату приёма", "look at departments, groups and the date of hiring"),
        );
    }
}

/// One sale must not be reduced twice, and no reduction may be without a limit.
fn limits(s: &Section<'_>, rules: &[Placed<'_>], roster: Option<&Roster>, current: bool) {
    let of_kind = |wanted: fn(&RuleKind) -> bool| rules.iter().filter(move |p| !p.rule.shadow && wanted(&p.rule.kind));
    let reducing: Vec<&Placed<'_>> = of_kind(|k| matches!(k, RuleKind::MissingCounterparty { .. })).collect();
    let caps: Vec<&Placed<'_>> = of_kind(|k| matches!(k, RuleKind::Cap { .. })).collect();
    let deferring: Vec<&Placed<'_>> = of_kind(|k| matches!(k, RuleKind::DealApproval { .. })).collect();
    if !reducing.is_empty() && caps.is_empty() {
        s.sink().error_hint(
            s.at("rule"),
            Text::new("снижение премий ничем не ограничено", "nothing limits the reductions"),
            Text::new(
                "добавьте правило kind = \"cap\" с cap = \"20 %\"",
                "add a rule with kind = \"cap\" and cap = \"20 %\"",
            ),
        );
    }
    let Some(roster) = roster.filter(|_| current) else { return };
    for group in [&reducing, &deferring, &caps] {
        for (i, placed) in group.iter().enumerate() {
            for other in group.iter().take(i) {
                let (one, two) = (&placed.rule.scope, &other.rule.scope);
                let both_sales =
                    one.segments.is_empty() || two.segments.is_empty() || !one.segments.is_disjoint(&two.segments);
                let person = managers(roster).find(|m| both_sales && one.covers_employee(m) && two.covers_employee(m));
                if let Some(person) = person {
                    let (id, name) = (&other.rule.id, &person.name);
                    placed.section.error_hint(
                        "kind",
                        Text::new(
                            format!("вместе с «{id}» это правило дважды действует на одного сотрудника ({name})"),
                            format!("together with “{id}” this rule acts twice on one employee ({name})"),
                        ),
                        Text::new(
                            "разведите их по отделам, группам или сегментам",
                            "part them by department, group or segment",
                        ),
                    );
                }
            }
        }
    }
    if !caps.is_empty() {
        let uncapped = managers(roster).find(|m| {
            reducing.iter().any(|p| p.rule.scope.covers_employee(m))
                && !caps.iter().any(|p| p.rule.scope.covers_employee(m))
        });
        if let (Some(person), Some(cap)) = (uncapped, caps.first()) {
            let name = &person.name;
            cap.section.error(
                "kind",
                Text::new(
                    format!("снижение премий для сотрудника {name} ничем не ограничено"),
                    format!("nothing limits the reductions of the employee {name}"),
                ),
            );
        }
    }
}

fn managers(roster: &Roster) -> impl Iterator<Item = &Employee> {
    roster.with_role(Role::Manager)
}

/// A department that nobody belongs to.
pub(super) fn known_department(name: &str, at: &Spot, roster: Option<&Roster>, current: bool, sink: &Sink) {
    let Some(roster) = roster else { return };
    let known: Vec<&str> =
        roster.people.iter().map(|p| p.department.as_str()).filter(|department| !department.is_empty()).collect();
    unknown(name, at, &known, ("отдел", "department"), current, sink);
}

/// A word under `key` that must be one of the known ones.
pub(super) fn known_word(s: &Section<'_>, key: &str, word: &str, known: &[&str], current: bool) {
    if s.has(key) {
        unknown(word, &s.at(key), known, ("сегмент", "segment"), current, s.sink());
    }
}

/// A profile that must stand above the one that extends it.
pub(super) fn known_profile(s: &Section<'_>, key: &str, word: &str, known: &[&str]) {
    if !known.contains(&word) {
        s.error_hint(
            key,
            Text::new(format!("выше нет профиля «{word}»"), format!("there is no profile “{word}” above")),
            Text::new("профиль, который расширяют, стоит раньше", "the profile that is extended stands before"),
        );
    }
}

fn unknown(word: &str, at: &Spot, known: &[&str], (ru, en): (&str, &str), error: bool, sink: &Sink) {
    if known.contains(&word) {
        return;
    }
    let mut known: Vec<&str> = known.to_vec();
    known.sort_unstable();
    known.dedup();
    sink.push(Problem {
        warning: !error,
        at: at.clone(),
        message: Text::new(format!("{ru}: «{word}» — такого нет"), format!("unknown {en} “{word}”")),
        hint: Some(suggest::advice(word, &known)),
    });
}
