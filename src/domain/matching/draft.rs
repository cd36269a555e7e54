//! Names, numbers, contacts and place of either side as read from their texts, before words have numbers: the costly part,
//! done on all threads at once. Deliberately absent: numbering of words (`words`), comparing.

use std::collections::BTreeSet;

use super::{
    handles,
    towns::{BRANCH, Towns},
};
use crate::domain::{
    crm::KnownRecord,
    normalise::{
        contact,
        name::Name,
        person::{self, Person},
        text::as_cyrillic,
    },
    party::Counterparty,
    tax_id::{self, Inn, InnStrength, Kpp},
};

/// One way to read a name.
pub(super) struct Drafted {
    pub name: Name,
    /// Whether it is only the quoted part of the name.
    pub partial: bool,
    /// The person, if it names one.
    pub person: Option<Person>,
}

/// Everything read of a counterparty or a record.
#[derive(Default)]
pub(super) struct Draft {
    pub names: Vec<Drafted>,
    /// Words of the town: of the city field, else of the name.
    pub town: Vec<String>,
    /// Words of mail addresses.
    pub handles: Vec<String>,
    /// Numbers and contacts.
    pub numbers: Numbers,
}

/// Numbers and contacts of either side.
#[derive(Default)]
pub(super) struct Numbers {
    /// Valid ИНН.
    pub inns: Vec<(Inn, InnStrength)>,
    /// Digits of the ИНН cell when they are no valid ИНН (broken, or another country's number).
    pub raw_ids: Vec<String>,
    pub kpps: Vec<Kpp>,
    pub phones: Vec<String>,
    pub emails: Vec<String>,
    pub domains: Vec<String>,
}

impl Draft {
    /// Of a counterparty: all its spellings, and its card.
    pub fn of_party(party: &Counterparty, towns: &Towns) -> Self {
        let numbers = Numbers { inns: party.inns.clone(), kpps: party.kpps.clone(), ..Numbers::default() };
        let mut draft = Self { numbers, ..Self::default() };
        let card = party.card.as_deref();
        let written = party.spellings.iter().map(|s| s.name.as_str());
        let mut texts: BTreeSet<&str> = written.chain(card.map(|c| c.full_name.as_str())).collect();
        texts.remove(party.name.as_str());
        for text in std::iter::once(party.name.as_str()).chain(texts) {
            draft.read_name(text, towns);
        }
        for spelling in &party.spellings {
            draft.read_id(&spelling.inn);
        }
        if let Some(card) = card {
            draft.read_contacts(&card.phone, &card.email, &card.city, towns);
        }
        draft
    }

    /// Of a CRM record.
    pub fn of_record(known: &KnownRecord, towns: &Towns) -> Self {
        let record = &known.record;
        let (inns, mut kpps) = tax_id::read_cell(&record.inn);
        kpps.extend(record.kpp.split([',', ';', '/', ' ']).filter_map(Kpp::parse));
        kpps.sort();
        kpps.dedup();
        let mut draft = Self { numbers: Numbers { inns, kpps, ..Numbers::default() }, ..Self::default() };
        draft.read_name(&record.title, towns);
        if record.full_name != record.title {
            draft.read_name(&record.full_name, towns);
        }
        draft.read_id(&record.inn);
        draft.read_contacts(&record.phone, &record.email, &record.city, towns);
        draft
    }

    fn read_name(&mut self, text: &str, towns: &Towns) {
        let name = Name::new(text);
        let placeless = self.read_place(&name, towns);
        self.add_person(&name);
        // A remark in brackets is often not part of the name.
        let outside = without_brackets(text).map(|outside| Name::new(&outside));
        // The proper name of a long official one stands in the last quotation marks.
        let quoted = last_quoted(text).map(|quoted| Name { form: name.form, words: Name::new(quoted).words });
        // A word made of look-alikes only may be either alphabet.
        let fold = |word: &String| {
            let latin = word.bytes().any(|b| b.is_ascii_alphabetic()) && word.chars().count() > 2;
            if latin { as_cyrillic(word) } else { None }
        };
        let folded = name.words.iter().any(|word| fold(word).is_some()).then(|| {
            let words = name.words.iter().map(|word| fold(word).unwrap_or_else(|| word.clone())).collect();
            Name { form: name.form, words }
        });
        self.add(name, false);
        for (name, partial) in [(placeless, false), (outside, false), (quoted, true), (folded, false)] {
            if let Some(name) = name {
                self.add(name, partial);
            }
        }
    }

