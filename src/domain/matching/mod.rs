//! Which counterparty is which CRM record.

use super::{
    crm::KnownRecord,
    party::Counterparty,
    verdict::{Decision, PartyVerdict},
};

/// Thresholds and switches, from the config (`[matching]`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchSettings {
    /// At or above: an automatic match, if the gate agrees (score 0..=10 000).
    pub accept_bp: u32,
    /// At or above, below `accept_bp`: a person looks.
    pub review_bp: u32,
    /// Whether a branch (same ИНН, other КПП) counts as entered when only another branch or the head office is in the CRM.
    pub branch_counts: bool,
}

impl Default for MatchSettings {
    fn default() -> Self {
        Self { accept_bp: 9_300, review_bp: 7_500, branch_counts: true }
    }
}

/// One verdict per counterparty, in the order given. Independent of the order of either side.
pub fn pair(
    _parties: &[Counterparty],
    _records: &[KnownRecord],
    _decisions: &[Decision],
    _settings: &MatchSettings,
) -> Vec<PartyVerdict> {
    Vec::new()
}
