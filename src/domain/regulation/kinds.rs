//! What each kind of rule says: the condition, the formula, a worked example, the ground. Deliberately absent: scope and
//! trial (`rules`), arithmetic of its own: examples use the functions that pay.

use super::{Block, Input, Table, example, kinds_more, terms::deadline_words};
use crate::domain::{
    money::{Money, Rate},
    policy::{Band, Premium, Rule, RuleKind},
    text::{Lang, Text},
    words::{both, money, percent, say},
};

/// Title of a clause.
pub(super) fn title(kind: &RuleKind) -> Text {
    match kind {
        RuleKind::MissingCounterparty { .. } => {
            Text::new("Карточка покупателя внесена в срок", "The buyer's card in time")
        }
        RuleKind::Completeness { .. } => Text::new("Премия за полноту карточек", "Premium for complete cards"),
        RuleKind::Freshness { .. } => Text::new("Премия за актуальность карточек", "Premium for fresh cards"),
        RuleKind::DealApproval { .. } => {
            Text::new("Одобрение сделки руководителем", "Approval of the deal by the head")
        }
        RuleKind::CallRecording { .. } => Text::new("Премия за записанные звонки", "Premium for recorded calls"),
        RuleKind::Contest { .. } => Text::new("Конкурс", "Contest"),
        RuleKind::Cap { .. } => Text::new("Предел снижений", "Limit of reductions"),
    }
}

/// What the clause says.
pub(super) fn blocks(rule: &Rule, input: &Input<'_>) -> Vec<Block> {
    match &rule.kind {
        RuleKind::MissingCounterparty { missing, late, exclude_from_kpi } => {
            missing_card(rule, input, *missing, *late, *exclude_from_kpi)
        }
        RuleKind::Completeness { bands } => completeness(rule, input, bands),
        RuleKind::Freshness { fresh_days, bands } => kinds_more::freshness(rule, input, *fresh_days, bands),
        RuleKind::DealApproval { escalate_working_days } => kinds_more::approval(rule, input, *escalate_working_days),
        RuleKind::CallRecording { min_seconds, match_minutes, per_recorded, bands } => {
            kinds_more::calls(rule, input, (*min_seconds, *match_minutes), *per_recorded, bands)
        }
        RuleKind::Contest { by, prizes } => kinds_more::contest(rule, input, *by, prizes),
        RuleKind::Cap { cap } => limit(rule, input, *cap),
    }
}

fn missing_card(rule: &Rule, input: &Input<'_>, missing: Rate, late: Rate, kpi: bool) -> Vec<Block> {
    let days = input.version.grace_working_days;
    let condition = both(|lang| {
        let until = deadline_words(days, lang);
        match lang {
            Lang::Ru => {
                format!("Премия по продаже начисляется полностью, если карточка покупателя внесена в CRM {until}.")
            }
            Lang::En => format!("The bonus of a sale is accrued in full when the buyer's card is in the CRM {until}."),
        }
    });
    let mut grounds = vec![both(|lang| accrued(missing, lang, absent(lang)))];
    grounds.push(both(|lang| accrued(late, lang, late_words(lang))));
    if kpi {
        grounds.push(Text::new(
            "такая продажа не засчитывается в выполнение плана",
            "such a sale does not count in the plan",
        ));
    }
    let (bonus, chain) = example::invented_bonus(input.version);
    let text = example::or_invented(input.examples, &rule.id, |lang| {
        format!(
            "{}; {} × {} = {}",
            chain(lang),
            money(bonus, lang),
            percent(missing, lang),
            money(bonus.share(missing), lang)
        )
    });
    vec![
        Block::Paragraph(condition),
        Block::List(grounds),
        Block::Formula(Text::new(
            "снижение премии = премия по продаже × доля; премия к начислению = премия по продаже − снижение премии",
            "bonus reduction = bonus of the sale × share; bonus accrued = bonus of the sale − bonus reduction",
        )),
        Block::Example(text),
        Block::Paragraph(Text::new(
            "Основание: строка выгрузки учётной системы (файл, лист, строка) и данные CRM на день расчёта. Если наличие карточки \
             не доказано и не опровергнуто, премия не снижается до решения человека. Карточка, внесённая позже, меняет расчёт.",
            "Ground: the row of the accounting export (file, sheet, row) and the CRM's data of the day of computing. Where it is \
             neither proven nor disproven that the card is there, nothing is reduced until a person decides. A card entered later \
             changes the computation.",
        )),
    ]
}

