//! A version that is changed after it was signed: money of the rules that ask for a signature goes back, and the audit says why.

use sverka::{
    config,
    domain::{money::Money, run::Job},
    pipeline::{App, acknowledge, backtest},
};

use crate::app::{PEOPLE, POLICY, TestApp, day};

/// The same company after its policy file was written anew.
async fn again(t: &mut TestApp, policy: &str) {
    std::fs::write(t.dir.path().join("policy.toml"), policy).expect("a policy");
    let config =
        config::load_with(&t.dir.path().join("sverka.toml"), std::iter::empty(), t.app.clock.now().date_naive())
            .unwrap_or_else(|e| panic!("{e}"));
    t.app.db.close().await;
    t.app = App::open(config, t.app.clock.clone(), t.app.parser.clone()).await.unwrap_or_else(|e| panic!("{e}"));
}

#[tokio::test]
async fn a_changed_text_is_shown_until_it_is_signed() {
    let signed = POLICY.replacen("late = \"10 %\"", "late = \"10 %\"\nrequires_acknowledgement = true", 1);
    let mut t = TestApp::with("2026-11-20T14:00:00Z", "", &signed, PEOPLE).await;
    let done = acknowledge::record(&t.app, "0101", "T-1", day("2026-11-02"), "Громова").await.expect("recorded");
    assert_eq!(done.record.len(), 1);
    t.drop_sales("Ноябрь.csv", &["09.11.2026;0000-000001;Ромашка ООО;7707083893;Орлов Илья;10000,00"]);
    t.drop_crm(&["1;ООО «Вектор»;7701234560;+7 495 123-45-67;12.01.2026 10:00:00"]);
    t.ingest().await;
    t.run(Job::Audit).await;
    let posted = t.balance().await;
    assert!(posted < Money::ZERO, "{posted:?}");

    // Only a remark: nothing moves, nobody is told.
    again(&mut t, &format!("# a remark\n{signed}")).await;
    t.at("2026-11-20T14:30:00Z");
    t.run(Job::Audit).await;
    assert_eq!(t.balance().await, posted);

    // Another share: the signature was not given for it.
    again(&mut t, &signed.replacen("50 %", "60 %", 1)).await;
    t.at("2026-11-21T08:00:00Z");
    let done = t.run(Job::Audit).await;
    assert!(done.held.is_empty(), "{:?}", done.held);
    assert_eq!(t.balance().await, Money::ZERO);
    let told = t.text_of("audit.").await.replace('\n', " ");
    assert!(told.contains("Редакция T-1 изменена после того, как её подписали: Орлов Илья."), "{told}");

    // Signed anew, with a day of its own: it counts for what is sold from that day on.
    let old = acknowledge::record(&t.app, "0101", "T-1", day("2026-11-02"), "Громова").await.expect("judged");
    assert_eq!(old.refused.len(), 1, "the old sheet again");
    let new = acknowledge::record(&t.app, "0101", "T-1", day("2026-11-05"), "Громова").await.expect("recorded");
    assert_eq!(new.record.len(), 1);
    t.at("2026-11-21T08:30:00Z");
    t.run(Job::Audit).await;
    assert_eq!(t.balance().await, posted, "60 % or 50 %, the cap of 20 % is the same");

    // Changed once more, and the month closed: beside a draft what is in force takes nothing from him; the draft would, signed.
    again(&mut t, &signed.replacen("50 %", "70 %", 1)).await;
    let (month, at) = ("2026-11".parse().expect("a month"), t.app.clock.now());
    let mut tx = t.app.db.begin().await.expect("a transaction");
    tx.close_period(month, at, "test", at).await.expect("closed");
    tx.commit().await.expect("a commit");
    let beside = backtest::run(&t.app, &t.app.config.policy, month, month, &|_| {}).await.expect("a back-test");
    assert_eq!(beside.present.total(), Money::ZERO);
    assert!(beside.draft.total() < Money::ZERO, "{:?}", beside.draft);
}
