//! Words of the records within a slip of a word, by sound or as spelt, and names written together. What will be asked for is looked up ahead, in the
//! order of the spellings: neighbours in that order meet the same lists while these are at hand, and no thread looks up
//! what another one did. Deliberately absent: what a slip costs (`likeness`).

use std::borrow::Cow;

use super::{
    fuzzy::Fuzzy,
    profile::{Word, Words},
    vocabulary::letters,
};
use crate::domain::parallel::in_parallel;

/// Edits at most.
const MOST: usize = 2;

/// A word of the records with the edits.
pub(super) type Neighbour = (Word, u8);

/// The records' words, to be found by others like them.
#[derive(Default)]
pub(super) struct Neighbours {
    /// By sound.
    sounds: Fuzzy,
    /// Those without a Cyrillic spelling, by sound.
    latin: Fuzzy,
    /// The Cyrillic spellings of the others.
    spellings: Fuzzy,
    ahead: Ahead,
}

/// What was looked up ahead, by number.
#[derive(Default)]
pub(super) struct Ahead(Vec<Option<Box<[Neighbour]>>>);

impl Ahead {
    /// Looks up what will be asked for, in the order of the keys.
    pub fn fill<K: Ord>(
        &mut self,
        mut asked: Vec<u32>,
        key: impl Fn(u32) -> K,
        find: impl Fn(u32) -> Vec<Neighbour> + Sync,
    ) {
        asked.sort_unstable();
        asked.dedup();
        let most = asked.last().map_or(0, |last| *last as usize + 1);
        asked.sort_by_cached_key(|number| key(*number));
        let found = in_parallel(asked.len(), |i| asked.get(i).map(|number| find(*number)));
        self.0.resize_with(most, || None);
        for (number, found) in asked.into_iter().zip(found) {
            if let Some(slot) = self.0.get_mut(number as usize) {
                *slot = found.map(Into::into);
            }
        }
    }

    /// What was found, or is now.
    pub fn of(&self, number: u32, find: impl Fn(u32) -> Vec<Neighbour>) -> Cow<'_, [Neighbour]> {
        match self.0.get(number as usize) {
            Some(Some(known)) => Cow::Borrowed(known),
            _ => Cow::Owned(find(number)),
        }
    }
}

impl Neighbours {
    /// Of these words.
    pub fn new(of: impl Iterator<Item = Word>, words: &Words) -> Self {
        let mut all = Self::default();
        for word in of {
            let sound = letters(words.text(word));
            all.sounds.add(&sound, word);
            match words.spelling(word) {
                [] => all.latin.add(&sound, word),
                spelling => all.spellings.add(spelling, word),
            }
        }
        for list in [&mut all.sounds, &mut all.latin, &mut all.spellings] {
            list.seal();
        }
        all
    }

    /// Looks up what will be asked for.
    pub fn look_ahead(&mut self, asked: Vec<Word>, words: &Words) {
        let mut ahead = Ahead::default();
        let key = |word: Word| {
            let spelling = words.spelling(word);
            (spelling.len(), spelling, words.text(word))
        };
        ahead.fill(asked, key, |word| self.find(word, words));
        self.ahead = ahead;
    }

    /// The word's neighbours.
    pub fn of(&self, word: Word, words: &Words) -> Cow<'_, [Neighbour]> {
        self.ahead.of(word, |word| self.find(word, words))
    }

    fn find(&self, word: Word, words: &Words) -> Vec<Neighbour> {
        let sound = words.text(word);
        if sound.bytes().any(|b| b.is_ascii_digit()) {
            return Vec::new();
        }
        // Two Cyrillic words are compared as spelt, any others by sound.
        let spelling = words.spelling(word);
        let mut found = if spelling.is_empty() {
            self.sounds.near(&letters(sound), MOST)
        } else {
            let mut found = self.spellings.near(spelling, MOST);
            found.extend(self.latin.near(&letters(sound), MOST));
            found
        };
        found.sort_unstable();
        found.dedup_by_key(|(near, _)| *near);
        found.into_iter().filter(|(near, _)| *near != word).map(|(near, edits)| (near, edits as u8)).collect()
    }
}
