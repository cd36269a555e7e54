//! `match list`, `explain`, `same`, `duplicates`, `export`, `import`: what a person sees and does.

use std::fs;

use sverka::domain::run::Job;

use super::{calendars, sverka};
use crate::app::TestApp;

const A: &str = "7707083893";

/// Three buyers in doubt: two contest one record, one ties between two; and a card that is broken.
async fn company() -> TestApp {
    let mut t = TestApp::new("2026-11-16T14:00:00Z").await;
    calendars(t.dir.path());
    t.drop_sales(
        "Продажи.csv",
        &[
            &format!("02.11.2026;0000-000001;Гефест-Промтехносфера ООО;{A};Орлов Илья;30000,00"),
            "03.11.2026;0000-000002;Гефест-Промтехносфера ООО;7743013901;Орлов Илья;20000,00",
            "03.11.2026;0000-000003;ООО Лазурит-Камнерез;7701234560;Орлов Илья;40000,00",
            "03.11.2026;0000-000004;Вектоp;7701234567;Орлов Илья;100,00",
        ],
    );
    t.drop_crm(&[
        "1;Гефест-Промтехносфера;;+7 495 123-45-67;12.01.2026 10:00:00",
        "2;Лазурит-Камнерез;;;12.01.2026 10:00:00",
        "3;ООО Лазурит Камнерез;;;13.01.2026 10:00:00",
        "4;Иное имя;5001007322;;13.01.2026 10:00:00",
        "5;Роза;4253052543;;13.01.2026 10:00:00",
        "6;Роза (дубль);4253052543;;13.01.2026 10:00:00",
    ]);
    t.ingest().await;
    let done = t.run(Job::Audit).await;
    assert!(done.held.is_empty(), "{:?}", done.held);
    t
}

/// The workbook as text with answers in the rows of those keys, as a spreadsheet program would save it.
fn filled(t: &TestApp, answers: &[(&str, &str, &str)]) -> String {
    use calamine::Reader;
    let dir = t.dir.path();
    let written = sverka(dir, &["match", "export", "-o", "review.xlsx"]);
    assert_eq!(written.code, 0, "{}", written.stderr);
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(dir.join("review.xlsx")).expect("a workbook");
    let range = book.worksheet_range("На разбор").expect("a sheet");
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    for (n, row) in range.rows().enumerate() {
        let mut cells: Vec<String> = row.iter().map(ToString::to_string).collect();
        cells.resize(13, String::new());
        if let Some((_, answer, other)) = answers.iter().find(|(key, ..)| n > 0 && cells[0].starts_with(key)) {
            (cells[9], cells[10]) = ((*answer).to_owned(), (*other).to_owned());
        }
        writer.write_record(&cells).expect("a row");
    }
    let text = String::from_utf8(writer.into_inner().expect("text")).expect("UTF-8");
    fs::write(dir.join("filled.csv"), &text).expect("a file");
    text
}

#[tokio::test]
async fn the_queue_says_who_comes_first_and_why() {
    let t = company().await;
    let dir = t.dir.path();
    insta::assert_snapshot!("queue_ru", sverka(dir, &["match", "list"]).stdout.replace('\u{a0}', " "));
    insta::assert_snapshot!("queue_en", sverka(dir, &["--lang", "en", "match", "list"]).stdout);
    let rows = sverka(dir, &["--json", "match", "list"]).json();
    assert_eq!(
        (rows[0]["open_kopecks"].as_i64(), rows[0]["reach_kopecks"].as_i64()),
        (Some(3_000_000), Some(5_000_000))
    );
    assert_eq!(rows[0]["verdict"]["verdict"], "uncertain");
}

#[tokio::test]
async fn a_match_is_explained_in_numbers() {
    let t = company().await;
    let (dir, key) = (t.dir.path(), format!("{A}/"));
    insta::assert_snapshot!("explain_ru", sverka(dir, &["match", "explain", &key]).stdout.replace('\u{a0}', " "));
    insta::assert_snapshot!("explain_en", sverka(dir, &["--lang", "en", "match", "explain", &key]).stdout);
    let shown = sverka(dir, &["--json", "match", "explain", "7701234560/", "3"]).json();
    insta::assert_snapshot!("explain_json", serde_json::to_string_pretty(&shown).expect("JSON"));
    assert_eq!(shown["candidates"][0]["record"]["id"], "3");
    // A record that the search did not meet, and one that is not there.
    let unmet = sverka(dir, &["match", "explain", &key, "5"]);
    assert!(unmet.stdout.contains("не встретил"), "{}", unmet.stdout);
    assert_eq!(
        (sverka(dir, &["match", "explain", &key, "77"]).code, sverka(dir, &["match", "explain", "no"]).code),
        (1, 1)
    );
}

