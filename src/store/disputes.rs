//! Disputes and their events: rows are added, never changed. Deliberately absent: who may open or decide one, what follows
//! from it (`domain::dispute`).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    engine::{Tx, on_engine},
    error::{Result, StoreError},
    row::{At, json_text, ms},
};
use crate::domain::{
    dispute::{Case, Claim, Dispute, DisputeEvent, EventKind, Ruling},
    ledger::EntryKey,
    org::EmployeeId,
};

#[derive(sqlx::FromRow)]
struct DisputeRow {
    id: String,
    code: String,
    entry_id: String,
    belongs_to: String,
    employee: String,
    subject: String,
    rule: String,
    claim: String,
    crm_id: Option<String>,
    opened_by: String,
    note: String,
    opened_ms: i64,
    due_on: NaiveDate,
    by_default: String,
    source: String,
}

impl TryFrom<DisputeRow> for Dispute {
    type Error = StoreError;
    fn try_from(row: DisputeRow) -> Result<Self> {
        let at = At { table: "dispute", id: &row.id };
        Ok(Self {
            key: EntryKey {
                belongs_to: at.period("belongs_to", &row.belongs_to)?,
                employee: EmployeeId(row.employee),
                subject: row.subject,
                rule: row.rule,
            },
            claim: at.some("claim", Claim::parse(&row.claim))?,
            opened_at: at.instant("opened_ms", row.opened_ms)?,
            by_default: at.some("by_default", Ruling::parse(&row.by_default))?,
            code: row.code,
            entry: row.entry_id,
            crm_id: row.crm_id,
            by: EmployeeId(row.opened_by),
            note: row.note,
            due: row.due_on,
            source: row.source,
            id: row.id,
        })
    }
}

#[derive(sqlx::FromRow)]
struct EventRow {
    id: String,
    dispute_id: String,
    kind: String,
    at_ms: i64,
    author: String,
    note: String,
    due_on: Option<NaiveDate>,
}

impl TryFrom<EventRow> for DisputeEvent {
    type Error = StoreError;
    fn try_from(row: EventRow) -> Result<Self> {
        let at = At { table: "dispute_event", id: &row.id };
        Ok(Self {
            kind: at.some("kind", EventKind::parse(&row.kind))?,
            at: at.instant("at_ms", row.at_ms)?,
            note: at.json("note", &row.note)?,
            dispute: row.dispute_id,
            author: row.author,
            due: row.due_on,
            id: row.id,
        })
    }
}

