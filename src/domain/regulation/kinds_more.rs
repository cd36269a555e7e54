//! What the kinds beyond the card itself say: freshness, approval of deals, calls, contests. Deliberately absent: arithmetic
//! of its own.

use super::{
    Block, Input, Table, example,
    kinds::{best_band, table},
};
use crate::domain::{
    money::{Money, Rate},
    policy::{Band, ContestBy, Rule},
    text::{Lang, Text},
    words::{both, money, say},
};

pub(super) fn freshness(rule: &Rule, input: &Input<'_>, days: u32, bands: &[Band]) -> Vec<Block> {
    vec![
        Block::Paragraph(Text::new(
            format!(
                "За актуальные карточки покупателей, которым сотрудник продавал в периоде, начисляется премия. Карточка \
                 актуальна, если за {days} дней до конца периода в ней изменилось учитываемое поле или с клиентом велась \
                 работа (дело, звонок)."
            ),
            format!(
                "Fresh cards of the buyers to whom an employee sold in the period earn a premium. A card is fresh when, within \
                 the {days} days before the period ends, a tracked field really changed or something was done with the client \
                 (activity, call)."
            ),
        )),
        Block::Table(table(Text::new("Доля актуальных карточек", "Share of fresh cards"), bands)),
        Block::Example(best_band(rule, input, bands)),
    ]
}

pub(super) fn approval(rule: &Rule, input: &Input<'_>, days: u32) -> Vec<Block> {
    let (bonus, chain) = example::invented_bonus(input.version);
    let text = example::or_invented(input.examples, &rule.id, |lang| {
        let (wait, sum) = (say(lang, "откладывается до одобрения", "deferred until approval"), money(bonus, lang));
        format!("{}; {wait} {sum}", chain(lang))
    });
    vec![
        Block::Paragraph(Text::new(
            "Премия по продаже начисляется и продажа засчитывается в план после того, как руководитель (не сам сотрудник) одобрил \
             историю сделки. До одобрения премия отложена; после одобрения начисляется полностью.",
            "The bonus of a sale is accrued, and the sale counts in the plan, once the head (never the employee himself) has \
             approved the history of the deal. Until then the bonus is deferred; after that it is accrued in full.",
        )),
        Block::Paragraph(Text::new(
            format!(
                "Руководитель решает за {days} рабочих дней после дня продажи; затем ему напоминают. Возвращая сделку, он \
                 называет, чего не хватает. Молчание руководителя сделку не одобряет."
            ),
            format!(
                "The head decides within {days} working days after the day of the sale and is then reminded. Returning a deal he \
                 names what is missing. Silence of the head approves nothing."
            ),
        )),
        Block::Formula(Text::new(
            "отложено = премия по продаже; после одобрения отложено = 0",
            "deferred = bonus of the sale; after approval deferred = 0",
        )),
        Block::Example(text),
        Block::Paragraph(Text::new(
            "Основание: решение руководителя с датой и автором или его отсутствие.",
            "Ground: the head's decision with its date and author, or its absence.",
        )),
    ]
}

pub(super) fn calls(
    rule: &Rule,
    input: &Input<'_>,
    (seconds, minutes): (u32, u32),
    per_recorded: Money,
    bands: &[Band],
) -> Vec<Block> {
    let mut blocks = vec![Block::Paragraph(Text::new(
        format!(
            "За звонки, записанные в CRM, начисляется премия. Считаются звонки от {seconds} секунд по данным телефонии; звонок \
             записан, если в CRM есть дело того же сотрудника с тем же номером не дальше {minutes} минут. День без данных \
             телефонии не учитывается."
        ),
        format!(
            "Calls that are recorded in the CRM earn a premium. Calls of at least {seconds} seconds count, by telephony; a call is \
             recorded when the CRM has an activity of the same employee with the same number at most {minutes} minutes away. A \
             day without data of telephony does not count."
        ),
    ))];
    if !per_recorded.is_zero() {
        blocks.push(Block::Formula(both(|lang| {
            let (sum, calls) = (money(per_recorded, lang), say(lang, "записанные звонки", "recorded calls"));
            format!("{} = {calls} × {sum}", say(lang, "премия", "premium"))
        })));
    }
    if !bands.is_empty() {
        blocks.push(Block::Table(table(Text::new("Доля записанных звонков", "Share of recorded calls"), bands)));
    }
    let hundred = Money::from_kopecks(per_recorded.kopecks().saturating_mul(100));
    blocks.push(Block::Example(if per_recorded.is_zero() {
        best_band(rule, input, bands)
    } else {
        example::or_invented(input.examples, &rule.id, |lang| {
            format!("100 × {} = {}", money(per_recorded, lang), money(hundred, lang))
        })
    }));
    blocks
}

/// What a contest ranks.
pub(super) fn ranked(by: ContestBy) -> Text {
    let (ru, en) = match by {
        ContestBy::CardScore => ("средняя полнота карточек периода", "mean completeness of the period's cards"),
        ContestBy::Streak => (
            "самая длинная серия продаж, карточки которых внесены в срок",
            "longest run of sales whose cards were entered in time",
        ),
        ContestBy::Votes => ("голоса жюри", "votes of the jury"),
    };
    Text::new(ru, en)
}

pub(super) fn contest(rule: &Rule, input: &Input<'_>, by: ContestBy, prizes: &[Money]) -> Vec<Block> {
    let figure = ranked(by);
    let row =
        |(place, prize): (usize, &Money)| vec![Text::same((place + 1).to_string()), both(|lang| money(*prize, lang))];
    let text = example::or_invented(input.examples, &rule.id, |lang| {
        let first = prizes.first().copied().unwrap_or_default();
        let second = prizes.get(1).copied().unwrap_or_default();
        // Two who tie share the prizes of both places.
        let half = (first + second).share(Rate::from_bp(5_000));
        let (sum, more, less) = (money(first + second, lang), money(half, lang), money(first + second - half, lang));
        let (one, two) = (money(first, lang), money(second, lang));
        match lang {
            Lang::Ru if more == less => format!("первое место делят двое: ({one} + {two}) = {sum}; каждому {more}"),
            Lang::Ru => format!("первое место делят двое: ({one} + {two}) = {sum}; одному {more}, другому {less}"),
            Lang::En if more == less => format!("two share the first place: ({one} + {two}) = {sum}; {more} each"),
            Lang::En => format!("two share the first place: ({one} + {two}) = {sum}; {more} and {less}"),
        }
    });
    vec![
        Block::Paragraph(Text::new(
            format!(
                "По итогам периода начисляются призы по местам. Показатель: {}. Равные делят призы своих мест поровну; копейки, \
                 которые не делятся, получают по одной в порядке табельных номеров.",
                figure.ru
            ),
            format!(
                "Prizes by place are accrued for the period. Figure: {}. Those who tie share the prizes of their places equally; \
                 kopecks that cannot be shared go one each in the order of personnel numbers.",
                figure.en
            ),
        )),
        Block::Table(Table {
            title: Text::default(),
            columns: vec![Text::new("Место", "Place"), Text::new("Приз", "Prize")],
            rows: prizes.iter().enumerate().map(row).collect(),
        }),
        Block::Example(text),
    ]
}
