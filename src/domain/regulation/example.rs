//! Worked examples: the arithmetic of a line that was really computed, or an invented one that says so. The numbers come from
//! the same functions that pay. Deliberately absent: names of people and buyers, which a regulation must not carry.

use std::collections::BTreeMap;

use crate::domain::{
    adjust,
    facts::{Facts, Outcome},
    money::{Money, Rate},
    policy::{BonusBase, PolicyVersion},
    text::{Lang, Text},
    words::{both, money, percent},
};

/// Examples by rule id; the bonus of a sale stands under [`BONUS`].
pub type Examples = BTreeMap<String, Example>;

/// Key of the example of a sale's bonus. No rule can have an empty id.
pub const BONUS: &str = "";

/// A worked example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// Whether it comes from the company's own numbers.
    pub real: bool,
    /// The arithmetic.
    pub text: Text,
}

impl Example {
    /// The example with its heading.
    pub(super) fn told(&self) -> Text {
        let (ru, en) = if self.real {
            ("Пример из расчётов компании", "Example from the company's own figures")
        } else {
            ("Условный пример", "Invented example")
        };
        Text::new(format!("{ru}: {}", self.text.ru), format!("{en}: {}", self.text.en))
    }
}

/// Amount of invented examples.
const ROUND: Money = Money::from_kopecks(100_000_00);

/// Examples of a version among what was computed: for each rule the newest line that moves money, the greatest of its period.
pub fn of_outcome(facts: &Facts, outcome: &Outcome, version: &PolicyVersion) -> Examples {
    let mut examples = Examples::new();
    for rule in &version.rules {
        let lines = outcome.wanted.iter().filter(|w| {
            w.policy_version == version.id
                && w.key.rule == rule.id
                && !w.amount.is_zero()
                && !w.evidence.arithmetic.ru.is_empty()
        });
        // A plain sale reads easier than one with returns.
        let best = lines.max_by_key(|w| {
            (
                !w.evidence.arithmetic.ru.contains(';') || w.evidence.arithmetic.ru.matches(';').count() == 1,
                w.key.belongs_to,
                w.amount.abs(),
                std::cmp::Reverse(&w.key),
            )
        });
        if let Some(line) = best {
            let period = line.key.belongs_to;
            let text = &line.evidence.arithmetic;
            let text = Text::new(format!("{} (за {period})", text.ru), format!("{} ({period})", text.en));
            examples.insert(rule.id.clone(), Example { real: true, text });
        }
    }
    if let Some((base, rate, bonus)) = adjust::example_bonus(facts, outcome, &version.id) {
        let text = both(|lang| format!("{} × {} = {}", money(base, lang), percent(rate, lang), money(bonus, lang)));
        examples.insert(BONUS.to_owned(), Example { real: true, text });
    }
    examples
}

/// The example under the key, or the invented one.
pub(super) fn or_invented(examples: &Examples, key: &str, invented: impl Fn(Lang) -> String) -> Text {
    examples.get(key).cloned().unwrap_or_else(|| Example { real: false, text: both(invented) }).told()
}

/// `100 000,00 × 3 % = 3 000,00`, or the file's own bonus.
pub(super) fn invented_bonus(version: &PolicyVersion) -> (Money, impl Fn(Lang) -> String + use<>) {
    let (column, rate) = (version.bonus.base == BonusBase::Column, version.bonus.rate);
    let bonus = if column { ROUND.share(Rate::from_bp(300)) } else { ROUND.share(rate) };
    let words = move |lang| {
        if column {
            money(bonus, lang)
        } else {
            format!("{} × {} = {}", money(ROUND, lang), percent(rate, lang), money(bonus, lang))
        }
    };
    (bonus, words)
}
