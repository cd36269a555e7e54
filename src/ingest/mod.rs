//! Edge in: files and CRM tables become facts.

pub mod raw;
pub mod crm;
