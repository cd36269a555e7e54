//! What each kind of due run does: plain functions that the daemon and the tests call. Deliberately absent: deciding
//! what is due.

use crate::{
    domain::{period::Period, run::Job},
    error::Result,
    ingest::Spool,
    pipeline::{
        self, App,
        reconcile::{Due, Request},
    },
    store::Claim,
};

/// Does the work of a claimed run; the word says what came of it.
pub async fn run(app: &App, spool: &mut Spool, job: Job, claim: &Claim, late: bool) -> Result<String> {
    if job == Job::Ingest {
        let intake = pipeline::look(app, spool).await?;
        let retried = if intake.accepted.is_empty() { 0 } else { pipeline::held::retry_held(app).await? };
        return Ok(format!(
            "taken in {}, set aside {}, held runs done {retried}",
            intake.accepted.len(),
            intake.quarantined.len()
        ));
    }
    let now = app.clock.now();
    let today = now.with_timezone(&app.config.company.tz).date_naive();
    if job == Job::Alerts && app.config.calendar.is_working(today) == Some(false) {
        return Ok("not a working day".to_owned());
    }
    // What was missed is not told in the middle of the night: the next alert tells everything that is still open.
    if job == Job::Alerts
        && late
        && !app.config.alerts.late_hours.contains(now.with_timezone(&app.config.company.tz).time())
    {
        return Ok("outside working hours, left to the next alert".to_owned());
    }
    if job == Job::Monthly
        && let Some(why) = pipeline::monthly::not_now(app, claim.due_at).await?
    {
        return Ok(why.to_owned());
    }
    let mut request = Request::now(app, job, now);
    request.due = Some(Due { due_at: claim.due_at, claim: Some(claim.clone()), late });
    if job == Job::Close {
        // The month before the due time, however late it runs.
        let due = claim.due_at.with_timezone(&app.config.company.tz).date_naive();
        request.closing = Some(Period::of(due).prev());
    }
    let done = pipeline::reconcile::reconcile(app, &request).await?;
    Ok(match &done.hold {
        Some(hold) => format!("held: {hold}"),
        None => format!(
            "{}: entries {}, mails {}",
            if late { "ran late" } else { "ran" },
            done.entries.len(),
            done.mails.len()
        ),
    })
}

/// A digest too old to be of use: recorded, and the operator is told.
pub async fn skipped(app: &App, job: Job, claim: &Claim) -> Result<String> {
    let mails = pipeline::notice::skipped(app, job, claim.due_at, app.clock.now())?;
    let mut tx = app.db.begin().await?;
    tx.freeze(&mails, app.clock.now()).await?;
    tx.commit().await?;
    Ok("skipped: too old".to_owned())
}
