//! Every entry of every kind walks back: to its document or period, to the place its figures were read from, to the CRM data
//! it was judged against, to what decided it, and to the arithmetic. Deliberately absent: amounts (each rule has its own laws).

use std::collections::BTreeMap;

use sverka::domain::{
    adjust::explain,
    facts::Facts,
    ledger::{EntryKind, Evidence, SUBJECT_PERIOD, Wanted},
    money::{Money, Rate},
    org::EmployeeId,
    period::Period,
    policy::{Band, ContestBy, Premium, Profile, Requirement, RuleKind},
    rule_facts::{CallLeg, Vote},
    text::Text,
    verdict::{PartyVerdict, Verdict},
};

use super::{
    book::Book,
    world::{at, cap, conclude, facts, missing, party, rub, rule, sale, verdict},
};

const CLOSE: &str = "2026-11-05 10:00:00";

fn october() -> Period {
    Period::new(2026, 10).expect("a month")
}

fn absent() -> [PartyVerdict; 1] {
    [verdict("P0", Verdict::NotInCrm, &["X"])]
}

/// One sale of 100 000,00 whose buyer is missing, in a month that is being closed, under rules of every kind.
fn world() -> Facts {
    let bands = vec![Band { from: Rate::ZERO, to: Rate::from_bp(10_001), premium: Premium::Fixed(rub("100.00")) }];
    let recording =
        RuleKind::CallRecording { min_seconds: 10, match_minutes: 5, per_recorded: Money::ZERO, bands: bands.clone() };
    let rules = vec![
        missing(5_000, 0),
        rule(RuleKind::DealApproval { escalate_working_days: 5 }),
        rule(RuleKind::Completeness { bands: bands.clone() }),
        rule(RuleKind::Freshness { fresh_days: 10, bands }),
        rule(recording),
        rule(RuleKind::Contest { by: ContestBy::Votes, prizes: vec![rub("300.00")] }),
        cap(2_000),
    ];
    let sales = vec![sale("1", "2026-10-06", "P0", "Иванов И.И.", "100000.00")];
    let mut facts = facts(CLOSE, vec![party("P0", "Ромашка")], sales, rules);
    facts.rule_facts.closes = BTreeMap::from([(october(), at(CLOSE))]);
    let demand = Requirement { field: "phone".into(), weight: 1 };
    facts.policy.versions[0].profiles = vec![Profile { segment: "all".into(), fields: vec![demand] }];
    facts.rule_facts.calls = vec![CallLeg {
        source: "calls".into(),
        linked_id: "a".into(),
        number: "+7 916 000-11-22".into(),
        employee: "0001".into(),
        started_at: at("2026-10-20 12:00:00"),
        seconds: 30,
        result: String::new(),
        file_hash: "a".repeat(64),
        place: sverka::domain::finding::SourceRef { row: 2, ..sverka::domain::finding::SourceRef::file("calls.csv") },
    }];
    facts.rule_facts.call_days = ["2026-10-20".parse().expect("a day")].into();
    let (juror, employee) = (EmployeeId("0002".into()), EmployeeId("0001".into()));
    facts.rule_facts.votes = vec![Vote { period: october(), rule: "contest".into(), juror, employee }];
    facts
}

fn lines(facts: &Facts) -> Vec<Wanted> {
    conclude(facts, &absent(), at(CLOSE)).wanted
}

fn plain(text: &Text) -> (String, String) {
    (text.ru.replace('\u{a0}', " "), text.en.clone())
}

fn says(text: &Text, ru: &str, en: &str) {
    assert_eq!(plain(text), (ru.to_owned(), en.to_owned()));
}

