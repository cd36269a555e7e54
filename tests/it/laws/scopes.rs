//! Whom and what the rules look at: cards of a premium, calls; why a line is only shown; what is told of a regulation without a
//! limit. Deliberately absent: bands (`bands`), scores (`cards`), bases and plans (`bases`).

use std::collections::BTreeMap;

use sverka::domain::{
    acknowledgement::Acknowledgement,
    adjust::{settle, why_shown},
    facts::{CardScore, Facts},
    finding::SourceRef,
    ledger::Wanted,
    money::Rate,
    org::EmployeeId,
    party::PartyKey,
    period::Period,
    policy::{Band, Premium, Rule, RuleKind, Scope},
    rule_facts::CallLeg,
    verdict::Verdict,
};

use super::world::{at, cap, conclude, day, facts, missing, party, rub, rule, sale, set_sales, verdict, version};

const CLOSE: &str = "2026-11-05 10:00:00";

fn october() -> Period {
    Period::new(2026, 10).expect("a month")
}

fn fixed(sum: &str) -> Vec<Band> {
    vec![Band { from: Rate::ZERO, to: Rate::from_bp(10_001), premium: Premium::Fixed(rub(sum)) }]
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
        others: vec![],
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

fn says(score: &str) -> (String, bool) {
    (score.to_owned(), false)
}

#[test]
fn a_premium_for_some_segments_looks_at_their_cards_alone() {
    let cards = [card("P0", "vip", 9_000), card("P1", "all", 1_000)];
    let of = |segments: &[&str]| {
        completeness(Scope { segments: segments.iter().map(|s| (*s).into()).collect(), ..Scope::default() })
    };
    assert_eq!(mean(&world(vec![of(&[])]), &cards), Some(says("5000")));
    assert_eq!(mean(&world(vec![of(&["vip"])]), &cards), Some(says("9000")));
    assert_eq!(mean(&world(vec![of(&["vip", "all"])]), &cards), Some(says("5000")));
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
    assert_eq!(found(&[large]), Some(says("9000")));
    assert_eq!(found(&[large, ("2026-10-07", "P1", own, "5000.00")]), Some(says("5000")));
    for small in [
        // Two that are large enough only together, another's sale, another month's.
        ("2026-10-07", "P1", own, "999.99"),
        ("2026-10-07", "P1", other, "5000.00"),
        ("2026-11-02", "P1", own, "5000.00"),
        ("2026-09-30", "P1", own, "5000.00"),
    ] {
        assert_eq!(found(&[large, ("2026-10-08", "P1", own, "999.99"), small]), Some(says("9000")), "{small:?}");
    }
    assert_eq!(found(&[("2026-10-06", "P0", own, "999.99")]), None);
}

#[test]
fn an_exempt_sale_is_not_the_one_that_a_least_amount_asks_for() {
    let scope = Scope { min_amount: Some(rub("1000.00")), ..Scope::default() };
    let mut facts = world(vec![completeness(scope)]);
    let cards = [card("P0", "all", 9_000), card("P1", "all", 1_000)];
    let sold = |number: &str, date: &str, party: &str, sum: &str| sale(number, date, party, "Иванов И.И.", sum);
    let large = sold("3", "2026-10-07", "P1", "5000.00");
    let sales = vec![sold("1", "2026-10-06", "P0", "1000.00"), sold("2", "2026-10-20", "P1", "1.25"), large];
    set_sales(&mut facts, sales.clone());
    assert_eq!(mean(&facts, &cards), Some(says("5000")));
    // Another currency is listed apart and is not so many rubles.
    let mut euros = sales.clone();
    euros[2].currency = "EUR".into();
    set_sales(&mut facts, euros);
    assert_eq!(mean(&facts, &cards), Some(says("9000")));
    // The version of the large sale exempts its buyer, the one of the small sale and of the month's end does not.
    set_sales(&mut facts, sales);
    let mut before = facts.policy.versions[0].clone();
    before.id = "V-0".into();
    before.exempt[0].codes = vec!["P1".into()];
    facts.policy.versions[0].effective_from = day("2026-10-10");
    facts.policy.versions.insert(0, before);
    assert_eq!(mean(&facts, &cards), Some(says("9000")));
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
        content: String::new(),
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
