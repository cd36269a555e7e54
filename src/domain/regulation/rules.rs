//! Section 4: one clause for each rule of the version, in the order of the file: what is required, whom it concerns, how it
//! is computed, an example, the ground. Deliberately absent: what single kinds say (`kinds`).

use super::{Block, Clause, Input, Section, cite::RULES, kinds};
use crate::domain::{
    policy::{Rule, RuleKind, Scope},
    text::{Lang, Text},
    words::{both, date, money},
};

pub(super) fn section(input: &Input<'_>) -> Section {
    let clauses = input.version.rules.iter().map(|rule| clause(rule, input)).collect();
    Section::new(RULES, Text::new("Условия начисления и премии", "Conditions of accrual, and premiums"), clauses)
}

fn clause(rule: &Rule, input: &Input<'_>) -> Clause {
    let mut blocks = kinds::blocks(rule, input);
    blocks.push(Block::Paragraph(scope(rule)));
    if rule.shadow {
        blocks.push(Block::Paragraph(Text::new(
            "Пробный режим: показатель считается и показывается сотруднику, на премию не влияет.",
            "On trial: the figure is computed and shown to the employee and does not touch the bonus.",
        )));
    }
    if rule.requires_acknowledgement {
        blocks.push(Block::Paragraph(Text::new(
            "Применяется к сотруднику со дня его ознакомления с этой редакцией под подпись; до этого показатель считается и \
             показывается, на премию не влияет.",
            "Applies to an employee from the day on which he acknowledged this version by signature; until then the figure is \
             computed and shown and does not touch the bonus.",
        )));
    }
    Clause { rule: Some(rule.id.clone()), ..Clause::titled(kinds::title(&rule.kind), blocks) }
}

/// Whom a rule concerns. Kinds that count by employee say nothing of sales.
pub(super) fn scope(rule: &Rule) -> Text {
    let scope: &Scope = &rule.scope;
    let by_employee =
        matches!(rule.kind, RuleKind::Cap { .. } | RuleKind::CallRecording { .. } | RuleKind::Contest { .. });
    both(|lang| {
        let ru = lang == Lang::Ru;
        let list = |names: &std::collections::BTreeSet<String>| {
            names.iter().map(|n| if ru { format!("«{n}»") } else { format!("“{n}”") }).collect::<Vec<_>>().join(", ")
        };
        let mut parts = Vec::new();
        if !scope.departments.is_empty() {
            let names = list(&scope.departments);
            parts.push(if ru { format!("подразделения {names}") } else { format!("departments {names}") });
        }
        if !scope.groups.is_empty() {
            let names = list(&scope.groups);
            parts.push(if ru {
                format!("сотрудники групп {names}")
            } else {
                format!("employees of the groups {names}")
            });
        }
        if let Some(from) = scope.hired_from {
            let from = date(from, lang);
            parts.push(if ru { format!("принятые с {from}") } else { format!("hired from {from} on") });
        }
        if !scope.segments.is_empty() {
            let names = list(&scope.segments);
            parts.push(if ru {
                format!("покупатели групп {names}")
            } else {
                format!("buyers of the groups {names}")
            });
        }
        if let Some(min) = scope.min_amount {
            let min = money(min, lang);
            parts.push(if ru { format!("продажи от {min}") } else { format!("sales of at least {min}") });
        }
        match (parts.is_empty(), ru) {
            (true, true) if by_employee => "На кого действует: на всех менеджеров.".to_owned(),
            (true, false) if by_employee => "Whom it concerns: all managers.".to_owned(),
            (true, true) => "На кого действует: на всех менеджеров и все продажи.".to_owned(),
            (true, false) => "Whom it concerns: all managers and all sales.".to_owned(),
            (false, true) => format!("На кого действует: {}.", parts.join("; ")),
            (false, false) => format!("Whom it concerns: {}.", parts.join("; ")),
        }
    })
}

/// Whether a rule may lower a bonus: what grounds of non-accrual are.
pub(super) const fn lowers(kind: &RuleKind) -> bool {
    matches!(kind, RuleKind::MissingCounterparty { .. } | RuleKind::DealApproval { .. })
}
