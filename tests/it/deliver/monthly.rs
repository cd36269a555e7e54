//! The pages of a month: what they say, in numbers and as people read them.

use std::collections::BTreeSet;

use sverka::{
    deliver::{company_mail, pilot_mail},
    domain::{
        crm::{CrmId, CrmKind, CrmRecord, KnownRecord},
        facts::{Facts, Outcome},
        mail::FrozenMail,
        money::Rate,
        org::{Employee, Role},
        policy::{Profile, Requirement, Rule, RuleKind, Scope},
        report::{
            CompanyReport, PilotReport,
            company::{CompanyState, readiness},
            pilot::Said,
        },
        rule_facts::CardVersion,
        text::Lang,
        verdict::{Candidate, Status},
    },
};

use super::{
    fixture::{Spec, case, context, day, friday, period, person, sender, spec},
    readable::readable,
};

/// Nine sellers in three cohorts, four of them in the pilot.
fn sellers() -> Vec<Employee> {
    let hired = [
        "2026-10-01",
        "2026-09-15",
        "2026-10-20",
        "2024-05-01",
        "2024-06-01",
        "2025-01-15",
        "2020-01-01",
        "2019-01-01",
        "",
    ];
    (0..9)
        .map(|n| Employee {
            hired: (!hired[n].is_empty()).then(|| day(hired[n])),
            groups: if n % 2 == 0 && n < 8 { BTreeSet::from(["пилот".to_owned()]) } else { BTreeSet::new() },
            ..person(&format!("2{n:02}"), &format!("Продавец {n}"), "Опт", Role::Manager, Lang::Ru)
        })
        .collect()
}

/// A month of theirs: a client of each status, cards that differ, and a regulation with a stricter profile and a pilot.
pub(super) fn world() -> (Facts, Outcome) {
    let ids: Vec<String> = (0..9).map(|n| format!("2{n:02}")).collect();
    let mut specs: Vec<Spec> = Vec::new();
    for (n, id) in ids.iter().enumerate() {
        let who: &'static str = Box::leak(id.clone().into_boxed_str());
        for client in 0..6 {
            let status = match (n % 2, client) {
                (0, 0) | (1, 2) => Status::Late,
                (1, 0 | 1) => Status::Missing,
                (_, 5) if n == 8 => Status::Uncertain,
                (_, 5) if n == 7 => Status::NotJudgeable,
                _ => Status::OnTime,
            };
            specs.push(spec("2026-11-10", who, &format!("ООО «Клиент {n}-{client}»"), 10_000_000, status));
        }
        specs.push(spec(
            "2026-10-12",
            who,
            &format!("ООО «Старый {n}»"),
            5_000_000,
            if n < 3 { Status::Missing } else { Status::OnTime },
        ));
    }
    let (mut facts, mut outcome) = case(&specs);
    facts.roster.people.extend(sellers());
    let version = &mut facts.policy.versions[0];
    version.effective_from = day("2026-01-01");
    let profile = |segment: &str, fields: &[&str]| Profile {
        segment: segment.to_owned(),
        fields: fields.iter().map(|f| Requirement { field: (*f).to_owned(), weight: 1 }).collect(),
    };
    version.profiles = vec![profile("all", &["title", "phone"]), profile("vip", &["title", "phone", "email", "city"])];
    version.rules.push(Rule {
        id: "completeness".to_owned(),
        shadow: false,
        requires_acknowledgement: false,
        scope: Scope { groups: BTreeSet::from(["пилот".to_owned()]), ..Scope::default() },
        kind: RuleKind::Completeness { bands: Vec::new() },
    });
    for (index, spec) in specs.iter().enumerate() {
        if !matches!(spec.status, Status::OnTime | Status::Late) {
            continue;
        }
        let id = CrmId { source: "bitrix".to_owned(), kind: CrmKind::Company, id: format!("c{index}") };
        let mut record = CrmRecord::new(id.clone(), &spec.party);
        record.phone =
            if index % 5 == 4 { String::new() } else { format!("+7 495 123-4{}-{:02}", index % 10, 10 + index) };
        record.email = if index % 2 == 0 { format!("office{index}@client.ru") } else { String::new() };
        record.city = if index % 3 == 0 { "Москва".to_owned() } else { String::new() };
        record.responsible = format!("Продавец {}", spec.who.trim_start_matches("20"));
        outcome.verdicts[index].candidates = vec![Candidate {
            id,
            title: spec.party.clone(),
            score_bp: 10_000,
            reason: sverka::domain::text::Text::default(),
        }];
        facts.records.push(KnownRecord { record, entered_at: friday(), gone: false });
    }
    (facts, outcome)
}

