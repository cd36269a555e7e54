//! Words within a few slips of a word, without comparing it to all: a word that is at most k edits away shares, unchanged
//! and at nearly the same place, at least one of k+1 pieces (the partition of Li, Deng, Wang and Feng, "Pass-Join", 2011).
//! An exchange of two neighbours counts as one edit and may break two pieces, so there is a piece more where words are
//! long enough. Deliberately absent: what a slip costs (`likeness`).

use super::{
    edits::{Pattern, Signs},
    postings::Hashed,
};

/// A dictionary of short byte strings (one byte a letter).
#[derive(Default)]
pub(super) struct Fuzzy {
    entries: Vec<Entry>,
    text: Vec<u8>,
    /// Places of the entries, with their letters, by piece; until `seal` in `waiting`.
    by_piece: Hashed<(u32, u32)>,
    waiting: Vec<(u64, (u32, u32))>,
    /// A bit for each piece that is there (Bloom 1970, one hash): most pieces asked for are not, and this stays in the
    /// processor's cache.
    there: Vec<u64>,
}

struct Entry {
    /// Where its letters are.
    from: u32,
    length: u8,
    number: u32,
    signs: Signs,
}

/// Edits that a word of that length may be away.
pub(super) const fn allowed(letters: usize) -> usize {
    match letters {
        0..=3 => 0,
        4..=7 => 1,
        8..=13 => 2,
        _ => 3,
    }
}

/// Pieces a word of that length is cut into.
const fn pieces(letters: usize) -> usize {
    match letters {
        0..=5 => 2,
        6..=11 => 3,
        _ => 4,
    }
}

/// Start and end of a piece.
const fn piece(letters: usize, i: usize) -> (usize, usize) {
    let n = pieces(letters);
    (letters * i / n, letters * (i + 1) / n)
}

