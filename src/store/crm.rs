//! Acceptance of CRM snapshots: versions of records are only ever added, and the instant at which a record is held to
//! have been entered is set once (rules, «Facts»). Deliberately absent: judging whether a snapshot is plausible (`gate`).

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    engine::{Tx, on_engine, rows_per_statement},
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

/// What acceptance did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SnapshotReport {
    /// Whether the data are now the latest of their source.
    pub accepted: bool,
    /// Records never seen before.
    pub added: usize,
    /// Records whose content changed, or that came back.
    pub changed: usize,
    /// Records that are no longer there.
    pub gone: usize,
    /// What was noticed: `snapshot_older`, `back_dated`, `duplicate_record`.
    pub findings: Vec<Finding>,
}

/// The accepted snapshots of a source, as far as the next one needs them.
#[derive(sqlx::FromRow)]
struct SnapshotRow {
    as_of_ms: i64,
    hash: String,
    companies: i64,
    contacts: i64,
    deals: i64,
    activities: i64,
}

/// A record of the new snapshot that differs from what is known.
struct Change {
    kind: CrmKind,
    id: String,
    body: Option<String>,
}

impl Tx {
    /// Takes a snapshot in. The same content as the latest only confirms it at the later instant; an older one is refused
    /// in the report; one of the very same instant with other content counts as one millisecond later.
    ///
    /// A record that was never seen before was entered when the CRM says, unless an earlier snapshot of the source which
    /// held records of this kind is later than that: then at this snapshot (`back_dated`). Without a creation time: before
    /// tracking began (`UNIX_EPOCH`) in the first such snapshot, else at this snapshot. Never later than the snapshot.
    pub async fn accept_snapshot(&mut self, snapshot: &CrmSnapshot, now: DateTime<Utc>) -> Result<SnapshotReport> {
        let source = snapshot.source.as_str();
        // Held to the end of the transaction: two acceptances of one source go one after the other.
        on_engine!(self, conn => sqlx::query(
            "INSERT INTO crm_source (source, accepted) VALUES ($1, 1)
             ON CONFLICT (source) DO UPDATE SET accepted = crm_source.accepted + 1")
            .bind(source).execute(conn).await.map(|done| done.rows_affected()))?;
        let earlier: Vec<SnapshotRow> = on_engine!(self, conn => sqlx::query_as(
            "SELECT as_of_ms, hash, companies, contacts, deals, activities FROM crm_snapshot
             WHERE source = $1 ORDER BY as_of_ms")
            .bind(source).fetch_all(conn).await)?;

        let mut as_of_ms = ms(snapshot.as_of);
        if let Some(latest) = earlier.last() {
            if as_of_ms < latest.as_of_ms {
                return Ok(SnapshotReport { findings: vec![older(snapshot, latest.as_of_ms)], ..Default::default() });
            }
            if snapshot.hash == latest.hash {
                if as_of_ms > latest.as_of_ms {
                    let counts = [latest.companies, latest.contacts, latest.deals, latest.activities];
                    self.add_snapshot(source, as_of_ms, &snapshot.hash, counts, now).await?;
                }
                return Ok(SnapshotReport { accepted: true, ..Default::default() });
            }
            if as_of_ms == latest.as_of_ms {
                as_of_ms += TimeDelta::milliseconds(1).num_milliseconds();
            }
        }

        let mut report = SnapshotReport { accepted: true, ..Default::default() };
        let known = self.latest_bodies(source).await?;
        let wanted = unique(snapshot, &mut report.findings);
        let (changes, entered) = compare(&wanted, &known, &seen_until(&earlier), as_of_ms, &mut report)?;
        self.add_snapshot(source, as_of_ms, &snapshot.hash, counts(&wanted), now).await?;
        self.add_versions(source, as_of_ms, &changes).await?;
        self.add_entered(source, &entered).await?;
        Ok(report)
    }

    /// Latest body of each record of a source; `None` = gone.
    async fn latest_bodies(&mut self, source: &str) -> Result<HashMap<(CrmKind, String), Option<String>>> {
        let rows: Vec<(String, String, Option<String>)> = on_engine!(self, conn => sqlx::query_as(
            "SELECT v.kind, v.record_id, v.body
             FROM (SELECT kind, record_id, MAX(as_of_ms) AS as_of_ms FROM crm_version
                   WHERE source = $1 GROUP BY kind, record_id) latest
             JOIN crm_version v ON v.source = $1 AND v.kind = latest.kind AND v.record_id = latest.record_id
                               AND v.as_of_ms = latest.as_of_ms")
            .bind(source).fetch_all(conn).await)?;
        rows.into_iter()
            .map(|(kind, id, body)| {
                let known = At { table: "crm_version", id: &id }.some("kind", CrmKind::parse(&kind))?;
                Ok(((known, id), body))
            })
            .collect()
    }

    async fn add_snapshot(
        &mut self,
        source: &str,
        as_of_ms: i64,
        hash: &str,
        [companies, contacts, deals, activities]: [i64; 4],
        now: DateTime<Utc>,
    ) -> Result<()> {
        on_engine!(self, conn => sqlx::query(
            "INSERT INTO crm_snapshot (source, as_of_ms, hash, companies, contacts, deals, activities, accepted_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
            .bind(source).bind(as_of_ms).bind(hash).bind(companies).bind(contacts).bind(deals).bind(activities)
            .bind(ms(now)).execute(conn).await.map(|done| done.rows_affected()))?;
        Ok(())
    }

    async fn add_versions(&mut self, source: &str, as_of_ms: i64, changes: &[Change]) -> Result<()> {
        for part in changes.chunks(rows_per_statement(5)) {
            on_engine!(self, conn => sqlx::QueryBuilder::new(
                "INSERT INTO crm_version (source, kind, record_id, as_of_ms, body) ")
                .push_values(part, |mut row, change| {
                    row.push_bind(source).push_bind(change.kind.code()).push_bind(change.id.as_str());
                    row.push_bind(as_of_ms).push_bind(change.body.as_deref());
                })
                .build().execute(conn).await.map(|done| done.rows_affected()))?;
        }
        Ok(())
    }

    async fn add_entered(&mut self, source: &str, entered: &[(CrmKind, &str, i64)]) -> Result<()> {
        for part in entered.chunks(rows_per_statement(4)) {
            on_engine!(self, conn => sqlx::QueryBuilder::new(
                "INSERT INTO crm_entered (source, kind, record_id, entered_ms) ")
                .push_values(part, |mut row, (kind, id, at)| {
                    row.push_bind(source).push_bind(kind.code()).push_bind(*id).push_bind(*at);
                })
                .build().execute(conn).await.map(|done| done.rows_affected()))?;
        }
        Ok(())
    }
}

/// For each kind the as-of of the latest snapshot that held such records. Only those prove that a record was absent:
/// a table that is exported for the first time says nothing about the time before.
fn seen_until(earlier: &[SnapshotRow]) -> impl Fn(CrmKind) -> Option<i64> {
    let until = |held: fn(&SnapshotRow) -> i64| earlier.iter().rev().find(|s| held(s) > 0).map(|s| s.as_of_ms);
    let kinds = [until(|s| s.companies), until(|s| s.contacts), until(|s| s.deals), until(|s| s.activities)];
    move |kind| match kind {
        CrmKind::Company => kinds[0],
        CrmKind::Contact => kinds[1],
        CrmKind::Deal => kinds[2],
        CrmKind::Activity => kinds[3],
    }
}

/// Records by identity; of two with one id the first counts.
fn unique<'a>(snapshot: &'a CrmSnapshot, findings: &mut Vec<Finding>) -> BTreeMap<(CrmKind, &'a str), &'a CrmRecord> {
    let mut wanted = BTreeMap::new();
    let mut twice = Vec::new();
    for record in &snapshot.records {
        if wanted.contains_key(&(record.id.kind, record.id.id.as_str())) {
            twice.push(record);
        } else {
            wanted.insert((record.id.kind, record.id.id.as_str()), record);
        }
    }
    list(findings, "duplicate_record", &twice, |record| {
        Text::new(
            format!("в CRM дважды стоит запись {} «{}»; взята первая", record.id, record.title),
            format!("the CRM table has record {} “{}” twice; the first one is taken", record.id, record.title),
        )
    });
    wanted
}

fn counts(wanted: &BTreeMap<(CrmKind, &str), &CrmRecord>) -> [i64; 4] {
    let count = |kind| wanted.keys().filter(|(k, _)| *k == kind).count() as i64;
    [count(CrmKind::Company), count(CrmKind::Contact), count(CrmKind::Deal), count(CrmKind::Activity)]
}

/// New versions, tombstones, and the entry instants of records seen for the first time.
fn compare<'a>(
    wanted: &BTreeMap<(CrmKind, &'a str), &'a CrmRecord>,
    known: &HashMap<(CrmKind, String), Option<String>>,
    seen_until: &impl Fn(CrmKind) -> Option<i64>,
    as_of_ms: i64,
    report: &mut SnapshotReport,
) -> Result<(Vec<Change>, Vec<(CrmKind, &'a str, i64)>)> {
    let mut changes = Vec::new();
    let mut entered = Vec::new();
    let mut back_dated = Vec::new();
    for ((kind, id), record) in wanted {
        let body = json_text(At { table: "crm_version", id }, "body", record)?;
        match known.get(&(*kind, (*id).to_owned())) {
            None => {
                report.added += 1;
                let (at, late) = entered_at(record.created_at.map(ms), seen_until(*kind), as_of_ms);
                if late {
                    back_dated.push(*record);
                }
                entered.push((*kind, *id, at));
            }
            Some(Some(old)) if same_content(old, &body, record) => continue,
            Some(_) => report.changed += 1,
        }
        changes.push(Change { kind: *kind, id: (*id).to_owned(), body: Some(body) });
    }
    for ((kind, id), body) in known {
        if body.is_some() && !wanted.contains_key(&(*kind, id.as_str())) {
            report.gone += 1;
            changes.push(Change { kind: *kind, id: id.clone(), body: None });
        }
    }
    list(&mut report.findings, "back_dated", &back_dated, |record| {
        Text::new(
            format!(
                "запись CRM {} «{}» создана задним числом: в прежних выгрузках её не было; срок считается по первой \
                 выгрузке, где она есть",
                record.id, record.title
            ),
            format!(
                "CRM record {} “{}” is back-dated: earlier exports did not have it; it counts from the first export \
                 that does",
                record.id, record.title
            ),
        )
    });
    Ok((changes, entered))
}

/// Entry instant of a record seen for the first time, and whether it is back-dated.
const fn entered_at(created_ms: Option<i64>, absent_ms: Option<i64>, as_of_ms: i64) -> (i64, bool) {
    match (created_ms, absent_ms) {
        (None, None) => (0, false),
        (None, Some(_)) => (as_of_ms, false),
        (Some(created), Some(absent)) if absent > created => (as_of_ms, true),
        (Some(created), _) if created > as_of_ms => (as_of_ms, false),
        (Some(created), _) => (created, false),
    }
}

/// Equal texts, or texts of an older program that mean the same.
fn same_content(old: &str, new: &str, record: &CrmRecord) -> bool {
    old == new || serde_json::from_str::<CrmRecord>(old).is_ok_and(|old| old == *record)
}

fn older(snapshot: &CrmSnapshot, latest_ms: i64) -> Finding {
    let latest = DateTime::from_timestamp_millis(latest_ms).unwrap_or_default().format("%d.%m.%Y %H:%M UTC");
    let given = snapshot.as_of.format("%d.%m.%Y %H:%M UTC");
    Finding::new(
        Severity::Warn,
        "snapshot_older",
        Text::new(
            format!(
                "выгрузка CRM «{}» от {given} старше уже принятой от {latest}; не принята, положите свежую",
                snapshot.source
            ),
            format!(
                "the CRM export “{}” of {given} is older than the accepted one of {latest}; not taken, bring a fresh one",
                snapshot.source
            ),
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
