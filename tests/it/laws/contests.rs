//! Contests: who has a place, who ties, what a run of sales is, what the line says. Deliberately absent: votes that do not
//! count (`kinds`), how scores of cards come about (`cards`).

use std::collections::BTreeMap;

use sverka::domain::{
    adjust::{settle, standings},
    facts::{CardScore, Facts},
    ledger::Wanted,
    money::{Money, Rate},
    org::EmployeeId,
    party::PartyKey,
    period::Period,
    policy::{ContestBy, Rule, RuleKind},
    verdict::{PartyVerdict, Verdict},
};

use super::world::{at, conclude, facts, known, party, person, rub, rule, sale, set_sales, verdict};

const CLOSE: &str = "2026-11-05 10:00:00";

fn october() -> Period {
    Period::new(2026, 10).expect("a month")
}

fn contest(by: ContestBy, prizes: &[&str]) -> Rule {
    rule(RuleKind::Contest { by, prizes: prizes.iter().map(|sum| rub(sum)).collect() })
}

/// October is being closed; four people, one buyer who is in the CRM since the first day.
fn world(own: Rule) -> Facts {
    let sales = vec![sale("1", "2026-10-06", "P0", "Иванов И.И.", "1000.00")];
    let mut facts = facts(CLOSE, vec![party("P0", "Ромашка"), party("P1", "Василёк")], sales, vec![own]);
    facts.roster.people.extend([person("0003", "Сидоров С.С."), person("0004", "Кузнецов К.К.")]);
    facts.rule_facts.closes = BTreeMap::from([(october(), at(CLOSE))]);
    facts.records = vec![known("P0", "Ромашка", at("2026-10-01 10:00:00"))];
    facts
}

fn verdicts() -> [PartyVerdict; 2] {
    [verdict("P0", Verdict::InCrm, &["P0"]), verdict("P1", Verdict::NotInCrm, &[])]
}

fn card(employee: &str, party: &str, bp: i32, period: Period) -> CardScore {
    CardScore {
        period,
        employee: EmployeeId(employee.into()),
        party: PartyKey(party.into()),
        segment: "all".into(),
        record: None,
        score: Rate::from_bp(bp),
        missing: vec![],
        others: vec![],
    }
}

/// Lines for these cards.
fn with_cards(facts: &Facts, cards: &[CardScore]) -> Vec<Wanted> {
    let outcome = conclude(facts, &verdicts(), at(CLOSE));
    settle(facts, &outcome.verdicts, &outcome.sales, cards).0
}

fn said(lines: &[Wanted]) -> Vec<(String, Money, bool, String)> {
    let own = |w: &Wanted| (w.key.employee.0.clone(), w.amount, w.shadow, w.evidence.arithmetic.en.clone());
    lines.iter().map(own).collect()
}

fn one(employee: &str, sum: &str, shadow: bool, words: &str) -> (String, Money, bool, String) {
    (employee.to_owned(), rub(sum), shadow, words.to_owned())
}

#[test]
fn the_mean_of_the_months_cards_is_ranked_and_nothing_takes_no_place() {
    let facts = world(contest(ContestBy::CardScore, &["1000.00", "500.00", "300.00", "100.00"]));
    let cards = [
        card("0001", "P0", 9_001, october()),
        card("0001", "P1", 8_000, october()),
        card("0002", "P0", 8_500, october()),
        card("0003", "P0", 2_000, october()),
        // Nobody wins by nothing, and another month is another contest.
        card("0004", "P0", 0, october()),
        card("0004", "P0", 10_000, october().next()),
        card("0003", "P0", 10_000, october().prev()),
    ];
    let mean = |score: &str, rest: &str| format!("mean completeness of cards {score}; {rest}");
    assert_eq!(
        said(&with_cards(&facts, &cards)),
        [
            // (9 001 + 8 000) / 2, rounded down, is a tie.
            one("0001", "750.00", false, &mean("85%", "places 1–2 of 3, prizes shared: 1,500.00 / 2 = 750.00")),
            one("0002", "750.00", false, &mean("85%", "places 1–2 of 3, prizes shared: 1,500.00 / 2 = 750.00")),
            one("0003", "300.00", false, &mean("20%", "place 3 of 3: 300.00")),
        ]
    );
    let statuses: Vec<String> = with_cards(&facts, &cards).into_iter().map(|w| w.evidence.status).collect();
    assert_eq!(statuses, ["1", "1", "3"]);
}

#[test]
fn a_tie_across_the_last_prize_shares_what_is_left_and_the_next_have_nothing() {
    let facts = world(contest(ContestBy::CardScore, &["1000.00", "500.00"]));
    let scores = |list: [i32; 4]| {
        let ids = ["0001", "0002", "0003", "0004"];
        let cards: Vec<CardScore> = ids.iter().zip(list).map(|(id, score)| card(id, "P0", score, october())).collect();
        with_cards(&facts, &cards).iter().map(|w| (w.key.employee.0.clone(), w.amount.kopecks())).collect::<Vec<_>>()
    };
    let sums = |list: &[(&str, i64)]| list.iter().map(|(id, sum)| ((*id).to_owned(), *sum)).collect::<Vec<_>>();
    assert_eq!(scores([4, 3, 2, 1]), sums(&[("0001", 100_000), ("0002", 50_000)]));
    assert_eq!(scores([1, 3, 3, 4]), sums(&[("0002", 25_000), ("0003", 25_000), ("0004", 100_000)]));
    assert_eq!(scores([3, 4, 3, 3]), sums(&[("0001", 16_667), ("0002", 100_000), ("0003", 16_667), ("0004", 16_666)]));
    assert_eq!(scores([4, 4, 3, 3]), sums(&[("0001", 75_000), ("0002", 75_000)]));
}

