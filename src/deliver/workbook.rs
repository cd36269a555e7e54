//! Workbooks that come with mails: typed cells, never formulas, header frozen and filterable, bytes a function of the
//! arguments (the creation time is handed in). Deliberately absent: charts, colours that carry meaning.

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use crate::domain::{
    money::Money,
    report::{AlertReport, AuditReport, StatementReport},
    text::Lang,
};

use super::{clean, delimited, error::TemplateError, words};

/// Longest text of a cell; Excel's own limit is 32 767.
const CELL_LENGTH: usize = 4_000;

/// A typed cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    /// Text, never a formula.
    Text(String),
    /// Kopecks, shown with two decimals.
    Money(Money),
    /// Whole number.
    Number(i64),
    /// Date.
    Date(NaiveDate),
    /// Nothing.
    Empty,
}

/// Title and width.
#[derive(Clone, Copy)]
pub(super) struct Column<'a> {
    pub(super) title: &'a str,
    pub(super) width: f64,
}

/// One sheet.
pub(super) struct Sheet<'a> {
    pub(super) name: &'a str,
    pub(super) columns: &'a [Column<'a>],
    pub(super) rows: Vec<Vec<Cell>>,
}

/// Every considered document of the audit, and its managers.
pub fn audit(report: &AuditReport, lang: Lang, now: DateTime<Utc>) -> Result<Vec<u8>, TemplateError> {
    let ru = lang == Lang::Ru;
    let pick = |a, b| if ru { a } else { b };
    let lines = Sheet {
        name: pick("Документы", "Documents"),
        columns: &columns(
            lang,
            &[
                ("Табельный номер", "Personnel number", 12.0),
                ("Менеджер", "Manager", 26.0),
                ("Контрагент", "Counterparty", 40.0),
                ("Документ", "Document", 18.0),
                ("Дата", "Date", 12.0),
                ("Сумма", "Amount", 16.0),
                ("Статус", "Status", 24.0),
                ("Срок", "Deadline", 12.0),
                ("Внесено", "Entered", 18.0),
                ("Сегмент", "Segment", 12.0),
                ("Почему", "Why", 60.0),
                ("Источник", "Source", 50.0),
            ],
        ),
        rows: report
            .lines
            .iter()
            .map(|l| {
                vec![
                    text(&l.employee),
                    text(&l.name),
                    text(&l.party),
                    text(&l.number),
                    Cell::Date(l.date),
                    Cell::Money(l.amount),
                    text(words::word(&l.status).get(lang)),
                    Cell::Date(l.deadline),
                    l.entered_at.map_or(Cell::Empty, |at| Cell::Text(at.format("%d.%m.%Y %H:%M").to_string())),
                    text(&l.segment),
                    text(l.reason.get(lang)),
                    text(l.source.get(lang)),
                ]
            })
            .collect(),
    };
    let moved = Sheet {
        name: pick("Изменения", "Changes"),
        columns: &columns(
            lang,
            &[
                ("Сотрудник", "Employee", 26.0),
                ("Вид", "Kind", 26.0),
                ("Сумма", "Amount", 16.0),
                ("Период события", "Belongs to", 14.0),
                ("Период выплаты", "Pay period", 14.0),
                ("Документ", "Document", 30.0),
                ("Контрагент", "Counterparty", 40.0),
                ("Почему", "Why", 60.0),
                ("Источник", "Source", 50.0),
            ],
        ),
        rows: report
            .moved
            .iter()
            .map(|m| {
                vec![
                    text(&m.employee),
                    text(words::word(&m.kind).get(lang)),
                    Cell::Money(m.amount),
                    Cell::Text(m.belongs_to.to_string()),
                    Cell::Text(m.pay_period.to_string()),
                    text(m.document.get(lang)),
                    text(&m.party),
                    text(m.why.get(lang)),
                    text(m.source.get(lang)),
                ]
            })
            .collect(),
    };
    let unclear = Sheet {
        name: pick("На разбор", "To review"),
        columns: &columns(
            lang,
            &[
                ("Контрагент", "Counterparty", 40.0),
                ("Ключ", "Key", 24.0),
                ("Продаж", "Sales", 10.0),
                ("Сумма", "Amount", 16.0),
                ("Почему", "Why", 50.0),
                ("Похожие карточки", "Similar cards", 60.0),
            ],
        ),
        rows: report
            .uncertain
            .iter()
            .chain(&report.not_judgeable)
            .map(|p| {
                let cards: Vec<String> = p.candidates.iter().map(|c| format!("{} ({})", c.title, c.id)).collect();
                vec![
                    text(&p.name),
                    text(&p.key.0),
                    Cell::Number(p.tally.count.into()),
                    Cell::Money(p.tally.amount),
                    text(p.reason.get(lang)),
                    Cell::Text(cards.join("; ")),
                ]
            })
            .collect(),
    };
    single(&[lines, moved, unclear], now)
}

