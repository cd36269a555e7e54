//! Trainings that were given: rows are added, never changed; at most one stands for a topic, a person and a day. Deliberately
//! absent: what became of them (`domain::report::company`).

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    engine::{Tx, on_engine},
    error::Result,
    row::ms,
};
use crate::domain::{org::EmployeeId, rule_facts::Training};

impl Tx {
    /// Adds a training; `false` when the same one stands already.
    pub async fn add_training(&mut self, training: &Training, author: &str, at: DateTime<Utc>) -> Result<bool> {
        let rows = on_engine!(self, conn => sqlx::query(
            "INSERT INTO training (id, topic, employee, taught_on, turn, recorded_ms, author)
             SELECT $1, $2, $3, $4, COUNT(*), $5, $6 FROM training t
             LEFT JOIN training_undo u ON u.training_id = t.id
             WHERE t.topic = $2 AND t.employee = $3 AND t.taught_on = $4
             HAVING COUNT(*) = COUNT(u.training_id)")
            .bind(&training.id).bind(&training.topic).bind(&training.employee.0).bind(training.on).bind(ms(at))
            .bind(author).execute(conn).await.map(|done| done.rows_affected()))?;
        Ok(rows == 1)
    }

    /// Takes a training back; `false` when there is no such one in force.
    pub async fn undo_training(&mut self, id: &str, author: &str, at: DateTime<Utc>, note: &str) -> Result<bool> {
        let rows = on_engine!(self, conn => sqlx::query(
            "INSERT INTO training_undo (training_id, undone_ms, author, note)
             SELECT id, $2, $3, $4 FROM training WHERE id = $1 ON CONFLICT (training_id) DO NOTHING")
            .bind(id).bind(ms(at)).bind(author).bind(note).execute(conn).await.map(|done| done.rows_affected()))?;
        Ok(rows == 1)
    }

    /// Trainings that stand, by day, topic and person.
    pub async fn trainings(&mut self) -> Result<Vec<Training>> {
        let rows: Vec<(String, String, String, NaiveDate)> = on_engine!(self, conn => sqlx::query_as(
            "SELECT t.id, t.topic, t.employee, t.taught_on FROM training t
             WHERE NOT EXISTS (SELECT 1 FROM training_undo u WHERE u.training_id = t.id)").fetch_all(conn).await)?;
        let mut all: Vec<Training> = rows
            .into_iter()
            .map(|(id, topic, employee, on)| Training { id, topic, employee: EmployeeId(employee), on })
            .collect();
        all.sort_by(|a, b| (a.on, &a.topic, &a.employee, &a.id).cmp(&(b.on, &b.topic, &b.employee, &b.id)));
        Ok(all)
    }
}
