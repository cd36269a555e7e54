//! What counts on the pages of a month and what does not, at the edges. Deliberately absent: how pages read (`monthly`).

use std::collections::BTreeSet;

use chrono::TimeDelta;
use sverka::domain::{
    facts::{Facts, Outcome},
    money::{Money, Rate},
    org::EmployeeId,
    policy::{Profile, Requirement},
    report::{
        CompanyReport, PilotReport,
        company::{EffectState, FirstTold, fixes, model_card, readiness, training_list},
        pilot::Said,
    },
    rule_facts::Training,
    sale::SaleKey,
    verdict::Status,
};

use super::{
    fixture::{Spec, case, context, day, friday, period, spec},
    looked_back::{self, PHONE, at},
    monthly,
};

/// A further document of the buyer of a sale.
fn again(facts: &mut Facts, outcome: &mut Outcome, of: usize, change: impl Fn(&mut sverka::domain::sale::Sale)) {
    let (mut sale, mut assessed) = (facts.sales[of].clone(), outcome.sales[of].clone());
    sale.number = format!("9{:06}", facts.sales.len());
    change(&mut sale);
    sale.key = SaleKey::new("ООО Образец", &sale.number, sale.date);
    assessed.sale = sale.key.clone();
    facts.party_of.push(facts.party_of[of]);
    facts.sales.push(sale);
    outcome.sales.push(assessed);
}

fn last(outcome: &mut Outcome) -> &mut sverka::domain::verdict::AssessedSale {
    outcome.sales.last_mut().expect("a sale")
}

#[test]
fn other_currencies_returns_and_exempt_sales_move_no_number() {
    for (mut facts, mut outcome) in [monthly::world(), monthly::told_world()] {
        let seller = EmployeeId("201".to_owned());
        facts.rule_facts.trainings =
            vec![Training { id: "t".to_owned(), topic: "phone".to_owned(), employee: seller, on: day("2026-11-05") }];
        let told = |facts: &Facts, outcome: &Outcome| {
            let mut page = CompanyReport::build(facts, outcome, period(), &context());
            // Which deal is the model may follow from what came back.
            page.deal = None;
            let pilot = PilotReport::build(facts, outcome, period(), &context()).expect("a pilot");
            let training = training_list(facts, outcome, period(), friday(), &|_| true);
            (page, pilot.groups, training, readiness(facts, outcome, period(), &|_| true))
        };
        let before = told(&facts, &outcome);
        for of in 0..facts.sales.len() {
            again(&mut facts, &mut outcome, of, |sale| sale.currency = "EUR".to_owned());
            last(&mut outcome).status = Status::Missing;
            again(&mut facts, &mut outcome, of, |sale| sale.amount = Money::from_kopecks(-1));
            last(&mut outcome).status = Status::Missing;
            again(&mut facts, &mut outcome, of, |_| ());
            last(&mut outcome).status = Status::Exempt;
            // The page ends with its month.
            again(&mut facts, &mut outcome, of, |sale| sale.date = day("2026-12-01"));
        }
        let after = told(&facts, &outcome);
        assert_eq!(before.0.hands, after.0.hands);
        assert_eq!(before.0.cohorts, after.0.cohorts);
        assert_eq!(before.0, after.0);
        assert_eq!(before.1, after.1);
        assert_eq!(before.2, after.2);
        assert_eq!(before.3, after.3);
    }
}

