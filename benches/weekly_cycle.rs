//! A full weekly cycle of a middle-sized company, from files in a folder to frozen mails: 10,000 sales of 2,000
//! counterparties, 1,700 of them in the CRM, twenty salespeople. Prints seconds per stage. Run with
//! `cargo bench --bench weekly_cycle`. Deliberately absent: assertions about time.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use chrono::{DateTime, Days, NaiveDate, Utc};
use sverka::{
    cli::{demo::company::inn, init},
    config,
    domain::run::Job,
    env::Clock,
    ingest::Spool,
    pipeline::{
        self, App,
        reconcile::{self, Request},
    },
};

const SALES: usize = 10_000;
const PARTIES: usize = 2_000;
const SELLERS: usize = 20;

fn main() {
    // `cargo test --benches` only checks that it starts.
    if std::env::args().any(|a| a == "--test") {
        return;
    }
    let dir = tempfile::tempdir().expect("a folder");
    let now: DateTime<Utc> = "2026-11-20T14:00:00Z".parse().expect("an instant");
    company(dir.path(), now);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(cycle(dir.path(), now));
}

async fn cycle(dir: &Path, now: DateTime<Utc>) {
    let config = config::load(&dir.join("sverka.toml"), now.date_naive()).unwrap_or_else(|e| panic!("config: {e:?}"));
    let parser = PathBuf::from(env!("CARGO_BIN_EXE_sverka"));
    let app = App::open(config, Clock::manual(now), parser).await.unwrap_or_else(|e| panic!("open: {e}"));
    let mut spool = Spool::new(app.spool_settings());
    spool.poll(now);
    let all = Instant::now();
    let stage = Instant::now();
    let intake = pipeline::look(&app, &mut spool).await.unwrap_or_else(|e| panic!("ingest: {e}"));
    println!(
        "ingest    {:>7.2} s  {} files taken in, {} set aside",
        stage.elapsed().as_secs_f64(),
        intake.accepted.len(),
        intake.quarantined.len()
    );
    for job in [Job::Alerts, Job::Audit] {
        let stage = Instant::now();
        let done = reconcile::reconcile(&app, &Request::now(&app, job, now)).await.unwrap_or_else(|e| panic!("{e}"));
        assert!(done.held.is_empty(), "held: {:?}", done.held);
        println!(
            "{:<9} {:>7.2} s  {} entries, {} mails",
            job.code(),
            stage.elapsed().as_secs_f64(),
            done.entries.len(),
            done.mails.len()
        );
    }
    println!("all       {:>7.2} s  {SALES} sales, {PARTIES} counterparties", all.elapsed().as_secs_f64());
}

/// Files of the company: a sales list, a CRM export, people.
fn company(dir: &Path, now: DateTime<Utc>) {
    let day = NaiveDate::from_ymd_opt(2026, 10, 1).expect("a day");
    let name = |i: usize| format!("{} {} ООО", ["СТРОЙ", "ТЕХ", "АГРО", "МЕД", "АВТО"][i % 5], base(i));
    let tax = |i: usize| inn(&format!("{:04}", 5001 + i % 40), 10_000 + i as u32);
    let mut sales = String::from("Дата;Номер;Контрагент;ИНН;КПП;Ответственный;Сумма;Сумма без НДС\r\n");
    let mut total = 0_i64;
    for i in 0..SALES {
        let party = (i * 7919) % PARTIES;
        let kopecks = 100_000 + (i as i64 * 48_271) % 9_000_000;
        total += kopecks;
        let date = (day + Days::new((i % 50) as u64)).format("%d.%m.%Y");
        let _ = write!(
            sales,
            "{date};{i:09};{};{};;Продавец {:02};{},{:02};{},{:02}\r\n",
            name(party),
            tax(party),
            party % SELLERS,
            kopecks / 100,
            kopecks % 100,
            kopecks / 120,
            kopecks % 100
        );
    }
    let _ = write!(sales, "Итого;;;;;;{},{:02};\r\n", total / 100, total % 100);
    let mut crm = String::from("id,title,inn,kpp,phone,email,city,responsible,created,updated\n");
    for i in (0..PARTIES).filter(|i| i % 20 > 2) {
        let _ = writeln!(
            crm,
            "{i},\"ООО {}\",{},,,,,,2026-01-15,2026-01-15",
            name(i),
            if i % 3 == 0 { String::new() } else { tax(i) }
        );
    }
    let mut people = String::new();
    for i in 0..SELLERS {
        let _ = write!(
            people,
            "[[person]]\nid = \"{i:04}\"\nname = \"Продавец {i:02}\"\nemail = \"m{i}@bench.example\"\ndepartment = \"Опт\"\nroles = [\"manager\"]\n\n"
        );
    }
    for (id, role) in [("9001", "head"), ("9002", "finance"), ("9003", "operator")] {
        let _ = write!(
            people,
            "[[person]]\nid = \"{id}\"\nname = \"{role}\"\nemail = \"{role}@bench.example\"\nroles = [\"{role}\"]\n\n"
        );
    }
    let settings = "[accounting]\nfolders = [\"inbox/accounting\"]\nstable_seconds = 0\n\n[[crm]]\nname = \"crm\"\nkind = \"table\"\n\
                    folder = \"inbox/crm\"\n\n[web]\nlisten = \"\"\n";
    for (path, text) in [("sverka.toml", settings), ("people.toml", &people), ("policy.toml", init::POLICY)] {
        fs::write(dir.join(path), text).expect("a file");
    }
    fs::create_dir_all(dir.join("calendar")).expect("a folder");
    for (name, text) in init::CALENDARS {
        fs::write(dir.join("calendar").join(name), text).expect("a file");
    }
    for (folder, file, text) in [("inbox/accounting", "Продажи.csv", &sales), ("inbox/crm", "companies.csv", &crm)]
    {
        fs::create_dir_all(dir.join(folder)).expect("a folder");
        let path = dir.join(folder).join(file);
        fs::write(&path, text).expect("a file");
        fs::File::options().write(true).open(&path).and_then(|f| f.set_modified(now.into())).expect("a date");
    }
}

/// A word of its own for every company.
fn base(mut i: usize) -> String {
    let syllables = ["ба", "ве", "го", "ди", "жу", "за", "ки", "ло", "му", "не", "по", "ри", "со", "ту", "фа", "хо"];
    let mut word = String::new();
    for _ in 0..4 {
        word.push_str(syllables[i % 16]);
        i = i / 16 + 7;
    }
    word
}
