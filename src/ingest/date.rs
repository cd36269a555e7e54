//! Dates: text as Russians write it, ISO, and serial numbers with the workbook's epoch. The column's role asks for a
//! date; the cell's own format does not count. Deliberately absent: time zones (1C writes local time) and guessing:
//! a date that can be read in two ways is refused.

use chrono::{Datelike, Days, NaiveDate};

use super::{
    date_order::{Order, Parts},
    date_words,
    raw::RawCell,
    value::{self, is_blank},
};

/// Why a cell is no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bad {
    /// Not a date.
    NotADate,
    /// Two readings.
    Ambiguous,
    /// Outside 1990..=2100.
    OutOfRange,
}

/// The date of a cell; `None` when it is empty.
pub fn read(cell: RawCell<'_>, epoch_1904: bool) -> Result<Option<NaiveDate>, Bad> {
    read_in(cell, epoch_1904, None)
}

/// The same in a column whose order of day, month and year is known.
pub fn read_in(cell: RawCell<'_>, epoch_1904: bool, order: Option<Order>) -> Result<Option<NaiveDate>, Bad> {
    let date = match cell {
        _ if value::is_empty(cell) => return Ok(None),
        RawCell::Number(serial) => from_serial(serial, epoch_1904)?,
        RawCell::Text(text) | RawCell::Iso(text) => in_order(text, order)?,
        RawCell::Bool(_) | RawCell::Error(_) | RawCell::Empty => return Err(Bad::NotADate),
    };
    in_range(date).map(Some)
}

fn in_range(date: NaiveDate) -> Result<NaiveDate, Bad> {
    if (1990..=2100).contains(&date.year()) { Ok(date) } else { Err(Bad::OutOfRange) }
}

/// Days since 1899-12-30 (Excel's 1900 system from March 1900 on) or since 1904-01-01; the fraction is the time of day.
fn from_serial(serial: f64, epoch_1904: bool) -> Result<NaiveDate, Bad> {
    if !serial.is_finite() || !(0.0..3_000_000.0).contains(&serial) {
        return Err(Bad::OutOfRange);
    }
    let epoch = if epoch_1904 { NaiveDate::from_ymd_opt(1904, 1, 1) } else { NaiveDate::from_ymd_opt(1899, 12, 30) };
    epoch.and_then(|e| e.checked_add_days(Days::new(serial.floor() as u64))).ok_or(Bad::OutOfRange)
}

/// `dd.mm.yyyy`, `dd-mm-yyyy`, `dd/mm/yyyy` (if the day tells), ISO, «1 июня 2026 г.»; a time of day may follow. Two
/// digits of a year are read only when no other order of the parts is a date.
pub fn from_text(text: &str) -> Result<NaiveDate, Bad> {
    in_order(text, None)
}

fn in_order(text: &str, order: Option<Order>) -> Result<NaiveDate, Bad> {
    if let Some(date) = plain(text) {
        return Ok(date);
    }
    let text = text.trim_matches(is_blank);
    let (day, time) = match text.find(|c: char| is_blank(c) || c == 'T') {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let is_end = |rest: &str| {
        let rest = rest.trim_start_matches(|c: char| is_blank(c) || c == 'T');
        rest.is_empty() || is_time(rest)
    };
    if !is_end(time) {
        let worded = date_words::leading(text).filter(|(_, rest)| is_end(rest));
        return worded.map(|(date, _)| date).ok_or(Bad::NotADate);
    }
    if let Some(parts) = Parts::of(day) {
        if let Some(date) = order.and_then(|order| parts.read(order)) {
            return Ok(date);
        }
        let mut readings = parts.readings().into_iter().flatten();
        let first = readings.next().ok_or(Bad::NotADate)?;
        return if readings.any(|other| other != first) { Err(Bad::Ambiguous) } else { Ok(first) };
    }
    iso(day).ok_or(Bad::NotADate)
}

/// `2026-11-05`, with any of the three signs.
fn iso(day: &str) -> Option<NaiveDate> {
    let sign = day.chars().find(|c| !c.is_ascii_digit()).filter(|c| matches!(c, '.' | '-' | '/'))?;
    let mut parts = day.split(sign).map(|part| {
        let sound = (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        sound.then(|| (part.len(), part.parse::<u32>().unwrap_or_default()))
    });
    let (Some(Some((4, year))), Some(Some((_, month))), Some(Some((1 | 2, day))), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    NaiveDate::from_ymd_opt(year as i32, month, day)
}

/// `05.11.2026`, alone or with a time as 1C writes it: nearly all dates there are.
fn plain(text: &str) -> Option<NaiveDate> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).filter(|b| b.is_ascii_digit()).map(|b| u32::from(b - b'0'));
    let pair = |at: usize| Some(digit(at)? * 10 + digit(at + 1)?);
    if bytes.get(2) != Some(&b'.') || bytes.get(5) != Some(&b'.') {
        return None;
    }
    let ends = bytes.len() == 10 || (bytes.get(10) == Some(&b' ') && is_plain_time(text.get(11..)?));
    let year = (pair(6)? * 100 + pair(8)?) as i32;
    if ends { NaiveDate::from_ymd_opt(year, pair(3)?, pair(0)?) } else { None }
}

/// `h:mm:ss` and `hh:mm:ss` before eight in the evening are looked at byte by byte; every other time goes the long way.
fn is_plain_time(text: &str) -> bool {
    let digits = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_digit);
    let rest = match text.as_bytes() {
        [b'0'..=b'9', rest @ ..] | [b'0' | b'1', b'0'..=b'9', rest @ ..] if rest.len() == 6 => rest,
        _ => return is_time(text),
    };
    match rest {
        [b':', b'0'..=b'5', last, b':', seconds @ ..] if last.is_ascii_digit() && digits(seconds) => true,
        _ => is_time(text),
    }
}

