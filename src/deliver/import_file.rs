//! The file that a manager loads into the CRM instead of typing cards. Headers are those that the CRM's own export writes, so
//! that its import recognises them (Битрикс24: «Реквизит: ИНН»; amoCRM: «Рабочий email»); what accounting does not know is
//! named in the remark. Deliberately absent: sending anything into a CRM.

use chrono::{DateTime, Utc};

use crate::domain::{
    report::import_card::{ImportCard, ImportFormat},
    text::Lang,
};

use super::{
    delimited,
    error::TemplateError,
    message::{Attached, CSV, XLSX},
    sheets::{Column, Sheet, single, text},
};

/// Columns of a plain workbook; our own reader of CRM tables knows them.
const PLAIN: [&str; 9] = [
    "Название компании",
    "Полное наименование",
    "ИНН",
    "КПП",
    "Телефон",
    "E-mail",
    "Город",
    "Ответственный",
    "Комментарий",
];
/// amoCRM, companies.
const AMO: [&str; 9] = [
    "Компания",
    "Полное наименование",
    "ИНН",
    "КПП",
    "Рабочий телефон",
    "Рабочий email",
    "Город",
    "Ответственный",
    "Примечание",
];
/// Битрикс24, companies with their requisites.
const BITRIX: [&str; 9] = [
    "Название компании",
    "Реквизит: Полное наименование организации",
    "Реквизит: ИНН",
    "Реквизит: КПП",
    "Рабочий телефон",
    "Рабочий e-mail",
    "Город",
    "Ответственный",
    "Комментарий",
];

/// The file for the cards.
///
/// # Errors
/// When the workbook or the table cannot be written.
pub(super) fn attached(
    cards: &[ImportCard],
    format: ImportFormat,
    day: &str,
    lang: Lang,
    now: DateTime<Utc>,
) -> Result<Attached, TemplateError> {
    let stem = match (lang, format) {
        (Lang::Ru, ImportFormat::Bitrix24) => format!("Для импорта в Битрикс24 {day}"),
        (Lang::Ru, ImportFormat::Amocrm) => format!("Для импорта в amoCRM {day}"),
        (Lang::Ru, ImportFormat::Plain) => format!("Для импорта в CRM {day}"),
        (Lang::En, ImportFormat::Bitrix24) => format!("To import into Bitrix24 {day}"),
        (Lang::En, ImportFormat::Amocrm) => format!("To import into amoCRM {day}"),
        (Lang::En, ImportFormat::Plain) => format!("To import into the CRM {day}"),
    };
    let rows = cards.iter().map(|card| row(card, lang));
    Ok(match format {
        ImportFormat::Bitrix24 => {
            let guarded = rows.map(|row| row.iter().map(|cell| delimited::guarded(cell)).collect());
            Attached { name: format!("{stem}.csv"), mime: CSV, bytes: delimited::write(&BITRIX, guarded)? }
        }
        ImportFormat::Amocrm => Attached { name: format!("{stem}.xlsx"), mime: XLSX, bytes: book(&AMO, rows, now)? },
        ImportFormat::Plain => Attached { name: format!("{stem}.xlsx"), mime: XLSX, bytes: book(&PLAIN, rows, now)? },
    })
}

fn row(card: &ImportCard, lang: Lang) -> Vec<String> {
    let cells =
        [&card.title, &card.full_name, &card.inn, &card.kpp, &card.phone, &card.email, &card.city, &card.responsible];
    cells.into_iter().cloned().chain(std::iter::once(remark(card, lang))).collect()
}

/// Where the card comes from, and what is still to be filled in.
fn remark(card: &ImportCard, lang: Lang) -> String {
    let documents = card.documents.iter().map(|d| d.get(lang)).collect::<Vec<_>>().join(", ");
    let fields = card.to_fill.iter().map(|field| field.get(lang)).collect::<Vec<_>>().join(", ");
    let mut remark = match lang {
        Lang::Ru => format!("Из учёта, документ {documents}"),
        Lang::En => format!("From accounting, document {documents}"),
    };
    if !fields.is_empty() {
        remark.push_str(match lang {
            Lang::Ru => ". Заполните: ",
            Lang::En => ". To fill in: ",
        });
        remark.push_str(&fields);
    }
    remark
}

fn book(
    columns: &[&'static str],
    rows: impl Iterator<Item = Vec<String>>,
    now: DateTime<Utc>,
) -> Result<Vec<u8>, TemplateError> {
    let widths = [40.0, 40.0, 14.0, 12.0, 20.0, 24.0, 18.0, 24.0, 60.0];
    let columns: Vec<Column> = columns.iter().zip(widths).map(|(name, width)| Column { title: name, width }).collect();
    let rows = rows.map(|row| row.into_iter().map(|cell| text(&cell)).collect()).collect();
    single(&[Sheet { name: "CRM", columns: &columns, rows }], now)
}
