//! Lists of records by what they share: numbers, contacts, words, names written together, persons, first letters. A later run
//! lays them out again with what came and went. Deliberately absent: slips of the pen (`neighbours`, `wholes`), what a
//! list is worth (`blocking`).

use std::hash::BuildHasher;

use rustc_hash::FxBuildHasher;

use super::{
    postings::{ByHash, Postings},
    profile::{Kind, Profile, Variant, Word, Words},
    words::Key,
};

/// Lists of records by what they share, in the order of the records.
#[derive(Default)]
#[expect(clippy::struct_field_names, reason = "each list is by something")]
pub(super) struct Lists {
    pub by_inn: Postings,
    /// By every other number and contact, and by the key in accounting.
    pub by_key: Postings,
    pub by_word: Postings,
    pub by_joined: Postings,
    /// By surname and first letter of the given name.
    pub by_person: ByHash,
    /// By the first letters of the words, and by short words that may be such letters.
    pub by_initials: ByHash,
}

impl Lists {
    /// Of records with their keys in accounting; and of each name written together whether a name of several words is
    /// written like that.
    pub fn new<'p>(records: impl Iterator<Item = (&'p Profile, Option<Key>)>, words: &Words) -> (Self, Vec<bool>) {
        let mut all = Gathered { wholes: vec![false; words.len_joined()], ..Gathered::default() };
        for (i, (record, external)) in (0..).zip(records) {
            all.add(i, record, external, words);
        }
        let (keys, wholes) = (words.len_keys(), std::mem::take(&mut all.wholes));
        let lists = Self {
            by_inn: lists(keys, all.inns),
            by_key: lists(keys, all.keys),
            by_word: lists(words.len(), all.words),
            by_joined: lists(words.len_joined(), all.joined),
            by_person: ByHash::new(&all.persons),
            by_initials: ByHash::new(&all.initials),
        };
        (lists, wholes)
    }

    /// Words that records have.
    pub fn words(&self, words: &Words) -> impl Iterator<Item = Word> {
        (0..words.len() as Word).filter(|word| !self.by_word.get(*word).is_empty())
    }

    /// The same lists with the records where they stand now (`now`), without those gone, and with those that came, by place.
    pub fn again<'p>(
        &self,
        now: impl Fn(u32) -> Option<u32> + Copy,
        came: impl Iterator<Item = (u32, &'p Profile, Option<Key>)>,
        words: &Words,
    ) -> Self {
        let mut all = Gathered::default();
        came.for_each(|(i, record, external)| all.add(i, record, external, words));
        let keys = words.len_keys();
        Self {
            by_inn: self.by_inn.again(keys, now, all.inns),
            by_key: self.by_key.again(keys, now, all.keys),
            by_word: self.by_word.again(words.len(), now, all.words),
            by_joined: self.by_joined.again(words.len_joined(), now, all.joined),
            by_person: self.by_person.again(now, &all.persons),
            by_initials: self.by_initials.again(now, &all.initials),
        }
    }
}

/// The first letters of three and more words, and each short word as it is: ЦЭК may be «Центр экономики и кадров». Hashes,
/// with the length.
pub(super) fn initials(name: &Variant, words: &Words) -> impl Iterator<Item = (u64, u32)> {
    let texts = || name.words(words).iter().map(|w| words.text(*w));
    let short = texts().filter(|text| (3..=6).contains(&text.chars().count()));
    let all = letters(name, words).map(|letters| hashed(&letters));
    short.map(hashed).chain(all)
}

/// The first letters, if there are so many words.
pub(super) fn letters(name: &Variant, words: &Words) -> Option<String> {
    if name.n < 3 {
        return None;
    }
    let texts = name.words(words).iter().map(|w| words.text(*w)).filter(|text| text.len() > 2);
    let letters: String = texts.filter_map(|text| text.chars().next()).collect();
    (letters.chars().count() >= 3).then_some(letters)
}

fn hashed(text: &str) -> (u64, u32) {
    (FxBuildHasher.hash_one(text), text.len() as u32)
}

pub(super) fn person_key(surname: Word, letter: char) -> u64 {
    u64::from(surname) << 32 | u64::from(letter)
}

/// Pairs of a list and its member, gathered record by record.
#[derive(Default)]
struct Gathered {
    inns: Vec<(u32, u32)>,
    keys: Vec<(u32, u32)>,
    words: Vec<(u32, u32)>,
    joined: Vec<(u32, u32)>,
    persons: Vec<(u64, u32)>,
    initials: Vec<(u64, u32)>,
    /// Whether a name of several words is written together like that, by its number.
    wholes: Vec<bool>,
}

impl Gathered {
    fn add(&mut self, i: u32, record: &Profile, external: Option<Key>, words: &Words) {
        self.inns.extend(record.inns(words).iter().map(|inn| (*inn, i)));
        let numbers = record.kpps(words).iter().chain(record.contacts(words));
        let numbers = numbers.chain(record.of(Kind::RawId, words)).chain(&external);
        self.keys.extend(numbers.map(|key| (*key, i)));
        for name in record.names(words) {
            self.add_name(name, i, words);
        }
    }

    fn add_name(&mut self, name: &Variant, i: u32, words: &Words) {
        self.words.extend(name.words(words).iter().map(|word| (*word, i)));
        self.joined.push((name.joined, i));
        if let Some(whole) = self.wholes.get_mut(name.joined as usize) {
            *whole |= name.n > 1;
        }
        if name.handle {
            return;
        }
        self.initials.extend(initials(name, words).map(|(key, _)| (key, i)));
        if let Some(person) = name.person(words)
            && let Some(letter) = person.given.letter()
        {
            self.persons.push((person_key(person.surname, letter), i));
        }
    }
}

/// Lists by number; the members of a record come one after the other, so what it has twice stands side by side.
fn lists(n: usize, mut pairs: Vec<(u32, u32)>) -> Postings {
    // A stable order by list only: records are in order already.
    pairs.dedup();
    let mut last = vec![u32::MAX; n];
    pairs.retain(|(list, member)| match last.get_mut(*list as usize) {
        Some(seen) => std::mem::replace(seen, *member) != *member,
        None => false,
    });
    Postings::new(n, &pairs)
}
