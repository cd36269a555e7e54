//! Segments of a version: members by hand, a flag of the CRM, turnover, new clients. Deliberately absent: who is in them
//! (`assess::segment`).

use super::{amount::money_of, reader::Section};
use crate::domain::{
    money::Money,
    policy::{Segment, Turnover, TurnoverTake},
    text::Text,
};

/// Months that turnover and novelty may look back: as far as yearly buyers need.
const MONTHS: std::ops::RangeInclusive<i64> = 1..=36;

pub(super) fn segment(s: &Section<'_>) -> Segment {
    s.require(&["name"]);
    let crm_flag = s.section("crm_flag").map(|flag| {
        flag.require(&["column", "value"]);
        let pair = (flag.text("column").unwrap_or_default(), flag.text("value").unwrap_or_default());
        flag.finish();
        pair
    });
    let segment = Segment {
        name: s.text("name").unwrap_or_default(),
        members: s.texts("members"),
        crm_flag,
        turnover: s.section("turnover").and_then(|t| turnover(&t)),
        new_months: s.int("new_months", MONTHS),
    };
    let by_rule = ["crm_flag", "turnover", "new_months"].iter().any(|key| s.has(key));
    if segment.members.is_empty() && !by_rule {
        s.error_hint(
            "name",
            Text::new("в сегменте никого нет", "nobody is in the segment"),
            Text::new(
                "заполните members, crm_flag, turnover или new_months",
                "fill in members, crm_flag, turnover or new_months",
            ),
        );
    }
    s.finish();
    segment
}

fn turnover(s: &Section<'_>) -> Option<Turnover> {
    s.require(&["months"]);
    let months = s.int("months", MONTHS);
    let top = s.int("top", 1..=100_000).map(TurnoverTake::Top);
    let least = s.node("at_least").and_then(|node| money_of(node, s.sink()));
    if s.has("top") == s.has("at_least") {
        s.sink().error_hint(
            s.place(),
            Text::new("нужно одно из двух: top или at_least", "one of the two is needed: top or at_least"),
            Text::new(
                "например top = 20 или at_least = \"1000000.00\"",
                "such as top = 20 or at_least = \"1000000.00\"",
            ),
        );
    }
    if least.is_some_and(Money::is_zero) {
        s.error("at_least", Text::new("порог оборота — ноль", "the least turnover is nothing"));
    }
    s.finish();
    Some(Turnover { months: months?, take: top.or(least.map(TurnoverTake::AtLeast))? })
}
