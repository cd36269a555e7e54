//! Distinct spellings of buyers, gathered sale by sale: a million sales name a few hundred thousand buyers, and only these
//! have to stand in memory. Deliberately absent: what the spellings say (`identity`), whose they are (`parties`).

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::domain::{finding::SourceRef, sale::PartyRef};

/// Spellings in the order met.
#[derive(Debug, Default)]
pub struct Spellings {
    list: Vec<Spelling>,
    seen: FxHashMap<Arc<PartyRef>, usize>,
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

impl Spellings {
    /// Counts a sale; answers the number of its spelling.
    pub fn add(&mut self, party: &PartyRef, source: &SourceRef) -> usize {
        if let Some(at) = self.seen.get(party) {
            if let Some(known) = self.list.get_mut(*at) {
                known.sales += 1;
                if *source < known.source {
                    known.source = source.clone();
                }
            }
            return *at;
        }
        let (at, party) = (self.list.len(), Arc::new(party.clone()));
        self.seen.insert(Arc::clone(&party), at);
        self.list.push(Spelling { party, sales: 1, source: source.clone() });
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
