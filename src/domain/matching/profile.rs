//! What is compared of either side, read once: names as numbered words, numbers, contacts, place. Words are numbered by
//! their skeleton, so that a transliteration and its original are the same word.
//! Deliberately absent: frequencies (`weight`) and likeness (`comparison`).

pub(super) use super::vocabulary::{Word, Words};
use super::{
    draft::{Draft, Drafted},
    place::Region,
};
use crate::domain::{
    normalise::forms::FormClass,
    tax_id::{Inn, InnStrength, Kpp},
};

/// A person in a name; a part is its word, or only a letter.
#[derive(Clone, Debug)]
pub(super) struct PersonWords {
    pub surname: Word,
    pub given: Part,
    pub patronymic: Part,
}

/// Given name or patronymic as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Unknown,
    Initial(char),
    Whole(Word, char),
}

impl Part {
    fn of(text: &str, words: &mut Words) -> Self {
        let number = words.number(text);
        match (text.chars().count(), words.text(number).chars().next()) {
            (0, _) | (_, None) => Self::Unknown,
            (1, Some(letter)) => Self::Initial(letter),
            (_, Some(letter)) => Self::Whole(number, letter),
        }
    }

    pub fn letter(self) -> Option<char> {
        match self {
            Self::Unknown => None,
            Self::Initial(letter) | Self::Whole(_, letter) => Some(letter),
        }
    }
}

/// One way to read a name.
#[derive(Clone, Debug)]
pub(super) struct Variant {
    /// Words without the legal form, in order.
    pub words: Vec<Word>,
    /// The same words sorted: the name regardless of order.
    pub bag: Vec<Word>,
    /// Skeletons written together.
    pub joined: String,
    /// Class and code of the legal form.
    pub form: Option<(FormClass, &'static str)>,
    /// Whether it is only the quoted part of the name.
    pub partial: bool,
    /// The person, if it names one.
    pub person: Option<PersonWords>,
    /// Whether it is no name but the word of a mail address.
    pub handle: bool,
    /// Other entities with exactly these words.
    pub others: u32,
}

impl Variant {
    fn of(drafted: &Drafted, words: &mut Words) -> Option<Self> {
        let name = &drafted.name;
        if name.words.is_empty() {
            return None;
        }
        let numbers: Vec<Word> = name.words.iter().map(|word| words.number(word)).collect();
        let mut bag = numbers.clone();
        bag.sort_unstable();
        let mut joined: String = numbers.iter().map(|word| words.text(*word)).collect();
        joined.shrink_to_fit();
        let person = drafted.person.as_ref().filter(|p| !p.surname.is_empty()).map(|p| PersonWords {
            surname: words.number(&p.surname),
            given: Part::of(&p.given, words),
            patronymic: Part::of(&p.patronymic, words),
        });
        let form = name.form.map(|f| (f.class, f.code));
        Some(Self { words: numbers, bag, joined, form, partial: drafted.partial, person, handle: false, others: 0 })
    }

    fn of_handle(text: &str, words: &mut Words) -> Self {
        let word = words.number(text);
        let joined = words.text(word).to_owned();
        Self {
            words: vec![word],
            bag: vec![word],
            joined,
            form: None,
            partial: false,
            person: None,
            handle: true,
            others: 0,
        }
    }
}

/// Everything comparable about a counterparty or a CRM record.
#[derive(Debug, Default)]
pub(super) struct Profile {
    /// Readings of the name, distinct, best known first.
    pub names: Vec<Variant>,
    /// Valid ИНН.
    pub inns: Vec<(Inn, InnStrength)>,
    /// Digits of the ИНН cell when they are no valid ИНН (broken, or another country's number).
    pub raw_ids: Vec<String>,
    /// Digits of all of them, valid or not.
    pub ids: Vec<String>,
    pub kpps: Vec<Kpp>,
    pub phones: Vec<String>,
    pub emails: Vec<String>,
    pub domains: Vec<String>,
    /// Words of the city, if there is one.
    pub city: Vec<Word>,
    /// What the CRM shows of its town and of its phones' area codes (numbers in `place`).
    pub town_seen: Option<u32>,
    /// Region: of the КПП, else of the ИНН (their first two digits are the region of the tax office).
    pub region: Option<Region>,
    /// Region of the КПП: where the branch itself is.
    pub office: Option<Region>,
    pub phones_seen: Vec<u32>,
}

impl Profile {
    /// Numbers the words of what was read.
    pub fn new(draft: Draft, words: &mut Words) -> Self {
        let Draft { mut profile, names, town, handles } = draft;
        for drafted in names {
            if let Some(variant) = Variant::of(&drafted, words)
                && !profile.names.iter().any(|have| {
                    have.words == variant.words
                        && have.form == variant.form
                        && have.person.is_some() >= variant.person.is_some()
                })
            {
                profile.names.push(variant);
            }
        }
        profile.city = town.iter().map(|word| words.number(word)).collect();
        for handle in handles {
            profile.names.push(Variant::of_handle(&handle, words));
        }
        profile.names.shrink_to_fit();
        profile.office = profile.kpps.first().and_then(|kpp| region_of(kpp.as_str()));
        profile.region = profile.office.or_else(|| profile.inns.first().and_then(|(inn, _)| region_of(inn.as_str())));
        profile.ids =
            profile.inns.iter().map(|(inn, _)| inn.to_string()).chain(profile.raw_ids.iter().cloned()).collect();
        profile
    }

    /// Valid ИНН as written.
    pub fn exact_inns(&self) -> impl Iterator<Item = &Inn> {
        self.inns.iter().filter(|(_, strength)| *strength == InnStrength::Exact).map(|(inn, _)| inn)
    }

    /// Whether both sides have ИНН as written and none in common.
    pub fn contradicts(&self, other: &Self) -> bool {
        self.exact_inns().next().is_some()
            && other.exact_inns().next().is_some()
            && !self.inns.iter().any(|(inn, _)| other.inns.iter().any(|(theirs, _)| theirs == inn))
    }
}

/// The region behind the first two digits; Moscow and Saint Petersburg have two numbers.
fn region_of(digits: &str) -> Option<Region> {
    match digits.get(..2)?.parse().ok()? {
        97 => Some(77),
        98 => Some(78),
        other => Some(other),
    }
}
