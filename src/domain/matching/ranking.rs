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
            best.select_nth_unstable_by_key(most, rank);
            best.truncate(most);
        }
        met
    }
}

/// Best first: the larger sum, then the record's place.
pub(super) const fn rank(shared: &Shared) -> (Reverse<u32>, u32) {
    (Reverse(shared.1), shared.0)
}

/// Of at most `LOOK` records met those to compare, and those that stand behind them.
pub(super) fn choose(
    looked: &[Shared],
    party: &Profile,
    records: &[Profile],
    geography: &Geography,
) -> (Vec<u32>, Vec<u32>) {
    let number = |(record, _): &Shared| *record;
    if looked.len() <= KEEP {
        return (looked.iter().map(number).collect(), Vec::new());
    }
    let place = |i: u32| records.get(i as usize).and_then(|record| geography.evidence(party, record)).unwrap_or(0.0);
    let mut looked: Vec<(f64, u32)> = looked.iter().map(|(i, sum)| (f64::from(*sum) + 100.0 * place(*i), *i)).collect();
    looked.select_nth_unstable_by(KEEP, |a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let (kept, reserve) = looked.split_at(KEEP);
    (kept.iter().map(|(_, i)| *i).collect(), reserve.iter().map(|(_, i)| *i).collect())
}
