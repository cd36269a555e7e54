//! The section `bonus` of a version: what the bonus is computed from, and the rates, flat or by attainment of the plan.
//! Deliberately absent: the plans themselves (they come as tables), rules.

use super::{
    amount::{self, share},
    policy_bands, policy_check,
    reader::Section,
    tree::Value,
};
use crate::domain::{
    money::Rate,
    org::Roster,
    policy::{BonusBase, BonusTerms, Tiers},
    text::Text,
};

/// Terms of a version that has none (and is refused for it).
pub(super) const fn none() -> BonusTerms {
    BonusTerms::flat(BonusBase::WithoutVat, Rate::ZERO)
}

/// Reads the section `bonus`.
pub(super) fn bonus(s: &Section<'_>, roster: Option<&Roster>, current: bool) -> BonusTerms {
    let bases = [
        ("with_vat", BonusBase::WithVat),
        ("without_vat", BonusBase::WithoutVat),
        ("margin", BonusBase::Margin),
        ("column", BonusBase::Column),
    ];
    s.require(&["base"]);
    let base = s.choice("base", &bases);
    let rate = share(s, "rate", "rate_bp", Rate::WHOLE);
    if rate.is_none() && !s.has("rate") && !s.has("rate_bp") && base.is_some_and(|b| b != BonusBase::Column) {
        s.error("rate", Text::new("не хватает ключа `rate`", "the key `rate` is missing"));
    }
    let mut terms =
        BonusTerms { base: base.unwrap_or(BonusBase::WithoutVat), rate: rate.unwrap_or_default(), ..none() };
    if let Some(rates) = s.section("department_rates") {
        for entry in rates.entries() {
            policy_check::known_department(&entry.key, &entry.key_at, roster, current, s.sink());
            if let Some(rate) = amount::share_of(&entry.node, s.sink()) {
                if rate > Rate::WHOLE {
                    s.sink().error(entry.node.at.clone(), Text::new("доля больше 100 %", "the share is above 100 %"));
                }
                terms.department_rates.push((entry.key.clone(), rate));
            }
        }
    }
    tiers(s, &mut terms, roster, current);
    s.finish();
    terms
}

/// Rates by attainment of the plan, for everybody and by department.
fn tiers(s: &Section<'_>, terms: &mut BonusTerms, roster: Option<&Roster>, current: bool) {
    if s.has("tiers") {
        let steps = policy_bands::steps(&s.sections("tiers"));
        terms.tiers.push(Tiers { department: None, steps });
    }
    if let Some(own) = s.section("department_tiers") {
        for entry in own.entries() {
            policy_check::known_department(&entry.key, &entry.key_at, roster, current, s.sink());
            let Value::List(items) = &entry.node.value else {
                s.sink().error(entry.node.at.clone(), Text::new("ступени задаются списком", "steps are a list"));
                continue;
            };
            let sections: Vec<Section<'_>> =
                items.iter().filter_map(|i| i.table(s.sink())).map(|t| Section::new(t, s.sink())).collect();
            let steps = policy_bands::steps(&sections);
            terms.tiers.push(Tiers { department: Some(entry.key.clone()), steps });
        }
    }
    let bases =
        [("with_vat", BonusBase::WithVat), ("without_vat", BonusBase::WithoutVat), ("margin", BonusBase::Margin)];
    let measured = s.choice("plan_base", &bases);
    let is_column = terms.base == BonusBase::Column;
    terms.plan_base = measured.unwrap_or(if is_column { BonusBase::WithVat } else { terms.base });
    let tiered = s.has("tiers") || s.has("department_tiers");
    if tiered && is_column {
        s.error(
            if s.has("tiers") { "tiers" } else { "department_tiers" },
            Text::new(
                "премия берётся из файла целиком: ставки по плану к ней не применяются",
                "the bonus is taken from the file as it is: rates by plan are not applied to it",
            ),
        );
    }
    if s.has("plan_base") && !tiered {
        s.error_hint(
            "plan_base",
            Text::new("plan_base без ступеней ничего не меняет", "plan_base does nothing without steps"),
            Text::new("добавьте tiers", "add tiers"),
        );
    }
    if terms.tiers.iter().any(|t| t.steps.is_empty()) {
        s.error("tiers", Text::new("в ступенях пусто", "there are no steps"));
    }
}
