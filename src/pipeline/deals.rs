//! A head's word on deals and votes of the jury, one by one or from a filled table. Deliberately absent: who may speak and what
//! counts (`domain::deals`, `domain::ballot`).

use std::path::Path;

use super::{App, View, rule_intake::rows};
use crate::{
    domain::{
        ballot::{self, Counted},
        deals::{self, Deal, Judged, Word},
        finding::Finding,
        rule_facts::DealDecision,
        text::Text,
    },
    error::{Error, Result},
    ingest::{Want, rule_rows::RuleRows},
    store::{Tx, new_id},
};

/// The queue as of now.
///
/// # Errors
/// When the database fails.
pub async fn queue(app: &App) -> Result<(View, Vec<Deal>)> {
    let view = super::view(app, app.clock.now()).await?;
    let deals = deals::queue(&view.loaded.facts, &view.outcome);
    Ok((view, deals))
}

/// Records one word; the answer is the deal as it was.
///
/// # Errors
/// When there is no such deal, or the author may not speak about it.
pub async fn say(app: &App, named: &str, author: &str, returned: Option<String>) -> Result<Deal> {
    let (view, deals) = queue(app).await?;
    let deal = deals::find(&deals, named).map_err(Error::input)?;
    let word = deals::word(&view.loaded.facts, deal, author, today(app), returned).map_err(Error::input)?;
    let mut tx = app.db.begin().await?;
    record(app, &mut tx, &word).await?;
    tx.commit().await?;
    Ok(deal.clone())
}

/// Takes a filled workbook of deals in.
///
/// # Errors
/// When the file is no such workbook, or the database fails.
pub async fn import(app: &App, file: &Path, author: &str, dry_run: bool) -> Result<Judged> {
    let parsed = rows(app, file, &name(file), Want::Deals).await;
    let Some(RuleRows::Deals(filled)) = parsed.rule_rows else { return Err(refused(&parsed.findings)) };
    let view = super::view(app, app.clock.now()).await?;
    let judged = deals::judge(&filled, &view.loaded.facts, &view.outcome, author, today(app));
    if !dry_run {
        let mut tx = app.db.begin().await?;
        for (_, word) in &judged.apply {
            record(app, &mut tx, word).await?;
        }
        tx.commit().await?;
    }
    Ok(judged)
}

/// Takes a table of votes in.
///
/// # Errors
/// When the file is no such table, or the database fails.
pub async fn import_votes(app: &App, file: &Path, author: &str, dry_run: bool) -> Result<Counted> {
    let parsed = rows(app, file, &name(file), Want::Votes).await;
    let Some(RuleRows::Votes(filled)) = parsed.rule_rows else { return Err(refused(&parsed.findings)) };
    let view = super::view(app, app.clock.now()).await?;
    let counted = ballot::judge(&filled, &view.loaded.facts);
    if !dry_run {
        let now = app.clock.now();
        let mut tx = app.db.begin().await?;
        for (_, vote) in &counted.apply {
            tx.add_vote(&new_id(now), vote, author, now).await?;
        }
        tx.commit().await?;
    }
    Ok(counted)
}

async fn record(app: &App, tx: &mut Tx, word: &Word) -> Result<()> {
    let now = app.clock.now();
    let Word { sale, amount, author, returned } = word.clone();
    tx.add_deal_decision(&DealDecision { id: new_id(now), at: now, author, sale, amount, returned }).await?;
    Ok(())
}

fn today(app: &App) -> chrono::NaiveDate {
    app.clock.now().with_timezone(&app.config.company.tz).date_naive()
}

fn name(file: &Path) -> String {
    file.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned())
}

fn refused(findings: &[Finding]) -> Error {
    Error::input(findings.first().map_or_else(Text::default, |finding| finding.message.clone()))
}
