//! The order of day, month and year in a column of dates that are ambiguous one by one: 05/11/2026, 05.11.26. An order
//! that alone reads every text of the column is the column's; else the printed period or the year decides. Deliberately
//! absent: guessing by the country: where nothing decides, the dates are refused.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{
    raw::{RawCell, RawSheet},
    value::is_blank,
};
use crate::domain::inbox::DateSpan;

/// What stands where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// 05.11.26
    DayFirst,
    /// 11/05/26
    MonthFirst,
    /// 26.11.05
    YearFirst,
}

/// All orders, as places of `Parts::readings`.
const ORDERS: [Order; 3] = [Order::DayFirst, Order::MonthFirst, Order::YearFirst];
/// Days from which on a number that stays the same must be the year.
const ENOUGH: usize = 3;

/// A text of three numbers, the order of which may be unclear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parts {
    numbers: [u32; 3],
    slash: bool,
    short_year: bool,
}

impl Parts {
    /// The three numbers between the same signs, the last with four digits or, like the first, with one or two.
    pub fn of(day: &str) -> Option<Self> {
        let sign = day.chars().find(|c| !c.is_ascii_digit())?;
        let parts: Vec<&str> = day.split(sign).collect();
        let [first, second, third] = parts.as_slice() else { return None };
        let number = |part: &str, most: usize| {
            let sound = (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
            sound.then(|| part.parse::<u32>().unwrap_or_default())
        };
        let numbers = [number(first, 2)?, number(second, 2)?, number(third, 4)?];
        let short_year = third.len() == 2;
        let sound = matches!(sign, '.' | '-' | '/') && (short_year || third.len() == 4);
        sound.then_some(Self { numbers, slash: sign == '/', short_year })
    }

    /// The date in each order; nothing where the order is not written so or gives no date.
    pub fn readings(self) -> [Option<NaiveDate>; 3] {
        let [a, b, c] = self.numbers;
        let year = |y: u32| match y {
            _ if !self.short_year => y,
            0..90 => 2000 + y,
            _ => 1900 + y,
        };
        let date = |year: u32, month: u32, day: u32| NaiveDate::from_ymd_opt(year as i32, month, day);
        [
            date(year(c), b, a),
            self.slash.then(|| date(year(c), a, b)).flatten(),
            self.short_year.then(|| date(year(a), b, c)).flatten(),
        ]
    }

    /// The date in one order.
    pub fn read(self, order: Order) -> Option<NaiveDate> {
        let places = ORDERS.iter().zip(self.readings());
        places.filter(|(known, _)| **known == order).find_map(|(_, date)| date)
    }
}

/// The order of a column below its header, if its texts have one.
pub(super) fn of_column(sheet: &RawSheet, from: usize, column: usize, period: Option<DateSpan>) -> Option<Order> {
    let mut seen = Seen::default();
    for row in sheet.rows_from(from) {
        if let RawCell::Text(text) = row.cell(column)
            && !is_clear(text)
        {
            let text = text.trim_matches(is_blank);
            if let Some(parts) = Parts::of(text.split(is_blank).next().unwrap_or_default()) {
                seen.look(parts, period);
            }
        }
    }
    seen.decide()
}

/// Whether a text begins as `05.11.2026` does, which nobody reads otherwise: nearly all texts of nearly all columns.
fn is_clear(text: &str) -> bool {
    let bytes = text.as_bytes();
    let point = |at: usize| bytes.get(at) == Some(&b'.');
    point(2) && point(5) && bytes.get(6..10).is_some_and(|year| year.iter().all(u8::is_ascii_digit))
}

/// What a column has shown.
#[derive(Debug)]
struct Seen {
    /// By order: whether it reads every text, and into the printed period.
    reads: [bool; 3],
    within: [bool; 3],
    any: bool,
    period: bool,
    /// Numbers at the ends, as many as matter.
    first: BTreeSet<u32>,
    last: BTreeSet<u32>,
}

impl Default for Seen {
    fn default() -> Self {
        let (first, last) = (BTreeSet::new(), BTreeSet::new());
        Self { reads: [true; 3], within: [true; 3], any: false, period: false, first, last }
    }
}

impl Seen {
    fn look(&mut self, parts: Parts, period: Option<DateSpan>) {
        self.any = true;
        self.period = period.is_some();
        for (place, date) in parts.readings().into_iter().enumerate() {
            let within = date.is_some_and(|d| period.is_none_or(|p| p.from <= d && d <= p.to));
            if let (Some(reads), Some(inside)) = (self.reads.get_mut(place), self.within.get_mut(place)) {
                *reads &= date.is_some();
                *inside &= within;
            }
        }
        let [first, _, last] = parts.numbers;
        for (set, number) in [(&mut self.first, first), (&mut self.last, last)] {
            if set.len() <= ENOUGH {
                set.insert(number);
            }
        }
    }

