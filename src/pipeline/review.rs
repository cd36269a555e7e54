//! The queue of matches that wait for a person, decisions as they are made one by one, and a filled workbook of them.
//! Deliberately absent: judging answers (`domain::review::answers`), files in watched folders: those have no author.

use std::{collections::BTreeSet, path::Path};

use chrono::{DateTime, Utc};

use super::{App, View, facts::Loaded};
use crate::{
    domain::{
        decisions::Seen,
        facts::{Facts, Outcome},
        finding::{Finding, SourceRef},
        inbox::FileState,
        org::{Employee, EmployeeId},
        review::{
            self, Queue,
            answers::{Against, Plan, plan},
            sheet::Filled,
        },
        run::HoldSubject,
        text::Text,
        verdict::Decision,
    },
    error::{Error, Result},
    ingest::{ParseRequest, Want, hash, sandbox},
    store::Tx,
};

/// The queue of a run or of a view.
pub fn queue(loaded: &Loaded, outcome: &Outcome) -> Queue {
    review::queue(&loaded.facts, outcome, &|period| loaded.closed.contains_key(&period))
}

/// The part of it that a head sees: sales of his department, or all when he has none.
pub fn queue_for(loaded: &Loaded, outcome: &Outcome, head: &Employee) -> Queue {
    let roster = &loaded.facts.roster;
    let sees = |id: Option<&EmployeeId>| {
        head.department.is_empty() || id.and_then(|id| roster.get(id)).is_some_and(|e| e.department == head.department)
    };
    review::queue_of(&loaded.facts, outcome, &|period| loaded.closed.contains_key(&period), &sees)
}

/// Records decisions with what is known now of both sides.
pub async fn record(tx: &mut Tx, decisions: &[Decision], facts: &Facts) -> Result<()> {
    for decision in decisions {
        let seen = Seen::of(decision, &facts.parties, &facts.records);
        tx.add_decision_seen(decision, &seen).await?;
    }
    Ok(())
}

/// Takes a filled workbook in: what it says is judged against the facts of now and recorded in one transaction.
///
/// # Errors
/// When the file is not a review workbook, or the database fails.
pub async fn import(app: &App, file: &Path, author: &str, dry_run: bool) -> Result<Plan> {
    let name = file.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let request = ParseRequest { file_name: name.clone(), want: Want::Review, ..ParseRequest::default() };
    let parsed = sandbox::parse_or_finding(&app.parser, file, &request, app.config.accounting.max_file_mib).await;
    let Some(rows) = parsed.review else { return Err(refused(&parsed.findings)) };
    let now = app.clock.now();
    let view: View = super::view(app, now).await?;
    let mut tx = app.db.begin().await?;
    let history = tx.decision_history().await?;
    let recorded: BTreeSet<String> = history.iter().map(|e| e.decision.id.clone()).collect();
    let undone: Vec<(Decision, DateTime<Utc>)> =
        history.into_iter().filter_map(|e| Some((e.decision, e.undone?.at))).collect();
    let facts = &view.loaded.facts;
    let against = Against {
        parties: &facts.parties,
        records: &facts.records,
        decisions: &facts.decisions,
        recorded: &recorded,
        undone: &undone,
        now,
        author,
    };
    let mut made = plan(&with_origin(rows, &name), against);
    if dry_run {
        return Ok(made);
    }
    for (_, decisions) in &mut made.apply {
        record(&mut tx, decisions, facts).await?;
    }
    answered(&mut tx, file, now).await?;
    tx.commit().await?;
    Ok(made)
}

/// Each remark with the file and row it comes from.
fn with_origin(rows: Vec<Filled>, name: &str) -> Vec<Filled> {
    let note = |row: Filled| {
        let place = SourceRef { row: row.row, ..SourceRef::file(name) }.describe().ru;
        let note = if row.note.trim().is_empty() { place } else { format!("{} ({place})", row.note.trim()) };
        Filled { note, ..row }
    };
    rows.into_iter().map(note).collect()
}

/// The same file, dropped into a folder before, waits for nothing any more.
async fn answered(tx: &mut Tx, file: &Path, now: DateTime<Utc>) -> Result<()> {
    let Some((hash, _)) = std::fs::File::open(file).ok().and_then(|f| hash::of_reader(f).ok()) else { return Ok(()) };
    if !tx.file(&hash).await?.is_some_and(|f| f.state == FileState::Quarantined) {
        return Ok(());
    }
    tx.set_file_state(&hash, FileState::Dismissed).await?;
    for hold in tx.holds(true).await? {
        if matches!(&hold.subject, HoldSubject::File { hash: held, .. } if *held == hash) {
            tx.drop_hold(&hold.id, "taken in as a review workbook", now).await?;
        }
    }
    Ok(())
}

fn refused(findings: &[Finding]) -> Error {
    let text = findings.first().map_or_else(Text::default, |f| f.message.clone());
    Error::input(text)
}
