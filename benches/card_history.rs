//! What a year of card history costs the weekly audit: 23,000 companies in the CRM, 52 weekly snapshots of which one in a hundred
//! changes each week, 10,000 sales of 2,000 of them, SQLite. Prints seconds and peak memory of the read alone, of an audit without
//! the freshness rule and of one with it; each is a process of its own, for a peak never falls again. Run with
//! `cargo bench --bench card_history`. Deliberately absent: reading files, assertions about time.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

#[path = "common/firm.rs"]
mod firm;

use std::{fs, path::Path, process::Command, time::Instant};

use chrono::{Days, NaiveDate, TimeDelta};
use sverka::{
    cli::init,
    domain::{
        crm::{CrmRecord, CrmSnapshot},
        run::Job,
    },
    pipeline::reconcile::{self, Request},
};

use firm::{now, open};

const RECORDS: usize = 23_000;
const WEEKS: usize = 52;
/// One in so many changes each week.
const CHANGES: usize = 100;
const SALES: usize = 10_000;
const PARTIES: usize = 2_000;
const SELLERS: usize = 20;

const FRESHNESS: &str = "\n[[version.rule]]\nkind = \"freshness\"\nfresh_days = 90\nbands = [{ from = \"0 %\", to = \"50 %\", \
                         premium = \"0\" }, { from = \"50 %\", to = \"100 %\", premium = \"1000.00\" }]\n";

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    // `cargo test --benches` only checks that it starts.
    if arguments.iter().any(|a| a == "--test") {
        return;
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    if let Some(at) = arguments.iter().position(|a| a == "--measure") {
        runtime.block_on(measure(Path::new(&arguments[at + 1]), &arguments[at + 2]));
        return;
    }
    let dir = tempfile::tempdir().expect("a folder");
    firm::write_files(dir.path(), SELLERS, init::POLICY);
    let start = Instant::now();
    runtime.block_on(fill(dir.path()));
    println!(
        "filled         {:>6.2} s  {RECORDS} records, {WEEKS} snapshots, {SALES} sales",
        start.elapsed().as_secs_f64()
    );
    for what in ["open", "history", "audit", "audit+fresh"] {
        let own = std::env::current_exe().expect("this program");
        let done = Command::new(own).args(["--measure", &dir.path().display().to_string(), what]).status();
        assert!(done.is_ok_and(|status| status.success()), "{what}");
    }
}

async fn measure(dir: &Path, what: &str) {
    let policy = if what == "audit+fresh" { format!("{}{FRESHNESS}", init::POLICY) } else { init::POLICY.to_owned() };
    fs::write(dir.join("policy.toml"), policy).expect("a policy");
    let app = open(dir).await;
    let start = Instant::now();
    let found = match what {
        "open" => String::new(),
        "history" => {
            let mut tx = app.db.begin().await.expect("a transaction");
            let history = tx.card_history(now()).await.unwrap_or_else(|e| panic!("{e}"));
            format!(", {} contents of cards", history.len())
        }
        _ => {
            let request = Request::now(&app, Job::Audit, now());
            let done = reconcile::reconcile(&app, &request).await.unwrap_or_else(|e| panic!("{e}"));
            format!(", {} entries, held for {}", done.entries.len(), done.held.len())
        }
    };
    println!("{what:<14} {:>6.2} s  peak {} MiB{found}", start.elapsed().as_secs_f64(), firm::peak_mib());
}

/// Sales and snapshots, past the files: reading them is measured elsewhere.
async fn fill(dir: &Path) {
    let app = open(dir).await;
    let first = NaiveDate::from_ymd_opt(2026, 9, 1).expect("a day");
    let sale = |i: usize| {
        let kopecks = 100_000 + (i as i64 * 48_271) % 9_000_000;
        firm::sale(i, first + Days::new((i % 75) as u64), kopecks, (PARTIES, SELLERS))
    };
    let mut tx = app.db.begin().await.expect("a transaction");
    let all: Vec<_> = (0..SALES).map(sale).collect();
    tx.insert_sales(&all, now()).await.unwrap_or_else(|e| panic!("{e}"));
    let mut records: Vec<CrmRecord> = (0..RECORDS)
        .map(|i| CrmRecord {
            phone: format!("+7 495 {:07}", i * 37 % 10_000_000),
            email: format!("office{i}@bench.example"),
            city: "Екатеринбург".into(),
            responsible: format!("Продавец {:02}", i % SELLERS),
            ..firm::record(i)
        })
        .collect();
    for week in 0..WEEKS {
        for record in records.iter_mut().skip(week % CHANGES).step_by(CHANGES).filter(|_| week > 0) {
            record.phone = format!("+7 812 {:07}", week * 1_009);
        }
        let as_of = now() - TimeDelta::weeks((WEEKS - 1 - week) as i64) - TimeDelta::hours(1);
        let (source, hash) = ("crm".to_owned(), format!("week {week}"));
        let snapshot = CrmSnapshot { source, as_of, hash, records: records.clone() };
        tx.accept_snapshot(&snapshot, as_of).await.unwrap_or_else(|e| panic!("{e}"));
    }
    tx.commit().await.expect("a commit");
    app.db.close().await;
}
