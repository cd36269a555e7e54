//! A fresh database per test and engine. Deliberately absent: sharing one between tests.

use std::{ops::Deref, time::Duration};

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use sverka::store::Db;
use tempfile::TempDir;
use tokio::task::JoinError;

const DEFAULT_SERVER: &str = "postgres://postgres@127.0.0.1:5432/test";

/// A migrated database that vanishes with this value.
pub struct FreshDb {
    /// The open database.
    pub db: Db,
    /// Its address, to open it again.
    pub url: String,
    _dir: Option<TempDir>,
    schema: Option<(String, String)>,
}

impl Deref for FreshDb {
    type Target = Db;
    fn deref(&self) -> &Db {
        &self.db
    }
}

impl Drop for FreshDb {
    fn drop(&mut self) {
        if let Some((server, schema)) = self.schema.take() {
            // A thread with a runtime of its own: this may run while a test unwinds.
            let done = std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
                runtime.block_on(drop_schema(&server, &schema))
            });
            if let Ok(Err(error)) = done.join() {
                eprintln!("a schema of a test stays behind: {error}");
            }
        }
    }
}

async fn drop_schema(server: &str, schema: &str) -> sqlx::Result<()> {
    let mut admin = PgConnection::connect(server).await?;
    // A test that failed may have left a transaction open.
    sqlx::query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1")
        .bind(schema)
        .execute(&mut admin)
        .await?;
    sqlx::query(AssertSqlSafe(format!("DROP SCHEMA {schema} CASCADE"))).execute(&mut admin).await?;
    admin.close().await
}

/// A fresh SQLite file.
pub async fn sqlite() -> FreshDb {
    let dir = tempfile::tempdir().expect("temporary folder");
    let url = format!("sqlite:{}", dir.path().join("sverka.db").display());
    let db = Db::connect(&url).await.expect("SQLite opens");
    db.migrate().await.expect("SQLite migrates");
    FreshDb { db, url, _dir: Some(dir), schema: None }
}

/// A fresh PostgreSQL schema; `None` without a server, unless one was named or this is CI: then the test fails.
pub async fn postgres() -> Option<FreshDb> {
    let named = std::env::var("SVERKA_TEST_PG_URL").ok();
    let must = named.is_some() || std::env::var("CI").is_ok_and(|ci| ci == "true");
    let server = named.unwrap_or_else(|| DEFAULT_SERVER.to_owned());
    let mut admin = match tokio::time::timeout(Duration::from_secs(5), PgConnection::connect(&server)).await {
        Ok(Ok(admin)) => admin,
        failed => {
            assert!(!must, "no PostgreSQL for the tests: {:?}", failed.map(|r| r.map(drop)));
            eprintln!("skipped on PostgreSQL: no server; set SVERKA_TEST_PG_URL");
            return None;
        }
    };
    let schema = format!("sverka_{}", uuid::Uuid::new_v4().simple());
    sqlx::query(AssertSqlSafe(format!("CREATE SCHEMA {schema}"))).execute(&mut admin).await.expect("schema");
    admin.close().await.expect("close");
    let joint = if server.contains('?') { '&' } else { '?' };
    let url = format!(
        "{server}{joint}options=-c%20search_path%3D{schema}%20-c%20synchronous_commit%3Doff&application_name={schema}"
    );
    let db = Db::connect(&url).await.expect("PostgreSQL opens");
    db.migrate().await.expect("PostgreSQL migrates");
    Some(FreshDb { db, url, _dir: None, schema: Some((server, schema)) })
}

/// A fresh database of each engine there is, with its name.
pub async fn engines() -> Vec<(&'static str, FreshDb)> {
    let mut all = vec![("sqlite", sqlite().await)];
    all.extend(postgres().await.map(|fresh| ("postgres", fresh)));
    all
}

/// Passes on the failure of a spawned test.
pub fn finished(result: Result<(), JoinError>) {
    if let Err(error) = result {
        std::panic::resume_unwind(error.into_panic());
    }
}

/// Runs a statement past the store; the number of rows, or the engine's words.
pub async fn raw(db: &Db, sql: &str) -> Result<u64, String> {
    let sql = AssertSqlSafe(sql.to_owned());
    match db {
        Db::Sqlite(pool) => sqlx::query(sql).execute(pool).await.map(|done| done.rows_affected()),
        Db::Postgres(pool) => sqlx::query(sql).execute(pool).await.map(|done| done.rows_affected()),
    }
    .map_err(|error| error.to_string())
}
