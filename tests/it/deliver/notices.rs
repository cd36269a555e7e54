//! Mails to single people beside the three great ones: statements of their own, notices about the work itself; reviewed as
//! snapshots in both languages.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use sverka::{
    deliver::{bounced_mail, contested_mail, escalation_mail, personal_mail, weekly_mail},
    domain::{
        bounce::{Bounce, BounceKind},
        dispute::{Case, Claim, Dispute, DisputeEvent, EventKind, Ruling},
        facts::Facts,
        ledger::LedgerEntry,
        line_code::LineCode,
        mail::FrozenMail,
        money::Money,
        org::{Employee, EmployeeId},
        report::{
            BouncedReport, ContestedReport, EscalationReport, PeriodBonus, PersonalReport, StatementInput,
            StatementReport, WeeklyReport,
            escalation::TalkedOf,
            weekly::{DueLine, WeekInput},
        },
        run::{Hold, HoldSubject, Job},
        text::{Lang, Text},
    },
};

use super::{
    fixture::{Spec, case, context, entries, friday, mixed_week, period, posted, sender, speaking},
    mails::hostile_week,
    readable::{read, readable},
};

/// Every notice in a language, for the checks that hold for all mails.
pub fn all(lang: Lang) -> Vec<FrozenMail> {
    let mut list = vec![bounced(lang, "Сидорова Мария"), bounced(lang, "")];
    list.extend([escalation(&mixed_week(), lang), escalation(&hostile_week(), lang), contested(lang)]);
    list.extend([weekly(lang, true), weekly(lang, false)]);
    list.extend([personal(&mixed_week(), lang), personal(&hostile_week(), lang), personal(&[], lang)]);
    list
}

/// The notice that an address takes no mail.
pub fn bounced(lang: Lang, deputy: &str) -> FrozenMail {
    let (facts, _) = case(&[]);
    let bounce = |key: &str| Bounce {
        hash: key.to_owned(),
        mail_key: key.to_owned(),
        address: "p7@firma.example".to_owned(),
        kind: BounceKind::Hard,
        status: "5.1.1".to_owned(),
        words: "550 5.1.1 <p7@firma.example>: User unknown".to_owned(),
        at: friday(),
    };
    let bounces = [bounce("alert.2026-11-19.7"), bounce("alert.2026-11-20.7")];
    let bounces: Vec<&Bounce> = bounces.iter().collect();
    let report = BouncedReport::of("p7@firma.example", "Петров Пётр", deputy, &bounces, &context());
    bounced_mail(&report, &speaking(&facts.roster, "3", lang), &sender(), friday()).expect("a notice")
}

/// The statement to finance over the sales, and the personal ones made of it.
fn statements(specs: &[Spec]) -> (Facts, StatementReport, Vec<PersonalReport>) {
    let (facts, outcome) = case(specs);
    let ledger = posted(&entries(&outcome));
    let bonuses = [("7", 9_000_000), ("8", 250_000)].map(|(id, kopecks)| PeriodBonus {
        employee: EmployeeId(id.to_owned()),
        base: Money::from_kopecks(kopecks * 100),
        bonus: Money::from_kopecks(kopecks),
    });
    let input = StatementInput { period: period(), entries: &ledger, bonuses: &bonuses, previous: &[] };
    let statement = StatementReport::build(input, &facts, &context());
    let personal = PersonalReport::of(&statement, &facts);
    (facts, statement, personal)
}

/// The statement of manager 7.
pub fn personal(specs: &[Spec], lang: Lang) -> FrozenMail {
    let (facts, _, reports) = statements(specs);
    let report = reports.into_iter().find(|r| r.owner.0 == "7").expect("he has a bonus");
    personal_mail(&report, &speaking(&facts.roster, "7", lang), &sender(), friday()).expect("a statement")
}

/// What the managers of a department were told a week ago and did not enter.
pub fn escalation(specs: &[Spec], lang: Lang) -> FrozenMail {
    let (facts, outcome) = case(specs);
    let told: Vec<TalkedOf> = facts
        .sales
        .iter()
        .zip(&outcome.sales)
        .filter_map(|(sale, of)| {
            let at = friday() - TimeDelta::days(8);
            Some(TalkedOf { employee: of.employee.clone()?, sale: sale.key.clone(), at })
        })
        .collect();
    let head = speaking(&facts.roster, "101", lang);
    let people: Vec<&Employee> = facts.roster.people.iter().filter(|p| p.department == "Розница").collect();
    let none = BTreeSet::new();
    let report = EscalationReport::build(&facts, &outcome, (&head, &people), (&told, &none), 0, &context());
    let report = EscalationReport { after_days: 5, ..report.expect("something to say") };
    escalation_mail(&report, &head, &sender(), friday()).expect("a mail")
}

/// Two lines that people contest.
pub fn contested(lang: Lang) -> FrozenMail {
    let (facts, outcome) = case(&mixed_week());
    let ledger = posted(&entries(&outcome));
    let case_of = |entry: &LedgerEntry, n: u32| Case {
        dispute: Dispute {
            id: format!("d{n}"),
            code: LineCode::of(entry).to_string(),
            entry: entry.id.clone(),
            key: entry.entry.key.clone(),
            claim: if n == 0 { Claim::InCrm } else { Claim::Retail },
            crm_id: None,
            by: entry.entry.key.employee.clone(),
            note: if n == 0 {
                "есть, под именем холдинга, ID 4711".to_owned()
            } else {
                String::new()
            },
            opened_at: friday(),
            due: friday().date_naive() + TimeDelta::days(7),
            by_default: if n == 0 { Ruling::Withdraw } else { Ruling::Uphold },
            source: "cli".to_owned(),
        },
        events: if n == 0 {
            vec![DisputeEvent {
                id: "e".to_owned(),
                dispute: "d0".to_owned(),
                kind: EventKind::Checked,
                at: friday(),
                author: String::new(),
                note: Text::new("запись 4711: сходство 88 %, внесена в срок", "record 4711: likeness 88 %, in time"),
                due: None,
            }]
        } else {
            Vec::new()
        },
    };
    let cases: Vec<(Case, &LedgerEntry)> = (0..).zip(ledger.iter().take(2)).map(|(n, e)| (case_of(e, n), e)).collect();
    let cases: Vec<(&Case, &LedgerEntry)> = cases.iter().map(|(case, entry)| (case, *entry)).collect();
    let head = speaking(&facts.roster, "101", lang);
    let report = ContestedReport::of(&head.id, &cases, &facts.roster, &context()).expect("something to say");
    contested_mail(&report, &head, &sender(), friday()).expect("a mail")
}

