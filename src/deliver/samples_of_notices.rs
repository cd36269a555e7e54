//! Made-up notices about the work itself and a personal statement, full and bare ones (see `samples`). Deliberately absent: real names and sums.

use serde_json::Value;

use crate::domain::{
    bounce::{Bounce, BounceKind},
    mail::MailKind,
    money::Money,
    org::EmployeeId,
    report::{
        BouncedReport, ContestedReport, EscalationReport, PersonalReport, ReportContext, WeeklyReport,
        contested::ContestedLine,
        escalation::{EscalatedLine, EscalatedPerson},
        weekly::{DueLine, WeekInput},
    },
    run::{Hold, HoldSubject, Job},
    text::Text,
};

use super::samples::{Sample, alert, facts, instant, statement};

/// All notices, as the templates see them.
pub(super) fn all(name: &'static str, ctx: &ReportContext, full: bool) -> Vec<Sample> {
    let mut list = Vec::new();
    // A report that cannot be serialised becomes null, on which every strict template fails.
    let bounced = bounced(ctx, full);
    let report = serde_json::to_value(&bounced).unwrap_or(Value::Null);
    list.push(Sample { name, kind: MailKind::Bounced, frame: bounced.frame, report });
    let escalation = escalation(ctx, full);
    let report = serde_json::to_value(&escalation).unwrap_or(Value::Null);
    list.push(Sample { name, kind: MailKind::Escalation, frame: escalation.frame, report });
    let contested = contested(ctx, full);
    let report = serde_json::to_value(&contested).unwrap_or(Value::Null);
    list.push(Sample { name, kind: MailKind::Contested, frame: contested.frame, report });
    let weekly = weekly(ctx, full);
    let report = serde_json::to_value(&weekly).unwrap_or(Value::Null);
    list.push(Sample { name, kind: MailKind::Weekly, frame: weekly.frame, report });
    if let Some(personal) = personal(ctx, full) {
        let report = serde_json::to_value(&personal).unwrap_or(Value::Null);
        list.push(Sample { name, kind: MailKind::Personal, frame: personal.frame, report });
    }
    list
}

/// The statement of one person: with everything, and without a line.
fn personal(ctx: &ReportContext, full: bool) -> Option<PersonalReport> {
    let statement = statement(ctx, true);
    let mut report = PersonalReport::of(&statement, &facts()).into_iter().next()?;
    if full {
        report.in_place_of = Some("Кравцова Анна".to_owned());
        report.suspended = statement.suspended.iter().cycle().take(50).cloned().collect();
        for (n, line) in report.suspended.iter_mut().enumerate() {
            line.withdrawn = n % 2 == 0;
        }
        for group in &mut report.groups {
            group.lines = group.lines.iter().cycle().take(50).cloned().collect();
        }
    } else {
        (report.groups, report.suspended, report.further) = (Vec::new(), Vec::new(), false);
    }
    Some(report)
}

fn bounced(ctx: &ReportContext, full: bool) -> BouncedReport {
    let bounce = Bounce {
        hash: "00".to_owned(),
        mail_key: "alert.2026-11-20.7".to_owned(),
        address: "a@example.test".to_owned(),
        kind: BounceKind::Hard,
        status: if full { "5.1.1".to_owned() } else { String::new() },
        words: "no such user".to_owned(),
        at: instant(),
    };
    let (person, deputy) = if full { ("Иванова Анна", "Орлов Илья") } else { ("", "") };
    BouncedReport::of(&bounce.address, person, deputy, &vec![&bounce; if full { 50 } else { 2 }], ctx)
}

fn escalation(ctx: &ReportContext, full: bool) -> EscalationReport {
    let alert = alert(ctx, full);
    let lines: Vec<EscalatedLine> =
        alert.items.iter().cloned().map(|sale| EscalatedLine { sale, told_on: ctx.today() }).collect();
    let person = EscalatedPerson {
        id: alert.owner.clone(),
        name: "Иванова Анна".to_owned(),
        lines: lines.into_iter().cycle().take(if full { 50 } else { 1 }).collect(),
        total: alert.total,
        cost: alert.cost,
    };
    EscalationReport {
        frame: alert.frame,
        head: alert.owner,
        day: alert.day,
        after_days: 5,
        people: vec![person; if full { 50 } else { 1 }],
        total: alert.total,
        cost: alert.cost,
        marks: Vec::new(),
    }
}

fn contested(ctx: &ReportContext, full: bool) -> ContestedReport {
    let words = |text: &str| if full { Text::same(text) } else { Text::default() };
    let line = |silence_withdraws| ContestedLine {
        dispute: "d1".to_owned(),
        name: "Иванова Анна".to_owned(),
        code: "0001-7Q".to_owned(),
        amount: Money::from_kopecks(-500),
        claim: Text::new("карточка есть в CRM", "the card is in the CRM"),
        document: words("№ 1"),
        party: if full { "ООО «Ромашка»".to_owned() } else { String::new() },
        note: if full { "есть, ID 7".to_owned() } else { String::new() },
        checked: words("ID 7"),
        due: ctx.today(),
        silence_withdraws,
    };
    let lines = (0..if full { 50 } else { 1 }).map(|n| line(n % 2 == 0)).collect();
    ContestedReport { frame: ctx.bare_frame(), head: EmployeeId("0012".to_owned()), due: ctx.today(), lines }
}

fn weekly(ctx: &ReportContext, full: bool) -> WeeklyReport {
    if !full {
        return WeeklyReport::build(&WeekInput::default(), instant(), instant(), ctx);
    }
    let due = |words: &str| DueLine { job: Job::Audit, outcome: Some(words.to_owned()) };
    let hold = |n: u32| Hold {
        id: format!("h{n}"),
        subject: HoldSubject::File { hash: "h".to_owned(), name: "Продажи.xlsx".to_owned() },
        reasons: Vec::new(),
        opened_at: instant(),
        release: None,
    };
    let all = ["ran", "ran late", "held: h1", "merged into x", "skipped: too old"];
    let mut input = WeekInput {
        due: all.into_iter().map(due).collect(),
        holds: (0..50).map(hold).collect(),
        suspended: (0..50).map(|n| format!("p{n}@example.test")).collect(),
        sent: 14,
        dead: 2,
        waiting: Some(instant()),
        sources: vec![
            (Text::new("учётная система", "accounting"), Some(instant())),
            (Text::new("звонки", "calls"), None),
        ],
        database_bytes: Some(12_345_678),
        archive_bytes: 1_234,
        ..WeekInput::default()
    };
    input.due.push(DueLine { job: Job::Alerts, outcome: None });
    WeeklyReport::build(&input, instant(), instant(), ctx)
}
