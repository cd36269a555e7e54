//! `[gate.warn]` and `[gate.hold]`. Deliberately absent: judging by them (`domain::gate`).

use super::{
    reader::Section,
    sections::{Gate, GateLevels},
};
use crate::domain::text::Text;

/// A hundred times: no level makes sense beyond.
const MOST_BP: i64 = 1_000_000;

pub(super) fn read(s: &Section<'_>) -> Gate {
    let warn = s.section("warn");
    let hold = s.section("hold");
    if let (Some(warn), Some(hold)) = (&warn, &hold) {
        for entry in warn.entries() {
            let level = |s: &Section<'_>| {
                s.entries().iter().find(|e| e.key == entry.key).and_then(|e| match &e.node.value {
                    super::tree::Value::Int(level) => Some(*level),
                    super::tree::Value::Env(text) => text.trim().parse().ok(),
                    _ => None,
                })
            };
            if let (Some(low), Some(high)) = (level(warn), level(hold))
                && low > high
            {
                let key = &entry.key;
                let at = if warn.is_default(key) { hold.at(key) } else { warn.at(key) };
                s.sink().error_hint(
                    at,
                    Text::new(
                        format!("предупреждение `{key}` ({low}) выше остановки ({high})"),
                        format!("the warning `{key}` ({low}) is above the hold ({high})"),
                    ),
                    Text::new("сначала предупреждают, потом останавливают", "a warning comes before a hold"),
                );
            }
        }
    }
    let gate = Gate { warn: levels(warn.as_ref()), hold: levels(hold.as_ref()) };
    s.finish();
    gate
}

fn levels(s: Option<&Section<'_>>) -> GateLevels {
    let hours = |key| s.and_then(|s| s.int(key, 1..=8760)).unwrap_or_default();
    let bp = |key| s.and_then(|s| s.int(key, 0..=MOST_BP)).unwrap_or_default();
    let levels = GateLevels {
        crm_age_hours: hours("crm_age_hours"),
        accounting_age_hours: hours("accounting_age_hours"),
        crm_shrink_bp: bp("crm_shrink_bp"),
        unknown_manager_bp: bp("unknown_manager_bp"),
        reductions_bp: bp("reductions_bp"),
        outside_period_bp: bp("outside_period_bp"),
        vanished_bp: bp("vanished_bp"),
    };
    if let Some(s) = s {
        s.finish();
    }
    levels
}
