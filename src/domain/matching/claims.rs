//! Claims of all counterparties on all entities, laid out for the weighing: each side reads what the other said and writes
//! only its own, list by list. Deliberately absent: what becomes of the weights (`assign`).

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::{
    assign::{FAINT, different},
    doubt::Doubt,
    found::{Finds, Found},
    postings::Postings,
    search::Search,
};
use crate::domain::parallel::{by_thread, each_list_in_parallel};

/// Odds of a counterparty on a record with its own ИНН.
const OWNED: f64 = 1e6;

/// Claims of counterparties on entities of the CRM, one counterparty behind the other.
#[derive(Default)]
pub(super) struct Claims {
    /// Where the claims of each counterparty end.
    party_ends: Vec<u32>,
    pub party: Vec<u32>,
    pub entity: Vec<u32>,
    /// Odds that it is the one, against its not being in the CRM at all.
    odds: Vec<f64>,
    /// Message to the entity: what the counterparty's other candidates leave of the claim.
    pub own: Vec<f64>,
    /// Each claim's place among those on its entity, one entity behind the other.
    place: Vec<u32>,
    /// Claims on each entity.
    by_entity: Postings,
    /// By that place. Message from the entity: what the other counterparties leave of the claim.
    rivals: Vec<f64>,
    /// Entities that several claim, and counterparties of several claims with one of these among them: only there does a
    /// later round say anything new.
    contested: Vec<u32>,
    torn: Vec<u32>,
    /// By that place, where there are any: claims of other spellings of the same counterparty, which are no rivals.
    same: FxHashMap<u32, Box<[u32]>>,
}

impl Claims {
    pub fn of<F: Finds>(found: &[F], search: &Search<'_>) -> Self {
        let mut all = Self::default();
        let pieces = by_thread(found.len(), |range| {
            let mut claims: Vec<(u32, f64)> = Vec::new();
            let mut end = |one: &F| {
                claims_of(one.found(), search, &mut claims);
                claims.len() as u32
            };
            let ends: Vec<u32> = found.get(range).unwrap_or_default().iter().map(&mut end).collect();
            (ends, claims)
        });
        for (ends, claims) in pieces {
            let from = all.odds.len() as u32;
            let mut before = 0;
            for end in ends {
                let party = all.party_ends.len() as u32;
                all.party.extend(std::iter::repeat_n(party, (end - before) as usize));
                all.party_ends.push(from + end);
                before = end;
            }
            all.entity.extend(claims.iter().map(|(entity, _)| *entity));
            all.odds.extend(claims.iter().map(|(_, odds)| *odds));
        }
        let n = all.odds.len();
        let pairs: Vec<(u32, u32)> = all.entity.iter().copied().zip(0..).collect();
        all.by_entity = Postings::new(search.records.len(), &pairs);
        all.place = vec![0; n];
        for (place, claim) in (0..).zip(all.by_entity.members()) {
            if let Some(slot) = all.place.get_mut(*claim as usize) {
                *slot = place;
            }
        }
        (all.own, all.rivals) = (vec![1.0; n], vec![1.0; n]);
        all.contested = (0..search.records.len() as u32).filter(|entity| all.on(*entity as usize).len() > 1).collect();
        let is_torn = |party: &u32| {
            let own = all.of_party(*party as usize);
            own.len() > 1 && own.into_iter().any(|claim| all.is_contested(claim))
        };
        all.torn = (0..all.party_ends.len() as u32).filter(is_torn).collect();
        let pieces = by_thread(all.contested.len(), |range| {
            let contested = all.contested.get(range).unwrap_or_default();
            contested.iter().flat_map(|entity| all.same_on(*entity as usize, search)).collect::<Vec<_>>()
        });
        all.same = pieces.into_iter().flatten().collect();
        all
    }

    /// Whether two claims on one entity exclude each other.
    fn exclude(&self, a: u32, b: u32, search: &Search<'_>) -> bool {
        let party = |claim: u32| self.party.get(claim as usize).map_or(0, |party| *party as usize);
        different(search, party(a), party(b))
    }

