//! Random worlds: sales, returns, corrected amounts, cards that appear, doubts that are settled, periods that close, two
//! policy versions. Deliberately absent: computing anything (`oracle`, and the program itself).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use proptest::prelude::*;
use sverka::domain::{
    crm::KnownRecord,
    facts::Facts,
    money::{Money, Rate},
    period::Period,
    policy::{Band, Policy, Premium, Profile, Requirement, RuleKind, Scope},
    verdict::{PartyVerdict, Verdict},
};

use super::world::{
    at, cap, day, facts, known, missing, party, person, record_id, rule, sale, set_sales, verdict, version,
};

pub(super) const PARTIES: usize = 6;
pub(super) const STAFF: usize = 3;
/// Nobody knows for sure until a person says so.
pub(super) const DOUBTFUL: usize = 4;
/// Exempt by the policy.
pub(super) const RETAIL: usize = 5;

/// Instants of the runs; October closes in the fourth, November in the seventh.
pub(super) const STEPS: [&str; 8] = [
    "2026-10-08 17:00:00",
    "2026-10-20 17:00:00",
    "2026-11-02 17:00:00",
    "2026-11-06 10:00:00",
    "2026-11-20 17:00:00",
    "2026-12-04 17:00:00",
    "2026-12-06 10:00:00",
    "2026-12-28 17:00:00",
];
pub(super) const CLOSES: [(usize, i32, u32); 2] = [(3, 2026, 10), (6, 2026, 11)];

#[derive(Clone, Debug)]
pub(super) struct PlanSale {
    /// Days after 1 October.
    pub(super) day: u64,
    pub(super) employee: usize,
    pub(super) party: usize,
    pub(super) kopecks: i64,
    /// Run in which it comes.
    pub(super) arrives: usize,
    /// Run from which the amount is another one.
    pub(super) corrected: Option<(usize, i64)>,
    /// Pieces that come back: days after the sale, weight of the piece, run in which it comes.
    pub(super) returns: Vec<(u64, i64, usize)>,
    /// Whether the pieces make up the whole.
    pub(super) whole: bool,
}

impl PlanSale {
    pub(super) fn amount(&self, step: usize) -> i64 {
        self.corrected.filter(|(from, _)| *from <= step).map_or(self.kopecks, |(_, other)| other)
    }

    pub(super) fn date(&self) -> NaiveDate {
        day("2026-10-01") + Days::new(self.day)
    }

    /// Pieces of the amount in kopecks, in the order of their dates and numbers.
    pub(super) fn pieces(&self, step: usize) -> Vec<(usize, NaiveDate, i64, usize)> {
        let weights: i64 = self.returns.iter().map(|r| r.1).sum::<i64>() + i64::from(!self.whole) * 5;
        let (amount, mut left) = (self.amount(step), self.amount(step));
        let mut pieces = Vec::new();
        for (number, (days, weight, arrives)) in self.returns.iter().enumerate() {
            let last = self.whole && number + 1 == self.returns.len();
            let part = if last { left } else { amount * weight / weights };
            left -= part;
            if part > 0 {
                pieces.push((number, self.date() + Days::new(*days), part, *arrives));
            }
        }
        pieces
    }
}

#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) sales: Vec<PlanSale>,
    /// Per counterparty: seconds after 1 October 00:00 at which the card is entered, and which fields it has.
    pub(super) cards: Vec<(Option<i64>, u8)>,
    /// Run from which the doubt is settled, and how.
    pub(super) settled: Option<(usize, bool)>,
    /// Rates and shares of both versions: rate, missing, late, cap.
    pub(super) terms: [(i32, i32, i32, i32); 2],
    /// First day of the second version.
    pub(super) second: u64,
    /// Whether the rule is for the pilot group only, and only tried out.
    pub(super) pilot: bool,
    pub(super) shadow: bool,
    /// Hours by which the CRM data is older than the run.
    pub(super) lag: i64,
    pub(super) closes: bool,
}

pub(super) fn plans() -> impl Strategy<Value = Plan> {
    plans_of(1..14)
}

/// The same with few documents: many of them fit into the time of one large world.
pub(super) fn small_plans() -> impl Strategy<Value = Plan> {
    plans_of(1..4)
}

