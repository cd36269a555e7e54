//! What will be asked for, looked up ahead on all threads in the order of the spellings: neighbours in that order meet the
//! same lists while these are at hand, and no thread looks up what another one did. Deliberately absent: the search itself.

use std::borrow::Cow;

use crate::domain::parallel::{each_in_parallel, in_parallel};

/// A word or name of the records with the edits.
pub(super) type Neighbour = (u32, u8);

/// What was looked up ahead, by number.
#[derive(Default)]
pub(super) struct Ahead(Vec<Option<Box<[Neighbour]>>>);

impl Ahead {
    /// Looks up what will be asked for and was not yet, in the order of the keys.
    pub fn fill<K: Ord>(
        &mut self,
        mut asked: Vec<u32>,
        key: impl Fn(u32) -> K,
        find: impl Fn(u32) -> Vec<Neighbour> + Sync,
    ) {
        asked.retain(|number| !matches!(self.0.get(*number as usize), Some(Some(_))));
        asked.sort_unstable();
        asked.dedup();
        let most = asked.last().map_or(0, |last| *last as usize + 1);
        asked.sort_by_cached_key(|number| key(*number));
        let found = in_parallel(asked.len(), |i| asked.get(i).map(|number| find(*number)));
        if self.0.len() < most {
            self.0.resize_with(most, || None);
        }
        for (number, found) in asked.into_iter().zip(found) {
            if let Some(slot) = self.0.get_mut(number as usize) {
                *slot = found.map(Into::into);
            }
        }
    }

    /// Adds to all that was looked up what is found besides.
    pub fn extend(&mut self, find: impl Fn(u32) -> Vec<Neighbour> + Sync) {
        each_in_parallel(&mut self.0, |number, known| {
            let Some(known) = known else { return };
            let more = find(number as u32);
            if !more.is_empty() {
                *known = known.iter().copied().chain(more).collect();
            }
        });
    }

    /// For all that was looked up, whether any of what is near it has the flag.
    pub fn touches(&self, flags: &[bool]) -> Vec<bool> {
        let flagged = |(near, _): &Neighbour| flags.get(*near as usize) == Some(&true);
        self.0.iter().map(|known| known.as_ref().is_some_and(|known| known.iter().any(flagged))).collect()
    }

    /// Whether it was looked up.
    pub fn knows(&self, number: u32) -> bool {
        matches!(self.0.get(number as usize), Some(Some(_)))
    }

    /// What was found, or is now.
    pub fn of(&self, number: u32, find: impl Fn(u32) -> Vec<Neighbour>) -> Cow<'_, [Neighbour]> {
        match self.0.get(number as usize) {
            Some(Some(known)) => Cow::Borrowed(known),
            _ => Cow::Owned(find(number)),
        }
    }
}
