//! Stories: files in, ledger and mails out.

mod crm_feed;
mod files;
mod holds;
mod law;
mod missing;
mod readers;
mod replicas;
mod retold;
mod schedule;
mod winery;
