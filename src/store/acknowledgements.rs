//! The register of acknowledgements: rows are added, never changed; at most one stands for a person and a version.
//! Deliberately absent: who has to sign (`domain::regulation`), what depends on it (`adjust`).

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    decisions::Undo,
    engine::{Tx, on_engine},
    error::Result,
    row::{At, ms},
};
use crate::domain::{acknowledgement::Acknowledgement, org::EmployeeId};

/// An acknowledgement as it was recorded, and its end, if it was taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcknowledgementRecord {
    /// Id (UUIDv7).
    pub id: String,
    /// Who, which version, when.
    pub acknowledgement: Acknowledgement,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Who recorded it.
    pub author: String,
    /// File, sheet and row it was read from; empty: typed by hand.
    pub origin: String,
    /// Who took it back.
    pub undone: Option<Undo>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    employee: String,
    version: String,
    signed_on: NaiveDate,
    recorded_ms: i64,
    author: String,
    origin: String,
    content: String,
}

impl Tx {
    /// Adds an acknowledgement; `false` when one of the same person and version stands already.
    pub async fn add_acknowledgement(&mut self, record: &AcknowledgementRecord) -> Result<bool> {
        let of = &record.acknowledgement;
        let rows = on_engine!(self, conn => sqlx::query(
            "INSERT INTO acknowledgement (id, employee, version, turn, signed_on, recorded_ms, author, origin, content)
             SELECT $1, $2, $3, COUNT(*), $4, $5, $6, $7, $8 FROM acknowledgement a
             LEFT JOIN acknowledgement_undo u ON u.acknowledgement_id = a.id
             WHERE a.employee = $2 AND a.version = $3
             HAVING COUNT(*) = COUNT(u.acknowledgement_id)")
            .bind(&record.id).bind(&of.employee.0).bind(&of.version).bind(of.on).bind(ms(record.recorded_at))
            .bind(&record.author).bind(&record.origin).bind(&of.content)
            .execute(conn).await.map(|done| done.rows_affected()))?;
        Ok(rows == 1)
    }

    /// Takes an acknowledgement back; `false` when there is no such one in force.
    pub async fn undo_acknowledgement(
        &mut self,
        id: &str,
        author: &str,
        at: DateTime<Utc>,
        note: &str,
    ) -> Result<bool> {
        let rows = on_engine!(self, conn => sqlx::query(
            "INSERT INTO acknowledgement_undo (acknowledgement_id, undone_ms, author, note)
             SELECT id, $2, $3, $4 FROM acknowledgement WHERE id = $1 ON CONFLICT (acknowledgement_id) DO NOTHING")
            .bind(id).bind(ms(at)).bind(author).bind(note).execute(conn).await.map(|done| done.rows_affected()))?;
        Ok(rows == 1)
    }

    /// Acknowledgements that stand, sorted by person, version and day.
    pub async fn acknowledgements_in_force(&mut self) -> Result<Vec<Acknowledgement>> {
        let all = self.acknowledgement_history().await?;
        let mut standing: Vec<Acknowledgement> =
            all.into_iter().filter(|r| r.undone.is_none()).map(|r| r.acknowledgement).collect();
        standing.sort();
        Ok(standing)
    }

    /// Every acknowledgement ever recorded, sorted by the time of recording and id, with who took it back.
    pub async fn acknowledgement_history(&mut self) -> Result<Vec<AcknowledgementRecord>> {
        let rows: Vec<Row> = on_engine!(self, conn => sqlx::query_as(
            "SELECT id, employee, version, signed_on, recorded_ms, author, origin, content FROM acknowledgement")
            .fetch_all(conn).await)?;
        let undone: Vec<(String, i64, String, String)> = on_engine!(self, conn => sqlx::query_as(
            "SELECT acknowledgement_id, undone_ms, author, note FROM acknowledgement_undo").fetch_all(conn).await)?;
        let mut undos = BTreeMap::new();
        for (id, undone_ms, author, note) in undone {
            let at = At { table: "acknowledgement_undo", id: &id }.instant("undone_ms", undone_ms)?;
            undos.insert(id, Undo { author, at, note });
        }
        let mut records = Vec::with_capacity(rows.len());
        for row in rows {
            let recorded_at = At { table: "acknowledgement", id: &row.id }.instant("recorded_ms", row.recorded_ms)?;
            records.push(AcknowledgementRecord {
                undone: undos.remove(&row.id),
                id: row.id,
                acknowledgement: Acknowledgement {
                    employee: EmployeeId(row.employee),
                    version: row.version,
                    on: row.signed_on,
                    content: row.content,
                },
                recorded_at,
                author: row.author,
                origin: row.origin,
            });
        }
        records.sort_by(|a, b| (a.recorded_at, &a.id).cmp(&(b.recorded_at, &b.id)));
        Ok(records)
    }
}
