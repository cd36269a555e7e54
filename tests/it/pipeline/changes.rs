//! The same period exported again: what was added, changed or vanished follows into the sales and the ledger; a partial or
//! an older export removes and brings back nothing.

use sverka::{
    domain::{
        adjust,
        inbox::FileRecord,
        run::{Job, Release},
    },
    pipeline,
};

use crate::app::{PEOPLE, POLICY, TestApp};

const CRM: &str = "1;ООО «Вектор»;7701234560;+7 495 123-45-67;12.01.2026 10:00:00";
const NOVEMBER: &str = "01.11.2026 - 30.11.2026";

/// A document of November: day, number, thousands; odd numbers are of a buyer who is not in the CRM.
fn row(day: u32, number: u32, roubles: i64) -> String {
    row_of(11, day, number, roubles)
}

fn row_of(month: u32, day: u32, number: u32, roubles: i64) -> String {
    let buyer = if number % 2 == 1 { "Ромашка ООО;7707083893" } else { "ВЕКТОР ООО;7701234560" };
    format!("{day:02}.{month:02}.2026;0000-{number:06};{buyer};Орлов Илья;{roubles},00")
}

/// Puts an export with a printed period.
fn export(t: &TestApp, name: &str, period: &str, rows: &[String]) {
    let total: i64 = rows.iter().filter_map(|r| r.rsplit(';').next()?.split(',').next()?.parse::<i64>().ok()).sum();
    let text = format!(
        "Организация: ООО «Проверка»\r\nПродажи за период {period}\r\n\r\nДата;Номер;Контрагент;ИНН;Ответственный;Сумма\r\n{}\r\nИтого;;;;;{total},00\r\n",
        rows.join("\r\n")
    );
    t.drop_file("inbox/accounting", name, text.as_bytes());
}

/// Forty documents of the second half of the year's eleventh month, 1,000 roubles each, all of a buyer in the CRM.
fn many() -> Vec<String> {
    (0..40).map(|n| row(2 + n % 18, 100 + 2 * n, 1_000)).collect()
}

async fn live(t: &TestApp) -> Vec<(String, i64)> {
    let mut tx = t.app.db.begin().await.expect("a transaction");
    let sales = tx.sales_in_force().await.expect("sales");
    tx.commit().await.expect("a commit");
    sales.into_iter().map(|s| (s.number, s.amount.kopecks() / 100)).collect()
}

async fn has(t: &TestApp, number: u32) -> Option<i64> {
    let number = format!("0000-{number:06}");
    live(t).await.into_iter().find(|(n, _)| *n == number).map(|(_, roubles)| roubles)
}

fn message(file: &FileRecord, code: &str) -> String {
    let found = file.findings.iter().find(|f| f.code == code);
    found.map_or_else(|| panic!("no {code}: {:?}", file.findings), |f| f.message.ru.replace('\u{a0}', " "))
}

fn word(t: &TestApp) -> Release {
    Release { by: "Смирнов".into(), reason: "проверено".into(), at: t.app.clock.now() }
}

/// A month with documents 1 (of a missing client, 10 000) and 3 (another, 4 000) and forty harmless ones.
async fn november() -> TestApp {
    november_with("").await
}

async fn november_with(more: &str) -> TestApp {
    let mut t = TestApp::with("2026-11-20T14:00:00Z", more, POLICY, PEOPLE).await;
    t.drop_crm(&[CRM]);
    export(&t, "Продажи.csv", NOVEMBER, &[many(), vec![row(2, 1, 10_000), row(3, 3, 4_000)]].concat());
    let intake = t.ingest().await;
    assert!(intake.quarantined.is_empty(), "{intake:?}");
    assert!(intake.accepted.iter().all(|f| f.findings.iter().all(|x| x.code != "documents_changed")));
    t
}