#[tokio::test]
async fn doubles_and_broken_cards_are_listed() {
    let t = company().await;
    let dir = t.dir.path();
    insta::assert_snapshot!("doubles_ru", sverka(dir, &["match", "duplicates"]).stdout.replace('\u{a0}', " "));
    insta::assert_snapshot!("doubles_en", sverka(dir, &["--lang", "en", "match", "duplicates"]).stdout);
    let found = sverka(dir, &["--json", "match", "duplicates"]).json();
    assert_eq!(found["crm"][0]["records"][1]["id"]["id"], "6", "{found}");
}

#[tokio::test]
async fn the_same_company_is_declared_and_taken_back() {
    let t = company().await;
    let dir = t.dir.path();
    let (a, b) = (format!("{A}/"), "7743013901/");
    assert_eq!(sverka(dir, &["match", "confirm", &a, "1"]).code, 0);
    // A second owner of the record is remarked on, and allowed.
    let second = sverka(dir, &["--json", "match", "confirm", b, "1"]);
    assert!(second.stderr.contains("уже подтверждена за «Гефест-Промтехносфера ООО»"), "{}", second.stderr);
    let id = second.json()["decision"].as_str().expect("a number").to_owned();
    assert_eq!(sverka(dir, &["match", "undo", &id]).code, 0);
    let before = sverka(dir, &["--json", "match", "list"]).stdout;
    assert!(before.contains(b), "{before}");
    let same = sverka(dir, &["--json", "match", "same", b, &a, "--by", "Громова", "--note", "одна группа"]).json();
    let decision = same["decision"].as_str().expect("a number").to_owned();
    let found = sverka(dir, &["match", "list", "--verdict", "in-crm"]).stdout;
    assert!(
        found.contains(&format!("та же организация, что «Гефест-Промтехносфера ООО» (решение {decision})")),
        "{found}"
    );
    assert_eq!(sverka(dir, &["match", "undo", &decision]).code, 0);
    assert_eq!(sverka(dir, &["--json", "match", "list"]).stdout, before);
    for arguments in [&["match", "same", b, b][..], &["match", "same", b, "nobody"], &["match", "same", "nobody", b]] {
        assert_eq!(sverka(dir, arguments).code, 1, "{arguments:?}");
    }
}

#[tokio::test]
async fn a_filled_workbook_is_taken_in_once_and_refuses_by_row() {
    let t = company().await;
    let dir = t.dir.path();
    filled(
        &t,
        &[(A, "да, кандидат 1", ""), ("7743013901", "то же, что …", &format!("{A}/")), ("7701234560", "не знаю", "")],
    );
    let over = sverka(dir, &["match", "export", "-o", "review.xlsx"]);
    assert_eq!((over.code, over.stdout.as_str()), (1, ""), "answers are not overwritten");
    assert!(over.stderr.contains("--force"), "{}", over.stderr);
    assert_eq!(sverka(dir, &["match", "export", "-o", "review.xlsx", "--force"]).code, 0);
    let dry = sverka(dir, &["match", "import", "filled.csv", "--by", "Громова", "--dry-run"]);
    assert!(dry.stdout.starts_with("будет внесено строк: 2 (решений 2)"), "{}", dry.stdout);
    let done = sverka(dir, &["match", "import", "filled.csv", "--by", "Громова"]);
    insta::assert_snapshot!("import_ru", format!("{}\n{}{}", done.code, done.stdout, done.stderr));
    let again = sverka(dir, &["--lang", "en", "match", "import", "filled.csv", "--by", "Другой"]);
    insta::assert_snapshot!("import_again_en", format!("{}\n{}{}", again.code, again.stdout, again.stderr));

    let decided = sverka(dir, &["--json", "match", "list", "--verdict", "decided"]).json();
    assert_eq!(decided.as_array().map(Vec::len), Some(2), "{decided}");
    let mut tx = t.app.db.begin().await.expect("a transaction");
    let history = tx.decision_history().await.expect("decisions");
    tx.commit().await.expect("a commit");
    assert_eq!(history.len(), 2);
    let listed = sverka(dir, &["match", "list", "--verdict", "decisions"]).stdout;
    assert!(listed.contains(&format!("7743013901/: та же организация, что {A}/")), "{listed}");
    assert!(history.iter().all(|e| listed.contains(&e.decision.id)), "{listed}");
    assert!(history.iter().all(|e| e.decision.author == "Громова" && e.decision.note.contains("filled.csv, строка")));

    let other = sverka(dir, &["match", "import", "people.toml"]);
    assert_eq!(other.code, 1);
    assert!(other.stderr.contains("не таблица на разбор"), "{}", other.stderr);
    assert_eq!(sverka(dir, &["match", "import", "nowhere.xlsx"]).code, 1);
}

