//! What the CRM knows, in one shape for every CRM. Deliberately absent: how it is read (`ingest::crm`) and whether a
//! record is complete (`assess::completeness`).

use std::{collections::BTreeMap, fmt};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Identity of a CRM record: the source's name in the config and the record's id there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CrmId {
    /// Name of the source in the config, such as `bitrix`.
    pub source: String,
    /// Kind of the record.
    pub kind: CrmKind,
    /// Id in that CRM.
    pub id: String,
}

impl fmt::Display for CrmId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.source, self.kind.code(), self.id)
    }
}

/// What a CRM record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CrmKind {
    /// A company.
    Company,
    /// A person; an ИП may be kept as one.
    Contact,
    /// A deal.
    Deal,
    /// A call, meeting, task or note.
    Activity,
}

impl CrmKind {
    /// Stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Company => "company",
            Self::Contact => "contact",
            Self::Deal => "deal",
            Self::Activity => "activity",
        }
    }

    /// The kind of that name.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Company, Self::Contact, Self::Deal, Self::Activity].into_iter().find(|k| k.code() == code)
    }
}

/// One record of a CRM: company, contact, deal or activity. Text stands as written; empty = the CRM has nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrmRecord {
    /// Identity.
    pub id: CrmId,
    /// Name of the company, person, or title of the deal or activity.
    pub title: String,
    /// Full legal name, if kept apart.
    #[serde(default)]
    pub full_name: String,
    /// ИНН as written; several may stand in one field.
    #[serde(default)]
    pub inn: String,
    /// КПП as written.
    #[serde(default)]
    pub kpp: String,
    /// Phones as written, any number in one string.
    #[serde(default)]
    pub phone: String,
    /// E-mails as written.
    #[serde(default)]
    pub email: String,
    /// City or address as written.
    #[serde(default)]
    pub city: String,
    /// Responsible employee as written.
    #[serde(default)]
    pub responsible: String,
    /// Key of the record in accounting, if the CRM keeps one (originatorId and the like).
    #[serde(default)]
    pub external_id: String,
    /// For contacts, deals, activities: id of the company, if given.
    #[serde(default)]
    pub company_id: String,
    /// For contacts, deals, activities: name of the company, if only that is given.
    #[serde(default)]
    pub company_name: String,
    /// Deals: won and closed.
    #[serde(default)]
    pub won: bool,
    /// When the CRM says it was created; `None` when the table has no such column.
    pub created_at: Option<DateTime<Utc>>,
    /// When the CRM says it was changed last.
    pub updated_at: Option<DateTime<Utc>>,
    /// Every other non-empty column by its header as written: used by completeness profiles and CRM flags.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
}

impl CrmRecord {
    /// A record of which nothing but its name is known.
    pub fn new(id: CrmId, title: &str) -> Self {
        Self {
            id,
            title: title.to_owned(),
            full_name: String::new(),
            inn: String::new(),
            kpp: String::new(),
            phone: String::new(),
            email: String::new(),
            city: String::new(),
            responsible: String::new(),
            external_id: String::new(),
            company_id: String::new(),
            company_name: String::new(),
            won: false,
            created_at: None,
            updated_at: None,
            fields: BTreeMap::new(),
        }
    }
}

/// All records of one CRM source as of one instant. Immutable once accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrmSnapshot {
    /// Name of the source in the config.
    pub source: String,
    /// When the data left the CRM.
    pub as_of: DateTime<Utc>,
    /// SHA-256 (hex) over the content.
    pub hash: String,
    /// Companies, contacts, deals, activities; ids unique.
    pub records: Vec<CrmRecord>,
}

/// A record as the store knows it: content in force, and when it is held to have been entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownRecord {
    /// Content as of the asked instant.
    pub record: CrmRecord,
    /// `entered_at` of rules «Facts»: set once, never moves. `DateTime::UNIX_EPOCH` = before tracking began.
    pub entered_at: DateTime<Utc>,
    /// Whether a later accepted snapshot no longer contains it.
    pub gone: bool,
}
