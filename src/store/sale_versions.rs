//! The history of documents: which versions held when. Deliberately absent: what a difference means
//! (`domain::report::beside`).

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    engine::{Tx, on_engine},
    error::Result,
    row::{At, ms},
    sales::SaleRow,
};
use crate::domain::{period::Period, report::SaleVersion, sale::Sale};

#[derive(sqlx::FromRow)]
struct VersionRow {
    #[sqlx(flatten)]
    sale: SaleRow,
    inserted_ms: i64,
    superseded_ms: Option<i64>,
}

impl Tx {
    /// Every version of the documents dated before the day that came or went after the instant, by key and time.
    pub async fn sale_versions_since(&mut self, since: DateTime<Utc>, before: NaiveDate) -> Result<Vec<SaleVersion>> {
        let rows: Vec<VersionRow> = on_engine!(self, conn => sqlx::query_as(
            "SELECT sale_key, organisation, number, sold_on, party_code, party_name, party_inn, party_kpp, manager, amount,
                    net, margin, bonus, currency, returns_number, file_hash, source_file, source_sheet, source_row,
                    source_column, inserted_ms, superseded_ms
             FROM sale WHERE sale_key IN (
                 SELECT sale_key FROM sale WHERE sold_on < $2 AND (inserted_ms > $1 OR superseded_ms > $1))")
            .bind(ms(since)).bind(before).fetch_all(conn).await)?;
        let mut versions = Vec::with_capacity(rows.len());
        for row in rows {
            let sale = Sale::try_from(row.sale)?;
            let at = At { table: "sale", id: &sale.key.0 };
            let from = at.instant("inserted_ms", row.inserted_ms)?;
            let until = at.instant_opt("superseded_ms", row.superseded_ms)?;
            versions.push(SaleVersion { sale, from, until });
        }
        versions.sort_by(|a, b| (&a.sale.key, a.from).cmp(&(&b.sale.key, b.from)));
        Ok(versions)
    }

    /// When each closed period was closed.
    pub async fn closed_at(&mut self) -> Result<BTreeMap<Period, DateTime<Utc>>> {
        let rows: Vec<(String, i64)> = on_engine!(self, conn => sqlx::query_as(
            "SELECT period, closed_ms FROM period_close").fetch_all(conn).await)?;
        rows.iter()
            .map(|(period, closed_ms)| {
                let at = At { table: "period_close", id: period };
                Ok((at.period("period", period)?, at.instant("closed_ms", *closed_ms)?))
            })
            .collect()
    }
}
