//! Edits between short words of one byte a letter: quick signs that rule most pairs out, and the distance itself.
//! Deliberately absent: what an edit costs (`likeness`), finding the words (`fuzzy`).

/// Which letters and which pairs of neighbours a word has, folded into bits. One edit changes at most two letters and at
/// most six pairs (an exchange), so words that differ in more need no comparing.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Signs {
    pub letters: u32,
    pairs: u64,
}

impl Signs {
    pub fn of(text: &[u8]) -> Self {
        let pairs = text.windows(2).fold(0, |all, pair| {
            let pair = pair.iter().fold(0_u64, |sum, b| sum.wrapping_mul(37).wrapping_add(u64::from(*b)));
            all | 1 << (pair.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58)
        });
        Self { letters: text.iter().fold(0, |all, b| all | 1 << (b & 31)), pairs }
    }

    /// Whether the words may be that few edits apart, by their letters.
    pub const fn letters_may_be(letters: u32, other: u32, edits: usize) -> bool {
        (letters ^ other).count_ones() as usize <= 2 * edits
    }

    /// The same by letters and pairs.
    pub const fn may_be(self, other: Self, edits: usize) -> bool {
        Self::letters_may_be(self.letters, other.letters, edits)
            && (self.pairs ^ other.pairs).count_ones() as usize <= 6 * edits
    }
}

/// A word prepared for being compared with many.
pub(super) struct Pattern {
    /// Where each letter stands, a bit a place.
    places: [u64; 256],
    letters: usize,
}

impl Pattern {
    /// `None` for an empty word and for one of more than 64 letters.
    pub fn new(word: &[u8]) -> Option<Self> {
        if word.is_empty() || word.len() > 64 {
            return None;
        }
        let mut places = [0_u64; 256];
        for (i, letter) in word.iter().enumerate() {
            if let Some(slot) = places.get_mut(usize::from(*letter)) {
                *slot |= 1 << i;
            }
        }
        Some(Self { places, letters: word.len() })
    }

    /// Edits between the words: letters put in, left out, changed, and neighbours exchanged (optimal string alignment).
    /// Bit-parallel after Hyyrö, "A Bit-Vector Algorithm for Computing Levenshtein and Damerau Edit Distances" (2003).
    pub fn distance(&self, word: &[u8]) -> usize {
        let last = 1_u64 << (self.letters - 1);
        let (mut up, mut down, mut diagonal, mut before) = (u64::MAX, 0_u64, 0_u64, 0_u64);
        let mut distance = self.letters;
        for letter in word {
            let here = self.places.get(usize::from(*letter)).copied().unwrap_or(0);
            let exchanged = ((!diagonal & here) << 1) & before;
            diagonal = ((here & up).wrapping_add(up) ^ up) | here | down | exchanged;
            let more = down | !(diagonal | up);
            let fewer = diagonal & up;
            distance += usize::from(more & last != 0);
            distance -= usize::from(fewer & last != 0);
            let more = (more << 1) | 1;
            up = (fewer << 1) | !(diagonal | more);
            down = more & diagonal;
            before = here;
        }
        distance
    }
}

/// Edits between two words, if there are at most so many.
pub(super) fn within(a: &[u8], b: &[u8], most: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let distance = match Pattern::new(a) {
        Some(pattern) => pattern.distance(b),
        None if a == b => 0,
        None => return None,
    };
    (distance <= most).then_some(distance)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rapidfuzz::distance::osa;

    use super::*;

    proptest! {
        #[test]
        fn the_distance_is_that_of_a_known_library(a in "[a-d]{1,64}", b in "[a-d]{0,40}") {
            let known = osa::distance(a.bytes(), b.bytes());
            prop_assert_eq!(Pattern::new(a.as_bytes()).map(|p| p.distance(b.as_bytes())), Some(known));
            prop_assert!(Signs::of(a.as_bytes()).may_be(Signs::of(b.as_bytes()), known));
        }
    }
}
