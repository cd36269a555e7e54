//! Workbooks that come with mails. Deliberately absent: how cells are written (`sheets`), charts, colours that carry
//! meaning.

use chrono::{DateTime, Utc};

use crate::domain::{
    report::{AlertReport, AuditReport, StatementReport, company::ReadinessLine},
    text::Lang,
};

use super::{
    delimited,
    error::TemplateError,
    sheets::{Cell, Column, Sheet, columns, single, text},
    words,
};

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
                ("Основание", "Ground", 32.0),
                ("Источник", "Source", 50.0),
            ],
        ),
        rows: report
            .moved
            .iter()
            .map(|m| {
                vec![
                    text(&m.employee),
                    text(words::entry_kind(&m.kind, m.amount).get(lang)),
                    Cell::Money(m.amount),
                    Cell::Text(m.belongs_to.to_string()),
                    Cell::Text(m.pay_period.to_string()),
                    text(m.document.get(lang)),
                    text(&m.party),
                    text(m.why.get(lang)),
                    text(m.ground.get(lang)),
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
    let mut sheets = vec![lines, moved, unclear];
    let titles = readiness_columns(lang);
    if !report.readiness.is_empty() {
        sheets.push(readiness(&report.readiness, lang, &titles));
    }
    single(&sheets, now)
}

fn readiness_columns(lang: Lang) -> Vec<Column<'static>> {
    columns(
        lang,
        &[
            ("Требования сегмента", "Demands of the segment", 18.0),
            ("Контрагент", "Counterparty", 40.0),
            ("Продавцы", "Sellers", 30.0),
            ("Сегмент сейчас", "Segment now", 16.0),
            ("Заполнено сейчас, %", "Filled now, %", 14.0),
            ("Заполнено было бы, %", "Filled then, %", 14.0),
            ("Чего не хватило бы", "What would be lacking", 50.0),
            ("Продажи месяца", "Sales of the month", 16.0),
        ],
    )
}

/// Who would meet a stricter profile and who would not.
fn readiness<'a>(lines: &[ReadinessLine], lang: Lang, titles: &'a [Column<'a>]) -> Sheet<'a> {
    let row = |line: &ReadinessLine| {
        let missing: Vec<String> = line.missing.iter().map(|field| words::word(field).get(lang).to_owned()).collect();
        vec![
            text(&line.segment),
            text(&line.party),
            text(&line.sellers),
            text(if line.own_segment == "all" { "" } else { &line.own_segment }),
            Cell::Number(i64::from(line.now.bp() / 100)),
            Cell::Number(i64::from(line.then.bp() / 100)),
            text(&missing.join(", ")),
            Cell::Money(line.turnover),
        ]
    };
    let name = if lang == Lang::Ru { "Готовность" } else { "Readiness" };
    Sheet { name, columns: titles, rows: lines.iter().map(row).collect() }
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
                Cell::Text(l.posted_at.format("%d.%m.%Y %H:%M").to_string()),
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
                text(l.why.get(lang)),
                text(l.source.get(lang)),
                text(&l.hash),
            ]
        })
        .collect()
}
