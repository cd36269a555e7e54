//! What is counted over both sides: entities by word and by bag, records by number and contact, profiles by word and by town.
//! One entity (one ИНН) counts once however often it is written. A later run counts only what changed.
//! Deliberately absent: what a count is worth (`weight`).

use super::{
    postings::Postings,
    profile::{Profile, Word, Words},
};

/// Counts of both sides.
pub(super) struct Counts {
    /// How many entities there are.
    pub all: u32,
    /// Entities by word, ascending.
    pub entities: Postings,
    /// Entities that have exactly these words, by bag.
    pub bags: Vec<u32>,
    /// Records by КПП, phone, address, domain.
    pub keys: Vec<u32>,
    /// Of counterparties and of records those that have the word, by word.
    pub words: [Vec<u32>; 2],
    /// Profiles of both sides by town.
    pub towns: Vec<u32>,
}

/// What changed: counterparties and records, each in this order.
pub(super) struct Change<'a> {
    pub gone: [Vec<&'a Profile>; 2],
    pub came: [Vec<&'a Profile>; 2],
    /// Whoever is as it was but of one entity with one of these.
    pub kin: Vec<&'a Profile>,
}

impl<'a> Change<'a> {
    /// Everybody who came or went.
    pub fn all(&self) -> impl Iterator<Item = &'a Profile> + Clone {
        self.gone.iter().chain(&self.came).flatten().copied()
    }
}

/// Behind the numbers of ИНН: entities without one, by their first name.
const NUMBERLESS: u32 = 1 << 31;

/// Number of the profile's entity.
fn entity(profile: &Profile, words: &Words) -> u32 {
    profile.inns(words).first().copied().unwrap_or(NUMBERLESS | profile.names.0)
}

impl Counts {
    pub fn new(words: &Words, parties: &[Profile], records: &[Profile]) -> Self {
        let (mut pairs, mut bags) = (Vec::new(), vec![0_u32; words.len_bags()]);
        let all = each_entity(parties.iter().chain(records), words, |entity, own, of| {
            pairs.extend(own.iter().map(|word| (*word, entity)));
            count(&mut bags, of.iter().copied(), true);
        });
        let entities = Postings::new(words.len(), &pairs);
        let mut counts = Self { all, entities, bags, ..Self::none(words) };
        counts.count_profiles(&[parties.iter().collect(), records.iter().collect()], true, words);
        counts
    }

    fn none(words: &Words) -> Self {
        let of_words = || vec![0; words.len()];
        Self {
            all: 0,
            entities: Postings::default(),
            bags: Vec::new(),
            keys: vec![0; words.len_keys()],
            words: [of_words(), of_words()],
            towns: vec![0; words.len_towns()],
        }
    }

    /// The counts after a change.
    pub fn again(&self, change: &Change<'_>, words: &Words) -> Self {
        let longer = |list: &[u32], n: usize| -> Vec<u32> {
            let mut list = list.to_vec();
            list.resize(n.max(list.len()), 0);
            list
        };
        let [ours, theirs] = &self.words;
        let mut bags = longer(&self.bags, words.len_bags());
        let before = each_entity(change.gone.iter().flatten().chain(&change.kin).copied(), words, |_, _, of| {
            count(&mut bags, of.iter().copied(), false);
        });
        let mut pairs = Vec::new();
        let now = each_entity(change.came.iter().flatten().chain(&change.kin).copied(), words, |entity, own, of| {
            pairs.extend(own.iter().map(|word| (*word, entity)));
            count(&mut bags, of.iter().copied(), true);
        });
        let touched = Touched::new(change, words);
        let mut counts = Self {
            all: (self.all + now).saturating_sub(before),
            entities: self.entities.again(words.len(), |entity| touched.leaves(entity), pairs),
            bags,
            keys: longer(&self.keys, words.len_keys()),
            words: [longer(ours, words.len()), longer(theirs, words.len())],
            towns: longer(&self.towns, words.len_towns()),
        };
        counts.count_profiles(&change.gone, false, words);
        counts.count_profiles(&change.came, true, words);
        counts
    }

