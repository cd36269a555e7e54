//! Runs and holds.

use sverka::{
    domain::run::{Hold, HoldSubject, Job, Release, RunOutcome, RunRecord},
    store::{Db, DroppedHold, StoreError},
};

use super::{
    each_engine,
    samples::{at, finding},
};

each_engine!(
    runs_are_listed_newest_first,
    a_hold_is_released_once,
    a_hold_whose_cause_went_away_is_kept_apart,
    a_hold_is_found_by_the_beginning_of_its_id,
);

async fn runs_are_listed_newest_first(db: Db) {
    let mut tx = db.begin().await.unwrap();
    let mut runs = Vec::new();
    for (minute, job) in (1..).zip(Job::ALL) {
        let run = RunRecord {
            id: format!("run{minute}"),
            job,
            as_of: at(minute),
            finished_at: at(10 - minute),
            outcome: if minute == 1 { RunOutcome::Held } else { RunOutcome::Done },
            input_hash: "h".into(),
            figures: "{}".into(),
        };
        tx.save_run(&run).await.unwrap();
        runs.push(run);
    }
    assert_eq!(tx.last_runs(None, 9).await.unwrap(), runs);
    assert_eq!(tx.last_runs(None, 2).await.unwrap(), runs[..2]);
    assert_eq!(tx.last_runs(Some(Job::Audit), 9).await.unwrap(), runs[3..4]);
    let refused = tx.save_run(&runs[0]).await.unwrap_err();
    assert!(matches!(refused, StoreError::Duplicate(_)), "{refused:?}");
}

fn run_hold(id: &str, minute: i64) -> Hold {
    let subject = HoldSubject::Run { run: "r".into(), job: Job::Close, as_of: at(0), input_hash: "h".into() };
    Hold { id: id.into(), subject, reasons: vec![finding("stale")], opened_at: at(minute), release: None }
}

fn file_hold(id: &str, minute: i64) -> Hold {
    let subject = HoldSubject::File { hash: "aa".into(), name: "Продажи.xlsx".into() };
    Hold { subject, ..run_hold(id, minute) }
}

fn release(minute: i64) -> Release {
    Release { by: "Петрова".into(), reason: "проверила".into(), at: at(minute) }
}

async fn a_hold_is_released_once(db: Db) {
    let mut tx = db.begin().await.unwrap();
    for hold in [file_hold("b", 2), run_hold("a", 1)] {
        tx.open_hold(&hold).await.unwrap();
    }
    assert_eq!(tx.holds(true).await.unwrap(), [run_hold("a", 1), file_hold("b", 2)]);
    assert!(tx.release_hold("a", &release(3)).await.unwrap());
    assert!(!tx.release_hold("a", &release(4)).await.unwrap());
    assert!(!tx.release_hold("x", &release(4)).await.unwrap());
    assert!(!tx.drop_hold("a", "не нужно", at(5)).await.unwrap());
    let released = Hold { release: Some(release(3)), ..run_hold("a", 1) };
    assert_eq!(tx.holds(true).await.unwrap(), [file_hold("b", 2)]);
    assert_eq!(tx.holds(false).await.unwrap(), [released.clone(), file_hold("b", 2)]);
    let born_released = Hold { id: "c".into(), opened_at: at(9), ..released };
    tx.open_hold(&born_released).await.unwrap();
    assert_eq!(tx.hold("c").await.unwrap(), Some(born_released));
}

async fn a_hold_whose_cause_went_away_is_kept_apart(db: Db) {
    let mut tx = db.begin().await.unwrap();
    tx.open_hold(&run_hold("a", 1)).await.unwrap();
    assert!(tx.drop_hold("a", "пришла свежая выгрузка", at(2)).await.unwrap());
    assert!(!tx.drop_hold("a", "ещё раз", at(3)).await.unwrap());
    assert!(!tx.release_hold("a", &release(3)).await.unwrap(), "nothing is open to be released");
    assert_eq!((tx.holds(true).await.unwrap(), tx.holds(false).await.unwrap()), (vec![], vec![]));
    assert_eq!(tx.hold("a").await.unwrap(), None);
    let dropped =
        DroppedHold { hold: run_hold("a", 1), at: at(2), remark: "пришла свежая выгрузка".into() };
    assert_eq!(tx.dropped_holds().await.unwrap(), [dropped]);
}

async fn a_hold_is_found_by_the_beginning_of_its_id(db: Db) {
    let mut tx = db.begin().await.unwrap();
    for id in ["ab1", "ab2", "ab"] {
        tx.open_hold(&run_hold(id, 1)).await.unwrap();
    }
    assert_eq!(tx.hold("ab").await.unwrap().unwrap().id, "ab");
    assert_eq!(tx.hold("ab2").await.unwrap().unwrap().id, "ab2");
    assert!(matches!(tx.hold("a").await.unwrap_err(), StoreError::Ambiguous(_)));
    assert_eq!(tx.hold("c").await.unwrap(), None);
    assert_eq!(tx.hold("").await.unwrap(), None);
}
