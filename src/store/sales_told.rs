//! Live sales in brief, for comparing an export with what is known: whose they are, and when they were last told so.
//! Deliberately absent: their facts (`sales`), and which export is right.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    engine::{Tx, on_engine, rows_per_statement},
    error::{Result, StoreError},
    row::{At, ms},
};
use crate::domain::sale::SaleKey;

/// A live sale in brief.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveSale {
    /// Identity.
    pub key: SaleKey,
    /// Date of the document.
    pub date: NaiveDate,
    /// The file that told it first as it is.
    pub file_hash: String,
    /// As-of of the newest file that told it so.
    pub told_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct LiveRow {
    sale_key: String,
    sold_on: NaiveDate,
    file_hash: String,
    told_ms: i64,
}

impl TryFrom<LiveRow> for LiveSale {
    type Error = StoreError;
    fn try_from(row: LiveRow) -> Result<Self> {
        let told_at = At { table: "sale", id: &row.sale_key }.instant("told_ms", row.told_ms)?;
        Ok(Self { key: SaleKey(row.sale_key), date: row.sold_on, file_hash: row.file_hash, told_at })
    }
}

fn sorted(rows: Vec<LiveRow>) -> Result<Vec<LiveSale>> {
    let mut sales = rows.into_iter().map(LiveSale::try_from).collect::<Result<Vec<_>>>()?;
    sales.sort_by(|a, b| a.key.cmp(&b.key));
    Ok(sales)
}

impl Tx {
    /// The live sales of some days, both inclusive, sorted by key.
    pub async fn live_sales_within(&mut self, from: NaiveDate, to: NaiveDate) -> Result<Vec<LiveSale>> {
        let rows: Vec<LiveRow> = on_engine!(self, conn => sqlx::query_as(
            "SELECT sale_key, sold_on, file_hash, told_ms FROM sale
             WHERE superseded_ms IS NULL AND sold_on >= $1 AND sold_on <= $2")
            .bind(from).bind(to).fetch_all(conn).await)?;
        sorted(rows)
    }

    /// The live sales among the keys, sorted by key.
    pub async fn live_sales_by_keys(&mut self, keys: &[SaleKey]) -> Result<Vec<LiveSale>> {
        let mut rows: Vec<LiveRow> = Vec::new();
        for part in keys.chunks(rows_per_statement(1)) {
            rows.extend::<Vec<LiveRow>>(on_engine!(self, conn => {
                let mut query = sqlx::QueryBuilder::new(
                    "SELECT sale_key, sold_on, file_hash, told_ms FROM sale
                     WHERE superseded_ms IS NULL AND sale_key IN (");
                let mut list = query.separated(", ");
                for key in part {
                    list.push_bind(key.0.as_str());
                }
                list.push_unseparated(")");
                query.build_query_as().fetch_all(conn).await
            })?);
        }
        sorted(rows)
    }

    /// A file as of an instant told the live versions of the keys as they are; time does not run back. Returns how many
    /// were not told so late before.
    pub async fn tell_sales(&mut self, keys: &[SaleKey], as_of: DateTime<Utc>) -> Result<u64> {
        let mut told = 0;
        for part in keys.chunks(rows_per_statement(1)) {
            told += on_engine!(self, conn => {
                let mut query = sqlx::QueryBuilder::new("UPDATE sale SET told_ms = ");
                query.push_bind(ms(as_of)).push(" WHERE superseded_ms IS NULL AND told_ms < ").push_bind(ms(as_of));
                query.push(" AND sale_key IN (");
                let mut list = query.separated(", ");
                for key in part {
                    list.push_bind(key.0.as_str());
                }
                list.push_unseparated(")");
                query.build().execute(conn).await.map(|done| done.rows_affected())
            })?;
        }
        Ok(told)
    }
}
