//! Rates by plan, segments by turnover and novelty, acknowledgements. Deliberately absent: reading them (`config`).

use sverka::domain::{
    acknowledgement::Acknowledgement,
    facts::Facts,
    money::{Money, Rate},
    org::EmployeeId,
    party::PartyKey,
    period::Period,
    policy::{BonusBase, Rule, RuleKind, Scope, Segment, Tier, Tiers, Turnover, TurnoverTake},
    rule_facts::{EarlierSale, Plan},
    verdict::{Decision, DecisionKind, Verdict},
};

use super::world::{at, cap, conclude, day, facts, missing, party, rub, rule, sale, set_sales, verdict};

const AS_OF: &str = "2026-11-20 10:00:00";

fn plan(period: &str, amount: &str) -> Plan {
    Plan {
        employee: EmployeeId("0001".into()),
        period: period.parse().expect("a month"),
        amount: rub(amount),
        file_hash: "p".repeat(64),
        source: sverka::domain::finding::SourceRef::file("планы.csv"),
    }
}

/// 1 % below the plan, 2 % from 100 % on, 3 % from 120 % on; all buyers are missing and nothing is accrued.
fn tiered() -> Facts {
    let sales = vec![
        sale("1", "2026-10-06", "P0", "Иванов И.И.", "60000.00"),
        sale("2", "2026-10-07", "P1", "Иванов И.И.", "40000.00"),
    ];
    let mut reduce = missing(10_000, 10_000);
    reduce.kind = RuleKind::MissingCounterparty { missing: Rate::WHOLE, late: Rate::WHOLE, exclude_from_kpi: false };
    let mut facts = facts(AS_OF, vec![party("P0", "Ромашка"), party("P1", "Василёк")], sales, vec![reduce]);
    let step = |from, rate| Tier { from: Rate::from_bp(from), rate: Rate::from_bp(rate) };
    let terms = &mut facts.policy.versions[0].bonus;
    terms.plan_base = BonusBase::WithVat;
    terms.tiers = vec![Tiers { department: None, steps: vec![step(0, 100), step(10_000, 200), step(12_000, 300)] }];
    facts
}

fn absent() -> [sverka::domain::verdict::PartyVerdict; 2] {
    ["P0", "P1"].map(|id| verdict(id, Verdict::NotInCrm, &[]))
}

fn reduced(facts: &Facts) -> Money {
    conclude(facts, &absent(), at(AS_OF))
        .wanted
        .iter()
        .filter(|w| !w.shadow && w.key.rule == "missing_counterparty")
        .map(|w| w.amount)
        .sum()
}

#[test]
fn the_rate_follows_the_attainment_of_the_plan_to_the_basis_point() {
    for (planned, want) in [
        // 100 000,00 sold.
        ("100000.00", "-2000.00"),
        ("100000.01", "-1000.00"),
        ("83333.34", "-2000.00"),
        ("83333.33", "-3000.00"),
        ("1000000.00", "-1000.00"),
    ] {
        let mut facts = tiered();
        facts.rule_facts.plans = vec![plan("2026-10", planned)];
        assert_eq!(reduced(&facts), rub(want), "{planned}");
    }
}

#[test]
fn without_a_plan_the_flat_rate_holds_and_somebody_is_told() {
    let mut facts = tiered();
    facts.rule_facts.plans = vec![plan("2026-09", "1.00"), plan("2026-10", "0")];
    let outcome = conclude(&facts, &absent(), at(AS_OF));
    // 1,25 % of 100 000,00.
    assert_eq!(reduced(&facts), rub("-1250.00"));
    let told: Vec<&str> =
        outcome.findings.iter().filter(|f| f.code == "plan_absent").map(|f| f.message.ru.as_str()).collect();
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with("Иванов И.И.: нет плана на 2026-10"), "{told:?}");
}

