//! Takes files in: a stable copy, parsed in a child, its facts stored with the file's record in one transaction, or set
//! aside with the reason. Same content happens once. Deliberately absent: reading formats (`ingest`), judging runs.

use std::collections::HashSet;

use chrono::{DateTime, Utc};

use super::{App, intake_changes, notice};
use crate::{
    domain::{
        finding::{Finding, Severity},
        inbox::{AccountingTable, DateSpan, FileRecord, FileState},
        run::{Hold, HoldSubject},
        sale::Sale,
        text::Text,
    },
    error::Result,
    ingest::{self, Parsed, Ready},
    store::Tx,
};

/// Source of files of the accounting system.
pub const ACCOUNTING: &str = "accounting";

/// What became of the files of one look.
#[derive(Clone, Debug, Default)]
pub struct Intake {
    /// Files taken in.
    pub accepted: Vec<FileRecord>,
    /// Files set aside.
    pub quarantined: Vec<FileRecord>,
    /// Remarks about files that cannot be read at all yet (locked, vanished).
    pub remarks: Vec<Finding>,
}

/// Takes one accounting file in. `insist` takes it in even with holds (a person released it). `None`: known already.
pub async fn accounting(app: &App, ready: &Ready, now: DateTime<Utc>, insist: bool) -> Result<Option<FileRecord>> {
    let known = known(app, ready).await?;
    if known.as_ref().is_some_and(|f| !insist && !is_again(f, ready, now)) {
        return Ok(None);
    }
    let copy = match ingest::archive(ready, &app.config.store.archive) {
        Ok(copy) => copy,
        Err(error) => return Err(crate::error::Error::bug("archive a file", error)),
    };
    let parsed = super::parse(app, &copy, &ready.name, ingest::Want::Accounting, None).await;
    take(app, ready, parsed, now, insist).await
}

/// Accepted content that is exported again later is told anew: it takes back what another file said in between.
fn is_again(known: &FileRecord, ready: &Ready, now: DateTime<Utc>) -> bool {
    known.state == FileState::Accepted && known.as_of < ready.modified.min(now)
}

/// The same for a file that was read already: facts and record in one transaction, or set aside.
pub async fn take(
    app: &App,
    ready: &Ready,
    parsed: Parsed,
    now: DateTime<Utc>,
    insist: bool,
) -> Result<Option<FileRecord>> {
    let mut record = record_of(ready, ACCOUNTING, now, &parsed);
    let table = parsed.accounting.unwrap_or_default();
    record.findings.extend(beyond_period(&table, app.config.gate.hold.outside_period_bp));
    let mut tx = app.db.begin().await?;
    let known = tx.file(&ready.hash).await?;
    let again = known.as_ref().is_some_and(|f| is_again(f, ready, now));
    if known.as_ref().is_some_and(|f| !again && (!insist || f.state == FileState::Accepted)) {
        tx.commit().await?;
        return Ok(None);
    }
    // A released file is taken for what the person saw who released it.
    let seen = insist.then(|| known.map(|f| f.findings).unwrap_or_default());
    let changes = intake_changes::find(app, &mut tx, &table, &record, seen.as_deref()).await?;
    record.findings.extend(changes.findings.iter().cloned());
    let usable = !(table.sales.is_empty() && table.cards.is_empty());
    if usable && (insist || !record.findings.iter().any(Finding::holds)) {
        record.full_of.clone_from(&changes.full_of);
        changes.apply(&mut tx, record.as_of, now).await?;
        tx.put_cards(&table.cards, now).await?;
        settle(&mut tx, &record, now).await?;
        tx.retell_file(&record).await?;
    } else {
        if again {
            // What it says now contradicts a newer file: it waits like any other.
            tx.set_file_state(&record.hash, FileState::Dismissed).await?;
        }
        set_aside(app, &mut tx, &mut record, now).await?;
    }
    tx.commit().await?;
    // Told anew and nothing changed: no news.
    Ok((!again || !changes.is_empty() || record.state != FileState::Accepted).then_some(record))
}