#[test]
fn turnover_of_a_client_is_the_sum_of_its_sales_and_its_segment_that_of_the_last() {
    let specs = [
        spec("2026-11-20", "7", "ООО «А»", 100, Status::OnTime),
        spec("2026-11-03", "7", "ООО «А»", 200, Status::OnTime),
        spec("2026-11-04", "7", "ООО «Б»", 300, Status::Missing),
    ];
    let (mut facts, mut outcome) = case(&specs);
    facts.party_of[1] = 0;
    outcome.sales[1].party = outcome.sales[0].party.clone();
    let profile = |segment: &str| Profile {
        segment: segment.to_owned(),
        fields: vec![Requirement { field: "title".to_owned(), weight: 1 }],
    };
    facts.policy.versions[0].effective_from = day("2026-01-01");
    facts.policy.versions[0].profiles = vec![profile("all"), profile("vip")];
    // The document of the third has the greater key, that of the twentieth the later date.
    outcome.sales[0].segment = "vip".to_owned();
    let lines = |facts: &Facts, outcome: &Outcome| {
        let (rows, lines) = readiness(facts, outcome, period(), &|_| true);
        (rows.len(), lines.into_iter().map(|line| (line.party, line.turnover.kopecks())).collect::<Vec<_>>())
    };
    assert_eq!(lines(&facts, &outcome), (1, vec![("ООО «Б»".to_owned(), 300)]));
    outcome.sales[0].segment = "all".to_owned();
    outcome.sales[1].segment = "vip".to_owned();
    assert_eq!(lines(&facts, &outcome).1, [("ООО «А»".to_owned(), 300), ("ООО «Б»".to_owned(), 300)]);
    // Half of the turnover has a known client.
    assert_eq!(CompanyReport::build(&facts, &outcome, period(), &context()).month.known.map(Rate::bp), Some(5_000));
}

#[test]
fn the_first_sale_of_the_model_card_is_no_return() {
    let specs = [spec("2026-11-10", "7", "ООО «А»", 1_000_000, Status::OnTime)];
    let (mut facts, mut outcome) = looked_back::world(&specs, &[&[("2026-11-02T07:00:00Z", PHONE)]]);
    outcome.sales[0].entered_at = Some(at("2026-11-02T07:00:00Z"));
    let ahead = |facts: &Facts, outcome: &Outcome| {
        model_card(facts, outcome, period(), &context()).map(|card| (card.days_ahead, card.chosen_from))
    };
    assert_eq!(ahead(&facts, &outcome), Some((8, 1)));
    again(&mut facts, &mut outcome, 0, |sale| {
        (sale.date, sale.amount) = (day("2026-11-03"), Money::from_kopecks(-100));
    });
    assert_eq!(ahead(&facts, &outcome), Some((8, 1)));
    // A card that was complete before the month began is no card of this month.
    let (facts, outcome) = looked_back::world(&specs, &[&[("2026-10-31T20:59:59Z", PHONE)]]);
    assert_eq!(ahead(&facts, &outcome), None);
}

