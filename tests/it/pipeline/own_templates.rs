//! A company with its own mail templates: sound ones are used, a wrong one stops nothing, and the operator is told once.

use std::fs;

use sverka::{
    deliver::{overrides::Templates, reader},
    domain::run::Job,
};

use crate::{
    app::{PEOPLE, POLICY, TestApp},
    cli::{calendars, sverka},
};

const CRM: &str = "1;ООО «Вектор»;7701234560;+7 495 123-45-67;12.01.2026 10:00:00";
const GOOD: &str = "02.11.2026;0000-000002;ВЕКТОР ООО;7701234560;Орлов Илья;90000,00";
const MISSING: &str = "02.11.2026;0000-000001;Ромашка ООО;7707083893;Орлов Илья;10000,00";

async fn company() -> TestApp {
    let mut t = TestApp::with("2026-11-16T14:00:00Z", "[mail]\ntemplates = \"own\"\n", POLICY, PEOPLE).await;
    fs::create_dir_all(t.dir.path().join("own/ru/audit")).expect("a folder");
    fs::write(t.dir.path().join("own/ru/audit/subject.txt"), "Наша неделя {{ r.week.number }}\n").expect("a template");
    fs::write(t.dir.path().join("own/ru/audit/body.html"), "<p>\n{{ r.figures.mising }}\n").expect("a template");
    // Templates are read when the program starts.
    t.app.templates = Templates::of_folder(&t.dir.path().join("own"));
    t
}

#[tokio::test]
async fn a_wrong_template_stops_no_mail_and_the_operator_is_told_once() {
    let mut t = company().await;
    t.drop_sales("Продажи.csv", &[GOOD, MISSING]);
    t.drop_crm(&[CRM]);
    t.ingest().await;
    let done = t.run(Job::Audit).await;
    assert!(done.held.is_empty(), "{:?}", done.held);
    let mails = t.mails().await;
    let audit = mails.iter().find(|m| m.mail.key.starts_with("audit.")).expect("an audit");
    assert_eq!(audit.mail.subject, "Наша неделя 47", "what is sound is used");
    let html = reader::read(&audit.mail.bytes).html;
    assert!(html.contains("Без карточки"), "the built-in body stands in: {html}");
    let told: Vec<_> = mails.iter().filter(|m| m.mail.key.starts_with("held.")).collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].mail.recipient, "admin@firma.example");
    let text = t.text_of("held.").await;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("own/ru/audit/body.html, строка 2"), "{text}");
    assert!(t.holds().await.is_empty(), "nothing waits");
    assert_eq!(t.amounts().await.len(), 1, "the money is posted");

    t.at("2026-11-17T14:00:00Z");
    t.drop_crm(&[CRM]);
    t.drop_sales("Продажи.csv", &[GOOD, MISSING]);
    t.ingest().await;
    t.run(Job::Audit).await;
    let keys = t.mail_keys().await;
    assert_eq!(keys.iter().filter(|k| k.starts_with("held.")).count(), 1, "told once: {keys:?}");
    assert_eq!(keys.iter().filter(|k| k.starts_with("audit.")).count(), 2, "{keys:?}");
    t.assert_settled().await;
}

#[tokio::test]
async fn check_names_file_line_and_mistake() {
    let t = company().await;
    calendars(t.dir.path());
    let said = sverka(t.dir.path(), &["check"]);
    assert_eq!(said.code, 3, "{}", said.stdout);
    assert!(said.stdout.contains("own/ru/audit/body.html, строка 2: ошибка в шаблоне: undefined"), "{}", said.stdout);
    fs::remove_file(t.dir.path().join("own/ru/audit/body.html")).expect("removed");
    let said = sverka(t.dir.path(), &["--lang", "en", "check"]);
    assert_eq!(said.code, 0, "{}", said.stdout);
}
