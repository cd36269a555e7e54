//! What is kept of a search so that it need not be done again: the best of the records met with what they share, and the bits
//! of all that were compared. Deliberately absent: deciding who is searched for anew (`dirty`).

use smallvec::SmallVec;

use super::{
    super::{
        blocking::All,
        found::{Found, Room, Scored},
        ranking::{LOOK, Shared, choose, place, rank},
        search::{Search, code_of},
    },
    dirty::Dirty,
    fates::Fates,
};
use crate::domain::verdict::Work;

/// Records kept beyond those whose place is looked at: so many may vanish before the search is done again.
const SPARE: usize = 28;

/// One counterparty's search.
#[derive(Debug, Default)]
pub(super) struct Memo {
    /// The best of the records met, best first, and what their places say.
    pub list: Vec<Shared>,
    pub places: Vec<i8>,
    /// How many were met by what is added up; and how many more by a number or contact only.
    pub met: u32,
    pub unmet: u32,
    /// Records with a number or contact of the counterparty, and those with its ИНН that are gone.
    pub sure: Vec<u32>,
    pub gone: Vec<u32>,
    pub settled: bool,
    /// Whether it asked for something that nobody had foreseen: what is near that is not followed from run to run.
    pub unforeseen: bool,
    /// The work before the search.
    pub work: Work,
    /// Those that were chosen, with the sure ones, by record; and how many they were before what is decided was left out.
    pub near: Vec<Near>,
    pub chosen: u32,
    /// Those that stand behind, if they were compared too, by record, with their bits; and how many they were.
    pub far: Vec<(u32, f32)>,
    pub stood: u32,
    pub behind: bool,
}

/// A record that was chosen, as it compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Near {
    pub record: u32,
    pub bits: f32,
    /// Whether both sides have an ИНН, and not the same.
    pub other_inn: bool,
}

/// To be compared.
pub(super) const OPEN: f32 = f32::NAN;

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
    /// Searches for one counterparty and keeps how; what is known of comparisons made before is taken over.
    pub(super) fn one_kept(
        &self,
        i: usize,
        (known, scored): (Memo, Vec<Scored>),
        room: &mut Room,
    ) -> (Found, Option<Box<Memo>>) {
        let (mut found, gone) = self.by_number(i);
        let (Some(party), Some(profile), Some(gone)) = (self.parties.get(i), self.profiles.get(i), gone) else {
            return (found, None);
        };
        found.scored = scored;
        let (words, weights) = (&self.words, &self.weights);
        let (scratch, best) = room;
        let sure = self.blocks.sure(profile, words.known_code(code_of(party)), words);
        let settled = self.blocks.settled(profile, &self.record_profiles, words, weights);
        self.blocks.gather((&self.blocks.lists, &All), profile, settled, words, weights, scratch);
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
            ..known
        };
        memo.judge(i, &mut found, Carried::Relisted, self);
        (found, Some(Box::new(memo)))
    }
}

impl Memo {
    /// Of what was met those to compare, and those that stand behind them.
    pub fn choose(&self) -> (Vec<u32>, Vec<u32>) {
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
        let touched = self.carry_compared(i, fates, dirty);
        if self.near.len() + self.far.len() != n || changed && (self.behind || !self.compares(&self.choose().0)) {
            return Some(Carried::Relisted);
        }
        // The same as were compared: if they are worth the same, there is nothing to judge.
        Some(if touched { Carried::Touched } else { Carried::Same })
    }

    /// Takes those that were compared to where they stand now; answers whether one of them compares otherwise.
    fn carry_compared(&mut self, i: usize, fates: &Fates, dirty: &Dirty) -> bool {
        let anew = dirty.compares_anew(i);
        let mut touched = anew;
        let mut carry = |record: &mut u32, bits: &mut f32| {
            let Some(now) = fates.now(*record) else { return false };
            *record = now.place;
            if anew || now.worth || now.elsewhere && dirty.place(i, now.place) {
                (*bits, touched) = (OPEN, true);
            }
            true
        };
        self.near.retain_mut(|near| carry(&mut near.record, &mut near.bits));
        self.far.retain_mut(|(record, bits)| carry(record, bits));
        touched
    }

    /// What another search may take over: those that were compared, where they stand now.
    pub fn compared(mut self, i: usize, fates: &Fates, dirty: &Dirty) -> Self {
        self.carry_compared(i, fates, dirty);
        Self { near: self.near, far: self.far, ..Self::default() }
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
    pub fn candidates(&self, kept: &[u32]) -> SmallVec<[u32; 32]> {
        let mut all: SmallVec<[u32; 32]> = self.sure.iter().chain(&self.gone).chain(kept).copied().collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// What the record's place says to the counterparty at that place.
fn place_for(i: usize, record: u32, search: &Search<'_>) -> i8 {
    let profile = search.profiles.get(i);
    profile.map_or(0, |profile| place(record, profile, &search.record_profiles, &search.weights.geography))
}
