//! From columns to domain values: every conversion that can fail names table, column and row. Deliberately absent: SQL.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Serialize, de::DeserializeOwned};
use uuid::{NoContext, Timestamp, Uuid};

use super::error::{Result, StoreError};
use crate::domain::period::Period;

/// A time-ordered id (UUIDv7) of an instant; ids of one millisecond have no order among themselves.
pub fn new_id(now: DateTime<Utc>) -> String {
    let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
    Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, now.timestamp_subsec_nanos())).to_string()
}

/// The row being read, for errors.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    pub(super) table: &'static str,
    pub(super) id: &'a str,
}

impl At<'_> {
    pub(super) fn corrupt(self, column: &'static str) -> StoreError {
        StoreError::Corrupt { table: self.table, column, id: self.id.to_owned() }
    }

    /// The value, or an error that names its column.
    pub(super) fn some<T>(self, column: &'static str, value: Option<T>) -> Result<T> {
        value.ok_or_else(|| self.corrupt(column))
    }

    pub(super) fn instant(self, column: &'static str, ms: i64) -> Result<DateTime<Utc>> {
        self.some(column, DateTime::from_timestamp_millis(ms))
    }

    pub(super) fn instant_opt(self, column: &'static str, ms: Option<i64>) -> Result<Option<DateTime<Utc>>> {
        ms.map(|ms| self.instant(column, ms)).transpose()
    }

    pub(super) fn period(self, column: &'static str, text: &str) -> Result<Period> {
        self.some(column, text.parse().ok())
    }

    pub(super) fn json<T: DeserializeOwned>(self, column: &'static str, text: &str) -> Result<T> {
        self.some(column, serde_json::from_str(text).ok())
    }
}

/// A value as the JSON text of a column.
pub(super) fn json_text<T: Serialize>(at: At<'_>, column: &'static str, value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|_| at.corrupt(column))
}

/// An instant as a column holds it.
pub(super) const fn ms(at: DateTime<Utc>) -> i64 {
    at.timestamp_millis()
}

/// A limit as a parameter.
pub(super) fn limit(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

/// Two dates of which both or neither stand.
pub(super) fn span(from: Option<NaiveDate>, to: Option<NaiveDate>) -> Option<(NaiveDate, NaiveDate)> {
    from.zip(to)
}
