//! What every engine has to do: each test runs on SQLite (a file of its own) and on PostgreSQL (a schema of its own).
//! Deliberately absent: databases in memory. `engines`, `sqlite` and `postgres` serve other modules too.

#[expect(clippy::print_stderr, reason = "says why half of the engines were left out")]
mod engines;
pub mod posting;
pub mod samples;

mod acknowledgements;
mod alerts_meta;
mod bounces;
mod connect;
mod crm;
mod crm_laws;
mod decisions;
mod disputes;
mod figures;
mod files;
mod guards;
mod handed;
mod ledger;
mod outbox;
mod periods;
mod runs_holds;
mod resumption;
mod rule_facts;
mod sale_versions;
mod sales;
mod tampering;
mod tampering_edits;
mod schedule;
mod told;
mod trainings;

/// Runs each `async fn name(db: Db)` once per engine, in a spawned task (so every future is known to be `Send`).
macro_rules! each_engine {
    ($($name:ident),+ $(,)?) => { $(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let fresh = $crate::store::sqlite().await;
                $crate::store::finished(tokio::spawn(super::$name(fresh.db.clone())).await);
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(fresh) = $crate::store::postgres().await {
                    $crate::store::finished(tokio::spawn(super::$name(fresh.db.clone())).await);
                }
            }
        }
    )+ };
}
pub(crate) use each_engine;
pub use engines::{FreshDb, engines, finished, postgres, raw, sqlite};
