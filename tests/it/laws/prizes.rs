//! Prizes of a contest are given away to the kopeck, however many tie. Deliberately absent: what is ranked (`kinds`).

use std::collections::BTreeMap;

use proptest::{collection::vec, prelude::*};
use sverka::domain::{
    money::Money,
    org::EmployeeId,
    policy::{ContestBy, RuleKind},
    rule_facts::Vote,
};

use super::{
    kinds::{by_employee, october, world},
    world::{person, rule},
};

proptest! {
    #[test]
    fn the_parts_of_shared_prizes_add_up_to_the_prizes(
        votes in vec(0_usize..7, 1..15),
        mut prizes in vec(0_i64..1_000_000, 1..6),
    ) {
        prizes.sort_unstable_by(|a, b| b.cmp(a));
        let ids: Vec<String> = (0..7).map(|n| format!("10{n:02}")).collect();
        let sums = prizes.iter().copied().map(Money::from_kopecks).collect();
        let mut facts = world(vec![rule(RuleKind::Contest { by: ContestBy::Votes, prizes: sums })]);
        facts.roster.people.extend(ids.iter().map(|id| person(id, id)));
        let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
        for (juror, own) in votes.iter().enumerate() {
            *counted.entry(&ids[*own]).or_default() += 1;
            facts.rule_facts.votes.push(Vote {
                period: october(),
                rule: "contest".to_owned(),
                juror: EmployeeId(format!("juror {juror}")),
                employee: EmployeeId(ids[*own].clone()),
            });
        }
        let won: BTreeMap<String, i64> = by_employee(&facts).into_iter().map(|(id, sum)| (id, sum.kopecks())).collect();
        let given: i64 = prizes.iter().take(counted.len()).sum();
        prop_assert_eq!(won.values().sum::<i64>(), given, "{:?}", won);
        let prize = |id: &str| won.get(id).copied().unwrap_or_default();
        for (one, more) in &counted {
            for (two, less) in &counted {
                // More votes never give less; equal ones differ by a kopeck at most, in the order of personnel numbers.
                prop_assert!(more <= less || prize(one) >= prize(two), "{one} {two} {won:?}");
                let ahead = prize(one) - prize(two);
                prop_assert!(more != less || one >= two || (0..2).contains(&ahead), "{one} {two} {won:?}");
            }
        }
    }
}
