//! Why a line is only shown: "would have been" needs its reason beside it. Deliberately absent: deciding it (`reach` and each
//! rule).

use super::{
    super::{facts::Facts, ledger::Wanted, text::Text},
    reach::Reach,
};

/// The reason in words; `None` for a line that is posted.
pub fn why_shown(facts: &Facts, line: &Wanted) -> Option<Text> {
    if !line.shadow {
        return None;
    }
    let version = facts.policy.versions.iter().find(|version| version.id == line.policy_version);
    let rule = version.and_then(|version| version.rules.iter().find(|rule| rule.id == line.key.rule));
    let employee = facts.roster.get(&line.key.employee);
    let sold = facts.sales.iter().find(|sale| sale.key.0 == line.key.subject).map(|sale| sale.date);
    let fact = sold.unwrap_or_else(|| line.key.belongs_to.last_day());
    let text = match (version, rule, employee) {
        (_, Some(rule), _) if rule.shadow => Text::new("правило в пробном режиме", "the rule is on trial"),
        (_, Some(rule), Some(employee)) if !rule.scope.covers_employee(employee) => {
            Text::new("правило не относится к этому сотруднику", "the rule does not concern this employee")
        }
        (Some(version), Some(rule), Some(employee)) if !Reach::of(facts).is_real(version, rule, employee, fact) => {
            Text::new(
                format!("сотрудник не был ознакомлен с редакцией «{}» к этому дню", version.id),
                format!("the employee had not acknowledged the version “{}” by that day", version.id),
            )
        }
        _ => Text::new(
            "продажа вне области правила, или её уже решает другое правило",
            "the sale is out of the rule's scope, or another rule decides it already",
        ),
    };
    Some(text)
}
