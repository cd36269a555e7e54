//! New entries joined behind the end of the ledger: ids and seals. A function of its arguments, so that a run which is only
//! shown names the same end as the run that follows. Deliberately absent: writing them (`store::ledger`).

use chrono::{DateTime, Utc};

use crate::domain::{
    derived_id,
    ledger::{LedgerEntry, NewEntry},
    ledger_chain,
};

/// The entries as they will stand behind `head` (position and seal of the last one).
pub(super) fn seal(
    key: &[u8],
    entries: &[NewEntry],
    (mut seq, head): (i64, &str),
    run: &str,
    now: DateTime<Utc>,
) -> Vec<LedgerEntry> {
    let mut prev_hash = head.to_owned();
    entries
        .iter()
        .map(|entry| {
            seq += 1;
            let id = derived_id::of_entry(entry, seq, run, &prev_hash, now);
            let hash = ledger_chain::seal(entry, seq, &id, now, run, &prev_hash, key);
            LedgerEntry {
                seq,
                id,
                posted_at: now,
                run: run.to_owned(),
                entry: entry.clone(),
                prev_hash: std::mem::replace(&mut prev_hash, hash.clone()),
                hash,
            }
        })
        .collect()
}
