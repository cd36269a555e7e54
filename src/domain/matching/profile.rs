//! What is compared of either side, read once: names as numbered words, numbers, contacts, place. Words are numbered by
//! their skeleton, so that a transliteration and its original are the same word.
//! Deliberately absent: frequencies (`weight`) and likeness (`comparison`).

use std::collections::BTreeSet;

pub(super) use super::vocabulary::{Word, Words};
use super::{handles, place::Region, towns::town_of};
use crate::domain::{
    crm::KnownRecord,
    normalise::{contact, forms::FormClass, name::Name, person, text::as_cyrillic},
    party::Counterparty,
    tax_id::{self, Inn, InnStrength, Kpp},
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
}

impl Variant {
    fn of(name: &Name, words: &mut Words) -> Option<Self> {
        if name.words.is_empty() {
            return None;
        }
        let numbers: Vec<Word> = name.words.iter().map(|word| words.number(word)).collect();
        let mut bag = numbers.clone();
        bag.sort_unstable();
        let joined = numbers.iter().map(|word| words.text(*word)).collect();
        let person = name.person().filter(|p| !p.surname.is_empty()).map(|p| PersonWords {
            surname: words.number(&p.surname),
            given: Part::of(&p.given, words),
            patronymic: Part::of(&p.patronymic, words),
        });
        let form = name.form.map(|f| (f.class, f.code));
        Some(Self { words: numbers, bag, joined, form, partial: false, person, handle: false })
    }

    fn of_handle(text: &str, words: &mut Words) -> Self {
        let word = words.number(text);
        let joined = words.text(word).to_owned();
        Self { words: vec![word], bag: vec![word], joined, form: None, partial: false, person: None, handle: true }
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
    region: Option<Region>,
    office: Option<Region>,
    pub phones_seen: Vec<u32>,
}

impl Profile {
    /// Of a counterparty: all its spellings, and its card.
    pub fn of_party(party: &Counterparty, words: &mut Words) -> Self {
        let mut profile = Self { inns: party.inns.clone(), kpps: party.kpps.clone(), ..Self::default() };
        let card = party.card.as_ref();
        let written = party.spellings.iter().map(|s| s.name.as_str());
        let texts: BTreeSet<&str> = written.chain(card.map(|c| c.full_name.as_str())).collect();
        profile.read_names(std::iter::once(party.name.as_str()).chain(texts), words);
        for spelling in &party.spellings {
            profile.read_id(&spelling.inn);
        }
        if let Some(card) = card {
            profile.read_contacts(&card.phone, &card.email, &card.city, words);
        }
        profile.gather_ids();
        profile
    }

    /// Of a CRM record.
    pub fn of_record(known: &KnownRecord, words: &mut Words) -> Self {
        let record = &known.record;
        let (inns, mut kpps) = tax_id::read_cell(&record.inn);
        kpps.extend(record.kpp.split([',', ';', '/', ' ']).filter_map(Kpp::parse));
        kpps.sort();
        kpps.dedup();
        let mut profile = Self { inns, kpps, ..Self::default() };
        profile.read_names([record.title.as_str(), record.full_name.as_str()].into_iter(), words);
        profile.read_id(&record.inn);
        profile.read_contacts(&record.phone, &record.email, &record.city, words);
        profile.gather_ids();
        profile
    }

    fn read_names<'a>(&mut self, texts: impl Iterator<Item = &'a str>, words: &mut Words) {
        for text in texts {
            let name = Name::new(text);
            self.add_name(&name, words);
            self.read_place(&name, words);
            self.add_person(&name, words);
            // A remark in brackets is often not part of the name.
            if let Some(outside) = without_brackets(text) {
                self.add_name(&Name::new(&outside), words);
            }
            // The proper name of a long official one stands in the last quotation marks.
            if let Some(quoted) = last_quoted(text) {
                let quoted = Name { form: name.form, words: Name::new(quoted).words };
                let before = self.names.len();
                self.add_name(&quoted, words);
                if let Some(added) = self.names.get_mut(before) {
                    added.partial = true;
                }
            }
            // A word made of look-alikes only may be either alphabet.
            let folded: Vec<String> = name
                .words
                .iter()
                .map(|word| {
                    if word.chars().count() > 2 { as_cyrillic(word) } else { None }.unwrap_or_else(|| word.clone())
                })
                .collect();
            if folded != name.words {
                self.add_name(&Name { form: name.form, words: folded }, words);
            }
        }
    }

    fn add_name(&mut self, name: &Name, words: &mut Words) {
        if let Some(variant) = Variant::of(name, words)
            && !self.names.iter().any(|have| have.words == variant.words && have.form == variant.form)
        {
            self.names.push(variant);
        }
    }

