//! What waits for a person. Deliberately absent: deciding to hold (`gate`).

use chrono::{DateTime, Utc};

use super::{
    engine::{Tx, on_engine},
    error::{Result, StoreError},
    row::{At, json_text, ms},
};
use crate::domain::finding::Finding;
use crate::domain::run::{Hold, HoldSubject, Job, Release};

/// A hold whose cause went away before anybody released it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DroppedHold {
    /// The hold.
    pub hold: Hold,
    /// When.
    pub at: DateTime<Utc>,
    /// Why it is no longer needed.
    pub remark: String,
}

#[derive(sqlx::FromRow)]
struct HoldRow {
    id: String,
    subject: String,
    run_id: Option<String>,
    job: Option<String>,
    as_of_ms: Option<i64>,
    input_hash: Option<String>,
    file_hash: Option<String>,
    file_name: Option<String>,
    reasons: String,
    opened_ms: i64,
    released_by: Option<String>,
    release_reason: Option<String>,
    released_ms: Option<i64>,
    dropped_ms: Option<i64>,
    drop_remark: Option<String>,
}

impl TryFrom<HoldRow> for Hold {
    type Error = StoreError;
    fn try_from(row: HoldRow) -> Result<Self> {
        let at = At { table: "hold", id: &row.id };
        let subject = if row.subject == "run" {
            HoldSubject::Run {
                run: at.some("run_id", row.run_id)?,
                job: at.some("job", row.job.as_deref().and_then(Job::parse))?,
                as_of: at.some("as_of_ms", at.instant_opt("as_of_ms", row.as_of_ms)?)?,
                input_hash: at.some("input_hash", row.input_hash)?,
            }
        } else {
            HoldSubject::File { hash: at.some("file_hash", row.file_hash)?, name: at.some("file_name", row.file_name)? }
        };
        let release = match at.instant_opt("released_ms", row.released_ms)? {
            None => None,
            Some(released) => Some(Release {
                by: at.some("released_by", row.released_by)?,
                reason: at.some("release_reason", row.release_reason)?,
                at: released,
            }),
        };
        let reasons = at.json("reasons", &row.reasons)?;
        let opened_at = at.instant("opened_ms", row.opened_ms)?;
        Ok(Self { subject, reasons, opened_at, release, id: row.id })
    }
}

impl Tx {
    /// Opens a hold; [`StoreError::Duplicate`] when its id exists.
    pub async fn open_hold(&mut self, hold: &Hold) -> Result<()> {
        let (mut run_id, mut job, mut as_of_ms, mut input_hash) = (None, None, None, None);
        let (mut file_hash, mut file_name) = (None, None);
        let subject = match &hold.subject {
            HoldSubject::Run { run, job: of, as_of, input_hash: inputs } => {
                (run_id, job, as_of_ms, input_hash) = (Some(run), Some(of.code()), Some(ms(*as_of)), Some(inputs));
                "run"
            }
            HoldSubject::File { hash, name } => {
                (file_hash, file_name) = (Some(hash), Some(name));
                "file"
            }
        };
        let reasons = json_text(At { table: "hold", id: &hold.id }, "reasons", &hold.reasons)?;
        on_engine!(self, conn => sqlx::query(
            "INSERT INTO hold (id, subject, run_id, job, as_of_ms, input_hash, file_hash, file_name, reasons, opened_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
            .bind(&hold.id).bind(subject).bind(run_id).bind(job).bind(as_of_ms).bind(input_hash)
            .bind(file_hash).bind(file_name).bind(&reasons).bind(ms(hold.opened_at))
            .execute(conn).await.map(|done| done.rows_affected()))?;
        match &hold.release {
            Some(release) => self.release_hold(&hold.id, release).await.map(|_| ()),
            None => Ok(()),
        }
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

    /// Holds, oldest first: the open ones, or those with the released ones. Dropped ones are apart, in
    /// [`Tx::dropped_holds`], so that none is taken for open or for released.
    pub async fn holds(&mut self, open_only: bool) -> Result<Vec<Hold>> {
        let rows: Vec<HoldRow> = on_engine!(self, conn => sqlx::query_as(
            "SELECT * FROM hold WHERE dropped_ms IS NULL ORDER BY opened_ms, id").fetch_all(conn).await)?;
        rows.into_iter().filter(|row| !open_only || row.released_ms.is_none()).map(Hold::try_from).collect()
    }

    /// Holds whose cause went away, oldest first.
    pub async fn dropped_holds(&mut self) -> Result<Vec<DroppedHold>> {
        let rows: Vec<HoldRow> = on_engine!(self, conn => sqlx::query_as(
            "SELECT * FROM hold WHERE dropped_ms IS NOT NULL ORDER BY opened_ms, id").fetch_all(conn).await)?;
        rows.into_iter()
            .map(|mut row| {
                let at = At { table: "hold", id: &row.id };
                let dropped = at.some("dropped_ms", at.instant_opt("dropped_ms", row.dropped_ms)?)?;
                let remark = row.drop_remark.take().unwrap_or_default();
                Ok(DroppedHold { hold: Hold::try_from(row)?, at: dropped, remark })
            })
            .collect()
    }

    /// The open or released hold whose id is this or begins with it; [`StoreError::Ambiguous`] when several do.
    pub async fn hold(&mut self, id_prefix: &str) -> Result<Option<Hold>> {
        let all = self.holds(false).await?;
        if let Some(exact) = all.iter().find(|hold| hold.id == id_prefix) {
            return Ok(Some(exact.clone()));
        }
        let mut found = all.into_iter().filter(|hold| !id_prefix.is_empty() && hold.id.starts_with(id_prefix));
        match (found.next(), found.next()) {
            (Some(_), Some(_)) => Err(StoreError::Ambiguous(id_prefix.to_owned())),
            (one, _) => Ok(one),
        }
    }

    /// Releases an open hold; `false` when it is not open (any more).
    pub async fn release_hold(&mut self, id: &str, release: &Release) -> Result<bool> {
        let rows = on_engine!(self, conn => sqlx::query(
            "UPDATE hold SET released_by = $2, release_reason = $3, released_ms = $4
             WHERE id = $1 AND released_ms IS NULL AND dropped_ms IS NULL")
            .bind(id).bind(&release.by).bind(&release.reason).bind(ms(release.at))
            .execute(conn).await.map(|done| done.rows_affected()))?;
        Ok(rows == 1)
    }

    /// Ends an open hold whose cause went away, with a remark; `false` when it is not open (any more).
    pub async fn drop_hold(&mut self, id: &str, remark: &str, now: DateTime<Utc>) -> Result<bool> {
        let rows = on_engine!(self, conn => sqlx::query(
            "UPDATE hold SET dropped_ms = $2, drop_remark = $3
             WHERE id = $1 AND released_ms IS NULL AND dropped_ms IS NULL")
            .bind(id).bind(ms(now)).bind(remark).execute(conn).await.map(|done| done.rows_affected()))?;
        Ok(rows == 1)
    }
}
