//! Towns as they stand in city fields and inside names: phrases of words, usual short forms, adjectives («Тульский
//! филиал»). A town is what a city field of either side says is one. Deliberately absent: a gazetteer, regions (`place`).

use rustc_hash::{FxHashMap, FxHashSet};

use crate::domain::normalise::text;

/// Short forms that everybody writes.
const SHORT: [(&str, &[&str]); 9] = [
    ("спб", &["санкт", "петербург"]),
    ("питер", &["санкт", "петербург"]),
    ("мск", &["москва"]),
    ("екб", &["екатеринбург"]),
    ("нск", &["новосибирск"]),
    ("челны", &["набережные", "челны"]),
    ("ростов", &["ростов", "на", "дону"]),
    ("н", &["нижний", "новгород"]),
    ("с", &["санкт", "петербург"]),
];
/// Words that say what kind of place it is.
const KINDS: [&str; 9] = ["г", "гор", "город", "пос", "поселок", "пгт", "с", "село", "д"];
/// Ends of adjectives that towns make.
pub(super) const ADJECTIVE: [&str; 6] = ["ский", "ская", "ское", "цкий", "цкая", "цкое"];
/// What a branch is called; the town's adjective stands before it.
pub(super) const BRANCH: [&str; 2] = ["филиал", "представительство"];
/// Words of a town's name at most.
const LONGEST: usize = 3;

/// The towns that city fields name.
#[derive(Default)]
pub(super) struct Towns {
    phrases: FxHashSet<Vec<String>>,
    first_words: FxHashSet<String>,
    /// Towns by their first three letters, for adjectives.
    by_stem: FxHashMap<String, Vec<String>>,
    /// The town of each city field taken down as it was written: thousands write the same.
    written: FxHashMap<String, Vec<String>>,
}

impl Towns {
    /// Takes down the town of a city field.
    pub fn add(&mut self, city: &str) {
        if !self.written.contains_key(city) {
            let town = town_of(city);
            self.written.insert(city.to_owned(), town.clone());
            self.add_phrase(town);
        }
    }

    /// The words of the town in a city field.
    pub fn of_city(&self, city: &str) -> Vec<String> {
        self.written.get(city).cloned().unwrap_or_else(|| town_of(city))
    }

    /// Takes down a town by its words.
    pub fn add_phrase(&mut self, phrase: Vec<String>) {
        let Some(first) = phrase.first() else { return };
        if phrase.iter().map(|w| w.chars().count()).sum::<usize>() < 3 || self.phrases.contains(&phrase) {
            return;
        }
        if phrase.len() == 1 {
            self.by_stem.entry(first.chars().take(3).collect()).or_default().push(first.clone());
        }
        self.first_words.insert(first.clone());
        self.phrases.insert(phrase);
    }

    /// Where a town stands among the words: `(start, words, the town)`. The longest one, the last of equals.
    pub fn find(&self, words: &[String]) -> Option<(usize, usize, Vec<String>)> {
        let mut best: Option<(usize, usize, Vec<String>)> = None;
        for (at, word) in words.iter().enumerate() {
            let mut keep = |n: usize, town: Vec<String>| {
                if best.as_ref().is_none_or(|(_, m, _)| n >= *m) {
                    best = Some((at, n, town));
                }
            };
            if self.first_words.contains(word) {
                let fits = |n: &usize| words.get(at..at + n).is_some_and(|here| self.phrases.contains(here));
                if let Some(n) = (1..=LONGEST).rev().find(fits) {
                    keep(n, words.get(at..at + n).unwrap_or_default().to_vec());
                    continue;
                }
            }
            if let Some((n, town)) = short_form(words.get(at..).unwrap_or_default())
                && self.phrases.contains(&town)
            {
                keep(n, town);
            }
        }
        best
    }