    fn gather_ids(&mut self) {
        self.office = self.kpps.first().and_then(|kpp| region_of(kpp.as_str()));
        self.region = self.office.or_else(|| self.inns.first().and_then(|(inn, _)| region_of(inn.as_str())));
        self.ids = self.inns.iter().map(|(inn, _)| inn.to_string()).chain(self.raw_ids.iter().cloned()).collect();
    }

    fn read_id(&mut self, raw: &str) {
        let digits: String = raw.trim().trim_end_matches(".0").chars().filter(char::is_ascii_digit).collect();
        let plausible =
            (8..=12).contains(&digits.len()) && digits.bytes().any(|b| b != b'0') && !raw.contains(['e', 'E']);
        if plausible && tax_id::read_cell(raw).0.is_empty() && !self.raw_ids.contains(&digits) {
            self.raw_ids.push(digits);
        }
    }

    fn read_contacts(&mut self, phone: &str, email: &str, city: &str, words: &mut Words) {
        self.phones = contact::phones(phone);
        self.emails = contact::emails(email);
        self.domains = self.emails.iter().filter_map(|email| contact::own_domain(email)).map(str::to_owned).collect();
        self.domains.sort();
        self.domains.dedup();
        let city: Vec<Word> = town_of(city).iter().map(|word| words.number(word)).collect();
        if !city.is_empty() {
            self.city = city;
        }
        for handle in handles::of(&self.emails) {
            self.names.push(Variant::of_handle(&handle, words));
        }
    }

    /// The name without its town and without «филиал»; the town stands for the city until a city is read.
    fn read_place(&mut self, name: &Name, words: &mut Words) {
        let mut rest = name.words.clone();
        let mut town: Option<Vec<String>> = None;
        if let Some(at) = rest.iter().position(|word| matches!(word.as_str(), "филиал" | "представительство"))
        {
            let before = at.checked_sub(1).and_then(|i| rest.get(i));
            let adjective = before.is_some_and(|w| w.ends_with("ский") || w.ends_with("ское"));
            town = before.and_then(|w| words.towns.of_adjective(w)).map(|town| vec![town.clone()]);
            rest.drain(if adjective { at - 1 } else { at }..=at);
        }
        if let Some((at, n, found)) = words.towns.find(&rest)
            && rest.len() > n
        {
            rest.drain(at..at + n);
            if at > 0 && rest.get(at - 1).is_some_and(|w| matches!(w.as_str(), "г" | "гор" | "город")) {
                rest.remove(at - 1);
            }
            town = town.or(Some(found));
        }
        if rest.is_empty() || rest.len() == name.words.len() {
            return;
        }
        let rest = Name { form: name.form, words: rest };
        self.add_name(&rest, words);
        self.add_person(&rest, words);
        if let Some(town) = town.filter(|_| self.city.is_empty()) {
            self.city = town.iter().map(|word| words.number(word)).collect();
        }
    }

    /// A person with initials or patronymic among other words («Антонова М.Э. - опт»), whatever the form says.
    fn add_person(&mut self, name: &Name, words: &mut Words) {
        if name.words.len() < 3 || name.words.len() > 6 || name.person().is_some() {
            return;
        }
        let found =
            name.words.windows(3).find(|three| person::parse(three, None).is_some_and(|p| !p.surname.is_empty()));
        if let Some(three) = found {
            let form = name.form.filter(|form| form.class == FormClass::Sole);
            let person = Name { form, words: three.to_vec() };
            if let Some(variant) = Variant::of(&person, words) {
                let variant = Variant { form: name.form.map(|f| (f.class, f.code)), ..variant };
                self.names.push(variant);
            }
        }
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

    /// Region: of the КПП, else of the ИНН (their first two digits are the region of the tax office).
    pub fn region(&self) -> Option<Region> {
        self.region
    }

    /// Region of the КПП: where the branch itself is.
    pub fn office(&self) -> Option<Region> {
        self.office
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

fn last_quoted(text: &str) -> Option<&str> {
    let mut parts = text.split(['"', '«', '»', '“', '”', '„']).filter(|part| part.chars().any(char::is_alphanumeric));
    let first = parts.next()?;
    parts.next_back().filter(|_| first.split_whitespace().count() > 1)
}

fn without_brackets(text: &str) -> Option<String> {
    let (before, rest) = text.split_once('(')?;
    let after = rest.split_once(')').map_or("", |(_, after)| after);
    let outside = format!("{} {}", before.trim(), after.trim());
    outside.chars().any(char::is_alphanumeric).then_some(outside)
}
