//! Whole mails, reviewed as snapshots in both languages.

use sverka::{
    deliver::{alert_mail, audit_mail, held_mail, statement_mail, undelivered_mail},
    domain::{
        facts::{Facts, Outcome},
        finding::{Finding, Severity},
        mail::{FrozenMail, MailKind, MailState, OutboxMail},
        money::{Money, Rate},
        org::EmployeeId,
        report::{
            AlertKind, AlertReport, AlertedItem, AuditFigures, AuditReport, HeldReport, PeriodBonus, StatementFigures,
            StatementInput, StatementReport, Tally, UndeliveredReport,
        },
        review::{queue, sheet::offers},
        run::{Hold, HoldSubject, Job},
        text::{Lang, Text},
        verdict::Status,
    },
};

use super::{
    fixture::{Spec, case, context, entries, friday, mixed_week, period, posted, sender, speaking, spec, warning},
    readable::readable,
};

/// The audit of the head of a department over the sales.
pub fn audit(specs: &[Spec], lang: Lang) -> FrozenMail {
    audit_of(case(specs), specs, lang)
}

/// The same where the newest accounting file is four days old.
fn stale_audit(specs: &[Spec], lang: Lang) -> FrozenMail {
    audit_of(stale(case(specs)), specs, lang)
}

/// Facts whose accounting side stopped on Monday.
fn stale((mut facts, outcome): (Facts, Outcome)) -> (Facts, Outcome) {
    facts.accounting_as_of = Some("2026-11-16T06:00:00Z".parse().expect("an instant"));
    (facts, outcome)
}

fn audit_of((facts, mut outcome): (Facts, Outcome), specs: &[Spec], lang: Lang) -> FrozenMail {
    if !specs.is_empty() {
        outcome.findings.push(warning());
    }
    let head = speaking(&facts.roster, "101", lang);
    let before = AuditFigures {
        week: "2026-W46".to_owned(),
        sales: Tally { count: 10, amount: Money::from_kopecks(10_000_000) },
        missing: Tally { count: 3, amount: Money::from_kopecks(90_000_000) },
        share: Some(Rate::from_bp(4_000)),
        adjustments: Money::from_kopecks(-100_000),
        managers: [(EmployeeId("7".to_owned()), Rate::from_bp(6_000))].into(),
        ..AuditFigures::default()
    };
    // Seven weeks before this one, each with a share of its own.
    let earlier = (40..46).map(|week: i32| AuditFigures {
        week: format!("2026-W{week}"),
        share: Some(Rate::from_bp(6_000 - (week - 40) * 350)),
        managers: [(EmployeeId("7".to_owned()), Rate::from_bp(3_000 + (week - 40) * 500))].into(),
        ..AuditFigures::default()
    });
    let history: Vec<_> = if specs.len() > 1 { earlier.chain([before]).collect() } else { Vec::new() };
    let mut report = AuditReport::build(&facts, &outcome, &entries(&outcome), &history, &head, &context());
    report.review = offers(&queue(&facts, &outcome, &|_| false), &facts, friday());
    audit_mail(&report, &head, &sender(), friday()).expect("an audit")
}

/// The alert of manager 7 over the sales.
pub fn alert(specs: &[Spec], lang: Lang) -> FrozenMail {
    alert_of(case(specs), lang)
}

fn alert_of((facts, outcome): (Facts, Outcome), lang: Lang) -> FrozenMail {
    let manager = speaking(&facts.roster, "7", lang);
    let settled = facts
        .sales
        .iter()
        .zip(&outcome.sales)
        .find(|(_, a)| a.status == Status::OnTime && a.employee.as_ref() == Some(&manager.id))
        .map(|(sale, _)| AlertedItem { employee: manager.id.clone(), sale: sale.key.clone(), kind: AlertKind::New });
    let told: Vec<_> = settled.into_iter().collect();
    let report = AlertReport::build(&facts, &outcome, &manager, &told, &context()).expect("something to say");
    alert_mail(&report, &manager, &sender(), friday()).expect("an alert")
}

/// The statement of November.
pub fn statement(specs: &[Spec], previous: &[StatementFigures], lang: Lang) -> FrozenMail {
    statement_of(case(specs), previous, lang)
}

fn statement_of((facts, outcome): (Facts, Outcome), previous: &[StatementFigures], lang: Lang) -> FrozenMail {
    let finance = speaking(&facts.roster, "12", lang);
    let ledger = posted(&entries(&outcome));
    let bonuses = [("7", 9_000_000), ("8", 250_000)].map(|(id, kopecks)| PeriodBonus {
        employee: EmployeeId(id.to_owned()),
        base: Money::from_kopecks(kopecks * 100),
        bonus: Money::from_kopecks(kopecks),
    });
    let bonuses = if facts.sales.is_empty() { &[][..] } else { &bonuses[..] };
    let input = StatementInput { period: period(), entries: &ledger, bonuses, previous };
    let report = StatementReport::build(input, &facts, &context());
    statement_mail(&report, &finance, &sender(), friday()).expect("a statement")
}