#[tokio::test]
async fn a_full_export_adds_changes_and_removes_in_an_open_month_and_says_so() {
    let mut t = november().await;
    t.run(Job::Audit).await;
    assert_eq!(t.balance().await.kopecks(), -700_00);
    t.at("2026-11-20T15:00:00Z");
    // 3 is gone, 1 is worth less, 5 is new.
    export(&t, "Продажи.csv", NOVEMBER, &[many(), vec![row(2, 1, 6_000), row(4, 5, 2_000)]].concat());
    let file = t.ingest().await.accepted.remove(0);
    insta::assert_snapshot!(message(&file, "documents_changed"), @"по сравнению с принятыми раньше выгрузками изменено документов: 1 на -4 000,00 RUB, первый 0000-000001 от 02.11.2026 (Ромашка ООО); добавлено: 1 на 2 000,00 RUB, первый 0000-000005 от 04.11.2026 (Ромашка ООО); исчезло: 1 на 4 000,00 RUB, первый 0000-000003 от 03.11.2026 (Ромашка ООО)");
    assert_eq!((has(&t, 1).await, has(&t, 3).await, has(&t, 5).await), (Some(6_000), None, Some(2_000)));
    t.at("2026-11-21T15:00:00Z");
    t.run(Job::Audit).await;
    assert_eq!(t.balance().await.kopecks(), -400_00, "half of a tenth of 8 000");
    let text = t.text_of("audit.").await;
    assert!(text.contains("исчезло: 1"), "the report says what moved: {text}");
    // Listed again later, it comes back.
    t.at("2026-11-21T16:00:00Z");
    export(&t, "Продажи.csv", NOVEMBER, &[many(), vec![row(2, 1, 6_000), row(3, 3, 4_000), row(4, 5, 2_000)]].concat());
    t.ingest().await;
    assert_eq!(has(&t, 3).await, Some(4_000));
    t.run(Job::Audit).await;
    assert_eq!(t.balance().await.kopecks(), -600_00);
}

#[tokio::test]
async fn an_export_without_a_printed_period_proves_nothing_by_absence() {
    let mut t = november().await;
    let before = live(&t).await;
    t.at("2026-11-20T15:00:00Z");
    let text = format!(
        "Организация: ООО «Проверка»\r\n\r\nДата;Номер;Контрагент;ИНН;Ответственный;Сумма\r\n{}\r\n{}\r\n",
        row(2, 1, 10_000),
        row(20, 500, 5)
    );
    t.drop_file("inbox/accounting", "Часть.csv", text.as_bytes());
    assert_eq!(t.ingest().await.accepted.len(), 1);
    assert_eq!(live(&t).await.len(), before.len() + 1);
}

#[tokio::test]
async fn an_export_that_lacks_too_much_waits_and_a_release_takes_it_as_it_is() {
    for dismiss in [false, true] {
        let mut t = november().await;
        t.at("2026-11-20T15:00:00Z");
        export(&t, "Продажи.csv", NOVEMBER, &many()[..39]);
        let file = t.ingest().await.quarantined.remove(0);
        insta::allow_duplicates! {
            insta::assert_snapshot!(message(&file, "vanished_too_many"), @"в выгрузке за 01.11.2026 – 30.11.2026 нет документов, принятых раньше: 3 из 42 на 15 000,00 RUB, первый 0000-000001 от 02.11.2026 (Ромашка ООО); выгрузите период целиком или подтвердите файл, если эти документы и правда отменены");
        }
        assert_eq!(live(&t).await.len(), 42, "nothing happens meanwhile");
        let hold = t.holds().await.remove(0);
        pipeline::release::release(&t.app, &hold.id, &word(&t), dismiss).await.expect("a release");
        assert_eq!(live(&t).await.len(), if dismiss { 42 } else { 39 });
        // The whole period again: everything is back.
        t.at("2026-11-20T16:00:00Z");
        export(&t, "Весь.csv", NOVEMBER, &[many(), vec![row(2, 1, 10_000), row(3, 3, 4_000)]].concat());
        t.ingest().await;
        assert_eq!(live(&t).await.len(), 42);
    }
}

#[tokio::test]
async fn a_release_for_another_reason_removes_nothing_that_nobody_saw() {
    let mut t = november().await;
    t.at("2026-11-20T15:00:00Z");
    // Two documents, one of them contradicting: a narrowing filter is printed, so absence is no reason here.
    let text = format!(
        "Организация: ООО «Проверка»\r\nПродажи за период {NOVEMBER}\r\nОтбор: Менеджер Равно \"Орлов\"\r\n\r\nДата;Номер;Контрагент;ИНН;Ответственный;Сумма\r\n{}\r\nИтого;;;;;9000,00\r\n",
        row(2, 1, 9_000)
    );
    t.drop_file("inbox/accounting", "Орлов.csv", text.as_bytes());
    let file = t.ingest().await.quarantined.remove(0);
    assert!(file.findings.iter().any(|f| f.code == "filter_present"));
    assert!(file.findings.iter().all(|f| f.code != "vanished_too_many"), "{:?}", file.findings);
    let hold = t.holds().await.remove(0);
    pipeline::release::release(&t.app, &hold.id, &word(&t), false).await.expect("a release");
    assert_eq!((live(&t).await.len(), has(&t, 1).await), (42, Some(9_000)));
}

