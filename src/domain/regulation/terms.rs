//! Section 3: the bonus of a sale, the time for the card, who is not judged, what a card must hold. The five clauses are
//! always there, so that their numbers stay. Deliberately absent: rules (`rules`).

use super::{Block, Clause, Input, Section, Table, example};
use crate::domain::{
    policy::{BonusBase, PolicyVersion, Profile, Segment, Tier, Tiers, TurnoverTake},
    text::{Lang, Text},
    words::{both, money, percent, say},
};

pub(super) fn section(input: &Input<'_>) -> Section {
    let version = input.version;
    let clauses = vec![
        Clause::titled(Text::new("Премия по продаже", "The bonus of a sale"), bonus(input)),
        Clause::titled(
            Text::new("Возвраты", "Returns"),
            vec![Block::Paragraph(Text::new(
                "Возврат уменьшает премию и её снижение на ту же долю, что и продажу; продажа, возвращённая целиком, на премию \
                 не влияет.",
                "A return lowers the bonus and its reduction by the same share as the sale; a sale that came back in full \
                 does not touch the bonus.",
            ))],
        ),
        Clause::titled(
            Text::new("Срок внесения карточки", "Time for the card"),
            vec![Block::Paragraph(grace(version))],
        ),
        Clause::titled(Text::new("Кто не проверяется", "Who is not judged"), exempt(version)),
        Clause::titled(
            Text::new("Группы покупателей и состав карточки", "Groups of buyers, and what a card holds"),
            cards(version),
        ),
    ];
    Section::new(
        3,
        Text::new("Премия по продаже и карточка покупателя", "The bonus of a sale and the buyer's card"),
        clauses,
    )
}

/// What the rate is applied to, in words.
pub(super) fn base_words(base: BonusBase, lang: Lang) -> &'static str {
    match base {
        BonusBase::WithVat => say(lang, "сумма продажи с НДС", "amount of the sale with VAT"),
        BonusBase::WithoutVat => say(lang, "сумма продажи без НДС", "amount of the sale without VAT"),
        BonusBase::Margin => say(lang, "маржа продажи", "margin of the sale"),
        BonusBase::Column => say(lang, "премия, указанная в учётной системе", "bonus stated by the accounting system"),
    }
}

fn bonus(input: &Input<'_>) -> Vec<Block> {
    let version = input.version;
    let terms = &version.bonus;
    let formula = both(|lang| {
        let base = base_words(terms.base, lang);
        let name = say(lang, "премия по продаже", "bonus of the sale");
        if terms.base == BonusBase::Column {
            format!("{name} = {base}")
        } else {
            format!("{name} = {base} × {}", percent(terms.rate, lang))
        }
    });
    let mut blocks = vec![
        Block::Paragraph(Text::new(
            "За каждую продажу начисляется премия. Она округляется до копейки один раз; премия за период — сумма премий по \
             его продажам.",
            "Every sale earns a bonus. It is rounded to a kopeck once; the bonus of a period is the sum of the bonuses of its \
             sales.",
        )),
        Block::Formula(formula),
    ];
    if !terms.department_rates.is_empty() && terms.base != BonusBase::Column {
        blocks.push(Block::Table(Table {
            title: Text::new("Ставки подразделений", "Rates of departments"),
            columns: vec![Text::new("Подразделение", "Department"), Text::new("Ставка", "Rate")],
            rows: terms
                .department_rates
                .iter()
                .map(|(name, rate)| vec![Text::same(name.clone()), both(|lang| percent(*rate, lang))])
                .collect(),
        }));
    }
    if !terms.tiers.is_empty() && terms.base != BonusBase::Column {
        blocks.push(Block::Paragraph(both(|lang| {
            let measured = base_words(terms.plan_base, lang);
            match lang {
                Lang::Ru => format!(
                    "Если сотруднику установлен план на период, ставка всех его продаж периода зависит от выполнения плана \
                     (показатель плана: {measured}); без плана действует ставка выше."
                ),
                Lang::En => format!(
                    "Where an employee has a plan for the period, the rate of all his sales of the period follows from how far \
                     it is met (measured in: {measured}); without a plan the rate above holds."
                ),
            }
        })));
        blocks.extend(terms.tiers.iter().map(|tiers| Block::Table(tier_table(tiers))));
    }
    let (_, invented) = example::invented_bonus(version);
    blocks.push(Block::Example(example::or_invented(input.examples, example::BONUS, invented)));
    blocks
}

/// Whom tiers concern.
pub(super) fn tiers_name(tiers: &Tiers) -> Text {
    match &tiers.department {
        None => Text::new("ставки по выполнению плана", "rates by the plan met"),
        Some(name) => Text::new(
            format!("ставки по выполнению плана, подразделение «{name}»"),
            format!("rates by the plan met, department “{name}”"),
        ),
    }
}

/// Tiers on one line.
pub(super) fn steps(tiers: &Tiers, lang: Lang) -> String {
    let step =
        |tier: &Tier| format!("{} {}: {}", say(lang, "от", "from"), percent(tier.from, lang), percent(tier.rate, lang));
    tiers.steps.iter().map(step).collect::<Vec<_>>().join("; ")
}

fn tier_table(tiers: &Tiers) -> Table {
    let name = tiers_name(tiers);
    let row = |tier: &Tier| {
        vec![
            both(|lang| format!("{} {}", say(lang, "от", "from"), percent(tier.from, lang))),
            both(|lang| percent(tier.rate, lang)),
        ]
    };
    Table {
        title: name,
        columns: vec![Text::new("Выполнение плана", "Plan met"), Text::new("Ставка", "Rate")],
        rows: tiers.steps.iter().map(row).collect(),
    }
}

