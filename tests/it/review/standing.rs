//! Decisions find their counterparty and record again, or say that they cannot.

use sverka::domain::{normalise, verdict::DecisionKind};

use super::{A, B, id, later, on, said, verdicts};
use crate::matching::{buyers, card, company, sale};

#[test]
fn a_decision_follows_its_counterparty_from_the_tax_number_to_the_code() {
    let records = [company("9", "Совсем другое имя", "", "")];
    let then = buyers(&[("ООО Гефест-Промтехносфера", A, "770701001")]);
    let key = format!("{A}/770701001");
    assert_eq!(then[0].key.0, key);
    let decisions = [said(1, &key, DecisionKind::Confirm(id("9")))];
    // The list of counterparties arrives, and the buyer is known by its code.
    let cards = [card(2, "K-7", "Гефест-Промтехносфера", "", A, "770701001")];
    let (now, ..) = normalise::parties(&[sale(1, "", "ООО Гефест-Промтехносфера", A, "770701001")], &cards);
    assert_eq!(now[0].key.0, "K-7");
    let standings = later(&decisions, (&then, &records), (&now, &records));
    let one = &standings.0[0];
    assert_eq!((one.parties[0].0.as_str(), &one.orphaned, &one.doubt), ("K-7", &None, &None));
    assert!(one.moved.as_ref().is_some_and(|t| t.ru.contains("теперь под ключом K-7")), "{:?}", one.moved);
    assert_eq!(on(&verdicts(&now, &records, &standings), "K-7").0, "in_crm");
    assert!(standings.findings().is_empty(), "{:?}", standings.findings());
}

#[test]
fn a_decision_follows_a_bare_name_to_its_tax_number_and_stays_put_where_two_have_the_name() {
    let records = [company("9", "Другое имя", "", "")];
    let then = buyers(&[("ООО Гефест-Техно", "", "")]);
    let decisions = [said(1, &then[0].key.0, DecisionKind::Confirm(id("9")))];
    let now = buyers(&[("Гефест-Техно ООО", A, "")]);
    let standings = later(&decisions, (&then, &records), (&now, &records));
    assert_eq!(standings.0[0].parties, [now[0].key.clone()]);
    let two = buyers(&[("Гефест-Техно ООО", A, ""), ("Гефест-Техно ООО", B, "")]);
    let standings = later(&decisions, (&then, &records), (&two, &records));
    assert!(standings.0[0].parties.is_empty());
    let lost = standings.0[0].orphaned.as_ref().expect("orphaned");
    assert!(lost.ru.contains("подходят несколько") && lost.ru.contains(B), "{lost:?}");
    let findings = standings.findings();
    assert!(findings[0].message.ru.contains("--verdict orphaned"), "{findings:?}");
    assert_eq!(verdicts(&two, &records, &standings)[0].decision, None);
}

#[test]
fn branches_are_not_taken_for_each_other() {
    let then = buyers(&[("Роза", A, "")]);
    let decisions = [said(1, &then[0].key.0, DecisionKind::Exempt)];
    let cards = [card(2, "K-1", "Роза", "", A, "770701001"), card(3, "K-2", "Роза", "", A, "780101001")];
    let (branches, ..) = normalise::parties(&[], &cards);
    let standings = later(&decisions, (&then, &[]), (&branches, &[]));
    assert!(standings.0[0].parties.is_empty() && standings.0[0].orphaned.is_some());
    // Two cards of one ИНН and КПП are one company: the decision holds for both.
    let cards = [card(2, "K-1", "Роза", "", A, "770701001"), card(3, "K-2", "Роза склад", "", A, "770701001")];
    let (twins, ..) = normalise::parties(&[], &cards);
    let standings = later(&decisions, (&then, &[]), (&twins, &[]));
    assert_eq!(standings.0[0].parties.len(), 2);
}

#[test]
fn a_vanished_counterparty_is_listed_and_troubles_no_report() {
    let then = buyers(&[("Роза", A, "")]);
    let decisions = [said(1, &then[0].key.0, DecisionKind::Exempt)];
    let standings = later(&decisions, (&then, &[]), (&[], &[]));
    assert_eq!(standings.orphaned().count(), 1);
    assert!(standings.findings().is_empty(), "nothing hangs on it");
}

