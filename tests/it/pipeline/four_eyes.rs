//! A close that two people answer for. Deliberately absent: other holds (`holds`).

use sverka::{
    domain::run::{Job, Release},
    pipeline::{four_eyes, release},
};

use crate::app::{PEOPLE, POLICY, TestApp};

const VEKTOR: &str = "1;ООО «Вектор»;7701234560;+7 495 123-45-67;12.01.2026 10:00:00";

#[tokio::test]
async fn a_close_waits_until_one_has_prepared_it_and_another_releases_it() {
    let mut t = TestApp::with("2026-12-03T07:00:00Z", "[close]\nfour_eyes = true\n", POLICY, PEOPLE).await;
    t.drop_sales(
        "Ноябрь.csv",
        &[
            "09.11.2026;0000-000001;Ромашка ООО;7707083893;Орлов Илья;10000,00",
            "02.12.2026;0000-000003;ВЕКТОР ООО;7701234560;Орлов Илья;500000,00",
        ],
    );
    t.drop_crm(&[VEKTOR]);
    t.ingest().await;
    // An audit needs nobody.
    assert!(t.run(Job::Audit).await.held.is_empty());
    let held = t.run(Job::Close).await;
    assert_eq!(held.held.iter().map(|f| f.code.as_str()).collect::<Vec<_>>(), ["four_eyes"]);
    let hold = held.hold.expect("a hold");
    let word = |by: &str| Release { by: by.to_owned(), reason: "проверено".to_owned(), at: t.app.clock.now() };
    let refused = release::release(&t.app, &hold, &word("Рябова Нина"), false).await.expect_err("not prepared");
    assert!(refused.message.ru.contains("никто не подготовил"), "{}", refused.message.ru);
    let period = "2026-11".parse().expect("a period");
    assert_eq!(four_eyes::prepare(&t.app, period, "0001").await.expect("prepared"), "Громова Елена");
    // One person under another name is one person.
    for same in ["Громова Елена", "0001", "громова  елена"] {
        let refused = release::release(&t.app, &hold, &word(same), false).await.expect_err("the same person");
        assert!(refused.message.ru.contains("другой человек"), "{same}: {}", refused.message.ru);
    }
    assert!(!t.mail_keys().await.iter().any(|k| k.starts_with("statement.")));
    release::release(&t.app, &hold, &word("Рябова Нина"), false).await.expect("released");
    assert!(t.mail_keys().await.iter().any(|k| k.starts_with("statement.2026-11/1")), "{:?}", t.mail_keys().await);
    let closed = four_eyes::prepare(&t.app, period, "0001").await.expect_err("closed");
    assert!(closed.message.ru.contains("закрыт"), "{}", closed.message.ru);
}
