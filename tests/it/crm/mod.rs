//! Tests of CRM tables and snapshots.

mod compare;
mod folder;
mod table;

use sverka::ingest::{
    crm::table::{CrmTable, CrmTableSettings, read},
    raw::RawSheet,
};

/// A sheet from rows of cells separated by `|`.
pub(super) fn sheet(rows: &[&str]) -> RawSheet {
    let cells: Vec<Vec<&str>> = rows.iter().map(|row| row.split('|').collect()).collect();
    RawSheet::of_texts(&cells.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

/// Reads rows with a preset.
pub(super) fn table_of(rows: &[&str], preset: &str) -> Option<CrmTable> {
    let settings =
        CrmTableSettings { source: "crm".into(), preset: preset.into(), tz: chrono_tz::Europe::Moscow, bare: false };
    read(&sheet(rows), "crm.csv", &settings)
}

/// Codes of the findings.
pub(super) fn codes(findings: &[sverka::domain::finding::Finding]) -> Vec<&str> {
    findings.iter().map(|f| f.code.as_str()).collect()
}
