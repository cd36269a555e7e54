//! Checks of what came in: clock, CRM snapshots, accounting files, files set aside, calendar. Deliberately absent: the
//! chain of pages and sentinel records of a network CRM (the reader refuses such a snapshot before it is accepted).

use chrono::{DateTime, Datelike, Utc};

use super::{
    super::{
        words::{both, instant, percent},
        facts::SnapshotInfo,
        finding::{Finding, Severity},
        money::Rate,
        text::{Lang, Text},
    },
    CLOCK_TOLERANCE, GateInput, graded,
};

fn hold(code: &str, message: Text) -> Finding {
    Finding::new(Severity::Hold, code, message)
}

/// The clock must not stand before the last run, nor any data come from the future.
pub(super) fn clock(input: &GateInput<'_>) -> Vec<Finding> {
    let tz = input.facts.tz;
    let mut found = Vec::new();
    if let Some(last) = input.last_run.filter(|last| input.now + CLOCK_TOLERANCE < *last) {
        found.push(hold(
            "clock_before_last_run",
            both(|lang| {
                let (now, last) = (instant(input.now, tz, lang), instant(last, tz, lang));
                match lang {
                    Lang::Ru => format!("Часы компьютера показывают {now}, а прошлый запуск был {last}. Проверьте часы и запустите снова."),
                    Lang::En => format!("The computer's clock says {now}, but the last run was at {last}. Check the clock and run again."),
                }
            }),
        ));
    }
    let ahead = |at: DateTime<Utc>| at > input.now + CLOCK_TOLERANCE;
    for snapshot in input.facts.snapshots.iter().filter(|s| ahead(s.as_of)) {
        found.push(hold(
            "crm_from_future",
            both(|lang| {
                let at = instant(snapshot.as_of, tz, lang);
                match lang {
                    Lang::Ru => format!("Данные CRM «{}» помечены будущим временем: {at}. Такими данными отсутствие не доказать. Проверьте часы и выгрузите снова.", snapshot.source),
                    Lang::En => format!("CRM data “{}” is dated in the future: {at}. Such data proves no absence. Check the clocks and export again.", snapshot.source),
                }
            }),
        ));
    }
    found
}

/// A snapshot of each source that is there, not empty, not shrunk, not stale.
pub(super) fn crm(input: &GateInput<'_>) -> Vec<Finding> {
    let (warn, level) = (&input.settings.warn, &input.settings.hold);
    if input.facts.snapshots.is_empty() {
        return vec![hold(
            "crm_absent",
            Text::new(
                "Нет ни одного снимка CRM, сверять не с чем. Положите выгрузку CRM в её папку.",
                "There is no CRM snapshot to compare with. Put a CRM export into its folder.",
            ),
        )];
    }
    let mut found = Vec::new();
    for snapshot in &input.facts.snapshots {
        let source = &snapshot.source;
        if snapshot.records <= 0 {
            found.push(hold(
                "crm_empty",
                Text::new(
                    format!("В снимке CRM «{source}» нет ни одной компании. Проверьте выгрузку и повторите её."),
                    format!("The CRM snapshot “{source}” holds no company. Check the export and repeat it."),
                ),
            ));
        } else if let Some(before) = snapshot.previous_records.filter(|before| *before > 0) {
            found.extend(shrunk(input, snapshot, before));
        }
        let hours = (input.as_of - snapshot.as_of).num_hours_above();
        found.extend(graded(hours, warn.crm_age_hours, level.crm_age_hours, "crm_stale", || {
            stale(input, snapshot.as_of, hours, &format!("CRM «{source}»"), &format!("CRM “{source}”"))
        }));
    }
    found
}

