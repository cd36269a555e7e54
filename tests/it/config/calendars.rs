//! The calendars that come with the program, against a second source, and the loader's refusals.

use chrono::{Datelike, NaiveDate};
use holidays_ru::{Federal, is_working_day};

use super::{Folder, TODAY, day};

#[test]
fn each_day_of_the_calendars_agrees_with_the_second_source() {
    let calendar = Folder::new().load().expect("sound").calendar;
    for (year, working_days) in [(2025, 247), (2026, 247)] {
        let days: Vec<NaiveDate> = day(&format!("{year}-01-01")).iter_days().take_while(|d| d.year() == year).collect();
        for date in &days {
            let theirs = is_working_day::<Federal, _>(*date).expect("a year it knows");
            assert!(theirs.is_fact(), "{date}: not a fact there");
            assert_eq!(calendar.is_working(*date), Some(theirs.value()), "{date}");
        }
        let ours = days.iter().filter(|d| calendar.is_working(**d) == Some(true)).count();
        assert_eq!(ours, working_days, "{year}");
    }
}

#[test]
fn a_year_without_a_file_is_an_error_and_in_december_the_next_one_is_a_remark() {
    let folder = Folder::new();
    let load = |today| sverka::config::load_with(&folder.main(), std::iter::empty(), day(today));
    let errors = load("2027-01-01").expect_err("no calendar");
    assert!(errors.problems.iter().any(|p| !p.warning && p.message.en == "there is no calendar for 2027"));
    let config = load("2026-12-01").expect("sound");
    assert!(config.warnings.iter().any(|p| p.message.en == "there is no calendar for 2027"));
    let config = load(TODAY).expect("sound");
    assert!(!config.warnings.iter().any(|p| p.message.en.contains("calendar")));
}

#[test]
fn one_year_in_two_files_is_refused() {
    let folder = Folder::new();
    folder.put("calendar/ru-2026-b.toml", "year = 2026\n");
    assert_eq!(folder.errors(), ["another file has the year 2026 too"]);
}

#[test]
fn the_hash_changes_with_any_calendar_file() {
    let folder = Folder::new();
    let before = folder.load().expect("sound").hashes;
    folder.add("calendar/ru-2026.toml", "# moved\n");
    let after = folder.load().expect("sound").hashes;
    assert_ne!(before.calendar, after.calendar);
    assert_eq!((before.policy, before.people), (after.policy, after.people));
}
