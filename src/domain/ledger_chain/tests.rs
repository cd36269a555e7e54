//! The chain shows every kind of tampering. Deliberately absent: storage.

use super::*;
use crate::domain::{ledger::EntryKind, money::Money, org::EmployeeId, period::Period};

const KEY: &[u8] = b"a key of the tests";

fn entry(subject: &str, kopecks: i64) -> NewEntry {
    let period = Period::new(2026, 11).expect("a month");
    NewEntry {
        key: EntryKey {
            belongs_to: period,
            employee: EmployeeId("0007".into()),
            subject: subject.into(),
            rule: "missing_counterparty".into(),
        },
        pay_period: period,
        kind: EntryKind::Reduction,
        amount: Money::from_kopecks(kopecks),
        policy_version: "2026-1".into(),
        corrects: vec![],
        evidence: Evidence { party: "ООО «Ромашка»".into(), ..Evidence::default() },
    }
}

fn chain(count: i64) -> Vec<LedgerEntry> {
    let mut all: Vec<LedgerEntry> = Vec::new();
    for seq in 1..=count {
        let entry = entry(&format!("Ф|{seq}|2026"), -100 * seq);
        let prev_hash = all.last().map_or_else(|| GENESIS.to_owned(), |e| e.hash.clone());
        let (id, run) = (format!("id-{seq}"), "run-1".to_owned());
        let posted_at = DateTime::from_timestamp(1_790_000_000 + seq, 123_456_789).expect("an instant");
        let hash = seal(&entry, seq, &id, posted_at, &run, &prev_hash, KEY);
        all.push(LedgerEntry { seq, id, posted_at, run, entry, prev_hash, hash });
    }
    all
}

fn codes(findings: &[Finding]) -> Vec<(&str, bool)> {
    findings.iter().map(|f| (f.code.as_str(), f.holds())).collect()
}

#[test]
fn a_whole_chain_is_quiet_in_any_order_and_after_losing_digits_below_a_millisecond() {
    let mut all = chain(4);
    let head = all[3].hash.clone();
    all.reverse();
    for entry in &mut all {
        entry.posted_at = DateTime::from_timestamp_millis(entry.posted_at.timestamp_millis()).expect("an instant");
    }
    assert_eq!(verify(&all, KEY, Some(&head)), vec![]);
    assert_eq!(verify(&[], KEY, None), vec![]);
    assert_eq!(verify(&[], KEY, Some(GENESIS)), vec![]);
}

#[test]
fn every_changed_field_names_its_entry() {
    type Change = fn(&mut LedgerEntry);
    let changes: [Change; 14] = [
        |e| e.id.push('x'),
        |e| e.posted_at += chrono::TimeDelta::milliseconds(1),
        |e| e.run.push('x'),
        |e| e.prev_hash = GENESIS.to_owned(),
        |e| e.hash = String::new(),
        |e| e.entry.amount = Money::from_kopecks(-199),
        |e| e.entry.kind = EntryKind::Correction,
        |e| e.entry.pay_period = e.entry.pay_period.next(),
        |e| e.entry.key.belongs_to = e.entry.key.belongs_to.prev(),
        |e| e.entry.key.employee = EmployeeId("0008".into()),
        |e| e.entry.policy_version.push('x'),
        |e| e.entry.corrects.push(String::new()),
        |e| e.entry.evidence.snapshots.push("x".into()),
        |e| e.entry.evidence.cause.en.push('x'),
    ];
    for (at, change) in changes.iter().enumerate() {
        let mut all = chain(4);
        change(&mut all[1]);
        let found = verify(&all, KEY, None);
        assert_eq!(codes(&found), [("ledger_broken", true)], "change {at}");
        assert!(found[0].message.ru.contains("Запись журнала 2 "), "change {at}: {}", found[0].message.ru);
    }
}

#[test]
fn text_cannot_slip_from_one_field_into_the_next() {
    let mut one = entry("a", -1);
    let mut two = entry("a", -1);
    one.key.subject = "ab".into();
    one.key.rule = "c".into();
    two.key.subject = "a".into();
    two.key.rule = "bc".into();
    let at = DateTime::UNIX_EPOCH;
    assert_ne!(seal(&one, 1, "i", at, "r", GENESIS, KEY), seal(&two, 1, "i", at, "r", GENESIS, KEY));
}

#[test]
fn removal_in_the_middle_and_at_the_end_and_another_key_show() {
    let whole = chain(4);
    let mut middle = whole.clone();
    middle.remove(1);
    assert_eq!(codes(&verify(&middle, KEY, None)), [("ledger_gap", true), ("ledger_broken", true)]);
    let mut first = whole.clone();
    first.remove(0);
    assert_eq!(codes(&verify(&first, KEY, None)), [("ledger_gap", true), ("ledger_broken", true)]);
    let head = whole[3].hash.clone();
    assert_eq!(codes(&verify(&whole[..3], KEY, Some(&head))), [("ledger_head_missing", true)]);
    assert_eq!(codes(&verify(&[], KEY, Some(&head))), [("ledger_head_missing", true)]);
    assert_eq!(codes(&verify(&whole, b"another", Some(&head))), [("ledger_broken", true)]);
}

#[test]
fn the_canonical_text_does_not_change_by_accident() {
    let text = canonical(&entry("Ф|1|2026", -62_500), 1, "id-1", DateTime::UNIX_EPOCH, "run-1", GENESIS);
    insta::assert_snapshot!(text.replace(GENESIS, "…"), @"15:sverka-ledger-1;64:…;1:1;4:id-1;1:0;5:run-1;7:2026-11;4:0007;9:Ф|1|2026;20:missing_counterparty;7:2026-11;9:reduction;6:-62500;6:2026-1;1:0;0:;0:;25:ООО «Ромашка»;0:;0:;0:;1:0;0:;0:;0:;0:;0:;0:;0:;");
    let seal = seal(&entry("Ф|1|2026", -62_500), 1, "id-1", DateTime::UNIX_EPOCH, "run-1", GENESIS, KEY);
    // Computed with another implementation (hmac.new of Python) over the text above.
    insta::assert_snapshot!(seal, @"0675fb80c1286b41191a09a582422b4e32ececea3de26c7d4064414819565c17");
}
