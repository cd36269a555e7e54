//! Judges whether a run may speak (rules, section 7): a hold means that nothing leaves the run until a person releases it
//! or the cause goes away. Deliberately absent: checks that a reader makes while it reads (totals, «Отбор», periods: they
//! quarantine the file, which is seen here), holding and releasing (`pipeline`), mails.

mod feeds;
mod figures;
mod money;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{
    facts::{Facts, Outcome},
    finding::{Finding, Severity},
    inbox::FileRecord,
    ledger::NewEntry,
    text::Text,
};
pub use figures::{Figures, figures};

/// Levels of `[gate.warn]` or `[gate.hold]`. A level is passed when the figure is above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Levels {
    /// Age of the oldest of the latest CRM snapshots, hours.
    pub crm_age_hours: u32,
    /// Age of the newest accounting file, hours.
    pub accounting_age_hours: u32,
    /// How much smaller than the accepted one before it a CRM snapshot is, basis points.
    pub crm_shrink_bp: u32,
    /// Share of the turnover whose seller nobody knows, basis points.
    pub unknown_manager_bp: u32,
    /// Reductions of the run against the trailing median, basis points (30 000 = three times).
    pub reductions_bp: u32,
    /// Share of documents dated outside the period printed in the title, basis points. The reader of files uses it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outside_period_bp: Option<u32>,
    /// Known documents of a period that a later export of it lacks, basis points. The intake of files uses it.
    #[serde(default)]
    pub vanished_bp: u32,
}

/// Both levels of every check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GateSettings {
    /// Somebody should look.
    pub warn: Levels,
    /// Nothing leaves the run.
    pub hold: Levels,
}

impl Default for GateSettings {
    /// The values of `config/sverka.toml`.
    fn default() -> Self {
        Self {
            warn: Levels {
                crm_age_hours: 36,
                accounting_age_hours: 36,
                crm_shrink_bp: 300,
                unknown_manager_bp: 500,
                reductions_bp: 15_000,
                outside_period_bp: Some(0),
                vanished_bp: 0,
            },
            hold: Levels {
                crm_age_hours: 96,
                accounting_age_hours: 192,
                crm_shrink_bp: 1_000,
                unknown_manager_bp: 2_000,
                reductions_bp: 30_000,
                outside_period_bp: Some(100),
                vanished_bp: 500,
            },
        }
    }
}

/// What the gate looks at.
#[derive(Clone, Debug)]
pub struct GateInput<'a> {
    /// Facts of the run.
    pub facts: &'a Facts,
    /// What it concluded.
    pub outcome: &'a Outcome,
    /// What it would post (the result of `adjust::delta`).
    pub entries: &'a [NewEntry],
    /// Figures of earlier runs that posted, oldest first. Held runs stay out: an implausible sum that is held every day
    /// must not become the usual one.
    pub history: &'a [Figures],
    /// Files set aside that nobody has settled.
    pub quarantined: &'a [FileRecord],
    /// When the last run finished.
    pub last_run: Option<DateTime<Utc>>,
    /// Instant the data is judged as of.
    pub as_of: DateTime<Utc>,
    /// The clock.
    pub now: DateTime<Utc>,
    /// Levels.
    pub settings: GateSettings,
}

/// How far clocks of servers may differ without meaning anything.
pub(super) const CLOCK_TOLERANCE: TimeDelta = TimeDelta::minutes(5);

/// Reasons to hold the run (severity hold) and to look at it (warn), in a fixed order. Holds among the outcome's own
/// findings are repeated here, so that the holds of this list are all reasons of the hold; its warnings are not.
pub fn judge(input: &GateInput<'_>) -> Vec<Finding> {
    let mut found = feeds::clock(input);
    found.extend(feeds::crm(input));
    found.extend(feeds::accounting(input));
    found.extend(feeds::quarantined(input));
    found.extend(feeds::calendar(input));
    found.extend(money::unknown_sellers(input));
    found.extend(money::reductions(input));
    found.extend(input.outcome.findings.iter().filter(|f| f.holds()).cloned());
    found
}

/// A finding at the level that the figure passes, if it passes any.
pub(super) fn graded(figure: i64, warn: u32, hold: u32, code: &str, message: impl FnOnce() -> Text) -> Option<Finding> {
    let severity = if figure > i64::from(hold) {
        Severity::Hold
    } else if figure > i64::from(warn) {
        Severity::Warn
    } else {
        return None;
    };
    Some(Finding::new(severity, code, message()))
}

#[cfg(test)]
mod tests;
