//! What a change touches: whoever shares a word, a number or a place whose worth is another one now is compared anew, and
//! whoever is searched for by lists that are used otherwise now is searched for anew. Everything here errs on one side only:
//! too much may be marked, never too little. Deliberately absent: doing it (`memo`).

use std::collections::HashSet;

use rustc_hash::{FxBuildHasher, FxHashSet};
use smallvec::SmallVec;

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
    change::change,
    items::{Moves, NOWHERE},
};
use crate::domain::parallel::{both, in_parallel};

/// How both sides stood before.
pub(super) struct Before {
    pub weights: Weights,
    pub lists: Lists,
    pub stands: Vec<bool>,
    pub branches: HashSet<Key>,
    pub cluster: Vec<u32>,
    /// Profiles that are no longer so, and the records' keys in accounting.
    pub parties: Vec<Profile>,
    pub records: Vec<Profile>,
    pub external: Vec<Option<Key>>,
}

/// What is touched, by place now.
pub(super) struct Dirty {
    /// Counterparties to be searched for anew.
    pub search: Vec<Anew>,
    /// Records to be compared anew with everybody.
    records: Vec<bool>,
    /// Of which counterparties' places each record's may be worth something else.
    places: Vec<Mask>,
    /// The places of each counterparty.
    of_party: Vec<Mask>,
}

/// Whether and why a counterparty is searched for anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anew {
    No,
    /// Because of the lists: whatever is found compares as it did.
    ByLists,
    /// It meets what it met, but everything compares anew.
    Compared,
    /// Because of what it is or its words are worth: everything compares anew.
    ByWorth,
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
        let changed_lists = || Changed::new(before, now, record_moves, external);
        let ((lists, cut), (pairs, geography)) = both(
            || (changed_lists(), now.words.cut_differently()),
            || {
                let geography = now.weights.geography.differs(&before.weights.geography);
                (pairs(before, now, (party_moves, record_moves), &differs), geography)
            },
        );
        let worth = Worth { differs: &differs, pairs: &pairs, cut, now };
        let record = |i: usize| {
            let profile = now.record_profiles.get(i);
            let place = profile.map_or(Mask::MAX, |profile| geography.of(profile, &now.words));
            (is_new(record_moves, i) || profile.is_none_or(|profile| worth.touches_record(profile)), place)
        };
        let (records, places) = in_parallel(now.records.len(), record).into_iter().unzip();
        let search = |i: usize| match now.profiles.get(i) {
            Some(profile) if !is_new(party_moves, i) && !worth.touches_words(profile) => {
                match (worth.touches_others(profile), lists.touch(i, profile)) {
                    (false, false) => Anew::No,
                    (false, true) => Anew::ByLists,
                    (true, false) => Anew::Compared,
                    (true, true) => Anew::ByWorth,
                }
            }
            _ => Anew::ByWorth,
        };
        let of_party = now.profiles.iter().map(place::Differs::places).collect();
        Some(Self { search: in_parallel(now.parties.len(), search), records, places, of_party })
    }

    /// Whether everything compares anew with the counterparty.
    pub fn compares_anew(&self, party: usize) -> bool {
        self.search.get(party).is_none_or(|anew| matches!(anew, Anew::Compared | Anew::ByWorth))
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
    /// Names written together that are cut into words in several ways.
    cut: Vec<bool>,
    now: &'a Search<'a>,
}

impl Worth<'_> {
    /// Whether a record compares otherwise with counterparties that have nothing of this themselves. What a word is worth that
    /// both have is told there, but where the same name is cut into other words.
    fn touches_record(&self, profile: &Profile) -> bool {
        let words = &self.now.words;
        let of = |flags: &[bool], word: Word| flags.get(word as usize) == Some(&true);
        let name = |name: &Variant| {
            let flags = if of(&self.cut, name.joined) { &self.differs.words } else { &self.differs.lone };
            name.words(words).iter().any(|word| of(flags, *word))
        };
        profile.names(words).iter().any(name) || self.touches_others(profile)
    }

    /// Whether one of its words is.
    fn touches_words(&self, profile: &Profile) -> bool {
        let words = &self.now.words;
        let differs = |word: &Word| self.differs.words.get(*word as usize) == Some(&true);
        profile.names(words).iter().any(|name| name.words(words).iter().any(differs))
    }

    /// Whether anything else is.
    fn touches_others(&self, profile: &Profile) -> bool {
        let words = &self.now.words;
        let of = |flags: &[bool], number: u32| flags.get(number as usize) == Some(&true);
        let key = |key: &Key| of(&self.differs.keys, *key);
        if profile.kpps(words).iter().chain(profile.contacts(words)).any(key) {
            return true;
        }
        profile.names(words).iter().any(|name| {
            let own = name.words(words);
            of(&self.differs.bags, name.bag)
                || !self.pairs.is_empty()
                    && own
                        .iter()
                        .enumerate()
                        .any(|(i, a)| own.iter().skip(i + 1).any(|b| self.pairs.contains(&(*a.min(b), *a.max(b)))))
        })
    }
}

/// An entity had the word, or has it.
const WAS: u8 = 1;
const IS: u8 = 2;

/// Pairs of words that are worth something else together: only those of entities that changed can be.
fn pairs(before: &Before, now: &Search<'_>, (party_moves, record_moves): (&Moves, &Moves), differs: &Differs) -> Pairs {
    let words = &now.words;
    let first = |profile: &Profile| profile.inns(words).first().copied();
    let change = change(
        [(&before.parties, &now.profiles, party_moves), (&before.records, &now.record_profiles, record_moves)],
        words,
    );
    // Whoever has a word that is worth something else is compared anew anyway.
    let known = |word: Word| differs.words.get(word as usize) == Some(&true);
    // An entity's members stand together, whether they changed or not.
    let [gone, came] = [&change.gone, &change.came].map(|sides| sides.iter().flatten().copied());
    let members = gone.map(|profile| (WAS, profile)).chain(came.map(|profile| (IS, profile)));
    let members = members.chain(change.kin.iter().map(|profile| (WAS | IS, *profile)));
    let mut all: Vec<(Option<Key>, u8, &Profile)> = members.map(|(when, p)| (first(p), when, p)).collect();
    all.sort_by_key(|(inn, ..)| *inn);
    let mut asked: Vec<(Word, Word)> = Vec::new();
    for entity in all.chunk_by(|a, b| a.0.is_some() && a.0 == b.0) {
        let names = |(_, when, profile): &(_, u8, &Profile)| {
            let names = profile.names(words).iter().filter(|name| !name.handle);
            let when = *when;
            names.flat_map(|name| name.words(words)).map(move |word| (*word, when)).collect::<SmallVec<[_; 8]>>()
        };
        let mut own: Vec<(Word, u8)> = entity.iter().flat_map(names).filter(|(word, _)| !known(*word)).collect();
        own.sort_unstable();
        own.dedup_by(|next, word| {
            word.1 |= if word.0 == next.0 { next.1 } else { 0 };
            word.0 == next.0
        });
        // Two words that it had together and has not, or the other way round.
        let turn = |a: &(Word, u8), b: &(Word, u8)| a.1 & b.1 != 0 && a.1 & b.1 != WAS | IS;
        let pairs = own.iter().enumerate().flat_map(|(i, a)| own.iter().skip(i + 1).map(move |b| (a, b)));
        asked.extend(pairs.filter(|(a, b)| turn(a, b)).map(|(a, b)| (a.0, b.0)));
    }
    asked.sort_unstable();
    asked.dedup();
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
