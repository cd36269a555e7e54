//! Laws of the difference over random sets of documents.

use chrono::{NaiveDate, TimeDelta};
use proptest::prelude::*;

use super::*;
use crate::domain::{finding::SourceRef, sale::PartyRef};

/// The first day of the world under test.
fn day(offset: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 1).expect("a day") + TimeDelta::days(i64::from(offset))
}

fn sale(number: u8, offset: u32, kopecks: i64, buyer: u8, currency: bool) -> Sale {
    let date = day(offset);
    Sale {
        key: SaleKey::new("Орг", &number.to_string(), date),
        organisation: "Орг".into(),
        number: number.to_string(),
        date,
        party: PartyRef { name: format!("Покупатель {buyer}"), ..PartyRef::default() },
        manager: "Орлов".into(),
        amount: Money::from_kopecks(kopecks),
        net: (buyer > 1).then(|| Money::from_kopecks(kopecks / 2)),
        margin: None,
        bonus: None,
        currency: if currency { "RUB" } else { "EUR" }.into(),
        returns: None,
        file_hash: format!("{buyer}"),
        source: SourceRef::file("a.xlsx"),
    }
}

/// Up to twenty documents of one month, each identity once.
fn set() -> impl Strategy<Value = Vec<Sale>> {
    let one = (0..12_u8, 0..30_u32, -5_000..5_000_i64, 0..3_u8, any::<bool>());
    prop::collection::vec(one, 0..20).prop_map(|rows| {
        let by_key: BTreeMap<SaleKey, Sale> =
            rows.into_iter().map(|(n, d, k, b, c)| sale(n, d, k, b, c)).map(|s| (s.key.clone(), s)).collect();
        by_key.into_values().collect()
    })
}

fn span() -> impl Strategy<Value = Option<DateSpan>> {
    prop::option::of((0..30_u32, 0..15_u32).prop_map(|(from, days)| DateSpan { from: day(from), to: day(from + days) }))
}

fn minus(mut a: Sums, b: &Sums) -> Sums {
    for (code, sum) in b {
        *a.entry(code.clone()).or_default() += -*sum;
    }
    a.retain(|_, sum| !sum.is_zero());
    a
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_set_against_itself_in_any_order_is_no_difference(set in set(), span in span()) {
        let turned: Vec<Sale> = set.iter().rev().cloned().collect();
        let found = diff(&set, &turned, span);
        prop_assert!(found.is_empty());
        prop_assert_eq!(found.same, set.iter().filter(|s| span.is_none_or(|d| d.contains(s.date))).count());
    }

    #[test]
    fn what_one_way_adds_the_other_way_lacks(a in set(), b in set(), span in span()) {
        let (there, back) = (diff(&a, &b, span), diff(&b, &a, span));
        prop_assert_eq!(&there.added, &back.vanished);
        prop_assert_eq!(&there.vanished, &back.added);
        prop_assert_eq!(there.same, back.same);
        let turned: Vec<_> = back.changed.iter().map(|c| (c.after, c.before, c.what.clone())).collect();
        let straight: Vec<_> = there.changed.iter().map(|c| (c.before, c.after, c.what.clone())).collect();
        prop_assert_eq!(straight, turned);
        prop_assert!(there.changed.iter().all(|c| !c.what.is_empty()));
    }

    #[test]
    fn the_difference_of_the_sums_is_the_sum_of_the_differences(a in set(), b in set()) {
        let found = diff(&a, &b, None);
        let whole = minus(sums(&b), &sums(&a));
        let mut parts = minus(found.added_sums(), &found.vanished_sums());
        for (code, sum) in found.changed_sums() {
            *parts.entry(code).or_default() += sum;
        }
        parts.retain(|_, sum| !sum.is_zero());
        prop_assert_eq!(whole, parts);
        prop_assert_eq!(found.added.len() + found.changed.len() + found.same, b.len());
        prop_assert_eq!(found.vanished.len() + found.changed.len() + found.same, a.len());
    }

    #[test]
    fn taking_the_difference_over_gives_the_later_set(a in set(), b in set()) {
        let found = diff(&a, &b, None);
        let mut after: BTreeMap<&SaleKey, &Sale> = a.iter().map(|s| (&s.key, s)).collect();
        for gone in &found.vanished {
            after.remove(&gone.key);
        }
        for new in found.added.iter().copied().chain(found.changed.iter().map(|c| c.after)) {
            after.insert(&new.key, new);
        }
        let after: Vec<Sale> = after.into_values().cloned().collect();
        prop_assert!(diff(&after, &b, None).is_empty());
    }
}

#[test]
fn every_fact_that_changed_is_named_and_the_place_is_none() {
    let before = sale(1, 4, 100, 0, true);
    let mut after = Sale { file_hash: "other".into(), source: SourceRef::file("b.xlsx"), ..before.clone() };
    assert_eq!(what_changed(&before, &after), []);
    after.date = day(5);
    after.amount = Money::from_kopecks(90);
    after.manager = "Соколова".into();
    after.net = Some(Money::from_kopecks(75));
    after.margin = Some(Money::ZERO);
    after.bonus = Some(Money::ZERO);
    after.party.inn = "7707083893".into();
    after.currency = "EUR".into();
    after.returns = Some("7".into());
    let all = what_changed(&before, &after);
    assert_eq!(all.len(), 9, "{all:?}");
    assert!(all.iter().all(|a| !a.words().ru.is_empty()));
}

#[test]
fn a_date_that_moved_over_the_border_is_one_change() {
    let (before, after) = (sale(1, 4, 100, 0, true), sale(1, 20, 100, 0, true));
    let first_half = Some(DateSpan { from: day(0), to: day(14) });
    let found = diff(std::slice::from_ref(&before), std::slice::from_ref(&after), first_half);
    assert_eq!((found.added.len(), found.vanished.len(), found.changed.len()), (0, 0, 1));
    assert_eq!(found.changed[0].what, [Aspect::Date]);
    assert!(found.changed_sums().is_empty());
}
