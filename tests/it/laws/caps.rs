//! The limit of reductions where it is only shown, where there are several, and where versions share a month. Deliberately
//! absent: a plain limit in a plain month (`golden`), histories (`history`).

use sverka::domain::{
    facts::Facts,
    ledger::EntryKind,
    money::Money,
    policy::{Rule, Scope},
    verdict::Verdict,
};

use super::world::{at, cap, conclude, facts, missing, party, rub, sale, set_sales, verdict, version};

const LATER: &str = "2026-11-20 17:00:00";

/// One sale of 100 000,00 in October, its buyer missing; bonus 1 250,00.
fn world(rules: Vec<Rule>) -> Facts {
    let sales = vec![sale("1", "2026-10-05", "P0", "Иванов И.И.", "100000.00")];
    facts(LATER, vec![party("P0", "Ромашка")], sales, rules)
}

/// The relief: rule, amount, and whether it is only shown.
fn relief(facts: &Facts) -> Option<(String, Money, bool)> {
    let wanted = conclude(facts, &[verdict("P0", Verdict::NotInCrm, &[])], at(LATER)).wanted;
    let mut found = wanted.into_iter().filter(|w| w.kind == EntryKind::CapRelief);
    let one = found.next().map(|w| (w.key.rule, w.amount, w.shadow));
    assert!(found.next().is_none(), "one line a month");
    one
}

fn tried(rule: Rule) -> Rule {
    Rule { shadow: true, ..rule }
}

fn elsewhere(rule: Rule) -> Rule {
    Rule { scope: Scope { departments: ["Опт".to_owned()].into(), ..Scope::default() }, ..rule }
}

fn named(id: &str, rule: Rule) -> Rule {
    Rule { id: id.into(), ..rule }
}

fn line(rule: &str, sum: &str, shadow: bool) -> (String, Money, bool) {
    (rule.to_owned(), rub(sum), shadow)
}

#[test]
fn a_limit_in_force_over_reductions_on_trial_is_shown_and_pays_nothing() {
    let facts = world(vec![tried(missing(5_000, 0)), cap(2_000)]);
    assert_eq!(relief(&facts), Some(line("cap", "375.00", true)));
    // Within the limit there is nothing to show.
    assert_eq!(relief(&world(vec![tried(missing(2_000, 0)), cap(2_000)])), None);
    // What is posted is limited by itself: what is only shown beside it does not make the relief larger.
    let both = vec![missing(5_000, 0), named("second", missing(3_000, 0)), cap(2_000)];
    assert_eq!(relief(&world(both)), Some(line("cap", "375.00", false)));
    // And where the posted part is within the limit, the shown one is judged apart.
    let both = vec![missing(1_000, 0), named("second", missing(3_000, 0)), cap(2_000)];
    assert_eq!(relief(&world(both)), Some(line("cap", "125.00", true)));
}

#[test]
fn a_limit_on_trial_is_shown_over_everything_and_pays_nothing() {
    for not_his in [tried, elsewhere] {
        assert_eq!(relief(&world(vec![missing(5_000, 0), not_his(cap(2_000))])), Some(line("cap", "375.00", true)));
        // Reductions that are posted and those that are shown together: 625,00 + 375,00 - 250,00.
        let both = vec![missing(5_000, 0), named("second", missing(3_000, 0)), not_his(cap(2_000))];
        assert_eq!(relief(&world(both)), Some(line("cap", "750.00", true)));
        assert_eq!(relief(&world(vec![missing(2_000, 0), not_his(cap(2_000))])), None);
    }
}

#[test]
fn of_several_limits_the_first_that_is_in_force_for_the_employee_holds() {
    for not_his in [tried, elsewhere] {
        let rules = vec![missing(5_000, 0), not_his(named("tight", cap(1_000))), cap(2_000)];
        assert_eq!(relief(&world(rules)), Some(line("cap", "375.00", false)));
        let rules = vec![missing(5_000, 0), cap(2_000), not_his(named("tight", cap(1_000)))];
        assert_eq!(relief(&world(rules)), Some(line("cap", "375.00", false)));
        // None in force: the first is shown.
        let rules = vec![missing(5_000, 0), not_his(cap(2_000)), not_his(named("tight", cap(1_000)))];
        assert_eq!(relief(&world(rules)), Some(line("cap", "375.00", true)));
    }
    let rules = vec![missing(5_000, 0), cap(2_000), named("tight", cap(1_000))];
    assert_eq!(relief(&world(rules)), Some(line("cap", "375.00", false)));
    // A limit is his department's as soon as he is of it.
    let mut facts = world(vec![missing(5_000, 0), elsewhere(named("tight", cap(1_000))), cap(2_000)]);
    facts.roster.people[0].department = "Опт".into();
    assert_eq!(relief(&facts), Some(line("tight", "500.00", false)));
}

#[test]
fn the_limits_of_two_versions_are_rounded_once_and_together() {
    // Two sales with a bonus of 0,05 each: a tenth of each is half a kopeck, of both together one kopeck.
    let mut facts = world(vec![missing(10_000, 0), cap(1_000)]);
    facts.policy.versions.push(version("2026-2", "2026-10-15", vec![missing(10_000, 0), cap(1_000)]));
    let sold = |number: &str, date: &str| sale(number, date, "P0", "Иванов И.И.", "4.00");
    set_sales(&mut facts, vec![sold("1", "2026-10-05"), sold("2", "2026-10-20")]);
    assert_eq!(relief(&facts), Some(line("cap", "0.09", false)));
    // Where the later version has no limit, its reductions are not limited: 0,05 - half a kopeck rounded up.
    facts.policy.versions[1].rules.truncate(1);
    assert_eq!(relief(&facts), Some(line("cap", "0.04", false)));
    // And they are not counted against the limit of the earlier one.
    facts.policy.versions[0].rules[1] = cap(10_000);
    assert_eq!(relief(&facts), None);
}
