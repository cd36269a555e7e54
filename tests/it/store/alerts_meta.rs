//! Memory of alerts, and single values.

use sverka::{
    domain::{org::EmployeeId, sale::SaleKey},
    store::{AlertedItem, Db},
};

use super::{each_engine, samples::at};

each_engine!(nobody_is_told_twice, a_value_by_name_is_replaced);

fn item(employee: &str, kind: &str, minute: i64) -> AlertedItem {
    AlertedItem {
        employee: EmployeeId(employee.into()),
        sale: SaleKey("О|1|2026".into()),
        kind: kind.into(),
        at: at(minute),
    }
}

async fn nobody_is_told_twice(db: Db) {
    let mut tx = db.begin().await.unwrap();
    assert_eq!(tx.add_alerted(&[item("7", "missing", 1), item("7", "late", 1)]).await.unwrap(), 2);
    assert_eq!(tx.add_alerted(&[item("7", "missing", 2), item("8", "missing", 2)]).await.unwrap(), 1);
    assert_eq!(tx.add_alerted(&[]).await.unwrap(), 0);
    let told = tx.alerted().await.unwrap();
    assert_eq!(told, [item("7", "late", 1), item("7", "missing", 1), item("8", "missing", 2)]);
}

async fn a_value_by_name_is_replaced(db: Db) {
    let mut tx = db.begin().await.unwrap();
    assert_eq!(tx.meta("epoch").await.unwrap(), None);
    tx.set_meta("epoch", "1").await.unwrap();
    tx.set_meta("epoch", "2").await.unwrap();
    assert_eq!(tx.meta("epoch").await.unwrap().as_deref(), Some("2"));
}
