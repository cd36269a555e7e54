//! A row of the review workbook as both sides know it: what the hidden cell says of the facts the row was made from, and
//! what a person wrote. Deliberately absent: cells and files (`deliver` writes them, `ingest` reads them), what answers do
//! (`answers`).

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Queue, Row};
use crate::domain::{
    crm::{CrmId, KnownRecord},
    facts::Facts,
    normalise::name::Name,
    party::{Counterparty, PartyKey},
    verdict::Candidate,
};

/// Header of the hidden column: how a review workbook is recognised. The number is the version of its form.
pub const MARK: &str = "sverka-review/1";

/// Columns that are read back, with their headers in both languages.
pub const KEY: (&str, &str) = ("Ключ", "Key");
/// The answer.
pub const ANSWER: (&str, &str) = ("Решение", "Decision");
/// Key of the same company.
pub const OTHER: (&str, &str) = ("То же, что (ключ)", "Same as (key)");
/// A remark.
pub const NOTE: (&str, &str) = ("Примечание", "Note");

/// Answers to choose from: those about candidates first, as many as a row offers.
pub const ANSWERS: [(&str, &str); 6] = [
    ("да, кандидат 1", "yes, candidate 1"),
    ("да, кандидат 2", "yes, candidate 2"),
    ("да, кандидат 3", "yes, candidate 3"),
    ("нет в CRM", "not in the CRM"),
    ("не клиент", "not a client"),
    ("то же, что …", "same as …"),
];

/// Candidates a row offers.
pub const OFFERED: usize = 3;

/// The facts a row was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// Key of the counterparty.
    #[serde(rename = "k")]
    pub party: String,
    /// Fingerprint of the counterparty.
    #[serde(rename = "f")]
    pub fingerprint: String,
    /// Candidates in the order of the row, each with its fingerprint.
    #[serde(rename = "c")]
    pub candidates: Vec<(CrmId, String)>,
    /// When the workbook was made, epoch milliseconds: a new one may say again what was undone before.
    #[serde(rename = "t")]
    pub at_ms: i64,
}

impl Made {
    /// The hidden cell.
    pub fn cell(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The hidden cell, read back.
    pub fn read(cell: &str) -> Option<Self> {
        serde_json::from_str(cell).ok()
    }
}

/// A row to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What the queue says of the counterparty.
    pub row: Row,
    /// For each candidate offered: its ИНН, city and responsible employee as the record has them.
    pub details: Vec<String>,
    /// The facts it is made from.
    pub made: Made,
}

/// Rows of a queue, in its order, for a workbook made at the instant.
pub fn offers(queue: &Queue, facts: &Facts, now: DateTime<Utc>) -> Vec<Offer> {
    let records: HashMap<&CrmId, &KnownRecord> = facts.records.iter().map(|r| (&r.record.id, r)).collect();
    let parties: HashMap<&PartyKey, &Counterparty> = facts.parties.iter().map(|p| (&p.key, p)).collect();
    let offer = |row: &Row| {
        let known = |c: &Candidate| records.get(&c.id).copied();
        let offered = || row.candidates.iter().take(OFFERED);
        let details = |known: &KnownRecord| {
            let record = &known.record;
            let parts = [record.inn.trim(), record.city.trim(), record.responsible.trim()];
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
        };
        Offer {
            details: offered().map(|c| known(c).map(details).unwrap_or_default()).collect(),
            made: Made {
                party: row.party.0.clone(),
                fingerprint: parties.get(&row.party).map(|p| of_party(p)).unwrap_or_default(),
                candidates: offered().map(|c| (c.id.clone(), known(c).map(of_record).unwrap_or_default())).collect(),
                at_ms: now.timestamp_millis(),
            },
            row: row.clone(),
        }
    };
    queue.rows.iter().map(offer).collect()
}

/// What a person wrote into a row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filled {
    /// 1-based row of the sheet.
    pub row: u32,
    /// The hidden cell.
    pub made: String,
    /// Key as it stands in its own column.
    pub key: String,
    /// Answer.
    pub answer: String,
    /// Key of the same company.
    pub other: String,
    /// Remark.
    pub note: String,
}

/// Fingerprint of what a person judged a counterparty by. Names are left out: the most frequent spelling changes with
/// every sale.
pub fn of_party(party: &Counterparty) -> String {
    let mut parts = vec![party.key.0.clone()];
    parts.extend(party.inns.iter().map(|(inn, _)| inn.to_string()));
    fingerprint(&parts)
}

/// Fingerprint of what a person judged a record by: name and ИНН.
pub fn of_record(known: &KnownRecord) -> String {
    let record = &known.record;
    fingerprint(&[record.id.to_string(), Name::new(&record.title).key(), record.inn.trim().to_owned()])
}

/// Hash of texts, in hex; long enough that no two rows are taken for one another.
pub(super) fn fingerprint(parts: &[String]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
