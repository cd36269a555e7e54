//! Rules `completeness` and `freshness`: the mean of an employee's card scores in a period, or the share of cards that were
//! kept up, rounded down, falls into a band that gives a fixed sum or a share of the period's bonus (rules, 5.2 and 5.3).
//!
//! The cards are judged at the period's end, so the policy version in force on the period's last day decides for the
//! whole period; the bonus a share is taken of is the sum of the period's rounded bonuses, each by its own version, so a
//! version that starts in the middle of the period splits nothing. Wanted only for periods that are closed or being
//! closed: what an open period would give is shown by the cards.
//!
//! Cards of segments out of the rule's scope, and counterparties without one sale of the least amount, stay out of the
//! mean. Without a card there is no premium and no line.
//!
//! Deliberately absent: scores of cards (`assess::completeness`), what keeps a card fresh (`assess::touched`), premiums for open periods.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{
        assess::touched::{Touches, Upkeep},
        facts::{CardScore, Facts},
        ledger::{EntryKey, EntryKind, Evidence, SUBJECT_PERIOD, Wanted},
        money::{Money, Rate},
        org::EmployeeId,
        party::PartyKey,
        period::Period,
        policy::{Band, Premium, RuleKind},
        text::{Lang, Text},
        verdict::{AssessedSale, Status},
    },
    evidence::Sources,
    periods::Book,
    reach::Reach,
    words::{both, money, percent, say},
};

