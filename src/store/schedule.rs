//! Due runs as rows: written once, claimed by lease, fenced by a number that grows with every claim. Deliberately absent:
//! cron expressions and zones (`schedule` at the top computes the occurrences).

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{
    engine::{Tx, on_engine},
    error::{Result, StoreError},
    row::{At, limit, ms},
};

/// The right to do one due run, until somebody takes it over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Schedule.
    pub schedule: String,
    /// When it was due.
    pub due_at: DateTime<Utc>,
    /// Number of this claim among the claims of the run.
    pub fence: i64,
}

/// A due run as recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueRun {
    /// Schedule.
    pub schedule: String,
    /// When it was due.
    pub due_at: DateTime<Utc>,
    /// Who claimed it last; empty = nobody.
    pub holder: String,
    /// Claims so far.
    pub fence: i64,
    /// Until when the claim holds; `UNIX_EPOCH` = unclaimed.
    pub leased_until: DateTime<Utc>,
    /// When it was settled.
    pub finished_at: Option<DateTime<Utc>>,
    /// How it was settled: ran, ran late, merged, skipped, in the words of the schedule.
    pub outcome: Option<String>,
}

#[derive(sqlx::FromRow)]
pub(super) struct DueRow {
    schedule: String,
    due_ms: i64,
    holder: String,
    fence: i64,
    leased_until_ms: i64,
    finished_ms: Option<i64>,
    outcome: Option<String>,
}

impl TryFrom<DueRow> for DueRun {
    type Error = StoreError;
    fn try_from(row: DueRow) -> Result<Self> {
        let at = At { table: "due_run", id: &row.schedule };
        Ok(Self {
            due_at: at.instant("due_ms", row.due_ms)?,
            leased_until: at.instant("leased_until_ms", row.leased_until_ms)?,
            finished_at: at.instant_opt("finished_ms", row.finished_ms)?,
            holder: row.holder,
            fence: row.fence,
            outcome: row.outcome,
            schedule: row.schedule,
        })
    }
}

impl Tx {
    /// Up to where the occurrences of a schedule are written down.
    pub async fn cursor(&mut self, schedule: &str) -> Result<Option<DateTime<Utc>>> {
        let at_ms: Option<i64> = on_engine!(self, conn => sqlx::query_scalar(
            "SELECT at_ms FROM schedule_cursor WHERE schedule = $1").bind(schedule).fetch_optional(conn).await)?;
        At { table: "schedule_cursor", id: schedule }.instant_opt("at_ms", at_ms)
    }

