//! Names that name nobody: «Покупатель», «Частное лицо», «Розница». Deliberately absent: rarity (`weight`).

use super::{profile::Variant, search::Search};
use crate::domain::normalise::skeleton::skeleton;

/// Words that say what a buyer is and not who. Stems: endings vary.
const GENERAL: [&str; 33] = [
    "покупател",
    "розничн",
    "розница",
    "розниц",
    "частн",
    "лицо",
    "лица",
    "физ",
    "физическ",
    "физлиц",
    "клиент",
    "контрагент",
    "проч",
    "наличн",
    "нал",
    "неизвестн",
    "указан",
    "безымянн",
    "назван",
    "имен",
    "тест",
    "разн",
    "разов",
    "населени",
    "гост",
    "интернет",
    "заказ",
    "юрлиц",
    "юр",
    "юридическ",
    "аноним",
    "новый",
    "test",
];
const FILLERS: [&str; 8] = ["не", "без", "и", "за", "для", "на", "по", "от"];

impl Search<'_> {
    /// Whether every word of the name is general.
    pub(super) fn is_general(&self, name: &Variant) -> bool {
        static STEMS: std::sync::OnceLock<(Vec<String>, Vec<String>)> = std::sync::OnceLock::new();
        let (stems, fillers) = STEMS.get_or_init(|| {
            let sounds = |list: &[&str]| list.iter().map(|word| skeleton(word)).collect();
            (sounds(&GENERAL), sounds(&FILLERS))
        });
        name.words(&self.words).iter().all(|word| {
            let text = self.words.text(*word);
            // A short stem stands for itself: «физ» is general, «физика» is not.
            let general = |stem: &String| {
                text == stem || (stem.len() >= 4 && text.starts_with(stem.as_str()) && text.len() <= stem.len() + 4)
            };
            text.chars().all(|c| c.is_ascii_digit()) || fillers.iter().any(|f| f == text) || stems.iter().any(general)
        })
    }
}
