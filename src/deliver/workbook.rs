//! Workbooks of alerts and statements. Deliberately absent: how cells are written (`sheets`), that of the audit
//! (`audit_book`), charts, colours that carry meaning.

use chrono::{DateTime, Utc};

use crate::domain::{
    report::{AlertReport, StatementReport},
    text::Lang,
};

use super::{
    delimited,
    error::TemplateError,
    sheets::{Cell, Column, Sheet, columns, link, single, text},
    words,
};

pub use super::audit_book::audit;

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
                ("Основание", "Ground", 32.0),
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
                    text(i.ground.get(lang)),
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
                ("Табельный номер", "Табельный номер", 14.0),
                ("Сотрудник", "Employee", 30.0),
                ("Подразделение", "Department", 22.0),
                ("База", "Base", 18.0),
                ("Премия", "Bonus", 16.0),
                ("Снижение", "Reductions", 16.0),
                ("Премии по правилам", "Premiums by the rules", 16.0),
                ("Ждёт решения руководителя", "Awaiting the head’s decision", 18.0),
                ("Возврат сверх предела", "Relief over the cap", 16.0),
                ("Корректировка прошлых периодов", "Corrections of earlier periods", 18.0),
                ("Итого корректировка", "Adjustment in total", 18.0),
                ("Премия с корректировкой", "Bonus with adjustment", 18.0),
                ("Основание", "Grounds", 40.0),
                // The same names in both languages: the filled file is read back by them.
                ("Код ведомости", "Код ведомости", 14.0),
                ("Ответ", "Ответ", 14.0),
                ("Применено", "Применено", 16.0),
                ("Примечание", "Примечание", 30.0),
            ],
        ),
        rows: report
            .people
            .iter()
            .map(|p| {
                let a = &p.amounts;
                let mut row = vec![text(&p.id.0), text(&delimited::distinct_name(p)), text(&p.department)];
                row.extend(
                    [
                        a.base,
                        a.bonus,
                        a.reductions,
                        a.premiums,
                        a.deferred,
                        a.cap_relief,
                        a.corrections,
                        a.total,
                        a.payable,
                    ]
                    .map(Cell::Money),
                );
                row.push(text(p.grounds.get(lang)));
                row.push(text(&report.number));
                row.extend([Cell::Empty, Cell::Empty, Cell::Empty]);
                row
            })
            .collect(),
    };
    let lines = Sheet { name: lines_name(lang), columns: &line_columns(lang), rows: line_rows(report, lang) };
    single(&[people, lines], now)
}

/// The lines of a statement for one salesperson: no sheet for answers of finance.
pub fn personal(report: &StatementReport, lang: Lang, now: DateTime<Utc>) -> Result<Vec<u8>, TemplateError> {
    let lines = Sheet { name: lines_name(lang), columns: &line_columns(lang), rows: line_rows(report, lang) };
    single(&[lines], now)
}

const fn lines_name(lang: Lang) -> &'static str {
    if matches!(lang, Lang::Ru) { "Записи" } else { "Entries" }
}

fn line_columns(lang: Lang) -> Vec<Column<'static>> {
    columns(
        lang,
        &[
            ("№", "No.", 8.0),
            ("Код", "Code", 10.0),
            ("Запись", "Entry", 38.0),
            ("Внесена", "Posted", 18.0),
            ("Табельный номер", "Personnel number", 14.0),
            ("Сотрудник", "Employee", 30.0),
            ("Вид", "Kind", 26.0),
            ("Правило", "Rule", 24.0),
            ("Версия положения", "Policy version", 14.0),
            ("Основание", "Ground", 32.0),
            ("Период события", "Belongs to", 14.0),
            ("Сумма", "Amount", 16.0),
            ("Документ", "Document", 30.0),
            ("Контрагент", "Counterparty", 40.0),
            ("Карточка CRM", "CRM card", 30.0),
            ("Почему", "Why", 60.0),
            ("Источник", "Source", 50.0),
            ("Хеш", "Hash", 24.0),
        ],
    )
}

fn line_rows(report: &StatementReport, lang: Lang) -> Vec<Vec<Cell>> {
    report
        .lines
        .iter()
        .map(|l| {
            vec![
                Cell::Number(l.seq),
                text(&l.code),
                text(&l.entry),
                Cell::Instant(l.posted_at),
                text(&l.employee.0),
                text(&l.name),
                text(words::entry_kind(&l.kind, l.amount).get(lang)),
                text(words::word(&l.rule).get(lang)),
                text(&l.policy_version),
                text(l.ground.get(lang)),
                Cell::Text(l.belongs_to.to_string()),
                Cell::Money(l.amount),
                text(l.document.get(lang)),
                text(&l.party),
                link(&l.card, &l.link),
                text(l.why.get(lang)),
                text(l.source.get(lang)),
                text(&l.hash),
            ]
        })
        .collect()
}
