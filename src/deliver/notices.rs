//! Mails about the work itself, to those who keep it going: one function per kind. Deliberately absent: mails about
//! sales and money (`compose`).

use chrono::{DateTime, Datelike, Utc};
use sha2::{Digest, Sha256};

use crate::domain::{
    mail::{FrozenMail, MailKind},
    org::Employee,
    report::BouncedReport,
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
    let rendered = render(MailKind::Bounced, to.lang, &report.frame, &key, report)?;
    let thread = format!("bounced.{}.{}", to.id.0, report.frame.as_of.year());
    let parts = parts(MailKind::Bounced, key, thread, "operator", to, rendered, Vec::new());
    message::freeze(parts, sender, now)
}
