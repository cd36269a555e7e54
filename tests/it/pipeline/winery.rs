//! A real base of six years: 11,885 documents of sale and the counterparty list, taken through the whole main job. The
//! CRM is derived here from part of the list. Skipped with a line where the files are absent.

use std::{collections::BTreeMap, fmt::Write as _, fs};

use sverka::domain::{run::Job, verdict::Verdict};

use crate::app::TestApp;

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/1c");

fn people() -> String {
    let mut text = String::new();
    for i in 1..=4 {
        let _ = write!(text, "[[person]]\nid = \"{i:04}\"\nname = \"Менеджер {i}\"\nemail = \"m{i}@wine.example\"\ndepartment = \"Продажи\"\nroles = [\"manager\"]\n\n");
    }
    for (id, role) in [("9001", "head"), ("9002", "finance"), ("9003", "operator")] {
        let _ = write!(text, "[[person]]\nid = \"{id}\"\nname = \"{role}\"\nemail = \"{role}@wine.example\"\nroles = [\"{role}\"]\n\n");
    }
    text
}

/// The plain sum of a column by another reader than ours: for each currency, kopecks.
fn plain_sums(text: &str) -> BTreeMap<String, i64> {
    let mut sums = BTreeMap::new();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    for row in reader.records().map(|r| r.expect("a row")) {
        let amount = row.get(3).unwrap_or_default();
        let (whole, part) = amount.split_once('.').unwrap_or((amount, "0"));
        let kopecks = whole.parse::<i64>().unwrap_or(0) * 100 + format!("{part:0<2}")[..2].parse::<i64>().unwrap_or(0);
        *sums.entry(row.get(4).unwrap_or_default().to_owned()).or_insert(0) += kopecks;
    }
    sums
}

#[tokio::test]
async fn six_years_of_a_real_winery_go_through_the_whole_main_job() {
    let (Ok(sales), Ok(partners)) = (fs::read_to_string(format!("{DATA}/sales-winery.csv")), fs::read_to_string(format!("{DATA}/partners-winery.csv"))) else {
        println!("skipped: the real files are not here");
        return;
    };
    let policy = crate::app::POLICY.replace("2026-01-01", "2020-01-01");
    let more = "[gate.hold]\nunknown_manager_bp = 10000\n";
    let mut t = TestApp::with("2026-04-10T14:00:00Z", more, &policy, &people()).await;
    t.app.config = {
        let mut config = (*t.app.config).clone();
        config.company.currency = "UAH".into();
        config.company.currency_aliases = vec!["грн".into()];
        for year in 2019..=2024 {
            config.calendar.insert(year, sverka::domain::calendar::Year::default());
        }
        config.into()
    };
    t.drop_file("inbox/accounting", "Контрагенты.csv", partners.as_bytes());
    t.drop_file("inbox/accounting", "Реализации.csv", sales.as_bytes());
    t.drop_file("inbox/crm", "Компании.csv", crm_of(&partners).as_bytes());
    let intake = t.ingest().await;
    assert!(intake.quarantined.is_empty(), "{:?}", intake.quarantined.iter().map(|f| &f.findings).collect::<Vec<_>>());

    // All rows read, each identity once, each currency's sum equal to the plain sum of its column.
    let mut tx = t.app.db.begin().await.expect("a transaction");
    let stored = tx.sales_in_force().await.expect("sales");
    tx.commit().await.expect("a commit");
    assert_eq!(stored.len(), 11_885);
    let mut sums: BTreeMap<String, i64> = BTreeMap::new();
    for sale in &stored {
        *sums.entry(sale.currency.clone()).or_default() += sale.amount.kopecks();
    }
    let plain = plain_sums(&sales);
    assert_eq!((sums["UAH"], sums["EUR"]), (plain["грн"], plain["EUR"]));

    // Counterparties that the derived CRM contains under the same name are found; money moves only on the others.
    let view = sverka::pipeline::view(&t.app, t.app.clock.now()).await.expect("a view");
    let known: Vec<&str> = crm_names(&partners);
    let unfair = view.loaded.facts.parties.iter().zip(&view.outcome.verdicts).filter(|(party, verdict)| {
        verdict.verdict == Verdict::NotInCrm && party.spellings.iter().any(|s| known.contains(&s.name.as_str()))
    });
    assert_eq!(unfair.map(|(p, _)| p.name.clone()).collect::<Vec<_>>(), Vec::<String>::new());

    let audit = t.run(Job::Audit).await;
    assert!(audit.held.is_empty(), "{:?}", audit.held);
    assert!(!audit.entries.is_empty());
    assert!(audit.entries.iter().all(|e| e.amount.kopecks() != 0 && !e.evidence.file_hash.is_empty() || e.key.subject == "period"));
    let ledger = t.ledger().await;
    t.run(Job::Audit).await;
    assert_eq!(t.ledger().await, ledger, "running again posts nothing");
    let close = t.run(Job::Close).await;
    assert!(close.held.is_empty(), "{:?}", close.held);
    assert!(close.mails.iter().any(|m| m.key.starts_with("statement.2026-03/1")));
    t.assert_settled().await;
}

/// Two of three partners, as a CRM that somebody typed from the same list.
fn crm_names(partners: &str) -> Vec<&str> {
    partners.lines().skip(1).enumerate().filter(|(i, l)| i % 3 != 0 && !l.starts_with('"')).filter_map(|(_, l)| l.split(',').next()).collect()
}

fn crm_of(partners: &str) -> String {
    let mut text = String::from("ID;Название компании;Дата создания\r\n");
    for (i, name) in crm_names(partners).iter().enumerate() {
        let _ = write!(text, "{};\"{}\";12.01.2020 10:00:00\r\n", 100 + i, name.replace('"', "\"\""));
    }
    text
}
