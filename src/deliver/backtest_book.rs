//! A back-test as a workbook: people, reasons, groups, periods. Deliberately absent: formulas, charts.

use chrono::{DateTime, Utc};

use super::{
    error::TemplateError,
    sheets::{Cell, Sheet, columns, single, text},
    words,
};
use crate::domain::{
    backtest::{Backtest, Client, Group, Row, Tenure},
    money::{Money, Rate},
    text::{Lang, Text},
    words::percent,
};

/// Words of a reason, `rule/status`.
pub fn reason(reason: &str) -> Text {
    let (rule, status) = reason.split_once('/').unwrap_or((reason, ""));
    let (rule, status) = (words::word(rule), words::word(status));
    Text::new(format!("{}: {}", rule.ru, status.ru), format!("{}: {}", rule.en, status.en))
}

/// Words of a group of people by time with the company.
pub fn tenure(tenure: Tenure) -> Text {
    let (ru, en) = match tenure {
        Tenure::UnderOne => ("меньше года", "less than a year"),
        Tenure::OneToThree => ("от года до трёх лет", "one to three years"),
        Tenure::OverThree => ("три года и больше", "three years and more"),
        Tenure::Unknown => ("дата приёма неизвестна", "day of hiring unknown"),
    };
    Text::new(ru, en)
}

/// Words of a type of client.
pub fn client(client: Client) -> Text {
    let (ru, en) = match client {
        Client::Organisation => ("организации", "organisations"),
        Client::Entrepreneur => ("предприниматели и физические лица", "entrepreneurs and persons"),
        Client::Unknown => ("ИНН не указан", "no tax number"),
    };
    Text::new(ru, en)
}

/// Every group of both sides: dimension, name, present, draft.
pub fn groups(test: &Backtest) -> Vec<(Text, Text, Group, Group)> {
    let mut all = Vec::new();
    let dimension = Text::new("стаж", "time with the company");
    for key in test.present.tenure.keys().chain(test.draft.tenure.keys()).collect::<std::collections::BTreeSet<_>>() {
        let of = |side: &crate::domain::backtest::Side| side.tenure.get(key).cloned().unwrap_or_default();
        all.push((dimension.clone(), tenure(*key), of(&test.present), of(&test.draft)));
    }
    let dimension = Text::new("отдел", "department");
    for key in
        test.present.departments.keys().chain(test.draft.departments.keys()).collect::<std::collections::BTreeSet<_>>()
    {
        let of = |side: &crate::domain::backtest::Side| side.departments.get(key).cloned().unwrap_or_default();
        let name =
            if key.is_empty() { Text::new("без отдела", "no department") } else { Text::same(key.clone()) };
        all.push((dimension.clone(), name, of(&test.present), of(&test.draft)));
    }
    let dimension = Text::new("клиенты", "clients");
    for key in test.present.clients.keys().chain(test.draft.clients.keys()).collect::<std::collections::BTreeSet<_>>() {
        let of = |side: &crate::domain::backtest::Side| side.clients.get(key).cloned().unwrap_or_default();
        all.push((dimension.clone(), client(*key), of(&test.present), of(&test.draft)));
    }
    all
}

fn share(rate: Option<Rate>, lang: Lang) -> Cell {
    rate.map_or(Cell::Empty, |rate| Cell::Text(percent(rate, lang)))
}

