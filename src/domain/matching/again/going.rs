//! One counterparty after another: what was found for it before is taken over, judged again, or searched for anew.
//! Deliberately absent: which of these it is (`dirty`), how (`memo`).

use super::{
    super::{
        found::{Found, Room},
        lists::Lists,
        ranking::Scratch,
        search::Search,
    },
    dirty::{Before, Dirty},
    items::Moves,
    memo::{Hits, Memo},
};

/// A run that goes on.
pub(super) struct Going<'a> {
    search: &'a Search<'a>,
    dirty: &'a Dirty,
    moves: &'a Moves,
    /// The records that changed, as they were and as they are, by what they share.
    changed: Lists,
    /// How many of them are as they were; then the places now of the others.
    old: usize,
    new: Vec<u32>,
}

/// Room for one counterparty after another: for a search, and for what it meets of what changed.
pub(super) struct Rooms {
    search: Room,
    changed: Room,
}

/// What is found, how, and whether it was searched for anew.
pub(super) type Done = (Found, Option<Box<Memo>>, bool);

impl<'a> Going<'a> {
    pub fn new(before: &Before, search: &'a Search<'a>, dirty: &'a Dirty, moves: &'a Moves) -> Self {
        let new = moves.new_ones();
        let now = new.iter().filter_map(|i| search.record_profiles.get(*i as usize));
        let all = before.records.iter().chain(now).map(|profile| (profile, None));
        let (changed, _) = Lists::new(all, &search.words);
        Self { search, dirty, moves, changed, old: before.records.len(), new }
    }

    pub fn room(&self) -> Rooms {
        Rooms { search: self.search.room(), changed: (Scratch::new(self.old + self.new.len()), Vec::new()) }
    }

    /// What is found for one counterparty; `old` is what was found before, if it is as it was.
    pub fn one(&self, i: usize, old: Option<(Found, Option<Box<Memo>>)>, rooms: &mut Rooms) -> Done {
        let kept = old.and_then(|(found, memo)| self.kept(i, found, memo, &mut rooms.changed));
        kept.unwrap_or_else(|| {
            let (found, memo) = self.search.one_kept(i, &mut rooms.search);
            (found, memo, true)
        })
    }

    /// What is kept of one counterparty's search; `None` when it has to be done again.
    fn kept(&self, i: usize, mut found: Found, memo: Option<Box<Memo>>, room: &mut Room) -> Option<Done> {
        let Self { search, dirty, moves, .. } = self;
        let is_dirty = |record: u32| dirty.pair(i, record);
        let profile = search.profiles.get(i)?;
        let numbered = || profile.inns(&search.words).iter().flat_map(|inn| search.blocks.with_inn(*inn));
        if dirty.search.get(i) != Some(&false) || numbered().any(|record| is_dirty(*record)) || !found.carry(moves) {
            return None;
        }
        let Some(mut memo) = memo else { return Some((found, None, false)) };
        if memo.is_unforeseen() {
            return None;
        }
        if search.blocks.settled(profile, &search.record_profiles, &search.words, &search.weights) != memo.is_settled()
        {
            return None;
        }
        let hits = self.hits(i, &memo, room);
        if memo.carry(i, moves, &hits, dirty, search)? {
            memo.judge(i, &mut found, &is_dirty, search);
        } else {
            memo.count(&mut found);
        }
        Some((found, Some(memo), false))
    }

    /// What the counterparty meets of the records that changed.
    fn hits(&self, i: usize, memo: &Memo, (scratch, met): &mut Room) -> Hits {
        let search = self.search;
        let Some(profile) = search.profiles.get(i) else { return Hits::default() };
        search.blocks.gather(&self.changed, profile, memo.is_settled(), &search.words, &search.weights, scratch);
        scratch.take(usize::MAX, met);
        let place = |at: u32| (at as usize).checked_sub(self.old).and_then(|at| self.new.get(at));
        let new: Vec<_> = met.iter().filter_map(|(at, sum)| place(*at).map(|place| (*place, *sum))).collect();
        Hits { old: (met.len() - new.len()) as u32, new }
    }
}
