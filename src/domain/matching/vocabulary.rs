//! Words by number: a word and its transliteration have one skeleton and one number. Deliberately absent: names
//! (`words`), frequencies (`weight`).

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use super::{edits::Signs, intern::Texts, towns::short_forms};
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
    /// How often each is written so.
    uses: Vec<u32>,
    /// The usual spelling in Cyrillic letters: slips of the pen happen there, not in the skeleton.
    spellings: Vec<Box<[u8]>>,
    /// Signs of both.
    signs: Vec<(Signs, Signs)>,
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
        if let (Some(number), Some(uses)) = (self.numbers.get(at), self.uses.get_mut(at)) {
            *uses += 1;
            return *number;
        }
        let sound = skeleton(word);
        // A word of signs without a sound (ь) stands for itself.
        let number = self.sounding(if sound.is_empty() { word } else { &sound });
        self.numbers.push(number);
        self.uses.push(1);
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

    /// Takes in the words of another one; answers the number here for each number there, of words and of what is written.
    /// The numbers are those that all words one after the other would have had.
    pub fn absorb(&mut self, other: &Self) -> (Vec<Word>, Vec<u32>) {
        let here: Vec<Word> = (0..other.len() as Word).map(|word| self.sounding(other.text(word))).collect();
        let mut written = Vec::new();
        for (at, (number, uses)) in other.numbers.iter().zip(&other.uses).enumerate() {
            let form = self.written.number(other.written.get(at as u32));
            if let Some(known) = self.uses.get_mut(form as usize) {
                *known += uses;
            } else {
                self.numbers.push(here.get(*number as usize).copied().unwrap_or_default());
                self.uses.push(*uses);
            }
            if other.log.is_some() {
                written.push(form);
            }
        }
        (here, written)
    }

    /// What was read is read no more, or once more.
    pub fn count(&mut self, writings: &[u32], more: bool) {
        for writing in writings {
            if let Some(uses) = self.uses.get_mut(*writing as usize) {
                *uses = if more { *uses + 1 } else { uses.saturating_sub(1) };
            }
        }
    }

    /// Spells all words.
    pub fn spell(&mut self) {
        let usual = self.usual(|_| true);
        for ((spelling, signs), usual) in self.spellings.iter_mut().zip(&mut self.signs).zip(usual) {
            if let Some((_, usual)) = usual {
                (*spelling, signs.1) = (usual.as_slice().into(), Signs::of(&usual));
            }
        }
    }

    /// Spells the words from `known` on, and looks at those so written: whose usual spelling is another one now gets a new
    /// number, and the old one is nobody's. Answers how these words are written, by number.
    pub fn respell(&mut self, known: Word, so_written: &[u32]) -> Vec<u32> {
        let mut asked = vec![false; self.skeletons.len()];
        let mut ask = |word: Word| {
            if let Some(asked) = asked.get_mut(word as usize) {
                *asked = true;
            }
        };
        so_written.iter().filter_map(|writing| self.numbers.get(*writing as usize)).for_each(|word| ask(*word));
        (known..self.skeletons.len() as Word).for_each(ask);
        let usual = self.usual(|word| asked.get(word as usize) == Some(&true));
        let mut old = Vec::new();
        for (word, usual) in (0..).zip(usual) {
            let Some((_, usual)) = usual.filter(|(_, usual)| **usual != *self.spelling(word)) else { continue };
            let signs = Signs::of(&usual);
            if word >= known {
                if let (Some(spelling), Some((_, own))) =
                    (self.spellings.get_mut(word as usize), self.signs.get_mut(word as usize))
                {
                    (*spelling, *own) = (usual.into(), signs);
                }
                continue;
            }
            let new = self.skeletons.renew(word);
            self.signs.push((Signs::of(self.text(word).as_bytes()), signs));
            self.spellings.push(usual.into());
            old.push((word, new));
        }
        let new: FxHashMap<Word, Word> = old.into_iter().collect();
        let mut writings = Vec::new();
        for (writing, number) in (0..).zip(&mut self.numbers) {
            if let Some(new) = new.get(number) {
                *number = *new;
                writings.push(writing);
            }
        }
        writings
    }

    /// The usual Cyrillic spelling of the words asked for: the most frequent one, the first of equals. Without one in use
    /// it is empty; a word that nobody uses has none at all.
    fn usual(&self, asked: impl Fn(Word) -> bool) -> Vec<Option<(u32, Vec<u8>)>> {
        let mut usual: Vec<Option<(u32, Vec<u8>)>> = vec![None; self.skeletons.len()];
        for (writing, (number, uses)) in (0..).zip(self.numbers.iter().zip(&self.uses)) {
            if *uses == 0 || !asked(*number) {
                continue;
            }
            let text = self.written.get(writing);
            let Some(best) = usual.get_mut(*number as usize) else { continue };
            let best = best.get_or_insert_default();
            if text.is_ascii() {
                continue;
            }
            let own = letters(text);
            if !own.is_empty() && (best.1.is_empty() || (Reverse(*uses), &own) < (Reverse(best.0), &best.1)) {
                *best = (*uses, own);
            }
        }
        usual
    }

    /// Writings of which every name that a town tells of has one.
    pub fn told(&self, town: &[String]) -> Vec<u32> {
        // All words of the town stand in such a name: the rarest will do.
        let own: Option<Vec<u32>> = town.iter().map(|word| self.written.known(word)).collect();
        let uses = |writing: &u32| self.uses.get(*writing as usize).copied();
        let rarest = own.and_then(|own| own.into_iter().min_by_key(uses));
        rarest.into_iter().chain(short_forms(town).filter_map(|short| self.written.known(short))).collect()
    }

    /// How that word is written, by number, if anybody writes so.
    pub fn writing(&self, word: &str) -> Option<u32> {
        self.written.known(word)
    }

    /// Writings of that beginning and one of these ends.
    pub fn written_like<'v>(&'v self, begins: &'v str, ends: &'v [&str]) -> impl Iterator<Item = u32> + 'v {
        (0..self.numbers.len() as u32).filter(move |writing| {
            let text = self.written.get(*writing);
            text.starts_with(begins) && ends.iter().any(|end| text.ends_with(end))
        })
    }

    /// How many writings there are.
    pub fn writings(&self) -> usize {
        self.numbers.len()
    }

    /// Number of a word that was read before.
    pub fn known(&self, word: &str) -> Option<Word> {
        self.written.known(word).and_then(|at| self.numbers.get(at as usize)).copied()
    }

    /// Number of the word of that skeleton, if there is one.
    pub fn of_sound(&self, sound: &str) -> Option<Word> {
        self.skeletons.known(sound)
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
