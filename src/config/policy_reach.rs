//! What can never apply: keys of a scope that a kind does not look at, segments that nobody can be in because an earlier one
//! takes them all, rules for nothing but such segments. Deliberately absent: whom a scope concerns today (`policy_check`).

use super::{policy_rules::Placed, reader::Section};
use crate::domain::{
    policy::{PolicyVersion, RuleKind, Segment, TurnoverTake},
    text::Text,
};

/// A scope that narrows what the kind does not look at, or a protection that waits for a signature.
pub(super) fn rule(version: &PolicyVersion, placed: &Placed<'_>) {
    let by_employee = match placed.rule.kind {
        RuleKind::Cap { .. } => Some(Text::new(
            "предел считается по сотруднику, а не по продажам: segments и min_amount здесь не действуют",
            "a limit is counted by employee, not by sale: segments and min_amount do nothing here",
        )),
        RuleKind::CallRecording { .. } | RuleKind::Contest { .. } => Some(Text::new(
            "правило считается по сотруднику, а не по продажам: segments и min_amount здесь не действуют",
            "the rule is counted by employee, not by sale: segments and min_amount do nothing here",
        )),
        RuleKind::MissingCounterparty { .. }
        | RuleKind::Completeness { .. }
        | RuleKind::Freshness { .. }
        | RuleKind::DealApproval { .. } => None,
    };
    if let (Some(s), Some(message)) = (&placed.scope, by_employee)
        && (s.has("segments") || s.has("min_amount"))
    {
        s.sink().error(s.place(), message);
    }
    if matches!(placed.rule.kind, RuleKind::Cap { .. }) && placed.rule.requires_acknowledgement {
        placed.section.error_hint(
            "requires_acknowledgement",
            Text::new(
                "предел защищает сотрудника и действует без ознакомления",
                "a limit protects the employee and holds without an acknowledgement",
            ),
            Text::new("уберите этот ключ", "remove this key"),
        );
    }
    let Some(s) = &placed.scope else { return };
    let dead = |name: &String| shadowed(version, name).is_some();
    if !placed.rule.scope.segments.is_empty() && placed.rule.scope.segments.iter().all(dead) {
        s.error(
            "segments",
            Text::new(
                "правило не сработает ни разу: в его сегментах никто не может оказаться",
                "the rule never applies: nobody can be in its segments",
            ),
        );
    }
}

/// Segments whose every member an earlier one takes.
pub(super) fn segments(s: &Section<'_>, version: &PolicyVersion) {
    for (section, segment) in s.sections("segment").iter().zip(&version.segments) {
        let Some(other) = shadowed(version, &segment.name) else { continue };
        section.error_hint(
            "name",
            Text::new(
                format!("в сегменте «{}» никто не окажется: всех раньше забирает «{other}»", segment.name),
                format!("nobody can be in the segment “{}”: “{other}” takes them all before", segment.name),
            ),
            Text::new("поставьте более узкий сегмент выше", "put the narrower segment above"),
        );
    }
}

/// The earlier segment that takes everybody whom this one could take.
fn shadowed<'a>(version: &'a PolicyVersion, name: &str) -> Option<&'a str> {
    let at = version.segments.iter().position(|segment| segment.name == name)?;
    let own = version.segments.get(at)?;
    let empty = own.members.is_empty() && own.crm_flag.is_none() && own.turnover.is_none() && own.new_months.is_none();
    let earlier = version.segments.iter().take(at);
    earlier.filter(|_| !empty).find(|other| covers(other, own)).map(|other| other.name.as_str())
}

/// Whether every way into `own` is a way into `other`.
fn covers(other: &Segment, own: &Segment) -> bool {
    let members = own.members.iter().all(|m| other.members.contains(m));
    let flag = own.crm_flag.is_none() || own.crm_flag == other.crm_flag;
    let new = own.new_months.is_none_or(|months| other.new_months.is_some_and(|more| more >= months));
    let turnover = own.turnover.is_none_or(|narrow| {
        other.turnover.is_some_and(|wide| {
            wide.months == narrow.months
                && match (wide.take, narrow.take) {
                    (TurnoverTake::Top(wide), TurnoverTake::Top(narrow)) => wide >= narrow,
                    (TurnoverTake::AtLeast(wide), TurnoverTake::AtLeast(narrow)) => wide <= narrow,
                    _ => false,
                }
        })
    });
    members && flag && new && turnover
}
