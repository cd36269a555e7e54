//! What changed between two versions, in words, clause by clause. Every setting of a version is told as a name and a value;
//! whatever is told of one version and not the same of the other is a change. Deliberately absent: what a change costs
//! (`domain::backtest`).

use serde::Serialize;

use super::{clause, kinds, procedure, rules, terms};
use crate::domain::{
    policy::{BonusBase, ExemptClass, PolicyVersion, Rule, Segment},
    text::{Lang, Text},
    words::{both, date, percent, say},
};

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Clause of the newer version, or of the older one when the newer has none any more; empty = the title page.
    pub clause: String,
    /// What changed.
    pub text: Text,
}

/// A setting as people read it.
struct Setting {
    /// What it belongs to: a rule's id, or a name that no rule can have.
    of: String,
    clause: String,
    name: Text,
    value: Text,
}

/// Changes from one version to another, in the order of the clauses; what the newer one left out comes last.
pub fn diff(old: &PolicyVersion, new: &PolicyVersion) -> Vec<Change> {
    let (before, after) = (settings(old), settings(new));
    let same = |a: &Setting, b: &Setting| a.of == b.of && a.name == b.name;
    let rule_of = |version: &PolicyVersion, id: &str| version.rules.iter().any(|r| r.id == id);
    let mut changes = Vec::new();
    for rule in new.rules.iter().filter(|r| !rule_of(old, &r.id)) {
        changes.push(whole(new, rule, true));
    }
    for now in after.iter().filter(|s| s.of.is_empty() || s.of.starts_with(' ') || rule_of(old, &s.of)) {
        match before.iter().find(|s| same(s, now)) {
            Some(was) if was.value == now.value => {}
            Some(was) => changes.push(change(&now.clause, &now.name, Some(&was.value), Some(&now.value))),
            None => changes.push(change(&now.clause, &now.name, None, Some(&now.value))),
        }
    }
    changes.sort_by_key(|c| order(&c.clause));
    for was in before.iter().filter(|s| s.of.starts_with(' ') || rule_of(new, &s.of)) {
        if !after.iter().any(|s| same(s, was)) {
            changes.push(change(&was.clause, &was.name, Some(&was.value), None));
        }
    }
    for rule in old.rules.iter().filter(|r| !rule_of(new, &r.id)) {
        changes.push(whole(old, rule, false));
    }
    changes
}

/// Clauses by their numbers and not by their digits.
fn order(clause: &str) -> Vec<u32> {
    clause.split('.').filter_map(|part| part.parse().ok()).collect()
}

/// A rule that came or went.
fn whole(version: &PolicyVersion, rule: &Rule, came: bool) -> Change {
    let (title, id) = (kinds::title(&rule.kind), &rule.id);
    let text = both(|lang| {
        let told = |(name, value): (Text, Text)| format!("{}: {}", name.get(lang), value.get(lang));
        // The first is the kind, which the title says.
        let list: Vec<String> = of_rule(rule).into_iter().skip(1).map(told).collect();
        let (title, list) = (title.get(lang), list.join("; "));
        match (came, lang) {
            (true, Lang::Ru) => format!("новое правило «{title}» ({id}): {list}"),
            (true, Lang::En) => format!("new rule “{title}” ({id}): {list}"),
            (false, Lang::Ru) => format!("правило «{title}» ({id}) отменено"),
            (false, Lang::En) => format!("the rule “{title}” ({id}) is gone"),
        }
    });
    Change { clause: clause(version, id).unwrap_or_default(), text }
}

fn change(clause: &str, name: &Text, was: Option<&Text>, now: Option<&Text>) -> Change {
    let text = both(|lang| {
        let name = name.get(lang);
        match (was.map(|t| t.get(lang)), now.map(|t| t.get(lang)), lang) {
            (Some(was), Some(now), Lang::Ru) => format!("{name}: было {was}, стало {now}"),
            (Some(was), Some(now), Lang::En) => format!("{name}: was {was}, is now {now}"),
            (None, Some(now), Lang::Ru) => format!("{name}: добавлено, {now}"),
            (None, Some(now), Lang::En) => format!("{name}: added, {now}"),
            (Some(was), None, Lang::Ru) => format!("{name}: больше нет (было {was})"),
            (Some(was), None, Lang::En) => format!("{name}: gone (was {was})"),
            (None, None, _) => String::new(),
        }
    });
    Change { clause: clause.to_owned(), text }
}

