//! Who is spoken of and spoken to: leavers and deputies, own organisations, the bonus a statement shows, a deaf server.

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

#[tokio::test]
async fn own_organisations_are_no_clients() {
    let mut t = TestApp::new("2026-11-20T14:00:00Z").await;
    let mut config = (*t.app.config).clone();
    config.company.organisations = vec!["СЕВЕР ООО".into()];
    t.app.config = config.into();
    t.drop_crm(&[CRM]);
    t.drop_sales(
        "Продажи.csv",
        &[
            "02.11.2026;0000-000001;ООО «Север»;7707083893;Орлов Илья;10000,00",
            "02.11.2026;0000-000002;ВЕКТОР ООО;7701234560;Орлов Илья;500000,00",
        ],
    );
    t.ingest().await;
    let done = t.run(Job::Audit).await;
    assert!(done.held.is_empty() && done.entries.is_empty(), "{done:?}");
}

#[tokio::test]
async fn the_statement_shows_the_bonus_of_the_period_it_closes_and_of_no_other() {
    let mut t = TestApp::new("2026-12-06T07:00:00Z").await;
    t.drop_crm(&[CRM]);
    t.drop_sales(
        "Продажи.csv",
        &[
            "30.10.2026;0000-000001;ВЕКТОР ООО;7701234560;Орлов Илья;70000,00",
            "02.11.2026;0000-000002;ВЕКТОР ООО;7701234560;Орлов Илья;5000,00",
            "03.11.2026;0000-000003;ВЕКТОР ООО;7701234560;Орлов Илья;-1000,00",
            "01.12.2026;0000-000004;ВЕКТОР ООО;7701234560;Орлов Илья;90000,00",
        ],
    );
    t.ingest().await;
    assert!(t.run(Job::Close).await.held.is_empty());
    let text = t.text_of("statement.2026-11/1").await.replace('\u{a0}', " ");
    assert!(text.contains("премия 400,00 ₽"), "a tenth of 5 000 less 1 000: {text}");
}

#[tokio::test]
async fn a_server_that_cannot_take_mails_does_not_keep_the_schedule_waiting() {
    use sverka::deliver::{Delivery, Mailer, MemoryBox};
    let mut t = TestApp::new("2026-11-20T14:00:00Z").await;
    let memory = MemoryBox::default();
    memory.script((0..10).map(|_| Delivery::Retry("451 later".into())));
    t.app.mailer = Mailer::Memory(memory.clone()).into();
    t.drop_crm(&[CRM]);
    for n in 0..5 {
        t.drop_sales(&format!("{n}.csv"), &[&format!("нет даты;{n};А;;Б;1,00")]);
    }
    t.ingest().await;
    let waiting = t.mails().await.len();
    assert!(waiting >= 5, "{waiting}");
    let pass = sverka::pipeline::send::pending(&t.app).await.expect("a pass");
    assert_eq!((pass.sent, pass.later), (0, 3));
    assert_eq!(t.mails().await.len(), waiting, "nothing is lost");
}