const fn absent(lang: Lang) -> &'static str {
    say(lang, "если к этому сроку карточки нет", "when there is no card by then")
}

const fn late_words(lang: Lang) -> &'static str {
    say(lang, "если карточка внесена позже срока", "when the card was entered after that")
}

/// How much is accrued at this share of reduction.
fn accrued(share: Rate, lang: Lang, when: &str) -> String {
    let rest = Rate::from_bp(Rate::WHOLE.bp() - share.bp());
    match (share.bp(), lang) {
        (0, Lang::Ru) => format!("{when}, премия по продаже начисляется полностью"),
        (0, Lang::En) => format!("{when}, the bonus of the sale is accrued in full"),
        (10_000, Lang::Ru) => format!("{when}, премия по этой продаже не начисляется"),
        (10_000, Lang::En) => format!("{when}, the bonus of that sale is not accrued"),
        (_, Lang::Ru) => format!(
            "{when}, премия по этой продаже начисляется в размере {} (не начисляется {})",
            percent(rest, lang),
            percent(share, lang)
        ),
        (_, Lang::En) => format!(
            "{when}, {} of the bonus of that sale is accrued ({} is not)",
            percent(rest, lang),
            percent(share, lang)
        ),
    }
}

fn completeness(rule: &Rule, input: &Input<'_>, bands: &[Band]) -> Vec<Block> {
    vec![
        Block::Paragraph(Text::new(
            "За полноту карточек покупателей, которым сотрудник продавал в периоде, начисляется премия. Показатель — средняя \
             полнота этих карточек на закрытие периода, с округлением вниз.",
            "Complete cards of the buyers to whom an employee sold in the period earn a premium. The figure is the mean \
             completeness of those cards at the close of the period, rounded down.",
        )),
        Block::Table(table(Text::new("Средняя полнота", "Mean completeness"), bands)),
        Block::Example(best_band(rule, input, bands)),
    ]
}

/// An example of the highest band.
pub(super) fn best_band(rule: &Rule, input: &Input<'_>, bands: &[Band]) -> Text {
    let bonus = Money::from_kopecks(50_000_00);
    example::or_invented(input.examples, &rule.id, |lang| {
        let Some(band) = bands.last() else { return String::new() };
        let from = percent(band.from, lang);
        match (band.premium, lang) {
            (Premium::Fixed(sum), Lang::Ru) => format!("показатель {from}, премия {}", money(sum, lang)),
            (Premium::Fixed(sum), Lang::En) => format!("figure {from}, premium {}", money(sum, lang)),
            (Premium::ShareOfBonus(share), _) => format!(
                "{from}: {} × {} = {}",
                money(bonus, lang),
                percent(share, lang),
                money(bonus.share(share), lang)
            ),
        }
    })
}

/// Bands as a table; the upper bound belongs to the next band, in the last to the band itself.
pub(super) fn table(figure: Text, bands: &[Band]) -> Table {
    let row = |band: &Band| vec![both(|lang| range(band, lang)), both(|lang| premium(band.premium, lang))];
    Table {
        title: Text::default(),
        columns: vec![figure, Text::new("Премия за период", "Premium of the period")],
        rows: bands.iter().map(row).collect(),
    }
}

/// «от 70 % до 90 %».
pub(super) fn range(band: &Band, lang: Lang) -> String {
    let (from, to) = (percent(band.from, lang), percent(Rate::from_bp(band.to.bp().min(Rate::WHOLE.bp())), lang));
    match (band.to > Rate::WHOLE, lang) {
        (true, Lang::Ru) => format!("от {from} до {to} включительно"),
        (true, Lang::En) => format!("from {from} to {to}, inclusive"),
        (false, Lang::Ru) => format!("от {from}, меньше {to}"),
        (false, Lang::En) => format!("from {from}, below {to}"),
    }
}

