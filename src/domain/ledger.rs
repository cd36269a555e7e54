//! Shapes of the ledger: what is wanted, what is posted, what is still to be posted. Deliberately absent: how wanted
//! amounts come about (`adjust`), the chain of hashes (`ledger_chain`), storage.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{money::Money, org::EmployeeId, period::Period, text::Text};

/// What one amount is about. One key has one wanted amount.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EntryKey {
    /// Period of the fact.
    pub belongs_to: Period,
    /// Whose bonus.
    pub employee: EmployeeId,
    /// A `SaleKey`, or `period` for rules over a whole period.
    pub subject: String,
    /// Rule id.
    pub rule: String,
}

/// The subject of rules that look at a whole period.
pub const SUBJECT_PERIOD: &str = "period";

/// Kinds of entries (rules, section 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// Снижение премии (negative), or its reversal inside the open period (positive).
    Reduction,
    /// Премия.
    Premium,
    /// A bonus that waits for the head's approval (negative), or its release (positive).
    Deferral,
    /// Возврат сверх предела.
    CapRelief,
    /// A difference to a closed period, posted in the open one.
    Correction,
}

impl EntryKind {
    /// Stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Reduction => "reduction",
            Self::Premium => "premium",
            Self::Deferral => "deferral",
            Self::CapRelief => "cap_relief",
            Self::Correction => "correction",
        }
    }

    /// The kind of that name.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Reduction, Self::Premium, Self::Deferral, Self::CapRelief, Self::Correction]
            .into_iter()
            .find(|k| k.code() == code)
    }
}

/// Where an amount comes from; enough to walk back to the file, sheet and row. Stored as JSON, part of the hash.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Document as people name it: «№ 0000-000123 от 05.11.2026», empty for period rules.
    pub document: Text,
    /// Buyer's name as written.
    pub party: String,
    /// `Продажи.xlsx, лист «TDSheet», строка 217` (place in words).
    pub source: Text,
    /// SHA-256 of the accounting file.
    pub file_hash: String,
    /// CRM data it was judged against: source name, as-of (RFC 3339), hash.
    pub snapshots: Vec<String>,
    /// Status code, such as `missing`, or the score for period rules.
    pub status: String,
    /// The match or the best rejected candidates, in words.
    pub matching: Text,
    /// The arithmetic in kopecks: `1 250,00 x 50 % = 625,00`.
    pub arithmetic: Text,
    /// Why it changed against what was posted; empty at the first posting.
    pub cause: Text,
}

/// What the facts ask for, for one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Key.
    pub key: EntryKey,
    /// Amount wanted in total for the key.
    pub amount: Money,
    /// Kind in an open period.
    pub kind: EntryKind,
    /// Policy version that decided.
    pub policy_version: String,
    /// Computed and shown, but never posted (`shadow`).
    pub shadow: bool,
    /// Evidence.
    pub evidence: Evidence,
}

/// Sum already posted for a key, with the entries that make it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// Key.
    pub key: EntryKey,
    /// Sum of the entries.
    pub amount: Money,
    /// Ids of the entries in order.
    pub entries: Vec<String>,
    /// Kind of the first entry.
    pub kind: EntryKind,
    /// Policy version of the last entry.
    pub policy_version: String,
}

/// An entry to be posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEntry {
    /// Key.
    pub key: EntryKey,
    /// Period it is paid in: open, never closed.
    pub pay_period: Period,
    /// Kind.
    pub kind: EntryKind,
    /// The difference, never zero.
    pub amount: Money,
    /// Policy version.
    pub policy_version: String,
    /// Ids of the entries it corrects or continues.
    pub corrects: Vec<String>,
    /// Evidence.
    pub evidence: Evidence,
}

/// A posted entry. Never changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerEntry {
    /// Position in the chain, from 1, without gaps.
    pub seq: i64,
    /// Id (`derived_id`; UUIDv7 in older rows).
    pub id: String,
    /// When posted.
    pub posted_at: DateTime<Utc>,
    /// Run that posted it.
    pub run: String,
    /// What was posted.
    pub entry: NewEntry,
    /// Hash of the entry before (hex; 64 zeros for the first).
    pub prev_hash: String,
    /// HMAC-SHA-256 (hex) over this entry's canonical text and `prev_hash`.
    pub hash: String,
}
