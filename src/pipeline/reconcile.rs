//! One run: facts, conclusions, the gate, then entries and mails in one transaction, or a hold and nothing else.
//! Everything between the reading and the writing transaction is pure; if the ledger moved meanwhile, the run is done
//! again from the start. Deliberately absent: sending, and what becomes of a held run (`held`).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    App,
    beside::Beside,
    compute::compute_for,
    facts::{self, Loaded},
    four_eyes,
    held::{self, hold},
    mails, monthly,
    sealing::seal,
    told::{self, Told},
};
use crate::{
    domain::{
        adjust, derived_id,
        facts::Outcome,
        finding::{Finding, Severity},
        gate::{self, Figures},
        ledger::{EntryKey, LedgerEntry, NewEntry, Posted, Wanted},
        mail::FrozenMail,
        money::Money,
        period::Period,
        report::{AuditFigures, company::FirstTold},
        run::{Hold, Job, Release, RunOutcome, RunRecord},
    },
    error::Result,
    store::{Claim, LedgerFilter, StatementRecord, StoreError, Tx},
};

/// The due run behind a request.
#[derive(Clone, Debug)]
pub struct Due {
    /// When it was due.
    pub due_at: DateTime<Utc>,
    /// Its claim: nothing is written when another replica took it over. `None` for a held run that is tried again.
    pub claim: Option<Claim>,
    /// Whether mails are labelled as late.
    pub late: bool,
}

/// What to do.
#[derive(Clone, Debug)]
pub struct Request {
    /// Job: alerts, audit or close.
    pub job: Job,
    /// Instant the data is judged as of.
    pub as_of: DateTime<Utc>,
    /// The due run, when the schedule asks.
    pub due: Option<Due>,
    /// Close: the newest period to close.
    pub closing: Option<Period>,
    /// The hold that this run answers, with the person's word: released in the transaction that posts, or not at all.
    pub releasing: Option<(String, Release)>,
    /// Show only.
    pub dry_run: bool,
}

impl Request {
    /// The job as of an instant; a close closes the month before it.
    pub fn now(app: &App, job: Job, as_of: DateTime<Utc>) -> Self {
        let today = as_of.with_timezone(&app.config.company.tz).date_naive();
        let closing = (job == Job::Close).then(|| Period::of(today).prev());
        Self { job, as_of, due: None, closing, releasing: None, dry_run: false }
    }

    /// The same, shown only.
    pub fn dry(mut self, dry_run: bool) -> Self {
        self.dry_run = dry_run;
        self
    }
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Reconciled {
    /// Run id.
    pub run: String,
    /// Why it is held; empty = done.
    pub held: Vec<Finding>,
    /// Hold id, when held.
    pub hold: Option<String>,
    /// Entries posted (or that would be).
    pub entries: Vec<NewEntry>,
    /// Mails frozen (or that would be).
    pub mails: Vec<FrozenMail>,
}

impl Reconciled {
    /// Sum of the entries.
    pub fn amount(&self) -> Money {
        self.entries.iter().map(|e| e.amount).sum()
    }
}

/// Kept with each run: what later runs compare with.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct RunFigures {
    /// For the gate.
    pub gate: Figures,
    /// By head's personnel number.
    #[serde(default)]
    pub audit: BTreeMap<String, AuditFigures>,
    /// Last ledger entry after the run.
    #[serde(default)]
    pub ledger_seq: i64,
    /// Close: the newest period it was to close, so that a held one never closes another month when it is tried again.
    #[serde(default)]
    pub closing: Option<Period>,
}

