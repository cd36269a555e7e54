//! Versions of sales: one live per key, the superseded ones kept. Deliberately absent: which of two files is right
//! (the pipeline says).

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    engine::{Tx, on_engine, rows_per_statement},
    error::{Result, StoreError},
    row::{At, ms, new_id},
};
use crate::domain::{
    finding::SourceRef,
    money::Money,
    sale::{PartyRef, Sale, SaleKey},
};

const COLUMNS: &str = "sale_key, organisation, number, sold_on, party_code, party_name, party_inn, party_kpp, manager, \
     amount, net, margin, bonus, currency, returns_number, file_hash, source_file, source_sheet, source_row, source_column";

#[derive(sqlx::FromRow)]
pub(super) struct SaleRow {
    sale_key: String,
    organisation: String,
    number: String,
    sold_on: NaiveDate,
    party_code: String,
    party_name: String,
    party_inn: String,
    party_kpp: String,
    manager: String,
    amount: i64,
    net: Option<i64>,
    margin: Option<i64>,
    bonus: Option<i64>,
    currency: String,
    returns_number: Option<String>,
    file_hash: String,
    source_file: String,
    source_sheet: String,
    source_row: i64,
    source_column: String,
}

impl TryFrom<SaleRow> for Sale {
    type Error = StoreError;
    fn try_from(row: SaleRow) -> Result<Self> {
        let at = At { table: "sale", id: &row.sale_key };
        let source_row = at.some("source_row", u32::try_from(row.source_row).ok())?;
        Ok(Self {
            key: SaleKey(row.sale_key),
            organisation: row.organisation,
            number: row.number,
            date: row.sold_on,
            party: PartyRef { code: row.party_code, name: row.party_name, inn: row.party_inn, kpp: row.party_kpp },
            manager: row.manager,
            amount: Money::from_kopecks(row.amount),
            net: row.net.map(Money::from_kopecks),
            margin: row.margin.map(Money::from_kopecks),
            bonus: row.bonus.map(Money::from_kopecks),
            currency: row.currency,
            returns: row.returns_number,
            file_hash: row.file_hash,
            source: SourceRef {
                file: row.source_file.into(),
                sheet: row.source_sheet.into(),
                row: source_row,
                column: row.source_column.into(),
            },
        })
    }
}

/// To domain values, sorted by key (the engines sort text differently).
fn sorted(rows: Vec<SaleRow>) -> Result<Vec<Sale>> {
    let mut sales = rows.into_iter().map(Sale::try_from).collect::<Result<Vec<_>>>()?;
    sales.sort_by(|a, b| a.key.cmp(&b.key));
    Ok(sales)
}

impl Tx {
    /// All live sales, sorted by key.
    pub async fn sales_in_force(&mut self) -> Result<Vec<Sale>> {
        let rows: Vec<SaleRow> = on_engine!(self, conn => sqlx::query_as(
            "SELECT sale_key, organisation, number, sold_on, party_code, party_name, party_inn, party_kpp, manager, amount,
                    net, margin, bonus, currency, returns_number, file_hash, source_file, source_sheet, source_row,
                    source_column
             FROM sale WHERE superseded_ms IS NULL").fetch_all(conn).await)?;
        sorted(rows)
    }

    /// The live sales of some days, both ends included, sorted by key.
    pub async fn sales_between(&mut self, from: NaiveDate, to: NaiveDate) -> Result<Vec<Sale>> {
        let rows: Vec<SaleRow> = on_engine!(self, conn => sqlx::QueryBuilder::new(
            format!("SELECT {COLUMNS} FROM sale WHERE superseded_ms IS NULL AND sold_on >= "))
            .push_bind(from).push(" AND sold_on <= ").push_bind(to)
            .build_query_as().fetch_all(conn).await)?;
        sorted(rows)
    }

    /// Day of the earliest live sale.
    pub async fn first_sale_day(&mut self) -> Result<Option<NaiveDate>> {
        let day: Option<NaiveDate> = on_engine!(self, conn => sqlx::query_scalar(
            "SELECT MIN(sold_on) FROM sale WHERE superseded_ms IS NULL").fetch_one(conn).await)?;
        Ok(day)
    }

    /// The live sales among the keys, sorted by key.
    pub async fn sales_by_keys(&mut self, keys: &[SaleKey]) -> Result<Vec<Sale>> {
        let mut rows: Vec<SaleRow> = Vec::new();
        for part in keys.chunks(rows_per_statement(1)) {
            rows.extend::<Vec<SaleRow>>(on_engine!(self, conn => {
                let mut query = sqlx::QueryBuilder::new(
                    format!("SELECT {COLUMNS} FROM sale WHERE superseded_ms IS NULL AND sale_key IN ("));
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

    /// Adds new live versions that are told now; [`StoreError::Duplicate`] when a key is already live (supersede it first).
    pub async fn insert_sales(&mut self, sales: &[Sale], now: DateTime<Utc>) -> Result<()> {
        self.insert_sales_told(sales, now, now).await
    }

    /// The same for a file that told them as of another instant.
    pub async fn insert_sales_told(&mut self, sales: &[Sale], told: DateTime<Utc>, now: DateTime<Utc>) -> Result<()> {
        for part in sales.chunks(rows_per_statement(23)) {
            on_engine!(self, conn => sqlx::QueryBuilder::new(format!("INSERT INTO sale (id, inserted_ms, told_ms, {COLUMNS}) "))
                .push_values(part, |mut row, sale| {
                    row.push_bind(new_id(now)).push_bind(ms(now)).push_bind(ms(told));
                    row.push_bind(sale.key.0.as_str()).push_bind(sale.organisation.as_str());
                    row.push_bind(sale.number.as_str()).push_bind(sale.date);
                    row.push_bind(sale.party.code.as_str()).push_bind(sale.party.name.as_str());
                    row.push_bind(sale.party.inn.as_str()).push_bind(sale.party.kpp.as_str());
                    row.push_bind(sale.manager.as_str()).push_bind(sale.amount.kopecks());
                    row.push_bind(sale.net.map(Money::kopecks)).push_bind(sale.margin.map(Money::kopecks));
                    row.push_bind(sale.bonus.map(Money::kopecks)).push_bind(sale.currency.as_str());
                    row.push_bind(sale.returns.as_deref()).push_bind(sale.file_hash.as_str());
                    row.push_bind(&*sale.source.file).push_bind(&*sale.source.sheet);
                    row.push_bind(i64::from(sale.source.row)).push_bind(&*sale.source.column);
                })
                .build().execute(conn).await.map(|done| done.rows_affected()))?;
        }
        Ok(())
    }

    /// Ends the live versions of the keys and returns how many there were; they stay in the history.
    pub async fn supersede_sales(&mut self, keys: &[SaleKey], now: DateTime<Utc>) -> Result<u64> {
        let mut ended = 0;
        for part in keys.chunks(rows_per_statement(1)) {
            ended += on_engine!(self, conn => {
                let mut query = sqlx::QueryBuilder::new("UPDATE sale SET superseded_ms = ");
                query.push_bind(ms(now)).push(" WHERE superseded_ms IS NULL AND sale_key IN (");
                let mut list = query.separated(", ");
                for key in part {
                    list.push_bind(key.0.as_str());
                }
                list.push_unseparated(")");
                query.build().execute(conn).await.map(|done| done.rows_affected())
            })?;
        }
        Ok(ended)
    }
}
