//! Which clause says a rule: what every line about money cites. Deliberately absent: the clause's text.

use crate::domain::{
    policy::{Policy, PolicyVersion},
    text::Text,
};

/// Section of the rules.
pub(super) const RULES: u32 = 4;

/// Number of the clause that says the rule, such as `4.1`; `None` when the version has no such rule.
pub fn clause(version: &PolicyVersion, rule: &str) -> Option<String> {
    version.rules.iter().position(|r| r.id == rule).map(|at| format!("{RULES}.{}", at + 1))
}

/// The same where nothing beside it names the rule: one without a clause is named.
pub fn ground(policy: &Policy, version: &str, rule: &str) -> Text {
    let text = cite(policy, version, rule);
    let said = policy.versions.iter().any(|v| v.id == version && clause(v, rule).is_some());
    if said || text.ru.is_empty() {
        return text;
    }
    Text::new(format!("{}, правило {rule}", text.ru), format!("{}, rule {rule}", text.en))
}

/// «п. 4.1 положения 2026-1». A version or a rule that is no longer in the file is cited by its own name: a posted line
/// keeps its ground for ever.
pub fn cite(policy: &Policy, version: &str, rule: &str) -> Text {
    let found = policy.versions.iter().find(|v| v.id == version).and_then(|v| clause(v, rule));
    match found {
        Some(number) => {
            Text::new(format!("п. {number} положения {version}"), format!("clause {number} of regulation {version}"))
        }
        None if version.is_empty() => Text::default(),
        None => Text::new(format!("положение {version}"), format!("regulation {version}")),
    }
}
