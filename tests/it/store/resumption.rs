//! What a restart, a repeated export and a repeated hold need of the store.

use std::time::Duration;

use sverka::{
    domain::{
        inbox::{FileRecord, FileState, Grain, TableKind},
        run::{Hold, HoldSubject, Job, Release},
    },
    store::Db,
};

use super::{
    each_engine,
    samples::{at, company, finding, mail, snapshot},
};

each_engine!(
    leases_of_a_dead_process_are_freed_at_once,
    one_schedule_is_claimed_apart_from_the_others,
    settled_looks_are_forgotten_and_nothing_else,
    a_repeated_hold_covers_the_newer_inputs_and_keeps_its_id,
    a_file_exported_again_is_as_of_the_later_instant,
    snapshots_are_known_as_of_an_instant,
);

const LEASE: Duration = Duration::from_mins(30);

async fn leases_of_a_dead_process_are_freed_at_once(db: Db) {
    let mut tx = db.begin().await.unwrap();
    tx.freeze(&[mail("a")], at(1)).await.unwrap();
    tx.add_due("audit", at(1)).await.unwrap();
    assert_eq!(tx.claim_mail(at(2), LEASE, 10).await.unwrap().len(), 1);
    let first = tx.claim_due(at(2), "dead", LEASE, None).await.unwrap().unwrap();
    assert!(tx.claim_mail(at(3), LEASE, 10).await.unwrap().is_empty());
    assert_eq!(tx.claim_due(at(3), "alive", LEASE, None).await.unwrap(), None);
    assert_eq!(tx.release_leases().await.unwrap(), 2);
    assert_eq!(tx.claim_mail(at(3), LEASE, 10).await.unwrap().len(), 1);
    let second = tx.claim_due(at(3), "alive", LEASE, None).await.unwrap().unwrap();
    assert!(second.fence > first.fence && tx.fence(&first).await.is_err());
}

async fn one_schedule_is_claimed_apart_from_the_others(db: Db) {
    let mut tx = db.begin().await.unwrap();
    for (schedule, hour) in [("audit", 1), ("ingest", 3), ("ingest", 2)] {
        tx.add_due(schedule, at(hour)).await.unwrap();
    }
    let claim = tx.claim_due(at(5), "one", LEASE, Some("ingest")).await.unwrap().unwrap();
    assert_eq!((claim.schedule.as_str(), claim.due_at), ("ingest", at(2)));
    assert_eq!(tx.claim_due(at(5), "one", LEASE, Some("close")).await.unwrap(), None);
}

async fn settled_looks_are_forgotten_and_nothing_else(db: Db) {
    let mut tx = db.begin().await.unwrap();
    for (schedule, hour) in [("ingest", 1), ("ingest", 2), ("ingest", 3), ("audit", 1)] {
        tx.add_due(schedule, at(hour)).await.unwrap();
    }
    for schedule in ["ingest", "ingest", "audit"] {
        let claim = tx.claim_due(at(5), "one", LEASE, Some(schedule)).await.unwrap().unwrap();
        tx.finish_due(&claim, "ran", at(5)).await.unwrap();
    }
    assert_eq!(tx.forget_due("ingest", at(4)).await.unwrap(), 2, "the open one stays");
    let left: Vec<_> = tx.due_runs(10).await.unwrap().into_iter().map(|r| (r.schedule, r.due_at)).collect();
    assert_eq!(left.len(), 2, "{left:?}");
    assert!(left.contains(&("audit".into(), at(1))) && left.contains(&("ingest".into(), at(3))));
}

fn hold(id: &str) -> Hold {
    Hold {
        id: id.into(),
        subject: HoldSubject::Run { run: "r1".into(), job: Job::Audit, as_of: at(1), input_hash: "old".into() },
        reasons: vec![finding("why")],
        opened_at: at(1),
        release: None,
    }
}

async fn a_repeated_hold_covers_the_newer_inputs_and_keeps_its_id(db: Db) {
    let mut tx = db.begin().await.unwrap();
    tx.open_hold(&hold("h1")).await.unwrap();
    assert!(tx.renew_hold("h1", "r2", at(9), "new", &[finding("still")]).await.unwrap());
    let renewed = tx.hold("h1").await.unwrap().unwrap();
    let subject = HoldSubject::Run { run: "r2".into(), job: Job::Audit, as_of: at(9), input_hash: "new".into() };
    assert_eq!((renewed.subject, renewed.opened_at, renewed.reasons), (subject, at(1), vec![finding("still")]));
    let release = Release { by: "a".into(), reason: "b".into(), at: at(10) };
    tx.release_hold("h1", &release).await.unwrap();
    assert!(!tx.renew_hold("h1", "r3", at(11), "newer", &[]).await.unwrap(), "a release covers what it was given for");
}

async fn a_file_exported_again_is_as_of_the_later_instant(db: Db) {
    let mut tx = db.begin().await.unwrap();
    let record = FileRecord {
        hash: "f1".into(),
        name: "a.csv".into(),
        source: "accounting".into(),
        as_of: at(1),
        received_at: at(2),
        state: FileState::Accepted,
        kind: TableKind::Sales,
        rows: 1,
        span: None,
        organisation: String::new(),
        grain: Grain::Documents,
        full_of: None,
        findings: Vec::new(),
    };
    tx.add_file(&record).await.unwrap();
    let later = record.as_of + chrono::TimeDelta::hours(5);
    assert!(tx.confirm_file(&record.hash, later).await.unwrap());
    assert!(!tx.confirm_file(&record.hash, record.as_of).await.unwrap(), "time does not run back");
    assert_eq!(tx.file(&record.hash).await.unwrap().unwrap().as_of, later);
}

async fn snapshots_are_known_as_of_an_instant(db: Db) {
    let mut tx = db.begin().await.unwrap();
    tx.accept_snapshot(&snapshot(at(10), vec![company("1", None)]), at(10)).await.unwrap();
    tx.accept_snapshot(&snapshot(at(20), vec![company("1", None), company("2", None)]), at(20)).await.unwrap();
    let seen = async |tx: &mut sverka::store::Tx, hour| {
        let known = tx.snapshots_as_of(at(hour)).await.unwrap();
        known.into_iter().map(|s| (s.as_of, s.records, s.previous_records)).collect::<Vec<_>>()
    };
    assert_eq!(seen(&mut tx, 9).await, []);
    assert_eq!(seen(&mut tx, 15).await, [(at(10), 1, None)]);
    assert_eq!(seen(&mut tx, 25).await, [(at(20), 2, Some(1))]);
}
