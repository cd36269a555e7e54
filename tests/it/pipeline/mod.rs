//! Stories: files in, ledger and mails out.

mod changes;
mod crm_feed;
mod decided;
mod disputed;
mod files;
mod further;
mod holds;
mod law;
mod missing;
mod overlaps;
mod readers;
mod replicas;
mod retold;
mod schedule;
mod turnovers;
mod winery;
