//! What leads to a record that changed: a counterparty without any of it meets none of them, and only what leads there is
//! looked up. Errs on one side only: too much may lead there, never too little. Deliberately absent: looking it up
//! (`blocking`).

use super::super::{
    ahead::Ahead,
    blocking::{Blocks, Leads},
    lists::{Lists, letters},
    profile::{Profile, Variant, Word, Words},
    words::Key,
};

/// A record that changed has the word, one near it, a surname that it is or is near, or first letters that it is.
const OWN: u8 = 1;
const NEAR: u8 = 2;
const SURNAME: u8 = 4;
const SHORT: u8 = 8;

/// By number of word, of name written together, of number or contact.
pub(super) struct Led {
    words: Vec<u8>,
    wholes: Vec<u8>,
    keys: Vec<bool>,
}

impl Led {
    /// `lists` are those of the records that changed.
    pub fn new<'p>(lists: &Lists, changed: impl Iterator<Item = &'p Profile>, blocks: &Blocks, words: &Words) -> Self {
        let (n, m) = (words.len() as Word, words.len_joined() as u32);
        let own: Vec<bool> = (0..n).map(|word| !lists.by_word.get(word).is_empty()).collect();
        let whole: Vec<bool> = (0..m).map(|joined| !lists.by_joined.get(joined).is_empty()).collect();
        let (mut surnames, mut short) = (vec![false; own.len()], vec![false; own.len()]);
        let set = |flags: &mut Vec<bool>, word: Word| {
            if let Some(flag) = flags.get_mut(word as usize) {
                *flag = true;
            }
        };
        for name in changed.flat_map(|profile| profile.names(words)).filter(|name| !name.handle) {
            if let Some(person) = name.person(words) {
                set(&mut surnames, person.surname);
            }
            name.words(words).iter().for_each(|word| set(&mut short, *word));
            if let Some(word) = letters(name, words).and_then(|letters| words.sounding(&letters)) {
                set(&mut short, word);
            }
        }
        let near = |ahead: &Ahead, flags: &[bool]| ahead.touches(flags);
        let (near_own, near_surname) = (near(&blocks.near.ahead, &own), near(&blocks.near.ahead, &surnames));
        let near_whole = near(&blocks.wholes.ahead, &whole);
        let is = |flags: &[bool], at: usize| flags.get(at) == Some(&true);
        let flag = |holds: bool, flag: u8| if holds { flag } else { 0 };
        let word = |at: usize| {
            flag(is(&own, at), OWN)
                | flag(is(&near_own, at), NEAR)
                | flag(is(&surnames, at) || is(&near_surname, at), SURNAME)
                | flag(is(&short, at), SHORT)
        };
        Self {
            words: (0..own.len()).map(word).collect(),
            wholes: (0..whole.len()).map(|at| flag(is(&whole, at), OWN) | flag(is(&near_whole, at), NEAR)).collect(),
            keys: (0..words.len_keys() as Key).map(|key| !lists.by_key.get(key).is_empty()).collect(),
        }
    }

    fn word(&self, word: Word, flag: u8) -> bool {
        self.words.get(word as usize).is_some_and(|flags| flags & flag != 0)
    }
}

impl Leads for Led {
    fn key(&self, key: Key) -> bool {
        self.keys.get(key as usize) == Some(&true)
    }

    fn whole(&self, name: &Variant) -> bool {
        self.wholes.get(name.joined as usize).is_some_and(|flags| *flags != 0)
    }

    fn surname(&self, surname: Word) -> bool {
        self.word(surname, SURNAME)
    }

    fn initials(&self, name: &Variant, words: &Words) -> bool {
        name.n >= 3 || name.words(words).iter().any(|word| self.word(*word, SHORT))
    }

    fn words(&self, name: &Variant, words: &Words) -> bool {
        name.words(words).iter().any(|word| self.word(*word, OWN))
    }

    fn near(&self, word: Word) -> bool {
        self.word(word, NEAR)
    }
}
