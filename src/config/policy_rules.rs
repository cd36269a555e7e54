//! The rules of a version: kind, scope, and what each kind takes. Deliberately absent: checks that need the whole
//! version or the people (`policy_check`).

use super::{
    amount::{money_of, share},
    policy_bands::bands,
    policy_kinds,
    reader::Section,
};
use crate::domain::{
    money::Rate,
    policy::{Band, Premium, Rule, RuleKind, Scope},
    text::Text,
};

/// A rule as read, with its place.
pub(super) struct Placed<'a> {
    pub(super) rule: Rule,
    pub(super) section: Section<'a>,
    /// The scope's own table, if it is given.
    pub(super) scope: Option<Section<'a>>,
}

#[derive(Clone, Copy)]
enum Kind {
    Missing,
    Completeness,
    Freshness,
    Approval,
    Calls,
    Contest,
    Cap,
}

const KINDS: [(&str, Kind); 7] = [
    ("missing_counterparty", Kind::Missing),
    ("completeness", Kind::Completeness),
    ("freshness", Kind::Freshness),
    ("deal_approval", Kind::Approval),
    ("call_recording", Kind::Calls),
    ("contest", Kind::Contest),
    ("cap", Kind::Cap),
];

/// A cap above this needs a recorded reason: the safety limit that Art. 135 of the Labour Code suggests.
pub(super) const SAFE_CAP: Rate = Rate::from_bp(2_000);

/// Reads the rules of a version; one whose kind is unknown is left out (and reported).
pub(super) fn read<'a>(version: &Section<'a>) -> Vec<Placed<'a>> {
    version.sections("rule").into_iter().filter_map(rule).collect()
}

fn rule(s: Section<'_>) -> Option<Placed<'_>> {
    s.require(&["kind"]);
    let kind = s.choice("kind", &KINDS)?;
    let name = KINDS.iter().find(|(_, k)| *k as u8 == kind as u8).map_or("", |(name, _)| *name);
    let id = s.filled("id").unwrap_or_else(|| name.to_owned());
    let shadow = s.flag("shadow").unwrap_or(false);
    let requires_acknowledgement = s.flag("requires_acknowledgement").unwrap_or(false);
    let scope_section = s.section("scope");
    let scope = scope_section.as_ref().map(scope).unwrap_or_default();
    let kind = match kind {
        Kind::Missing => missing(&s),
        Kind::Completeness => {
            s.require(&["bands"]);
            RuleKind::Completeness { bands: bands(&s) }
        }
        Kind::Freshness => policy_kinds::freshness(&s),
        Kind::Approval => policy_kinds::deal_approval(&s),
        Kind::Calls => policy_kinds::call_recording(&s),
        Kind::Contest => policy_kinds::contest(&s),
        Kind::Cap => cap(&s),
    };
    s.finish();
    Some(Placed { rule: Rule { id, shadow, requires_acknowledgement, scope, kind }, section: s, scope: scope_section })
}

fn scope(s: &Section<'_>) -> Scope {
    let scope = Scope {
        departments: s.texts("departments").into_iter().collect(),
        groups: s.texts("groups").into_iter().collect(),
        hired_from: s.date("hired_from"),
        segments: s.texts("segments").into_iter().collect(),
        min_amount: s.node("min_amount").and_then(|node| money_of(node, s.sink())),
    };
    s.finish();
    scope
}

fn missing(s: &Section<'_>) -> RuleKind {
    let share = |key, key_bp| {
        if !s.has(key) && !s.has(key_bp) {
            s.require(&[key]);
        }
        share(s, key, key_bp, Rate::WHOLE)
    };
    let missing = share("missing", "missing_bp");
    let late = share("late", "late_bp");
    let exclude_from_kpi = s.flag("exclude_from_kpi").unwrap_or(false);
    if let (Some(missing), Some(late)) = (missing, late)
        && late > missing
    {
        s.error_hint(
            if s.has("late") { "late" } else { "late_bp" },
            Text::new(
                "за опоздание премия снижается сильнее, чем за отсутствие",
                "being late reduces the bonus more than being missing",
            ),
            Text::new("тогда выгоднее не вносить карточку вовсе", "then not entering the card at all pays better"),
        );
    }
    RuleKind::MissingCounterparty {
        missing: missing.unwrap_or_default(),
        late: late.unwrap_or_default(),
        exclude_from_kpi,
    }
}

fn cap(s: &Section<'_>) -> RuleKind {
    if !s.has("cap_bp") {
        s.require(&["cap"]);
    }
    let cap = share(s, "cap", "cap_bp", Rate::WHOLE).unwrap_or_default();
    let reason = s.filled("cap_reason");
    if cap > SAFE_CAP && reason.is_none() {
        let key = if s.has("cap") { "cap" } else { "cap_bp" };
        s.error_hint(
            key,
            Text::new("предел выше 20 % требует обоснования", "a limit above 20 % needs a reason"),
            Text::new("впишите его в cap_reason", "write it into cap_reason"),
        );
    }
    RuleKind::Cap { cap }
}

/// Whether the rule changes nothing for anybody.
pub(super) fn is_idle(kind: &RuleKind) -> bool {
    match kind {
        RuleKind::MissingCounterparty { missing, late, exclude_from_kpi } => {
            *missing == Rate::ZERO && *late == Rate::ZERO && !exclude_from_kpi
        }
        RuleKind::Completeness { bands } | RuleKind::Freshness { bands, .. } => give_nothing(bands),
        RuleKind::CallRecording { per_recorded, bands, .. } => per_recorded.is_zero() && give_nothing(bands),
        RuleKind::Contest { prizes, .. } => !prizes.is_empty() && prizes.iter().all(|prize| prize.is_zero()),
        RuleKind::DealApproval { .. } | RuleKind::Cap { .. } => false,
    }
}

fn give_nothing(bands: &[Band]) -> bool {
    bands.iter().all(|band| match band.premium {
        Premium::Fixed(money) => money.is_zero(),
        Premium::ShareOfBonus(rate) => rate == Rate::ZERO,
    })
}
