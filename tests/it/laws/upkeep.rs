//! Freshness: what keeps a card up, and of what nothing is known. Deliberately absent: how cards' histories are kept (`store`).

use std::collections::BTreeMap;

use sverka::domain::{
    crm::{CrmRecord, KnownRecord},
    facts::Facts,
    policy::{Rule, RuleKind},
    rule_facts::CardVersion,
    verdict::Verdict,
};

use super::{
    kinds::{CLOSE, activity, by_employee, halves, october, world},
    world::{at, conclude, record, record_id, rub, rule, verdict},
};

fn freshness() -> Rule {
    rule(RuleKind::Freshness { fresh_days: 20, bands: halves(1, 700) })
}

/// A card of P0 with its history: (instant of the snapshot, phone, what the CRM says about the last change).
fn card(facts: &mut Facts, history: &[(&str, &str, Option<&str>)]) {
    let content = |phone: &str, updated: Option<&str>| CrmRecord {
        phone: phone.into(),
        updated_at: updated.map(at),
        ..record("P0", "Ромашка")
    };
    facts.rule_facts.card_history = history
        .iter()
        .map(|(seen, phone, updated)| CardVersion {
            id: record_id("P0"),
            seen_at: at(seen),
            record: Some(content(phone, *updated)),
        })
        .collect();
    let last = history.last().expect("a version");
    let known = KnownRecord { record: content(last.1, last.2), entered_at: at("2026-01-10 10:00:00"), gone: false };
    facts.closing_records.insert(october(), vec![known.record.clone()]);
    facts.records = vec![known];
    let instants = ["2026-09-01 10:00:00", "2026-10-05 10:00:00", "2026-10-14 10:00:00", "2026-11-04 10:00:00"];
    facts.rule_facts.snapshots_at = BTreeMap::from([("crm".to_owned(), instants.map(at).to_vec())]);
}

#[test]
fn only_a_real_change_keeps_a_card_fresh() {
    let first = ("2026-09-01 10:00:00", "+7 495 123-45-67", Some("2026-08-01 10:00:00"));
    for (name, later, want) in [
        ("nothing happened", None, 1),
        ("a new number", Some(("2026-10-14 10:00:00", "+7 495 765-43-21", None)), 700),
        ("the same number written otherwise", Some(("2026-10-14 10:00:00", "8 (495) 1234567", None)), 1),
        ("touched without a change", Some(("2026-10-14 10:00:00", "+7 495 123-45-67", Some("2026-10-13 10:00:00"))), 1),
        ("emptied", Some(("2026-10-14 10:00:00", "", None)), 1),
        ("changed before the window", Some(("2026-10-05 10:00:00", "+7 495 765-43-21", None)), 1),
        // The window begins with 12 October.
        (
            "seen later, said to be earlier",
            Some(("2026-10-14 10:00:00", "+7 495 765-43-21", Some("2026-10-11 23:59:59"))),
            1,
        ),
        ("on its first day", Some(("2026-10-14 10:00:00", "+7 495 765-43-21", Some("2026-10-12 00:00:00"))), 700),
        ("between two snapshots around the end", Some(("2026-11-04 10:00:00", "+7 495 765-43-21", None)), 700),
        (
            "in the next month by the CRM's word",
            Some(("2026-11-04 10:00:00", "+7 495 765-43-21", Some("2026-11-01 00:00:00"))),
            1,
        ),
        (
            "known only after the close",
            Some(("2026-11-06 10:00:00", "+7 495 765-43-21", Some("2026-10-30 10:00:00"))),
            1,
        ),
    ] {
        let mut facts = world(vec![freshness()]);
        card(&mut facts, &[&[first][..], &later.into_iter().collect::<Vec<_>>()].concat());
        assert_eq!(by_employee(&facts), [("0001".to_owned(), rub(&format!("{want}.00")))], "{name}");
    }
}

