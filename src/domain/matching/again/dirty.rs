//! What a change touches: whoever shares a word, a number or a place whose worth is another one now is compared anew, and
//! whoever is searched for by lists that are used otherwise now is searched for anew. Everything here errs on one side only:
//! too much may be marked, never too little. Deliberately absent: doing it (`memo`).

use std::collections::HashSet;

use rustc_hash::{FxBuildHasher, FxHashSet};

use super::{
    super::{
        blocking::{COMMON, LONG, NEAR, own},
        lists::{Lists, initials},
        place::{self, Mask},
        profile::{Kind, Profile, Variant, Word},
        search::{Search, code_of},
        weight::{Differs, Weights},
        words::Key,
    },
    items::{Moves, NOWHERE},
};
use crate::domain::parallel::in_parallel;

/// How both sides stood before.
pub(super) struct Before {
    pub weights: Weights,
    pub lists: Lists,
    pub stands: Vec<bool>,
    pub branches: HashSet<Key>,
    /// Profiles that are no longer so, and the records' keys in accounting.
    pub parties: Vec<Profile>,
    pub records: Vec<Profile>,
    pub external: Vec<Option<Key>>,
}

/// What is touched, by place now.
pub(super) struct Dirty {
    /// Counterparties to be searched for anew.
    pub search: Vec<bool>,
    /// Records to be compared anew with everybody.
    records: Vec<bool>,
    /// Of which counterparties' places each record's may be worth something else.
    places: Vec<Mask>,
    /// The places of each counterparty.
    of_party: Vec<Mask>,
}

type Pairs = FxHashSet<(Word, Word)>;

impl Dirty {
    /// `None` when everything is touched.
    pub fn new(
        before: &Before,
        now: &Search<'_>,
        (party_moves, record_moves): (&Moves, &Moves),
        external: &[Option<Key>],
    ) -> Option<Self> {
        let differs = now.weights.differs(&before.weights)?;
        let pairs = pairs(before, now, (party_moves, record_moves), &differs);
        let geography = now.weights.geography.differs(&before.weights.geography);
        let worth = Worth { differs: &differs, pairs: &pairs, now };
        let record = |i: usize| {
            let profile = now.record_profiles.get(i);
            let place = profile.map_or(Mask::MAX, |profile| geography.of(profile, &now.words));
            (is_new(record_moves, i) || profile.is_none_or(|profile| worth.touches(profile)), place)
        };
        let (records, places) = in_parallel(now.records.len(), record).into_iter().unzip();
        let lists = Changed::new(before, now, record_moves, external);
        let search = |i: usize| {
            let profile = now.profiles.get(i);
            is_new(party_moves, i) || profile.is_none_or(|profile| worth.touches(profile) || lists.touch(i, profile))
        };
        let of_party = now.profiles.iter().map(place::Differs::places).collect();
        Some(Self { search: in_parallel(now.parties.len(), search), records, places, of_party })
    }

    /// Whether the record's place may be worth something else to the counterparty.
    pub fn place(&self, party: usize, record: u32) -> bool {
        let places = self.of_party.get(party).copied().unwrap_or(Mask::MAX);
        self.places.get(record as usize).is_none_or(|mask| mask & places != 0)
    }

    /// Whether the record's words, numbers or contacts are worth something else, or it was read anew.
    pub fn worth(&self, record: u32) -> bool {
        self.records.get(record as usize) != Some(&false)
    }

    /// Whether the record's place may be worth something else to anybody.
    pub fn moves(&self, record: u32) -> bool {
        self.places.get(record as usize) != Some(&0)
    }

    /// Whether the two are to be compared anew.
    pub fn pair(&self, party: usize, record: u32) -> bool {
        self.worth(record) || self.place(party, record)
    }
}

/// Whether one was just read, be it with the same content.
fn is_new(moves: &Moves, i: usize) -> bool {
    moves.from.get(i).is_none_or(|from| *from == NOWHERE)
}

/// Words, bags, keys and pairs of words that are worth something else.
struct Worth<'a> {
    differs: &'a Differs,
    pairs: &'a Pairs,
    now: &'a Search<'a>,
}

