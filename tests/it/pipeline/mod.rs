//! Stories: files in, ledger and mails out.

mod crm_feed;
mod files;
mod missing;
mod schedule;
mod winery;
