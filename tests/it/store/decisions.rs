//! Decisions of people.

use std::collections::BTreeSet;

use sverka::{
    domain::{
        crm::CrmKind,
        decisions::{PartySeen, Seen},
        party::PartyKey,
        verdict::{Decision, DecisionKind},
    },
    store::{Db, DecisionEvent, StoreError, Undo},
};

use super::{
    each_engine, raw,
    samples::{at, record},
};

each_engine!(
    decisions_are_kept_in_order,
    a_decision_is_taken_back_once,
    the_same_company_and_what_was_seen_are_kept,
    decisions_of_an_older_database_are_carried_over,
);

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

async fn the_same_company_and_what_was_seen_are_kept(db: Db) {
    let same = decision("a", 1, DecisionKind::Same(PartyKey("7743013901/".into())));
    let plain = decision("b", 2, DecisionKind::Exempt);
    let inns = |inn: &str| BTreeSet::from([inn.to_owned()]);
    let seen = Seen {
        party: PartySeen { code: "Ц0001".into(), inns: inns("7707083893"), ..PartySeen::default() },
        other: Some(PartySeen { inns: inns("7743013901"), ..PartySeen::default() }),
        record_inns: BTreeSet::new(),
    };
    let mut tx = db.begin().await.unwrap();
    tx.add_decision_seen(&same, &seen).await.unwrap();
    tx.add_decision(&plain).await.unwrap();
    assert_eq!(tx.decisions_in_force().await.unwrap(), [same.clone(), plain]);
    let kept = tx.decisions_seen().await.unwrap();
    assert_eq!(kept.into_iter().collect::<Vec<_>>(), [("a".to_owned(), seen)]);
    assert!(tx.undo_decision("a", "Сидоров", at(3), "разные").await.unwrap());
    assert_eq!(tx.decisions_in_force().await.unwrap().len(), 1);
    tx.commit().await.unwrap();
    // The kinds hold each other's columns to account.
    for columns in ["'same', NULL, NULL", "'exempt', NULL, '1'", "'same', '5', '1'"] {
        let sql = format!(
            "INSERT INTO decision (id, decided_ms, author, party_key, note, kind, crm_id, other_key)
             VALUES ('x', 0, 'a', '1', '', {columns})"
        );
        assert!(raw(&db, &sql).await.is_err(), "{columns}");
    }
}

async fn decisions_of_an_older_database_are_carried_over(db: Db) {
    // The table as it was before the third migration, with a decision that was taken back.
    let before = include_str!("../../../migrations/0001_initial.sql");
    let table = |name: &str| {
        let from = before.find(&format!("CREATE TABLE {name} (")).unwrap();
        let end = from + before[from..].find(");\n").unwrap() + 2;
        before[from..end].to_owned()
    };
    raw(&db, "DROP TABLE decision_undo").await.unwrap();
    raw(&db, "DROP TABLE decision").await.unwrap();
    raw(&db, &table("decision")).await.unwrap();
    raw(&db, &table("decision_undo")).await.unwrap();
    for sql in [
        "INSERT INTO decision VALUES ('a', 0, 'Петрова', 'Ц1', 'confirm', 'crm', 'company', '5', 'да')",
        "INSERT INTO decision VALUES ('b', 1, 'Петрова', 'Ц1', 'exempt', NULL, NULL, NULL, '')",
        "INSERT INTO decision_undo VALUES ('b', 2, 'Сидоров', 'ошибка')",
    ] {
        raw(&db, sql).await.unwrap();
    }
    for sql in include_str!("../../../migrations/0003_same_company.sql")
        .split(";\n")
        .filter(|s| s.contains('(') || s.contains("TABLE"))
    {
        raw(&db, sql).await.unwrap();
    }
    let mut tx = db.begin().await.unwrap();
    let history = tx.decision_history().await.unwrap();
    assert_eq!(history.len(), 2);
    assert_eq!((history[0].decision.note.as_str(), history[0].undone.is_none()), ("да", true));
    assert_eq!(history[1].undone.as_ref().map(|u| u.author.as_str()), Some("Сидоров"));
    assert!(tx.decisions_seen().await.unwrap().is_empty());
    assert!(tx.undo_decision("a", "Сидоров", at(3), "").await.unwrap());
    tx.commit().await.unwrap();
}