    /// Moves the cursor of a schedule.
    pub async fn set_cursor(&mut self, schedule: &str, at: DateTime<Utc>) -> Result<()> {
        on_engine!(self, conn => sqlx::query(
            "INSERT INTO schedule_cursor (schedule, at_ms) VALUES ($1, $2)
             ON CONFLICT (schedule) DO UPDATE SET at_ms = excluded.at_ms")
            .bind(schedule).bind(ms(at)).execute(conn).await.map(|done| done.rows_affected()))?;
        Ok(())
    }

    /// Writes an occurrence down; `false` when it is there already (done or not).
    pub async fn add_due(&mut self, schedule: &str, due_at: DateTime<Utc>) -> Result<bool> {
        let rows = on_engine!(self, conn => sqlx::query(
            "INSERT INTO due_run (schedule, due_ms, holder, fence, leased_until_ms) VALUES ($1, $2, '', 0, 0)
             ON CONFLICT (schedule, due_ms) DO NOTHING")
            .bind(schedule).bind(ms(due_at)).execute(conn).await.map(|done| done.rows_affected()))?;
        Ok(rows == 1)
    }

    /// Claims the oldest due run that is free: of each schedule only its oldest open run may be, so that the runs of one
    /// schedule go in order. An expired lease is taken over.
    ///
    /// `schedule` narrows it to one schedule.
    pub async fn claim_due(
        &mut self,
        now: DateTime<Utc>,
        holder: &str,
        lease: Duration,
        schedule: Option<&str>,
    ) -> Result<Option<Claim>> {
        let candidates: Vec<DueRow> = on_engine!(self, conn => sqlx::query_as(
            "SELECT * FROM due_run d
             WHERE d.finished_ms IS NULL AND d.due_ms <= $1 AND d.leased_until_ms <= $1
               AND ($2 IS NULL OR d.schedule = $2)
               AND NOT EXISTS (SELECT 1 FROM due_run older WHERE older.schedule = d.schedule
                               AND older.finished_ms IS NULL AND older.due_ms < d.due_ms)
             ORDER BY d.due_ms, d.schedule")
            .bind(ms(now)).bind(schedule).fetch_all(conn).await)?;
        let until = ms(now).saturating_add(i64::try_from(lease.as_millis()).unwrap_or(i64::MAX));
        for row in candidates {
            // The fence is the expected old value: of several claimers one moves it.
            let claimed = on_engine!(self, conn => sqlx::query(
                "UPDATE due_run SET holder = $4, fence = fence + 1, leased_until_ms = $5
                 WHERE schedule = $1 AND due_ms = $2 AND fence = $3 AND finished_ms IS NULL")
                .bind(&row.schedule).bind(row.due_ms).bind(row.fence).bind(holder).bind(until)
                .execute(conn).await.map(|done| done.rows_affected()))?;
            if claimed == 1 {
                let due = DueRun::try_from(row)?;
                return Ok(Some(Claim { schedule: due.schedule, due_at: due.due_at, fence: due.fence + 1 }));
            }
        }
        Ok(None)
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

    /// Makes this transaction depend on the claim: [`StoreError::LeaseLost`] when another took the run over, and nobody
    /// can take it over before this transaction ends. Call it inside the transaction that posts.
    pub async fn fence(&mut self, claim: &Claim) -> Result<()> {
        let rows = on_engine!(self, conn => sqlx::query(
            "UPDATE due_run SET fence = fence WHERE schedule = $1 AND due_ms = $2 AND fence = $3 AND finished_ms IS NULL")
            .bind(&claim.schedule).bind(ms(claim.due_at)).bind(claim.fence)
            .execute(conn).await.map(|done| done.rows_affected()))?;
        if rows == 1 { Ok(()) } else { Err(StoreError::LeaseLost) }
    }

    /// Settles a due run for ever; [`StoreError::LeaseLost`] when another took it over.
    pub async fn finish_due(&mut self, claim: &Claim, outcome: &str, now: DateTime<Utc>) -> Result<()> {
        let rows = on_engine!(self, conn => sqlx::query(
            "UPDATE due_run SET finished_ms = $4, outcome = $5
             WHERE schedule = $1 AND due_ms = $2 AND fence = $3 AND finished_ms IS NULL")
            .bind(&claim.schedule).bind(ms(claim.due_at)).bind(claim.fence).bind(ms(now)).bind(outcome)
            .execute(conn).await.map(|done| done.rows_affected()))?;
        if rows == 1 { Ok(()) } else { Err(StoreError::LeaseLost) }
    }

    /// The due runs written down last, newest first.
    pub async fn due_runs(&mut self, rows: usize) -> Result<Vec<DueRun>> {
        let rows: Vec<DueRow> = on_engine!(self, conn => sqlx::query_as(
            "SELECT * FROM due_run ORDER BY due_ms DESC, schedule LIMIT $1")
            .bind(limit(rows)).fetch_all(conn).await)?;
        rows.into_iter().map(DueRun::try_from).collect()
    }

    /// The due runs that are not settled, oldest first.
    pub async fn open_due(&mut self) -> Result<Vec<DueRun>> {
        let rows: Vec<DueRow> = on_engine!(self, conn => sqlx::query_as(
            "SELECT * FROM due_run WHERE finished_ms IS NULL ORDER BY due_ms, schedule").fetch_all(conn).await)?;
        rows.into_iter().map(DueRun::try_from).collect()
    }
}
