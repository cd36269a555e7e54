//! The workbook in which a person answers: one row a counterparty, its candidates beside each other, an answer to choose,
//! a place for a remark, and a hidden cell with the facts the row was made from. Text cells only but for sums: nothing a
//! name says becomes a formula. Deliberately absent: reading it back (`ingest::review`), what an answer does
//! (`domain::review::answers`).

use chrono::{DateTime, Utc};
use rust_xlsxwriter::{Color, DataValidation, Format, FormatAlign, Worksheet, XlsxError};

use crate::domain::{
    money::{Money, Rate},
    review::sheet::{ANSWER, ANSWERS, KEY, MARK, NOTE, OFFERED, OTHER, Offer},
    text::Lang,
    verdict::Candidate,
    words,
};

use super::{clean, error::TemplateError, sheets};

/// Longest text of a cell.
const CELL_LENGTH: usize = 2_000;
/// Columns that stay in sight: key and name.
const FROZEN: u16 = 2;
/// Height of a row: three lines of a candidate.
const HEIGHT: f64 = 60.0;

/// Name of the second sheet.
const SECOND: (&str, &str) = ("Как заполнить", "How to");
/// Its first column with answers.
const LISTS: u8 = b'C';

/// Column of the answer; those before it are for reading, those behind it for writing.
const ANSWER_AT: u16 = 6 + OFFERED as u16;
const OTHER_AT: u16 = ANSWER_AT + 1;
const NOTE_AT: u16 = ANSWER_AT + 2;
const MADE_AT: u16 = ANSWER_AT + 3;

/// The bytes of the workbook, a function of the arguments.
pub fn write(offers: &[Offer], lang: Lang, now: DateTime<Utc>) -> Result<Vec<u8>, TemplateError> {
    fill(offers, lang, now).map_err(|e| TemplateError::Attachment(e.to_string()))
}

fn fill(offers: &[Offer], lang: Lang, now: DateTime<Utc>) -> Result<Vec<u8>, XlsxError> {
    let mut book = sheets::new_book(now)?;
    let sheet = book.add_worksheet();
    sheet.set_name(pick(lang, ("На разбор", "To review")))?.set_freeze_panes(1, FROZEN)?;
    head(sheet, lang)?;
    let wrapped = || Format::new().set_align(FormatAlign::Top).set_text_wrap();
    let (text, money) = (wrapped().set_num_format("@"), wrapped().set_num_format("#,##0.00"));
    let open = wrapped().set_num_format("@").set_background_color(Color::RGB(0x00FF_F8DC));
    for (row, offer) in (1_u32..).zip(offers) {
        sheet.set_row_height(row, HEIGHT)?;
        let line = &offer.row;
        let cells = [
            line.party.0.clone(),
            clean::line(&line.name).into_owned(),
            line.inns.join(", "),
            String::new(),
            line.why.get(lang).to_owned(),
            line.reason.get(lang).to_owned(),
        ];
        for (column, cell) in (0_u16..).zip(&cells) {
            sheet.write_string_with_format(row, column, cut(cell), &text)?;
        }
        sheet.write_number_with_format(row, 3, in_units(line.open), &money)?;
        let candidates = line.candidates.iter().zip(&offer.details);
        for (column, (candidate, details)) in (6_u16..).zip(candidates) {
            sheet.write_string_with_format(row, column, cut(&described(candidate, details, lang)), &text)?;
        }
        for column in [ANSWER_AT, OTHER_AT, NOTE_AT] {
            sheet.write_blank(row, column, &open)?;
        }
        sheet.add_data_validation(row, ANSWER_AT, row, ANSWER_AT, &choice(offer, lang))?;
        sheet.write_string_with_format(row, MADE_AT, offer.made.cell(), &text)?;
    }
    let last = u32::try_from(offers.len()).unwrap_or(u32::MAX);
    // The hidden column too: a sort moves what lies within.
    sheet.autofilter(0, 0, last, MADE_AT)?;
    sheet.set_column_hidden(MADE_AT)?;
    how_to(book.add_worksheet(), lang)?;
    book.save_to_buffer()
}

