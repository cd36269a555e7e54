//! Segments that follow from sales: those who bought the most in the months before a period, and new clients. Everything
//! is evaluated as of the period's first day, so nothing that is sold within the period moves anybody (rules, section 4).
//!
//! Turnover is the sum of sales with VAT of the trailing months, returns taken off, base currency only. Counterparties that
//! the version exempts take no place among the first. Who ties with the last of the first is taken too.
//!
//! A client is new when nothing was sold to it earlier than the months before the period, in whatever currency; where
//! accounting's data does not reach back that far, nobody is proven to be new, and a finding says so.
//!
//! Deliberately absent: members by hand and by flag (`segment`).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{Months, NaiveDate};

use super::{
    super::{
        facts::Facts,
        finding::{Finding, Severity},
        money::Money,
        party::PartyKey,
        period::Period,
        policy::{PolicyVersion, Segment, Turnover, TurnoverTake},
        rule_facts::EarlierSale,
        text::Text,
        words::{both, date, say},
    },
    exempt::{Handles, in_other_currency, is_exempt},
};

/// The least turnover that is taken.
type Thresholds<'a> = HashMap<(&'a str, Period, u32, u32), Option<Money>>;

/// What is needed to tell the segments of every period.
pub(super) struct Turnovers<'a> {
    sums: HashMap<(Period, u32), HashMap<usize, Money>>,
    tops: Thresholds<'a>,
    first: HashMap<usize, NaiveDate>,
    since: Option<NaiveDate>,
}

impl<'a> Turnovers<'a> {
    /// Sums of every period with sales, for the segments that ask for them.
    pub(super) fn of(facts: &'a Facts, handles: &[Handles], decided: &BTreeSet<&PartyKey>) -> Self {
        let mut all = Self { sums: HashMap::new(), tops: HashMap::new(), first: HashMap::new(), since: None };
        let asked = |ask: fn(&Segment) -> bool| facts.policy.versions.iter().flat_map(|v| &v.segments).any(ask);
        let (by_turnover, by_novelty) = (asked(|s| s.turnover.is_some()), asked(|s| s.new_months.is_some()));
        if !by_turnover && !by_novelty {
            return all;
        }
        let own = facts.sales.iter().zip(&facts.party_of).map(|(sale, party)| EarlierSale {
            party: *party,
            date: sale.date,
            amount: sale.amount,
            in_base: !in_other_currency(facts, sale),
        });
        let sales: Vec<EarlierSale> = own.chain(facts.rule_facts.earlier.iter().copied()).collect();
        all.since = sales.iter().map(|sale| sale.date).chain(facts.rule_facts.sales_since).min();
        for sale in sales.iter().filter(|sale| sale.amount > Money::ZERO) {
            let first = all.first.entry(sale.party).or_insert(sale.date);
            *first = (*first).min(sale.date);
        }
        if by_turnover {
            all.add_up(facts, handles, decided, &sales);
        }
        all
    }

    fn add_up(&mut self, facts: &'a Facts, handles: &[Handles], decided: &BTreeSet<&PartyKey>, sales: &[EarlierSale]) {
        let mut by_month: BTreeMap<Period, HashMap<usize, Money>> = BTreeMap::new();
        for sale in sales.iter().filter(|sale| sale.in_base) {
            *by_month.entry(Period::of(sale.date)).or_default().entry(sale.party).or_default() += sale.amount;
        }
        let periods: BTreeSet<Period> = facts.sales.iter().map(|sale| Period::of(sale.date)).collect();
        for version in &facts.policy.versions {
            for rule in version.segments.iter().filter_map(|segment| segment.turnover) {
                for period in &periods {
                    let sums = self.sums.entry((*period, rule.months)).or_insert_with(|| {
                        let mut sums: HashMap<usize, Money> = HashMap::new();
                        for (_, month) in by_month.range(months_before(*period, rule.months)..*period) {
                            for (party, amount) in month {
                                *sums.entry(*party).or_default() += *amount;
                            }
                        }
                        sums
                    });
                    let TurnoverTake::Top(count) = rule.take else { continue };
                    let judged = |party: usize| {
                        let exempt = facts.parties.get(party).is_some_and(|p| decided.contains(&p.key))
                            || handles.get(party).is_some_and(|own| is_exempt(version, own));
                        !exempt
                    };
                    let mut amounts: Vec<Money> = sums
                        .iter()
                        .filter(|(party, amount)| **amount > Money::ZERO && judged(**party))
                        .map(|(_, amount)| *amount)
                        .collect();
                    amounts.sort_unstable_by(|a, b| b.cmp(a));
                    let last = amounts.get((count as usize).saturating_sub(1)).or(amounts.last()).copied();
                    self.tops.insert((version.id.as_str(), *period, rule.months, count), last);
                }
            }
        }
    }

    /// Whether the counterparty is among those who bought the most.
    pub(super) fn takes(&self, version: &PolicyVersion, rule: &Turnover, party: usize, period: Period) -> bool {
        let sum = self.sums.get(&(period, rule.months)).and_then(|sums| sums.get(&party)).copied().unwrap_or_default();
        if sum <= Money::ZERO {
            return false;
        }
        match rule.take {
            TurnoverTake::AtLeast(least) => sum >= least,
            TurnoverTake::Top(count) => {
                let last = self.tops.get(&(version.id.as_str(), period, rule.months, count)).copied().flatten();
                last.is_some_and(|last| sum >= last)
            }
        }
    }

    /// Whether the counterparty is proven to be a new client of the period.
    pub(super) fn is_new(&self, months: u32, party: usize, period: Period) -> bool {
        let start = months_before(period, months).from();
        self.since.is_some_and(|since| since < start) && self.first.get(&party).is_some_and(|first| *first >= start)
    }

    /// One note per version whose segments look back further than accounting's data, for the newest period.
    pub(super) fn findings(&self, facts: &Facts) -> Vec<Finding> {
        let Some(newest) = facts.sales.iter().map(|sale| Period::of(sale.date)).max() else { return Vec::new() };
        let (Some(since), Some(version)) = (self.since, facts.policy.as_of(newest.last_day())) else {
            return Vec::new();
        };
        let short = |segment: &&Segment| {
            let asked = segment.turnover.map(|t| t.months).max(segment.new_months);
            asked.is_some_and(|months| since > months_before(newest, months).from())
        };
        let names: Vec<&str> = version.segments.iter().filter(short).map(|s| s.name.as_str()).collect();
        if names.is_empty() {
            return Vec::new();
        }
        let message = both(|lang| {
            let from = date(since, lang);
            let names = names.join(", ");
            format!(
                "{} {names} {} {from}; {}",
                say(lang, "сегменты", "the segments"),
                say(
                    lang,
                    "смотрят дальше назад, чем есть продажи: данные начинаются с",
                    "look back further than there are sales: the data begin on"
                ),
                say(
                    lang,
                    "оборот считается с этого дня, новым никто не считается. Загрузите более ранние продажи.",
                    "turnover counts from that day on, nobody counts as new. Load earlier sales."
                )
            )
        });
        vec![Finding::new(
            Severity::Note,
            "segment_history_short",
            Text::new(capital(&message.ru), capital(&message.en)),
        )]
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The period so many months earlier.
fn months_before(period: Period, months: u32) -> Period {
    Period::of(period.from().checked_sub_months(Months::new(months)).unwrap_or(NaiveDate::MIN))
}
