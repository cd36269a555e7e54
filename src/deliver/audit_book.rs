//! The workbook of the weekly audit: managers, every considered document, what moved money, what waits or could not be judged,
//! remarks. Every list is whole, whatever the mail had room for. Deliberately absent: how cells are written (`sheets`), the
//! workbooks that are filled and sent back (`review_book`, `deal_book`).

use chrono::{DateTime, Utc};

use crate::domain::{
    report::{
        AuditReport,
        audit_rows::{ManagerRow, PartyLine},
        company::ReadinessLine,
    },
    text::Lang,
    words::say,
};

use super::{
    error::TemplateError,
    sheets::{Cell, Column, Sheet, columns, link, single, text},
    words,
};

/// Similar cards that have a column of their own.
const CARDS: usize = 3;

/// Every list of the audit.
pub fn audit(report: &AuditReport, lang: Lang, now: DateTime<Utc>) -> Result<Vec<u8>, TemplateError> {
    let (documents, managers) = (document_columns(lang), manager_columns(lang));
    let (moved, unclear, remarks) = (moved_columns(lang), unclear_columns(lang), remark_columns(lang));
    let waiting =
        |list: &[PartyLine], why: &str| list.iter().map(|party| unclear_row(party, why, lang)).collect::<Vec<_>>();
    let mut parties = waiting(&report.uncertain, say(lang, "ждёт решения", "awaits a decision"));
    parties.extend(waiting(&report.not_judgeable, say(lang, "нельзя проверить", "cannot be judged")));
    let readiness = readiness_columns(lang);
    let mut sheets = vec![
        Sheet {
            name: say(lang, "Документы", "Documents"), columns: &documents, rows: document_rows(report, lang)
        },
        Sheet {
            name: say(lang, "Менеджеры", "Managers"),
            columns: &managers,
            rows: report.managers.iter().map(|row| manager_row(row, lang)).collect(),
        },
        Sheet { name: say(lang, "Изменения", "Changes"), columns: &moved, rows: moved_rows(report, lang) },
        Sheet { name: say(lang, "На разбор", "To review"), columns: &unclear, rows: parties },
        Sheet {
            name: say(lang, "Замечания", "Remarks"),
            columns: &remarks,
            rows: report.findings.iter().map(|f| vec![text(f.place.get(lang)), text(f.message.get(lang))]).collect(),
        },
    ];
    if !report.readiness.is_empty() {
        let rows = report.readiness.iter().map(|line| readiness_row(line, lang)).collect();
        sheets.push(Sheet { name: say(lang, "Готовность", "Readiness"), columns: &readiness, rows });
    }
    single(&sheets, now)
}

fn document_columns(lang: Lang) -> Vec<Column<'static>> {
    columns(
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
            ("Карточка CRM", "CRM card", 30.0),
            ("Сегмент", "Segment", 12.0),
            ("Почему", "Why", 60.0),
            ("Источник", "Source", 50.0),
        ],
    )
}

fn document_rows(report: &AuditReport, lang: Lang) -> Vec<Vec<Cell>> {
    report
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
                l.entered_at.map_or(Cell::Empty, Cell::Instant),
                link(&l.card, &l.link),
                text(if l.segment == "all" { "" } else { &l.segment }),
                text(l.reason.get(lang)),
                text(l.source.get(lang)),
            ]
        })
        .collect()
}

fn manager_columns(lang: Lang) -> Vec<Column<'static>> {
    columns(
        lang,
        &[
            ("Табельный номер", "Personnel number", 12.0),
            ("Менеджер", "Manager", 26.0),
            ("Продаж", "Sales", 10.0),
            ("На сумму", "Amount", 16.0),
            ("В CRM", "In the CRM", 10.0),
            ("Без карточки", "Without a card", 10.0),
            ("Без карточки на сумму", "Amount without a card", 16.0),
            ("Срок идёт", "Deadline ahead", 10.0),
            ("Неясно", "Unclear", 10.0),
            ("Занесено", "Entered", 11.0),
            ("Карточки заполнены", "Cards filled", 11.0),
            ("Занесено по неделям", "Entered by week", 40.0),
        ],
    )
}

