//! Working days from the year files of `config/calendar`. A year without a file is an answer of its own
//! (`None`), which holds the run: no guessing. Deliberately absent: reading the files, the clock.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// Days that differ from the plain Monday-to-Friday week, by year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    years: BTreeMap<i32, Year>,
}

/// One year's exceptions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Year {
    /// Weekdays that are days off.
    pub days_off: BTreeSet<NaiveDate>,
    /// Saturdays and Sundays that are working days.
    pub working_weekends: BTreeSet<NaiveDate>,
}

impl Calendar {
    /// Adds or replaces a year.
    pub fn insert(&mut self, year: i32, days: Year) {
        self.years.insert(year, days);
    }

    /// Years there is data for.
    pub fn years(&self) -> impl Iterator<Item = i32> + '_ {
        self.years.keys().copied()
    }

    /// Whether the date is a working day; `None` when its year has no data.
    pub fn is_working(&self, date: NaiveDate) -> Option<bool> {
        let year = self.years.get(&date.year())?;
        let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
        Some(if weekend { year.working_weekends.contains(&date) } else { !year.days_off.contains(&date) })
    }

    /// The n-th working day strictly after the date (n = 0 gives the date itself); `None` without data for a year
    /// that the count touches.
    pub fn working_day_after(&self, date: NaiveDate, n: u32) -> Option<NaiveDate> {
        let mut day = date;
        let mut left = n;
        while left > 0 {
            day = day.checked_add_days(Days::new(1))?;
            if self.is_working(day)? {
                left -= 1;
            }
        }
        Some(day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn a_holiday_between_moves_the_deadline_and_a_missing_year_is_no_guess() {
        let mut calendar = Calendar::default();
        calendar
            .insert(2026, Year { days_off: [day("2026-11-04")].into(), working_weekends: [day("2026-11-07")].into() });
        assert_eq!(calendar.working_day_after(day("2026-11-03"), 3), Some(day("2026-11-07")));
        assert_eq!(calendar.working_day_after(day("2026-11-06"), 0), Some(day("2026-11-06")));
        assert_eq!(calendar.working_day_after(day("2026-12-31"), 1), None);
    }
}
