//! The best of the records met for a counterparty: first by what they share, then by place. Deliberately absent: what is
//! shared and its worth (`blocking`).

use std::cmp::Reverse;

use super::{place::Geography, profile::Profile};

/// Candidates compared in full, best by shared rarity and place first.
pub(super) const KEEP: usize = 16;
/// Candidates whose place is looked at before that.
pub(super) const LOOK: usize = 100;

/// Room for adding up, used again for every counterparty.
pub(super) struct Scratch {
    sum: Vec<u32>,
    touched: Vec<u32>,
}

/// A record met, with the sum of what it shares.
pub(super) type Shared = (u32, u32);

impl Scratch {
    pub fn new(records: usize) -> Self {
        Self { sum: vec![0; records], touched: Vec::new() }
    }

    /// The records of the list share so much more.
    pub fn add(&mut self, list: &[u32], centibits: u32) {
        for record in list {
            if let Some(sum) = self.sum.get_mut(*record as usize) {
                if *sum == 0 {
                    self.touched.push(*record);
                }
                *sum += centibits.max(1);
            }
        }
    }

    /// Whether the record shares anything.
    pub fn has_met(&self, record: u32) -> bool {
        self.sum.get(record as usize).is_some_and(|sum| *sum > 0)
    }

    /// Takes out the best by sum, `most` of them in no order; answers how many were met. The room is empty after that.
    pub fn take(&mut self, most: usize, best: &mut Vec<Shared>) -> usize {
        let met = self.touched.len();
        let sums = &mut self.sum;
        best.clear();
        best.extend(self.touched.drain(..).map(|i| (i, sums.get_mut(i as usize).map_or(0, std::mem::take))));
        if met > most {
            best.select_nth_unstable_by_key(most, |shared| rank(*shared));
            best.truncate(most);
        }
        met
    }
}

/// Best first: the larger sum, then the record's place.
pub(super) const fn rank(shared: Shared) -> (Reverse<u32>, u32) {
    (Reverse(shared.1), shared.0)
}

/// What the record's place says, bits: whole ones, few.
pub(super) fn place(record: u32, party: &Profile, records: &[Profile], geography: &Geography) -> i8 {
    records.get(record as usize).and_then(|record| geography.evidence(party, record)).unwrap_or(0.0) as i8
}

/// Of at most `LOOK` records met, with their places, those to compare, and those that stand behind them.
pub(super) fn choose(looked: impl Iterator<Item = (Shared, i8)>) -> (Vec<u32>, Vec<u32>) {
    // Best first: the larger sum, a bit of place as good as a bit shared; then the record's place in the order.
    let mut looked: Vec<(Reverse<i64>, u32)> =
        looked.map(|((record, sum), place)| (Reverse(i64::from(sum) + 100 * i64::from(place)), record)).collect();
    if looked.len() > KEEP {
        looked.select_nth_unstable(KEEP);
    }
    let (kept, reserve) = looked.split_at(KEEP.min(looked.len()));
    (kept.iter().map(|(_, i)| *i).collect(), reserve.iter().map(|(_, i)| *i).collect())
}
