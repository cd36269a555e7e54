//! What is kept of a search so that it need not be done again: the best of the records met with what they share, and the bits
//! of all that were compared. Deliberately absent: deciding who is searched for anew (`dirty`).

use std::mem::take;

use smallvec::SmallVec;

use super::{
    super::{
        assign::FAINT,
        found::{Found, Room, Scored, enough, nearest},
        ranking::{LOOK, Shared, choose, place, rank},
        search::{Search, code_of},
    },
    dirty::Dirty,
    fates::Fates,
    items::NOWHERE,
};
use crate::domain::verdict::Work;

/// Records kept beyond those whose place is looked at: so many may vanish before the search is done again.
const SPARE: usize = 28;

/// One counterparty's search.
#[derive(Debug, Default)]
pub(super) struct Memo {
    /// The best of the records met, best first, and what their places say.
    list: Vec<Shared>,
    places: Vec<i8>,
    /// How many were met by what is added up; and how many more by a number or contact only.
    met: u32,
    unmet: u32,
    /// Records with a number or contact of the counterparty, and those with its ИНН that are gone.
    sure: Vec<u32>,
    gone: Vec<u32>,
    settled: bool,
    /// Whether it asked for something that nobody had foreseen: what is near that is not followed from run to run.
    unforeseen: bool,
    /// The work before the search.
    work: Work,
    /// Those that were chosen, with the sure ones, by record; and how many they were before what is decided was left out.
    near: Vec<Near>,
    chosen: u32,
    /// Those that stand behind, if they were compared too, by record, with their bits; and how many they were.
    far: Vec<(u32, f32)>,
    stood: u32,
    behind: bool,
}

/// A record that was chosen, as it compared.
#[derive(Clone, Copy, Debug)]
struct Near {
    record: u32,
    bits: f32,
    /// Whether both sides have an ИНН, and not the same.
    other_inn: bool,
}

/// To be compared.
const OPEN: f32 = f32::NAN;

/// What a change does to one counterparty that is not searched for anew.
#[derive(Default)]
pub(super) struct Hits {
    /// Records new or changed, by place now, that it meets.
    pub new: Vec<Shared>,
    /// How many it met that are gone or were changed.
    pub old: u32,
}

/// What is to be done with a search that was carried on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Carried {
    /// The same records compare as they did.
    Same,
    /// Some compare otherwise.
    Touched,
    /// There may be others to compare.
    Relisted,
}

impl Search<'_> {
    /// Searches for one counterparty and keeps how.
    pub(super) fn one_kept(&self, i: usize, room: &mut Room) -> (Found, Option<Box<Memo>>) {
        let (mut found, gone) = self.by_number(i);
        let (Some(party), Some(profile), Some(gone)) = (self.parties.get(i), self.profiles.get(i), gone) else {
            return (found, None);
        };
        let (words, weights) = (&self.words, &self.weights);
        let (scratch, best) = room;
        let sure = self.blocks.sure(profile, words.known_code(code_of(party)), words);
        let settled = self.blocks.settled(profile, &self.record_profiles, words, weights);
        self.blocks.gather(&self.blocks.lists, profile, settled, words, weights, scratch);
        let unmet = sure.iter().filter(|record| !scratch.has_met(**record)).count() as u32;
        let met = scratch.take(LOOK + SPARE, best) as u32;
        best.sort_unstable_by_key(|shared| rank(*shared));
        let geography = &weights.geography;
        let mut memo = Memo {
            list: best.as_slice().to_vec(),
            places: best.iter().map(|(i, _)| place(*i, profile, &self.record_profiles, geography)).collect(),
            met,
            unmet,
            sure: sure.into_iter().collect(),
            gone,
            settled,
            unforeseen: !settled && !self.blocks.foresaw(profile, words),
            work: found.work,
            ..Memo::default()
        };
        memo.judge(i, &mut found, Carried::Relisted, self);
        (found, Some(Box::new(memo)))
    }
}

impl Memo {
    /// Of what was met those to compare, and those that stand behind them.
    fn choose(&self) -> (Vec<u32>, Vec<u32>) {
        choose(self.list.iter().copied().zip(self.places.iter().copied()).take(LOOK))
    }

    /// Whether the search can only be done again.
    pub fn is_unforeseen(&self) -> bool {
        self.unforeseen
    }

    /// Whether a record of the very name in the very place settled the search, as it does now.
    pub fn is_settled(&self) -> bool {
        self.settled
    }

