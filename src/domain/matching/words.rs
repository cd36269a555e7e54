//! All that both sides' profiles are made of: words, names, persons, numbers, towns, each kind one behind the other. The
//! sides are read by several threads, each with words of its own, and brought together in the order of the texts, so that
//! every number is what one thread would have given. Deliberately absent: reading of texts (`draft`).

use std::borrow::Borrow;

use super::{
    draft::Draft,
    intern::{Lists, Texts},
    profile::{NONE, Part, PersonWords, Profile, Variant, region_of},
    vocabulary::{Vocabulary, Word},
};
use crate::domain::{
    normalise::person::Person,
    parallel::by_thread,
    tax_id::{InnStrength, Kpp},
};

/// From so many names on several threads number them.
const MANY: usize = 2_000;

/// Number of a tax number, КПП, phone, address or domain.
pub(super) type Key = u32;

/// Words and everything made of them.
#[derive(Default)]
pub(super) struct Words {
    vocabulary: Vocabulary,
    /// Words of the names.
    list: Vec<Word>,
    names: Vec<Variant>,
    persons: Vec<PersonWords>,
    /// Numbers and contacts of the profiles.
    keys: Vec<Key>,
    texts: Texts,
    towns: Lists,
    bags: Lists,
    joined: Texts,
    /// Where it is asked for: what each profile read writes, by number, and where that of each ends.
    writings: Option<(Vec<u32>, Vec<u32>)>,
}

impl Words {
    /// From now on it is taken down what each profile writes.
    pub fn take_down(&mut self) {
        self.writings = Some(<_>::default());
    }

    /// What the profiles read since it was last asked write, one behind the other, and where each ends.
    pub fn writings(&mut self) -> (Vec<u32>, Vec<u32>) {
        self.writings.replace(<_>::default()).unwrap_or_default()
    }

    /// See [`Vocabulary`].
    pub const fn vocabulary(&mut self) -> &mut Vocabulary {
        &mut self.vocabulary
    }

    /// Reads a side: `draft` is asked for 0..n, on all threads.
    pub fn read<D: Borrow<Draft>>(&mut self, n: usize, draft: impl Fn(usize) -> D + Sync) -> Vec<Profile> {
        let parts = by_thread(n, |range| {
            let mut own = Self::default();
            if self.writings.is_some() {
                own.vocabulary.log = Some(Vec::new());
                own.writings = Some(<_>::default());
            }
            let profiles: Vec<Profile> = range.map(|i| own.take(draft(i).borrow())).collect();
            (own, profiles)
        });
        self.absorb(parts, n)
    }

    /// Numbers the words of what was read. Names have no bag and are not written together yet: `absorb` does that.
    fn take(&mut self, draft: &Draft) -> Profile {
        let first = self.names.len();
        for drafted in &draft.names {
            let at = self.list.len();
            let vocabulary = &mut self.vocabulary;
            self.list.extend(drafted.name.words.iter().map(|word| vocabulary.number(word)));
            let form = drafted.name.form;
            let person = drafted.person.as_ref().filter(|person| !person.surname.is_empty());
            let new = self.list.get(at..).unwrap_or_default();
            let same = |have: &Variant| {
                self.list.get(have.at as usize..have.at as usize + usize::from(have.n)) == Some(new)
                    && have.form == form
                    && (have.person != NONE || person.is_none())
            };
            if new.is_empty() || self.names.get(first..).unwrap_or_default().iter().any(same) {
                self.list.truncate(at);
                continue;
            }
            let n = self.list.len() - at;
            let person = person.map_or(NONE, |person| self.add_person(person));
            self.names.push(Variant { form, person, partial: drafted.partial, ..variant(at, n) });
        }
        let town: Vec<Word> = draft.town.iter().map(|word| self.vocabulary.number(word)).collect();
        for handle in &draft.handles {
            let word = self.vocabulary.number(handle);
            self.names.push(Variant { handle: true, ..variant(self.list.len(), 1) });
            self.list.push(word);
        }
        let numbers = &draft.numbers;
        let office = numbers.kpps.first().and_then(|kpp| region_of(kpp.as_str()));
        let bit = |(at, (_, strength)): (usize, &(_, InnStrength))| {
            if at < 32 && *strength == InnStrength::Exact { 1 << at } else { 0 }
        };
        if let (Some(log), Some((all, ends))) = (&mut self.vocabulary.log, &mut self.writings) {
            all.append(log);
            ends.push(all.len() as u32);
        }
        let keys = self.keys.len();
        let mut ends = [0_u16; 6];
        let mut end = ends.iter_mut();
        let mut add = |texts: &mut dyn Iterator<Item = &str>| {
            self.keys.extend(texts.map(|text| self.texts.number(text)));
            if let Some(end) = end.next() {
                *end = u16::try_from(self.keys.len() - keys).unwrap_or(u16::MAX);
            }
        };
        add(&mut numbers.inns.iter().map(|(inn, _)| inn.as_str()));
        add(&mut numbers.raw_ids.iter().map(String::as_str));
        add(&mut numbers.kpps.iter().map(Kpp::as_str));
        for list in [&numbers.phones, &numbers.emails, &numbers.domains] {
            add(&mut list.iter().map(String::as_str));
        }
        Profile {
            names: (first as u32, u16::try_from(self.names.len() - first).unwrap_or(u16::MAX)),
            keys: keys as u32,
            ends,
            exact: numbers.inns.iter().enumerate().map(bit).sum(),
            city: if town.is_empty() { NONE } else { self.towns.number(&town) },
            town_seen: None,
            phones_seen: Box::default(),
            region: office.or_else(|| numbers.inns.first().and_then(|(inn, _)| region_of(inn.as_str()))),
            office,
        }
    }

