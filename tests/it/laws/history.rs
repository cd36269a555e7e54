//! Whole histories: eight runs over a random world, the ledger posting only differences. Deliberately absent: returns
//! that name no document (`returns`).

use proptest::prelude::*;
use sverka::domain::{
    adjust::explain,
    ledger::EntryKey,
    money::Money,
    period::Period,
    policy::{Policy, PolicyVersion},
};

use super::{
    book::Book,
    oracle::truth,
    plan::{DOUBTFUL, Plan, STEPS, plans},
    world::{at, conclude, day},
};

/// Lives through all runs.
fn live(plan: &Plan) -> Book {
    live_and(plan, |_, _| ())
}

/// The same with a look at the ledger after every run.
fn live_and(plan: &Plan, look: impl Fn(&Book, usize)) -> Book {
    let mut book = Book::default();
    for (step, instant) in STEPS.iter().enumerate() {
        let facts = plan.facts(step);
        let verdicts = plan.verdicts(step);
        let outcome = conclude(&facts, &verdicts, at(instant));
        assert_eq!(outcome.sales.len(), facts.sales.len());
        assert!(outcome.wanted.windows(2).all(|pair| pair[0].key < pair[1].key), "sorted, one line per key");
        let mut entries = book.post(&outcome.wanted);
        look(&book, step);
        let amounts: Vec<Money> = entries.iter().map(|e| e.amount).collect();
        explain(&mut entries, &facts, &verdicts, &outcome.sales);
        assert_eq!(amounts, entries.iter().map(|e| e.amount).collect::<Vec<_>>());
        for entry in entries.iter().filter(|e| e.key.subject != "period") {
            let sold = facts.sales.iter().any(|s| s.key.0 == entry.key.subject);
            assert_eq!(sold, !entry.evidence.file_hash.is_empty(), "walks back to its file: {entry:?}");
        }
        for (period, _, now) in plan.closing(step) {
            assert!(now || book.closed.contains(&period));
            book.closed.insert(period);
        }
    }
    book
}

const LAST: usize = STEPS.len() - 1;

proptest! {
    #[test]
    fn the_ledger_is_what_an_independent_recomputation_says_at_every_moment(plan in plans()) {
        let book = live_and(&plan, |book, step| assert_eq!(book.sums(), truth(&plan, step).sums, "run {step}"));
        prop_assert_eq!(book.closed.len(), if plan.closes { 2 } else { 0 });
    }

    #[test]
    fn the_order_of_arrival_does_not_matter(plan in plans(), seed in any::<u64>()) {
        let mut other = plan.reordered(seed);
        // The doubt is settled in the end, sooner or later.
        other.settled = plan.settled.map(|(from, how)| ((from + 3) % 8, how));
        prop_assert_eq!(live(&plan).sums(), live(&other).sums());
    }

    #[test]
    fn the_order_of_the_lists_does_not_matter(plan in plans()) {
        let facts = plan.facts(LAST);
        let mut turned = facts.clone();
        turned.sales.reverse();
        turned.party_of.reverse();
        turned.records.reverse();
        let verdicts = plan.verdicts(LAST);
        let (one, two) = (conclude(&facts, &verdicts, at(STEPS[LAST])), conclude(&turned, &verdicts, at(STEPS[LAST])));
        prop_assert_eq!(one.wanted, two.wanted);
        prop_assert_eq!(one.cards, two.cards);
    }

    #[test]
    fn reductions_stay_within_the_cap_and_the_cap_within_the_bonus(plan in plans()) {
        let book = live(&plan);
        let sums = book.sums();
        for ((employee, period), total) in truth(&plan, LAST).totals {
            let of = |rule: &str| -> i64 {
                let own = |key: &EntryKey| key.employee.0 == format!("000{employee}") && key.belongs_to == period && key.rule == rule;
                sums.iter().filter(|(key, _)| own(key)).map(|(_, sum)| *sum).sum()
            };
            let taken = -(of("missing_counterparty") + of("cap"));
            let bonus = (total.bonus[0] + total.bonus[1]).max(0);
            let widest = plan.terms[0].3.max(plan.terms[1].3);
            prop_assert!(taken <= bonus, "{taken} of {bonus}");
            prop_assert!(taken * 10_000 <= bonus * i64::from(widest) + 5_000, "{taken} of {bonus} at {widest} bp");
            prop_assert!(of("cap") >= 0);
        }
    }

    #[test]
    fn a_rule_that_is_tried_out_posts_nothing(mut plan in plans()) {
        plan.shadow = true;
        let reduced = |book: &Book| book.entries.iter().filter(|(_, e)| e.key.rule != "completeness").count();
        prop_assert_eq!(reduced(&live(&plan)), 0);
        // Nor does it post to those outside its scope.
        plan.shadow = false;
        plan.pilot = true;
        let book = live(&plan);
        prop_assert!(book.entries.iter().all(|(_, e)| e.key.rule == "completeness" || e.key.employee.0 == "0000"));
        // Both are shown.
        let facts = plan.facts(LAST);
        let outcome = conclude(&facts, &plan.verdicts(LAST), at(STEPS[LAST]));
        prop_assert!(outcome.wanted.iter().all(|w| w.shadow != (w.key.rule == "completeness" || w.key.employee.0 == "0000")));
    }

    #[test]
    fn what_is_uncertain_moves_no_money(mut plan in plans()) {
        plan.settled = None;
        for sale in &mut plan.sales {
            sale.party = DOUBTFUL;
        }
        prop_assert_eq!(live(&plan).entries, vec![]);
    }

    #[test]
    fn a_version_that_changes_nothing_moves_no_kopeck(mut plan in plans()) {
        plan.terms[1] = plan.terms[0];
        let mut split = plan.facts(LAST);
        let first: PolicyVersion = split.policy.versions[0].clone();
        split.policy.versions[1] = PolicyVersion { id: "2026-2".into(), effective_from: split.policy.versions[1].effective_from, ..first.clone() };
        let mut whole = split.clone();
        whole.policy = Policy { versions: vec![first] };
        let verdicts = plan.verdicts(LAST);
        let amounts = |facts| -> Vec<(EntryKey, Money)> {
            conclude(facts, &verdicts, at(STEPS[LAST])).wanted.into_iter().map(|w| (w.key, w.amount)).collect()
        };
        prop_assert_eq!(amounts(&split), amounts(&whole));
    }

    #[test]
    fn the_same_facts_say_the_same_to_the_letter(plan in plans()) {
        let run = || {
            let outcome = conclude(&plan.facts(LAST), &plan.verdicts(LAST), at(STEPS[LAST]));
            (outcome.wanted, outcome.sales, outcome.cards, outcome.findings)
        };
        prop_assert_eq!(run(), run());
    }
}

#[test]
fn the_worlds_are_rich_enough_to_mean_something() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let (mut kinds, mut corrections, mut reliefs) = (std::collections::BTreeSet::new(), 0, 0);
    for _ in 0..60 {
        let plan = plans().new_tree(&mut runner).expect("a plan").current();
        for (_, entry) in live(&plan).entries {
            kinds.insert(entry.kind);
            corrections += usize::from(!entry.corrects.is_empty());
            reliefs += usize::from(entry.key.rule == "cap");
        }
    }
    assert_eq!(kinds.len(), 4, "reductions, premiums, reliefs, corrections: {kinds:?}");
    assert!(corrections > 50 && reliefs > 20, "{corrections} continued, {reliefs} reliefs");
    assert!(Period::of(day("2026-10-31")) < Period::of(day("2026-11-01")));
}
