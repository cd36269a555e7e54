//! What heads said about deals, and votes of the jury: rows are added, never changed. Deliberately absent: who may speak
//! (`domain::deals`), what follows from it (`domain::adjust`).

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{
    engine::{Tx, on_engine},
    error::Result,
    row::{At, ms},
};
use crate::domain::{
    money::Money,
    org::EmployeeId,
    rule_facts::{DealDecision, Vote},
    sale::SaleKey,
};

impl Tx {
    /// Adds a head's word; [`super::StoreError::Duplicate`] when its id exists.
    pub async fn add_deal_decision(&mut self, word: &DealDecision) -> Result<()> {
        on_engine!(self, conn => sqlx::query(
            "INSERT INTO deal_decision (id, decided_ms, author, sale_key, amount, returned)
             VALUES ($1, $2, $3, $4, $5, $6)")
            .bind(&word.id).bind(ms(word.at)).bind(&word.author.0).bind(&word.sale.0).bind(word.amount.kopecks())
            .bind(word.returned.as_deref()).execute(conn).await.map(|done| done.rows_affected()))?;
        Ok(())
    }

    /// Every word ever said, sorted by time and id.
    pub async fn deal_decisions(&mut self) -> Result<Vec<DealDecision>> {
        let rows: Vec<(String, i64, String, String, i64, Option<String>)> = on_engine!(self, conn => sqlx::query_as(
            "SELECT id, decided_ms, author, sale_key, amount, returned FROM deal_decision").fetch_all(conn).await)?;
        let mut words = Vec::with_capacity(rows.len());
        for (id, decided_ms, author, sale, amount, returned) in rows {
            let at = At { table: "deal_decision", id: &id }.instant("decided_ms", decided_ms)?;
            let (author, sale, amount) = (EmployeeId(author), SaleKey(sale), Money::from_kopecks(amount));
            words.push(DealDecision { id, at, author, sale, amount, returned });
        }
        words.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        Ok(words)
    }

    /// Adds a vote, with who brought it in; [`super::StoreError::Duplicate`] when its id exists.
    pub async fn add_vote(&mut self, id: &str, vote: &Vote, author: &str, at: DateTime<Utc>) -> Result<()> {
        on_engine!(self, conn => sqlx::query(
            "INSERT INTO vote (id, cast_ms, author, period, rule, juror, employee)
             VALUES ($1, $2, $3, $4, $5, $6, $7)")
            .bind(id).bind(ms(at)).bind(author).bind(vote.period.to_string()).bind(&vote.rule)
            .bind(&vote.juror.0).bind(&vote.employee.0).execute(conn).await.map(|done| done.rows_affected()))?;
        Ok(())
    }

    /// The last vote of each member in each contest, sorted by period, rule and member.
    pub async fn votes(&mut self) -> Result<Vec<Vote>> {
        let mut rows: Vec<(String, i64, String, String, String, String)> = on_engine!(self, conn => sqlx::query_as(
            "SELECT id, cast_ms, period, rule, juror, employee FROM vote").fetch_all(conn).await)?;
        rows.sort_by(|a, b| (a.1, &a.0).cmp(&(b.1, &b.0)));
        let mut last = BTreeMap::new();
        for (id, _, period, rule, juror, employee) in rows {
            let period = At { table: "vote", id: &id }.period("period", &period)?;
            let vote = Vote { period, rule, juror: EmployeeId(juror), employee: EmployeeId(employee) };
            last.insert((vote.period, vote.rule.clone(), vote.juror.clone()), vote);
        }
        Ok(last.into_values().collect())
    }
}