#[tokio::test]
async fn a_filled_workbook_in_a_watched_folder_waits_for_the_command_that_names_its_author() {
    let mut t = company().await;
    let text = filled(&t, &[(A, "да, кандидат 1", "")]);
    for folder in ["inbox/accounting", "inbox/crm"] {
        let text = format!("{text}{}", if folder.ends_with("crm") { "\r\n" } else { "" });
        t.drop_file(folder, "решения.csv", text.as_bytes());
    }
    let intake = t.ingest().await;
    assert_eq!(intake.quarantined.len(), 2, "{intake:?}");
    let dir = t.dir.path();
    let held = sverka(dir, &["holds"]).stdout;
    assert!(held.contains("sverka match import ФАЙЛ --by ИМЯ"), "{held}");
    let done = sverka(dir, &["match", "import", "inbox/accounting/решения.csv", "--by", "Громова"]);
    assert_eq!(done.code, 0, "{}{}", done.stdout, done.stderr);
    let held = sverka(dir, &["--json", "holds"]).json();
    assert_eq!(held.as_array().map(Vec::len), Some(1), "the file that was taken in waits no more: {held}");
}

#[tokio::test]
async fn decisions_that_hang_in_the_air_are_listed() {
    let mut t = company().await;
    let a = format!("{A}/");
    assert_eq!(sverka(t.dir.path(), &["match", "confirm", &a, "1", "--by", "Громова"]).code, 0);
    let none = sverka(t.dir.path(), &["match", "list", "--verdict", "orphaned"]).stdout;
    assert!(none.contains("таких решений нет; всего решений в силе: 1"), "{none}");
    // The record now carries another company's number.
    t.at("2026-11-17T14:00:00Z");
    t.drop_crm(&[
        "1;Гефест-Промтехносфера;4253052543;+7 495 123-45-67;12.01.2026 10:00:00",
        "2;Лазурит-Камнерез;;;12.01.2026 10:00:00",
        "3;ООО Лазурит Камнерез;;;13.01.2026 10:00:00",
        "4;Иное имя;5001007322;;13.01.2026 10:00:00",
        "5;Роза;4253052543;;13.01.2026 10:00:00",
        "6;Роза (дубль);4253052543;;13.01.2026 10:00:00",
    ]);
    t.ingest().await;
    let dir = t.dir.path();
    let doubt = sverka(dir, &["match", "list", "--verdict", "second-look"]).stdout;
    assert!(doubt.contains(&a) && doubt.contains("теперь ИНН разные: в учёте 7707083893"), "{doubt}");
    let found = sverka(dir, &["--json", "match", "list", "--verdict", "in-crm"]).stdout;
    assert!(found.contains(A), "it stays in force: {found}");
    t.run(Job::Audit).await;
    let audit = t.text_of("audit.").await;
    assert!(audit.contains("взглянуть ещё раз: 1"), "{audit}");
}

#[test]
fn every_command_of_the_page_exists() {
    let page = include_str!("../../../docs/matching.md");
    let dir = tempfile::tempdir().expect("a folder");
    let mut names: Vec<&str> =
        page.split("sverka match ").skip(1).filter_map(|rest| rest.split_whitespace().next()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names, ["confirm", "duplicates", "explain", "export", "import", "list", "reject", "same", "undo"]);
    for name in names {
        assert_eq!(sverka(dir.path(), &["match", name, "--help"]).code, 0, "{name}");
    }
    let help = sverka(dir.path(), &["match", "list", "--help"]).stdout;
    for verdict in page.split("--verdict ").skip(1).filter_map(|rest| rest.split_whitespace().next()) {
        assert!(help.contains(verdict), "{verdict}");
    }
}