/// Everything the mails of a run are made from.
pub struct Draft {
    /// What was asked.
    pub request: Request,
    /// Run id.
    pub run: String,
    /// Facts.
    pub loaded: Loaded,
    /// Conclusions.
    pub outcome: Outcome,
    /// Entries as they will stand in the ledger.
    pub entries: Vec<LedgerEntry>,
    /// Entries of earlier runs that this report still has to tell: since the last audit.
    pub earlier: Vec<LedgerEntry>,
    /// What the mails say beside the run's own sums.
    pub beside: Beside,
    /// Periods being closed.
    pub closing: Vec<Period>,
    /// Figures of earlier runs of this job, newest first.
    pub history: Vec<RunFigures>,
    /// What people were told before.
    pub told: Told,
    /// When people were first told of sales; only for reports that say how long it took.
    pub first_told: FirstTold,
    /// Hash of the last entry.
    pub head: String,
    /// Instant of preparing.
    pub now: DateTime<Utc>,
}

/// Tries of a run whose ledger moved under it.
const TRIES: usize = 5;

/// Does one run.
pub async fn reconcile(app: &App, request: &Request) -> Result<Reconciled> {
    reconcile_while(app, request, || async {}).await
}

/// The same with something that happens between its reading and its writing, each time it reads: what a run does then is
/// tested by this.
pub async fn reconcile_while<F: Future<Output = ()> + Send>(
    app: &App,
    request: &Request,
    meanwhile: impl Fn() -> F + Send + Sync,
) -> Result<Reconciled> {
    let mut tries = 0;
    loop {
        tries += 1;
        match attempt(app, request, &meanwhile).await {
            Err(Failure::Moved) if tries < TRIES => {}
            Err(Failure::Moved) => return Err(StoreError::LedgerMoved.into()),
            Err(Failure::Other(error)) => return Err(error),
            Ok(done) => return Ok(done),
        }
    }
}

/// Runs of one job that are looked back on; held ones, which may be many, are among them.
const LOOK_BACK: usize = 1_000;

pub(super) enum Failure {
    Moved,
    Other(crate::error::Error),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            // A close by another replica moves the ledger's end as a posting does.
            StoreError::LedgerMoved | StoreError::PeriodClosed(_) => Self::Moved,
            other => Self::Other(other.into()),
        }
    }
}

impl From<crate::error::Error> for Failure {
    fn from(error: crate::error::Error) -> Self {
        Self::Other(error)
    }
}