#[tokio::test]
async fn a_release_does_not_cover_what_vanished_after_the_file_was_held() {
    let mut t = TestApp::new("2026-11-20T16:00:00Z").await;
    // Held for its total while nothing else of November is known.
    let text = format!(
        "Организация: ООО «Проверка»\r\nПродажи за период {NOVEMBER}\r\n\r\nДата;Номер;Контрагент;ИНН;Ответственный;Сумма\r\n{}\r\nИтого;;;;;1,00\r\n",
        many()[..20].join("\r\n")
    );
    t.drop_file("inbox/accounting", "Часть.csv", text.as_bytes());
    assert_eq!(t.ingest().await.quarantined.len(), 1);
    // The whole month, written an hour before, arrives an hour later.
    t.at("2026-11-20T15:00:00Z");
    export(&t, "Весь.csv", NOVEMBER, &many());
    t.at("2026-11-20T17:00:00Z");
    assert_eq!(t.ingest().await.accepted.len(), 1);
    let hold = t.holds().await.remove(0);
    pipeline::release::release(&t.app, &hold.id, &word(&t), false).await.expect("a release");
    assert_eq!(live(&t).await.len(), 40, "nobody has seen that twenty are missing");
    let mut tx = t.app.db.begin().await.expect("a transaction");
    let files = tx.files(None, 10).await.expect("files");
    tx.commit().await.expect("a commit");
    let part = files.iter().find(|f| f.name == "Часть.csv").expect("the file");
    assert!(message(part, "vanished_too_many").ends_with("их отмену никто не подтвердил"), "{part:?}");
    assert_eq!(part.full_of, None);
}

#[tokio::test]
async fn the_settings_say_full_or_partial() {
    let mut t = november_with("").await;
    for (setting, left) in [("partial", 42), ("full", 39)] {
        let more =
            format!("[accounting]\nfolders = [\"inbox/accounting\"]\nstable_seconds = 0\nexports = \"{setting}\"\n");
        let mut config = (*t.app.config).clone();
        config.accounting.exports = if setting == "full" {
            sverka::domain::export_scope::Exports::Full
        } else {
            sverka::domain::export_scope::Exports::Partial
        };
        t.app.config = config.into();
        t.at(if setting == "full" { "2026-11-20T16:00:00Z" } else { "2026-11-20T15:00:00Z" });
        export(&t, "Продажи.csv", NOVEMBER, &many()[..39]);
        let intake = t.ingest().await;
        assert!(intake.quarantined.is_empty(), "{more}: {intake:?}");
        assert_eq!(live(&t).await.len(), left, "{setting}");
    }
}

#[tokio::test]
async fn an_older_export_that_comes_late_brings_nothing_back_and_removes_nothing() {
    let mut t = november().await;
    t.at("2026-11-20T17:00:00Z");
    export(&t, "Новая.csv", NOVEMBER, &[many(), vec![row(2, 1, 10_000), row(5, 7, 300)]].concat());
    t.ingest().await;
    assert_eq!((has(&t, 3).await, has(&t, 7).await), (None, Some(300)));
    // Written at 16:00, found at 18:00: still has 3 and a draft 9, has no 7 yet.
    t.at("2026-11-20T16:00:00Z");
    export(&t, "Старая.csv", NOVEMBER, &[many(), vec![row(2, 1, 10_000), row(3, 3, 4_000), row(6, 9, 50)]].concat());
    t.at("2026-11-20T18:00:00Z");
    let intake = t.ingest().await;
    assert!(intake.quarantined.is_empty(), "{intake:?}");
    assert!(message(&intake.accepted[0], "outdated_documents").contains("2 на 4 050,00 RUB"));
    assert_eq!((has(&t, 3).await, has(&t, 7).await, has(&t, 9).await), (None, Some(300), None));
    // A partial list older than the full one does not bring 3 back either; a newer one does.
    t.at("2026-11-20T16:30:00Z");
    t.drop_file(
        "inbox/accounting",
        "Часть.csv",
        format!(
            "Организация: ООО «Проверка»\r\n\r\nДата;Номер;Контрагент;ИНН;Ответственный;Сумма\r\n{}\r\n",
            row(3, 3, 4_000)
        )
        .as_bytes(),
    );
    t.at("2026-11-20T18:30:00Z");
    t.ingest().await;
    assert_eq!(has(&t, 3).await, None);
    t.drop_file(
        "inbox/accounting",
        "Часть.csv",
        format!(
            "Организация: ООО «Проверка»\r\n\r\nДата;Номер;Контрагент;ИНН;Ответственный;Сумма\r\n{}\r\n\r\n",
            row(3, 3, 4_000)
        )
        .as_bytes(),
    );
    t.ingest().await;
    assert_eq!(has(&t, 3).await, Some(4_000));
}