impl Worth<'_> {
    fn touches(&self, profile: &Profile) -> bool {
        let words = &self.now.words;
        let of = |flags: &[bool], number: u32| flags.get(number as usize) == Some(&true);
        let key = |key: &Key| of(&self.differs.keys, *key);
        if profile.kpps(words).iter().chain(profile.contacts(words)).any(key) {
            return true;
        }
        profile.names(words).iter().any(|name| {
            let own = name.words(words);
            of(&self.differs.bags, name.bag)
                || own.iter().any(|word| of(&self.differs.words, *word))
                || !self.pairs.is_empty()
                    && own
                        .iter()
                        .enumerate()
                        .any(|(i, a)| own.iter().skip(i + 1).any(|b| self.pairs.contains(&(*a.min(b), *a.max(b)))))
        })
    }
}

/// Pairs of words that are worth something else together: only those of entities that changed can be.
fn pairs(before: &Before, now: &Search<'_>, (party_moves, record_moves): (&Moves, &Moves), differs: &Differs) -> Pairs {
    let words = &now.words;
    let new = party_moves.new_ones().into_iter().filter_map(|i| now.profiles.get(i as usize));
    let new_records = record_moves.new_ones().into_iter().filter_map(|i| now.record_profiles.get(i as usize));
    let changed: Vec<&Profile> = before.parties.iter().chain(&before.records).chain(new).chain(new_records).collect();
    let first = |profile: &Profile| profile.inns(words).first().copied();
    let mut touched = vec![false; words.len_keys()];
    for inn in changed.iter().filter_map(|profile| first(profile)) {
        if let Some(flag) = touched.get_mut(inn as usize) {
            *flag = true;
        }
    }
    // An entity's members stand together, whether they changed or not.
    let is_member = |profile: &&Profile| first(profile).is_some_and(|inn| touched.get(inn as usize) == Some(&true));
    let members = now.profiles.iter().chain(&now.record_profiles).filter(is_member);
    let mut all: Vec<(Option<Key>, &Profile)> =
        changed.into_iter().chain(members).map(|profile| (first(profile), profile)).collect();
    all.sort_by_key(|(inn, _)| *inn);
    let same = |a: &(Option<Key>, &Profile), b: &(Option<Key>, &Profile)| a.0.is_some() && a.0 == b.0;
    let mut asked: Vec<(Word, Word)> = Vec::new();
    for entity in all.chunk_by(same) {
        let names = entity.iter().flat_map(|(_, profile)| profile.names(words)).filter(|name| !name.handle);
        let mut own: Vec<Word> = names.flat_map(|name| name.words(words)).copied().collect();
        own.sort_unstable();
        own.dedup();
        asked.extend(own.iter().enumerate().flat_map(|(i, a)| own.iter().skip(i + 1).map(|b| (*a, *b))));
    }
    asked.sort_unstable();
    asked.dedup();
    // Whoever has a word that is worth something else is compared anew anyway.
    let known = |word: Word| differs.words.get(word as usize) == Some(&true);
    asked.retain(|(a, b)| !known(*a) && !known(*b));
    let turned = |i: usize| {
        let (a, b) = asked.get(i).copied()?;
        now.weights.pair(a, b).total_cmp(&before.weights.pair(a, b)).is_ne().then_some((a, b))
    };
    let mut pairs = FxHashSet::with_hasher(FxBuildHasher);
    pairs.extend(in_parallel(asked.len(), turned).into_iter().flatten());
    pairs
}

/// Lists that are used otherwise than before.
struct Changed<'a> {
    before: &'a Before,
    now: &'a Search<'a>,
    /// Numbers and contacts of records that changed.
    keys: Vec<bool>,
    /// Names written together that records have now and had not, or the other way round.
    joined: Vec<bool>,
    /// ИНН that became or are no longer those of several counterparties.
    branches: HashSet<Key>,
    /// Words that records have now and had not, or are common now and were not, or the other way round.
    own: Vec<bool>,
    /// Words near which such a word is followed now and was not, or the other way round; and near which there is one whose
    /// list is too long.
    near: Vec<bool>,
    long: Vec<bool>,
    /// Names near which one is followed otherwise.
    wholes: Vec<bool>,
    /// First letters whose list became too long or is no longer.
    initials: HashSet<u64>,
}

