//! Rule `contest`: prizes by place in the ranking of a period (rules, 5.6). Those who tie take their places together and share
//! the prizes of these places equally; kopecks that cannot be shared go one each in the order of personnel numbers, so that
//! the parts are always the whole. Who has nothing to be ranked by (no card, no run, no vote) has no place. Wanted only for
//! closed and closing periods.
//!
//! Prizes are given among those for whom the rule is real. Whoever it is only shown to is ranked among them alone, as if he
//! took part, and takes nobody's place. A contest that is real for nobody is shown as if it were real for all it is shown to.
//!
//! Deliberately absent: card scores and statuses (`assess`), collecting votes.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{
    super::{
        facts::{CardScore, Facts},
        ledger::{EntryKey, EntryKind, Evidence, SUBJECT_PERIOD, Wanted},
        money::{Money, Rate},
        org::EmployeeId,
        period::Period,
        policy::{ContestBy, PolicyVersion, Rule, RuleKind},
        sale::Sale,
        text::{Lang, Text},
        verdict::{AssessedSale, Status},
    },
    evidence::Sources,
    premium::mean,
    reach::Reach,
    words::{both, money, percent, say},
};

/// Prize lines of every closed or closing period.
pub(super) fn lines(
    facts: &Facts,
    sales: &[AssessedSale],
    cards: &[CardScore],
    sources: &Sources<'_>,
    reach: &Reach<'_>,
) -> Vec<Wanted> {
    let mut periods: BTreeSet<Period> = facts.sales.iter().map(|sale| Period::of(sale.date)).collect();
    periods.extend(facts.rule_facts.votes.iter().map(|vote| vote.period));
    let mut wanted = Vec::new();
    for period in periods.into_iter().filter(|period| facts.is_closing(*period)) {
        let Some(version) = facts.policy.as_of(period.last_day()) else { continue };
        for rule in &version.rules {
            let RuleKind::Contest { by, prizes } = &rule.kind else { continue };
            for placed in places(facts, sales, cards, (version, rule), (*by, prizes), period, reach) {
                let arithmetic = both(|lang| arithmetic(&placed, *by, lang));
                wanted.push(Wanted {
                    key: EntryKey {
                        belongs_to: period,
                        employee: placed.employee.clone(),
                        subject: SUBJECT_PERIOD.to_owned(),
                        rule: rule.id.clone(),
                    },
                    amount: placed.prize,
                    kind: EntryKind::Premium,
                    policy_version: version.id.clone(),
                    shadow: placed.shadow,
                    evidence: Evidence {
                        document: Text::new(format!("за период {period}"), format!("period {period}")),
                        snapshots: sources.snapshots.clone(),
                        status: placed.place.to_string(),
                        arithmetic,
                        cause: Text::new("места в конкурсе изменились", "the places of the contest changed"),
                        ..Evidence::default()
                    },
                });
            }
        }
    }
    wanted
}

/// A place of a contest as it stands, with the prize it would have if the month ended now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// Rule.
    pub rule: String,
    /// Who.
    pub employee: EmployeeId,
    /// Name.
    pub name: String,
    /// Place; those who tie have the first of theirs.
    pub place: usize,
    /// Prize.
    pub prize: Money,
    /// What is ranked, in words.
    pub words: Text,
    /// Only shown.
    pub shadow: bool,
}

/// Places with a prize, by rule and place.
pub fn standings(facts: &Facts, sales: &[AssessedSale], cards: &[CardScore], period: Period) -> Vec<Standing> {
    let Some(version) = facts.policy.as_of(period.last_day()) else { return Vec::new() };
    let reach = Reach::of(facts);
    let mut all = Vec::new();
    for rule in &version.rules {
        let RuleKind::Contest { by, prizes } = &rule.kind else { continue };
        let mut placed = places(facts, sales, cards, (version, rule), (*by, prizes), period, &reach);
        placed.sort_by(|a, b| (a.place, &a.employee).cmp(&(b.place, &b.employee)));
        all.extend(placed.into_iter().map(|own| Standing {
            rule: rule.id.clone(),
            name: facts.roster.get(&own.employee).map_or_else(String::new, |person| person.name.clone()),
            place: own.place,
            prize: own.prize,
            words: both(|lang| score_words(&own, *by, lang)),
            shadow: own.shadow,
            employee: own.employee,
        }));
    }
    all
}

