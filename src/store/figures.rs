//! Figures about the store for the operator: counts of mails, occurrences, last files, size. Deliberately absent: contents.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{
    engine::{Tx, on_engine},
    error::Result,
    row::{At, ms},
    schedule::{DueRow, DueRun},
};
use crate::domain::mail::MailState;

impl Tx {
    /// Mails made after an instant and until another, by state.
    pub async fn mails_between(
        &mut self,
        after: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<BTreeMap<&'static str, u64>> {
        let rows: Vec<(String, i64)> = on_engine!(self, conn => sqlx::query_as(
            "SELECT state, COUNT(*) FROM outbox WHERE frozen_ms > $1 AND frozen_ms <= $2 GROUP BY state")
            .bind(ms(after)).bind(ms(until)).fetch_all(conn).await)?;
        let mut counts = BTreeMap::new();
        for (state, count) in rows {
            let state = At { table: "outbox", id: "" }.some("state", MailState::parse(&state))?;
            counts.insert(state.code(), u64::try_from(count).unwrap_or_default());
        }
        Ok(counts)
    }

    /// Occurrences due after an instant and until another, oldest first.
    pub async fn due_between(&mut self, after: DateTime<Utc>, until: DateTime<Utc>) -> Result<Vec<DueRun>> {
        let rows: Vec<DueRow> = on_engine!(self, conn => sqlx::query_as(
            "SELECT * FROM due_run WHERE due_ms > $1 AND due_ms <= $2 ORDER BY due_ms, schedule")
            .bind(ms(after)).bind(ms(until)).fetch_all(conn).await)?;
        rows.into_iter().map(DueRun::try_from).collect()
    }

    /// When the last file of each source was taken in.
    pub async fn last_accepted(&mut self) -> Result<BTreeMap<String, DateTime<Utc>>> {
        let rows: Vec<(String, i64)> = on_engine!(self, conn => sqlx::query_as(
            "SELECT source, MAX(received_ms) FROM file WHERE state = 'accepted' GROUP BY source").fetch_all(conn).await)?;
        rows.into_iter()
            .map(|(source, received)| {
                let at = At { table: "file", id: &source }.instant("received_ms", received)?;
                Ok((source, at))
            })
            .collect()
    }

    /// Size of the database in bytes: pages in use on SQLite, what the server says on PostgreSQL. The one question that the
    /// two engines have no common words for.
    pub async fn database_bytes(&mut self) -> Result<u64> {
        let bytes: i64 = match self {
            Self::Sqlite(tx) => {
                let pages: i64 = sqlx::query_scalar("PRAGMA page_count").fetch_one(&mut **tx).await?;
                let size: i64 = sqlx::query_scalar("PRAGMA page_size").fetch_one(&mut **tx).await?;
                pages.saturating_mul(size)
            }
            Self::Postgres(tx) => {
                sqlx::query_scalar("SELECT pg_database_size(current_database())").fetch_one(&mut **tx).await?
            }
        };
        Ok(u64::try_from(bytes).unwrap_or_default())
    }
}
