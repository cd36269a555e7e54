//! The bonus of a month before any adjustment, as statements show it, and the worked example of a regulation. Deliberately
//! absent: adjustments.

use sverka::domain::{
    adjust::{PeriodBonus, example_bonus, period_bonuses},
    facts::Facts,
    money::{Money, Rate},
    org::EmployeeId,
    period::Period,
    verdict::Verdict,
};

use super::world::{at, conclude, facts, missing, party, rub, sale, set_sales, verdict, version};

const AS_OF: &str = "2026-11-20 10:00:00";

fn month(text: &str) -> Period {
    text.parse().expect("a month")
}

/// Two sellers in October; in November a part comes back.
fn world() -> Facts {
    let mut back = sale("4", "2026-11-03", "P0", "Иванов И.И.", "0");
    back.amount = rub("-400.00");
    back.returns = Some("1".into());
    let sales = vec![
        sale("1", "2026-10-06", "P0", "Иванов И.И.", "1000.00"),
        sale("2", "2026-10-07", "P0", "Иванов И.И.", "2000.04"),
        sale("3", "2026-10-08", "P0", "Петрова А.А.", "500.00"),
        back,
        sale("5", "2026-11-05", "P0", "Иванов И.И.", "100.00"),
    ];
    facts(AS_OF, vec![party("P0", "Ромашка")], sales, vec![missing(5_000, 0)])
}

fn bonuses(facts: &Facts, period: &str) -> Vec<(String, Money, Money)> {
    let outcome = conclude(facts, &[verdict("P0", Verdict::NotInCrm, &[])], at(AS_OF));
    let found: Vec<PeriodBonus> = period_bonuses(facts, &outcome, month(period));
    found.into_iter().map(|own| (own.employee.0, own.base, own.bonus)).collect()
}

fn one(employee: &str, base: &str, bonus: &str) -> (String, Money, Money) {
    (EmployeeId(employee.into()).0, rub(base), rub(bonus))
}

#[test]
fn the_bonus_of_a_month_is_the_sum_of_the_rounded_bonuses_and_a_return_belongs_to_its_own_month() {
    // 12,50 + 25,0005 rounded; reductions do not touch it.
    let october = [one("0001", "3000.04", "37.50"), one("0002", "500.00", "6.25")];
    assert_eq!(bonuses(&world(), "2026-10"), october);
    // 1,25 for what is sold, 5,00 less for what came back.
    assert_eq!(bonuses(&world(), "2026-11"), [one("0001", "-300.00", "-3.75")]);
    assert_eq!(bonuses(&world(), "2026-12"), []);
    // Each sale is rounded by itself: three halves of a kopeck are three kopecks.
    let mut facts = world();
    set_sales(&mut facts, ["1", "2", "3"].map(|n| sale(n, "2026-10-06", "P0", "Петрова А.А.", "0.40")).to_vec());
    assert_eq!(bonuses(&facts, "2026-10"), [one("0002", "1.20", "0.03")]);
}

fn example(facts: &Facts, version: &str) -> Option<(Money, Rate, Money)> {
    let outcome = conclude(facts, &[verdict("P0", Verdict::NotInCrm, &[])], at(AS_OF));
    example_bonus(facts, &outcome, version)
}

#[test]
fn the_worked_example_is_the_newest_sale_of_the_version_that_has_a_bonus() {
    let rate = Rate::from_bp(125);
    let mut facts = world();
    assert_eq!(example(&facts, "2026-1"), Some((rub("100.00"), rate, rub("1.25"))));
    assert_eq!(example(&facts, "2026-2"), None);
    // Of one day the largest.
    let mut sales = facts.sales.clone();
    sales.extend([
        sale("6", "2026-11-05", "P0", "Петрова А.А.", "900.00"),
        sale("7", "2026-11-05", "P0", "Петрова А.А.", "300.00"),
    ]);
    set_sales(&mut facts, sales.clone());
    assert_eq!(example(&facts, "2026-1"), Some((rub("900.00"), rate, rub("11.25"))));
    // One whose bonus rounds to nothing shows nothing, and a return is no example.
    sales.push(sale("8", "2026-11-06", "P0", "Петрова А.А.", "0.39"));
    let mut back = sale("9", "2026-11-07", "P0", "Иванов И.И.", "0");
    (back.amount, back.returns) = (rub("-100.00"), Some("5".into()));
    sales.push(back);
    set_sales(&mut facts, sales);
    assert_eq!(example(&facts, "2026-1"), Some((rub("900.00"), rate, rub("11.25"))));
    // Each version has its own.
    facts.policy.versions.push(version("2026-2", "2026-11-01", vec![]));
    assert_eq!(example(&facts, "2026-1"), Some((rub("500.00"), rate, rub("6.25"))));
    assert_eq!(example(&facts, "2026-2"), Some((rub("900.00"), rate, rub("11.25"))));
}
