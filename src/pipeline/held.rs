//! What becomes of a held run: recorded once, told once, tried again when its cause may have gone away, released by a
//! person for exactly what that person saw. Deliberately absent: judging (`gate`) and posting (`reconcile`).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    App, notice,
    reconcile::{Draft, Due, Failure, Reconciled, Request, RunFigures, reconcile, record, save_run},
};
use crate::{
    domain::{
        finding::Finding,
        gate::Figures,
        period::Period,
        run::{Hold, HoldSubject, Job, RunOutcome},
    },
    error::Result,
    store::Tx,
};

/// A release covers further runs on the same inputs for this long: time alone changes what the facts ask for.
const COVERS: TimeDelta = TimeDelta::hours(24);

/// Runs of one job among which a held one is looked for.
const LOOK_BACK: usize = 1_000;

fn codes(reasons: &[Finding]) -> BTreeSet<&str> {
    reasons.iter().map(|r| r.code.as_str()).collect()
}

/// Whether a person has released this: the same job on the same inputs, stopped by nothing but what that person saw.
pub(super) fn covered(request: &Request, input_hash: &str, stops: &[Finding], holds: &[Hold]) -> bool {
    holds.iter().any(|hold| {
        let HoldSubject::Run { job, as_of, input_hash: seen, .. } = &hold.subject else { return false };
        let now = request.releasing.as_ref().is_some_and(|(id, _)| *id == hold.id);
        let before = hold.release.is_some() && (request.as_of - *as_of).abs() < COVERS;
        (now || before) && *job == request.job && seen == input_hash && codes(stops).is_subset(&codes(&hold.reasons))
    })
}

/// Ends every open hold of a job.
pub(super) async fn drop_all(tx: &mut Tx, job: Job, why: &str, now: DateTime<Utc>) -> Result<()> {
    for hold in tx.holds(true).await? {
        if matches!(&hold.subject, HoldSubject::Run { job: of, .. } if *of == job) {
            tx.drop_hold(&hold.id, why, now).await?;
        }
    }
    Ok(())
}

/// The request that does a held run again as of an instant; a close closes the very month it was held for, however late
/// it comes.
pub(super) async fn again(app: &App, hold: &Hold, job: Job, run: &str, as_of: DateTime<Utc>) -> Result<Request> {
    let mut request = Request::now(app, job, as_of);
    request.due = Some(Due { due_at: hold.opened_at, claim: None, late: true });
    if job == Job::Close {
        let mut tx = app.db.begin().await?;
        let runs = tx.last_runs(Some(job), LOOK_BACK).await?;
        tx.commit().await?;
        let held = runs.iter().find(|r| r.id == run);
        let figures = held.and_then(|r| serde_json::from_str::<RunFigures>(&r.figures).ok());
        request.closing = figures.and_then(|f| f.closing).or(request.closing);
    }
    Ok(request)
}

/// Tries every held run again whose cause may have gone away: called when files were taken in or put away. A run that is
/// still not plausible stays held, and nobody is told twice.
pub async fn retry_held(app: &App) -> Result<usize> {
    let mut tx = app.db.begin().await?;
    let holds = tx.holds(true).await?;
    tx.commit().await?;
    // Several holds of one job are one run that waits; the newest speaks for all.
    let mut waiting = BTreeMap::new();
    for hold in holds {
        if let HoldSubject::Run { job, run, as_of, .. } = &hold.subject {
            // An alert is about today and comes by itself with the next one.
            if *job != Job::Alerts && waiting.get(job).is_none_or(|(_, _, at)| at <= as_of) {
                waiting.insert(*job, (hold.clone(), run.clone(), *as_of));
            }
        }
    }
    let mut done = 0;
    // What is settled goes before what is told.
    for (job, (hold, run, _)) in waiting.into_iter().rev() {
        let request = again(app, &hold, job, &run, app.clock.now()).await?;
        done += usize::from(reconcile(app, &request).await?.held.is_empty());
    }
    Ok(done)
}

/// Records the hold and tells the operator; the same reasons on the same inputs are told once.
pub(super) async fn hold(
    app: &App,
    draft: Draft,
    held: Vec<Finding>,
    gate: Figures,
    holds: &[Hold],
) -> Result<Reconciled, Failure> {
    let same = holds.iter().find(|h| {
        h.release.is_none()
            && matches!(&h.subject, HoldSubject::Run { job, .. } if *job == draft.request.job)
            && codes(&h.reasons) == codes(&held)
    });
    let hold = Hold {
        id: same.map_or_else(|| notice::hold_id(&draft.run), |h| h.id.clone()),
        subject: HoldSubject::Run {
            run: draft.run.clone(),
            job: draft.request.job,
            as_of: draft.request.as_of,
            input_hash: draft.loaded.input_hash.clone(),
        },
        reasons: held.clone(),
        opened_at: draft.now,
        release: None,
    };
    let mails = if same.is_some() { Vec::new() } else { notice::held(app, &hold, draft.now)? };
    let done = Reconciled {
        run: draft.run.clone(),
        held: held.clone(),
        hold: Some(hold.id.clone()),
        entries: Vec::new(),
        mails,
    };
    if draft.request.dry_run {
        return Ok(done);
    }
    let mut tx = app.db.begin().await?;
    if let Some(claim) = draft.request.due.as_ref().and_then(|d| d.claim.as_ref()) {
        tx.fence(claim).await?;
    }
    let figures = RunFigures { gate, closing: draft.request.closing, ..RunFigures::default() };
    save_run(&mut tx, &record(&draft, RunOutcome::Held, &figures)).await?;
    if let Some(same) = same {
        tx.renew_hold(&same.id, &draft.run, draft.request.as_of, &draft.loaded.input_hash, &held).await?;
    } else {
        tx.open_hold(&hold).await?;
        tx.freeze(&done.mails, draft.now).await?;
    }
    tx.commit().await?;
    tracing::warn!(run.id = %done.run, reasons = done.held.len(), "run {} of {} held", done.run, draft.request.job.code());
    Ok(done)
}

/// Every period up to the asked one that is not closed yet, from the first the regulation knows.
pub(super) async fn periods_to_close(app: &App, tx: &mut Tx, request: &Request) -> Result<Vec<Period>, Failure> {
    let Some(newest) = request.closing else { return Ok(Vec::new()) };
    let closed = tx.closed_periods().await?;
    // Nothing was sold and nothing posted before the first of these: no statement is owed for such months.
    let sold = tx.sales_in_force().await?.iter().map(|s| Period::of(s.date)).min();
    let posted = tx.posted().await?.iter().map(|p| p.key.belongs_to).min();
    let ruled = app.config.policy.versions.first().map_or(newest, |v| Period::of(v.effective_from));
    let first = sold.into_iter().chain(posted).min().unwrap_or(newest).max(ruled).min(newest);
    // Closes go in order: after the last closed period nothing before it is opened again.
    let mut period = closed.keys().next_back().map_or(first, |last| last.next());
    let mut open = Vec::new();
    while period <= newest {
        open.push(period);
        period = period.next();
    }
    Ok(open)
}
