//! What is kept of a search so that it need not be done again: the best of the records met with what they share, and the bits
//! of all that were compared. Deliberately absent: deciding who is searched for anew (`dirty`).

use super::{
    super::{
        assign::FAINT,
        found::{Found, Room, Scored, enough, nearest},
        ranking::{LOOK, Shared, choose, place, rank},
        search::{Search, code_of},
    },
    dirty::Dirty,
    items::{Moves, NOWHERE},
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
    /// Everything compared with its bits, by record.
    compared: Vec<(u32, f64)>,
    /// Whether those that stand behind were compared too.
    behind: bool,
}

/// What a change does to one counterparty that is not searched for anew.
#[derive(Default)]
pub(super) struct Hits {
    /// Records new or changed, by place now, that it meets.
    pub new: Vec<Shared>,
    /// How many it met that are gone or were changed.
    pub old: u32,
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
            compared: Vec::new(),
            behind: false,
        };
        memo.judge(i, &mut found, &|_| false, self);
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
    /// the search has to be done again. Else whether the search has to be judged again.
    pub fn carry(&mut self, i: usize, moves: &Moves, hits: &Hits, dirty: &Dirty, search: &Search<'_>) -> Option<bool> {
        let profile = search.profiles.get(i)?;
        let geography = &search.weights.geography;
        let place = |record: u32| place(record, profile, &search.record_profiles, geography);
        let all = self.met as usize <= self.list.len();
        let last =
            self.list.last().map(|(record, sum)| (moves.place.get(*record as usize).copied().unwrap_or(NOWHERE), *sum));
        let mut changed = false;
        let mut kept = 0;
        for at in 0..self.list.len() {
            let Some(((record, sum), known)) = self.list.get(at).copied().zip(self.places.get(at).copied()) else {
                break;
            };
            let Some(now) = moves.now(record) else {
                changed = true;
                continue;
            };
            let here = if dirty.place(i, now) { place(now) } else { known };
            changed |= here != known;
            if let (Some(shared), Some(place)) = (self.list.get_mut(kept), self.places.get_mut(kept)) {
                (*shared, *place) = ((now, sum), here);
            }
            kept += 1;
        }
        self.list.truncate(kept);
        self.places.truncate(kept);
        self.met = (self.met + hits.new.len() as u32).checked_sub(hits.old)?;
        for hit in &hits.new {
            // Behind the last one kept others may stand that were not.
            if !all && last.is_none_or(|last| rank(*hit) > rank(last)) {
                continue;
            }
            let at = self.list.partition_point(|other| rank(*other) < rank(*hit));
            self.list.insert(at, *hit);
            self.places.insert(at, place(hit.0));
            changed = true;
        }
        self.list.truncate(LOOK + SPARE);
        self.places.truncate(LOOK + SPARE);
        if self.list.len() < LOOK.min(self.met as usize) {
            return None;
        }
        let here = |list: &mut Vec<u32>| {
            let n = list.len();
            *list = list.iter().filter_map(|record| moves.now(*record)).collect();
            list.len() == n
        };
        (here(&mut self.sure) && here(&mut self.gone)).then_some(())?;
        let compared = self.compared.len();
        let mut touched = false;
        self.compared.retain_mut(|(record, _)| {
            moves.now(*record).map(|now| (*record = now, touched |= dirty.pair(i, now))).is_some()
        });
        if touched || self.compared.len() != compared {
            return Some(true);
        }
        // The same as were compared, in the same worth: there is nothing to judge.
        Some(changed && (self.behind || !self.compares(&self.choose().0)))
    }

    /// Whether exactly these, beside the sure ones, were compared.
    fn compares(&self, kept: &[u32]) -> bool {
        let mut all: Vec<u32> = self.sure.iter().chain(&self.gone).chain(kept).copied().collect();
        all.sort_unstable();
        all.dedup();
        self.compared.iter().map(|(record, _)| *record).eq(all)
    }

    /// Counts what is met now, where nothing else changed.
    pub fn count(&self, found: &mut Found) {
        found.work.met = self.work.met.max(self.met + self.unmet);
    }

    /// Judges with what is known: only what was not compared yet, or is touched, is compared.
    pub fn judge(&mut self, i: usize, found: &mut Found, touched: &dyn Fn(u32) -> bool, search: &Search<'_>) {
        let (Some(party), Some(profile)) = (search.parties.get(i), search.profiles.get(i)) else { return };
        let code = code_of(party);
        let (kept, reserve) = self.choose();
        let mut candidates: Vec<u32> = self.sure.iter().chain(&self.gone).copied().chain(kept).collect();
        candidates.sort_unstable();
        candidates.dedup();
        let met = candidates.len();
        candidates.retain(|record| search.is_open(found, *record));

        let mut fresh: Vec<Scored> = Vec::new();
        let before = std::mem::take(&mut self.compared);
        let mut bits_of = |record: u32| -> Option<(u32, f64)> {
            let known = before.binary_search_by_key(&record, |(record, _)| *record).ok().and_then(|at| before.get(at));
            if let Some((_, bits)) = known.filter(|_| !touched(record)) {
                return Some((record, *bits));
            }
            let scored = search.score(profile, code, record)?;
            let bits = scored.bits;
            fresh.push(scored);
            Some((record, bits))
        };
        let mut all: Vec<(u32, f64)> = candidates.into_iter().filter_map(&mut bits_of).collect();
        let other_inn = |record: u32| {
            search.record_profiles.get(record as usize).is_some_and(|r| profile.contradicts(r, &search.words))
        };
        let behind = || reserve.iter().copied().filter(|record| self.sure.binary_search(record).is_err());
        found.work = Work { limited: false, compared: self.work.compared.max(met as u32), ..self.work };
        let more = search.wants_more(found, all.iter().map(|(record, bits)| (*bits, other_inn(*record))));
        if more {
            let open = behind().filter(|record| search.is_open(found, *record));
            let last: Vec<(u32, f64)> = open.filter_map(&mut bits_of).collect();
            let cut = self.met as usize > LOOK;
            found.work.limited = cut && search.is_alike(nearest(last.iter().map(|(_, bits)| *bits)));
            found.work.compared += behind().count() as u32;
            all.extend(last);
        }
        self.count(found);
        let mut best = all.clone();
        best.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        best.truncate(enough(best.iter().filter(|(_, bits)| *bits > FAINT).count()));

        let old = std::mem::take(&mut found.scored);
        for (record, _) in &best {
            let clean = old.iter().find(|c| c.record == *record).filter(|_| !touched(*record)).cloned();
            let new = || fresh.iter().position(|c| c.record == *record).map(|at| fresh.swap_remove(at));
            found.scored.extend(clean.or_else(new).or_else(|| search.score(profile, code, *record)));
        }
        all.sort_unstable_by_key(|(record, _)| *record);
        (self.compared, self.behind) = (all, more);
    }
}

impl Found {
    /// Takes the records to where they stand now; `false` when one of them is no longer as it was. What rivals took is given
    /// back.
    pub(super) fn carry(&mut self, moves: &Moves) -> bool {
        let mut whole = true;
        let mut now = |record: &mut u32| {
            let to = moves.now(*record);
            whole &= to.is_some();
            *record = to.unwrap_or(NOWHERE);
        };
        self.by_inn.iter_mut().for_each(|(record, _)| now(record));
        self.gone.iter_mut().chain(&mut self.other_branch).for_each(&mut now);
        self.place = None;
        let mut scored = std::mem::take(&mut self.scored);
        scored.retain_mut(|c| {
            c.alone();
            moves.now(c.record).map(|now| c.record = now).is_some()
        });
        super::super::found::sort(&mut scored);
        self.scored = scored;
        whole
    }
}