fn head(sheet: &mut Worksheet, lang: Lang) -> Result<(), XlsxError> {
    let format = Format::new().set_align(FormatAlign::Top).set_bold().set_text_wrap();
    let titles: [((&str, &str), f64); 13] = [
        (KEY, 18.0),
        (("Контрагент", "Counterparty"), 30.0),
        (("ИНН", "Tax number"), 14.0),
        (("В открытых периодах", "In open periods"), 15.0),
        (("Почему здесь", "Why here"), 36.0),
        (("Почему неясно", "Why unclear"), 36.0),
        (("Кандидат 1", "Candidate 1"), 38.0),
        (("Кандидат 2", "Candidate 2"), 38.0),
        (("Кандидат 3", "Candidate 3"), 38.0),
        (ANSWER, 18.0),
        (OTHER, 18.0),
        (NOTE, 30.0),
        ((MARK, MARK), 4.0),
    ];
    for (column, (title, width)) in (0_u16..).zip(titles) {
        sheet.write_string_with_format(0, column, pick(lang, title), &format)?;
        sheet.set_column_width(column, width)?;
    }
    Ok(())
}

/// The list to choose from: one of those on the second sheet, for an answer has a comma in it and a list in the cell itself
/// is cut at commas. Anything may be typed all the same («то же, что 000123»): the import says what it does not understand,
/// with the row.
fn choice(offer: &Offer, lang: Lang) -> DataValidation {
    let offered = offer.made.candidates.len().min(OFFERED);
    let column = char::from(LISTS + offered as u8);
    let last = ANSWERS.len() - OFFERED + offered;
    let list = format!("='{}'!${column}$1:${column}${last}", pick(lang, SECOND));
    DataValidation::new().allow_list_formula(list.as_str().into()).show_error_message(false)
}

/// The answers for each number of candidates, a hidden column each.
fn lists(sheet: &mut Worksheet, lang: Lang) -> Result<(), XlsxError> {
    for (column, offered) in (u16::from(LISTS - b'A')..).zip(0..=OFFERED) {
        let answers = ANSWERS.iter().enumerate().filter(|(i, _)| *i >= OFFERED || *i < offered);
        for (row, (_, answer)) in (0_u32..).zip(answers) {
            sheet.write_string(row, column, pick(lang, *answer))?;
        }
        sheet.set_column_hidden(column)?;
    }
    Ok(())
}

/// A candidate in three lines: what it is, how alike, why.
fn described(candidate: &Candidate, details: &str, lang: Lang) -> String {
    let rate = Rate::from_bp(i32::try_from(candidate.score_bp).unwrap_or(i32::MAX));
    let title = clean::line(candidate.title.trim()).into_owned();
    let details = clean::line(details);
    let more = if details.is_empty() { String::new() } else { format!("; {details}") };
    format!("{title} ({}){more}\n{}: {}", candidate.id, words::percent(rate, lang), candidate.reason.get(lang))
}

fn how_to(sheet: &mut Worksheet, lang: Lang) -> Result<(), XlsxError> {
    let lines: [(&str, &str); 6] = [
        ("Как заполнить", "How to fill it in"),
        (
            "В столбце «Решение» выберите ответ; пустая строка остаётся без решения.",
            "Choose an answer in the column “Decision”; a row without one stays undecided.",
        ),
        (
            "«да, кандидат 1»: это та же организация, что в столбце «Кандидат 1».",
            "“yes, candidate 1”: it is the organisation of the column “Candidate 1”.",
        ),
        (
            "«нет в CRM»: ни один из показанных кандидатов не она. «не клиент»: в CRM её не заносят.",
            "“not in the CRM”: none of the candidates shown is it. “not a client”: it is not entered into the CRM.",
        ),
        (
            "«то же, что …»: другая карточка учёта той же организации; её ключ впишите в столбец «То же, что (ключ)».",
            "“same as …”: another accounting card of the same company; write its key into the column “Same as (key)”.",
        ),
        (
            "Строки можно сортировать и удалять целиком. Заполненный файл вносит команда: sverka match import ФАЙЛ --by ИМЯ",
            "Rows may be sorted and deleted as a whole. The filled file is taken in by: sverka match import FILE --by NAME",
        ),
    ];
    sheet.set_name(pick(lang, SECOND))?.set_column_width(0, 110.0)?;
    lists(sheet, lang)?;
    let format = Format::new().set_align(FormatAlign::Top).set_text_wrap();
    for (row, line) in (0_u32..).zip(lines) {
        sheet.write_string_with_format(row, 0, pick(lang, line), &format)?;
    }
    Ok(())
}

fn cut(text: &str) -> String {
    clean::cut(text, CELL_LENGTH).into_owned()
}

/// Kopecks as the cell of a workbook holds them.
fn in_units(money: Money) -> f64 {
    money.kopecks() as f64 / 100.0
}

fn pick(lang: Lang, (ru, en): (&'static str, &'static str)) -> &'static str {
    if lang == Lang::Ru { ru } else { en }
}
