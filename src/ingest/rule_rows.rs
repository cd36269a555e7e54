//! Plain lists that only some rules look at: calls, plans, the head's answers on deals, votes. The header is found by its
//! words in the first rows; a required column that is missing, and a cell that cannot be read, is told with its place.
//! Deliberately absent: layouts (these tables are the company's own), who the named people are (`domain`).

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::{
    amount::{self, Style, Votes},
    crm::instant,
    date,
    interpret::{ParseRequest, Parsed, Want},
    period_words,
    raw::{RawCell, RawSheet, RawWorkbook, Row, column_letters},
    seen_column::SeenColumn,
    value::{self, key},
};
use crate::domain::{
    ballot::FilledVote,
    deals::{self, FilledDeal},
    finding::{Finding, Severity, SourceRef},
    inbox::TableKind,
    money::Money,
    period::Period,
    rule_facts::CallLeg,
    text::Text,
};

/// Rows in which the header is looked for.
const WINDOW: usize = 30;
/// Cells that are told one by one before the rest is only counted.
const TOLD: usize = 20;
/// No call lasts longer than a day.
const LONGEST: i64 = 86_400;

/// What such a table holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleRows {
    /// Calls, every leg.
    Calls(Vec<CallLeg>),
    /// Plans.
    Plans(Vec<PlanRow>),
    /// Answers on deals.
    Deals(Vec<FilledDeal>),
    /// Votes.
    Votes(Vec<FilledVote>),
}

/// A plan as written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanRow {
    /// Employee as written.
    pub employee: String,
    /// Period.
    pub period: Period,
    /// How much is to be sold.
    pub amount: Money,
    /// Where.
    pub place: SourceRef,
}

/// A column: role, whether it must be there, headers as people write them.
type Role = (&'static str, bool, &'static [&'static str]);

const CALLS: &[Role] = &[
    (
        "number",
        true,
        &["Номер", "Номер клиента", "Номер абонента", "Телефон", "Phone", "Number", "PHONE_NUMBER", "dst", "Куда"],
    ),
    (
        "employee",
        true,
        &[
            "Сотрудник",
            "Менеджер",
            "Ответственный",
            "Кто звонил",
            "Внутренний номер",
            "Employee",
            "Agent",
            "PORTAL_USER_ID",
            "src",
            "Кто",
        ],
    ),
    (
        "start",
        true,
        &[
            "Начало",
            "Начало звонка",
            "Дата и время",
            "Дата звонка",
            "Дата",
            "Start",
            "Started",
            "CALL_START_DATE",
            "calldate",
        ],
    ),
    (
        "duration",
        true,
        &[
            "Длительность",
            "Длительность, сек",
            "Длительность (сек)",
            "Длительность, с",
            "Продолжительность",
            "Длительность разговора",
            "Duration",
            "CALL_DURATION",
            "billsec",
        ],
    ),
    ("result", false, &["Результат", "Статус", "Итог", "Result", "Status", "CALL_FAILED_CODE", "disposition"]),
    (
        "linked",
        false,
        &[
            "Связанный номер",
            "Связанный звонок",
            "ID звонка",
            "Идентификатор звонка",
            "Код звонка",
            "Linked id",
            "linkedid",
            "Call id",
            "CALL_ID",
            "uniqueid",
        ],
    ),
];

const PLANS: &[Role] = &[
    ("employee", true, &["Сотрудник", "Менеджер", "Табельный номер", "Employee", "Manager"]),
    ("period", true, &["Период", "Месяц", "Period", "Month"]),
    ("amount", true, &["План", "План продаж", "Сумма плана", "Сумма", "Plan", "Amount"]),
];

const DEALS: &[Role] = &[
    ("key", true, &deals::KEY),
    ("answer", true, &deals::ANSWER),
    ("note", true, &deals::NOTE),
    ("made", true, &deals::MADE),
];

const VOTES: &[Role] = &[
    ("period", true, &["Период", "Месяц", "Period", "Month"]),
    ("rule", false, &["Конкурс", "Правило", "Contest", "Rule"]),
    ("juror", true, &["Член жюри", "Жюри", "Кто голосует", "Juror", "Jury"]),
    ("employee", true, &["За кого", "Сотрудник", "Голос", "For", "Vote", "Employee"]),
];

/// Reads the table that the request wants; `None` when it wants something else.
pub(super) fn read(book: &RawWorkbook, request: &ParseRequest) -> Option<Parsed> {
    let (roles, kind) = match request.want {
        Want::Calls => (CALLS, TableKind::Calls),
        Want::Plans => (PLANS, TableKind::Plans),
        Want::Deals => (DEALS, TableKind::Unknown),
        Want::Votes => (VOTES, TableKind::Unknown),
        Want::Accounting | Want::Crm | Want::Review | Want::Signatures | Want::Payroll | Want::Any => {
            return None;
        }
    };
    let laid = book.sheets.iter().filter(|sheet| !sheet.hidden).filter_map(|sheet| lay(sheet, roles));
    let Some(laid) = laid.max_by_key(Laid::found) else {
        return Some(Parsed::refused(vec![not_such_a_table(&book.file, roles, &[])]));
    };
    let missing: Vec<&Role> =
        roles.iter().zip(&laid.columns).filter(|(role, at)| role.1 && at.is_none()).map(|(role, _)| role).collect();
    if !missing.is_empty() {
        return Some(Parsed::refused(vec![not_such_a_table(&book.file, roles, &missing)]));
    }
    let tz = request.tz.unwrap_or(Tz::UTC);
    let mut reader = Reader { book, laid: &laid, roles, bad: Vec::new(), tz, style: None };
    reader.style = reader.style_of_amounts();
    let (rows, count) = reader.rows(request);
    let findings = reader.findings();
    Some(Parsed {
        kind,
        sheet: laid.sheet.name.clone(),
        header_rows: (laid.header.number, laid.header.number),
        columns: reader.seen(),
        rows: count as u64,
        rule_rows: Some(rows),
        ..Parsed::refused(findings)
    })
}

struct Laid<'a> {
    sheet: &'a RawSheet,
    index: usize,
    header: Row<'a>,
    columns: Vec<Option<usize>>,
}

impl Laid<'_> {
    fn found(&self) -> usize {
        self.columns.iter().flatten().count()
    }
}

