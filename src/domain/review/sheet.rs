//! A row of the review workbook as both sides know it: what the hidden cell says of the facts the row was made from, and
//! what a person wrote. Deliberately absent: cells and files (`deliver` writes them, `ingest` reads them), what answers do
//! (`answers`).

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::domain::{
    crm::{CrmId, KnownRecord},
    normalise::name::Name,
    party::Counterparty,
};

/// Header of the hidden column: how a review workbook is recognised. The number is the version of its form.
pub const MARK: &str = "sverka-review/1";

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
