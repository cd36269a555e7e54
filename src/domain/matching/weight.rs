//! How much an agreement is worth, in bits: the rarer what agrees, the more. Rarity is counted over both sides at once,
//! one entity (one ИНН) counting once however often it is written, and told in whole doublings: what another week brings
//! moves few of them, so most pairs need no second look (`again`). Measured, the rounding costs nothing.
//! Source: the match weight of Fellegi and Sunter (1969), with frequencies taken from the data at hand.
//! Deliberately absent: a list of frequent words of any particular data set.

use super::{
    place::Geography,
    postings::Postings,
    profile::{Profile, Variant, Word, Words},
    words::Key,
};

/// Fewer entities than this say nothing about rarity: a small book is judged as if it were this large.
const FEW: f64 = 1_000.0;

/// Of words more frequent than this it is not counted how many entities have all of them.
const COUNTED: usize = 300;

/// Frequencies of both sides.
pub(super) struct Weights {
    /// Entities of both sides, doublings.
    entities: f64,
    /// Records of the CRM, doublings.
    records: f64,
    /// Entities that have exactly these words, by bag.
    of_bag: Vec<u32>,
    /// Evidence from which a person looks, bits.
    pub review: f64,
    /// What towns and area codes say.
    pub geography: Geography,
    /// What is known of each word, asked for millions of times.
    of_word: Vec<OfWord>,
    /// Entities by word, ascending.
    postings: Postings,
    /// Worth of the КПП, phone, address, domain, by how many records have it, bits.
    of_key: Vec<f64>,
}

/// What is worth something else than before, by number.
pub(super) struct Differs {
    pub words: Vec<bool>,
    pub bags: Vec<bool>,
    pub keys: Vec<bool>,
}

/// Worth and kind of a word.
#[derive(Clone, Copy, Default, PartialEq)]
struct OfWord {
    /// Worth where both sides have it, bits.
    both: f64,
    /// Worth where one side has it, bits.
    lone: f64,
    /// Whether it is a town's.
    place: bool,
    /// Whether one side uses it again and again and the other never: a remark, no name.
    remark: bool,
}

impl Weights {
    pub fn new(words: &Words, parties: &[Profile], records: &[Profile], review: f64) -> Self {
        // One entity behind the other: those with one ИНН together, the others each for itself.
        let mut order: Vec<(Option<Key>, &Profile)> =
            parties.iter().chain(records).map(|profile| (profile.inns(words).first().copied(), profile)).collect();
        order.sort_by_key(|(inn, _)| *inn);
        let entities = order.chunk_by(|a, b| a.0.is_some() && a.0 == b.0);
        let (mut pairs, mut of_bag, mut count) = (Vec::new(), vec![0_u32; words.len_bags()], 0_u32);
        let (mut own, mut bags): (Vec<Word>, Vec<u32>) = (Vec::new(), Vec::new());
        for entity in entities {
            let variants = || entity.iter().flat_map(|(_, profile)| profile.names(words)).filter(|name| !name.handle);
            distinct(&mut own, variants().flat_map(|name| name.words(words).iter().copied()));
            pairs.extend(own.iter().map(|word| (*word, count)));
            distinct(&mut bags, variants().map(|name| name.bag));
            for bag in &bags {
                if let Some(n) = of_bag.get_mut(*bag as usize) {
                    *n += 1;
                }
            }
            count += 1;
        }
        drop(order);
        let postings = Postings::new(words.len(), &pairs);
        drop(pairs);
        let mut seen = vec![0_u32; words.len_keys()];
        for record in records {
            for key in record.kpps(words).iter().chain(record.contacts(words)) {
                if let Some(n) = seen.get_mut(*key as usize) {
                    *n += 1;
                }
            }
        }
        let all = halves((records.len() as f64).max(FEW).log2());
        let mut weights = Self {
            entities: halves(f64::from(count).max(2.0 * FEW).log2()),
            records: all,
            of_bag,
            review,
            geography: Geography::new(records, words),
            of_word: Vec::new(),
            postings,
            of_key: seen.into_iter().map(|n| all - f64::from(n.max(1)).log2().round()).collect(),
        };
        weights.of_word = weights.of_words(parties, records, words);
        weights
    }

    fn of_words(&self, parties: &[Profile], records: &[Profile], words: &Words) -> Vec<OfWord> {
        let remarks = remarks(parties, records, words);
        let rarity =
            |word: usize, own: u32| self.rarity((self.postings.get(word as u32).len() as u32).saturating_sub(own));
        let of = |(word, remark)| OfWord { both: rarity(word, 2), lone: rarity(word, 1), place: false, remark };
        let mut all: Vec<OfWord> = remarks.into_iter().enumerate().map(of).collect();
        let mut seen = vec![false; words.len_towns()];
        for profile in parties.iter().chain(records) {
            if let Some(seen) = seen.get_mut(profile.city as usize).filter(|seen| !**seen) {
                *seen = true;
                for word in words.town(profile.city) {
                    if let Some(word) = all.get_mut(*word as usize) {
                        word.place = true;
                    }
                }
            }
        }
        all
    }

