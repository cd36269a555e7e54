//! Which records are looked at for a counterparty: every record that shares a number, a contact, a person, the first
//! letters, a word of the name (its own or one within a few slips), or the whole name written together within a few slips.
//! Of very frequent words only the best placed records are kept. Deliberately absent: judging the candidates (`comparison`).

use std::collections::{BTreeSet, HashSet};

use super::{
    lists::{Lists, initials, person_key},
    neighbours::Neighbours,
    postings::Postings,
    profile::{Kind, Profile, Variant, Word, Words},
    ranking::{KEEP, LOOK, Scratch, Shared, choose, place},
    weight::Weights,
    wholes::Wholes,
    words::Key,
};

/// Places agree from here on, bits.
const HERE: f64 = 1.0;
/// Words within a slip are followed to at most this many records each.
pub(super) const NEAR: usize = 200;
/// A list longer than this is used only when the name has nothing rarer, and then up to so many.
pub(super) const COMMON: usize = 300;
pub(super) const LONG: usize = 5_000;

/// The records by what they share, and what is near it.
#[derive(Default)]
pub(super) struct Blocks {
    pub lists: Lists,
    pub near: Neighbours,
    pub wholes: Wholes,
}

/// Words and names written together whose neighbours will be asked for.
#[derive(Default)]
pub(super) struct Asked {
    words: Vec<Word>,
    wholes: Vec<u32>,
}

impl Asked {
    /// What several threads gathered.
    pub fn concat(all: Vec<Self>) -> Self {
        all.into_iter().fold(Self::default(), |mut sum, one| {
            sum.words.extend(one.words);
            sum.wholes.extend(one.wholes);
            sum
        })
    }
}

/// What leads to the records looked for: only that is looked up.
pub(super) trait Leads {
    fn key(&self, _: Key) -> bool {
        true
    }
    /// The name as a whole, or one near it.
    fn whole(&self, _: &Variant) -> bool {
        true
    }
    /// The surname, or one near it.
    fn surname(&self, _: Word) -> bool {
        true
    }
    fn initials(&self, _: &Variant, _: &Words) -> bool {
        true
    }
    /// One of the words themselves.
    fn words(&self, _: &Variant, _: &Words) -> bool {
        true
    }
    /// One near the word.
    fn near(&self, _: Word) -> bool {
        true
    }
}

/// Everything leads to all records.
pub(super) struct All;

impl Leads for All {}

/// Records met for a counterparty.
#[derive(Debug, Default)]
pub(super) struct Met {
    /// Those to compare in full, in the order of the records.
    pub kept: Vec<u32>,
    /// Those that stand behind them, to be compared before absence is said.
    pub reserve: Vec<u32>,
    /// How many share anything.
    pub all: u32,
    /// Whether there are still others.
    pub cut: bool,
}

impl Blocks {
    /// Of records and their keys in accounting, as numbers.
    pub fn new(records: &[Profile], external: &[Option<Key>], words: &Words) -> Self {
        let mut blocks = Self::default();
        let (lists, stands) = Lists::new(records.iter().zip(external.iter().copied()), words);
        (blocks.lists, blocks.wholes.stands) = (lists, stands);
        blocks.extend(words);
        blocks
    }

    /// Takes in what the lists brought: words, and names written together.
    pub fn extend(&mut self, words: &Words) {
        self.near.extend(self.lists.words(words), words);
        self.wholes.extend(words);
    }

    /// What `candidates` will ask for of a counterparty.
    pub fn ask(&self, party: &Profile, records: &[Profile], words: &Words, weights: &Weights, asked: &mut Asked) {
        if self.settled(party, records, words, weights) {
            return;
        }
        for name in party.names(words) {
            if self.is_new_whole(name, words) {
                asked.wholes.push(name.joined);
            }
            if !name.handle {
                asked.words.extend(name.words(words));
                asked.words.extend(name.person(words).map(|person| person.surname));
            }
        }
    }

    /// Whether all that a search asks for was looked up before.
    pub fn foresaw(&self, party: &Profile, words: &Words) -> bool {
        party.names(words).iter().all(|name| {
            let person = name.person(words).map(|person| person.surname);
            let mut own = name.words(words).iter().copied().chain(person);
            (!self.is_new_whole(name, words) || self.wholes.ahead.knows(name.joined))
                && (name.handle || own.all(|word| self.near.ahead.knows(word)))
        })
    }