impl Tx {
    /// Opens a dispute; [`StoreError::Duplicate`] when the same mail contested the same line before.
    pub async fn open_dispute(&mut self, dispute: &Dispute) -> Result<()> {
        let Dispute { id, code, entry, key, claim, crm_id, by, note, opened_at, due, by_default, source } = dispute;
        on_engine!(self, conn => sqlx::query(
            "INSERT INTO dispute (id, code, entry_id, belongs_to, employee, subject, rule, claim, crm_id, opened_by, note,
                                  opened_ms, due_on, by_default, source)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)")
            .bind(id).bind(code).bind(entry).bind(key.belongs_to.to_string()).bind(&key.employee.0).bind(&key.subject)
            .bind(&key.rule).bind(claim.code()).bind(crm_id.as_deref()).bind(&by.0).bind(note).bind(ms(*opened_at))
            .bind(*due).bind(by_default.code()).bind(source)
            .execute(conn).await.map(|done| done.rows_affected()))?;
        Ok(())
    }

    /// Appends an event behind `expected` others; [`StoreError::Duplicate`] when somebody else was faster.
    pub async fn add_dispute_event(&mut self, event: &DisputeEvent, expected: usize) -> Result<()> {
        let at = At { table: "dispute_event", id: &event.id };
        let note = json_text(at, "note", &event.note)?;
        let place = i64::try_from(expected).unwrap_or(i64::MAX);
        on_engine!(self, conn => sqlx::query(
            "INSERT INTO dispute_event (id, dispute_id, place, kind, at_ms, author, note, due_on)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
            .bind(&event.id).bind(&event.dispute).bind(place).bind(event.kind.code()).bind(ms(event.at))
            .bind(&event.author).bind(note).bind(event.due)
            .execute(conn).await.map(|done| done.rows_affected()))?;
        Ok(())
    }

    /// Every dispute with its events, oldest first.
    pub async fn disputes(&mut self) -> Result<Vec<Case>> {
        let rows: Vec<DisputeRow> = on_engine!(self, conn => sqlx::query_as(
            "SELECT id, code, entry_id, belongs_to, employee, subject, rule, claim, crm_id, opened_by, note, opened_ms,
                    due_on, by_default, source FROM dispute").fetch_all(conn).await)?;
        let events: Vec<EventRow> = on_engine!(self, conn => sqlx::query_as(
            "SELECT id, dispute_id, kind, at_ms, author, note, due_on FROM dispute_event ORDER BY dispute_id, place")
            .fetch_all(conn).await)?;
        let mut of: BTreeMap<String, Vec<DisputeEvent>> = BTreeMap::new();
        for row in events {
            of.entry(row.dispute_id.clone()).or_default().push(row.try_into()?);
        }
        let mut cases = Vec::with_capacity(rows.len());
        for row in rows {
            let dispute = Dispute::try_from(row)?;
            let events = of.remove(&dispute.id).unwrap_or_default();
            cases.push(Case { dispute, events });
        }
        cases.sort_by(|a, b| (a.dispute.opened_at, &a.dispute.id).cmp(&(b.dispute.opened_at, &b.dispute.id)));
        Ok(cases)
    }

    /// Disputes that no head was told of, oldest first.
    pub async fn untold_disputes(&mut self) -> Result<Vec<Case>> {
        let told: Vec<String> = on_engine!(self, conn => sqlx::query_scalar("SELECT dispute_id FROM dispute_told")
            .fetch_all(conn).await)?;
        let told: BTreeSet<String> = told.into_iter().collect();
        Ok(self.disputes().await?.into_iter().filter(|case| !told.contains(&case.dispute.id)).collect())
    }

    /// Remembers that heads were told of a dispute; `false` when they were before.
    pub async fn dispute_told(&mut self, dispute: &str, at: DateTime<Utc>) -> Result<bool> {
        let rows = on_engine!(self, conn => sqlx::query(
            "INSERT INTO dispute_told (dispute_id, told_ms) VALUES ($1, $2) ON CONFLICT (dispute_id) DO NOTHING")
            .bind(dispute).bind(ms(at)).execute(conn).await.map(|done| done.rows_affected()))?;
        Ok(rows == 1)
    }

    /// How many disputes and events there are: rows are only added, so that equal counts are equal disputes.
    pub async fn dispute_counts(&mut self) -> Result<(usize, usize)> {
        let disputes: i64 =
            on_engine!(self, conn => sqlx::query_scalar("SELECT COUNT(*) FROM dispute").fetch_one(conn).await)?;
        let events: i64 =
            on_engine!(self, conn => sqlx::query_scalar("SELECT COUNT(*) FROM dispute_event").fetch_one(conn).await)?;
        Ok((usize::try_from(disputes).unwrap_or_default(), usize::try_from(events).unwrap_or_default()))
    }

    /// Remembers a mail of the reply folder; `false` when it was read before.
    pub async fn add_reply_mail(
        &mut self,
        hash: &str,
        name: &str,
        read_at: DateTime<Utc>,
        outcome: &str,
    ) -> Result<bool> {
        let rows = on_engine!(self, conn => sqlx::query(
            "INSERT INTO reply_mail (hash, name, read_ms, outcome) VALUES ($1, $2, $3, $4)
             ON CONFLICT (hash) DO NOTHING")
            .bind(hash).bind(name).bind(ms(read_at)).bind(outcome).execute(conn).await.map(|done| done.rows_affected()))?;
        Ok(rows == 1)
    }

    /// Whether a mail of these bytes was read before.
    pub async fn knows_reply_mail(&mut self, hash: &str) -> Result<bool> {
        let found: Option<String> = on_engine!(self, conn => sqlx::query_scalar(
            "SELECT hash FROM reply_mail WHERE hash = $1").bind(hash).fetch_optional(conn).await)?;
        Ok(found.is_some())
    }
}
