//! Which records are looked at for a counterparty: every record that shares a number, a contact, a person, the first
//! letters, a word of the name (its own or one within a few slips), or the whole name written together within a few slips.
//! Of very frequent words only the best placed records are kept. Deliberately absent: judging the candidates (`comparison`).

use std::{collections::BTreeSet, hash::BuildHasher};

use rustc_hash::FxBuildHasher;

use super::{
    fuzzy::Fuzzy,
    neighbours::{Ahead, Neighbour, Neighbours},
    place::Geography,
    postings::{Hashed, Postings},
    profile::{Kind, Profile, Variant, Word, Words},
    vocabulary::letters,
    weight::Weights,
    words::Key,
};

/// Candidates compared in full, best by shared rarity and place first.
const KEEP: usize = 16;
/// Candidates whose place is looked at before that.
const LOOK: usize = 100;
/// Places agree from here on, bits.
const HERE: f64 = 1.0;
/// Words within a slip are followed to at most this many records each.
const NEAR: usize = 200;
/// Letters of a name that is looked for as a whole, with slips: a longer one is found by its words.
const WHOLE: std::ops::RangeInclusive<usize> = 8..=28;
/// A list longer than this is used only when the name has nothing rarer, and then up to so many.
const COMMON: usize = 300;
const LONG: usize = 5_000;

/// Lists of records by what they share, in the order of the records.
#[derive(Default)]
pub(super) struct Blocks {
    by_inn: Postings,
    /// By every other number and contact, and by the key in accounting.
    by_key: Postings,
    by_word: Postings,
    by_joined: Postings,
    /// By surname and first letter of the given name.
    by_person: Hashed<u32>,
    /// By the first letters of the words, and by short words that may be such letters.
    by_initials: Hashed<u32>,
    near: Neighbours,
    /// The names written together.
    wholes: Fuzzy,
    near_wholes: Ahead,
}

/// Words and names written together whose neighbours will be asked for.
#[derive(Default)]
pub(super) struct Asked {
    words: Vec<Word>,
    wholes: Vec<u32>,
}

impl Asked {
    /// What several threads gathered.
    pub fn concat(all: Vec<Self>) -> Self {
        all.into_iter().fold(Self::default(), |mut sum, one| {
            sum.words.extend(one.words);
            sum.wholes.extend(one.wholes);
            sum
        })
    }
}

/// Room for adding up, used again for every counterparty.
pub(super) struct Scratch {
    sum: Vec<u32>,
    touched: Vec<u32>,
}

/// Records met for a counterparty.
#[derive(Debug, Default)]
pub(super) struct Met {
    /// Those to compare in full, in the order of the records.
    pub kept: Vec<u32>,
    /// Those that stand behind them, to be compared before absence is said.
    pub reserve: Vec<u32>,
    /// How many share anything.
    pub all: u32,
    /// Whether there are still others.
    pub cut: bool,
}

impl Scratch {
    pub fn new(records: usize) -> Self {
        Self { sum: vec![0; records], touched: Vec::new() }
    }

    fn add(&mut self, list: &[u32], centibits: u32) {
        for record in list {
            if let Some(sum) = self.sum.get_mut(*record as usize) {
                if *sum == 0 {
                    self.touched.push(*record);
                }
                *sum += centibits.max(1);
            }
        }
    }
}

/// The first letters of three and more words, and each short word as it is: ЦЭК may be «Центр экономики и кадров». Hashes,
/// with the length.
fn initials(name: &Variant, words: &Words) -> impl Iterator<Item = (u64, u32)> {
    let texts = || name.words(words).iter().map(|w| words.text(*w));
    let short = texts().filter(|text| (3..=6).contains(&text.chars().count()));
    let letters: String = texts().filter(|text| text.len() > 2).filter_map(|text| text.chars().next()).collect();
    let all = (letters.chars().count() >= 3).then(|| hashed(&letters));
    short.map(hashed).chain(all)
}

fn hashed(text: &str) -> (u64, u32) {
    (FxBuildHasher.hash_one(text), text.len() as u32)
}