/// A hold when too many documents lie outside the period that the title prints: a wrong file, or a wrong filter.
fn beyond_period(table: &AccountingTable, most_bp: u32) -> Option<Finding> {
    let (first, count, share) = ingest::accounting::outside(&table.sales, table.period?)?;
    let too_many = i64::from(share.bp()) > i64::from(most_bp);
    too_many.then(|| {
        Finding::new(
            Severity::Hold,
            "outside_period_too_many",
            Text::new(
                format!(
                    "вне периода из заголовка документов: {count} из {}; проверьте период отчёта и выгрузите снова",
                    table.sales.len()
                ),
                format!(
                    "{count} of {} documents lie outside the period in the title; check it and export again",
                    table.sales.len()
                ),
            ),
        )
        .at(first.source.clone())
    })
}

/// The record of this content, if it was met before, whatever became of it.
async fn known(app: &App, ready: &Ready) -> Result<Option<FileRecord>> {
    let mut tx = app.db.begin().await?;
    let known = tx.file(&ready.hash).await?;
    tx.commit().await?;
    Ok(known)
}

/// The record of a file as it was read.
pub fn record_of(ready: &Ready, source: &str, now: DateTime<Utc>, parsed: &Parsed) -> FileRecord {
    let table = parsed.accounting.as_ref();
    FileRecord {
        hash: ready.hash.clone(),
        name: ready.name.clone(),
        source: source.to_owned(),
        // A file dated in the future (a wrong clock on the share) is not newer than now.
        as_of: ready.modified.min(now),
        received_at: now,
        state: FileState::Accepted,
        kind: parsed.kind,
        rows: i64::try_from(parsed.rows).unwrap_or(i64::MAX),
        span: table.and_then(|t| t.period.or_else(|| covered(&t.sales))),
        organisation: table.and_then(|t| t.organisation.clone()).unwrap_or_default(),
        grain: table.map(|t| t.grain).unwrap_or_default(),
        full_of: None,
        findings: parsed.findings.clone(),
    }
}

/// Marks a file as taken in; earlier files of the same name that wait are answered by it, unless they tell of days that it
/// does not: a name repeats every month.
pub async fn settle(tx: &mut Tx, record: &FileRecord, now: DateTime<Utc>) -> Result<()> {
    tx.add_file(record).await?;
    let answered: HashSet<String> = tx
        .quarantined()
        .await?
        .into_iter()
        .filter(|f| f.source == record.source && f.name == record.name && f.hash != record.hash)
        .filter(|f| f.span.is_none_or(|days| record.span.is_some_and(|own| own.from <= days.from && days.to <= own.to)))
        .map(|f| f.hash)
        .collect();
    for hash in &answered {
        tx.set_file_state(hash, FileState::Dismissed).await?;
    }
    for hold in tx.holds(true).await? {
        if matches!(&hold.subject, HoldSubject::File { hash, .. } if answered.contains(hash)) {
            tx.drop_hold(&hold.id, &format!("answered by file {}", record.hash), now).await?;
        }
    }
    Ok(())
}

/// Records a file as waiting for a person, opens its hold and freezes the notice to the operator.
pub async fn set_aside(app: &App, tx: &mut Tx, record: &mut FileRecord, now: DateTime<Utc>) -> Result<()> {
    record.state = FileState::Quarantined;
    if !record.findings.iter().any(Finding::holds) {
        record.findings.push(Finding::new(
            Severity::Hold,
            "nothing_read",
            Text::new(
                "в файле нет ни продаж, ни контрагентов; проверьте, тот ли это отчёт",
                "the file holds neither sales nor counterparties; check that it is the right report",
            ),
        ));
    }
    let known = tx.file(&record.hash).await?;
    if known.is_some_and(|f| f.state == FileState::Quarantined || f.as_of >= record.as_of) {
        return Ok(());
    }
    tx.add_file(record).await?;
    let hold = Hold {
        id: notice::hold_id(&format!("{} {}", record.hash, record.as_of.timestamp_millis())),
        subject: HoldSubject::File { hash: record.hash.clone(), name: record.name.clone() },
        reasons: record.findings.iter().filter(|f| f.holds()).cloned().collect(),
        opened_at: now,
        release: None,
    };
    tx.open_hold(&hold).await?;
    let mails = notice::held(app, &hold, now)?;
    tx.freeze(&mails, now).await?;
    Ok(())
}

/// First and last day of the documents, when the title prints no period.
fn covered(sales: &[Sale]) -> Option<DateSpan> {
    let from = sales.iter().map(|s| s.date).min()?;
    let to = sales.iter().map(|s| s.date).max()?;
    Some(DateSpan { from, to })
}
