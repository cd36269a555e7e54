//! Scores of cards: which record, which fields, which instant, who is left out. Deliberately absent: premiums (`bands`).

use std::collections::BTreeMap;

use sverka::domain::{
    crm::{CrmKind, CrmRecord},
    facts::{CardScore, Facts},
    money::Rate,
    period::Period,
    policy::{Profile, Requirement, RuleKind, Segment},
    verdict::{PartyVerdict, Verdict},
};

use super::world::{at, conclude, facts, known, party, record, record_id, rule, sale, verdict};

const AS_OF: &str = "2026-11-06 10:00:00";

fn profile(segment: &str, fields: &[(&str, u32)]) -> Profile {
    let fields = fields.iter().map(|(field, weight)| Requirement { field: (*field).into(), weight: *weight });
    Profile { segment: segment.into(), fields: fields.collect() }
}

fn world(fields: &[(&str, u32)]) -> Facts {
    let parties = vec![party("P0", "Ромашка"), party("P1", "Василёк"), party("P2", "Розничный покупатель")];
    let sold = |number: &str, party: &str| sale(number, "2026-10-05", party, "Иванов И.И.", "1000.00");
    let mut facts = facts(
        AS_OF,
        parties,
        vec![sold("1", "P0"), sold("2", "P1"), sold("3", "P2")],
        vec![rule(RuleKind::Completeness { bands: vec![] })],
    );
    facts.policy.versions[0].profiles = vec![profile("all", fields)];
    facts
}

fn full(id: &str) -> CrmRecord {
    CrmRecord {
        inn: "7707083893".into(),
        kpp: "770701001".into(),
        phone: "+7 495 123-45-67".into(),
        email: "office@romashka.ru".into(),
        city: "Москва".into(),
        responsible: "Иванов".into(),
        fields: BTreeMap::from([("Отрасль".to_owned(), "Торговля".to_owned())]),
        ..record(id, "ООО «Ромашка»")
    }
}

fn enter(facts: &mut Facts, records: Vec<CrmRecord>) {
    for own in records {
        let mut one = known("X", "", at("2026-10-01 10:00:00"));
        one.record = own;
        facts.records.push(one);
    }
}

fn scores(facts: &Facts, verdicts: &[PartyVerdict]) -> Vec<(String, i32, Vec<String>)> {
    let cards: Vec<CardScore> = conclude(facts, verdicts, at(AS_OF)).cards;
    cards.into_iter().map(|c| (c.party.0, c.score.bp(), c.missing)).collect()
}

fn verdicts(first: Verdict, records: &[&str]) -> Vec<PartyVerdict> {
    vec![
        verdict("P0", first, records),
        verdict("P1", Verdict::Uncertain, &["Q"]),
        verdict("P2", Verdict::NotInCrm, &[]),
    ]
}

#[test]
fn every_field_is_checked_and_the_score_rounds_down() {
    let fields = [
        ("title", 1),
        ("inn", 1),
        ("kpp", 1),
        ("phone", 1),
        ("email", 1),
        ("city", 1),
        ("responsible", 1),
        ("отрасль", 1),
        ("contact", 1),
        ("deal", 1),
        ("activity", 1),
    ];
    let mut facts = world(&fields);
    let linked = |kind: CrmKind, id: &str| {
        let mut one = record(id, "Звонок");
        one.id.kind = kind;
        one
    };
    let mut contact = linked(CrmKind::Contact, "1");
    contact.company_id = "X".into();
    let mut deal = linked(CrmKind::Deal, "2");
    deal.company_name = "ооо \"РОМАШКА\"".into();
    enter(&mut facts, vec![full("X"), contact, deal]);
    let found = scores(&facts, &verdicts(Verdict::InCrm, &["X"]));
    assert_eq!(
        found,
        [("P0".into(), 9_090, vec!["activity".into()])],
        "10 of 11; the doubtful and the exempt are left out"
    );

    type Spoil = fn(&mut CrmRecord);
    let junk: [(&str, Spoil); 8] = [
        ("title", |r| r.title = "Тест".into()),
        ("inn", |r| r.inn = "7707083894".into()),
        ("kpp", |r| r.kpp = "7707".into()),
        ("phone", |r| r.phone = "1111111".into()),
        ("email", |r| r.email = "нет".into()),
        ("city", |r| r.city = "-".into()),
        ("responsible", |r| r.responsible = String::new()),
        ("отрасль", |r| drop(r.fields.insert("Отрасль".into(), " ".into()))),
    ];
    for (field, spoil) in junk {
        let mut facts = facts.clone();
        spoil(&mut facts.records[0].record);
        // The deal hangs on the name.
        let lost = if field == "title" { vec![field, "deal", "activity"] } else { vec![field, "activity"] };
        assert_eq!(scores(&facts, &verdicts(Verdict::InCrm, &["X"]))[0].2, lost);
    }
}

