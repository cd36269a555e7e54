//! Shares of two groups compared with honest uncertainty.
//!
//! - One share: Wilson's score interval (1927).
//! - A difference of two shares: Newcombe's hybrid of two Wilson intervals, method 10 of R. G. Newcombe, «Interval estimation
//!   for the difference between independent proportions», Statistics in Medicine 17 (1998), 873–890.
//! - Clients of one salesperson hang together, so they are not so many independent observations: both numbers are divided by
//!   the design effect of J. N. K. Rao and A. J. Scott, «A simple method for the analysis of clustered binary data»,
//!   Biometrics 48 (1992), 577–585: variance of the share between people over the variance of independent clients, never
//!   below one. Where everybody or nobody succeeds the data tell no variance, and each person counts as one observation.
//! - With few people the normal quantile is too narrow; Student's quantile for (people − 2) stands in its place.
//!
//! Only `+ − × ÷ √` of IEEE 754, so the same numbers everywhere. Deliberately absent: money, randomness, words.

/// One person of a group: how many clients, and how many of them succeeded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cluster {
    /// Clients.
    pub of: u32,
    /// Of them successes; never more than `of`.
    pub hits: u32,
}

/// A share as it is compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// Hits over clients, 0 to 1.
    pub share: f64,
    /// Independent observations that the clients are worth.
    pub worth: f64,
}

/// A difference with its interval, all from −1 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// First share minus the second.
    pub point: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// The share of a group with what its clients are worth; `None` without clients.
pub fn share_of(people: &[Cluster]) -> Option<Share> {
    let people: Vec<&Cluster> = people.iter().filter(|p| p.of > 0).collect();
    let of: f64 = people.iter().map(|p| f64::from(p.of)).sum();
    if people.is_empty() {
        return None;
    }
    let hits: f64 = people.iter().map(|p| f64::from(p.hits.min(p.of))).sum();
    let share = hits / of;
    let count = people.len() as f64;
    let plain = share * (1.0 - share) / of;
    if plain <= 0.0 {
        return Some(Share { share, worth: count });
    }
    let residuals: f64 = people
        .iter()
        .map(|p| {
            let r = f64::from(p.hits.min(p.of)) - f64::from(p.of) * share;
            r * r
        })
        .sum();
    // One person tells nothing of how people differ: that person is one observation.
    let effect = if people.len() < 2 { of } else { (count / (count - 1.0) * residuals / (of * of) / plain).max(1.0) };
    Some(Share { share, worth: of / effect })
}

/// Wilson's interval of a share.
pub fn wilson(of: Share, quantile: f64) -> (f64, f64) {
    let Share { share, worth } = of;
    let square = quantile * quantile;
    let middle = share + square / (2.0 * worth);
    let spread = quantile * (share * (1.0 - share) / worth + square / (4.0 * worth * worth)).sqrt();
    let whole = 1.0 + square / worth;
    (((middle - spread) / whole).max(0.0), ((middle + spread) / whole).min(1.0))
}

/// Newcombe's interval of a difference (method 10).
pub fn difference(first: Share, second: Share, quantile: f64) -> Difference {
    let ((low1, high1), (low2, high2)) = (wilson(first, quantile), wilson(second, quantile));
    let point = first.share - second.share;
    let root = |a: f64, b: f64| (a * a + b * b).sqrt();
    Difference {
        point,
        low: (point - root(first.share - low1, high2 - second.share)).max(-1.0),
        high: (point + root(high1 - first.share, second.share - low2)).min(1.0),
    }
}

/// Two-sided 95 % quantile of Student's distribution; between the rows the wider one, beyond them the normal one.
pub fn student(freedom: usize) -> f64 {
    const ROWS: [(usize, f64); 36] = [
        (1, 12.706),
        (2, 4.303),
        (3, 3.182),
        (4, 2.776),
        (5, 2.571),
        (6, 2.447),
        (7, 2.365),
        (8, 2.306),
        (9, 2.262),
        (10, 2.228),
        (11, 2.201),
        (12, 2.179),
        (13, 2.160),
        (14, 2.145),
        (15, 2.131),
        (16, 2.120),
        (17, 2.110),
        (18, 2.101),
        (19, 2.093),
        (20, 2.086),
        (21, 2.080),
        (22, 2.074),
        (23, 2.069),
        (24, 2.064),
        (25, 2.060),
        (26, 2.056),
        (27, 2.052),
        (28, 2.048),
        (29, 2.045),
        (30, 2.042),
        (40, 2.021),
        (60, 2.000),
        (80, 1.990),
        (100, 1.984),
        (1_000, 1.962),
        (usize::MAX, NORMAL),
    ];
    let reached = ROWS.iter().rev().find(|(rows, _)| *rows <= freedom);
    reached.map_or(f64::INFINITY, |(_, quantile)| *quantile)
}

/// Two-sided 95 % quantile of the normal distribution.
pub const NORMAL: f64 = 1.959_963_984_540_054;

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(hits: u32, of: u32) -> Share {
        Share { share: f64::from(hits) / f64::from(of), worth: f64::from(of) }
    }

    #[test]
    fn the_published_examples_come_out() {
        // Newcombe 1998, table II, method 10.
        for ((a, m), (b, n), low, high) in [
            ((56, 70), (48, 80), 0.0524, 0.3339),
            ((9, 10), (3, 10), 0.1705, 0.8090),
            ((6, 7), (2, 7), 0.0582, 0.8062),
            ((5, 56), (0, 29), -0.0381, 0.1926),
            ((0, 10), (0, 20), -0.1611, 0.2775),
            ((0, 10), (0, 10), -0.2775, 0.2775),
            ((10, 10), (0, 20), 0.6791, 1.0000),
            ((10, 10), (0, 10), 0.6075, 1.0000),
        ] {
            let found = difference(plain(a, m), plain(b, n), NORMAL);
            assert!((found.low - low).abs() < 6e-5 && (found.high - high).abs() < 6e-5, "{a}/{m} - {b}/{n}: {found:?}");
        }
    }

    #[test]
    fn clients_of_one_person_are_not_worth_as_many() {
        let alike = [Cluster { of: 20, hits: 10 }; 6];
        let apart: Vec<Cluster> = (0..6).map(|n| Cluster { of: 20, hits: if n % 2 == 0 { 19 } else { 1 } }).collect();
        let (alike, apart) = (share_of(&alike).expect("a share"), share_of(&apart).expect("a share"));
        assert!((alike.share - apart.share).abs() < 1e-12);
        assert!((alike.worth - 120.0).abs() < 1e-9, "{alike:?}");
        assert!(apart.worth < 8.0, "{apart:?}");
        let all = share_of(&[Cluster { of: 20, hits: 20 }; 4]).expect("a share");
        assert!((all.worth - 4.0).abs() < 1e-12);
        assert_eq!(share_of(&[Cluster::default()]), None);
    }

    #[test]
    fn the_quantile_never_narrows_with_fewer_people() {
        assert!(student(0).is_infinite());
        assert!((student(10) - 2.228).abs() < 1e-9 && (student(35) - 2.042).abs() < 1e-9);
        assert!((1..200).all(|n| student(n) >= student(n + 1)));
    }
}
