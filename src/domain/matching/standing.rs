//! What the candidates of a counterparty meet of all claims, as a print: where it is what it was, nothing is to be settled
//! anew. Deliberately absent: the weighing (`claims`), what becomes of it (`assign`).

use std::hash::{BuildHasher, Hash, Hasher};

use rustc_hash::{FxBuildHasher, FxHasher};

use super::{claims::Claims, found::Scored, search::Search};
use crate::domain::parallel::in_parallel;

/// Prints of the contents of counterparties and records, by place.
pub(super) type Contents = (Vec<u64>, Vec<u64>);

/// By entity: who claims it, for how much, and which of them are no rivals of each other.
pub(super) struct Standing(Vec<u64>);

impl Standing {
    pub fn new(claims: &Claims, (parties, records): &Contents, search: &Search<'_>) -> Self {
        let whose = |claim: u32| claims.party.get(claim as usize).and_then(|party| parties.get(*party as usize));
        let of = |entity: usize| {
            let mut hasher = FxHasher::default();
            records.get(entity).hash(&mut hasher);
            let on = claims.on(entity);
            for claim in on {
                (whose(*claim), claims.weight(*claim).to_bits()).hash(&mut hasher);
                if on.len() > 1 {
                    claims.same(*claim as usize).iter().for_each(|other| whose(*other).hash(&mut hasher));
                }
            }
            hasher.finish()
        };
        Self(in_parallel(search.records.len(), of))
    }

    /// What these candidates of a counterparty meet, whatever order they stand in. What its own claims are worth is among it.
    pub fn of(&self, scored: &[Scored], search: &Search<'_>) -> u64 {
        let of = |c: &Scored| {
            let entity = search.cluster.get(c.record as usize).copied().unwrap_or(c.record);
            FxBuildHasher.hash_one(self.0.get(entity as usize))
        };
        scored.iter().map(of).fold(1, u64::wrapping_add)
    }
}