/// FNV-1a with a last stir: pieces are a few bytes, and a wrong hit is only looked at in vain.
fn hash(seed: u64, bytes: &[u8]) -> u64 {
    let sum =
        bytes.iter().fold(0xcbf2_9ce4_8422_2325 ^ seed, |sum, b| (sum ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3));
    (sum ^ (sum >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

/// Key of a piece of words of that length.
fn key(length: u8, piece: usize, text: &[u8]) -> u64 {
    hash(u64::from(length) << 8 | piece as u64, text)
}

impl Fuzzy {
    /// Adds a word under a number.
    pub fn add(&mut self, letters: &[u8], number: u32) {
        let (n, at) = (letters.len(), self.entries.len() as u32);
        let (Ok(length), Ok(from)) = (u8::try_from(n), u32::try_from(self.text.len())) else { return };
        if allowed(n) == 0 {
            return;
        }
        let signs = Signs::of(letters);
        for i in 0..pieces(n) {
            let (from, to) = piece(n, i);
            let text = letters.get(from..to).unwrap_or_default();
            self.waiting.push((key(length, i, text), (at, signs.letters)));
        }
        self.text.extend_from_slice(letters);
        self.entries.push(Entry { from, length, number, signs });
    }

    /// To be called when all words are in, before looking for them.
    pub fn seal(&mut self) {
        self.by_piece = Hashed::new(std::mem::take(&mut self.waiting));
        self.there = vec![0; (self.by_piece.hashes().len() / 4).next_power_of_two()];
        for key in self.by_piece.hashes() {
            let (at, bit) = self.bit(key);
            if let Some(bits) = self.there.get_mut(at) {
                *bits |= bit;
            }
        }
    }

    /// Place and mask of a key's bit.
    fn bit(&self, key: u64) -> (usize, u64) {
        ((key >> 12) as usize & self.there.len().wrapping_sub(1), 1 << (key >> 58))
    }

    /// Whether a piece may be there.
    fn may_hold(&self, key: u64) -> bool {
        let (at, bit) = self.bit(key);
        self.there.is_empty() || self.there.get(at).is_some_and(|bits| bits & bit != 0)
    }

    fn text(&self, entry: &Entry) -> &[u8] {
        let from = entry.from as usize;
        self.text.get(from..from + usize::from(entry.length)).unwrap_or_default()
    }

    /// Numbers of all words at most `most` edits away (of those allowed for the shorter one), the word itself not, with
    /// the distance; ascending, distinct.
    pub fn near(&self, letters: &[u8], most: usize) -> Vec<(u32, usize)> {
        let n = letters.len();
        let k = allowed(n).min(most);
        if k == 0 {
            return Vec::new();
        }
        let Some(pattern) = Pattern::new(letters) else { return Vec::new() };
        let mine = Signs::of(letters);
        let mut hits: Vec<u32> = Vec::new();
        let mut keep = |key: u64| {
            if !self.may_hold(key) {
                return;
            }
            hits.extend(
                self.by_piece
                    .get(key)
                    .iter()
                    .filter(|(_, theirs)| Signs::letters_may_be(*theirs, mine.letters, k))
                    .map(|(at, _)| *at),
            );
        };
        for m in n.saturating_sub(k).max(4)..=n + k {
            let Ok(length) = u8::try_from(m) else { break };
            for i in 0..pieces(m) {
                let (from, to) = piece(m, i);
                // Moved by so many places before the piece, the rest still has to be made up for behind it.
                let behind = |start: usize| start.abs_diff(from) + (start + m).abs_diff(from + n);
                for start in (from.saturating_sub(k)..=from + k).filter(|start| behind(*start) <= k) {
                    if let Some(text) = letters.get(start..start + to - from) {
                        keep(key(length, i, text));
                    }
                }
            }
        }
        // An exchange right between the two pieces of a short word breaks both.
        if n <= 5 {
            let mut other = letters.to_vec();
            for at in 1..n {
                other.swap(at - 1, at);
                let (from, to) = piece(n, 0);
                keep(key(n as u8, 0, other.get(from..to).unwrap_or_default()));
                other.swap(at - 1, at);
            }
        }
        hits.sort_unstable();
        hits.dedup();
        let mut found: Vec<(u32, usize)> = Vec::new();
        for entry in hits.into_iter().filter_map(|at| self.entries.get(at as usize)) {
            let text = self.text(entry);
            let k = k.min(allowed(text.len().min(n)));
            if entry.signs.may_be(mine, k) {
                let distance = pattern.distance(text);
                found.extend((1..=k).contains(&distance).then_some((entry.number, distance)));
            }
        }
        found.sort_unstable();
        found.dedup_by_key(|(number, _)| *number);
        found
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// One edit of any kind anywhere in a word of four letters and more is found.
        #[test]
        fn one_edit_is_always_found(word in "[a-e]{4,16}", at in 0..16_usize, kind in 0..4, letter in b'a'..=b'e') {
            let mut other = word.clone().into_bytes();
            let at = at % other.len();
            match kind {
                0 => other.insert(at, letter),
                1 => other[at] = letter,
                2 if at > 0 => other.swap(at - 1, at),
                _ => { other.remove(at); }
            }
            prop_assume!(other.len() >= 4 && other != word.as_bytes());
            let mut fuzzy = Fuzzy::default();
            fuzzy.add(word.as_bytes(), 7);
            fuzzy.seal();
            prop_assert_eq!(fuzzy.near(&other, 9), [(7, 1)]);
        }

        /// Two edits that are no exchanges are found where two are allowed.
        #[test]
        fn two_edits_are_found_in_long_words(word in "[a-e]{9,16}", a in 0..16_usize, b in 0..16_usize) {
            let mut other = word.clone().into_bytes();
            let (a, b) = (a % other.len(), b % (other.len() - 1));
            other[a] = b'z';
            other.remove(b);
            prop_assume!(other != word.as_bytes());
            let mut fuzzy = Fuzzy::default();
            fuzzy.add(word.as_bytes(), 7);
            fuzzy.seal();
            prop_assert_eq!(fuzzy.near(&other, 9).len(), 1);
        }
    }
}
