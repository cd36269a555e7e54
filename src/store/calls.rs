//! Calls and plans as the newest file tells them: of two files the later one counts, in whatever order they came.
//! Deliberately absent: counting calls (`domain::assess::calls`), attainment (`domain::adjust`).

use chrono::{DateTime, Utc};

use super::{
    engine::{Tx, on_engine, rows_per_statement},
    error::Result,
    row::{At, ms},
};
use crate::domain::{
    finding::SourceRef,
    money::Money,
    org::EmployeeId,
    rule_facts::{CallLeg, Plan},
};

#[derive(sqlx::FromRow)]
struct LegRow {
    source: String,
    linked_id: String,
    number: String,
    employee: String,
    started_ms: i64,
    seconds: i64,
    result: String,
    file_hash: String,
    source_file: String,
    source_sheet: String,
    source_row: i64,
}

#[derive(sqlx::FromRow)]
struct PlanRow {
    employee: String,
    period: String,
    amount: i64,
    file_hash: String,
    source_file: String,
    source_sheet: String,
    source_row: i64,
}

fn place(file: String, sheet: String, row: i64) -> SourceRef {
    SourceRef {
        file: file.into(),
        sheet: sheet.into(),
        row: u32::try_from(row).unwrap_or_default(),
        ..SourceRef::default()
    }
}

/// Variables of one row of a call.
const LEG_COLUMNS: usize = 12;

impl Tx {
    /// Stores legs told by a file as of an instant; one that a later file told stays as it is.
    pub async fn put_calls(&mut self, legs: &[CallLeg], told: DateTime<Utc>) -> Result<()> {
        // A statement must not touch a row twice: of equal legs in one file the longest counts.
        let mut unique: std::collections::BTreeMap<_, &CallLeg> = std::collections::BTreeMap::new();
        for leg in legs {
            let key = (&leg.source, &leg.linked_id, &leg.number, &leg.employee, ms(leg.started_at));
            let kept = unique.entry(key).or_insert(leg);
            if leg.seconds > kept.seconds {
                *kept = leg;
            }
        }
        let unique: Vec<&CallLeg> = unique.into_values().collect();
        for part in unique.chunks(rows_per_statement(LEG_COLUMNS)) {
            const INSERT: &str = "INSERT INTO call_leg (source, linked_id, number, employee, started_ms, seconds, result, \
                                  told_ms, file_hash, source_file, source_sheet, source_row) ";
            const LATER: &str = " ON CONFLICT (source, linked_id, number, employee, started_ms) DO UPDATE SET \
                                 seconds = excluded.seconds, result = excluded.result, told_ms = excluded.told_ms, \
                                 file_hash = excluded.file_hash, source_file = excluded.source_file, \
                                 source_sheet = excluded.source_sheet, source_row = excluded.source_row \
                                 WHERE call_leg.told_ms < excluded.told_ms \
                                    OR (call_leg.told_ms = excluded.told_ms AND call_leg.file_hash < excluded.file_hash)";
            on_engine!(self, conn => {
                let mut query = sqlx::QueryBuilder::new(INSERT);
                query.push_values(part, |mut row, leg| {
                    row.push_bind(leg.source.as_str()).push_bind(leg.linked_id.as_str())
                        .push_bind(leg.number.as_str()).push_bind(leg.employee.as_str())
                        .push_bind(ms(leg.started_at)).push_bind(i64::from(leg.seconds))
                        .push_bind(leg.result.as_str()).push_bind(ms(told)).push_bind(leg.file_hash.as_str())
                        .push_bind(leg.place.file.to_string()).push_bind(leg.place.sheet.to_string())
                        .push_bind(i64::from(leg.place.row));
                });
                query.push(LATER).build().execute(conn).await.map(|done| done.rows_affected())
            })?;
        }
        Ok(())
    }

    /// Legs that began at the instant or later, sorted by source, call and start.
    pub async fn calls_since(&mut self, since: DateTime<Utc>) -> Result<Vec<CallLeg>> {
        let rows: Vec<LegRow> = on_engine!(self, conn => sqlx::query_as(
            "SELECT source, linked_id, number, employee, started_ms, seconds, result, file_hash, source_file,
                    source_sheet, source_row
             FROM call_leg WHERE started_ms >= $1").bind(ms(since)).fetch_all(conn).await)?;
        let mut legs = Vec::with_capacity(rows.len());
        for row in rows {
            let at = At { table: "call_leg", id: &row.linked_id };
            let started_at = at.instant("started_ms", row.started_ms)?;
            let seconds = at.some("seconds", u32::try_from(row.seconds).ok())?;
            legs.push(CallLeg {
                source: row.source,
                linked_id: row.linked_id,
                number: row.number,
                employee: row.employee,
                started_at,
                seconds,
                result: row.result,
                file_hash: row.file_hash,
                place: place(row.source_file, row.source_sheet, row.source_row),
            });
        }
        legs.sort_by(|a, b| {
            let key = |l: &CallLeg| {
                (l.source.clone(), l.linked_id.clone(), l.started_at, l.number.clone(), l.employee.clone())
            };
            key(a).cmp(&key(b))
        });
        Ok(legs)
    }

    /// Stores a plan told by a file as of an instant; one that a later file told stays as it is.
    pub async fn put_plan(&mut self, plan: &Plan, told: DateTime<Utc>) -> Result<()> {
        on_engine!(self, conn => sqlx::query(
            "INSERT INTO plan (employee, period, amount, told_ms, file_hash, source_file, source_sheet, source_row)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (employee, period) DO UPDATE SET amount = excluded.amount, told_ms = excluded.told_ms,
                 file_hash = excluded.file_hash, source_file = excluded.source_file,
                 source_sheet = excluded.source_sheet, source_row = excluded.source_row
             WHERE plan.told_ms < excluded.told_ms
                OR (plan.told_ms = excluded.told_ms AND plan.file_hash < excluded.file_hash)")
            .bind(&plan.employee.0).bind(plan.period.to_string()).bind(plan.amount.kopecks()).bind(ms(told))
            .bind(&plan.file_hash).bind(plan.source.file.to_string()).bind(plan.source.sheet.to_string())
            .bind(i64::from(plan.source.row)).execute(conn).await.map(|done| done.rows_affected()))?;
        Ok(())
    }

    /// All plans, sorted by employee and period.
    pub async fn plans(&mut self) -> Result<Vec<Plan>> {
        let rows: Vec<PlanRow> = on_engine!(self, conn => sqlx::query_as(
            "SELECT employee, period, amount, file_hash, source_file, source_sheet, source_row FROM plan")
            .fetch_all(conn).await)?;
        let mut plans = Vec::with_capacity(rows.len());
        for row in rows {
            let period = At { table: "plan", id: &row.employee }.period("period", &row.period)?;
            plans.push(Plan {
                employee: EmployeeId(row.employee),
                period,
                amount: Money::from_kopecks(row.amount),
                file_hash: row.file_hash,
                source: place(row.source_file, row.source_sheet, row.source_row),
            });
        }
        plans.sort_by(|a, b| (&a.employee, a.period).cmp(&(&b.employee, b.period)));
        Ok(plans)
    }
}