/// `h:mm`, `h:mm:ss`, `hh:mm:ss.fff`, `…Z`, `…+03:00`, `… PM`.
fn is_time(text: &str) -> bool {
    let noon = [" AM", " PM", "\u{202f}AM", "\u{202f}PM"].iter().find_map(|half| text.strip_suffix(half));
    let text = noon.unwrap_or(text);
    let mut parts = text.split(':');
    let hours = parts.next().is_some_and(|h| (1..=2).contains(&h.len()) && h.parse::<u32>().is_ok_and(|h| h < 24));
    hours
        && parts.next().is_some_and(|m| m.len() == 2 && m.parse::<u32>().is_ok_and(|m| m < 60))
        && text.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '.' | 'Z' | '+' | '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn spellings_of_one_day() {
        for text in [
            "05.11.2026",
            "5.11.2026",
            "05.11.2026 0:00:00",
            "05.11.2026\u{a0}23:59",
            "2026-11-05",
            "2026-11-05T10:00:00",
            "2026-11-05 10:00:00.123",
            "05-11-2026",
        ] {
            assert_eq!(from_text(text), Ok(day("2026-11-05")), "{text}");
        }
        assert_eq!(from_text("25/12/2026"), Ok(day("2026-12-25")));
        assert_eq!(from_text("12/25/2026"), Ok(day("2026-12-25")));
        assert_eq!(from_text("05.11.99"), Ok(day("1999-11-05")));
        assert_eq!(from_text("12/25/2026 5:30 PM"), Ok(day("2026-12-25")));
        for text in ["5 ноября 2026 г.", "05 ноября 2026 10:00:00", "«5» ноября 2026 года 9:05"]
        {
            assert_eq!(from_text(text), Ok(day("2026-11-05")), "{text}");
        }
    }

    #[test]
    fn two_readings_and_no_reading_are_refused() {
        for text in ["05/11/2026", "01.02.03", "05.11.26", "05/11/99"] {
            assert_eq!(from_text(text), Err(Bad::Ambiguous), "{text}");
        }
        for text in [
            "31.02.2026",
            "Итого",
            "05.11",
            "05.11.2026 часть",
            "1.1.1.1",
            "20261105",
            "05.11.2026 25:00",
            "5 ноября 2026 часть",
        ] {
            assert_eq!(from_text(text), Err(Bad::NotADate), "{text}");
        }
    }

    #[test]
    fn serials_follow_the_epoch_and_the_range() {
        assert_eq!(read(RawCell::Number(46_346.75), false), Ok(Some(day("2026-11-20"))));
        assert_eq!(read(RawCell::Number(44_884.0), true), Ok(Some(day("2026-11-20"))));
        assert_eq!(read(RawCell::Number(5000.0), false), Err(Bad::OutOfRange));
        assert_eq!(read(RawCell::Number(f64::NAN), false), Err(Bad::OutOfRange));
        assert_eq!(read(RawCell::Text("01.01.0001"), false), Err(Bad::OutOfRange));
        assert_eq!(read(RawCell::Empty, false), Ok(None));
    }
}