impl<'a> Changed<'a> {
    fn new(before: &'a Before, now: &'a Search<'a>, moves: &Moves, external: &[Option<Key>]) -> Self {
        let words = &now.words;
        let mut keys = vec![false; words.len_keys()];
        let set = |flags: &mut Vec<bool>, number: u32| {
            if let Some(flag) = flags.get_mut(number as usize) {
                *flag = true;
            }
        };
        let mut add = |record: &Profile, external: Option<Key>| {
            let numbers = record.ids(words).iter().chain(record.contacts(words));
            numbers.chain(&external).for_each(|key| set(&mut keys, *key));
        };
        let old = before.records.iter().zip(moves.old_ones());
        old.for_each(|(record, i)| add(record, before.external.get(i as usize).copied().flatten()));
        for i in moves.new_ones() {
            if let Some(record) = now.record_profiles.get(i as usize) {
                add(record, external.get(i as usize).copied().flatten());
            }
        }
        let (old, new) = (&before.lists, &now.blocks.lists);
        let lengths = |word: u32| (old.by_word.get(word).len(), new.by_word.get(word).len());
        let crosses = |(a, b): (usize, usize), at: usize| (a > at) != (b > at);
        let by_word = |test: &dyn Fn((usize, usize)) -> bool| -> Vec<bool> {
            (0..words.len() as u32).map(|word| test(lengths(word))).collect()
        };
        let near = &now.blocks.near.ahead;
        let stands = &now.blocks.wholes.stands;
        let whole = |number: u32| {
            let long = |lists: &Lists| lists.by_joined.get(number).len() > NEAR;
            before.stands.get(number as usize).copied().unwrap_or(false)
                != stands.get(number as usize).copied().unwrap_or(false)
                || long(old)
                || long(new)
        };
        let empty = |lists: &Lists, number: u32| lists.by_joined.get(number).is_empty();
        let joined = (0..words.len_joined() as u32).map(|number| empty(old, number) != empty(new, number)).collect();
        let wholes: Vec<bool> = (0..words.len_joined() as u32).map(whole).collect();
        let long_initials = |lists: &Lists| -> HashSet<u64> { lists.by_initials.longer_than(COMMON).collect() };
        Self {
            before,
            now,
            keys,
            joined,
            branches: before.branches.symmetric_difference(&now.branches).copied().collect(),
            own: by_word(&|lengths| crosses(lengths, 0) || crosses(lengths, COMMON)),
            near: near.touches(&by_word(&|lengths| crosses(lengths, NEAR))),
            long: near.touches(&by_word(&|(a, b)| a > LONG || b > LONG)),
            wholes: now.blocks.wholes.ahead.touches(&wholes),
            initials: long_initials(old).symmetric_difference(&long_initials(new)).copied().collect(),
        }
    }

    /// Whether the search for a counterparty is another one now.
    fn touch(&self, i: usize, party: &Profile) -> bool {
        let words = &self.now.words;
        let of = |flags: &[bool], number: u32| flags.get(number as usize) == Some(&true);
        let sure = party.ids(words).iter().chain(party.contacts(words));
        if sure.clone().any(|key| of(&self.keys, *key))
            || party.inns(words).first().is_some_and(|inn| self.branches.contains(inn))
        {
            return true;
        }
        let code = self.now.parties.get(i).and_then(|party| words.known_code(code_of(party)));
        let long = |lists: &Lists, kpp: Key| lists.by_key.get(kpp).len() > COMMON;
        code.is_some_and(|code| of(&self.keys, code))
            || party
                .of(Kind::Kpp, words)
                .iter()
                .any(|kpp| long(&self.before.lists, *kpp) != long(&self.now.blocks.lists, *kpp))
            || party.names(words).iter().any(|name| self.touches(name))
    }

    fn touches(&self, name: &Variant) -> bool {
        let words = &self.now.words;
        let of = |flags: &[bool], number: u32| flags.get(number as usize) == Some(&true);
        if of(&self.joined, name.joined) || of(&self.wholes, name.joined) {
            return true;
        }
        if name.handle {
            return false;
        }
        let own_words = name.words(words);
        let person = name.person(words).map(|person| person.surname);
        let near = |word: &Word| of(&self.near, *word) || name.n == 1 && of(&self.long, *word);
        if own_words.iter().any(|word| of(&self.own, *word) || near(word)) || person.is_some_and(|word| near(&word)) {
            return true;
        }
        if !self.initials.is_empty() && initials(name, words).any(|(key, _)| self.initials.contains(&key)) {
            return true;
        }
        // A name of common words only is searched for by the rarest of them.
        let lists = &self.now.blocks.lists.by_word;
        let telling = |word: &Word| (1..=COMMON).contains(&lists.get(*word).len());
        if own_words.iter().any(telling) {
            return false;
        }
        let (was, is) = (own(&self.before.lists.by_word, name, words), own(lists, name, words));
        let first = |own: &[(usize, Word)]| own.first().map(|(_, word)| *word);
        first(&was) != first(&is) || was.iter().chain(&is).any(|(length, _)| *length > LONG)
    }
}
