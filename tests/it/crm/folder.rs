//! Tables of one folder become one snapshot.

use chrono::{DateTime, Utc};
use proptest::prelude::*;
use sverka::ingest::crm::{CrmSource, TableFolder, assemble};

use super::{codes, table_of};

const COMPANIES: [&str; 4] = ["ID|Название компании|Реквизит: ИНН", "1|А|7707083893", "2|Б|", "3|В|"];
const DEALS: [&str; 2] = ["ID|Название сделки|Стадия сделки|Компания", "1|Поставка|В работе|А"];

fn as_of() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH
}

proptest! {
    #[test]
    fn the_hash_does_not_depend_on_the_order_of_rows_or_tables(order in Just(vec![1_usize, 2, 3]).prop_shuffle(), swap: bool) {
        let mut rows = vec![COMPANIES[0]];
        rows.extend(order.iter().map(|i| COMPANIES[*i]));
        let mut tables = vec![table_of(&rows, "auto").expect("companies"), table_of(&DEALS, "auto").expect("deals")];
        if swap {
            tables.reverse();
        }
        let (snapshot, findings) = assemble("crm", as_of(), tables);
        let plain = assemble("crm", as_of(), vec![table_of(&COMPANIES, "auto").expect("c"), table_of(&DEALS, "auto").expect("d")]);
        prop_assert!(findings.is_empty());
        prop_assert_eq!(snapshot, plain.0);
    }
}

#[test]
fn a_changed_cell_changes_the_hash() {
    let hash = |rows: &[&str]| assemble("crm", as_of(), vec![table_of(rows, "auto").expect("table")]).0.hash;
    assert_ne!(hash(&COMPANIES), hash(&[COMPANIES[0], "1|А|7707083893", "2|Б|", "3|Г|"]));
}

#[test]
fn a_folder_without_clients_or_with_a_torn_record_holds() {
    let (_, findings) = assemble("crm", as_of(), vec![table_of(&DEALS, "auto").expect("deals")]);
    assert_eq!(codes(&findings), ["crm_no_clients"]);
    assert!(findings[0].holds());
    let other = table_of(&[COMPANIES[0], "1|Другое|"], "auto").expect("table");
    let (_, findings) = assemble("crm", as_of(), vec![table_of(&COMPANIES, "auto").expect("table"), other]);
    assert_eq!(codes(&findings), ["crm_duplicate_id"]);
}

#[test]
fn a_source_answers_with_a_whole_snapshot_or_with_the_reasons() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("runtime");
    let fetch = |tables| {
        let source: Box<dyn CrmSource> = Box::new(TableFolder { source: "crm".into(), tables, insist: false });
        runtime.block_on(source.fetch(as_of()))
    };
    let fetched = fetch(vec![table_of(&COMPANIES, "auto").expect("table")]).expect("a snapshot");
    assert_eq!(fetched.snapshot.records.len(), 3);
    let refused = fetch(vec![table_of(&DEALS, "auto").expect("deals")]).expect_err("no clients");
    assert_eq!(codes(&refused), ["crm_no_clients"]);
}
