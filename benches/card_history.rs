//! What a year of card history costs the weekly audit: 23,000 companies in the CRM, 52 weekly snapshots of which one in a hundred
//! changes each week, 10,000 sales of 2,000 of them, SQLite. Prints seconds and peak memory of the read alone, of an audit without
//! the freshness rule and of one with it; each is a process of its own, for a peak never falls again. Run with
//! `cargo bench --bench card_history`. Deliberately absent: reading files, assertions about time.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use sverka::{
    cli::{demo::company::inn, init},
    config,
    domain::{
        crm::{CrmId, CrmKind, CrmRecord, CrmSnapshot},
        finding::SourceRef,
        money::Money,
        run::Job,
        sale::{PartyRef, Sale, SaleKey},
    },
    env::Clock,
    pipeline::{
        App,
        reconcile::{self, Request},
    },
};

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
    write_files(dir.path());
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

fn now() -> DateTime<Utc> {
    "2026-11-20T14:00:00Z".parse().expect("an instant")
}

async fn open(dir: &Path) -> App {
    let config = config::load(&dir.join("sverka.toml"), now().date_naive()).unwrap_or_else(|e| panic!("config: {e}"));
    App::open(config, Clock::manual(now()), PathBuf::from("sverka")).await.unwrap_or_else(|e| panic!("open: {e}"))
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
    println!("{what:<14} {:>6.2} s  peak {} MiB{found}", start.elapsed().as_secs_f64(), peak_mib());
}

fn peak_mib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmHWM:")).unwrap_or_default().to_owned();
    line.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok()).unwrap_or_default() / 1024
}

/// Sales and snapshots, past the files: reading them is measured elsewhere.
async fn fill(dir: &Path) {
    let app = open(dir).await;
    let tax = |i: usize| inn(&format!("{:04}", 5001 + i % 40), 10_000 + i as u32);
    let first = NaiveDate::from_ymd_opt(2026, 9, 1).expect("a day");
    let sale = |i: usize| {
        let party = (i * 7_919) % PARTIES;
        let date = first + Days::new((i % 75) as u64);
        let number = format!("{i:09}");
        let kopecks = 100_000 + (i as i64 * 48_271) % 9_000_000;
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
    tx.insert_sales(&all, now()).await.unwrap_or_else(|e| panic!("{e}"));
    let mut records: Vec<CrmRecord> = (0..RECORDS)
        .map(|i| CrmRecord {
            inn: tax(i),
            phone: format!("+7 495 {:07}", i * 37 % 10_000_000),
            email: format!("office{i}@bench.example"),
            city: "Екатеринбург".into(),
            responsible: format!("Продавец {:02}", i % SELLERS),
            ..CrmRecord::new(
                CrmId { source: "crm".into(), kind: CrmKind::Company, id: i.to_string() },
                &format!("ООО {}", name(i)),
            )
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

fn write_files(dir: &Path) {
    let mut people = String::new();
    for i in 0..SELLERS {
        people.push_str(&format!(
            "[[person]]\nid = \"{i:04}\"\nname = \"Продавец {i:02}\"\nemail = \"m{i}@bench.example\"\ndepartment = \"Опт\"\n\
             roles = [\"manager\"]\n\n"
        ));
    }
    for (id, role) in [("9001", "head"), ("9002", "finance"), ("9003", "operator")] {
        people.push_str(&format!(
            "[[person]]\nid = \"{id}\"\nname = \"{role}\"\nemail = \"{role}@bench.example\"\nroles = [\"{role}\"]\n\n"
        ));
    }
    let settings = "[company]\nname = \"ООО «Бенч»\"\n[accounting]\nfolders = [\"inbox/accounting\"]\n\n[[crm]]\nname = \"crm\"\n\
                    kind = \"table\"\nfolder = \"inbox/crm\"\n\n[web]\nlisten = \"\"\n";
    for folder in ["inbox/accounting", "inbox/crm", "calendar"] {
        fs::create_dir_all(dir.join(folder)).expect("a folder");
    }
    for (file, text) in [("sverka.toml", settings), ("people.toml", &people), ("policy.toml", init::POLICY)] {
        fs::write(dir.join(file), text).expect("a file");
    }
    for (name, text) in init::CALENDARS {
        fs::write(dir.join("calendar").join(name), text).expect("a file");
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
