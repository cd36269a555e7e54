//! CRM tables become records.

pub mod table;
