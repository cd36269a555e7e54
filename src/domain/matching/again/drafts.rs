//! The texts of whoever is read in a run, each read once however often its words are numbered.
//! Deliberately absent: numbering them (`reading`).

use rustc_hash::FxHashMap;

use super::super::{draft::Draft, towns::Towns};
use crate::domain::{crm::KnownRecord, parallel::in_parallel, party::Counterparty};

/// Drafts by place now.
pub(super) struct Drafts<'a> {
    given: (&'a [&'a Counterparty], &'a [&'a KnownRecord]),
    parties: FxHashMap<u32, Draft>,
    records: FxHashMap<u32, Draft>,
    empty: Draft,
}

impl<'a> Drafts<'a> {
    pub fn new(parties: &'a [&'a Counterparty], records: &'a [&'a KnownRecord]) -> Self {
        let given = (parties, records);
        Self { given, parties: FxHashMap::default(), records: FxHashMap::default(), empty: Draft::default() }
    }

    /// Reads those at these places that were not read yet, on all threads.
    pub fn read(&mut self, parties: &[u32], records: &[u32], towns: &Towns) {
        let (given_parties, given_records) = self.given;
        let new = |places: &[u32], known: &FxHashMap<u32, Draft>| -> Vec<u32> {
            places.iter().filter(|place| !known.contains_key(place)).copied().collect()
        };
        let (ours, theirs) = (new(parties, &self.parties), new(records, &self.records));
        let read = |i: usize| {
            if let Some(place) = ours.get(i) {
                return given_parties.get(*place as usize).map(|party| Draft::of_party(party, towns));
            }
            let place = theirs.get(i.saturating_sub(ours.len()))?;
            given_records.get(*place as usize).map(|known| Draft::of_record(known, towns))
        };
        let mut drafts = in_parallel(ours.len() + theirs.len(), read).into_iter().map(Option::unwrap_or_default);
        self.parties.extend(ours.iter().copied().zip(drafts.by_ref()));
        self.records.extend(theirs.iter().copied().zip(drafts));
    }

    /// What was read of the counterparty at that place.
    pub fn party(&self, place: Option<&u32>) -> &Draft {
        place.and_then(|place| self.parties.get(place)).unwrap_or(&self.empty)
    }

    /// The same of a record.
    pub fn record(&self, place: Option<&u32>) -> &Draft {
        place.and_then(|place| self.records.get(place)).unwrap_or(&self.empty)
    }
}
