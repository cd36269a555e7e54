//! Reports about mails that came back, and decisions about addresses.

use sverka::{
    domain::{
        bounce::{AddressEvent, Bounce, BounceKind},
        mail::MailState,
    },
    store::{Db, StoreError},
};

use super::{
    each_engine,
    samples::{at, mail},
};

each_engine!(
    a_report_is_recorded_once_and_reads_back,
    the_last_decision_about_an_address_counts,
    of_two_programs_one_decides,
    only_a_sent_mail_comes_back,
    a_mail_is_found_by_its_message_id,
);

fn bounce(hash: &str, minute: i64, kind: BounceKind) -> Bounce {
    Bounce {
        hash: hash.into(),
        mail_key: "alert.1".into(),
        address: "иван@почта.рф".into(),
        kind,
        status: "5.1.1".into(),
        words: "нет такого ящика".into(),
        at: at(minute),
    }
}

fn event(suspended: bool, minute: i64) -> AddressEvent {
    AddressEvent {
        address: "a@b.ru".into(),
        suspended,
        at: at(minute),
        author: if suspended { String::new() } else { "Смирнов".into() },
        reason: "5.1.1 нет такого".into(),
    }
}

async fn a_report_is_recorded_once_and_reads_back(db: Db) {
    let (late, early) = (bounce("b", 2, BounceKind::Hard), bounce("a", 1, BounceKind::Delayed));
    let mut tx = db.begin().await.unwrap();
    assert!(!tx.knows_bounce("b").await.unwrap());
    assert!(tx.add_bounce(&late, "1.eml").await.unwrap());
    assert!(!tx.add_bounce(&bounce("b", 3, BounceKind::Soft), "2.eml").await.unwrap(), "the first reading counts");
    assert!(tx.add_bounce(&early, "3.eml").await.unwrap());
    assert!(tx.add_other_mail("c", "4.eml", at(4), "no report").await.unwrap());
    assert!(!tx.add_other_mail("c", "4.eml", at(5), "no report").await.unwrap());
    assert!(tx.knows_bounce("b").await.unwrap() && tx.knows_bounce("c").await.unwrap());
    assert_eq!(tx.bounces().await.unwrap(), [early, late], "without what was no report");
}

async fn the_last_decision_about_an_address_counts(db: Db) {
    let mut tx = db.begin().await.unwrap();
    assert!(tx.suspended_addresses().await.unwrap().is_empty());
    // All within one instant: their order is that of writing.
    for suspended in [true, false, true] {
        tx.add_address_event(&event(suspended, 1)).await.unwrap();
    }
    assert_eq!(tx.suspended_addresses().await.unwrap().into_iter().collect::<Vec<_>>(), ["a@b.ru"]);
    tx.add_address_event(&event(false, 1)).await.unwrap();
    assert!(tx.suspended_addresses().await.unwrap().is_empty());
    let events = tx.address_events().await.unwrap();
    assert_eq!(events, [event(true, 1), event(false, 1), event(true, 1), event(false, 1)]);
}

async fn of_two_programs_one_decides(db: Db) {
    let mut tasks = Vec::new();
    for _ in 0..4 {
        let db = db.clone();
        tasks.push(tokio::spawn(async move {
            let mut tx = db.begin().await.unwrap();
            if !tx.suspended_addresses().await.unwrap().is_empty() {
                return false;
            }
            match tx.add_address_event(&event(true, 1)).await {
                Ok(()) => tx.commit().await.is_ok(),
                Err(StoreError::Duplicate(_)) => false,
                Err(other) => panic!("{other}"),
            }
        }));
    }
    let mut decided = 0;
    for task in tasks {
        decided += usize::from(task.await.unwrap());
    }
    assert_eq!(decided, 1);
    assert_eq!(db.begin().await.unwrap().address_events().await.unwrap().len(), 1);
}

async fn only_a_sent_mail_comes_back(db: Db) {
    let mut tx = db.begin().await.unwrap();
    tx.freeze(&[mail("a")], at(1)).await.unwrap();
    let id = tx.outbox_mail("a").await.unwrap().unwrap().id;
    assert!(!tx.mark_bounced(&id, "550").await.unwrap(), "it has not left yet");
    tx.mark_sent(&id, at(2), "250").await.unwrap();
    assert!(tx.mark_bounced(&id, "came back: 550").await.unwrap());
    assert!(!tx.mark_bounced(&id, "again").await.unwrap());
    let row = tx.outbox_mail("a").await.unwrap().unwrap();
    assert_eq!((row.state, row.last_reply.as_str(), row.sent_at), (MailState::Dead, "came back: 550", Some(at(2))));
    assert!(tx.requeue(&id, at(3)).await.unwrap(), "a person may send it again");
}

async fn a_mail_is_found_by_its_message_id(db: Db) {
    let mut tx = db.begin().await.unwrap();
    tx.freeze(&[mail("a"), mail("b")], at(1)).await.unwrap();
    let found = tx.outbox_mail_of(&mail("b").message_id).await.unwrap().unwrap();
    assert_eq!(found.mail, mail("b"));
    assert_eq!(tx.outbox_mail_of("<other@host>").await.unwrap(), None);
}
