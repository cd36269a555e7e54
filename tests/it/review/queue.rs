//! The order of the queue and what it says of itself.

use sverka::domain::{
    money::Money,
    period::Period,
    review::{self, Queue},
    text::Lang,
    verdict::{DecisionKind, Status},
};

use super::{id, said};
use crate::deliver::fixture::{Spec, case, spec};

/// Uncertain buyers: name, day, kopecks, id of the best candidate. October is closed.
fn queue(buyers: &[(&str, &'static str, i64, &str)], more: &[(usize, usize)]) -> Queue {
    let specs: Vec<Spec> = buyers.iter().map(|(n, d, k, _)| spec(d, "7", n, *k, Status::Uncertain)).collect();
    let (mut facts, mut outcome) = case(&specs);
    for (verdict, (.., best)) in outcome.verdicts.iter_mut().zip(buyers) {
        verdict.candidates[0].id = id(best);
    }
    for (a, b) in more {
        let key = |i: usize| facts.parties[i].key.clone();
        let decision = said(1, &key(*a).0, DecisionKind::Same(key(*b)));
        facts.decisions.push(decision);
    }
    let october: Period = "2026-10".parse().expect("a month");
    review::queue(&facts, &outcome, &|period| period <= october)
}

fn names(queue: &Queue) -> Vec<&str> {
    queue.rows.iter().map(|r| r.name.as_str()).collect()
}

#[test]
fn money_in_open_periods_comes_first_and_the_queue_says_so() {
    let queue = queue(
        &[
            ("Старый", "2026-10-05", 900_000_00, "1"),
            ("Малый", "2026-11-05", 10_000_00, "2"),
            ("Крупный", "2026-11-06", 50_000_00, "3"),
        ],
        &[],
    );
    assert_eq!(names(&queue), ["Крупный", "Малый", "Старый"]);
    let why: Vec<String> = queue.rows.iter().map(|r| r.why.ru.replace('\u{a0}', " ")).collect();
    assert_eq!(
        why,
        [
            "в открытых периодах без CRM 50 000,00 (продаж: 1)",
            "в открытых периодах без CRM 10 000,00 (продаж: 1)",
            "в открытых периодах продаж нет, всего 900 000,00"
        ]
    );
    assert_eq!(
        queue.summary().ru.replace('\u{a0}', " "),
        "ждут решения: 3; продаж в открытых периодах на 60 000,00, всего на 960 000,00"
    );
    assert_eq!(
        queue.summary().get(Lang::En),
        "waiting for a decision: 3; sales of 60,000.00 in open periods, 960,000.00 in all"
    );
}

#[test]
fn two_that_contest_one_record_come_before_a_greater_one() {
    let queue = queue(
        &[
            ("Один", "2026-11-05", 50_000_00, "1"),
            ("Двое-Б", "2026-11-05", 25_000_00, "2"),
            ("Двое-А", "2026-11-06", 30_000_00, "2"),
        ],
        &[],
    );
    assert_eq!(names(&queue), ["Двое-А", "Двое-Б", "Один"]);
    assert_eq!(queue.rows[0].reach, Money::from_kopecks(55_000_00));
    assert_eq!(queue.rows[0].with.iter().map(|r| r.name.as_str()).collect::<Vec<_>>(), ["Двое-Б"]);
    assert_eq!(
        queue.rows[0].why.ru.replace('\u{a0}', " "),
        "в открытых периодах без CRM 30 000,00 (продаж: 1); решайте вместе: на ту же карточку претендуют ещё 000000002 «Двое-Б» (25 000,00)"
    );
    assert!(
        queue.rows[1].why.en.ends_with("decide together: the same record is claimed by 000000003 “Двое-А” (30,000.00)")
    );
}

#[test]
fn with_the_same_money_the_answer_that_settles_more_comes_first() {
    let queue = queue(
        &[
            ("Один", "2026-11-05", 50_000_00, "1"),
            ("Двое-А", "2026-11-05", 25_000_00, "2"),
            ("Двое-Б", "2026-11-06", 25_000_00, "3"),
        ],
        // Declared one company: one question though their candidates differ.
        &[(1, 2)],
    );
    assert_eq!(names(&queue), ["Двое-А", "Двое-Б", "Один"]);
    assert!(
        queue.rows[0].why.ru.contains("ответ решает сразу за 2: та же организация, что 000000003"),
        "{:?}",
        queue.rows[0].why
    );
}

#[test]
fn exempt_sales_other_currencies_and_settled_buyers_hold_no_money() {
    let mut specs = vec![
        spec("2026-11-05", "7", "Неясный", 10_000_00, Status::Uncertain),
        spec("2026-11-05", "7", "Не судим", 99_000_00, Status::Exempt),
        spec("2026-11-05", "7", "Нет", 99_000_00, Status::Missing),
    ];
    specs.push(Spec { currency: "EUR", ..spec("2026-11-05", "7", "Blume", 99_000_00, Status::Uncertain) });
    let (facts, mut outcome) = case(&specs);
    let queue = review::queue(&facts, &outcome, &|_| false);
    assert_eq!(queue.open, Money::from_kopecks(10_000_00));
    assert_eq!((names(&queue), queue.idle), (vec!["Неясный"], 1));
    assert!(queue.summary().ru.ends_with("неясны, но без проверяемых продаж: 1"), "{:?}", queue.summary());
    // A person said that it is no client: its sales are exempt, and the question is answered.
    for sale in &mut outcome.sales {
        sale.status = Status::Exempt;
    }
    let queue = review::queue(&facts, &outcome, &|_| false);
    assert_eq!((queue.rows.len(), queue.idle), (0, 2));
}

#[test]
fn a_head_sees_the_sales_of_his_department() {
    let specs = [
        spec("2026-11-05", "7", "Розница", 10_000_00, Status::Uncertain),
        spec("2026-11-05", "9", "Опт", 99_000_00, Status::Uncertain),
    ];
    let (facts, outcome) = case(&specs);
    let retail = |id: Option<&sverka::domain::org::EmployeeId>| id.is_some_and(|id| id.0 == "7");
    let queue = review::queue_of(&facts, &outcome, &|_| false, &retail);
    assert_eq!((names(&queue), queue.idle), (vec!["Розница"], 1));
    // The other department's client has the same best candidate, and is not named.
    assert!(queue.rows[0].with.is_empty() && !queue.rows[0].why.ru.contains("Опт"), "{:?}", queue.rows[0].why);
}