#[test]
fn what_does_not_count_in_plan_and_fact_does_not_lift_the_rate() {
    let mut facts = tiered();
    facts.rule_facts.plans = vec![plan("2026-10", "100000.00")];
    facts.policy.versions[0].rules[0].kind =
        RuleKind::MissingCounterparty { missing: Rate::WHOLE, late: Rate::WHOLE, exclude_from_kpi: true };
    assert_eq!(reduced(&facts), rub("-1000.00"));
    // Tried out only: the sales count.
    facts.policy.versions[0].rules[0].shadow = true;
    let shown: Money = conclude(&facts, &absent(), at(AS_OF)).wanted.iter().map(|w| w.amount).sum();
    assert_eq!(shown, rub("-2000.00"));
    // A deal that waits for the head does not count either.
    let mut facts = tiered();
    facts.rule_facts.plans = vec![plan("2026-10", "100000.00")];
    let scope = Scope { min_amount: Some(rub("50000.00")), ..Scope::default() };
    facts.policy.versions[0].rules.push(Rule { scope, ..rule(RuleKind::DealApproval { escalate_working_days: 5 }) });
    assert_eq!(reduced(&facts), rub("-1000.00"));
}

#[test]
fn a_return_of_a_later_month_keeps_the_rate_of_its_sale_and_both_are_nothing() {
    let mut facts = tiered();
    facts.rule_facts.plans = vec![plan("2026-10", "100000.00"), plan("2026-11", "1000000.00")];
    let mut sales = facts.sales.clone();
    for (number, of, amount) in [("3", "1", "-60000.00"), ("4", "2", "-40000.00")] {
        let mut back = sale(number, "2026-11-03", if of == "1" { "P0" } else { "P1" }, "Иванов И.И.", "0");
        back.amount = rub(amount);
        back.returns = Some(of.into());
        sales.push(back);
    }
    set_sales(&mut facts, sales);
    let wanted = conclude(&facts, &absent(), at(AS_OF)).wanted;
    assert_eq!(wanted.len(), 4);
    assert_eq!(wanted.iter().map(|w| w.amount).sum::<Money>(), Money::ZERO);
    assert_eq!(wanted.iter().filter(|w| w.amount.is_negative()).map(|w| w.amount).sum::<Money>(), rub("-2000.00"));
    assert!(
        wanted[0].evidence.arithmetic.ru.contains("(план выполнен на 100\u{a0}%)"),
        "{:?}",
        wanted[0].evidence.arithmetic
    );
}

#[test]
fn departments_have_their_own_tiers_or_a_flat_rate() {
    let mut facts = tiered();
    facts.rule_facts.plans = vec![plan("2026-10", "100000.00")];
    facts.roster.people[0].department = "Опт".into();
    facts.policy.versions[0].bonus.department_rates = vec![("Опт".into(), Rate::from_bp(50))];
    assert_eq!(reduced(&facts), rub("-500.00"));
    let steps = vec![Tier { from: Rate::ZERO, rate: Rate::from_bp(700) }];
    facts.policy.versions[0].bonus.tiers.push(Tiers { department: Some("Опт".into()), steps });
    assert_eq!(reduced(&facts), rub("-7000.00"));
}

/// Sales to three buyers in October and November; segments by what was sold before.
fn segmented(segment: Segment) -> Facts {
    let parties = ["P0", "P1", "P2"].map(|id| party(id, id)).to_vec();
    let sold = |number: &str, date: &str, party: &str, sum: &str| sale(number, date, party, "Иванов И.И.", sum);
    let sales = vec![
        sold("1", "2026-09-30", "P0", "500.00"),
        sold("2", "2026-10-01", "P1", "300.00"),
        sold("3", "2026-10-31", "P1", "300.00"),
        sold("4", "2026-11-01", "P2", "90000.00"),
        sold("5", "2026-11-02", "P0", "1.00"),
        sold("6", "2026-11-02", "P1", "1.00"),
    ];
    let mut facts = facts(AS_OF, parties, sales, vec![missing(5_000, 0), cap(2_000)]);
    facts.policy.versions[0].effective_from = day("2026-01-01");
    facts.policy.versions[0].segments = vec![Segment { name: "vip".into(), ..segment }];
    facts
}