fn plans_of(documents: std::ops::Range<usize>) -> impl Strategy<Value = Plan> {
    let piece = (0_u64..50, 1_i64..9, 0_usize..8);
    let sale = (
        (0_u64..75, 0..STAFF, 0..PARTIES, 1_i64..5_000_000, 0_usize..8),
        prop::option::weighted(0.3, (0_usize..8, 0_i64..5_000_000)),
        prop::collection::vec(piece, 0..4),
        any::<bool>(),
    )
        .prop_map(|((day, employee, party, kopecks, arrives), corrected, returns, whole)| PlanSale {
            day,
            employee,
            party,
            kopecks,
            arrives,
            corrected,
            returns,
            whole,
        });
    // Around midnights as well as anywhere.
    let entered =
        prop_oneof![0_i64..88 * 86_400, (0_i64..88, -1_i64..=1).prop_map(|(days, off)| (days * 86_400 + off).max(0))];
    let card = (prop::option::weighted(0.6, entered), any::<u8>());
    let terms = (0_i32..=400, 0_i32..=10_000, 0_i32..=10_000, 0_i32..=10_000);
    (
        prop::collection::vec(sale, documents),
        prop::collection::vec(card, PARTIES),
        prop::option::of((0_usize..8, any::<bool>())),
        [terms.clone(), terms],
        (20_u64..60, prop::bool::weighted(0.3), prop::bool::weighted(0.2)),
        (0_i64..60, any::<bool>()),
    )
        .prop_map(|(sales, cards, settled, terms, (second, pilot, shadow), (lag, closes))| Plan {
            sales,
            cards,
            settled,
            terms,
            second,
            pilot,
            shadow,
            lag,
            closes,
        })
}

impl Plan {
    pub(super) fn entered(&self, party: usize) -> Option<DateTime<Utc>> {
        // 1 October, midnight in Moscow.
        let start = DateTime::from_timestamp(1_790_802_000, 0).expect("an instant");
        self.cards[party].0.map(|seconds| start + TimeDelta::seconds(seconds))
    }

    pub(super) fn crm_as_of(&self, step: usize) -> DateTime<Utc> {
        at(STEPS[step]) - TimeDelta::hours(self.lag)
    }

    pub(super) fn closing(&self, step: usize) -> Vec<(Period, DateTime<Utc>, bool)> {
        CLOSES
            .iter()
            .filter(|(at, ..)| self.closes && *at <= step)
            .filter_map(|(at, year, month)| Some((Period::new(*year, *month)?, self.crm_as_of(*at), *at == step)))
            .collect()
    }

    /// Verdict on a counterparty: the table that stands for matching.
    pub(super) fn verdict(&self, party: usize, step: usize) -> Verdict {
        let there = self.entered(party).is_some_and(|at| at <= self.crm_as_of(step));
        match (party, self.settled) {
            (DOUBTFUL, None) => Verdict::Uncertain,
            (DOUBTFUL, Some((from, _))) if step < from => Verdict::Uncertain,
            (DOUBTFUL, Some((_, false))) => Verdict::NotInCrm,
            _ if there => Verdict::InCrm,
            _ => Verdict::NotInCrm,
        }
    }

    pub(super) fn verdicts(&self, step: usize) -> Vec<PartyVerdict> {
        (0..PARTIES)
            .map(|party| {
                let key = format!("P{party}");
                verdict(&key, self.verdict(party, step), &[key.as_str()])
            })
            .collect()
    }

    fn records(&self, until: DateTime<Utc>) -> Vec<KnownRecord> {
        (0..PARTIES)
            .filter_map(|party| {
                let entered = self.entered(party).filter(|at| *at <= until)?;
                let mut card = known(&format!("P{party}"), "Ромашка", entered);
                let has = |bit: u8| self.cards[party].1 & bit != 0;
                card.record.title = if has(1) { "Ромашка".into() } else { "Тест".into() };
                card.record.inn = if has(2) { "7707083893".into() } else { "7707083894".into() };
                card.record.phone = if has(4) { "+7 495 123-45-67".into() } else { "1111111".into() };
                card.record.id = record_id(&format!("P{party}"));
                Some(card)
            })
            .collect()
    }

