//! What became of a file: accepted once by its content, or set aside with the reason. Deliberately absent: the bytes
//! (they lie in the archive folder, named by their hash).

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{
    finding::Finding,
    money::Money,
    sale::{PartyCard, Sale},
};

/// What a table holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TableKind {
    /// Sales and returns.
    Sales,
    /// Counterparty cards of accounting.
    Counterparties,
    /// CRM companies.
    CrmCompanies,
    /// CRM contacts.
    CrmContacts,
    /// CRM deals.
    CrmDeals,
    /// CRM activities.
    CrmActivities,
    /// Call records.
    Calls,
    /// Sales plans.
    Plans,
    /// None of these.
    Unknown,
}

impl TableKind {
    /// Stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Sales => "sales",
            Self::Counterparties => "counterparties",
            Self::CrmCompanies => "crm_companies",
            Self::CrmContacts => "crm_contacts",
            Self::CrmDeals => "crm_deals",
            Self::CrmActivities => "crm_activities",
            Self::Calls => "calls",
            Self::Plans => "plans",
            Self::Unknown => "unknown",
        }
    }
}

/// How fine the sales of a file are; the coarser is the greater.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grain {
    /// One sale is one document.
    #[default]
    Documents,
    /// One sale is the turnover of a counterparty (and seller) over the printed period, dated by its last day. Beside
    /// documents of the same days it would count them twice.
    Turnovers,
}

impl Grain {
    /// Stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Documents => "documents",
            Self::Turnovers => "turnovers",
        }
    }
}

/// First and last day, both inclusive, as a title block prints them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateSpan {
    /// First day.
    pub from: NaiveDate,
    /// Last day, inclusive.
    pub to: NaiveDate,
}

impl DateSpan {
    /// Whether the day lies within.
    pub fn contains(self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.to
    }

    /// Whether every day of the other lies within.
    pub fn covers(self, other: Self) -> bool {
        self.from <= other.from && other.to <= self.to
    }

    /// Whether the two share a day.
    pub fn meets(self, other: Self) -> bool {
        self.from <= other.to && other.from <= self.to
    }
}

/// A file of accounting, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountingTable {
    /// How fine the sales are.
    pub grain: Grain,
    /// Sales, one per document, in the order of the file.
    pub sales: Vec<Sale>,
    /// Counterparty cards.
    pub cards: Vec<PartyCard>,
    /// Period printed in the title, if any.
    pub period: Option<DateSpan>,
    /// Own organisation printed in the title, if any.
    pub organisation: Option<String>,
    /// «Отбор» printed in the title, if any.
    pub filter: Option<String>,
    /// Sum of the rows of the base currency.
    pub total: Option<Money>,
    /// Printed total, if any.
    pub printed_total: Option<Money>,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// Where a file stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileState {
    /// Its facts are in the store.
    Accepted,
    /// Set aside; waits for a person or a better file.
    Quarantined,
    /// A person said that it is not needed, or a later accepted file of the same name took its place.
    Dismissed,
}

impl FileState {
    /// Stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Quarantined => "quarantined",
            Self::Dismissed => "dismissed",
        }
    }
}

/// A file that arrived, with its fate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRecord {
    /// SHA-256 (hex) of the bytes: the identity.
    pub hash: String,
    /// Name as it came.
    pub name: String,
    /// Source in the config (`accounting` or a CRM source's name).
    pub source: String,
    /// Modification time of the file: the data's as-of.
    pub as_of: DateTime<Utc>,
    /// When taken in.
    pub received_at: DateTime<Utc>,
    /// Fate.
    pub state: FileState,
    /// What it holds.
    pub kind: TableKind,
    /// Rows read (documents, cards, records).
    pub rows: i64,
    /// Period it declares or covers.
    pub span: Option<DateSpan>,
    /// Own organisation it declares.
    pub organisation: String,
    /// How fine its sales are.
    pub grain: Grain,
    /// Organisations, as identities of sales write them, whose documents of the span the file lists in full: absence from
    /// it proves that a document is gone. `None`: absence proves nothing.
    pub full_of: Option<Vec<String>>,
    /// Everything noticed; for a quarantined file at least one hold.
    pub findings: Vec<Finding>,
}
