//! Due runs: written once, done once, by whoever holds the lease.

use std::time::Duration;

use sverka::store::{Claim, Db, DueRun, StoreError};

use super::{
    each_engine, posting,
    samples::{at, entry},
};

each_engine!(
    a_cursor_moves,
    an_occurrence_is_written_once,
    the_oldest_due_run_is_claimed_first,
    runs_of_one_schedule_go_in_order,
    an_expired_lease_is_taken_over,
    a_claim_that_was_lost_posts_nothing,
    of_eight_replicas_each_run_goes_to_one,
);

const LEASE: Duration = Duration::from_mins(10);

async fn a_cursor_moves(db: Db) {
    let mut tx = db.begin().await.unwrap();
    assert_eq!(tx.cursor("audit").await.unwrap(), None);
    tx.set_cursor("audit", at(1)).await.unwrap();
    tx.set_cursor("close", at(5)).await.unwrap();
    tx.set_cursor("audit", at(2)).await.unwrap();
    assert_eq!((tx.cursor("audit").await.unwrap(), tx.cursor("close").await.unwrap()), (Some(at(2)), Some(at(5))));
}

async fn an_occurrence_is_written_once(db: Db) {
    let mut tx = db.begin().await.unwrap();
    assert!(tx.add_due("audit", at(1)).await.unwrap());
    assert!(!tx.add_due("audit", at(1)).await.unwrap());
    let claim = tx.claim_due(at(1), "one", LEASE, None).await.unwrap().unwrap();
    tx.finish_due(&claim, "ran", at(2)).await.unwrap();
    assert!(!tx.add_due("audit", at(1)).await.unwrap(), "a clock that went back starts nothing again");
    assert_eq!(tx.claim_due(at(1), "one", LEASE, None).await.unwrap(), None);
    let done = DueRun {
        schedule: "audit".into(),
        due_at: at(1),
        holder: "one".into(),
        fence: 1,
        leased_until: at(11),
        finished_at: Some(at(2)),
        outcome: Some("ran".into()),
    };
    assert_eq!((tx.due_runs(9).await.unwrap(), tx.open_due().await.unwrap()), (vec![done], vec![]));
}

async fn the_oldest_due_run_is_claimed_first(db: Db) {
    let mut tx = db.begin().await.unwrap();
    for (schedule, minute) in [("b", 2), ("a", 1), ("c", 3), ("d", 99)] {
        tx.add_due(schedule, at(minute)).await.unwrap();
    }
    let mut order = Vec::new();
    while let Some(claim) = tx.claim_due(at(5), "one", LEASE, None).await.unwrap() {
        order.push(claim.schedule);
    }
    assert_eq!(order, ["a", "b", "c"], "what is not due yet waits");
    let open: Vec<_> = tx.open_due().await.unwrap().into_iter().map(|d| d.schedule).collect();
    assert_eq!(open, ["a", "b", "c", "d"]);
    let newest: Vec<_> = tx.due_runs(2).await.unwrap().into_iter().map(|d| d.schedule).collect();
    assert_eq!(newest, ["d", "c"]);
}

async fn runs_of_one_schedule_go_in_order(db: Db) {
    let mut tx = db.begin().await.unwrap();
    tx.add_due("close", at(2)).await.unwrap();
    tx.add_due("close", at(1)).await.unwrap();
    let first = tx.claim_due(at(5), "one", LEASE, None).await.unwrap().unwrap();
    assert_eq!((first.due_at, first.fence), (at(1), 1));
    assert_eq!(tx.claim_due(at(5), "two", LEASE, None).await.unwrap(), None, "the later close waits for the earlier");
    tx.finish_due(&first, "ran late", at(5)).await.unwrap();
    assert_eq!(tx.claim_due(at(5), "two", LEASE, None).await.unwrap().unwrap().due_at, at(2));
}

async fn an_expired_lease_is_taken_over(db: Db) {
    let mut tx = db.begin().await.unwrap();
    tx.add_due("audit", at(1)).await.unwrap();
    let first = tx.claim_due(at(1), "one", LEASE, None).await.unwrap().unwrap();
    assert_eq!(tx.claim_due(at(10), "two", LEASE, None).await.unwrap(), None);
    tx.fence(&first).await.unwrap();
    let second = tx.claim_due(at(11), "two", LEASE, None).await.unwrap().unwrap();
    assert_eq!(second, Claim { schedule: "audit".into(), due_at: at(1), fence: 2 });
    assert!(matches!(tx.fence(&first).await.unwrap_err(), StoreError::LeaseLost));
    assert!(matches!(tx.finish_due(&first, "ran", at(12)).await.unwrap_err(), StoreError::LeaseLost));
    tx.fence(&second).await.unwrap();
    tx.finish_due(&second, "ran", at(12)).await.unwrap();
    assert!(matches!(tx.fence(&second).await.unwrap_err(), StoreError::LeaseLost), "done is done");
    assert!(matches!(tx.finish_due(&second, "ran", at(12)).await.unwrap_err(), StoreError::LeaseLost));
}

async fn a_claim_that_was_lost_posts_nothing(db: Db) {
    let mut tx = db.begin().await.unwrap();
    tx.add_due("audit", at(1)).await.unwrap();
    let sleeper = tx.claim_due(at(1), "one", LEASE, None).await.unwrap().unwrap();
    tx.claim_due(at(60), "two", LEASE, None).await.unwrap().unwrap();
    tx.commit().await.unwrap();

    let mut tx = db.begin().await.unwrap();
    posting::post(&mut tx, &[entry("a", -1)], "run", at(61), 0, |_, _| "h".into()).await.unwrap();
    tx.fence(&sleeper).await.unwrap_err();
    drop(tx);
    assert_eq!(db.begin().await.unwrap().ledger_head().await.unwrap().0, 0);
}

async fn of_eight_replicas_each_run_goes_to_one(db: Db) {
    let mut tasks = Vec::new();
    for replica in 0..8 {
        let db = db.clone();
        tasks.push(tokio::spawn(async move {
            let mut tx = db.begin().await.unwrap();
            let mut added = 0;
            for schedule in 0..5 {
                for minute in 0..4 {
                    added += i64::from(tx.add_due(&format!("s{schedule}"), at(minute)).await.unwrap());
                }
            }
            tx.commit().await.unwrap();
            let mut done = Vec::new();
            for _ in 0..40 {
                let mut tx = db.begin().await.unwrap();
                let claim = tx.claim_due(at(9), &format!("replica {replica}"), LEASE, None).await.unwrap();
                tx.commit().await.unwrap();
                let Some(claim) = claim else { continue };
                let mut tx = db.begin().await.unwrap();
                tx.fence(&claim).await.unwrap();
                tx.finish_due(&claim, "ran", at(9)).await.unwrap();
                tx.commit().await.unwrap();
                done.push((claim.schedule, claim.due_at));
            }
            (added, done)
        }));
    }
    let (mut added, mut done) = (0, Vec::new());
    for task in tasks {
        let (theirs, runs) = task.await.unwrap();
        added += theirs;
        done.extend(runs);
    }
    assert_eq!((added, done.len()), (20, 20), "each row written once, each run done once");
    done.sort();
    done.dedup();
    assert_eq!(done.len(), 20);
    let runs = db.begin().await.unwrap().due_runs(99).await.unwrap();
    assert!(runs.iter().all(|run| run.fence == 1 && run.finished_at.is_some()), "{runs:?}");
}
