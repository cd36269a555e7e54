//! Words of both sides by number: a word and its transliteration have one skeleton and one number. Towns are known from
//! city fields. Deliberately absent: frequencies (`weight`).

use std::collections::{HashMap, HashSet};

use crate::domain::normalise::skeleton::skeleton;

/// Number of a word.
pub(super) type Word = u32;

/// All words of both sides.
#[derive(Default)]
pub(super) struct Words {
    by_skeleton: HashMap<String, Word>,
    skeletons: Vec<String>,
    /// Words that are towns: of the CRM's and the cards' own city fields.
    places: HashSet<String>,
}

impl Words {
    /// Takes down the words of a city field.
    pub fn add_place(&mut self, city: &str) {
        self.places.extend(city_words(city));
    }

    /// Whether the word is a town.
    pub fn is_place(&self, word: &str) -> bool {
        self.places.contains(word)
    }

    /// The word's number.
    pub fn number(&mut self, word: &str) -> Word {
        let skeleton = skeleton(word);
        // A word of signs without a sound (ь) stands for itself.
        let skeleton = if skeleton.is_empty() { word.to_owned() } else { skeleton };
        if let Some(number) = self.by_skeleton.get(&skeleton) {
            return *number;
        }
        let number = self.skeletons.len() as Word;
        self.by_skeleton.insert(skeleton.clone(), number);
        self.skeletons.push(skeleton);
        number
    }

    /// Its skeleton.
    pub fn text(&self, word: Word) -> &str {
        self.skeletons.get(word as usize).map_or("", String::as_str)
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.skeletons.len()
    }
}

/// Words of a city: «г. Москва» is Москва.
pub(super) fn city_words(city: &str) -> Vec<String> {
    let mut words = crate::domain::normalise::text::words(city);
    words.retain(|w| w.chars().count() > 2 && !matches!(w.as_str(), "гор" | "город" | "пос" | "обл" | "область"));
    words.truncate(2);
    words
}
