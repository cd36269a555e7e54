//! When a sale was last told, and what a file told anew.

use sverka::{
    domain::inbox::{DateSpan, FileRecord, FileState, Grain, TableKind},
    store::{Db, LiveSale},
};

use super::{
    each_engine, raw,
    samples::{at, day, finding, sale},
    sqlite,
};

each_engine!(
    a_sale_is_told_later_and_never_earlier,
    live_sales_are_found_by_their_days,
    a_file_told_anew_keeps_when_it_arrived,
);

fn brief(number: u32, told: i64) -> LiveSale {
    let sale = sale(number);
    LiveSale { key: sale.key, date: sale.date, file_hash: sale.file_hash, told_at: at(told) }
}

async fn a_sale_is_told_later_and_never_earlier(db: Db) {
    let mut tx = db.begin().await.unwrap();
    tx.insert_sales_told(&[sale(1), sale(2)], at(5), at(9)).await.unwrap();
    let keys = [sale(1).key, sale(2).key, sale(3).key];
    assert_eq!(tx.live_sales_by_keys(&keys).await.unwrap(), [brief(1, 5), brief(2, 5)]);
    assert_eq!(tx.tell_sales(&keys[..1], at(7)).await.unwrap(), 1);
    assert_eq!(tx.tell_sales(&keys, at(6)).await.unwrap(), 1, "time does not run back");
    assert_eq!(tx.live_sales_by_keys(&keys).await.unwrap(), [brief(1, 7), brief(2, 6)]);
    tx.supersede_sales(&keys[..1], at(8)).await.unwrap();
    assert_eq!(tx.tell_sales(&keys[..1], at(9)).await.unwrap(), 0, "what ended is told no more");
    assert_eq!(tx.live_sales_by_keys(&keys).await.unwrap(), [brief(2, 6)]);
}

async fn live_sales_are_found_by_their_days(db: Db) {
    let mut tx = db.begin().await.unwrap();
    tx.insert_sales(&[sale(1), sale(2), sale(3), sale(4)], at(1)).await.unwrap();
    tx.supersede_sales(&[sale(3).key], at(2)).await.unwrap();
    let found = tx.live_sales_within(sale(2).date, sale(3).date).await.unwrap();
    assert_eq!(found, [brief(2, 1)], "both ends count, what ended does not");
}

async fn a_file_told_anew_keeps_when_it_arrived(db: Db) {
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
        grain: Grain::Turnovers,
        full_of: None,
        findings: Vec::new(),
    };
    let mut tx = db.begin().await.unwrap();
    tx.add_file(&record).await.unwrap();
    let anew = FileRecord {
        as_of: at(5),
        received_at: at(6),
        span: Some(DateSpan { from: day(1), to: day(30) }),
        full_of: Some(vec!["ОРГ".into(), String::new()]),
        findings: vec![finding("documents_changed")],
        ..record.clone()
    };
    assert!(tx.retell_file(&anew).await.unwrap());
    let kept = FileRecord { received_at: at(2), ..anew.clone() };
    assert_eq!(tx.file("f1").await.unwrap(), Some(kept.clone()));
    assert!(!tx.retell_file(&record).await.unwrap(), "time does not run back");
    assert_eq!(tx.file("f1").await.unwrap(), Some(kept));
}

/// What was stored before files said what they list in full: a file that covers the day counts as telling it again.
#[tokio::test]
async fn an_older_database_learns_when_its_sales_were_last_told() {
    let fresh = sqlite().await;

    for undo in [
        "DROP INDEX sale_sold",
        "ALTER TABLE sale DROP COLUMN told_ms",
        "ALTER TABLE file DROP COLUMN grain",
        "ALTER TABLE file DROP COLUMN full_of",
        "DELETE FROM _sqlx_migrations WHERE version = 2",
    ] {
        raw(&fresh, undo).await.unwrap_or_else(|e| panic!("{undo}: {e}"));
    }

    for (hash, as_of, from, to) in [("first", 1, 1, 15), ("second", 2, 10, 30), ("other", 3, 20, 30)] {
        let sql = format!(
            "INSERT INTO file (hash, name, source, as_of_ms, received_ms, state, kind, row_count, span_from, span_to, \
             organisation, findings) VALUES ('{hash}', 'a', 'accounting', {as_of}, 1, 'accepted', 'sales', 1, \
             '2026-11-{from:02}', '2026-11-{to:02}', '', '[]')"
        );
        raw(&fresh, &sql).await.unwrap();
    }
    for (key, day, file) in [("a", 5, "first"), ("b", 12, "first"), ("c", 12, "gone")] {
        let sql = format!(
            "INSERT INTO sale (id, sale_key, organisation, number, sold_on, party_code, party_name, party_inn, party_kpp, \
             manager, amount, currency, file_hash, source_file, source_sheet, source_row, source_column, inserted_ms) \
             VALUES ('{key}', '{key}', '', '{key}', '2026-11-{day:02}', '', '', '', '', '', 1, 'RUB', '{file}', '', '', 0, \
             '', 1)"
        );
        raw(&fresh, &sql).await.unwrap();
    }
    fresh.migrate().await.unwrap();
    let mut tx = fresh.begin().await.unwrap();
    let told: Vec<(String, i64)> = tx
        .live_sales_within(day(1), day(30))
        .await
        .unwrap()
        .into_iter()
        .map(|s| (s.key.0, s.told_at.timestamp_millis()))
        .collect();
    assert_eq!(told, [("a".into(), 1), ("b".into(), 2), ("c".into(), 2)]);
    assert_eq!(tx.file("first").await.unwrap().map(|f| (f.grain, f.full_of)), Some((Grain::Documents, None)));
}