    fn add_person(&mut self, person: &Person) -> u32 {
        let mut part = |text: &str| {
            let word = self.vocabulary.number(text);
            match (text.chars().count(), self.vocabulary.text(word).chars().next()) {
                (0, _) | (_, None) => Part::Unknown,
                (1, Some(letter)) => Part::Initial(letter),
                (_, Some(letter)) => Part::Whole(word, letter),
            }
        };
        let (given, patronymic) = (part(&person.given), part(&person.patronymic));
        let surname = self.vocabulary.number(&person.surname);
        self.persons.push(PersonWords { surname, given, patronymic });
        self.persons.len() as u32 - 1
    }

    /// Takes in what the threads read, `n` profiles in all.
    fn absorb(&mut self, parts: Vec<(Self, Vec<Profile>)>, n: usize) -> Vec<Profile> {
        let (mut all, mut read) = (Vec::with_capacity(n), Vec::with_capacity(parts.len()));
        let (first, mut key) = (self.names.len(), self.keys.len() as u32);
        for (part, profiles) in parts {
            let (here, written) = self.vocabulary.absorb(&part.vocabulary);
            if let (Some((all, ends)), Some((more, their_ends))) = (&mut self.writings, &part.writings) {
                let before = all.len() as u32;
                all.extend(more.iter().map(|writing| written.get(*writing as usize).copied().unwrap_or_default()));
                ends.extend(their_ends.iter().map(|end| before + end));
            }
            let of = |word: Word| here.get(word as usize).copied().unwrap_or_default();
            let towns: Vec<u32> = (0..part.towns.len() as u32)
                .map(|town| self.towns.number(&part.towns.get(town).iter().map(|w| of(*w)).collect::<Vec<Word>>()))
                .collect();
            let (at, name, person) = (self.list.len() as u32, self.names.len() as u32, self.persons.len() as u32);
            self.list.extend(part.list.iter().map(|word| of(*word)));
            self.persons.extend(part.persons.iter().map(|person| person.renumbered(of)));
            self.names.extend(part.names.iter().map(|own| Variant {
                at: own.at + at,
                person: if own.person == NONE { NONE } else { own.person + person },
                ..*own
            }));
            all.extend(profiles.into_iter().map(|profile| Profile {
                names: (profile.names.0 + name, profile.names.1),
                keys: profile.keys + key,
                city: towns.get(profile.city as usize).copied().unwrap_or(NONE),
                ..profile
            }));
            key += part.keys.len() as u32;
            read.push((part.keys, part.texts));
        }
        self.number(first, &read);
        all
    }