pub fn held(lang: Lang, file: bool) -> FrozenMail {
    held_for(lang, file.then_some("Продажи за неделю.xlsx"), vec![warning()])
}

/// A hold of a file of that name, or of a run, for these reasons.
fn held_for(lang: Lang, file: Option<&str>, reasons: Vec<Finding>) -> FrozenMail {
    let (facts, _) = case(&[]);
    let subject = if let Some(name) = file {
        HoldSubject::File { hash: "h".to_owned(), name: name.to_owned() }
    } else {
        HoldSubject::Run { run: "r".to_owned(), job: Job::Audit, as_of: friday(), input_hash: String::new() }
    };
    let hold = Hold { id: "h4k2".to_owned(), subject, reasons, opened_at: friday(), release: None };
    let operator = speaking(&facts.roster, "3", lang);
    held_mail(&HeldReport::of(&hold, &context()), &operator, &sender(), friday()).expect("a notice")
}

/// Five hundred different reasons.
fn many_reasons() -> Vec<Finding> {
    let numbered = |n: u32| {
        let mut finding = warning();
        if let Some(source) = &mut finding.source {
            source.row = n;
        }
        finding
    };
    (1..=500).map(numbered).collect()
}

/// A reason out of a file whose name and cell are as bad as names can be.
fn hostile_reason() -> Vec<Finding> {
    let mut finding = warning();
    if let Some(source) = &mut finding.source {
        source.file = hostile_name().into();
        source.sheet = "<b>Лист</b>\u{202e}1".into();
    }
    finding.message = Text::same(format!("«{}»", hostile_week()[0].party));
    vec![finding]
}

fn hostile_name() -> String {
    format!("<script>\r\nBcc: evil@example.test\u{202e}{}.xlsx", "очень длинное имя ".repeat(17))
}

/// Own templates with a mistake.
fn templates(lang: Lang) -> FrozenMail {
    let (facts, _) = case(&[]);
    let operator = speaking(&facts.roster, "3", lang);
    let text = Text::new(
        "templates/ru/audit/body.txt, строка 12: нет такого поля",
        "templates/ru/audit/body.txt, line 12: no such field",
    );
    let reasons = vec![Finding::new(Severity::Warn, "template_wrong", text)];
    let report = HeldReport::of_templates("t1".to_owned(), reasons, &context());
    held_mail(&report, &operator, &sender(), friday()).expect("a notice")
}

pub fn undelivered(lang: Lang) -> FrozenMail {
    undelivered_of(lang, 1, "550 5.1.1 no such user <p7@firma.example>")
}

fn undelivered_of(lang: Lang, mails: usize, reply: &str) -> FrozenMail {
    let (facts, _) = case(&[]);
    let row = OutboxMail {
        id: "0198-aa".to_owned(),
        mail: alert(&mixed_week(), Lang::Ru),
        state: MailState::Dead,
        frozen_at: friday(),
        attempts: 4,
        next_try: friday(),
        last_reply: reply.to_owned(),
        sent_at: None,
    };
    let operator = speaking(&facts.roster, "3", lang);
    let report = UndeliveredReport::of(&vec![row; mails], &context()).expect("something to say");
    undelivered_mail(&report, &operator, &sender(), friday()).expect("a notice")
}

/// One sale without a card.
fn one_line() -> Vec<Spec> {
    vec![spec("2026-11-09", "7", "ООО «Ромашка»", 120_000_000, Status::Missing)]
}

/// Five hundred sales of everybody, of every status.
fn five_hundred() -> Vec<Spec> {
    let statuses = [Status::Missing, Status::OnTime, Status::Pending, Status::Uncertain, Status::Late];
    (0..500_i64)
        .map(|n| {
            let at = usize::try_from(n).expect("small");
            let party = format!("ООО «Покупатель № {n}»");
            spec("2026-11-10", ["7", "8", "7"][at % 3], &party, 1_000_000 + n, statuses[at % 5])
        })
        .collect()
}

pub fn clean_week() -> Vec<Spec> {
    vec![
        spec("2026-11-16", "7", "АО «Василёк»", 45_000_000, Status::OnTime),
        spec("2026-11-17", "8", "АО «Мак»", 1_000_000, Status::OnTime),
    ]
}

