//! How much an agreement is worth, in bits: the rarer what agrees, the more. Rarity is counted over both sides at once,
//! one entity (one ИНН) counting once however often it is written, and told in whole doublings: what another week brings
//! moves few of them, so most pairs need no second look (`again`). Measured, the rounding costs nothing.
//! Source: the match weight of Fellegi and Sunter (1969), with frequencies taken from the data at hand.
//! Deliberately absent: a list of frequent words of any particular data set.

use super::{
    counts::Counts,
    place::Geography,
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
    /// Evidence from which a person looks, bits.
    pub review: f64,
    /// What towns and area codes say.
    pub geography: Geography,
    /// What is known of each word, asked for millions of times.
    of_word: Vec<OfWord>,
    /// What all this is counted from.
    pub counts: Counts,
    /// Worth of the КПП, phone, address, domain, by how many records have it, bits.
    of_key: Vec<f64>,
}

/// What is worth something else than before, by number.
pub(super) struct Differs {
    pub words: Vec<bool>,
    /// Of these the words that are so where only one side has them.
    pub lone: Vec<bool>,
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
        let counts = Counts::new(words, parties, records);
        Self::counted(counts, Geography::new(records, words), [parties.len(), records.len()], review, words)
    }

    /// Of what was counted; `sizes` are those of the two sides.
    pub fn counted(counts: Counts, geography: Geography, sizes: [usize; 2], review: f64, words: &Words) -> Self {
        let [_, records] = sizes;
        let all = halves((records as f64).max(FEW).log2());
        let mut weights = Self {
            entities: halves(f64::from(counts.all).max(2.0 * FEW).log2()),
            records: all,
            review,
            geography,
            of_word: Vec::new(),
            of_key: counts.keys.iter().map(|n| all - f64::from((*n).max(1)).log2().round()).collect(),
            counts,
        };
        weights.of_word = weights.of_words(sizes, words);
        weights
    }

    fn of_words(&self, sizes: [usize; 2], words: &Words) -> Vec<OfWord> {
        let counts = &self.counts;
        let rarity =
            |word: usize, own: u32| self.rarity((counts.entities.get(word as u32).len() as u32).saturating_sub(own));
        // A small side proves nothing by not using a word.
        let large = sizes.iter().all(|size| *size > 500);
        let [ours, theirs] = &counts.words;
        let remark = |a: u32, b: u32| large && (a >= REMARK && b == 0 || b >= REMARK && a == 0);
        let of = |(word, (a, b)): (usize, (&u32, &u32))| OfWord {
            both: rarity(word, 2),
            lone: rarity(word, 1),
            place: false,
            remark: remark(*a, *b),
        };
        let mut all: Vec<OfWord> = ours.iter().zip(theirs).enumerate().map(of).collect();
        for (town, _) in (0..).zip(&counts.towns).filter(|(_, n)| **n > 0) {
            for word in words.town(town) {
                if let Some(word) = all.get_mut(*word as usize) {
                    word.place = true;
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
        let counted = |weights: &Self, word: Word| weights.counts.entities.get(word).len() <= COUNTED;
        let differs = |word| self.of(word) != before.of(word) || counted(self, word) != counted(before, word);
        let words = (0..self.of_word.len() as Word).map(differs).collect();
        let alone = |word| OfWord { both: 0.0, ..self.of(word) } != OfWord { both: 0.0, ..before.of(word) };
        let lone = (0..self.of_word.len() as Word).map(alone).collect();
        // Beside the rarity it is asked whether there is one more, or several.
        let others = |of_bag: &[u32], bag: usize| {
            let others = of_bag.get(bag).map_or(0, |n| n.saturating_sub(2));
            (others.min(2), step(others).to_bits())
        };
        let (now, then) = (&self.counts.bags, &before.counts.bags);
        let bags = (0..now.len()).map(|bag| others(now, bag) != others(then, bag)).collect();
        let keys = (0..self.of_key.len() as u32).map(|key| !same(self.key(key), before.key(key))).collect();
        Some(Differs { words, lone, bags, keys })
    }

    #[inline]
    fn of(&self, word: Word) -> OfWord {
        self.of_word.get(word as usize).copied().unwrap_or_default()
    }

    /// How many entities have exactly the words, by bag.
    pub fn bags(&self) -> &[u32] {
        &self.counts.bags
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
        let (a, b) = (self.counts.entities.get(a), self.counts.entities.get(b));
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
