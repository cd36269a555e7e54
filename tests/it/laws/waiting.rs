//! Deals that wait too long: when somebody is told, of how many, of how much, and of which first. Deliberately absent: what
//! defers and what releases (`deals`).

use sverka::domain::{
    facts::Facts,
    finding::Severity,
    money::Money,
    org::EmployeeId,
    policy::{Rule, RuleKind, Scope},
    rule_facts::DealDecision,
    sale::SaleKey,
    verdict::Verdict,
};

use super::world::{at, conclude, facts, known, missing, party, rub, rule, sale, set_sales, verdict, version};

const AS_OF: &str = "2026-11-20 10:00:00";

fn approval() -> Rule {
    rule(RuleKind::DealApproval { escalate_working_days: 5 })
}

fn world(rules: Vec<Rule>) -> Facts {
    let sales = vec![
        sale("1", "2026-11-06", "P0", "Иванов И.И.", "100000.00"),
        sale("2", "2026-11-05", "P0", "Петрова А.А.", "20000.00"),
        sale("3", "2026-11-09", "P0", "Иванов И.И.", "4000.00"),
    ];
    let mut facts = facts(AS_OF, vec![party("P0", "Ромашка")], sales, rules);
    facts.records = vec![known("P0", "Ромашка", at("2026-11-01 12:00:00"))];
    facts
}

/// What is told, in English.
fn told(facts: &Facts) -> Vec<String> {
    let outcome = conclude(facts, &[verdict("P0", Verdict::InCrm, &["P0"])], at(AS_OF));
    let found: Vec<_> = outcome.findings.into_iter().filter(|f| f.code == "deals_overdue").collect();
    assert!(found.iter().all(|f| f.severity == Severity::Warn && f.message.ru.contains("sverka deals list")));
    found.into_iter().map(|f| f.message.en).collect()
}

fn says(count: u32, sum: &str, number: &str, day: &str) -> Vec<String> {
    vec![format!(
        "Deals wait for the head’s decision longer than they should: {count}, bonus deferred {sum}, the oldest No. {number} of \
         {day}. Decide: sverka deals list"
    )]
}

fn word(number: &str, amount: &str, returned: Option<&str>) -> DealDecision {
    DealDecision {
        id: number.into(),
        at: at("2026-11-10 10:00:00"),
        author: EmployeeId("0009".into()),
        sale: SaleKey(format!("ФИРМА|{number}|2026")),
        amount: rub(amount),
        returned: returned.map(str::to_owned),
    }
}

#[test]
fn late_deals_are_counted_summed_and_the_oldest_is_named() {
    // 1 250,00 + 250,00 + 50,00.
    assert_eq!(told(&world(vec![approval()])), says(3, "1,550.00", "2", "2026-11-05"));
    // Other rules of the version do not stand in the way.
    assert_eq!(told(&world(vec![missing(5_000, 0), approval()])), says(3, "1,550.00", "2", "2026-11-05"));
    // Five working days after Friday the 6th end with the 13th, after Monday the 9th with the 16th.
    let mut facts = world(vec![approval()]);
    for (today, left) in [
        ("2026-11-12 23:59:59", vec![]),
        ("2026-11-13 00:00:00", says(1, "250.00", "2", "2026-11-05")),
        ("2026-11-14 00:00:00", says(2, "1,500.00", "2", "2026-11-05")),
        ("2026-11-16 23:59:59", says(2, "1,500.00", "2", "2026-11-05")),
        ("2026-11-17 00:00:00", says(3, "1,550.00", "2", "2026-11-05")),
    ] {
        facts.accounting_as_of = Some(at(today));
        assert_eq!(told(&facts), left, "{today}");
    }
    // Without accounting data nobody knows what day it is.
    facts.accounting_as_of = None;
    assert_eq!(told(&facts), Vec::<String>::new());
}

#[test]
fn of_one_day_the_first_document_is_named() {
    let mut facts = world(vec![approval()]);
    let sold = |number: &str| sale(number, "2026-11-05", "P0", "Иванов И.И.", "4000.00");
    set_sales(&mut facts, vec![sold("1"), sold("2"), sold("3")]);
    assert_eq!(told(&facts), says(3, "150.00", "1", "2026-11-05"));
}

#[test]
fn only_what_really_waits_is_told() {
    let mut facts = world(vec![approval()]);
    // Approved, sent back (the seller's turn), grown since.
    facts.rule_facts.deal_decisions = vec![word("2", "20000.00", None)];
    assert_eq!(told(&facts), says(2, "1,300.00", "1", "2026-11-06"));
    facts.rule_facts.deal_decisions = vec![word("2", "20000.00", Some("нет акта"))];
    assert_eq!(told(&facts), says(2, "1,300.00", "1", "2026-11-06"));
    facts.rule_facts.deal_decisions = vec![word("2", "19999.99", None)];
    assert_eq!(told(&facts), says(3, "1,550.00", "2", "2026-11-05"));
    // A return is no deal of its own, and what waits is the whole bonus of the sale.
    facts.rule_facts.deal_decisions.clear();
    let mut back = sale("4", "2026-11-10", "P0", "Иванов И.И.", "0");
    (back.amount, back.returns) = (rub("-1000.00"), Some("1".into()));
    let mut sales = facts.sales.clone();
    sales.push(back);
    set_sales(&mut facts, sales);
    assert_eq!(told(&facts), says(3, "1,550.00", "2", "2026-11-05"));
}

#[test]
fn a_rule_that_is_tried_out_or_leaves_the_sale_out_tells_nothing() {
    assert_eq!(told(&world(vec![Rule { shadow: true, ..approval() }])), Vec::<String>::new());
    let least = |sum: &str| Scope { min_amount: Some(rub(sum)), ..Scope::default() };
    let scoped = Rule { scope: least("20000.00"), ..approval() };
    assert_eq!(told(&world(vec![scoped])), says(2, "1,500.00", "2", "2026-11-05"));
    // Of two rules the first that really holds sets the time.
    let patient =
        |id: &str, days| Rule { id: id.into(), ..rule(RuleKind::DealApproval { escalate_working_days: days }) };
    let tried = Rule { shadow: true, ..patient("tried", 1) };
    assert_eq!(told(&world(vec![tried, patient("long", 50), approval()])), Vec::<String>::new());
    assert_eq!(told(&world(vec![patient("tried", 1), patient("long", 50)])).len(), 1);
}

#[test]
fn each_version_tells_of_its_own_deals() {
    let mut facts = world(vec![approval()]);
    facts.policy.versions.push(version("2026-2", "2026-11-06", vec![approval()]));
    let both = [says(1, "250.00", "2", "2026-11-05"), says(2, "1,300.00", "1", "2026-11-06")].concat();
    assert_eq!(told(&facts), both);
}

#[test]
fn a_sale_without_a_bonus_has_nothing_that_waits() {
    let mut facts = world(vec![approval()]);
    facts.policy.versions[0].bonus.rate = sverka::domain::money::Rate::ZERO;
    let outcome = conclude(&facts, &[verdict("P0", Verdict::InCrm, &["P0"])], at(AS_OF));
    assert_eq!(outcome.wanted.iter().map(|w| w.amount).sum::<Money>(), Money::ZERO);
    assert_eq!(outcome.wanted, vec![]);
}