    /// Claims on one entity that are no rivals: by place.
    fn same_on(&self, entity: usize, search: &Search<'_>) -> Vec<(u32, Box<[u32]>)> {
        let on = self.on(entity);
        let others = |claim: &u32| -> Box<[u32]> {
            on.iter().filter(|other| *other != claim && !self.exclude(*claim, **other, search)).copied().collect()
        };
        let places = on.first().and_then(|claim| self.place.get(*claim as usize)).map_or(0, |place| *place)..;
        places.zip(on.iter().map(others)).filter(|(_, others)| !others.is_empty()).collect()
    }

    /// Claims of a counterparty.
    pub fn of_party(&self, party: usize) -> std::ops::Range<usize> {
        let from = party.checked_sub(1).and_then(|before| self.party_ends.get(before)).copied().unwrap_or(0);
        from as usize..self.party_ends.get(party).copied().unwrap_or(from) as usize
    }

    /// Claims on an entity.
    pub fn on(&self, entity: usize) -> &[u32] {
        self.by_entity.get(entity as u32)
    }

    fn odds(&self, claim: usize) -> f64 {
        self.odds.get(claim).copied().unwrap_or(0.0)
    }

    /// The claim as its entity hears it.
    pub fn weight(&self, claim: u32) -> f64 {
        self.odds(claim as usize) * self.own.get(claim as usize).copied().unwrap_or(0.0)
    }

    /// What the entity's other claims leave of this one.
    pub fn rivals(&self, claim: usize) -> f64 {
        self.place.get(claim).and_then(|place| self.rivals.get(*place as usize)).copied().unwrap_or(1.0)
    }

    /// See `same`.
    pub fn same(&self, claim: usize) -> &[u32] {
        self.place.get(claim).and_then(|place| self.same.get(place)).map_or(&[], |same| same)
    }

    fn is_contested(&self, claim: usize) -> bool {
        self.entity.get(claim).is_some_and(|entity| self.on(*entity as usize).len() > 1)
    }

    /// Every counterparty tells the entities what its other candidates leave of each claim.
    pub fn tell(&mut self) {
        let mut own = std::mem::take(&mut self.own);
        each_list_in_parallel(&self.party_ends, &mut own, |_, from, own| self.tell_own(from, own));
        self.own = own;
    }

    /// Writes what the claims from `from` on leave of each other.
    fn tell_own(&self, from: usize, own: &mut [f64]) {
        let n = own.len();
        if n < 2 {
            return;
        }
        let heard = |claim: usize| self.odds(claim) * self.rivals(claim);
        let sum = 1.0 + (from..from + n).map(heard).sum::<f64>();
        for (claim, own) in (from..).zip(own) {
            *own = coarse(1.0 / (sum - heard(claim)).max(1.0));
        }
    }

    /// Further rounds, so many at most: whoever heard something new tells it once more, and whoever is told something new
    /// answers once more. Nearly all have nothing new to say after a few rounds.
    pub fn settle(&mut self, rounds: usize) {
        let (mut torn, mut contested) = (std::mem::take(&mut self.torn), std::mem::take(&mut self.contested));
        self.answer(&contested);
        for _ in 1..rounds {
            contested = self.tell_again(&torn);
            torn = self.answer(&contested);
        }
    }