#[test]
fn an_activity_keeps_a_card_fresh_and_an_unknown_past_is_left_out() {
    let mut facts = world(vec![freshness()]);
    card(&mut facts, &[("2026-09-01 10:00:00", "+7 495 123-45-67", None)]);
    assert_eq!(by_employee(&facts), [("0001".to_owned(), rub("1.00"))]);
    let mut call = activity("1", "2026-10-20 10:00:00", "", "Иванов И.И.");
    call.company_id = "P0".into();
    facts.closing_records.get_mut(&october()).expect("closing").push(call);
    assert_eq!(by_employee(&facts), [("0001".to_owned(), rub("700.00"))]);
    // Tracked only since the middle of the window, and the CRM says nothing about changes.
    let mut facts = world(vec![freshness()]);
    let silent = ("2026-10-14 10:00:00", "+7 495 123-45-67", None);
    card(&mut facts, &[silent]);
    facts.rule_facts.snapshots_at = BTreeMap::from([("crm".to_owned(), vec![at("2026-10-14 10:00:00")])]);
    assert_eq!(by_employee(&facts), []);
    // A snapshot before the window lacked the card: what was done in its first days nobody saw.
    card(&mut facts, &[silent]);
    assert_eq!(by_employee(&facts), []);
    facts.records[0].entered_at = at("2026-10-11 23:59:59");
    assert_eq!(by_employee(&facts), []);
    // One within the window lacked it: the data reach back to its entry, and nothing was done since.
    facts.rule_facts.snapshots_at.entry("crm".to_owned()).or_default().insert(2, at("2026-10-12 00:00:00"));
    assert_eq!(by_employee(&facts), [("0001".to_owned(), rub("1.00"))]);
    for (entered, want) in [("2026-10-11 23:59:59", "1.00"), ("2026-10-12 00:00:00", "700.00")] {
        facts.records[0].entered_at = at(entered);
        assert_eq!(by_employee(&facts), [("0001".to_owned(), rub(want))], "entered {entered}");
    }
    card(&mut facts, &[("2026-10-14 10:00:00", "+7 495 123-45-67", Some("2026-10-12 10:00:00"))]);
    assert_eq!(by_employee(&facts), [("0001".to_owned(), rub("700.00"))]);
}

#[test]
fn a_fuller_card_that_came_later_does_not_take_back_what_was_kept_up() {
    let mut facts = world(vec![freshness()]);
    // The card of the month has no phone; somebody adds a full one after its end and before the close.
    card(&mut facts, &[("2026-10-14 10:00:00", "", None)]);
    facts.records[0].entered_at = at("2026-10-13 10:00:00");
    let later = CrmRecord { phone: "+7 495 123-45-67".into(), ..record("P9", "Ромашка") };
    facts.rule_facts.card_history.push(CardVersion {
        id: record_id("P9"),
        seen_at: at("2026-11-04 10:00:00"),
        record: Some(later.clone()),
    });
    facts.closing_records.get_mut(&october()).expect("closing").push(later.clone());
    facts.records.push(KnownRecord { record: later, entered_at: at("2026-11-03 10:00:00"), gone: false });
    let amount = |facts: &Facts| {
        let both = verdict("P0", Verdict::InCrm, &["P0", "P9"]);
        conclude(facts, &[both], at(CLOSE)).wanted.into_iter().map(|w| w.amount).collect::<Vec<_>>()
    };
    assert_eq!(amount(&facts), [rub("700.00")]);
    // Neither was kept up within the window, where an export on its first day lacked both; else nothing is known of the first.
    facts.records[0].entered_at = at("2026-10-01 10:00:00");
    assert_eq!(amount(&facts), []);
    facts.rule_facts.snapshots_at.entry("crm".to_owned()).or_default().insert(2, at("2026-10-12 00:00:00"));
    assert_eq!(amount(&facts), [rub("1.00")]);
    facts.rule_facts.snapshots_at = BTreeMap::from([("crm".to_owned(), vec![at("2026-10-14 10:00:00")])]);
    facts.rule_facts.card_history.pop();
    assert_eq!(amount(&facts), []);
}