/// One place that has a prize.
struct Placed {
    employee: EmployeeId,
    score: i64,
    /// First place that is taken.
    place: usize,
    /// How many tie.
    tied: usize,
    /// Sum of the prizes of the places taken.
    pool: Money,
    prize: Money,
    /// What everybody who ties has: the prize without a kopeck of the rest.
    each: Money,
    of: usize,
    shadow: bool,
}

fn places(
    facts: &Facts,
    sales: &[AssessedSale],
    cards: &[CardScore],
    (version, rule): (&PolicyVersion, &Rule),
    (by, prizes): (ContestBy, &[Money]),
    period: Period,
    reach: &Reach<'_>,
) -> Vec<Placed> {
    let scores: BTreeMap<EmployeeId, i64> = match by {
        ContestBy::CardScore => by_cards(cards, period),
        ContestBy::Streak => streaks(facts, sales, period),
        ContestBy::Votes => votes(facts, period, &rule.id),
    };
    let known = scores.into_iter().filter(|(_, score)| *score > 0);
    let known = known.filter_map(|(id, score)| Some((facts.roster.get(&id)?, score)));
    let (real, shown): (Vec<_>, Vec<_>) =
        known.partition(|(employee, _)| reach.is_real(version, rule, employee, period.last_day()));
    // Where nobody takes part yet, those it is shown to are the field: else each of them would be told of the first prize.
    let alone = real.is_empty();
    let taking_part = if alone { &shown } else { &real };
    let field: Vec<(i64, &EmployeeId)> = taking_part.iter().map(|(employee, score)| (*score, &employee.id)).collect();
    let all = real.iter().map(|own| (own, false)).chain(shown.iter().map(|own| (own, true)));
    all.filter_map(|((employee, score), shadow)| {
        let above = field.iter().filter(|(other, _)| other > score).count();
        let guest = usize::from(shadow && !alone);
        let equal = field.iter().filter(|(other, _)| other == score);
        let tied = equal.clone().count() + guest;
        let ahead = equal.filter(|(_, id)| **id < employee.id).count();
        let pool: Money = prizes.iter().skip(above).take(tied).copied().sum();
        let (prize, each) = (part(pool, tied, ahead), part(pool, tied, tied));
        (!prize.is_zero()).then(|| Placed {
            employee: employee.id.clone(),
            score: *score,
            place: above + 1,
            tied,
            pool,
            prize,
            each,
            of: field.len() + guest,
            shadow,
        })
    })
    .collect()
}

/// The part of a sum, not below zero, that belongs to the one who has so many ahead among those who share it: an equal one,
/// and a kopeck of the rest for the first.
fn part(pool: Money, among: usize, ahead: usize) -> Money {
    let whole = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let among = whole(among.max(1));
    Money::from_kopecks(pool.kopecks() / among + i64::from(whole(ahead) < pool.kopecks() % among))
}

fn by_cards(cards: &[CardScore], period: Period) -> BTreeMap<EmployeeId, i64> {
    let mut scores: BTreeMap<&EmployeeId, Vec<Rate>> = BTreeMap::new();
    for card in cards.iter().filter(|card| card.period == period) {
        scores.entry(&card.employee).or_default().push(card.score);
    }
    scores.into_iter().filter_map(|(id, own)| Some((id.clone(), i64::from(mean(&own)?.bp())))).collect()
}

