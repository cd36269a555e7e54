//! The only SQL: what came in, what was decided, what was posted, what was mailed, on SQLite or PostgreSQL with one text.
//! A `Db` gives a `Tx`; every read and write is a method of `Tx`, one file per aggregate; nothing is kept without
//! `Tx::commit`. Deliberately absent: rules, the archive of files, sending, any clock, locks held across slow work.
//!
//! Instants are kept to the millisecond: what is read back is cut to it.

mod engine;
mod error;
mod connect;
mod guards;
mod lock;
mod row;

mod meta;
mod files;
mod sales;
mod sale_versions;
mod sales_told;
mod cards;
mod crm;
mod crm_read;
mod crm_history;
mod deals;
mod calls;
mod snapshot_diff;
mod trainings;
mod decisions;
mod acknowledgements;
mod ledger;
mod ledger_read;
mod ledger_scan;
mod periods;
mod disputes;
mod handed;
mod runs;
mod holds;
mod outbox;
mod outbox_read;
mod bounces;
mod schedule;
mod alerts;
mod figures;

pub use acknowledgements::AcknowledgementRecord;
pub use alerts::AlertedItem;
pub use crm::SnapshotReport;
pub use decisions::{DecisionEvent, Undo};
pub use engine::{Db, Tx};
pub use error::{Result, StoreError};
pub use handed::PreparedClose;
pub use holds::DroppedHold;
pub use ledger_read::LedgerFilter;
pub use ledger_scan::LedgerScan;
pub use lock::{InstanceLock, instance_lock};
pub use periods::StatementRecord;
pub use row::new_id;
pub use sales_told::LiveSale;
pub use schedule::{Claim, DueRun};
