//! A back-test of 24 closed periods with 100,000 sales: seconds and peak memory, for one period, for twelve, for all. The peak must
//! not grow with the number of periods. Each measurement is a process of its own, for a peak never falls again. Run with
//! `cargo bench --bench backtest`. Deliberately absent: assertions about time.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use chrono::{DateTime, Days, Months, NaiveDate, Utc};
use sverka::{
    cli::{demo::company::inn, init},
    config,
    domain::{
        crm::{CrmId, CrmKind, CrmRecord, CrmSnapshot},
        finding::SourceRef,
        money::Money,
        period::Period,
        sale::{PartyRef, Sale, SaleKey},
    },
    env::Clock,
    pipeline::{self, App},
};

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

fn now() -> DateTime<Utc> {
    "2026-11-20T14:00:00Z".parse().expect("an instant")
}

/// First day of the first period.
fn first() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 10, 1).and_then(|d| d.checked_sub_months(Months::new(PERIODS - 1))).expect("a day")
}

async fn open(dir: &Path) -> App {
    let config = config::load(&dir.join("sverka.toml"), now().date_naive()).unwrap_or_else(|e| panic!("config: {e}"));
    App::open(config, Clock::manual(now()), PathBuf::from("sverka")).await.unwrap_or_else(|e| panic!("open: {e}"))
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
        peak_mib(),
        test.draft.people.len(),
        test.draft.total(),
        test.present.total()
    );
}

fn peak_mib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmHWM:")).unwrap_or_default().to_owned();
    line.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok()).unwrap_or_default() / 1024
}

/// Sales, a CRM and closed periods, past the files: reading them is measured elsewhere.
async fn fill(dir: &Path) {
    let app = open(dir).await;
    let days = (NaiveDate::from_ymd_opt(2026, 10, 31).expect("a day") - first()).num_days() as u64 + 1;
    let tax = |i: usize| inn(&format!("{:04}", 5001 + i % 40), 10_000 + i as u32);
    let sale = |i: usize| {
        let party = (i * 7_919) % PARTIES;
        let date = first() + Days::new(i as u64 * days / SALES as u64);
        let number = format!("{i:09}");
        // One of two hundred takes an earlier sale back.
        let back = i % 200 == 199;
        let kopecks = if back { -50_000 } else { 100_000 + (i as i64 * 48_271) % 9_000_000 };
        Sale {
            key: SaleKey::new("ООО «Бенч»", &number, date),
            organisation: "ООО «Бенч»".into(),
            number,
            date,
            party: PartyRef { code: String::new(), name: name(party), inn: tax(party), kpp: String::new() },
            manager: format!("Продавец {:02}", party % SELLERS),
            amount: Money::from_kopecks(kopecks),
            net: Some(Money::from_kopecks(kopecks * 5 / 6)),
            margin: None,
            bonus: None,
            currency: "RUB".into(),
            returns: None,
            file_hash: "bench".into(),
            source: SourceRef { row: i as u32 + 2, ..SourceRef::file("Продажи.csv") },
        }
    };
    let mut tx = app.db.begin().await.expect("a transaction");
    let all: Vec<Sale> = (0..SALES).map(sale).collect();
    for part in all.chunks(10_000) {
        tx.insert_sales(part, now()).await.unwrap_or_else(|e| panic!("{e}"));
    }
    let record = |i: usize| {
        let id = CrmId { source: "crm".into(), kind: CrmKind::Company, id: i.to_string() };
        CrmRecord { inn: tax(i), ..CrmRecord::new(id, &format!("ООО {}", name(i))) }
    };
    let records = (0..PARTIES).filter(|i| i % 20 > 2).map(record).collect();
    let as_of = first().and_hms_opt(0, 0, 0).expect("midnight").and_utc();
    let snapshot = CrmSnapshot { source: "crm".into(), as_of, hash: "bench".into(), records };
    tx.accept_snapshot(&snapshot, as_of).await.unwrap_or_else(|e| panic!("{e}"));
    let mut period = Period::of(first());
    for _ in 0..PERIODS {
        let at = period.until().and_hms_opt(12, 0, 0).expect("noon").and_utc() + chrono::TimeDelta::days(9);
        tx.close_period(period, at, "bench", at).await.unwrap_or_else(|e| panic!("{e}"));
        period = period.next();
    }
    tx.commit().await.expect("a commit");
    app.db.close().await;
}

fn write_files(dir: &Path) {
    let mut people = String::new();
    for i in 0..SELLERS {
        people.push_str(&format!(
            "[[person]]\nid = \"{i:04}\"\nname = \"Продавец {i:02}\"\nemail = \"m{i}@bench.example\"\ndepartment = \"Опт\"\n\
             roles = [\"manager\"]\nhired = {}-02-01\n\n",
            2016 + i % 10
        ));
    }
    for (id, role) in [("9001", "head"), ("9002", "finance"), ("9003", "operator")] {
        people.push_str(&format!(
            "[[person]]\nid = \"{id}\"\nname = \"{role}\"\nemail = \"{role}@bench.example\"\nroles = [\"{role}\"]\n\n"
        ));
    }
    let settings = "[company]\nname = \"ООО «Бенч»\"\n[accounting]\nfolders = [\"inbox/accounting\"]\n\n[[crm]]\nname = \"crm\"\n\
                    kind = \"table\"\nfolder = \"inbox/crm\"\n\n[web]\nlisten = \"\"\n";
    let present = init::POLICY.replace("2026-01-01", "2020-01-01").replace("shadow = true", "shadow = false");
    let draft = present.replace("missing = \"50 %\"", "missing = \"100 %\"");
    for folder in ["inbox/accounting", "inbox/crm", "calendar"] {
        fs::create_dir_all(dir.join(folder)).expect("a folder");
    }
    for (file, text) in
        [("sverka.toml", settings), ("people.toml", &people), ("policy.toml", &present), ("draft.toml", &draft)]
    {
        fs::write(dir.join(file), text).expect("a file");
    }
    for (name, text) in init::CALENDARS {
        fs::write(dir.join("calendar").join(name), text).expect("a file");
    }
    for year in [2023, 2024] {
        let text = format!("year = {year}\ndays_off = []\nworking_weekends = []\n");
        fs::write(dir.join(format!("calendar/ru-{year}.toml")), text).expect("a file");
    }
}

/// A name of its own for every company.
fn name(mut i: usize) -> String {
    let syllables = ["ба", "ве", "го", "ди", "жу", "за", "ки", "ло", "му", "не", "по", "ри", "со", "ту", "фа", "хо"];
    let mut word = String::new();
    for _ in 0..5 {
        word.push_str(syllables[i % 16]);
        i = i / 16 + 7;
    }
    word
}