#[test]
fn every_kind_of_line_walks_back() {
    let facts = world();
    let all = lines(&facts);
    let rules: Vec<&str> = all.iter().map(|w| w.key.rule.as_str()).collect();
    let expected =
        ["call_recording", "cap", "completeness", "contest", "freshness", "deal_approval", "missing_counterparty"];
    assert_eq!(rules, expected, "a line of every kind");
    for line in &all {
        let Evidence { document, source, file_hash, snapshots, status, arithmetic, cause, .. } = &line.evidence;
        assert!(!line.shadow && line.policy_version == "2026-1", "{line:?}");
        assert_eq!(*snapshots, [format!("crm 2026-11-05T07:00:00+00:00 {}", "c".repeat(64))], "{}", line.key.rule);
        for text in [document, arithmetic, cause] {
            assert!(!text.ru.is_empty() && !text.en.is_empty(), "{line:?}");
        }
        assert!(!status.is_empty(), "{line:?}");
        if line.key.subject == SUBJECT_PERIOD {
            says(document, "за период 2026-10", "period 2026-10");
        } else {
            says(document, "№ 1 от 06.10.2026", "No. 1 of 2026-10-06");
            says(source, "Продажи.xlsx, лист «TDSheet», строка 7", "Продажи.xlsx, sheet “TDSheet”, row 7");
            assert_eq!(*file_hash, "f".repeat(64));
        }
    }
}

/// The line of a rule with its status, arithmetic and cause.
fn expect(
    all: &[Wanted],
    rule: &str,
    kind: EntryKind,
    status: &str,
    arithmetic: [&str; 2],
    cause: [&str; 2],
) -> Evidence {
    let line = all.iter().find(|w| w.key.rule == rule).expect(rule);
    assert_eq!((line.kind, line.evidence.status.as_str()), (kind, status), "{rule}");
    says(&line.evidence.arithmetic, arithmetic[0], arithmetic[1]);
    says(&line.evidence.cause, cause[0], cause[1]);
    line.evidence.clone()
}

#[test]
fn lines_over_documents_say_what_decided_and_how_it_was_reckoned() {
    let all = lines(&world());
    let own = expect(
        &all,
        "missing_counterparty",
        EntryKind::Reduction,
        "missing",
        [
            "100 000,00 × 1,25 % = 1 250,00; 1 250,00 × 50 % = 625,00",
            "100,000.00 × 1.25% = 1,250.00; 1,250.00 × 50% = 625.00",
        ],
        ["карточки нет в CRM, срок прошёл 09.10.2026", "no card in the CRM, the last day was 2026-10-09"],
    );
    assert_eq!(own.party, "P0");
    assert!(own.matching.en.starts_with("by name; nearest, rejected: «Карточка X» (crm:company:X), 95%"));
    expect(
        &all,
        "deal_approval",
        EntryKind::Deferral,
        "awaiting_approval",
        ["100 000,00 × 1,25 % = 1 250,00: премия отложена", "100,000.00 × 1.25% = 1,250.00: the bonus is deferred"],
        ["сделка ждёт решения руководителя", "the deal waits for the head’s decision"],
    );
}