/// Until when a card has to be there, in words that rules repeat.
pub(super) fn deadline_words(days: u32, lang: Lang) -> String {
    match (days, lang) {
        (0, Lang::Ru) => "до конца дня продажи".to_owned(),
        (0, Lang::En) => "by the end of the day of the sale".to_owned(),
        (n, Lang::Ru) => format!("до конца {n}-го рабочего дня после дня продажи"),
        (n, Lang::En) => format!("by the end of working day {n} after the day of the sale"),
    }
}

fn grace(version: &PolicyVersion) -> Text {
    both(|lang| {
        let until = deadline_words(version.grace_working_days, lang);
        match lang {
            Lang::Ru => format!("Менеджер вносит карточку покупателя в CRM {until}."),
            Lang::En => format!("The manager enters the buyer's card in the CRM {until}."),
        }
    })
}

fn exempt(version: &PolicyVersion) -> Vec<Block> {
    if version.exempt.is_empty() {
        return vec![Block::Paragraph(Text::new("Исключений нет.", "There are no exemptions."))];
    }
    let item = |class: &crate::domain::policy::ExemptClass| {
        let listed: Vec<&str> = class.names.iter().chain(&class.inns).chain(&class.codes).map(String::as_str).collect();
        Text::same(if listed.is_empty() {
            class.name.clone()
        } else {
            format!("{}: {}", class.name, listed.join(", "))
        })
    };
    vec![
        Block::Paragraph(Text::new(
            "Карточка не требуется, и премия не снижается по продажам:",
            "No card is asked for and no bonus is reduced for sales to:",
        )),
        Block::List(version.exempt.iter().map(item).collect()),
    ]
}

fn cards(version: &PolicyVersion) -> Vec<Block> {
    let mut blocks = Vec::new();
    if version.segments.is_empty() {
        blocks.push(Block::Paragraph(Text::new(
            "Особых требований к отдельным группам покупателей нет.",
            "There are no special demands for groups of buyers.",
        )));
    } else {
        blocks.push(Block::Paragraph(Text::new(
            "Группы покупателей (покупатель относится к первой подходящей):",
            "Groups of buyers (a buyer belongs to the first that fits):",
        )));
        blocks.push(Block::List(version.segments.iter().map(segment).collect()));
    }
    for profile in &version.profiles {
        blocks.push(Block::Table(fields(profile)));
    }
    if !version.profiles.is_empty() {
        blocks.push(Block::Paragraph(Text::new(
            "Полнота карточки — вес заполненных полей, делённый на вес всех полей, с округлением вниз. Поле с явно \
             недействительным значением не заполнено.",
            "The completeness of a card is the weight of its filled fields divided by the weight of all, rounded down. A field \
             with a plainly invalid value is not filled.",
        )));
    }
    blocks
}

/// Who is in a group of buyers, in words.
pub(super) fn segment(segment: &Segment) -> Text {
    let mut ways: Vec<Text> = Vec::new();
    if !segment.members.is_empty() {
        ways.push(Text::same(segment.members.join(", ")));
    }
    if let Some((column, value)) = &segment.crm_flag {
        ways.push(Text::new(
            format!("в CRM указано «{column}» = «{value}»"),
            format!("the CRM says “{column}” = “{value}”"),
        ));
    }
    if let Some(turnover) = segment.turnover {
        let months = turnover.months;
        ways.push(both(|lang| match (turnover.take, lang) {
            (TurnoverTake::Top(n), Lang::Ru) => format!("первые {n} по обороту за {months} мес. до начала периода"),
            (TurnoverTake::Top(n), Lang::En) => {
                format!("the first {n} by turnover of the {months} months before the period")
            }
            (TurnoverTake::AtLeast(sum), Lang::Ru) => {
                format!("оборот за {months} мес. до начала периода не меньше {}", money(sum, lang))
            }
            (TurnoverTake::AtLeast(sum), Lang::En) => {
                format!("turnover of the {months} months before the period of at least {}", money(sum, lang))
            }
        }));
    }
    if let Some(months) = segment.new_months {
        ways.push(Text::new(
            format!("первая продажа не раньше чем за {months} мес. до начала периода"),
            format!("first sold to within the {months} months before the period"),
        ));
    }
    let join = |lang: Lang, or: &str| ways.iter().map(|way| way.get(lang).to_owned()).collect::<Vec<_>>().join(or);
    let name = &segment.name;
    Text::new(format!("«{name}»: {}", join(Lang::Ru, "; или ")), format!("“{name}”: {}", join(Lang::En, "; or ")))
}

fn fields(profile: &Profile) -> Table {
    let name = &profile.segment;
    let title = if name == "all" {
        Text::new("Карточка покупателя", "The buyer's card")
    } else {
        Text::new(format!("Карточка покупателя группы «{name}»"), format!("The card of a buyer of the group “{name}”"))
    };
    Table {
        title,
        columns: vec![Text::new("Поле", "Field"), Text::new("Вес", "Weight")],
        rows: profile.fields.iter().map(|f| vec![field(&f.field), Text::same(f.weight.to_string())]).collect(),
    }
}

/// A field of a card in words; a column of the CRM stands for itself.
pub fn field(code: &str) -> Text {
    let (ru, en) = match code {
        "title" => ("название", "name"),
        "inn" => ("ИНН", "tax number (ИНН)"),
        "kpp" => ("КПП", "КПП"),
        "phone" => ("телефон", "phone"),
        "email" => ("электронная почта", "e-mail"),
        "city" => ("город", "town"),
        "responsible" => ("ответственный", "responsible person"),
        "contact" => ("контактное лицо", "contact person"),
        "deal" => ("сделка", "deal"),
        "activity" => ("дело или звонок", "activity"),
        other => return Text::same(other),
    };
    Text::new(ru, en)
}