    pub(super) fn policy(&self) -> Policy {
        let second = (day("2026-10-01") + Days::new(self.second)).to_string();
        let versions = [("2026-1", "2026-10-05"), ("2026-2", second.as_str())].into_iter().zip(self.terms).map(
            |((id, from), (rate, gone, late, limit))| {
                let mut reduce = missing(gone, late);
                reduce.shadow = self.shadow;
                if self.pilot {
                    reduce.scope = Scope { groups: BTreeSet::from(["pilot".to_owned()]), ..Scope::default() };
                }
                let bands = [(0, 5_000, 0), (5_000, 8_334, 50_000), (8_334, 10_001, 125_050)];
                let bands = bands.map(|(from, to, sum)| Band {
                    from: Rate::from_bp(from),
                    to: Rate::from_bp(to),
                    premium: Premium::Fixed(Money::from_kopecks(sum)),
                });
                let mut version =
                    version(id, from, vec![reduce, rule(RuleKind::Completeness { bands: bands.to_vec() }), cap(limit)]);
                version.bonus.rate = Rate::from_bp(rate);
                version.bonus.department_rates = vec![("юг".into(), Rate::from_bp(rate + 33))];
                version.grace_working_days = if id == "2026-1" { 3 } else { 1 };
                let fields = [("title", 3), ("inn", 2), ("phone", 1)];
                let fields = fields.map(|(field, weight)| Requirement { field: field.into(), weight });
                version.profiles = vec![Profile { segment: "all".into(), fields: fields.to_vec() }];
                version
            },
        );
        Policy { versions: versions.collect() }
    }

    /// The facts of a run.
    pub(super) fn facts(&self, step: usize) -> Facts {
        let parties = (0..PARTIES)
            .map(|at| party(&format!("P{at}"), if at == RETAIL { "Розничный покупатель" } else { "Ромашка" }))
            .collect();
        let mut all = facts("2026-12-31 00:00:00", parties, vec![], vec![]);
        all.snapshots[0].as_of = self.crm_as_of(step);
        all.policy = self.policy();
        all.records = self.records(self.crm_as_of(step));
        for (period, until, _) in self.closing(step) {
            let records = self.records(until).into_iter().map(|known| known.record).collect();
            all.closing_records.insert(period, records);
        }
        all.roster.people = (0..STAFF).map(|at| person(&format!("000{at}"), &format!("Продавец {at}"))).collect();
        all.roster.people[0].groups.insert("pilot".into());
        all.roster.people[1].department = "юг".into();
        let mut sales = Vec::new();
        for (number, plan) in self.sales.iter().enumerate() {
            let document = |number: String, date: NaiveDate, kopecks: i64| {
                let (party, seller) = (format!("P{}", plan.party), format!("Продавец {}", plan.employee));
                let mut document = sale(&number, &date.to_string(), &party, &seller, "0");
                document.amount = Money::from_kopecks(kopecks);
                document
            };
            if plan.arrives <= step {
                sales.push(document(format!("П-{number:02}"), plan.date(), plan.amount(step)));
            }
            for (piece, date, kopecks, arrives) in plan.pieces(step) {
                if arrives <= step {
                    let mut back = document(format!("В-{number:02}-{piece}"), date, -kopecks);
                    back.returns = Some(format!("П-{number:02}"));
                    sales.push(back);
                }
            }
        }
        set_sales(&mut all, sales);
        all
    }

    /// The same world in which everything comes in another order.
    pub(super) fn reordered(&self, seed: u64) -> Self {
        let mut other = self.clone();
        let mut state = seed | 1;
        let mut random = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).expect("31 bits") % below
        };
        for sale in &mut other.sales {
            sale.arrives = random(8);
            sale.corrected = sale.corrected.map(|(_, amount)| (random(8), amount));
            for piece in &mut sale.returns {
                piece.2 = random(8);
            }
        }
        other
    }
}

/// Sums by key, for comparisons.
pub(super) type Sums = BTreeMap<sverka::domain::ledger::EntryKey, i64>;
