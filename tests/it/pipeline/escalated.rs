//! What managers were told and did not enter comes to their head: once, in one mail, after the days that the settings say.

use sverka::domain::{line_code::LineCode, run::Job};

use crate::app::{PEOPLE, POLICY, TestApp};

const CRM: &str = "1;ООО «Вектор»;7701234560;+7 495 123-45-67;12.01.2026 10:00:00";

impl TestApp {
    async fn escalations(&self) -> Vec<String> {
        self.mail_keys().await.into_iter().filter(|k| k.starts_with("escalation")).collect()
    }

    /// Files of the day: nothing is judged by old ones.
    fn fresh(&self, day: &str) {
        self.drop_crm(&[CRM]);
        let row = format!("{day}.11.2026;0000-0009{day};ВЕКТОР ООО;7701234560;Соколова Анна;500000,00");
        self.drop_sales(&format!("Продажи {day}.csv"), &[&row]);
    }

    async fn alerts_on(&mut self, day: &str) {
        self.at(&format!("2026-11-{day}T07:00:00Z"));
        self.fresh(day);
        self.ingest().await;
        self.run(Job::Alerts).await;
    }
}

async fn company(more: &str, people: &str) -> TestApp {
    let mut t = TestApp::with("2026-11-02T07:00:00Z", more, POLICY, people).await;
    t.drop_crm(&[CRM]);
    t.drop_sales(
        "Продажи.csv",
        &[
            "02.11.2026;0000-000001;Ромашка ООО;7707083893;Орлов Илья;10000,00",
            "02.11.2026;0000-000002;Гефест ООО;7704567890;Соколова Анна;20000,00",
            "02.11.2026;0000-000003;ВЕКТОР ООО;7701234560;Соколова Анна;500000,00",
        ],
    );
    t.ingest().await;
    t.run(Job::Alerts).await;
    t
}

#[tokio::test]
async fn a_head_is_told_once_in_one_mail_of_what_his_people_left() {
    let mut t = company("", PEOPLE).await;
    // The deadline of 2 November is the third working day after it (4 November is a holiday): Monday the 9th tells that it has passed.
    t.alerts_on("09").await;
    assert_eq!(t.escalations().await, Vec::<String>::new());
    t.alerts_on("13").await;
    assert_eq!(t.escalations().await, Vec::<String>::new(), "four working days");
    t.alerts_on("16").await;
    assert_eq!(t.escalations().await, ["escalation.2026-11-16.0001"]);
    let text = t.text_of("escalation").await;
    for part in
        ["2 продажи на 30 000,00", "ОРЛОВ ИЛЬЯ", "Ромашка", "СОКОЛОВА АННА", "Гефест", "напомнили пн 09.11.2026"]
    {
        let flat = text.replace('\u{a0}', " ").split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(part), "{part}: {text}");
    }
    assert!(!text.to_uppercase().contains("ВЕКТОР"), "{text}");
    t.run(Job::Alerts).await;
    t.alerts_on("17").await;
    t.alerts_on("24").await;
    assert_eq!(t.escalations().await.len(), 1, "each sale once");
    t.assert_settled().await;
}

#[tokio::test]
async fn a_department_has_its_own_head_and_what_was_entered_meanwhile_is_not_told() {
    let people = format!(
        "{PEOPLE}\n[[person]]\nid = \"0009\"\nname = \"Ильин Олег\"\nemail = \"opt@firma.example\"\ndepartment = \"Опт\"\n\
         roles = [\"head\"]\n"
    );
    let mut t = company("[alerts]\nescalate_working_days = 2\n", &people).await;
    t.alerts_on("09").await;
    t.at("2026-11-11T07:00:00Z");
    t.fresh("11");
    t.drop_crm(&[CRM, "2;ООО «Гефест»;7704567890;+7 495 123-45-68;10.11.2026 10:00:00"]);
    t.ingest().await;
    t.run(Job::Alerts).await;
    assert_eq!(t.escalations().await, ["escalation.2026-11-11.0009"], "not the head of everybody");
    let text = t.text_of("escalation").await;
    assert!(text.contains("Ромашка") && !text.contains("Гефест"), "{text}");
}

#[tokio::test]
async fn nothing_is_escalated_where_the_settings_say_so() {
    let mut t = company("[alerts]\nescalate_working_days = 0\n", PEOPLE).await;
    for day in ["09", "16", "23", "30"] {
        t.alerts_on(day).await;
    }
    assert_eq!(t.escalations().await, Vec::<String>::new());
}

#[tokio::test]
async fn an_alert_about_a_posted_reduction_names_its_line() {
    let mut t = company("", PEOPLE).await;
    // Posted before the manager is told that the deadline has passed.
    t.at("2026-11-09T06:00:00Z");
    t.drop_crm(&[CRM]);
    t.ingest().await;
    t.run(Job::Audit).await;
    t.alerts_on("09").await;
    let ledger = t.ledger().await;
    let own = ledger
        .iter()
        .find(|e| e.entry.key.employee.0 == "0101" && e.entry.kind.code() == "reduction")
        .expect("a reduction");
    let code = LineCode::of(own).to_string();
    let text = t.text_of("alert.2026-11-09.0101").await;
    assert!(text.contains(&format!("Код строки: {code}.")), "{text}");
    assert!(text.replace('\n', " ").contains(&format!("например «{code}: в CRM есть, ID 123»")), "{text}");
    let other = LineCode::of(
        ledger.iter().find(|e| e.entry.key.employee.0 == "0102" && e.entry.kind.code() == "reduction").expect("one"),
    )
    .to_string();
    assert!(!text.contains(&other), "{text}");
}
