//! What statements handed over, what finance answered, closes that one person prepared.

use std::collections::{BTreeMap, BTreeSet};

use sverka::{
    domain::{
        answer::{Answer, FinanceAnswer},
        money::Money,
        org::EmployeeId,
    },
    store::{Db, PreparedClose, StatementRecord, StoreError},
};

use super::{
    each_engine, raw,
    samples::{at, month},
};

each_engine!(
    an_entry_is_handed_over_once,
    ten_thousand_entries_are_handed_over_at_once,
    answers_are_kept_in_their_order,
    an_answer_needs_its_statement,
    the_last_preparation_of_a_close_counts,
    nothing_handed_over_or_answered_is_changed,
);

fn ids(all: &[&str]) -> BTreeSet<String> {
    all.iter().map(|id| (*id).to_owned()).collect()
}

fn statement(number: &str) -> StatementRecord {
    StatementRecord {
        number: number.into(),
        pay_period: month(11),
        run: "run".into(),
        total: Money::from_kopecks(-600_00),
        ledger_seq: 2,
        ledger_hash: "h".into(),
        issued_at: at(1),
    }
}

fn answer(id: &str, minute: i64, answer: Answer, kopecks: i64) -> FinanceAnswer {
    FinanceAnswer {
        id: id.into(),
        number: "2026-11/1".into(),
        employee: EmployeeId("0101".into()),
        answer,
        amount: Money::from_kopecks(kopecks),
        note: "оклад не позволяет".into(),
        author: "Рябова".into(),
        at: at(minute),
        source: "cli".into(),
    }
}

async fn an_entry_is_handed_over_once(db: Db) {
    let mut tx = db.begin().await.unwrap();
    assert_eq!(tx.handed_over().await.unwrap(), BTreeMap::new());
    tx.hand_over("2026-11/1", &ids(&["e1", "e2"])).await.unwrap();
    tx.hand_over("2026-11/2", &ids(&[])).await.unwrap();
    tx.hand_over("2026-11/2", &ids(&["e3"])).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = db.begin().await.unwrap();
    let refused = tx.hand_over("2026-11/3", &ids(&["e2", "e4"])).await.unwrap_err();
    assert!(matches!(refused, StoreError::Duplicate(_)), "{refused:?}");
    drop(tx);
    let of = |id: &str, number: &str| (id.to_owned(), number.to_owned());
    let want = BTreeMap::from([of("e1", "2026-11/1"), of("e2", "2026-11/1"), of("e3", "2026-11/2")]);
    assert_eq!(db.begin().await.unwrap().handed_over().await.unwrap(), want, "nothing of the refused number stays");
}

async fn ten_thousand_entries_are_handed_over_at_once(db: Db) {
    let all: BTreeSet<String> = (0..10_000).map(|n| format!("e{n:05}")).collect();
    let mut tx = db.begin().await.unwrap();
    tx.hand_over("2026-11/1", &all).await.unwrap();
    tx.commit().await.unwrap();
    let handed = db.begin().await.unwrap().handed_over().await.unwrap();
    assert!(handed.keys().eq(all.iter()) && handed.values().all(|number| number == "2026-11/1"));
}

async fn answers_are_kept_in_their_order(db: Db) {
    let (first, then) = (answer("b", 1, Answer::Refused, 0), answer("a", 2, Answer::Changed, i64::MIN));
    let mut tx = db.begin().await.unwrap();
    tx.add_statement(&statement("2026-11/1")).await.unwrap();
    tx.add_answers(&[then.clone(), first.clone()]).await.unwrap();
    tx.add_answers(&[]).await.unwrap();
    assert_eq!(tx.answers().await.unwrap(), [first, then], "oldest first");
}

async fn an_answer_needs_its_statement(db: Db) {
    let mut tx = db.begin().await.unwrap();
    assert!(tx.add_answers(&[answer("a", 1, Answer::Applied, -1)]).await.is_err());
}

async fn the_last_preparation_of_a_close_counts(db: Db) {
    let prepared = |id: &str, minute: i64, hash: &str| PreparedClose {
        id: id.into(),
        period: month(11),
        author: "Рябова".into(),
        at: at(minute),
        input_hash: hash.into(),
    };
    let mut tx = db.begin().await.unwrap();
    assert_eq!(tx.prepared_close(month(11)).await.unwrap(), None);
    tx.prepare_close(&prepared("b", 2, "two")).await.unwrap();
    tx.prepare_close(&prepared("a", 1, "one")).await.unwrap();
    assert_eq!(tx.prepared_close(month(11)).await.unwrap(), Some(prepared("b", 2, "two")));
    tx.prepare_close(&prepared("c", 2, "three")).await.unwrap();
    assert_eq!(
        tx.prepared_close(month(11)).await.unwrap(),
        Some(prepared("c", 2, "three")),
        "of one moment the later id"
    );
    assert_eq!(tx.prepared_close(month(10)).await.unwrap(), None);
}

async fn nothing_handed_over_or_answered_is_changed(db: Db) {
    let mut tx = db.begin().await.unwrap();
    tx.add_statement(&statement("2026-11/1")).await.unwrap();
    tx.hand_over("2026-11/1", &ids(&["e1"])).await.unwrap();
    tx.add_answers(&[answer("a", 1, Answer::Applied, -1)]).await.unwrap();
    let close =
        PreparedClose {
            id: "p".into(), period: month(11), author: "Рябова".into(), at: at(1), input_hash: "h".into()
        };
    tx.prepare_close(&close).await.unwrap();
    tx.commit().await.unwrap();
    for edit in [
        "UPDATE statement_line SET number = '2026-11/9'",
        "DELETE FROM statement_line",
        "UPDATE finance_answer SET amount = 0",
        "DELETE FROM finance_answer",
        "UPDATE close_prepared SET author = 'Петрова'",
        "DELETE FROM close_prepared",
    ] {
        assert!(raw(&db, edit).await.is_err(), "{edit}");
    }
}
