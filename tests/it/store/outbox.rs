//! The outbox: nothing lost, nothing claimed twice, nothing changed.

use std::{collections::BTreeMap, time::Duration};

use sverka::{
    domain::mail::{FrozenMail, MailKind, MailState, OutboxMail},
    store::Db,
};

use super::{
    each_engine,
    samples::{at, mail},
};

each_engine!(
    a_frozen_mail_reads_back_as_it_was,
    the_first_bytes_win,
    a_claimed_mail_waits_for_its_lease,
    mails_leave_in_the_order_they_were_frozen,
    of_eight_senders_each_mail_goes_to_one,
    a_sent_mail_stays_sent,
    a_refused_mail_waits_dies_and_comes_back,
);

const LEASE: Duration = Duration::from_mins(2);

fn keys(mails: &[OutboxMail]) -> Vec<&str> {
    mails.iter().map(|m| m.mail.key.as_str()).collect()
}

async fn a_frozen_mail_reads_back_as_it_was(db: Db) {
    let kinds = MailKind::ALL;
    let mails: Vec<FrozenMail> = kinds.iter().map(|kind| FrozenMail { kind: *kind, ..mail(kind.code()) }).collect();
    let mut tx = db.begin().await.unwrap();
    assert_eq!(tx.oldest_pending().await.unwrap(), None);
    assert_eq!(tx.freeze(&mails, at(3)).await.unwrap(), kinds.len());
    assert_eq!(tx.oldest_pending().await.unwrap(), Some(at(3)));
    for each in mails {
        let found = tx.outbox_mail(&each.key).await.unwrap().unwrap();
        assert_eq!(tx.outbox_mail(&found.id).await.unwrap().as_ref(), Some(&found));
        let want = OutboxMail {
            id: found.id.clone(),
            mail: each,
            state: MailState::Pending,
            frozen_at: at(3),
            attempts: 0,
            next_try: at(3),
            last_reply: String::new(),
            sent_at: None,
        };
        assert_eq!(found, want);
    }
    assert_eq!(tx.outbox_mail("x").await.unwrap(), None);
}

async fn the_first_bytes_win(db: Db) {
    let mut tx = db.begin().await.unwrap();
    assert_eq!(tx.freeze(&[mail("a")], at(1)).await.unwrap(), 1);
    let rewritten = FrozenMail { bytes: b"other".to_vec(), ..mail("a") };
    let same_id = FrozenMail { message_id: mail("a").message_id, ..mail("b") };
    assert_eq!(tx.freeze(&[rewritten, same_id, mail("c"), mail("c")], at(2)).await.unwrap(), 1);
    assert_eq!(tx.outbox_mail("a").await.unwrap().unwrap().mail, mail("a"));
    assert_eq!(tx.outbox_mail("b").await.unwrap(), None);
    assert_eq!(tx.freeze(&[], at(3)).await.unwrap(), 0);
}

async fn a_claimed_mail_waits_for_its_lease(db: Db) {
    let mut tx = db.begin().await.unwrap();
    tx.freeze(&[mail("a")], at(1)).await.unwrap();
    assert_eq!(tx.claim_mail(at(0), LEASE, 9).await.unwrap(), [], "not before it was frozen");
    let [first] = tx.claim_mail(at(1), LEASE, 9).await.unwrap().try_into().unwrap();
    assert_eq!((first.attempts, first.mail), (1, mail("a")));
    assert_eq!(tx.claim_mail(at(2), LEASE, 9).await.unwrap(), []);
    let [again] = tx.claim_mail(at(3), LEASE, 9).await.unwrap().try_into().unwrap();
    assert_eq!(again.attempts, 2, "its sender died");
}

async fn mails_leave_in_the_order_they_were_frozen(db: Db) {
    let mut tx = db.begin().await.unwrap();
    tx.freeze(&[mail("z"), mail("y")], at(1)).await.unwrap();
    tx.freeze(&(0..30).map(|n| mail(&format!("a{n:02}"))).collect::<Vec<_>>(), at(2)).await.unwrap();
    assert_eq!(keys(&tx.claim_mail(at(5), LEASE, 3).await.unwrap()), ["y", "z", "a00"]);
    assert_eq!(tx.claim_mail(at(5), LEASE, 100).await.unwrap().len(), 29);
    assert_eq!(keys(&tx.outbox(None, 2).await.unwrap()), ["a29", "a28"], "lists begin with the newest");
}

