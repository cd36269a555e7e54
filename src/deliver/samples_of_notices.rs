//! Made-up notices about the work itself and a personal statement, full and bare ones (see `samples`). Deliberately absent: real names and sums.

use serde_json::Value;

use crate::domain::{
    bounce::{Bounce, BounceKind},
    mail::MailKind,
    report::{BouncedReport, PersonalReport, ReportContext},
};

use super::samples::{Sample, facts, instant, statement};

/// All notices, as the templates see them.
pub(super) fn all(name: &'static str, ctx: &ReportContext, full: bool) -> Vec<Sample> {
    let mut list = Vec::new();
    // A report that cannot be serialised becomes null, on which every strict template fails.
    let bounced = bounced(ctx, full);
    let report = serde_json::to_value(&bounced).unwrap_or(Value::Null);
    list.push(Sample { name, kind: MailKind::Bounced, frame: bounced.frame, report });
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
