//! What holds for any decisions in any order.

use proptest::prelude::*;
use sverka::domain::{
    crm::KnownRecord,
    decisions::Companies,
    party::{Counterparty, PartyKey},
    verdict::{Decision, DecisionKind, Verdict},
};

use super::{A, B, C, id, later, said, verdicts};
use crate::matching::{buyers, company};

fn parties() -> Vec<Counterparty> {
    buyers(&[
        ("ООО Гефест-Техно", A, ""),
        ("Северный ветер", B, ""),
        ("Лазурит-Камнерез", C, ""),
        ("Лютик-Промторг", "", ""),
    ])
}

fn records() -> Vec<KnownRecord> {
    vec![
        company("1", "Гефест-Техно", A, ""),
        company("2", "Северный ветер", "", ""),
        company("3", "Лазурит Камнерез", "", ""),
        company("4", "Лютик-Промторг", "", ""),
    ]
}

fn decision(parties: &[Counterparty], number: i64, (party, kind, other): (usize, usize, usize)) -> Decision {
    let key = |i: usize| parties[i].key.clone();
    let record = id(&(other + 1).to_string());
    let kind = match kind {
        0 => DecisionKind::Confirm(record),
        1 => DecisionKind::Reject(record),
        2 => DecisionKind::Exempt,
        _ => DecisionKind::Same(key(other)),
    };
    said(number, &key(party).0, kind)
}

proptest! {
    #[test]
    fn verdicts_of_a_company_are_one_and_the_order_of_decisions_is_none(
        made in prop::collection::vec((0..4_usize, 0..4_usize, 0..4_usize), 0..7),
        turn in 0..7_usize,
    ) {
        let (parties, records) = (parties(), records());
        let now = (&parties[..], &records[..]);
        let decisions: Vec<Decision> = (1..).zip(&made).map(|(n, one)| decision(&parties, n, *one)).collect();
        let found = verdicts(&parties, &records, &later(&decisions, now, now));

        let mut turned = decisions.clone();
        turned.rotate_left(turn.min(decisions.len()));
        prop_assert_eq!(&found, &verdicts(&parties, &records, &later(&turned, now, now)));

        let companies = Companies::of(&decisions);
        for a in &found {
            for b in found.iter().filter(|b| companies.same(&a.party, &b.party)) {
                prop_assert_eq!((a.verdict, &a.candidates), (b.verdict, &b.candidates));
            }
        }

        // Nobody is in the CRM by a record that the last word of a person says he is not.
        let last = |party: &PartyKey, record: &sverka::domain::crm::CrmId| {
            decisions.iter().rev().find(|d| d.party == *party && d.kind.record() == Some(record)).map(|d| &d.kind)
        };
        for verdict in found.iter().filter(|v| v.verdict == Verdict::InCrm) {
            for candidate in &verdict.candidates {
                let word = last(&verdict.party, &candidate.id);
                prop_assert!(!matches!(word, Some(DecisionKind::Reject(_))), "{verdict:?} against {word:?}");
            }
        }

        // A record confirmed for one is nobody else's by itself.
        for d in &decisions {
            let DecisionKind::Confirm(record) = &d.kind else { continue };
            if last(&d.party, record) != Some(&d.kind) {
                continue;
            }
            for other in found.iter().filter(|v| v.verdict == Verdict::InCrm && v.decision.is_none()) {
                let alien = !companies.same(&d.party, &other.party);
                let both = [&d.party, &other.party].iter().all(|key| key.0.ends_with('/'));
                prop_assert!(!(alien && both && other.candidates.iter().any(|c| c.id == *record)), "{other:?} has {d:?}");
            }
        }
    }
}
