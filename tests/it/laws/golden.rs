//! The golden cases of the domain reference that this core decides (4, 14, 15, 16, 17, 24), the edges of the deadline,
//! the cap in figures. Deliberately absent: cases of readers and of matching.

use sverka::domain::{
    facts::{Facts, Outcome},
    ledger::EntryKind,
    money::{Money, Rate},
    period::Period,
    policy::{Rule, Scope},
    verdict::{PartyVerdict, Status, Verdict},
};

use super::{
    book::Book,
    world::{at, cap, conclude, day, facts, known, missing, party, rub, sale, set_sales, verdict, version},
};

const LATER: &str = "2026-11-20 17:00:00";

/// One sale of 100 000,00 on a day; bonus 1 250,00.
fn one(sold: &str, crm_as_of: &str, rules: Vec<Rule>) -> Facts {
    let sales = vec![sale("1", sold, "P0", "Иванов И.И.", "100000.00")];
    facts(crm_as_of, vec![party("P0", "Ромашка")], sales, rules)
}

fn absent() -> [PartyVerdict; 1] {
    [verdict("P0", Verdict::NotInCrm, &["X"])]
}

fn present() -> [PartyVerdict; 1] {
    [verdict("P0", Verdict::InCrm, &["X"])]
}

fn total(outcome: &Outcome) -> Money {
    outcome.wanted.iter().filter(|w| !w.shadow).map(|w| w.amount).sum()
}

#[test]
fn case_4_a_sale_and_its_full_return_in_different_periods_cost_nothing() {
    let mut world = one("2026-10-05", LATER, vec![missing(5_000, 2_000)]);
    let mut book = Book::default();
    book.post(&conclude(&world, &absent(), at("2026-10-20 17:00:00")).wanted);
    book.closed.insert(Period::new(2026, 10).expect("a month"));
    let mut sales = world.sales.clone();
    sales.push(sale("2", "2026-11-10", "P0", "Иванов И.И.", "-100000.00"));
    set_sales(&mut world, sales);
    let posted = book.post(&conclude(&world, &absent(), at(LATER)).wanted);
    assert_eq!(posted.len(), 1);
    assert_eq!(
        (posted[0].kind, posted[0].amount, posted[0].pay_period.to_string()),
        (EntryKind::Reduction, rub("625.00"), "2026-11".into())
    );
    assert_eq!(book.sums().values().sum::<i64>(), 0);
}

#[test]
fn case_14_a_tie_is_uncertain_and_costs_nothing() {
    let world = one("2026-10-05", LATER, vec![missing(5_000, 2_000)]);
    let outcome = conclude(&world, &[verdict("P0", Verdict::Uncertain, &["A", "B"])], at(LATER));
    assert_eq!((outcome.sales[0].status, outcome.wanted.len()), (Status::Uncertain, 0));
}

#[test]
fn case_15_the_deadline_counts_working_days_and_its_edge_is_midnight() {
    // Tuesday 3 November; the 4th is a holiday: working days 5, 6, 9. The 9th is the last day.
    for (entered, status, cost) in [
        ("2026-11-01 09:00:00", Status::OnTime, 0),
        ("2026-11-06 18:00:00", Status::OnTime, 0),
        ("2026-11-09 23:59:59", Status::OnTime, 0),
        ("2026-11-10 00:00:00", Status::Late, -25_000),
        ("2026-11-10 00:00:01", Status::Late, -25_000),
    ] {
        let mut world = one("2026-11-03", LATER, vec![missing(5_000, 2_000)]);
        world.records = vec![known("X", "Ромашка", at(entered))];
        let outcome = conclude(&world, &present(), at(LATER));
        assert_eq!(outcome.sales[0].deadline, day("2026-11-09"));
        assert_eq!((outcome.sales[0].status, total(&outcome).kopecks()), (status, cost), "{entered}");
    }
}

