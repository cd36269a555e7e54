//! Which counterparty is which CRM record: decisions of people, then ИНН, then a complete search by name, numbers and
//! contacts. What lies between the thresholds, ties, or rests on a deleted record goes to a person.
//! Deliberately absent: money, deadlines, exemptions (`assess`), deals and activities (they are no clients).

mod again;
mod ahead;
mod assign;
mod blocking;
mod calibration;
mod claims;
mod comparison;
mod counts;
mod decision;
mod doubt;
mod draft;
mod edits;
mod evidence;
mod explain;
mod family;
mod found;
mod fuzzy;
mod general;
mod handles;
mod intern;
mod likeness;
mod lists;
mod naming;
mod neighbours;
mod persons;
mod place;
mod postings;
mod profile;
mod ranking;
mod reason;
mod said;
mod search;
mod standing;
mod towns;
mod vocabulary;
mod weight;
mod wholes;
mod wording;
mod words;

use super::{
    crm::{CrmId, KnownRecord},
    parallel,
    party::Counterparty,
    verdict::{Decision, PartyVerdict},
};

pub use again::Matcher;
pub use explain::{Claim, Explained, Line, Waterfall, explain};

/// Thresholds and switches, from the config (`[matching]`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchSettings {
    /// At or above: an automatic match, if the gate agrees (score 0..=10 000).
    pub accept_bp: u32,
    /// At or above, below `accept_bp`: a person looks.
    pub review_bp: u32,
    /// Whether a branch (same ИНН, other КПП) counts as entered when only another branch or the head office is in the CRM.
    pub branch_counts: bool,
    /// Whether evidence is shifted by what the company's people confirmed and rejected.
    pub calibrate: bool,
}

impl Default for MatchSettings {
    fn default() -> Self {
        Self { accept_bp: 9_300, review_bp: 7_500, branch_counts: true, calibrate: false }
    }
}

/// The entity that each company and contact is: records with one number are duplicates of each other. Sorted by id.
pub fn entities(records: &[KnownRecord]) -> Vec<(CrmId, u32)> {
    let settings = MatchSettings::default();
    let search = search::Search::new(&[], records, &[], &settings);
    search.records.iter().zip(&search.cluster).map(|(known, entity)| (known.record.id.clone(), *entity)).collect()
}

/// One verdict per counterparty, in the order given. Independent of the order of either side.
pub fn pair(
    parties: &[Counterparty],
    records: &[KnownRecord],
    decisions: &[Decision],
    settings: &MatchSettings,
) -> Vec<PartyVerdict> {
    pair_each(parties, records, decisions, settings, Detail::Full, |_, verdict| verdict)
}

/// What of a verdict is put into words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// The verdict and every candidate.
    Full,
    /// The verdict; candidates have no reason unless they share one number.
    Verdict,
}

/// The same, each verdict handed to `told` with the place of its counterparty as soon as it is made: for callers who
/// do not need hundreds of thousands of worded verdicts at once.
pub fn pair_each<T: Send>(
    parties: &[Counterparty],
    records: &[KnownRecord],
    decisions: &[Decision],
    settings: &MatchSettings,
    detail: Detail,
    told: impl Fn(usize, PartyVerdict) -> T + Sync,
) -> Vec<T> {
    let order = in_order(parties);
    let sorted: Vec<&Counterparty> = order.iter().filter_map(|i| parties.get(*i)).collect();
    let mut search = search::Search::new(&sorted, records, decisions, settings);
    let mut found = search.all();
    family::settle(&mut found, &search);
    assign::settle(&mut found, &search, None);
    let verdict =
        |i: usize, found| told(order.get(i).copied().unwrap_or(i), decision::verdict(i, found, &search, detail.into()));
    let made = parallel::in_parallel_over(found, verdict);
    let mut in_their_order: Vec<Option<T>> = std::iter::repeat_with(|| None).take(made.len()).collect();
    for (at, verdict) in order.into_iter().zip(made) {
        if let Some(slot) = in_their_order.get_mut(at) {
            *slot = Some(verdict);
        }
    }
    in_their_order.into_iter().flatten().collect()
}

/// Places of the counterparties in an order of their own: numbers of words, ties and sums must not depend on the caller's.
fn in_order(parties: &[Counterparty]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..parties.len()).collect();
    order.sort_by(|a, b| {
        let of = |i: &usize| parties.get(*i).map(|p| (&p.key, &p.spellings));
        of(a).cmp(&of(b))
    });
    order
}
