//! What the reports say, in numbers: asserted, not snapshot.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use sverka::domain::{
    facts::{Facts, Outcome},
    ledger::EntryKind,
    money::{Money, Rate},
    org::EmployeeId,
    period::Period,
    report::{
        AlertKind, AlertReport, AlertedItem, AuditFigures, AuditReport, StatementInput, StatementReport, Tally,
        audit::{AuditState, Week},
    },
    text::Lang,
    verdict::Status,
};

use super::fixture::{Spec, case, context, day, entries, mixed_week, period, posted, speaking, spec};

fn audit_for(head: &str, facts: &Facts, outcome: &Outcome, history: &[AuditFigures]) -> AuditReport {
    let head = speaking(&facts.roster, head, Lang::Ru);
    AuditReport::build(facts, outcome, &entries(outcome), history, &head, &context())
}

fn alert_for(manager: &str, specs: &[Spec], told: &[AlertedItem]) -> Option<AlertReport> {
    let (facts, outcome) = case(specs);
    AlertReport::build(&facts, &outcome, &speaking(&facts.roster, manager, Lang::Ru), told, &context())
}

const fn tally(count: u32, kopecks: i64) -> Tally {
    Tally { count, amount: Money::from_kopecks(kopecks) }
}

#[test]
fn the_week_is_monday_to_sunday_also_across_a_new_year() {
    let week = Week::of(day("2027-01-02"));
    assert_eq!((week.id.as_str(), week.from, week.to), ("2026-W53", day("2026-12-28"), day("2027-01-03")));
}

#[test]
fn a_head_sees_the_own_department_and_the_general_head_everybody() {
    let mut specs = mixed_week();
    specs.push(spec("2026-11-19", "", "ООО «Ничей»", 700_000, Status::Missing));
    let (facts, outcome) = case(&specs);
    let own = audit_for("101", &facts, &outcome, &[]);
    let all = audit_for("1", &facts, &outcome, &[]);
    let text = serde_json::to_string(&own).expect("JSON");
    assert!(!text.contains("Оптовик") && !text.contains("Ничей") && !text.contains("Орлов"), "{text}");
    assert!(all.lines.iter().any(|l| l.party == "ООО «Ничей»"));
    assert_eq!(own.figures.missing, tally(3, 120_000_000 + 3_000_001 + 5_000_000));
    assert_eq!(all.figures.missing, tally(5, 120_000_000 + 3_000_001 + 5_000_000 + 99_000_000 + 700_000));
    assert_eq!(all.moved.len(), own.moved.len() + 1);
}

#[test]
fn every_number_is_over_the_same_documents() {
    let (facts, outcome) = case(&mixed_week());
    let report = audit_for("1", &facts, &outcome, &[]);
    let of = |status: &str| report.lines.iter().filter(|l| l.status == status).count();
    let sum: Tally = report.managers.iter().fold(Tally::default(), |sum, m| {
        tally(sum.count + m.missing.count, sum.amount.kopecks() + m.missing.amount.kopecks())
    });
    assert_eq!(sum, report.figures.missing);
    assert_eq!(report.figures.missing.count as usize, of("missing"));
    assert_eq!(report.figures.sales.count as usize, report.lines.len() - of("exempt"));
    assert!(report.managers.windows(2).all(|m| m[0].missing.amount >= m[1].missing.amount), "worst first");
    let coverage = report.coverage.expect("turnover");
    let whole = [coverage.checked, coverage.exempt, coverage.uncertain, coverage.not_judgeable];
    assert!((9_996..=10_000).contains(&whole.iter().map(|r| r.bp()).sum::<i32>()), "{coverage:?}");
}

#[test]
fn open_sales_of_closed_periods_are_counted_and_not_listed() {
    let (mut facts, outcome) = case(&mixed_week());
    facts.closing_records.insert(Period::new(2026, 10).expect("a period"), Vec::new());
    let report = audit_for("101", &facts, &outcome, &[]);
    assert_eq!(report.closed_open, tally(1, 5_000_000));
    assert!(report.lines.iter().all(|l| l.party != "ООО «Давний»"));
}

