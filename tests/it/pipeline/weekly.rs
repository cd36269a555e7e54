//! The operator's weekly mail, and alerts that were missed in the night: what the daemon's loop does beside its runs.

use chrono::TimeDelta;
use sverka::pipeline::weekly;

use crate::app::{PEOPLE, POLICY, TestApp, utc};

const CRM: &str = "1;ООО «Вектор»;7701234560;+7 495 123-45-67;12.01.2026 10:00:00";

impl TestApp {
    fn fresh_crm(&self, at: &str) {
        self.at(at);
        self.drop_crm(&[CRM]);
    }

    async fn keys(&self, start: &str) -> Vec<String> {
        self.mail_keys().await.into_iter().filter(|k| k.starts_with(start)).collect()
    }
}

#[tokio::test]
async fn the_operator_gets_the_week_with_its_audit_once() {
    let mut t = TestApp::new("2026-11-15T07:00:00Z").await;
    t.drop_crm(&[CRM]);
    t.drop_sales("Продажи.csv", &["09.11.2026;0000-000003;ВЕКТОР ООО;7701234560;Соколова Анна;500000,00"]);
    t.tick().await;
    let mut at = utc("2026-11-16T06:59:00Z");
    // Monday to Friday, ten in the morning and five in the afternoon, in Moscow.
    for _ in 0..5 {
        t.fresh_crm(&at.to_rfc3339());
        t.tick().await;
        t.fresh_crm(&(at + TimeDelta::minutes(2)).to_rfc3339());
        t.tick().await;
        at += TimeDelta::days(1);
    }
    t.fresh_crm("2026-11-20T14:01:00Z");
    t.tick().await;
    t.tick().await;
    assert_eq!(t.keys("weekly").await, ["weekly.2026-11-20.0003"]);
    let text = t.text_of("weekly").await;
    for part in ["Выполнено запусков: 6 из 6.", "напоминания менеджерам: 5 из 5", "недельная сверка: 1 из 1", "База: "]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(text.contains("учётная система: данные на") && text.contains("CRM «crm»: данные на"), "{text}");
    // The export says every day the same; its data are as fresh as the last one all the same.
    let crm = text.lines().find(|line| line.contains("CRM «crm»: данные на")).unwrap_or_default();
    assert!(crm.contains("20.11") && crm.contains("17:01"), "{text}");
    let mut tx = t.app.db.begin().await.expect("a transaction");
    let rows = tx.due_runs(1_000).await.expect("rows");
    let report = weekly::report(&t.app, &mut tx, utc("2026-11-20T14:00:00Z")).await.expect("a report");
    tx.commit().await.expect("a commit");
    let told = rows.iter().filter(|d| d.schedule != "ingest" && d.finished_at.is_some()).count();
    assert_eq!((report.planned, report.done), (told, told), "the rows of the schedule");
    assert!(report.archive_bytes > 0 && report.database_bytes > Some(100_000));
    t.assert_settled().await;
}

#[tokio::test]
async fn a_held_audit_and_what_waits_stand_in_the_week() {
    let mut t = TestApp::new("2026-11-16T06:00:00Z").await;
    t.drop_crm(&[CRM]);
    t.drop_sales_with_total("Продажи.csv", &["09.11.2026;0000-000003;ВЕКТОР ООО;7701234560;Соколова Анна;5,00"], 999);
    t.tick().await;
    // Nothing new comes: on Friday the CRM export is too old, the audit is held.
    t.at("2026-11-20T14:01:00Z");
    t.tick().await;
    let text = t.text_of("weekly").await;
    assert!(text.contains("остановлено до проверки 1") && text.contains("файл Продажи.csv"), "{text}");
    assert!(text.contains("Ждут вашего решения: 2."), "{text}");
}

#[tokio::test]
async fn an_alert_missed_in_the_day_is_not_sent_in_the_night() {
    let mut t = TestApp::with("2026-11-10T06:00:00Z", "", POLICY, PEOPLE).await;
    t.drop_crm(&[CRM]);
    t.drop_sales(
        "Продажи.csv",
        &[
            "09.11.2026;0000-000001;Ромашка ООО;7707083893;Орлов Илья;10000,00",
            "09.11.2026;0000-000003;ВЕКТОР ООО;7701234560;Соколова Анна;500000,00",
        ],
    );
    t.tick().await;
    // Down at ten in the morning, up again at eleven in the evening.
    t.fresh_crm("2026-11-10T20:00:00Z");
    let words: Vec<String> = t.tick().await.runs.into_iter().map(|(_, _, words)| words).collect();
    assert!(words.iter().any(|w| w.starts_with("outside working hours")), "{words:?}");
    assert!(t.keys("alert").await.is_empty());
    t.fresh_crm("2026-11-11T07:01:00Z");
    t.tick().await;
    assert_eq!(t.keys("alert").await, ["alert.2026-11-11.0101"], "nothing is lost by that");
    // An hour late within the day is sent.
    t.drop_sales("Ещё.csv", &["11.11.2026;0000-000004;Гефест ООО;7704567890;Орлов Илья;10000,00"]);
    t.fresh_crm("2026-11-12T09:00:00Z");
    t.tick().await;
    assert_eq!(t.keys("alert").await.len(), 2);
}
