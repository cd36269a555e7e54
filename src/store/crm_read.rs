//! CRM records as they stood at an instant. Deliberately absent: acceptance (`crm`).

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{
    engine::{Tx, on_engine},
    error::Result,
    row::{At, ms},
};
use crate::domain::{
    crm::{CrmId, CrmKind, CrmRecord, KnownRecord},
    facts::SnapshotInfo,
};

#[derive(sqlx::FromRow)]
struct KnownRow {
    source: String,
    kind: String,
    record_id: String,
    latest_ms: i64,
    as_of_ms: i64,
    body: String,
    entered_ms: i64,
}

impl Tx {
    /// Every record of every source known at the instant, sorted by id: its latest content at or before the instant, and
    /// whether a snapshot between then and the instant no longer had it.
    pub async fn records_as_of(&mut self, instant: DateTime<Utc>) -> Result<Vec<KnownRecord>> {
        let rows: Vec<KnownRow> = on_engine!(self, conn => sqlx::query_as(
            "SELECT v.source, v.kind, v.record_id, known.latest_ms, v.as_of_ms, v.body, e.entered_ms
             FROM (SELECT source, kind, record_id, MAX(as_of_ms) AS latest_ms,
                          MAX(CASE WHEN body IS NOT NULL THEN as_of_ms END) AS content_ms
                   FROM crm_version WHERE as_of_ms <= $1 GROUP BY source, kind, record_id) known
             JOIN crm_version v ON v.source = known.source AND v.kind = known.kind AND v.record_id = known.record_id
                               AND v.as_of_ms = known.content_ms
             JOIN crm_entered e ON e.source = v.source AND e.kind = v.kind AND e.record_id = v.record_id")
            .bind(ms(instant)).fetch_all(conn).await)?;
        let mut records = Vec::with_capacity(rows.len());
        for row in rows {
            let at = At { table: "crm_version", id: &row.record_id };
            let kind = at.some("kind", CrmKind::parse(&row.kind))?;
            let content: CrmRecord = at.json("body", &row.body)?;
            let entered_at = at.instant("entered_ms", row.entered_ms)?;
            let id = CrmId { source: row.source, kind, id: row.record_id };
            records.push(KnownRecord {
                record: CrmRecord { id, ..content },
                entered_at,
                gone: row.latest_ms > row.as_of_ms,
            });
        }
        records.sort_by(|a, b| a.record.id.cmp(&b.record.id));
        Ok(records)
    }

    /// The latest accepted snapshot of each source, sorted by source. `records` counts companies and contacts.
    pub async fn latest_snapshots(&mut self) -> Result<Vec<SnapshotInfo>> {
        self.snapshots_as_of(DateTime::<Utc>::MAX_UTC).await
    }

    /// The same as far as it was known at an instant: nothing may be judged on data that came later.
    pub async fn snapshots_as_of(&mut self, instant: DateTime<Utc>) -> Result<Vec<SnapshotInfo>> {
        let rows: Vec<(String, i64, String, i64)> = on_engine!(self, conn => sqlx::query_as(
            "SELECT source, given_ms, hash, companies + contacts AS records
             FROM (SELECT source, as_of_ms, given_ms, hash, companies, contacts,
                          ROW_NUMBER() OVER (PARTITION BY source ORDER BY as_of_ms DESC) AS age
                   FROM crm_snapshot WHERE as_of_ms <= $1) ranked
             WHERE age <= 2 ORDER BY as_of_ms").bind(ms(instant)).fetch_all(conn).await)?;
        let mut latest: BTreeMap<String, SnapshotInfo> = BTreeMap::new();
        for (source, given_ms, hash, records) in rows {
            let as_of = At { table: "crm_snapshot", id: &source }.instant("given_ms", given_ms)?;
            let previous_records = latest.get(&source).map(|before| before.records);
            latest.insert(source.clone(), SnapshotInfo { source, as_of, hash, records, previous_records });
        }
        Ok(latest.into_values().collect())
    }
}
