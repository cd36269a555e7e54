//! Finished mails on their way out: freeze and commit, claim, send, mark. A crash between sending and marking gives a
//! second, identical copy; no order gives less. Deliberately absent: sending, and how long to wait between tries.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{
    engine::{Tx, on_engine},
    error::Result,
    outbox_read::{MailRow, in_order},
    row::{limit, ms, new_id},
};
use crate::domain::mail::{FrozenMail, MailState, OutboxMail};

/// Mails per statement: few, because each carries its attachments.
const MAILS_PER_STATEMENT: usize = 20;

impl Tx {
    /// Freezes mails and returns how many are new. A key or Message-ID that is there already stays as it is: the first
    /// bytes win.
    pub async fn freeze(&mut self, mails: &[FrozenMail], now: DateTime<Utc>) -> Result<usize> {
        let mut frozen = 0;
        for part in mails.chunks(MAILS_PER_STATEMENT) {
            frozen += on_engine!(self, conn => {
                let mut query = sqlx::QueryBuilder::new(
                    "INSERT INTO outbox (id, mail_key, kind, recipient, sender, subject, message_id, bytes, frozen_ms,
                         state, attempts, next_try_ms, leased_until_ms, last_reply) ");
                query.push_values(part, |mut row, mail| {
                    row.push_bind(new_id(now)).push_bind(mail.key.as_str()).push_bind(mail.kind.code());
                    row.push_bind(mail.recipient.as_str()).push_bind(mail.sender.as_str());
                    row.push_bind(mail.subject.as_str()).push_bind(mail.message_id.as_str());
                    row.push_bind(mail.bytes.as_slice()).push_bind(ms(now));
                    row.push_bind(MailState::Pending.code()).push_bind(0_i64).push_bind(ms(now)).push_bind(0_i64);
                    row.push_bind("");
                });
                query.push(" ON CONFLICT DO NOTHING");
                query.build().execute(conn).await.map(|done| done.rows_affected())
            })?;
        }
        Ok(usize::try_from(frozen).unwrap_or(usize::MAX))
    }

    /// Takes mails that are due, oldest first, for the length of the lease. The try counts from here on, so a mail that
    /// brings the process down does not do so for ever.
    pub async fn claim_mail(&mut self, now: DateTime<Utc>, lease: Duration, mails: usize) -> Result<Vec<OutboxMail>> {
        let until = ms(now).saturating_add(i64::try_from(lease.as_millis()).unwrap_or(i64::MAX));
        // The conditions stand outside too: a rival that waited for this row looks at them again.
        let rows: Vec<MailRow> = on_engine!(self, conn => sqlx::query_as(
            "UPDATE outbox SET leased_until_ms = $2, attempts = attempts + 1
             WHERE state = 'pending' AND next_try_ms <= $1 AND leased_until_ms <= $1
               AND id IN (SELECT id FROM outbox WHERE state = 'pending' AND next_try_ms <= $1 AND leased_until_ms <= $1
                          ORDER BY frozen_ms, mail_key LIMIT $3)
             RETURNING *")
            .bind(ms(now)).bind(until).bind(limit(mails)).fetch_all(conn).await)?;
        in_order(rows)
    }

    /// The server took the mail; `false` when it was marked sent before.
    pub async fn mark_sent(&mut self, id: &str, now: DateTime<Utc>, reply: &str) -> Result<bool> {
        let rows = on_engine!(self, conn => sqlx::query(
            "UPDATE outbox SET state = 'sent', sent_ms = $2, last_reply = $3, leased_until_ms = 0
             WHERE id = $1 AND state <> 'sent'")
            .bind(id).bind(ms(now)).bind(reply).execute(conn).await.map(|done| done.rows_affected()))?;
        Ok(rows == 1)
    }

    /// Not this time: the lease ends and the mail waits; `false` when it is no longer pending.
    pub async fn retry_mail(&mut self, id: &str, next_try: DateTime<Utc>, reply: &str) -> Result<bool> {
        let rows = on_engine!(self, conn => sqlx::query(
            "UPDATE outbox SET next_try_ms = $2, last_reply = $3, leased_until_ms = 0 WHERE id = $1 AND state = 'pending'")
            .bind(id).bind(ms(next_try)).bind(reply).execute(conn).await.map(|done| done.rows_affected()))?;
        Ok(rows == 1)
    }

    /// Refused for good; `false` when it is no longer pending.
    pub async fn mark_dead(&mut self, id: &str, reply: &str) -> Result<bool> {
        let rows = on_engine!(self, conn => sqlx::query(
            "UPDATE outbox SET state = 'dead', last_reply = $2, leased_until_ms = 0 WHERE id = $1 AND state = 'pending'")
            .bind(id).bind(reply).execute(conn).await.map(|done| done.rows_affected()))?;
        Ok(rows == 1)
    }

    /// A dead mail may try again from now on, its tries counted anew; a pending one need not wait. `false` for a sent or
    /// unknown one.
    pub async fn requeue(&mut self, id: &str, now: DateTime<Utc>) -> Result<bool> {
        let rows = on_engine!(self, conn => sqlx::query(
            "UPDATE outbox SET attempts = CASE WHEN state = 'dead' THEN 0 ELSE attempts END, state = 'pending',
                 next_try_ms = $2
             WHERE id = $1 AND state <> 'sent'")
            .bind(id).bind(ms(now)).execute(conn).await.map(|done| done.rows_affected()))?;
        Ok(rows == 1)
    }
}
