//! What can go wrong with the store, in words for people. Deliberately absent: bad rows of files (findings) and the
//! address of the database with its password.

use std::path::PathBuf;

use sqlx::migrate::MigrateError;

use crate::domain::{period::Period, text::Text};

/// Result of the store.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// Why the store refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The address is neither `sqlite:FILE` nor `postgres://…`.
    #[error("the database address must be sqlite:FILE or postgres://…: {0}")]
    Url(String),
    /// The database cannot be opened.
    #[error("the database {address} cannot be opened: {source}")]
    Open {
        /// File, or host and name; never the password.
        address: String,
        /// The engine's words.
        source: sqlx::Error,
    },
    /// Somebody else holds the database for longer than the program waits.
    #[error("the database is busy")]
    Busy(#[source] sqlx::Error),
    /// Another process already serves this database.
    #[error("another sverka{} already works on {}", .pid.map(|pid| format!(" (process {pid})")).unwrap_or_default(), .path.display())]
    Locked {
        /// The database file.
        path: PathBuf,
        /// Its process, if it wrote its number down.
        pid: Option<u32>,
    },
    /// The lock file cannot be made.
    #[error("the lock file {} cannot be used: {source}", .path.display())]
    LockFile {
        /// The lock file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A newer program migrated this database.
    #[error("the database knows migration {0}, this program does not: it is older than the database")]
    Newer(i64),
    /// A migration failed; nothing of it is kept.
    #[error("the database could not be brought up to date: {0}")]
    Migrate(#[source] MigrateError),
    /// A value in the database is not what this program writes.
    #[error("{table}.{column} of {id} holds something this program never writes")]
    Corrupt {
        /// Table.
        table: &'static str,
        /// Column.
        column: &'static str,
        /// Key of the row.
        id: String,
    },
    /// Such a row exists already.
    #[error("exists already: {0}")]
    Duplicate(#[source] sqlx::Error),
    /// Others posted since the head was read; nothing was posted. Read again and recompute.
    #[error("the ledger moved while this run was computed")]
    LedgerMoved,
    /// The pay period is closed and takes no entries.
    #[error("the period {0} is closed")]
    PeriodClosed(Period),
    /// Another replica took the due run over; this one must write nothing.
    #[error("the lease on the due run was lost")]
    LeaseLost,
    /// A short id that several rows begin with.
    #[error("{0} is the beginning of several ids")]
    Ambiguous(String),
    /// Any other word of the engine: disk full, read-only, connection lost.
    #[error("the database failed: {0}")]
    Engine(#[source] sqlx::Error),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::PoolTimedOut => Self::Busy(error),
            sqlx::Error::Database(words) if words.is_unique_violation() => Self::Duplicate(error),
            sqlx::Error::Database(words) if words.code().is_some_and(|code| is_busy(&code)) => Self::Busy(error),
            _ => Self::Engine(error),
        }
    }
}

/// SQLite's BUSY and LOCKED with their extended codes; PostgreSQL's lock timeout, deadlock and serialisation failure.
fn is_busy(code: &str) -> bool {
    matches!(code, "5" | "6" | "261" | "262" | "517" | "773" | "55P03" | "40P01" | "40001")
}

impl From<MigrateError> for StoreError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::VersionMissing(version) => Self::Newer(version),
            other => Self::Migrate(other),
        }
    }
}

impl StoreError {
    /// Whether the same unit of work, done again from its beginning, may succeed.
    pub const fn is_transient(&self) -> bool {
        matches!(self, Self::Busy(_) | Self::LedgerMoved)
    }

    /// What happened and what to do, for people.
    pub fn text(&self) -> Text {
        match self {
            Self::Url(given) => Text::new(
                format!("адрес базы должен быть вида sqlite:ФАЙЛ или postgres://…: {given}"),
                format!("the database address must look like sqlite:FILE or postgres://…: {given}"),
            ),
            Self::Open { address, source } => Text::new(
                format!("база {address} не открывается: {source}"),
                format!("the database {address} cannot be opened: {source}"),
            ),
            Self::Busy(_) => Text::new(
                "база занята другой программой дольше десяти секунд; ничего не записано, повторите",
                "the database was busy for over ten seconds; nothing was written, try again",
            ),
            Self::Locked { path, pid } => {
                let (ru, en) =
                    pid.map_or_else(Default::default, |pid| (format!(" (процесс {pid})"), format!(" (process {pid})")));
                Text::new(
                    format!("с базой {} уже работает другая sverka{ru}; остановите её", path.display()),
                    format!("another sverka{en} already works on {}; stop it first", path.display()),
                )
            }
            Self::LockFile { path, source } => Text::new(
                format!("файл блокировки {} недоступен: {source}", path.display()),
                format!("the lock file {} cannot be used: {source}", path.display()),
            ),
            Self::Newer(version) => Text::new(
                format!("база новее программы (в ней миграция {version}); поставьте программу той же версии или новее"),
                format!("the database is newer than this program (migration {version}); install that version or later"),
            ),
            Self::Corrupt { table, column, id } => Text::new(
                format!("в базе испорчено значение {table}.{column}, строка {id}; восстановите базу из копии"),
                format!("the database holds a broken value in {table}.{column}, row {id}; restore it from a backup"),
            ),
            Self::LedgerMoved => Text::new(
                "пока шёл расчёт, в журнал записал другой запуск; этот не записал ничего, повторите",
                "another run posted while this one was computed; this one posted nothing, run it again",
            ),
            Self::PeriodClosed(period) => Text::new(
                format!("период {period} закрыт, записи в него больше не принимаются"),
                format!("the period {period} is closed and takes no more entries"),
            ),
            Self::LeaseLost => Text::new(
                "запуск перешёл к другому серверу; этот не записал ничего",
                "another server took this run over; this one wrote nothing",
            ),
            Self::Ambiguous(prefix) => Text::new(
                format!("с «{prefix}» начинается несколько номеров; наберите больше знаков"),
                format!("several ids begin with “{prefix}”; type more of it"),
            ),
            Self::Migrate(_) | Self::Duplicate(_) | Self::Engine(_) => {
                Text::new(format!("база ответила отказом: {self}"), format!("the database refused: {self}"))
            }
        }
    }
}
