//! Which occurrences of a schedule lie between two instants, and what becomes of the missed ones. Pure: time comes as
//! arguments, the zone is asked for every occurrence, no offset is ever kept. Deliberately absent: rows, jobs, timers.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use croner::Cron;

use super::{calendar::Calendar, facts::end_of_day, period::Period, run::Job};

/// More occurrences than this between two looks are not listed one by one: the cursor jumps to the newest.
const MOST: usize = 20_000;

/// Occurrences in `(after, until]`, ascending.
pub fn occurrences(cron: &Cron, tz: Tz, after: DateTime<Utc>, until: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    let mut found = Vec::new();
    let mut at = after;
    while found.len() < MOST {
        let Some(next) = next_after(cron, tz, at) else { break };
        if next > until {
            break;
        }
        found.push(next);
        at = next;
    }
    found
}

/// The first occurrence after the instant; `None` when the pattern has none any more.
pub fn next_after(cron: &Cron, tz: Tz, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let next = cron.find_next_occurrence(&after.with_timezone(&tz), false).ok()?.to_utc();
    (next > after).then_some(next)
}

/// The first working day of the month, on which the pages of the month before are due; its first day when the calendar has no
/// data for the year.
pub fn first_working_day(calendar: &Calendar, month: Period) -> NaiveDate {
    let before = month.from().pred_opt().unwrap_or(NaiveDate::MIN);
    let mut days = month.from().iter_days().take_while(|day| month.contains(*day));
    let working = calendar.working_day_after(before, 1).filter(|day| month.contains(*day));
    // The day before may lie in a year without data.
    working.or_else(|| days.find(|day| calendar.is_working(*day) == Some(true))).unwrap_or_else(|| month.from())
}

/// Whether something leaves at the occurrence: of the days on which the monthly pages may, only the first from the first
/// working one on is meant.
pub fn is_meant(job: Job, cron: &Cron, tz: Tz, calendar: &Calendar, at: DateTime<Utc>) -> bool {
    if job != Job::Monthly {
        return true;
    }
    let first = first_working_day(calendar, Period::of(at.with_timezone(&tz).date_naive()));
    let before = end_of_day(tz, first.pred_opt().unwrap_or(first)) - TimeDelta::seconds(1);
    next_after(cron, tz, before) == Some(at)
}

/// What becomes of a due occurrence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It runs; `late` when a person should be told that it comes later than promised.
    Run {
        /// Whether to label the mail.
        late: bool,
    },
    /// A newer occurrence of the same schedule speaks for it.
    Merged {
        /// That newer one.
        into: DateTime<Utc>,
    },
    /// Too old to be of use.
    Skipped,
}

/// A run that starts this much after its due time is labelled as late.
const LATE_AFTER: TimeDelta = TimeDelta::minutes(10);

/// Settles the open occurrences of one schedule (ascending): a digest runs once for the newest, closes run every one in
/// order, nothing is left without a fate.
pub fn fates(job: Job, open: &[DateTime<Utc>], now: DateTime<Utc>, max_late: TimeDelta) -> Vec<(DateTime<Utc>, Fate)> {
    let newest = open.last().copied();
    open.iter()
        .map(|&due| {
            let late = now - due > LATE_AFTER;
            let fate = match (job, newest) {
                (Job::Close, _) => Fate::Run { late },
                (_, Some(newest)) if newest != due => Fate::Merged { into: newest },
                (Job::Audit | Job::Alerts, _) if now - due > max_late => Fate::Skipped,
                _ => Fate::Run { late },
            };
            (due, fate)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use chrono::{Datelike, TimeZone, Timelike};

    use super::*;

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    #[test]
    fn friday_five_oclock_stays_five_oclock_across_every_clock_change() {
        let cron: Cron = "0 17 * * 5".parse().expect("a pattern");
        for tz in [
            chrono_tz::Europe::Moscow,
            chrono_tz::Europe::Berlin,
            chrono_tz::Europe::London,
            chrono_tz::America::New_York,
            chrono_tz::Asia::Kolkata,
            chrono_tz::Australia::Lord_Howe,
            chrono_tz::Pacific::Apia,
            chrono_tz::America::Sao_Paulo,
        ] {
            let all = occurrences(&cron, tz, utc("2020-01-01T00:00:00Z"), utc("2032-01-01T00:00:00Z"));
            assert!((625..=627).contains(&all.len()), "{tz}: {} Fridays", all.len());
            for at in all {
                let local = tz.from_utc_datetime(&at.naive_utc());
                assert_eq!((local.weekday(), local.hour(), local.minute()), (chrono::Weekday::Fri, 17, 0), "{tz} {at}");
            }
        }
    }

    #[test]
    fn each_occurrence_is_found_once_however_the_time_is_cut() {
        let cron: Cron = "30 2 * * *".parse().expect("a pattern");
        let tz = chrono_tz::Europe::Berlin;
        let (from, to) = (utc("2026-03-20T00:00:00Z"), utc("2026-11-05T00:00:00Z"));
        let whole = occurrences(&cron, tz, from, to);
        let mut pieces = Vec::new();
        let mut at = from;
        while at < to {
            let next = (at + TimeDelta::minutes(97)).min(to);
            pieces.extend(occurrences(&cron, tz, at, next));
            at = next;
        }
        assert_eq!(whole, pieces);
    }

    #[test]
    fn of_the_days_of_the_monthly_pages_only_the_first_working_one_is_meant() {
        let cron: Cron = "0 9 1-12 * *".parse().expect("a pattern");
        let tz = chrono_tz::Europe::Moscow;
        let mut calendar = Calendar::default();
        let off = |days: &[&str]| super::super::calendar::Year {
            days_off: days.iter().map(|day| day.parse().expect("a day")).collect(),
            ..Default::default()
        };
        calendar
            .insert(2026, off(&["2026-01-01", "2026-01-02", "2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08"]));
        let meant: Vec<String> = occurrences(&cron, tz, utc("2025-12-31T00:00:00Z"), utc("2026-04-01T00:00:00Z"))
            .into_iter()
            .filter(|at| is_meant(Job::Monthly, &cron, tz, &calendar, *at))
            .map(|at| at.with_timezone(&tz).format("%m-%d %H").to_string())
            .collect();
        assert_eq!(meant, ["01-09 09", "02-02 09", "03-02 09"]);
        assert!(is_meant(Job::Audit, &cron, tz, &calendar, utc("2026-01-01T06:00:00Z")));
    }

    #[test]
    fn after_downtime_a_digest_runs_once_and_every_close_runs() {
        let due = [utc("2026-11-06T14:00:00Z"), utc("2026-11-13T14:00:00Z"), utc("2026-11-20T14:00:00Z")];
        let now = utc("2026-11-23T06:00:00Z");
        let max = TimeDelta::hours(96);
        assert_eq!(
            fates(Job::Audit, &due, now, max).iter().map(|f| f.1).collect::<Vec<_>>(),
            [Fate::Merged { into: due[2] }, Fate::Merged { into: due[2] }, Fate::Run { late: true }]
        );
        assert_eq!(fates(Job::Audit, &due[..1], now, max)[0].1, Fate::Skipped);
        // A page of a month is never too old to be sent once.
        assert_eq!(fates(Job::Monthly, &due[..1], now, max)[0].1, Fate::Run { late: true });
        assert!(fates(Job::Close, &due, now, max).iter().all(|f| f.1 == Fate::Run { late: true }));
        assert_eq!(fates(Job::Audit, &due[2..], due[2], max)[0].1, Fate::Run { late: false });
    }
}