/// The row of the sheet with most of the columns; at least two of them.
fn lay<'a>(sheet: &'a RawSheet, roles: &[Role]) -> Option<Laid<'a>> {
    let laid = sheet.rows().enumerate().take(WINDOW).map(|(index, header)| {
        let titles: Vec<String> = header.cells().map(|cell| key(&value::text(cell))).collect();
        let mut taken = vec![false; titles.len()];
        let columns = roles.iter().map(|(_, _, names)| {
            let at = names.iter().find_map(|name| {
                let name = key(name);
                (0..titles.len()).find(|i| titles.get(*i) == Some(&name) && taken.get(*i) == Some(&false))
            })?;
            if let Some(slot) = taken.get_mut(at) {
                *slot = true;
            }
            Some(at)
        });
        Laid { sheet, index, columns: columns.collect(), header }
    });
    laid.filter(|laid| laid.found() >= 2).reduce(|best, next| if next.found() > best.found() { next } else { best })
}

struct Reader<'a> {
    book: &'a RawWorkbook,
    laid: &'a Laid<'a>,
    roles: &'a [Role],
    bad: Vec<(SourceRef, Text)>,
    tz: Tz,
    /// How the column of amounts is written; `None` when it can be read in two ways.
    style: Option<Style>,
}

impl<'a> Reader<'a> {
    fn column(&self, role: &str) -> Option<usize> {
        self.roles.iter().zip(&self.laid.columns).find(|((name, ..), _)| *name == role).and_then(|(_, at)| *at)
    }

