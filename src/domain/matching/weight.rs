//! How much an agreement is worth, in bits: the rarer what agrees, the more. Rarity is counted over both sides at once,
//! one entity (one ИНН) counting once however often it is written.
//! Source: the match weight of Fellegi and Sunter (1969), with frequencies taken from the data at hand.
//! Deliberately absent: a list of frequent words of any particular data set.

use rustc_hash::FxHashMap;

use super::{
    place::Geography,
    profile::{Profile, Variant, Word, Words},
};
use crate::domain::tax_id::Kpp;

/// Fewer entities than this say nothing about rarity: a small book is judged as if it were this large.
const FEW: f64 = 1_000.0;

/// Of words more frequent than this it is not counted how many entities have all of them.
const COUNTED: usize = 300;

/// Frequencies of both sides.
pub(super) struct Weights {
    /// Entities of both sides.
    entities: f64,
    /// Records of the CRM.
    records: f64,
    /// Entities that have exactly these words.
    of_bag: FxHashMap<Vec<Word>, u32>,
    /// Evidence from which a person looks, bits.
    pub review: f64,
    /// What towns and area codes say.
    pub geography: Geography,
    /// What is known of each word, asked for millions of times.
    of_word: Vec<OfWord>,
    /// Entities by word, ascending.
    postings: Vec<Vec<u32>>,
    /// Records with the КПП, phone, address, domain.
    of_key: FxHashMap<String, u32>,
}

/// Worth and kind of a word.
#[derive(Clone, Copy, Default)]
struct OfWord {
    /// Worth where both sides have it, bits.
    both: f64,
    /// Worth where one side has it, bits.
    lone: f64,
    /// Whether it is a town's.
    place: bool,
    /// Whether one side uses it again and again and the other never: a remark, no name.
    remark: bool,
}

impl Weights {
    pub fn new(words: &Words, parties: &[Profile], records: &[Profile], review: f64) -> Self {
        let mut postings: Vec<Vec<u32>> = vec![Vec::new(); words.len()];
        let mut of_bag: FxHashMap<Vec<Word>, u32> = FxHashMap::default();
        let mut entities: FxHashMap<&str, Vec<&Profile>> = FxHashMap::default();
        let mut alone: Vec<&Profile> = Vec::new();
        for profile in parties.iter().chain(records) {
            match profile.inns.first() {
                Some((inn, _)) => entities.entry(inn.as_str()).or_default().push(profile),
                None => alone.push(profile),
            }
        }
        let count = entities.len() + alone.len();
        let (mut own, mut bags): (Vec<Word>, Vec<&Vec<Word>>) = (Vec::new(), Vec::new());
        let known = entities.values().map(Vec::as_slice);
        for (i, entity) in known.chain(alone.iter().map(std::slice::from_ref)).enumerate() {
            let variants = || entity.iter().flat_map(|profile| &profile.names).filter(|name| !name.handle);
            distinct(&mut own, variants().flat_map(|name| name.words.iter().copied()));
            for word in &own {
                if let Some(list) = postings.get_mut(*word as usize) {
                    list.push(i as u32);
                }
            }
            distinct(&mut bags, variants().map(|name| &name.bag));
            for bag in &bags {
                match of_bag.get_mut(*bag) {
                    Some(n) => *n += 1,
                    None => drop(of_bag.insert((*bag).clone(), 1)),
                }
            }
        }
        let mut of_key: FxHashMap<String, u32> = FxHashMap::default();
        for record in records {
            let contacts = record.phones.iter().chain(&record.emails).chain(&record.domains);
            for key in record.kpps.iter().map(Kpp::as_str).chain(contacts.map(String::as_str)) {
                match of_key.get_mut(key) {
                    Some(n) => *n += 1,
                    None => drop(of_key.insert(key.to_owned(), 1)),
                }
            }
        }
        let mut weights = Self {
            entities: (count as f64).max(2.0 * FEW),
            records: (records.len() as f64).max(FEW),
            of_bag,
            review,
            geography: Geography::new(records),
            of_word: Vec::new(),
            postings,
            of_key,
        };
        weights.of_word = weights.of_words(parties, records);
        weights
    }

