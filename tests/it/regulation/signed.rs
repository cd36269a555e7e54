//! What a signature is bound to: the hash of what a version says. Deliberately absent: the register (`store`), the command
//! (`cli`).

use std::collections::BTreeSet;

use sverka::domain::{acknowledgement::Acknowledgement, org::EmployeeId, policy::Policy, regulation::binding::bound};

use super::{EVERYTHING, PLAIN, everything, plain, policy};
use crate::app::day;

fn hash(policy: &Policy) -> String {
    policy.versions[0].content_hash()
}

#[test]
fn a_new_release_hashes_an_old_regulation_as_before() {
    // Signatures are bound to these. A change here takes everybody's signature away: it needs a very good reason.
    assert_eq!(hash(&plain().0), "06a73ccadb4614790017f9bd921def02d52addfd76ba26515dbb8fb954bf4fdf");
    assert_eq!(hash(&everything().0), "a12a9c541ce479352c6e42c87615ce16d3b9cb0d36a3278aea572655a2a533f0");
}

#[test]
fn comments_titles_and_order_of_keys_are_not_what_is_signed() {
    let commented = PLAIN.replace("[[version.rule]]", "# a remark\n[[version.rule]]\n# another");
    assert_eq!(hash(&policy(&commented).0), hash(&plain().0));
    let (mut other, _) = plain();
    other.versions[0].title = "Другое название".to_owned();
    other.versions[0].id = "other".to_owned();
    assert_eq!(hash(&other), hash(&plain().0));
}

#[test]
fn whatever_changes_money_or_people_changes_the_hash() {
    // Every number and every word of the fullest regulation, one at a time, where the changed file still is a regulation.
    let base = everything().0;
    let mut seen = BTreeSet::from([hash(&base)]);
    let mut changed = 0;
    for (at, line) in EVERYTHING.lines().enumerate() {
        let Some(digit) = line.find(|c: char| c.is_ascii_digit()) else { continue };
        let mut text: Vec<String> = EVERYTHING.lines().map(str::to_owned).collect();
        let other = if line[digit..].starts_with('9') { "8" } else { "9" };
        text[at].replace_range(digit..=digit, other);
        let Some(other) = readable(&text.join("\n")) else { continue };
        let titled = line.trim_start().starts_with("title") || line.trim_start().starts_with("id");
        if titled || other == base {
            continue;
        }
        changed += 1;
        assert!(seen.insert(hash(&other)), "{line}");
    }
    assert!(changed > 5, "only {changed} changes were regulations");
}

fn readable(text: &str) -> Option<Policy> {
    let dir = tempfile::tempdir().expect("a folder");
    crate::app::write_company(&dir, "", text, crate::app::PEOPLE);
    let path = dir.path().join("sverka.toml");
    sverka::config::load_with(&path, std::iter::empty(), day("2026-11-16")).ok().map(|config| config.policy)
}

#[test]
fn a_signature_holds_for_the_text_it_was_given_for() {
    let (before, roster) = plain();
    let version = &before.versions[0];
    let signed = |employee: &str, content: String| Acknowledgement {
        employee: EmployeeId(employee.to_owned()),
        version: version.id.clone(),
        on: day("2026-11-02"),
        content,
    };
    // Of the second it was not remembered what was signed: an old row goes on counting.
    let standing = vec![signed("0101", version.content_hash()), signed("0102", String::new())];
    assert_eq!(bound(&before, standing.clone()).holding, standing);
    let mut after = before.clone();
    after.versions[0].grace_working_days += 1;
    let bound = bound(&after, standing.clone());
    assert_eq!((bound.holding, bound.former.as_slice()), (standing[1..].to_vec(), &standing[..1]));
    let findings =
        sverka::domain::regulation::binding::Bound { former: bound.former, holding: Vec::new() }.findings(&roster);
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].code, "acknowledged_former_text");
}
