//! Figures about the store, and disputes that heads were told of.

use sverka::{
    domain::{
        dispute::{Claim, Dispute, Ruling},
        ledger::EntryKey,
        org::EmployeeId,
    },
    store::Db,
};

use super::{
    each_engine,
    samples::{at, day, mail, month},
};

each_engine!(
    mails_and_occurrences_are_counted_between_two_instants,
    the_size_of_the_database_is_known,
    a_dispute_is_told_once,
);

async fn mails_and_occurrences_are_counted_between_two_instants(db: Db) {
    let mut tx = db.begin().await.unwrap();
    for (key, minute) in [("a", 1), ("b", 2), ("c", 3), ("d", 4)] {
        tx.freeze(&[mail(key)], at(minute)).await.unwrap();
        tx.add_due("audit", at(minute)).await.unwrap();
    }
    let id = tx.outbox_mail("b").await.unwrap().unwrap().id;
    tx.mark_sent(&id, at(5), "250").await.unwrap();
    let counts = tx.mails_between(at(1), at(3)).await.unwrap();
    assert_eq!(counts.into_iter().collect::<Vec<_>>(), [("pending", 1), ("sent", 1)], "after the first, with the last");
    let due: Vec<_> = tx.due_between(at(1), at(3)).await.unwrap().into_iter().map(|d| d.due_at).collect();
    assert_eq!(due, [at(2), at(3)]);
    assert!(tx.last_accepted().await.unwrap().is_empty());
}

async fn the_size_of_the_database_is_known(db: Db) {
    assert!(db.begin().await.unwrap().database_bytes().await.unwrap() > 50_000);
}

async fn a_dispute_is_told_once(db: Db) {
    let dispute = |id: &str| Dispute {
        id: id.into(),
        code: "0001-7Q".into(),
        entry: id.into(),
        key: EntryKey {
            belongs_to: month(11),
            employee: EmployeeId("0101".into()),
            subject: id.into(),
            rule: "missing_counterparty".into(),
        },
        claim: Claim::Retail,
        crm_id: None,
        by: EmployeeId("0101".into()),
        note: String::new(),
        opened_at: at(1),
        due: day(9),
        by_default: Ruling::Withdraw,
        source: id.into(),
    };
    let mut tx = db.begin().await.unwrap();
    assert_eq!(tx.dispute_counts().await.unwrap(), (0, 0));
    for id in ["a", "b"] {
        tx.open_dispute(&dispute(id)).await.unwrap();
    }
    assert_eq!(tx.dispute_counts().await.unwrap(), (2, 0));
    assert!(tx.dispute_told("a", at(2)).await.unwrap());
    assert!(!tx.dispute_told("a", at(3)).await.unwrap());
    let left: Vec<String> = tx.untold_disputes().await.unwrap().into_iter().map(|c| c.dispute.id).collect();
    assert_eq!(left, ["b"]);
}