    fn decide(mut self) -> Option<Order> {
        if !self.any {
            return None;
        }
        // Twenty-three days of one year, or one day of twenty-three years.
        let (first, last) = (self.first.len(), self.last.len());
        if last == 1 && first >= ENOUGH {
            self.reads[2] = false;
        } else if first == 1 && last >= ENOUGH {
            self.reads = [false, false, self.reads[2]];
        }
        let only = |fits: [bool; 3]| {
            let mut orders = ORDERS.iter().zip(fits).filter(|(_, fits)| *fits).map(|(order, _)| *order);
            let first = orders.next();
            first.filter(|_| orders.next().is_none())
        };
        let both: Vec<bool> = self.reads.iter().zip(self.within).map(|(reads, within)| *reads && within).collect();
        let within = [both.first(), both.get(1), both.get(2)].map(|fits| fits.copied().unwrap_or(false));
        only(self.reads).or_else(|| only(within).filter(|_| self.period))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(texts: &[&str], period: Option<(&str, &str)>) -> Option<Order> {
        let rows: Vec<Vec<&str>> = texts.iter().map(|text| vec![*text]).collect();
        let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
        let day = |text: &str| text.parse().expect("a date");
        let period = period.map(|(from, to)| DateSpan { from: day(from), to: day(to) });
        of_column(&RawSheet::of_texts(&rows), 0, 0, period)
    }

    #[test]
    fn one_text_that_only_one_order_reads_decides_for_all() {
        assert_eq!(order(&["05/11/2026", "06/11/2026", "25/11/2026"], None), Some(Order::DayFirst));
        assert_eq!(order(&["11/05/26", "11/06/26 12:30", "11/30/26", "Итого"], None), Some(Order::MonthFirst));
    }

    #[test]
    fn the_year_is_what_stays_the_same_over_many_days() {
        assert_eq!(order(&["05.11.26", "06.11.26", "17.11.26"], None), Some(Order::DayFirst));
        assert_eq!(order(&["26-11-05", "26-11-06", "26-11-17"], None), Some(Order::YearFirst));
    }

    #[test]
    fn the_printed_period_decides() {
        let november = Some(("2026-11-01", "2026-11-30"));
        assert_eq!(order(&["05.11.26"], november), Some(Order::DayFirst));
        assert_eq!(order(&["05/11/2026", "06/11/2026"], november), Some(Order::DayFirst));
        assert_eq!(order(&["11/05/2026", "11/06/2026"], november), Some(Order::MonthFirst));
        assert_eq!(order(&["11/11/2026"], november), None, "both read the same day");
    }

    #[test]
    fn nothing_decides() {
        assert_eq!(order(&["05/11/2026", "06/11/2026"], None), None);
        assert_eq!(order(&["05.11.26", "06.11.26"], None), None);
        assert_eq!(order(&["25/11/2026", "11/25/2026"], None), None, "two orders in one column");
        assert_eq!(order(&["05/11/2026"], Some(("2026-01-01", "2026-12-31"))), None, "both lie within");
        assert_eq!(order(&["Дата", "2026-11-05", "05.11.2026", "06.11.2026 10:00"], None), None);
    }
}
