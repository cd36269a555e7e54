//! Runs as recorded. Deliberately absent: running them, and their due times (`schedule`).

use chrono::{DateTime, Utc};

use super::{
    engine::{Tx, on_engine},
    error::{Result, StoreError},
    row::{At, limit, ms},
};
use crate::domain::run::{Job, RunOutcome, RunRecord};

#[derive(sqlx::FromRow)]
struct RunRow {
    id: String,
    job: String,
    as_of_ms: i64,
    finished_ms: i64,
    outcome: String,
    input_hash: String,
    figures: String,
}

impl TryFrom<RunRow> for RunRecord {
    type Error = StoreError;
    fn try_from(row: RunRow) -> Result<Self> {
        let at = At { table: "run", id: &row.id };
        let outcome = [RunOutcome::Done, RunOutcome::Held].into_iter().find(|o| o.code() == row.outcome);
        Ok(Self {
            job: at.some("job", Job::parse(&row.job))?,
            as_of: at.instant("as_of_ms", row.as_of_ms)?,
            finished_at: at.instant("finished_ms", row.finished_ms)?,
            outcome: at.some("outcome", outcome)?,
            input_hash: row.input_hash,
            figures: row.figures,
            id: row.id,
        })
    }
}

impl Tx {
    /// Records a run; [`StoreError::Duplicate`] when its id exists.
    pub async fn save_run(&mut self, run: &RunRecord) -> Result<()> {
        on_engine!(self, conn => sqlx::query(
            "INSERT INTO run (id, job, as_of_ms, finished_ms, outcome, input_hash, figures)
             VALUES ($1, $2, $3, $4, $5, $6, $7)")
            .bind(&run.id).bind(run.job.code()).bind(ms(run.as_of)).bind(ms(run.finished_at)).bind(run.outcome.code())
            .bind(&run.input_hash).bind(&run.figures).execute(conn).await.map(|done| done.rows_affected()))?;
        Ok(())
    }

    /// The runs that finished last, of one job or of all, newest first.
    pub async fn last_runs(&mut self, job: Option<Job>, rows: usize) -> Result<Vec<RunRecord>> {
        let rows: Vec<RunRow> = on_engine!(self, conn => sqlx::query_as(
            "SELECT * FROM run WHERE $1 IS NULL OR job = $1 ORDER BY finished_ms DESC, id DESC LIMIT $2")
            .bind(job.map(Job::code)).bind(limit(rows)).fetch_all(conn).await)?;
        rows.into_iter().map(RunRecord::try_from).collect()
    }

    /// How many runs finished at the very instant (at most 65 535).
    pub async fn runs_finished_at(&mut self, at: DateTime<Utc>) -> Result<u16> {
        let (runs,): (i64,) = on_engine!(self, conn => sqlx::query_as("SELECT COUNT(*) FROM run WHERE finished_ms = $1")
            .bind(ms(at)).fetch_one(conn).await)?;
        Ok(u16::try_from(runs).unwrap_or(u16::MAX))
    }
}