/// Markup, line feeds, direction marks, formulas and 300 characters where names stand.
pub fn hostile_week() -> Vec<Spec> {
    let long = "Очень длинное наименование ".repeat(12);
    [
        "<script>alert(1)</script>",
        "ООО\n\"Ромашка\"\r\nBcc: evil@example.test",
        "ООО \u{202e}акшамоР\u{2066} & <b>Ко</b>",
        "=HYPERLINK(\"http://evil.example\")",
        "{{ r.total }} {% raw %}",
        long.as_str(),
    ]
    .into_iter()
    .map(|name| spec("2026-11-09", "7", name, 1_000_000, Status::Missing))
    .collect()
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
    audit_of_an_empty_week: audit(&[], Lang::Ru), audit(&[], Lang::En);
    audit_of_a_clean_week: audit(&clean_week(), Lang::Ru), audit(&clean_week(), Lang::En);
    audit_of_a_mixed_week: audit(&mixed_week(), Lang::Ru), audit(&mixed_week(), Lang::En);
    audit_with_hostile_names: audit(&hostile_week(), Lang::Ru), audit(&hostile_week(), Lang::En);
    alert_of_a_mixed_week: alert(&mixed_week(), Lang::Ru), alert(&mixed_week(), Lang::En);
    alert_with_hostile_names: alert(&hostile_week(), Lang::Ru), alert(&hostile_week(), Lang::En);
    statement_of_november: statement(&mixed_week(), &[], Lang::Ru), statement(&mixed_week(), &[], Lang::En);
    statement_without_anything: statement(&[], &[], Lang::Ru), statement(&[], &[], Lang::En);
    audit_of_one_line: audit(&one_line(), Lang::Ru), audit(&one_line(), Lang::En);
    audit_of_500_lines: audit(&five_hundred(), Lang::Ru), audit(&five_hundred(), Lang::En);
    audit_of_stale_data: stale_audit(&mixed_week(), Lang::Ru), stale_audit(&mixed_week(), Lang::En);
    audit_of_an_empty_week_of_stale_data: stale_audit(&[], Lang::Ru), stale_audit(&[], Lang::En);
    alert_of_one_line: alert(&one_line(), Lang::Ru), alert(&one_line(), Lang::En);
    alert_of_500_lines: alert(&five_hundred(), Lang::Ru), alert(&five_hundred(), Lang::En);
    alert_of_stale_data: alert_of(stale(case(&one_line())), Lang::Ru), alert_of(stale(case(&one_line())), Lang::En);
    statement_of_one_line: statement(&one_line(), &[], Lang::Ru), statement(&one_line(), &[], Lang::En);
    statement_of_500_lines: statement(&five_hundred(), &[], Lang::Ru), statement(&five_hundred(), &[], Lang::En);
    statement_with_hostile_names: statement(&hostile_week(), &[], Lang::Ru), statement(&hostile_week(), &[], Lang::En);
    statement_of_stale_data: statement_of(stale(case(&one_line())), &[], Lang::Ru), statement_of(stale(case(&one_line())), &[], Lang::En);
    held_for_500_reasons: held_for(Lang::Ru, None, many_reasons()), held_for(Lang::En, None, many_reasons());
    held_with_hostile_names: held_for(Lang::Ru, Some(&hostile_name()), hostile_reason()), held_for(Lang::En, Some(&hostile_name()), hostile_reason());
    held_run: held(Lang::Ru, false), held(Lang::En, false);
    held_file: held(Lang::Ru, true), held(Lang::En, true);
    undelivered_mails: undelivered(Lang::Ru), undelivered(Lang::En);
    undelivered_500: undelivered_of(Lang::Ru, 500, "550 no"), undelivered_of(Lang::En, 500, "550 no");
    undelivered_with_hostile_words: undelivered_of(Lang::Ru, 1, &hostile_name()), undelivered_of(Lang::En, 1, &hostile_name());
    templates_with_mistakes: templates(Lang::Ru), templates(Lang::En);
}

#[test]
fn kinds_and_keys_are_the_documented_ones() {
    let keys: Vec<(MailKind, String)> =
        [audit(&[], Lang::Ru), alert(&mixed_week(), Lang::Ru), statement(&[], &[], Lang::Ru), held(Lang::Ru, false)]
            .into_iter()
            .map(|m| (m.kind, m.key))
            .collect();
    assert_eq!(
        keys,
        [
            (MailKind::Audit, "audit.2026-W47.5.101".to_owned()),
            (MailKind::Alert, "alert.2026-11-20.7".to_owned()),
            (MailKind::Statement, "statement.2026-11/1.12".to_owned()),
            (MailKind::Held, "held.h4k2.3".to_owned()),
        ]
    );
}
