//! `backtest`: a draft beside the present regulation over closed periods, and nothing posted by it.

use std::fs;

use sverka::domain::run::Job;

use super::{calendars, sverka};
use crate::app::{POLICY, TestApp};

/// Two months closed: in each a missing buyer beside one in the CRM.
async fn company() -> TestApp {
    let mut t = TestApp::new("2026-11-02T14:00:00Z").await;
    calendars(t.dir.path());
    let months = [
        (
            "2026-11-03T09:00:00Z",
            "Октябрь.csv",
            [
                "05.10.2026;0000-000001;Ромашка ООО;7707083893;Орлов Илья;10000,00",
                "06.10.2026;0000-000002;ВЕКТОР ООО;7701234560;Орлов Илья;90000,00",
            ],
        ),
        (
            "2026-12-03T09:00:00Z",
            "Ноябрь.csv",
            [
                "05.11.2026;0000-000003;ИП Лебедев Пётр Олегович;500100732259;Соколова Анна;20000,00",
                "09.11.2026;0000-000004;ВЕКТОР ООО;7701234560;Соколова Анна;50000,00",
            ],
        ),
    ];
    for (at, file, rows) in months {
        t.at(at);
        t.drop_sales(file, &rows);
        t.drop_crm(&["1;ООО «Вектор»;7701234560;+7 495 123-45-67;12.01.2026 10:00:00"]);
        t.ingest().await;
        let done = t.run(Job::Close).await;
        assert!(done.held.is_empty(), "{:?}", done.held);
    }
    t
}

/// Missing costs everything, and a premium for complete cards.
fn draft() -> String {
    POLICY
        .replace("missing = \"50 %\"", "missing = \"100 %\"")
        .replace("T-1", "P-1")
        .replace("2026-01-01", "2027-01-01")
        + "\n[[version.rule]]\nkind = \"completeness\"\nbands = [{ from = \"0 %\", to = \"100 %\", premium = \"700.00\" }]\n"
}

#[tokio::test]
async fn a_draft_is_tried_on_closed_periods_and_posts_nothing() {
    let t = company().await;
    let dir = t.dir.path();
    fs::write(dir.join("draft.toml"), draft()).expect("a file");
    let before: Vec<String> = t.ledger().await.iter().map(|e| e.hash.clone()).collect();
    let arguments = ["backtest", "--policy", "draft.toml", "--from", "2026-10", "--to", "2026-11"];
    let ran = sverka(dir, &arguments);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    insta::assert_snapshot!("backtest_ru", ran.stdout.replace('\u{a0}', " "));
    let ran = sverka(dir, &[&["--lang", "en"][..], &arguments, &["--xlsx", "t.xlsx", "--picture", "t.svg"]].concat());
    insta::assert_snapshot!("backtest_en", ran.stdout);
    insta::assert_snapshot!("backtest_svg", fs::read_to_string(dir.join("t.svg")).expect("a picture"));
    let ran = sverka(dir, &[&arguments[..], &["--picture", "t.png"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(fs::read(dir.join("t.png")).expect("a picture").starts_with(b"\x89PNG"));
    use calamine::Reader;
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(dir.join("t.xlsx")).expect("a workbook");
    assert_eq!(book.sheet_names(), ["People", "Reasons", "Fairness", "Periods"]);
    let periods = book.worksheet_range("Periods").expect("a sheet");
    assert_eq!(periods.rows().count(), 3);

    let found = sverka(dir, &[&["--json"][..], &arguments].concat()).json();
    // The present side is the ledger: what was really posted for these periods.
    let posted: i64 = t.ledger().await.iter().map(|e| e.entry.amount.kopecks()).sum();
    let now: i64 = found["test"]["present"]["periods"]
        .as_object()
        .expect("periods")
        .values()
        .map(|v| v.as_i64().expect("kopecks"))
        .sum();
    assert_eq!(now, posted, "{found}");
    // Орлов: 10 % of 10 000 is 1 000, all of it missing; the cap of 20 % of 10 000 does not bite. Premium 700.
    let orlov = &found["test"]["draft"]["people"]["0101"];
    assert_eq!((orlov["reductions"].as_i64(), orlov["premiums"].as_i64()), (Some(-100_000), Some(70_000)), "{orlov}");
    // Соколова: 2 000 of 7 000 missing, the cap is 1 400: 600 come back.
    let sokolova = &found["test"]["draft"]["people"]["0102"];
    assert_eq!(
        (sokolova["reductions"].as_i64(), sokolova["relief"].as_i64(), sokolova["capped"].as_i64()),
        (Some(-200_000), Some(60_000), Some(1)),
        "{sokolova}"
    );
    assert_eq!(found["test"]["draft"]["clients"]["entrepreneur"]["reduced"], 1);
    let after: Vec<String> = t.ledger().await.iter().map(|e| e.hash.clone()).collect();
    assert_eq!(before, after, "nothing is posted");
}

#[tokio::test]
async fn what_cannot_be_tried_is_said() {
    let t = company().await;
    let dir = t.dir.path();
    fs::write(dir.join("draft.toml"), draft()).expect("a file");
    fs::write(dir.join("broken.toml"), draft().replace("kind = \"cap\"", "kind = \"cup\"")).expect("a file");
    let run = |policy: &'static str, from: &'static str, to: &'static str, more: &'static [&'static str]| {
        let first = ["backtest", "--policy", policy, "--from", from, "--to", to];
        sverka(dir, &[&first[..], more].concat())
    };
    for (ran, part) in [
        (run("draft.toml", "2026-10", "2026-12", &[]), "период 2026-12 не закрыт"),
        (run("draft.toml", "2026-11", "2026-10", &[]), "позже"),
        (run("draft.toml", "2026-10", "2026-11", &["--picture", "t.gif"]), "в .svg или .png"),
        (run("draft.toml", "октябрь", "2026-11", &[]), "период пишется так"),
        (run("broken.toml", "2026-10", "2026-11", &[]), "cup"),
        (run("nowhere.toml", "2026-10", "2026-11", &[]), "нет такого файла"),
    ] {
        assert!(ran.code == 1 || ran.code == 3, "{part}: {}", ran.code);
        assert!(ran.stderr.contains(part), "{part}: {}", ran.stderr);
    }
}