/// The longest run of sales in time. What is late or missing ends a run; what is not judged, or not yet, neither ends it nor
/// adds to it.
fn streaks(facts: &Facts, sales: &[AssessedSale], period: Period) -> BTreeMap<EmployeeId, i64> {
    let mut own: Vec<(&Sale, &AssessedSale)> = facts
        .sales
        .iter()
        .zip(sales)
        .filter(|(sale, _)| period.contains(sale.date) && sale.amount > Money::ZERO)
        .collect();
    own.sort_by_key(|(sale, _)| (sale.date, &sale.number, &sale.key));
    let mut runs: BTreeMap<EmployeeId, (i64, i64)> = BTreeMap::new();
    for (_, assessed) in own {
        let Some(employee) = &assessed.employee else { continue };
        let (run, best) = runs.entry(employee.clone()).or_default();
        match assessed.status {
            Status::OnTime => *run += 1,
            Status::Late | Status::Missing => *run = 0,
            Status::Exempt | Status::Pending | Status::Uncertain | Status::NotJudgeable => {}
        }
        *best = (*best).max(*run);
    }
    runs.into_iter().map(|(id, (_, best))| (id, best)).collect()
}

/// Votes; nobody votes for himself, and one member of the jury has one vote.
fn votes(facts: &Facts, period: Period, rule: &str) -> BTreeMap<EmployeeId, i64> {
    let mut by_juror: BTreeMap<&EmployeeId, &EmployeeId> = BTreeMap::new();
    for vote in facts.rule_facts.votes.iter().filter(|v| v.period == period && v.rule == rule) {
        if vote.juror != vote.employee {
            by_juror.insert(&vote.juror, &vote.employee);
        }
    }
    let mut counted: BTreeMap<EmployeeId, i64> = BTreeMap::new();
    for employee in by_juror.into_values() {
        *counted.entry(employee.clone()).or_default() += 1;
    }
    counted
}

fn score_words(placed: &Placed, by: ContestBy, lang: Lang) -> String {
    match by {
        ContestBy::CardScore => {
            let share = Rate::from_bp(i32::try_from(placed.score).unwrap_or(i32::MAX));
            format!("{} {}", say(lang, "средняя полнота карточек", "mean completeness of cards"), percent(share, lang))
        }
        ContestBy::Streak => {
            format!(
                "{} {}",
                say(lang, "продаж подряд с карточкой в срок:", "sales in a row with the card in time:"),
                placed.score
            )
        }
        ContestBy::Votes => format!("{} {}", say(lang, "голосов жюри:", "votes of the jury:"), placed.score),
    }
}

fn arithmetic(placed: &Placed, by: ContestBy, lang: Lang) -> String {
    let score = score_words(placed, by, lang);
    let (place, of) = (placed.place, placed.of);
    if placed.tied < 2 {
        let words = say(lang, "место", "place");
        return format!("{score}; {words} {place} {} {of}: {}", say(lang, "из", "of"), money(placed.prize, lang));
    }
    let last = place + placed.tied - 1;
    let shared = say(lang, "места", "places");
    let mut text = format!(
        "{score}; {shared} {place}–{last} {} {of}, {}: {} / {} = {}",
        say(lang, "из", "of"),
        say(lang, "призы поделены", "prizes shared"),
        money(placed.pool, lang),
        placed.tied,
        money(placed.each, lang)
    );
    if placed.prize != placed.each {
        let (rest, prize) = (money(placed.prize - placed.each, lang), money(placed.prize, lang));
        text.push_str(&match lang {
            Lang::Ru => format!(", и {rest} остатка по порядку табельных номеров: {prize}"),
            Lang::En => format!(", and {rest} of the rest, in the order of personnel numbers: {prize}"),
        });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kopecks_that_cannot_be_shared_go_to_the_first() {
        for (pool, parts) in [
            (10_000, &[3_334, 3_333, 3_333][..]),
            (20_000, &[6_667, 6_667, 6_666]),
            (5, &[3, 2]),
            (1, &[1, 0, 0]),
            (0, &[0, 0, 0, 0]),
            (7, &[7]),
        ] {
            let found: Vec<i64> =
                (0..parts.len()).map(|ahead| part(Money::from_kopecks(pool), parts.len(), ahead).kopecks()).collect();
            assert_eq!(found, parts, "{pool}");
        }
    }
}
