//! Which records are looked at for a counterparty: every record that shares a number, a contact, a person, the first
//! letters, a word of the name (its own or one within a few slips), or the whole name written together within a few slips.
//! Of very frequent words only the best placed records are kept. Deliberately absent: judging the candidates (`comparison`).

use std::{collections::BTreeSet, rc::Rc};

use rustc_hash::FxHashMap;

use super::{
    fuzzy::Fuzzy,
    place::Geography,
    profile::{Profile, Variant, Word, Words},
    vocabulary::letters,
    weight::Weights,
};

use crate::domain::tax_id::Kpp;

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

/// Lists of records by what they share.
pub(super) struct Blocks {
    by_inn: FxHashMap<String, Vec<u32>>,
    by_key: FxHashMap<String, Vec<u32>>,
    by_word: Vec<Vec<u32>>,
    by_joined: FxHashMap<String, u32>,
    joined_lists: Vec<Vec<u32>>,
    by_person: FxHashMap<(Word, char), Vec<u32>>,
    /// By the first letters of the words, and by short words that may be such letters.
    by_initials: FxHashMap<String, Vec<u32>>,
    /// The records' words by sound, those of them without a Cyrillic spelling, the Cyrillic spellings of the others, and
    /// the names written together.
    sounds: Fuzzy,
    latin: Fuzzy,
    spellings: Fuzzy,
    wholes: Fuzzy,
}

/// Words within a slip, with the edits.
type Near = Rc<[(Word, usize)]>;

