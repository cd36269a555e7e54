//! Finance's side on the command line: the head that was mailed, the answers that come back, the differences.

use std::fs;

use sverka::{deliver::reader, domain::run::Job, pipeline::hand_over};

use super::{calendars, sverka};
use crate::app::TestApp;

const VEKTOR: &str = "1;ООО «Вектор»;7701234560;+7 495 123-45-67;12.01.2026 10:00:00";

/// November closed with a reduction of 500.00 of Orlov and one of 100.00 of Sokolova.
async fn closed() -> TestApp {
    let mut t = TestApp::new("2026-11-27T14:00:00Z").await;
    calendars(t.dir.path());
    t.drop_sales(
        "Ноябрь.csv",
        &[
            "09.11.2026;0000-000001;Ромашка ООО;7707083893;Орлов Илья;10000,00",
            "09.11.2026;0000-000002;Гефест ООО;7704567890;Соколова Анна;2000,00",
            "10.11.2026;0000-000003;ВЕКТОР ООО;7701234560;Орлов Илья;500000,00",
            "10.11.2026;0000-000004;ВЕКТОР ООО;7701234560;Соколова Анна;500000,00",
        ],
    );
    t.drop_crm(&[VEKTOR]);
    t.ingest().await;
    t.run(Job::Audit).await;
    t.at("2026-12-03T07:00:00Z");
    t.drop_sales("Декабрь.csv", &["02.12.2026;0000-000005;ВЕКТОР ООО;7701234560;Орлов Илья;1000,00"]);
    t.drop_crm(&[VEKTOR]);
    t.ingest().await;
    let done = t.run(Job::Close).await;
    assert!(done.held.is_empty(), "{:?}", done.held);
    t
}

async fn attachment(t: &TestApp, ending: &str) -> Vec<u8> {
    let mails = t.mails().await;
    let mail = mails.iter().find(|m| m.mail.key.starts_with("statement.")).expect("a statement");
    let parts = reader::read(&mail.mail.bytes);
    parts.attachments.into_iter().find(|(name, _)| name.ends_with(ending)).expect("an attachment").1
}

#[tokio::test]
async fn every_finance_mail_shows_the_head_that_verify_is_given() {
    let t = closed().await;
    let head = t.ledger().await.last().expect("entries").hash.clone();
    let statements: Vec<_> = t.mails().await.into_iter().filter(|m| m.mail.key.starts_with("statement.")).collect();
    assert!(!statements.is_empty());
    for mail in statements {
        let parts = reader::read(&mail.mail.bytes);
        assert!(parts.text.contains(&head) && parts.html.contains(&head), "{}", parts.text);
    }
    let dir = t.dir.path();
    assert_eq!(sverka(dir, &["ledger", "verify", "--head", &head]).code, 0);
}

