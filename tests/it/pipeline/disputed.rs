//! A contested line: opened by its code, kept out of the file for finance, decided by a head, told in the next number.
//! Deliberately absent: the command line (`cli::disputes`), mails that contest (`replies`).

use sverka::{
    deliver::reader,
    domain::{
        dispute::{Claim, EventKind, Ruling, State},
        line_code::LineCode,
        period::Period,
        run::Job,
    },
    pipeline::{
        disputes::{self, Asked},
        hand_over,
    },
};

use crate::app::{PEOPLE, POLICY, TestApp, day};

const VEKTOR: &str = "1;ООО «Вектор»;7701234560;+7 495 123-45-67;12.01.2026 10:00:00";
const NOVEMBER: &str = "2026-11";

fn policy(by_default: &str) -> String {
    let terms =
        format!("[version.disputes]\ndeadline_working_days = 3\ndefault = \"{by_default}\"\n\n[[version.exempt]]");
    POLICY.replacen("[[version.exempt]]", &terms, 1)
}

/// After the audit of 27 November: reductions of 500.00 and 100.00 for two clients that are not in the CRM.
async fn company(by_default: &str) -> TestApp {
    let mut t = TestApp::with("2026-11-27T14:00:00Z", "", &policy(by_default), PEOPLE).await;
    t.drop_sales(
        "Ноябрь.csv",
        &[
            "09.11.2026;0000-000001;Ромашка ООО;7707083893;Орлов Илья;10000,00",
            "09.11.2026;0000-000002;Гефест ООО;7704567890;Орлов Илья;2000,00",
            "10.11.2026;0000-000003;ВЕКТОР ООО;7701234560;Орлов Илья;500000,00",
        ],
    );
    t.drop_crm(&[VEKTOR]);
    t.ingest().await;
    assert!(t.run(Job::Audit).await.held.is_empty());
    assert_eq!(t.balance().await.kopecks(), -600_00);
    t
}

/// Code of the line about a document.
async fn code(t: &TestApp, number: &str) -> String {
    let ledger = t.ledger().await;
    let entry = ledger.iter().find(|e| e.entry.key.subject.contains(number)).expect("a line");
    LineCode::of(entry).to_string()
}

fn asked(code: &str, by: &str) -> Asked {
    Asked {
        code: code.to_owned(),
        claim: Claim::InCrm,
        crm_id: Some("1".to_owned()),
        by: by.to_owned(),
        note: "карточка под именем холдинга".to_owned(),
        source: "cli".to_owned(),
    }
}

async fn close(t: &mut TestApp) {
    t.at("2026-12-03T07:00:00Z");
    t.drop_sales("Декабрь.csv", &["02.12.2026;0000-000004;ВЕКТОР ООО;7701234560;Орлов Илья;1000,00"]);
    t.drop_crm(&[VEKTOR]);
    t.ingest().await;
    let closed = t.run(Job::Close).await;
    assert!(closed.held.is_empty(), "{:?}", closed.held);
}

fn november() -> Period {
    NOVEMBER.parse().expect("a period")
}

/// The payroll rows of a statement's mail.
async fn payroll(t: &TestApp, number: &str) -> String {
    let mails = t.mails().await;
    let mail = mails.iter().find(|m| m.mail.key.starts_with(&format!("statement.{number}."))).expect("a statement");
    let parts = reader::read(&mail.mail.bytes);
    let csv =
        parts.attachments.into_iter().find(|(_, bytes)| bytes.starts_with("\u{feff}Период".as_bytes())).expect("a csv");
    String::from_utf8(csv.1).expect("UTF-8")
}

