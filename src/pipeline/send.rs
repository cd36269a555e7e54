//! Frozen mails leave: claim, send the bytes as they are, mark. What is for a suspended address goes to the deputy. A crash between send and mark repeats an identical copy;
//! no order gives less. Deliberately absent: rendering and any change of a mail.

use std::{collections::BTreeSet, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};

use super::{App, readdress};
use crate::{
    deliver::{self, Delivery},
    domain::{bounce::address_key, mail::OutboxMail},
    error::Result,
};

/// A claimed mail is ours for this long; longer than the slowest answer a server may give.
const LEASE: Duration = Duration::from_mins(15);
/// After so many mails in a row that the server could not take, the pass ends.
const FAILURES_IN_A_ROW: usize = 3;
/// Mails claimed at a time: one, so that the lease has to outlast one answer of the server and not twenty.
const BATCH: usize = 1;

/// What became of the mails of one pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// Accepted by the server.
    pub sent: usize,
    /// To be tried again.
    pub later: usize,
    /// Given up.
    pub dead: usize,
}

/// Sends what is due. Stops early when the server refuses our own login (that is our configuration, not the mail's fault)
/// and when it fails several mails in a row: a server that hangs must not keep the schedule waiting mail by mail.
pub async fn pending(app: &App) -> Result<Sent> {
    let mut total = Sent::default();
    let mut failures = 0;
    loop {
        let now = app.clock.now();
        let mut tx = app.db.begin().await?;
        let mails = tx.claim_mail(now, LEASE, BATCH).await?;
        let suspended = if mails.is_empty() { BTreeSet::new() } else { tx.suspended_addresses().await? };
        tx.commit().await?;
        if mails.is_empty() {
            return Ok(total);
        }
        for mail in mails {
            if suspended.contains(&address_key(&mail.mail.recipient)) && kept_back(app, &mail, &suspended).await? {
                total.dead += 1;
                continue;
            }
            let delivery = app.mailer.send(&mail.mail).await;
            failures = if matches!(delivery, Delivery::Retry(_)) { failures + 1 } else { 0 };
            let stop = matches!(delivery, Delivery::OurConfig(_)) || failures == FAILURES_IN_A_ROW;
            note(app, &mail, delivery, &mut total).await?;
            if stop {
                return Ok(total);
            }
        }
    }
}

/// A mail to a suspended address goes to the deputy instead; without one it is kept and the operator is told. `false`: it is
/// the operator's own and nobody reads it in his place, so it is sent all the same.
async fn kept_back(app: &App, mail: &OutboxMail, suspended: &BTreeSet<String>) -> Result<bool> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let copy = readdress::instead(app, &mut tx, mail, "the address is suspended", suspended, now).await?;
    if copy.is_none() && readdress::is_operators(app, &mail.mail.recipient) {
        return Ok(false);
    }
    let reply = if let Some(key) = copy {
        format!("the address is suspended; sent to the deputy as {key}")
    } else {
        let reply = "the address is suspended: see sverka bounces list".to_owned();
        readdress::tell_operator(app, &mut tx, mail, &reply, now).await?;
        reply
    };
    tx.mark_dead(&mail.id, &reply).await?;
    tx.commit().await?;
    Ok(true)
}

async fn note(app: &App, mail: &OutboxMail, delivery: Delivery, total: &mut Sent) -> Result<()> {
    let now = app.clock.now();
    let too_old = now - mail.frozen_at > TimeDelta::hours(i64::from(app.config.mail.give_up_hours));
    let mut tx = app.db.begin().await?;
    match delivery {
        Delivery::Accepted(reply) => {
            tx.mark_sent(&mail.id, now, &reply).await?;
            total.sent += 1;
            tracing::info!(outbox.key = %mail.mail.key, "mail {} accepted", mail.mail.key);
        }
        Delivery::Dead(reply) => {
            give_up(app, &mut tx, mail, &reply, now).await?;
            total.dead += 1;
        }
        Delivery::Retry(reply) if too_old => {
            give_up(app, &mut tx, mail, &reply, now).await?;
            total.dead += 1;
        }
        // A wrong password of ours is never the mail's fault: it waits, however long.
        Delivery::Retry(reply) | Delivery::OurConfig(reply) => {
            // The store counted this try when the mail was claimed.
            let wait = deliver::backoff(mail.attempts);
            tx.retry_mail(&mail.id, now + wait, &reply).await?;
            total.later += 1;
            tracing::warn!(outbox.key = %mail.mail.key, "mail {} will be tried again", mail.mail.key);
        }
    }
    tx.commit().await?;
    Ok(())
}

async fn give_up(
    app: &App,
    tx: &mut crate::store::Tx,
    mail: &OutboxMail,
    reply: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    tx.mark_dead(&mail.id, reply).await?;
    tracing::error!(outbox.key = %mail.mail.key, "mail {} given up", mail.mail.key);
    readdress::tell_operator(app, tx, mail, reply, now).await
}
