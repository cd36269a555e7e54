//! Words of the records within a slip of a word, by sound or as spelt. Deliberately absent: what a slip costs (`likeness`).

use std::borrow::Cow;

use super::{
    ahead::{Ahead, Neighbour},
    fuzzy::Fuzzy,
    profile::{Word, Words},
    vocabulary::letters,
};

/// Edits at most.
const MOST: usize = 2;

/// The records' words, to be found by others like them.
#[derive(Default)]
pub(super) struct Neighbours {
    /// One for the first run and one for each later run that brought words.
    layers: Vec<Layer>,
    /// Whether the word stands in a layer.
    laid: Vec<bool>,
    pub ahead: Ahead,
}

#[derive(Default)]
struct Layer {
    /// By sound.
    sounds: Fuzzy,
    /// Those without a Cyrillic spelling, by sound.
    latin: Fuzzy,
    /// The Cyrillic spellings of the others.
    spellings: Fuzzy,
}

impl Neighbours {
    /// Takes in those of these words that are not in yet.
    pub fn extend(&mut self, of: impl Iterator<Item = Word>, words: &Words) {
        self.laid.resize(words.len(), false);
        let mut layer = Layer::default();
        let mut any = false;
        for word in of {
            if self.laid.get_mut(word as usize).is_none_or(|laid| std::mem::replace(laid, true)) {
                continue;
            }
            any = true;
            let sound = letters(words.text(word));
            layer.sounds.add(&sound, word);
            match words.spelling(word) {
                [] => layer.latin.add(&sound, word),
                spelling => layer.spellings.add(spelling, word),
            }
        }
        if any {
            for list in [&mut layer.sounds, &mut layer.latin, &mut layer.spellings] {
                list.seal();
            }
            self.ahead.extend(|word| layer.find(word, words));
            self.layers.push(layer);
        }
    }

    /// Looks up what will be asked for.
    pub fn look_ahead(&mut self, asked: Vec<Word>, words: &Words) {
        let mut ahead = std::mem::take(&mut self.ahead);
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
        let mut layers = self.layers.iter();
        let mut found = layers.next().map(|layer| layer.find(word, words)).unwrap_or_default();
        found.extend(layers.flat_map(|layer| layer.find(word, words)));
        found
    }
}

impl Layer {
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