    /// Takes the records to where they stand now, and takes in what is met besides. `None` when more vanished than was kept:
    /// the search has to be done again.
    pub fn carry(
        &mut self,
        i: usize,
        fates: &Fates,
        hits: &Hits,
        dirty: &Dirty,
        search: &Search<'_>,
    ) -> Option<Carried> {
        let all = self.met as usize <= self.list.len();
        let last = self.list.last().map(|(record, sum)| (fates.place(*record), *sum));
        self.met = (self.met + hits.new.len() as u32).checked_sub(hits.old)?;
        let mut changed = self.carry_list(i, fates, dirty, search);
        for hit in &hits.new {
            // Behind the last one kept others may stand that were not.
            if !all && last.is_none_or(|last| rank(*hit) > rank(last)) {
                continue;
            }
            let at = self.list.partition_point(|other| rank(*other) < rank(*hit));
            self.list.insert(at, *hit);
            self.places.insert(at, place_for(i, hit.0, search));
            changed = true;
        }
        self.list.truncate(LOOK + SPARE);
        self.places.truncate(LOOK + SPARE);
        if self.list.len() < LOOK.min(self.met as usize) {
            return None;
        }
        let here = |list: &mut Vec<u32>| {
            let n = list.len();
            list.retain_mut(|record| fates.now(*record).map(|now| *record = now.place).is_some());
            list.len() == n
        };
        (here(&mut self.sure) && here(&mut self.gone)).then_some(())?;
        let n = self.near.len() + self.far.len();
        let mut touched = false;
        let mut carry = |record: &mut u32, bits: &mut f32| {
            let Some(now) = fates.now(*record) else { return false };
            *record = now.place;
            if now.worth || now.elsewhere && dirty.place(i, now.place) {
                (*bits, touched) = (OPEN, true);
            }
            true
        };
        self.near.retain_mut(|near| carry(&mut near.record, &mut near.bits));
        self.far.retain_mut(|(record, bits)| carry(record, bits));
        if self.near.len() + self.far.len() != n || changed && (self.behind || !self.compares(&self.choose().0)) {
            return Some(Carried::Relisted);
        }
        // The same as were compared: if they are worth the same, there is nothing to judge.
        Some(if touched { Carried::Touched } else { Carried::Same })
    }

    /// Takes the list to where its records stand now; answers whether it is another one, or places say something else.
    fn carry_list(&mut self, i: usize, fates: &Fates, dirty: &Dirty, search: &Search<'_>) -> bool {
        let (mut changed, mut kept) = (false, 0);
        for at in 0..self.list.len() {
            let Some(((record, sum), known)) = self.list.get(at).copied().zip(self.places.get(at).copied()) else {
                break;
            };
            let Some(now) = fates.now(record) else {
                changed = true;
                continue;
            };
            let asked = now.elsewhere && dirty.place(i, now.place);
            let here = if asked { place_for(i, now.place, search) } else { known };
            changed |= here != known;
            if let (Some(shared), Some(place)) = (self.list.get_mut(kept), self.places.get_mut(kept)) {
                (*shared, *place) = ((now.place, sum), here);
            }
            kept += 1;
        }
        self.list.truncate(kept);
        self.places.truncate(kept);
        changed
    }

    /// Whether exactly these, beside the sure ones, were compared.
    fn compares(&self, kept: &[u32]) -> bool {
        self.near.len() as u32 == self.chosen && self.near.iter().map(|near| near.record).eq(self.candidates(kept))
    }

