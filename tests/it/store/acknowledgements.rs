//! The register of acknowledgements.

use sverka::{
    domain::{acknowledgement::Acknowledgement, org::EmployeeId},
    store::{AcknowledgementRecord, Db, StoreError, Undo},
};

use super::{
    each_engine,
    samples::{at, day},
};

each_engine!(
    one_acknowledgement_stands_for_a_person_and_a_version,
    one_taken_back_makes_room_and_stays_in_the_history,
    of_two_programs_one_records,
);

/// The acknowledgement of a person, recorded on the first of November.
pub fn record(id: &str, employee: &str, version: &str, signed: u32) -> AcknowledgementRecord {
    AcknowledgementRecord {
        id: id.into(),
        acknowledgement: Acknowledgement {
            employee: EmployeeId(employee.into()),
            version: version.into(),
            on: day(signed),
            content: format!("{signed:064}"),
        },
        recorded_at: at(i64::from(signed)),
        author: "Петрова".into(),
        origin: "Лист.xlsx, лист «Лист1», строка 4".into(),
        undone: None,
    }
}

async fn one_acknowledgement_stands_for_a_person_and_a_version(db: Db) {
    let (first, other_version, other_person) =
        (record("a", "0101", "2026-1", 3), record("b", "0101", "2026-2", 2), record("c", "0102", "2026-1", 1));
    let mut tx = db.begin().await.unwrap();
    for each in [&first, &other_version, &other_person] {
        assert!(tx.add_acknowledgement(each).await.unwrap(), "{each:?}");
    }
    assert!(!tx.add_acknowledgement(&record("d", "0101", "2026-1", 9)).await.unwrap());
    tx.commit().await.unwrap();
    let mut tx = db.begin().await.unwrap();
    let standing = [&first, &other_version, &other_person].map(|r| r.acknowledgement.clone());
    assert_eq!(tx.acknowledgements_in_force().await.unwrap(), standing, "by person and version");
    assert_eq!(tx.acknowledgement_history().await.unwrap(), [other_person, other_version, first], "as recorded");
}

async fn one_taken_back_makes_room_and_stays_in_the_history(db: Db) {
    let (first, second) = (record("a", "0101", "2026-1", 3), record("b", "0101", "2026-1", 5));
    let mut tx = db.begin().await.unwrap();
    assert!(tx.add_acknowledgement(&first).await.unwrap());
    assert!(tx.undo_acknowledgement("a", "Сидоров", at(9), "не та дата").await.unwrap());
    assert!(!tx.undo_acknowledgement("a", "Другой", at(10), "ещё раз").await.unwrap());
    assert!(!tx.undo_acknowledgement("x", "Другой", at(10), "нет такой").await.unwrap());
    assert!(tx.acknowledgements_in_force().await.unwrap().is_empty());
    assert!(tx.add_acknowledgement(&second).await.unwrap());
    assert!(!tx.add_acknowledgement(&record("c", "0101", "2026-1", 6)).await.unwrap());
    let standing = std::slice::from_ref(&second.acknowledgement);
    assert_eq!(tx.acknowledgements_in_force().await.unwrap(), standing);
    let undone = Some(Undo { author: "Сидоров".into(), at: at(9), note: "не та дата".into() });
    let history = [AcknowledgementRecord { undone, ..first }, second];
    assert_eq!(tx.acknowledgement_history().await.unwrap(), history);
}

async fn of_two_programs_one_records(db: Db) {
    // SQLite has one writer: the second program waits there for the first and sees what it did.
    let add = |id: &'static str| {
        let db = db.clone();
        tokio::spawn(async move {
            let mut tx = db.begin().await?;
            let done = tx.add_acknowledgement(&record(id, "0101", "2026-1", 3)).await?;
            tx.commit().await?;
            Ok::<bool, StoreError>(done)
        })
    };
    let mut recorded = 0;
    for each in [add("a"), add("b"), add("c"), add("d")] {
        match each.await.unwrap() {
            Ok(done) => recorded += u32::from(done),
            Err(StoreError::Duplicate(_)) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(recorded, 1);
    assert_eq!(db.begin().await.unwrap().acknowledgements_in_force().await.unwrap().len(), 1);
}
