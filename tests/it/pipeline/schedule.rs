//! The daemon's loop under a moved clock: what is due runs once, late runs say so, nothing happens twice.

use sverka::domain::run::Job;

use crate::app::TestApp;

const CRM: &str = "1;ООО «Вектор»;7701234560;+7 495 123-45-67;12.01.2026 10:00:00";
const GOOD: &str = "02.11.2026;0000-000002;ВЕКТОР ООО;7701234560;Орлов Илья;90000,00";
const MISSING: &str = "02.11.2026;0000-000001;Ромашка ООО;7707083893;Орлов Илья;10000,00";

fn jobs(tick: &sverka::schedule::Tick) -> Vec<(&'static str, String)> {
    tick.runs.iter().map(|(job, _, word)| (job.code(), word.clone())).collect()
}

#[tokio::test]
async fn friday_afternoon_brings_one_audit_and_monday_none() {
    let mut t = TestApp::new("2026-11-20T13:50:00Z").await;
    assert!(t.tick().await.runs.is_empty(), "the first start only sets the cursors");
    t.drop_sales("Продажи.csv", &[GOOD, MISSING]);
    t.drop_crm(&[CRM]);
    for minute in ["13:55", "14:00", "14:00", "14:05"] {
        t.at(&format!("2026-11-20T{minute}:00Z"));
        t.tick().await;
    }
    let keys = t.mail_keys().await;
    assert_eq!(keys.iter().filter(|k| k.starts_with("audit.2026-W47")).count(), 1, "{keys:?}");
    t.at("2026-11-23T06:00:00Z");
    t.tick().await;
    assert_eq!(t.mail_keys().await.iter().filter(|k| k.starts_with("audit")).count(), 1);
    t.assert_settled().await;
}

#[tokio::test]
async fn an_audit_missed_over_the_weekend_comes_on_monday_and_says_so() {
    let mut t = TestApp::new("2026-11-20T12:00:00Z").await;
    t.tick().await;
    t.drop_sales("Продажи.csv", &[GOOD]);
    t.drop_crm(&[CRM]);
    t.ingest().await;
    // Down from Friday noon to Monday, 09:02 Moscow time.
    t.at("2026-11-23T06:02:00Z");
    let tick = t.tick().await;
    assert!(jobs(&tick).iter().any(|(job, word)| *job == "audit" && word.starts_with("ran late")), "{:?}", jobs(&tick));
    let text = t.text_of("audit.").await;
    assert!(text.contains("20.11.2026") && text.contains("23.11.2026"), "{text}");
    assert!(t.tick().await.runs.is_empty());
}

#[tokio::test]
async fn after_three_weeks_down_the_newest_audit_speaks_for_all_and_every_occurrence_has_a_fate() {
    let mut t = TestApp::new("2026-10-30T12:00:00Z").await;
    t.tick().await;
    t.at("2026-11-23T06:02:00Z");
    t.drop_sales("Продажи.csv", &[GOOD]);
    t.drop_crm(&[CRM]);
    t.ingest().await;
    t.tick().await;
    let mut tx = t.app.db.begin().await.expect("a transaction");
    let runs = tx.due_runs(10_000).await.expect("due runs");
    assert!(tx.open_due().await.expect("open runs").is_empty());
    tx.commit().await.expect("a commit");
    let of = |job: Job| runs.iter().filter(|r| r.schedule == job.code()).map(|r| r.outcome.clone()).collect::<Vec<_>>();
    let audits = of(Job::Audit);
    assert_eq!(audits.len(), 4, "{audits:?}");
    assert_eq!(audits.iter().filter(|o| o.as_deref().is_some_and(|o| o.starts_with("merged"))).count(), 3);
    assert_eq!(of(Job::Close).len(), 1, "the close of October was due on 6 November");
}

#[tokio::test]
async fn alerts_keep_to_working_days_and_tell_each_sale_once() {
    let mut t = TestApp::new("2026-11-02T05:00:00Z").await;
    t.tick().await;
    t.drop_sales("Продажи.csv", &[MISSING, GOOD]);
    t.drop_crm(&[CRM]);
    for day in 2..=13 {
        for time in ["05:30", "05:31", "07:00"] {
            t.at(&format!("2026-11-{day:02}T{time}:00Z"));
            if time == "05:30" {
                t.drop_crm(&[CRM]);
            }
            t.tick().await;
        }
    }
    let alerts: Vec<String> = t.mail_keys().await.into_iter().filter(|k| k.starts_with("alert")).collect();
    // New on Monday the 2nd; its deadline was Friday the 6th (the 4th is a holiday), told on Monday the 9th.
    assert_eq!(alerts.iter().map(|k| &k[..16]).collect::<Vec<_>>(), ["alert.2026-11-02", "alert.2026-11-09"]);
}

