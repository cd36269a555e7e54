//! Calls and contests: what counts, to the kopeck. Deliberately absent: freshness (`upkeep`), deals (`deals`), tiers and
//! segments (`terms`).

use std::collections::BTreeMap;

use sverka::domain::{
    crm::{CrmId, CrmKind, CrmRecord, KnownRecord},
    facts::Facts,
    ledger::Wanted,
    money::{Money, Rate},
    org::EmployeeId,
    period::Period,
    policy::{Band, ContestBy, Premium, Profile, Requirement, Rule, RuleKind},
    rule_facts::{CallLeg, Vote},
    verdict::Verdict,
};

use super::world::{at, conclude, facts, party, person, record, rub, rule, sale, set_sales, verdict};

pub(super) const CLOSE: &str = "2026-11-05 10:00:00";

pub(super) fn october() -> Period {
    Period::new(2026, 10).expect("a month")
}

pub(super) fn halves(below: i64, above: i64) -> Vec<Band> {
    let band = |from, to, rubles: i64| Band {
        from: Rate::from_bp(from),
        to: Rate::from_bp(to),
        premium: Premium::Fixed(Money::from_kopecks(rubles * 100)),
    };
    vec![band(0, 5_000, below), band(5_000, 10_001, above)]
}

/// October is being closed; Иванов sold to P0.
pub(super) fn world(rules: Vec<Rule>) -> Facts {
    let sales = vec![sale("1", "2026-10-06", "P0", "Иванов И.И.", "100000.00")];
    let mut facts = facts(CLOSE, vec![party("P0", "Ромашка"), party("P1", "Василёк")], sales, rules);
    facts.rule_facts.closes = BTreeMap::from([(october(), at(CLOSE))]);
    let demand = Requirement { field: "phone".into(), weight: 1 };
    facts.policy.versions[0].profiles = vec![Profile { segment: "all".into(), fields: vec![demand] }];
    facts
}

pub(super) fn wanted(facts: &Facts) -> Vec<Wanted> {
    let found = |id: &str| verdict(id, Verdict::InCrm, &[id]);
    conclude(facts, &[found("P0"), found("P1")], at(CLOSE)).wanted
}

pub(super) fn by_employee(facts: &Facts) -> Vec<(String, Money)> {
    wanted(facts).into_iter().filter(|w| !w.shadow).map(|w| (w.key.employee.0, w.amount)).collect()
}

pub(super) fn activity(id: &str, when: &str, phone: &str, who: &str) -> CrmRecord {
    let id = CrmId { source: "crm".into(), kind: CrmKind::Activity, id: id.into() };
    CrmRecord {
        phone: phone.into(),
        responsible: who.into(),
        created_at: Some(at(when)),
        ..CrmRecord::new(id, "Звонок")
    }
}

fn leg(linked: &str, when: &str, seconds: u32, number: &str, who: &str) -> CallLeg {
    CallLeg {
        source: "calls".into(),
        linked_id: linked.into(),
        number: number.into(),
        employee: who.into(),
        started_at: at(when),
        seconds,
        result: "answered".into(),
        file_hash: "c".repeat(64),
        place: sverka::domain::finding::SourceRef { row: 2, ..sverka::domain::finding::SourceRef::file("calls.csv") },
    }
}

fn set_calls(facts: &mut Facts, legs: Vec<CallLeg>, notes: Vec<CrmRecord>) {
    facts.rule_facts.call_days = legs.iter().map(|l| l.started_at.with_timezone(&facts.tz).date_naive()).collect();
    facts.rule_facts.calls = legs;
    facts.closing_records.insert(october(), notes);
}

fn recording(per: &str, bands: Vec<Band>) -> Rule {
    rule(RuleKind::CallRecording { min_seconds: 10, match_minutes: 15, per_recorded: rub(per), bands })
}

const NUMBER: &str = "+7 916 000-11-22";

