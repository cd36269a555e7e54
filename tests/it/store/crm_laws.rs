//! When a record is held to have been entered: set once, moved by nothing.

use chrono::{DateTime, Utc};
use sverka::{
    domain::crm::{CrmKind, CrmRecord},
    store::Db,
};

use super::{
    crm::accept,
    each_engine,
    samples::{at, company, record, snapshot},
};

each_engine!(
    entered_at_never_moves,
    a_back_dated_record_counts_from_its_first_export,
    a_record_without_creation_time_counts_from_its_first_export,
    a_creation_time_in_the_future_is_cut,
    a_table_exported_for_the_first_time_accuses_nobody,
    many_back_dated_records_are_summed_up,
    snapshots_taken_at_once_go_one_after_the_other,
);

async fn entered(db: &Db, id: &str) -> DateTime<Utc> {
    let known = db.begin().await.unwrap().records_as_of(at(100_000)).await.unwrap();
    known.into_iter().find(|k| k.record.id.id == id).unwrap().entered_at
}

async fn entered_at_never_moves(db: Db) {
    accept(&db, &snapshot(at(10), vec![company("1", Some(at(5)))])).await;
    for (minute, created) in [(20, Some(at(1))), (30, Some(at(29))), (40, None), (50, Some(at(5)))] {
        accept(&db, &snapshot(at(minute), vec![company("1", created)])).await;
        assert_eq!(entered(&db, "1").await, at(5), "minute {minute}");
    }
    accept(&db, &snapshot(at(60), vec![company("2", Some(at(55)))])).await;
    accept(&db, &snapshot(at(70), vec![company("1", Some(at(65))), company("2", Some(at(55)))])).await;
    assert_eq!(entered(&db, "1").await, at(5), "gone and back again");
}

async fn a_back_dated_record_counts_from_its_first_export(db: Db) {
    accept(&db, &snapshot(at(10), vec![company("1", None)])).await;
    let honest = company("2", Some(at(15)));
    let dated = company("3", Some(at(9)));
    let report = accept(&db, &snapshot(at(20), vec![company("1", None), honest, dated])).await;
    assert_eq!((entered(&db, "2").await, entered(&db, "3").await), (at(15), at(20)));
    let [finding] = report.findings.try_into().unwrap();
    assert_eq!(finding.code, "back_dated");
    assert_eq!(
        finding.message.ru,
        "запись CRM bitrix:company:3 «ООО «3»» создана задним числом: в прежней выгрузке её не было; срок считается по первой выгрузке, где она есть"
    );
}

async fn a_record_without_creation_time_counts_from_its_first_export(db: Db) {
    accept(&db, &snapshot(at(10), vec![company("1", None)])).await;
    assert_eq!(entered(&db, "1").await, DateTime::UNIX_EPOCH, "before tracking began");
    let report = accept(&db, &snapshot(at(20), vec![company("1", None), company("2", None)])).await;
    assert_eq!(entered(&db, "2").await, at(10), "some time after the export that lacked it");
    assert_eq!(report.findings, []);
}

async fn a_creation_time_in_the_future_is_cut(db: Db) {
    accept(&db, &snapshot(at(10), vec![company("1", Some(at(11)))])).await;
    assert_eq!(entered(&db, "1").await, at(10));
}

async fn a_table_exported_for_the_first_time_accuses_nobody(db: Db) {
    let contacts = |created| vec![record(CrmKind::Contact, "7", created), record(CrmKind::Contact, "8", None)];
    accept(&db, &snapshot(at(10), vec![company("1", None)])).await;
    let report = accept(&db, &snapshot(at(20), [vec![company("1", None)], contacts(Some(at(2)))].concat())).await;
    assert_eq!(report.findings, [], "the export before held companies only");
    assert_eq!((entered(&db, "7").await, entered(&db, "8").await), (at(2), DateTime::UNIX_EPOCH));
}

async fn many_back_dated_records_are_summed_up(db: Db) {
    accept(&db, &snapshot(at(10), vec![company("1", None)])).await;
    let records: Vec<CrmRecord> = (1..=100).map(|n| company(&n.to_string(), Some(at(1)))).collect();
    let report = accept(&db, &snapshot(at(20), records)).await;
    assert_eq!(report.findings.len(), 21);
    assert_eq!(report.findings[20].message.en, "and 79 more such CRM records");
}

async fn snapshots_taken_at_once_go_one_after_the_other(db: Db) {
    let mut tasks = Vec::new();
    for n in 0..8 {
        let db = db.clone();
        tasks.push(tokio::spawn(
            async move { accept(&db, &snapshot(at(10), vec![company(&n.to_string(), None)])).await },
        ));
    }
    let mut gone = 0;
    for task in tasks {
        let report = task.await.unwrap();
        assert!(report.accepted);
        gone += report.gone;
    }
    let known = db.begin().await.unwrap().records_as_of(at(11)).await.unwrap();
    assert_eq!((known.len(), known.iter().filter(|k| k.gone).count(), gone), (8, 7, 7));
}
