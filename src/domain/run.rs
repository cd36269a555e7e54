//! Runs, holds and releases as the store and the reports see them. Deliberately absent: deciding (`gate`), scheduling.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::finding::Finding;

/// What a run does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Job {
    /// Take files in.
    Ingest,
    /// Reconcile and tell each manager what is missing.
    Alerts,
    /// Reconcile and send the pages of the month before: the company's to everybody, the pilot's to the director.
    Monthly,
    /// Reconcile, post, and send the weekly audit to the heads.
    Audit,
    /// Reconcile, post, close the period, send the statement to finance.
    Close,
}

impl Job {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Ingest, Self::Alerts, Self::Monthly, Self::Audit, Self::Close];

    /// Stable name, also on the command line and in the schedule.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ingest => "ingest",
            Self::Alerts => "alerts",
            Self::Monthly => "monthly",
            Self::Audit => "audit",
            Self::Close => "close",
        }
    }

    /// The job of that name.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|j| j.code() == code)
    }
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunOutcome {
    /// Done.
    Done,
    /// Held for a person.
    Held,
}

impl RunOutcome {
    /// Stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Held => "held",
        }
    }
}

/// A run as recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunRecord {
    /// Id (`derived_id`; UUIDv7 in older rows).
    pub id: String,
    /// Job.
    pub job: Job,
    /// Instant the data was judged as of.
    pub as_of: DateTime<Utc>,
    /// When it finished.
    pub finished_at: DateTime<Utc>,
    /// How it ended.
    pub outcome: RunOutcome,
    /// SHA-256 over the inputs: file hashes, snapshot hashes, decisions, policy, people, calendar.
    pub input_hash: String,
    /// Figures of the run for later comparison (JSON of `gate::History`-like numbers).
    pub figures: String,
}

/// What is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HoldSubject {
    /// A run: nothing left it.
    Run {
        /// Run that was held.
        run: String,
        /// Its job.
        job: Job,
        /// As-of of the run.
        as_of: DateTime<Utc>,
        /// Hash of the inputs it was held on: a release covers these and no others.
        input_hash: String,
    },
    /// A file: its facts were not taken in.
    File {
        /// SHA-256 of the file.
        hash: String,
        /// Name as it came.
        name: String,
    },
}

/// Something that waits for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// Id (short, for the command line).
    pub id: String,
    /// What is held.
    pub subject: HoldSubject,
    /// Reasons, each of severity hold.
    pub reasons: Vec<Finding>,
    /// When held.
    pub opened_at: DateTime<Utc>,
    /// Release, if any.
    pub release: Option<Release>,
}

/// A person's release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Who.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: DateTime<Utc>,
}