#[test]
fn a_decision_follows_a_record_whose_id_changed() {
    let parties = buyers(&[("Совсем другое имя", "", "")]);
    let key = parties[0].key.0.clone();
    let before = [company("1", "Гефест-Техно", B, "")];
    let mut after = [company("1", "Гефест-Техно", B, ""), company("1001", "ООО Гефест-Техно", B, "")];
    after[0].gone = true;
    after[1].record.title = "Гефест-Техно".into();
    let decisions = [said(1, &key, DecisionKind::Confirm(id("1")))];
    let standings = later(&decisions, (&parties, &before), (&parties, &after));
    assert_eq!(standings.0[0].alias, Some(id("1001")));
    // Both ids count: the earlier one proves when the client was entered.
    let (verdict, ids, _) = on(&verdicts(&parties, &after, &standings), &key);
    assert_eq!((verdict, ids), ("in_crm", vec!["1".to_owned(), "1001".to_owned()]));

    // Two that fit prove nothing: the decision stays in force and is reported.
    let mut two = after.to_vec();
    two.push(company("1002", "Гефест-Техно", B, ""));
    let standings = later(&decisions, (&parties, &before), (&parties, &two));
    assert_eq!(standings.0[0].alias, None);
    assert!(standings.0[0].orphaned.as_ref().is_some_and(|t| t.ru.contains("1002")), "{:?}", standings.0[0].orphaned);
    assert_eq!(standings.findings().len(), 1);
    assert_eq!(on(&verdicts(&parties, &two, &standings), &key).0, "in_crm");
}

#[test]
fn a_rejected_pair_stays_rejected_whatever_the_identifiers() {
    let parties = buyers(&[("ООО Гефест-Техно", A, "")]);
    let key = parties[0].key.0.clone();
    let before = [company("1", "Гефест-Техно", "", "")];
    let decisions = [said(1, &key, DecisionKind::Reject(id("1")))];
    let now = [company("1", "Гефест-Техно", A, "")];
    let standings = later(&decisions, (&parties, &before), (&parties, &now));
    assert_eq!(on(&verdicts(&parties, &now, &standings), &key).0, "not_in_crm");
    let doubt = standings.0[0].doubt.as_ref().expect("a second look");
    assert!(doubt.ru.contains("тот же ИНН"), "{doubt:?}");
    // Also under another id.
    let mut moved = [company("1", "Гефест-Техно", A, ""), company("2", "Гефест-Техно", A, "")];
    moved[0].gone = true;
    let standings = later(&decisions, (&parties, &before), (&parties, &moved));
    assert_eq!(on(&verdicts(&parties, &moved, &standings), &key).0, "not_in_crm");
}

#[test]
fn newer_evidence_asks_for_a_second_look_and_changes_nothing() {
    let parties = buyers(&[("ООО Гефест-Техно", A, "")]);
    let key = parties[0].key.0.clone();
    let decisions = [said(1, &key, DecisionKind::Confirm(id("1")))];
    let bare = [company("1", "Гефест", "", "")];
    assert_eq!(later(&decisions, (&parties, &bare), (&parties, &bare)).doubtful().count(), 0);
    let now = [company("1", "Гефест", B, "")];
    let standings = later(&decisions, (&parties, &bare), (&parties, &now));
    let doubt = standings.doubtful().next().and_then(|s| s.doubt.clone()).expect("a second look");
    assert!(doubt.ru.contains(A) && doubt.ru.contains(B), "{doubt:?}");
    assert!(standings.findings()[0].message.en.contains("second look"));
    assert_eq!(on(&verdicts(&parties, &now, &standings), &key).0, "in_crm", "it stays in force");
    // Who confirmed it knowing both numbers is not asked again.
    assert_eq!(later(&decisions, (&parties, &now), (&parties, &now)).doubtful().count(), 0);
}

#[test]
fn a_code_given_to_somebody_else_is_no_proof() {
    let before = [card(2, "K-1", "Роза", "", A, "")];
    let (then, ..) = normalise::parties(&[], &before);
    let decisions = [said(1, "K-1", DecisionKind::Exempt), said(2, "K-1", DecisionKind::Confirm(id("1")))];
    // The card became a duplicate under another code, and the old code went to a stranger.
    let (now, ..) = normalise::parties(&[], &[card(2, "K-1", "Лютик", "", B, ""), card(3, "K-9", "Роза", "", A, "")]);
    let standings = later(&decisions, (&then, &[]), (&now, &[]));
    // The key is there, so the decision stays with it; that the number is another is said.
    assert_eq!(standings.0[0].parties[0].0, "K-1");
    for standing in &standings.0 {
        let doubt = standing.doubt.as_ref().expect("a second look");
        assert!(doubt.ru.contains(A) && doubt.ru.contains(B), "{doubt:?}");
    }
    // The code is gone, the ИНН stands on another card: that is the counterparty.
    let (moved, ..) = normalise::parties(&[], &[card(3, "K-9", "Роза", "", A, "")]);
    assert_eq!(later(&decisions, (&then, &[]), (&moved, &[])).0[0].parties[0].0, "K-9");
}