    fn cell(&self, row: &Row<'a>, role: &str) -> RawCell<'a> {
        self.column(role).map_or(RawCell::Empty, |at| row.cell(at))
    }

    fn text(&self, row: &Row<'a>, role: &str) -> String {
        value::trimmed(self.cell(row, role))
    }

    fn place(&self, row: u32, role: Option<&str>) -> SourceRef {
        let column = role.and_then(|role| self.column(role)).map(column_letters).unwrap_or_default();
        SourceRef {
            file: self.book.file.as_str().into(),
            sheet: self.laid.sheet.name.as_str().into(),
            row,
            column: column.as_str().into(),
        }
    }

    fn refuse(&mut self, row: u32, role: &str, ru: &str, en: &str) {
        let place = self.place(row, Some(role));
        self.bad.push((place, Text::new(ru, en)));
    }

    fn rows(&mut self, request: &ParseRequest) -> (RuleRows, usize) {
        let sheet = self.laid.sheet;
        let rows = sheet.rows_from(self.laid.index + 1).filter(|row| !row.cells().all(value::is_empty));
        match request.want {
            Want::Calls => {
                let all: Vec<CallLeg> = rows.filter_map(|row| self.call(&row, request)).collect();
                let count = all.len();
                (RuleRows::Calls(all), count)
            }
            Want::Plans => {
                let all: Vec<PlanRow> = rows.filter_map(|row| self.plan(&row)).collect();
                let count = all.len();
                (RuleRows::Plans(all), count)
            }
            Want::Votes => {
                let all: Vec<FilledVote> = rows
                    .map(|row| FilledVote {
                        row: row.number,
                        period: self.period_text(&row),
                        rule: self.text(&row, "rule"),
                        juror: self.text(&row, "juror"),
                        employee: self.text(&row, "employee"),
                    })
                    .collect();
                let count = all.len();
                (RuleRows::Votes(all), count)
            }
            _ => {
                let all: Vec<FilledDeal> = rows
                    .map(|row| FilledDeal {
                        row: row.number,
                        key: self.text(&row, "key"),
                        answer: self.text(&row, "answer"),
                        note: self.text(&row, "note"),
                        made: self.text(&row, "made"),
                    })
                    .collect();
                let count = all.len();
                (RuleRows::Deals(all), count)
            }
        }
    }

    fn style_of_amounts(&self) -> Option<Style> {
        let mut votes = Votes::default();
        for row in self.laid.sheet.rows_from(self.laid.index + 1) {
            votes.look(row.number, self.cell(&row, "amount"));
        }
        votes.decide().ok()
    }

    fn call(&mut self, row: &Row<'a>, request: &ParseRequest) -> Option<CallLeg> {
        let start = instant(self.cell(row, "start"), self.tz, self.laid.sheet.epoch_1904).ok().flatten();
        let seconds = seconds(self.cell(row, "duration"));
        if start.is_none() {
            self.refuse(row.number, "start", "это не дата и время звонка", "this is no date and time of a call");
        }
        if seconds.is_none() {
            self.refuse(
                row.number,
                "duration",
                "это не длительность: нужны секунды или чч:мм:сс",
                "this is no duration: seconds or hh:mm:ss are needed",
            );
        }
        Some(CallLeg {
            source: String::new(),
            linked_id: self.text(row, "linked"),
            number: self.text(row, "number"),
            employee: self.text(row, "employee"),
            started_at: start?,
            seconds: seconds?,
            result: self.text(row, "result"),
            file_hash: request.file_hash.clone(),
            place: self.place(row.number, None),
        })
    }

    fn plan(&mut self, row: &Row<'a>) -> Option<PlanRow> {
        let employee = self.text(row, "employee");
        // A line of totals names nobody that is planned for.
        if employee.is_empty() || key(&employee).starts_with("итого") || key(&employee) == "total" {
            return None;
        }
        let written = self.period_text(row);
        let period = written.parse::<Period>().ok();
        let amount = self.style.and_then(|style| amount::read(self.cell(row, "amount"), style).ok().flatten());
        let amount = amount.filter(|amount| !amount.is_negative());
        if period.is_none() {
            self.refuse(
                row.number,
                "period",
                "это не месяц: нужно 2026-11, 11.2026 или «ноябрь 2026»",
                "this is no month: write 2026-11, 11.2026 or a date in it",
            );
        }
        if amount.is_none() {
            self.refuse(
                row.number,
                "amount",
                "это не сумма плана, или столбец читается двояко: нужны числа вида 1500000,00",
                "this is no amount of a plan, or the column can be read in two ways: write numbers like 1500000.00",
            );
        }
        Some(PlanRow { employee, period: period?, amount: amount?, place: self.place(row.number, None) })
    }

    /// The month of a cell as `2026-11`; what cannot be read stays as written.
    fn period_text(&self, row: &Row<'a>) -> String {
        let cell = self.cell(row, "period");
        let written = value::trimmed(cell);
        let named = || period_words::parse(&written).filter(|span| Period::of(span.from) == Period::of(span.to));
        let month = || {
            let (month, year) = written.split_once('.')?;
            Period::new(year.trim().parse().ok().filter(|y| (2000..=2100).contains(y))?, month.trim().parse().ok()?)
        };
        let dated = || date::read(cell, self.laid.sheet.epoch_1904).ok().flatten().map(Period::of);
        let text_only = matches!(cell, RawCell::Text(_));
        let period = written
            .parse::<Period>()
            .ok()
            .or_else(|| text_only.then(month).flatten())
            .or_else(dated)
            .or_else(|| named().map(|span| Period::of(span.from)));
        period.map_or(written, |period| period.to_string())
    }

    fn findings(&mut self) -> Vec<Finding> {
        let bad = std::mem::take(&mut self.bad);
        let count = bad.len();
        let mut all: Vec<Finding> = bad
            .into_iter()
            .take(TOLD)
            .map(|(place, text)| Finding::new(Severity::Hold, "cell_not_read", text).at(place))
            .collect();
        if count > TOLD {
            let rest = count - TOLD;
            all.push(Finding::new(
                Severity::Hold,
                "cell_not_read",
                Text::new(format!("и ещё таких ячеек: {rest}"), format!("and {rest} more such cells")),
            ));
        }
        all
    }

    fn seen(&self) -> Vec<SeenColumn> {
        let titles: Vec<String> = self.laid.header.cells().map(value::trimmed).collect();
        let found = self.roles.iter().zip(&self.laid.columns).filter_map(|((role, ..), at)| Some((*role, (*at)?)));
        let mut seen: Vec<(usize, &str)> = found.map(|(role, at)| (at, role)).collect();
        seen.sort_unstable();
        seen.into_iter()
            .map(|(at, role)| SeenColumn::new(at, role, titles.get(at).map_or("", String::as_str)))
            .collect()
    }
}

/// Seconds of `95`, `1:35`, `00:01:35`, or a time of day as spreadsheets keep it.
fn seconds(cell: RawCell<'_>) -> Option<u32> {
    let whole = match cell {
        // Spreadsheets keep a time as a part of the day; whole numbers are seconds.
        RawCell::Number(number) if number > 0.0 && number < 1.0 => (number * 86_400.0).round() as i64,
        RawCell::Number(number) if number.fract() == 0.0 => number as i64,
        RawCell::Number(_) => return None,
        _ => {
            let text = value::trimmed(cell);
            if text.is_empty() {
                return Some(0);
            }
            let parts: Vec<i64> = text.split(':').map(|part| part.trim().parse().ok()).collect::<Option<_>>()?;
            if parts.len() > 3 || parts.iter().any(|part| *part < 0) || parts.iter().skip(1).any(|part| *part > 59) {
                return None;
            }
            parts.iter().fold(0_i64, |sum, part| sum.saturating_mul(60).saturating_add(*part))
        }
    };
    u32::try_from(whole).ok().filter(|seconds| i64::from(*seconds) <= LONGEST)
}

fn not_such_a_table(file: &str, roles: &[Role], missing: &[&Role]) -> Finding {
    let named = |role: &Role| role.2.first().copied().unwrap_or(role.0);
    let wanted: Vec<&str> = if missing.is_empty() {
        roles.iter().filter(|role| role.1).map(named).collect()
    } else {
        missing.iter().map(|role| named(role)).collect()
    };
    let list = wanted.join("», «");
    let text = if missing.is_empty() {
        Text::new(
            format!("в файле нет нужной таблицы; нужны столбцы «{list}»"),
            format!("the file has no such table; the columns «{list}» are needed"),
        )
    } else {
        Text::new(
            format!("в таблице не хватает столбцов: «{list}»; добавьте их и положите файл снова"),
            format!("the table lacks the columns «{list}»; add them and put the file there again"),
        )
    };
    Finding::new(Severity::Hold, "rule_columns_missing", text).at(SourceRef::file(file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_in_every_way_that_telephony_writes_them() {
        for (cell, want) in [
            (RawCell::Text("95"), Some(95)),
            (RawCell::Text("1:35"), Some(95)),
            (RawCell::Text("00:01:35"), Some(95)),
            (RawCell::Number(95.0), Some(95)),
            (RawCell::Number(95.0 / 86_400.0), Some(95)),
            (RawCell::Text(""), Some(0)),
            (RawCell::Text("-5"), None),
            (RawCell::Text("1:75"), None),
            (RawCell::Text("долго"), None),
            (RawCell::Number(90_000.0), None),
        ] {
            assert_eq!(seconds(cell), want, "{cell:?}");
        }
    }
}
