//! Disputes, their events and the mails that opened them: added, never changed, nothing twice.

use sverka::{
    domain::{
        dispute::{Case, Claim, Dispute, DisputeEvent, EventKind, Ruling},
        ledger::EntryKey,
        org::EmployeeId,
        text::Text,
    },
    store::{Db, StoreError},
};

use super::{
    each_engine, raw,
    samples::{at, day, month},
};

each_engine!(
    a_dispute_reads_back_with_its_events_in_their_order,
    one_mail_contests_a_line_once_and_a_person_as_often_as_he_likes,
    of_two_answers_behind_the_same_events_one_is_refused,
    nothing_of_a_dispute_is_changed_or_taken_away,
    a_mail_is_read_once,
);

fn dispute(id: &str, minute: i64, source: &str) -> Dispute {
    Dispute {
        id: id.into(),
        code: "0001-7Q".into(),
        entry: "e1".into(),
        key: EntryKey {
            belongs_to: month(11),
            employee: EmployeeId("0101".into()),
            subject: "ФИРМА|П-01|2026".into(),
            rule: "missing_counterparty".into(),
        },
        claim: Claim::InCrm,
        crm_id: Some("company 17".into()),
        by: EmployeeId("0101".into()),
        note: "карточка есть; \"кавычки\" и 'апостроф'".into(),
        opened_at: at(minute),
        due: day(9),
        by_default: Ruling::Withdraw,
        source: source.into(),
    }
}

fn event(id: &str, of: &str, kind: EventKind, minute: i64) -> DisputeEvent {
    DisputeEvent {
        id: id.into(),
        dispute: of.into(),
        kind,
        at: at(minute),
        author: "Громова".into(),
        note: Text::new("проверено", "checked"),
        due: (kind == EventKind::Undone).then(|| day(16)),
    }
}

async fn a_dispute_reads_back_with_its_events_in_their_order(db: Db) {
    let (older, newer) = (dispute("b", 1, "cli"), Dispute { crm_id: None, ..dispute("a", 2, "cli") });
    // The clock of the second event is behind that of the first: the order of arrival counts.
    let events = [event("y", "b", EventKind::Withdraw, 9), event("x", "b", EventKind::Undone, 5)];
    let mut tx = db.begin().await.unwrap();
    assert_eq!(tx.disputes().await.unwrap(), []);
    tx.open_dispute(&newer).await.unwrap();
    tx.open_dispute(&older).await.unwrap();
    for (place, each) in events.iter().enumerate() {
        tx.add_dispute_event(each, place).await.unwrap();
    }
    tx.commit().await.unwrap();
    let want = [Case { dispute: older, events: events.to_vec() }, Case { dispute: newer, events: vec![] }];
    assert_eq!(db.begin().await.unwrap().disputes().await.unwrap(), want, "oldest first");
}

async fn one_mail_contests_a_line_once_and_a_person_as_often_as_he_likes(db: Db) {
    let hash = "ab".repeat(32);
    let mut tx = db.begin().await.unwrap();
    for each in [dispute("a", 1, "cli"), dispute("b", 2, "cli"), dispute("c", 3, &hash)] {
        tx.open_dispute(&each).await.unwrap();
    }
    let other_line = Dispute { entry: "e2".into(), ..dispute("d", 4, &hash) };
    tx.open_dispute(&other_line).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = db.begin().await.unwrap();
    let refused = tx.open_dispute(&dispute("e", 5, &hash)).await.unwrap_err();
    assert!(matches!(refused, StoreError::Duplicate(_)), "{refused:?}");
    drop(tx);
    assert_eq!(db.begin().await.unwrap().disputes().await.unwrap().len(), 4);
}

async fn of_two_answers_behind_the_same_events_one_is_refused(db: Db) {
    let mut tx = db.begin().await.unwrap();
    tx.open_dispute(&dispute("a", 1, "cli")).await.unwrap();
    tx.add_dispute_event(&event("x", "a", EventKind::Checked, 2), 0).await.unwrap();
    tx.add_dispute_event(&event("y", "a", EventKind::Uphold, 3), 1).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = db.begin().await.unwrap();
    let refused = tx.add_dispute_event(&event("z", "a", EventKind::Withdraw, 3), 1).await.unwrap_err();
    assert!(matches!(refused, StoreError::Duplicate(_)), "{refused:?}");
    drop(tx);
    let kinds: Vec<EventKind> =
        db.begin().await.unwrap().disputes().await.unwrap()[0].events.iter().map(|e| e.kind).collect();
    assert_eq!(kinds, [EventKind::Checked, EventKind::Uphold]);
}

async fn nothing_of_a_dispute_is_changed_or_taken_away(db: Db) {
    let mut tx = db.begin().await.unwrap();
    tx.open_dispute(&dispute("a", 1, "cli")).await.unwrap();
    tx.add_dispute_event(&event("x", "a", EventKind::Checked, 2), 0).await.unwrap();
    assert!(tx.add_reply_mail("h", "ответ.eml", at(3), "opened").await.unwrap());
    tx.commit().await.unwrap();
    let before = db.begin().await.unwrap().disputes().await.unwrap();
    for edit in [
        "UPDATE dispute SET by_default = 'uphold'",
        "DELETE FROM dispute_event",
        "UPDATE dispute_event SET kind = 'withdraw'",
        "DELETE FROM dispute",
        "DELETE FROM reply_mail",
        "UPDATE reply_mail SET outcome = ''",
    ] {
        assert!(raw(&db, edit).await.is_err(), "{edit}");
    }
    assert_eq!(db.begin().await.unwrap().disputes().await.unwrap(), before);
}

async fn a_mail_is_read_once(db: Db) {
    let mut tx = db.begin().await.unwrap();
    assert!(!tx.knows_reply_mail("h").await.unwrap());
    assert!(tx.add_reply_mail("h", "ответ.eml", at(1), "opened").await.unwrap());
    assert!(!tx.add_reply_mail("h", "копия.eml", at(2), "opened").await.unwrap(), "the same bytes under another name");
    assert!(tx.add_reply_mail("other", "ответ.eml", at(3), "nobody").await.unwrap());
    tx.commit().await.unwrap();
    assert!(db.begin().await.unwrap().knows_reply_mail("h").await.unwrap());
}
