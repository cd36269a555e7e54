//! Takes calls and plans in: parsed in a child like every file, stored with the file's record in one transaction, or set
//! aside with the reason. Deliberately absent: counting calls, attainment (`domain`).

use std::{collections::BTreeMap, path::Path};

use chrono::{DateTime, Utc};

use super::{App, intake};
use crate::{
    domain::{
        finding::{Finding, Severity},
        inbox::{DateSpan, FileRecord},
        org::{EmployeeId, Resolved},
        period::Period,
        rule_facts::Plan,
        text::Text,
    },
    error::{Error, Result},
    ingest::{
        self, ParseRequest, Ready, Want,
        rule_rows::{PlanRow, RuleRows},
        sandbox,
    },
};

/// Source of calls in file records.
pub const CALLS: &str = "calls";
/// Source of plans in file records.
pub const PLANS: &str = "plans";

/// Takes one file in. `insist` takes what can be used even with holds (a person released it). `None`: known already.
///
/// # Errors
/// When the archive or the database fails.
pub async fn take(
    app: &App,
    source: &str,
    ready: &Ready,
    now: DateTime<Utc>,
    insist: bool,
) -> Result<Option<FileRecord>> {
    let mut tx = app.db.begin().await?;
    let known = tx.file(&ready.hash).await?;
    if known.is_some() && !insist {
        // The same content exported again is the word of that later instant.
        tx.confirm_file(&ready.hash, ready.modified.min(now)).await?;
        tx.commit().await?;
        return Ok(None);
    }
    tx.commit().await?;
    let copy = ingest::archive(ready, &app.config.store.archive).map_err(|e| Error::bug("archive a file", e))?;
    let want = if source == CALLS { Want::Calls } else { Want::Plans };
    let mut parsed = rows(app, &copy, &ready.name, want).await;
    let found = parsed.rule_rows.take();
    let mut record = intake::record_of(ready, source, now, &parsed);
    let usable = found.is_some();
    let mut calls = Vec::new();
    let mut plans = Vec::new();
    match found {
        Some(RuleRows::Calls(mut legs)) => {
            for leg in &mut legs {
                source.clone_into(&mut leg.source);
            }
            let days = || legs.iter().map(|leg| leg.started_at.with_timezone(&app.config.calls.tz).date_naive());
            record.span = days().min().zip(days().max()).map(|(from, to)| DateSpan { from, to });
            calls = legs;
        }
        Some(RuleRows::Plans(rows)) => {
            let (resolved, findings) = resolve(app, rows, &record.hash);
            record.findings.extend(findings);
            plans = resolved;
        }
        _ => {}
    }
    let empty = calls.is_empty() && plans.is_empty();
    let mut tx = app.db.begin().await?;
    if usable && !empty && (insist || !record.findings.iter().any(Finding::holds)) {
        tx.put_calls(&calls, record.as_of).await?;
        for plan in &plans {
            tx.put_plan(plan, record.as_of).await?;
        }
        intake::settle(&mut tx, &record, now).await?;
    } else {
        if !record.findings.iter().any(Finding::holds) {
            record.findings.push(Finding::new(
                Severity::Hold,
                "nothing_read",
                Text::new("в таблице нет ни одной строки", "the table has no row"),
            ));
        }
        intake::set_aside(app, &mut tx, &mut record, now).await?;
    }
    tx.commit().await?;
    Ok(Some(record))
}

/// Reads one of the plain lists in a child process.
pub(super) async fn rows(app: &App, copy: &Path, name: &str, want: Want) -> ingest::Parsed {
    let request =
        ParseRequest { file_name: name.to_owned(), want, tz: Some(app.config.calls.tz), ..ParseRequest::default() };
    sandbox::parse_or_finding(&app.parser, copy, &request, app.config.accounting.max_file_mib).await
}

/// Plans of known employees; who is unknown, and who has two different plans for one period, holds the file.
fn resolve(app: &App, rows: Vec<PlanRow>, hash: &str) -> (Vec<Plan>, Vec<Finding>) {
    let mut plans: BTreeMap<(EmployeeId, Period), Plan> = BTreeMap::new();
    let mut findings = Vec::new();
    for row in rows {
        let name = &row.employee;
        let (ru, en) = match app.config.roster.resolve(name, row.period.last_day()) {
            Resolved::One(person) => {
                let key = (person.id.clone(), row.period);
                if let Some(other) = plans.get(&key).filter(|other| other.amount != row.amount) {
                    let at = other.source.cell();
                    findings.push(
                        Finding::new(
                            Severity::Hold,
                            "plan_twice",
                            Text::new(
                                format!("{name}: второй план на {} с другой суммой (первый в строке {at}); оставьте один", row.period),
                                format!("{name}: a second plan for {} with another amount (the first in row {at}); keep one", row.period),
                            ),
                        )
                        .at(row.place.clone()),
                    );
                }
                let (file_hash, amount) = (hash.to_owned(), row.amount);
                plans
                    .insert(key.clone(), Plan { employee: key.0, period: key.1, amount, file_hash, source: row.place });
                continue;
            }
            Resolved::Nobody => (
                "нет среди сотрудников: исправьте имя или добавьте псевдоним",
                "is not among the employees: correct the name or add an alias",
            ),
            Resolved::Ambiguous => {
                ("есть у двоих: укажите табельный номер", "is the name of two people: write the personnel number")
            }
        };
        let text = Text::new(format!("«{name}» {ru}"), format!("“{name}” {en}"));
        findings.push(Finding::new(Severity::Hold, "plan_of_nobody", text).at(row.place));
    }
    (plans.into_values().collect(), findings)
}
