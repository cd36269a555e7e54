//! A back-test of 24 closed periods with 100,000 sales: seconds and peak memory, for one period, for twelve, for all. The peak must
//! not grow with the number of periods. Each measurement is a process of its own, for a peak never falls again. Run with
//! `cargo bench --bench backtest`. Deliberately absent: assertions about time.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

#[path = "common/firm.rs"]
mod firm;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use chrono::{Days, Months, NaiveDate, TimeDelta};
use sverka::{
    cli::init,
    config,
    domain::{crm::CrmSnapshot, money::Money, period::Period},
    pipeline,
};

use firm::{now, open};

const SALES: usize = 100_000;
const PARTIES: usize = 3_000;
const SELLERS: usize = 40;
const PERIODS: u32 = 24;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    // `cargo test --benches` only checks that it starts.
    if arguments.iter().any(|a| a == "--test") {
        return;
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    if let Some(at) = arguments.iter().position(|a| a == "--measure") {
        let (dir, periods) = (PathBuf::from(&arguments[at + 1]), arguments[at + 2].parse().expect("a number"));
        runtime.block_on(measure(&dir, periods));
        return;
    }
    let dir = tempfile::tempdir().expect("a folder");
    write_files(dir.path());
    let start = Instant::now();
    runtime.block_on(fill(dir.path()));
    println!(
        "filled    {:>7.2} s  {SALES} sales, {PARTIES} counterparties, {PERIODS} closed periods",
        start.elapsed().as_secs_f64()
    );
    for periods in [1, PERIODS / 2, PERIODS] {
        let own = std::env::current_exe().expect("this program");
        let done =
            Command::new(own).args(["--measure", &dir.path().display().to_string(), &periods.to_string()]).status();
        assert!(done.is_ok_and(|status| status.success()), "{periods} periods");
    }
}

/// First day of the first period.
fn first() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 10, 1).and_then(|d| d.checked_sub_months(Months::new(PERIODS - 1))).expect("a day")
}

async fn measure(dir: &Path, periods: u32) {
    let app = open(dir).await;
    let last = Period::of(NaiveDate::from_ymd_opt(2026, 10, 1).expect("a day"));
    let from = Period::of(last.from().checked_sub_months(Months::new(periods - 1)).expect("a day"));
    let draft =
        config::load_policy(&dir.join("draft.toml"), &app.config, now().date_naive()).unwrap_or_else(|e| panic!("{e}"));
    let start = Instant::now();
    let test = pipeline::backtest::run(&app, &draft, from, last, &|_| {}).await.unwrap_or_else(|e| panic!("{e}"));
    println!(
        "{periods:>3} periods {:>7.2} s  peak {} MiB, {} people, draft {} against {}",
        start.elapsed().as_secs_f64(),
        firm::peak_mib(),
        test.draft.people.len(),
        test.draft.total(),
        test.present.total()
    );
    assert!(
        test.present.total() < test.draft.total() && test.draft.total() < Money::ZERO,
        "a draft that changes nothing"
    );
}

/// Sales, a CRM and closed periods, past the files: reading them is measured elsewhere.
async fn fill(dir: &Path) {
    let app = open(dir).await;
    let days = (NaiveDate::from_ymd_opt(2026, 10, 31).expect("a day") - first()).num_days() as u64 + 1;
    let sale = |i: usize| {
        // One of two hundred takes an earlier sale back.
        let kopecks = if i % 200 == 199 { -50_000 } else { 100_000 + (i as i64 * 48_271) % 9_000_000 };
        firm::sale(i, first() + Days::new(i as u64 * days / SALES as u64), kopecks, (PARTIES, SELLERS))
    };
    let mut tx = app.db.begin().await.expect("a transaction");
    let all: Vec<_> = (0..SALES).map(sale).collect();
    for part in all.chunks(10_000) {
        tx.insert_sales(part, now()).await.unwrap_or_else(|e| panic!("{e}"));
    }
    // The three newest of twenty clients are in no CRM; it is exported anew before every close.
    let records: Vec<_> = (0..PARTIES).filter(|i| i % 20 > 2).map(firm::record).collect();
    let mut period = Period::of(first());
    for _ in 0..PERIODS {
        let at = period.until().and_hms_opt(12, 0, 0).expect("noon").and_utc() + TimeDelta::days(9);
        let (source, hash, as_of) = ("crm".to_owned(), period.to_string(), at - TimeDelta::hours(1));
        let snapshot = CrmSnapshot { source, as_of, hash, records: records.clone() };
        tx.accept_snapshot(&snapshot, as_of).await.unwrap_or_else(|e| panic!("{e}"));
        tx.close_period(period, at, "bench", at).await.unwrap_or_else(|e| panic!("{e}"));
        period = period.next();
    }
    tx.commit().await.expect("a commit");
    app.db.close().await;
}

fn write_files(dir: &Path) {
    let present = init::POLICY.replace("2026-01-01", "2020-01-01");
    firm::write_files(dir, SELLERS, &present);
    let draft = present.replace("missing = \"50 %\"", "missing = \"5 %\"").replace("late = \"10 %\"", "late = \"2 %\"");
    assert_ne!(draft, present, "the draft asks for less");
    fs::write(dir.join("draft.toml"), draft).expect("a file");
    for year in [2023, 2024] {
        let text = format!("year = {year}\ndays_off = []\nworking_weekends = []\n");
        fs::write(dir.join(format!("calendar/ru-{year}.toml")), text).expect("a file");
    }
}
