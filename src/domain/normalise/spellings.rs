//! Distinct spellings of buyers, gathered sale by sale: a million sales name a few hundred thousand buyers, and only these
//! have to stand in memory. Deliberately absent: what the spellings say (`identity`), whose they are (`parties`).

use std::{
    hash::{BuildHasher, Hash},
    sync::Arc,
};

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use crate::domain::{
    finding::{PlaceLook, SourceRef},
    sale::{PartyLook, PartyRef},
};

/// Spellings in the order met.
#[derive(Debug, Default)]
pub struct Spellings {
    list: Vec<Spelling>,
    seen: HashTable<u32>,
}

/// One distinct spelling beside sales.
#[derive(Debug)]
pub(super) struct Spelling {
    pub party: Arc<PartyRef>,
    /// Sales that have it.
    pub sales: usize,
    /// The first place that has it, in whatever order they came.
    pub source: SourceRef,
}

fn hash(party: impl Hash) -> u64 {
    FxBuildHasher.hash_one(party)
}

impl Spellings {
    /// Counts a sale; answers the number of its spelling. `lasting` makes the place of what is written down.
    pub fn add(&mut self, party: PartyLook<'_>, place: PlaceLook<'_>, lasting: impl FnOnce() -> SourceRef) -> usize {
        let key = hash(party);
        let Self { list, seen } = self;
        let same = |at: &u32| list.get(*at as usize).is_some_and(|known| known.party.look() == party);
        if let Some(at) = seen.find(key, same).map(|at| *at as usize) {
            if let Some(known) = list.get_mut(at) {
                known.sales += 1;
                if place < known.source.look() {
                    known.source = lasting();
                }
            }
            return at;
        }
        let at = list.len();
        list.push(Spelling { party: Arc::new(party.to_owned()), sales: 1, source: lasting() });
        seen.insert_unique(key, at as u32, |at| list.get(*at as usize).map_or(0, |known| hash(known.party.look())));
        at
    }

    /// The spelling of a number.
    pub fn party(&self, spelling: usize) -> Option<&PartyRef> {
        self.list.get(spelling).map(|s| &*s.party)
    }

    pub(super) fn list(&self) -> &[Spelling] {
        &self.list
    }
}
