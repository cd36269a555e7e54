//! Decisions of people.

use sverka::{
    domain::{
        crm::CrmKind,
        party::PartyKey,
        verdict::{Decision, DecisionKind},
    },
    store::{Db, DecisionEvent, StoreError, Undo},
};

use super::{
    each_engine,
    samples::{at, record},
};

each_engine!(decisions_are_kept_in_order, a_decision_is_taken_back_once);

fn decision(id: &str, minute: i64, kind: DecisionKind) -> Decision {
    Decision {
        id: id.into(),
        at: at(minute),
        author: "Петрова".into(),
        party: PartyKey("Ц0001".into()),
        kind,
        note: "позвонила".into(),
    }
}

async fn decisions_are_kept_in_order(db: Db) {
    let contact = record(CrmKind::Contact, "5", None).id;
    let all = [
        decision("b", 1, DecisionKind::Confirm(contact.clone())),
        decision("a", 2, DecisionKind::Reject(contact)),
        decision("c", 2, DecisionKind::Exempt),
    ];
    let mut tx = db.begin().await.unwrap();
    for each in all.iter().rev() {
        tx.add_decision(each).await.unwrap();
    }
    assert_eq!(tx.decisions_in_force().await.unwrap(), all);
    let refused = tx.add_decision(&all[0]).await.unwrap_err();
    assert!(matches!(refused, StoreError::Duplicate(_)), "{refused:?}");
}

async fn a_decision_is_taken_back_once(db: Db) {
    let (first, second) = (decision("a", 1, DecisionKind::Exempt), decision("b", 2, DecisionKind::Exempt));
    let mut tx = db.begin().await.unwrap();
    tx.add_decision(&first).await.unwrap();
    tx.add_decision(&second).await.unwrap();
    assert!(tx.undo_decision("a", "Сидоров", at(3), "ошибка").await.unwrap());
    assert!(!tx.undo_decision("a", "Другой", at(4), "ещё раз").await.unwrap());
    assert!(!tx.undo_decision("x", "Другой", at(4), "нет такого").await.unwrap());
    assert_eq!(tx.decisions_in_force().await.unwrap(), std::slice::from_ref(&second));
    let undone = Some(Undo { author: "Сидоров".into(), at: at(3), note: "ошибка".into() });
    let history = [DecisionEvent { decision: first, undone }, DecisionEvent { decision: second, undone: None }];
    assert_eq!(tx.decision_history().await.unwrap(), history);
}
