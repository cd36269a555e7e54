//! `deals` and `votes`: a head decides one by one and in a table; nobody decides without a name.

use std::fs;

use sverka::domain::run::Job;

use super::{calendars, sverka};
use crate::app::{PEOPLE, POLICY, TestApp};

const RULES: &str = r#"
[[version.rule]]
kind = "deal_approval"

[[version.rule]]
kind = "contest"
by = "votes"
prizes = ["5000.00", "3000.00"]
"#;

async fn company() -> TestApp {
    let mut t = TestApp::with("2026-11-16T14:00:00Z", "", &format!("{POLICY}\n{RULES}"), PEOPLE).await;
    calendars(t.dir.path());
    t.drop_sales(
        "Продажи.csv",
        &[
            "02.11.2026;0000-000001;Ромашка ООО;7707083893;Орлов Илья;10000,00",
            "03.11.2026;0000-000002;=ВЕКТОР ООО;7701234560;Соколова Анна;20000,00",
        ],
    );
    t.drop_crm(&["1;ООО «Вектор»;7701234560;+7 495 123-45-67;12.01.2026 10:00:00"]);
    t.ingest().await;
    let done = t.run(Job::Audit).await;
    assert!(done.held.is_empty(), "{:?}", done.held);
    t
}

#[tokio::test]
async fn a_head_lists_approves_and_returns() {
    let t = company().await;
    let dir = t.dir.path();
    insta::assert_snapshot!("deals_ru", sverka(dir, &["deals", "list"]).stdout.replace('\u{a0}', " "));
    insta::assert_snapshot!("deals_en", sverka(dir, &["--lang", "en", "deals", "list"]).stdout);
    let nameless = sverka(dir, &["deals", "approve", "0000-000001"]);
    assert_ne!(nameless.code, 0, "{}", nameless.stdout);
    let own = sverka(dir, &["deals", "approve", "0000-000001", "--by", "Орлов Илья"]);
    assert_eq!(own.code, 1);
    assert!(own.stderr.contains("свою сделку продавец не решает"), "{}", own.stderr);
    let empty = sverka(dir, &["deals", "return", "0000-000001", "--by", "0001", "--missing", " "]);
    assert!(empty.code == 1 && empty.stderr.contains("чего не хватает"), "{}", empty.stderr);
    assert_eq!(sverka(dir, &["deals", "return", "0000-000001", "--by", "0001", "--missing", "нет акта"]).code, 0);
    let approved = sverka(dir, &["deals", "approve", "0000-000002", "--by", "Громова Елена"]);
    assert_eq!(approved.code, 0, "{}", approved.stderr);
    let left = sverka(dir, &["--json", "deals", "list"]).json();
    assert_eq!(left.as_array().map(Vec::len), Some(1), "{left}");
    assert_eq!((left[0]["state"].as_str(), left[0]["deferred"].as_i64()), (Some("returned"), Some(100_000)));
    assert!(left[0]["words"]["ru"].as_str().is_some_and(|w| w.contains("не хватает: нет акта")), "{left}");
    assert_eq!(sverka(dir, &["--json", "deals", "list", "--all"]).json().as_array().map(Vec::len), Some(2));
}

/// The exported workbook as text with an answer in each row, as a spreadsheet program would save it.
fn filled(t: &TestApp, answer: impl Fn(&str) -> (&'static str, &'static str)) -> usize {
    use calamine::Reader;
    let dir = t.dir.path();
    let written = sverka(dir, &["deals", "export", "-o", "deals.xlsx", "--force"]);
    assert_eq!(written.code, 0, "{}", written.stderr);
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(dir.join("deals.xlsx")).expect("a workbook");
    let range = book.worksheet_range("Сделки").expect("a sheet");
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    for (n, row) in range.rows().enumerate() {
        let mut cells: Vec<String> = row.iter().map(ToString::to_string).collect();
        cells.resize(13, String::new());
        if n > 0 {
            let (word, note) = answer(&cells[1]);
            (cells[10], cells[11]) = (word.to_owned(), note.to_owned());
        }
        writer.write_record(&cells).expect("a row");
    }
    fs::write(dir.join("filled.csv"), writer.into_inner().expect("text")).expect("a file");
    range.rows().count() - 1
}

#[tokio::test]
async fn a_filled_table_is_taken_in_once() {
    let t = company().await;
    let dir = t.dir.path();
    let answer = |number: &str| if number.ends_with('1') { ("одобрить", "") } else { ("вернуть", "") };
    assert_eq!(filled(&t, answer), 2);
    assert_eq!(sverka(dir, &["deals", "export", "-o", "deals.xlsx"]).code, 1, "answers are not overwritten");
    let shown = sverka(dir, &["deals", "import", "filled.csv", "--by", "0001", "--dry-run"]);
    assert_eq!(shown.code, 2, "{}{}", shown.stdout, shown.stderr);
    let taken = sverka(dir, &["deals", "import", "filled.csv", "--by", "0001"]);
    assert_eq!(taken.code, 2);
    assert_eq!(
        taken.stdout.lines().collect::<Vec<_>>(),
        [
            "внесено строк: 1; без изменений: 0; не принято: 1; без ответа: 0",
            "  строка 2: возврат должен назвать, чего не хватает"
        ],
        "{}",
        taken.stderr
    );
    let again = sverka(dir, &["deals", "import", "filled.csv", "--by", "0001"]);
    assert!(again.stdout.starts_with("внесено строк: 0; без изменений: 1"), "{}", again.stdout);
    assert_eq!(sverka(dir, &["--json", "deals", "list"]).json().as_array().map(Vec::len), Some(1));
    fs::write(dir.join("other.csv"), "Дата;Сумма\r\n02.11.2026;1\r\n").expect("a file");
    let other = sverka(dir, &["deals", "import", "other.csv", "--by", "0001"]);
    assert!(other.code == 1 && other.stderr.contains("Отпечаток"), "{}", other.stderr);
}

#[tokio::test]
async fn votes_come_in_a_table_and_nobody_votes_for_himself() {
    let t = company().await;
    let dir = t.dir.path();
    let table = "Период;Член жюри;За кого\r\n\
                 2026-11;Громова Елена;Орлов Илья\r\n\
                 ноябрь 2026;Орлов Илья;Соколова Анна\r\n\
                 11.2026;Соколова Анна;0102\r\n\
                 2026-11;Громова Елена;0102\r\n\
                 2025-11;0003;0102\r\n\
                 2026-11;Прохожий;0102\r\n";
    fs::write(dir.join("votes.csv"), table).expect("a file");
    let taken = sverka(dir, &["--lang", "en", "votes", "import", "votes.csv", "--by", "petrova"]);
    insta::assert_snapshot!("votes_en", taken.stdout);
    assert_eq!(taken.code, 2, "{}", taken.stderr);
    let again = sverka(dir, &["--json", "votes", "import", "votes.csv"]).json();
    assert_eq!(
        (again["apply"].as_array().map(Vec::len), again["unchanged"].as_array().map(Vec::len)),
        (Some(0), Some(2))
    );
}