#[tokio::test]
async fn a_late_audit_judges_on_what_is_known_when_it_is_made() {
    let mut t = TestApp::new("2026-11-20T12:00:00Z").await;
    t.tick().await;
    t.drop_sales("Продажи.csv", &[GOOD, MISSING]);
    t.drop_crm(&[CRM]);
    t.ingest().await;
    t.at("2026-11-22T12:00:00Z");
    t.drop_crm(&[CRM, "2;Ромашка;7707083893;;21.11.2026 09:00:00"]);
    t.ingest().await;
    t.at("2026-11-23T06:02:00Z");
    t.tick().await;
    assert_eq!(t.balance().await.kopecks(), -100_00, "on Friday the card was not there, on Sunday it was");
    assert!(t.mail_keys().await.iter().any(|k| k.starts_with("audit.2026-W47.5")), "{:?}", t.mail_keys().await);
}

#[tokio::test]
async fn what_is_new_after_the_alert_of_the_day_is_told_the_next_day() {
    let mut t = TestApp::new("2026-11-16T07:00:00Z").await;
    let first = "16.11.2026;0000-000011;Ромашка ООО;7707083893;Орлов Илья;10000,00";
    let second = "16.11.2026;0000-000012;Гефест ООО;7704567890;Орлов Илья;20000,00";
    let third = "16.11.2026;0000-000013;Ромашка ООО;7707083893;Орлов Илья;1,00";
    let good = GOOD.replace("02.11", "16.11");
    t.drop_crm(&[CRM]);
    t.drop_sales("Продажи.csv", &[&good, first]);
    t.ingest().await;
    assert_eq!(t.run(Job::Alerts).await.mails.len(), 1);
    t.at("2026-11-16T09:00:00Z");
    t.drop_sales("Продажи.csv", &[&good, first, second, third]);
    t.ingest().await;
    assert!(t.run(Job::Alerts).await.mails.is_empty(), "one a day");
    t.at("2026-11-17T07:00:00Z");
    assert_eq!(t.run(Job::Alerts).await.mails.len(), 1);
    let text = t.text_of("alert.2026-11-17").await;
    assert!(text.contains("Гефест") && text.contains("0000-000012"), "{text}");
}

#[tokio::test]
async fn what_lies_before_the_scope_stays_as_it_was_posted() {
    let policy = crate::app::POLICY.replace("2026-01-01", "2025-01-01");
    let mut t = TestApp::with("2025-02-03T14:00:00Z", "", &policy, crate::app::PEOPLE).await;
    let old = |row: &str| row.replace("02.11.2026", "15.01.2025");
    let crm = CRM.replace("2026", "2025");
    t.drop_crm(&[&crm]);
    t.drop_sales("Продажи.csv", &[&old(GOOD), &old(MISSING)]);
    t.ingest().await;
    t.run(Job::Audit).await;
    assert_eq!(t.balance().await.kopecks(), -500_00);
    t.at("2026-03-10T14:00:00Z");
    t.drop_crm(&[&crm]);
    t.drop_sales("Март.csv", &["03.03.2026;0000-000077;ВЕКТОР ООО;7701234560;Орлов Илья;1,00"]);
    t.ingest().await;
    let done = t.run(Job::Audit).await;
    assert!(done.held.is_empty(), "{:?}", done.held);
    assert_eq!(t.balance().await.kopecks(), -500_00, "the sale is too old to be looked at, not undone");
}

fn pages(keys: &[String]) -> Vec<&str> {
    keys.iter().filter(|k| k.starts_with("company.") || k.starts_with("pilot.")).map(String::as_str).collect()
}

#[tokio::test]
async fn the_page_of_a_month_leaves_once_on_the_first_working_day_to_everybody() {
    let mut t = TestApp::new("2026-10-30T12:00:00Z").await;
    t.tick().await;
    t.drop_sales("Продажи.csv", &["12.10.2026;0000-000002;ВЕКТОР ООО;7701234560;Орлов Илья;90000,00"]);
    // 1 November is a Sunday: Monday is the day. Nine o'clock in Moscow.
    for (day, time) in
        [(1, "06:00"), (1, "12:00"), (2, "05:55"), (2, "06:00"), (2, "06:00"), (3, "06:00"), (5, "06:00")]
    {
        t.at(&format!("2026-11-{day:02}T{time}:00Z"));
        t.drop_crm(&[CRM]);
        t.tick().await;
        let expected = if (day, time) < (2, "06:00") { 0 } else { 5 };
        let keys = t.mail_keys().await;
        assert_eq!(pages(&keys).len(), expected, "{day} {time}: {keys:?}");
    }
    let text = t.text_of("company.2026-10.0101").await;
    assert!(text.contains("октябрь\u{a0}2026") && text.contains("100\u{a0}%"), "{text}");
    assert!(text.contains("01.12.2026"), "the next one is named: {text}");
    t.assert_settled().await;
}

#[tokio::test]
async fn a_page_missed_while_the_program_was_down_comes_late_and_says_so() {
    let mut t = TestApp::new("2026-10-30T12:00:00Z").await;
    t.tick().await;
    t.at("2026-11-20T06:00:00Z");
    t.drop_sales("Продажи.csv", &["12.10.2026;0000-000002;ВЕКТОР ООО;7701234560;Орлов Илья;90000,00"]);
    t.drop_crm(&[CRM]);
    t.ingest().await;
    t.tick().await;
    let keys = t.mail_keys().await;
    assert_eq!(pages(&keys).len(), 5, "{keys:?}");
    assert!(t.text_of("company.2026-10.0001").await.contains("позже срока"));
}
