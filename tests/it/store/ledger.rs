//! Posting and reading the ledger.

use std::{collections::BTreeSet, sync::Mutex};

use sverka::{
    domain::{
        ledger::{EntryKey, EntryKind, NewEntry, Posted},
        money::Money,
        org::EmployeeId,
    },
    store::{Db, LedgerFilter, StoreError, Tx},
};

use super::{
    each_engine, posting,
    samples::{at, entry, month},
};

each_engine!(
    entries_join_the_chain,
    an_entry_reads_back_as_it_was_posted,
    a_stale_head_posts_nothing,
    of_rivals_on_one_head_one_posts,
    a_closed_period_takes_no_entries,
    sums_are_per_key,
    entries_are_found_by_what_they_are_about,
    ten_thousand_entries_are_posted_at_once,
);

/// A seal that shows what it was given.
fn seal(link: &posting::Link<'_>, entry: &NewEntry) -> String {
    format!("{}<{}>", link.seq, link.prev_hash.len() as i64 + entry.amount.kopecks())
}

async fn post(tx: &mut Tx, entries: &[NewEntry]) -> Vec<String> {
    let (head, _) = tx.ledger_head().await.unwrap();
    posting::post(tx, entries, "run", at(7), head, seal).await.unwrap().into_iter().map(|e| e.id).collect()
}

async fn entries_join_the_chain(db: Db) {
    let zeros = "0".repeat(64);
    let mut tx = db.begin().await.unwrap();
    assert_eq!(tx.ledger_head().await.unwrap(), (0, zeros.clone()));
    posting::post(&mut tx, &[entry("a", -1), entry("b", -2)], "r1", at(1), 0, seal).await.unwrap();
    assert_eq!(tx.ledger_head().await.unwrap(), (2, "2<3>".into()));
    posting::post(&mut tx, &[], "r2", at(2), 2, seal).await.unwrap();
    posting::post(&mut tx, &[entry("c", -3)], "r3", at(3), 2, seal).await.unwrap();
    tx.commit().await.unwrap();
    let all = db.begin().await.unwrap().ledger_entries(&LedgerFilter::default()).await.unwrap();
    let links: Vec<_> = all.iter().map(|e| (e.seq, e.run.as_str(), e.prev_hash.as_str(), e.hash.as_str())).collect();
    assert_eq!(links, [(1, "r1", zeros.as_str(), "1<63>"), (2, "r1", "1<63>", "2<3>"), (3, "r3", "2<3>", "3<1>")]);
}

async fn an_entry_reads_back_as_it_was_posted(db: Db) {
    let now = at(1) + chrono::TimeDelta::nanoseconds(123_456_789);
    let sealed = Mutex::new(Vec::new());
    let mut tx = db.begin().await.unwrap();
    let posted = posting::post(&mut tx, &[entry("a", i64::MIN)], "run", now, 0, |link, _| {
        sealed.lock().unwrap().push((link.id.to_owned(), link.posted_at, link.run.to_owned()));
        "hash".into()
    })
    .await
    .unwrap();
    let read = tx.entry("1").await.unwrap().unwrap();
    assert_eq!(vec![read.clone()], posted, "what was sealed is what is read back, to the millisecond");
    assert_eq!(sealed.into_inner().unwrap(), [(read.id.clone(), read.posted_at, read.run.clone())]);
    assert_eq!(tx.entry(&read.id).await.unwrap(), Some(read));
    assert_eq!(tx.entry("2").await.unwrap(), None);
    assert_eq!(tx.entry("nonsense").await.unwrap(), None);
}

async fn a_stale_head_posts_nothing(db: Db) {
    let mut tx = db.begin().await.unwrap();
    post(&mut tx, &[entry("a", -1)]).await;
    tx.commit().await.unwrap();
    for stale in [0, 2] {
        let mut tx = db.begin().await.unwrap();
        let refused = posting::post(&mut tx, &[entry("b", -1)], "run", at(1), stale, seal).await.unwrap_err();
        assert!(matches!(refused, StoreError::LedgerMoved), "{refused:?}");
        assert!(refused.is_transient());
    }
    assert_eq!(db.begin().await.unwrap().ledger_head().await.unwrap().0, 1);
}

