//! The folder of calendars: one TOML file a year. Deliberately absent: guessing a year that has no file.

use std::path::{Path, PathBuf};

use chrono::{Datelike, NaiveDate, Weekday};
use sha2::{Digest, Sha256};

use super::{
    problem::Sink,
    reader::Section,
    spot::Spot,
    tree::{parse, read_source},
};
use crate::domain::{
    calendar::{Calendar, Year},
    text::Text,
};

/// Reads every `.toml` file of the folder; the year of `today` must be among them. Also the hash over all files.
pub(super) fn read(folder: &Path, today: NaiveDate, sink: &Sink) -> (Calendar, String) {
    let mut calendar = Calendar::default();
    let mut hash = Sha256::new();
    for path in files(folder, sink) {
        let Some(source) = read_source(&path, sink) else { continue };
        hash.update(Sha256::digest(source.text.as_bytes()));
        let table = parse(&source, sink);
        if let Some((year, days)) = year(&Section::new(&table, sink)) {
            if calendar.years().any(|known| known == year) {
                let message = Text::new(
                    format!("год {year} есть и в другом файле"),
                    format!("another file has the year {year} too"),
                );
                let at = table.entry("year").map_or_else(|| Spot::File(path), |e| e.node.at.clone());
                sink.error(at, message);
            }
            calendar.insert(year, days);
        }
    }
    let year = today.year();
    let has = |year| calendar.years().any(|known| known == year);
    let hint = |year: i32| {
        Text::new(
            format!("добавьте файл ru-{year}.toml: нерабочие будни и рабочие выходные {year} года"),
            format!("add a file ru-{year}.toml: weekdays off and working weekends of {year}"),
        )
    };
    let missing =
        |year: i32| Text::new(format!("нет календаря на {year} год"), format!("there is no calendar for {year}"));
    if !has(year) {
        sink.error_hint(Spot::File(folder.to_owned()), missing(year), hint(year));
    } else if today.month() == 12 && !has(year + 1) {
        sink.warn(Spot::File(folder.to_owned()), missing(year + 1), hint(year + 1));
    }
    (calendar, format!("{:x}", Hex(&hash.finalize())))
}

/// Bytes in hexadecimal.
pub(super) struct Hex<'a>(pub(super) &'a [u8]);

impl std::fmt::LowerHex for Hex<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

fn files(folder: &Path, sink: &Sink) -> Vec<PathBuf> {
    let listed = std::fs::read_dir(folder).and_then(|entries| entries.map(|e| e.map(|e| e.path())).collect());
    let mut files: Vec<PathBuf> = match listed {
        Ok(files) => files,
        Err(error) => {
            sink.error_hint(
                Spot::File(folder.to_owned()),
                Text::new(
                    format!("папка календарей не открывается: {error}"),
                    format!("the folder of calendars does not open: {error}"),
                ),
                Text::new("`sverka init ПАПКА` создаёт образец", "`sverka init FOLDER` writes a sample"),
            );
            return Vec::new();
        }
    };
    files.retain(|path| path.extension().is_some_and(|e| e == "toml"));
    files.sort();
    files
}

fn year(s: &Section<'_>) -> Option<(i32, Year)> {
    s.require(&["year"]);
    let year = s.int("year", 1990..=2100).and_then(|year| i32::try_from(year).ok());
    let is_weekend = |date: NaiveDate| matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
    let days = Year {
        days_off: dates(s, "days_off", year, |_| None).into_iter().filter(|d| !is_weekend(*d)).collect(),
        working_weekends: dates(s, "working_weekends", year, |date| {
            (!is_weekend(date)).then(|| Text::new(format!("{date}: это будний день"), format!("{date} is a weekday")))
        })
        .into_iter()
        .collect(),
    };
    dates(s, "short_days", year, |_| None);
    s.finish();
    Some((year?, days))
}

fn dates(
    s: &Section<'_>,
    key: &'static str,
    year: Option<i32>,
    refuse: impl Fn(NaiveDate) -> Option<Text>,
) -> Vec<NaiveDate> {
    let Some(node) = s.node(key) else { return Vec::new() };
    let super::tree::Value::List(items) = &node.value else {
        s.error(key, Text::new("здесь нужен список дат", "a list of dates is needed here"));
        return Vec::new();
    };
    let mut dates = Vec::new();
    for item in items {
        let Some(date) = item.date(s.sink()) else { continue };
        if year.is_some_and(|year| date.year() != year) {
            let message = Text::new(format!("{date}: другой год"), format!("{date} is another year"));
            s.sink().error(item.at.clone(), message);
        } else if let Some(message) = refuse(date) {
            s.sink().error(item.at.clone(), message);
        }
        dates.push(date);
    }
    dates
}
