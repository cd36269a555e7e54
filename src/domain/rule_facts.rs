//! Facts that only some rules look at: plans, calls, the head's word on deals, votes, older sales, how cards changed.
//! Deliberately absent: reading them (`ingest`), loading them (`pipeline`), what follows from them (`assess`, `adjust`).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{
    crm::{CrmId, CrmRecord},
    finding::SourceRef,
    money::Money,
    org::EmployeeId,
    period::Period,
    sale::SaleKey,
};

/// All of them; a policy without such rules is computed the same without any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleFacts {
    /// Plans in force, one per employee and period.
    pub plans: Vec<Plan>,
    /// Calls, every leg, sorted by source and leg.
    pub calls: Vec<CallLeg>,
    /// The days on which telephony gave data.
    pub call_days: BTreeSet<NaiveDate>,
    /// What heads said about deals, in the order of time and id: the last word on a sale counts.
    pub deal_decisions: Vec<DealDecision>,
    /// Votes of the jury in force: one per juror, period and rule.
    pub votes: Vec<Vote>,
    /// Sales before the run's scope that segments by turnover look back to.
    pub earlier: Vec<EarlierSale>,
    /// Earliest sale that accounting gave at all.
    pub sales_since: Option<NaiveDate>,
    /// Instant as of which each closed period, and the one being closed, was judged.
    pub closes: BTreeMap<Period, DateTime<Utc>>,
    /// Instants of the accepted snapshots of each source, ascending.
    pub snapshots_at: BTreeMap<String, Vec<DateTime<Utc>>>,
    /// Trainings that were given, by day; no rule looks at them, reports do.
    pub trainings: Vec<Training>,
    /// Contents of companies and contacts as snapshots showed them, sorted by record and instant.
    pub card_history: Vec<CardVersion>,
}

/// A sales plan of one employee for one period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Whose.
    pub employee: EmployeeId,
    /// Of which period.
    pub period: Period,
    /// How much is to be sold.
    pub amount: Money,
    /// SHA-256 of the file it was read from.
    pub file_hash: String,
    /// Where in the file.
    pub source: SourceRef,
}

/// One leg of a call as telephony wrote it. Legs with one linked id are one call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallLeg {
    /// Name of the source in the config.
    pub source: String,
    /// What the legs of one call share.
    pub linked_id: String,
    /// The other side's number as written.
    pub number: String,
    /// Employee as written: a name, a personnel number or an extension that stands among the aliases.
    pub employee: String,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// How long, in seconds.
    pub seconds: u32,
    /// Result as written.
    pub result: String,
    /// SHA-256 of the file.
    pub file_hash: String,
    /// Where in the file.
    pub place: SourceRef,
}

/// A head's word on a deal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DealDecision {
    /// Id.
    pub id: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Who: never the seller.
    pub author: EmployeeId,
    /// About which sale.
    pub sale: SaleKey,
    /// The sale's amount that the word was about: a document that grew since waits again.
    pub amount: Money,
    /// `None` = approved; else what is missing.
    pub returned: Option<String>,
}

/// One vote of the jury.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Vote {
    /// Contest period.
    pub period: Period,
    /// Id of the contest rule.
    pub rule: String,
    /// Member of the jury.
    pub juror: EmployeeId,
    /// For whom.
    pub employee: EmployeeId,
}

/// Who was taught which field of a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Training {
    /// Id (UUIDv7).
    pub id: String,
    /// The field, as the policy names it.
    pub topic: String,
    /// Who.
    pub employee: EmployeeId,
    /// On which day.
    pub on: NaiveDate,
}

/// A sale that only counts for the turnover of its counterparty and for how long it has been a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EarlierSale {
    /// Index of the counterparty in `Facts::parties`; beyond its end: one that buys nothing in the scope.
    pub party: usize,
    /// Date.
    pub date: NaiveDate,
    /// Amount with VAT; negative for returns.
    pub amount: Money,
    /// Whether it is in the base currency: turnover adds up no other, but whoever bought in another is no new client.
    pub in_base: bool,
}

/// What a record was from an instant on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardVersion {
    /// The record.
    pub id: CrmId,
    /// As-of of the snapshot that showed it so first.
    pub seen_at: DateTime<Utc>,
    /// Its content; `None` = gone.
    pub record: Option<CrmRecord>,
}