/// A premium in words.
pub(super) fn premium(premium: Premium, lang: Lang) -> String {
    match premium {
        Premium::Fixed(sum) if sum.is_zero() => say(lang, "не начисляется", "none").to_owned(),
        Premium::Fixed(sum) => money(sum, lang),
        Premium::ShareOfBonus(share) if share == Rate::ZERO => say(lang, "не начисляется", "none").to_owned(),
        Premium::ShareOfBonus(share) => {
            format!("{} {}", percent(share, lang), say(lang, "премии за период", "of the period's bonus"))
        }
    }
}

fn limit(rule: &Rule, input: &Input<'_>, cap: Rate) -> Vec<Block> {
    let bonus = Money::from_kopecks(50_000_00);
    let text = example::or_invented(input.examples, &rule.id, |lang| {
        let name = say(lang, "предел", "limit");
        format!("{name}: {} × {} = {}", money(bonus, lang), percent(cap, lang), money(bonus.share(cap), lang))
    });
    vec![
        Block::Paragraph(both(|lang| {
            let cap = percent(cap, lang);
            match lang {
                Lang::Ru => format!(
                    "Снижения премии одного сотрудника, относящиеся к одному периоду, вместе не превышают {cap} его премии за \
                     этот период. Что выше предела, начисляется и на другие периоды не переносится."
                ),
                Lang::En => format!(
                    "The bonus reductions of one employee that belong to one period together do not exceed {cap} of that \
                     period's bonus. What exceeds the limit is accrued and is not carried over."
                ),
            }
        })),
        Block::Formula(Text::new(
            "снижение за период ≤ премия за период × предел",
            "reduction of the period ≤ bonus of the period × limit",
        )),
        Block::Example(text),
    ]
}

/// Every setting of a kind, as name and value: what a comparison of versions tells.
pub(super) fn settings(kind: &RuleKind) -> Vec<(Text, Text)> {
    let share = |rate: Rate| both(|lang| percent(rate, lang));
    let plain = |number: u32| Text::same(number.to_string());
    match kind {
        RuleKind::MissingCounterparty { missing, late, exclude_from_kpi } => vec![
            (Text::new("не начисляется без карточки", "not accrued without a card"), share(*missing)),
            (Text::new("не начисляется при внесении позже срока", "not accrued when entered late"), share(*late)),
            (
                Text::new("продажа засчитывается в план", "the sale counts in the plan"),
                both(|lang| {
                    say(
                        lang,
                        if *exclude_from_kpi { "нет" } else { "да" },
                        if *exclude_from_kpi { "no" } else { "yes" },
                    )
                    .to_owned()
                }),
            ),
        ],
        RuleKind::Completeness { bands } => vec![steps(bands)],
        RuleKind::Freshness { fresh_days, bands } => {
            vec![(Text::new("дней актуальности", "days of freshness"), plain(*fresh_days)), steps(bands)]
        }
        RuleKind::DealApproval { escalate_working_days } => {
            let name = Text::new("рабочих дней до напоминания руководителю", "working days until the head is reminded");
            vec![(name, plain(*escalate_working_days))]
        }
        RuleKind::CallRecording { min_seconds, match_minutes, per_recorded, bands } => vec![
            (Text::new("звонок не короче, секунд", "a call of at least, seconds"), plain(*min_seconds)),
            (Text::new("запись не дальше от звонка, минут", "a record at most away, minutes"), plain(*match_minutes)),
            (Text::new("за записанный звонок", "for a recorded call"), both(|lang| money(*per_recorded, lang))),
            steps(bands),
        ],
        RuleKind::Contest { by, prizes } => {
            let list = both(|lang| prizes.iter().map(|prize| money(*prize, lang)).collect::<Vec<_>>().join("; "));
            vec![
                (Text::new("показатель", "figure"), kinds_more::ranked(*by)),
                (Text::new("призы по местам", "prizes by place"), list),
            ]
        }
        RuleKind::Cap { cap } => vec![(Text::new("предел снижений", "limit of reductions"), share(*cap))],
    }
}

/// Bands as one setting.
fn steps(bands: &[Band]) -> (Text, Text) {
    let value = both(|lang| {
        let told: Vec<String> =
            bands.iter().map(|band| format!("{}: {}", range(band, lang), premium(band.premium, lang))).collect();
        told.join("; ")
    });
    (Text::new("ступени", "bands"), value)
}