    /// The one town that an adjective is made of: «тульский» of Тула.
    pub fn of_adjective(&self, word: &str) -> Option<&String> {
        let stem = ADJECTIVE.iter().find_map(|end| word.strip_suffix(end))?;
        let letters: Vec<char> = stem.chars().collect();
        let list = self.by_stem.get(&letters.iter().take(3).collect::<String>())?;
        let common = |town: &&String| town.chars().zip(&letters).take_while(|(a, b)| a == *b).count();
        // All of both but the last two letters; of three letters in common, all of the stem but one.
        let fits = |town: &&String| {
            let (n, stem) = (common(town), letters.len());
            n + 2 >= stem.max(town.chars().count()) && (n >= 4 || n == 3 && stem <= 4)
        };
        let mut fitting: Vec<&String> = list.iter().filter(fits).collect();
        fitting.sort_by_key(|town| std::cmp::Reverse(common(town)));
        match fitting.as_slice() {
            [one] => Some(one),
            [one, two, ..] if common(one) > common(two) => Some(one),
            _ => None,
        }
    }
}

/// Short forms of a town.
pub(super) fn short_forms(town: &[String]) -> impl Iterator<Item = &'static str> {
    SHORT.iter().filter(|(_, whole)| town.iter().eq(whole.iter())).map(|(short, _)| *short)
}

/// How the adjectives begin that may be made of a town.
pub(super) fn adjectives(town: &[String]) -> Option<String> {
    if let [one] = town { Some(one.chars().take(3).collect()) } else { None }
}

/// A usual short form at the beginning of the words.
fn short_form(words: &[String]) -> Option<(usize, Vec<String>)> {
    let first = words.first()?;
    let (_, town) = SHORT.iter().find(|(short, _)| short == first)?;
    let whole = || town.iter().map(|w| (*w).to_owned()).collect();
    if first.chars().count() == 1 {
        // «Н. Новгород», «С.-Петербург»: the letter means something only before the other word.
        return (words.get(1).map(String::as_str) == town.last().copied()).then(|| (2, whole()));
    }
    Some((1, whole()))
}

/// The words of a town in a city or address field: «г. Москва, ул. Ленина» is Москва.
pub(super) fn town_of(city: &str) -> Vec<String> {
    let mut pieces = city.split([',', ';']).map(text::words).filter(|words| {
        words.iter().any(|word| word.chars().all(char::is_alphabetic))
            && !words.iter().any(|w| w == "россия" || w == "рф")
    });
    let first = pieces.next().unwrap_or_default();
    let named = |words: &[String]| words.first().is_some_and(|w| matches!(w.as_str(), "г" | "гор" | "город"));
    let mut words = if named(&first) { first } else { pieces.find(|words| named(words)).unwrap_or(first) };
    if let Some((n, town)) = short_form(&words).filter(|(_, town)| !words.starts_with(town)) {
        words.splice(..n, town);
        return words;
    }
    if words.len() > 1 {
        words.retain(|w| !KINDS.contains(&w.as_str()));
    }
    words.truncate(LONGEST);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn towns() -> Towns {
        let mut towns = Towns::default();
        for city in ["г. Москва", "Ростов-на-Дону", "Тула", "Санкт-Петербург", "Химки", "Нижний Новгород", "Воронеж"]
        {
            towns.add(city);
        }
        towns
    }

    fn found(text: &str) -> String {
        towns().find(&text::words(text)).map(|(_, _, town)| town.join(" ")).unwrap_or_default()
    }

    #[test]
    fn towns_are_found_inside_names_as_people_write_them() {
        assert_eq!(found("Маслов А.А. Ростов-на-Дону"), "ростов на дону");
        assert_eq!(found("Вектор (СПб)"), "санкт петербург");
        assert_eq!(found("Вектор Н.Новгород"), "нижний новгород");
        assert_eq!(found("Вектор г.Тула"), "тула");
        assert_eq!(found("Вектор Пермь"), "", "no city field names it");
        assert_eq!(town_of("101000, Россия, г. Москва, ул. Тульская, 5"), ["москва"]);
    }

    #[test]
    fn adjectives_lead_to_one_town_or_none() {
        let towns = towns();
        let of = |word: &str| towns.of_adjective(word).map(String::as_str);
        assert_eq!(of("тульский"), Some("тула"));
        assert_eq!(of("химкинский"), Some("химки"));
        assert_eq!(of("воронежское"), Some("воронеж"));
        assert_eq!(of("московский"), Some("москва"));
        assert_eq!(of("тулузский"), None);
        assert_eq!(of("русский"), None);
    }
}
