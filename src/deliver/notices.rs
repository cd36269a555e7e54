//! Mails about the work itself, to those who keep it going: one function per kind. Deliberately absent: mails about
//! sales and money (`compose`).

use chrono::{DateTime, Datelike, Utc};
use sha2::{Digest, Sha256};

use crate::domain::{
    mail::{FrozenMail, MailKind},
    org::Employee,
    report::{BouncedReport, ContestedReport, EscalationReport, WeeklyReport},
};

use super::{
    compose::{parts, render},
    error::TemplateError,
    message::{self, Sender},
};

/// An address was suspended. The key comes from the mails that came back: after a lift further ones are another notice.
pub fn bounced_mail(
    report: &BouncedReport,
    to: &Employee,
    sender: &Sender,
    now: DateTime<Utc>,
) -> Result<FrozenMail, TemplateError> {
    let listed: Vec<String> = report.lines.iter().map(|l| l.key.clone()).collect();
    let digest = message::hex(&Sha256::digest(format!("{}\n{}", report.address, listed.join("\n"))), 6);
    let key = format!("bounced.{digest}.{}", to.id.0);
    let rendered = render(sender, MailKind::Bounced, to.lang, &report.frame, &key, report)?;
    let thread = format!("bounced.{}.{}", to.id.0, report.frame.as_of.year());
    let parts = parts(MailKind::Bounced, key, thread, "operator", to, rendered, Vec::new());
    message::freeze(parts, sender, now)
}

/// The week of the program.
pub fn weekly_mail(
    report: &WeeklyReport,
    to: &Employee,
    sender: &Sender,
    now: DateTime<Utc>,
) -> Result<FrozenMail, TemplateError> {
    let key = format!("weekly.{}.{}", report.until.date(), to.id.0);
    let rendered = render(sender, MailKind::Weekly, to.lang, &report.frame, &key, report)?;
    let thread = format!("weekly.{}.{}", to.id.0, report.until.year());
    let parts = parts(MailKind::Weekly, key, thread, "operator", to, rendered, Vec::new());
    message::freeze(parts, sender, now)
}

/// Lines that people contest. The key comes from the disputes: the same list is one mail, another list another.
pub fn contested_mail(
    report: &ContestedReport,
    to: &Employee,
    sender: &Sender,
    now: DateTime<Utc>,
) -> Result<FrozenMail, TemplateError> {
    let mut listed: Vec<&str> = report.lines.iter().map(|l| l.dispute.as_str()).collect();
    listed.sort_unstable();
    let digest = message::hex(&Sha256::digest(listed.join("\n")), 6);
    let key = format!("contested.{digest}.{}", report.head.0);
    let rendered = render(sender, MailKind::Contested, to.lang, &report.frame, &key, report)?;
    let thread = format!("contested.{}.{}", report.head.0, report.frame.as_of.year());
    let parts = parts(MailKind::Contested, key, thread, "head", to, rendered, Vec::new());
    message::freeze(parts, sender, now)
}

/// What managers were told and did not enter.
pub fn escalation_mail(
    report: &EscalationReport,
    to: &Employee,
    sender: &Sender,
    now: DateTime<Utc>,
) -> Result<FrozenMail, TemplateError> {
    let key = format!("escalation.{}.{}", report.day, report.head.0);
    let rendered = render(sender, MailKind::Escalation, to.lang, &report.frame, &key, report)?;
    let thread = format!("escalation.{}.{}-{:02}", report.head.0, report.day.year(), report.day.month());
    let parts = parts(MailKind::Escalation, key, thread, "head", to, rendered, Vec::new());
    message::freeze(parts, sender, now)
}
