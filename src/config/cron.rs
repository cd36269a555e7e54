//! Schedules: five fields, in the business time zone, checked to occur at all. Deliberately absent: deciding what is
//! due (`schedule`), and croner's other dialects (six fields, `@daily`): one way of writing is easier to read.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use croner::Cron;

use crate::domain::text::Text;

/// Parses an expression of five fields.
pub fn parse(expression: &str) -> Result<Cron, Text> {
    let fields = expression.split_whitespace().count();
    if fields != 5 {
        return Err(Text::new(
            format!("нужно пять полей (минута час день месяц день-недели), а их {fields}"),
            format!("five fields are needed (minute hour day month weekday), there are {fields}"),
        ));
    }
    expression.parse().map_err(|error: croner::errors::CronError| {
        Text::new(format!("расписание не читается: {error}"), format!("the schedule cannot be read: {error}"))
    })
}

/// The next `count` occurrences strictly after the instant, each with its own offset from UTC. Shorter when there are
/// no more.
pub fn next(expression: &str, tz: Tz, after: DateTime<Utc>, count: usize) -> Vec<DateTime<Tz>> {
    let Ok(cron) = parse(expression) else { return Vec::new() };
    let mut found = Vec::with_capacity(count);
    let mut at = after.with_timezone(&tz);
    while found.len() < count {
        match cron.find_next_occurrence(&at, false) {
            Ok(occurrence) if occurrence > at => at = occurrence,
            _ => break,
        }
        found.push(at);
    }
    found
}

/// Why the expression is not usable, if so: unreadable, or it never occurs (31 February). Asked for one occurrence
/// within eight years, which holds every 29 February.
pub fn mistake(expression: &str, tz: Tz, after: DateTime<Utc>) -> Option<Text> {
    if let Err(message) = parse(expression) {
        return Some(message);
    }
    match next(expression, tz, after, 1).first() {
        Some(first) if (first.to_utc() - after).num_days() < 8 * 366 => None,
        _ => {
            Some(Text::new("такого дня не бывает: расписание не сработает", "there is no such day: this never occurs"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    #[test]
    fn the_hour_stays_across_a_clock_change() {
        let runs = next("0 18 * * 5", chrono_tz::Europe::Berlin, at("2026-03-21T00:00:00Z"), 2);
        let shown: Vec<String> = runs.iter().map(DateTime::to_rfc3339).collect();
        assert_eq!(shown, ["2026-03-27T18:00:00+01:00", "2026-04-03T18:00:00+02:00"]);
    }

    #[test]
    fn a_day_that_never_comes_is_refused() {
        let now = at("2026-11-20T00:00:00Z");
        let tz = chrono_tz::Europe::Moscow;
        assert!(mistake("0 9 31 2 *", tz, now).is_some());
        assert!(mistake("0 9 29 2 *", tz, now).is_none());
        for bad in ["0 0 9 * * *", "@daily", "61 * * * *", "", "a b c d e"] {
            assert!(mistake(bad, tz, now).is_some(), "{bad}");
        }
    }
}
