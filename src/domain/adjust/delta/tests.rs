//! Differences to what is posted, key by key. Deliberately absent: amounts that rules want, storage.

use super::{super::super::org::EmployeeId, *};

fn month(text: &str) -> Period {
    text.parse().expect("a month")
}

fn key(month_text: &str, subject: &str) -> EntryKey {
    EntryKey {
        belongs_to: month(month_text),
        employee: EmployeeId("0001".into()),
        subject: subject.into(),
        rule: "rule".into(),
    }
}

/// A line of this amount, by the version of this name, which its evidence repeats.
fn line(key: &EntryKey, kopecks: i64, version: &str, shadow: bool) -> Wanted {
    Wanted {
        key: key.clone(),
        amount: Money::from_kopecks(kopecks),
        kind: EntryKind::Premium,
        policy_version: version.into(),
        shadow,
        evidence: Evidence {
            document: Text::same(version),
            cause: Text::new("повод", "ground"),
            ..Evidence::default()
        },
    }
}

fn posted(key: &EntryKey, kopecks: i64, ids: &[&str]) -> Posted {
    Posted {
        key: key.clone(),
        amount: Money::from_kopecks(kopecks),
        entries: ids.iter().map(|id| (*id).to_owned()).collect(),
        kind: EntryKind::Deferral,
        policy_version: "old".into(),
    }
}

fn amounts(entries: &[NewEntry]) -> Vec<(&str, i64)> {
    entries.iter().map(|entry| (entry.key.subject.as_str(), entry.amount.kopecks())).collect()
}

#[test]
fn the_difference_is_posted_and_a_key_that_is_even_posts_nothing() {
    let keys = ["fresh", "even", "grown", "gone", "nothing"].map(|subject| key("2026-10", subject));
    let [fresh, even, grown, gone, nothing] = &keys;
    let wanted = [
        line(fresh, -70, "v", false),
        line(even, -70, "v", false),
        line(grown, 30, "v", false),
        line(nothing, 0, "v", false),
    ];
    let before = [posted(even, -70, &["1"]), posted(grown, -20, &["2", "3"]), posted(gone, 15, &["4"])];
    let entries = delta(&wanted, &before, &BTreeSet::new());
    assert_eq!(amounts(&entries), [("fresh", -70), ("gone", -15), ("grown", 50)]);
    assert_eq!(entries.iter().map(|own| own.corrects.join("+")).collect::<Vec<_>>(), ["", "4", "2+3"]);
    let imbalance = |key: &EntryKey, wanted, posted| Imbalance {
        key: key.clone(),
        wanted: Money::from_kopecks(wanted),
        posted: Money::from_kopecks(posted),
    };
    let found = balance_check(&wanted, &before);
    assert_eq!(found, [imbalance(fresh, -70, 0), imbalance(gone, 0, 15), imbalance(grown, 30, -20)]);
    // Several sums of one key are one sum.
    let twice = [posted(even, -30, &["1"]), posted(even, -40, &["2"])];
    assert_eq!(balance_check(&wanted[1..2], &twice), []);
}

#[test]
fn what_is_only_shown_counts_as_nothing_and_speaks_only_where_nothing_real_does() {
    let own = key("2026-10", "a");
    let (shown, real) = (line(&own, -500, "shown", true), line(&own, -70, "real", false));
    let by = |wanted: &[Wanted]| {
        let entries = delta(wanted, &[posted(&own, -20, &["1"])], &BTreeSet::new());
        entries.into_iter().map(|e| (e.amount.kopecks(), e.policy_version, e.evidence.document.en)).collect::<Vec<_>>()
    };
    let says = |kopecks: i64, version: &str| vec![(kopecks, version.to_owned(), version.to_owned())];
    assert_eq!(by(&[shown.clone(), real.clone()]), says(-50, "real"));
    assert_eq!(by(&[real.clone(), shown.clone()]), says(-50, "real"));
    assert_eq!(by(std::slice::from_ref(&shown)), says(20, "shown"));
    // Of equals the first speaks.
    assert_eq!(by(&[shown.clone(), line(&own, -1, "other", true)]), says(20, "shown"));
    assert_eq!(by(&[real, line(&own, -1, "other", false)]), says(-51, "real"));
    assert_eq!(delta(&[shown], &[], &BTreeSet::new()), []);
}

#[test]
fn a_closed_period_and_whatever_lies_before_it_is_corrected_in_the_open_one() {
    let closed: BTreeSet<Period> = [month("2026-09"), month("2026-10")].into();
    for (belongs, pays, kind) in [
        ("2026-08", "2026-11", EntryKind::Correction),
        ("2026-10", "2026-11", EntryKind::Correction),
        ("2026-11", "2026-11", EntryKind::Premium),
        ("2026-12", "2026-12", EntryKind::Premium),
    ] {
        let entries = delta(&[line(&key(belongs, "a"), 100, "v", false)], &[], &closed);
        assert_eq!((entries[0].pay_period, entries[0].kind), (month(pays), kind), "{belongs}");
        let says = "belongs to the closed period ";
        assert_eq!(entries[0].evidence.cause.en.starts_with(says), kind == EntryKind::Correction, "{belongs}");
        assert_eq!(entries[0].evidence.cause.en.is_empty(), kind == EntryKind::Premium, "{belongs}");
    }
}

#[test]
fn a_difference_says_its_ground_and_both_sums() {
    let own = key("2026-10", "a");
    let cause = |wanted: &[Wanted]| {
        let entries = delta(wanted, &[posted(&own, -20, &["1"])], &BTreeSet::new());
        (entries[0].evidence.cause.en.clone(), entries[0].evidence.document.en.clone(), entries[0].kind)
    };
    let (text, _, kind) = cause(&[line(&own, -70, "v", false)]);
    assert_eq!((text.as_str(), kind), ("ground; posted so far -0.20, due -0.70", EntryKind::Premium));
    let (text, ..) = cause(&[line(&own, -70, "v", true)]);
    assert_eq!(text, "by the regulation the line is shown and does not touch the bonus; posted so far -0.20, due 0.00");
    // Nothing is wanted any more: the document is what the key says, the rest is that of what was posted.
    let (text, document, kind) = cause(&[]);
    assert!(text.starts_with("the ground is gone: ") && text.ends_with("; posted so far -0.20, due 0.00"), "{text}");
    assert_eq!((document.as_str(), kind), ("a", EntryKind::Deferral));
    let entries = delta(&[], &[posted(&own, -20, &["1"])], &BTreeSet::new());
    assert_eq!(entries[0].policy_version, "old");
}