async fn of_rivals_on_one_head_one_posts(db: Db) {
    let mut tasks = Vec::new();
    for n in 0..8 {
        let db = db.clone();
        tasks.push(tokio::spawn(async move {
            let mut tx = db.begin().await?;
            posting::post(&mut tx, &[entry(&n.to_string(), -1), entry("x", -1)], "run", at(1), 0, seal).await?;
            tx.commit().await
        }));
    }
    let mut posted = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(()) => posted += 1,
            Err(error) => assert!(matches!(error, StoreError::LedgerMoved), "{error:?}"),
        }
    }
    assert_eq!(posted, 1);
    let all = db.begin().await.unwrap().ledger_entries(&LedgerFilter::default()).await.unwrap();
    assert_eq!(all.iter().map(|e| e.seq).collect::<Vec<_>>(), [1, 2]);
}

async fn a_closed_period_takes_no_entries(db: Db) {
    let mut tx = db.begin().await.unwrap();
    tx.close_period(month(11), at(1), "run", at(1)).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = db.begin().await.unwrap();
    let refused = posting::post(&mut tx, &[entry("a", -1)], "run", at(2), 0, seal).await.unwrap_err();
    assert!(matches!(refused, StoreError::PeriodClosed(period) if period == month(11)), "{refused:?}");
    drop(tx);
    let mut tx = db.begin().await.unwrap();
    post(&mut tx, &[NewEntry { pay_period: month(12), kind: EntryKind::Correction, ..entry("a", -1) }]).await;
    assert_eq!(tx.posted().await.unwrap().len(), 1);
}

async fn sums_are_per_key(db: Db) {
    let premium = NewEntry { kind: EntryKind::Premium, ..entry("z", 50) };
    let mut relief = NewEntry { kind: EntryKind::CapRelief, policy_version: "2026-2".into(), ..entry("a", 30) };
    relief.pay_period = month(12);
    let mut tx = db.begin().await.unwrap();
    let mut ids = post(&mut tx, &[premium, entry("a", -100)]).await;
    ids.extend(post(&mut tx, &[relief]).await);
    let sum = |subject: &str, kopecks, entries: &[&String], kind, policy: &str| Posted {
        key: entry(subject, 1).key,
        amount: Money::from_kopecks(kopecks),
        entries: entries.iter().map(|id| (*id).clone()).collect(),
        kind,
        policy_version: policy.into(),
    };
    let want = [
        sum("a", -70, &[&ids[1], &ids[2]], EntryKind::Reduction, "2026-2"),
        sum("z", 50, &[&ids[0]], EntryKind::Premium, "2026-1"),
    ];
    assert_eq!(tx.posted().await.unwrap(), want);
}

async fn entries_are_found_by_what_they_are_about(db: Db) {
    let other = EntryKey {
        belongs_to: month(10),
        employee: EmployeeId("8".into()),
        subject: "period".into(),
        rule: "completeness".into(),
    };
    let mut tx = db.begin().await.unwrap();
    let foreign = NewEntry { key: other, pay_period: month(12), ..entry("", 5) };
    post(&mut tx, &[entry("a", -1), entry("b", -2), foreign]).await;
    let any = LedgerFilter::default;
    for (what, filter, want) in [
        ("all", any(), vec![1, 2, 3]),
        ("paid", LedgerFilter { pay_period: Some(month(12)), ..any() }, vec![3]),
        ("whose", LedgerFilter { employee: Some(EmployeeId("007".into())), ..any() }, vec![1, 2]),
        ("what", LedgerFilter { subject: Some("b".into()), ..any() }, vec![2]),
        ("rule", LedgerFilter { rule: Some("completeness".into()), ..any() }, vec![3]),
        ("after", LedgerFilter { after_seq: 1, ..any() }, vec![2, 3]),
        ("nobody", LedgerFilter { subject: Some("b".into()), after_seq: 2, ..any() }, vec![]),
    ] {
        let found: Vec<i64> = tx.ledger_entries(&filter).await.unwrap().iter().map(|e| e.seq).collect();
        assert_eq!(found, want, "{what}");
    }
}

async fn ten_thousand_entries_are_posted_at_once(db: Db) {
    let entries: Vec<NewEntry> = (0..10_000).map(|n| entry(&n.to_string(), -1)).collect();
    let mut tx = db.begin().await.unwrap();
    let ids: BTreeSet<String> = post(&mut tx, &entries).await.into_iter().collect();
    assert_eq!(ids.len(), 10_000);
    assert_eq!(tx.ledger_head().await.unwrap().0, 10_000);
    assert_eq!(tx.posted().await.unwrap().len(), 10_000);
}
