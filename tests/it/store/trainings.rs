//! Trainings that were given.

use sverka::{
    domain::{org::EmployeeId, rule_facts::Training},
    store::Db,
};

use super::{
    each_engine,
    samples::{at, day},
};

each_engine!(a_training_is_recorded_once_and_taken_back_once);

fn training(id: &str, topic: &str, employee: &str, on: u32) -> Training {
    Training { id: id.into(), topic: topic.into(), employee: EmployeeId(employee.into()), on: day(on) }
}

async fn a_training_is_recorded_once_and_taken_back_once(db: Db) {
    let all = [training("c", "phone", "0102", 3), training("a", "inn", "0101", 4), training("b", "phone", "0101", 4)];
    let mut tx = db.begin().await.unwrap();
    for each in [&all[2], &all[0], &all[1]] {
        assert!(tx.add_training(each, "Громова", at(5)).await.unwrap(), "{each:?}");
    }
    assert!(!tx.add_training(&training("d", "phone", "0101", 4), "Другой", at(6)).await.unwrap());
    tx.commit().await.unwrap();

    let mut tx = db.begin().await.unwrap();
    assert_eq!(tx.trainings().await.unwrap(), all, "by day, topic and person");
    assert!(tx.undo_training("b", "Громова", at(7), "не тот день").await.unwrap());
    assert!(!tx.undo_training("b", "Громова", at(8), "ещё раз").await.unwrap());
    assert!(!tx.undo_training("x", "Громова", at(8), "нет такой").await.unwrap());
    assert_eq!(tx.trainings().await.unwrap(), all[..2]);
    assert!(tx.add_training(&training("d", "phone", "0101", 4), "Громова", at(9)).await.unwrap());
    assert_eq!(tx.trainings().await.unwrap().len(), 3);
    tx.commit().await.unwrap();
}
