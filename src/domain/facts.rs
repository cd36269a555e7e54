//! Everything one run looks at, and everything it concludes. Both are plain values: the same facts give the same
//! outcome, byte for byte. Deliberately absent: how facts are loaded (`pipeline`), posting, mails.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::{
    acknowledgement::Acknowledgement,
    calendar::Calendar,
    crm::{CrmId, CrmRecord, KnownRecord},
    dispute::Waiver,
    finding::Finding,
    ledger::{EntryKey, Wanted},
    money::Rate,
    org::{EmployeeId, Roster},
    party::{Counterparty, PartyKey},
    period::Period,
    policy::Policy,
    rule_facts::RuleFacts,
    sale::Sale,
    verdict::{AssessedSale, Decision, PartyVerdict},
};

/// The facts of a run.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Sales in force (superseded versions left out), sorted by key.
    pub sales: Vec<Sale>,
    /// Counterparties, sorted by key.
    pub parties: Vec<Counterparty>,
    /// For each sale the index of its counterparty.
    pub party_of: Vec<usize>,
    /// CRM records as of the run (gone ones included and marked), sorted by id.
    pub records: Vec<KnownRecord>,
    /// For each closed period (and the one being closed): CRM records as they stood at its close. Completeness of that
    /// period is judged on these and on nothing later.
    pub closing_records: BTreeMap<Period, Vec<CrmRecord>>,
    /// The latest accepted snapshot of each CRM source.
    pub snapshots: Vec<SnapshotInfo>,
    /// As-of of the newest accepted accounting file.
    pub accounting_as_of: Option<DateTime<Utc>>,
    /// Decisions in force (undone ones left out), sorted by time and id.
    pub decisions: Vec<Decision>,
    /// Lines that were contested and withdrawn, sorted by key.
    pub waivers: Vec<Waiver>,
    /// The people.
    pub roster: Roster,
    /// Working days.
    pub calendar: Calendar,
    /// The regulation.
    pub policy: Policy,
    /// Who has acknowledged which version.
    pub acknowledgements: Vec<Acknowledgement>,
    /// What only some rules look at.
    pub rule_facts: RuleFacts,
    /// Business time zone.
    pub tz: Tz,
    /// Base currency code; other currencies are listed apart and never computed.
    pub base_currency: String,
}

impl Facts {
    /// Whether the period is closed or being closed.
    pub fn is_closing(&self, period: Period) -> bool {
        self.closing_records.contains_key(&period) || self.rule_facts.closes.contains_key(&period)
    }

    /// End of a day in the business time zone: the first instant of the next day.
    pub fn end_of(&self, day: NaiveDate) -> DateTime<Utc> {
        end_of_day(self.tz, day)
    }

    /// Why the line of a sale is wanted at nothing, if it was contested and withdrawn.
    pub fn waiver(&self, key: &EntryKey) -> Option<&Waiver> {
        let at = self.waivers.binary_search_by(|waiver| waiver.key.cmp(key)).ok()?;
        self.waivers.get(at)
    }

    /// As-of of the oldest of the latest snapshots: what the whole CRM side is known to; `None` without any.
    pub fn crm_as_of(&self) -> Option<DateTime<Utc>> {
        self.snapshots.iter().map(|s| s.as_of).min()
    }
}

/// End of a day in a zone: the first instant of the next day (the earlier one when the clock is turned back, the first
/// valid one when midnight is skipped).
pub fn end_of_day(tz: Tz, day: NaiveDate) -> DateTime<Utc> {
    let next = day.succ_opt().unwrap_or(NaiveDate::MAX);
    (0..24)
        .filter_map(|hour| next.and_hms_opt(hour, 0, 0))
        .find_map(|midnight| tz.from_local_datetime(&midnight).earliest())
        .map_or(DateTime::<Utc>::MAX_UTC, |at| at.to_utc())
}

/// What is known of the latest snapshot of a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotInfo {
    /// Source.
    pub source: String,
    /// When the data left the CRM.
    pub as_of: DateTime<Utc>,
    /// SHA-256 of the content.
    pub hash: String,
    /// Companies and contacts in it.
    pub records: i64,
    /// The same for the accepted snapshot before it; `None` for the first.
    pub previous_records: Option<i64>,
}

/// The card of one counterparty, scored against its profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardScore {
    /// Period of the sales that brought it in.
    pub period: Period,
    /// Seller.
    pub employee: EmployeeId,
    /// Counterparty.
    pub party: PartyKey,
    /// Segment whose profile was applied.
    pub segment: String,
    /// The CRM record that is filled the most; `None` when there is none (score 0, everything missing).
    pub record: Option<CrmId>,
    /// Other records of the same counterparty.
    #[serde(default)]
    pub others: Vec<CrmId>,
    /// Filled weight / total weight, rounded down.
    pub score: Rate,
    /// Required fields that are empty or invalid, as the policy names them.
    pub missing: Vec<String>,
}

/// What a run concludes.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// One verdict per counterparty, in the order of `Facts::parties`.
    pub verdicts: Vec<PartyVerdict>,
    /// One per sale, in the order of `Facts::sales`.
    pub sales: Vec<AssessedSale>,
    /// Cards of counterparties sold to, per period and seller; judged at the close for closed periods, now for open ones.
    pub cards: Vec<CardScore>,
    /// Wanted amounts, sorted by key.
    pub wanted: Vec<Wanted>,
    /// What was noticed.
    pub findings: Vec<Finding>,
}
