//! What a decision about one counterparty means for another.

use sverka::domain::{
    normalise,
    party::PartyKey,
    verdict::{Decision, DecisionKind},
};

use super::{A, B, C, id, later, on, said, verdicts};
use crate::matching::{buyers, card, company, sale};

fn same(number: i64, party: &str, other: &str) -> Decision {
    said(number, party, DecisionKind::Same(PartyKey(other.into())))
}

/// Two buyers of different ИНН: `A/` and `B/`.
fn two() -> Vec<sverka::domain::party::Counterparty> {
    buyers(&[("ООО Гефест-Промтехносфера", A, ""), ("Северный ветер", B, "")])
}

fn keys() -> (String, String) {
    (format!("{A}/"), format!("{B}/"))
}

#[test]
fn companies_declared_the_same_share_what_is_found_or_confirmed() {
    let parties = two();
    let (a, b) = keys();
    let records = [company("1", "Гефест-Промтехносфера", A, ""), company("2", "Иное", "", "")];
    let now = (&parties[..], &records[..]);
    let alone = verdicts(&parties, &records, &later(&[], now, now));
    assert_eq!((on(&alone, &a).0, on(&alone, &b).0), ("in_crm", "not_in_crm"));

    let decisions = [same(1, &b, &a)];
    let joined = verdicts(&parties, &records, &later(&decisions, now, now));
    let (verdict, ids, reason) = on(&joined, &b);
    assert_eq!((verdict, ids), ("in_crm", vec!["1".to_owned()]));
    assert!(reason.contains("та же организация, что «ООО Гефест-Промтехносфера» (решение d1)"), "{reason}");
    assert_eq!(on(&joined, &a).0, "in_crm");
    assert_eq!(joined.iter().find(|v| v.party.0 == b).and_then(|v| v.decision.clone()), Some("d1".into()));

    // Taken back, everything is as before.
    assert_eq!(on(&verdicts(&parties, &records, &later(&[], now, now)), &b).0, "not_in_crm");
    // Being no client, and what is rejected, are common too.
    let no_client = [same(1, &b, &a), said(2, &a, DecisionKind::Exempt)];
    let forced = later(&no_client, now, now).in_force();
    assert!(forced.iter().any(|d| d.party.0 == b && d.kind == DecisionKind::Exempt), "{forced:?}");
    let rejected = [same(1, &b, &a), said(2, &b, DecisionKind::Reject(id("1")))];
    let found = verdicts(&parties, &records, &later(&rejected, now, now));
    assert_eq!((on(&found, &a).0, on(&found, &b).0), ("not_in_crm", "not_in_crm"));
}

#[test]
fn verdicts_at_odds_are_for_a_person() {
    let parties = two();
    let (a, b) = keys();
    let records = [company("1", "Гефест-Промтехносфера", A, ""), company("2", "Северный ветер", B, "")];
    let now = (&parties[..], &records[..]);
    let decisions = [same(1, &a, &b)];
    let found = verdicts(&parties, &records, &later(&decisions, now, now));
    for key in [&a, &b] {
        let (verdict, ids, reason) = on(&found, key);
        assert_eq!((verdict, ids), ("uncertain", vec!["1".to_owned(), "2".to_owned()]));
        assert!(reason.contains("карточки разные") && reason.contains("d1"), "{reason}");
    }
    // A person says which: both are the record 1.
    let decided = [same(1, &a, &b), said(2, &b, DecisionKind::Confirm(id("1")))];
    let found = verdicts(&parties, &records, &later(&decided, now, now));
    assert_eq!((on(&found, &a).0, on(&found, &b).0), ("in_crm", "in_crm"));
    // One confirmed it, the other rejected it.
    let torn =
        [same(1, &a, &b), said(2, &a, DecisionKind::Reject(id("1"))), said(3, &b, DecisionKind::Confirm(id("1")))];
    let found = verdicts(&parties, &records, &later(&torn, now, now));
    assert_eq!((on(&found, &a).0, on(&found, &b).0), ("uncertain", "uncertain"));
}

