//! Money as signed integer kopecks and shares as integer basis points. Rounding is stated once, here: half away
//! from zero, once per line. Deliberately absent: floating point, division of money by money, other currencies
//! (a `Money` is always in the base currency unless the sale that carries it says otherwise).

use std::{fmt, iter::Sum, ops};

use serde::{Deserialize, Serialize};

/// An amount in kopecks (hundredths of the currency unit), signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(i64);

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// An amount of so many kopecks.
    pub const fn from_kopecks(kopecks: i64) -> Self {
        Self(kopecks)
    }

    /// The amount in kopecks.
    pub const fn kopecks(self) -> i64 {
        self.0
    }

    /// The amount without its sign.
    pub const fn abs(self) -> Self {
        Self(self.0.saturating_abs())
    }

    /// Whether the amount is nothing.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Whether the amount is below zero.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// The share of the amount, rounded half away from zero to a kopeck, so that
    /// `(-m).share(r) == -(m.share(r))` and a full return cancels its sale exactly.
    pub fn share(self, rate: Rate) -> Self {
        let product = i128::from(self.0) * i128::from(rate.bp());
        let whole = i128::from(Rate::WHOLE.bp());
        let rounded = (product + product.signum() * (whole / 2)) / whole;
        // What no account can hold stays at the end of the line instead of going round it.
        Self(i64::try_from(rounded).unwrap_or(if rounded.is_negative() { i64::MIN } else { i64::MAX }))
    }

    /// Sum that reports overflow instead of wrapping.
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(sum) => Some(Self(sum)),
            None => None,
        }
    }

    /// `1234.56`, `-0.05`: for CSV, JSON and logs of tests. Mails use the filters of `deliver`.
    pub fn plain(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let abs = self.0.unsigned_abs();
        format!("{sign}{}.{:02}", abs / 100, abs % 100)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.plain())
    }
}

impl ops::Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl ops::Sub for Money {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl ops::Neg for Money {
    type Output = Self;
    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl ops::AddAssign for Money {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, |a, b| a + b)
    }
}

/// A rate or share in basis points: 10 000 bp = 100 %.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rate(i32);

impl Rate {
    /// 0 %.
    pub const ZERO: Self = Self(0);
    /// 100 %.
    pub const WHOLE: Self = Self(10_000);

    /// So many basis points.
    pub const fn from_bp(bp: i32) -> Self {
        Self(bp)
    }

    /// The rate in basis points.
    pub const fn bp(self) -> i32 {
        self.0
    }

    /// `part / whole` in basis points, rounded down; `None` when the whole is not positive.
    pub fn of(part: i64, whole: i64) -> Option<Self> {
        if whole <= 0 {
            return None;
        }
        i32::try_from((i128::from(part) * 10_000).div_euclid(i128::from(whole))).ok().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn m(kopecks: i64) -> Money {
        Money::from_kopecks(kopecks)
    }

    #[test]
    fn rounding_is_half_away_from_zero_on_both_sides() {
        for (kopecks, bp, want) in [
            (1, 5_000, 1),
            (-1, 5_000, -1),
            (3, 5_000, 2),
            (-3, 5_000, -2),
            (1, 4_999, 0),
            (-1, 4_999, 0),
            (-1, 5_001, -1),
            (100, 333, 3),
            (150, 333, 5),
            (0, 5_000, 0),
        ] {
            assert_eq!(m(kopecks).share(Rate::from_bp(bp)), m(want), "{kopecks} x {bp}");
            // A full return cancels its sale exactly.
            assert_eq!(m(-kopecks).share(Rate::from_bp(bp)), m(-want), "{kopecks} x {bp}");
        }
    }

    #[test]
    fn nothing_and_the_whole_are_exact_at_any_size() {
        for kopecks in [0, 1, -1, 4_999, -5_000, 123_456_789, i64::MAX, i64::MIN] {
            assert_eq!(m(kopecks).share(Rate::ZERO), Money::ZERO);
            assert_eq!(m(kopecks).share(Rate::WHOLE), m(kopecks));
        }
    }

    #[test]
    fn sums_stay_at_the_ends_of_the_line_and_a_checked_one_says_so() {
        assert_eq!(m(i64::MAX).share(Rate::from_bp(20_000)), m(i64::MAX));
        assert_eq!(m(i64::MIN).share(Rate::from_bp(20_000)), m(i64::MIN));
        assert_eq!(m(i64::MAX).share(Rate::from_bp(-20_000)), m(i64::MIN));
        assert_eq!(m(i64::MAX) + m(1), m(i64::MAX));
        assert_eq!(m(i64::MIN) - m(1), m(i64::MIN));
        assert_eq!((-m(i64::MIN), m(i64::MIN).abs()), (m(i64::MAX), m(i64::MAX)));
        assert_eq!(m(2).checked_add(m(3)), Some(m(5)));
        assert_eq!(m(i64::MAX).checked_add(m(1)), None);
        assert_eq!(m(i64::MIN).checked_add(m(-1)), None);
    }

    #[test]
    fn signs_and_sums_are_those_of_the_numbers() {
        assert_eq!((m(7) + m(-9), m(7) - m(9), -m(7)), (m(-2), m(-2), m(-7)));
        let mut sum = m(7);
        sum += m(-9);
        assert_eq!(sum, m(-2));
        assert_eq!([m(5), m(-3), m(4)].into_iter().sum::<Money>(), m(6));
        assert_eq!((m(-5).abs(), m(5).abs()), (m(5), m(5)));
        for (kopecks, zero, negative) in [(-1, false, true), (0, true, false), (1, false, false)] {
            assert_eq!((m(kopecks).is_zero(), m(kopecks).is_negative()), (zero, negative), "{kopecks}");
        }
    }

    #[test]
    fn plain_keeps_the_sign_of_small_amounts_and_nothing_has_none() {
        for (kopecks, text) in [
            (-5, "-0.05"),
            (0, "0.00"),
            (5, "0.05"),
            (-100, "-1.00"),
            (123_456, "1234.56"),
            (i64::MIN, "-92233720368547758.08"),
        ] {
            assert_eq!(m(kopecks).plain(), text);
            assert_eq!(m(kopecks).to_string(), text);
        }
    }

    #[test]
    fn a_ratio_is_rounded_down_below_zero_too() {
        for (part, whole, want) in [
            (2, 3, Some(6_666)),
            (1, 3, Some(3_333)),
            (-1, 3, Some(-3_334)),
            (0, 3, Some(0)),
            (3, 3, Some(10_000)),
            (1, 1, Some(10_000)),
            (1, 0, None),
            (1, -1, None),
            // More than a rate can hold.
            (i64::MAX, 1, None),
        ] {
            assert_eq!(Rate::of(part, whole), want.map(Rate::from_bp), "{part} / {whole}");
        }
    }
}
