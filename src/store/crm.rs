//! Acceptance of CRM snapshots: versions of records are only ever added, and the instant at which a record is held to
//! have been entered is set once (rules, «Facts»). Deliberately absent: the comparison itself (`snapshot_diff`) and
//! judging whether a snapshot is plausible (`gate`).

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::{
    engine::{Tx, on_engine, rows_per_statement},
    error::Result,
    row::{At, ms},
    snapshot_diff::{self, Body, Change, Diff},
};
use crate::domain::{
    crm::{CrmKind, CrmSnapshot},
    finding::Finding,
};

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

/// An accepted snapshot of the source.
#[derive(sqlx::FromRow)]
struct SnapshotRow {
    /// Position of its versions in time; later than `given_ms` when several snapshots claim one instant.
    as_of_ms: i64,
    /// When the data left the CRM.
    given_ms: i64,
    hash: String,
    companies: i64,
    contacts: i64,
    deals: i64,
    activities: i64,
}

impl SnapshotRow {
    const fn counts(&self) -> [i64; 4] {
        [self.companies, self.contacts, self.deals, self.activities]
    }
}

impl Tx {
    /// Takes a snapshot in. The same content as the latest only confirms it at the later instant; an older one is refused
    /// in the report; one of the very same instant with other content counts as one millisecond later.
    ///
    /// A record that was never seen before was entered when the CRM says, unless an earlier snapshot of the source which
    /// held records of this kind is later than that: then at this snapshot (`back_dated`). Without a creation time: before
    /// tracking began (`UNIX_EPOCH`) in the first such snapshot, else at the snapshot before it (the earliest
    /// moment that is possible). Never later than the snapshot.
    pub async fn accept_snapshot(&mut self, snapshot: &CrmSnapshot, now: DateTime<Utc>) -> Result<SnapshotReport> {
        let source = snapshot.source.as_str();
        // Held to the end of the transaction: two acceptances of one source go one after the other.
        on_engine!(self, conn => sqlx::query(
            "INSERT INTO crm_source (source, accepted) VALUES ($1, 1)
             ON CONFLICT (source) DO UPDATE SET accepted = crm_source.accepted + 1")
            .bind(source).execute(conn).await.map(|done| done.rows_affected()))?;
        let earlier: Vec<SnapshotRow> = on_engine!(self, conn => sqlx::query_as(
            "SELECT as_of_ms, given_ms, hash, companies, contacts, deals, activities FROM crm_snapshot
             WHERE source = $1 ORDER BY as_of_ms")
            .bind(source).fetch_all(conn).await)?;

        let given_ms = ms(snapshot.as_of);
        let mut place = [given_ms, given_ms];
        let mut report = SnapshotReport { accepted: true, ..Default::default() };
        if let Some(latest) = earlier.last() {
            place[0] = given_ms.max(latest.as_of_ms + 1);
            if snapshot.hash == latest.hash {
                if given_ms > latest.given_ms {
                    self.add_snapshot(source, place, &snapshot.hash, latest.counts(), now).await?;
                }
                return Ok(report);
            }
            if given_ms < latest.given_ms {
                report.accepted = false;
                report.findings.push(snapshot_diff::older(snapshot, latest.given_ms));
                return Ok(report);
            }
        }

        let known = self.latest_bodies(source).await?;
        // Two exports of one instant contradict each other and prove no absence.
        let before = earlier.iter().rev().filter(|s| s.given_ms < given_ms);
        let absent_ms = [0, 1, 2, 3].map(|kind: usize| {
            before.clone().find(|s| s.counts().get(kind).is_some_and(|n| *n > 0)).map(|s| s.given_ms)
        });
        let diff = snapshot_diff::diff(snapshot, &known, absent_ms)?;
        self.add_snapshot(source, place, &snapshot.hash, diff.counts, now).await?;
        self.add_versions(source, place[0], &diff.changes).await?;
        self.add_entered(source, &diff).await?;
        report.added = diff.entered.len();
        report.changed = diff.changed;
        report.gone = diff.gone;
        report.findings = diff.findings;
        Ok(report)
    }

    /// Latest body of each record of a source; `None` = gone.
    async fn latest_bodies(&mut self, source: &str) -> Result<HashMap<(CrmKind, String), Body>> {
        let rows: Vec<(String, String, Body)> = on_engine!(self, conn => sqlx::query_as(
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
        [as_of_ms, given_ms]: [i64; 2],
        hash: &str,
        [companies, contacts, deals, activities]: [i64; 4],
        now: DateTime<Utc>,
    ) -> Result<()> {
        on_engine!(self, conn => sqlx::query(
            "INSERT INTO crm_snapshot (source, as_of_ms, given_ms, hash, companies, contacts, deals, activities, accepted_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
            .bind(source).bind(as_of_ms).bind(given_ms).bind(hash).bind(companies).bind(contacts).bind(deals).bind(activities)
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

    async fn add_entered(&mut self, source: &str, diff: &Diff<'_>) -> Result<()> {
        for part in diff.entered.chunks(rows_per_statement(4)) {
            on_engine!(self, conn => sqlx::QueryBuilder::new(
                "INSERT INTO crm_entered (source, kind, record_id, entered_ms) ")
                .push_values(part, |mut row, entered| {
                    row.push_bind(source).push_bind(entered.kind.code()).push_bind(entered.id);
                    row.push_bind(entered.at_ms);
                })
                .build().execute(conn).await.map(|done| done.rows_affected()))?;
        }
        Ok(())
    }
}
