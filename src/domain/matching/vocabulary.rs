//! Words by number: a word and its transliteration have one skeleton and one number. Deliberately absent: names
//! (`words`), frequencies (`weight`).

use super::{edits::Signs, intern::Texts};
use crate::domain::normalise::skeleton::skeleton;

/// Number of a word.
pub(super) type Word = u32;

/// All words of both sides.
#[derive(Default)]
pub(super) struct Vocabulary {
    /// By sound.
    skeletons: Texts,
    /// As written, with the number of each.
    written: Texts,
    numbers: Vec<Word>,
    /// The first spelling in Cyrillic letters: slips of the pen happen there, not in the skeleton.
    spellings: Vec<Box<[u8]>>,
    /// Signs of both.
    signs: Vec<(Signs, Signs)>,
    /// Words below this number keep their spelling whatever else is read (`again`).
    fixed: Word,
    /// Written words in the order read, where that is asked for.
    pub log: Option<Vec<u32>>,
}

impl Vocabulary {
    /// The word's number.
    pub fn number(&mut self, word: &str) -> Word {
        let at = self.written.number(word) as usize;
        if let Some(log) = &mut self.log {
            log.push(at as u32);
        }
        if let Some(number) = self.numbers.get(at) {
            return *number;
        }
        let sound = skeleton(word);
        // A word of signs without a sound (ь) stands for itself.
        let number = self.sounding(if sound.is_empty() { word } else { &sound });
        self.numbers.push(number);
        if !word.is_ascii() {
            self.spelt(number, &letters(word));
        }
        number
    }

    fn sounding(&mut self, sound: &str) -> Word {
        let number = self.skeletons.number(sound);
        if self.signs.len() < self.skeletons.len() {
            self.signs.push((Signs::of(sound.as_bytes()), Signs::default()));
            self.spellings.push(Box::default());
        }
        number
    }

    fn spelt(&mut self, number: Word, own: &[u8]) {
        if number < self.fixed {
            return;
        }
        if let Some(spelling) = self.spellings.get_mut(number as usize)
            && !own.is_empty()
            && (spelling.is_empty() || own < &**spelling)
        {
            *spelling = own.into();
            if let Some((_, signs)) = self.signs.get_mut(number as usize) {
                *signs = Signs::of(own);
            }
        }
    }

    /// Takes in the words of another one; answers the number here for each number there, of words and of what is written.
    /// The numbers are those that all words one after the other would have had.
    pub fn absorb(&mut self, other: &Self) -> (Vec<Word>, Vec<u32>) {
        let here: Vec<Word> = (0..other.len() as Word).map(|word| self.sounding(other.text(word))).collect();
        for (word, number) in here.iter().enumerate() {
            self.spelt(*number, other.spelling(word as Word));
        }
        let mut written = Vec::new();
        for (at, number) in other.numbers.iter().enumerate() {
            let form = self.written.number(other.written.get(at as u32));
            if form as usize == self.numbers.len() {
                self.numbers.push(here.get(*number as usize).copied().unwrap_or_default());
            }
            if other.log.is_some() {
                written.push(form);
            }
        }
        (here, written)
    }

    /// From now on the words known keep their spellings.
    pub fn fix(&mut self) {
        self.fixed = self.skeletons.len() as Word;
    }

    /// Number of the word that is written so, by the number of the writing.
    pub fn of_writing(&self, writing: u32) -> Option<Word> {
        self.numbers.get(writing as usize).copied()
    }

    /// Of the words in question those whose spelling is another one by the writings in use: they get a new number, under
    /// which they are spelt anew; the old one is nobody's. Answers the old numbers.
    pub fn respell(&mut self, in_question: &[Word], in_use: impl Fn(u32) -> bool) -> Vec<Word> {
        let mut asked: Vec<Option<Box<[u8]>>> = vec![None; self.skeletons.len()];
        for word in in_question {
            if let Some(slot) = asked.get_mut(*word as usize) {
                *slot = Some(Box::default());
            }
        }
        for (writing, number) in self.numbers.iter().enumerate() {
            let Some(Some(least)) = asked.get_mut(*number as usize) else { continue };
            let text = self.written.get(writing as u32);
            if text.is_ascii() || !in_use(writing as u32) {
                continue;
            }
            let own = letters(text);
            if least.is_empty() || *own < **least {
                *least = own.into();
            }
        }
        let mut old = Vec::new();
        for (word, least) in (0..).zip(asked) {
            let Some(least) = least.filter(|least| **least != *self.spelling(word)) else { continue };
            let new = self.skeletons.renew(word);
            self.signs.push((Signs::of(self.text(word).as_bytes()), Signs::of(&least)));
            self.spellings.push(least);
            self.numbers.iter_mut().filter(|number| **number == word).for_each(|number| *number = new);
            old.push(word);
        }
        old
    }

    /// Number of a word that was read before.
    pub fn known(&self, word: &str) -> Option<Word> {
        self.written.known(word).and_then(|at| self.numbers.get(at as usize)).copied()
    }

    /// A Cyrillic spelling of it, one byte a letter; empty if there was none.
    #[inline]
    pub fn spelling(&self, word: Word) -> &[u8] {
        self.spellings.get(word as usize).map_or(&[], |spelling| spelling)
    }

    /// Signs of its skeleton and of its spelling.
    #[inline]
    pub fn signs(&self, word: Word) -> (Signs, Signs) {
        self.signs.get(word as usize).copied().unwrap_or_default()
    }

    /// Its skeleton.
    #[inline]
    pub fn text(&self, word: Word) -> &str {
        self.skeletons.get(word)
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
