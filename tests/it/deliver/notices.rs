//! Mails to single people beside the three great ones: statements of their own, notices about the work itself; reviewed as
//! snapshots in both languages.

use std::collections::BTreeSet;

use sverka::{
    deliver::{bounced_mail, personal_mail},
    domain::{
        bounce::{Bounce, BounceKind},
        facts::Facts,
        line_code::LineCode,
        mail::FrozenMail,
        money::Money,
        org::EmployeeId,
        report::{BouncedReport, PeriodBonus, PersonalReport, StatementInput, StatementReport},
        text::Lang,
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
