//! The same random histories with the further rules: deals that wait, rates by plan, acknowledgements, calls, votes, each of
//! which comes in some run and in any order. Deliberately absent: single cases (`deals`, `kinds`, `terms`).

use chrono::{DateTime, Days, TimeDelta, Utc};
use proptest::prelude::*;
use sverka::domain::{
    acknowledgement::Acknowledgement,
    facts::Facts,
    finding::SourceRef,
    ledger::EntryKey,
    money::{Money, Rate},
    org::EmployeeId,
    period::Period,
    policy::{Band, ContestBy, Policy, PolicyVersion, Premium, Rule, RuleKind, Scope, Tier, Tiers},
    rule_facts::{CallLeg, DealDecision, Plan as SalesPlan, Vote},
    sale::SaleKey,
};

use super::{
    book::Book,
    plan::{Plan, RETAIL, STAFF, STEPS, Sums, plans},
    world::{at, conclude, day, rule},
};

const LAST: usize = STEPS.len() - 1;
/// Sales below it need no approval.
const LEAST: i64 = 1_000_000;

#[derive(Clone, Debug)]
struct Word {
    sale: usize,
    author: usize,
    approves: bool,
    /// Amount that the author saw, against the last one of the sale.
    less: i64,
    arrives: usize,
}

#[derive(Clone, Debug)]
struct Wider {
    plan: Plan,
    words: Vec<Word>,
    /// Employee, version, days after 1 October, run.
    signed: Vec<(usize, usize, u64, usize)>,
    asks: bool,
    tried: bool,
    tiered: bool,
    /// Employee, month, kopecks, run.
    goals: Vec<(usize, u32, i64, usize)>,
    /// Day, employee, seconds, run.
    calls: Vec<(u64, usize, u32, usize)>,
    /// Juror, employee, run.
    votes: Vec<(usize, usize, usize)>,
}

fn worlds() -> impl Strategy<Value = Wider> {
    let less = prop_oneof![3 => Just(0_i64), 1 => 1_i64..2_000_000];
    let word = (0_usize..7, 0..=STAFF, prop::bool::weighted(0.6), less, 0_usize..8);
    let word = word.prop_map(|(sale, author, approves, less, arrives)| Word { sale, author, approves, less, arrives });
    (
        plans(),
        prop::collection::vec(word, 4..24),
        prop::collection::vec((0..STAFF, 0_usize..2, 0_u64..80, 0_usize..8), 0..6),
        (any::<bool>(), prop::bool::weighted(0.2), any::<bool>()),
        prop::collection::btree_map((0..STAFF, 10_u32..=12), (1_i64..9_000_000, 0_usize..8), 0..6),
        prop::collection::vec((0_u64..80, 0..STAFF, 0_u32..40, 0_usize..8), 0..8),
        prop::collection::vec((0..STAFF, 0..STAFF, 0_usize..8), 0..6),
    )
        .prop_map(|(plan, words, signed, (asks, tried, tiered), goals, calls, votes)| Wider {
            plan,
            words,
            signed,
            asks,
            tried,
            tiered,
            goals: goals.into_iter().map(|((who, month), (sum, run))| (who, month, sum, run)).collect(),
            calls,
            votes,
        })
}

fn id(employee: usize) -> EmployeeId {
    EmployeeId(format!("000{employee}"))
}

fn key(sale: usize) -> SaleKey {
    SaleKey(format!("ФИРМА|П-{sale:02}|2026"))
}

impl Wider {
    fn rules(&self) -> Vec<Rule> {
        let scope = Scope { min_amount: Some(Money::from_kopecks(LEAST)), ..Scope::default() };
        let band = |from, to, bp| Band {
            from: Rate::from_bp(from),
            to: Rate::from_bp(to),
            premium: Premium::ShareOfBonus(Rate::from_bp(bp)),
        };
        let prizes = [70_001, 30_000].map(Money::from_kopecks).to_vec();
        let calls = RuleKind::CallRecording {
            min_seconds: 10,
            match_minutes: 5,
            per_recorded: Money::from_kopecks(701),
            bands: vec![band(0, 5_000, 100), band(5_000, 10_001, 333)],
        };
        let streak = RuleKind::Contest { by: ContestBy::Streak, prizes: prizes.clone() };
        let mut rules = vec![
            Rule { scope, ..rule(RuleKind::DealApproval { escalate_working_days: 5 }) },
            rule(calls),
            rule(RuleKind::Contest { by: ContestBy::Votes, prizes }),
            Rule { id: "streak".into(), ..rule(streak) },
        ];
        for own in &mut rules {
            own.requires_acknowledgement = self.asks;
            own.shadow = self.tried;
        }
        rules
    }