#[test]
fn lines_over_a_period_say_what_was_measured_and_how_it_was_reckoned() {
    let all = lines(&world());
    let cards =
        ["изменились карточки на закрытие или премия периода", "the cards at the close or the period's bonus changed"];
    let own = expect(
        &all,
        "completeness",
        EntryKind::Premium,
        "0",
        [
            "средняя полнота 0 % (карточек: 1), ступень 0 % – 100 %: 100,00",
            "mean completeness 0% (cards: 1), band 0% – 100%: 100.00",
        ],
        cards,
    );
    says(&own.source, "карточек покупателей периода: 1", "cards of the period's buyers: 1");
    let own = expect(
        &all,
        "freshness",
        EntryKind::Premium,
        "0",
        [
            "обновлено за 10 дн. 0 из 1 карточек (0 %), ступень 0 % – 100 %: 100,00",
            "kept up within 10 days 0 of 1 cards (0%), band 0% – 100%: 100.00",
        ],
        cards,
    );
    says(&own.source, "карточек покупателей периода: 1", "cards of the period's buyers: 1");
    let own = expect(
        &all,
        "call_recording",
        EntryKind::Premium,
        "0",
        [
            "звонков 1, занесено в CRM 0 (0 %); ступень 0 % – 100 %: 100,00; рабочих дней без данных телефонии: 21",
            "calls made 1, recorded in the CRM 0 (0%); band 0% – 100%: 100.00; working days without telephony data: 21",
        ],
        [
            "изменились звонки, записи CRM или премия периода",
            "the calls, the CRM’s records or the period’s bonus changed",
        ],
    );
    says(&own.source, "calls.csv, строка 2", "calls.csv, row 2");
    assert_eq!(own.file_hash, "a".repeat(64));
    expect(
        &all,
        "contest",
        EntryKind::Premium,
        "1",
        ["голосов жюри: 1; место 1 из 1: 300,00", "votes of the jury: 1; place 1 of 1: 300.00"],
        ["места в конкурсе изменились", "the places of the contest changed"],
    );
    expect(
        &all,
        "cap",
        EntryKind::CapRelief,
        "cap",
        [
            "предел: 1 250,00 × 20 % = 250,00; снижения 625,00 - 250,00 = 375,00",
            "limit: 1,250.00 × 20% = 250.00; reductions 625.00 - 250.00 = 375.00",
        ],
        ["изменились премия или снижения периода", "the period's bonus or reductions changed"],
    );
}

#[test]
fn what_is_taken_back_walks_back_as_well() {
    let mut facts = world();
    let mut book = Book::default();
    book.post(&lines(&facts));
    // Without any rule nothing is wanted: everything goes back.
    facts.policy.versions[0].rules.clear();
    let outcome = conclude(&facts, &absent(), at(CLOSE));
    let mut back = book.post(&outcome.wanted);
    assert_eq!(back.len(), 7);
    explain(&mut back, &facts, &absent(), &outcome.sales);
    for entry in &back {
        let own = &entry.evidence;
        assert_eq!(own.snapshots.len(), 1, "{entry:?}");
        assert!(own.cause.en.contains("posted so far") && own.cause.en.ends_with("due 0.00"), "{entry:?}");
        if entry.key.subject == SUBJECT_PERIOD {
            says(&own.document, "за период 2026-10", "period 2026-10");
            assert!(own.arithmetic.en.starts_with("due 0.00; posted "), "{entry:?}");
            assert!(own.cause.en.starts_with("the ground is gone"), "{entry:?}");
        } else {
            says(&own.document, "№ 1 от 06.10.2026", "No. 1 of 2026-10-06");
            assert_eq!(own.status, "missing");
            assert!(own.cause.en.starts_with("no card in the CRM, the last day was 2026-10-09; "), "{entry:?}");
        }
    }
    let prize = back.iter().find(|entry| entry.key.rule == "contest").expect("the prize");
    says(
        &prize.evidence.arithmetic,
        "следует 0,00; проведено 300,00; 0,00 - (300,00) = -300,00",
        "due 0.00; posted 300.00; 0.00 - (300.00) = -300.00",
    );
    // A document that is gone is still named by its key.
    let mut gone = world();
    super::world::set_sales(&mut gone, vec![]);
    let mut again = Book::default();
    again.post(&lines(&world()));
    let mut back = again.post(&[]);
    explain(&mut back, &gone, &absent(), &[]);
    for entry in back.iter().filter(|entry| entry.key.subject != SUBJECT_PERIOD) {
        assert_eq!(entry.evidence.document, Text::same("ФИРМА|1|2026"));
        assert!(entry.evidence.cause.en.starts_with("the document is no longer in the accounting data; "), "{entry:?}");
    }
    // What has its own evidence keeps it.
    let mut kept = again.post(&lines(&world()));
    let before = kept.clone();
    explain(&mut kept, &world(), &absent(), &[]);
    assert_eq!(kept, before);
}