/// Every sale of an alert.
pub fn alert(report: &AlertReport, lang: Lang, now: DateTime<Utc>) -> Result<Vec<u8>, TemplateError> {
    let sheet = Sheet {
        name: if lang == Lang::Ru { "Внести в CRM" } else { "To enter" },
        columns: &columns(
            lang,
            &[
                ("Контрагент", "Counterparty", 40.0),
                ("ИНН", "Tax number", 14.0),
                ("Документ", "Document", 30.0),
                ("Дата", "Date", 12.0),
                ("Сумма", "Amount", 16.0),
                ("Срок", "Deadline", 12.0),
                ("Снижение премии", "Bonus reduction", 16.0),
                ("Что сделать", "What to do", 60.0),
                ("Источник", "Source", 50.0),
            ],
        ),
        rows: report
            .items
            .iter()
            .map(|i| {
                vec![
                    text(&i.party),
                    text(&i.inn),
                    text(i.document.get(lang)),
                    Cell::Date(i.date),
                    Cell::Money(i.amount),
                    Cell::Date(i.deadline),
                    i.cost.map_or(Cell::Empty, Cell::Money),
                    text(i.what.get(lang)),
                    text(i.source.get(lang)),
                ]
            })
            .collect(),
    };
    single(&[sheet], now)
}

/// People and entries of a statement.
pub fn statement(report: &StatementReport, lang: Lang, now: DateTime<Utc>) -> Result<Vec<u8>, TemplateError> {
    let people = Sheet {
        name: if lang == Lang::Ru { "Сотрудники" } else { "People" },
        columns: &columns(
            lang,
            &[
                ("Табельный номер", "Personnel number", 14.0),
                ("Сотрудник", "Employee", 30.0),
                ("Подразделение", "Department", 22.0),
                ("База", "Base", 18.0),
                ("Премия", "Bonus", 16.0),
                ("Снижение", "Reductions", 16.0),
                ("Премия за полноту", "Completeness premium", 16.0),
                ("Возврат сверх предела", "Relief over the cap", 16.0),
                ("Корректировка прошлых периодов", "Corrections of earlier periods", 18.0),
                ("Итого корректировка", "Adjustment in total", 18.0),
                ("Премия с корректировкой", "Bonus with adjustment", 18.0),
                ("Основание", "Grounds", 40.0),
            ],
        ),
        rows: report
            .people
            .iter()
            .map(|p| {
                let a = &p.amounts;
                let mut row = vec![text(&p.id.0), text(&delimited::distinct_name(p)), text(&p.department)];
                row.extend(
                    [a.base, a.bonus, a.reductions, a.premiums, a.cap_relief, a.corrections, a.total, a.payable]
                        .map(Cell::Money),
                );
                row.push(text(&p.grounds));
                row
            })
            .collect(),
    };
    let lines = Sheet {
        name: if lang == Lang::Ru { "Записи" } else { "Entries" },
        columns: &columns(
            lang,
            &[
                ("№", "No.", 8.0),
                ("Запись", "Entry", 38.0),
                ("Внесена", "Posted", 18.0),
                ("Табельный номер", "Personnel number", 14.0),
                ("Сотрудник", "Employee", 30.0),
                ("Вид", "Kind", 26.0),
                ("Правило", "Rule", 24.0),
                ("Версия положения", "Policy version", 14.0),
                ("Период события", "Belongs to", 14.0),
                ("Сумма", "Amount", 16.0),
                ("Документ", "Document", 30.0),
                ("Контрагент", "Counterparty", 40.0),
                ("Почему", "Why", 60.0),
                ("Источник", "Source", 50.0),
                ("Хеш", "Hash", 24.0),
            ],
        ),
        rows: report
            .lines
            .iter()
            .map(|l| {
                vec![
                    Cell::Number(l.seq),
                    text(&l.entry),
                    Cell::Text(l.posted_at.format("%d.%m.%Y %H:%M").to_string()),
                    text(&l.employee.0),
                    text(&l.name),
                    text(words::word(&l.kind).get(lang)),
                    text(words::word(&l.rule).get(lang)),
                    text(&l.policy_version),
                    Cell::Text(l.belongs_to.to_string()),
                    Cell::Money(l.amount),
                    text(l.document.get(lang)),
                    text(&l.party),
                    text(l.why.get(lang)),
                    text(l.source.get(lang)),
                    text(&l.hash),
                ]
            })
            .collect(),
    };
    single(&[people, lines], now)
}