#[test]
fn absence_costs_only_when_both_the_run_and_the_crm_data_are_past_the_deadline() {
    for (as_of, crm_as_of, status) in [
        ("2026-11-09 23:59:59", "2026-11-09 23:59:59", Status::Pending),
        ("2026-11-20 12:00:00", "2026-11-09 23:59:59", Status::NotJudgeable),
        ("2026-11-10 00:00:00", "2026-11-10 00:00:00", Status::Missing),
        ("2026-11-20 12:00:00", "2026-11-20 11:00:00", Status::Missing),
    ] {
        let world = one("2026-11-03", crm_as_of, vec![missing(5_000, 2_000)]);
        let outcome = conclude(&world, &absent(), at(as_of));
        assert_eq!(outcome.sales[0].status, status, "{as_of} {crm_as_of}");
        assert_eq!(total(&outcome).is_zero(), status != Status::Missing);
    }
    let mut world = one("2026-11-03", LATER, vec![missing(5_000, 2_000)]);
    let mut second = world.snapshots[0].clone();
    second.as_of = at("2026-11-09 12:00:00");
    world.snapshots.push(second);
    let outcome = conclude(&world, &absent(), at(LATER));
    assert_eq!(outcome.sales[0].status, Status::NotJudgeable, "the oldest of the sources decides");
    world.snapshots.clear();
    assert_eq!(conclude(&world, &absent(), at(LATER)).sales[0].status, Status::NotJudgeable);
}

#[test]
fn the_first_of_duplicate_cards_counts() {
    let mut world = one("2026-11-03", LATER, vec![missing(5_000, 2_000)]);
    world.records =
        vec![known("X", "Ромашка", at("2026-11-15 10:00:00")), known("Y", "Ромашка", at("2026-11-02 10:00:00"))];
    let outcome = conclude(&world, &[verdict("P0", Verdict::InCrm, &["X", "Y"])], at(LATER));
    assert_eq!(outcome.sales[0].status, Status::OnTime);
    // A match to a record that is not at hand proves nothing.
    let outcome = conclude(&world, &[verdict("P0", Verdict::InCrm, &["Z"])], at(LATER));
    assert_eq!((outcome.sales[0].status, outcome.wanted.len()), (Status::NotJudgeable, 0));
}

#[test]
fn case_16_an_entry_after_the_close_comes_back_in_the_next_period() {
    for (late, back) in [(0, "625.00"), (2_000, "375.00")] {
        let mut world = one("2026-10-05", LATER, vec![missing(5_000, late)]);
        let mut book = Book::default();
        let first = book.post(&conclude(&world, &absent(), at("2026-10-20 17:00:00")).wanted);
        assert_eq!((first[0].kind, first[0].amount), (EntryKind::Reduction, rub("-625.00")));
        assert_eq!(book.post(&conclude(&world, &absent(), at("2026-10-21 17:00:00")).wanted), vec![]);
        book.closed.insert(Period::new(2026, 10).expect("a month"));
        world.records = vec![known("X", "Ромашка", at("2026-11-15 10:00:00"))];
        let again = book.post(&conclude(&world, &present(), at(LATER)).wanted);
        assert_eq!(again.len(), 1);
        assert_eq!((again[0].kind, again[0].amount), (EntryKind::Correction, rub(back)));
        assert_eq!(
            (again[0].pay_period.to_string(), again[0].key.belongs_to.to_string()),
            ("2026-11".into(), "2026-10".into())
        );
        assert_eq!(again[0].corrects, ["e1"]);
    }
}

#[test]
fn case_17_reductions_are_trimmed_to_the_cap_and_nothing_is_carried_over() {
    let mut world = one("2026-10-05", LATER, vec![missing(10_000, 0), cap(2_000)]);
    let mut sales = world.sales.clone();
    // The next month: reductions within the limit.
    sales.push(sale("2", "2026-11-02", "P0", "Иванов И.И.", "8000.00"));
    sales.push(sale("3", "2026-11-02", "P1", "Иванов И.И.", "92000.00"));
    world.parties.push(party("P1", "Розничный покупатель"));
    set_sales(&mut world, sales);
    let verdicts = [verdict("P0", Verdict::NotInCrm, &[]), verdict("P1", Verdict::NotInCrm, &[])];
    let outcome = conclude(&world, &verdicts, at(LATER));
    let lines: Vec<_> =
        outcome.wanted.iter().map(|w| (w.key.belongs_to.to_string(), w.key.rule.as_str(), w.amount, w.kind)).collect();
    assert_eq!(
        lines,
        [
            ("2026-10".to_owned(), "cap", rub("1000.00"), EntryKind::CapRelief),
            ("2026-10".to_owned(), "missing_counterparty", rub("-1250.00"), EntryKind::Reduction),
            ("2026-11".to_owned(), "missing_counterparty", rub("-100.00"), EntryKind::Reduction),
        ],
        "sorted by period, employee, subject"
    );
}

#[test]
fn the_cap_trims_from_the_first_kopeck_above_it() {
    // Bonus 1 250,00; the limit is the very reduction, then a basis point less.
    for (share, limit, relief) in [(2_000, 2_000, None), (2_001, 2_000, Some(13)), (2_000, 1_999, Some(12))] {
        let world = one("2026-10-05", LATER, vec![missing(share, 0), cap(limit)]);
        let outcome = conclude(&world, &absent(), at(LATER));
        let found = outcome.wanted.iter().find(|w| w.key.rule == "cap").map(|w| w.amount.kopecks());
        assert_eq!(found, relief, "{share} {limit}");
    }
}

