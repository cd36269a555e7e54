//! Ids of runs and ledger entries as a function of what they name, so that a run which is only shown and the run that
//! follows at the same instant on the same state make the same bytes, the end of the ledger among them. Deliberately
//! absent: drawing anything at random; ids of what people do (`store::new_id`), which no mail prints.
//!
//! A UUID of version 8: 48 bits of milliseconds, 12 bits that count what finished in the same millisecond, then 62 bits of a
//! SHA-256 over the parts. As text they are in the order of their instants, like the UUIDv7 of older rows.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::{ledger::NewEntry, run::Job};

/// Name of the layout below, part of the hash.
const FORMAT: &str = "sverka-id-1";

/// The id of a run.
///
/// `place` counts the runs that finished in the same millisecond before it; `head` is the end of the ledger that it was
/// computed on.
pub fn of_run(
    job: Job,
    as_of: DateTime<Utc>,
    input_hash: &str,
    head: (i64, &str),
    now: DateTime<Utc>,
    place: u16,
) -> String {
    let (as_of, seq) = (as_of.timestamp_millis().to_string(), head.0.to_string());
    derived(now, place, &["run", job.code(), &as_of, input_hash, &seq, head.1])
}

/// The id of an entry: from its key, its place in the chain and the seal before it. No two entries of one chain share it.
pub fn of_entry(entry: &NewEntry, seq: i64, run: &str, prev_hash: &str, posted_at: DateTime<Utc>) -> String {
    let key = &entry.key;
    let (seq, belongs_to) = (seq.to_string(), key.belongs_to.to_string());
    let parts = ["entry", &seq, prev_hash, run, &belongs_to, &key.employee.0, &key.subject, &key.rule];
    derived(posted_at, 0, &parts)
}

/// The id of handing over what has come for a closed period since: no run of the schedule, but recorded like one.
pub fn of_number(number: &str, head: (i64, &str), now: DateTime<Utc>) -> String {
    derived(now, 0, &["number", number, &head.0.to_string(), head.1])
}

fn derived(at: DateTime<Utc>, place: u16, parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in [FORMAT].iter().chain(parts) {
        // Length first: no text can pretend to be two.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let hash = hash.finalize();
    let stamp = at.timestamp_millis().to_be_bytes();
    // More than fit in twelve bits have no order among themselves, and still an id of their own.
    let counted = place.min(0x0fff).to_be_bytes();
    let head = stamp.iter().skip(2).chain(&counted);
    let tail = hash.iter().take(8);
    let mut bytes = [0_u8; 16];
    for (to, from) in bytes.iter_mut().zip(head.chain(tail)) {
        *to = *from;
    }
    uuid::Builder::from_bytes(bytes)
        .with_version(uuid::Version::Custom)
        .with_variant(uuid::Variant::RFC4122)
        .into_uuid()
        .to_string()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn at(ms: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(ms).unwrap_or_default()
    }

    #[test]
    fn ids_follow_the_instants_and_the_places() {
        let of = |ms, place| of_run(Job::Audit, at(ms), "i", (3, "h"), at(ms), place);
        let ids =
            [of(1_795_183_200_000, 0), of(1_795_183_200_000, 1), of(1_795_183_200_000, 300), of(1_795_183_200_001, 0)];
        let mut sorted = ids.clone();
        sorted.sort();
        assert_eq!(sorted, ids);
        assert!(ids.iter().all(|id| id.len() == 36 && id.as_bytes()[14] == b'8'), "{ids:?}");
        assert_eq!(of(1, 0), of(1, 0), "nothing at random");
    }

    #[test]
    fn every_part_tells_two_ids_apart() {
        let first = of_run(Job::Audit, at(5), "i", (3, "h"), at(5), 0);
        let others = [
            of_run(Job::Alerts, at(5), "i", (3, "h"), at(5), 0),
            of_run(Job::Audit, at(4), "i", (3, "h"), at(5), 0),
            of_run(Job::Audit, at(5), "j", (3, "h"), at(5), 0),
            of_run(Job::Audit, at(5), "i", (4, "h"), at(5), 0),
            of_run(Job::Audit, at(5), "i", (3, "g"), at(5), 0),
            of_run(Job::Audit, at(5), "i3", (0, "h"), at(5), 0),
            of_run(Job::Audit, at(5), "i", (3, "h"), at(5), 1),
            of_number("2026-11/1", (3, "h"), at(5)),
        ];
        let all: BTreeSet<&String> = others.iter().chain([&first]).collect();
        assert_eq!(all.len(), others.len() + 1);
    }
}
