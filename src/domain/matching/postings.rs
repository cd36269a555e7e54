//! Lists of records by a number or by a hash, all one behind the other. Deliberately absent: adding to a finished one; it is
//! laid out again with what came and went.

use rustc_hash::FxHashMap;

/// Lists by number 0..n.
#[derive(Default)]
pub(super) struct Postings {
    ends: Vec<u32>,
    all: Vec<u32>,
}

impl Postings {
    /// Of pairs of list and member; the members of a list stay in the order of the pairs. Pairs of a list beyond `lists`
    /// are left out.
    pub fn new(lists: usize, pairs: &[(u32, u32)]) -> Self {
        let mut ends = vec![0_u32; lists];
        for (list, _) in pairs {
            if let Some(n) = ends.get_mut(*list as usize) {
                *n += 1;
            }
        }
        let mut sum = 0;
        for end in &mut ends {
            // First where each list starts; filling moves it to where it ends.
            sum += std::mem::replace(end, sum);
        }
        let mut all = vec![0; sum as usize];
        for (list, member) in pairs {
            if let Some(at) = ends.get_mut(*list as usize) {
                if let Some(slot) = all.get_mut(*at as usize) {
                    *slot = *member;
                }
                *at += 1;
            }
        }
        Self { ends, all }
    }

    /// The same lists, so many now, with what came: every member is what `now` makes of it, or gone. Members stay in
    /// ascending order if `now` keeps it.
    pub fn again(&self, lists: usize, now: impl Fn(u32) -> Option<u32>, mut came: Vec<(u32, u32)>) -> Self {
        came.sort_unstable();
        came.dedup();
        let mut came = came.as_slice();
        let (mut ends, mut all) = (Vec::with_capacity(lists), Vec::with_capacity(self.all.len() + came.len()));
        for list in 0..lists as u32 {
            let own = self.get(list).iter().filter_map(|member| now(*member));
            let n = came.iter().take_while(|(of, _)| *of == list).count();
            let (new, rest) = came.split_at_checked(n).unwrap_or_default();
            came = rest;
            if new.is_empty() {
                all.extend(own);
            } else {
                let from = all.len();
                all.extend(own.chain(new.iter().map(|(_, member)| *member)));
                if let Some(list) = all.get_mut(from..) {
                    list.sort_unstable();
                }
            }
            ends.push(all.len() as u32);
        }
        Self { ends, all }
    }

    /// The members of all lists, one list behind the other.
    pub fn members(&self) -> &[u32] {
        &self.all
    }

    /// The list of that number; empty for any other number.
    #[inline]
    pub fn get(&self, list: u32) -> &[u32] {
        let at = list as usize;
        let Some(end) = self.ends.get(at) else { return &[] };
        let from = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.all.get(from as usize..*end as usize).unwrap_or_default()
    }
}

/// Lists of records by hash; two keys of one hash share a list.
#[derive(Default)]
pub(super) struct ByHash {
    numbers: FxHashMap<u64, u32>,
    lists: Postings,
}

impl ByHash {
    /// Of pairs of hash and record, record by record.
    pub fn new(pairs: &[(u64, u32)]) -> Self {
        Self::default().again(|_| None, pairs)
    }

    /// See [`Postings::again`].
    pub fn again(&self, now: impl Fn(u32) -> Option<u32>, came: &[(u64, u32)]) -> Self {
        let mut numbers = self.numbers.clone();
        let mut number = |hash: u64| {
            let next = numbers.len() as u32;
            *numbers.entry(hash).or_insert(next)
        };
        let came = came.iter().map(|(hash, record)| (number(*hash), *record)).collect();
        let lists = self.lists.again(numbers.len(), now, came);
        Self { numbers, lists }
    }

    /// The list of that hash, in the order of the records.
    #[inline]
    pub fn get(&self, hash: u64) -> &[u32] {
        self.numbers.get(&hash).map_or(&[], |number| self.lists.get(*number))
    }

    /// Hashes whose list has more members.
    pub fn longer_than(&self, most: usize) -> impl Iterator<Item = u64> {
        self.numbers.iter().filter(move |(_, number)| self.lists.get(**number).len() > most).map(|(hash, _)| *hash)
    }
}

/// Lists by hash; two keys of one hash share a list.
#[derive(Default)]
pub(super) struct Hashed<T> {
    places: FxHashMap<u64, (u32, u32)>,
    all: Vec<T>,
}

impl<T: Ord + Copy> Hashed<T> {
    /// Of pairs of hash and member; the members of a list stand in ascending order, each once.
    pub fn new(mut pairs: Vec<(u64, T)>) -> Self {
        pairs.sort_unstable();
        pairs.dedup();
        let mut places = FxHashMap::default();
        let mut all = Vec::with_capacity(pairs.len());
        for chunk in pairs.chunk_by(|a, b| a.0 == b.0) {
            let from = all.len() as u32;
            all.extend(chunk.iter().map(|(_, member)| *member));
            places.insert(chunk.first().map_or(0, |(hash, _)| *hash), (from, all.len() as u32));
        }
        Self { places, all }
    }

    /// The list of that hash.
    #[inline]
    pub fn get(&self, hash: u64) -> &[T] {
        let place = self.places.get(&hash);
        place.and_then(|(from, to)| self.all.get(*from as usize..*to as usize)).unwrap_or_default()
    }

    /// All hashes that have a list.
    pub fn hashes(&self) -> impl ExactSizeIterator<Item = u64> {
        self.places.keys().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_stand_in_their_lists() {
        let postings = Postings::new(4, &[(2, 7), (0, 1), (2, 5), (3, 9), (8, 1)]);
        let lists: Vec<&[u32]> = (0..5).map(|i| postings.get(i)).collect();
        assert_eq!(lists, [&[1][..], &[], &[7, 5], &[9], &[]]);
        // The record 7 stands at 6 now, 9 is gone; 8 and 3 came.
        let now = |member: u32| if member == 9 { None } else { Some(member.min(6)) };
        let again = Postings::new(3, &[(0, 1), (2, 5), (2, 7), (1, 9)]).again(4, now, vec![(3, 8), (2, 3), (2, 3)]);
        let lists: Vec<&[u32]> = (0..4).map(|i| again.get(i)).collect();
        assert_eq!(lists, [&[1][..], &[], &[3, 5, 6], &[8]]);
        let by_hash = ByHash::new(&[(70, 1), (5, 1), (70, 2)]).again(now, &[(70, 8), (7, 0)]);
        assert_eq!((by_hash.get(70), by_hash.get(5), by_hash.get(7)), (&[1, 2, 8][..], &[1][..], &[0][..]));
        let hashed = Hashed::new(vec![(70, 3), (5, 1), (70, 2), (70, 3)]);
        assert_eq!((hashed.get(70), hashed.get(5), hashed.get(6)), (&[2, 3][..], &[1][..], &[][..]));
    }
}
