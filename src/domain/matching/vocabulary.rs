//! Words of both sides by number: a word and its transliteration have one skeleton and one number. Towns are known from
//! city fields. Deliberately absent: frequencies (`weight`).

use rustc_hash::FxHashMap;

use super::{edits::Signs, towns::Towns};
use crate::domain::normalise::skeleton::skeleton;

/// Number of a word.
pub(super) type Word = u32;

/// All words of both sides.
#[derive(Default)]
pub(super) struct Words {
    by_skeleton: FxHashMap<String, Word>,
    by_word: FxHashMap<String, Word>,
    skeletons: Vec<String>,
    /// The first spelling in Cyrillic letters: slips of the pen happen there, not in the skeleton.
    spellings: Vec<Vec<u8>>,
    /// Signs of both.
    signs: Vec<(Signs, Signs)>,
    /// Towns of the CRM's and the cards' own city fields.
    pub towns: Towns,
}

impl Words {
    /// The word's number.
    pub fn number(&mut self, word: &str) -> Word {
        if let Some(number) = self.by_word.get(word) {
            return *number;
        }
        let skeleton = skeleton(word);
        // A word of signs without a sound (ь) stands for itself.
        let skeleton = if skeleton.is_empty() { word.to_owned() } else { skeleton };
        let number = if let Some(number) = self.by_skeleton.get(&skeleton) {
            *number
        } else {
            let number = self.skeletons.len() as Word;
            self.by_skeleton.insert(skeleton.clone(), number);
            self.signs.push((Signs::of(skeleton.as_bytes()), Signs::default()));
            self.skeletons.push(skeleton);
            self.spellings.push(Vec::new());
            number
        };
        self.by_word.insert(word.to_owned(), number);
        if let Some(spelling) = self.spellings.get_mut(number as usize)
            && !word.is_ascii()
        {
            let own = letters(word);
            if spelling.is_empty() || own < *spelling {
                if let Some((_, signs)) = self.signs.get_mut(number as usize) {
                    *signs = Signs::of(&own);
                }
                *spelling = own;
            }
        }
        number
    }

    /// Number of a word that was read before.
    pub fn known(&self, word: &str) -> Option<Word> {
        self.by_word.get(word).copied()
    }

    /// A Cyrillic spelling of it, one byte a letter; empty if there was none.
    pub fn spelling(&self, word: Word) -> &[u8] {
        self.spellings.get(word as usize).map_or(&[], Vec::as_slice)
    }

    /// Signs of its skeleton and of its spelling.
    pub fn signs(&self, word: Word) -> (Signs, Signs) {
        self.signs.get(word as usize).copied().unwrap_or_default()
    }

    /// Its skeleton.
    pub fn text(&self, word: Word) -> &str {
        self.skeletons.get(word as usize).map_or("", String::as_str)
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.skeletons.len()
    }
}

/// One byte a letter: ASCII as it is, others by the low bits of their code (Cyrillic letters stay distinct).
pub(super) fn letters(text: &str) -> Vec<u8> {
    text.chars().map(|c| if c.is_ascii() { c as u8 } else { 0x80 | (c as u32 & 0x7f) as u8 }).collect()
}
