//! What people said about counterparties: the last word on each record. Deliberately absent: exemptions and companies
//! declared one (`decisions`).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::domain::{
    crm::CrmId,
    party::PartyKey,
    verdict::{Decision, DecisionKind},
};

/// What people said about a counterparty, the last word on each record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    /// Confirmed records with the decision's id.
    pub confirmed: Vec<(CrmId, String)>,
    /// Rejected records.
    pub rejected: BTreeSet<CrmId>,
}

/// The last word on each pair of counterparty and record.
pub(super) fn said(decisions: &[Decision]) -> HashMap<PartyKey, Said> {
    let mut in_time: Vec<&Decision> = decisions.iter().collect();
    in_time.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    let mut last: BTreeMap<(&PartyKey, &CrmId), (bool, &str)> = BTreeMap::new();
    for decision in in_time {
        match &decision.kind {
            DecisionKind::Confirm(id) => last.insert((&decision.party, id), (true, &decision.id)),
            DecisionKind::Reject(id) => last.insert((&decision.party, id), (false, &decision.id)),
            DecisionKind::Exempt | DecisionKind::Same(_) => None,
        };
    }
    let mut said: HashMap<PartyKey, Said> = HashMap::new();
    for ((party, record), (confirmed, id)) in last {
        let said = said.entry(party.clone()).or_default();
        if confirmed {
            said.confirmed.push((record.clone(), id.to_owned()));
        } else {
            said.rejected.insert(record.clone());
        }
    }
    said
}
