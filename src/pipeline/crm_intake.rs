//! Takes a CRM folder in: the newest file of each kind together make one snapshot, accepted with the files' records in
//! one transaction. A snapshot that is empty or shrank waits for a person: a feed that broke off must not look like
//! salespeople who entered nothing. Deliberately absent: other kinds of CRM sources (one `CrmSource` each).

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{App, intake};
use crate::{
    config,
    domain::{
        crm::{CrmKind, CrmSnapshot},
        finding::{Finding, Severity},
        inbox::{FileRecord, FileState, TableKind},
        text::Text,
    },
    error::{Error, Result},
    ingest::{
        self, Ready,
        crm::{
            self,
            table::{CrmTable, CrmTableSettings},
        },
    },
};

/// A parsed file of the folder.
struct Part {
    ready: Ready,
    record: FileRecord,
    table: CrmTable,
}

/// Looks at the stable files of one source. `insist` holds the hash of a file that a person released.
pub async fn source(
    app: &App,
    source: &config::CrmSource,
    stable: &[Ready],
    now: DateTime<Utc>,
    insist: Option<&str>,
) -> Result<Vec<FileRecord>> {
    let mut files: Vec<&Ready> = stable.iter().collect();
    files.sort_by(|a, b| (a.modified, &a.name).cmp(&(b.modified, &b.name)));
    let mut news = false;
    for file in &files {
        news |= insist == Some(file.hash.as_str()) || is_news(app, file, now).await?;
    }
    if !news {
        return Ok(Vec::new());
    }

    let mut done = Vec::new();
    let mut newest: BTreeMap<TableKind, Part> = BTreeMap::new();
    for ready in files {
        if insist != Some(ready.hash.as_str()) && is_set_aside(app, &ready.hash).await? {
            continue;
        }
        let copy = ingest::archive(ready, &app.config.store.archive).map_err(|e| Error::bug("archive a file", e))?;
        let settings = CrmTableSettings {
            source: source.name.clone(),
            preset: source.preset.code().to_owned(),
            tz: source.tz,
        };
        let mut parsed = super::parse(app, &copy, &ready.name, ingest::Want::Crm, Some(settings)).await;
        let mut record = intake::record_of(ready, &source.name, now, &parsed);
        match parsed.crm.take() {
            Some(table) if !record.findings.iter().any(Finding::holds) || insist == Some(ready.hash.as_str()) => {
                newest.insert(table.kind, Part { ready: ready.clone(), record, table });
            }
            _ => {
                let mut tx = app.db.begin().await?;
                intake::set_aside(app, &mut tx, &mut record, now).await?;
                tx.commit().await?;
                done.push(record);
            }
        }
    }
    if let Some(records) = accept(app, source, newest, now, insist.is_some()).await? {
        done.extend(records);
    }
    Ok(done)
}

/// Whether the content is new, or the same content was exported again later (which confirms it at the later instant).
async fn is_news(app: &App, ready: &Ready, now: DateTime<Utc>) -> Result<bool> {
    let mut tx = app.db.begin().await?;
    let file = tx.file(&ready.hash).await?;
    tx.commit().await?;
    Ok(file.is_none_or(|f| f.state == FileState::Accepted && f.as_of < ready.modified.min(now)))
}

async fn is_set_aside(app: &App, hash: &str) -> Result<bool> {
    let mut tx = app.db.begin().await?;
    let file = tx.file(hash).await?;
    tx.commit().await?;
    Ok(file.is_some_and(|f| f.state != FileState::Accepted))
}

async fn accept(
    app: &App,
    source: &config::CrmSource,
    newest: BTreeMap<TableKind, Part>,
    now: DateTime<Utc>,
    insist: bool,
) -> Result<Option<Vec<FileRecord>>> {
    // The data are as old as the older of the tables that verdicts rest on; deals and activities do not decide verdicts.
    let judged = |kind: &TableKind| matches!(kind, TableKind::CrmCompanies | TableKind::CrmContacts);
    let Some(as_of) = newest.iter().filter(|(k, _)| judged(k)).map(|(_, p)| p.ready.modified.min(now)).min() else {
        return Ok(None);
    };
    let (mut records, mut tables) = (Vec::new(), Vec::new());
    for part in newest.into_values() {
        records.push(part.record);
        tables.push(part.table);
    }
    let (snapshot, findings) = crm::assemble(&source.name, as_of, tables);
    let mut tx = app.db.begin().await?;
    let before = tx.latest_snapshots().await?.into_iter().find(|s| s.source == source.name);
    let implausible = (!insist)
        .then(|| implausible(&snapshot, before.map(|s| s.records), app.config.gate.hold.crm_shrink_bp))
        .flatten()
        .or_else(|| findings.iter().find(|f| f.holds() && !insist).cloned());
    if let Some(hold) = implausible {
        if let Some(record) = records.iter_mut().find(|r| r.kind == TableKind::CrmCompanies) {
            record.findings.push(hold);
            intake::set_aside(app, &mut tx, record, now).await?;
        }
        tx.commit().await?;
        return Ok(Some(records));
    }
    let report = tx.accept_snapshot(&snapshot, now).await?;
    let mut taken = Vec::new();
    for mut record in records {
        tx.confirm_file(&record.hash, record.as_of).await?;
        if tx.file(&record.hash).await?.is_none_or(|f| f.state != FileState::Accepted) {
            record.findings.extend(findings.iter().chain(&report.findings).cloned());
            intake::settle(&mut tx, &record, now).await?;
            taken.push(record);
        }
    }
    tx.commit().await?;
    Ok(Some(taken))
}

/// Why a snapshot cannot be believed, against the last accepted one.
fn implausible(snapshot: &CrmSnapshot, before: Option<i64>, most_shrink_bp: u32) -> Option<Finding> {
    let count = snapshot.records.iter().filter(|r| matches!(r.id.kind, CrmKind::Company | CrmKind::Contact)).count() as i64;
    let hold = |code: &str, text: Text| Some(Finding::new(Severity::Hold, code, text));
    if count == 0 {
        return hold(
            "crm_empty",
            Text::new(
                "выгрузка CRM пуста: по ней все клиенты оказались бы незанесёнными; выгрузите компании заново",
                "the CRM export is empty: every client would look missing; export the companies again",
            ),
        );
    }
    let before = before.filter(|b| *b > 0)?;
    let lost_bp = (before - count).max(0) * 10_000 / before;
    (lost_bp > i64::from(most_shrink_bp)).then(|| {
        Finding::new(
            Severity::Hold,
            "crm_shrunk",
            Text::new(
                format!("в выгрузке CRM {count} записей, в прошлой было {before}; проверьте права того, кто выгружает, и фильтр"),
                format!("the CRM export has {count} records, the last one had {before}; check the exporter's rights and filter"),
            ),
        )
    })
}
