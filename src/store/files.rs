//! Files that arrived and what became of them. Deliberately absent: their bytes.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    engine::{Tx, on_engine},
    error::{Result, StoreError},
    row::{At, json_text, limit, ms, span},
};
use crate::domain::inbox::{DateSpan, FileRecord, FileState, Grain, TableKind};

#[derive(sqlx::FromRow)]
struct FileRow {
    hash: String,
    name: String,
    source: String,
    as_of_ms: i64,
    received_ms: i64,
    state: String,
    kind: String,
    row_count: i64,
    span_from: Option<NaiveDate>,
    span_to: Option<NaiveDate>,
    organisation: String,
    grain: String,
    full_of: Option<String>,
    findings: String,
}

impl TryFrom<FileRow> for FileRecord {
    type Error = StoreError;
    fn try_from(row: FileRow) -> Result<Self> {
        let at = At { table: "file", id: &row.hash };
        Ok(Self {
            as_of: at.instant("as_of_ms", row.as_of_ms)?,
            received_at: at.instant("received_ms", row.received_ms)?,
            state: at.some("state", state(&row.state))?,
            kind: at.some("kind", kind(&row.kind))?,
            rows: row.row_count,
            span: span(row.span_from, row.span_to).map(|(from, to)| DateSpan { from, to }),
            grain: at
                .some("grain", [Grain::Documents, Grain::Turnovers].into_iter().find(|g| g.code() == row.grain))?,
            full_of: row.full_of.as_deref().map(|text| at.json("full_of", text)).transpose()?,
            findings: at.json("findings", &row.findings)?,
            name: row.name,
            source: row.source,
            organisation: row.organisation,
            hash: row.hash,
        })
    }
}

fn state(code: &str) -> Option<FileState> {
    [FileState::Accepted, FileState::Quarantined, FileState::Dismissed].into_iter().find(|s| s.code() == code)
}

fn kind(code: &str) -> Option<TableKind> {
    use TableKind::{Calls, Counterparties, CrmActivities, CrmCompanies, CrmContacts, CrmDeals, Plans, Sales, Unknown};
    [Sales, Counterparties, CrmCompanies, CrmContacts, CrmDeals, CrmActivities, Calls, Plans, Unknown]
        .into_iter()
        .find(|k| k.code() == code)
}

/// Findings and organisations as their columns hold them.
fn texts(file: &FileRecord) -> Result<(String, Option<String>)> {
    let at = At { table: "file", id: &file.hash };
    let full_of = file.full_of.as_ref().map(|all| json_text(at, "full_of", all)).transpose()?;
    Ok((json_text(at, "findings", &file.findings)?, full_of))
}

impl Tx {
    /// The file with the hash.
    pub async fn file(&mut self, hash: &str) -> Result<Option<FileRecord>> {
        let row: Option<FileRow> = on_engine!(self, conn => sqlx::query_as("SELECT * FROM file WHERE hash = $1")
            .bind(hash).fetch_optional(conn).await)?;
        row.map(FileRecord::try_from).transpose()
    }

    /// Records a file. A file set aside before is recorded anew (keeping when it first arrived); an accepted one stays as
    /// it is, and the answer is `false`.
    pub async fn add_file(&mut self, file: &FileRecord) -> Result<bool> {
        let (findings, full_of) = texts(file)?;
        let rows = on_engine!(self, conn => sqlx::query(
            "INSERT INTO file (hash, name, source, as_of_ms, received_ms, state, kind, row_count, span_from, span_to,
                               organisation, findings, grain, full_of)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
             ON CONFLICT (hash) DO UPDATE SET name = excluded.name, source = excluded.source,
                 as_of_ms = excluded.as_of_ms, state = excluded.state, kind = excluded.kind,
                 row_count = excluded.row_count, span_from = excluded.span_from, span_to = excluded.span_to,
                 organisation = excluded.organisation, findings = excluded.findings, grain = excluded.grain,
                 full_of = excluded.full_of
             WHERE file.state <> 'accepted'")
            .bind(&file.hash).bind(&file.name).bind(&file.source).bind(ms(file.as_of)).bind(ms(file.received_at))
            .bind(file.state.code()).bind(file.kind.code()).bind(file.rows)
            .bind(file.span.map(|s| s.from)).bind(file.span.map(|s| s.to))
            .bind(&file.organisation).bind(&findings).bind(file.grain.code()).bind(full_of.as_deref())
            .execute(conn).await.map(|done| done.rows_affected()))?;
        Ok(rows == 1)
    }

    /// Changes the fate of a file; `false` when there is no such file.
    pub async fn set_file_state(&mut self, hash: &str, state: FileState) -> Result<bool> {
        let rows = on_engine!(self, conn => sqlx::query("UPDATE file SET state = $2 WHERE hash = $1")
            .bind(hash).bind(state.code()).execute(conn).await.map(|done| done.rows_affected()))?;
        Ok(rows == 1)
    }

    /// The same content was exported again: it is as of the later instant now.
    pub async fn confirm_file(&mut self, hash: &str, as_of: DateTime<Utc>) -> Result<bool> {
        let rows = on_engine!(self, conn => sqlx::query("UPDATE file SET as_of_ms = $2 WHERE hash = $1 AND as_of_ms < $2")
            .bind(hash).bind(ms(as_of)).execute(conn).await.map(|done| done.rows_affected()))?;
        Ok(rows == 1)
    }

    /// An accepted file was exported again and told anew: it is as of the later instant, with what was noticed now.
    pub async fn retell_file(&mut self, file: &FileRecord) -> Result<bool> {
        let (findings, full_of) = texts(file)?;
        let rows = on_engine!(self, conn => sqlx::query(
            "UPDATE file SET as_of_ms = $2, findings = $3, full_of = $4, span_from = $5, span_to = $6, grain = $7
             WHERE hash = $1 AND as_of_ms < $2")
            .bind(&file.hash).bind(ms(file.as_of)).bind(&findings).bind(full_of.as_deref())
            .bind(file.span.map(|s| s.from)).bind(file.span.map(|s| s.to)).bind(file.grain.code())
            .execute(conn).await.map(|done| done.rows_affected()))?;
        Ok(rows == 1)
    }

    /// The files that arrived last, of one source or of all, newest first.
    pub async fn files(&mut self, source: Option<&str>, rows: usize) -> Result<Vec<FileRecord>> {
        let rows: Vec<FileRow> = on_engine!(self, conn => sqlx::query_as(
            "SELECT * FROM file WHERE $1 IS NULL OR source = $1 ORDER BY received_ms DESC, hash LIMIT $2")
            .bind(source).bind(limit(rows)).fetch_all(conn).await)?;
        rows.into_iter().map(FileRecord::try_from).collect()
    }

    /// The files that wait for a person, oldest first.
    pub async fn quarantined(&mut self) -> Result<Vec<FileRecord>> {
        let rows: Vec<FileRow> = on_engine!(self, conn => sqlx::query_as(
            "SELECT * FROM file WHERE state = 'quarantined' ORDER BY received_ms, hash").fetch_all(conn).await)?;
        rows.into_iter().map(FileRecord::try_from).collect()
    }
}