    /// Looks it up.
    pub fn look_ahead(&mut self, asked: Asked, words: &Words) {
        self.near.look_ahead(asked.words, words);
        self.wholes.look_ahead(asked.wholes, words);
    }

    /// Whether no record has the name as it is, and it is of a length to be looked for with slips.
    fn is_new_whole(&self, name: &Variant, words: &Words) -> bool {
        self.lists.by_joined.get(name.joined).is_empty() && Wholes::asks(name.joined(words))
    }

    /// A record of the very name in the very place leaves nothing to look for among misspellings.
    pub fn settled(&self, party: &Profile, records: &[Profile], words: &Words, weights: &Weights) -> bool {
        party.names(words).iter().any(|name| self.stands_there(name, party, records, words, weights))
    }

    /// Whether the counterparty is searched for by more than its number, as far as numbers tell: no record has it, or other
    /// counterparties have it too.
    pub fn leave_open(&self, party: &Profile, branches: &HashSet<Key>, words: &Words) -> bool {
        let inns = party.inns(words);
        inns.iter().all(|inn| self.with_inn(*inn).is_empty()) || inns.first().is_some_and(|inn| branches.contains(inn))
    }

    /// Records with that ИНН.
    pub fn with_inn(&self, inn: Key) -> &[u32] {
        self.lists.by_inn.get(inn)
    }

    /// Candidates of a counterparty, in the order of the records.
    pub fn candidates(
        &self,
        party: &Profile,
        records: &[Profile],
        code: Option<Key>,
        words: &Words,
        weights: &Weights,
        (scratch, best): &mut (Scratch, Vec<Shared>),
    ) -> Met {
        let sure = self.sure(party, code, words);
        let settled = self.settled(party, records, words, weights);
        self.gather((&self.lists, &All), party, settled, words, weights, scratch);
        let unmet = sure.iter().filter(|record| !scratch.has_met(**record)).count();
        let met = scratch.take(LOOK, best);
        let few = best.len() <= KEEP;
        let place = |i: u32| if few { 0 } else { place(i, party, records, &weights.geography) };
        let (kept, reserve) = choose(best.iter().map(|shared| (*shared, place(shared.0))));
        meet(sure, unmet, met, kept, reserve)
    }

    /// Records with a number or contact of the counterparty, КПП aside: they are compared whatever else they share.
    pub fn sure(&self, party: &Profile, code: Option<Key>, words: &Words) -> BTreeSet<u32> {
        let keys = party.contacts(words).iter().chain(party.of(Kind::RawId, words)).chain(&code);
        let by_key = keys.flat_map(|key| self.lists.by_key.get(*key).iter().take(KEEP));
        by_key.chain(party.inns(words).iter().flat_map(|inn| self.with_inn(*inn))).copied().collect()
    }

    /// Adds up what the records of `from`, to which only these leads lead, share with the counterparty. Which lists are used
    /// is decided by all records.
    pub fn gather(
        &self,
        (from, leads): (&Lists, &impl Leads),
        party: &Profile,
        settled: bool,
        words: &Words,
        weights: &Weights,
        scratch: &mut Scratch,
    ) {
        for kpp in party.kpps(words).iter().filter(|kpp| leads.key(**kpp)) {
            if self.lists.by_key.get(*kpp).len() <= COMMON {
                scratch.add(from.by_key.get(*kpp), 300);
            }
        }
        for name in party.names(words) {
            if leads.whole(name) {
                self.by_whole(from, name, settled, words, scratch);
            }
            if name.handle || settled {
                continue;
            }
            if name.person(words).is_some_and(|person| leads.surname(person.surname)) {
                self.by_person(from, name, words, weights, scratch);
            }
            let initials = leads.initials(name, words).then(|| initials(name, words));
            for (key, letters) in initials.into_iter().flatten() {
                if self.lists.by_initials.get(key).len() <= COMMON {
                    scratch.add(from.by_initials.get(key), 100 * letters);
                }
            }
            if leads.words(name, words) {
                self.by_words(from, name, words, weights, scratch);
            }
            for word in name.words(words).iter().filter(|word| leads.near(**word)) {
                self.by_near(from, name, *word, words, weights, scratch);
            }
        }
    }

