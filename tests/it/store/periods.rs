//! Closed periods and statements.

use std::collections::BTreeMap;

use sverka::{
    domain::money::Money,
    store::{Db, StatementRecord, StoreError},
};

use super::{
    each_engine, posting,
    samples::{at, entry, month},
};

each_engine!(a_period_closes_once, statements_are_numbered_per_period, a_close_waits_for_a_posting_under_way);

async fn a_period_closes_once(db: Db) {
    let mut tx = db.begin().await.unwrap();
    assert_eq!(tx.closed_periods().await.unwrap(), BTreeMap::new());
    tx.close_period(month(10), at(5), "run", at(6)).await.unwrap();
    let refused = tx.close_period(month(10), at(7), "run", at(8)).await.unwrap_err();
    assert!(matches!(refused, StoreError::PeriodClosed(_)), "{refused:?}");
    tx.close_period(month(9), at(9), "run", at(9)).await.unwrap();
    assert_eq!(tx.closed_periods().await.unwrap(), BTreeMap::from([(month(9), at(9)), (month(10), at(5))]));
}

async fn statements_are_numbered_per_period(db: Db) {
    let mut tx = db.begin().await.unwrap();
    let mut all = Vec::new();
    for (period, minute, number) in [(11, 1, "2026-11/1"), (11, 2, "2026-11/2"), (12, 3, "2026-12/1")] {
        assert_eq!(tx.next_statement_number(month(period)).await.unwrap(), number);
        let statement = StatementRecord {
            number: number.into(),
            pay_period: month(period),
            run: "run".into(),
            total: Money::from_kopecks(-5),
            ledger_seq: minute,
            ledger_hash: "h".into(),
            issued_at: at(minute),
        };
        tx.add_statement(&statement).await.unwrap();
        all.push(statement);
    }
    assert_eq!(tx.statements().await.unwrap(), all);
    let refused = tx.add_statement(&all[0]).await.unwrap_err();
    assert!(matches!(refused, StoreError::Duplicate(_)), "{refused:?}");
}

/// Whichever comes first, no entry is paid in a period that was closed before it was posted.
async fn a_close_waits_for_a_posting_under_way(db: Db) {
    let posting = {
        let db = db.clone();
        tokio::spawn(async move {
            let mut tx = db.begin().await?;
            posting::post(&mut tx, &[entry("a", -1)], "run", at(1), 0, |_, _| "h".into()).await?;
            tokio::task::yield_now().await;
            tx.commit().await
        })
    };
    let mut tx = db.begin().await.unwrap();
    tx.close_period(month(11), at(1), "run", at(1)).await.unwrap();
    let seen = tx.posted().await.unwrap().len();
    tx.commit().await.unwrap();
    let posted = match posting.await.unwrap() {
        Ok(()) => 1,
        Err(error) => {
            assert!(matches!(error, StoreError::PeriodClosed(_)), "{error:?}");
            0
        }
    };
    assert_eq!(seen, posted, "the close saw everything that was posted, and nothing came after it");
}
