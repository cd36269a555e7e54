//! Files and their fates.

use sverka::{
    domain::inbox::{DateSpan, FileRecord, FileState, Grain, TableKind},
    store::{Db, StoreError},
};

use super::{
    each_engine, raw,
    samples::{at, day, finding},
};

each_engine!(
    a_file_reads_back_as_it_was_written,
    an_accepted_file_stays_as_it_is,
    files_are_listed_newest_first,
    a_broken_value_is_reported_with_its_place,
);

fn file(hash: &str, minute: i64, state: FileState) -> FileRecord {
    FileRecord {
        hash: hash.into(),
        name: "Продажи.xlsx".into(),
        source: "accounting".into(),
        as_of: at(minute - 5),
        received_at: at(minute),
        state,
        kind: TableKind::Sales,
        rows: 3,
        span: Some(DateSpan { from: day(1), to: day(30) }),
        organisation: "ООО «Ромашка»".into(),
        grain: Grain::Documents,
        full_of: Some(vec!["ООО «РОМАШКА»".into()]),
        findings: vec![finding("total_mismatch")],
    }
}

async fn a_file_reads_back_as_it_was_written(db: Db) {
    use TableKind::{Calls, Counterparties, CrmActivities, CrmCompanies, CrmContacts, CrmDeals, Sales, Unknown};
    let mut tx = db.begin().await.unwrap();
    assert_eq!(tx.file("aa").await.unwrap(), None);
    let kinds = [Sales, Counterparties, CrmCompanies, CrmContacts, CrmDeals, CrmActivities, Calls, Unknown];
    for (n, kind) in kinds.into_iter().enumerate() {
        let span = if n == 0 { None } else { file("", 0, FileState::Accepted).span };
        let written = FileRecord { kind, span, ..file(&n.to_string(), 1, FileState::Quarantined) };
        assert!(tx.add_file(&written).await.unwrap());
        assert_eq!(tx.file(&n.to_string()).await.unwrap(), Some(written));
    }
}

async fn an_accepted_file_stays_as_it_is(db: Db) {
    let mut tx = db.begin().await.unwrap();
    assert!(tx.add_file(&file("aa", 1, FileState::Quarantined)).await.unwrap());
    assert_eq!(tx.quarantined().await.unwrap().len(), 1);
    let again = FileRecord { rows: 9, findings: vec![], ..file("aa", 2, FileState::Accepted) };
    assert!(tx.add_file(&again).await.unwrap());
    let now = tx.file("aa").await.unwrap().unwrap();
    assert_eq!(now, FileRecord { received_at: at(1), ..again }, "recorded anew, but it arrived when it arrived");
    assert!(!tx.add_file(&file("aa", 3, FileState::Dismissed)).await.unwrap());
    assert_eq!(tx.file("aa").await.unwrap().unwrap(), now);
    assert_eq!(tx.quarantined().await.unwrap(), []);
}

async fn files_are_listed_newest_first(db: Db) {
    let mut tx = db.begin().await.unwrap();
    for (hash, minute) in [("b", 2), ("a", 1), ("c", 3)] {
        tx.add_file(&file(hash, minute, FileState::Quarantined)).await.unwrap();
    }
    tx.add_file(&FileRecord { source: "bitrix".into(), ..file("d", 4, FileState::Quarantined) }).await.unwrap();
    let hashes = |files: Vec<FileRecord>| files.into_iter().map(|f| f.hash).collect::<String>();
    assert_eq!(hashes(tx.files(None, 9).await.unwrap()), "dcba");
    assert_eq!(hashes(tx.files(Some("accounting"), 2).await.unwrap()), "cb");
    assert_eq!(hashes(tx.quarantined().await.unwrap()), "abcd");
    assert!(tx.set_file_state("b", FileState::Dismissed).await.unwrap());
    assert!(!tx.set_file_state("x", FileState::Dismissed).await.unwrap());
    assert_eq!(hashes(tx.quarantined().await.unwrap()), "acd");
    assert_eq!(tx.file("b").await.unwrap().unwrap().state, FileState::Dismissed);
}

async fn a_broken_value_is_reported_with_its_place(db: Db) {
    let mut tx = db.begin().await.unwrap();
    tx.add_file(&file("aa", 1, FileState::Accepted)).await.unwrap();
    tx.commit().await.unwrap();
    raw(&db, "UPDATE file SET findings = 'nonsense'").await.unwrap();
    let error = db.begin().await.unwrap().file("aa").await.unwrap_err();
    let StoreError::Corrupt { table, column, id } = error else { panic!("{error:?}") };
    assert_eq!((table, column, id.as_str()), ("file", "findings", "aa"));
}
