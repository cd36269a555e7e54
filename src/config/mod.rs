//! Configuration: embedded defaults, then the file, then the environment. All mistakes of all files are reported at
//! once. Deliberately absent: the wall clock and the process environment inside [`load_with`] (tests hand them in).

pub mod secret;
pub mod sections;

mod main_file;
mod mail_section;
mod store_section;
mod sources;
mod gate_levels;
mod folders;
pub mod cron;

pub mod policy;
pub mod policy_schema;
mod policy_files;
mod policy_terms;
mod policy_segments;
mod policy_bands;
mod policy_kinds;
mod policy_rules;
mod policy_check;
mod policy_reach;
mod people;
mod people_table;
mod people_grid;
mod people_check;
mod calendar;

pub mod amount;
pub mod problem;
pub mod reader;
pub mod spot;
pub mod suggest;
pub mod tree;

use std::path::{Path, PathBuf};

use chrono::{NaiveDate, NaiveTime};
use sha2::{Digest, Sha256};

use self::{
    calendar::Hex,
    problem::{ConfigErrors, Problem, Sink},
    spot::{DEFAULTS_PATH, Source, Spot},
};
use crate::domain::{
    calendar::Calendar,
    org::Roster,
    policy::Policy,
    text::{Lang, Text},
};

pub use sections::{
    Accounting, Alerts, Close, Company, CrmPreset, CrmSource, CrmSourceKind, Disputes, Files, Gate, GateLevels, Hashes,
    Lists, Log, LogFormat, Mail, Matching, Schedule, Security, Smtp, Store, Transport, Web,
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
    /// `[calls]`.
    pub calls: Lists,
    /// `[plans]`.
    pub plans: Lists,
    /// `[matching]`.
    pub matching: Matching,
    /// `[mail]`.
    pub mail: Mail,
    /// `[schedule]`.
    pub schedule: Schedule,
    /// `[gate.warn]` and `[gate.hold]`.
    pub gate: Gate,
    /// `[alerts]`.
    pub alerts: Alerts,
    /// `[disputes]`.
    pub disputes: Disputes,
    /// `[close]`.
    pub close: Close,
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
    /// Remarks that do not stop anything.
    pub warnings: Vec<Problem>,
}

/// The documented defaults: the base layer of every configuration.
pub const DEFAULTS: &str = include_str!("../../config/sverka.toml");

/// Reads the configuration with the environment of this process. `today` decides which calendar must be there.
pub fn load(path: &Path, today: NaiveDate) -> Result<Config, ConfigErrors> {
    load_with(
        path,
        std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?))),
        today,
    )
}

/// Reads the configuration with the given environment: defaults, then the file, then `SVERKA__SECTION__KEY`.
pub fn load_with(
    path: &Path,
    env: impl Iterator<Item = (String, String)>,
    today: NaiveDate,
) -> Result<Config, ConfigErrors> {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let base = path.parent().unwrap_or(Path::new("")).to_owned();
    let now = today.and_time(NaiveTime::MIN).and_utc();
    let sink = Sink::new(&path);

    let mut root = tree::parse(&Source::new(DEFAULTS_PATH, DEFAULTS), &sink);
    let own = tree::read_source(&path, &sink);
    if let Some(source) = &own {
        root.overlay(tree::parse(source, &sink));
    }
    root.overlay(tree::from_env(env));
    root.at = Spot::File(path.clone());
    if own.is_none() {
        return Err(ConfigErrors { problems: sink.into_sorted(), lang: Lang::default() });
    }
    let main = main_file::read(&root, &base, now, &sink);

    let (calendar, calendar_hash) = calendar::read(&main.files.calendar, today, &sink);
    let (people, people_hash) = read_people(&main.files.people, main.company.lang, &sink);
    if let Some(people) = &people {
        people_check::check(people, &main.files.people, &main.mail, today, &sink);
    }
    let roster = people.map(|people| Roster { people: people.into_iter().map(|p| p.employee).collect() });
    let policy_files = policy_files::read(&main.files.policy, &sink);
    let policy = policy_files.as_ref().map(|(sources, _)| policy::read(sources, roster.as_ref(), today, &sink));

    let failed = sink.has_errors();
    let problems = sink.into_sorted();
    let (Some(roster), Some(policy), false) = (roster, policy, failed) else {
        return Err(ConfigErrors { problems, lang: main.company.lang });
    };
    let policy_hash = policy_files.map(|(_, hash)| hash).unwrap_or_default();
    Ok(Config {
        path,
        company: main.company,
        files: main.files,
        store: main.store,
        accounting: main.accounting,
        crm: main.crm,
        calls: main.calls,
        plans: main.plans,
        matching: main.matching,
        mail: main.mail,
        schedule: main.schedule,
        gate: main.gate,
        alerts: main.alerts,
        disputes: main.disputes,
        close: main.close,
        web: main.web,
        log: main.log,
        policy,
        roster,
        calendar,
        hashes: Hashes { policy: policy_hash, people: people_hash, calendar: calendar_hash },
        warnings: problems,
    })
}

/// Reads another regulation (a file or a folder), such as a draft, against the people of the configuration.
///
/// # Errors
/// When it has mistakes: all of them, with their places.
pub fn load_policy(path: &Path, config: &Config, today: NaiveDate) -> Result<Policy, ConfigErrors> {
    let sink = Sink::new(path);
    let policy =
        policy_files::read(path, &sink).map(|(sources, _)| policy::read(&sources, Some(&config.roster), today, &sink));
    let failed = sink.has_errors();
    match policy {
        Some(policy) if !failed => Ok(policy),
        _ => Err(ConfigErrors { problems: sink.into_sorted(), lang: config.company.lang }),
    }
}

/// The configured language, as far as it can be read: for the command line, before and whatever `load` says.
pub fn language(path: &Path, env: impl Iterator<Item = (String, String)>) -> Lang {
    let sink = Sink::default();
    let mut root = tree::from_env(env);
    if let Some(source) = path.is_file().then(|| tree::read_source(path, &sink)).flatten() {
        let env = std::mem::replace(&mut root, tree::parse(&source, &sink));
        root.overlay(env);
    }
    let company = root.entry("company").and_then(|e| e.node.table(&sink));
    match company.and_then(|table| table.entry("language")).and_then(|e| e.node.text(&sink)).as_deref() {
        Some("en") => Lang::En,
        _ => Lang::Ru,
    }
}

/// The people by the kind of the file; `None` when there is nothing to check further.
fn read_people(path: &Path, lang: Lang, sink: &Sink) -> (Option<Vec<people::Placed>>, String) {
    let kind = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    let (people, hash) = match kind.as_str() {
        "toml" => {
            let Some(source) = tree::read_source(path, sink) else { return (None, String::new()) };
            (people::read(&source, lang, sink), sha256(source.text.as_bytes()))
        }
        "csv" | "txt" | "xlsx" => match std::fs::read(path) {
            Ok(bytes) => (people_table::read(path, &bytes, lang, sink), sha256(&bytes)),
            Err(error) => {
                let message =
                    Text::new(format!("файл не открывается: {error}"), format!("the file does not open: {error}"));
                sink.error(Spot::File(path.to_owned()), message);
                return (None, String::new());
            }
        },
        _ => {
            let message =
                Text::new("список сотрудников: .toml, .csv или .xlsx", "the people are a .toml, .csv or .xlsx file");
            sink.error(Spot::File(path.to_owned()), message);
            return (None, String::new());
        }
    };
    (Some(people), hash)
}

fn sha256(bytes: &[u8]) -> String {
    format!("{:x}", Hex(&Sha256::digest(bytes)))
}
