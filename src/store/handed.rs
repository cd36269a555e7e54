//! What statements handed over to finance, what finance answered, and closes that wait for a second person. Deliberately
//! absent: which entries a statement takes (`domain::report::statement`), what the differences are.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::{
    engine::{Tx, on_engine, rows_per_statement},
    error::{Result, StoreError},
    row::{At, ms},
};
use crate::domain::{
    answer::{Answer, FinanceAnswer},
    money::Money,
    org::EmployeeId,
    period::Period,
};

/// A close as one person prepared it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreparedClose {
    /// Id.
    pub id: String,
    /// Newest period to close.
    pub period: Period,
    /// Who.
    pub author: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Hash of the inputs that person saw.
    pub input_hash: String,
}

#[derive(sqlx::FromRow)]
struct AnswerRow {
    id: String,
    number: String,
    employee: String,
    answer: String,
    amount: i64,
    note: String,
    author: String,
    answered_ms: i64,
    source: String,
}

impl TryFrom<AnswerRow> for FinanceAnswer {
    type Error = StoreError;
    fn try_from(row: AnswerRow) -> Result<Self> {
        let at = At { table: "finance_answer", id: &row.id };
        Ok(Self {
            answer: at.some("answer", Answer::parse(&row.answer))?,
            at: at.instant("answered_ms", row.answered_ms)?,
            number: row.number,
            employee: EmployeeId(row.employee),
            amount: Money::from_kopecks(row.amount),
            note: row.note,
            author: row.author,
            source: row.source,
            id: row.id,
        })
    }
}

impl Tx {
    /// Records what a statement hands over; [`StoreError::Duplicate`] when an entry was handed over before.
    pub async fn hand_over(&mut self, number: &str, entries: &BTreeSet<String>) -> Result<()> {
        let entries: Vec<&String> = entries.iter().collect();
        for part in entries.chunks(rows_per_statement(2)) {
            on_engine!(self, conn => sqlx::QueryBuilder::new("INSERT INTO statement_line (entry_id, number) ")
                .push_values(part, |mut row, entry| {
                    row.push_bind(entry.as_str()).push_bind(number);
                })
                .build().execute(conn).await.map(|done| done.rows_affected()))?;
        }
        Ok(())
    }

    /// Entries handed over so far, with the statement that did.
    pub async fn handed_over(&mut self) -> Result<BTreeMap<String, String>> {
        let rows: Vec<(String, String)> = on_engine!(self, conn => sqlx::query_as(
            "SELECT entry_id, number FROM statement_line").fetch_all(conn).await)?;
        Ok(rows.into_iter().collect())
    }

    /// Adds answers of finance.
    pub async fn add_answers(&mut self, answers: &[FinanceAnswer]) -> Result<()> {
        for part in answers.chunks(rows_per_statement(9)) {
            on_engine!(self, conn => sqlx::QueryBuilder::new(
                "INSERT INTO finance_answer (id, number, employee, answer, amount, note, author, answered_ms, source) ")
                .push_values(part, |mut row, answer| {
                    row.push_bind(answer.id.as_str()).push_bind(answer.number.as_str());
                    row.push_bind(answer.employee.0.as_str());
                    row.push_bind(answer.answer.code()).push_bind(answer.amount.kopecks());
                    row.push_bind(answer.note.as_str()).push_bind(answer.author.as_str());
                    row.push_bind(ms(answer.at)).push_bind(answer.source.as_str());
                })
                .build().execute(conn).await.map(|done| done.rows_affected()))?;
        }
        Ok(())
    }

    /// Every answer, oldest first.
    pub async fn answers(&mut self) -> Result<Vec<FinanceAnswer>> {
        let rows: Vec<AnswerRow> = on_engine!(self, conn => sqlx::query_as(
            "SELECT id, number, employee, answer, amount, note, author, answered_ms, source FROM finance_answer")
            .fetch_all(conn).await)?;
        let mut all = rows.into_iter().map(FinanceAnswer::try_from).collect::<Result<Vec<_>>>()?;
        all.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        Ok(all)
    }

    /// Remembers that a person prepared a close.
    pub async fn prepare_close(&mut self, prepared: &PreparedClose) -> Result<()> {
        on_engine!(self, conn => sqlx::query(
            "INSERT INTO close_prepared (id, period, author, prepared_ms, input_hash) VALUES ($1, $2, $3, $4, $5)")
            .bind(&prepared.id).bind(prepared.period.to_string()).bind(&prepared.author).bind(ms(prepared.at))
            .bind(&prepared.input_hash).execute(conn).await.map(|done| done.rows_affected()))?;
        Ok(())
    }

    /// The last preparation of a period's close.
    pub async fn prepared_close(&mut self, period: Period) -> Result<Option<PreparedClose>> {
        let rows: Vec<(String, String, i64, String)> = on_engine!(self, conn => sqlx::query_as(
            "SELECT id, author, prepared_ms, input_hash FROM close_prepared WHERE period = $1
             ORDER BY prepared_ms DESC, id DESC").bind(period.to_string()).fetch_all(conn).await)?;
        rows.into_iter()
            .next()
            .map(|(id, author, prepared_ms, input_hash)| {
                let at = At { table: "close_prepared", id: &id }.instant("prepared_ms", prepared_ms)?;
                Ok(PreparedClose { id: id.clone(), period, author, at, input_hash })
            })
            .transpose()
    }
}
