//! What people decided about counterparties: rows are added, never changed. Deliberately absent: what a decision means
//! (`matching`).

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{
    engine::{Tx, on_engine},
    error::{Result, StoreError},
    row::{At, ms},
};
use crate::domain::{
    crm::{CrmId, CrmKind},
    decisions::Seen,
    party::PartyKey,
    verdict::{Decision, DecisionKind},
};

/// A decision with its end, if it was taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionEvent {
    /// The decision.
    pub decision: Decision,
    /// Who took it back.
    pub undone: Option<Undo>,
}

/// A decision taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undo {
    /// Who.
    pub author: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub note: String,
}

#[derive(sqlx::FromRow)]
struct DecisionRow {
    id: String,
    decided_ms: i64,
    author: String,
    party_key: String,
    kind: String,
    crm_source: Option<String>,
    crm_kind: Option<String>,
    crm_id: Option<String>,
    other_key: Option<String>,
    note: String,
}

/// All columns of a decision but what was seen.
const COLUMNS: &str =
    "SELECT id, decided_ms, author, party_key, kind, crm_source, crm_kind, crm_id, other_key, note FROM decision";

impl TryFrom<DecisionRow> for Decision {
    type Error = StoreError;
    fn try_from(row: DecisionRow) -> Result<Self> {
        let at = At { table: "decision", id: &row.id };
        let record = || {
            at.some(
                "crm_id",
                row.crm_source.clone().zip(row.crm_kind.as_deref().and_then(CrmKind::parse)).zip(row.crm_id.clone()),
            )
            .map(|((source, kind), id)| CrmId { source, kind, id })
        };
        let kind = match row.kind.as_str() {
            "confirm" => DecisionKind::Confirm(record()?),
            "reject" => DecisionKind::Reject(record()?),
            "exempt" => DecisionKind::Exempt,
            "same" => DecisionKind::Same(PartyKey(at.some("other_key", row.other_key.clone())?)),
            _ => return Err(at.corrupt("kind")),
        };
        let decided = at.instant("decided_ms", row.decided_ms)?;
        Ok(Self { at: decided, author: row.author, party: PartyKey(row.party_key), kind, note: row.note, id: row.id })
    }
}

impl Tx {
    /// Adds a decision; [`StoreError::Duplicate`] when its id exists.
    pub async fn add_decision(&mut self, decision: &Decision) -> Result<()> {
        self.insert(decision, None).await
    }

    /// Adds a decision with what was known of both sides; [`StoreError::Duplicate`] when its id exists.
    pub async fn add_decision_seen(&mut self, decision: &Decision, seen: &Seen) -> Result<()> {
        self.insert(decision, serde_json::to_string(seen).ok()).await
    }

    async fn insert(&mut self, decision: &Decision, seen: Option<String>) -> Result<()> {
        let (kind, other) = match &decision.kind {
            DecisionKind::Confirm(_) => ("confirm", None),
            DecisionKind::Reject(_) => ("reject", None),
            DecisionKind::Exempt => ("exempt", None),
            DecisionKind::Same(other) => ("same", Some(other.0.as_str())),
        };
        let record = decision.kind.record();
        on_engine!(self, conn => sqlx::query(
            "INSERT INTO decision (id, decided_ms, author, party_key, kind, crm_source, crm_kind, crm_id, other_key,
                                   note, seen)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
            .bind(&decision.id).bind(ms(decision.at)).bind(&decision.author).bind(&decision.party.0).bind(kind)
            .bind(record.map(|r| r.source.as_str())).bind(record.map(|r| r.kind.code()))
            .bind(record.map(|r| r.id.as_str())).bind(other).bind(&decision.note).bind(seen.as_deref())
            .execute(conn).await.map(|done| done.rows_affected()))?;
        Ok(())
    }

    /// What was known when decisions were made, by the decision's id; those from before it was kept are absent.
    pub async fn decisions_seen(&mut self) -> Result<BTreeMap<String, Seen>> {
        let rows: Vec<(String, String)> = on_engine!(self, conn => sqlx::query_as(
            "SELECT id, seen FROM decision WHERE seen IS NOT NULL").fetch_all(conn).await)?;
        let read = |(id, seen): (String, String)| {
            let kept = At { table: "decision", id: &id }.json("seen", &seen)?;
            Ok((id, kept))
        };
        rows.into_iter().map(read).collect()
    }

    /// Takes a decision back; `false` when there is no such decision in force.
    pub async fn undo_decision(&mut self, id: &str, author: &str, at: DateTime<Utc>, note: &str) -> Result<bool> {
        let rows = on_engine!(self, conn => sqlx::query(
            "INSERT INTO decision_undo (decision_id, undone_ms, author, note)
             SELECT id, $2, $3, $4 FROM decision WHERE id = $1 ON CONFLICT (decision_id) DO NOTHING")
            .bind(id).bind(ms(at)).bind(author).bind(note).execute(conn).await.map(|done| done.rows_affected()))?;
        Ok(rows == 1)
    }

    /// Decisions that stand, sorted by time and id.
    pub async fn decisions_in_force(&mut self) -> Result<Vec<Decision>> {
        let all = self.decision_history().await?;
        Ok(all.into_iter().filter(|event| event.undone.is_none()).map(|event| event.decision).collect())
    }

    /// Every decision ever made, sorted by time and id, with who took it back.
    pub async fn decision_history(&mut self) -> Result<Vec<DecisionEvent>> {
        let rows: Vec<DecisionRow> = on_engine!(self, conn => sqlx::query_as(COLUMNS).fetch_all(conn).await)?;
        let undone: Vec<(String, i64, String, String)> = on_engine!(self, conn => sqlx::query_as(
            "SELECT decision_id, undone_ms, author, note FROM decision_undo").fetch_all(conn).await)?;
        let mut undos = BTreeMap::new();
        for (id, undone_ms, author, note) in undone {
            let at = At { table: "decision_undo", id: &id }.instant("undone_ms", undone_ms)?;
            undos.insert(id, Undo { author, at, note });
        }
        let mut events = Vec::with_capacity(rows.len());
        for row in rows {
            let decision = Decision::try_from(row)?;
            let undone = undos.remove(&decision.id);
            events.push(DecisionEvent { decision, undone });
        }
        events.sort_by(|a, b| (a.decision.at, &a.decision.id).cmp(&(b.decision.at, &b.decision.id)));
        Ok(events)
    }
}
