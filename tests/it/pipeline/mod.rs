//! Stories: files in, ledger and mails out.

mod bounced;
mod changes;
mod contested;
mod crm_feed;
mod decided;
mod disputed;
mod escalated;
mod files;
mod four_eyes;
mod further;
mod holds;
mod law;
mod missing;
mod overlaps;
mod own_templates;
mod personal;
mod previewed;
mod readers;
mod replicas;
mod replies;
mod retold;
mod schedule;
mod signed_text;
mod turnovers;
mod weekly;
mod winery;
