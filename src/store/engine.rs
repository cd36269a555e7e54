//! The two engines behind one front: a closed enum and one macro, so that each statement is written once and compiled
//! for both drivers. Deliberately absent: `sqlx::Any` (fewer types, fails at run time) and traits over engines.

use sqlx::{PgPool, Postgres, Sqlite, SqlitePool, Transaction};

use super::error::Result;

/// A database: a small pool of connections. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Db {
    /// One file on this machine; one writer.
    Sqlite(SqlitePool),
    /// A server; needed for two replicas.
    Postgres(PgPool),
}

/// A unit of work. Dropped without [`Tx::commit`], it leaves no trace.
///
/// On SQLite it holds the write lock from its first moment (reads too), and there is one connection: keep it short, do no
/// network, parsing or rendering inside, and never begin a second one while holding the first.
#[derive(Debug)]
pub enum Tx {
    /// On SQLite.
    Sqlite(Transaction<'static, Sqlite>),
    /// On PostgreSQL.
    Postgres(Transaction<'static, Postgres>),
}

/// Runs one query on whichever engine the transaction belongs to. The body is compiled once per engine, so a type that
/// either driver cannot bind or decode is a compile error. `execute` ends with `.map(|done| done.rows_affected())`.
macro_rules! on_engine {
    ($tx:expr, $conn:ident => $body:expr) => {
        match $tx {
            $crate::store::Tx::Sqlite(tx) => {
                let $conn = &mut **tx;
                $body
            }
            $crate::store::Tx::Postgres(tx) => {
                let $conn = &mut **tx;
                $body
            }
        }
    };
}
pub(super) use on_engine;

/// Rows a statement may carry when each row binds so many variables (SQLite takes 32 766).
pub(super) const fn rows_per_statement(variables: usize) -> usize {
    let rows = 32_766 / variables;
    // Longer texts cost more to parse than further round trips.
    if rows > 2_000 { 2_000 } else { rows }
}

impl Db {
    /// Starts a unit of work: `BEGIN IMMEDIATE` on SQLite, READ COMMITTED on PostgreSQL.
    pub async fn begin(&self) -> Result<Tx> {
        Ok(match self {
            // A deferred transaction that reads and then writes fails at once when another wrote in between.
            Self::Sqlite(pool) => Tx::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// `SQLite` or `PostgreSQL`, for people.
    pub const fn engine(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }
}

impl Tx {
    /// Makes everything since [`Db::begin`] durable, or nothing of it.
    pub async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}
