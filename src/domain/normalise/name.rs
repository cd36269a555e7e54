//! Names of companies and persons as comparable values. Idempotent: the name of a name's key is the same name.
//! Deliberately absent: any likeness between different names (`matching`).

use super::{
    forms::{self, Form, FormClass},
    person::{self, Person},
    text,
};

/// A name taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Legal form, if one was written.
    pub form: Option<&'static Form>,
    /// The other words in order, lower case.
    pub words: Vec<String>,
}

/// Word groups that have one usual short form and no other meaning; everything else is left to the matcher.
const ABBREVIATIONS: [(&[&str], &str); 5] = [
    (&["торговый", "дом"], "тд"),
    (&["группа", "компаний"], "гк"),
    (&["города"], "г"),
    (&["город"], "г"),
    (&["имени"], "им"),
];

/// Words cut out in the middle: first letters, hyphen, last letters.
const CUT: [(&str, &str); 10] = [
    ("з-д", "завод"),
    ("ф-ка", "фабрика"),
    ("к-т", "комбинат"),
    ("о-во", "общество"),
    ("т-во", "товарищество"),
    ("х-во", "хозяйство"),
    ("пр-во", "производство"),
    ("пр-тие", "предприятие"),
    ("м-н", "магазин"),
    ("б-ца", "больница"),
];

impl Name {
    /// Takes a name apart. Anything is accepted; nonsense gives a name without words.
    pub fn new(raw: &str) -> Self {
        let mut words = uncut(raw).map_or_else(|| text::words(raw), |whole| text::words(&whole));
        let form = forms::take(&mut words);
        Self { form, words: abbreviated(words) }
    }

    /// The normalised name: short legal form, then the words. Identity where there is neither code nor ИНН.
    pub fn key(&self) -> String {
        let mut key = self.form.map(|f| f.code.to_owned()).unwrap_or_default();
        for word in &self.words {
            if !key.is_empty() {
                key.push(' ');
            }
            key.push_str(word);
        }
        key
    }

    /// The words without the legal form.
    pub fn core(&self) -> String {
        self.words.join(" ")
    }

    /// Class of the legal form.
    pub fn class(&self) -> Option<FormClass> {
        self.form.map(|f| f.class)
    }

    /// The person it names, if it names one.
    pub fn person(&self) -> Option<Person> {
        person::parse(&self.words, self.class())
    }
}

/// Writes words that were cut out in the middle in full; `None` where there is none.
fn uncut(raw: &str) -> Option<String> {
    if !raw.contains('-') {
        return None;
    }
    let whole = |piece: &str| {
        let word = piece.contains('-').then(|| piece.trim_matches(|c: char| !c.is_alphanumeric()))?;
        let lower = word.chars().flat_map(char::to_lowercase);
        let (_, full) = CUT.iter().find(|(cut, _)| lower.clone().eq(cut.chars()))?;
        Some(piece.replace(word, full))
    };
    raw.split(' ').any(|piece| whole(piece).is_some()).then(|| {
        raw.split(' ').map(|piece| whole(piece).unwrap_or_else(|| piece.to_owned())).collect::<Vec<_>>().join(" ")
    })
}

fn abbreviated(words: Vec<String>) -> Vec<String> {
    if words.len() < 2 {
        // A lone word is a name, whatever it is.
        return words;
    }
    let mut words = words;
    let mut i = 0;
    while i < words.len() {
        let begins = |long: &[&str]| words.get(i..i + long.len()).is_some_and(|here| here.iter().eq(long));
        if let Some((long, short)) = ABBREVIATIONS.iter().find(|(long, _)| begins(long)) {
            words.splice(i..i + long.len(), [(*short).to_owned()]);
        }
        i += 1;
    }
    words
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(raw: &str) -> String {
        Name::new(raw).key()
    }

    #[test]
    fn spellings_of_one_company_have_one_key() {
        for raw in
            ["РОМАШКА ООО", "ООО \"Ромашка\"", "OOO «РОМАШКА»", "общество с ограниченной ответственностью Ромашка"]
        {
            assert_eq!(key(raw), "ооо ромашка", "{raw}");
        }
        assert_eq!(key("АО «Торговый дом «Ёлка»"), "ао тд елка");
        assert_eq!(key("Карельский з-д"), "карельский завод");
        assert_eq!(key("Иванов Иван Иванович (ИП)"), "ип иванов иван иванович");
        assert_ne!(key("ЗАО Ромашка"), key("ООО Ромашка"));
        assert_eq!(key("ЮВЕЛИРНЫИ\u{306}"), "ювелирный");
    }

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing(raw in "\\PC{0,40}") {
            prop_assert_eq!(key(&key(&raw)), key(&raw));
        }

        #[test]
        fn normalising_made_up_names_twice_changes_nothing(
            words in prop::collection::vec(prop::sample::select(vec![
                "ООО", "ао", "ИП", "\"", "Акционерное", "общество", "публичное", "с", "ограниченной", "ответственностью",
                "Ромашка", "000", "OOO", "торговый", "дом", "а", "о", "группа", "компаний", "производственный", "кооператив",
                "производственное", "объединение", "ф", "п", "TOB", "управляющая", "глава", "КФХ",
            ]), 0..9)
        ) {
            let raw = words.join(" ");
            prop_assert_eq!(key(&key(&raw)), key(&raw));
        }
    }
}
