//! Which records are looked at for a counterparty: every record that shares a number, a contact, a person, a word of the
//! name, or one of the name's rarest groups of three letters. Two slips of the pen destroy at most six such groups, so
//! the seven rarest find every name that is at most two slips away, whatever its words.
//! Deliberately absent: judging the candidates (`comparison`).

use std::collections::{BTreeSet, HashMap};

use super::{
    profile::{Profile, Variant, Word, Words},
    weight::Weights,
};

/// Three letters in one number.
type Group = u32;

fn group(letters: &[u8]) -> Group {
    letters.iter().fold(0, |sum, byte| (sum << 8) | u32::from(*byte))
}

/// Groups of letters looked up for a name.
const RARE_GROUPS: usize = 7;
/// Candidates compared in full, best by shared rarity first.
const KEEP: usize = 40;
/// Candidates whose letters are counted in full before that.
const LOOK: usize = 200;
/// A word in more records than this is found by the word itself.
const COMMON: usize = 60;
/// A list longer than this is used only when the name has nothing rarer.
const LONG: usize = 3_000;

/// Lists of records by what they share.
pub(super) struct Blocks {
    by_inn: HashMap<String, Vec<u32>>,
    by_key: HashMap<String, Vec<u32>>,
    by_word: HashMap<Word, Vec<u32>>,
    by_group: HashMap<Group, Vec<u32>>,
    /// Groups of every reading of every record, sorted.
    groups_of: Vec<Vec<Vec<Group>>>,
    by_joined: HashMap<String, Vec<u32>>,
    by_person: HashMap<(Word, char), Vec<u32>>,
    /// By the first letters of the words, and by short words that may be such letters.
    by_initials: HashMap<String, Vec<u32>>,
}

/// Room for adding up, used again for every counterparty.
pub(super) struct Scratch {
    sum: Vec<u32>,
    touched: Vec<u32>,
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
                *sum += centibits;
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

fn groups(joined: &str) -> BTreeSet<Group> {
    // Skeletons are mostly ASCII; of other scripts the bytes serve as well.
    let padded = format!("^{joined}$");
    padded.as_bytes().windows(3).map(group).collect()
}

impl Blocks {
    /// Indexes the records. `external` holds the key in accounting of each record.
    pub fn new(records: &[Profile], external: &[&str], words: &Words) -> Self {
        let mut blocks = Self {
            by_inn: HashMap::new(),
            by_key: HashMap::new(),
            by_word: HashMap::new(),
            by_group: HashMap::new(),
            groups_of: records
                .iter()
                .map(|r| r.names.iter().map(|name| groups(&name.joined).into_iter().collect()).collect())
                .collect(),
            by_joined: HashMap::new(),
            by_person: HashMap::new(),
            by_initials: HashMap::new(),
        };
        for (i, (record, external)) in records.iter().zip(external).enumerate() {
            let i = i as u32;
            for (inn, _) in &record.inns {
                blocks.by_inn.entry(inn.as_str().to_owned()).or_default().push(i);
            }
            for kpp in &record.kpps {
                push(blocks.by_key.entry(kpp.as_str().to_owned()).or_default(), i);
            }
            let keys = record.phones.iter().chain(&record.emails).chain(&record.domains).chain(&record.raw_ids);
            for key in keys.map(String::as_str).chain((!external.is_empty()).then_some(*external)) {
                push(blocks.by_key.entry(key.to_owned()).or_default(), i);
            }
            for name in &record.names {
                for word in &name.words {
                    push(blocks.by_word.entry(*word).or_default(), i);
                }
                for group in groups(&name.joined) {
                    push(blocks.by_group.entry(group).or_default(), i);
                }
                push(blocks.by_joined.entry(name.joined.clone()).or_default(), i);
                for key in initials(name, words) {
                    push(blocks.by_initials.entry(key).or_default(), i);
                }
                if let Some(person) = &name.person
                    && let Some(letter) = person.given.letter()
                {
                    push(blocks.by_person.entry((person.surname, letter)).or_default(), i);
                }
            }
        }
        blocks
    }

    /// Records with that ИНН.
    pub fn with_inn(&self, inn: &str) -> &[u32] {
        self.by_inn.get(inn).map_or(&[], Vec::as_slice)
    }