fn shrunk(input: &GateInput<'_>, snapshot: &SnapshotInfo, before: i64) -> Option<Finding> {
    let (now, source) = (snapshot.records, &snapshot.source);
    let lost = (i128::from(before) - i128::from(now)).max(0) * 10_000 / i128::from(before);
    let lost = i64::try_from(lost).unwrap_or(i64::MAX);
    graded(lost, input.settings.warn.crm_shrink_bp, input.settings.hold.crm_shrink_bp, "crm_shrunk", || {
        both(|lang| {
            let share = percent(Rate::from_bp(i32::try_from(lost).unwrap_or(i32::MAX)), lang);
            match lang {
                Lang::Ru => format!(
                    "В CRM «{source}» стало меньше записей: было {before}, теперь {now} (на {share}). Похоже на неполную выгрузку. Выгрузите снова или подтвердите, что записи удалены."
                ),
                Lang::En => format!(
                    "CRM “{source}” has fewer records: {before} before, {now} now ({share} less). It looks like an incomplete export. Export again or confirm that the records were removed."
                ),
            }
        })
    })
}

/// A newest accounting file that is there and not stale.
pub(super) fn accounting(input: &GateInput<'_>) -> Vec<Finding> {
    let Some(at) = input.facts.accounting_as_of else {
        return vec![hold(
            "accounting_absent",
            Text::new(
                "Нет ни одного принятого файла бухгалтерии. Положите выгрузку продаж в её папку.",
                "There is no accepted accounting file. Put an export of sales into its folder.",
            ),
        )];
    };
    let hours = (input.as_of - at).num_hours_above();
    let (warn, level) = (input.settings.warn.accounting_age_hours, input.settings.hold.accounting_age_hours);
    graded(hours, warn, level, "accounting_stale", || stale(input, at, hours, "бухгалтерии", "of accounting"))
        .into_iter()
        .collect()
}

fn stale(input: &GateInput<'_>, at: DateTime<Utc>, hours: i64, ru: &str, en: &str) -> Text {
    both(|lang| {
        let since = instant(at, input.facts.tz, lang);
        match lang {
            Lang::Ru => format!("Данные {ru} старые: {since}, им {hours} ч. Сделайте новую выгрузку."),
            Lang::En => format!("The data {en} is old: {since}, {hours} h. Make a new export."),
        }
    })
}

/// Whole hours, rounded up: 96 hours and a second are more than 96 hours.
trait HoursAbove {
    fn num_hours_above(&self) -> i64;
}

impl HoursAbove for chrono::TimeDelta {
    fn num_hours_above(&self) -> i64 {
        let whole = self.num_hours();
        if *self > chrono::TimeDelta::hours(whole) { whole + 1 } else { whole }
    }
}

/// A file that nobody has settled may be the one that proves an entry or a return.
pub(super) fn quarantined(input: &GateInput<'_>) -> Vec<Finding> {
    input
        .quarantined
        .iter()
        .map(|file| {
            let first = file.findings.iter().find(|f| f.holds()).or_else(|| file.findings.first());
            let message = both(|lang| {
                let why = first.map(|f| f.message.get(lang)).unwrap_or_default();
                match lang {
                    Lang::Ru => format!(
                        "Файл «{}» отложен: {why}. Исправьте и выгрузите его снова или решите, что он не нужен.",
                        file.name
                    ),
                    Lang::En => format!(
                        "File “{}” is set aside: {why}. Correct and export it again, or say that it is not needed.",
                        file.name
                    ),
                }
            });
            let found = hold("file_quarantined", message);
            match first.and_then(|f| f.source.clone()) {
                Some(source) => found.at(source),
                None => found,
            }
        })
        .collect()
}

/// The year of the run must have a calendar; in December so should the next.
pub(super) fn calendar(input: &GateInput<'_>) -> Vec<Finding> {
    let today = input.as_of.with_timezone(&input.facts.tz).date_naive();
    let year = today.year();
    let has = |year: i32| input.facts.calendar.years().any(|y| y == year);
    let known = input.outcome.findings.iter().any(|f| f.code == "calendar_missing");
    if !has(year) {
        if known {
            return Vec::new();
        }
        return vec![hold("calendar_missing", absent(year))];
    }
    if today.month() == 12 && !has(year + 1) && !known {
        return vec![Finding::new(Severity::Warn, "calendar_next_year", absent(year + 1))];
    }
    Vec::new()
}

fn absent(year: i32) -> Text {
    Text::new(
        format!("Нет производственного календаря на {year} год. Добавьте файл этого года в папку календаря."),
        format!("There is no working-day calendar for {year}. Add the file of that year to the calendar folder."),
    )
}