#[test]
fn whoever_is_only_shown_is_ranked_as_if_he_took_part() {
    let mut facts = world(contest(ContestBy::CardScore, &["1000.00", "500.00", "200.00"]));
    facts.policy.versions[0].rules[0].scope.groups = ["pilot".to_owned()].into();
    for person in facts.roster.people.iter_mut().take(2) {
        person.groups = ["pilot".to_owned()].into();
    }
    let cards = [("0001", 9_000), ("0002", 8_000), ("0003", 8_000), ("0004", 7_000)]
        .map(|(id, score)| card(id, "P0", score, october()));
    let mean = |score: &str, rest: &str| format!("mean completeness of cards {score}; {rest}");
    assert_eq!(
        said(&with_cards(&facts, &cards)),
        [
            one("0001", "1000.00", false, &mean("90%", "place 1 of 2: 1,000.00")),
            one("0002", "500.00", false, &mean("80%", "place 2 of 2: 500.00")),
            one("0003", "350.00", true, &mean("80%", "places 2–3 of 3, prizes shared: 700.00 / 2 = 350.00")),
            one("0004", "200.00", true, &mean("70%", "place 3 of 3: 200.00")),
        ]
    );
    let outcome = conclude(&facts, &verdicts(), at(CLOSE));
    let shown = standings(&facts, &outcome.sales, &cards, october());
    let places: Vec<_> = shown.iter().map(|own| (own.employee.0.as_str(), own.place, own.shadow)).collect();
    assert_eq!(places, [("0001", 1, false), ("0002", 2, false), ("0003", 2, true), ("0004", 3, true)]);
}

/// A draft that is tried out on everybody tells each what the real contest would give, not everybody the first prize.
#[test]
fn a_contest_that_is_real_for_nobody_is_ranked_among_those_it_is_shown_to() {
    let mut facts = world(contest(ContestBy::CardScore, &["1000.00", "500.01", "200.00"]));
    let cards = [("0001", 9_000), ("0002", 8_000), ("0003", 8_000), ("0004", 7_000)]
        .map(|(id, score)| card(id, "P0", score, october()));
    let sums = |facts: &Facts| -> Vec<_> {
        with_cards(facts, &cards).into_iter().map(|w| (w.key.employee.0, w.amount, w.evidence.arithmetic.en)).collect()
    };
    let real = sums(&facts);
    assert_eq!(real.iter().map(|(_, sum, _)| *sum).sum::<Money>(), rub("1700.01"));
    facts.policy.versions[0].rules[0].shadow = true;
    assert_eq!(sums(&facts), real);
    assert!(with_cards(&facts, &cards).iter().all(|w| w.shadow));
}

/// Streaks of October for these sales: number, date, buyer, amount.
fn streak(sales: &[(&str, &str, &str, &str)]) -> Vec<String> {
    let mut facts = world(contest(ContestBy::Streak, &["300.00"]));
    let all = sales.iter().map(|(number, date, buyer, sum)| sale(number, date, buyer, "Иванов И.И.", sum));
    set_sales(&mut facts, all.collect());
    conclude(&facts, &verdicts(), at(CLOSE)).wanted.into_iter().map(|w| w.evidence.arithmetic.en).collect()
}

#[test]
fn a_run_is_counted_over_the_sales_of_the_month_in_the_order_of_their_dates() {
    let run = |count: u32| vec![format!("sales in a row with the card in time: {count}; place 1 of 1: 300.00")];
    let in_time = ("1", "2026-10-06", "P0", "1000.00");
    assert_eq!(streak(&[in_time]), run(1));
    assert_eq!(streak(&[in_time, ("2", "2026-10-07", "P0", "0.01")]), run(2));
    // P1 is missing: the longest of the runs counts, whichever it is.
    let missing = ("3", "2026-10-08", "P1", "1000.00");
    let after =
        [("4", "2026-10-09", "P0", "1.00"), ("5", "2026-10-12", "P0", "1.00"), ("6", "2026-10-13", "P0", "1.00")];
    assert_eq!(streak(&[in_time, missing]), run(1));
    assert_eq!(streak(&[in_time, missing, after[0], after[1], after[2]]), run(3));
    assert_eq!(streak(&[missing]), Vec::<String>::new());
    // The number of a document is not its date.
    assert_eq!(streak(&[("9", "2026-10-06", "P0", "1.00"), ("1", "2026-10-07", "P0", "1.00"), missing]), run(2));
    // Other months, returns and documents without an amount are no sales of the run, nor do they end it.
    assert_eq!(streak(&[in_time, ("2", "2026-11-02", "P0", "1.00")]), run(1));
    assert_eq!(streak(&[in_time, ("2", "2026-10-07", "P0", "0"), ("3", "2026-10-08", "P0", "-1.00")]), run(1));
    assert_eq!(streak(&[in_time, ("2", "2026-10-07", "P1", "0"), ("3", "2026-10-08", "P0", "1.00")]), run(2));
}