    /// Which words, bags and keys are worth something else than before, by number; `None` when everything is.
    pub fn differs(&self, before: &Self) -> Option<Differs> {
        let same = |a: f64, b: f64| a.total_cmp(&b).is_eq();
        if !same(self.entities, before.entities)
            || !same(self.records, before.records)
            || !same(self.review, before.review)
        {
            return None;
        }
        // Beyond so many entities two words together are judged by the rarer one alone.
        let counted = |weights: &Self, word: Word| weights.postings.get(word).len() <= COUNTED;
        let differs = |word| self.of(word) != before.of(word) || counted(self, word) != counted(before, word);
        let words = (0..self.of_word.len() as Word).map(differs).collect();
        // Beside the rarity it is asked whether there is one more, or several.
        let others = |of_bag: &[u32], bag: usize| {
            let others = of_bag.get(bag).map_or(0, |n| n.saturating_sub(2));
            (others.min(2), step(others).to_bits())
        };
        let bags = (0..self.of_bag.len()).map(|bag| others(&self.of_bag, bag) != others(&before.of_bag, bag)).collect();
        let keys = (0..self.of_key.len() as u32).map(|key| !same(self.key(key), before.key(key))).collect();
        Some(Differs { words, bags, keys })
    }

    #[inline]
    fn of(&self, word: Word) -> OfWord {
        self.of_word.get(word as usize).copied().unwrap_or_default()
    }

    /// How many entities have exactly the words, by bag.
    pub fn bags(&self) -> &[u32] {
        &self.of_bag
    }

    /// Odds of any pair before looking: one record in all of them, and most buyers are somewhere.
    pub fn prior(&self) -> f64 {
        2.0 - self.records
    }

    /// Worth of a word that both sides have, the two sides themselves not counted.
    #[inline]
    pub fn word(&self, word: Word) -> f64 {
        self.of(word).both
    }

    /// Worth of a word that only one side has.
    #[inline]
    pub fn lone_word(&self, word: Word) -> f64 {
        self.of(word).lone
    }

    /// Most that a name can be worth when it is equal, by how many others have it.
    pub fn name(&self, name: &Variant) -> f64 {
        self.rarity(name.others)
    }

    /// Worth of a shared КПП, phone, address or domain.
    #[inline]
    pub fn key(&self, key: Key) -> f64 {
        self.of_key.get(key as usize).copied().unwrap_or_default()
    }

    /// Whether the word is a remark of one side («архив», «постоплата»).
    #[inline]
    pub fn is_remark(&self, word: Word) -> bool {
        self.of(word).remark
    }

    /// Whether the word is a town of the CRM.
    #[inline]
    pub fn is_place(&self, word: Word) -> bool {
        self.of(word).place
    }

    /// Most that several words together can be worth: words that always come together («научно-производственное
    /// предприятие») are one word, and each two of them tell.
    pub fn together(&self, words: &[Word]) -> f64 {
        if words.is_empty() {
            return 0.0;
        }
        let pairs = words.iter().enumerate().flat_map(|(i, a)| words.iter().skip(i + 1).map(|b| (*a, *b)));
        pairs.map(|(a, b)| self.pair(a, b)).max_by(f64::total_cmp).unwrap_or(f64::MAX)
    }

    /// Most that two words together can be worth.
    pub fn pair(&self, a: Word, b: Word) -> f64 {
        let (a, b) = (self.postings.get(a), self.postings.get(b));
        let (few, many) = if a.len() <= b.len() { (a, b) } else { (b, a) };
        if few.len() > COUNTED {
            return self.rarity(few.len() as u32 - 2) + 2.0;
        }
        let both = few.iter().filter(|entity| many.binary_search(entity).is_ok()).count();
        self.rarity((both as u32).saturating_sub(2))
    }

    fn rarity(&self, others: u32) -> f64 {
        self.entities - step(others)
    }
}

/// Doublings of a number of others, to the nearest whole one: log2(n + 1/2), in whole numbers.
fn step(n: u32) -> f64 {
    let odd = 2 * u128::from(n) + 1;
    let doublings = odd.ilog2();
    // Nearer to the next one from its square root of two on.
    f64::from(doublings) + if (odd * odd) >> (2 * doublings + 1) > 0 { 0.0 } else { -1.0 }
}

/// To the nearest half.
fn halves(bits: f64) -> f64 {
    (bits * 2.0).round() / 2.0
}

/// Words in at least this many names of one side and in none of the other are remarks.
const REMARK: u32 = 6;

/// For each word whether it is one.
fn remarks(parties: &[Profile], records: &[Profile], words: &Words) -> Vec<bool> {
    let mut own: Vec<Word> = Vec::new();
    let mut count = |side: &[Profile]| {
        let mut seen = vec![0_u32; words.len()];
        for profile in side {
            distinct(&mut own, profile.names(words).iter().flat_map(|name| name.words(words).iter().copied()));
            for word in &own {
                if let Some(slot) = seen.get_mut(*word as usize) {
                    *slot += 1;
                }
            }
        }
        seen
    };
    let (ours, theirs) = (count(parties), count(records));
    // A small side proves nothing by not using a word.
    let large = parties.len() > 500 && records.len() > 500;
    let remark = |(a, b): (&u32, &u32)| large && (*a >= REMARK && *b == 0 || *b >= REMARK && *a == 0);
    ours.iter().zip(&theirs).map(remark).collect()
}

/// Fills the list with the distinct ones, in order.
fn distinct<T: Ord>(list: &mut Vec<T>, all: impl Iterator<Item = T>) {
    list.clear();
    list.extend(all);
    list.sort_unstable();
    list.dedup();
}

#[cfg(test)]
mod tests {
    use super::step;

    #[test]
    fn steps_are_whole_doublings() {
        for n in (0..3_000).chain([65_535, 65_536, 1 << 30, u32::MAX]) {
            assert!((step(n) - (f64::from(n) + 0.5).log2().round()).abs() < f64::EPSILON, "{n}");
        }
    }
}
