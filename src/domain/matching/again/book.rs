//! The towns of both sides' city fields, counted: when one appears or vanishes, whoever may be read differently is read anew.
//! Deliberately absent: the reading itself (`reading`).

use rustc_hash::FxHashMap;

use super::super::towns::{Towns, town_of};

/// Towns by number, with the city fields that name each.
#[derive(Default)]
pub(super) struct TownBook {
    numbers: FxHashMap<Vec<String>, u32>,
    /// The same by the city field as it was written.
    written: FxHashMap<String, u32>,
    list: Vec<Vec<String>>,
    uses: Vec<u32>,
    /// Uses before the change under way, of the towns it touches.
    before: FxHashMap<u32, u32>,
    pub towns: Towns,
}

impl TownBook {
    /// Counts the town of a city field; answers its number.
    pub fn add(&mut self, city: &str) -> u32 {
        let number = self.written.get(city).copied().unwrap_or_else(|| {
            let number = self.number(town_of(city));
            self.written.insert(city.to_owned(), number);
            number
        });
        self.count(std::iter::once(number), true);
        number
    }

    fn number(&mut self, phrase: Vec<String>) -> u32 {
        self.numbers.get(&phrase).copied().unwrap_or_else(|| {
            let number = self.list.len() as u32;
            self.numbers.insert(phrase.clone(), number);
            self.list.push(phrase);
            self.uses.push(0);
            number
        })
    }

    /// The towns of the first run's city fields; they are counted later.
    pub fn begin<'c>(&mut self, cities: impl Iterator<Item = &'c str>) {
        cities.for_each(|city| self.towns.add(city));
    }

    /// Counts towns by their numbers once more, or once less.
    pub fn count(&mut self, numbers: impl Iterator<Item = u32>, more: bool) {
        for number in numbers {
            if let Some(uses) = self.uses.get_mut(number as usize) {
                self.before.entry(number).or_insert(*uses);
                *uses = if more { *uses + 1 } else { uses.saturating_sub(1) };
            }
        }
    }

    /// Makes the towns what the counts say; answers those that became one or are none any more.
    pub fn settle(&mut self) -> Vec<Vec<String>> {
        let is_used = |number: u32| self.uses.get(number as usize).is_some_and(|uses| *uses > 0);
        let changed = self.before.drain().filter(|(number, before)| (*before > 0) != is_used(*number));
        let changed: Vec<u32> = changed.map(|(number, _)| number).collect();
        if changed.is_empty() {
            return Vec::new();
        }
        let phrases = || self.list.iter().zip(&self.uses).filter(|(_, uses)| **uses > 0);
        let mut towns = Towns::default();
        phrases().for_each(|(phrase, _)| towns.add_phrase(phrase.clone()));
        self.towns = towns;
        changed.iter().filter_map(|number| self.list.get(*number as usize)).cloned().collect()
    }
}
