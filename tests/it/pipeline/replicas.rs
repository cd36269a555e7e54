//! One company on PostgreSQL: the whole story there, and two replicas that never do a thing twice. Left out with a line
//! when there is no server.

use sverka::{
    domain::{ledger_chain, run::Job},
    pipeline::{
        self,
        reconcile::{Due, Request},
    },
    schedule,
};

use crate::app::{PEOPLE, POLICY, TestApp};

const CRM: &str = "1;ООО «Вектор»;7701234560;+7 495 123-45-67;12.01.2026 10:00:00";
const GOOD: &str = "02.11.2026;0000-000002;ВЕКТОР ООО;7701234560;Орлов Илья;90000,00";
const MISSING: &str = "02.11.2026;0000-000001;Ромашка ООО;7707083893;Орлов Илья;10000,00";

async fn company(url: &str, at: &str) -> TestApp {
    TestApp::with(at, &format!("[store]\nurl = \"{url}\"\n"), POLICY, PEOPLE).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_main_story_on_postgres_from_the_file_to_the_correction_after_the_close() {
    let Some(fresh) = crate::store::postgres().await else { return };
    let mut t = company(&fresh.url, "2026-11-20T13:50:00Z").await;
    t.tick().await;
    t.drop_sales("Продажи.csv", &[GOOD, MISSING]);
    t.drop_crm(&[CRM]);
    t.at("2026-11-20T14:00:00Z");
    t.tick().await;
    assert_eq!(t.balance().await.kopecks(), -500_00);
    t.at("2026-12-04T07:00:00Z");
    t.drop_sales("Декабрь.csv", &["03.12.2026;0000-000003;ВЕКТОР ООО;7701234560;Орлов Илья;1000,00"]);
    t.drop_crm(&[CRM]);
    t.ingest().await;
    t.at("2026-12-06T07:00:00Z");
    t.tick().await;
    assert!(t.mail_keys().await.iter().any(|k| k.starts_with("statement.2026-11/1")), "{:?}", t.mail_keys().await);
    let before = t.ledger().await;
    t.at("2026-12-11T14:00:00Z");
    t.drop_crm(&[CRM, "2;Ромашка;7707083893;;08.12.2026 09:00:00"]);
    t.tick().await;
    let after = t.ledger().await;
    assert_eq!(after[..before.len()], before[..]);
    assert_eq!(t.balance().await.kopecks(), -100_00);
    assert_eq!(ledger_chain::verify(&after, &t.app.ledger_key, None), []);
    t.assert_settled().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_replicas_ticking_the_same_due_run_give_one_audit_and_one_mail_each() {
    let Some(fresh) = crate::store::postgres().await else { return };
    let mut t = company(&fresh.url, "2026-11-20T13:50:00Z").await;
    t.tick().await;
    t.drop_sales("Продажи.csv", &[GOOD, MISSING]);
    t.drop_crm(&[CRM]);
    t.ingest().await;
    let (other, mut spool) = t.replica().await;
    t.at("2026-11-20T14:00:00Z");
    let (one, two) =
        tokio::join!(schedule::tick(&t.app, &mut t.spool, "one"), schedule::tick(&other, &mut spool, "two"));
    let audits =
        [&one, &two].into_iter().filter_map(|t| t.as_ref().ok()).flat_map(|t| &t.runs).filter(|r| r.0 == Job::Audit);
    assert_eq!(audits.count(), 1, "{one:?} {two:?}");
    // Whatever one of them left is taken up; nothing is done again.
    for (app, holder) in [(&t.app, "one"), (&other, "two")] {
        schedule::tick(app, &mut spool, holder).await.expect("a tick");
    }
    assert_eq!(t.ledger().await.len(), 1);
    let keys = t.mail_keys().await;
    assert_eq!(keys.iter().filter(|k| k.starts_with("audit.")).count(), 1, "{keys:?}");
    let files = std::fs::read_dir(t.dir.path().join("outbox")).expect("sent mails").count();
    assert_eq!(files, keys.len(), "each mail left once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn runs_at_once_post_each_entry_once() {
    let Some(fresh) = crate::store::postgres().await else { return };
    let mut t = company(&fresh.url, "2026-11-20T14:00:00Z").await;
    t.drop_sales("Продажи.csv", &[GOOD, MISSING]);
    t.drop_crm(&[CRM]);
    t.ingest().await;
    let (other, _) = t.replica().await;
    let request = Request::now(&t.app, Job::Audit, t.app.clock.now());
    let close = Request { closing: "2026-11".parse().ok(), ..Request::now(&t.app, Job::Close, t.app.clock.now()) };
    let (a, b, c) = tokio::join!(
        pipeline::reconcile::reconcile(&t.app, &request),
        pipeline::reconcile::reconcile(&other, &request),
        pipeline::reconcile::reconcile(&other, &close)
    );
    for done in [a, b, c] {
        done.unwrap_or_else(|e| panic!("{e}"));
    }
    assert_eq!(t.ledger().await.len(), 1);
    assert_eq!(t.balance().await.kopecks(), -500_00);
}

#[tokio::test]
async fn a_run_that_another_replica_took_over_writes_nothing() {
    let mut t = TestApp::new("2026-11-20T13:50:00Z").await;
    t.drop_sales("Продажи.csv", &[GOOD, MISSING]);
    t.drop_crm(&[CRM]);
    t.ingest().await;
    let due_at = t.app.clock.now();
    let mut tx = t.app.db.begin().await.expect("a transaction");
    tx.add_due("audit", due_at).await.expect("a due run");
    let lease = std::time::Duration::from_mins(1);
    let stale = tx.claim_due_of("audit", due_at, "one", lease).await.expect("a claim").expect("free");
    tx.commit().await.expect("a commit");
    t.at("2026-11-20T14:00:00Z");
    let mut tx = t.app.db.begin().await.expect("a transaction");
    let fresh = tx.claim_due_of("audit", t.app.clock.now(), "two", lease).await.expect("a claim").expect("expired");
    tx.commit().await.expect("a commit");
    for (claim, works) in [(stale, false), (fresh, true)] {
        let mut request = Request::now(&t.app, Job::Audit, t.app.clock.now());
        request.due = Some(Due { due_at, claim: Some(claim), late: false });
        assert_eq!(pipeline::reconcile::reconcile(&t.app, &request).await.is_ok(), works);
        assert_eq!(t.ledger().await.len(), usize::from(works));
        assert_eq!(t.mail_keys().await.iter().filter(|k| k.starts_with("audit")).count(), usize::from(works));
    }
}
