//! Whom and what the rules look at: cards of a premium, calls, bases that matter, plans; why a line is only shown; what is told
//! of a regulation without a limit. Deliberately absent: bands (`bands`), scores (`cards`), the rates of tiers (`terms`).

use std::collections::BTreeMap;

use sverka::domain::{
    acknowledgement::Acknowledgement,
    adjust::{settle, why_shown},
    facts::{CardScore, Facts},
    finding::SourceRef,
    ledger::Wanted,
    money::{Money, Rate},
    org::EmployeeId,
    party::PartyKey,
    period::Period,
    policy::{Band, BonusBase, ContestBy, Premium, Rule, RuleKind, Scope, Tier, Tiers},
    rule_facts::{CallLeg, Plan},
    verdict::Verdict,
};

use super::world::{at, cap, conclude, day, facts, missing, party, rub, rule, sale, set_sales, verdict, version};

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

/// October is being closed.
fn world(rules: Vec<Rule>) -> Facts {
    let sales = vec![sale("1", "2026-10-06", "P0", "Иванов И.И.", "100000.00")];
    let mut facts = facts(CLOSE, vec![party("P0", "Ромашка"), party("P1", "Василёк")], sales, rules);
    facts.rule_facts.closes = BTreeMap::from([(october(), at(CLOSE))]);
    facts
}

fn lines(facts: &Facts) -> Vec<Wanted> {
    conclude(facts, &["P0", "P1"].map(|id| verdict(id, Verdict::NotInCrm, &[])), at(CLOSE)).wanted
}

fn card(party: &str, segment: &str, bp: i32) -> CardScore {
    CardScore {
        period: october(),
        employee: EmployeeId("0001".into()),
        party: PartyKey(party.into()),
        segment: segment.into(),
        record: None,
        score: Rate::from_bp(bp),
        missing: vec![],
    }
}

/// Mean completeness that the premium of October was given for, and whether it is only shown.
fn mean(facts: &Facts, cards: &[CardScore]) -> Option<(String, bool)> {
    let outcome = conclude(facts, &["P0", "P1"].map(|id| verdict(id, Verdict::NotInCrm, &[])), at(CLOSE));
    let (wanted, _) = settle(facts, &outcome.verdicts, &outcome.sales, cards);
    wanted.into_iter().find(|w| w.key.rule == "completeness").map(|w| (w.evidence.status, w.shadow))
}

fn completeness(scope: Scope) -> Rule {
    Rule { scope, ..rule(RuleKind::Completeness { bands: fixed("1.00") }) }
}

fn says(score: &str) -> Option<(String, bool)> {
    Some((score.to_owned(), false))
}

#[test]
fn a_premium_for_some_segments_looks_at_their_cards_alone() {
    let cards = [card("P0", "vip", 9_000), card("P1", "all", 1_000)];
    let of = |segments: &[&str]| {
        completeness(Scope { segments: segments.iter().map(|s| (*s).into()).collect(), ..Scope::default() })
    };
    assert_eq!(mean(&world(vec![of(&[])]), &cards), says("5000"));
    assert_eq!(mean(&world(vec![of(&["vip"])]), &cards), says("9000"));
    assert_eq!(mean(&world(vec![of(&["vip", "all"])]), &cards), says("5000"));
    assert_eq!(mean(&world(vec![of(&["new"])]), &cards), None);
}

#[test]
fn a_least_amount_of_a_premium_asks_for_one_sale_of_the_month_to_the_buyer() {
    let scope = Scope { min_amount: Some(rub("1000.00")), ..Scope::default() };
    let mut facts = world(vec![completeness(scope)]);
    let cards = [card("P0", "all", 9_000), card("P1", "all", 1_000)];
    let mut found = |sales: &[(&str, &str, &str, &str)]| {
        let all =
            sales.iter().enumerate().map(|(at, (date, buyer, who, sum))| sale(&at.to_string(), date, buyer, who, sum));
        set_sales(&mut facts, all.collect());
        mean(&facts, &cards)
    };
    let (own, other) = ("Иванов И.И.", "Петрова А.А.");
    let large = ("2026-10-06", "P0", own, "1000.00");
    assert_eq!(found(&[large]), says("9000"));
    assert_eq!(found(&[large, ("2026-10-07", "P1", own, "5000.00")]), says("5000"));
    for small in [
        // Two that are large enough only together, another's sale, another month's.
        ("2026-10-07", "P1", own, "999.99"),
        ("2026-10-07", "P1", other, "5000.00"),
        ("2026-11-02", "P1", own, "5000.00"),
        ("2026-09-30", "P1", own, "5000.00"),
    ] {
        assert_eq!(found(&[large, ("2026-10-08", "P1", own, "999.99"), small]), says("9000"), "{small:?}");
    }
    assert_eq!(found(&[("2026-10-06", "P0", own, "999.99")]), None);
}

#[test]
fn premiums_of_those_whom_the_rule_does_not_concern_are_only_shown() {
    let elsewhere = Scope { departments: ["Опт".to_owned()].into(), ..Scope::default() };
    assert_eq!(mean(&world(vec![completeness(elsewhere)]), &[card("P0", "all", 1)]), Some(("1".to_owned(), true)));
}

