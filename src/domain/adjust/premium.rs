//! Rule `completeness`: the mean of an employee's card scores in a period, rounded down, falls into a band that gives a
//! fixed sum or a share of the period's bonus (rules, 5.2).
//!
//! The cards are judged at the period's end, so the policy version in force on the period's last day decides for the
//! whole period; the bonus a share is taken of is the sum of the period's rounded bonuses, each by its own version, so a
//! version that starts in the middle of the period splits nothing. Wanted only for periods that are closed or being
//! closed: what an open period would give is shown by the cards.
//!
//! Cards of segments out of the rule's scope, and counterparties without one sale of the least amount, stay out of the
//! mean. Without a card there is no premium and no line.
//!
//! Deliberately absent: scores of cards (`assess::completeness`), premiums for open periods.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{
        facts::{CardScore, Facts},
        ledger::{EntryKey, EntryKind, Evidence, SUBJECT_PERIOD, Wanted},
        money::{Money, Rate},
        org::{Employee, EmployeeId},
        party::PartyKey,
        period::Period,
        policy::{Band, Premium, Rule, RuleKind},
        text::{Lang, Text},
        verdict::AssessedSale,
    },
    evidence::Sources,
    periods::Book,
    words::{both, money, percent, say},
};

/// Premium lines of every closed or closing period, with a line of zero where the band gives nothing.
pub(super) fn lines(
    facts: &Facts,
    sales: &[AssessedSale],
    cards: &[CardScore],
    book: &Book<'_>,
    sources: &Sources<'_>,
) -> Vec<Wanted> {
    let mut groups: BTreeMap<(Period, &EmployeeId), Vec<&CardScore>> = BTreeMap::new();
    for card in cards.iter().filter(|card| facts.closing_records.contains_key(&card.period)) {
        groups.entry((card.period, &card.employee)).or_default().push(card);
    }
    let mut wanted = Vec::new();
    for ((period, id), cards) in groups {
        let (Some(version), Some(employee)) = (facts.policy.as_of(period.last_day()), facts.roster.get(id)) else {
            continue;
        };
        let bonus = book.get(&(period, id.0.as_str())).map_or(Money::ZERO, |(_, part)| part.bonus());
        for rule in &version.rules {
            let RuleKind::Completeness { bands } = &rule.kind else { continue };
            let large = rule.scope.min_amount.map(|min| large_sales(facts, sales, period, id, min));
            let scores: Vec<Rate> = cards
                .iter()
                .filter(|card| rule.scope.segments.is_empty() || rule.scope.segments.contains(&card.segment))
                .filter(|card| large.as_ref().is_none_or(|parties| parties.contains(&card.party)))
                .map(|card| card.score)
                .collect();
            let Some(mean) = mean(&scores) else { continue };
            let Some(band) = band_of(bands, mean) else { continue };
            let amount = match band.premium {
                Premium::Fixed(sum) => sum,
                Premium::ShareOfBonus(share) => bonus.share(share),
            };
            wanted.push(Wanted {
                key: EntryKey {
                    belongs_to: period,
                    employee: id.clone(),
                    subject: SUBJECT_PERIOD.to_owned(),
                    rule: rule.id.clone(),
                },
                amount,
                kind: EntryKind::Premium,
                policy_version: version.id.clone(),
                shadow: is_shadow(rule, employee),
                evidence: Evidence {
                    document: Text::new(format!("за период {period}"), format!("period {period}")),
                    source: sources_of(&scores),
                    snapshots: sources.snapshots.clone(),
                    status: mean.bp().to_string(),
                    arithmetic: both(|lang| arithmetic(mean, scores.len(), band, bonus, amount, lang)),
                    cause: Text::new(
                        "изменились карточки на закрытие или премия периода",
                        "the cards at the close or the period's bonus changed",
                    ),
                    ..Evidence::default()
                },
            });
        }
    }
    wanted
}

/// Mean of scores, rounded down; `None` without any.
pub(super) fn mean(scores: &[Rate]) -> Option<Rate> {
    let sum: i64 = scores.iter().map(|s| i64::from(s.bp())).sum();
    let count = i64::try_from(scores.len()).ok().filter(|count| *count > 0)?;
    i32::try_from(sum.div_euclid(count)).ok().map(Rate::from_bp)
}

/// The band with `from <= score < to`.
pub(super) fn band_of(bands: &[Band], score: Rate) -> Option<&Band> {
    bands.iter().find(|band| band.from <= score && score < band.to)
}

fn is_shadow(rule: &Rule, employee: &Employee) -> bool {
    rule.shadow || !rule.scope.covers_employee(employee)
}

/// Counterparties with one sale of the period of at least the amount.
fn large_sales<'a>(
    facts: &Facts,
    sales: &'a [AssessedSale],
    period: Period,
    employee: &EmployeeId,
    min: Money,
) -> BTreeSet<&'a PartyKey> {
    facts
        .sales
        .iter()
        .zip(sales)
        .filter(|(sale, own)| {
            own.employee.as_ref() == Some(employee) && period.contains(sale.date) && sale.amount >= min
        })
        .map(|(_, own)| &own.party)
        .collect()
}

fn sources_of(scores: &[Rate]) -> Text {
    let count = scores.len();
    Text::new(format!("карточек покупателей периода: {count}"), format!("cards of the period's buyers: {count}"))
}

fn arithmetic(mean: Rate, count: usize, band: &Band, bonus: Money, amount: Money, lang: Lang) -> String {
    let top = Rate::from_bp(band.to.bp().min(Rate::WHOLE.bp()));
    let range = format!("{} – {}", percent(band.from, lang), percent(top, lang));
    let cards = say(lang, "карточек", "cards");
    let words = say(lang, "средняя полнота", "mean completeness");
    let step = say(lang, "ступень", "band");
    let sum = match band.premium {
        Premium::Fixed(_) => money(amount, lang),
        Premium::ShareOfBonus(share) => {
            format!("{} × {} = {}", money(bonus, lang), percent(share, lang), money(amount, lang))
        }
    };
    format!("{words} {} ({cards}: {count}), {step} {range}: {sum}", percent(mean, lang))
}