#[test]
fn legs_are_one_call_and_a_note_of_the_same_person_number_and_time_records_it() {
    let noon = "2026-10-20 12:00:00";
    for (name, when, phone, who, recorded) in [
        ("at once", "2026-10-20 12:01:00", "8 916 000 11 22", "Иванов И.И.", 1),
        ("on the edge before", "2026-10-20 11:45:00", NUMBER, "Иванов И.И.", 1),
        ("a second too early", "2026-10-20 11:44:59", NUMBER, "Иванов И.И.", 0),
        // The call lasted a minute and a half.
        ("on the edge after", "2026-10-20 12:16:30", NUMBER, "Иванов И.И.", 1),
        ("a second too late", "2026-10-20 12:16:31", NUMBER, "Иванов И.И.", 0),
        ("another number", "2026-10-20 12:01:00", "+7 916 000-11-23", "Иванов И.И.", 0),
        ("another person", "2026-10-20 12:01:00", NUMBER, "Петрова А.А.", 0),
    ] {
        let mut facts = world(vec![recording("50.00", vec![])]);
        let legs = vec![leg("a", noon, 90, NUMBER, "Иванов И.И."), leg("a", noon, 5, NUMBER, "Очередь")];
        set_calls(&mut facts, legs, vec![activity("1", when, phone, who)]);
        let lines = wanted(&facts);
        assert_eq!(lines.len(), 1, "{name}");
        assert_eq!(lines[0].amount, rub(&format!("{}.00", recorded * 50)), "{name}: {:?}", lines[0].evidence);
        assert!(lines[0].evidence.arithmetic.en.starts_with(&format!("calls made 1, recorded in the CRM {recorded}")));
        assert_eq!(lines[0].evidence.source.ru, "calls.csv, строка 2");
    }
}

#[test]
fn a_note_without_a_number_lends_that_of_its_company() {
    let mut facts = world(vec![recording("50.00", vec![])]);
    let mut note = activity("1", "2026-10-20 12:01:00", "", "Иванов И.И.");
    note.company_id = "P0".into();
    let company = CrmRecord { phone: NUMBER.into(), ..record("P0", "Ромашка") };
    set_calls(&mut facts, vec![leg("a", "2026-10-20 12:00:00", 90, NUMBER, "0001")], vec![note, company]);
    assert_eq!(by_employee(&facts), [("0001".to_owned(), rub("50.00"))]);
}

#[test]
fn short_calls_and_calls_between_extensions_are_not_made_and_no_data_is_not_zero() {
    let bands = || halves(10, 500);
    let mut facts = world(vec![recording("7.00", bands())]);
    let legs = vec![
        leg("a", "2026-10-20 12:00:00", 90, NUMBER, "Иванов И.И."),
        leg("b", "2026-10-21 12:00:00", 9, NUMBER, "Иванов И.И."),
        leg("c", "2026-10-21 13:00:00", 90, "105", "Иванов И.И."),
        leg("", "2026-10-22 12:00:00", 10, NUMBER, "Иванов И.И."),
        leg("", "2026-10-22 13:00:00", 10, NUMBER, "Иванов И.И."),
        leg("d", "2026-11-02 12:00:00", 90, NUMBER, "Иванов И.И."),
    ];
    set_calls(&mut facts, legs, vec![activity("1", "2026-10-20 12:00:00", NUMBER, "Иванов И.И.")]);
    let line = wanted(&facts).remove(0);
    // One of three: 7,00 for the call and 10,00 of the lower band.
    assert_eq!(line.amount, rub("17.00"));
    assert_eq!(
        line.evidence.arithmetic.en,
        "calls made 3, recorded in the CRM 1 (33.33%); 1 × 7.00 = 7.00; band 0% – 50%: 10.00; total 17.00; \
         working days without telephony data: 19"
    );
    set_calls(&mut facts, vec![], vec![]);
    assert_eq!(by_employee(&facts), []);
    let mut stranger = world(vec![recording("7.00", bands())]);
    set_calls(&mut stranger, vec![leg("a", "2026-10-20 12:00:00", 90, NUMBER, "Неизвестный")], vec![]);
    assert_eq!(by_employee(&stranger), []);
    let found = conclude(&stranger, &[], at(CLOSE)).findings;
    assert!(found.iter().any(|f| f.code == "calls_of_nobody" && f.message.ru.contains("Неизвестный (1)")), "{found:?}");
}

fn contest(by: ContestBy, prizes: &[&str]) -> Rule {
    rule(RuleKind::Contest { by, prizes: prizes.iter().map(|sum| rub(sum)).collect() })
}

fn vote(juror: &str, employee: &str) -> Vote {
    let (juror, employee) = (EmployeeId(juror.into()), EmployeeId(employee.into()));
    Vote { period: october(), rule: "contest".into(), juror, employee }
}

