//! The premium for completeness: bands cover the whole line, means round down, only closing periods pay. Deliberately
//! absent: scores of cards (`cards`).

use proptest::prelude::*;
use sverka::domain::{
    adjust::settle,
    facts::{CardScore, Facts},
    money::{Money, Rate},
    org::EmployeeId,
    party::PartyKey,
    period::Period,
    policy::{Band, Premium, Profile, Rule, RuleKind},
    verdict::Verdict,
};

use super::world::{at, cap, conclude, facts, missing, party, rub, rule, sale, verdict, version};

const AS_OF: &str = "2026-11-06 10:00:00";

fn october() -> Period {
    Period::new(2026, 10).expect("a month")
}

fn card(party: &str, bp: i32) -> CardScore {
    CardScore {
        period: october(),
        employee: EmployeeId("0001".into()),
        party: PartyKey(party.into()),
        segment: "all".into(),
        record: None,
        others: vec![],
        score: Rate::from_bp(bp),
        missing: vec![],
    }
}

fn bands(list: &[(i32, i32, Premium)]) -> Rule {
    let band = |(from, to, premium): &(i32, i32, Premium)| Band {
        from: Rate::from_bp(*from),
        to: Rate::from_bp(*to),
        premium: *premium,
    };
    rule(RuleKind::Completeness { bands: list.iter().map(band).collect() })
}

fn fixed(kopecks: i64) -> Premium {
    Premium::Fixed(Money::from_kopecks(kopecks))
}

fn closing(rules: Vec<Rule>) -> Facts {
    let sales = vec![sale("1", "2026-10-05", "P0", "Иванов И.И.", "100000.00")];
    let mut facts = facts(AS_OF, vec![party("P0", "Ромашка")], sales, rules);
    facts.closing_records.insert(october(), vec![]);
    facts
}

/// Premium lines for these cards.
fn premiums(facts: &Facts, cards: &[CardScore]) -> Vec<Money> {
    let outcome = conclude(facts, &[verdict("P0", Verdict::NotInCrm, &[])], at(AS_OF));
    let (wanted, _) = settle(facts, &outcome.verdicts, &outcome.sales, cards);
    wanted.iter().filter(|w| w.key.rule == "completeness").map(|w| w.amount).collect()
}

proptest! {
    #[test]
    fn every_score_falls_into_exactly_one_band(mut edges in prop::collection::btree_set(1_i32..=10_000, 0..6), score in 0_i32..=10_000) {
        edges.extend([0, 10_001]);
        let edges: Vec<i32> = edges.into_iter().collect();
        let list: Vec<_> = edges.windows(2).map(|pair| (pair[0], pair[1], fixed(i64::from(pair[0]) + 1))).collect();
        let facts = closing(vec![bands(&list)]);
        for score in edges.iter().flat_map(|edge| [edge - 1, *edge]).chain([score]).filter(|s| (0..=10_000).contains(s)) {
            let lower = edges.iter().rev().find(|edge| **edge <= score).copied().expect("a band");
            prop_assert_eq!(premiums(&facts, &[card("P0", score)]), [Money::from_kopecks(i64::from(lower) + 1)]);
        }
    }
}

#[test]
fn the_mean_is_rounded_down_to_the_basis_point() {
    let facts = closing(vec![bands(&[(0, 6_667, fixed(1)), (6_667, 10_001, fixed(2))])]);
    assert_eq!(premiums(&facts, &[card("P0", 6_667), card("P1", 6_666)]), [Money::from_kopecks(1)]);
    assert_eq!(premiums(&facts, &[card("P0", 6_667), card("P1", 6_667)]), [Money::from_kopecks(2)]);
}

#[test]
fn a_share_is_taken_of_the_rounded_bonuses_of_the_period() {
    let mut facts = closing(vec![bands(&[(0, 10_001, Premium::ShareOfBonus(Rate::from_bp(1_000)))])]);
    // 100 000,00 x 1,25 % = 1 250,00; of that 10 %.
    assert_eq!(premiums(&facts, &[card("P0", 100)]), [rub("125.00")]);
    // A version from the middle of the month on: each sale by its own rate, the share of the last day's version.
    let mut sales = facts.sales.clone();
    sales.push(sale("2", "2026-10-20", "P0", "Иванов И.И.", "10000.00"));
    let mut next =
        version("2026-2", "2026-10-15", vec![bands(&[(0, 10_001, Premium::ShareOfBonus(Rate::from_bp(2_000)))])]);
    next.bonus.rate = Rate::from_bp(500);
    facts.policy.versions.push(next);
    super::world::set_sales(&mut facts, sales);
    // (1 250,00 + 500,00) x 20 %.
    assert_eq!(premiums(&facts, &[card("P0", 100)]), [rub("350.00")]);
}

#[test]
fn an_open_period_pays_nothing_and_a_period_without_cards_has_no_line() {
    let mut facts = closing(vec![bands(&[(0, 10_001, fixed(500))])]);
    assert_eq!(premiums(&facts, &[]), []);
    facts.closing_records.clear();
    assert_eq!(premiums(&facts, &[card("P0", 10_000)]), []);
}

#[test]
fn a_premium_does_not_widen_the_cap() {
    let mut facts = closing(vec![missing(10_000, 0), bands(&[(0, 10_001, fixed(999_999))]), cap(2_000)]);
    facts.policy.versions[0].profiles = vec![Profile::default()];
    facts.policy.versions[0].profiles[0].segment = "all".into();
    let outcome = conclude(&facts, &[verdict("P0", Verdict::NotInCrm, &[])], at(AS_OF));
    let of = |rule: &str| outcome.wanted.iter().find(|w| w.key.rule == rule).map(|w| w.amount);
    assert_eq!(of("missing_counterparty"), Some(rub("-1250.00")));
    assert_eq!(of("cap"), Some(rub("1000.00")));
    assert_eq!(of("completeness"), Some(rub("9999.99")));
}
