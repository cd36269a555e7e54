//! The workbook in which a head decides on deals: one row a deal, an answer and what is missing to fill in. Deliberately absent:
//! reading it back (`ingest::rule_rows`), who may answer (`domain::deals`).

use chrono::{DateTime, Utc};

use crate::domain::{
    deals::{ANSWER, Deal, KEY, MADE, NOTE},
    text::Lang,
    words,
};

use super::{
    error::TemplateError,
    sheets::{Cell, Sheet, columns, single, text},
    words::word,
};

/// The bytes of the workbook, a function of the arguments.
///
/// # Errors
/// When the workbook cannot be made.
pub fn write(deals: &[Deal], lang: Lang, now: DateTime<Utc>) -> Result<Vec<u8>, TemplateError> {
    let titled = |names: [&'static str; 2], width: f64| (names[0], names[1], width);
    let columns = columns(
        lang,
        &[
            titled(KEY, 30.0),
            ("Документ", "Document", 16.0),
            ("Дата", "Date", 12.0),
            ("Покупатель", "Buyer", 40.0),
            ("Сотрудник", "Employee", 28.0),
            ("Сумма", "Amount", 16.0),
            ("Отложенная премия", "Deferred bonus", 16.0),
            ("Решить до", "Decide until", 12.0),
            ("Состояние", "State", 40.0),
            ("Что пусто в CRM", "Empty in the CRM", 30.0),
            titled(ANSWER, 14.0),
            titled(NOTE, 40.0),
            titled(MADE, 18.0),
        ],
    );
    let rows = deals
        .iter()
        .map(|deal| {
            let lacks: Vec<String> = deal.lacks.iter().map(|field| field_word(field, lang)).collect();
            vec![
                text(&deal.sale.0),
                text(&deal.number),
                Cell::Date(deal.date),
                text(&deal.party),
                text(&deal.seller_name),
                Cell::Money(deal.amount),
                Cell::Money(deal.deferred),
                deal.due.map_or(Cell::Empty, Cell::Date),
                text(deal.words.get(lang)),
                text(&lacks.join(", ")),
                Cell::Empty,
                Cell::Empty,
                text(&deal.made),
            ]
        })
        .collect();
    let name = words::say(lang, "Сделки", "Deals");
    single(&[Sheet { name, columns: &columns, rows }], now)
}

/// A field of a card as people call it.
fn field_word(field: &str, lang: Lang) -> String {
    match field {
        "crm" => words::say(lang, "клиента нет в CRM", "the client is not in the CRM").to_owned(),
        other => word(other).get(lang).to_owned(),
    }
}
