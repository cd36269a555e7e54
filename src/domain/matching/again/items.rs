//! Both sides as they were and as they are now: who is still there with the same content, who is new, changed or gone.
//! Deliberately absent: what follows from it (`dirty`, `memo`).

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

use crate::domain::{crm::KnownRecord, parallel::in_parallel, party::Counterparty};

/// No such place.
pub(super) const NOWHERE: u32 = u32::MAX;

/// A hash over everything that matching reads of a counterparty or record. It is only held against the one that the same
/// counterparty or record had before: of 64 bits, an accident in a hundred million million years of weeks.
pub(super) type Content = u64;

fn content(of: impl Fn(&mut FxHasher)) -> Content {
    let mut hasher = FxHasher::default();
    of(&mut hasher);
    hasher.finish()
}

fn of_party(party: &Counterparty) -> Content {
    content(|hasher| {
        (&party.key, &party.name, &party.spellings, &party.inns, &party.kpps).hash(hasher);
        // Where its card stands in the file says nothing about it.
        let card = party.card.as_deref();
        card.map(|card| (&card.party, &card.full_name, &card.phone, &card.email, &card.city)).hash(hasher);
    })
}

fn of_record(known: &KnownRecord) -> Content {
    let record = &known.record;
    content(|hasher| {
        (&record.id, &record.title, &record.full_name, &record.inn, &record.kpp, known.gone).hash(hasher);
        (&record.phone, &record.email, &record.city, &record.external_id).hash(hasher);
    })
}

/// Contents of both sides.
pub(super) fn contents(parties: &[&Counterparty], records: &[&KnownRecord]) -> (Vec<Content>, Vec<Content>) {
    let ours = in_parallel(parties.len(), |i| parties.get(i).map_or(0, |party| of_party(party)));
    let theirs = in_parallel(records.len(), |i| records.get(i).map_or(0, |record| of_record(record)));
    (ours, theirs)
}

/// What became of one side. Places are those in the order of keys or ids, before and now.
#[derive(Debug)]
pub(super) struct Moves {
    /// Where each of now stood before, if it has the same content; else it is to be read.
    pub from: Vec<u32>,
    /// Where each of before stands now, if it has the same content.
    pub to: Vec<u32>,
    /// For each of before the first place now that is not before it: where it stands or would stand.
    pub place: Vec<u32>,
}

impl Moves {
    /// `order` compares one of before with one of now.
    pub fn new(before: &[Content], now: &[Content], order: impl Fn(usize, usize) -> std::cmp::Ordering) -> Self {
        let mut from = vec![NOWHERE; now.len()];
        let (mut to, mut place) = (Vec::with_capacity(before.len()), Vec::with_capacity(before.len()));
        let mut j = 0;
        for (i, content) in before.iter().enumerate() {
            let same = |j: usize| now.get(j) == Some(content);
            while j < now.len() && !same(j) && order(i, j).is_gt() {
                j += 1;
            }
            place.push(j as u32);
            to.push(if same(j) { j as u32 } else { NOWHERE });
            if let Some(from) = from.get_mut(j).filter(|_| same(j)) {
                *from = i as u32;
            }
            j += usize::from(j < now.len() && (same(j) || order(i, j).is_eq()));
        }
        Self { from, to, place }
    }

    /// One that has the same content has to be read anew all the same.
    pub fn read_anew(&mut self, now: u32) {
        let Some(before) = self.from.get_mut(now as usize).map(|from| std::mem::replace(from, NOWHERE)) else { return };
        if let Some(to) = self.to.get_mut(before as usize) {
            *to = NOWHERE;
        }
    }

    /// Places now of those to be read, ascending.
    pub fn new_ones(&self) -> Vec<u32> {
        nowhere(&self.from)
    }

    /// Places before of those that are no longer as they were, ascending.
    pub fn old_ones(&self) -> Vec<u32> {
        nowhere(&self.to)
    }

    /// Where one of before stands now, if it is as it was.
    pub fn now(&self, before: u32) -> Option<u32> {
        self.to.get(before as usize).copied().filter(|now| *now != NOWHERE)
    }

    /// Takes what belongs to those of before to where they stand now; what is new comes from `new`, in its order.
    pub fn carry<T>(&self, before: Vec<T>, new: Vec<T>) -> (Vec<T>, Vec<T>) {
        let mut new = new.into_iter();
        let (mut kept, mut old) = (Vec::with_capacity(before.len()), Vec::new());
        for (one, to) in before.into_iter().zip(&self.to) {
            if *to == NOWHERE { &mut old } else { &mut kept }.push(one);
        }
        let mut kept = kept.into_iter();
        let next = |from: &u32| if *from == NOWHERE { new.next() } else { kept.next() };
        (self.from.iter().filter_map(next).collect(), old)
    }

    /// Of those of before who stands where now.
    pub fn take<T>(&self, before: Vec<T>) -> Vec<Option<T>> {
        let mut kept = before.into_iter().zip(&self.to).filter(|(_, to)| **to != NOWHERE).map(|(one, _)| one);
        self.from.iter().map(|from| if *from == NOWHERE { None } else { kept.next() }).collect()
    }
}

fn nowhere(list: &[u32]) -> Vec<u32> {
    (0..).zip(list).filter(|(_, other)| **other == NOWHERE).map(|(i, _)| i).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_is_followed_to_where_he_stands_now() {
        // By key: b stays, c is changed, d is gone, a and e are new.
        let (before, now) = (["b1", "c1", "d1", "f1"], ["a1", "b1", "c2", "e1", "f1"]);
        let contents = |list: &[&str]| list.iter().map(|one| content(|hasher| one.hash(hasher))).collect::<Vec<_>>();
        let mut moves = Moves::new(&contents(&before), &contents(&now), |i, j| before[i][..1].cmp(&now[j][..1]));
        assert_eq!(moves.from, [NOWHERE, 0, NOWHERE, NOWHERE, 3]);
        assert_eq!(moves.to, [1, NOWHERE, NOWHERE, 4]);
        assert_eq!(moves.place, [1, 2, 3, 4]);
        assert_eq!(
            moves.carry(vec!['b', 'c', 'd', 'f'], vec!['A', 'C', 'E']),
            (vec!['A', 'b', 'C', 'E', 'f'], vec!['c', 'd'])
        );
        moves.read_anew(4);
        assert_eq!((moves.new_ones(), moves.old_ones()), (vec![0, 2, 3, 4], vec![1, 2, 3]));
    }
}