#[tokio::test]
async fn an_open_dispute_keeps_the_line_out_and_an_upheld_one_brings_it_with_the_next_number() {
    let mut t = company("withdraw").await;
    let code = code(&t, "000001").await;
    let case = disputes::open(&t.app, &asked(&code.to_lowercase(), "Орлов Илья")).await.expect("a dispute");
    assert_eq!(case.state(day("2026-11-27")), State::Open { due: day("2026-12-02") });
    // The record that was named was compared at once: it is somebody else's.
    let found = &case.events[0];
    assert_eq!(found.kind, EventKind::Checked);
    assert!(
        found.note.ru.contains("«ООО «Вектор»»") && found.note.ru.contains("сама программа так не решает"),
        "{}",
        found.note.ru
    );
    // The head answers only after the close; the deadline was moved by an answer that was taken back.
    disputes::decide(&t.app, &code, Ruling::Withdraw, "Громова Елена", "поспешила").await.expect("a decision");
    t.at("2026-12-01T10:00:00Z");
    let again = disputes::undo(&t.app, &code, "Громова Елена", "ошиблась").await.expect("an undo");
    assert_eq!(again.state(day("2026-12-01")), State::Open { due: day("2026-12-04") });
    close(&mut t).await;
    let first = t.text_of("statement.2026-11/1").await.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(first.contains("НЕ ВКЛЮЧЕНО: ОСПАРИВАЕТСЯ") && first.contains(&code), "{first}");
    assert!(first.contains("ответ до пт 04.12.2026 № 0000-000001"), "{first}");
    let rows = payroll(&t, "2026-11/1").await;
    assert!(rows.contains(";-100,00;") && !rows.contains("-600,00") && !rows.contains("-500,00"), "{rows}");
    // The ledger itself is whole: nothing was taken out of it.
    assert_eq!(t.balance().await.kopecks(), -600_00);
    assert!(hand_over::further(&t.app, november()).await.expect("a look").is_none(), "still open");

    disputes::decide(&t.app, &code, Ruling::Uphold, "0001", "карточки нет").await.expect("a decision");
    let second = hand_over::further(&t.app, november()).await.expect("a statement").expect("a number");
    assert_eq!((second.number.as_str(), second.total.kopecks(), second.entries.len()), ("2026-11/2", -500_00, 1));
    assert!(payroll(&t, "2026-11/2").await.contains(";-500,00;"), "{}", payroll(&t, "2026-11/2").await);
    assert!(hand_over::further(&t.app, november()).await.expect("a look").is_none(), "nothing goes twice");
}

#[tokio::test]
async fn a_withdrawn_line_is_wanted_at_nothing_and_both_entries_go_together() {
    let mut t = company("uphold").await;
    let code = code(&t, "000001").await;
    disputes::open(&t.app, &asked(&code, "0101")).await.expect("a dispute");
    disputes::decide(&t.app, &code, Ruling::Uphold, "0001", "").await.expect("a decision");
    t.at("2026-12-01T10:00:00Z");
    disputes::undo(&t.app, &code, "0001", "ещё раз").await.expect("an undo");
    close(&mut t).await;
    assert_eq!(t.balance().await.kopecks(), -600_00);
    // The default of the regulation is to uphold; the last day passes unanswered, then the head takes it up again.
    t.at("2026-12-07T08:00:00Z");
    let all = disputes::all(&t.app).await.expect("cases");
    assert!(matches!(all[0].state(day("2026-12-07")), State::Decided { ruling: Ruling::Uphold, .. }));
    disputes::undo(&t.app, &code, "0001", "рассмотрим").await.expect("an undo");
    disputes::decide(&t.app, &code, Ruling::Withdraw, "0001", "это холдинг").await.expect("a decision");
    // Until the entry that takes it back is posted, the line stays with us: finance moves no money that goes back.
    assert!(hand_over::further(&t.app, november()).await.expect("a look").is_none());
    t.drop_crm(&[VEKTOR]);
    t.ingest().await;
    assert!(t.run(Job::Audit).await.held.is_empty());
    let last = t.ledger().await.pop().expect("an entry").entry;
    assert_eq!(
        (last.kind.code(), last.amount.kopecks(), last.pay_period.to_string()),
        ("correction", 500_00, "2026-12".into())
    );
    assert!(
        last.evidence.cause.ru.contains("оспорена и снята решением «Громова Елена»: это холдинг"),
        "{}",
        last.evidence.cause.ru
    );
    let second = hand_over::further(&t.app, november()).await.expect("a statement").expect("a number");
    assert_eq!((second.total.kopecks(), second.entries.len()), (0, 2), "the line and what takes it back");
    // Running again posts nothing, and taking the decision back posts the line anew.
    let posted = t.ledger().await.len();
    t.run(Job::Audit).await;
    assert_eq!(t.ledger().await.len(), posted);
    disputes::undo(&t.app, &code, "0001", "ошибка").await.expect("an undo");
    t.run(Job::Audit).await;
    assert_eq!(t.balance().await.kopecks(), -600_00);
}