/// The same with exports that also say who made and changed what: every other card by another person.
pub(super) fn told_world() -> (Facts, Outcome) {
    let (mut facts, outcome) = world();
    for (index, known) in facts.records.iter_mut().enumerate() {
        let author = match index % 4 {
            0 => "Продавец 1".to_owned(),
            1 => "Обмен данными".to_owned(),
            _ => known.record.responsible.clone(),
        };
        known.record.fields.insert("Кем создан".to_owned(), author);
    }
    (facts, outcome)
}

fn page((facts, outcome): &(Facts, Outcome)) -> CompanyReport {
    CompanyReport::build(facts, outcome, period(), &context())
}

pub fn company(full: bool, lang: Lang) -> FrozenMail {
    let world = if full { told_world() } else { case(&[]) };
    let reader = person("7", "Петров Пётр", "Розница", Role::Manager, lang);
    company_mail(&page(&world), &reader, &sender(), friday()).expect("a page")
}

pub fn pilot(lang: Lang) -> FrozenMail {
    let (facts, outcome) = world();
    let report = PilotReport::build(&facts, &outcome, period(), &context()).expect("a pilot");
    let reader = person("1", "Громова Ольга", "", Role::Head, lang);
    pilot_mail(&report, &reader, &sender(), friday()).expect("a page")
}

#[test]
fn the_pages_as_people_read_them() {
    for (lang, code) in [(Lang::Ru, "ru"), (Lang::En, "en")] {
        insta::assert_snapshot!(format!("company_page_{code}"), readable(&company(true, lang)));
        insta::assert_snapshot!(format!("company_page_without_sales_{code}"), readable(&company(false, lang)));
        insta::assert_snapshot!(format!("pilot_page_{code}"), readable(&pilot(lang)));
    }
}

#[test]
fn shares_of_the_month_are_of_the_turnover_and_add_up() {
    let world = world();
    let page = page(&world);
    assert_eq!(page.state, CompanyState::Ready);
    // 54 clients of equal turnover: 8 missing, one uncertain, one that cannot be judged.
    assert_eq!((page.month.clients, page.month.known_clients), (54, 44));
    assert_eq!(page.month.known, Rate::of(44, 54));
    assert_eq!(page.month.judged, Rate::of(52, 54));
    assert_eq!((page.month.uncertain, page.month.not_judgeable), (Rate::of(1, 54), Rate::of(1, 54)));
    let full =
        world.0.records.iter().filter(|k| !k.record.title.contains("Старый") && !k.record.phone.is_empty()).count();
    assert_eq!(page.month.complete, Rate::of(full as i64, 54));
    let months: Vec<String> = page.trend.iter().map(|t| format!("{} {:?}", t.period, t.known.map(Rate::bp))).collect();
    assert_eq!(months, ["2026-10 Some(6666)", "2026-11 Some(8148)"]);
}

#[test]
fn an_export_that_names_only_the_responsible_person_says_nothing_of_hands() {
    let hands = page(&world()).hands;
    assert_eq!((hands.single, hands.shared, hands.unknown), (Some(Rate::ZERO), Some(Rate::ZERO), Some(Rate::WHOLE)));
    assert_eq!(hands.clients, [0, 0, 50]);
    assert_eq!(hands.silent, 50);
}

#[test]
fn one_hand_is_told_from_two_and_a_stranger_from_neither() {
    let (mut facts, outcome) = told_world();
    let hands = page(&(facts.clone(), outcome.clone())).hands;
    let [single, shared, unknown] = hands.clients;
    assert_eq!((single + shared + unknown, hands.silent), (50, 0));
    // One in four was made by an exchange of data, which is nobody of the company.
    let strange = facts.records.iter().filter(|k| k.record.fields.values().any(|v| v.starts_with("Обмен"))).count();
    assert_eq!(unknown as usize, strange);
    assert!(single > 0 && shared > 0, "{hands:?}");

    // Who was responsible in an earlier export has touched the card as well.
    let alone =
        facts.records.iter().find(|k| k.record.fields.values().any(|v| *v == k.record.responsible)).expect("one");
    let mut before = alone.record.clone();
    before.responsible = "Петров Пётр".to_owned();
    facts.rule_facts.card_history = [before, alone.record.clone()]
        .into_iter()
        .map(|record| CardVersion { id: record.id.clone(), seen_at: friday(), record: Some(record) })
        .collect();
    assert_eq!(page(&(facts.clone(), outcome.clone())).hands.clients, [single - 1, shared + 1, unknown]);

    // A deal that somebody else keeps is a second hand.
    facts.rule_facts.card_history.clear();
    let company =
        facts.records.iter().find(|k| k.record.fields.values().any(|v| *v == k.record.responsible)).expect("one");
    let mut deal =
        CrmRecord::new(CrmId { source: "bitrix".to_owned(), kind: CrmKind::Deal, id: "d1".to_owned() }, "Поставка");
    deal.company_id.clone_from(&company.record.id.id);
    deal.responsible = "Сидорова Мария".to_owned();
    facts.records.push(KnownRecord { record: deal, entered_at: friday(), gone: false });
    assert_eq!(page(&(facts.clone(), outcome.clone())).hands.clients, [single - 1, shared + 1, unknown]);

    // Somebody who has left still stands alone, and is counted.
    for seller in &mut facts.roster.people {
        seller.left = Some(day("2026-11-01"));
    }
    assert_eq!(page(&(facts, outcome)).hands.left, single - 1);
}