    /// Numbers the contacts of what was read, and the names from `first` on: as bags and as written together. The three have
    /// nothing to do with each other.
    fn number(&mut self, first: usize, read: &[(Vec<Key>, Texts)]) {
        let Self { vocabulary, list, names, keys, texts, bags, joined, .. } = self;
        let new = names.get(first..).unwrap_or_default();
        let of = |name: &Variant| list.get(name.at as usize..name.at as usize + usize::from(name.n));
        let mut number_keys = || {
            for (own, known) in read {
                let here: Vec<Key> = (0..known.len() as u32).map(|key| texts.number(known.get(key))).collect();
                keys.extend(own.iter().map(|key| here.get(*key as usize).copied().unwrap_or_default()));
            }
        };
        let mut number_bags = || -> Vec<u32> {
            let mut bag = Vec::new();
            let mut numbered = |name: &Variant| {
                bag.clear();
                bag.extend_from_slice(of(name).unwrap_or_default());
                bag.sort_unstable();
                bags.number(&bag)
            };
            new.iter().map(&mut numbered).collect()
        };
        let mut number_joined = || -> Vec<u32> {
            let mut together = String::new();
            let mut numbered = |name: &Variant| {
                together.clear();
                of(name).unwrap_or_default().iter().for_each(|word| together.push_str(vocabulary.text(*word)));
                joined.number(&together)
            };
            new.iter().map(&mut numbered).collect()
        };
        let (bags, joined) = if new.len() < MANY {
            number_keys();
            (number_bags(), number_joined())
        } else {
            std::thread::scope(|scope| {
                let bags = scope.spawn(number_bags);
                let keys = scope.spawn(number_keys);
                let joined = number_joined();
                let panicked = |panic| std::panic::resume_unwind(panic);
                keys.join().unwrap_or_else(panicked);
                (bags.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), joined)
            })
        };
        for (name, (bag, joined)) in names.iter_mut().skip(first).zip(bags.into_iter().zip(joined)) {
            (name.bag, name.joined) = (bag, joined);
        }
    }

    /// Of each name written together, by number, whether it is cut into words in several ways.
    pub fn cut_differently(&self) -> Vec<bool> {
        let (mut bags, mut differ) = (vec![NONE; self.joined.len()], vec![false; self.joined.len()]);
        for name in &self.names {
            let at = name.joined as usize;
            if let (Some(bag), Some(differ)) = (bags.get_mut(at), differ.get_mut(at)) {
                *differ |= *bag != NONE && *bag != name.bag;
                *bag = name.bag;
            }
        }
        differ
    }

    /// Notes in every name how many other entities have its words; `counts` holds by bag how many have them at all.
    pub fn note(&mut self, counts: &[u32]) {
        for name in &mut self.names {
            name.others = counts.get(name.bag as usize).copied().unwrap_or(0).saturating_sub(2);
        }
    }

    #[inline]
    pub fn list(&self, at: u32, n: u16) -> &[Word] {
        self.list.get(at as usize..at as usize + usize::from(n)).unwrap_or_default()
    }

    #[inline]
    pub fn names(&self, (at, n): (u32, u16)) -> &[Variant] {
        self.names.get(at as usize..at as usize + usize::from(n)).unwrap_or_default()
    }

    #[inline]
    pub fn keys(&self, (at, n): (u32, u16)) -> &[Key] {
        self.keys.get(at as usize..at as usize + usize::from(n)).unwrap_or_default()
    }

    /// The text of a number or contact.
    #[inline]
    pub fn key(&self, key: Key) -> &str {
        self.texts.get(key)
    }

    /// Number of a code in accounting; none for an empty one.
    pub fn code(&mut self, code: &str) -> Option<Key> {
        let code = code.trim();
        (!code.is_empty()).then(|| self.texts.number(code))
    }

    /// The same for a code that was met before.
    pub fn known_code(&self, code: &str) -> Option<Key> {
        if code.is_empty() { None } else { self.texts.known(code) }
    }

    #[inline]
    pub fn person(&self, person: u32) -> Option<&PersonWords> {
        self.persons.get(person as usize)
    }

    /// Words of a town.
    #[inline]
    pub fn town(&self, town: u32) -> &[Word] {
        self.towns.get(town)
    }

    #[inline]
    pub fn joined(&self, joined: u32) -> &str {
        self.joined.get(joined)
    }

    /// How many words, keys, towns, bags and names written together there are.
    pub fn len(&self) -> usize {
        self.vocabulary.len()
    }

    pub fn len_keys(&self) -> usize {
        self.texts.len()
    }

    pub fn len_towns(&self) -> usize {
        self.towns.len()
    }

    pub fn len_bags(&self) -> usize {
        self.bags.len()
    }

    pub fn len_joined(&self) -> usize {
        self.joined.len()
    }

    /// See [`Vocabulary`].
    pub fn known(&self, word: &str) -> Option<Word> {
        self.vocabulary.known(word)
    }

    /// See [`Vocabulary::of_sound`].
    pub fn sounding(&self, sound: &str) -> Option<Word> {
        self.vocabulary.of_sound(sound)
    }

    #[inline]
    pub fn spelling(&self, word: Word) -> &[u8] {
        self.vocabulary.spelling(word)
    }

    #[inline]
    pub fn signs(&self, word: Word) -> (super::edits::Signs, super::edits::Signs) {
        self.vocabulary.signs(word)
    }

    #[inline]
    pub fn text(&self, word: Word) -> &str {
        self.vocabulary.text(word)
    }
}

/// A name of those words and nothing else known.
const fn variant(at: usize, n: usize) -> Variant {
    Variant {
        at: at as u32,
        n: n as u16,
        partial: false,
        handle: false,
        bag: NONE,
        joined: NONE,
        person: NONE,
        others: 0,
        form: None,
    }
}