#[tokio::test]
async fn a_changed_vanished_and_added_sale_of_a_closed_month_is_a_correction_in_the_open_one() {
    let mut t = november().await;
    t.run(Job::Audit).await;
    t.at("2026-12-04T07:00:00Z");
    t.drop_crm(&[CRM]);
    export(&t, "Декабрь.csv", "01.12.2026 - 04.12.2026", &[row_of(12, 3, 200, 1_000)]);
    t.ingest().await;
    assert!(t.run(Job::Close).await.held.is_empty());
    let before = t.ledger().await;
    let statement = t.text_of("statement.2026-11/1").await;
    let statements = t.mail_keys().await.into_iter().filter(|k| k.starts_with("statement")).collect::<Vec<_>>();

    t.at("2026-12-11T14:00:00Z");
    t.drop_crm(&[CRM]);
    export(&t, "Ноябрь.csv", NOVEMBER, &[many(), vec![row(2, 1, 6_000), row(4, 5, 2_000)]].concat());
    let file = t.ingest().await.accepted.into_iter().find(|f| f.name == "Ноябрь.csv").expect("taken in");
    let said = message(&file, "closed_documents_changed");
    assert!(said.starts_with("в закрытых месяцах изменено документов: 1 на -4 000,00 RUB"), "{said}");
    assert!(said.ends_with("разница пройдёт исправлением в открытом месяце"), "{said}");
    let audit = t.run(Job::Audit).await;
    assert!(audit.held.is_empty(), "{:?}", audit.held);

    let after = t.ledger().await;
    assert_eq!(after[..before.len()], before[..], "what was posted stands");
    let posted_of = |number: u32| {
        let subject = format!("0000-{number:06}");
        before.iter().find(|e| e.entry.key.subject.contains(&subject)).map(|e| e.id.clone())
    };
    let mut corrections: Vec<(u32, i64)> = Vec::new();
    for entry in &after[before.len()..] {
        let entry = &entry.entry;
        assert_eq!((entry.kind.code(), entry.pay_period.to_string()), ("correction", "2026-12".into()));
        assert_eq!(entry.key.belongs_to.to_string(), "2026-11");
        let number: u32 = entry.key.subject.split('|').nth(1).and_then(|n| n[5..].parse().ok()).expect("a number");
        assert_eq!(entry.corrects, posted_of(number).into_iter().collect::<Vec<_>>(), "linked to what it corrects");
        corrections.push((number, entry.amount.kopecks()));
    }
    corrections.sort_unstable();
    // 1: 500 becomes 300; 3: 200 comes back; 5: 100 more.
    assert_eq!(corrections, [(1, 200_00), (3, 200_00), (5, -100_00)]);
    assert_eq!(t.text_of("statement.2026-11/1").await, statement, "the closed statement stays");
    assert_eq!(t.mail_keys().await.into_iter().filter(|k| k.starts_with("statement")).collect::<Vec<_>>(), statements);
    let view = pipeline::view(&t.app, t.app.clock.now()).await.expect("a view");
    let mut tx = t.app.db.begin().await.expect("a transaction");
    let posted = tx.posted().await.expect("sums");
    tx.commit().await.expect("a commit");
    assert_eq!(adjust::balance_check(&view.outcome.wanted, &posted), [], "the ledger is the recomputation");
    t.run(Job::Audit).await;
    assert_eq!(t.ledger().await, after, "once");
}

#[tokio::test]
async fn the_same_document_with_and_without_its_organisation_is_not_two_sales() {
    let mut t = november().await;
    t.at("2026-11-20T15:00:00Z");
    t.drop_sales("Без шапки.csv", &[&row(2, 1, 10_000), &row(20, 500, 5)]);
    let file = t.ingest().await.quarantined.remove(0);
    assert!(message(&file, "organisation_differs").contains("1 на 10 000,00 RUB"));
    assert_eq!(live(&t).await.len(), 42);
    let hold = t.holds().await.remove(0);
    pipeline::release::release(&t.app, &hold.id, &word(&t), false).await.expect("a release");
    assert_eq!(live(&t).await.len(), 43, "500 is new, 1 is replaced");
}
