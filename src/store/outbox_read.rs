//! Looking at the outbox. Deliberately absent: changing it (`outbox`).

use chrono::{DateTime, Utc};

use super::{
    engine::{Tx, on_engine},
    error::{Result, StoreError},
    row::{At, limit},
};
use crate::domain::mail::{FrozenMail, MailKind, MailState, OutboxMail};

#[derive(sqlx::FromRow)]
pub(super) struct MailRow {
    id: String,
    mail_key: String,
    kind: String,
    recipient: String,
    sender: String,
    subject: String,
    message_id: String,
    bytes: Vec<u8>,
    frozen_ms: i64,
    state: String,
    attempts: i64,
    next_try_ms: i64,
    last_reply: String,
    sent_ms: Option<i64>,
}

impl TryFrom<MailRow> for OutboxMail {
    type Error = StoreError;
    fn try_from(row: MailRow) -> Result<Self> {
        let at = At { table: "outbox", id: &row.id };
        let mail = FrozenMail {
            kind: at.some("kind", MailKind::parse(&row.kind))?,
            key: row.mail_key,
            recipient: row.recipient,
            sender: row.sender,
            subject: row.subject,
            message_id: row.message_id,
            bytes: row.bytes,
        };
        Ok(Self {
            mail,
            state: at.some("state", MailState::parse(&row.state))?,
            frozen_at: at.instant("frozen_ms", row.frozen_ms)?,
            attempts: at.some("attempts", u32::try_from(row.attempts).ok())?,
            next_try: at.instant("next_try_ms", row.next_try_ms)?,
            last_reply: row.last_reply,
            sent_at: at.instant_opt("sent_ms", row.sent_ms)?,
            id: row.id,
        })
    }
}

/// To domain values by frozen time and key: `RETURNING` has no order.
pub(super) fn in_order(rows: Vec<MailRow>) -> Result<Vec<OutboxMail>> {
    let mut mails = rows.into_iter().map(OutboxMail::try_from).collect::<Result<Vec<_>>>()?;
    mails.sort_by(|a, b| (a.frozen_at, &a.mail.key).cmp(&(b.frozen_at, &b.mail.key)));
    Ok(mails)
}

impl Tx {
    /// The mails frozen last, of one state or of all, newest first.
    pub async fn outbox(&mut self, state: Option<MailState>, mails: usize) -> Result<Vec<OutboxMail>> {
        let rows: Vec<MailRow> = on_engine!(self, conn => sqlx::query_as(
            "SELECT * FROM outbox WHERE $1 IS NULL OR state = $1 ORDER BY frozen_ms DESC, mail_key DESC LIMIT $2")
            .bind(state.map(MailState::code)).bind(limit(mails)).fetch_all(conn).await)?;
        let mut mails = in_order(rows)?;
        mails.reverse();
        Ok(mails)
    }

    /// The mail with the id or the key.
    pub async fn outbox_mail(&mut self, id_or_key: &str) -> Result<Option<OutboxMail>> {
        let row: Option<MailRow> = on_engine!(self, conn => sqlx::query_as(
            "SELECT * FROM outbox WHERE id = $1 OR mail_key = $1").bind(id_or_key).fetch_optional(conn).await)?;
        row.map(OutboxMail::try_from).transpose()
    }

    /// When the oldest mail that still waits was frozen.
    pub async fn oldest_pending(&mut self) -> Result<Option<DateTime<Utc>>> {
        let oldest: Option<i64> = on_engine!(self, conn => sqlx::query_scalar(
            "SELECT MIN(frozen_ms) FROM outbox WHERE state = 'pending'").fetch_one(conn).await)?;
        At { table: "outbox", id: "" }.instant_opt("frozen_ms", oldest)
    }
}
