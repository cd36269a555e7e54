//! Whether a signature still stands for what the version says today. A version that was changed after it was signed is another
//! text: the signature counts no longer, the rules that ask for one are only shown, and a finding says so. Deliberately absent:
//! what a version says, as a hash (`policy::content`), what follows for money (`adjust`).

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{
    acknowledgement::Acknowledgement,
    finding::{Finding, Severity},
    org::Roster,
    policy::Policy,
    report::name_of,
    text::Text,
};

/// Most names that a finding lists.
const NAMES: usize = 5;

/// Signatures, told apart by what they stand for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bound {
    /// They count: for the text as it is, or recorded before texts were remembered, or of a version that is no longer there.
    pub holding: Vec<Acknowledgement>,
    /// They were given for a former text of their version.
    pub former: Vec<Acknowledgement>,
}

/// Tells standing signatures apart. The policy is the one of the file, without what the program adds to it.
pub fn bound(policy: &Policy, standing: Vec<Acknowledgement>) -> Bound {
    let says: BTreeMap<&str, String> = policy.versions.iter().map(|v| (v.id.as_str(), v.content_hash())).collect();
    let still = |a: &Acknowledgement| {
        a.content.is_empty() || says.get(a.version.as_str()).is_none_or(|content| *content == a.content)
    };
    let (holding, former) = standing.into_iter().partition(still);
    Bound { holding, former }
}

impl Bound {
    /// One remark for each version whose text is no longer the signed one.
    pub fn findings(&self, roster: &Roster) -> Vec<Finding> {
        let mut people: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for old in &self.former {
            people.entry(&old.version).or_default().insert(name_of(roster, &old.employee));
        }
        people.into_iter().map(|(version, names)| told(version, &names)).collect()
    }
}

fn told(version: &str, names: &BTreeSet<String>) -> Finding {
    let some = names.iter().take(NAMES).cloned().collect::<Vec<_>>().join(", ");
    let more = names.len().saturating_sub(NAMES);
    let (more_ru, more_en) = match more {
        0 => (String::new(), String::new()),
        more => (format!(" и ещё {more}"), format!(" and {more} more")),
    };
    let words = Text::new(
        format!(
            "Редакция {version} изменена после того, как её подписали: {some}{more_ru}. Прежние подписи под новым текстом не \
             считаются, правила с подписью для этих сотрудников пока только показываются. Верните подписанный текст, а \
             изменения вынесите в новую редакцию; или дайте подписать новый текст и запишите: sverka acknowledge record"
        ),
        format!(
            "Version {version} was changed after these people had signed it: {some}{more_en}. Their signatures do not count for \
             the new text, and rules that ask for one are only shown for them. Put the signed text back and make a new version \
             of the changes; or have the new text signed and record it: sverka acknowledge record"
        ),
    );
    Finding::new(Severity::Warn, "acknowledged_former_text", words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::org::EmployeeId;

    fn signed(employee: &str, version: &str, content: &str) -> Acknowledgement {
        Acknowledgement {
            employee: EmployeeId(employee.to_owned()),
            version: version.to_owned(),
            on: chrono::NaiveDate::default(),
            content: content.to_owned(),
        }
    }

    #[test]
    fn old_rows_and_versions_that_are_gone_keep_counting() {
        let standing = vec![signed("1", "gone", "00"), signed("2", "gone", "")];
        let bound = bound(&Policy::default(), standing.clone());
        assert_eq!((bound.holding.as_slice(), bound.former.len()), (standing.as_slice(), 0));
        assert!(bound.findings(&Roster::default()).is_empty());
    }

    #[test]
    fn a_finding_names_a_few_and_counts_the_rest() {
        let former = (0..8).map(|n| signed(&format!("{n}"), "2026-1", "00")).collect();
        let findings = Bound { former, ..Bound::default() }.findings(&Roster::default());
        assert_eq!(findings.len(), 1, "one for a version");
        let words = &findings[0].message;
        assert!(
            words.ru.contains("0, 1, 2, 3, 4 и ещё 3.") && words.en.contains("0, 1, 2, 3, 4 and 3 more."),
            "{words:?}"
        );
    }
}
