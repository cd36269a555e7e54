//! What a CRM snapshot changes against what is known, and when its new records were entered. Deliberately absent: SQL.

use std::collections::{BTreeMap, HashMap};

use chrono::DateTime;

use super::{
    error::Result,
    row::{At, json_text, ms},
};
use crate::domain::{
    crm::{CrmKind, CrmRecord, CrmSnapshot},
    finding::{Finding, Severity},
    text::Text,
};

/// Findings of one kind that are written out one by one; the rest are counted.
const SPELT_OUT: usize = 20;

/// Content of a record as JSON; `None` = gone.
pub(super) type Body = Option<String>;

/// A record that differs from what is known.
pub(super) struct Change {
    pub(super) kind: CrmKind,
    pub(super) id: String,
    pub(super) body: Body,
}

/// A record seen for the first time.
pub(super) struct Entered<'a> {
    pub(super) kind: CrmKind,
    pub(super) id: &'a str,
    pub(super) at_ms: i64,
}

/// Everything a snapshot brings.
#[derive(Default)]
pub(super) struct Diff<'a> {
    pub(super) changes: Vec<Change>,
    pub(super) entered: Vec<Entered<'a>>,
    pub(super) changed: usize,
    pub(super) gone: usize,
    /// Companies, contacts, deals, activities in the snapshot.
    pub(super) counts: [i64; 4],
    pub(super) findings: Vec<Finding>,
}

/// Compares. `absent_ms`: per kind (in the order of `counts`) the as-of of the latest earlier snapshot that held records
/// of the kind. Only such a snapshot proves that a record was absent: a table that is exported for the first time says
/// nothing about the time before.
pub(super) fn diff<'a>(
    snapshot: &'a CrmSnapshot,
    known: &HashMap<(CrmKind, String), Body>,
    absent_ms: [Option<i64>; 4],
) -> Result<Diff<'a>> {
    let as_of_ms = ms(snapshot.as_of);
    let mut diff = Diff::default();
    let wanted = unique(snapshot, &mut diff.findings);
    let mut back_dated = Vec::new();
    for ((kind, id), record) in &wanted {
        let place = place(*kind);
        diff.counts[place] += 1;
        let body = json_text(At { table: "crm_version", id }, "body", record)?;
        match known.get(&(*kind, (*id).to_owned())) {
            None => {
                let (at_ms, late) = entered_at(record.created_at.map(ms), absent_ms[place], as_of_ms);
                if late {
                    back_dated.push(*record);
                }
                diff.entered.push(Entered { kind: *kind, id, at_ms });
            }
            Some(Some(old)) if same_content(old, &body, record) => continue,
            Some(_) => diff.changed += 1,
        }
        diff.changes.push(Change { kind: *kind, id: (*id).to_owned(), body: Some(body) });
    }
    for ((kind, id), body) in known {
        if body.is_some() && !wanted.contains_key(&(*kind, id.as_str())) {
            diff.gone += 1;
            diff.changes.push(Change { kind: *kind, id: id.clone(), body: None });
        }
    }
    list(&mut diff.findings, "back_dated", &back_dated, |record| {
        Text::new(
            format!(
                "запись CRM {} «{}» создана задним числом: в прежней выгрузке её не было; срок считается по первой \
                 выгрузке, где она есть",
                record.id, record.title
            ),
            format!(
                "CRM record {} “{}” is back-dated: an earlier export did not have it; it counts from the first export \
                 that does",
                record.id, record.title
            ),
        )
    });
    Ok(diff)
}

/// Place of a kind in `counts`.
const fn place(kind: CrmKind) -> usize {
    match kind {
        CrmKind::Company => 0,
        CrmKind::Contact => 1,
        CrmKind::Deal => 2,
        CrmKind::Activity => 3,
    }
}