    /// Candidates of a counterparty, in the order of the records.
    pub fn candidates(
        &self,
        party: &Profile,
        code: &str,
        words: &Words,
        weights: &Weights,
        scratch: &mut Scratch,
    ) -> Vec<u32> {
        let mut sure: BTreeSet<u32> = BTreeSet::new();
        let keys = party.phones.iter().chain(&party.emails).chain(&party.domains).chain(&party.raw_ids);
        for key in keys.map(String::as_str).chain((!code.is_empty()).then_some(code)) {
            sure.extend(self.by_key.get(key).into_iter().flatten().take(KEEP));
        }
        for kpp in &party.kpps {
            scratch.add(self.by_key.get(kpp.as_str()).map_or(&[], Vec::as_slice), 300);
        }
        for (inn, _) in &party.inns {
            sure.extend(self.with_inn(inn.as_str()));
        }
        for name in &party.names {
            sure.extend(self.by_joined.get(&name.joined).into_iter().flatten().take(4 * KEEP));
            if let Some(person) = &name.person
                && let Some(letter) = person.given.letter()
            {
                scratch.add(self.by_person.get(&(person.surname, letter)).map_or(&[], Vec::as_slice), 1_200);
            }
            for key in initials(name, words) {
                let list = self.by_initials.get(&key).map_or(&[][..], Vec::as_slice);
                scratch.add(list.get(..LONG).unwrap_or(list), 150 * key.len() as u32);
            }
            self.by_words(&name.words, weights, scratch);
            self.by_groups(name, words, scratch);
        }
        let mut best = std::mem::take(&mut scratch.touched);
        let sum = |i: &u32| scratch.sum.get(*i as usize).copied().unwrap_or(0);
        let rank = |i: &u32| (std::cmp::Reverse(sum(i)), *i);
        if best.len() > LOOK {
            best.select_nth_unstable_by_key(LOOK, rank);
        }
        let mine: Vec<Vec<Group>> = party.names.iter().map(|name| groups(&name.joined).into_iter().collect()).collect();
        let mut looked: Vec<(u32, u32)> =
            best.iter().take(LOOK).map(|i| (self.likeness(&mine, *i) / 3 + sum(i), *i)).collect();
        if looked.len() > KEEP {
            looked.select_nth_unstable_by_key(KEEP, |(like, i)| (std::cmp::Reverse(*like), *i));
        }
        sure.extend(looked.iter().take(KEEP).map(|(_, i)| *i));
        for i in &best {
            if let Some(sum) = scratch.sum.get_mut(*i as usize) {
                *sum = 0;
            }
        }
        best.clear();
        scratch.touched = best;
        sure.into_iter().collect()
    }

    /// Share of common groups of letters, best reading, in ten-thousandths (Dice).
    fn likeness(&self, mine: &[Vec<Group>], record: u32) -> u32 {
        let theirs = self.groups_of.get(record as usize).into_iter().flatten();
        let dice = |a: &[Group], b: &[Group]| {
            let (mut i, mut j, mut common) = (0, 0, 0);
            while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
                match x.cmp(y) {
                    std::cmp::Ordering::Less => i += 1,
                    std::cmp::Ordering::Greater => j += 1,
                    std::cmp::Ordering::Equal => {
                        (i, j, common) = (i + 1, j + 1, common + 1);
                    }
                }
            }
            common * 20_000 / (a.len() + b.len()).max(1)
        };
        theirs.flat_map(|b| mine.iter().map(move |a| dice(a, b))).max().unwrap_or(0) as u32
    }

    fn by_words(&self, words: &[Word], weights: &Weights, scratch: &mut Scratch) {
        let mut lists: Vec<(usize, Word, &[u32])> =
            words.iter().filter_map(|w| self.by_word.get(w).map(|list| (list.len(), *w, list.as_slice()))).collect();
        lists.sort_by_key(|(len, word, _)| (*len, *word));
        for (i, (len, word, list)) in lists.into_iter().enumerate() {
            if i == 0 || len <= LONG {
                scratch.add(list, (weights.word(word) * 100.0).max(50.0) as u32);
            }
        }
    }

    /// Groups of the words that are not everywhere: a slip in «компания» needs no search, the other words find the name.
    fn by_groups(&self, name: &Variant, words: &Words, scratch: &mut Scratch) {
        let rare = |word: &&Word| self.by_word.get(*word).is_none_or(|list| list.len() <= COMMON);
        let mut wanted: BTreeSet<Group> = BTreeSet::new();
        for word in name.words.iter().filter(rare) {
            wanted.extend(words.text(*word).as_bytes().windows(3).map(group));
        }
        if name.words.len() == 1 || wanted.len() < 3 {
            wanted = groups(&name.joined);
        }
        let mut lists: Vec<(usize, Group, &[u32])> = wanted
            .into_iter()
            .filter_map(|g| self.by_group.get(&g).map(|list| (list.len(), g, list.as_slice())))
            .collect();
        lists.sort_by_key(|(len, group, _)| (*len, *group));
        let records = scratch.sum.len() as f64;
        for (i, (len, _, list)) in lists.into_iter().enumerate().take(2 * RARE_GROUPS) {
            if i < RARE_GROUPS || len <= LONG / 10 {
                scratch.add(list, ((records / len as f64).log2() * 50.0).max(20.0) as u32);
            }
        }
    }
}

/// Appends unless it was appended just before: records come in ascending order.
fn push(list: &mut Vec<u32>, i: u32) {
    if list.last() != Some(&i) {
        list.push(i);
    }
}