#[tokio::test]
async fn the_payroll_file_comes_back_with_answers_and_the_differences_are_told() {
    let t = closed().await;
    let dir = t.dir.path();
    let csv = String::from_utf8(attachment(&t, ".csv").await).expect("UTF-8");
    assert!(csv.starts_with('\u{feff}') && csv.contains("\r\n"), "{csv}");
    let rows: Vec<Vec<&str>> = csv.trim_start_matches('\u{feff}').lines().map(|l| l.split(';').collect()).collect();
    assert_eq!(rows.len(), 3, "one row a person: {csv}");
    let column = |name: &str| rows[0].iter().position(|h| *h == name).unwrap_or_else(|| panic!("{name}: {csv}"));
    let (id, sum, control) = (column("Табельный номер"), column("Снижение"), column("Контрольная сумма"));
    let people: Vec<_> = rows[1..].iter().map(|r| (r[id], r[sum])).collect();
    assert_eq!(people, [("0101", "-500,00"), ("0102", "-100,00")]);
    assert!(rows[1..].iter().all(|r| r[control].len() == 16 && r[control] == rows[1][control]), "{csv}");

    // Nothing is answered yet, and a file without answers says so.
    let list = sverka(dir, &["--json", "finance", "list"]);
    assert_eq!((list.json()[0]["unanswered"].as_u64(), list.json()[0]["handed"].as_i64()), (Some(2), Some(-600_00)));
    fs::write(dir.join("пусто.csv"), &csv).expect("a file");
    let empty = sverka(dir, &["finance", "answer", "пусто.csv"]);
    assert_eq!(empty.code, 1);
    assert!(empty.stderr.contains("нет ни одного ответа"), "{}", empty.stderr);

    let answered = |of: [(&str, &str, &str); 2]| {
        let mut lines = vec![rows[0].join(";")];
        for (row, (answer, applied, note)) in rows[1..].iter().zip(of) {
            let mut row = row.clone();
            (row[13], row[14], row[15]) = (answer, applied, note);
            lines.push(row.join(";"));
        }
        format!("\u{feff}{}\r\n", lines.join("\r\n"))
    };
    // A mistake in one row records none, and names the file and the row.
    fs::write(dir.join("ошибка.csv"), answered([("применено", "", ""), ("может быть", "", "")])).expect("a file");
    let wrong = sverka(dir, &["finance", "answer", "ошибка.csv"]);
    assert_eq!(wrong.code, 1);
    assert!(wrong.stderr.contains("ошибка.csv, строка 3") && wrong.stderr.contains("может быть"), "{}", wrong.stderr);
    assert_eq!(sverka(dir, &["--json", "finance", "list"]).json()[0]["unanswered"].as_u64(), Some(2));

    fs::write(dir.join("ответ.csv"), answered([("применено", "", ""), ("изменено", "-40,00", "отпуск")]))
        .expect("a file");
    for _ in 0..2 {
        let done = sverka(dir, &["finance", "answer", "ответ.csv"]);
        assert_eq!(done.code, 0, "{}", done.stderr);
        assert!(done.stdout.contains("0102 Соколова Анна") && done.stdout.contains("отпуск"), "{}", done.stdout);
    }
    let settled = sverka(dir, &["--json", "finance", "list"]).json();
    assert_eq!((settled[0]["unanswered"].as_u64(), settled[0]["applied"].as_i64()), (Some(0), Some(-540_00)));
    assert_eq!(settled[0]["differences"][0]["difference"].as_i64(), Some(60_00));
    // By hand a later answer replaces it.
    let by_hand =
        ["finance", "answer", "--number", "2026-11/1", "--employee", "0102", "--answer", "refused", "--text", "суд"];
    let refused = sverka(dir, &by_hand);
    assert_eq!(refused.code, 0, "{}", refused.stderr);
    assert_eq!(sverka(dir, &["--json", "finance", "list"]).json()[0]["applied"].as_i64(), Some(-500_00));
    assert_eq!(sverka(dir, &["finance", "answer", "--number", "2026-10/7"]).code, 1);
}

#[tokio::test]
async fn the_next_statement_tells_what_became_of_the_one_before() {
    let mut t = closed().await;
    let dir = t.dir.path().to_owned();
    let said = [
        "finance",
        "answer",
        "--number",
        "2026-11/1",
        "--employee",
        "0101",
        "--answer",
        "changed",
        "--amount",
        "-450,00",
    ];
    let done = sverka(&dir, &said);
    assert_eq!(done.code, 0, "{}", done.stderr);
    // The card is entered after the close: a further number of November tells both.
    t.at("2026-12-10T14:00:00Z");
    t.drop_crm(&[VEKTOR, "2;Ромашка;7707083893;;08.12.2026 09:00:00"]);
    t.ingest().await;
    assert!(t.run(Job::Audit).await.held.is_empty());
    let made = hand_over::further(&t.app, "2026-11".parse().expect("a period")).await.expect("a statement");
    assert_eq!(made.map(|m| (m.number, m.total.kopecks())), Some(("2026-11/2".to_owned(), 400_00)));
    let text = t.text_of("statement.2026-11/2").await;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("АКТ СВЕРКИ"), "{text}");
    assert!(text.contains("№ 2026-11/1: передано") && text.contains("без ответа 1 строка"), "{text}");
    assert!(text.contains("Орлов Илья (таб. № 0101): изменено"), "{text}");
}