    /// Counts what is counted profile by profile.
    fn count_profiles(&mut self, sides: &[Vec<&Profile>; 2], more: bool, words: &Words) {
        let mut own: Vec<Word> = Vec::new();
        for (side, of_words) in sides.iter().zip(&mut self.words) {
            for profile in side {
                distinct(&mut own, profile.names(words).iter().flat_map(|name| name.words(words).iter().copied()));
                count(of_words, own.iter().copied(), more);
                count(&mut self.towns, std::iter::once(profile.city), more);
            }
        }
        let [_, records] = sides;
        for record in records {
            count(&mut self.keys, record.kpps(words).iter().chain(record.contacts(words)).copied(), more);
        }
    }
}

/// Entities with a member that came or went.
struct Touched {
    numbers: Vec<bool>,
    names: Vec<bool>,
}

impl Touched {
    fn new(change: &Change<'_>, words: &Words) -> Self {
        let mut touched = Self { numbers: vec![false; words.len_keys()], names: Vec::new() };
        // Without a number and a name it has no words, and the number of the name that it has not is another one's.
        let counted = change.all().filter(|profile| profile.names.1 > 0 || !profile.inns(words).is_empty());
        for entity in counted.map(|profile| entity(profile, words)) {
            let (flags, at) = if entity < NUMBERLESS {
                (&mut touched.numbers, entity as usize)
            } else {
                (&mut touched.names, (entity - NUMBERLESS) as usize)
            };
            if at >= flags.len() {
                flags.resize(at + 1, false);
            }
            if let Some(flag) = flags.get_mut(at) {
                *flag = true;
            }
        }
        touched
    }

    /// The entity, if nothing touched it.
    fn leaves(&self, entity: u32) -> Option<u32> {
        let touched = if entity < NUMBERLESS {
            self.numbers.get(entity as usize)
        } else {
            self.names.get((entity - NUMBERLESS) as usize)
        };
        (touched != Some(&true)).then_some(entity)
    }
}

/// Hands on each entity with its distinct words and bags; answers how many there are.
fn each_entity<'p>(
    profiles: impl Iterator<Item = &'p Profile>,
    words: &Words,
    mut told: impl FnMut(u32, &[Word], &[u32]),
) -> u32 {
    let mut order: Vec<(u32, &Profile)> = profiles.map(|profile| (entity(profile, words), profile)).collect();
    // Those with one ИНН together, the others each for itself.
    order.sort_by_key(|(entity, _)| *entity);
    let (mut own, mut bags, mut n): (Vec<Word>, Vec<u32>, u32) = (Vec::new(), Vec::new(), 0);
    for members in order.chunk_by(|a, b| a.0 == b.0 && a.0 < NUMBERLESS) {
        let names = || members.iter().flat_map(|(_, profile)| profile.names(words)).filter(|name| !name.handle);
        distinct(&mut own, names().flat_map(|name| name.words(words).iter().copied()));
        distinct(&mut bags, names().map(|name| name.bag));
        told(members.first().map_or(0, |(entity, _)| *entity), &own, &bags);
        n += 1;
    }
    n
}

/// One more, or one less, of each; what has no number is not counted.
fn count(counts: &mut [u32], numbers: impl Iterator<Item = u32>, more: bool) {
    for number in numbers {
        if let Some(n) = counts.get_mut(number as usize) {
            *n = if more { *n + 1 } else { n.saturating_sub(1) };
        }
    }
}

/// Fills the list with the distinct ones, in order.
fn distinct<T: Ord>(list: &mut Vec<T>, all: impl Iterator<Item = T>) {
    list.clear();
    list.extend(all);
    list.sort_unstable();
    list.dedup();
}