    fn facts(&self, step: usize) -> Facts {
        let mut all = self.plan.facts(step);
        let version = |at: usize| all.policy.versions[at].id.clone();
        let here = |run: usize| run <= step;
        let day_of = |days: u64| day("2026-10-01") + Days::new(days);
        all.acknowledgements = self
            .signed
            .iter()
            .filter(|s| here(s.3))
            .map(|s| Acknowledgement {
                employee: id(s.0),
                version: version(s.1),
                on: day_of(s.2),
                content: String::new(),
            })
            .collect();
        all.rule_facts.plans = self
            .goals
            .iter()
            .filter(|g| here(g.3))
            .map(|g| SalesPlan {
                employee: id(g.0),
                period: Period::new(2026, g.1).expect("a month"),
                amount: Money::from_kopecks(g.2),
                file_hash: String::new(),
                source: SourceRef::file("планы.csv"),
            })
            .collect();
        all.rule_facts.deal_decisions = self.words_at(step).into_iter().map(|(_, word)| word).collect();
        let begun = |days: u64| at("2026-10-01 12:00:00") + TimeDelta::days(i64::try_from(days).expect("small"));
        let legs = self.calls.iter().enumerate().filter(|(_, c)| here(c.3));
        all.rule_facts.calls = legs
            .map(|(at, c)| CallLeg {
                source: "calls".into(),
                linked_id: at.to_string(),
                number: "+7 916 000-11-22".into(),
                employee: id(c.1).0,
                started_at: begun(c.0),
                seconds: c.2,
                result: String::new(),
                file_hash: String::new(),
                place: SourceRef::file("звонки.csv"),
            })
            .collect();
        all.rule_facts.call_days = self.calls.iter().filter(|c| here(c.3)).map(|c| day_of(c.0)).collect();
        let votes = self.votes.iter().filter(|v| here(v.2)).flat_map(|v| {
            [10, 11].map(|month| Vote {
                period: Period::new(2026, month).expect("a month"),
                rule: "contest".into(),
                juror: EmployeeId(format!("J{}", v.0)),
                employee: id(v.1),
            })
        });
        // The store keeps one vote per juror; here the order of the list must not decide, so the smallest is kept.
        let mut votes: Vec<Vote> = votes.collect();
        votes.sort();
        votes.dedup_by(|b, a| (a.period, &a.juror) == (b.period, &b.juror));
        all.rule_facts.votes = votes;
        all.rule_facts.closes = self.plan.closing(step).into_iter().map(|(period, until, _)| (period, until)).collect();
        let extra = self.rules();
        for version in &mut all.policy.versions {
            version.rules.extend(extra.clone());
            if self.tiered {
                let step = |from, rate| Tier { from: Rate::from_bp(from), rate: Rate::from_bp(rate) };
                version.bonus.tiers =
                    vec![Tiers { department: None, steps: vec![step(0, 50), step(9_000, 150), step(11_000, 271)] }];
            }
        }
        all
    }

    /// The words that have come, with the sale they are about.
    fn words_at(&self, step: usize) -> Vec<(usize, DealDecision)> {
        let said = |at: usize| DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(i64::try_from(at).expect("small"));
        let words = self.words.iter().enumerate().filter(|(_, w)| w.arrives <= step);
        words
            .map(|(at, w)| {
                let amount = self.plan.sales.get(w.sale).map_or(0, |sale| sale.amount(LAST)) - w.less;
                let word = DealDecision {
                    id: format!("w{at:02}"),
                    at: said(at),
                    author: id(w.author),
                    sale: key(w.sale),
                    amount: Money::from_kopecks(amount),
                    returned: (!w.approves).then(|| "нет договора".to_owned()),
                };
                (w.sale, word)
            })
            .collect()
    }

    /// What has to wait of each sale and its returns together, computed anew: minus the bonus of what is left of it.
    fn waits(&self, sale: usize, step: usize) -> i64 {
        let own = &self.plan.sales[sale];
        let version = usize::from(own.day >= self.plan.second);
        let signed = self.signed.iter().any(|s| s.0 == own.employee && s.1 == version && s.2 <= own.day && s.3 <= step);
        let amount = own.amount(step);
        if own.arrives > step
            || own.day < 4
            || own.party == RETAIL
            || amount < LEAST
            || self.tried
            || (self.asks && !signed)
        {
            return 0;
        }
        let words = self.words_at(step);
        let last = words.iter().rev().find(|(about, word)| *about == sale && word.author != id(own.employee));
        if last.is_some_and(|(_, word)| word.returned.is_none() && amount <= word.amount.kopecks()) {
            return 0;
        }
        let back: i64 = own.pieces(step).iter().filter(|piece| piece.3 <= step).map(|piece| piece.2).sum();
        let rate = i64::from(self.plan.terms[version].0) + if own.employee == 1 { 33 } else { 0 };
        -(((amount - back) * rate * 2 + 10_000) / 20_000)
    }

    fn reordered(&self, seed: u64) -> Self {
        let mut other = self.clone();
        other.plan = self.plan.reordered(seed);
        let mut state = seed | 1;
        let mut random = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from((state >> 33) % 8).expect("small")
        };
        other.words.iter_mut().for_each(|word| word.arrives = random());
        other.signed.iter_mut().for_each(|signed| signed.3 = random());
        other.goals.iter_mut().for_each(|goal| goal.3 = random());
        other.calls.iter_mut().for_each(|call| call.3 = random());
        other.votes.iter_mut().for_each(|vote| vote.2 = random());
        other
    }
}

