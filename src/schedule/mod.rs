//! The loop: woken, it writes due rows, claims them one at a time, runs them, sends what is frozen. Rows decide; the
//! timer (tokio-cron-scheduler) only wakes it and may be early or late without harm. Deliberately absent: what a job
//! does (`jobs`).

pub mod jobs;
pub mod lifecycle;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use croner::Cron;

use crate::{
    domain::{
        due::{self, Fate},
        run::Job,
    },
    error::{Error, Result},
    ingest::Spool,
    pipeline::{self, App},
    store::Claim,
};

/// Order of jobs due at the same instant: files first, then what is settled, then what is told.
const ORDER: [Job; 5] = [Job::Ingest, Job::Close, Job::Audit, Job::Alerts, Job::Monthly];

/// A claimed run is ours for this long.
const LEASE: Duration = Duration::from_mins(30);

/// What one tick did.
#[derive(Clone, Debug, Default)]
pub struct Tick {
    /// Runs done, with a word on each.
    pub runs: Vec<(Job, DateTime<Utc>, String)>,
    /// Mails accepted by the server.
    pub sent: usize,
}

/// One look: everything due is settled in order, then mails leave. Safe to repeat and to interrupt anywhere.
pub async fn tick(app: &App, spool: &mut Spool, holder: &str) -> Result<Tick> {
    let mut tick = Tick::default();
    let now = app.clock.now();
    for job in ORDER {
        plan(app, job, now).await?;
    }
    while let Some((job, claim, fate)) = next_claim(app, holder).await? {
        let outcome = match fate {
            Fate::Run { late } => match jobs::run(app, spool, job, &claim, late).await {
                // The next look comes in minutes; a lease that has to run out first would keep the folders unread.
                Err(error) if job == Job::Ingest => {
                    tracing::error!("a look into the folders failed: {}", error.message.en);
                    "failed, the next look tries again".to_owned()
                }
                done => done?,
            },
            Fate::Merged { into } => format!("merged into {}", into.to_rfc3339()),
            Fate::Skipped => jobs::skipped(app, job, &claim).await?,
        };
        let mut tx = app.db.begin().await?;
        tx.finish_due(&claim, &outcome, app.clock.now()).await?;
        // The week of the program ends with the weekly audit, whatever became of it.
        if job == Job::Audit && !matches!(fate, Fate::Merged { .. }) {
            let mails = pipeline::weekly::mails(app, &mut tx, claim.due_at).await?;
            tx.freeze(&mails, app.clock.now()).await?;
        }
        if job == Job::Ingest {
            tx.forget_due(job.code(), claim.due_at).await?;
        }
        tx.commit().await?;
        tracing::info!(job = job.code(), due = %claim.due_at, "{} due {}: {outcome}", job.code(), claim.due_at);
        tick.runs.push((job, claim.due_at, outcome));
    }
    tick.sent = pipeline::send::pending(app).await?.sent;
    Ok(tick)
}

/// Writes a row for every occurrence since the cursor. The first start only sets the cursor: what was due before the
/// program was installed is nobody's expectation.
async fn plan(app: &App, job: Job, now: DateTime<Utc>) -> Result<()> {
    let cron = cron(app, job)?;
    let mut tx = app.db.begin().await?;
    match tx.cursor(job.code()).await? {
        None => tx.set_cursor(job.code(), now).await?,
        Some(cursor) if cursor < now => {
            let due = due::occurrences(&cron, app.config.company.tz, cursor, now);
            // Of many looks into the folders that were missed one is as good as all; everything else is written down.
            let kept =
                if job == Job::Ingest { due.last().map(std::slice::from_ref).unwrap_or_default() } else { &due[..] };
            for at in kept {
                tx.add_due(job.code(), *at).await?;
            }
            // Nothing due, nothing written: the cursor may lag, it never loses an occurrence.
            if let Some(last) = due.last() {
                tx.set_cursor(job.code(), *last).await?;
            }
        }
        // A clock set back: nothing is due again.
        Some(_) => {}
    }
    tx.commit().await?;
    Ok(())
}

/// The parsed expression of a job.
pub fn cron(app: &App, job: Job) -> Result<Cron> {
    app.config.schedule.cron(job).parse().map_err(|e| Error::bug("read a schedule", e))
}

/// The next open run to settle, claimed, with its fate among the open runs of its schedule.
async fn next_claim(app: &App, holder: &str) -> Result<Option<(Job, Claim, Fate)>> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let open = tx.open_due().await?;
    let mut claimed = None;
    for job in ORDER {
        if let Some(claim) = tx.claim_due(now, holder, LEASE, Some(job.code())).await? {
            claimed = Some((job, claim));
            break;
        }
    }
    tx.commit().await?;
    let Some((job, claim)) = claimed else { return Ok(None) };
    let same: Vec<DateTime<Utc>> = open.iter().filter(|d| d.schedule == claim.schedule).map(|d| d.due_at).collect();
    let max_late = TimeDelta::hours(i64::from(app.config.schedule.max_late_hours));
    let fate = due::fates(job, &same, now, max_late)
        .into_iter()
        .find(|(at, _)| *at == claim.due_at)
        .map_or(Fate::Run { late: false }, |(_, fate)| fate);
    Ok(Some((job, claim, fate)))
}