#[test]
fn a_sale_of_a_closed_period_that_came_back_is_open_nowhere() {
    let (mut facts, outcome) = case(&[
        spec("2026-10-05", "7", "ООО «Вернули»", 15_480_000, Status::Missing),
        spec("2026-11-16", "7", "ООО «Вернули»", -15_480_000, Status::Missing),
        spec("2026-11-17", "7", "АО «Василёк»", 100, Status::OnTime),
    ]);
    facts.party_of[1] = facts.party_of[0];
    facts.sales[1].returns = Some(facts.sales[0].number.clone());
    let told =
        AlertedItem { employee: EmployeeId("7".to_owned()), sale: facts.sales[0].key.clone(), kind: AlertKind::New };
    let manager = speaking(&facts.roster, "7", Lang::Ru);
    let alert = AlertReport::build(&facts, &outcome, &manager, &[told], &context());
    assert_eq!(alert, None, "there is nothing left to enter");

    facts.closing_records.insert(Period::new(2026, 10).expect("a period"), Vec::new());
    let report = audit_for("101", &facts, &outcome, &[]);
    assert_eq!((report.figures.missing, report.closed_open), (Tally::default(), Tally::default()));
    assert_eq!(report.state, AuditState::Clean, "a return alone is no missing sale below zero");
}

#[test]
fn stale_or_absent_data_is_never_all_well() {
    let specs = [spec("2026-11-16", "7", "АО «Василёк»", 100, Status::OnTime)];
    let (mut facts, outcome) = case(&specs);
    assert_eq!(audit_for("101", &facts, &outcome, &[]).state, AuditState::Clean);
    facts.accounting_as_of = facts.accounting_as_of.map(|at| at - TimeDelta::days(3));
    assert_eq!(audit_for("101", &facts, &outcome, &[]).state, AuditState::Unchecked);
    let (mut facts, outcome) = case(&specs);
    facts.snapshots.clear();
    assert_eq!(audit_for("101", &facts, &outcome, &[]).state, AuditState::Unchecked);
}

#[test]
fn history_gives_the_change_and_at_most_eight_weeks() {
    let (facts, outcome) = case(&mixed_week());
    let seven = EmployeeId("7".to_owned());
    let past: Vec<AuditFigures> = (30..=47)
        .map(|n| AuditFigures {
            week: format!("2026-W{n}"),
            share: Some(Rate::from_bp(n * 100)),
            managers: [(seven.clone(), Rate::from_bp(n * 100))].into(),
            ..AuditFigures::default()
        })
        .rev()
        .collect();
    let report = audit_for("101", &facts, &outcome, &past);
    let change = report.change.expect("a week before");
    assert_eq!((change.week.as_str(), change.week_number), ("2026-W46", 46), "this week's own figures do not count");
    assert_eq!(change.share_bp, Some(3_333 - 4_600));
    let row = report.managers.iter().find(|m| m.id.as_ref() == Some(&seven)).expect("the manager");
    assert_eq!(row.trend.len(), 8);
    assert_eq!((row.trend[0].bp(), row.trend[7]), (4_000, row.share.expect("a share")));
    let kept = serde_json::to_string(&report.figures).expect("JSON");
    assert_eq!(serde_json::from_str::<AuditFigures>(&kept).expect("figures"), report.figures);
}

#[test]
fn a_manager_sees_only_the_own_sales() {
    let report = alert_for("7", &mixed_week(), &[]).expect("an alert");
    let text = serde_json::to_string(&report).expect("JSON");
    for strange in ["Тюльпан", "Ирис", "Оптовик", "Сидорова", "Орлов"] {
        assert!(!text.contains(strange), "{strange}");
    }
    assert_eq!(report.total, tally(3, 133_000_000));
    assert_eq!(report.cost, Money::from_kopecks(-625_000));
}

#[test]
fn a_sale_is_told_when_new_and_once_more_when_due() {
    let pending = [spec("2026-11-18", "7", "ИП Пионов", 8_000_000, Status::Pending)];
    let missing = [spec("2026-11-18", "7", "ИП Пионов", 8_000_000, Status::Missing)];
    let first = alert_for("7", &pending, &[]).expect("new");
    assert_eq!(first.items[0].kind, AlertKind::New);
    assert_eq!(first.items[0].cost, None);
    assert_eq!(alert_for("7", &pending, &first.marks), None, "nothing new");
    let second = alert_for("7", &missing, &first.marks).expect("due");
    assert_eq!(second.items[0].kind, AlertKind::Due);
    assert_eq!(second.items[0].cost, Some(Money::from_kopecks(-40_000)));
    let told = [first.marks, second.marks].concat();
    assert_eq!(alert_for("7", &missing, &told), None, "told twice, never a third time");
    let somebody_elses = [AlertedItem { employee: EmployeeId("8".to_owned()), ..told[1].clone() }];
    assert!(alert_for("7", &missing, &somebody_elses).is_some());
}