#[test]
fn an_uncertain_member_makes_the_company_uncertain_and_a_poor_card_does_not() {
    let parties = buyers(&[("ООО Гефест-Промтехносфера", A, ""), ("Северный ветер", B, ""), ("Покупатель", "", "")]);
    let (a, b) = keys();
    let records = [company("1", "Гефест-Промтехносфера", "", ""), company("2", "Гефест Промтехносфера ООО", "", "")];
    let now = (&parties[..], &records[..]);
    let joined = verdicts(&parties, &records, &later(&[same(1, &b, &a)], now, now));
    assert_eq!((on(&joined, &a).0, on(&joined, &b).0), ("uncertain", "uncertain"));
    let poor = verdicts(&parties, &records, &later(&[same(1, "покупатель", &b)], now, now));
    assert_eq!((on(&poor, "покупатель").0, on(&poor, &b).0), ("not_in_crm", "not_in_crm"));
}

#[test]
fn a_member_that_is_no_more_still_gives_its_confirmed_record() {
    let parties = two();
    let (a, b) = keys();
    let records = [company("1", "Гефест", "", ""), company("2", "Иное", "", "")];
    let decisions = [said(1, &a, DecisionKind::Confirm(id("1"))), same(2, &b, &a)];
    let only_b = buyers(&[("Северный ветер", B, "")]);
    let standings = later(&decisions, (&parties, &records), (&only_b, &records));
    assert_eq!(on(&verdicts(&only_b, &records, &standings), &b).0, "in_crm");
}

#[test]
fn a_confirmed_record_is_not_given_to_another_without_a_person() {
    let parties = two();
    let (a, b) = keys();
    // The record carries the ИНН of B, and a person said that it is A.
    let records = [company("1", "Гефест", B, "")];
    let now = (&parties[..], &records[..]);
    let decisions = [said(1, &a, DecisionKind::Confirm(id("1")))];
    let found = verdicts(&parties, &records, &later(&decisions, now, now));
    assert_eq!(on(&found, &a).0, "in_crm");
    let (verdict, ids, reason) = on(&found, &b);
    assert_eq!((verdict, ids), ("uncertain", vec!["1".to_owned()]));
    assert!(reason.contains("«ООО Гефест-Промтехносфера» (решение d1, Петрова)"), "{reason}");
    // A record of its own is left to it.
    let own = [company("1", "Гефест", B, ""), company("2", "Северный ветер", B, "")];
    let found = verdicts(&parties, &own, &later(&decisions, (&parties, &own), (&parties, &own)));
    let (verdict, ids, _) = on(&found, &b);
    assert_eq!((verdict, ids), ("in_crm", vec!["2".to_owned()]));
}

#[test]
fn another_card_of_the_same_company_keeps_its_own_match() {
    // A card without ИНН was confirmed for the record; the one with the very ИНН of the record is no stranger.
    let cards = [card(2, "K-1", "Гефест (склад)", "", "", ""), card(3, "K-2", "ООО Гефест", "ООО Гефест", C, "")];
    let sales = [sale(1, "K-1", "Гефест (склад)", "", ""), sale(2, "K-2", "ООО Гефест", C, "")];
    let (parties, ..) = normalise::parties(&sales, &cards);
    let records = [company("1", "Гефест", C, "")];
    let now = (&parties[..], &records[..]);
    let decisions = [said(1, "K-1", DecisionKind::Confirm(id("1")))];
    let found = verdicts(&parties, &records, &later(&decisions, now, now));
    assert_eq!((on(&found, "K-1").0, on(&found, "K-2").0), ("in_crm", "in_crm"));
}

#[test]
fn cards_of_one_company_do_not_contest_its_record() {
    let mut cards = [card(2, "K-1", "Гефест-Техно", "", A, ""), card(3, "K-2", "Гефест-Техно", "", B, "")];
    for card in &mut cards {
        card.phone = "+7 495 123-45-99".into();
    }
    let (parties, ..) = normalise::parties(&[], &cards);
    let mut records = [company("1", "Гефест-Техно", "", "")];
    records[0].record.phone = "8 (495) 123-45-99".into();
    let now = (&parties[..], &records[..]);
    let apart = verdicts(&parties, &records, &later(&[], now, now));
    assert_eq!((on(&apart, "K-1").0, on(&apart, "K-2").0), ("uncertain", "uncertain"));
    let one = verdicts(&parties, &records, &later(&[same(1, "K-1", "K-2")], now, now));
    assert_eq!((on(&one, "K-1").0, on(&one, "K-2").0), ("in_crm", "in_crm"), "one answer settles both: {one:?}");
}