#[test]
fn readiness_counts_who_would_meet_the_stricter_profile() {
    let (facts, outcome) = world();
    let (rows, lines) = readiness(&facts, &outcome, period(), &|_| true);
    let [row] = rows.as_slice() else { panic!("{rows:?}") };
    let full = |k: &&KnownRecord| {
        let r = &k.record;
        !r.title.contains("Старый") && !r.phone.is_empty() && !r.email.is_empty() && !r.city.is_empty()
    };
    let passing = facts.records.iter().filter(full).count();
    assert!(passing > 0);
    assert_eq!((row.segment.as_str(), row.clients, row.passing as usize), ("vip", 52, passing));
    assert_eq!(row.share, Rate::of(passing as i64, 52));
    assert_eq!(row.turnover, row.share, "all clients bought as much");
    assert_eq!(lines.len(), 52);
    let meets = |line: &&sverka::domain::report::company::ReadinessLine| line.then == Rate::WHOLE;
    assert!(lines.iter().filter(meets).all(|line| line.now == Rate::WHOLE), "a stricter profile asks for more");
    let (none, lines) = readiness(&facts, &outcome, period(), &|id| id.is_some_and(|id| id.0 == "201"));
    assert_eq!((none[0].clients, lines.len()), (6, 6), "a head sees his own people");
}

#[test]
fn cohorts_are_three_people_at_least() {
    let page = page(&world());
    let rows: Vec<(usize, Vec<&str>)> = page.cohorts.rows.iter().map(|c| (c.people, c.bands.clone())).collect();
    assert_eq!(rows, [(3, vec!["under_3_months"]), (6, vec!["under_3_years", "over_3_years", "hired_unknown"])]);
    let sales: u32 = page.cohorts.rows.iter().map(|c| c.sales).sum();
    assert_eq!(sales, 52);
}

#[test]
fn the_pilot_is_compared_with_everybody_else_and_small_groups_are_not() {
    let (mut facts, outcome) = world();
    let report = PilotReport::build(&facts, &outcome, period(), &context()).expect("a pilot");
    let group = &report.groups[0];
    assert_eq!((group.people, group.rest), (4, 5));
    let in_time = &group.measures[0];
    assert_eq!((in_time.pilot.hits, in_time.pilot.clients, in_time.rest.hits, in_time.rest.clients), (20, 24, 15, 28));
    assert_eq!(in_time.said, Said::NotApart, "nine people are few: {in_time:?}");
    let (low, high) = (in_time.low_bp.expect("an end"), in_time.high_bp.expect("an end"));
    assert!(low <= 0 && 0 < in_time.difference_bp.expect("a difference") && high <= 10_000, "{in_time:?}");
    assert_eq!(group.measures[1].said, Said::NotApart, "{:?}", group.measures[1]);

    let mut worse = outcome.clone();
    let members = ["200", "202", "204", "206"];
    for sale in
        worse.sales.iter_mut().filter(|s| s.employee.as_ref().is_some_and(|id| !members.contains(&id.0.as_str())))
    {
        sale.status = Status::Missing;
    }
    let report = PilotReport::build(&facts, &worse, period(), &context()).expect("a pilot");
    let apart = &report.groups[0].measures[0];
    assert!(apart.said == Said::Above && apart.low_bp > Some(0), "{apart:?}");

    for seller in facts.roster.people.iter_mut().filter(|p| p.id.0 == "200" || p.id.0 == "202") {
        seller.groups.clear();
    }
    let report = PilotReport::build(&facts, &outcome, period(), &context()).expect("a pilot");
    let small = &report.groups[0].measures[0];
    assert_eq!((small.said, small.difference_bp, small.low_bp), (Said::TooFew, None, None));

    facts.policy.versions[0].rules.pop();
    assert!(PilotReport::build(&facts, &outcome, period(), &context()).is_none());
}

#[test]
fn the_page_for_everybody_names_no_client_no_person_and_no_sum() {
    let (facts, _) = told_world();
    for lang in [Lang::Ru, Lang::En] {
        let mail = readable(&company(true, lang));
        let body = mail.split_once("===== text").expect("a text").1;
        assert!(!body.contains('₽'), "{body}");
        for party in &facts.parties {
            assert!(!body.contains(&party.name), "{}", party.name);
        }
        for seller in sellers() {
            assert!(!body.contains(&seller.name), "{}", seller.name);
        }
    }
}
