//! Which figures of a file the bonus asks for, and plans held against their own figure. Deliberately absent: the steps of tiers
//! (`terms`), returns of every base (`returns`).

use std::collections::BTreeMap;

use sverka::domain::{
    facts::Facts,
    finding::SourceRef,
    ledger::Wanted,
    money::{Money, Rate},
    org::EmployeeId,
    period::Period,
    policy::{Band, BonusBase, ContestBy, Premium, Rule, RuleKind, Tier, Tiers},
    rule_facts::Plan,
    verdict::Verdict,
};

use super::world::{at, cap, conclude, facts, missing, party, rub, rule, sale, set_sales, verdict, version};

const CLOSE: &str = "2026-11-05 10:00:00";

fn october() -> Period {
    Period::new(2026, 10).expect("a month")
}

fn whole(premium: Premium) -> Vec<Band> {
    vec![Band { from: Rate::ZERO, to: Rate::from_bp(10_001), premium }]
}

fn fixed(sum: &str) -> Vec<Band> {
    whole(Premium::Fixed(rub(sum)))
}

/// One sale; October is being closed.
fn world(rules: Vec<Rule>) -> Facts {
    let sales = vec![sale("1", "2026-10-06", "P0", "Иванов И.И.", "100000.00")];
    let mut facts = facts(CLOSE, vec![party("P0", "Ромашка")], sales, rules);
    facts.rule_facts.closes = BTreeMap::from([(october(), at(CLOSE))]);
    facts
}

fn lines(facts: &Facts) -> Vec<Wanted> {
    conclude(facts, &[verdict("P0", Verdict::NotInCrm, &[])], at(CLOSE)).wanted
}

#[test]
fn a_base_that_no_rule_asks_for_may_be_absent() {
    let share = || whole(Premium::ShareOfBonus(Rate::from_bp(1_000)));
    let calls = |bands| RuleKind::CallRecording { min_seconds: 1, match_minutes: 1, per_recorded: rub("1.00"), bands };
    let contest = RuleKind::Contest { by: ContestBy::Votes, prizes: vec![rub("1.00")] };
    let held = |facts: &Facts| {
        let outcome = conclude(facts, &[verdict("P0", Verdict::NotInCrm, &[])], at(CLOSE));
        outcome.findings.into_iter().filter(|f| f.code == "bonus_base_absent").map(|f| f.message.en).collect::<Vec<_>>()
    };
    let margin = |rules: Vec<Rule>| {
        let mut facts = world(rules);
        facts.policy.versions[0].bonus.base = BonusBase::Margin;
        facts
    };
    for (kind, asks) in [
        (contest, false),
        (RuleKind::Completeness { bands: fixed("1.00") }, false),
        (RuleKind::Completeness { bands: share() }, true),
        (RuleKind::Freshness { fresh_days: 1, bands: fixed("1.00") }, false),
        (RuleKind::Freshness { fresh_days: 1, bands: share() }, true),
        (calls(vec![]), false),
        (calls(share()), true),
        (RuleKind::DealApproval { escalate_working_days: 1 }, true),
        (RuleKind::Cap { cap: Rate::WHOLE }, true),
    ] {
        assert_eq!(held(&margin(vec![rule(kind.clone())])).len(), usize::from(asks), "{kind:?}");
    }
    assert_eq!(held(&margin(vec![])), Vec::<String>::new());
    // The version that closes the month may ask where that of the sale does not, and the other way round.
    for (first, last, asks) in [(vec![], vec![cap(1)], 1), (vec![cap(1)], vec![], 1), (vec![], vec![], 0)] {
        let mut facts = margin(first);
        facts.policy.versions.push(version("2026-2", "2026-10-15", last));
        assert_eq!(held(&facts).len(), asks);
    }
}

fn tiered(plan_base: BonusBase) -> Facts {
    let mut facts = world(vec![missing(10_000, 10_000)]);
    facts.policy.versions[0].rules[0].kind =
        RuleKind::MissingCounterparty { missing: Rate::WHOLE, late: Rate::WHOLE, exclude_from_kpi: false };
    let step = |from, rate| Tier { from: Rate::from_bp(from), rate: Rate::from_bp(rate) };
    let terms = &mut facts.policy.versions[0].bonus;
    terms.tiers = vec![Tiers { department: None, steps: vec![step(0, 100), step(10_000, 200)] }];
    terms.plan_base = plan_base;
    facts.rule_facts.plans = vec![Plan {
        employee: EmployeeId("0001".into()),
        period: october(),
        amount: rub("100000.00"),
        file_hash: "p".repeat(64),
        source: SourceRef::file("планы.csv"),
    }];
    facts
}

/// What is not accrued of the bonus, which is the whole of it.
fn bonus(facts: &Facts) -> Money {
    -lines(facts).iter().map(|w| w.amount).sum::<Money>()
}

#[test]
fn a_return_of_the_month_lowers_the_fact_and_every_figure_is_held_against_the_plan_in_itself() {
    let mut facts = tiered(BonusBase::WithVat);
    assert_eq!(bonus(&facts), rub("2000.00"));
    // 60 000,00 and 50 000,00, of which 10 000,00 comes back: still met; a kopeck more: not.
    for (back, want) in [("-10000.00", "2000.00"), ("-10000.01", "1000.00")] {
        let mut returned = sale("3", "2026-10-20", "P0", "Иванов И.И.", back);
        returned.returns = Some("2".into());
        let sold = |number: &str, sum: &str| sale(number, "2026-10-06", "P0", "Иванов И.И.", sum);
        set_sales(&mut facts, vec![sold("1", "60000.00"), sold("2", "50000.00"), returned]);
        assert_eq!(bonus(&facts), rub(want), "{back}");
    }
    // A plan in margin is met by margin, whatever the turnover.
    let mut facts = tiered(BonusBase::Margin);
    for (earned, want) in [("99999.99", "1000.00"), ("100000.00", "2000.00")] {
        facts.sales[0].margin = Some(rub(earned));
        assert_eq!(bonus(&facts), rub(want), "{earned}");
    }
    // The file's own bonus is taken whole, whatever tiers there are.
    facts.policy.versions[0].bonus.base = BonusBase::Column;
    facts.sales[0].bonus = Some(rub("300.01"));
    assert_eq!(bonus(&facts), rub("300.01"));
}

#[test]
fn a_figure_of_the_plan_is_asked_for_only_where_tiers_are() {
    let mut facts = tiered(BonusBase::Margin);
    let held = |facts: &Facts| {
        let outcome = conclude(facts, &[verdict("P0", Verdict::NotInCrm, &[])], at(CLOSE));
        outcome.findings.into_iter().filter(|f| f.code == "bonus_base_absent").map(|f| f.message.en).collect::<Vec<_>>()
    };
    assert_eq!(held(&facts).len(), 1);
    // Sales of a version with flat rates need no margin.
    let sold = |number: &str, date: &str| sale(number, date, "P0", "Иванов И.И.", "100.00");
    set_sales(&mut facts, vec![sold("1", "2026-10-06"), sold("2", "2026-10-20"), sold("3", "2026-10-21")]);
    facts.policy.versions.push(version("2026-2", "2026-10-15", vec![missing(10_000, 0)]));
    let told = held(&facts);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("The file has no margin, which the bonus of regulation “2026-1”"), "{told:?}");
    assert!(told[0].contains("(documents: 1)"), "{told:?}");
}
