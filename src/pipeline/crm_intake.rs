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
        run::HoldSubject,
        text::Text,
    },
    error::{Error, Result},
    ingest::{
        self, Ready,
        crm::{
            CrmSource, Fetched, TableFolder,
            table::{CrmTable, CrmTableSettings},
        },
    },
    store::Tx,
};

/// Files of a source that are looked back on.
const MOST_FILES: usize = 10_000;

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
    let mut outdone = Vec::new();
    let mut gaps = insist.is_some();
    for ready in files {
        let released = insist == Some(ready.hash.as_str());
        if !released && is_set_aside(app, &ready.hash).await? {
            gaps = true;
            continue;
        }
        let (mut record, table) = read(app, source, ready, now).await?;
        match table {
            Some(table) if released || !record.findings.iter().any(Finding::holds) => {
                let part = Part { ready: ready.clone(), record, table };
                outdone.extend(newest.insert(part.table.kind, part).map(|older| older.record));
            }
            _ => {
                let mut tx = app.db.begin().await?;
                intake::set_aside(app, &mut tx, &mut record, now).await?;
                tx.commit().await?;
                done.push(record);
                gaps = true;
            }
        }
    }
    if gaps {
        complete(app, source, &mut newest, now).await?;
    }
    if let Some(records) = accept(app, source, newest, outdone, now, insist.is_some()).await? {
        done.extend(records);
    }
    Ok(done)
}

/// Reads the archived copy of a file.
async fn read(
    app: &App,
    source: &config::CrmSource,
    ready: &Ready,
    now: DateTime<Utc>,
) -> Result<(FileRecord, Option<CrmTable>)> {
    let copy = ingest::archive(ready, &app.config.store.archive).map_err(|e| Error::bug("archive a file", e))?;
    let settings = CrmTableSettings {
        source: source.name.clone(),
        preset: source.preset.code().to_owned(),
        tz: source.tz,
        bare: false,
    };
    let mut parsed = super::parse(app, &copy, &ready.name, ingest::Want::Crm, Some(settings)).await;
    let record = intake::record_of(ready, &source.name, now, &parsed);
    Ok((record, parsed.crm.take()))
}

/// Where a table waits for a person, the last accepted one of its kind stands in for it: a set-aside list of contacts must
/// not look like contacts that were deleted.
async fn complete(
    app: &App,
    source: &config::CrmSource,
    newest: &mut BTreeMap<TableKind, Part>,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let mut files = tx.files(Some(&source.name), MOST_FILES).await?;
    tx.commit().await?;
    files.retain(|f| f.state == FileState::Accepted && f.source == source.name);
    files.sort_by_key(|f| std::cmp::Reverse(f.as_of));
    for file in files {
        if newest.is_empty() || newest.contains_key(&file.kind) {
            continue;
        }
        let Some(path) = ingest::archived(&app.config.store.archive, &file.hash) else { continue };
        let size = std::fs::metadata(&path).map(|m| m.len()).unwrap_or_default();
        let ready = Ready { path, name: file.name, size, modified: file.as_of, hash: file.hash };
        let (record, table) = read(app, source, &ready, now).await?;
        if let Some(table) = table {
            newest.insert(table.kind, Part { ready, record, table });
        }
    }
    Ok(())
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
    outdone: Vec<FileRecord>,
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
    let feed: Box<dyn CrmSource> = Box::new(TableFolder { source: source.name.clone(), tables, insist });
    let fetched = feed.fetch(as_of).await;
    let mut tx = app.db.begin().await?;
    let before = tx.latest_snapshots().await?.into_iter().find(|s| s.source == source.name);
    let most_shrink = app.config.gate.hold.crm_shrink_bp;
    let believed = match fetched {
        Ok(fetched) if insist => Ok(fetched),
        Ok(fetched) => match implausible(&fetched.snapshot, before.map(|s| s.records), most_shrink) {
            Some(hold) => Err(vec![hold]),
            None => Ok(fetched),
        },
        Err(findings) => Err(findings),
    };
    let Fetched { snapshot, findings } = match believed {
        Ok(fetched) => fetched,
        Err(holds) => {
            // The table that decides verdicts stands for the whole; the others are read again with the next one.
            let at = records.iter().position(|r| r.kind == TableKind::CrmCompanies);
            let at = at.or_else(|| records.iter().position(|r| r.kind == TableKind::CrmContacts));
            let Some(mut record) = at.map(|at| records.swap_remove(at)) else { return Ok(None) };
            if tx.file(&record.hash).await?.is_some_and(|f| f.state == FileState::Accepted) {
                tx.set_file_state(&record.hash, FileState::Dismissed).await?;
            }
            record.findings.extend(holds);
            intake::set_aside(app, &mut tx, &mut record, now).await?;
            tx.commit().await?;
            return Ok(Some(vec![record]));
        }
    };
    let report = tx.accept_snapshot(&snapshot, now).await?;
    let mut taken = Vec::new();
    for mut record in records {
        if tx.file(&record.hash).await?.is_none_or(|f| f.state != FileState::Accepted) {
            record.findings.extend(findings.iter().chain(&report.findings).cloned());
            if report.accepted {
                intake::settle(&mut tx, &record, now).await?;
            } else {
                put_away(&mut tx, &mut record, now).await?;
            }
            taken.push(record);
        } else {
            tx.confirm_file(&record.hash, record.as_of).await?;
        }
    }
    if report.accepted {
        answer(&mut tx, &source.name, &taken, now).await?;
    }
    for mut record in outdone {
        if tx.file(&record.hash).await?.is_none() {
            put_away(&mut tx, &mut record, now).await?;
        }
    }
    tx.commit().await?;
    Ok(Some(taken))
}

/// A table that a newer one of its kind has overtaken says nothing more: it is recorded, and not read again.
async fn put_away(tx: &mut Tx, record: &mut FileRecord, now: DateTime<Utc>) -> Result<()> {
    record.state = FileState::Dismissed;
    tx.add_file(record).await?;
    drop_hold_of(tx, &record.hash, "overtaken by a newer export", now).await
}

/// An export is the whole list: a newer accepted one of the same kind answers those that wait, whatever their names.
async fn answer(tx: &mut Tx, source: &str, taken: &[FileRecord], now: DateTime<Utc>) -> Result<()> {
    for waiting in tx.quarantined().await? {
        let answered = taken.iter().any(|t| t.kind == waiting.kind && t.as_of >= waiting.as_of && t.hash != waiting.hash)
            // Nobody can say what an unreadable file was; the list of companies is what verdicts rest on.
            || (waiting.kind == TableKind::Unknown
                && taken.iter().any(|t| t.kind == TableKind::CrmCompanies && t.as_of >= waiting.as_of));
        if waiting.source == source && answered {
            tx.set_file_state(&waiting.hash, FileState::Dismissed).await?;
            drop_hold_of(tx, &waiting.hash, "answered by a newer export", now).await?;
        }
    }
    Ok(())
}

async fn drop_hold_of(tx: &mut Tx, file: &str, why: &str, now: DateTime<Utc>) -> Result<()> {
    for hold in tx.holds(true).await? {
        if matches!(&hold.subject, HoldSubject::File { hash, .. } if hash == file) {
            tx.drop_hold(&hold.id, why, now).await?;
        }
    }
    Ok(())
}

/// Why a snapshot cannot be believed, against the last accepted one.
fn implausible(snapshot: &CrmSnapshot, before: Option<i64>, most_shrink_bp: u32) -> Option<Finding> {
    let count =
        snapshot.records.iter().filter(|r| matches!(r.id.kind, CrmKind::Company | CrmKind::Contact)).count() as i64;
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
