//! What a close tells each salesperson: his own lines and no others, with sums that anybody can add up.

use sverka::domain::{line_code::LineCode, run::Job};

use crate::app::{PEOPLE, POLICY, TestApp};

const CRM: &str = "1;ООО «Вектор»;7701234560;+7 495 123-45-67;12.01.2026 10:00:00";

#[tokio::test]
async fn a_close_tells_each_salesperson_his_own_bonus_and_lines() {
    let people = PEOPLE.replace("name = \"Соколова Анна\"", "name = \"Соколова Анна\"\nlanguage = \"en\"");
    let mut t = TestApp::with("2026-12-06T07:00:00Z", "", POLICY, &people).await;
    t.drop_crm(&[CRM]);
    t.drop_sales(
        "Ноябрь.csv",
        &[
            "09.11.2026;0000-000001;Ромашка ООО;7707083893;Орлов Илья;10000,00",
            "10.11.2026;0000-000003;ВЕКТОР ООО;7701234560;Орлов Илья;500000,00",
            "10.11.2026;0000-000005;ВЕКТОР ООО;7701234560;Соколова Анна;100000,00",
        ],
    );
    t.ingest().await;
    t.run(Job::Close).await;
    let keys: Vec<String> = t.mail_keys().await.into_iter().filter(|k| k.starts_with("personal")).collect();
    assert_eq!(keys, ["personal.2026-11/1.0101", "personal.2026-11/1.0102"]);
    let mails = t.mails().await;
    let to = |key: &str| mails.iter().find(|m| m.mail.key == key).map(|m| m.mail.recipient.clone());
    assert_eq!(to("personal.2026-11/1.0101").as_deref(), Some("orlov@firma.example"));

    let orlov = t.text_of("personal.2026-11/1.0101").await.replace('\u{a0}', " ");
    let code = LineCode::of(&t.ledger().await[0]).to_string();
    // A tenth of 510,000 is the bonus; half of the thousand for the client that is not in the CRM is not accrued.
    for part in [
        "Премия за ноябрь 2026 с корректировкой: 50 500,00 ₽.",
        "Премия по вашим продажам: 51 000,00 ₽",
        "Снижение премии: −500,00 ₽",
        "Корректировка всего: −500,00 ₽",
        &format!("Код {code}: −500,00 ₽"),
        "Ромашка",
        "Ноябрь.csv",
        "Руководитель ответит за 5 рабочих дней.",
    ] {
        assert!(orlov.contains(part) || orlov.replace('\n', " ").contains(part), "{part}: {orlov}");
    }
    let sokolova = t.text_of("personal.2026-11/1.0102").await;
    assert!(sokolova.contains("No adjustments.") && sokolova.contains("₽10,000.00"), "{sokolova}");
    assert!(!sokolova.contains("Ромашка") && !sokolova.contains(&code), "{sokolova}");
    t.run(Job::Close).await;
    assert_eq!(t.mail_keys().await.iter().filter(|k| k.starts_with("personal")).count(), 2, "once");
    t.assert_settled().await;
}

#[tokio::test]
async fn the_deputy_of_somebody_who_left_gets_his_statement() {
    let people = PEOPLE.replace("name = \"Орлов Илья\"", "name = \"Орлов Илья\"\nleft = 2026-11-30\ndeputy = \"0102\"");
    let mut t = TestApp::with("2026-12-06T07:00:00Z", "", POLICY, &people).await;
    t.drop_crm(&[CRM]);
    t.drop_sales("Ноябрь.csv", &["10.11.2026;0000-000003;ВЕКТОР ООО;7701234560;Орлов Илья;500000,00"]);
    t.ingest().await;
    t.run(Job::Close).await;
    let mails = t.mails().await;
    let own = mails.iter().find(|m| m.mail.key == "personal.2026-11/1.0101").expect("a statement");
    assert_eq!(own.mail.recipient, "sokolova@firma.example");
    assert!(t.text_of("personal").await.contains("Это ведомость сотрудника Орлов Илья"));
}