fn live(world: &Wider, look: impl Fn(&Book, usize)) -> Book {
    let mut book = Book::default();
    for (step, instant) in STEPS.iter().enumerate() {
        let outcome = conclude(&world.facts(step), &world.plan.verdicts(step), at(instant));
        assert!(outcome.wanted.windows(2).all(|pair| pair[0].key < pair[1].key), "sorted, one line per key");
        book.post(&outcome.wanted);
        look(&book, step);
        book.closed.extend(world.plan.closing(step).into_iter().map(|(period, ..)| period));
    }
    book
}

/// Sums of a rule over a sale and everything that takes it back.
fn of_sale(sums: &Sums, rule: Option<&str>, sale: usize) -> i64 {
    let (own, back) = (format!("|П-{sale:02}|"), format!("|В-{sale:02}-"));
    let about = |key: &EntryKey| key.subject.contains(&own) || key.subject.contains(&back);
    sums.iter().filter(|(key, _)| about(key) && rule.is_none_or(|r| key.rule == r)).map(|(_, sum)| *sum).sum()
}

const WIDER: [&str; 4] = ["deal_approval", "call_recording", "contest", "streak"];

proptest! {
    #[test]
    fn what_waits_is_what_an_independent_recomputation_says_at_every_moment(mut world in worlds()) {
        world.tiered = false;
        live(&world, |book, step| {
            let sums = book.sums();
            for sale in 0..world.plan.sales.len() {
                let (is, want) = (of_sale(&sums, Some("deal_approval"), sale), world.waits(sale, step));
                assert_eq!(is, want, "sale {sale} in run {step}");
            }
        });
    }

    #[test]
    fn the_order_of_arrival_does_not_matter(world in worlds(), seed in any::<u64>()) {
        let none = |_: &Book, _: usize| ();
        prop_assert_eq!(live(&world, none).sums(), live(&world.reordered(seed), none).sums());
    }

    #[test]
    fn a_sale_that_comes_back_whole_leaves_nothing_of_any_rule(mut world in worlds()) {
        for sale in &mut world.plan.sales {
            sale.whole = true;
            sale.returns.retain(|piece| piece.1 > 0);
        }
        let book = live(&world, |_, _| ());
        let sums = book.sums();
        for (at, sale) in world.plan.sales.iter().enumerate() {
            let back: i64 = sale.pieces(LAST).iter().map(|piece| piece.2).sum();
            if back == sale.amount(LAST) && back > 0 {
                prop_assert_eq!(of_sale(&sums, None, at), 0, "sale {}", at);
            }
        }
    }

    #[test]
    fn what_is_tried_out_or_not_acknowledged_posts_nothing(mut world in worlds(), tried in any::<bool>()) {
        world.tried = tried;
        world.asks = !tried;
        if !tried {
            world.signed.clear();
        }
        let book = live(&world, |_, _| ());
        prop_assert!(book.entries.iter().all(|(_, entry)| !WIDER.contains(&entry.key.rule.as_str())));
        let shown = conclude(&world.facts(LAST), &world.plan.verdicts(LAST), at(STEPS[LAST])).wanted;
        prop_assert!(shown.iter().filter(|w| WIDER.contains(&w.key.rule.as_str())).all(|w| w.shadow));
    }

    #[test]
    fn a_version_that_changes_nothing_moves_no_kopeck(mut world in worlds()) {
        world.plan.terms[1] = world.plan.terms[0];
        // An acknowledgement is of a version, so none is asked for here.
        world.asks = false;
        let mut split = world.facts(LAST);
        let first: PolicyVersion = split.policy.versions[0].clone();
        let second = split.policy.versions[1].effective_from;
        split.policy.versions[1] = PolicyVersion { id: "2026-2".into(), effective_from: second, ..first.clone() };
        let mut whole = split.clone();
        whole.policy = Policy { versions: vec![first] };
        let amounts = |facts: &Facts| -> Vec<(EntryKey, Money)> {
            let wanted = conclude(facts, &world.plan.verdicts(LAST), at(STEPS[LAST])).wanted;
            wanted.into_iter().map(|w| (w.key, w.amount)).collect()
        };
        prop_assert_eq!(amounts(&split), amounts(&whole));
    }
}

#[test]
fn the_wider_worlds_are_rich_enough_to_mean_something() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let (mut waited, mut released, mut rules) = (0, 0, std::collections::BTreeSet::new());
    for _ in 0..60 {
        let world = worlds().new_tree(&mut runner).expect("a world").current();
        for (_, entry) in live(&world, |_, _| ()).entries {
            if entry.key.rule == "deal_approval" {
                waited += usize::from(entry.amount.is_negative());
                released += usize::from(!entry.amount.is_negative() && entry.evidence.status == "approved");
            }
            rules.insert(entry.key.rule);
        }
    }
    assert!(waited > 100 && released > 10, "{waited} deferred, {released} released");
    assert!(WIDER.iter().all(|rule| rules.contains(*rule)), "{rules:?}");
}