async fn attempt<F: Future<Output = ()> + Send>(
    app: &App,
    request: &Request,
    meanwhile: &(impl Fn() -> F + Send + Sync),
) -> Result<Reconciled, Failure> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let closing = held::periods_to_close(app, &mut tx, request).await?;
    if request.job == Job::Close && closing.is_empty() {
        // Whatever a held close waited for has been closed meanwhile.
        if !request.dry_run {
            held::drop_all(&mut tx, Job::Close, "the period is closed already", now).await?;
        }
        tx.commit().await?;
        return Ok(Reconciled::default());
    }
    let request = &not_before_the_last(&mut tx, request).await?;
    let mut loaded = facts::load(app, &mut tx, request.as_of, &closing).await?;
    let posted = tx.posted().await?;
    let (head_seq, head) = tx.ledger_head().await?;
    let last_run = tx.last_runs(None, 1).await?.first().map(|r| r.finished_at);
    let place = tx.runs_finished_at(now).await?;
    let runs = tx.last_runs(Some(request.job), LOOK_BACK).await?;
    let alerted = tx.alerted().await?;
    let first_told = monthly::looked_back(&mut tx, request, &mut loaded, &alerted).await?;
    let told = Told::of(app, &mut tx, request, alerted).await?;
    let holds = tx.holds(false).await?;
    let history: Vec<RunFigures> = runs
        .iter()
        .filter(|r| r.outcome == RunOutcome::Done)
        .filter_map(|r| serde_json::from_str(&r.figures).ok())
        .collect();
    let earlier = earlier_entries(&mut tx, request.job, &history).await?;
    let beside = Beside::load(&mut tx, request.job).await?;
    tx.commit().await?;
    meanwhile().await;

    let mut outcome = compute_for(app, &loaded.facts, request.as_of);
    outcome.findings.splice(0..0, loaded.findings.iter().cloned());
    let mut entries = match request.job {
        Job::Audit | Job::Close => delta_in_scope(&outcome.wanted, &posted, &loaded),
        Job::Alerts | Job::Monthly | Job::Ingest => Vec::new(),
    };
    adjust::explain(&mut entries, &loaded.facts, &outcome.verdicts, &outcome.sales);
    let run = derived_id::of_run(request.job, request.as_of, &loaded.input_hash, (head_seq, &head), now, place);
    let figures = gate::figures(&loaded.facts, &outcome, &entries);
    // The gate reads history oldest first.
    let past: Vec<Figures> = history.iter().rev().map(|h| h.gate.clone()).collect();
    let judged = gate::judge(&gate::GateInput {
        facts: &loaded.facts,
        outcome: &outcome,
        entries: &entries,
        history: &past,
        quarantined: &loaded.quarantined,
        last_run,
        as_of: request.as_of,
        now,
        settings: super::context::gate_settings(&app.config.gate),
    });
    let (mut stops, remarks): (Vec<Finding>, Vec<Finding>) = judged.into_iter().partition(Finding::holds);
    stops.extend(four_eyes::stop(app, request));
    let released = held::covered(request, &loaded.input_hash, &stops, &holds);
    // A released hold is told in the report instead of stopping it.
    let mut held = Vec::new();
    if released {
        outcome.findings.extend(stops.into_iter().map(|f| Finding { severity: Severity::Warn, ..f }));
    } else {
        held = stops;
    }
    outcome.findings.extend(remarks);

    let sealed = seal(&app.ledger_key, &entries, (head_seq, &head), &run, now);
    let head = sealed.last().map_or(head, |e| e.hash.clone());
    let draft = Draft {
        request: request.clone(),
        run,
        loaded,
        outcome,
        entries: sealed,
        earlier,
        beside,
        closing,
        history,
        told,
        first_told,
        head,
        now,
    };
    if held.is_empty() {
        post(app, draft, figures, head_seq, &holds).await
    } else {
        hold(app, draft, held, figures, &holds).await
    }
}

/// Posts the entries and freezes the mails, all or nothing.
async fn post(app: &App, draft: Draft, gate: Figures, head_seq: i64, holds: &[Hold]) -> Result<Reconciled, Failure> {
    let made = match mails::of_run(app, &draft) {
        Ok(made) => made,
        // A mail about money that cannot be made holds the run: an entry nobody is told of is worse than a late one.
        Err(error) => {
            let reason = Finding::new(Severity::Hold, "mail_failed", error.message);
            return hold(app, draft, vec![reason], gate, holds).await;
        }
    };
    let entries: Vec<NewEntry> = draft.entries.iter().map(|e| e.entry.clone()).collect();
    let done = Reconciled { run: draft.run.clone(), entries, mails: made.mails, ..Reconciled::default() };
    if draft.request.dry_run {
        return Ok(done);
    }
    let mut figures = RunFigures {
        gate,
        audit: made.audit,
        ledger_seq: head_seq + draft.entries.len() as i64,
        closing: draft.request.closing,
    };
    let mut tx = app.db.begin().await?;
    if let Some(claim) = draft.request.due.as_ref().and_then(|d| d.claim.as_ref()) {
        tx.fence(claim).await?;
    }
    tx.append(&draft.entries, head_seq).await?;
    // A line that was contested or decided since is handed over as it stands now, or not at all.
    if draft.request.job == Job::Close && tx.dispute_counts().await? != draft.loaded.dispute_counts() {
        return Err(Failure::Moved);
    }
    for period in &draft.closing {
        tx.close_period(*period, draft.request.as_of, &draft.run, draft.now).await?;
    }
    if let Some((hold, release)) = &draft.request.releasing
        && !tx.release_hold(hold, release).await?
    {
        // Released, dropped or done by somebody else since it was read.
        return Err(Failure::Moved);
    }
    for made in &made.statements {
        let statement = StatementRecord {
            number: made.number.clone(),
            pay_period: made.period,
            run: draft.run.clone(),
            total: made.total,
            ledger_seq: figures.ledger_seq,
            ledger_hash: draft.head.clone(),
            issued_at: draft.now,
        };
        tx.add_statement(&statement).await?;
        tx.hand_over(&made.number, &made.entries).await?;
    }
    // A second audit of the same day is not mailed: its entries are left for the next one to tell.
    if draft.request.job == Job::Audit {
        for mail in &done.mails {
            if tx.outbox_mail(&mail.key).await?.is_some() {
                figures.ledger_seq = draft.history.first().map_or(0, |h| h.ledger_seq);
            }
        }
    }
    tx.freeze(&done.mails, draft.now).await?;
    tx.add_alerted(&told::remembered(&made.alerted, &made.escalated, draft.now)).await?;
    save_run(&mut tx, &record(&draft, RunOutcome::Done, &figures)).await?;
    let cause = format!("the cause went away before run {}", draft.run);
    held::drop_all(&mut tx, draft.request.job, &cause, draft.now).await?;
    tx.commit().await?;
    tracing::info!(
        run.id = %done.run,
        entries = done.entries.len(),
        mails = done.mails.len(),
        "run {} of {} done",
        done.run,
        draft.request.job.code()
    );
    Ok(done)
}

