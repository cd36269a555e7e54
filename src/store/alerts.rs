//! What people were already told, so that nobody is told twice. Deliberately absent: deciding what to tell.

use chrono::{DateTime, Utc};

use super::{
    engine::{Tx, on_engine, rows_per_statement},
    error::Result,
    row::{At, ms},
};
use crate::domain::{org::EmployeeId, sale::SaleKey};

/// One thing one person was told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AlertedItem {
    /// Who was told.
    pub employee: EmployeeId,
    /// About which sale.
    pub sale: SaleKey,
    /// What: a code of the caller's, such as `missing`.
    pub kind: String,
    /// When first.
    pub at: DateTime<Utc>,
}

impl Tx {
    /// Everything people were told, sorted.
    pub async fn alerted(&mut self) -> Result<Vec<AlertedItem>> {
        let rows: Vec<(String, String, String, i64)> = on_engine!(self, conn => sqlx::query_as(
            "SELECT employee, sale_key, kind, alerted_ms FROM alerted").fetch_all(conn).await)?;
        let mut items = Vec::with_capacity(rows.len());
        for (employee, sale, kind, alerted_ms) in rows {
            let at = At { table: "alerted", id: &sale }.instant("alerted_ms", alerted_ms)?;
            items.push(AlertedItem { employee: EmployeeId(employee), sale: SaleKey(sale), kind, at });
        }
        items.sort();
        Ok(items)
    }

    /// Remembers what people were told and returns how much of it is new; the first time counts.
    pub async fn add_alerted(&mut self, items: &[AlertedItem]) -> Result<u64> {
        let mut added = 0;
        for part in items.chunks(rows_per_statement(4)) {
            added += on_engine!(self, conn => {
                let mut query = sqlx::QueryBuilder::new("INSERT INTO alerted (employee, sale_key, kind, alerted_ms) ");
                query.push_values(part, |mut row, item| {
                    row.push_bind(item.employee.0.as_str()).push_bind(item.sale.0.as_str());
                    row.push_bind(item.kind.as_str()).push_bind(ms(item.at));
                });
                query.push(" ON CONFLICT DO NOTHING");
                query.build().execute(conn).await.map(|done| done.rows_affected())
            })?;
        }
        Ok(added)
    }
}