/// Room for adding up, used again for every counterparty, and what was found for words before.
pub(super) struct Scratch {
    sum: Vec<u32>,
    touched: Vec<u32>,
    near: Vec<Option<Near>>,
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
    pub fn new(records: usize, words: usize) -> Self {
        Self { sum: vec![0; records], touched: Vec::new(), near: vec![None; words] }
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

/// The first letters of three and more words, and each short word as it is: ЦЭК may be «Центр экономики и кадров».
fn initials(name: &Variant, words: &Words) -> Vec<String> {
    let long = |word: &&Word| words.text(**word).len() > 2;
    let letters: String = name.words.iter().filter(long).filter_map(|w| words.text(*w).chars().next()).collect();
    let short = name.words.iter().map(|w| words.text(*w)).filter(|t| (3..=6).contains(&t.chars().count()));
    let mut keys: Vec<String> = short.map(str::to_owned).collect();
    if letters.chars().count() >= 3 {
        keys.push(letters);
    }
    keys
}

impl Blocks {
    /// Indexes the records. `external` holds the key in accounting of each record.
    pub fn new(records: &[Profile], external: &[&str], words: &Words) -> Self {
        let mut blocks = Self {
            by_inn: FxHashMap::default(),
            by_key: FxHashMap::default(),
            by_word: vec![Vec::new(); words.len()],
            by_joined: FxHashMap::default(),
            joined_lists: Vec::new(),
            by_person: FxHashMap::default(),
            by_initials: FxHashMap::default(),
            sounds: Fuzzy::default(),
            latin: Fuzzy::default(),
            spellings: Fuzzy::default(),
            wholes: Fuzzy::default(),
        };
        for (i, (record, external)) in records.iter().zip(external).enumerate() {
            let i = i as u32;
            for (inn, _) in &record.inns {
                blocks.by_inn.entry(inn.as_str().to_owned()).or_default().push(i);
            }
            let numbers = record.kpps.iter().map(Kpp::as_str);
            let contacts = record.phones.iter().chain(&record.emails).chain(&record.domains).chain(&record.raw_ids);
            let code = (!external.is_empty()).then_some(*external);
            for key in numbers.chain(contacts.map(String::as_str)).chain(code) {
                push(blocks.by_key.entry(key.to_owned()).or_default(), i);
            }
            for name in &record.names {
                blocks.add_name(name, i, words);
            }
        }
        for (word, list) in blocks.by_word.iter().enumerate().filter(|(_, list)| !list.is_empty()) {
            let word = word as Word;
            let sound = letters(words.text(word));
            blocks.sounds.add(&sound, word);
            match words.spelling(word) {
                [] => blocks.latin.add(&sound, word),
                spelling => blocks.spellings.add(spelling, word),
            }
            debug_assert!(list.is_sorted());
        }
        for words in [&mut blocks.sounds, &mut blocks.latin, &mut blocks.spellings, &mut blocks.wholes] {
            words.seal();
        }
        blocks
    }

    fn add_name(&mut self, name: &Variant, i: u32, words: &Words) {
        for word in &name.words {
            if let Some(list) = self.by_word.get_mut(*word as usize) {
                push(list, i);
            }
        }
        let number = if let Some(number) = self.by_joined.get(&name.joined) {
            *number
        } else {
            let number = self.joined_lists.len() as u32;
            self.by_joined.insert(name.joined.clone(), number);
            self.joined_lists.push(Vec::new());
            if name.words.len() > 1 && WHOLE.contains(&name.joined.len()) {
                self.wholes.add(&letters(&name.joined), number);
            }
            number
        };
        if let Some(list) = self.joined_lists.get_mut(number as usize) {
            push(list, i);
        }
        if name.handle {
            return;
        }
        for key in initials(name, words) {
            push(self.by_initials.entry(key).or_default(), i);
        }
        if let Some(person) = &name.person
            && let Some(letter) = person.given.letter()
        {
            push(self.by_person.entry((person.surname, letter)).or_default(), i);
        }
    }

    /// Records with that ИНН.
    pub fn with_inn(&self, inn: &str) -> &[u32] {
        self.by_inn.get(inn).map_or(&[], Vec::as_slice)
    }

    /// Candidates of a counterparty, in the order of the records.
    pub fn candidates(
        &self,
        party: &Profile,
        records: &[Profile],
        code: &str,
        words: &Words,
        weights: &Weights,
        scratch: &mut Scratch,
    ) -> Met {
        let mut sure: BTreeSet<u32> = BTreeSet::new();
        let keys = party.phones.iter().chain(&party.emails).chain(&party.domains).chain(&party.raw_ids);
        for key in keys.map(String::as_str).chain((!code.is_empty()).then_some(code)) {
            sure.extend(self.by_key.get(key).into_iter().flatten().take(KEEP));
        }
        for kpp in &party.kpps {
            let list = self.by_key.get(kpp.as_str()).map_or(&[][..], Vec::as_slice);
            scratch.add(list.get(..COMMON).unwrap_or(list), 300);
        }
        for (inn, _) in &party.inns {
            sure.extend(self.with_inn(inn.as_str()));
        }
        // A record of the very name in the very place leaves nothing to look for among misspellings.
        let settled = party.names.iter().any(|name| self.stands_there(name, party, records, &weights.geography));
        for name in &party.names {
            self.by_whole(name, settled, scratch);
            if name.handle || settled {
                continue;
            }
            self.by_person(name, words, weights, scratch);
            for key in initials(name, words) {
                let list = self.by_initials.get(&key).map_or(&[][..], Vec::as_slice);
                scratch.add(list.get(..COMMON).unwrap_or(list), 100 * key.len() as u32);
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
    fn stands_there(&self, name: &Variant, party: &Profile, records: &[Profile], geography: &Geography) -> bool {
        let list = self.by_joined.get(&name.joined).and_then(|number| self.joined_lists.get(*number as usize));
        let here = |record: &&Profile| {
            !party.contradicts(record) && geography.evidence(party, record).is_some_and(|worth| worth > HERE)
        };
        // A namesake may own the record; then the other's may be misspelt.
        !name.handle
            && name.others == 0
            && list.is_some_and(|list| {
                list.iter()
                    .take(LOOK)
                    .filter_map(|i| records.get(*i as usize))
                    .filter(here)
                    .any(|r| !r.names.is_empty())
            })
    }

    /// Names that are the same when written together, or nearly.
    fn by_whole(&self, name: &Variant, settled: bool, scratch: &mut Scratch) {
        let list = |number: &u32| self.joined_lists.get(*number as usize).map_or(&[][..], Vec::as_slice);
        let same = self.by_joined.get(&name.joined);
        if let Some(number) = same {
            scratch.add(list(number), 2_500);
        }
        // Where the name stands as it is, words find its misspellings.
        if same.is_none() && !settled && WHOLE.contains(&name.joined.len()) {
            for (number, distance) in self.wholes.near(&letters(&name.joined), 2) {
                let list = list(&number);
                scratch.add(list.get(..NEAR).unwrap_or(list), 2_000 - 300 * distance as u32);
            }
        }
    }

    /// Persons by surname, within a slip, and the first letter of the given name.
    fn by_person(&self, name: &Variant, words: &Words, weights: &Weights, scratch: &mut Scratch) {
        let Some(person) = &name.person else { return };
        let Some(letter) = person.given.letter() else { return };
        let worth = (weights.lone_word(person.surname) * 100.0).max(0.0) as u32 + 300;
        let list = |surname: Word| self.by_person.get(&(surname, letter)).map_or(&[][..], Vec::as_slice);
        scratch.add(list(person.surname), worth);
        for (surname, distance) in self.near(person.surname, words, scratch).iter().copied() {
            scratch.add(list(surname), worth.saturating_sub(250 * distance as u32).max(100));
        }
    }

    fn by_words(&self, name: &Variant, words: &Words, weights: &Weights, scratch: &mut Scratch) {
        let list = |word: Word| self.by_word.get(word as usize).map_or(&[][..], Vec::as_slice);
        let mut own: Vec<(usize, Word)> =
            name.words.iter().map(|w| (list(*w).len(), *w)).filter(|(len, _)| *len > 0).collect();
        own.sort_unstable();
        for (i, (len, word)) in own.iter().enumerate() {
            if i == 0 || *len <= COMMON {
                let list = list(*word);
                scratch.add(list.get(..LONG).unwrap_or(list), worth(weights.word(*word)));
            }
        }
        for word in &name.words {
            let rarity = weights.lone_word(*word);
            for (near, distance) in self.near(*word, words, scratch).iter().copied() {
                let rarity = rarity.min(weights.lone_word(near)) - 1.5 * distance as f64;
                let list = list(near);
                if list.len() <= NEAR || name.words.len() == 1 {
                    scratch.add(list.get(..LONG).unwrap_or(list), worth(rarity));
                }
            }
        }
    }

    /// Words of the records within a slip of the word, by sound or as spelt.
    fn near(&self, word: Word, words: &Words, scratch: &mut Scratch) -> Near {
        let known = scratch.near.get(word as usize);
        if let Some(Some(known)) = known {
            return known.clone();
        }
        let sound = words.text(word);
        let mut found = Vec::new();
        if !sound.bytes().any(|b| b.is_ascii_digit()) {
            // Two Cyrillic words are compared as spelt, any others by sound.
            let spelling = words.spelling(word);
            if spelling.is_empty() {
                found = self.sounds.near(&letters(sound), 2);
            } else {
                found = self.spellings.near(spelling, 2);
                found.extend(self.latin.near(&letters(sound), 2));
            }
            found.sort_unstable();
            found.dedup_by_key(|(near, _)| *near);
            found.retain(|(near, _)| *near != word);
        }
        let found: Near = found.into();
        if let Some(slot) = scratch.near.get_mut(word as usize) {
            *slot = Some(found.clone());
        }
        found
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

/// Appends unless it was appended just before: records come in ascending order.
fn push(list: &mut Vec<u32>, i: u32) {
    if list.last() != Some(&i) {
        list.push(i);
    }
}
