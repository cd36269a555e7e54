//! Notice of an address that nothing is sent to any more: whose it is, what came back, who reads instead, how to lift it.
//! Deliberately absent: contents of the mails (the operator has no business with sums of other people).

use chrono::NaiveDateTime;
use serde::Serialize;

use crate::domain::bounce::Bounce;

use super::{Frame, ReportContext};

/// An address was suspended, for the operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BouncedReport {
    /// Company, times.
    pub frame: Frame,
    /// The address.
    pub address: String,
    /// Whose it is; empty = nobody's in the people file.
    pub person: String,
    /// Who gets the mail instead; empty = nobody, the mails are kept.
    pub deputy: String,
    /// What came back, oldest first.
    pub lines: Vec<BouncedLine>,
}

/// One report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BouncedLine {
    /// Key of the mail.
    pub key: String,
    /// When the report was read, business time.
    pub at: NaiveDateTime,
    /// What the other server said.
    pub said: String,
}

impl BouncedReport {
    /// The notice.
    pub fn of(address: &str, person: &str, deputy: &str, bounces: &[&Bounce], ctx: &ReportContext) -> Self {
        let line = |bounce: &&Bounce| BouncedLine {
            key: bounce.mail_key.clone(),
            at: ctx.local(bounce.at),
            said: bounce.said(),
        };
        Self {
            frame: ctx.bare_frame(),
            address: address.to_owned(),
            person: person.to_owned(),
            deputy: deputy.to_owned(),
            lines: bounces.iter().map(line).collect(),
        }
    }
}
