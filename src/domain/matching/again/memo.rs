//! What is kept of a search so that it need not be done again: the best of the records met with what they share, and the bits
//! of all that were compared. Deliberately absent: deciding who is searched for anew (`dirty`).

use std::collections::BTreeMap;

use super::{
    super::{
        assign::FAINT,
        blocking::{Met, meet},
        found::{Compared, Found, Room, Scored, enough, nearest},
        ranking::{LOOK, Shared, choose, rank},
        search::{Search, code_of},
    },
    items::{Moves, NOWHERE},
};
use crate::domain::verdict::Work;

/// Records kept beyond those whose place is looked at: so many may vanish before the search is done again.
const SPARE: usize = 28;

/// One counterparty's search.
#[derive(Debug, Default)]
pub(super) struct Memo {
    /// The best of the records met, best first.
    list: Vec<Shared>,
    /// How many were met by what is added up; and how many more by a number or contact only.
    met: u32,
    unmet: u32,
    /// Records with a number or contact of the counterparty, and those with its ИНН that are gone.
    sure: Vec<u32>,
    gone: Vec<u32>,
    settled: bool,
    /// The work before the search.
    work: Work,
    /// Everything compared, by record.
    compared: Compared,
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
        best.sort_unstable_by_key(rank);
        let mut memo = Memo {
            list: best.as_slice().to_vec(),
            met,
            unmet,
            sure: sure.into_iter().collect(),
            gone,
            settled,
            work: found.work,
            compared: Compared::default(),
        };
        let met = memo.meet(i, self);
        let Memo { gone, compared, .. } = &mut memo;
        self.judge(i, &mut found, gone, &met, Some(compared));
        compared.all.sort_unstable_by_key(|(record, _)| *record);
        (found, Some(Box::new(memo)))
    }
}

impl Memo {
    /// What was met, as the search hands it on.
    fn meet(&self, i: usize, search: &Search<'_>) -> Met {
        let looked = self.list.get(..LOOK).unwrap_or(&self.list);
        let geography = &search.weights.geography;
        let (kept, reserve) =
            search.profiles.get(i).map(|party| choose(looked, party, &search.record_profiles, geography)).unwrap_or_default();
        meet(self.sure.iter().copied().collect(), self.unmet as usize, self.met as usize, kept, reserve)
    }

    /// Whether a record of the very name in the very place settled the search, as it does now.
    pub fn is_settled(&self) -> bool {
        self.settled
    }

    /// Takes the records to where they stand now. `None` when more vanished than was kept: the search has to be done again.
    /// Else whether anything changed among those looked at.
    pub fn carry(&mut self, moves: &Moves, hits: &Hits) -> Option<bool> {
        let all = self.met as usize <= self.list.len();
        let last = self.list.last().map(|(record, sum)| (moves.place.get(*record as usize).copied().unwrap_or(NOWHERE), *sum));
        let before = self.list.len();
        self.list.retain_mut(|(record, _)| match moves.now(*record) {
            Some(now) => {
                *record = now;
                true
            }
            None => false,
        });
        let mut changed = self.list.len() != before;
        self.met = (self.met + hits.new.len() as u32).checked_sub(hits.old)?;
        for hit in &hits.new {
            // Behind the last one kept others may stand that were not.
            if !all && last.is_none_or(|last| rank(hit) > rank(&last)) {
                continue;
            }
            let at = self.list.partition_point(|other| rank(other) < rank(hit));
            self.list.insert(at, *hit);
            changed = true;
        }
        self.list.truncate(LOOK + SPARE);
        if self.list.len() < LOOK.min(self.met as usize) {
            return None;
        }
        let here = |list: &mut Vec<u32>| {
            let n = list.len();
            *list = list.iter().filter_map(|record| moves.now(*record)).collect();
            list.len() == n
        };
        (here(&mut self.sure) && here(&mut self.gone)).then_some(())?;
        let compared = self.compared.all.len();
        self.compared.all.retain_mut(|(record, _)| moves.now(*record).map(|now| *record = now).is_some());
        Some(changed || self.compared.all.len() != compared)
    }

    /// Whether any record looked at or compared has the flag.
    pub fn touches(&self, flags: &[bool]) -> bool {
        let flagged = |record: u32| flags.get(record as usize) == Some(&true);
        self.list.iter().any(|(record, _)| flagged(*record)) || self.compared.all.iter().any(|(record, _)| flagged(*record))
    }

    /// Counts what is met now, where nothing else changed.
    pub fn count(&self, found: &mut Found) {
        found.work.met = self.work.met.max(self.met + self.unmet);
    }

    /// Judges again with what is known; only what is new or flagged is compared.
    pub fn judge(&mut self, i: usize, found: &mut Found, dirty: &[bool], search: &Search<'_>) {
        let (Some(party), Some(profile)) = (search.parties.get(i), search.profiles.get(i)) else { return };
        let code = code_of(party);
        let met = self.meet(i, search);
        let clean = |record: u32| dirty.get(record as usize) == Some(&false);
        let mut fresh: BTreeMap<u32, Scored> = BTreeMap::new();
        let before = std::mem::take(&mut self.compared.all);
        let mut bits_of = |record: u32| -> Option<(u32, f64)> {
            let known = before.binary_search_by_key(&record, |(record, _)| *record).ok().filter(|_| clean(record));
            if let Some((_, bits)) = known.and_then(|at| before.get(at)) {
                return Some((record, *bits));
            }
            let scored = search.score(profile, code, record)?;
            let bits = scored.bits;
            fresh.insert(record, scored);
            Some((record, bits))
        };
        let mut all: Vec<(u32, f64)> =
            search.candidates(found, &self.gone, &met.kept).into_iter().filter_map(&mut bits_of).collect();
        let other_inn =
            |record: u32| search.record_profiles.get(record as usize).is_some_and(|r| profile.contradicts(r, &search.words));
        found.work = Work { limited: false, ..self.work };
        let reserve = search.wants_more(found, all.iter().map(|(record, bits)| (*bits, other_inn(*record))));
        if reserve {
            let open = met.reserve.iter().filter(|record| search.is_open(found, **record));
            let more: Vec<(u32, f64)> = open.filter_map(|record| bits_of(*record)).collect();
            found.work.limited = met.cut && search.is_alike(nearest(more.iter().map(|(_, bits)| *bits)));
            all.extend(more);
        }
        search.note_work(found, &self.gone, &met, reserve);
        let mut best = all.clone();
        best.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        best.truncate(enough(best.iter().filter(|(_, bits)| *bits > FAINT).count()));
        let mut known: BTreeMap<u32, Scored> =
            std::mem::take(&mut found.scored).into_iter().filter(|c| clean(c.record)).map(|c| (c.record, c)).collect();
        let scored = |(record, _): &(u32, f64)| {
            fresh.remove(record).or_else(|| known.remove(record)).or_else(|| search.score(profile, code, *record))
        };
        found.scored = best.iter().filter_map(scored).collect();
        all.sort_unstable_by_key(|(record, _)| *record);
        self.compared = Compared { all, reserve };
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
