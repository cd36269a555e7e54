//! Notice that something waits for a person: what, why, how to release it. Deliberately absent: deciding (`gate`).

use serde::Serialize;

use crate::domain::{
    finding::Finding,
    run::{Hold, HoldSubject, Job},
};

use super::{FindingLine, Frame, ReportContext};

/// A held run or file, for the operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeldReport {
    /// Company, times.
    pub frame: Frame,
    /// Id of the hold.
    pub hold: String,
    /// `run`, `file` or `templates`.
    pub subject: String,
    /// Job of a held run (`audit`, …); empty for a file.
    pub job: String,
    /// As-of of a held run, business time.
    pub run_as_of: Option<chrono::NaiveDateTime>,
    /// Name of a held file; empty for a run.
    pub file: String,
    /// Since when, business time.
    pub since: chrono::NaiveDateTime,
    /// Why.
    pub reasons: Vec<FindingLine>,
}

impl HeldReport {
    /// The notice that templates of the company are wrong and the built-in ones stand in: nothing waits.
    pub fn of_templates(id: String, reasons: Vec<Finding>, ctx: &ReportContext) -> Self {
        Self {
            frame: ctx.bare_frame(),
            hold: id,
            subject: "templates".to_owned(),
            job: String::new(),
            run_as_of: None,
            file: String::new(),
            since: ctx.local(ctx.now),
            reasons: reasons.iter().map(FindingLine::of).collect(),
        }
    }

    /// The notice of a hold.
    pub fn of(hold: &Hold, ctx: &ReportContext) -> Self {
        let (subject, job, run_as_of, file) = match &hold.subject {
            HoldSubject::Run { job, as_of, .. } => ("run", Job::code(*job), Some(ctx.local(*as_of)), String::new()),
            HoldSubject::File { name, .. } => ("file", "", None, name.clone()),
        };
        Self {
            frame: ctx.bare_frame(),
            hold: hold.id.clone(),
            subject: subject.to_owned(),
            job: job.to_owned(),
            run_as_of,
            file,
            since: ctx.local(hold.opened_at),
            reasons: hold.reasons.iter().map(FindingLine::of).collect(),
        }
    }
}