fn leg(when: &str) -> CallLeg {
    CallLeg {
        source: "calls".into(),
        linked_id: when.into(),
        number: "+7 916 000-11-22".into(),
        employee: "0001".into(),
        started_at: at(when),
        seconds: 30,
        result: String::new(),
        file_hash: "a".repeat(64),
        place: SourceRef::file("calls.csv"),
    }
}

#[test]
fn a_line_about_calls_tells_of_silent_days_only_where_there_are_any() {
    let recording = |scope: Scope, bands| {
        let kind = RuleKind::CallRecording { min_seconds: 10, match_minutes: 5, per_recorded: rub("7.00"), bands };
        Rule { scope, ..rule(kind) }
    };
    let words =
        |facts: &Facts| lines(facts).into_iter().map(|w| (w.evidence.arithmetic.en, w.shadow)).collect::<Vec<_>>();
    let mut facts = world(vec![recording(Scope::default(), vec![])]);
    facts.rule_facts.calls = vec![leg("2026-10-20 12:00:00")];
    facts.rule_facts.call_days = october().from().iter_days().take(31).collect();
    let made = "calls made 1, recorded in the CRM 0 (0%); 0 × 7.00 = 0.00";
    assert_eq!(words(&facts), [(made.to_owned(), false)]);
    facts.rule_facts.call_days.remove(&day("2026-10-21"));
    assert_eq!(words(&facts), [(format!("{made}; working days without telephony data: 1"), false)]);
    // With a band there is a sum to say.
    let elsewhere = Scope { departments: ["Опт".to_owned()].into(), ..Scope::default() };
    facts.policy.versions[0].rules = vec![recording(elsewhere, fixed("5.00"))];
    facts.rule_facts.call_days.insert(day("2026-10-21"));
    assert_eq!(words(&facts), [(format!("{made}; band 0% – 100%: 5.00; total 5.00"), true)]);
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

#[test]
fn a_line_that_is_only_shown_finds_its_own_rule_version_and_sale() {
    let scope = Scope { departments: ["Опт".to_owned()].into(), ..Scope::default() };
    let tried = Rule { id: "tried".into(), shadow: true, ..missing(100, 0) };
    let asks = |id: &str| Rule { id: id.into(), requires_acknowledgement: true, ..missing(200, 0) };
    let not_his = Rule { id: "not_his".into(), scope, ..missing(300, 0) };
    let mut facts = world(vec![missing(5_000, 0), tried.clone(), asks("asks"), not_his]);
    facts.policy.versions.push(version("2026-2", "2026-10-15", vec![asks("asks"), tried, asks("later")]));
    let sold = |number: &str, date: &str| sale(number, date, "P0", "Иванов И.И.", "100000.00");
    set_sales(&mut facts, vec![sold("1", "2026-10-06"), sold("2", "2026-10-20"), sold("3", "2026-10-22")]);
    let signed = |version: &str, on: &str| Acknowledgement {
        employee: EmployeeId("0001".into()),
        version: version.into(),
        on: day(on),
    };
    facts.acknowledgements = vec![signed("2026-1", "2026-10-01"), signed("2026-2", "2026-10-21")];
    let why: Vec<_> = lines(&facts)
        .iter()
        .map(|w| {
            let number = w.key.subject.split('|').nth(1).unwrap_or_default();
            format!("{number} {}: {}", w.key.rule, why_shown(&facts, w).map_or("posted".to_owned(), |why| why.en))
        })
        .collect();
    let other = "the sale is out of the rule's scope, or another rule decides it already";
    let unsigned = "the employee had not acknowledged the version “2026-2” by that day";
    assert_eq!(
        why,
        [
            format!("1 asks: {other}"),
            "1 missing_counterparty: posted".to_owned(),
            "1 not_his: the rule does not concern this employee".to_owned(),
            "1 tried: the rule is on trial".to_owned(),
            format!("2 asks: {unsigned}"),
            format!("2 later: {unsigned}"),
            "2 tried: the rule is on trial".to_owned(),
            "3 asks: posted".to_owned(),
            format!("3 later: {other}"),
            "3 tried: the rule is on trial".to_owned(),
        ]
    );
}

#[test]
fn only_reductions_in_force_without_a_limit_in_force_are_pointed_out() {
    let tried = |rule: Rule| Rule { shadow: true, ..rule };
    for (rules, warned) in [
        (vec![missing(5_000, 0)], true),
        (vec![missing(5_000, 0), cap(2_000)], false),
        (vec![missing(5_000, 0), tried(cap(2_000))], true),
        (vec![tried(missing(5_000, 0))], false),
        (vec![tried(missing(5_000, 0)), tried(cap(2_000))], false),
        (vec![rule(RuleKind::Completeness { bands: vec![] })], false),
        (vec![tried(missing(5_000, 0)), rule(RuleKind::Completeness { bands: vec![] })], false),
        (vec![], false),
    ] {
        let found = conclude(&world(rules.clone()), &[verdict("P0", Verdict::NotInCrm, &[])], at(CLOSE)).findings;
        assert_eq!(found.iter().any(|f| f.code == "cap_absent"), warned, "{rules:?}");
    }
}
