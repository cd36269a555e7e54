//! Texts and lists by number: each distinct one stands once, all of them one behind the other, and equality is that of
//! the numbers. Hundreds of thousands of little strings would each be an allocation. Deliberately absent: taking out.

use std::hash::{BuildHasher, Hash};

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

/// Distinct texts in the order met.
#[derive(Default)]
pub(super) struct Texts {
    all: String,
    ends: Vec<u32>,
    table: HashTable<Entry>,
}

/// Distinct lists of numbers in the order met.
#[derive(Default)]
pub(super) struct Lists {
    all: Vec<u32>,
    ends: Vec<u32>,
    table: HashTable<Entry>,
}

/// Hash and number: most of those passed by are told apart without looking at them, and a table grows without hashing.
type Entry = (u32, u32);

fn hash<T: Hash + ?Sized>(of: &T) -> u32 {
    let hash = FxBuildHasher.hash_one(of);
    (hash ^ (hash >> 32)) as u32
}

/// Where a table keeps what has that hash: all bits of it count, the upper ones too (Knuth, multiplicative hashing).
const fn spread(hash: u32) -> u64 {
    (hash as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Where the item of that number stands.
fn place(ends: &[u32], number: u32) -> std::ops::Range<usize> {
    let at = number as usize;
    let from = at.checked_sub(1).map_or(0, |before| ends.get(before).copied().unwrap_or(0));
    from as usize..ends.get(at).copied().unwrap_or(from) as usize
}

impl Texts {
    /// The number of a text, a new one if it was not met.
    pub fn number(&mut self, text: &str) -> u32 {
        let key = hash(text);
        let Self { all, ends, table } = self;
        if let Some((_, known)) = table.find(spread(key), |(h, n)| *h == key && all.get(place(ends, *n)) == Some(text))
        {
            return *known;
        }
        let number = ends.len() as u32;
        all.push_str(text);
        ends.push(all.len() as u32);
        table.insert_unique(spread(key), (key, number), |(hash, _)| spread(*hash));
        number
    }

    /// Gives the text of a number a new one; under the old one it is not found any more.
    pub fn renew(&mut self, number: u32) -> u32 {
        let Self { all, ends, table } = self;
        let text = all.get(place(ends, number)).unwrap_or_default().to_owned();
        let new = ends.len() as u32;
        let key = hash(text.as_str());
        all.push_str(&text);
        ends.push(all.len() as u32);
        if let Some((_, known)) = table.find_mut(spread(key), |(_, n)| *n == number) {
            *known = new;
        }
        new
    }

    /// The number of a text that was met.
    pub fn known(&self, text: &str) -> Option<u32> {
        let key = hash(text);
        self.table.find(spread(key), |(h, n)| *h == key && self.get(*n) == text).map(|(_, number)| *number)
    }

    /// The text of a number; empty for any other number.
    #[inline]
    pub fn get(&self, number: u32) -> &str {
        self.all.get(place(&self.ends, number)).unwrap_or_default()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }
}

impl Lists {
    /// The number of a list, a new one if it was not met.
    pub fn number(&mut self, list: &[u32]) -> u32 {
        let key = hash(list);
        let Self { all, ends, table } = self;
        if let Some((_, known)) = table.find(spread(key), |(h, n)| *h == key && all.get(place(ends, *n)) == Some(list))
        {
            return *known;
        }
        let number = ends.len() as u32;
        all.extend_from_slice(list);
        ends.push(all.len() as u32);
        table.insert_unique(spread(key), (key, number), |(hash, _)| spread(*hash));
        number
    }

    /// The list of a number; empty for any other number.
    #[inline]
    pub fn get(&self, number: u32) -> &[u32] {
        self.all.get(place(&self.ends, number)).unwrap_or_default()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_met_again_has_its_number_again() {
        let mut texts = Texts::default();
        let numbers: Vec<u32> = ["ромашка", "", "альфа", "ромашка", ""].map(|t| texts.number(t)).to_vec();
        assert_eq!(numbers, [0, 1, 2, 0, 1]);
        assert_eq!((texts.get(2), texts.get(1), texts.get(9), texts.len()), ("альфа", "", "", 3));
        assert_eq!((texts.known("альфа"), texts.known("бета")), (Some(2), None));
        let mut lists = Lists::default();
        let numbers: Vec<u32> = [&[1, 2][..], &[], &[2, 1], &[1, 2]].map(|l| lists.number(l)).to_vec();
        assert_eq!(numbers, [0, 1, 2, 0]);
        assert_eq!((lists.get(0), lists.get(7), lists.len()), (&[1, 2][..], &[][..], 3));
    }
}