#[tokio::test]
async fn nobody_decides_about_himself_and_nobody_contests_for_others() {
    let mut t = company("withdraw").await;
    let code = code(&t, "000001").await;
    let other = disputes::open(&t.app, &asked(&code, "Соколова Анна")).await.expect_err("not her line");
    assert!(other.message.ru.contains("только свои строки"), "{}", other.message.ru);
    let typo = code.replace(&code[..1], if code.starts_with('Z') { "Y" } else { "Z" });
    assert!(disputes::open(&t.app, &asked(&typo, "0101")).await.expect_err("mistyped").message.ru.contains("опечатка"));
    disputes::open(&t.app, &asked(&code, "0101")).await.expect("a dispute");
    let twice = disputes::open(&t.app, &asked(&code, "0101")).await.expect_err("once");
    assert!(twice.message.ru.contains("уже оспорена"), "{}", twice.message.ru);
    for (who, says) in
        [("0101", "о собственной строке"), ("0102", "решает руководитель"), ("0002", "решает руководитель")]
    {
        let refused = disputes::decide(&t.app, &code, Ruling::Withdraw, who, "").await.expect_err("no head");
        assert!(refused.message.ru.contains(says), "{who}: {}", refused.message.ru);
    }
    // Nobody answers: silence never costs the employee here.
    t.at("2026-12-03T10:00:00Z");
    t.drop_crm(&[VEKTOR]);
    t.ingest().await;
    t.run(Job::Audit).await;
    assert_eq!(t.balance().await.kopecks(), -100_00);
    let last = t.ledger().await.pop().expect("an entry").entry;
    assert!(last.evidence.cause.ru.contains("никто не ответил"), "{}", last.evidence.cause.ru);
}

#[tokio::test]
async fn documents_that_change_after_the_close_are_listed_with_what_they_were_and_what_it_did() {
    let mut t = company("withdraw").await;
    close(&mut t).await;
    t.at("2026-12-04T09:00:00Z");
    t.drop_sales(
        "Ноябрь испр.csv",
        &[
            "09.11.2026;0000-000001;Ромашка ООО;7707083893;Орлов Илья;8000,00",
            "09.11.2026;0000-000002;Гефест ООО;7704567890;Орлов Илья;2000,00",
            "10.11.2026;0000-000003;ВЕКТОР ООО;7701234560;Орлов Илья;500000,00",
        ],
    );
    t.drop_crm(&[VEKTOR]);
    t.ingest().await;
    assert!(t.run(Job::Audit).await.held.is_empty());
    let audit = t.text_of("audit.").await.replace('\u{a0}', " ");
    assert!(audit.contains("ИЗМЕНИЛОСЬ В УЧЁТЕ ПОСЛЕ ЗАКРЫТИЯ"), "{audit}");
    for part in ["№ 0000-000001 от 09.11.2026", "сумма 10 000,00 → 8 000,00", "Ноябрь испр.csv", "100,00"]
    {
        assert!(audit.contains(part), "{part}: {audit}");
    }
    let second = hand_over::further(&t.app, november()).await.expect("a statement").expect("a number");
    assert_eq!((second.number.as_str(), second.total.kopecks()), ("2026-11/2", 100_00));
    let told = t.text_of("statement.2026-11/2").await.replace('\u{a0}', " ");
    assert!(told.contains("сумма 10 000,00 → 8 000,00"), "{told}");
    // Told once: the next audit has nothing new to say of it.
    t.at("2026-12-11T09:00:00Z");
    t.drop_crm(&[VEKTOR]);
    t.ingest().await;
    t.run(Job::Audit).await;
    assert!(!t.text_of("audit.").await.contains("ИЗМЕНИЛОСЬ В УЧЁТЕ"), "{}", t.text_of("audit.").await);
}
