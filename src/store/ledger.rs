//! Posting: entries join the chain behind the head that the run was computed on, or none of them does. Deliberately
//! absent: the text that is hashed and its key (`domain::ledger_chain`), what should be posted (`adjust`).

use std::collections::BTreeSet;

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

use super::{
    engine::{Tx, on_engine, rows_per_statement},
    error::{Result, StoreError},
    row::{At, json_text, ms, new_id},
};
use crate::domain::{
    ledger::{LedgerEntry, NewEntry},
    period::Period,
};

/// Place of an entry in the chain, given to the one who seals it.
#[derive(Clone, Copy, Debug)]
pub struct Link<'a> {
    /// Position, from 1.
    pub seq: i64,
    /// Id of the entry.
    pub id: &'a str,
    /// When posted, as it will be read back (whole milliseconds).
    pub posted_at: DateTime<Utc>,
    /// Run that posts it.
    pub run: &'a str,
    /// Hash of the entry before; 64 zeros for the first.
    pub prev_hash: &'a str,
}

impl Tx {
    /// Position and hash of the last entry: `(0, 64 zeros)` at first.
    pub async fn ledger_head(&mut self) -> Result<(i64, String)> {
        Ok(on_engine!(self, conn => sqlx::query_as("SELECT seq, hash FROM ledger_head WHERE id = 1")
            .fetch_one(conn).await)?)
    }

    /// Posts entries behind the head the run was computed on and returns them as posted. `seal` gives the hash of each.
    ///
    /// [`StoreError::LedgerMoved`] when others posted since; [`StoreError::PeriodClosed`] when a pay period is closed.
    /// After either, drop the transaction.
    pub async fn post(
        &mut self,
        entries: &[NewEntry],
        run: &str,
        now: DateTime<Utc>,
        expected_head_seq: i64,
        seal: impl Fn(&Link<'_>, &NewEntry) -> String,
    ) -> Result<Vec<LedgerEntry>> {
        let (head_seq, mut prev_hash) = self.ledger_head().await?;
        if head_seq != expected_head_seq {
            return Err(StoreError::LedgerMoved);
        }
        let posted_at = now.duration_trunc(TimeDelta::milliseconds(1)).unwrap_or(now);
        let mut posted = Vec::with_capacity(entries.len());
        for (seq, entry) in (head_seq + 1..).zip(entries) {
            let id = new_id(now);
            let hash = seal(&Link { seq, id: &id, posted_at, run, prev_hash: &prev_hash }, entry);
            let run = run.to_owned();
            posted.push(LedgerEntry { seq, id, posted_at, run, entry: entry.clone(), prev_hash, hash: hash.clone() });
            prev_hash = hash;
        }
        let last_seq = posted.last().map_or(head_seq, |last| last.seq);
        // Locks the head until the end of the transaction, against other postings and against a close.
        let moved = on_engine!(self, conn => sqlx::query(
            "UPDATE ledger_head SET seq = $1, hash = $2 WHERE id = 1 AND seq = $3")
            .bind(last_seq).bind(&prev_hash).bind(head_seq).execute(conn).await.map(|done| done.rows_affected()))?;
        if moved != 1 {
            return Err(StoreError::LedgerMoved);
        }
        let closed = self.closed_periods().await?;
        let paid: BTreeSet<Period> = entries.iter().map(|entry| entry.pay_period).collect();
        if let Some(period) = paid.into_iter().find(|period| closed.contains_key(period)) {
            return Err(StoreError::PeriodClosed(period));
        }
        self.insert_entries(&posted).await?;
        Ok(posted)
    }

    pub(super) async fn insert_entries(&mut self, posted: &[LedgerEntry]) -> Result<()> {
        let mut rows = Vec::with_capacity(posted.len());
        for entry in posted {
            let at = At { table: "ledger_entry", id: &entry.id };
            let corrects = json_text(at, "corrects", &entry.entry.corrects)?;
            rows.push((entry, corrects, json_text(at, "evidence", &entry.entry.evidence)?));
        }
        for part in rows.chunks(rows_per_statement(16)) {
            on_engine!(self, conn => sqlx::QueryBuilder::new(
                "INSERT INTO ledger_entry (seq, id, posted_ms, run_id, pay_period, belongs_to, employee, subject, rule, kind,
                     amount, policy_version, corrects, evidence, prev_hash, hash) ")
                .push_values(part, |mut row, (posted, corrects, evidence)| {
                    let entry = &posted.entry;
                    row.push_bind(posted.seq).push_bind(posted.id.as_str()).push_bind(ms(posted.posted_at));
                    row.push_bind(posted.run.as_str()).push_bind(entry.pay_period.to_string());
                    row.push_bind(entry.key.belongs_to.to_string()).push_bind(entry.key.employee.0.as_str());
                    row.push_bind(entry.key.subject.as_str()).push_bind(entry.key.rule.as_str());
                    row.push_bind(entry.kind.code()).push_bind(entry.amount.kopecks());
                    row.push_bind(entry.policy_version.as_str()).push_bind(corrects.as_str());
                    row.push_bind(evidence.as_str()).push_bind(posted.prev_hash.as_str());
                    row.push_bind(posted.hash.as_str());
                })
                .build().execute(conn).await.map(|done| done.rows_affected()))?;
        }
        Ok(())
    }
}
