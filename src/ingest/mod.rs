//! Edge in: files and CRM tables become facts, or are refused in words. `read` gives cells, `interpret` gives facts,
//! `sandbox` does both in a child process under limits, `spool` says which files are ready. Deliberately absent: the
//! store, the configuration, and what becomes of a finding (the gate decides).

pub mod raw;
pub mod read;
pub mod container;
pub mod zip_guard;
pub mod workbook;
pub mod delimited;

pub mod place;
pub mod value;
pub mod amount;
pub mod date;
pub mod currency;
pub mod layout;
pub mod header;

pub mod crm;
