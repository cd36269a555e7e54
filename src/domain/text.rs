//! Words for people, in both languages at once, so that a sentence is written where its cause is known
//! and the recipient's language is chosen where it is shown. Deliberately absent: a catalogue of numbered
//! messages (it drifts from the code) and formatting of amounts and dates (see `deliver::filters`).

use serde::{Deserialize, Serialize};

/// Language of a recipient. Russian is the default everywhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Russian.
    #[default]
    Ru,
    /// English.
    En,
}

impl Lang {
    /// Two-letter code, also the name of the template folder.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ru => "ru",
            Self::En => "en",
        }
    }
}

/// One sentence or phrase in Russian and in English.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Text {
    /// Russian wording.
    pub ru: String,
    /// English wording.
    pub en: String,
}

impl Text {
    /// Both wordings.
    pub fn new(ru: impl Into<String>, en: impl Into<String>) -> Self {
        Self { ru: ru.into(), en: en.into() }
    }

    /// The same in both languages: names, numbers, quotations.
    pub fn same(both: impl Into<String>) -> Self {
        let ru = both.into();
        Self { en: ru.clone(), ru }
    }

    /// The wording for one reader.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Ru => &self.ru,
            Lang::En => &self.en,
        }
    }
}
