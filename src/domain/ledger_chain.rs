//! The chain over ledger entries: each is sealed with an HMAC-SHA-256 over its canonical text and the seal before it, so
//! that a changed, inserted, removed or reordered row shows, and so does a database restored from a backup (its head is
//! not the one that was told outside). Deliberately absent: where the key lies, storage, amounts (`adjust`).
//!
//! Canonical text: the fields in the order of `canonical`, each written as `length:text;` with the length in bytes of
//! the UTF-8 text; lists as their count and then their items. Amounts are kopecks, instants whole milliseconds since
//! the epoch (a store may drop finer digits). The first field names the format; a changed layout gets another name.

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::{
    finding::{Finding, Severity},
    ledger::{EntryKey, Evidence, LedgerEntry, NewEntry},
    text::Text,
};

/// Name of the layout below.
const FORMAT: &str = "sverka-ledger-1";

/// `prev_hash` of the first entry.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The seal of an entry: HMAC-SHA-256 (64 hex digits) over its canonical text, which includes `prev_hash`.
pub fn seal(
    entry: &NewEntry,
    seq: i64,
    id: &str,
    posted_at: DateTime<Utc>,
    run: &str,
    prev_hash: &str,
    key: &[u8],
) -> String {
    // HMAC takes keys of any length, so the refusal never comes; an empty seal would fail `verify` if it did.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return String::new() };
    mac.update(canonical(entry, seq, id, posted_at, run, prev_hash).as_bytes());
    mac.finalize()
        .into_bytes()
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

/// The text that is sealed.
pub fn canonical(entry: &NewEntry, seq: i64, id: &str, posted_at: DateTime<Utc>, run: &str, prev_hash: &str) -> String {
    // Taken apart completely: a new field cannot be forgotten here.
    let NewEntry { key, pay_period, kind, amount, policy_version, corrects, evidence } = entry;
    let EntryKey { belongs_to, employee, subject, rule } = key;
    let Evidence { document, party, source, file_hash, snapshots, status, matching, arithmetic, cause } = evidence;
    let mut text = Fields::default();
    text.add(FORMAT);
    text.add(prev_hash);
    text.add(&seq.to_string());
    text.add(id);
    text.add(&posted_at.timestamp_millis().to_string());
    text.add(run);
    text.add(&belongs_to.to_string());
    text.add(&employee.0);
    text.add(subject);
    text.add(rule);
    text.add(&pay_period.to_string());
    text.add(kind.code());
    text.add(&amount.kopecks().to_string());
    text.add(policy_version);
    text.list(corrects);
    text.both(document);
    text.add(party);
    text.both(source);
    text.add(file_hash);
    text.list(snapshots);
    text.add(status);
    text.both(matching);
    text.both(arithmetic);
    text.both(cause);
    text.0
}

/// Length-prefixed fields: no text can pretend to be two.
#[derive(Default)]
struct Fields(String);

impl Fields {
    fn add(&mut self, field: &str) {
        self.0.push_str(&field.len().to_string());
        self.0.push(':');
        self.0.push_str(field);
        self.0.push(';');
    }

    fn both(&mut self, text: &Text) {
        self.add(&text.ru);
        self.add(&text.en);
    }

    fn list(&mut self, items: &[String]) {
        self.add(&items.len().to_string());
        for item in items {
            self.add(item);
        }
    }
}

/// Checks the whole chain, in the order of `seq`. Names every gap, the first entry that does not fit, and a `head` (the
/// last seal known from outside the database) that no entry has. Empty = whole.
pub fn verify(entries: &[LedgerEntry], key: &[u8], head: Option<&str>) -> Vec<Finding> {
    let mut ordered: Vec<&LedgerEntry> = entries.iter().collect();
    ordered.sort_by_key(|entry| entry.seq);
    let mut findings = Vec::new();
    let mut expected = 1;
    for entry in &ordered {
        if entry.seq != expected {
            findings.push(gap(expected, entry.seq));
        }
        expected = entry.seq.saturating_add(1);
    }
    let mut before = GENESIS;
    for entry in &ordered {
        let own = seal(&entry.entry, entry.seq, &entry.id, entry.posted_at, &entry.run, &entry.prev_hash, key);
        if entry.prev_hash != before || entry.hash != own || own.is_empty() {
            findings.push(broken(entry));
            break;
        }
        before = &entry.hash;
    }
    if let Some(head) = head.filter(|head| *head != GENESIS && !ordered.iter().any(|entry| entry.hash == *head)) {
        findings.push(headless(head, ordered.last().map_or(0, |entry| entry.seq)));
    }
    findings
}

/// An end of the chain as something else in the database names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Number of the statement that shows it; `None` = the ledger's own head, which is the last entry or nothing.
    pub by: Option<String>,
    /// Position.
    pub seq: i64,
    /// Seal of the entry there.
    pub hash: String,
}

