//! The sections of `sverka.toml` as values that cannot be wrong: paths absolute, zones known, schedules parsed,
//! secrets wrapped. Deliberately absent: reading them (`main_file`) and their defaults (`config/sverka.toml`).

use std::{net::SocketAddr, path::PathBuf};

use chrono_tz::Tz;
use serde::Serialize;

use super::secret::{DatabaseUrl, Secret};
use crate::domain::{export_scope::Exports, matching::MatchSettings, text::Lang};

/// `[company]`.
#[derive(Clone, Debug, Serialize)]
pub struct Company {
    /// Shown in mails and in the statement.
    pub name: String,
    /// Own organisations as accounting writes them: never judged as clients, expected in the title of exports.
    pub organisations: Vec<String>,
    /// Business time zone.
    #[serde(rename = "timezone")]
    pub tz: Tz,
    /// Base currency code, such as `RUB`; only it is computed.
    pub currency: String,
    /// Other spellings of the base currency in files.
    pub currency_aliases: Vec<String>,
    /// Language of the command line and of people who have none of their own.
    #[serde(rename = "language")]
    pub lang: Lang,
}

/// `[files]`, absolute.
#[derive(Clone, Debug, Serialize)]
pub struct Files {
    /// The regulation.
    pub policy: PathBuf,
    /// The people: `.toml`, `.csv`, `.txt` or `.xlsx`.
    pub people: PathBuf,
    /// Folder with one file of working days a year.
    pub calendar: PathBuf,
}

/// `[store]`.
#[derive(Clone, Debug, Serialize)]
pub struct Store {
    /// Address of the database with its password, if any; a file of SQLite is absolute.
    pub url: DatabaseUrl,
    /// Key of the ledger's chain of hashes, outside the database.
    pub ledger_key_file: PathBuf,
    /// Accepted and set-aside files, named by their hash.
    pub archive: PathBuf,
}

/// `[accounting]`.
#[derive(Clone, Debug, Serialize)]
pub struct Accounting {
    /// Folder of the company's own layouts of tables.
    pub layouts: PathBuf,
    /// Folders that accounting exports into.
    pub folders: Vec<PathBuf>,
    /// A file is taken when it is the same at two looks this far apart.
    pub stable_seconds: u32,
    /// Filters («Отбор») that do not narrow the data.
    pub harmless_filters: Vec<String>,
    /// Largest file, MiB.
    pub max_file_mib: u32,
    /// Whether exports list their period in full.
    pub exports: Exports,
}

/// `[calls]` and `[plans]`: folders of plain lists that only some rules look at.
#[derive(Clone, Debug, Serialize)]
pub struct Lists {
    /// Folders; empty = none.
    pub folders: Vec<PathBuf>,
    /// Zone of the times in them.
    #[serde(skip)]
    pub tz: Tz,
}

/// One `[[crm]]`.
#[derive(Clone, Debug, Serialize)]
pub struct CrmSource {
    /// Name of the source; unique; becomes part of every record's identity.
    pub name: String,
    /// How it is read.
    pub kind: CrmSourceKind,
    /// Folder with its table files.
    pub folder: PathBuf,
    /// Which columns to expect.
    pub preset: CrmPreset,
    /// Time zone of its dates without an offset.
    #[serde(rename = "timezone")]
    pub tz: Tz,
}

/// How a CRM source is read. Web interfaces of CRMs become further variants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CrmSourceKind {
    /// A folder with table files.
    Table,
}

/// Which columns a table of a CRM has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CrmPreset {
    /// Recognised by the headers.
    Auto,
    /// Битрикс24.
    Bitrix24,
    /// amoCRM.
    Amocrm,
    /// Quick Sales.
    QuickSales,
    /// Sales Expert.
    SalesExpert,
    /// A plain table.
    Plain,
}

impl CrmPreset {
    /// The name in the file.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Bitrix24 => "bitrix24",
            Self::Amocrm => "amocrm",
            Self::QuickSales => "quick-sales",
            Self::SalesExpert => "sales-expert",
            Self::Plain => "plain",
        }
    }

    pub(super) const ALL: [Self; 6] =
        [Self::Auto, Self::Bitrix24, Self::Amocrm, Self::QuickSales, Self::SalesExpert, Self::Plain];
}

/// `[matching]`: scores 0..=10 000.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Matching {
    /// At or above: an automatic match, if nothing contradicts.
    pub accept_bp: u32,
    /// At or above and below `accept_bp`: a person looks.
    pub review_bp: u32,
    /// A branch counts as entered when another branch or the head office is in the CRM.
    pub branch_counts: bool,
    /// Evidence is shifted by what people confirmed and rejected.
    pub calibrate: bool,
    /// The daemon keeps what matching found and goes on from it the next time; the verdicts are the same.
    pub remember: bool,
}

impl From<Matching> for MatchSettings {
    fn from(matching: Matching) -> Self {
        let Matching { accept_bp, review_bp, branch_counts, calibrate, remember: _ } = matching;
        Self { accept_bp, review_bp, branch_counts, calibrate }
    }
}

/// `[alerts]`.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Alerts {
    /// Working days after which a head is told of what a manager was told and did not enter; 0 = never.
    pub escalate_working_days: u32,
    /// When a missed alert may still be sent, business time.
    pub late_hours: Hours,
}

/// A part of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Hours {
    /// First hour.
    pub from: u32,
    /// Hour that is no longer part of it.
    pub until: u32,
}

