//! Signatures into the register: a file or one person by hand, all in one transaction, nothing while a row is refused.
//! Deliberately absent: what rows mean (`domain::regulation::signing`), files in watched folders: those have no author.

use std::path::Path;

use chrono::NaiveDate;

use super::App;
use crate::{
    domain::{
        acknowledgement::Acknowledgement,
        finding::SourceRef,
        regulation::{
            binding,
            signing::{Against, Plan, SignedRow, Written, plan},
        },
        text::Text,
    },
    error::{Error, Result},
    ingest::{ParseRequest, Want, sandbox},
    store::{AcknowledgementRecord, Tx, new_id},
};

/// Takes a table of signatures in. `version` is that of rows that name none.
///
/// # Errors
/// When the file is no such table, or the database fails; what is wrong with rows is in the plan.
pub async fn import(app: &App, file: &Path, version: Option<&str>, author: &str, dry_run: bool) -> Result<Plan> {
    let name = file.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let request = ParseRequest { file_name: name, want: Want::Signatures, ..ParseRequest::default() };
    let parsed = sandbox::parse_or_finding(&app.parser, file, &request, app.config.accounting.max_file_mib).await;
    let Some(rows) = parsed.signatures else {
        return Err(Error::input(parsed.findings.first().map_or_else(Text::default, |f| f.message.clone())));
    };
    take(app, &rows, version, author, dry_run).await
}

/// Records the signature of one person.
///
/// # Errors
/// When the database fails; what is wrong is in the plan.
pub async fn record(app: &App, who: &str, version: &str, on: NaiveDate, author: &str) -> Result<Plan> {
    let written = |text: String| Written { text, at: SourceRef::default() };
    let row = SignedRow {
        employee: written(who.to_owned()),
        version: written(version.to_owned()),
        day: written(on.to_string()),
        on: Some(on),
    };
    take(app, &[row], None, author, false).await
}

async fn take(app: &App, rows: &[SignedRow], version: Option<&str>, author: &str, dry_run: bool) -> Result<Plan> {
    let now = app.clock.now();
    let config = &app.config;
    let mut tx = app.db.begin().await?;
    let standing = binding::bound(&config.policy, tx.acknowledgements_in_force().await?);
    let against = Against {
        roster: &config.roster,
        policy: &config.policy,
        standing: &standing.holding,
        former: &standing.former,
        version,
        today: now.with_timezone(&config.company.tz).date_naive(),
    };
    let made = plan(rows, against);
    if dry_run || !made.refused.is_empty() {
        return Ok(made);
    }
    let history = if standing.former.is_empty() { Vec::new() } else { tx.acknowledgement_history().await? };
    for (acknowledgement, at) in &made.record {
        let (employee, version) = (&acknowledgement.employee, &acknowledgement.version);
        let same = |a: &Acknowledgement| a.employee == *employee && a.version == *version;
        for old in history.iter().filter(|old| old.undone.is_none() && same(&old.acknowledgement)) {
            tx.undo_acknowledgement(&old.id, author, now, "редакция изменена, подписан новый текст").await?;
        }
        add(&mut tx, acknowledgement, at, author, now).await?;
    }
    tx.commit().await?;
    Ok(made)
}

async fn add(
    tx: &mut Tx,
    acknowledgement: &Acknowledgement,
    at: &SourceRef,
    author: &str,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<()> {
    let record = AcknowledgementRecord {
        id: new_id(now),
        acknowledgement: acknowledgement.clone(),
        recorded_at: now,
        author: author.to_owned(),
        origin: if at.file.is_empty() { String::new() } else { at.describe().ru },
        undone: None,
    };
    if tx.add_acknowledgement(&record).await? {
        return Ok(());
    }
    // Recorded by another program since the register was read; the transaction is dropped with everything in it.
    let (id, version) = (&acknowledgement.employee.0, &acknowledgement.version);
    Err(Error::input(Text::new(
        format!("ознакомление {id} с редакцией «{version}» только что записал кто-то другой; повторите"),
        format!("somebody else has just recorded the acknowledgement of version “{version}” by {id}; try again"),
    )))
}
