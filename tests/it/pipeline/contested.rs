//! Heads learn of contested lines, each once and together; a dispute that is opened while a close runs is wholly before it or
//! wholly after it. Deliberately absent: what a decision does to money (`disputed`).

use std::sync::atomic::{AtomicUsize, Ordering};

use sverka::{
    domain::{dispute::Claim, line_code::LineCode, run::Job},
    pipeline::{
        disputes::{self, Asked},
        reconcile::{self, Request},
        send,
    },
};

use crate::app::{PEOPLE, POLICY, TestApp};

const CRM: &str = "1;ООО «Вектор»;7701234560;+7 495 123-45-67;12.01.2026 10:00:00";

/// A company with two posted reductions of one manager and one of another; their codes.
async fn posted() -> (TestApp, Vec<String>) {
    let mut t = TestApp::with("2026-11-27T14:00:00Z", "", POLICY, PEOPLE).await;
    t.drop_crm(&[CRM]);
    t.drop_sales(
        "Продажи.csv",
        &[
            "09.11.2026;0000-000001;Ромашка ООО;7707083893;Орлов Илья;10000,00",
            "10.11.2026;0000-000002;Гефест ООО;7704567890;Орлов Илья;20000,00",
            "10.11.2026;0000-000004;Астра ООО;7703456789;Соколова Анна;30000,00",
            "10.11.2026;0000-000003;ВЕКТОР ООО;7701234560;Соколова Анна;900000,00",
            "10.11.2026;0000-000005;ВЕКТОР ООО;7701234560;Орлов Илья;900000,00",
        ],
    );
    t.ingest().await;
    t.run(Job::Audit).await;
    let codes: Vec<String> = t.ledger().await.iter().map(|e| LineCode::of(e).to_string()).collect();
    assert_eq!(codes.len(), 3, "{:?}", t.amounts().await);
    (t, codes)
}

fn asked(code: &str, by: &str) -> Asked {
    Asked {
        code: code.to_owned(),
        claim: Claim::Retail,
        crm_id: None,
        by: by.to_owned(),
        note: format!("частное лицо, {code}"),
        source: "cli".to_owned(),
    }
}

#[tokio::test]
async fn a_head_is_told_of_all_new_disputes_in_one_mail_and_of_none_twice() {
    let (mut t, codes) = posted().await;
    let ledger = t.ledger().await;
    for (code, entry) in codes.iter().zip(&ledger) {
        disputes::open(&t.app, &asked(code, &entry.entry.key.employee.0)).await.unwrap_or_else(|e| panic!("{e}"));
    }
    t.ingest().await;
    send::pending(&t.app).await.unwrap_or_else(|e| panic!("{e}"));
    let mails: Vec<_> = t.mails().await.into_iter().filter(|m| m.mail.key.starts_with("contested")).collect();
    assert_eq!(mails.len(), 1, "one mail for three lines");
    assert_eq!(mails[0].mail.recipient, "head@firma.example");
    let text = t.text_of("contested").await;
    for code in &codes {
        assert!(text.contains(&format!("код {code}: ")) && text.contains(&format!("частное лицо, {code}")), "{text}");
    }
    assert!(mails[0].mail.subject.replace('\u{a0}', " ").contains("3 оспоренные строки"), "{}", mails[0].mail.subject);
    t.ingest().await;
    assert_eq!(t.mail_keys().await.iter().filter(|k| k.starts_with("contested")).count(), 1);
    t.assert_settled().await;
}

#[tokio::test]
async fn a_dispute_opened_while_a_close_runs_is_wholly_before_it() {
    let (mut t, codes) = posted().await;
    t.at("2026-12-06T07:00:00Z");
    t.drop_crm(&[CRM]);
    t.drop_sales("Декабрь.csv", &["01.12.2026;0000-000009;ВЕКТОР ООО;7701234560;Орлов Илья;1000,00"]);
    t.ingest().await;
    let times = AtomicUsize::new(0);
    let request = Request::now(&t.app, Job::Close, t.app.clock.now());
    let owner = t.ledger().await[0].entry.key.employee.0.clone();
    // Opened after the close has read everything and before it writes: the first time only.
    let done = reconcile::reconcile_while(&t.app, &request, || async {
        if times.fetch_add(1, Ordering::SeqCst) == 0 {
            disputes::open(&t.app, &asked(&codes[0], &owner)).await.unwrap_or_else(|e| panic!("{e}"));
        }
    })
    .await
    .unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(times.load(Ordering::SeqCst), 2, "done again from the start");
    assert!(done.held.is_empty(), "{:?}", done.held);
    let mut tx = t.app.db.begin().await.expect("a transaction");
    let handed = tx.handed_over().await.expect("lines");
    tx.commit().await.expect("a commit");
    let contested = &t.ledger().await[0];
    assert!(!handed.contains_key(&contested.id), "a line that was contested before the close is kept back");
    assert_eq!(handed.len(), t.ledger().await.len() - 1);
    let text = t.text_of("statement").await;
    assert!(text.contains("НЕ ВКЛЮЧЕНО: ОСПАРИВАЕТСЯ") && text.contains(&codes[0]), "{text}");
}
