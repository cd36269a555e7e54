//! CRM sources become snapshots. A source is anything that can answer with a whole snapshot: a folder of tables today;
//! a REST or SQL source is one more implementation and changes nothing elsewhere.
//! Deliberately absent: the store, and whether a snapshot is plausible (the gate compares it with the one before).

mod cell;
mod layout;
mod remarks;
mod rows;

pub mod folder;
pub mod table;

use std::{future::Future, pin::Pin};

use chrono::{DateTime, Utc};

pub(super) use cell::instant;
pub use folder::{TableFolder, assemble, together};

use crate::domain::{crm::CrmSnapshot, finding::Finding};

/// A snapshot with what was noticed while reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// The snapshot.
    pub snapshot: CrmSnapshot,
    /// Notes and warnings; nothing that holds.
    pub findings: Vec<Finding>,
}

/// Anything that answers with all records of one CRM.
pub trait CrmSource: Send + Sync {
    /// The whole content as of the instant, or the findings that say why there is none: half a snapshot is no snapshot
    /// (what is missing in it would look like a salesperson's omission).
    fn fetch(&self, as_of: DateTime<Utc>) -> Pin<Box<dyn Future<Output = Result<Fetched, Vec<Finding>>> + Send + '_>>;
}