#[test]
fn those_who_tie_share_the_prizes_of_their_places() {
    let mut facts = world(vec![contest(ContestBy::Votes, &["1000.00", "500.00", "0.01"])]);
    facts.roster.people.extend([person("0003", "Сидоров"), person("0004", "Кузнецов"), person("0005", "Жюри")]);
    let votes = |list: &[(&str, &str)]| list.iter().map(|(juror, employee)| vote(juror, employee)).collect::<Vec<_>>();
    facts.rule_facts.votes = votes(&[("0004", "0001"), ("0005", "0001"), ("0001", "0002")]);
    let one = |id: &str, sum: &str| (id.to_owned(), rub(sum));
    assert_eq!(by_employee(&facts), [one("0001", "1000.00"), one("0002", "500.00")]);
    // Three with one vote each share 1500,01, and the kopeck that cannot be shared goes to the lowest personnel number.
    facts.rule_facts.votes = votes(&[("0004", "0001"), ("0005", "0002"), ("0001", "0003")]);
    let shares = by_employee(&facts);
    assert_eq!(shares, [one("0001", "500.01"), one("0002", "500.00"), one("0003", "500.00")]);
    let words: Vec<String> = wanted(&facts).into_iter().map(|line| line.evidence.arithmetic.en).collect();
    assert_eq!(
        words[0],
        "votes of the jury: 1; places 1–3 of 3, prizes shared: 1,500.01 / 3 = 500.00, and 0.01 of the rest, in the order \
         of personnel numbers: 500.01"
    );
    assert_eq!(words[1], "votes of the jury: 1; places 1–3 of 3, prizes shared: 1,500.01 / 3 = 500.00");
    // Nobody votes for himself.
    facts.rule_facts.votes = votes(&[("0001", "0001"), ("0005", "0002")]);
    assert_eq!(by_employee(&facts), [one("0002", "1000.00")]);
    // Votes of another contest or month are not these.
    for other in [
        Vote { rule: "another".into(), ..vote("0005", "0001") },
        Vote { period: october().prev(), ..vote("0005", "0001") },
    ] {
        facts.rule_facts.votes = vec![other];
        assert_eq!(by_employee(&facts), []);
    }
}

#[test]
fn a_streak_is_broken_by_what_is_late_or_missing_only() {
    let mut facts = world(vec![contest(ContestBy::Streak, &["300.00"])]);
    let sold = |number: &str, day: &str, party: &str, who: &str| sale(number, day, party, who, "1000.00");
    let (one, two) = ("Иванов И.И.", "Петрова А.А.");
    set_sales(
        &mut facts,
        vec![
            sold("1", "2026-10-06", "P0", one),
            sold("2", "2026-10-07", "P1", one),
            sold("3", "2026-10-08", "P0", one),
            sold("4", "2026-10-07", "P0", two),
            sold("5", "2026-10-08", "P0", two),
        ],
    );
    facts.records = vec![known("P0", "2026-10-06 12:00:00"), known("P1", "2026-10-20 12:00:00")];
    let found = |p1: Verdict| {
        let verdicts = [verdict("P0", Verdict::InCrm, &["P0"]), verdict("P1", p1, &["P1"])];
        let lines = conclude(&facts, &verdicts, at(CLOSE)).wanted;
        lines.into_iter().map(|w| (w.key.employee.0, w.amount)).collect::<Vec<_>>()
    };
    // P1 was entered late: runs of 1 and 1 against 2.
    assert_eq!(found(Verdict::InCrm), [("0002".to_owned(), rub("300.00"))]);
    assert_eq!(found(Verdict::NotInCrm), [("0002".to_owned(), rub("300.00"))]);
    // A doubt neither breaks the run nor adds to it: 2 against 2.
    assert_eq!(found(Verdict::Uncertain), [("0001".to_owned(), rub("150.00")), ("0002".to_owned(), rub("150.00"))]);
}

fn known(id: &str, entered: &str) -> KnownRecord {
    super::world::known(id, "Ромашка", at(entered))
}

#[test]
fn an_open_period_has_no_places_and_whoever_is_on_trial_takes_nobodys() {
    let mut facts = world(vec![contest(ContestBy::Votes, &["1000.00", "500.00"])]);
    facts.rule_facts.votes = vec![vote("0002", "0001")];
    facts.roster.people.push(person("0003", "Жюри"));
    facts
        .rule_facts
        .votes
        .extend([vote("0003", "0002"), Vote { juror: EmployeeId("0001".into()), ..vote("", "0002") }]);
    facts.policy.versions[0].rules[0].scope.groups = ["pilot".to_owned()].into();
    facts.roster.people[0].groups = ["pilot".to_owned()].into();
    let lines: Vec<_> = wanted(&facts).into_iter().map(|w| (w.key.employee.0, w.amount, w.shadow)).collect();
    assert_eq!(lines, [("0001".to_owned(), rub("1000.00"), false), ("0002".to_owned(), rub("1000.00"), true)]);
    facts.rule_facts.closes.clear();
    assert_eq!(wanted(&facts), []);
}