    /// Whether a record has exactly this name, stands in the same place, and no number speaks against it.
    fn stands_there(
        &self,
        name: &Variant,
        party: &Profile,
        records: &[Profile],
        words: &Words,
        weights: &Weights,
    ) -> bool {
        let here = |record: &Profile| {
            !party.contradicts(record, words)
                && weights.geography.evidence(party, record).is_some_and(|worth| worth > HERE)
        };
        // A namesake may own the record; then the other's may be misspelt.
        let list = self.lists.by_joined.get(name.joined).iter().take(LOOK);
        !name.handle && name.others == 0 && list.filter_map(|i| records.get(*i as usize)).any(here)
    }

    /// Names that are the same when written together, or nearly.
    fn by_whole(&self, from: &Lists, name: &Variant, settled: bool, words: &Words, scratch: &mut Scratch) {
        scratch.add(from.by_joined.get(name.joined), 2_500);
        // Where the name stands as it is, words find its misspellings.
        if !settled && self.is_new_whole(name, words) {
            for (number, distance) in self.wholes.of(name.joined, words) {
                scratch.add(up_to(from.by_joined.get(number), NEAR), 2_000 - 300 * u32::from(distance));
            }
        }
    }

    /// Persons by surname, within a slip, and the first letter of the given name.
    fn by_person(&self, from: &Lists, name: &Variant, words: &Words, weights: &Weights, scratch: &mut Scratch) {
        let Some(person) = name.person(words) else { return };
        let Some(letter) = person.given.letter() else { return };
        let worth = (weights.lone_word(person.surname) * 100.0).max(0.0) as u32 + 300;
        let list = |surname: Word| from.by_person.get(person_key(surname, letter));
        scratch.add(list(person.surname), worth);
        for (surname, distance) in self.near.of(person.surname, words).iter().copied() {
            scratch.add(list(surname), worth.saturating_sub(250 * u32::from(distance)).max(100));
        }
    }

    fn by_words(&self, from: &Lists, name: &Variant, words: &Words, weights: &Weights, scratch: &mut Scratch) {
        for (i, (len, word)) in self.own(name, words).into_iter().enumerate() {
            if i == 0 || len <= COMMON {
                scratch.add(up_to(from.by_word.get(word), LONG), worth(weights.word(word)));
            }
        }
    }

    /// Words within a slip of one of the name's.
    fn by_near(
        &self,
        from: &Lists,
        name: &Variant,
        word: Word,
        words: &Words,
        weights: &Weights,
        scratch: &mut Scratch,
    ) {
        let rarity = weights.lone_word(word);
        for (near, distance) in self.near.of(word, words).iter().copied() {
            if self.lists.by_word.get(near).len() <= NEAR || name.n == 1 {
                let worth = worth(rarity - 1.5 * f64::from(distance));
                scratch.add(up_to(from.by_word.get(near), LONG), worth);
            }
        }
    }

    /// Words of the name that records have, the rarest first, with the number of records.
    pub fn own(&self, name: &Variant, words: &Words) -> Vec<(usize, Word)> {
        own(&self.lists.by_word, name, words)
    }
}

/// See [`Blocks::own`].
pub(super) fn own(by_word: &Postings, name: &Variant, words: &Words) -> Vec<(usize, Word)> {
    let lengths = name.words(words).iter().map(|word| (by_word.get(*word).len(), *word));
    let mut own: Vec<(usize, Word)> = lengths.filter(|(length, _)| *length > 0).collect();
    own.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| words.text(a.1).cmp(words.text(b.1))));
    own
}

/// What was met, from its parts: `unmet` of the sure ones share nothing else, `met` records share something.
pub(super) fn meet(mut sure: BTreeSet<u32>, unmet: usize, met: usize, kept: Vec<u32>, mut reserve: Vec<u32>) -> Met {
    reserve.retain(|record| !sure.contains(record));
    sure.extend(kept);
    Met { kept: sure.into_iter().collect(), reserve, all: (met + unmet) as u32, cut: met > LOOK }
}

fn up_to(list: &[u32], most: usize) -> &[u32] {
    list.get(..most).unwrap_or(list)
}

/// Worth of a shared word for choosing candidates: what is common to hundreds says little beside a rare word, however many
/// such words come together.
pub(super) fn worth(rarity: f64) -> u32 {
    let above = (rarity - 2.0).max(0.0);
    (above * above * 10.0).max(20.0) as u32
}
