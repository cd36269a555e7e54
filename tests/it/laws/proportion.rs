//! The interval of the pilot's page against a computation of its own, written from the definitions: Wilson's limits as the two
//! roots of (p̂ − p)² = z² p (1 − p) / n, found by bisection; the design effect from the variance of people's residuals; and
//! against simulated companies whose true difference is known.

use proptest::prelude::*;
use sverka::domain::proportion::{Cluster, difference, share_of, student, wilson};

/// Root of a function that changes its sign within the bounds.
fn bisect(f: impl Fn(f64) -> f64, mut low: f64, mut high: f64) -> f64 {
    let rising = f(high) > 0.0;
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if (f(middle) > 0.0) == rising { high = middle } else { low = middle }
    }
    f64::midpoint(low, high)
}

fn limits(share: f64, worth: f64, z: f64) -> (f64, f64) {
    let apart = |p: f64| (share - p).powi(2) - z * z * p * (1.0 - p) / worth;
    // Between 0 and the share, and between the share and 1, the function changes its sign once.
    let low = if share <= 0.0 { 0.0 } else { bisect(apart, 0.0, share) };
    let high = if share >= 1.0 { 1.0 } else { bisect(apart, share, 1.0) };
    (low, high)
}

fn worth(people: &[Cluster]) -> f64 {
    let n: f64 = people.iter().map(|c| f64::from(c.of)).sum();
    let p = people.iter().map(|c| f64::from(c.hits)).sum::<f64>() / n;
    let m = people.len() as f64;
    if p <= 0.0 || p >= 1.0 {
        return m;
    }
    let between: f64 = people.iter().map(|c| (f64::from(c.hits) - f64::from(c.of) * p).powi(2)).sum();
    let clustered = m / (m - 1.0) * between / n.powi(2);
    n / (clustered / (p * (1.0 - p) / n)).max(1.0)
}

fn people() -> impl Strategy<Value = Vec<Cluster>> {
    let one = (1_u32..40).prop_flat_map(|of| (Just(of), 0..=of)).prop_map(|(of, hits)| Cluster { of, hits });
    prop::collection::vec(one, 3..12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_interval_is_that_of_the_definitions(first in people(), second in people()) {
        let z = student(first.len() + second.len() - 2);
        let (a, b) = (share_of(&first).expect("clients"), share_of(&second).expect("clients"));
        prop_assert!((a.worth - worth(&first)).abs() < 1e-6 * a.worth);
        let ((l1, u1), (l2, u2)) = (limits(a.share, worth(&first), z), limits(b.share, worth(&second), z));
        let found = wilson(a, z);
        prop_assert!((found.0 - l1).abs() < 1e-9 && (found.1 - u1).abs() < 1e-9, "{found:?} {l1} {u1}");
        let d = difference(a, b, z);
        let low = a.share - b.share - ((a.share - l1).powi(2) + (u2 - b.share).powi(2)).sqrt();
        let high = a.share - b.share + ((u1 - a.share).powi(2) + (b.share - l2).powi(2)).sqrt();
        prop_assert!((d.low - low.max(-1.0)).abs() < 1e-9 && (d.high - high.min(1.0)).abs() < 1e-9);
        prop_assert!(d.low <= d.point && d.point <= d.high);
        // The other way round it is the same interval, mirrored.
        let mirrored = difference(b, a, z);
        prop_assert!((mirrored.low + d.high).abs() < 1e-12 && (mirrored.high + d.low).abs() < 1e-12);
    }
}

/// A fixed sequence of numbers from 0 to 1.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// People of a group whose true share is `share`, each person off it by up to `spread`.
    fn group(&mut self, people: usize, share: f64, spread: f64) -> Vec<Cluster> {
        (0..people)
            .map(|_| {
                let own = share + spread * (2.0 * self.next() - 1.0);
                let of = 5 + (20.0 * self.next()) as u32;
                Cluster { of, hits: (0..of).filter(|_| self.next() < own).count() as u32 }
            })
            .collect()
    }
}

#[test]
fn nineteen_of_twenty_intervals_hold_the_truth_and_ignoring_people_would_not() {
    let mut draw = Draw(20_261_101);
    let (mut held, mut naive, cases) = (0, 0, 2_000);
    for _ in 0..cases {
        let (first, second) = (draw.group(6, 0.75, 0.24), draw.group(9, 0.6, 0.24));
        let (a, b) = (share_of(&first).expect("clients"), share_of(&second).expect("clients"));
        let d = difference(a, b, student(13));
        held += i32::from(d.low <= 0.15 && 0.15 <= d.high);
        let plain = |people: &[Cluster], s: sverka::domain::proportion::Share| sverka::domain::proportion::Share {
            worth: people.iter().map(|c| f64::from(c.of)).sum(),
            ..s
        };
        let d = difference(plain(&first, a), plain(&second, b), student(usize::MAX));
        naive += i32::from(d.low <= 0.15 && 0.15 <= d.high);
    }
    let share = |n: i32| f64::from(n) / f64::from(cases);
    assert!(share(held) >= 0.93, "held {}", share(held));
    assert!(share(naive) < share(held) - 0.03, "clients taken as independent: {}", share(naive));
}
