//! Edge in: files and CRM tables become facts, or are refused in words. `read` gives cells, `interpret` gives facts,
//! `sandbox` does both in a child process under limits, `spool` says which files are ready. Deliberately absent: the
//! store, the configuration, and what becomes of a finding (the gate decides).

pub mod raw;
mod packed;
pub mod builder;
pub mod read;
pub mod container;
pub mod foreign;
pub mod zip_guard;
pub mod workbook;
pub mod encoding;
mod single_byte;
pub mod xlsx;
pub mod delimited;
pub mod html;
pub mod xml2003;
pub mod dbf;

pub mod place;
pub mod value;
pub mod amount;
pub mod date;
pub mod date_order;
mod date_words;
pub mod currency;
pub mod layout;
mod seller_column;
pub mod seen_column;
pub mod header;
mod header_levels;
mod header_records;
pub mod shape;
pub mod period_words;
pub mod title;
pub mod document;
pub mod totals;

pub mod interpret;
pub mod review;
pub mod signatures;
pub mod rule_rows;
pub mod payroll;
pub mod choose;
mod refusal;
mod unread;
pub mod accounting;
pub mod understanding;
pub mod sink;
mod tally;
pub mod sales;
mod sales_known;
mod sales_notes;
mod sales_doubts;
mod sales_groups;
pub mod sale_row;
pub mod party_cell;
pub mod money_columns;
pub mod document_set;
pub mod counterparties;
pub mod other;

pub mod hash;
pub mod wire;
mod wire_record;
mod wire_sale;
pub mod sandbox;
pub mod spool;
pub mod archive;

pub mod crm;

#[cfg(test)]
mod short_ways;

pub use archive::{archive, archived};
pub use interpret::{ParseRequest, Parsed, Want, interpret};
pub use seen_column::SeenColumn;
pub use spool::{Look, Ready, Spool, SpoolSettings};