/// Compares the entries with the ends that were told: each must be the seal of the entry at its position, and the ledger's
/// own head must be the last one. Empty = all agree.
pub fn verify_told(entries: &[LedgerEntry], told: &[Told]) -> Vec<Finding> {
    let last = entries.iter().map(|entry| entry.seq).max().unwrap_or(0);
    let fits = |told: &Told| {
        let there = entries.iter().find(|entry| entry.seq == told.seq).map_or(GENESIS, |entry| &entry.hash);
        there == told.hash && (told.by.is_some() || told.seq == last) && (told.seq != 0 || told.hash == GENESIS)
    };
    let mut findings: Vec<Finding> = told.iter().filter(|told| !fits(told)).map(|told| untold(told, last)).collect();
    if !told.iter().any(|told| told.by.is_none()) {
        findings.push(untold(&Told { by: None, seq: 0, hash: String::new() }, last));
    }
    findings
}

fn untold(told: &Told, last: i64) -> Finding {
    let seq = told.seq;
    let (ru, en) = match &told.by {
        Some(number) => (format!("ведомость {number} называет"), format!("statement {number} names")),
        None => ("конец журнала назван".to_owned(), "the end of the ledger is named as".to_owned()),
    };
    Finding::new(
        Severity::Hold,
        "ledger_end_differs",
        Text::new(
            format!(
                "Журнал кончается записью {last}, но {ru} запись {seq} с другой печатью: записи удалены, заменены или дописаны мимо программы. Восстановите базу из копии."
            ),
            format!(
                "The ledger ends with entry {last}, but {en} entry {seq} with another seal: entries were removed, replaced or added past the program. Restore the database from a backup."
            ),
        ),
    )
}

fn gap(expected: i64, found: i64) -> Finding {
    Finding::new(
        Severity::Hold,
        "ledger_gap",
        Text::new(
            format!(
                "В журнале за записью {} стоит запись {found}: номера должны идти подряд. Восстановите базу из копии и сверьте её с последней ведомостью.",
                expected - 1
            ),
            format!(
                "In the ledger entry {found} follows entry {}: numbers must be consecutive. Restore the database from a backup and compare it with the last statement.",
                expected - 1
            ),
        ),
    )
}

fn broken(entry: &LedgerEntry) -> Finding {
    Finding::new(
        Severity::Hold,
        "ledger_broken",
        Text::new(
            format!(
                "Запись журнала {} ({}) изменена после проведения, либо ключ журнала другой. Ничего не проводите: проверьте ключ, затем восстановите базу из копии.",
                entry.seq, entry.id
            ),
            format!(
                "Ledger entry {} ({}) was changed after posting, or the ledger key is another one. Post nothing: check the key, then restore the database from a backup.",
                entry.seq, entry.id
            ),
        ),
    )
}

fn headless(head: &str, last: i64) -> Finding {
    let short: String = head.chars().take(12).collect();
    Finding::new(
        Severity::Hold,
        "ledger_head_missing",
        Text::new(
            format!(
                "Последней известной записи журнала ({short}…) в базе нет, журнал кончается записью {last}: записи удалены или база восстановлена из старой копии. Сверьте её с последней ведомостью."
            ),
            format!(
                "The last known ledger entry ({short}…) is not in the database, the ledger ends with entry {last}: entries were removed or an old backup was restored. Compare it with the last statement."
            ),
        ),
    )
}

#[cfg(test)]
mod tests;
