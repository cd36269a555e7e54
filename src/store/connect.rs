//! Opening, migrating, checking and closing a database. Deliberately absent: reading the address from anywhere and
//! creating folders.

use std::{
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use sqlx::{
    Connection, PgConnection,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{
    engine::Db,
    error::{Result, StoreError},
    guards,
};

static MIGRATOR: Migrator = sqlx::migrate!("./migrations");

/// How long to wait for another writer before giving up.
const PATIENCE: Duration = Duration::from_secs(10);
/// Between two tries of opening a file that another program is turning.
const STEP: Duration = Duration::from_millis(50);

impl Db {
    /// Opens `sqlite:FILE` (created if absent: WAL, `synchronous=FULL`, foreign keys) or `postgres://…`. The schema is
    /// brought up to date by [`Db::migrate`].
    pub async fn connect(url: &str) -> Result<Self> {
        if url.starts_with("sqlite:") {
            let file = sqlite_file(url).ok_or_else(|| StoreError::Url(url.to_owned()))?;
            open_sqlite(&file).await
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            open_postgres(url).await
        } else {
            // What is before the colon is no secret; what follows may be.
            Err(StoreError::Url(url.split(':').next().unwrap_or_default().to_owned()))
        }
    }

    /// The file behind `sqlite:FILE`, for [`super::instance_lock`]; `None` for other addresses and for memory.
    pub fn sqlite_path(url: &str) -> Option<PathBuf> {
        sqlite_file(url)
    }

    /// Brings the schema up to date and installs the guards. [`StoreError::Newer`] when a newer program was here.
    pub async fn migrate(&self) -> Result<()> {
        // `run_direct` is what sqlx offers where futures have to be `Send`.
        match self {
            Self::Sqlite(pool) => {
                // The migrator has no lock of its own there: programs that start together wait for this one.
                let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
                MIGRATOR.run_direct(None, &mut *tx, false).await?;
                tx.commit().await?;
            }
            Self::Postgres(pool) => {
                let mut connection = pool.acquire().await?;
                let done = MIGRATOR.run_direct(None, &mut *connection, false).await;
                if let Err(error) = done {
                    // A refusal leaves the migrator's lock on this connection; it ends with it.
                    connection.close().await?;
                    return Err(error.into());
                }
            }
        }
        guards::install(self).await
    }

    /// Whether the database answers and its schema is there.
    pub async fn health(&self) -> Result<()> {
        const QUESTION: &str = "SELECT seq FROM ledger_head WHERE id = 1";
        let _: i64 = match self {
            Self::Sqlite(pool) => sqlx::query_scalar(QUESTION).fetch_one(pool).await?,
            Self::Postgres(pool) => sqlx::query_scalar(QUESTION).fetch_one(pool).await?,
        };
        Ok(())
    }

    /// Waits for the units of work that are under way and closes.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

fn sqlite_file(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    // A database in memory would lose the ledger with the first idle connection; options belong to the program.
    (!rest.is_empty() && !rest.contains(":memory:") && !rest.contains('?')).then(|| PathBuf::from(rest))
}

async fn open_sqlite(file: &Path) -> Result<Db> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(PATIENCE)
        .foreign_keys(true);
    // Every unit of work is a writer, so a second connection would only poll for the lock; the pool queues fairly.
    let mut waited = Duration::ZERO;
    loop {
        let pool = SqlitePoolOptions::new().max_connections(1).acquire_timeout(PATIENCE);
        match pool.connect_with(options.clone()).await {
            Ok(pool) => return Ok(Db::Sqlite(pool)),
            // Two programs that turn one new file to WAL: SQLite refuses the second at once, whatever its busy timeout.
            Err(source) if is_busy(&source) && waited < PATIENCE => {
                tokio::time::sleep(STEP).await;
                waited += STEP;
            }
            Err(source) => return Err(StoreError::Open { address: file.display().to_string(), source }),
        }
    }
}

/// SQLITE_BUSY, plain or extended.
fn is_busy(error: &sqlx::Error) -> bool {
    let code =
        error.as_database_error().and_then(sqlx::error::DatabaseError::code).and_then(|code| code.parse::<u32>().ok());
    code.is_some_and(|code| code & 0xff == 5)
}

async fn open_postgres(url: &str) -> Result<Db> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|source| StoreError::Open { address: "postgres://…".to_owned(), source })?;
    let address = format!(
        "postgres://{}:{}/{}",
        options.get_host(),
        options.get_port(),
        options.get_database().unwrap_or_default()
    );
    let options = options.options([
        ("statement_timeout", "60s"),
        ("lock_timeout", "10s"),
        ("idle_in_transaction_session_timeout", "300s"),
    ]);
    // The pool would repeat a refused connection until its time is up, and then name no cause.
    let first = PgConnection::connect_with(&options);
    let first = match tokio::time::timeout(PATIENCE, first).await {
        Ok(first) => first,
        Err(_) => Err(sqlx::Error::PoolTimedOut),
    };
    match first {
        Ok(connection) => connection.close().await?,
        Err(source) => return Err(StoreError::Open { address, source }),
    }
    Ok(Db::Postgres(PgPoolOptions::new().max_connections(8).acquire_timeout(PATIENCE).connect_lazy_with(options)))
}
