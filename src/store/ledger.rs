//! Posting: entries join the chain behind the head that the run was computed on, or none of them does. Deliberately
//! absent: the text that is hashed and its key (`domain::ledger_chain`), what should be posted (`adjust`).

use std::collections::BTreeSet;

use super::{
    engine::{Tx, on_engine, rows_per_statement},
    error::{Result, StoreError},
    row::{At, json_text, ms},
};
use crate::domain::{ledger::LedgerEntry, period::Period};

impl Tx {
    /// Position and hash of the last entry: `(0, 64 zeros)` at first.
    pub async fn ledger_head(&mut self) -> Result<(i64, String)> {
        Ok(on_engine!(self, conn => sqlx::query_as("SELECT seq, hash FROM ledger_head WHERE id = 1")
            .fetch_one(conn).await)?)
    }

    /// Posts entries that were sealed behind the expected head. [`StoreError::LedgerMoved`] when others posted since.
    pub async fn append(&mut self, entries: &[LedgerEntry], expected_head_seq: i64) -> Result<()> {
        let last = entries.last().map(|e| (e.seq, e.hash.as_str()));
        let (seq, prev) = self.ledger_head().await?;
        if seq != expected_head_seq || entries.first().is_some_and(|e| e.seq != seq + 1 || e.prev_hash != prev) {
            return Err(StoreError::LedgerMoved);
        }
        let (last_seq, hash) = last.unwrap_or((seq, prev.as_str()));
        // Locks the head until the end of the transaction, against other postings and against a close.
        let moved = on_engine!(self, conn => sqlx::query(
            "UPDATE ledger_head SET seq = $1, hash = $2 WHERE id = 1 AND seq = $3")
            .bind(last_seq).bind(hash).bind(seq).execute(conn).await.map(|done| done.rows_affected()))?;
        if moved != 1 {
            return Err(StoreError::LedgerMoved);
        }
        let closed = self.closed_periods().await?;
        let paid: BTreeSet<Period> = entries.iter().map(|e| e.entry.pay_period).collect();
        if let Some(period) = paid.into_iter().find(|period| closed.contains_key(period)) {
            return Err(StoreError::PeriodClosed(period));
        }
        self.insert_entries(entries).await
    }

    async fn insert_entries(&mut self, posted: &[LedgerEntry]) -> Result<()> {
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
