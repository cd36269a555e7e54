//! What reports say of alerts and trainings: how long to a complete card, and what a training changed.

use chrono::{DateTime, TimeDelta, Utc};
use sverka::domain::{
    crm::{CrmId, CrmKind, CrmRecord, KnownRecord},
    facts::{Facts, Outcome},
    org::EmployeeId,
    period::Period,
    policy::{Profile, Requirement},
    report::company::{EffectState, FirstTold, TrainingEffect, fixes, training_list},
    rule_facts::{CardVersion, Training},
    text::Text,
    verdict::{Candidate, Status},
};

use super::fixture::{Spec, case, day, friday, period, spec};

pub(super) fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

/// Sales to known clients whose cards are asked for a name and a phone; each card's contents by instant.
pub(super) fn world(specs: &[Spec], cards: &[&[(&str, &str)]]) -> (Facts, Outcome) {
    let (mut facts, mut outcome) = case(specs);
    let version = &mut facts.policy.versions[0];
    version.effective_from = day("2026-01-01");
    version.profiles = vec![Profile {
        segment: "all".to_owned(),
        fields: ["title", "phone"].map(|f| Requirement { field: f.to_owned(), weight: 1 }).to_vec(),
    }];
    for (index, contents) in cards.iter().enumerate() {
        let id = CrmId { source: "bitrix".to_owned(), kind: CrmKind::Company, id: format!("c{index}") };
        let record =
            |phone: &str| CrmRecord { phone: phone.to_owned(), ..CrmRecord::new(id.clone(), &specs[index].party) };
        for (seen, phone) in *contents {
            facts.rule_facts.card_history.push(CardVersion {
                id: id.clone(),
                seen_at: at(seen),
                record: Some(record(phone)),
            });
        }
        let (Some(first), Some(last)) = (contents.first(), contents.last()) else { continue };
        facts.records.push(KnownRecord { record: record(last.1), entered_at: at(first.0), gone: false });
        outcome.verdicts[index].candidates =
            vec![Candidate { id, title: specs[index].party.clone(), score_bp: 10_000, reason: Text::default() }];
    }
    (facts, outcome)
}

pub(super) const PHONE: &str = "+7 495 123-45-67";

#[test]
fn time_to_fix_runs_from_the_first_alert_to_the_export_with_a_complete_card() {
    let status = Status::OnTime;
    let names = ["А", "Б", "В", "Г", "Д", "Е"].map(|name| format!("ООО «{name}»"));
    let mut specs: Vec<Spec> = names.iter().map(|name| spec("2026-11-02", "7", name, 1_000_000, status)).collect();
    specs[5].status = Status::Missing;
    let (facts, outcome) = world(
        &specs,
        &[
            // Complete a day, two, four and eight days after the alert.
            &[("2026-11-06T07:00:00Z", PHONE)],
            &[("2026-11-06T12:00:00Z", ""), ("2026-11-07T07:00:00Z", PHONE)],
            &[("2026-11-09T07:00:00Z", PHONE)],
            &[("2026-11-06T07:00:00Z", ""), ("2026-11-08T07:00:00Z", "1111111"), ("2026-11-13T07:00:00Z", PHONE)],
            // Entered, never complete.
            &[("2026-11-06T07:00:00Z", "")],
        ],
    );
    let seven = EmployeeId("7".to_owned());
    let mut told: FirstTold =
        facts.sales.iter().map(|sale| ((seven.clone(), sale.key.clone()), at("2026-11-05T07:00:00Z"))).collect();
    let rows = fixes(&facts, &outcome, &told, friday(), &|_| true);
    let [row] = rows.as_slice() else { panic!("{rows:?}") };
    assert_eq!((row.alerted, row.fixed, row.entered), (6, 4, 1), "one is in the CRM without a phone, one is not there");
    assert_eq!(row.hours, [24, 48, 96], "nearest ranks of 24, 48, 96 and 192 hours");

    assert!(fixes(&facts, &outcome, &told, friday(), &|id| id.is_some_and(|id| id.0 == "8")).is_empty());
    for told in told.values_mut() {
        *told -= TimeDelta::days(100);
    }
    assert!(fixes(&facts, &outcome, &told, friday(), &|_| true).is_empty(), "ninety days are looked at");
}

fn effect(topic: &str, as_of: &str) -> TrainingEffect {
    let sold = |day: &'static str, name: &str| spec(day, "7", name, 1_000_000, Status::OnTime);
    let specs = [
        sold("2026-09-20", "ООО «А»"),
        sold("2026-09-25", "ООО «Б»"),
        sold("2026-10-12", "ООО «В»"),
        sold("2026-10-20", "ООО «Г»"),
        sold("2026-11-02", "ООО «Д»"),
        spec("2026-10-20", "8", "ООО «Чужой»", 1_000_000, Status::OnTime),
    ];
    let (mut facts, outcome) = world(
        &specs,
        &[
            // Filled only after the first window was over: it lacked the phone then.
            &[("2026-09-20T07:00:00Z", ""), ("2026-10-20T07:00:00Z", PHONE)],
            &[("2026-09-20T07:00:00Z", PHONE)],
            &[("2026-10-12T07:00:00Z", PHONE)],
            &[("2026-10-12T07:00:00Z", ""), ("2026-11-05T07:00:00Z", PHONE)],
            &[("2026-11-02T07:00:00Z", "")],
            &[("2026-10-12T07:00:00Z", "")],
        ],
    );
    let employee = EmployeeId("7".to_owned());
    facts.rule_facts.trainings =
        vec![Training { id: "t".to_owned(), topic: topic.to_owned(), employee, on: day("2026-10-12") }];
    let list = training_list(&facts, &outcome, period(), at(as_of), &|_| true);
    assert_eq!(list.trainings.len(), 1);
    list.trainings[0].clone()
}

#[test]
fn a_training_is_measured_over_two_equal_windows_as_cards_stood_at_their_ends() {
    let found = effect("phone", "2026-11-20T14:00:00Z");
    assert_eq!((found.state, found.before, found.after), (EffectState::Measured, (1, 2), (1, 3)));
    assert_eq!(found.until, day("2026-11-11"));
    assert_eq!(effect("phone", "2026-11-10T14:00:00Z").state, EffectState::Early);
    assert_eq!(effect("contact", "2026-11-20T14:00:00Z").state, EffectState::Unmeasurable);
}

#[test]
fn the_training_list_names_fields_that_cards_of_the_month_lack() {
    let specs = [
        spec("2026-11-02", "7", "ООО «А»", 1_000_000, Status::OnTime),
        spec("2026-11-03", "7", "ООО «Б»", 1_000_000, Status::OnTime),
        spec("2026-11-03", "8", "ООО «В»", 1_000_000, Status::OnTime),
        spec("2026-11-03", "7", "ООО «Г»", 1_000_000, Status::Missing),
    ];
    let full: &[(&str, &str)] = &[("2026-11-02T07:00:00Z", PHONE)];
    let bare: &[(&str, &str)] = &[("2026-11-02T07:00:00Z", "")];
    let (facts, outcome) = world(&specs, &[full, bare, full]);
    let list = training_list(&facts, &outcome, period(), friday(), &|_| true);
    let [learner] = list.people.as_slice() else { panic!("{:?}", list.people) };
    assert_eq!(
        (learner.name.as_str(), learner.cards),
        ("Петров Пётр", 2),
        "a client without a card is no matter of fields"
    );
    assert_eq!(learner.topics, [("phone".to_owned(), 1)]);
    let none = training_list(&facts, &outcome, Period::new(2026, 10).expect("a period"), friday(), &|_| true);
    assert!(none.people.is_empty());
}
