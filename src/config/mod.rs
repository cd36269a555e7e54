//! Configuration: embedded defaults, then the file, then the environment. All mistakes of all files are reported at
//! once. Deliberately absent: the wall clock and the process environment inside [`load_with`] (tests hand them in).

pub mod secret;
pub mod sections;

mod main_file;
mod mail_section;
mod gate_levels;
mod folders;
pub mod cron;

pub mod policy;
mod policy_rules;
mod policy_check;
mod calendar;

pub mod amount;
pub mod problem;
pub mod reader;
pub mod spot;
pub mod suggest;
pub mod tree;

use std::path::PathBuf;

use crate::domain::{calendar::Calendar, org::Roster, policy::Policy};

pub use sections::{
    Accounting, Company, CrmPreset, CrmSource, CrmSourceKind, Files, Gate, GateLevels, Hashes, Log, LogFormat, Mail,
    Matching, Schedule, Security, Smtp, Store, Transport, Web,
};

/// Everything a company says about itself, checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// The file it was read from, absolute.
    pub path: PathBuf,
    /// `[company]`.
    pub company: Company,
    /// `[files]`.
    pub files: Files,
    /// `[store]`.
    pub store: Store,
    /// `[accounting]`.
    pub accounting: Accounting,
    /// `[[crm]]`.
    pub crm: Vec<CrmSource>,
    /// `[matching]`.
    pub matching: Matching,
    /// `[mail]`.
    pub mail: Mail,
    /// `[schedule]`.
    pub schedule: Schedule,
    /// `[gate.warn]` and `[gate.hold]`.
    pub gate: Gate,
    /// `[web]`.
    pub web: Web,
    /// `[log]`.
    pub log: Log,
    /// The regulation.
    pub policy: Policy,
    /// The people.
    pub roster: Roster,
    /// Working days.
    pub calendar: Calendar,
    /// Hashes of policy, people and calendar.
    pub hashes: Hashes,
}
