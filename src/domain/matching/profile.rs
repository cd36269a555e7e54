//! What is compared of either side, read once: names as numbered words, numbers, contacts, place. Everything is a few
//! numbers; lists and texts stand in `Words`. Deliberately absent: frequencies (`weight`) and likeness (`comparison`).

use std::ops::Range;

use super::{place::Region, words::Key};
pub(super) use super::{vocabulary::Word, words::Words};
use crate::domain::normalise::forms::{Form, FormClass};

/// No list, no text, no person.
pub(super) const NONE: u32 = u32::MAX;

/// A person in a name; a part is its word, or only a letter.
#[derive(Clone, Copy, Debug)]
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
    pub fn letter(self) -> Option<char> {
        match self {
            Self::Unknown => None,
            Self::Initial(letter) | Self::Whole(_, letter) => Some(letter),
        }
    }

    fn renumbered(self, of: impl Fn(Word) -> Word) -> Self {
        match self {
            Self::Whole(word, letter) => Self::Whole(of(word), letter),
            other => other,
        }
    }
}

impl PersonWords {
    /// The same with other numbers of words.
    pub fn renumbered(self, of: impl Fn(Word) -> Word + Copy) -> Self {
        Self { surname: of(self.surname), given: self.given.renumbered(of), patronymic: self.patronymic.renumbered(of) }
    }
}

/// One way to read a name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Variant {
    /// Words without the legal form, in order: where they start, and how many.
    pub at: u32,
    pub n: u16,
    /// Whether it is only the quoted part of the name.
    pub partial: bool,
    /// Whether it is no name but the word of a mail address.
    pub handle: bool,
    /// Number of the same words sorted: the name regardless of order.
    pub bag: u32,
    /// Number of the skeletons written together.
    pub joined: u32,
    /// Number of the person, if it names one.
    pub person: u32,
    /// Other entities with exactly these words.
    pub others: u32,
    /// The legal form.
    pub form: Option<&'static Form>,
}

impl Variant {
    #[inline]
    pub fn words(self, words: &Words) -> &[Word] {
        words.list(self.at, self.n)
    }

    /// Skeletons written together.
    #[inline]
    pub fn joined(self, words: &Words) -> &str {
        words.joined(self.joined)
    }

    #[inline]
    pub fn person(self, words: &Words) -> Option<&PersonWords> {
        words.person(self.person)
    }

    /// Class and code of the legal form.
    pub fn form(self) -> Option<(FormClass, &'static str)> {
        self.form.map(|form| (form.class, form.code))
    }
}

/// Kinds of numbers and contacts in the order in which they stand.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// Valid ИНН.
    Inn,
    /// Digits of the ИНН cell when they are no valid ИНН (broken, or another country's number).
    RawId,
    Kpp,
    Phone,
    Email,
    Domain,
}

/// Everything comparable about a counterparty or a CRM record.
#[derive(Debug)]
pub(super) struct Profile {
    /// Readings of the name, distinct, best known first: where they start, and how many.
    pub names: (u32, u16),
    /// Where its numbers and contacts start, and where each kind ends behind that.
    pub keys: u32,
    pub ends: [u16; 6],
    /// A bit for each of the first ИНН that is as written (and not restored).
    pub exact: u32,
    /// Number of its town's words, if there is one.
    pub city: u32,
    /// What the CRM shows of its town and of its phones' area codes (numbers in `place`).
    pub town_seen: Option<u32>,
    pub phones_seen: Box<[u32]>,
    /// Region: of the КПП, else of the ИНН (their first two digits are the region of the tax office).
    pub region: Option<Region>,
    /// Region of the КПП: where the branch itself is.
    pub office: Option<Region>,
}

impl Profile {
    #[inline]
    pub fn names<'w>(&self, words: &'w Words) -> &'w [Variant] {
        words.names(self.names)
    }

    #[inline]
    fn range(&self, kinds: Range<usize>) -> (u32, u16) {
        let end = |kind: usize| self.ends.get(kind).copied().unwrap_or(0);
        let from = kinds.start.checked_sub(1).map_or(0, end);
        (self.keys + u32::from(from), end(kinds.end - 1).saturating_sub(from))
    }

    /// Its numbers or contacts of one kind.
    #[inline]
    pub fn of<'w>(&self, kind: Kind, words: &'w Words) -> &'w [Key] {
        words.keys(self.range(kind as usize..kind as usize + 1))
    }

    /// Valid ИНН, strongest first.
    #[inline]
    pub fn inns<'w>(&self, words: &'w Words) -> &'w [Key] {
        self.of(Kind::Inn, words)
    }

    /// All tax numbers, valid or not.
    pub fn ids<'w>(&self, words: &'w Words) -> &'w [Key] {
        words.keys(self.range(Kind::Inn as usize..Kind::RawId as usize + 1))
    }

    pub fn kpps<'w>(&self, words: &'w Words) -> &'w [Key] {
        self.of(Kind::Kpp, words)
    }

    /// Phones, addresses and domains.
    pub fn contacts<'w>(&self, words: &'w Words) -> &'w [Key] {
        words.keys(self.range(Kind::Phone as usize..Kind::Domain as usize + 1))
    }

    /// Words of the city.
    pub fn city<'w>(&self, words: &'w Words) -> &'w [Word] {
        words.town(self.city)
    }

    pub fn has_city(&self) -> bool {
        self.city != NONE
    }

    /// Whether the ИНН at that place is as written.
    pub fn is_exact(&self, at: usize) -> bool {
        at < 32 && self.exact & (1 << at) != 0
    }

    /// Valid ИНН as written.
    pub fn exact_inns<'w>(&self, words: &'w Words) -> impl Iterator<Item = Key> + use<'w> {
        let exact = self.exact;
        self.inns(words)
            .iter()
            .enumerate()
            .filter(move |(at, _)| *at < 32 && exact & (1 << at) != 0)
            .map(|(_, inn)| *inn)
    }

    /// Whether both sides have ИНН as written and none in common.
    #[inline]
    pub fn contradicts(&self, other: &Self, words: &Words) -> bool {
        self.exact != 0 && other.exact != 0 && !common(self.inns(words), other.inns(words))
    }
}

/// Whether the lists have a member in common.
pub(super) fn common(a: &[u32], b: &[u32]) -> bool {
    a.iter().any(|one| b.contains(one))
}

/// The region behind the first two digits; Moscow and Saint Petersburg have two numbers.
pub(super) fn region_of(digits: &str) -> Option<Region> {
    match digits.get(..2)?.parse().ok()? {
        97 => Some(77),
        98 => Some(78),
        other => Some(other),
    }
}