fn vips(facts: &Facts) -> Vec<String> {
    let verdicts: Vec<_> = facts.parties.iter().map(|p| verdict(&p.key.0, Verdict::NotInCrm, &[])).collect();
    let outcome = conclude(facts, &verdicts, at(AS_OF));
    let named = outcome.sales.into_iter().filter(|s| s.segment == "vip");
    named.map(|s| s.sale.0.replace("ФИРМА|", "").replace("|2026", "")).collect()
}

fn by_turnover(months: u32, take: TurnoverTake) -> Segment {
    Segment { turnover: Some(Turnover { months, take }), ..Segment::default() }
}

#[test]
fn turnover_is_that_of_the_months_before_the_period_and_nothing_within_moves_it() {
    // Before November: P0 500,00 (September), P1 600,00 (October), P2 nothing; before October: P0 500,00.
    assert_eq!(vips(&segmented(by_turnover(1, TurnoverTake::Top(1)))), ["6"]);
    assert_eq!(vips(&segmented(by_turnover(2, TurnoverTake::Top(1)))), ["6"]);
    assert_eq!(vips(&segmented(by_turnover(2, TurnoverTake::Top(2)))), ["5", "6"]);
    assert_eq!(vips(&segmented(by_turnover(2, TurnoverTake::AtLeast(rub("600.00"))))), ["6"]);
    assert_eq!(vips(&segmented(by_turnover(2, TurnoverTake::AtLeast(rub("600.01"))))), Vec::<String>::new());
    assert_eq!(vips(&segmented(by_turnover(2, TurnoverTake::AtLeast(rub("500.00"))))), ["5", "6"]);
    // A sale before the scope counts as well, also of a buyer that buys nothing any more.
    let mut facts = segmented(by_turnover(2, TurnoverTake::Top(1)));
    let earlier =
        |party, date: &str, sum: &str| EarlierSale { party, date: day(date), amount: rub(sum), in_base: true };
    facts.rule_facts.earlier = vec![earlier(0, "2026-09-02", "100.01")];
    assert_eq!(vips(&facts), ["5"]);
    facts.rule_facts.earlier.push(earlier(7, "2026-09-02", "700.00"));
    assert_eq!(vips(&facts), Vec::<String>::new());
    // Other currencies are never added.
    facts.rule_facts.earlier[0].in_base = false;
    facts.rule_facts.earlier.truncate(1);
    assert_eq!(vips(&facts), ["6"]);
    // Ties with the last are taken too.
    facts.rule_facts.earlier = vec![earlier(0, "2026-09-02", "100.00")];
    assert_eq!(vips(&facts), ["5", "6"]);
}

#[test]
fn exempt_buyers_take_no_place_and_returns_lower_the_turnover() {
    let mut facts = segmented(by_turnover(2, TurnoverTake::Top(1)));
    facts.policy.versions[0].exempt[0].codes = vec!["P1".into()];
    // P0 has the one place; P1 bought more and stands beside it, which matters where an earlier version judged its sale.
    assert_eq!(vips(&facts), ["5", "6"]);
    facts.policy.versions[0].segments[0].turnover =
        Some(Turnover { months: 2, take: TurnoverTake::AtLeast(rub("600.00")) });
    assert_eq!(vips(&facts), ["6"]);
    // A person's word leaves him out as the regulation does.
    let mut facts = segmented(by_turnover(2, TurnoverTake::Top(1)));
    facts.decisions.push(Decision {
        id: "1".into(),
        at: at("2026-11-03 10:00:00"),
        author: "0001".into(),
        party: PartyKey("P1".into()),
        kind: DecisionKind::Exempt,
        note: String::new(),
    });
    assert_eq!(vips(&facts), ["5", "6"]);
    let mut facts = segmented(by_turnover(2, TurnoverTake::Top(1)));
    let mut back = sale("7", "2026-10-31", "P1", "Иванов И.И.", "0");
    back.amount = rub("-100.01");
    let mut sales = facts.sales.clone();
    sales.push(back);
    set_sales(&mut facts, sales);
    assert_eq!(vips(&facts), ["5"]);
}

