//! Which versions of documents held when: what the discrepancies of closed periods are made of.

use std::collections::BTreeMap;

use sverka::{
    domain::{money::Money, sale::Sale},
    store::Db,
};

use super::{
    each_engine,
    samples::{at, day, month, sale},
};

each_engine!(
    a_document_that_changed_since_is_told_with_all_its_versions,
    what_did_not_move_since_or_is_dated_later_is_left_out,
    closes_are_told_with_their_instant,
);

async fn a_document_that_changed_since_is_told_with_all_its_versions(db: Db) {
    let corrected = Sale { amount: Money::from_kopecks(5), ..sale(1) };
    let mut tx = db.begin().await.unwrap();
    tx.insert_sales(&[sale(1), sale(2)], at(1)).await.unwrap();
    tx.supersede_sales(&[sale(1).key], at(10)).await.unwrap();
    tx.insert_sales(std::slice::from_ref(&corrected), at(10)).await.unwrap();
    tx.supersede_sales(&[sale(2).key], at(11)).await.unwrap();
    let found = tx.sale_versions_since(at(5), day(28)).await.unwrap();
    let read: Vec<_> = found.into_iter().map(|v| (v.sale, v.from, v.until)).collect();
    let want = [
        (sale(1), at(1), Some(at(10))),
        (corrected, at(10), None),
        // Gone without a successor.
        (sale(2), at(1), Some(at(11))),
    ];
    assert_eq!(read, want, "by key and time");
}

async fn what_did_not_move_since_or_is_dated_later_is_left_out(db: Db) {
    let mut tx = db.begin().await.unwrap();
    tx.insert_sales(&[sale(1)], at(1)).await.unwrap();
    tx.insert_sales(&[sale(2), sale(9)], at(6)).await.unwrap();
    let keys =
        |found: Vec<sverka::domain::report::SaleVersion>| -> Vec<_> { found.into_iter().map(|v| v.sale.key).collect() };
    // sale(2) is dated 3 November, sale(9) the 10th; an instant that is the very moment of coming is not after it.
    assert_eq!(keys(tx.sale_versions_since(at(5), day(10)).await.unwrap()), [sale(2).key]);
    assert_eq!(keys(tx.sale_versions_since(at(5), day(11)).await.unwrap()), [sale(2).key, sale(9).key]);
    assert_eq!(keys(tx.sale_versions_since(at(6), day(28)).await.unwrap()), []);
}

async fn closes_are_told_with_their_instant(db: Db) {
    let mut tx = db.begin().await.unwrap();
    assert_eq!(tx.closed_at().await.unwrap(), BTreeMap::new());
    tx.close_period(month(10), at(5), "run", at(6)).await.unwrap();
    tx.close_period(month(9), at(7), "run", at(8)).await.unwrap();
    assert_eq!(tx.closed_at().await.unwrap(), BTreeMap::from([(month(9), at(8)), (month(10), at(6))]));
}