    /// These counterparties tell once more; answers the contested entities that hear something new.
    fn tell_again(&mut self, torn: &[u32]) -> Vec<u32> {
        let told = by_thread(torn.len(), |range| {
            let (mut told, mut own): (Vec<(u32, f64)>, SmallVec<[f64; 16]>) = (Vec::new(), SmallVec::new());
            for party in torn.get(range).unwrap_or_default() {
                let range = self.of_party(*party as usize);
                let before = self.own.get(range.clone()).unwrap_or_default();
                own.clear();
                own.extend_from_slice(before);
                self.tell_own(range.start, &mut own);
                let new = own.iter().zip(before).zip(range).filter(|((now, before), _)| is_new(**before, **now));
                told.extend(new.map(|((now, _), claim)| (claim as u32, *now)));
            }
            told
        });
        let mut heard: Vec<u32> = Vec::new();
        for (claim, now) in told.into_iter().flatten() {
            if let Some(own) = self.own.get_mut(claim as usize) {
                *own = now;
            }
            if self.is_contested(claim as usize) {
                heard.extend(self.entity.get(claim as usize));
            }
        }
        distinct(heard)
    }

    /// These entities, which several claim, answer what the others leave of each claim; answers the counterparties of several
    /// claims that hear something new.
    fn answer(&mut self, contested: &[u32]) -> Vec<u32> {
        let answered = by_thread(contested.len(), |range| {
            let mut answers: Vec<(u32, u32, f64)> = Vec::new();
            for entity in contested.get(range).unwrap_or_default() {
                let list = self.on(*entity as usize);
                let sum = 1.0 + list.iter().map(|claim| self.weight(*claim)).sum::<f64>();
                for claim in list {
                    let same: f64 = self.same(*claim as usize).iter().map(|claim| self.weight(*claim)).sum();
                    let now = coarse(1.0 / (sum - self.weight(*claim) - same).max(1.0));
                    let place = self.place.get(*claim as usize).copied().unwrap_or_default();
                    if self.rivals.get(place as usize).is_some_and(|before| is_new(*before, now)) {
                        answers.push((*claim, place, now));
                    }
                }
            }
            answers
        });
        let mut heard: Vec<u32> = Vec::new();
        for (claim, place, now) in answered.into_iter().flatten() {
            if let Some(rivals) = self.rivals.get_mut(place as usize) {
                *rivals = now;
            }
            heard.extend(self.party.get(claim as usize).filter(|party| self.of_party(**party as usize).len() > 1));
        }
        distinct(heard)
    }
}

/// An answer to twelve binary digits: what a claim far away moves by less is nobody's business, this week or the next.
fn coarse(left: f64) -> f64 {
    const FINE: u64 = 1 << (52 - DIGITS);
    f64::from_bits((left.to_bits() + FINE / 2) & !(FINE - 1))
}

/// See [`coarse`].
const DIGITS: u32 = 12;

/// Whether an answer says something new.
fn is_new(before: f64, now: f64) -> bool {
    before.total_cmp(&now).is_ne()
}

fn distinct(mut list: Vec<u32>) -> Vec<u32> {
    list.sort_unstable();
    list.dedup();
    list
}

/// Adds what one counterparty claims: entities, ascending, with the odds.
fn claims_of(one: &Found, search: &Search<'_>, claims: &mut Vec<(u32, f64)>) {
    let cluster = |record: u32| search.cluster.get(record as usize).copied().unwrap_or(record);
    let mut mine: SmallVec<[(u32, f64); 16]> = SmallVec::new();
    // A record that a person confirmed is no claim here: whoever else fits it is shown that decision (`decisions`).
    mine.extend(one.by_inn.iter().map(|(record, _)| (cluster(*record), OWNED)));
    // A branch's record without ИНН is claimed for what its evidence is worth, not for the company's number.
    if let Some(c) = one.scored.iter().find(|c| Some(c.record) == one.place) {
        mine.clear();
        mine.push((cluster(c.record), f64::from(c.own).min(40.0).exp2()));
    }
    if mine.is_empty() {
        let open = one.scored.iter().filter(|c| c.own > FAINT && !c.doubts.has(Doubt::OtherInn));
        mine.extend(open.map(|c| (cluster(c.record), f64::from(c.own).min(40.0).exp2())));
    }
    // Of several records of one entity the best.
    mine.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
    mine.dedup_by_key(|(entity, _)| *entity);
    claims.extend(mine);
}