/// Premium lines of every closed or closing period, with a line of zero where the band gives nothing.
pub(super) fn lines(
    facts: &Facts,
    sales: &[AssessedSale],
    cards: &[CardScore],
    book: &Book<'_>,
    sources: &Sources<'_>,
    reach: &Reach<'_>,
) -> Vec<Wanted> {
    let mut groups: BTreeMap<(Period, &EmployeeId), Vec<&CardScore>> = BTreeMap::new();
    for card in cards.iter().filter(|card| facts.is_closing(card.period)) {
        groups.entry((card.period, &card.employee)).or_default().push(card);
    }
    let mut touches: BTreeMap<(Period, u32), Touches<'_>> = BTreeMap::new();
    let mut wanted = Vec::new();
    for ((period, id), cards) in groups {
        let (Some(version), Some(employee)) = (facts.policy.as_of(period.last_day()), facts.roster.get(id)) else {
            continue;
        };
        let bonus = book.get(&(period, id.0.as_str())).map_or(Money::ZERO, |(_, part)| part.bonus());
        for rule in &version.rules {
            let large = rule.scope.min_amount.map(|min| large_sales(facts, sales, period, id, min));
            let cards = cards
                .iter()
                .filter(|card| rule.scope.segments.is_empty() || rule.scope.segments.contains(&card.segment))
                .filter(|card| large.as_ref().is_none_or(|parties| parties.contains(&card.party)));
            let (found, bands) = match &rule.kind {
                RuleKind::Completeness { bands } => (Measured::completeness(cards.map(|card| card.score)), bands),
                RuleKind::Freshness { fresh_days, bands } => {
                    let touches =
                        touches.entry((period, *fresh_days)).or_insert_with(|| Touches::of(facts, period, *fresh_days));
                    (Measured::freshness(cards.map(|card| touches.upkeep(card, version)), *fresh_days), bands)
                }
                _ => continue,
            };
            let Some(found) = found else { continue };
            let Some(band) = band_of(bands, found.share) else { continue };
            wanted.push(Wanted {
                key: EntryKey {
                    belongs_to: period,
                    employee: id.clone(),
                    subject: SUBJECT_PERIOD.to_owned(),
                    rule: rule.id.clone(),
                },
                amount: gives(band.premium, bonus),
                kind: EntryKind::Premium,
                policy_version: version.id.clone(),
                shadow: !reach.is_real(version, rule, employee, period.last_day()),
                evidence: Evidence {
                    document: Text::new(format!("за период {period}"), format!("period {period}")),
                    source: found.source,
                    snapshots: sources.snapshots.clone(),
                    status: found.share.bp().to_string(),
                    arithmetic: both(|lang| format!("{}, {}", found.words.get(lang), band_words(band, bonus, lang))),
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

/// What the cards of one employee come to.
struct Measured {
    share: Rate,
    source: Text,
    words: Text,
}

impl Measured {
    /// Mean of the scores; `None` without a card.
    fn completeness(scores: impl Iterator<Item = Rate>) -> Option<Self> {
        let scores: Vec<Rate> = scores.collect();
        let (share, count) = (mean(&scores)?, scores.len());
        let words = both(|lang| {
            let (mean, cards) = (say(lang, "средняя полнота", "mean completeness"), say(lang, "карточек", "cards"));
            format!("{mean} {} ({cards}: {count})", percent(share, lang))
        });
        Some(Self { share, source: cards_in_words(count), words })
    }

    /// Share of the fresh cards among those of which it is known; `None` without any.
    fn freshness(upkeep: impl Iterator<Item = Upkeep>, days: u32) -> Option<Self> {
        let (mut fresh, mut judged, mut unknown) = (0_i64, 0_i64, 0_i64);
        for own in upkeep {
            fresh += i64::from(own == Upkeep::Fresh);
            judged += i64::from(own != Upkeep::Unknown);
            unknown += i64::from(own == Upkeep::Unknown);
        }
        let share = Rate::of(fresh, judged)?;
        let words = both(|lang| {
            let (kept, of) = (say(lang, "обновлено за", "kept up within"), say(lang, "из", "of"));
            let (unit, cards) = (say(lang, "дн.", "days"), say(lang, "карточек", "cards"));
            let mut text = format!("{kept} {days} {unit} {fresh} {of} {judged} {cards} ({})", percent(share, lang));
            if unknown > 0 {
                let apart = say(lang, "не учтено без истории", "left out without a history");
                text.push_str(&format!(", {apart}: {unknown}"));
            }
            text
        });
        Some(Self { share, source: cards_in_words(usize::try_from(judged).unwrap_or_default()), words })
    }
}

/// What a band gives.
pub(super) fn gives(premium: Premium, bonus: Money) -> Money {
    match premium {
        Premium::Fixed(sum) => sum,
        Premium::ShareOfBonus(share) => bonus.share(share),
    }
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

/// Counterparties with one sale of the period of at least the amount. An exempt one, or one in another currency, brings no
/// card in, however large.
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
            let counts = own.status != Status::Exempt && period.contains(sale.date) && sale.amount >= min;
            counts && own.employee.as_ref() == Some(employee)
        })
        .map(|(_, own)| &own.party)
        .collect()
}

fn cards_in_words(count: usize) -> Text {
    Text::new(format!("карточек покупателей периода: {count}"), format!("cards of the period's buyers: {count}"))
}

/// The band with what it gives: `ступень 70 % – 90 %: 1 500,00`.
pub(super) fn band_words(band: &Band, bonus: Money, lang: Lang) -> String {
    let top = Rate::from_bp(band.to.bp().min(Rate::WHOLE.bp()));
    let range = format!("{} – {}", percent(band.from, lang), percent(top, lang));
    let amount = gives(band.premium, bonus);
    let sum = match band.premium {
        Premium::Fixed(_) => money(amount, lang),
        Premium::ShareOfBonus(share) => {
            format!("{} × {} = {}", money(bonus, lang), percent(share, lang), money(amount, lang))
        }
    };
    format!("{} {range}: {sum}", say(lang, "ступень", "band"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bp(list: &[i32]) -> Vec<Rate> {
        list.iter().copied().map(Rate::from_bp).collect()
    }

    #[test]
    fn a_mean_is_rounded_down_and_of_nothing_there_is_none() {
        for (scores, want) in [
            (&[][..], None),
            (&[0], Some(0)),
            (&[7_001], Some(7_001)),
            (&[7_001, 7_000], Some(7_000)),
            (&[10_000, 10_000, 9_999], Some(9_999)),
        ] {
            assert_eq!(mean(&bp(scores)), want.map(Rate::from_bp), "{scores:?}");
            let found = Measured::completeness(bp(scores).into_iter());
            assert_eq!(found.map(|own| own.share), want.map(Rate::from_bp), "{scores:?}");
        }
    }

    #[test]
    fn cards_of_an_unknown_past_count_neither_way() {
        use Upkeep::{Fresh, Stale, Unknown};
        let found = |list: &[Upkeep]| {
            Measured::freshness(list.iter().copied(), 10).map(|own| (own.share.bp(), own.source.en, own.words.en))
        };
        let says = |share: i32, judged: u32, words: &str| {
            Some((share, format!("cards of the period's buyers: {judged}"), words.to_owned()))
        };
        assert_eq!(found(&[]), None);
        assert_eq!(found(&[Unknown, Unknown]), None);
        assert_eq!(found(&[Fresh]), says(10_000, 1, "kept up within 10 days 1 of 1 cards (100%)"));
        assert_eq!(found(&[Stale, Stale]), says(0, 2, "kept up within 10 days 0 of 2 cards (0%)"));
        assert_eq!(
            found(&[Fresh, Unknown, Stale, Fresh, Unknown]),
            says(6_666, 3, "kept up within 10 days 2 of 3 cards (66.66%), left out without a history: 2")
        );
    }

    #[test]
    fn a_band_holds_from_its_lower_bound_to_before_its_upper_one() {
        let band = |from, to, sum| Band {
            from: Rate::from_bp(from),
            to: Rate::from_bp(to),
            premium: Premium::Fixed(Money::from_kopecks(sum)),
        };
        let bands = [band(1_000, 7_000, 1), band(7_000, 9_000, 2), band(9_000, 10_001, 3)];
        let found = |score: i32| {
            band_of(&bands, Rate::from_bp(score)).map(|own| gives(own.premium, Money::from_kopecks(500)).kopecks())
        };
        assert_eq!([-1, 0, 999, 1_000, 6_999].map(found), [None, None, None, Some(1), Some(1)]);
        assert_eq!([7_000, 8_999, 9_000, 10_000, 10_001].map(found), [Some(2), Some(2), Some(3), Some(3), None]);
        assert_eq!(band_words(&bands[2], Money::ZERO, Lang::En), "band 90% – 100%: 0.03");
        let share = Band { premium: Premium::ShareOfBonus(Rate::from_bp(1_000)), ..bands[0] };
        assert_eq!(gives(share.premium, Money::from_kopecks(125)), Money::from_kopecks(13));
        assert_eq!(band_words(&share, Money::from_kopecks(125), Lang::En), "band 10% – 70%: 1.25 × 10% = 0.13");
    }
}