#[test]
fn alerts_count_within_ninety_days_and_those_after_the_card_give_no_time() {
    let sold = |who: &'static str, name: &str| spec("2026-11-02", who, name, 1_000_000, Status::OnTime);
    let specs = [sold("7", "ООО «А»"), sold("8", "ООО «Б»"), sold("9", "ООО «В»"), sold("9", "ООО «Г»")];
    let full = |seen: &'static str| [(seen, PHONE)];
    let (early, later, bare) =
        (full("2026-11-04T07:00:00Z"), full("2026-11-07T07:00:00Z"), [("2026-11-04T07:00:00Z", "")]);
    let (facts, outcome) = looked_back::world(&specs, &[&early, &later, &bare]);
    let told = |when: [&str; 4]| -> FirstTold {
        let own = facts.sales.iter().zip(&specs).zip(when);
        own.map(|((sale, spec), when)| ((EmployeeId(spec.who.to_owned()), sale.key.clone()), at(when))).collect()
    };
    let rows = |told: &FirstTold| -> Vec<(String, [u32; 3], Vec<i64>)> {
        let rows = fixes(&facts, &outcome, told, friday(), &|_| true);
        rows.into_iter().map(|row| (row.id.0, [row.alerted, row.fixed, row.entered], row.hours)).collect()
    };
    let morning = "2026-11-05T07:00:00Z";
    // Nothing is complete with 9; 8 took two days; the card of 7 was complete before anybody was told.
    assert_eq!(
        rows(&told([morning; 4])),
        [
            ("9".to_owned(), [2, 0, 1], vec![]),
            ("8".to_owned(), [1, 1, 0], vec![48, 48, 48]),
            ("7".to_owned(), [1, 1, 0], vec![]),
        ]
    );
    // In the very instant is no time at all; what lies ahead, or back by more than ninety days, is not looked at.
    let ninety = friday() - TimeDelta::days(90);
    let (edge, over) = (ninety.to_rfc3339(), (ninety - TimeDelta::seconds(1)).to_rfc3339());
    let found = rows(&told(["2026-11-04T07:00:00Z", &edge, "2026-11-20T14:00:01Z", &over]));
    assert_eq!(found.iter().map(|(id, ..)| id.as_str()).collect::<Vec<_>>(), ["8", "7"]);
    assert_eq!(found[1].2, [0, 0, 0]);
    // The earliest mail about a client counts, whichever of its sales it was about.
    let (mut facts, mut outcome) = (facts.clone(), outcome.clone());
    again(&mut facts, &mut outcome, 1, |_| ());
    let mut twice = told([morning; 4]);
    twice.insert((EmployeeId("8".to_owned()), facts.sales[4].key.clone()), at("2026-11-06T07:00:00Z"));
    let rows = fixes(&facts, &outcome, &twice, friday(), &|id| id.is_some_and(|id| id.0 == "8"));
    assert_eq!((rows[0].alerted, rows[0].hours.clone()), (1, vec![48, 48, 48]));
}

#[test]
fn windows_of_a_training_are_half_open_and_end_with_their_days() {
    let found = |dates: &[&'static str], as_of: &str| {
        let specs: Vec<Spec> = dates.iter().map(|day| spec(day, "7", "ООО «А»", 1_000_000, Status::OnTime)).collect();
        let bare: &[(&str, &str)] = &[("2026-08-01T07:00:00Z", "")];
        let (mut facts, outcome) = looked_back::world(&specs, &vec![bare; dates.len()]);
        let (id, employee) = ("t".to_owned(), EmployeeId("7".to_owned()));
        let on = day("2026-10-12");
        facts.rule_facts.trainings = vec![Training { id, topic: "phone".to_owned(), employee, on }];
        let list = training_list(&facts, &outcome, period(), at(as_of), &|_| true);
        let own = &list.trainings[0];
        (own.state, own.before.1, own.after.1)
    };
    // The thirty days before the training, and the thirty from its day on.
    let days = ["2026-09-11", "2026-09-12", "2026-10-11", "2026-10-12", "2026-11-10", "2026-11-11"];
    assert_eq!(found(&days, "2026-11-20T14:00:00Z"), (EffectState::Measured, 2, 2));
    // The last day is over at midnight in Moscow.
    assert_eq!(found(&days, "2026-11-10T20:59:59Z").0, EffectState::Early);
    assert_eq!(found(&days, "2026-11-10T21:00:00Z").0, EffectState::Measured);
    assert_eq!(found(&days[..3], "2026-11-20T14:00:00Z").0, EffectState::Empty);
    assert_eq!(found(&days[3..], "2026-11-20T14:00:00Z").0, EffectState::Empty);
}

