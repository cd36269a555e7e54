//! The mails as they would be frozen now: the very run that would make them, with nothing written. What is shown is what
//! the schedule would send at this instant, byte for byte. Deliberately absent: any rendering of its own.

use chrono::{DateTime, Utc};

use super::{
    App,
    reconcile::{Due, Reconciled, Request, reconcile},
};
use crate::{
    domain::{finding::Finding, mail::FrozenMail, period::Period, run::Job},
    error::Result,
};

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preview {
    /// The mails of a job, or the notice when it would be held.
    Job(Job),
    /// The notices of every job that would be held.
    Held,
}

/// What would be sent.
#[derive(Clone, Debug, Default)]
pub struct Previewed {
    /// Why the job would be held.
    pub held: Vec<Finding>,
    /// The mails.
    pub mails: Vec<FrozenMail>,
    /// Keys of mails that the run would make and that nobody would get, because a mail of that key is frozen already.
    pub frozen: Vec<String>,
}

/// Makes the mails of a run as of an instant. `closing`: the period that a close is looked at for, else the month before.
pub async fn preview(app: &App, what: Preview, as_of: DateTime<Utc>, closing: Option<Period>) -> Result<Previewed> {
    let mut shown = Previewed::default();
    match what {
        Preview::Job(job) => {
            let done = reconcile(app, &as_scheduled(app, job, as_of, closing).dry(true)).await?;
            add(app, done, &mut shown).await?;
        }
        Preview::Held => {
            for job in [Job::Alerts, Job::Audit, Job::Close] {
                let done = reconcile(app, &as_scheduled(app, job, as_of, closing).dry(true)).await?;
                if !done.held.is_empty() {
                    add(app, done, &mut shown).await?;
                }
            }
        }
    }
    Ok(shown)
}

/// The request that the schedule would make if the job were due now.
pub fn as_scheduled(app: &App, job: Job, as_of: DateTime<Utc>, closing: Option<Period>) -> Request {
    let mut request = Request::now(app, job, as_of);
    request.due = Some(Due { due_at: as_of, claim: None, late: false });
    if job == Job::Close && closing.is_some() {
        request.closing = closing;
    }
    request
}

async fn add(app: &App, done: Reconciled, shown: &mut Previewed) -> Result<()> {
    shown.held.extend(done.held);
    let mut tx = app.db.begin().await?;
    for mail in done.mails {
        if tx.outbox_mail(&mail.key).await?.is_some() {
            shown.frozen.push(mail.key);
        } else if !shown.mails.iter().any(|other| other.key == mail.key) {
            shown.mails.push(mail);
        }
    }
    tx.commit().await?;
    Ok(())
}
