//! The month so far as heads see it: calls, places, empty fields; and why a line is only shown.

use sverka::domain::{
    adjust::{calls_of, standings, why_shown},
    org::EmployeeId,
    period::Period,
    policy::{ContestBy, Rule, RuleKind, Scope},
    rule_facts::{CallLeg, Vote},
    verdict::Verdict,
};

use super::world::{at, conclude, facts, missing, party, rub, rule, sale, verdict};

const AS_OF: &str = "2026-11-20 10:00:00";

#[test]
fn an_open_month_shows_calls_and_places_and_posts_none_of_them() {
    let calls =
        rule(RuleKind::CallRecording { min_seconds: 10, match_minutes: 5, per_recorded: rub("10.00"), bands: vec![] });
    let contest = rule(RuleKind::Contest { by: ContestBy::Votes, prizes: vec![rub("500.00")] });
    let mut facts = facts(AS_OF, vec![party("P0", "Ромашка")], vec![], vec![calls, contest]);
    let november = Period::new(2026, 11).expect("a month");
    facts.rule_facts.calls = vec![CallLeg {
        source: "calls".into(),
        linked_id: "a".into(),
        number: "+7 916 000-11-22".into(),
        employee: "0001".into(),
        started_at: at("2026-11-03 12:00:00"),
        seconds: 30,
        result: String::new(),
        file_hash: String::new(),
        place: sverka::domain::finding::SourceRef::file("calls.csv"),
    }];
    let (juror, employee) = (EmployeeId("0002".into()), EmployeeId("0001".into()));
    facts.rule_facts.votes = vec![Vote { period: november, rule: "contest".into(), juror, employee }];
    let outcome = conclude(&facts, &[], at(AS_OF));
    assert_eq!(outcome.wanted, []);
    let made: Vec<_> = calls_of(&facts, november).into_iter().map(|c| (c.name, c.made, c.recorded)).collect();
    assert_eq!(made, [("Иванов И.И.".to_owned(), 1, 0)]);
    let places = standings(&facts, &outcome.sales, &outcome.cards, november);
    assert_eq!(
        places.iter().map(|p| (p.name.as_str(), p.place, p.prize)).collect::<Vec<_>>(),
        [("Иванов И.И.", 1, rub("500.00"))]
    );
    assert_eq!(places[0].words.ru, "голосов жюри: 1");
    assert_eq!(calls_of(&facts, november.prev()), []);
}

#[test]
fn a_line_that_is_only_shown_says_why() {
    let world = |own: Rule| {
        let sales = vec![sale("1", "2026-11-05", "P0", "Иванов И.И.", "100.00")];
        let facts = facts(AS_OF, vec![party("P0", "Ромашка")], sales, vec![own]);
        let line = conclude(&facts, &[verdict("P0", Verdict::NotInCrm, &[])], at(AS_OF)).wanted.remove(0);
        why_shown(&facts, &line).map(|why| why.en)
    };
    let rule = || missing(5_000, 0);
    assert_eq!(world(rule()), None);
    assert_eq!(world(Rule { shadow: true, ..rule() }).as_deref(), Some("the rule is on trial"));
    let elsewhere = Scope { departments: ["Опт".to_owned()].into(), ..Scope::default() };
    assert_eq!(world(Rule { scope: elsewhere, ..rule() }).as_deref(), Some("the rule does not concern this employee"));
    let unsigned = world(Rule { requires_acknowledgement: true, ..rule() });
    assert!(unsigned.is_some_and(|why| why.contains("had not acknowledged the version “2026-1”")));
    let large = Scope { min_amount: Some(rub("100.01")), ..Scope::default() };
    assert!(world(Rule { scope: large, ..rule() }).is_some_and(|why| why.contains("out of the rule's scope")));
}