#[test]
fn a_missing_card_scores_nothing_and_the_doubtful_are_counted_in_a_note() {
    let facts = world(&[("title", 3), ("inn", 2)]);
    let outcome = conclude(&facts, &verdicts(Verdict::NotInCrm, &[]), at(AS_OF));
    assert_eq!(outcome.cards.len(), 1);
    assert_eq!((outcome.cards[0].score, outcome.cards[0].record.clone()), (Rate::ZERO, None));
    assert_eq!(outcome.cards[0].missing, ["title", "inn"]);
    let note = outcome.findings.iter().find(|f| f.code == "cards_left_out").expect("a note");
    assert!(note.message.ru.contains("покупателей: 1"), "{}", note.message.ru);
}

#[test]
fn the_fullest_of_duplicates_counts() {
    let mut facts = world(&[("title", 1), ("inn", 1)]);
    enter(&mut facts, vec![record("X", "Ромашка"), full("Y")]);
    let outcome = conclude(&facts, &verdicts(Verdict::InCrm, &["X", "Y"]), at(AS_OF));
    assert_eq!((outcome.cards[0].score, outcome.cards[0].record.clone()), (Rate::WHOLE, Some(record_id("Y"))));
}

#[test]
fn a_closed_period_is_judged_on_its_closing_records_and_an_open_one_on_what_is_there() {
    let mut facts = world(&[("title", 1), ("inn", 1)]);
    enter(&mut facts, vec![full("X")]);
    let found = |facts: &Facts| scores(facts, &verdicts(Verdict::InCrm, &["X"]))[0].1;
    assert_eq!(found(&facts), 10_000);
    let october = Period::new(2026, 10).expect("a month");
    facts.closing_records.insert(october, vec![record("X", "Ромашка")]);
    assert_eq!(found(&facts), 5_000, "filled after the close does not count");
    facts.closing_records.insert(october, vec![]);
    assert_eq!(found(&facts), 0, "entered after the close does not count");
    facts.closing_records.clear();
    facts.records[0].gone = true;
    assert_eq!(found(&facts), 0, "a deleted card is no card");
}

#[test]
fn the_first_matching_segment_gives_the_profile() {
    let mut facts = world(&[("title", 1)]);
    facts.policy.versions[0].profiles.push(profile("vip", &[("title", 1), ("phone", 3)]));
    let by_flag = Segment { crm_flag: Some(("VIP".into(), "Да".into())), name: "vip".into(), ..Segment::default() };
    let by_name = Segment { members: vec!["\"Ромашка\"".into()], name: "listed".into(), ..Segment::default() };
    let mut own = record("X", "Ромашка");
    own.fields.insert("vip".into(), "да ".into());
    enter(&mut facts, vec![own]);
    let found = |facts: &Facts| {
        let outcome = conclude(facts, &verdicts(Verdict::InCrm, &["X"]), at(AS_OF));
        (outcome.cards[0].segment.clone(), outcome.cards[0].score.bp(), outcome.sales[0].segment.clone())
    };
    assert_eq!(found(&facts), ("all".into(), 10_000, "all".into()));
    facts.policy.versions[0].segments = vec![by_flag.clone(), by_name.clone()];
    assert_eq!(found(&facts), ("vip".into(), 2_500, "vip".into()));
    // A segment without a profile of its own takes the one for everybody.
    facts.policy.versions[0].segments = vec![by_name, by_flag];
    assert_eq!(found(&facts), ("listed".into(), 10_000, "listed".into()));
}
