//! What both sides write, counted: towns of city fields and spellings of words. When one appears or vanishes, whoever may be
//! read differently is read anew. Deliberately absent: the reading itself (`reading`).

use rustc_hash::FxHashMap;

use super::super::towns::{Towns, told_by, town_of};

/// Towns by number, with the city fields that name each.
#[derive(Default)]
pub(super) struct TownBook {
    numbers: FxHashMap<Vec<String>, u32>,
    list: Vec<Vec<String>>,
    uses: Vec<u32>,
    /// Uses before the change under way, of the towns it touches.
    before: FxHashMap<u32, u32>,
    pub towns: Towns,
}

impl TownBook {
    /// Counts the town of a city field; answers its number.
    pub fn add(&mut self, city: &str) -> u32 {
        let phrase = town_of(city);
        let number = match self.numbers.get(&phrase) {
            Some(number) => *number,
            None => {
                let number = self.list.len() as u32;
                self.numbers.insert(phrase.clone(), number);
                self.list.push(phrase);
                self.uses.push(0);
                number
            }
        };
        self.count(number, |uses| uses + 1);
        number
    }

    /// The towns of the first run's city fields; they are counted later.
    pub fn begin<'c>(&mut self, cities: impl Iterator<Item = &'c str>) {
        cities.for_each(|city| self.towns.add(city));
    }

    /// Counts a town by its number once more.
    pub fn add_number(&mut self, number: u32) {
        self.count(number, |uses| uses + 1);
    }

    /// A city field is gone.
    pub fn remove(&mut self, number: u32) {
        self.count(number, |uses| uses.saturating_sub(1));
    }

    fn count(&mut self, number: u32, change: impl Fn(u32) -> u32) {
        if let Some(uses) = self.uses.get_mut(number as usize) {
            self.before.entry(number).or_insert(*uses);
            *uses = change(*uses);
        }
    }

    /// Makes the towns what the counts say; answers the words by which names may now be read differently.
    pub fn settle(&mut self) -> Vec<String> {
        let is_used = |number: u32| self.uses.get(number as usize).is_some_and(|uses| *uses > 0);
        let changed = self.before.drain().filter(|(number, before)| (*before > 0) != is_used(*number));
        let changed: Vec<u32> = changed.map(|(number, _)| number).collect();
        if changed.is_empty() {
            return Vec::new();
        }
        let phrases = || self.list.iter().zip(&self.uses).filter(|(_, uses)| **uses > 0);
        let mut towns = Towns::default();
        phrases().for_each(|(phrase, _)| towns.add_phrase(phrase.clone()));
        let words = changed.iter().filter_map(|number| self.list.get(*number as usize));
        let words = words.flat_map(|phrase| told_by(phrase).into_iter().map(str::to_owned).collect::<Vec<_>>()).collect();
        self.towns = towns;
        words
    }
}

/// How many profiles write each word so, by the number of the writing.
#[derive(Default)]
pub(super) struct Uses {
    uses: Vec<u32>,
    /// Writings that were counted in the change under way.
    touched: Vec<u32>,
    before: Vec<bool>,
}

impl Uses {
    /// One more for each writing.
    pub fn add(&mut self, writings: &[u32]) {
        for writing in writings {
            self.count(*writing, |uses| uses + 1);
        }
    }

    /// One less.
    pub fn remove(&mut self, writings: &[u32]) {
        for writing in writings {
            self.count(*writing, |uses| uses.saturating_sub(1));
        }
    }

    fn count(&mut self, writing: u32, change: impl Fn(u32) -> u32) {
        let at = writing as usize;
        if at >= self.uses.len() {
            self.uses.resize(at + 1, 0);
        }
        let Some(uses) = self.uses.get_mut(at) else { return };
        self.touched.push(writing);
        self.before.push(*uses > 0);
        *uses = change(*uses);
    }

    /// Whether anybody writes so.
    pub fn holds(&self, writing: u32) -> bool {
        self.uses.get(writing as usize).is_some_and(|uses| *uses > 0)
    }

    /// Writings that nobody had and somebody has now, or the other way round, since it was last asked.
    pub fn turned(&mut self) -> Vec<u32> {
        let mut first: FxHashMap<u32, bool> = FxHashMap::default();
        for (writing, before) in self.touched.drain(..).zip(self.before.drain(..)) {
            first.entry(writing).or_insert(before);
        }
        first.into_iter().filter(|(writing, before)| *before != self.holds(*writing)).map(|(writing, _)| writing).collect()
    }
}