    /// These and the sure ones, by record.
    fn candidates(&self, kept: &[u32]) -> SmallVec<[u32; 32]> {
        let mut all: SmallVec<[u32; 32]> = self.sure.iter().chain(&self.gone).chain(kept).copied().collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Counts what is met now, where nothing else changed.
    pub fn count(&self, found: &mut Found) {
        found.work.met = self.work.met.max(self.met + self.unmet);
    }

    /// Judges with what is known: only what was not compared yet, or is touched, is compared.
    pub fn judge(&mut self, i: usize, found: &mut Found, carried: Carried, search: &Search<'_>) {
        let (Some(party), Some(profile)) = (search.parties.get(i), search.profiles.get(i)) else { return };
        let code = code_of(party);
        let other_inn = |record: u32| {
            search.record_profiles.get(record as usize).is_some_and(|r| profile.contradicts(r, &search.words))
        };
        let relisted = carried == Carried::Relisted;
        let (kept, reserve) = if relisted { self.choose() } else { (Vec::new(), Vec::new()) };
        let (was_near, was_far) =
            if relisted { (take(&mut self.near), take(&mut self.far)) } else { (Vec::new(), Vec::new()) };
        let known_near = |record: u32| {
            was_near.binary_search_by_key(&record, |near| near.record).ok().and_then(|at| was_near.get(at))
        };
        let known = |record: u32| {
            let far =
                || was_far.binary_search_by_key(&record, |(record, _)| *record).ok().and_then(|at| was_far.get(at));
            known_near(record).map(|near| near.bits).or_else(|| far().map(|(_, bits)| *bits)).unwrap_or(OPEN)
        };
        if relisted {
            let candidates = self.candidates(&kept);
            self.chosen = candidates.len() as u32;
            let open = candidates.into_iter().filter(|record| search.is_open(found, *record));
            let near = |record: u32| Near {
                record,
                bits: known(record),
                other_inn: known_near(record).map_or_else(|| other_inn(record), |near| near.other_inn),
            };
            self.near = open.map(near).collect();
        }
        let mut fresh: SmallVec<[Scored; 8]> = SmallVec::new();
        let mut compare = |record: u32, bits: &mut f32| {
            if bits.is_nan() {
                let Some(scored) = search.score(profile, code, record) else { return };
                *bits = scored.bits;
                fresh.push(scored);
            }
        };
        self.near.iter_mut().for_each(|near| compare(near.record, &mut near.bits));
        found.work = Work { limited: false, compared: self.work.compared.max(self.chosen), ..self.work };
        let more = search.wants_more(found, self.near.iter().map(|near| (near.bits, near.other_inn)));
        if more {
            if relisted || !self.behind {
                let mut reserve = if relisted { reserve } else { self.choose().1 };
                reserve.retain(|record| self.sure.binary_search(record).is_err());
                self.stood = reserve.len() as u32;
                reserve.retain(|record| search.is_open(found, *record));
                reserve.sort_unstable();
                self.far = reserve.into_iter().map(|record| (record, known(record))).collect();
            }
            self.far.iter_mut().for_each(|(record, bits)| compare(*record, bits));
            let cut = self.met as usize > LOOK;
            found.work.limited = cut && search.is_alike(nearest(self.far.iter().map(|(_, bits)| *bits)));
            found.work.compared += self.stood;
        } else {
            self.far.clear();
        }
        self.behind = more;
        self.count(found);

        let near = self.near.iter().map(|near| (near.record, near.bits));
        let mut best: SmallVec<[(u32, f32); 128]> = near.chain(self.far.iter().copied()).collect();
        let better = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        let enough = enough(best.iter().filter(|(_, bits)| *bits > FAINT).count());
        if best.len() > enough {
            best.select_nth_unstable_by(enough, better);
            best.truncate(enough);
        }
        best.sort_unstable_by(better);
        let mut old = take(&mut found.scored);
        for (record, _) in best {
            let of = |list: &[Scored]| list.iter().position(|c| c.record == record);
            let new = of(&fresh).map(|at| fresh.swap_remove(at));
            let known = || of(&old).map(|at| old.swap_remove(at));
            found.scored.extend(new.or_else(known).or_else(|| search.score(profile, code, record)));
        }
    }
}

/// What the record's place says to the counterparty at that place.
fn place_for(i: usize, record: u32, search: &Search<'_>) -> i8 {
    let profile = search.profiles.get(i);
    profile.map_or(0, |profile| place(record, profile, &search.record_profiles, &search.weights.geography))
}

impl Found {
    /// Takes the records to where they stand now; `false` when one of them is no longer as it was. What rivals took is given
    /// back.
    pub(super) fn carry(&mut self, fates: &Fates) -> bool {
        let mut whole = true;
        let mut now = |record: &mut u32| {
            let to = fates.now(*record);
            whole &= to.is_some();
            *record = to.map_or(NOWHERE, |now| now.place);
        };
        self.by_inn.iter_mut().for_each(|(record, _)| now(record));
        self.gone.iter_mut().chain(&mut self.other_branch).for_each(&mut now);
        self.place = None;
        let mut scored = std::mem::take(&mut self.scored);
        scored.retain_mut(|c| {
            c.alone();
            fates.now(c.record).map(|now| c.record = now.place).is_some()
        });
        super::super::found::sort(&mut scored);
        self.scored = scored;
        whole
    }
}
