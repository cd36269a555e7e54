//! The operator's weekly mail: made when a weekly audit is settled, however it was, once for its day. Deliberately absent:
//! judging the figures (`domain::report::weekly`).

use std::{collections::BTreeMap, fs, path::Path};

use chrono::{DateTime, TimeDelta, Utc};

use super::{App, context, notice, rule_intake};
use crate::{
    deliver,
    domain::{
        mail::{FrozenMail, MailState},
        report::{
            WeeklyReport,
            weekly::{DueLine, WeekInput},
        },
        run::Job,
        text::Text,
    },
    error::Result,
    store::Tx,
};

/// How far it looks back.
const WEEK: TimeDelta = TimeDelta::days(7);

/// Deepest folder of the archive that is looked into.
const DEPTH: usize = 4;

/// The mails about the week that ends with an occurrence of the audit.
pub async fn mails(app: &App, tx: &mut Tx, until: DateTime<Utc>) -> Result<Vec<FrozenMail>> {
    let now = app.clock.now();
    let report = report(app, tx, until).await?;
    let sender = context::sender(app);
    let mut mails = Vec::new();
    for to in notice::operators(app, now) {
        mails.push(deliver::weekly_mail(&report, &to, &sender, now)?);
    }
    Ok(mails)
}

/// The figures of the week that ends with the instant.
pub async fn report(app: &App, tx: &mut Tx, until: DateTime<Utc>) -> Result<WeeklyReport> {
    let now = app.clock.now();
    let from = until - WEEK;
    let due = tx.due_between(from, until).await?;
    let due = due.into_iter().filter_map(|d| Some(DueLine { job: Job::parse(&d.schedule)?, outcome: d.outcome }));
    let mails = tx.mails_between(from, now).await?;
    let count = |state: MailState| mails.get(state.code()).copied().unwrap_or_default();
    let bounces = tx.bounces().await?.into_iter().filter(|b| b.at > from).collect();
    let input = WeekInput {
        due: due.collect(),
        holds: tx.holds(true).await?,
        bounces,
        suspended: tx.suspended_addresses().await?,
        sent: count(MailState::Sent),
        dead: count(MailState::Dead),
        waiting: tx.oldest_pending().await?,
        sources: sources(app, &last_data(tx).await?),
        database_bytes: Some(tx.database_bytes().await?),
        archive_bytes: bytes_below(&app.config.store.archive, DEPTH),
    };
    Ok(WeeklyReport::build(&input, from, until, &context::report_context(app, None, now, now)))
}

/// When each source last gave data. A CRM whose export has not changed gives no new file, but its data is as fresh as its
/// newest snapshot.
async fn last_data(tx: &mut Tx) -> Result<BTreeMap<String, DateTime<Utc>>> {
    let mut last = tx.last_accepted().await?;
    for snapshot in tx.latest_snapshots().await? {
        let at = last.entry(snapshot.source).or_insert(snapshot.as_of);
        *at = (*at).max(snapshot.as_of);
    }
    Ok(last)
}

/// The sources of the configuration with the time of their last data.
fn sources(app: &App, last: &BTreeMap<String, DateTime<Utc>>) -> Vec<(Text, Option<DateTime<Utc>>)> {
    let config = &app.config;
    let mut all = vec![(Text::new("учётная система", "accounting"), super::intake::ACCOUNTING.to_owned())];
    all.extend(config.crm.iter().map(|crm| (Text::same(format!("CRM «{}»", crm.name)), crm.name.clone())));
    if !config.calls.folders.is_empty() {
        all.push((Text::new("звонки", "calls"), rule_intake::CALLS.to_owned()));
    }
    if !config.plans.folders.is_empty() {
        all.push((Text::new("планы продаж", "sales plans"), rule_intake::PLANS.to_owned()));
    }
    all.into_iter().map(|(name, source)| (name, last.get(&source).copied())).collect()
}

/// Bytes of the files below a folder; what cannot be looked at counts nothing.
fn bytes_below(folder: &Path, depth: usize) -> u64 {
    let mut sum = 0_u64;
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let Ok(meta) = entry.metadata() else { continue };
        if meta.is_dir() && depth > 0 {
            sum += bytes_below(&entry.path(), depth - 1);
        } else if meta.is_file() {
            sum += meta.len();
        }
    }
    sum
}