async fn of_eight_senders_each_mail_goes_to_one(db: Db) {
    let mut tx = db.begin().await.unwrap();
    tx.freeze(&(0..60).map(|n| mail(&format!("m{n}"))).collect::<Vec<_>>(), at(1)).await.unwrap();
    tx.commit().await.unwrap();
    let mut tasks = Vec::new();
    for _ in 0..8 {
        let db = db.clone();
        tasks.push(tokio::spawn(async move {
            let mut mine = Vec::new();
            // A rival may take the very rows this one saw; the next look finds others.
            for _ in 0..40 {
                let mut tx = db.begin().await.unwrap();
                mine.extend(tx.claim_mail(at(2), LEASE, 3).await.unwrap().into_iter().map(|m| m.mail.key));
                tx.commit().await.unwrap();
            }
            mine
        }));
    }
    let mut claims: BTreeMap<String, u32> = BTreeMap::new();
    for task in tasks {
        for key in task.await.unwrap() {
            *claims.entry(key).or_default() += 1;
        }
    }
    assert_eq!(claims.len(), 60);
    assert!(claims.values().all(|n| *n == 1), "{claims:?}");
}

async fn a_sent_mail_stays_sent(db: Db) {
    let mut tx = db.begin().await.unwrap();
    tx.freeze(&[mail("a"), mail("b")], at(1)).await.unwrap();
    let id = tx.claim_mail(at(1), LEASE, 1).await.unwrap()[0].id.clone();
    assert!(tx.mark_sent(&id, at(2), "250 ok").await.unwrap());
    assert!(!tx.mark_sent(&id, at(3), "250 again").await.unwrap());
    assert!(!tx.retry_mail(&id, at(4), "late words of a slow sender").await.unwrap());
    assert!(!tx.mark_dead(&id, "x").await.unwrap());
    assert!(!tx.requeue(&id, at(5)).await.unwrap());
    let sent = tx.outbox_mail(&id).await.unwrap().unwrap();
    assert_eq!((sent.state, sent.sent_at, sent.last_reply.as_str()), (MailState::Sent, Some(at(2)), "250 ok"));
    assert_eq!(keys(&tx.outbox(Some(MailState::Sent), 9).await.unwrap()), ["a"]);
    assert_eq!(keys(&tx.outbox(Some(MailState::Pending), 9).await.unwrap()), ["b"]);
    assert_eq!(keys(&tx.claim_mail(at(999), LEASE, 9).await.unwrap()), ["b"]);
}

async fn a_refused_mail_waits_dies_and_comes_back(db: Db) {
    let mut tx = db.begin().await.unwrap();
    tx.freeze(&[mail("a")], at(1)).await.unwrap();
    let id = tx.claim_mail(at(1), LEASE, 1).await.unwrap()[0].id.clone();
    assert!(tx.retry_mail(&id, at(10), "451 later").await.unwrap());
    assert_eq!(tx.claim_mail(at(9), LEASE, 9).await.unwrap(), []);
    assert!(tx.requeue(&id, at(5)).await.unwrap());
    assert_eq!(tx.claim_mail(at(5), LEASE, 9).await.unwrap()[0].attempts, 2, "a person may shorten the wait");
    assert!(tx.retry_mail(&id, at(10), "451 later").await.unwrap());
    let [waiting] = tx.claim_mail(at(10), LEASE, 9).await.unwrap().try_into().unwrap();
    assert_eq!((waiting.attempts, waiting.last_reply.as_str()), (3, "451 later"));
    assert!(tx.mark_dead(&id, "550 no such user").await.unwrap());
    assert_eq!((tx.oldest_pending().await.unwrap(), tx.claim_mail(at(99), LEASE, 9).await.unwrap()), (None, vec![]));
    assert!(tx.requeue(&id, at(100)).await.unwrap());
    assert_eq!(tx.claim_mail(at(100), LEASE, 9).await.unwrap()[0].attempts, 1);
    assert!(!tx.requeue("x", at(100)).await.unwrap());
    for known in [tx.retry_mail("x", at(1), "").await, tx.mark_dead("x", "").await, tx.mark_sent("x", at(1), "").await]
    {
        assert!(!known.unwrap());
    }
}
