//! How much an agreement is worth, in bits: the rarer what agrees, the more. Rarity is counted over both sides at once,
//! one entity (one ИНН) counting once however often it is written.
//! Source: the match weight of Fellegi and Sunter (1969), with frequencies taken from the data at hand.
//! Deliberately absent: a list of frequent words of any particular data set.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::profile::{Profile, Word, Words};
use crate::domain::tax_id::Kpp;

/// Fewer entities than this say nothing about rarity: a small book is judged as if it were this large.
const FEW: f64 = 1_000.0;

/// Frequencies of both sides.
pub(super) struct Weights {
    /// Entities of both sides.
    entities: f64,
    /// Records of the CRM.
    records: f64,
    /// Entities that have the word in a name.
    of_word: Vec<u32>,
    /// Words that one side uses again and again and the other never: remarks, not names.
    remarks: HashSet<Word>,
    /// Entities that have exactly these words.
    of_bag: HashMap<Vec<Word>, u32>,
    /// Words that name towns in the CRM.
    places: HashSet<Word>,
    /// Region that the CRM's own ИНН show for a town.
    regions: HashMap<Vec<Word>, String>,
    /// Share of a region among the records with ИНН.
    of_region: HashMap<String, f64>,
    /// Records with the КПП, phone, address, domain.
    of_key: HashMap<String, u32>,
}

impl Weights {
    pub fn new(words: &Words, parties: &[Profile], records: &[Profile]) -> Self {
        let mut of_word = vec![0_u32; words.len()];
        let mut of_bag: HashMap<Vec<Word>, u32> = HashMap::new();
        let mut entities: HashMap<&str, Vec<&Profile>> = HashMap::new();
        let mut alone: Vec<Vec<&Profile>> = Vec::new();
        for profile in parties.iter().chain(records) {
            match profile.inns.first() {
                Some((inn, _)) => entities.entry(inn.as_str()).or_default().push(profile),
                None => alone.push(vec![profile]),
            }
        }
        let count = entities.len() + alone.len();
        for entity in entities.values().chain(&alone) {
            let variants = || entity.iter().flat_map(|profile| &profile.names);
            let own: HashSet<Word> = variants().flat_map(|name| name.words.iter().copied()).collect();
            for word in own {
                if let Some(slot) = of_word.get_mut(word as usize) {
                    *slot += 1;
                }
            }
            for bag in variants().map(|name| &name.bag).collect::<HashSet<_>>() {
                *of_bag.entry(bag.clone()).or_default() += 1;
            }
        }
        let mut of_key: HashMap<String, u32> = HashMap::new();
        for record in records {
            for key in record.kpps.iter().map(Kpp::as_str).chain(record.phones.iter().map(String::as_str)) {
                *of_key.entry(key.to_owned()).or_default() += 1;
            }
            for key in record.emails.iter().chain(&record.domains) {
                *of_key.entry(key.clone()).or_default() += 1;
            }
        }
        let (places, regions, of_region) = geography(records);
        Self {
            entities: (count as f64).max(2.0 * FEW),
            records: (records.len() as f64).max(FEW),
            remarks: remarks(words.len(), parties, records),
            of_word,
            of_bag,
            places,
            regions,
            of_region,
            of_key,
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

    /// Most that an equal name can be worth, by how many others have it: `(bits, other namesakes)`.
    pub fn name(&self, bag: &[Word]) -> (f64, u32) {
        let others = self.of_bag.get(bag).copied().unwrap_or(0).saturating_sub(2);
        (self.rarity(others), others)
    }

    /// Worth of a shared КПП, phone, address or domain.
    pub fn key(&self, key: &str) -> f64 {
        let seen = f64::from(self.of_key.get(key).copied().unwrap_or(0).max(1));
        (self.records / seen).log2()
    }

    pub fn df(&self, word: Word) -> u32 {
        self.of_word.get(word as usize).copied().unwrap_or(0)
    }

    /// Whether the word is a remark of one side («архив», «постоплата»).
    pub fn is_remark(&self, word: Word) -> bool {
        self.remarks.contains(&word)
    }

    /// Whether the word is a town of the CRM.
    pub fn is_place(&self, word: Word) -> bool {
        self.places.contains(&word)
    }

    /// Region of a record: by its КПП or ИНН, else the one its town has in the rest of the CRM.
    pub fn region<'a>(&'a self, record: &'a Profile) -> Option<&'a str> {
        record.office().or_else(|| self.regions.get(&record.city).map(String::as_str)).or_else(|| record.region())
    }

    /// Worth of an equal region.
    pub fn same_region(&self, region: &str) -> f64 {
        self.of_region.get(region).map_or(3.0, |share| (-share.log2() * 0.8).min(4.0))
    }

    fn rarity(&self, others: u32) -> f64 {
        (self.entities / (f64::from(others) + 0.5)).log2()
    }
}

/// Words in at least this many names of one side and in none of the other are remarks.
const REMARK: u32 = 6;

fn remarks(words: usize, parties: &[Profile], records: &[Profile]) -> HashSet<Word> {
    let count = |side: &[Profile]| {
        let mut seen = vec![0_u32; words];
        for profile in side {
            let own: HashSet<Word> = profile.names.iter().flat_map(|name| name.words.iter().copied()).collect();
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

type Geography = (HashSet<Word>, HashMap<Vec<Word>, String>, HashMap<String, f64>);

/// Towns, and the region that most records with ИНН in the town have.
fn geography(records: &[Profile]) -> Geography {
    let mut towns: HashMap<&[Word], (u32, BTreeMap<&str, u32>)> = HashMap::new();
    let mut regions: HashMap<String, f64> = HashMap::new();
    let mut known = 0.0;
    for record in records {
        let region = record.region();
        if let Some(region) = region {
            *regions.entry(region.to_owned()).or_default() += 1.0;
            known += 1.0;
        }
        if !record.city.is_empty() {
            let town = towns.entry(&record.city).or_default();
            town.0 += 1;
            if let Some(region) = region {
                *town.1.entry(region).or_default() += 1;
            }
        }
    }
    for share in regions.values_mut() {
        *share /= known;
    }
    let places = towns.iter().filter(|(_, (n, _))| *n > 1).flat_map(|(town, _)| town.iter().copied()).collect();
    let by_town = towns
        .iter()
        .filter_map(|(town, (_, seen))| {
            let all: u32 = seen.values().sum();
            let (region, most) = seen.iter().max_by_key(|(region, n)| (**n, std::cmp::Reverse(**region)))?;
            // Three records of one region and hardly any other: anything less is chance.
            (*most >= 3 && most * 10 >= all * 7).then(|| (town.to_vec(), (*region).to_owned()))
        })
        .collect();
    (places, by_town, regions)
}
