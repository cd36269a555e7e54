//! What the daemon needs beside the plain claims: the oldest due run of one schedule, leases of a process that died, and
//! entries sealed before the transaction. Deliberately absent: deciding who may run.

use std::{collections::BTreeSet, time::Duration};

use chrono::{DateTime, Utc};

use super::{
    engine::{Tx, on_engine},
    error::{Result, StoreError},
    row::{At, json_text, ms},
    schedule::Claim,
};
use crate::domain::{finding::Finding, ledger::LedgerEntry, period::Period};

impl Tx {
    /// Claims the oldest open run of one schedule, if it is due and free.
    pub async fn claim_due_of(
        &mut self,
        schedule: &str,
        now: DateTime<Utc>,
        holder: &str,
        lease: Duration,
    ) -> Result<Option<Claim>> {
        let open = self.open_due().await?;
        let Some(run) = open.into_iter().filter(|r| r.schedule == schedule).min_by_key(|r| r.due_at) else {
            return Ok(None);
        };
        if run.due_at > now || run.leased_until > now {
            return Ok(None);
        }
        let until = ms(now).saturating_add(i64::try_from(lease.as_millis()).unwrap_or(i64::MAX));
        // The fence is the expected old value: of several claimers one moves it.
        let claimed = on_engine!(self, conn => sqlx::query(
            "UPDATE due_run SET holder = $4, fence = fence + 1, leased_until_ms = $5
             WHERE schedule = $1 AND due_ms = $2 AND fence = $3 AND finished_ms IS NULL")
            .bind(schedule).bind(ms(run.due_at)).bind(run.fence).bind(holder).bind(until)
            .execute(conn).await.map(|done| done.rows_affected()))?;
        Ok((claimed == 1).then_some(Claim { schedule: run.schedule, due_at: run.due_at, fence: run.fence + 1 }))
    }

    /// Frees every lease. Only for a process that owns the database alone: whoever held them is gone.
    pub async fn release_leases(&mut self) -> Result<u64> {
        let runs = on_engine!(self, conn => sqlx::query("UPDATE due_run SET leased_until_ms = 0 WHERE finished_ms IS NULL")
            .execute(conn).await.map(|done| done.rows_affected()))?;
        let mails = on_engine!(self, conn => sqlx::query(
            "UPDATE outbox SET leased_until_ms = 0 WHERE state = 'pending' AND leased_until_ms > 0")
            .execute(conn).await.map(|done| done.rows_affected()))?;
        Ok(runs + mails)
    }

    /// Forgets settled occurrences of a schedule that were due before the instant: for looks into folders, which are many
    /// and say nothing afterwards.
    pub async fn forget_due(&mut self, schedule: &str, before: DateTime<Utc>) -> Result<u64> {
        Ok(on_engine!(self, conn => sqlx::query(
            "DELETE FROM due_run WHERE schedule = $1 AND due_ms < $2 AND finished_ms IS NOT NULL")
            .bind(schedule).bind(ms(before)).execute(conn).await.map(|done| done.rows_affected()))?)
    }

    /// A held run that was tried again on newer inputs and is still held for the same reasons keeps its hold: it now
    /// covers those inputs, and says the reasons as they are now. `false` when the hold is not open any more.
    pub async fn renew_hold(
        &mut self,
        id: &str,
        run: &str,
        as_of: DateTime<Utc>,
        input_hash: &str,
        reasons: &[Finding],
    ) -> Result<bool> {
        let reasons = json_text(At { table: "hold", id }, "reasons", &reasons)?;
        let rows = on_engine!(self, conn => sqlx::query(
            "UPDATE hold SET run_id = $2, as_of_ms = $3, input_hash = $4, reasons = $5
             WHERE id = $1 AND subject = 'run' AND released_ms IS NULL AND dropped_ms IS NULL")
            .bind(id).bind(run).bind(ms(as_of)).bind(input_hash).bind(&reasons)
            .execute(conn).await.map(|done| done.rows_affected()))?;
        Ok(rows == 1)
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
}