/// The week of the program, quiet or with questions.
pub fn weekly(lang: Lang, questions: bool) -> FrozenMail {
    let (facts, _) = case(&[]);
    let due = |job, words: &str| DueLine { job, outcome: Some(words.to_owned()) };
    let mut input = WeekInput {
        due: (0..5).map(|_| due(Job::Alerts, "ran: entries 0, mails 2")).collect(),
        sent: 14,
        sources: vec![
            (Text::new("учётная система", "accounting"), Some(friday() - TimeDelta::hours(1))),
            (Text::same("CRM «bitrix»"), Some(friday() - TimeDelta::minutes(20))),
        ],
        database_bytes: Some(12_345_678),
        archive_bytes: 98_765_432,
        // The mails of the same hour are only about to leave.
        waiting: Some(friday() - TimeDelta::minutes(59)),
        ..WeekInput::default()
    };
    input.due.push(due(Job::Audit, if questions { "held: h4k2" } else { "ran: entries 3, mails 2" }));
    if questions {
        input.due.push(due(Job::Close, "skipped: too old"));
        let subject =
            HoldSubject::File { hash: "h".to_owned(), name: "Продажи <за> неделю.xlsx".to_owned() };
        let opened_at = friday() - TimeDelta::days(3);
        input.holds = vec![Hold { id: "h4k2".to_owned(), subject, reasons: Vec::new(), opened_at, release: None }];
        input.suspended = ["p7@firma.example".to_owned()].into();
        (input.dead, input.waiting) = (2, Some(friday() - TimeDelta::hours(5)));
        input.sources.push((Text::new("звонки", "calls"), None));
    }
    let report = WeeklyReport::build(&input, friday() - TimeDelta::days(7), friday(), &context());
    weekly_mail(&report, &speaking(&facts.roster, "3", lang), &sender(), friday()).expect("a mail")
}

macro_rules! snapshots {
    ($($name:ident: $ru:expr, $en:expr;)*) => {
        $(#[test]
        fn $name() {
            insta::assert_snapshot!(concat!(stringify!($name), "_ru"), readable(&$ru));
            insta::assert_snapshot!(concat!(stringify!($name), "_en"), readable(&$en));
        })*
    };
}

snapshots! {
    an_address_that_takes_no_mail: bounced(Lang::Ru, "Сидорова Мария"), bounced(Lang::En, "Сидорова Мария");
    an_address_that_nobody_reads: bounced(Lang::Ru, ""), bounced(Lang::En, "");
    personal_statement: personal(&mixed_week(), Lang::Ru), personal(&mixed_week(), Lang::En);
    what_managers_left: escalation(&mixed_week(), Lang::Ru), escalation(&mixed_week(), Lang::En);
    contested_lines: contested(Lang::Ru), contested(Lang::En);
    a_quiet_week_of_the_program: weekly(Lang::Ru, false), weekly(Lang::En, false);
    a_week_with_questions: weekly(Lang::Ru, true), weekly(Lang::En, true);
    personal_statement_without_lines: personal(&[], Lang::Ru), personal(&[], Lang::En);
}

#[test]
fn personal_statements_add_up_to_the_one_of_finance() {
    let (_, statement, reports) = statements(&mixed_week());
    assert!(reports.len() >= 2, "{}", reports.len());
    let mut lines = Vec::new();
    let (mut total, mut payable) = (Money::ZERO, Money::ZERO);
    for report in &reports {
        let sums: Money = report.groups.iter().map(|g| g.sum).sum();
        assert_eq!(sums, report.amounts.total, "{:?}", report.owner);
        assert_eq!(report.amounts.bonus + sums, report.amounts.payable);
        for group in &report.groups {
            assert_eq!(group.lines.iter().map(|l| l.amount).sum::<Money>(), group.sum);
            assert!(group.lines.iter().all(|l| l.employee == report.owner && LineCode::parse(&l.code).is_ok()));
            lines.extend(group.lines.iter().map(|l| l.entry.clone()));
        }
        total += report.amounts.total;
        payable += report.amounts.payable;
    }
    assert_eq!((total, payable), (statement.totals.total, statement.totals.payable));
    let told: BTreeSet<String> = lines.iter().cloned().collect();
    assert_eq!(told.len(), lines.len(), "a line stands once");
    assert_eq!(told, statement.lines.iter().map(|l| l.entry.clone()).collect());
}

#[test]
fn lines_that_do_not_fit_come_as_a_workbook() {
    let long = read(&personal(&super::contents::long_week(), Lang::Ru).bytes);
    assert_eq!(
        long.attachments.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        ["Ваша премия 2026-11-1.xlsx"]
    );
    assert!(long.text.contains(": в приложении"), "{}", long.text);
    assert!(read(&personal(&mixed_week(), Lang::Ru).bytes).attachments.is_empty());
}
