//! Notice of mails that were given up. Deliberately absent: their subjects and contents (the operator has no business
//! with sums of other people) and giving up itself.

use chrono::NaiveDateTime;
use serde::Serialize;

use crate::domain::mail::OutboxMail;

use super::{Frame, ReportContext};

/// Mails given up since the last notice, for the operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UndeliveredReport {
    /// Company, times.
    pub frame: Frame,
    /// The mails, by key.
    pub lines: Vec<UndeliveredLine>,
}

/// One mail given up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UndeliveredLine {
    /// Id in the outbox, for `sverka outbox retry`.
    pub id: String,
    /// Key.
    pub key: String,
    /// Kind code.
    pub kind: String,
    /// Recipient's address.
    pub recipient: String,
    /// Tries.
    pub attempts: u32,
    /// The server's last words.
    pub last_reply: String,
    /// When it was made, business time.
    pub frozen_at: NaiveDateTime,
}

impl UndeliveredReport {
    /// The notice; `None` when nothing was given up.
    pub fn of(dead: &[OutboxMail], ctx: &ReportContext) -> Option<Self> {
        let mut lines: Vec<_> = dead
            .iter()
            .map(|row| UndeliveredLine {
                id: row.id.clone(),
                key: row.mail.key.clone(),
                kind: row.mail.kind.code().to_owned(),
                recipient: row.mail.recipient.clone(),
                attempts: row.attempts,
                last_reply: row.last_reply.clone(),
                frozen_at: ctx.local(row.frozen_at),
            })
            .collect();
        lines.sort_by(|a, b| a.key.cmp(&b.key));
        (!lines.is_empty()).then(|| Self { frame: ctx.bare_frame(), lines })
    }
}
