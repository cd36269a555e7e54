//! Closed periods and the statements that went out. Deliberately absent: when to close (`pipeline`) and reopening: a
//! closed period never changes.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{
    engine::{Tx, on_engine},
    error::{Result, StoreError},
    row::{At, ms},
};
use crate::domain::{money::Money, period::Period};

/// A statement as issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementRecord {
    /// `2026-11/1`.
    pub number: String,
    /// Period its entries are paid in.
    pub pay_period: Period,
    /// Run that issued it.
    pub run: String,
    /// Sum of its entries.
    pub total: Money,
    /// Last position of the ledger it covers.
    pub ledger_seq: i64,
    /// Hash of that entry, as printed.
    pub ledger_hash: String,
    /// When issued.
    pub issued_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct StatementRow {
    number: String,
    pay_period: String,
    run_id: String,
    total: i64,
    ledger_seq: i64,
    ledger_hash: String,
    issued_ms: i64,
}

impl TryFrom<StatementRow> for StatementRecord {
    type Error = StoreError;
    fn try_from(row: StatementRow) -> Result<Self> {
        let at = At { table: "statement", id: &row.number };
        Ok(Self {
            pay_period: at.period("pay_period", &row.pay_period)?,
            issued_at: at.instant("issued_ms", row.issued_ms)?,
            run: row.run_id,
            total: Money::from_kopecks(row.total),
            ledger_seq: row.ledger_seq,
            ledger_hash: row.ledger_hash,
            number: row.number,
        })
    }
}

impl Tx {
    /// The closed periods with the instant each was judged as of.
    pub async fn closed_periods(&mut self) -> Result<BTreeMap<Period, DateTime<Utc>>> {
        let rows: Vec<(String, i64)> = on_engine!(self, conn => sqlx::query_as(
            "SELECT period, as_of_ms FROM period_close").fetch_all(conn).await)?;
        rows.iter()
            .map(|(period, as_of_ms)| {
                let at = At { table: "period_close", id: period };
                Ok((at.period("period", period)?, at.instant("as_of_ms", *as_of_ms)?))
            })
            .collect()
    }

    /// Closes a period, judged as of an instant; [`StoreError::PeriodClosed`] when it is closed already.
    pub async fn close_period(
        &mut self,
        period: Period,
        as_of: DateTime<Utc>,
        run: &str,
        now: DateTime<Utc>,
    ) -> Result<()> {
        // A posting under way ends first, and sees the close after it.
        on_engine!(self, conn => sqlx::query("UPDATE ledger_head SET seq = seq WHERE id = 1")
            .execute(conn).await.map(|done| done.rows_affected()))?;
        let rows = on_engine!(self, conn => sqlx::query(
            "INSERT INTO period_close (period, as_of_ms, run_id, closed_ms) VALUES ($1, $2, $3, $4)
             ON CONFLICT (period) DO NOTHING")
            .bind(period.to_string()).bind(ms(as_of)).bind(run).bind(ms(now))
            .execute(conn).await.map(|done| done.rows_affected()))?;
        if rows == 1 { Ok(()) } else { Err(StoreError::PeriodClosed(period)) }
    }

    /// Number of the next statement of a period: `2026-11/1`, then `2026-11/2`.
    pub async fn next_statement_number(&mut self, period: Period) -> Result<String> {
        let issued: i64 = on_engine!(self, conn => sqlx::query_scalar(
            "SELECT COUNT(*) FROM statement WHERE pay_period = $1")
            .bind(period.to_string()).fetch_one(conn).await)?;
        Ok(format!("{period}/{}", issued + 1))
    }

    /// Records a statement; [`StoreError::Duplicate`] when another run took its number meanwhile.
    pub async fn add_statement(&mut self, statement: &StatementRecord) -> Result<()> {
        on_engine!(self, conn => sqlx::query(
            "INSERT INTO statement (number, pay_period, run_id, total, ledger_seq, ledger_hash, issued_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7)")
            .bind(&statement.number).bind(statement.pay_period.to_string()).bind(&statement.run)
            .bind(statement.total.kopecks()).bind(statement.ledger_seq).bind(&statement.ledger_hash)
            .bind(ms(statement.issued_at)).execute(conn).await.map(|done| done.rows_affected()))?;
        Ok(())
    }

    /// Every statement, oldest first.
    pub async fn statements(&mut self) -> Result<Vec<StatementRecord>> {
        let rows: Vec<StatementRow> =
            on_engine!(self, conn => sqlx::query_as("SELECT * FROM statement").fetch_all(conn).await)?;
        let mut all = rows.into_iter().map(StatementRecord::try_from).collect::<Result<Vec<_>>>()?;
        all.sort_by(|a, b| (a.issued_at, a.ledger_seq, &a.number).cmp(&(b.issued_at, b.ledger_seq, &b.number)));
        Ok(all)
    }
}