    fn of_words(&self, parties: &[Profile], records: &[Profile]) -> Vec<OfWord> {
        let remarks = remarks(self.postings.len(), parties, records);
        let rarity = |list: &Vec<u32>, own: u32| self.rarity((list.len() as u32).saturating_sub(own));
        let of = |(list, remark)| OfWord { both: rarity(list, 2), lone: rarity(list, 1), place: false, remark };
        let mut all: Vec<OfWord> = self.postings.iter().zip(remarks).map(of).collect();
        for word in records.iter().chain(parties).flat_map(|profile| &profile.city) {
            if let Some(word) = all.get_mut(*word as usize) {
                word.place = true;
            }
        }
        all
    }

    fn of(&self, word: Word) -> OfWord {
        self.of_word.get(word as usize).copied().unwrap_or_default()
    }

    /// Notes in every name how many others there are of it.
    pub fn note(&self, profile: &mut Profile) {
        for name in &mut profile.names {
            name.others = self.of_bag.get(&name.bag).copied().unwrap_or(0).saturating_sub(2);
        }
    }

    /// Odds of any pair before looking: one record in all of them, and most buyers are somewhere.
    pub fn prior(&self) -> f64 {
        2.0 - self.records.log2()
    }

    /// Worth of a word that both sides have, the two sides themselves not counted.
    pub fn word(&self, word: Word) -> f64 {
        self.of(word).both
    }

    /// Worth of a word that only one side has.
    pub fn lone_word(&self, word: Word) -> f64 {
        self.of(word).lone
    }

    /// Most that a name can be worth when it is equal, by how many others have it.
    pub fn name(&self, name: &Variant) -> f64 {
        self.rarity(name.others)
    }

    /// Worth of a shared КПП, phone, address or domain.
    pub fn key(&self, key: &str) -> f64 {
        let seen = f64::from(self.of_key.get(key).copied().unwrap_or(0).max(1));
        (self.records / seen).log2()
    }

    /// Whether the word is a remark of one side («архив», «постоплата»).
    pub fn is_remark(&self, word: Word) -> bool {
        self.of(word).remark
    }

    /// Whether the word is a town of the CRM.
    pub fn is_place(&self, word: Word) -> bool {
        self.of(word).place
    }

    /// Most that several words together can be worth: words that always come together («научно-производственное
    /// предприятие») are one word.
    pub fn together(&self, words: &[Word]) -> f64 {
        let mut lists: Vec<&[u32]> =
            words.iter().filter_map(|w| self.postings.get(*w as usize)).map(Vec::as_slice).collect();
        lists.sort_by_key(|list| list.len());
        let Some((first, rest)) = lists.split_first() else { return 0.0 };
        if rest.is_empty() {
            return f64::MAX;
        }
        if first.len() > COUNTED {
            return self.rarity(first.len() as u32 - 2) + 2.0;
        }
        let all = first.iter().filter(|entity| rest.iter().all(|list| list.binary_search(entity).is_ok())).count();
        self.rarity((all as u32).saturating_sub(2))
    }

    fn rarity(&self, others: u32) -> f64 {
        (self.entities / (f64::from(others) + 0.5)).log2()
    }
}

/// Words in at least this many names of one side and in none of the other are remarks.
const REMARK: u32 = 6;

/// For each word whether it is one.
fn remarks(words: usize, parties: &[Profile], records: &[Profile]) -> Vec<bool> {
    let mut own: Vec<Word> = Vec::new();
    let mut count = |side: &[Profile]| {
        let mut seen = vec![0_u32; words];
        for profile in side {
            distinct(&mut own, profile.names.iter().flat_map(|name| name.words.iter().copied()));
            for word in &own {
                if let Some(slot) = seen.get_mut(*word as usize) {
                    *slot += 1;
                }
            }
        }
        seen
    };
    let (ours, theirs) = (count(parties), count(records));
    // A small side proves nothing by not using a word.
    let large = parties.len() > 500 && records.len() > 500;
    let remark = |(a, b): (&u32, &u32)| large && (*a >= REMARK && *b == 0 || *b >= REMARK && *a == 0);
    ours.iter().zip(&theirs).map(remark).collect()
}

/// Fills the list with the distinct ones, in order.
fn distinct<T: Ord>(list: &mut Vec<T>, all: impl Iterator<Item = T>) {
    list.clear();
    list.extend(all);
    list.sort_unstable();
    list.dedup();
}