#[test]
fn settled_sales_are_one_line_in_the_next_mail_and_no_mail_of_their_own() {
    let before = [
        spec("2026-11-17", "7", "АО «Василёк»", 100, Status::Pending),
        spec("2026-11-17", "7", "АО «Мак»", 100, Status::Pending),
    ];
    let told = alert_for("7", &before, &[]).expect("an alert").marks;
    let mut after = before.clone();
    after[0].status = Status::OnTime;
    assert_eq!(alert_for("7", &after, &told), None);
    let mut later = after.to_vec();
    later.push(spec("2026-11-19", "7", "АО «Ирис»", 300, Status::Pending));
    let report = alert_for("7", &later, &told).expect("an alert");
    let settled: Vec<&str> = report.resolved.iter().map(|r| r.party.as_str()).collect();
    assert_eq!((settled, report.still_open, report.items.len()), (vec!["АО «Василёк»"], tally(1, 100), 1));
}

#[test]
fn what_a_manager_cannot_mend_is_not_asked_of_him() {
    let mut specs = vec![
        spec("2026-11-18", "7", "Возврат", -500, Status::Missing),
        spec("2026-11-18", "7", "Бедная карточка", 500, Status::NotJudgeable),
        spec("2026-11-18", "7", "Спорный", 500, Status::Uncertain),
        spec("2026-11-18", "7", "Освобождён", 500, Status::Exempt),
    ];
    specs.push(Spec { currency: "EUR", ..spec("2026-11-18", "7", "Blume", 500, Status::Missing) });
    assert_eq!(alert_for("7", &specs, &[]), None);
}

#[test]
fn statement_columns_add_up_and_corrections_stand_apart() {
    let (facts, outcome) = case(&mixed_week());
    let mut ledger = posted(&entries(&outcome));
    for entry in &mut ledger {
        entry.entry.pay_period = period();
    }
    ledger[1].entry.kind = EntryKind::Premium;
    let input = StatementInput { period: period(), entries: &ledger, bonuses: &[], previous: &[] };
    let report = StatementReport::build(input, &facts, &context());
    let total: Money = ledger.iter().map(|e| e.entry.amount).sum();
    assert_eq!(report.totals.total, total);
    assert_eq!(report.lines.iter().map(|l| l.amount).sum::<Money>(), total);
    let parts =
        report.totals.reductions + report.totals.premiums + report.totals.cap_relief + report.totals.corrections;
    assert_eq!(parts, total);
    assert_eq!(report.totals.corrections, Money::from_kopecks(-25_000), "October's entry, paid in November");
}

#[test]
fn a_later_number_adds_only_what_no_number_contained() {
    let (facts, outcome) = case(&mixed_week());
    let ledger = posted(&entries(&outcome));
    let first = StatementReport::build(
        StatementInput { period: period(), entries: &ledger[..2], bonuses: &[], previous: &[] },
        &facts,
        &context(),
    );
    let handed = [first.figures.clone()];
    let second = StatementReport::build(
        StatementInput { period: period(), entries: &ledger, bonuses: &[], previous: &handed },
        &facts,
        &context(),
    );
    assert_eq!((first.number.as_str(), second.number.as_str()), ("2026-11/1", "2026-11/2"));
    assert!(first.figures.entries.is_disjoint(&second.figures.entries));
    let both: BTreeSet<_> = first.figures.entries.union(&second.figures.entries).cloned().collect();
    // An entry of October that no number contained comes along: nothing is lost.
    let due = ledger.iter().filter(|e| e.entry.pay_period <= period()).map(|e| e.id.clone()).collect();
    assert_eq!(both, due);
    let previous = second.previous.expect("a number before");
    assert_eq!(previous.together, first.totals.total + second.totals.total);
    assert_ne!(first.control_sum, second.control_sum);
}
