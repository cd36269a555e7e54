//! Mails that came back, and what was decided about their addresses: rows are added, never changed. Deliberately absent:
//! when an address is suspended (`domain::bounce`).

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{
    engine::{Tx, on_engine},
    error::Result,
    outbox_read::MailRow,
    row::{At, ms},
};
use crate::domain::{
    bounce::{self, AddressEvent, Bounce, BounceKind},
    mail::OutboxMail,
};

#[derive(sqlx::FromRow)]
struct BounceRow {
    hash: String,
    read_ms: i64,
    mail_key: String,
    address: String,
    kind: String,
    status: String,
    words: String,
}

impl TryFrom<BounceRow> for Bounce {
    type Error = super::error::StoreError;
    fn try_from(row: BounceRow) -> Result<Self> {
        let at = At { table: "bounce", id: &row.hash };
        Ok(Self {
            kind: at.some("kind", BounceKind::parse(&row.kind))?,
            at: at.instant("read_ms", row.read_ms)?,
            mail_key: row.mail_key,
            address: row.address,
            status: row.status,
            words: row.words,
            hash: row.hash,
        })
    }
}

impl Tx {
    /// Remembers a report about a mail of ours; `false` when it was read before.
    pub async fn add_bounce(&mut self, bounce: &Bounce, name: &str) -> Result<bool> {
        let Bounce { hash, mail_key, address, kind, status, words, at } = bounce;
        let rows = on_engine!(self, conn => sqlx::query(
            "INSERT INTO bounce (hash, name, read_ms, mail_key, address, kind, status, words)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (hash) DO NOTHING")
            .bind(hash).bind(name).bind(ms(*at)).bind(mail_key).bind(address).bind(kind.code()).bind(status).bind(words)
            .execute(conn).await.map(|done| done.rows_affected()))?;
        Ok(rows == 1)
    }

    /// Remembers a mail of the folder that is no report about a mail of ours; `false` when it was read before.
    pub async fn add_other_mail(&mut self, hash: &str, name: &str, at: DateTime<Utc>, words: &str) -> Result<bool> {
        let rows = on_engine!(self, conn => sqlx::query(
            "INSERT INTO bounce (hash, name, read_ms, mail_key, address, kind, status, words)
             VALUES ($1, $2, $3, NULL, '', 'none', '', $4) ON CONFLICT (hash) DO NOTHING")
            .bind(hash).bind(name).bind(ms(at)).bind(words)
            .execute(conn).await.map(|done| done.rows_affected()))?;
        Ok(rows == 1)
    }

    /// Whether a mail of these bytes was read before.
    pub async fn knows_bounce(&mut self, hash: &str) -> Result<bool> {
        let found: Option<String> = on_engine!(self, conn => sqlx::query_scalar(
            "SELECT hash FROM bounce WHERE hash = $1").bind(hash).fetch_optional(conn).await)?;
        Ok(found.is_some())
    }

    /// Every report about a mail of ours, oldest first.
    pub async fn bounces(&mut self) -> Result<Vec<Bounce>> {
        let rows: Vec<BounceRow> = on_engine!(self, conn => sqlx::query_as(
            "SELECT hash, read_ms, mail_key, address, kind, status, words FROM bounce WHERE mail_key IS NOT NULL")
            .fetch_all(conn).await)?;
        let mut all = rows.into_iter().map(Bounce::try_from).collect::<Result<Vec<_>>>()?;
        all.sort_by(|a, b| (a.at, &a.hash).cmp(&(b.at, &b.hash)));
        Ok(all)
    }

    /// Everything decided about addresses, for each address in order.
    pub async fn address_events(&mut self) -> Result<Vec<AddressEvent>> {
        let rows: Vec<(String, String, i64, String, String)> = on_engine!(self, conn => sqlx::query_as(
            "SELECT address, event, at_ms, author, reason FROM address_event ORDER BY address, place")
            .fetch_all(conn).await)?;
        rows.into_iter()
            .map(|(address, event, at_ms, author, reason)| {
                let at = At { table: "address_event", id: &address }.instant("at_ms", at_ms)?;
                Ok(AddressEvent { suspended: event == "suspended", at, author, reason, address })
            })
            .collect()
    }

    /// Addresses that nothing is sent to.
    pub async fn suspended_addresses(&mut self) -> Result<BTreeSet<String>> {
        Ok(bounce::suspended(&self.address_events().await?))
    }

    /// Appends a decision behind the others about its address; [`super::StoreError::Duplicate`] when somebody else was faster.
    pub async fn add_address_event(&mut self, event: &AddressEvent) -> Result<()> {
        let AddressEvent { address, suspended, at, author, reason } = event;
        let word = if *suspended { "suspended" } else { "lifted" };
        let place: i64 = on_engine!(self, conn => sqlx::query_scalar(
            "SELECT COUNT(*) FROM address_event WHERE address = $1").bind(address).fetch_one(conn).await)?;
        on_engine!(self, conn => sqlx::query(
            "INSERT INTO address_event (address, place, event, at_ms, author, reason) VALUES ($1, $2, $3, $4, $5, $6)")
            .bind(address).bind(place).bind(word).bind(ms(*at)).bind(author).bind(reason)
            .execute(conn).await.map(|done| done.rows_affected()))?;
        Ok(())
    }

    /// The mail with the Message-ID (angle brackets included).
    pub async fn outbox_mail_of(&mut self, message_id: &str) -> Result<Option<OutboxMail>> {
        let row: Option<MailRow> = on_engine!(self, conn => sqlx::query_as(
            "SELECT * FROM outbox WHERE message_id = $1").bind(message_id).fetch_optional(conn).await)?;
        row.map(OutboxMail::try_from).transpose()
    }

    /// A mail that the server had taken came back; `false` when it was not sent, or came back before.
    pub async fn mark_bounced(&mut self, id: &str, reply: &str) -> Result<bool> {
        let rows = on_engine!(self, conn => sqlx::query(
            "UPDATE outbox SET state = 'dead', last_reply = $2, leased_until_ms = 0 WHERE id = $1 AND state = 'sent'")
            .bind(id).bind(reply).execute(conn).await.map(|done| done.rows_affected()))?;
        Ok(rows == 1)
    }
}