/// The workbook.
pub fn write(test: &Backtest, rows: &[Row], lang: Lang, now: DateTime<Utc>) -> Result<Vec<u8>, TemplateError> {
    let pick = |ru, en| if lang == Lang::Ru { ru } else { en };
    let people = Sheet {
        name: pick("Сотрудники", "People"),
        columns: &columns(
            lang,
            &[
                ("Табельный номер", "Personnel number", 14.0),
                ("Сотрудник", "Employee", 28.0),
                ("Отдел", "Department", 20.0),
                ("Премия сейчас", "Bonus now", 16.0),
                ("Премия по проекту", "Bonus by the draft", 16.0),
                ("Снижения сейчас", "Reductions now", 16.0),
                ("Снижения по проекту", "Reductions by the draft", 16.0),
                ("Отложено по проекту", "Deferred by the draft", 16.0),
                ("Доплаты сейчас", "Premiums now", 16.0),
                ("Доплаты по проекту", "Premiums by the draft", 16.0),
                ("Возврат сверх предела сейчас", "Relief now", 16.0),
                ("Возврат сверх предела по проекту", "Relief by the draft", 16.0),
                ("Итого сейчас", "Total now", 16.0),
                ("Итого по проекту", "Total by the draft", 16.0),
                ("Разница", "Difference", 16.0),
                ("Доля премии сейчас", "Share of the bonus now", 12.0),
                ("Доля премии по проекту", "Share of the bonus by the draft", 12.0),
                ("Неясных строк", "Uncertain lines", 12.0),
                ("Периодов выше предела", "Periods above the cap", 12.0),
                ("Главные причины", "Top reasons", 60.0),
            ],
        ),
        rows: rows.iter().map(|row| person(row, lang)).collect(),
    };
    let (present, draft) = (&test.present, &test.draft);
    let reasons: std::collections::BTreeSet<&String> = present.reasons.keys().chain(draft.reasons.keys()).collect();
    let sum =
        |side: &std::collections::BTreeMap<String, Money>, key: &String| side.get(key).copied().unwrap_or_default();
    let why = Sheet {
        name: pick("Причины", "Reasons"),
        columns: &columns(
            lang,
            &[("Причина", "Reason", 60.0), ("Сейчас", "Now", 18.0), ("По проекту", "By the draft", 18.0)],
        ),
        rows: reasons
            .into_iter()
            .map(|key| {
                let (now, then) = (sum(&present.reasons, key), sum(&draft.reasons, key));
                vec![text(reason(key).get(lang)), Cell::Money(now), Cell::Money(then)]
            })
            .collect(),
    };
    let fair = Sheet {
        name: pick("Равенство", "Fairness"),
        columns: &columns(
            lang,
            &[
                ("Признак", "By", 20.0),
                ("Группа", "Group", 34.0),
                ("Людей", "People", 10.0),
                ("Продаж", "Sales", 10.0),
                ("Оборот", "Turnover", 18.0),
                ("Снижено продаж сейчас", "Sales reduced now", 14.0),
                ("Снижено продаж по проекту", "Sales reduced by the draft", 14.0),
                ("Снижения сейчас", "Reductions now", 16.0),
                ("Снижения по проекту", "Reductions by the draft", 16.0),
                ("От оборота сейчас", "Of turnover now", 12.0),
                ("От оборота по проекту", "Of turnover by the draft", 12.0),
            ],
        ),
        rows: groups(test)
            .into_iter()
            .map(|(by, name, now, then)| {
                vec![
                    text(by.get(lang)),
                    text(name.get(lang)),
                    Cell::Number(then.people.len() as i64),
                    Cell::Number(then.sales.into()),
                    Cell::Money(then.turnover),
                    share(now.reduced_share(), lang),
                    share(then.reduced_share(), lang),
                    Cell::Money(now.reductions),
                    Cell::Money(then.reductions),
                    share(now.per_turnover(), lang),
                    share(then.per_turnover(), lang),
                ]
            })
            .collect(),
    };
    let periods = Sheet {
        name: pick("Периоды", "Periods"),
        columns: &columns(
            lang,
            &[("Период", "Period", 12.0), ("Сейчас", "Now", 18.0), ("По проекту", "By the draft", 18.0)],
        ),
        rows: test
            .periods
            .iter()
            .map(|period| {
                let of = |side: &crate::domain::backtest::Side| side.periods.get(period).copied().unwrap_or_default();
                vec![Cell::Text(period.to_string()), Cell::Money(of(present)), Cell::Money(of(draft))]
            })
            .collect(),
    };
    single(&[people, why, fair, periods], now)
}

fn person(row: &Row, lang: Lang) -> Vec<Cell> {
    let (now, then) = (&row.present, &row.draft);
    let top: Vec<String> = then.top(3).into_iter().map(|(key, _)| reason(key).get(lang).to_owned()).collect();
    let mut cells = vec![text(&row.id.0), text(&row.name), text(&row.department)];
    let sums = [
        now.bonus,
        then.bonus,
        now.reductions,
        then.reductions,
        then.deferrals,
        now.premiums,
        then.premiums,
        now.relief,
        then.relief,
        now.total(),
        then.total(),
        then.total() - now.total(),
    ];
    cells.extend(sums.map(Cell::Money));
    cells.extend([share(now.share(), lang), share(then.share(), lang)]);
    cells.extend([Cell::Number(then.uncertain.into()), Cell::Number(then.capped.into())]);
    cells.push(text(&top.join("; ")));
    cells
}
