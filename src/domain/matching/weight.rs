//! How much an agreement is worth, in bits: the rarer what agrees, the more. Rarity is counted over both sides at once,
//! one entity (one ИНН) counting once however often it is written.
//! Source: the match weight of Fellegi and Sunter (1969), with frequencies taken from the data at hand.
//! Deliberately absent: a list of frequent words of any particular data set.

use rustc_hash::{FxHashMap, FxHashSet};

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
    /// Words that one side uses again and again and the other never: remarks, not names.
    remarks: FxHashSet<Word>,
    /// Entities that have exactly these words.
    of_bag: FxHashMap<Vec<Word>, u32>,
    /// Evidence from which a person looks, bits.
    pub review: f64,
    /// What towns and area codes say.
    pub geography: Geography,
    /// Words of towns.
    places: FxHashSet<Word>,
    /// Entities by word, ascending.
    postings: Vec<Vec<u32>>,
    /// Records with the КПП, phone, address, domain.
    of_key: FxHashMap<String, u32>,
}

impl Weights {
    pub fn new(words: &Words, parties: &[Profile], records: &[Profile], review: f64) -> Self {
        let mut postings: Vec<Vec<u32>> = vec![Vec::new(); words.len()];
        let mut of_bag: FxHashMap<Vec<Word>, u32> = FxHashMap::default();
        let mut entities: FxHashMap<&str, Vec<&Profile>> = FxHashMap::default();
        let mut alone: Vec<Vec<&Profile>> = Vec::new();
        for profile in parties.iter().chain(records) {
            match profile.inns.first() {
                Some((inn, _)) => entities.entry(inn.as_str()).or_default().push(profile),
                None => alone.push(vec![profile]),
            }
        }
        let count = entities.len() + alone.len();
        for (i, entity) in entities.values().chain(&alone).enumerate() {
            let variants = || entity.iter().flat_map(|profile| &profile.names).filter(|name| !name.handle);
            let own: FxHashSet<Word> = variants().flat_map(|name| name.words.iter().copied()).collect();
            for word in own {
                if let Some(list) = postings.get_mut(word as usize) {
                    list.push(i as u32);
                }
            }
            for bag in variants().map(|name| &name.bag).collect::<FxHashSet<_>>() {
                *of_bag.entry(bag.clone()).or_default() += 1;
            }
        }
        let mut of_key: FxHashMap<String, u32> = FxHashMap::default();
        for record in records {
            for key in record.kpps.iter().map(Kpp::as_str).chain(record.phones.iter().map(String::as_str)) {
                *of_key.entry(key.to_owned()).or_default() += 1;
            }
            for key in record.emails.iter().chain(&record.domains) {
                *of_key.entry(key.clone()).or_default() += 1;
            }
        }
        let places = records.iter().chain(parties).flat_map(|profile| profile.city.iter().copied()).collect();
        Self {
            entities: (count as f64).max(2.0 * FEW),
            records: (records.len() as f64).max(FEW),
            remarks: remarks(words.len(), parties, records),
            of_bag,
            review,
            geography: Geography::new(records),
            places,
            postings,
            of_key,
        }
    }

    /// Notes in every name how many others there are of it.
    pub fn note(&self, profiles: &mut [Profile]) {
        for name in profiles.iter_mut().flat_map(|profile| &mut profile.names) {
            name.others = self.of_bag.get(&name.bag).copied().unwrap_or(0).saturating_sub(2);
        }
    }

    /// Odds of any pair before looking: one record in all of them, and most buyers are somewhere.
    pub fn prior(&self) -> f64 {
        2.0 - self.records.log2()
    }

    /// Worth of a word that both sides have, the two sides themselves not counted.
    pub fn word(&self, word: Word) -> f64 {
        self.rarity(self.df(word).saturating_sub(2))
    }

    /// Worth of a word that only one side has.
    pub fn lone_word(&self, word: Word) -> f64 {
        self.rarity(self.df(word).saturating_sub(1))
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

    pub fn df(&self, word: Word) -> u32 {
        self.postings.get(word as usize).map_or(0, |list| list.len() as u32)
    }

    /// Whether the word is a remark of one side («архив», «постоплата»).
    pub fn is_remark(&self, word: Word) -> bool {
        self.remarks.contains(&word)
    }

    /// Whether the word is a town of the CRM.
    pub fn is_place(&self, word: Word) -> bool {
        self.places.contains(&word)
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

fn remarks(words: usize, parties: &[Profile], records: &[Profile]) -> FxHashSet<Word> {
    let count = |side: &[Profile]| {
        let mut seen = vec![0_u32; words];
        for profile in side {
            let own: FxHashSet<Word> = profile.names.iter().flat_map(|name| name.words.iter().copied()).collect();
            for word in own {
                if let Some(slot) = seen.get_mut(word as usize) {
                    *slot += 1;
                }
            }
        }
        seen
    };
    let (ours, theirs) = (count(parties), count(records));
    let pairs = ours.iter().zip(&theirs).enumerate();
    // A small side proves nothing by not using a word.
    let large = parties.len() > 500 && records.len() > 500;
    pairs
        .filter(|(_, (a, b))| large && (**a >= REMARK && **b == 0 || **b >= REMARK && **a == 0))
        .map(|(word, _)| word as Word)
        .collect()
}
