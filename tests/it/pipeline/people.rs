//! People who left: their sales are told to the deputy, in a mail of their own, and nothing is told to strangers.

use sverka::domain::run::Job;

use crate::app::{PEOPLE, POLICY, TestApp};

const CRM: &str = "1;ООО «Вектор»;7701234560;+7 495 123-45-67;12.01.2026 10:00:00";

#[tokio::test]
async fn the_sales_of_somebody_who_left_are_told_to_his_deputy() {
    let people = PEOPLE.replace("name = \"Орлов Илья\"", "name = \"Орлов Илья\"\nleft = 2026-11-10\ndeputy = \"0102\"");
    let mut t = TestApp::with("2026-11-12T07:00:00Z", "", POLICY, &people).await;
    t.drop_crm(&[CRM]);
    t.drop_sales(
        "Продажи.csv",
        &[
            "09.11.2026;0000-000001;Ромашка ООО;7707083893;Орлов Илья;10000,00",
            "09.11.2026;0000-000002;Гефест ООО;7704567890;Соколова Анна;20000,00",
            "09.11.2026;0000-000003;ВЕКТОР ООО;7701234560;Соколова Анна;500000,00",
        ],
    );
    t.ingest().await;
    t.run(Job::Alerts).await;
    let alerts: Vec<(String, String)> = t
        .mails()
        .await
        .into_iter()
        .filter(|m| m.mail.key.starts_with("alert"))
        .map(|m| (m.mail.key, m.mail.recipient))
        .collect();
    assert_eq!(
        alerts,
        [
            ("alert.2026-11-12.0101".into(), "sokolova@firma.example".into()),
            ("alert.2026-11-12.0102".into(), "sokolova@firma.example".into()),
        ]
    );
    let text = t.text_of("alert.2026-11-12.0101").await;
    assert!(text.contains("Орлов Илья") && text.contains("Ромашка") && !text.contains("Гефест"), "{text}");
    assert!(!t.text_of("alert.2026-11-12.0102").await.contains("Ромашка"));
}

#[tokio::test]
async fn documents_far_outside_the_printed_period_set_the_file_aside() {
    let mut t = TestApp::new("2026-11-12T07:00:00Z").await;
    let rows = "Продажи за период 01.11.2026 - 30.11.2026\r\n\r\nДата;Номер;Контрагент;ИНН;Ответственный;Сумма\r\n\
                02.10.2026;0000-000001;Ромашка ООО;7707083893;Орлов Илья;10,00\r\n\
                02.11.2026;0000-000002;Ромашка ООО;7707083893;Орлов Илья;10,00\r\nИтого;;;;;20,00\r\n";
    t.drop_file("inbox/accounting", "Продажи.csv", rows.as_bytes());
    let intake = t.ingest().await;
    assert!(
        intake.quarantined.iter().any(|f| f.findings.iter().any(|x| x.code == "outside_period_too_many")),
        "{intake:?}"
    );
}