/// Records by identity; of two with one id the first counts.
fn unique<'a>(snapshot: &'a CrmSnapshot, findings: &mut Vec<Finding>) -> BTreeMap<(CrmKind, &'a str), &'a CrmRecord> {
    let mut wanted = BTreeMap::new();
    let mut twice = Vec::new();
    for record in &snapshot.records {
        let first = *wanted.entry((record.id.kind, record.id.id.as_str())).or_insert(record);
        if !std::ptr::eq(first, record) {
            twice.push(record);
        }
    }
    list(findings, "duplicate_record", &twice, |record| {
        Text::new(
            format!("в выгрузке CRM запись {} «{}» стоит дважды; взята первая", record.id, record.title),
            format!("the CRM export has record {} “{}” twice; the first one is taken", record.id, record.title),
        )
    });
    wanted
}

/// Entry instant of a record seen for the first time, and whether it is back-dated (rules, «Facts»).
const fn entered_at(created_ms: Option<i64>, absent_ms: Option<i64>, as_of_ms: i64) -> (i64, bool) {
    match (created_ms, absent_ms) {
        (None, None) => (0, false),
        // Somewhere between the two snapshots: the earliest moment is taken, nobody is late by the rhythm of exports.
        (None, Some(absent)) => (absent, false),
        (Some(created), Some(absent)) if absent > created => (as_of_ms, true),
        (Some(created), _) if created > as_of_ms => (as_of_ms, false),
        (Some(created), _) => (created, false),
    }
}

/// Equal texts, or the text of an older program that means the same.
fn same_content(old: &str, new: &str, record: &CrmRecord) -> bool {
    old == new || serde_json::from_str::<CrmRecord>(old).is_ok_and(|old| old == *record)
}

/// The finding about a snapshot that came too late.
pub(super) fn older(snapshot: &CrmSnapshot, latest_ms: i64) -> Finding {
    let latest = DateTime::from_timestamp_millis(latest_ms).unwrap_or_default().format("%d.%m.%Y %H:%M UTC");
    let given = snapshot.as_of.format("%d.%m.%Y %H:%M UTC");
    let name = &snapshot.source;
    Finding::new(
        Severity::Warn,
        "snapshot_older",
        Text::new(
            format!("выгрузка CRM «{name}» от {given} старше уже принятой от {latest}; не принята, положите свежую"),
            format!("the CRM export “{name}” of {given} is older than the accepted one of {latest}; bring a fresh one"),
        ),
    )
}

/// Findings one by one up to a bound, then their number.
fn list(findings: &mut Vec<Finding>, code: &str, records: &[&CrmRecord], say: impl Fn(&CrmRecord) -> Text) {
    findings.extend(records.iter().take(SPELT_OUT).map(|record| Finding::new(Severity::Warn, code, say(record))));
    if let Some(more) = records.len().checked_sub(SPELT_OUT).filter(|more| *more > 0) {
        let text = Text::new(format!("и ещё {more} таких записей CRM"), format!("and {more} more such CRM records"));
        findings.push(Finding::new(Severity::Warn, code, text));
    }
}

#[cfg(test)]
mod tests {
    use super::entered_at;

    #[test]
    fn a_record_was_entered_when_the_crm_says_unless_an_export_disproves_it() {
        for (what, created, absent, as_of, want) in [
            ("no creation time, first export: before tracking", None, None, 100, (0, false)),
            ("no creation time later: right after the export that lacked it", None, Some(50), 100, (50, false)),
            ("first export believes the CRM", Some(10), None, 100, (10, false)),
            ("created after the last export without it", Some(70), Some(50), 100, (70, false)),
            ("created at the very instant of that export", Some(50), Some(50), 100, (50, false)),
            ("absent from an export later than its creation", Some(49), Some(50), 100, (100, true)),
            ("created in the future", Some(101), Some(50), 100, (100, false)),
            ("created in the future, first export", Some(101), None, 100, (100, false)),
        ] {
            assert_eq!(entered_at(created, absent, as_of), want, "{what}");
        }
    }
}