/// Records the run. Another replica that did the very same at the very same instant has its id: this one starts again.
pub(super) async fn save_run(tx: &mut Tx, run: &RunRecord) -> Result<(), Failure> {
    match tx.save_run(run).await {
        Err(StoreError::Duplicate(_)) => Err(Failure::Moved),
        saved => Ok(saved?),
    }
}

pub(super) fn record(draft: &Draft, outcome: RunOutcome, figures: &RunFigures) -> RunRecord {
    RunRecord {
        id: draft.run.clone(),
        job: draft.request.job,
        as_of: draft.request.as_of,
        finished_at: draft.now,
        outcome,
        input_hash: draft.loaded.input_hash.clone(),
        figures: serde_json::to_string(figures).unwrap_or_default(),
    }
}

/// The request as of its own instant, or of the last run that posted when that is later: what the ledger has seen is not
/// unseen because a missed or held run catches up with an earlier instant.
async fn not_before_the_last(tx: &mut Tx, request: &Request) -> Result<Request, Failure> {
    let mut request = request.clone();
    if request.dry_run {
        return Ok(request);
    }
    for job in [Job::Audit, Job::Close] {
        let runs = tx.last_runs(Some(job), LOOK_BACK).await?;
        let last = runs.iter().filter(|r| r.outcome == RunOutcome::Done).map(|r| r.as_of).max();
        request.as_of = request.as_of.max(last.unwrap_or(request.as_of));
    }
    Ok(request)
}

/// The difference between what the facts want and what is posted, for the periods the run speaks for.
fn delta_in_scope(wanted: &[Wanted], posted: &[Posted], loaded: &Loaded) -> Vec<NewEntry> {
    let within = |key: &EntryKey| key.belongs_to >= loaded.scope_from || loaded.waiting.contains(key);
    let wanted: Vec<Wanted> = wanted.iter().filter(|w| within(&w.key)).cloned().collect();
    let posted: Vec<Posted> = posted.iter().filter(|p| within(&p.key)).cloned().collect();
    let closed: BTreeSet<Period> = loaded.closed.keys().copied().collect();
    adjust::delta(&wanted, &posted, &closed)
}

async fn earlier_entries(tx: &mut Tx, job: Job, history: &[RunFigures]) -> Result<Vec<LedgerEntry>, Failure> {
    Ok(match job {
        Job::Audit => {
            let since = history.first().map_or(0, |h| h.ledger_seq);
            tx.ledger_entries(&LedgerFilter { after_seq: since, ..LedgerFilter::default() }).await?
        }
        // What a close tells is chosen among everything that was not handed over (`beside`).
        Job::Close | Job::Alerts | Job::Monthly | Job::Ingest => Vec::new(),
    })
}