#[test]
fn a_pilot_that_does_worse_is_said_to_and_three_people_are_enough() {
    let (mut facts, mut outcome) = monthly::world();
    let members = ["200", "202", "204", "206"];
    for sale in &mut outcome.sales {
        let pilot = sale.employee.as_ref().is_some_and(|id| members.contains(&id.0.as_str()));
        sale.status = if pilot { Status::Missing } else { Status::OnTime };
    }
    let said = |facts: &Facts, outcome: &Outcome| {
        let report = PilotReport::build(facts, outcome, period(), &context()).expect("a pilot");
        let months: Vec<String> = report.groups[0].months.iter().map(|month| month.period.to_string()).collect();
        (report.groups[0].measures[0].clone(), months)
    };
    let (measure, months) = said(&facts, &outcome);
    assert_eq!((measure.said, measure.difference_bp), (Said::Below, Some(-10_000)));
    assert!(measure.low_bp <= measure.difference_bp && measure.difference_bp <= measure.high_bp, "{measure:?}");
    assert_eq!(months, ["2026-10", "2026-11"]);
    // What a person must decide is neither in time nor not.
    let of = measure.pilot.clients;
    let open = outcome.sales.iter_mut().find(|sale| sale.employee.as_ref().is_some_and(|id| id.0 == "200"));
    open.expect("a sale").status = Status::Uncertain;
    assert_eq!(said(&facts, &outcome).0.pilot.clients, of - 1);
    for (left, apart) in [(3, true), (2, false)] {
        let own = facts.roster.people.iter_mut().filter(|person| !person.groups.is_empty());
        own.skip(left).for_each(|person| person.groups.clear());
        assert_eq!(said(&facts, &outcome).0.difference_bp.is_some(), apart, "{left}");
    }
}

#[test]
fn a_client_counts_once_for_each_of_its_sellers_and_in_time_only_with_all_its_sales() {
    let sold = |day: &'static str, who: &'static str, name: &str, status| spec(day, who, name, 1_000_000, status);
    let specs = [
        sold("2026-11-02", "7", "ООО «А»", Status::OnTime),
        sold("2026-11-03", "7", "ООО «А»", Status::Late),
        sold("2026-11-04", "8", "ООО «А»", Status::OnTime),
        sold("2026-11-05", "8", "ООО «Б»", Status::OnTime),
        sold("2026-10-05", "8", "ООО «В»", Status::OnTime),
        sold("2026-09-05", "8", "ООО «Г»", Status::OnTime),
        sold("2026-08-05", "8", "ООО «Д»", Status::OnTime),
    ];
    let (mut facts, mut outcome) = looked_back::world(&specs, &[&[("2026-11-02T07:00:00Z", PHONE)]]);
    for at in [1, 2] {
        facts.party_of[at] = 0;
        outcome.sales[at].party = outcome.sales[0].party.clone();
    }
    let group = BTreeSet::from(["пилот".to_owned()]);
    facts.roster.people.iter_mut().filter(|p| p.id.0 == "7").for_each(|p| p.groups = group.clone());
    facts.policy.versions[0].rules[0].scope.groups = group;
    let report = PilotReport::build(&facts, &outcome, period(), &context()).expect("a pilot");
    let sides = |at: usize| {
        let measure = &report.groups[0].measures[at];
        [measure.pilot, measure.rest].map(|side| (side.people, side.hits, side.clients))
    };
    assert_eq!(sides(0), [(1, 0, 1), (1, 2, 2)]);
    assert_eq!(sides(1), [(1, 1, 1), (1, 1, 2)]);
    let months: Vec<String> = report.groups[0].months.iter().map(|month| month.period.to_string()).collect();
    assert_eq!(months, ["2026-09", "2026-10", "2026-11"]);
}

#[test]
fn quartiles_are_nearest_ranks_also_of_few() {
    let specs = ["ООО «А»", "ООО «Б»"].map(|name| spec("2026-11-02", "7", name, 1_000_000, Status::OnTime));
    let cards = [[("2026-11-06T07:00:00Z", PHONE)], [("2026-11-09T07:00:00Z", PHONE)]];
    let (facts, outcome) = looked_back::world(&specs, &[&cards[0], &cards[1]]);
    let seven = EmployeeId("7".to_owned());
    let told: FirstTold =
        facts.sales.iter().map(|sale| ((seven.clone(), sale.key.clone()), at("2026-11-05T07:00:00Z"))).collect();
    let rows = fixes(&facts, &outcome, &told, friday(), &|_| true);
    assert_eq!(rows[0].hours, [24, 24, 96]);
}
