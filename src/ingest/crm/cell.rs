//! Cells of CRM tables: text as written and instants in any of the ways CRMs write them. A time without a zone is in the
//! zone of the settings; a bare date is its first instant. Deliberately absent: amounts (CRM amounts move no money).

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use crate::ingest::raw::RawCell;

/// The cell as text, outer spaces removed; a whole number without `.0`.
pub(super) fn text(cell: RawCell<'_>) -> String {
    match cell {
        RawCell::Empty | RawCell::Error(_) => String::new(),
        RawCell::Text(text) | RawCell::Iso(text) => {
            text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').to_owned()
        }
        RawCell::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        RawCell::Number(number) => number.to_string(),
        RawCell::Bool(true) => "да".to_owned(),
        RawCell::Bool(false) => "нет".to_owned(),
    }
}

/// The instant in a cell: `Ok(None)` when it is empty, `Err` when it is none.
pub(in crate::ingest) fn instant(cell: RawCell<'_>, tz: Tz, epoch_1904: bool) -> Result<Option<DateTime<Utc>>, ()> {
    if let RawCell::Number(serial) = cell {
        return serial_date(serial, epoch_1904).map(|naive| Some(local(end_of_bare_day(naive), tz))).ok_or(());
    }
    let written = text(cell);
    if written.is_empty() || matches!(written.as_str(), "-" | "—" | "0000-00-00 00:00:00") {
        return Ok(None);
    }
    let written = written.replace(['\u{a0}', '\u{202f}'], " ");
    if let Ok(at) = DateTime::parse_from_rfc3339(&written) {
        return Ok(Some(at.to_utc()));
    }
    if let Ok(at) = DateTime::parse_from_str(&written, "%Y-%m-%dT%H:%M:%S%z") {
        return Ok(Some(at.to_utc()));
    }
    const TIMES: [&str; 15] = [
        "%d.%m.%Y %H:%M:%S",
        "%d.%m.%Y %H:%M",
        "%d.%m.%Y, %H:%M",
        "%d.%m.%Y, %H:%M:%S",
        "%d-%m-%Y %H:%M:%S",
        "%d-%m-%Y %H:%M",
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%d %H:%M:%S%.f",
        "%Y-%m-%d %H:%M",
        "%Y-%m-%dT%H:%M:%S%.f",
        "%Y-%m-%dT%H:%M",
        // Bitrix24 with an English interface.
        "%m/%d/%Y %I:%M:%S %p",
        "%m/%d/%Y %I:%M %p",
        "%d/%m/%Y %H:%M:%S",
        "%d/%m/%Y %H:%M",
    ];
    const DATES: [&str; 5] = ["%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d", "%Y.%m.%d", "%d/%m/%Y"];
    let time = TIMES.iter().find_map(|format| NaiveDateTime::parse_from_str(&written, format).ok());
    let day = || DATES.iter().find_map(|format| NaiveDate::parse_from_str(&written, format).ok());
    match time.or_else(|| day().and_then(|day| day.and_hms_opt(0, 0, 0))).filter(|at| plausible(*at)) {
        Some(naive) => Ok(Some(local(end_of_bare_day(naive), tz))),
        None => Err(()),
    }
}

/// A date without a time means some moment of that day: the last one is taken, because an export of the same morning
/// that lacks the record proves nothing about the afternoon.
fn end_of_bare_day(at: NaiveDateTime) -> NaiveDateTime {
    if at.time() == chrono::NaiveTime::MIN { at + TimeDelta::seconds(86_399) } else { at }
}

/// A year before CRMs or of four wrong digits is a slip, not a date.
fn plausible(at: NaiveDateTime) -> bool {
    use chrono::Datelike;
    (1980..2100).contains(&at.year())
}

/// An instant of the zone: the earlier one when the clock was turned back, an hour later when it was turned forward.
fn local(naive: NaiveDateTime, tz: Tz) -> DateTime<Utc> {
    let earliest = |at: NaiveDateTime| tz.from_local_datetime(&at).earliest();
    earliest(naive).or_else(|| earliest(naive + TimeDelta::hours(1))).map_or_else(|| naive.and_utc(), |at| at.to_utc())
}

/// Days since 1899-12-30 (or 1904-01-01), as spreadsheets count; to the second.
fn serial_date(serial: f64, epoch_1904: bool) -> Option<NaiveDateTime> {
    let epoch = if epoch_1904 { NaiveDate::from_ymd_opt(1904, 1, 1)? } else { NaiveDate::from_ymd_opt(1899, 12, 30)? };
    if !(1.0..100_000.0).contains(&serial) {
        return None;
    }
    let seconds = (serial * 86_400.0).round() as i64;
    epoch.and_hms_opt(0, 0, 0)?.checked_add_signed(TimeDelta::seconds(seconds)).filter(|at| plausible(*at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(written: &str) -> Option<String> {
        let cell = RawCell::Text(written);
        instant(cell, chrono_tz::Europe::Moscow, false).ok().flatten().map(|at| at.to_rfc3339())
    }

    #[test]
    fn times_as_crms_write_them_are_one_instant() {
        for written in [
            "05.11.2026 17:30:00",
            "05.11.2026 17:30",
            "05-11-2026 17:30:00",
            "2026-11-05 17:30:00",
            "2026-11-05T17:30:00+03:00",
            "2026-11-05T14:30:00Z",
            "2026-11-05T17:30:00+0300",
            "11/05/2026 05:30:00 pm",
        ] {
            assert_eq!(at(written).as_deref(), Some("2026-11-05T14:30:00+00:00"), "{written}");
        }
        let serial = RawCell::Number(46_331.729_166_666_7);
        let read = instant(serial, chrono_tz::Europe::Moscow, false).ok().flatten();
        assert_eq!(read.map(|at| at.to_rfc3339()).as_deref(), Some("2026-11-05T14:30:00+00:00"));
    }

    #[test]
    fn a_bare_date_is_the_end_of_its_day_and_words_are_no_date() {
        for bare in ["05.11.2026", "05.11.2026 00:00:00", "2026-11-05"] {
            assert_eq!(at(bare).as_deref(), Some("2026-11-05T20:59:59+00:00"), "{bare}");
        }
        assert!(instant(RawCell::Text("не закрыта"), chrono_tz::Europe::Moscow, false).is_err());
        assert_eq!(at(""), None);
    }
}
