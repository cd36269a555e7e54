//! What freshness, deal approval, call recording and contests take. Deliberately absent: the kinds that reduce
//! (`policy_rules`) and checks that need the whole version (`policy_check`).

use super::{amount::money_of, policy_bands::bands, reader::Section, tree::Value};
use crate::domain::{
    money::Money,
    policy::{ContestBy, RuleKind},
    text::Text,
};

/// Working days for the head's word when the file does not say.
const ESCALATE_AFTER: u32 = 5;

pub(super) fn freshness(s: &Section<'_>) -> RuleKind {
    s.require(&["fresh_days", "bands"]);
    RuleKind::Freshness { fresh_days: s.int("fresh_days", 1..=366).unwrap_or(1), bands: bands(s) }
}

pub(super) fn deal_approval(s: &Section<'_>) -> RuleKind {
    RuleKind::DealApproval { escalate_working_days: s.int("escalate_working_days", 1..=60).unwrap_or(ESCALATE_AFTER) }
}

pub(super) fn call_recording(s: &Section<'_>) -> RuleKind {
    s.require(&["min_seconds", "match_minutes"]);
    RuleKind::CallRecording {
        min_seconds: s.int("min_seconds", 0..=3600).unwrap_or_default(),
        match_minutes: s.int("match_minutes", 1..=1440).unwrap_or(1),
        per_recorded: s.node("per_recorded").and_then(|node| money_of(node, s.sink())).unwrap_or_default(),
        bands: bands(s),
    }
}

pub(super) fn contest(s: &Section<'_>) -> RuleKind {
    s.require(&["by", "prizes"]);
    let words = [ContestBy::CardScore, ContestBy::Streak, ContestBy::Votes].map(|by| (by.code(), by));
    let by = s.choice("by", &words).unwrap_or(ContestBy::CardScore);
    let mut prizes: Vec<Money> = Vec::new();
    if let Some(node) = s.node("prizes") {
        let Value::List(items) = &node.value else {
            s.error_hint(
                "prizes",
                Text::new("призы задаются списком сумм", "prizes are a list of sums"),
                Text::new("пишите так: [\"5000.00\", \"3000.00\"]", "write it like this: [\"5000.00\", \"3000.00\"]"),
            );
            return RuleKind::Contest { by, prizes };
        };
        for item in items {
            let Some(prize) = money_of(item, s.sink()) else { continue };
            if prizes.last().is_some_and(|better| prize > *better) {
                s.sink().error(
                    item.at.clone(),
                    Text::new(
                        "приз за худшее место больше, чем за лучшее",
                        "the prize of a lower place is above that of a higher one",
                    ),
                );
            }
            prizes.push(prize);
        }
        if items.is_empty() {
            s.error("prizes", Text::new("призов нет", "there are no prizes"));
        }
    }
    RuleKind::Contest { by, prizes }
}