fn columns<'a>(lang: Lang, titles: &[(&'a str, &'a str, f64)]) -> Vec<Column<'a>> {
    titles
        .iter()
        .map(|(ru, en, width)| Column { title: if lang == Lang::Ru { ru } else { en }, width: *width })
        .collect()
}

fn text(value: &str) -> Cell {
    Cell::Text(clean::cut(&clean::line(value), CELL_LENGTH).into_owned())
}

/// A workbook of the sheets.
pub(super) fn single(sheets: &[Sheet<'_>], now: DateTime<Utc>) -> Result<Vec<u8>, TemplateError> {
    write(sheets, now).map_err(|e| TemplateError::Attachment(e.to_string()))
}

fn write(sheets: &[Sheet<'_>], now: DateTime<Utc>) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let created =
        ExcelDateTime::from_ymd(u16::try_from(now.year()).unwrap_or(1900), now.month() as u8, now.day() as u8)?
            .and_hms(now.hour() as u16, now.minute() as u8, f64::from(now.second()))?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let formats = Formats::new();
    for sheet in sheets {
        fill(book.add_worksheet(), sheet, &formats)?;
    }
    book.save_to_buffer()
}

struct Formats {
    head: Format,
    text: Format,
    money: Format,
    date: Format,
}

impl Formats {
    fn new() -> Self {
        let top = || Format::new().set_align(FormatAlign::Top);
        Self {
            head: top().set_bold().set_text_wrap(),
            text: top().set_num_format("@"),
            money: top().set_num_format("#,##0.00"),
            date: top().set_num_format("dd.mm.yyyy"),
        }
    }
}

fn fill(target: &mut Worksheet, sheet: &Sheet<'_>, formats: &Formats) -> Result<(), XlsxError> {
    target.set_name(sheet.name)?.set_freeze_panes(1, 0)?;
    for (at, column) in (0_u16..).zip(sheet.columns) {
        target.write_string_with_format(0, at, column.title, &formats.head)?;
        target.set_column_width(at, column.width)?;
    }
    for (line, row) in (1_u32..).zip(&sheet.rows) {
        for (at, cell) in (0_u16..).zip(row) {
            match cell {
                Cell::Text(text) => target.write_string_with_format(line, at, text, &formats.text)?,
                // The one place where kopecks become a floating number: the cell of a workbook has no other.
                Cell::Money(m) => {
                    target.write_number_with_format(line, at, m.kopecks() as f64 / 100.0, &formats.money)?
                }
                Cell::Number(n) => target.write_number(line, at, *n as f64)?,
                Cell::Date(day) => {
                    let year = u16::try_from(day.year()).unwrap_or(1900);
                    let date = ExcelDateTime::from_ymd(year, day.month() as u8, day.day() as u8)?;
                    target.write_datetime_with_format(line, at, &date, &formats.date)?
                }
                Cell::Empty => target,
            };
        }
    }
    let last_row = u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX);
    let last_column = u16::try_from(sheet.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
    target.autofilter(0, 0, last_row, last_column)?;
    Ok(())
}
