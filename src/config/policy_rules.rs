//! The rules of a version: kind, scope, and what each kind takes. Deliberately absent: checks that need the whole
//! version or the people (`policy_check`).

use super::{
    amount::{money_of, premium_of, share, share_of},
    reader::Section,
    spot::Spot,
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
    Cap,
}

const KINDS: [(&str, Kind); 3] =
    [("missing_counterparty", Kind::Missing), ("completeness", Kind::Completeness), ("cap", Kind::Cap)];

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
    let scope_section = s.section("scope");
    let scope = scope_section.as_ref().map(scope).unwrap_or_default();
    let kind = match kind {
        Kind::Missing => missing(&s),
        Kind::Completeness => RuleKind::Completeness { bands: bands(&s) },
        Kind::Cap => cap(&s),
    };
    s.finish();
    Some(Placed { rule: Rule { id, shadow, scope, kind }, section: s, scope: scope_section })
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

/// Bands over 0..100 %: each begins where the one before ends, the first at 0 %, the last ends at 100 % inclusive.
fn bands(s: &Section<'_>) -> Vec<Band> {
    s.require(&["bands"]);
    let mut bands: Vec<Band> = Vec::new();
    let mut complete = true;
    let sections = s.sections("bands");
    let mut last: Option<Spot> = None;
    let mut expected = Rate::ZERO;
    for band in &sections {
        band.require(&["from", "to", "premium"]);
        let rate = |key| band.node(key).and_then(|node| share_of(node, s.sink()));
        let (from, to) = (rate("from"), rate("to"));
        let premium = band.node("premium").and_then(|node| premium_of(node, s.sink()));
        band.finish();
        let (Some(from), Some(to), Some(premium)) = (from, to, premium) else {
            complete = false;
            continue;
        };
        if complete && from != expected {
            gap(band, from, expected);
        }
        if to <= from {
            band.error(
                "to",
                Text::new("полоса пуста: конец не выше начала", "the band is empty: it ends where it begins"),
            );
        }
        if to > Rate::WHOLE {
            band.error("to", Text::new("полоса кончается выше 100 %", "the band ends above 100 %"));
        }
        expected = to;
        last = Some(band.at("to"));
        bands.push(Band { from, to, premium });
    }
    if let Some(at) = last
        && complete
        && expected < Rate::WHOLE
    {
        s.sink().error_hint(
            at,
            Text::new(
                format!("полосы кончаются на {}, а не на 100 %", super::amount::percent(expected)),
                format!("the bands end at {}, not at 100 %", super::amount::percent(expected)),
            ),
            Text::new("добавьте последнюю полосу до \"100 %\"", "add a last band up to \"100 %\""),
        );
    }
    if let Some(last) = bands.last_mut()
        && last.to == Rate::WHOLE
    {
        // The last band includes a full score.
        last.to = Rate::from_bp(Rate::WHOLE.bp() + 1);
    }
    bands
}

fn gap(band: &Section<'_>, from: Rate, expected: Rate) {
    let (is, want) = (super::amount::percent(from), super::amount::percent(expected));
    let message = if from > expected {
        Text::new(
            format!("между полосами дыра: от {want} до {is}"),
            format!("there is a gap between bands: {want} to {is}"),
        )
    } else {
        Text::new(format!("полосы перекрываются: от {is} до {want}"), format!("bands overlap: {is} to {want}"))
    };
    band.error_hint(
        "from",
        message,
        Text::new(format!("начните полосу с \"{want}\""), format!("begin the band at \"{want}\"")),
    );
}

/// Whether the rule changes nothing for anybody.
pub(super) fn is_idle(kind: &RuleKind) -> bool {
    match kind {
        RuleKind::MissingCounterparty { missing, late, exclude_from_kpi } => {
            *missing == Rate::ZERO && *late == Rate::ZERO && !exclude_from_kpi
        }
        RuleKind::Completeness { bands } => bands.iter().all(|band| match band.premium {
            Premium::Fixed(money) => money.is_zero(),
            Premium::ShareOfBonus(rate) => rate == Rate::ZERO,
        }),
        RuleKind::Cap { .. } => false,
    }
}
