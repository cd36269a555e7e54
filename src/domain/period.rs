//! A pay period: a calendar month in the business time zone. Deliberately absent: the clock, and the question whether
//! a period is closed (the store knows).

use std::{fmt, str::FromStr};

use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// A calendar month, written `2026-11`. Ordered by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Period {
    first: NaiveDate,
}

impl Period {
    /// The month of a year; `None` outside 1..=12.
    pub fn new(year: i32, month: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, 1).map(|first| Self { first })
    }

    /// The month that contains the date.
    pub fn of(date: NaiveDate) -> Self {
        Self { first: date.with_day(1).unwrap_or(date) }
    }

    /// First day.
    pub const fn from(self) -> NaiveDate {
        self.first
    }

    /// First day after the period: the range is half-open.
    pub fn until(self) -> NaiveDate {
        self.first.checked_add_months(Months::new(1)).unwrap_or(NaiveDate::MAX)
    }

    /// Last day.
    pub fn last_day(self) -> NaiveDate {
        self.until().pred_opt().unwrap_or(NaiveDate::MAX)
    }

    /// The following month.
    pub fn next(self) -> Self {
        Self { first: self.until() }
    }

    /// The month before.
    pub fn prev(self) -> Self {
        Self { first: self.first.checked_sub_months(Months::new(1)).unwrap_or(NaiveDate::MIN) }
    }

    /// Whether the date lies in the month.
    pub fn contains(self, date: NaiveDate) -> bool {
        Self::of(date) == self
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.first.year(), self.first.month())
    }
}

impl FromStr for Period {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let bad = || format!("«{text}» is not a period like 2026-11");
        let (year, month) = text.split_once('-').ok_or_else(bad)?;
        let digits = |part: &str, many: usize| part.len() == many && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(year, 4) || !digits(month, 2) {
            return Err(bad());
        }
        Self::new(year.parse().map_err(|_| bad())?, month.parse().map_err(|_| bad())?).ok_or_else(bad)
    }
}

impl TryFrom<String> for Period {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Period> for String {
    fn from(period: Period) -> Self {
        period.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn period(text: &str) -> Period {
        text.parse().expect("a month")
    }

    #[test]
    fn a_period_is_its_days_and_no_others() {
        for (month, first, last, next, prev) in [
            ("2026-11", "2026-11-01", "2026-11-30", "2026-12", "2026-10"),
            ("2026-12", "2026-12-01", "2026-12-31", "2027-01", "2026-11"),
            ("2028-02", "2028-02-01", "2028-02-29", "2028-03", "2028-01"),
            ("2027-01", "2027-01-01", "2027-01-31", "2027-02", "2026-12"),
        ] {
            let own = period(month);
            assert_eq!((own.from(), own.last_day()), (day(first), day(last)));
            assert_eq!((own.next(), own.prev()), (period(next), period(prev)));
            assert_eq!(own.until(), own.next().from());
            assert!(own.contains(own.from()) && own.contains(own.last_day()));
            assert!(!own.contains(own.until()) && !own.contains(own.prev().last_day()));
            assert_eq!((Period::of(own.from()), Period::of(own.last_day())), (own, own));
        }
        // The same month of another year is another period.
        assert!(!period("2026-11").contains(day("2025-11-15")));
    }

    #[test]
    fn what_is_written_is_read_back_and_nothing_else_is_a_period() {
        let own = period("2026-11");
        assert_eq!((own.to_string(), String::from(own)), ("2026-11".to_owned(), "2026-11".to_owned()));
        assert_eq!(Period::try_from("2026-11".to_owned()), Ok(own));
        assert_eq!(Period::new(2026, 11), Some(own));
        assert_eq!(Period::new(2026, 13), None);
        for text in ["", "2026", "2026-1", "26-11", "12026-11", "2026-011", "2026-13", "2026-00", "2026/11", "+202-11"]
        {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
        for text in ["2026-+1", "2026--1", "abcd-11", "2026-ab", " 2026-11"] {
            let why = text.parse::<Period>().expect_err(text);
            assert_eq!(why, format!("«{text}» is not a period like 2026-11"));
        }
    }
}
