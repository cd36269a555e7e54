//! Verdicts on counterparties and statuses of sales: the words that decide about money (rules, sections 2 and 3).
//! Deliberately absent: how they are found (`matching`, `assess`).

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{crm::CrmId, org::EmployeeId, party::PartyKey, sale::SaleKey, text::Text};

/// What is known about a counterparty in the CRM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Found surely, or confirmed by a person.
    InCrm,
    /// The complete search gives nothing above the review threshold.
    NotInCrm,
    /// Something lies between the thresholds, or candidates tie.
    Uncertain,
    /// The accounting card is too poor.
    NotJudgeable,
}

impl Verdict {
    /// `in_crm`, … as in files and on the command line.
    pub const fn code(self) -> &'static str {
        match self {
            Self::InCrm => "in_crm",
            Self::NotInCrm => "not_in_crm",
            Self::Uncertain => "uncertain",
            Self::NotJudgeable => "not_judgeable",
        }
    }
}

/// A CRM record considered for a counterparty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// The record.
    pub id: CrmId,
    /// Its title, to show.
    pub title: String,
    /// Likeness, 0..=10 000.
    pub score_bp: u32,
    /// Why it is like or unlike, in words.
    pub reason: Text,
}

/// The verdict on one counterparty with everything that speaks for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartyVerdict {
    /// The counterparty.
    pub party: PartyKey,
    /// The verdict.
    pub verdict: Verdict,
    /// `in_crm`: the records that are this counterparty (duplicates in the CRM are all listed), best first. `uncertain`:
    /// the candidates, best first. `not_in_crm`: the best rejected ones, at most three.
    pub candidates: Vec<Candidate>,
    /// Why, in words.
    pub reason: Text,
    /// Whether a person's decision made it; then the decision's id.
    pub decision: Option<String>,
    /// The search behind it. Absence is a statement about this work.
    #[serde(default)]
    pub work: Work,
}

/// How a counterparty was looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Work {
    /// Companies and contacts of the CRM that were looked through.
    pub records: u32,
    /// Those that share a number, a contact, a word, or something within a slip of the pen.
    pub met: u32,
    /// Those compared in every field.
    pub compared: u32,
    /// Whether some were left out although those compared last were still alike. Absence is not said then.
    pub limited: bool,
}

/// What a person said about a counterparty. Sticky: outranks scores and survives every run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Id.
    pub id: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub author: String,
    /// About whom.
    pub party: PartyKey,
    /// What.
    pub kind: DecisionKind,
    /// Why, free text.
    pub note: String,
}

/// The kinds of decisions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionKind {
    /// It is this record.
    Confirm(CrmId),
    /// It is not this record.
    Reject(CrmId),
    /// Not a client to be entered.
    Exempt,
    /// The same company as that counterparty.
    Same(PartyKey),
}

impl DecisionKind {
    /// The record it is about.
    pub const fn record(&self) -> Option<&CrmId> {
        match self {
            Self::Confirm(id) | Self::Reject(id) => Some(id),
            Self::Exempt | Self::Same(_) => None,
        }
    }
}

/// Status of a sale as of an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Not judged by policy or decision.
    Exempt,
    /// In the CRM by the deadline.
    OnTime,
    /// In the CRM after the deadline.
    Late,
    /// Not there, deadline not passed.
    Pending,
    /// Not there, deadline passed, absence proven.
    Missing,
    /// The verdict is uncertain, deadline passed.
    Uncertain,
    /// Cannot be judged, deadline passed (or no snapshot reaches the deadline).
    NotJudgeable,
}

impl Status {
    /// `on_time`, … as in files.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Exempt => "exempt",
            Self::OnTime => "on_time",
            Self::Late => "late",
            Self::Pending => "pending",
            Self::Missing => "missing",
            Self::Uncertain => "uncertain",
            Self::NotJudgeable => "not_judgeable",
        }
    }
}

/// One sale with everything that was decided about it, before money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssessedSale {
    /// The sale.
    pub sale: SaleKey,
    /// Whose it is; `None` = unknown or ambiguous seller (a finding; no money).
    pub employee: Option<EmployeeId>,
    /// The counterparty.
    pub party: PartyKey,
    /// Segment of the counterparty.
    pub segment: String,
    /// Status as of the run.
    pub status: Status,
    /// Last day to enter the card; its end in the business time zone is the deadline.
    pub deadline: NaiveDate,
    /// When the matched record was entered.
    pub entered_at: Option<DateTime<Utc>>,
    /// Why it is exempt, or another remark.
    pub remark: Option<Text>,
}
