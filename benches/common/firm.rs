//! A company for benchmarks that start behind the files: its folder with settings, people and calendars, its sales and its
//! names. Deliberately absent: what a benchmark measures.

use std::{
    fs,
    path::{Path, PathBuf},
};

use chrono::{DateTime, NaiveDate, Utc};
use sverka::{
    cli::{demo::company::inn, init},
    config,
    domain::{
        crm::{CrmId, CrmKind, CrmRecord},
        finding::SourceRef,
        money::Money,
        sale::{PartyRef, Sale, SaleKey},
    },
    env::Clock,
    pipeline::App,
};

/// Every benchmark's day.
pub fn now() -> DateTime<Utc> {
    "2026-11-20T14:00:00Z".parse().expect("an instant")
}

/// The program over the folder.
pub async fn open(dir: &Path) -> App {
    let config = config::load(&dir.join("sverka.toml"), now().date_naive()).unwrap_or_else(|e| panic!("config: {e}"));
    App::open(config, Clock::manual(now()), PathBuf::from("sverka")).await.unwrap_or_else(|e| panic!("open: {e}"))
}

/// Most memory that this process ever had.
pub fn peak_mib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmHWM:")).unwrap_or_default().to_owned();
    line.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok()).unwrap_or_default() / 1024
}

/// The folder, with so many sellers who were hired over ten years, and a regulation.
pub fn write_files(dir: &Path, sellers: usize, policy: &str) {
    let mut people = String::new();
    for i in 0..sellers {
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
    for folder in ["inbox/accounting", "inbox/crm", "calendar"] {
        fs::create_dir_all(dir.join(folder)).expect("a folder");
    }
    for (file, text) in [("sverka.toml", settings), ("people.toml", &people), ("policy.toml", policy)] {
        fs::write(dir.join(file), text).expect("a file");
    }
    for (name, text) in init::CALENDARS {
        fs::write(dir.join("calendar").join(name), text).expect("a file");
    }
}

/// The sale of that number to one of so many buyers, each of whom belongs to one of so many sellers.
pub fn sale(i: usize, date: NaiveDate, kopecks: i64, (parties, sellers): (usize, usize)) -> Sale {
    let party = (i * 7_919) % parties;
    let number = format!("{i:09}");
    Sale {
        key: SaleKey::new("ООО «Бенч»", &number, date),
        organisation: "ООО «Бенч»".into(),
        number,
        date,
        party: PartyRef { code: String::new(), name: name(party), inn: tax_id(party), kpp: String::new() },
        manager: format!("Продавец {:02}", party % sellers),
        amount: Money::from_kopecks(kopecks),
        net: Some(Money::from_kopecks(kopecks * 5 / 6)),
        margin: None,
        bonus: None,
        currency: "RUB".into(),
        returns: None,
        file_hash: "bench".into(),
        source: SourceRef { row: i as u32 + 2, ..SourceRef::file("Продажи.csv") },
    }
}

/// The card of that buyer.
pub fn record(i: usize) -> CrmRecord {
    let id = CrmId { source: "crm".into(), kind: CrmKind::Company, id: i.to_string() };
    CrmRecord { inn: tax_id(i), ..CrmRecord::new(id, &format!("ООО {}", name(i))) }
}

/// A valid ИНН of its own for every company.
fn tax_id(i: usize) -> String {
    inn(&format!("{:04}", 5001 + i % 40), 10_000 + i as u32)
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