#[test]
fn the_cap_of_a_sale_is_that_of_its_day() {
    let mut world = one("2026-10-05", LATER, vec![missing(10_000, 0), cap(1_000)]);
    let mut sales = world.sales.clone();
    sales.push(sale("2", "2026-10-20", "P0", "Иванов И.И.", "100000.00"));
    world.policy.versions.push(version("2026-2", "2026-10-15", vec![missing(10_000, 0), cap(5_000)]));
    set_sales(&mut world, sales.clone());
    let relief = |world: &Facts| {
        let outcome = conclude(world, &absent(), at(LATER));
        outcome.wanted.iter().find(|w| w.key.rule == "cap").map(|w| (w.amount, w.policy_version.clone()))
    };
    // 2 500,00 - (1 250,00 x 10 % + 1 250,00 x 50 %).
    assert_eq!(relief(&world), Some((rub("1750.00"), "2026-2".into())));
    // A return that leaves one version's part below zero does not widen the limit of the whole.
    world.policy.versions[0].rules = vec![missing(0, 0), cap(0)];
    world.policy.versions[0].effective_from = day("2026-09-01");
    let mut back = sale("9", "2026-10-25", "P0", "Иванов И.И.", "-90000.00");
    back.returns = Some("0".into());
    let before = sale("0", "2026-09-30", "P0", "Иванов И.И.", "90000.00");
    set_sales(&mut world, vec![before, sales.remove(1), back]);
    // October: bonus 1 250,00 - 1 125,00 = 125,00, so at most 62,50 may be reduced.
    assert_eq!(relief(&world), Some((rub("1187.50"), "2026-2".into())));
}

#[test]
fn case_24_a_year_without_a_calendar_holds() {
    let mut world = one("2026-12-30", LATER, vec![missing(5_000, 0)]);
    let outcome = conclude(&world, &absent(), at("2027-01-20 10:00:00"));
    let held: Vec<_> = outcome.findings.iter().filter(|f| f.holds()).map(|f| f.code.as_str()).collect();
    assert_eq!(held, ["calendar_missing"]);
    assert!(outcome.findings.iter().any(|f| f.message.ru.contains("2027")));
    assert_eq!((outcome.sales[0].status, outcome.wanted.len()), (Status::NotJudgeable, 0));
    // What is exempt needs no deadline.
    world.parties[0] = party("P0", "Розничный покупатель");
    assert!(conclude(&world, &absent(), at("2027-01-20 10:00:00")).findings.iter().all(|f| !f.holds()));
}

#[test]
fn what_is_out_of_scope_is_shown_and_not_posted() {
    let scopes: [fn(&mut Scope); 4] = [
        |s| s.groups = ["pilot".to_owned()].into(),
        |s| s.hired_from = Some(day("2026-01-01")),
        |s| s.segments = ["vip".to_owned()].into(),
        |s| s.min_amount = Some(rub("100000.01")),
    ];
    for (at_scope, change) in scopes.iter().enumerate() {
        let mut rules = vec![missing(5_000, 0)];
        change(&mut rules[0].scope);
        let outcome = conclude(&one("2026-10-05", LATER, rules), &absent(), at(LATER));
        assert_eq!(outcome.wanted.len(), 1, "scope {at_scope}");
        assert!(outcome.wanted[0].shadow && outcome.wanted[0].amount == rub("-625.00"), "scope {at_scope}");
        assert_eq!(Book::default().post(&outcome.wanted), vec![]);
    }
    // Of two rules that cover a sale the first decides, the second is shown.
    let mut second = missing(9_000, 0);
    second.id = "second".into();
    let outcome = conclude(&one("2026-10-05", LATER, vec![missing(5_000, 0), second]), &absent(), at(LATER));
    let lines: Vec<_> = outcome.wanted.iter().map(|w| (w.amount, w.shadow)).collect();
    assert_eq!(lines, [(rub("-625.00"), false), (rub("-1125.00"), true)]);
    // A rate of nothing takes nothing.
    let mut world = one("2026-10-05", LATER, vec![missing(10_000, 0)]);
    world.policy.versions[0].bonus.rate = Rate::ZERO;
    assert_eq!(conclude(&world, &absent(), at(LATER)).wanted, vec![]);
}
