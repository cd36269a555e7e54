//! Counterparties: the spellings of one buyer brought together. Deliberately absent: the CRM side and any guess
//! (two spellings are one buyer only by code, by ИНН and КПП, or by the same normalised name).

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{
    sale::{PartyCard, PartyRef},
    tax_id::{Inn, InnStrength, Kpp},
};

/// Identity of a counterparty in accounting: its code; else `inn/kpp`; else the normalised name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PartyKey(pub String);

impl fmt::Display for PartyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One buyer with every spelling seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counterparty {
    /// Identity.
    pub key: PartyKey,
    /// Name to show: the card's, else the most frequent spelling (ties: the smallest text).
    pub name: String,
    /// Every distinct spelling, sorted.
    pub spellings: Vec<Arc<PartyRef>>,
    /// Valid ИНН found in the spellings and the card, strongest first; more than one = a finding.
    pub inns: Vec<(Inn, InnStrength)>,
    /// КПП found.
    pub kpps: Vec<Kpp>,
    /// The accounting card, if the counterparty list has one.
    pub card: Option<Box<PartyCard>>,
}

impl Counterparty {
    /// The one ИНН, if there is exactly one.
    pub fn inn(&self) -> Option<&Inn> {
        match self.inns.as_slice() {
            [(inn, _)] => Some(inn),
            _ => None,
        }
    }
}