/// Every setting of a version.
fn settings(version: &PolicyVersion) -> Vec<Setting> {
    let mut all = Vec::new();
    let mut put = |of: &str, clause: &str, name: Text, value: Text| {
        all.push(Setting { of: of.to_owned(), clause: clause.to_owned(), name, value });
    };
    // A blank in front: no rule's id begins with one.
    put(" head", "", Text::new("название", "title"), Text::same(version.title.clone()));
    put(" head", "1.3", Text::new("действует с", "in force from"), both(|lang| date(version.effective_from, lang)));
    let terms = &version.bonus;
    put(
        " bonus",
        "3.1",
        Text::new("база премии", "base of the bonus"),
        both(|l| terms::base_words(terms.base, l).to_owned()),
    );
    if terms.base != BonusBase::Column {
        put(" bonus", "3.1", Text::new("ставка", "rate"), both(|lang| percent(terms.rate, lang)));
    }
    for (department, rate) in &version.bonus.department_rates {
        let name =
            Text::new(format!("ставка подразделения «{department}»"), format!("rate of department “{department}”"));
        put(" bonus", "3.1", name, both(|lang| percent(*rate, lang)));
    }
    for tiers in &terms.tiers {
        put(" bonus", "3.1", terms::tiers_name(tiers), both(|lang| terms::steps(tiers, lang)));
    }
    if !terms.tiers.is_empty() {
        let measured = both(|lang| terms::base_words(terms.plan_base, lang).to_owned());
        put(" bonus", "3.1", Text::new("план измеряется", "the plan is measured in"), measured);
    }
    let days = version.grace_working_days;
    put(
        " card",
        "3.3",
        Text::new("срок внесения карточки", "time for the card"),
        both(|l| terms::deadline_words(days, l)),
    );
    let terms_of_answer = both(|lang| procedure::silence(version.disputes, lang));
    put(" disputes", "6.4", Text::new("решение по возражению", "decision about an objection"), terms_of_answer);
    for class in &version.exempt {
        let name = Text::new(format!("не проверяются «{}»", class.name), format!("not judged “{}”", class.name));
        put(" card", "3.4", name, Text::same(members(class)));
    }
    let order = version.segments.iter().map(|s| s.name.as_str()).collect::<Vec<_>>().join(", ");
    if !order.is_empty() {
        put(" card", "3.5", Text::new("группы покупателей по порядку", "groups of buyers in order"), Text::same(order));
    }
    for segment in &version.segments {
        let Segment { name, .. } = segment;
        let title = Text::new(format!("группа покупателей «{name}»"), format!("group of buyers “{name}”"));
        put(" card", "3.5", title, terms::segment(segment));
    }
    for profile in &version.profiles {
        let of = &profile.segment;
        for each in &profile.fields {
            let field = terms::field(&each.field);
            let name = Text::new(
                format!("вес поля «{}» в карточке ({of})", field.ru),
                format!("weight of the field “{}” on the card ({of})", field.en),
            );
            put(" card", "3.5", name, Text::same(each.weight.to_string()));
        }
    }
    for rule in &version.rules {
        let number = clause(version, &rule.id).unwrap_or_default();
        put(&rule.id, &number, Text::new("номер пункта", "number of the clause"), Text::same(number.clone()));
        for (name, value) in of_rule(rule) {
            put(&rule.id, &number, name, value);
        }
    }
    all
}

fn members(class: &ExemptClass) -> String {
    class.names.iter().chain(&class.inns).chain(&class.codes).map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// Every setting of a rule.
fn of_rule(rule: &Rule) -> Vec<(Text, Text)> {
    let yes = |flag: bool| both(|lang| if flag { say(lang, "да", "yes") } else { say(lang, "нет", "no") }.to_owned());
    let mut all = vec![(Text::new("вид правила", "kind of the rule"), kinds::title(&rule.kind))];
    all.extend(kinds::settings(&rule.kind));
    let scope = rules::scope(rule);
    let plain = |text: &str| text.split_once(": ").map_or(text, |(_, rest)| rest).trim_end_matches('.').to_owned();
    all.push((Text::new("на кого действует", "whom it concerns"), Text::new(plain(&scope.ru), plain(&scope.en))));
    all.push((Text::new("пробный режим", "on trial"), yes(rule.shadow)));
    let signature = Text::new("только после ознакомления под подпись", "only after an acknowledgement");
    all.push((signature, yes(rule.requires_acknowledgement)));
    all
}
