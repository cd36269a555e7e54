//! Seals entries and appends them, as a run does, with a seal of the test's choice.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use sverka::{
    domain::ledger::{LedgerEntry, NewEntry},
    store::{Result, Tx, new_id},
};

/// Place of an entry in the chain, given to the one who seals it.
#[derive(Clone, Copy, Debug)]
pub struct Link<'a> {
    /// Position, from 1.
    pub seq: i64,
    /// Id of the entry.
    pub id: &'a str,
    /// When posted, whole milliseconds.
    pub posted_at: DateTime<Utc>,
    /// Run that posts it.
    pub run: &'a str,
    /// Hash of the entry before.
    pub prev_hash: &'a str,
}

/// Posts behind the head that the transaction sees, claiming to have been computed on `expected`.
pub async fn post(
    tx: &mut Tx,
    entries: &[NewEntry],
    run: &str,
    now: DateTime<Utc>,
    expected: i64,
    seal: impl Fn(&Link<'_>, &NewEntry) -> String,
) -> Result<Vec<LedgerEntry>> {
    let (_, mut prev_hash) = tx.ledger_head().await?;
    let posted_at = now.duration_trunc(TimeDelta::milliseconds(1)).unwrap_or(now);
    let mut posted = Vec::new();
    for (seq, entry) in (expected + 1..).zip(entries) {
        let id = new_id(now);
        let hash = seal(&Link { seq, id: &id, posted_at, run, prev_hash: &prev_hash }, entry);
        let run = run.to_owned();
        posted.push(LedgerEntry { seq, id, posted_at, run, entry: entry.clone(), prev_hash, hash: hash.clone() });
        prev_hash = hash;
    }
    tx.append(&posted, expected).await?;
    Ok(posted)
}
