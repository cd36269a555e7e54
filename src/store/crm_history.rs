//! How CRM cards changed from snapshot to snapshot. Deliberately absent: records as of an instant (`crm_read`), judging what
//! a real change is (`domain::assess`).

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{
    engine::{Tx, on_engine},
    error::Result,
    row::{At, ms},
};
use crate::domain::{
    crm::{CrmId, CrmKind, CrmRecord},
    rule_facts::CardVersion,
};

impl Tx {
    /// Every content that companies and contacts had up to the instant, sorted by record and instant.
    pub async fn card_history(&mut self, until: DateTime<Utc>) -> Result<Vec<CardVersion>> {
        let rows: Vec<(String, String, String, i64, Option<String>)> = on_engine!(self, conn => sqlx::query_as(
            "SELECT source, kind, record_id, as_of_ms, body FROM crm_version
             WHERE kind IN ('company', 'contact') AND as_of_ms <= $1").bind(ms(until)).fetch_all(conn).await)?;
        let mut history = Vec::with_capacity(rows.len());
        for (source, kind, record_id, as_of_ms, body) in rows {
            let at = At { table: "crm_version", id: &record_id };
            let kind = at.some("kind", CrmKind::parse(&kind))?;
            let seen_at = at.instant("as_of_ms", as_of_ms)?;
            let content: Option<CrmRecord> = body.map(|text| at.json("body", &text)).transpose()?;
            let id = CrmId { source, kind, id: record_id.clone() };
            let record = content.map(|content| CrmRecord { id: id.clone(), ..content });
            history.push(CardVersion { id, seen_at, record });
        }
        history.sort_by(|a, b| (&a.id, a.seen_at).cmp(&(&b.id, b.seen_at)));
        Ok(history)
    }

    /// Instants of the accepted snapshots of each source up to the instant, ascending.
    pub async fn snapshot_instants(&mut self, until: DateTime<Utc>) -> Result<BTreeMap<String, Vec<DateTime<Utc>>>> {
        let rows: Vec<(String, i64)> = on_engine!(self, conn => sqlx::query_as(
            "SELECT source, as_of_ms FROM crm_snapshot WHERE as_of_ms <= $1 ORDER BY as_of_ms")
            .bind(ms(until)).fetch_all(conn).await)?;
        let mut all: BTreeMap<String, Vec<DateTime<Utc>>> = BTreeMap::new();
        for (source, as_of_ms) in rows {
            let at = At { table: "crm_snapshot", id: &source }.instant("as_of_ms", as_of_ms)?;
            all.entry(source).or_default().push(at);
        }
        Ok(all)
    }
}