fn manager_row(row: &ManagerRow, lang: Lang) -> Vec<Cell> {
    let trend: Vec<String> = row.trend.iter().map(|share| super::format::percent(lang, *share)).collect();
    let name = if row.name.is_empty() {
        say(lang, "Продавец не определён", "Seller unknown")
    } else {
        &row.name
    };
    vec![
        text(row.id.as_ref().map_or("", |id| &id.0)),
        text(name),
        Cell::Number(row.sales.count.into()),
        Cell::Money(row.sales.amount),
        Cell::Number(row.in_crm.count.into()),
        Cell::Number(row.missing.count.into()),
        Cell::Money(row.missing.amount),
        Cell::Number(row.pending.count.into()),
        Cell::Number(row.unclear.count.into()),
        row.share.map_or(Cell::Empty, Cell::Share),
        row.completeness.map_or(Cell::Empty, Cell::Share),
        text(&trend.join(" → ")),
    ]
}

fn moved_columns(lang: Lang) -> Vec<Column<'static>> {
    columns(
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
    )
}

fn moved_rows(report: &AuditReport, lang: Lang) -> Vec<Vec<Cell>> {
    report
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
        .collect()
}

fn unclear_columns(lang: Lang) -> Vec<Column<'static>> {
    columns(
        lang,
        &[
            ("Контрагент", "Counterparty", 40.0),
            ("Ключ", "Key", 24.0),
            ("Что с ним", "State", 18.0),
            ("Продаж", "Sales", 10.0),
            ("Сумма", "Amount", 16.0),
            ("Почему", "Why", 50.0),
            ("Похожая карточка 1", "Similar card 1", 40.0),
            ("Похожая карточка 2", "Similar card 2", 40.0),
            ("Похожая карточка 3", "Similar card 3", 40.0),
        ],
    )
}

fn unclear_row(party: &PartyLine, state: &str, lang: Lang) -> Vec<Cell> {
    let mut row = vec![
        text(&party.name),
        text(&party.key.0),
        text(state),
        Cell::Number(party.tally.count.into()),
        Cell::Money(party.tally.amount),
        text(party.reason.get(lang)),
    ];
    let cards =
        party.candidates.iter().take(CARDS).map(|card| link(&format!("{} ({})", card.title, card.id), &card.link));
    row.extend(cards);
    row
}

fn remark_columns(lang: Lang) -> Vec<Column<'static>> {
    columns(lang, &[("Где", "Where", 50.0), ("Что замечено", "What was noticed", 90.0)])
}

fn readiness_columns(lang: Lang) -> Vec<Column<'static>> {
    columns(
        lang,
        &[
            ("Требования сегмента", "Requirements of the segment", 18.0),
            ("Контрагент", "Counterparty", 40.0),
            ("Продавцы", "Sellers", 30.0),
            ("Сегмент сейчас", "Segment now", 16.0),
            ("Заполнено сейчас", "Filled now", 14.0),
            ("Заполнено было бы", "Filled then", 14.0),
            ("Чего не хватило бы", "What would be lacking", 50.0),
            ("Продажи месяца", "Sales of the month", 16.0),
        ],
    )
}

fn readiness_row(line: &ReadinessLine, lang: Lang) -> Vec<Cell> {
    let missing: Vec<String> = line.missing.iter().map(|field| words::word(field).get(lang).to_owned()).collect();
    vec![
        text(&line.segment),
        text(&line.party),
        text(&line.sellers),
        text(if line.own_segment == "all" { "" } else { &line.own_segment }),
        Cell::Share(line.now),
        Cell::Share(line.then),
        text(&missing.join(", ")),
        Cell::Money(line.turnover),
    ]
}
