//! The human side of matching: decisions that outlive keys and ids, the queue, the workbook, lists of doubles.
//! Deliberately absent: the command line around them (`cli::review`), the store (`store::decisions`).

mod answers;
mod doubles;
mod inherited;
mod laws;
mod queue;
mod standing;
mod workbook;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sverka::domain::{
    crm::{CrmId, CrmKind, KnownRecord},
    decisions::{self, Seen, Standings},
    matching::{MatchSettings, pair},
    party::{Counterparty, PartyKey},
    verdict::{Decision, DecisionKind, PartyVerdict},
};

pub const A: &str = "7707083893";
pub const B: &str = "7743013901";
pub const C: &str = "7701234560";

/// The id of a company of the test CRM.
pub fn id(id: &str) -> CrmId {
    CrmId { source: "crm".into(), kind: CrmKind::Company, id: id.into() }
}

/// An instant.
pub fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000 + minute * 60, 0).expect("an instant")
}

/// A decision; those with a greater number are later.
pub fn said(number: i64, party: &str, kind: DecisionKind) -> Decision {
    Decision {
        id: format!("d{number}"),
        at: at(number),
        author: "Петрова".into(),
        party: PartyKey(party.into()),
        kind,
        note: String::new(),
    }
}

/// What was seen when the decisions were made.
pub fn seen(decisions: &[Decision], parties: &[Counterparty], records: &[KnownRecord]) -> BTreeMap<String, Seen> {
    decisions.iter().map(|d| (d.id.clone(), Seen::of(d, parties, records))).collect()
}

/// Decisions made on the facts of then, on the facts of now.
pub fn later(
    decisions: &[Decision],
    then: (&[Counterparty], &[KnownRecord]),
    now: (&[Counterparty], &[KnownRecord]),
) -> Standings {
    decisions::resolve(decisions, &seen(decisions, then.0, then.1), now.0, now.1)
}

/// Verdicts as a run gives them.
pub fn verdicts(parties: &[Counterparty], records: &[KnownRecord], standings: &Standings) -> Vec<PartyVerdict> {
    let decisions = standings.in_force();
    let mut verdicts = pair(parties, records, &decisions, &MatchSettings::default());
    decisions::settle(&mut verdicts, parties, records, &decisions);
    verdicts
}

/// The verdict on the counterparty of that key: code, ids of the candidates, reason.
pub fn on(verdicts: &[PartyVerdict], key: &str) -> (&'static str, Vec<String>, String) {
    let verdict = verdicts.iter().find(|v| v.party.0 == key).unwrap_or_else(|| panic!("no {key}: {verdicts:?}"));
    let mut ids: Vec<String> = verdict.candidates.iter().map(|c| c.id.id.clone()).collect();
    ids.sort();
    (verdict.verdict.code(), ids, verdict.reason.ru.clone())
}