    fn add(&mut self, name: Name, partial: bool) {
        let same = |have: &Drafted| have.name == name && (partial || have.partial == partial);
        if !name.words.is_empty() && !self.names.iter().any(same) {
            let person = name.person();
            self.names.push(Drafted { name, partial, person });
        }
    }

    fn read_id(&mut self, raw: &str) {
        let digits: String = raw.trim().trim_end_matches(".0").chars().filter(char::is_ascii_digit).collect();
        let plausible =
            (8..=12).contains(&digits.len()) && digits.bytes().any(|b| b != b'0') && !raw.contains(['e', 'E']);
        let ids = &mut self.numbers.raw_ids;
        if plausible && tax_id::read_cell(raw).0.is_empty() && !ids.contains(&digits) {
            ids.push(digits);
        }
    }

    fn read_contacts(&mut self, phone: &str, email: &str, city: &str, towns: &Towns) {
        let numbers = &mut self.numbers;
        numbers.phones = contact::phones(phone);
        numbers.emails = contact::emails(email);
        let own = numbers.emails.iter().filter_map(|email| contact::own_domain(email));
        numbers.domains = own.map(str::to_owned).collect();
        numbers.domains.sort();
        numbers.domains.dedup();
        self.handles = handles::of(&numbers.emails);
        let town = towns.of_city(city);
        if !town.is_empty() {
            self.town = town;
        }
    }

    /// The name without its town and without «филиал»; the town stands for the city until a city is read.
    fn read_place(&mut self, name: &Name, towns: &Towns) -> Option<Name> {
        let branch = name.words.iter().position(|word| BRANCH.contains(&word.as_str()));
        if branch.is_none() && towns.find(&name.words).is_none() {
            return None;
        }
        let mut rest = name.words.clone();
        let mut town: Option<Vec<String>> = None;
        if let Some(at) = branch {
            let before = at.checked_sub(1).and_then(|i| rest.get(i));
            let adjective = before.is_some_and(|w| w.ends_with("ский") || w.ends_with("ское"));
            town = before.and_then(|w| towns.of_adjective(w)).map(|town| vec![town.clone()]);
            rest.drain(if adjective { at - 1 } else { at }..=at);
        }
        if let Some((at, n, found)) = towns.find(&rest)
            && rest.len() > n
        {
            rest.drain(at..at + n);
            if at > 0 && rest.get(at - 1).is_some_and(|w| matches!(w.as_str(), "г" | "гор" | "город")) {
                rest.remove(at - 1);
            }
            town = town.or(Some(found));
        }
        if rest.is_empty() || rest.len() == name.words.len() {
            return None;
        }
        let rest = Name { form: name.form, words: rest };
        self.add_person(&rest);
        if let Some(town) = town.filter(|_| self.town.is_empty()) {
            self.town = town;
        }
        Some(rest)
    }

    /// A person with initials or patronymic among other words («Антонова М.Э. - опт»), whatever the form says.
    fn add_person(&mut self, name: &Name) {
        if name.words.len() < 3 || name.words.len() > 6 || person::parts(&name.words, name.class()).is_some() {
            return;
        }
        let named = |three: &&[String]| person::parts(three, None).is_some_and(|[surname, ..]| !surname.is_empty());
        if let Some(three) = name.words.windows(3).find(named) {
            let name = Name { form: name.form, words: three.to_vec() };
            let person = person::parse(three, None);
            self.names.push(Drafted { name, partial: false, person });
        }
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
