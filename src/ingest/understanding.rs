//! How a table was understood, in sentences that an accountant can say yes or no to. Deliberately absent: numbers that
//! the result prints anyway.

use super::{choose::Found, layout::LevelsFrom, shape::Shape};
use crate::domain::{
    inbox::{AccountingTable, Grain},
    text::Text,
};

/// Name of a role for people.
pub fn role(role: &str) -> Text {
    let (ru, en) = match role {
        "organisation" => ("организация", "organisation"),
        "department" => ("подразделение", "department"),
        "manager" => ("менеджер", "manager"),
        "segment" => ("регион или сегмент", "region or segment"),
        "warehouse" => ("склад", "warehouse"),
        "account" => ("счёт", "account"),
        "counterparty" => ("контрагент", "counterparty"),
        "contract" => ("договор", "contract"),
        "order" => ("заказ", "order"),
        "number" => ("документ", "document"),
        "item" => ("товар", "item"),
        "date" => ("день", "day"),
        "month" => ("месяц", "month"),
        _ => ("прочая группа", "other group"),
    };
    Text::new(ru, en)
}

/// The role that a person means by a word: its own name, or what the program calls it.
pub fn role_of(word: &str) -> &str {
    let said = super::value::key(word);
    let known = SPOKEN.iter().find(|(ru, _)| *ru == said);
    known.map_or(word, |(_, role)| role)
}

/// Russian words for roles.
const SPOKEN: [(&str, &str); 33] = [
    ("дата", "date"),
    ("номер", "number"),
    ("документ", "number"),
    ("вид операции", "operation"),
    ("контрагент", "counterparty"),
    ("покупатель", "counterparty"),
    ("клиент", "counterparty"),
    ("код контрагента", "counterparty_code"),
    ("код", "counterparty_code"),
    ("инн", "inn"),
    ("кпп", "kpp"),
    ("инн и кпп", "inn_kpp"),
    ("менеджер", "manager"),
    ("продавец", "manager"),
    ("сумма", "amount"),
    ("сумма с ндс", "amount"),
    ("сумма без ндс", "net"),
    ("маржа", "margin"),
    ("премия", "bonus"),
    ("валюта", "currency"),
    ("организация", "organisation"),
    ("возврат по", "returned_document"),
    ("номер строки", "ordinal"),
    ("полное наименование", "full_name"),
    ("огрн", "ogrn"),
    ("телефон", "phone"),
    ("почта", "email"),
    ("город", "city"),
    ("товар", "item"),
    ("номенклатура", "item"),
    ("договор", "contract"),
    ("заказ", "order"),
    ("склад", "warehouse"),
];

/// The sentences.
pub fn of(found: &Found<'_>, shape: Option<&Shape>, table: &AccountingTable) -> Vec<Text> {
    let called = &found.layout.called;
    let mut said = vec![Text::new(format!("Вид отчёта: {}.", called.ru), format!("Kind of report: {}.", called.en))];
    if let Some(shape) = shape {
        said.extend(laid_out(shape));
    }
    if table.grain == Grain::Turnovers {
        said.push(Text::new(
            "Документов в отчёте нет: одна продажа = оборот покупателя за период, датой считается последний день периода.",
            "The report has no documents: one sale is the turnover of a buyer over the period, dated by its last day.",
        ));
    }
    let counted = |c: &super::layout::Called| (!c.ru.is_empty()).then(|| (c.ru.clone(), c.en.clone()));
    let header = &found.header;
    let there = |c: &&super::layout::Condition| {
        header.column(&c.role).is_some() || header.captions.values().flatten().any(|role| *role == c.role)
    };
    let conditions = found.layout.leave.iter().chain(&found.layout.keep).filter(there);
    let left: Vec<(String, String)> = conditions.filter_map(|c| counted(&c.called)).collect();
    if !left.is_empty() {
        let join =
            |pick: fn(&(String, String)) -> &String| left.iter().map(pick).cloned().collect::<Vec<_>>().join("; ");
        said.push(Text::new(
            format!("Не считаются продажами: {}.", join(|p| &p.0)),
            format!("Not counted as sales: {}.", join(|p| &p.1)),
        ));
    }
    said
}

fn laid_out(shape: &Shape) -> Vec<Text> {
    let mut said = Vec::new();
    if !shape.levels.is_empty() {
        let names: Vec<Text> = shape.levels.iter().map(|r| role(r)).collect();
        let ru = names.iter().map(|t| t.ru.as_str()).collect::<Vec<_>>().join(" → ");
        let en = names.iter().map(|t| t.en.as_str()).collect::<Vec<_>>().join(" → ");
        let (by_ru, by_en) = match shape.levels_from {
            LevelsFrom::Outline => ("по группам строк файла", "by the outline of the file"),
            LevelsFrom::Columns => ("по столбцам", "by their columns"),
            LevelsFrom::Indent => ("по отступам", "by indents"),
            LevelsFrom::Sums | LevelsFrom::Auto => ("по суммам", "by sums"),
        };
        let checked = shape.groups_checked;
        said.push(if shape.levels.len() == 1 {
            Text::new(format!("Одна строка = {ru}."), format!("One row is a {en}."))
        } else {
            Text::new(
                format!("Группы {by_ru}: {ru}. Итоги групп проверены: {checked}."),
                format!("Groups {by_en}: {en}. Sums of groups checked: {checked}."),
            )
        });
    }
    if !shape.periods.is_empty() {
        let list = shape.periods.join(", ");
        said.push(Text::new(format!("Периоды по столбцам: {list}."), format!("Periods in columns: {list}.")));
    }
    if shape.rows_per_record > 1 {
        let rows = shape.rows_per_record;
        said.push(Text::new(format!("Одна запись занимает строк: {rows}."), format!("One record takes {rows} rows.")));
    }
    if !shape.fill_down.is_empty() {
        let names: Vec<Text> = shape.fill_down.iter().map(|r| role(r)).collect();
        let ru = names.iter().map(|t| t.ru.as_str()).collect::<Vec<_>>().join(", ");
        let en = names.iter().map(|t| t.en.as_str()).collect::<Vec<_>>().join(", ");
        said.push(Text::new(
            format!("Пустая ячейка продолжает строку выше: {ru}."),
            format!("An empty cell continues the row above: {en}."),
        ));
    }
    said
}
