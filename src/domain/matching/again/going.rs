//! One counterparty after another: what was found for it before is taken over, judged again, or searched for anew.
//! Deliberately absent: which of these it is (`dirty`), how (`memo`).

use super::{
    super::{
        found::{Room, Scored},
        lists::Lists,
        ranking::Scratch,
        search::Search,
    },
    dirty::{Anew, Before, Dirty},
    fates::Fates,
    items::Moves,
    kept::Kept,
    leads::Led,
    memo::{Carried, Hits, Memo},
};

/// A run that goes on.
pub(super) struct Going<'a> {
    search: &'a Search<'a>,
    dirty: &'a Dirty,
    fates: Fates<'a>,
    party_moves: &'a Moves,
    /// The records that changed, as they were and as they are, by what they share.
    changed: Lists,
    led: Led,
    /// How many of them are as they were; then the places now of the others.
    old: usize,
    new: Vec<u32>,
}

/// Room for one counterparty after another: for a search, and for what it meets of what changed.
pub(super) struct Rooms {
    search: Room,
    changed: Room,
}

impl<'a> Going<'a> {
    pub fn new(
        before: &Before,
        search: &'a Search<'a>,
        dirty: &'a Dirty,
        (party_moves, moves): (&'a Moves, &'a Moves),
    ) -> Self {
        let new = moves.new_ones();
        let now = new.iter().filter_map(|i| search.record_profiles.get(*i as usize));
        let all = before.records.iter().chain(now);
        let (changed, _) = Lists::new(all.clone().map(|profile| (profile, None)), &search.words);
        let led = Led::new(&changed, all, &search.blocks, &search.words);
        Self {
            search,
            dirty,
            fates: Fates::new(moves, dirty, &before.cluster, &search.cluster),
            party_moves,
            changed,
            led,
            old: before.records.len(),
            new,
        }
    }

    pub fn room(&self) -> Rooms {
        Rooms { search: self.search.room(), changed: (Scratch::new(self.old + self.new.len()), Vec::new()) }
    }

    /// What is found for one counterparty; `old` is what was found before, if it is as it was.
    pub fn one(&self, i: usize, old: Option<Box<Kept>>, rooms: &mut Rooms) -> Box<Kept> {
        let mut kept = old.unwrap_or_default();
        let carried = self.carry(i, &mut kept, &mut rooms.changed);
        kept.touched = carried != Some(false) || self.dirty.compares_anew(i);
        if carried.is_none() {
            let known = self.compared(i, &mut kept).unwrap_or_default();
            (kept.found, kept.memo) = self.search.one_kept(i, known, &mut rooms.search);
        }
        kept
    }

    /// What was compared, where only the lists are used otherwise.
    fn compared(&self, i: usize, kept: &mut Kept) -> Option<(Memo, Vec<Scored>)> {
        let Self { dirty, fates, .. } = self;
        let memo = kept.memo.take().filter(|_| dirty.search.get(i) == Some(&Anew::ByLists))?;
        kept.found.carry(fates, self.party_moves);
        Some((memo.compared(i, fates, dirty), std::mem::take(&mut kept.found.scored)))
    }

    /// Takes over what is kept of one counterparty; answers whether anything about it is another thing now. `None` when it has
    /// to be searched for again.
    fn carry(&self, i: usize, kept: &mut Kept, room: &mut Room) -> Option<bool> {
        let Self { search, dirty, fates, .. } = self;
        let profile = search.profiles.get(i)?;
        let numbered = || profile.inns(&search.words).iter().flat_map(|inn| search.blocks.with_inn(*inn));
        let same = match dirty.search.get(i) {
            Some(Anew::No) => !numbered().any(|record| dirty.pair(i, *record)),
            // What has a number in common was compared by number.
            Some(Anew::Compared) => numbered().next().is_none(),
            _ => false,
        };
        if !same {
            return None;
        }
        let elsewise = kept.found.carry(fates, self.party_moves)?;
        let Some(memo) = &mut kept.memo else { return Some(elsewise) };
        if memo.is_unforeseen() {
            return None;
        }
        if search.blocks.settled(profile, &search.record_profiles, &search.words, &search.weights) != memo.is_settled()
        {
            return None;
        }
        let hits = self.hits(i, memo, room);
        let carried = memo.carry(i, fates, &hits, dirty, search)?;
        Some(match carried {
            Carried::Same => {
                memo.count(&mut kept.found);
                elsewise
            }
            Carried::Touched | Carried::Relisted => memo.judge(i, &mut kept.found, carried, search) || elsewise,
        })
    }

    /// What the counterparty meets of the records that changed.
    fn hits(&self, i: usize, memo: &Memo, (scratch, met): &mut Room) -> Hits {
        let search = self.search;
        let Some(profile) = search.profiles.get(i) else { return Hits::default() };
        search.blocks.gather(
            (&self.changed, &self.led),
            profile,
            memo.is_settled(),
            &search.words,
            &search.weights,
            scratch,
        );
        scratch.take(usize::MAX, met);
        let place = |at: u32| (at as usize).checked_sub(self.old).and_then(|at| self.new.get(at));
        let new: Vec<_> = met.iter().filter_map(|(at, sum)| place(*at).map(|place| (*place, *sum))).collect();
        Hits { old: (met.len() - new.len()) as u32, new }
    }
}
