//! Tables of one folder become one snapshot: companies, contacts, deals and activities exported together.
//! Deliberately absent: reading files, comparing with the snapshot before (the gate does).

use std::{future::Future, pin::Pin};

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::{CrmSource, Fetched, table::CrmTable};
use crate::domain::{
    crm::{CrmKind, CrmRecord, CrmSnapshot},
    finding::{Finding, Severity},
    text::Text,
};

/// A source whose tables lie in a folder and have been read.
#[derive(Clone, Debug)]
pub struct TableFolder {
    /// Name of the source in the config.
    pub source: String,
    /// Its tables.
    pub tables: Vec<CrmTable>,
    /// A person looked at what holds and takes the tables all the same.
    pub insist: bool,
}

impl CrmSource for TableFolder {
    fn fetch(&self, as_of: DateTime<Utc>) -> Pin<Box<dyn Future<Output = Result<Fetched, Vec<Finding>>> + Send + '_>> {
        let (snapshot, findings) = assemble(&self.source, as_of, self.tables.clone());
        let held = !self.insist && findings.iter().any(Finding::holds);
        Box::pin(std::future::ready(if held { Err(findings) } else { Ok(Fetched { snapshot, findings }) }))
    }
}

/// One snapshot of several tables. Records are sorted by id; the hash does not depend on the order of rows or tables. A
/// record that stands in two tables with different content holds the snapshot, and so does a folder without clients.
pub fn assemble(source: &str, as_of: DateTime<Utc>, tables: Vec<CrmTable>) -> (CrmSnapshot, Vec<Finding>) {
    let (records, findings) = together(tables);
    let mut hash = Sha256::new();
    for record in &records {
        let text = content(record);
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    }
    let hash = hex(&hash.finalize());
    (CrmSnapshot { source: source.to_owned(), as_of, hash, records }, findings)
}

/// The records of several tables, each once, sorted by id; see [`assemble`].
pub fn together(tables: Vec<CrmTable>) -> (Vec<CrmRecord>, Vec<Finding>) {
    let mut findings = Vec::new();
    let mut records: Vec<CrmRecord> = Vec::new();
    for table in tables {
        findings.extend(table.findings);
        if records.is_empty() {
            records = table.records;
        } else {
            records.extend(table.records);
        }
    }
    let mut clash = Vec::new();
    records.sort_by(|a, b| a.id.cmp(&b.id));
    records.dedup_by(|next, have| {
        if next.id != have.id {
            return false;
        }
        if next != have {
            clash.push(next.id.clone());
            // Which of the two stays must not depend on the order of the tables.
            if content(next) < content(have) {
                std::mem::swap(next, have);
            }
        }
        true
    });
    clash.sort();
    if let Some(id) = clash.first() {
        let n = clash.len();
        findings.push(Finding::new(
            Severity::Hold,
            "crm_duplicate_id",
            Text::new(
                format!("запись {id} стоит в двух таблицах с разным содержанием (всего таких: {n}). Выгрузите таблицы заново вместе"),
                format!("record {id} stands in two tables with different content ({n} in all). Export the tables again, together"),
            ),
        ));
    }
    let clients = |record: &CrmRecord| matches!(record.id.kind, CrmKind::Company | CrmKind::Contact);
    if !records.iter().any(clients) && !findings.iter().any(Finding::holds) {
        findings.push(Finding::new(
            Severity::Hold,
            "crm_no_clients",
            Text::new(
                "в выгрузке CRM нет ни компаний, ни контактов: по ней все клиенты оказались бы не внесёнными. Добавьте таблицу компаний",
                "the CRM export has neither companies nor contacts: by it every client would seem absent. Add the table of companies",
            ),
        ));
    }
    (records, findings)
}

/// Bytes as hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Everything a record holds, in one unambiguous text.
pub(super) fn content(record: &CrmRecord) -> String {
    serde_json::to_string(record).unwrap_or_else(|_| format!("{record:?}"))
}