fn person_key(surname: Word, letter: char) -> u64 {
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

impl Blocks {
    /// Indexes the records. `external` holds the key in accounting of each record, as a number.
    pub fn new(records: &[Profile], external: &[Option<Key>], words: &Words) -> Self {
        let mut all = Gathered { wholes: vec![false; words.len_joined()], ..Gathered::default() };
        for (i, (record, external)) in (0..).zip(records.iter().zip(external)) {
            all.inns.extend(record.inns(words).iter().map(|inn| (*inn, i)));
            let numbers = record.kpps(words).iter().chain(record.contacts(words));
            let numbers = numbers.chain(record.of(Kind::RawId, words)).chain(external);
            all.keys.extend(numbers.map(|key| (*key, i)));
            for name in record.names(words) {
                all.add_name(name, i, words);
            }
        }
        let (keys, wholes) = (words.len_keys(), std::mem::take(&mut all.wholes));
        let mut blocks = Self {
            by_inn: lists(keys, all.inns),
            by_key: lists(keys, all.keys),
            by_word: lists(words.len(), all.words),
            by_joined: lists(words.len_joined(), all.joined),
            by_person: Hashed::new(all.persons),
            by_initials: Hashed::new(all.initials),
            near: Neighbours::default(),
            wholes: Fuzzy::default(),
            near_wholes: Ahead::default(),
        };
        let present = (0..words.len() as Word).filter(|word| !blocks.by_word.get(*word).is_empty());
        blocks.near = Neighbours::new(present, words);
        for (joined, _) in (0..).zip(wholes).filter(|(_, whole)| *whole) {
            let text = words.joined(joined);
            if WHOLE.contains(&text.len()) {
                blocks.wholes.add(&letters(text), joined);
            }
        }
        blocks.wholes.seal();
        blocks
    }

    /// What `candidates` will ask for of a counterparty.
    pub fn ask(&self, party: &Profile, records: &[Profile], words: &Words, weights: &Weights, asked: &mut Asked) {
        if self.settled(party, records, words, weights) {
            return;
        }
        for name in party.names(words) {
            if self.is_new_whole(name, words) {
                asked.wholes.push(name.joined);
            }
            if !name.handle {
                asked.words.extend(name.words(words));
                asked.words.extend(name.person(words).map(|person| person.surname));
            }
        }
    }

    /// Looks it up.
    pub fn look_ahead(&mut self, asked: Asked, words: &Words) {
        self.near.look_ahead(asked.words, words);
        let mut ahead = Ahead::default();
        let key = |joined: u32| (words.joined(joined).len(), words.joined(joined));
        ahead.fill(asked.wholes, key, |joined| self.find_wholes(joined, words));
        self.near_wholes = ahead;
    }

    /// Whether no record has the name as it is, and it is of a length to be looked for with slips.
    fn is_new_whole(&self, name: &Variant, words: &Words) -> bool {
        self.by_joined.get(name.joined).is_empty() && WHOLE.contains(&name.joined(words).len())
    }

    fn find_wholes(&self, joined: u32, words: &Words) -> Vec<Neighbour> {
        let found = self.wholes.near(&letters(words.joined(joined)), 2);
        found.into_iter().map(|(number, edits)| (number, edits as u8)).collect()
    }

    /// A record of the very name in the very place leaves nothing to look for among misspellings.
    fn settled(&self, party: &Profile, records: &[Profile], words: &Words, weights: &Weights) -> bool {
        party.names(words).iter().any(|name| self.stands_there(name, party, records, words, weights))
    }

    /// Records with that ИНН.
    pub fn with_inn(&self, inn: Key) -> &[u32] {
        self.by_inn.get(inn)
    }

    /// Candidates of a counterparty, in the order of the records.
    pub fn candidates(
        &self,
        party: &Profile,
        records: &[Profile],
        code: Option<Key>,
        words: &Words,
        weights: &Weights,
        scratch: &mut Scratch,
    ) -> Met {
        let mut sure: BTreeSet<u32> = BTreeSet::new();
        let keys = party.contacts(words).iter().chain(party.of(Kind::RawId, words)).chain(&code);
        for key in keys {
            sure.extend(self.by_key.get(*key).iter().take(KEEP));
        }
        for kpp in party.kpps(words) {
            let list = self.by_key.get(*kpp);
            scratch.add(list.get(..COMMON).unwrap_or(list), 300);
        }
        for inn in party.inns(words) {
            sure.extend(self.with_inn(*inn));
        }
        let settled = self.settled(party, records, words, weights);
        for name in party.names(words) {
            self.by_whole(name, settled, words, scratch);
            if name.handle || settled {
                continue;
            }
            self.by_person(name, words, weights, scratch);
            for (key, letters) in initials(name, words) {
                let list = self.by_initials.get(key);
                scratch.add(list.get(..COMMON).unwrap_or(list), 100 * letters);
            }
            self.by_words(name, words, weights, scratch);
        }
        let unmet = |record: &&u32| scratch.sum.get(**record as usize).is_some_and(|sum| *sum == 0);
        let unmet = sure.iter().filter(unmet).count() as u32;
        let mut met = best(party, records, &weights.geography, scratch);
        met.all += unmet;
        met.reserve.retain(|record| !sure.contains(record));
        sure.extend(met.kept);
        Met { kept: sure.into_iter().collect(), ..met }
    }

    /// Whether a record has exactly this name, stands in the same place, and no number speaks against it.
    fn stands_there(
        &self,
        name: &Variant,
        party: &Profile,
        records: &[Profile],
        words: &Words,
        weights: &Weights,
    ) -> bool {
        let here = |record: &Profile| {
            !party.contradicts(record, words)
                && weights.geography.evidence(party, record).is_some_and(|worth| worth > HERE)
        };
        // A namesake may own the record; then the other's may be misspelt.
        let list = self.by_joined.get(name.joined).iter().take(LOOK);
        !name.handle && name.others == 0 && list.filter_map(|i| records.get(*i as usize)).any(here)
    }

    /// Names that are the same when written together, or nearly.
    fn by_whole(&self, name: &Variant, settled: bool, words: &Words, scratch: &mut Scratch) {
        let same = self.by_joined.get(name.joined);
        scratch.add(same, 2_500);
        // Where the name stands as it is, words find its misspellings.
        if !settled && self.is_new_whole(name, words) {
            let near = self.near_wholes.of(name.joined, |joined| self.find_wholes(joined, words));
            for (number, distance) in near.iter() {
                let list = self.by_joined.get(*number);
                scratch.add(list.get(..NEAR).unwrap_or(list), 2_000 - 300 * u32::from(*distance));
            }
        }
    }

    /// Persons by surname, within a slip, and the first letter of the given name.
    fn by_person(&self, name: &Variant, words: &Words, weights: &Weights, scratch: &mut Scratch) {
        let Some(person) = name.person(words) else { return };
        let Some(letter) = person.given.letter() else { return };
        let worth = (weights.lone_word(person.surname) * 100.0).max(0.0) as u32 + 300;
        let list = |surname: Word| self.by_person.get(person_key(surname, letter));
        scratch.add(list(person.surname), worth);
        for (surname, distance) in self.near.of(person.surname, words).iter().copied() {
            scratch.add(list(surname), worth.saturating_sub(250 * u32::from(distance)).max(100));
        }
    }

    fn by_words(&self, name: &Variant, words: &Words, weights: &Weights, scratch: &mut Scratch) {
        let list = |word: Word| self.by_word.get(word);
        let mut own: Vec<(usize, Word)> =
            name.words(words).iter().map(|w| (list(*w).len(), *w)).filter(|(len, _)| *len > 0).collect();
        own.sort_unstable();
        for (i, (len, word)) in own.iter().enumerate() {
            if i == 0 || *len <= COMMON {
                let list = list(*word);
                scratch.add(list.get(..LONG).unwrap_or(list), worth(weights.word(*word)));
            }
        }
        for word in name.words(words) {
            let rarity = weights.lone_word(*word);
            for (near, distance) in self.near.of(*word, words).iter().copied() {
                let rarity = rarity.min(weights.lone_word(near)) - 1.5 * f64::from(distance);
                let list = list(near);
                if list.len() <= NEAR || name.n == 1 {
                    scratch.add(list.get(..LONG).unwrap_or(list), worth(rarity));
                }
            }
        }
    }
}

/// Worth of a shared word for choosing candidates: what is common to hundreds says little beside a rare word, however many
/// such words come together.
fn worth(rarity: f64) -> u32 {
    let above = (rarity - 2.0).max(0.0);
    (above * above * 10.0).max(20.0) as u32
}

/// The best of the records met, by what they share and by place; clears the sums.
fn best(party: &Profile, records: &[Profile], geography: &Geography, scratch: &mut Scratch) -> Met {
    let mut met = std::mem::take(&mut scratch.touched);
    let sums = &mut scratch.sum;
    let rank = |sums: &[u32], i: u32| (std::cmp::Reverse(sums.get(i as usize).copied().unwrap_or(0)), i);
    let mut found = Met { all: met.len() as u32, cut: met.len() > LOOK, ..Met::default() };
    if met.len() > KEEP {
        if met.len() > LOOK {
            met.select_nth_unstable_by_key(LOOK, |i| rank(sums, *i));
        }
        let place =
            |i: u32| records.get(i as usize).and_then(|record| geography.evidence(party, record)).unwrap_or(0.0);
        let sum = |i: u32| f64::from(sums.get(i as usize).copied().unwrap_or(0));
        let mut looked: Vec<(f64, u32)> = met.iter().take(LOOK).map(|i| (sum(*i) + 100.0 * place(*i), *i)).collect();
        if looked.len() > KEEP {
            looked.select_nth_unstable_by(KEEP, |a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        }
        found.kept.extend(looked.iter().take(KEEP).map(|(_, i)| *i));
        found.reserve.extend(looked.iter().skip(KEEP).map(|(_, i)| *i));
    } else {
        found.kept.extend_from_slice(&met);
    }
    for i in &met {
        if let Some(sum) = sums.get_mut(*i as usize) {
            *sum = 0;
        }
    }
    met.clear();
    scratch.touched = met;
    found
}
