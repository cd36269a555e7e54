//! The work behind a verdict, and weights learned from decisions.

use chrono::DateTime;
use sverka::domain::{
    crm::KnownRecord,
    matching::{MatchSettings, explain},
    party::Counterparty,
    verdict::{Decision, DecisionKind, Verdict},
};

use super::{buyers, company, verdicts};

/// So many records that share two words and the region with the buyer, among a thousand of other regions.
fn alike(n: u32) -> Vec<KnownRecord> {
    let near = (0..n).map(|i| company(&format!("a{i}"), &format!("Гефест-Сервис {}", word(i)), "", "771501001"));
    let far =
        (0..1_000).map(|i| company(&format!("b{i}"), &word(1_000 + i), "", &format!("{:02}1501001", 10 + i % 60)));
    near.chain(far).collect()
}

/// A word of its own for each number.
fn word(i: u32) -> String {
    let syllables = ["ба", "ге", "ди", "жо", "зу", "ка", "ле", "ми", "но", "пу"];
    format!("{i:05}").chars().map(|c| syllables[c.to_digit(10).expect("a digit") as usize]).collect()
}

#[test]
fn absence_is_not_said_while_what_was_left_out_is_still_alike() {
    let buyer = buyers(&[("ООО Гефест-Сервис", "7707083893", "771001001")]);
    let few = &verdicts(&buyer, &alike(60), &[])[0];
    assert_eq!((few.verdict, few.work.limited), (Verdict::NotInCrm, false), "{few:?}");
    assert_eq!((few.work.records, few.work.met, few.work.compared), (1_060, 60, 60), "all of them were compared");
    let many = &verdicts(&buyer, &alike(150), &[])[0];
    assert_eq!((many.verdict, many.work.limited), (Verdict::Uncertain, true), "{many:?}");
    assert!(many.reason.ru.contains("слишком много") && many.reason.en.contains("150"), "{:?}", many.reason);
}

/// Forty buyers, each decided about one record: the same name confirmed, a longer one rejected.
fn decided() -> (Vec<Counterparty>, Vec<KnownRecord>, Vec<Decision>) {
    let names: Vec<String> = (0..41).map(word).collect();
    let list: Vec<(&str, &str, &str)> = names.iter().map(|name| (name.as_str(), "", "")).collect();
    let mut parties = buyers(&list);
    parties.sort_by(|a, b| a.key.cmp(&b.key));
    let record = |(i, party): (usize, &Counterparty)| {
        let title = if i.is_multiple_of(2) { party.name.clone() } else { format!("{} Плюс", party.name) };
        company(&i.to_string(), &title, "", "")
    };
    let records: Vec<KnownRecord> = parties.iter().enumerate().map(record).collect();
    let decision = |i: usize| Decision {
        id: format!("d{i}"),
        at: DateTime::UNIX_EPOCH,
        author: "Орлова".into(),
        party: parties[i].key.clone(),
        kind: if i.is_multiple_of(2) {
            DecisionKind::Confirm(records[i].record.id.clone())
        } else {
            DecisionKind::Reject(records[i].record.id.clone())
        },
        note: String::new(),
    };
    let decisions = (0..40).map(decision).collect();
    (parties, records, decisions)
}

#[test]
fn weights_learned_from_decisions_are_a_line_of_their_own_and_off_by_default() {
    let (parties, records, decisions) = decided();
    let asked = |calibrate: bool, decisions: &[Decision]| {
        let settings = MatchSettings { calibrate, ..MatchSettings::default() };
        let shown = explain(&parties, &records, decisions, &settings, &parties[40].key, None).expect("there");
        let first = shown.candidates[0].clone();
        let sum: f64 = first.lines.iter().map(|line| line.bits).sum();
        assert!((sum - first.bits).abs() < 1e-9, "{first:#?}");
        first.lines.iter().find(|line| line.code == "calibration").map(|line| line.bits)
    };
    assert_eq!(asked(false, &decisions), None);
    assert_eq!(asked(true, &decisions[..29]), None, "too few decisions");
    let learned = asked(true, &decisions);
    assert_eq!(learned, Some(1.5), "an equal name is worth more, by so much at most");
}