#[test]
fn a_client_is_new_only_where_the_data_reach_back() {
    let new = |months| Segment { new_months: Some(months), ..Segment::default() };
    // One month before November begins with October: P1 and P2 bought nothing earlier, P0 did.
    let one = segmented(new(1));
    assert_eq!(vips(&one), ["4", "6"]);
    // Two months before November begin with September, where the data begin too: nobody is proven to be new.
    let two = segmented(new(2));
    assert_eq!(vips(&two), Vec::<String>::new());
    let verdicts: Vec<_> = two.parties.iter().map(|p| verdict(&p.key.0, Verdict::NotInCrm, &[])).collect();
    let told = conclude(&two, &verdicts, at(AS_OF)).findings;
    assert!(told.iter().any(|f| f.code == "segment_history_short"), "{told:?}");
    let mut reached = segmented(new(2));
    reached.rule_facts.sales_since = Some(day("2026-08-31"));
    assert_eq!(vips(&reached), ["4", "5", "6"]);
    // Whoever bought in another currency is no new client, within the scope or before it.
    let mut euros = segmented(new(1));
    euros.sales[0].currency = "EUR".into();
    assert_eq!(vips(&euros), ["4", "6"]);
    let earlier = |amount| EarlierSale { party: 1, date: day("2025-06-02"), amount: rub(amount), in_base: false };
    euros.rule_facts.earlier = vec![earlier("1.00")];
    assert_eq!(vips(&euros), ["1", "4"]);
    // A return is no sale.
    euros.rule_facts.earlier = vec![earlier("-1.00")];
    assert_eq!(vips(&euros), ["1", "2", "3", "4", "6"]);
    // Data that begin with the very day prove nothing about the day before.
    reached.rule_facts.sales_since = Some(day("2026-09-01"));
    assert_eq!(vips(&reached), Vec::<String>::new());
}

#[test]
fn a_rule_that_asks_for_it_posts_only_after_the_acknowledgement() {
    let mut facts = tiered();
    facts.policy.versions[0].rules[0].requires_acknowledgement = true;
    let signed = |employee: &str, version: &str, on: &str| Acknowledgement {
        employee: EmployeeId(employee.into()),
        version: version.into(),
        on: day(on),
        content: String::new(),
    };
    // Sales of 6 and 7 October at 1,25 %.
    for (signatures, want) in [
        (vec![], "0.00"),
        (vec![signed("0001", "2026-1", "2026-10-06")], "-1250.00"),
        (vec![signed("0001", "2026-1", "2026-10-07")], "-500.00"),
        (vec![signed("0001", "2026-1", "2026-10-08")], "0.00"),
        (vec![signed("0002", "2026-1", "2026-10-01")], "0.00"),
        (vec![signed("0001", "2025-9", "2026-10-01")], "0.00"),
        (vec![signed("0001", "2026-1", "2026-10-08"), signed("0001", "2026-1", "2026-10-07")], "-500.00"),
    ] {
        facts.acknowledgements = signatures.clone();
        assert_eq!(reduced(&facts), rub(want), "{signatures:?}");
        let shown: Money = conclude(&facts, &absent(), at(AS_OF)).wanted.iter().map(|w| w.amount).sum();
        assert_eq!(shown, rub("-1250.00"), "shown all the same");
    }
    assert!(Period::of(day("2026-10-06")) < Period::of(day("2026-11-01")));
}
