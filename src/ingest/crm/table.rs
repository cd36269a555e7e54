//! One sheet of a CRM export becomes records. Deliberately absent: which sheet of a file is meant (`interpret` decides).

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::{
    domain::{crm::CrmRecord, finding::Finding, inbox::TableKind},
    ingest::raw::RawSheet,
};

/// How the tables of one CRM source are to be understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrmTableSettings {
    /// Name of the source in the config.
    pub source: String,
    /// Preset of header names: `auto`, `bitrix24`, `amocrm`, `quick-sales`, `sales-expert`, `plain`.
    pub preset: String,
    /// Zone that the times in the table are written in.
    pub tz: Tz,
}

/// A CRM table, read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrmTable {
    /// What it holds.
    pub kind: TableKind,
    /// 1-based row of the header.
    pub header_row: u32,
    /// Role and header of every recognised column, in the order of the columns.
    pub columns: Vec<(String, String)>,
    /// Number of recognised headers.
    pub header_score: u32,
    /// Records in the order of the file.
    pub records: Vec<CrmRecord>,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// Reads a sheet; `None` when no row of it looks like the header of a CRM table.
pub fn read(_sheet: &RawSheet, _file: &str, _settings: &CrmTableSettings) -> Option<CrmTable> {
    None
}
