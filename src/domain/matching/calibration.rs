//! Shifts of evidence learned from the pairs that the company's own people confirmed and rejected (`[matching] calibrate`).
//! People decide pairs whose evidence nearly cancels out; if a level of evidence stands in more of the confirmed ones than of
//! the rejected ones, it was worth more than it was given, and the other way round. A shift is the log2 of both shares, each
//! smoothed by two made-up pairs (a Beta(1, 1) prior), and bounded: nothing without enough decisions, and no pair of records
//! moves by more than [`MOST`]. Deliberately absent: anything learned from verdicts that nobody confirmed.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    comparison::{Comparison, InnLevel},
    naming::NameLevel,
};

/// No pair is shifted by more, bits.
pub(super) const MOST: f64 = 1.5;
/// Decisions needed, and of each kind.
const DECISIONS: usize = 30;
const OF_A_KIND: usize = 5;

/// A level of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Name(NameLevel),
    Forms,
    Inn(InnLevel),
    Kpp(bool),
    Phone,
    Email,
    Domain,
    Region(bool),
    Code,
}

fn levels(of: &Comparison) -> BTreeSet<Level> {
    let flags = [
        (of.name.forms_differ, Level::Forms),
        (of.phone, Level::Phone),
        (of.email, Level::Email),
        (of.domain && !of.email, Level::Domain),
        (of.external, Level::Code),
    ];
    let known = (of.inn != InnLevel::Unknown).then_some(Level::Inn(of.inn));
    let flags = flags.into_iter().filter(|(holds, _)| *holds).map(|(_, level)| level);
    flags
        .chain([Level::Name(of.name.level)])
        .chain(known)
        .chain(of.kpp.map(Level::Kpp))
        .chain(of.region.map(Level::Region))
        .collect()
}

/// Shifts by level; empty when nothing was learned.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Calibration {
    shifts: BTreeMap<Level, f64>,
}

impl Calibration {
    /// Learns from decided pairs: the comparison, and whether it was confirmed.
    pub fn learn(pairs: &[(Comparison, bool)]) -> Self {
        let confirmed = pairs.iter().filter(|(_, yes)| *yes).count();
        let rejected = pairs.len() - confirmed;
        if pairs.len() < DECISIONS || confirmed < OF_A_KIND || rejected < OF_A_KIND {
            return Self::default();
        }
        let mut seen: BTreeMap<Level, (u32, u32)> = BTreeMap::new();
        for (comparison, yes) in pairs {
            for level in levels(comparison) {
                let (with, without) = seen.entry(level).or_default();
                if *yes {
                    *with += 1;
                } else {
                    *without += 1;
                }
            }
        }
        let share = |n: u32, all: usize| (f64::from(n) + 1.0) / (all as f64 + 2.0);
        let shift = |(yes, no): (u32, u32)| (share(yes, confirmed) / share(no, rejected)).log2().clamp(-MOST, MOST);
        Self { shifts: seen.into_iter().map(|(level, counts)| (level, shift(counts))).collect() }
    }

    /// Shift of a comparison, bits.
    pub fn shift(&self, comparison: &Comparison) -> f64 {
        if self.shifts.is_empty() {
            return 0.0;
        }
        let sum: f64 = levels(comparison).iter().filter_map(|level| self.shifts.get(level)).sum();
        sum.clamp(-MOST, MOST)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::naming::NameLikeness, *};

    fn compared(level: NameLevel, phone: bool, region: Option<bool>) -> Comparison {
        Comparison {
            bits: 0.0,
            name: NameLikeness { bits: 0.0, level, forms_differ: false, namesakes: 0 },
            inn: InnLevel::Unknown,
            kpp: None,
            phone,
            email: false,
            domain: false,
            region,
            place: None,
            external: false,
        }
    }

    fn any_pair() -> impl Strategy<Value = (Comparison, bool)> {
        let level = prop::sample::select(vec![NameLevel::Partly, NameLevel::Alike, NameLevel::Equal]);
        (level, any::<bool>(), any::<Option<bool>>(), any::<bool>())
            .prop_map(|(level, phone, region, yes)| (compared(level, phone, region), yes))
    }

    proptest! {
        #[test]
        fn a_shift_is_bounded_and_the_order_of_decisions_decides_nothing(
            pairs in prop::collection::vec(any_pair(), 0..90), asked in any_pair(),
        ) {
            let learned = Calibration::learn(&pairs);
            let shift = learned.shift(&asked.0);
            prop_assert!(shift.abs() <= MOST);
            prop_assert!(pairs.len() >= DECISIONS || learned == Calibration::default());
            let turned: Vec<_> = pairs.into_iter().rev().collect();
            prop_assert_eq!(Calibration::learn(&turned), learned);
        }
    }

    #[test]
    fn what_people_confirm_more_often_is_worth_more_from_thirty_decisions_on() {
        let yes = (compared(NameLevel::Alike, true, None), true);
        let no = (compared(NameLevel::Alike, false, Some(false)), false);
        let some: Vec<_> = std::iter::repeat_n(yes, 20).chain(std::iter::repeat_n(no, 9)).collect();
        assert_eq!(Calibration::learn(&some), Calibration::default(), "29 decisions are too few");
        let enough: Vec<_> = some.into_iter().chain([no]).collect();
        let learned = Calibration::learn(&enough);
        assert!(learned.shift(&yes.0) > 1.0 && learned.shift(&no.0) < -1.0, "{learned:?}");
        let one_kind: Vec<_> = std::iter::repeat_n(yes, 60).collect();
        assert_eq!(Calibration::learn(&one_kind), Calibration::default());
    }
}