impl Hours {
    /// Whether the time of day lies within.
    pub fn contains(self, at: chrono::NaiveTime) -> bool {
        use chrono::Timelike;
        (self.from..self.until).contains(&at.hour())
    }
}

/// `[disputes]`.
#[derive(Clone, Debug, Serialize)]
pub struct Disputes {
    /// Folder that mails contesting a line are saved into; `None` = mails contest nothing.
    pub folder: Option<PathBuf>,
}

/// `[close]`.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Close {
    /// Whether a close that one person prepared waits for the word of another.
    pub four_eyes: bool,
}

/// `[mail]`.
#[derive(Clone, Debug, Serialize)]
pub struct Mail {
    /// The server that takes mail.
    pub transport: Transport,
    /// Sender; Message-IDs use its domain.
    pub from: String,
    /// Sender's name.
    pub from_name: String,
    /// Address of answers, if another.
    pub reply_to: Option<String>,
    /// Mail only leaves for these domains (lower case); empty = no limit.
    pub allowed_domains: Vec<String>,
    /// Give up after this many hours.
    pub give_up_hours: u32,
    /// Signature of every mail; `None` = mails leave unsigned.
    pub dkim: Option<Dkim>,
    /// Folder of mails that came back; `None` = nobody looks.
    pub bounces: Option<PathBuf>,
    /// Address of a CRM card with `{kind}` and `{id}`, if any.
    pub crm_link: Option<String>,
    /// Folder of the company's own mail templates, if any.
    pub templates: Option<PathBuf>,
}

impl Mail {
    /// The domain of the sender's address, `localhost` when it has none.
    pub fn sender_domain(&self) -> &str {
        self.from.rsplit_once('@').map_or("localhost", |(_, domain)| domain)
    }
}

/// A DKIM signature in the name of the sender's domain.
#[derive(Clone, Debug, Serialize)]
pub struct Dkim {
    /// Name of the record in DNS: `SELECTOR._domainkey.DOMAIN`.
    pub selector: String,
    /// Private key (PEM), from `dkim_key_file` or from the environment.
    pub key: Secret,
}

/// Where mail goes.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// `.eml` files in a folder.
    Directory {
        /// The folder.
        folder: PathBuf,
    },
    /// A mail server.
    Smtp(Smtp),
}

/// A mail server.
#[derive(Clone, Debug, Serialize)]
pub struct Smtp {
    /// Host name.
    pub host: String,
    /// Port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// User; empty = no login.
    pub user: String,
    /// Password, from `password_file` or from the environment.
    pub password: Option<Secret>,
    /// Certificate of the company's own authority (PEM).
    pub ca_file: Option<PathBuf>,
}

/// Protection of the connection to the mail server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// TLS from the first byte (465).
    Tls,
    /// TLS after STARTTLS, required (587).
    Starttls,
    /// None: only to this machine.
    Plain,
}

/// `[schedule]`: checked cron expressions of five fields in the business time zone.
#[derive(Clone, Debug, Serialize)]
pub struct Schedule {
    /// Takes files in.
    pub ingest: String,
    /// Alerts to managers.
    pub alerts: String,
    /// Pages of the month before, on its days from the first working one on.
    pub monthly: String,
    /// Weekly audit to heads.
    pub audit: String,
    /// Closes the month before.
    pub close: String,
    /// A missed audit or alert older than this is skipped, with a notice.
    pub max_late_hours: u32,
}

impl Schedule {
    /// The expression of a job.
    pub fn cron(&self, job: crate::domain::run::Job) -> &str {
        use crate::domain::run::Job;
        match job {
            Job::Ingest => &self.ingest,
            Job::Alerts => &self.alerts,
            Job::Monthly => &self.monthly,
            Job::Audit => &self.audit,
            Job::Close => &self.close,
        }
    }
}

/// `[gate]`.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Gate {
    /// Above these a report says so.
    pub warn: GateLevels,
    /// Above these a run waits for a person.
    pub hold: GateLevels,
}

/// One set of levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct GateLevels {
    /// Age of the oldest CRM snapshot, hours.
    pub crm_age_hours: u32,
    /// Age of the newest accounting file, hours.
    pub accounting_age_hours: u32,
    /// How much smaller than the last accepted one a CRM snapshot is, basis points.
    pub crm_shrink_bp: u32,
    /// Share of turnover whose seller nobody knows, basis points.
    pub unknown_manager_bp: u32,
    /// Reductions against the trailing median of eight runs, basis points (20 000 = twice).
    pub reductions_bp: u32,
    /// Documents dated outside the period printed in the title, basis points.
    pub outside_period_bp: u32,
    /// Known documents of a period that a later export of it lacks, basis points.
    pub vanished_bp: u32,
}

/// `[web]`.
#[derive(Clone, Debug, Serialize)]
pub struct Web {
    /// Where /healthz and /metrics listen; `None` = off.
    pub listen: Option<SocketAddr>,
    /// Where people reach pages; `None` = no links.
    pub public_url: Option<String>,
}

/// `[log]`.
#[derive(Clone, Debug, Serialize)]
pub struct Log {
    /// Shape of a line.
    pub format: LogFormat,
    /// Filter of tracing, such as `info`.
    pub level: String,
}

/// Shape of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// SHA-256 (hex) of the files a run rests on: part of its evidence.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Hashes {
    /// The policy: of a folder, all its files.
    pub policy: String,
    /// The people file.
    pub people: String,
    /// All calendar files, by year.
    pub calendar: String,
}
