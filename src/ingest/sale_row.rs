//! One row of a list of sales becomes a draft of a document. Deliberately absent: adding lines up and totals (`sales`).

use std::{borrow::Cow, collections::HashMap};

use chrono::NaiveDate;

use super::{
    currency, date,
    date_order::{self, Order},
    document::{self, Meaning},
    header::Header,
    interpret::ParseRequest,
    layout::Layout,
    party_cell,
    place::{Findings, Place},
    raw::{RawSheet, Row},
    value,
};
use crate::domain::{inbox::DateSpan, sale::PartyRef};

/// 0-based columns of the roles of a sales list.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// Date.
    pub date: Option<usize>,
    /// Number, or the whole wording of the document.
    pub number: Option<usize>,
    /// Whole wording of the document beside its number.
    pub document: Option<usize>,
    operation: Option<usize>,
    /// Counterparty.
    pub counterparty: Option<usize>,
    code: Option<usize>,
    inn: Option<usize>,
    kpp: Option<usize>,
    inn_kpp: Option<usize>,
    manager: Option<usize>,
    currency: Option<usize>,
    organisation: Option<usize>,
    returned: Option<usize>,
    /// Amount of documents that take a sale back, where they have a column of their own.
    pub amount_back: Option<usize>,
    /// Whether documents of other kinds are left out.
    leave_others: bool,
    unit: Option<&'static str>,
    /// Whether the buyer's cell ends with his code behind a comma.
    coded: bool,
    /// Kinds of documents met so far: there are few, and each is judged once.
    kinds: Kinds,
    epoch_1904: bool,
    /// Order of day, month and year, where the column of dates tells it.
    order: Option<Order>,
}

/// Kinds of documents with their meanings.
#[derive(Clone, Debug, Default)]
struct Kinds {
    known: HashMap<String, Meaning>,
    /// The one met last, which most rows repeat.
    last: (String, Meaning),
}

impl Kinds {
    /// The meaning of a kind, remembered.
    fn meaning(&mut self, kind: &str) -> Meaning {
        if kind.is_empty() {
            return Meaning::default();
        }
        if self.last.0 == kind {
            return self.last.1;
        }
        let known = self.known.get(kind).copied();
        let meaning = known.unwrap_or_else(|| Meaning::of(kind));
        if known.is_none() && self.known.len() < MOST_KINDS {
            self.known.insert(kind.to_owned(), meaning);
        }
        self.last = (kind.to_owned(), meaning);
        meaning
    }
}

/// Kinds that are remembered.
const MOST_KINDS: usize = 1_000;

/// A row's facts but for the amounts.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// Date.
    pub date: NaiveDate,
    /// Number as written; empty when the row has none.
    pub number: String,
    /// Whether the kind of document takes a sale back.
    pub takes_back: bool,
    /// Buyer.
    pub party: PartyRef,
    /// Seller; empty when nobody is named.
    pub manager: String,
    /// Currency code; empty when the row names none.
    pub currency: String,
    /// Own organisation; empty when the row names none.
    pub organisation: String,
    /// Number of the document that is returned.
    pub returned: Option<String>,
}

/// What a row turned out to be.
#[derive(Clone, Debug)]
pub enum Read {
    /// A document of sale or return.
    Draft(Draft),
    /// A document of another kind, which the layout leaves out.
    Other(String),
    /// Nothing that can be read; the findings say why.
    Bad,
}

impl Columns {
    /// The columns of a header.
    pub fn new(header: &Header, layout: &Layout, epoch_1904: bool) -> Self {
        Self {
            date: header.column("date"),
            number: header.column("number"),
            document: header.column("document"),
            operation: header.column("operation"),
            counterparty: header.column("counterparty"),
            code: header.column("counterparty_code"),
            inn: header.column("inn"),
            kpp: header.column("kpp"),
            inn_kpp: header.column("inn_kpp"),
            manager: header.column("manager"),
            currency: header.column("currency"),
            organisation: header.column("organisation"),
            returned: header.column("returned_document"),
            amount_back: header.column("amount_back"),
            leave_others: layout.leave_other_documents,
            unit: header.unit,
            coded: false,
            kinds: Kinds::default(),
            epoch_1904,
            order: None,
        }
    }

    /// Looks at the dates as a column: the order of their parts.
    pub fn look_at_dates(mut self, sheet: &RawSheet, from: usize, period: Option<DateSpan>) -> Self {
        self.order = self.date.and_then(|column| date_order::of_column(sheet, from, column, period));
        self
    }

    /// Looks at the buyers' cells as a column: whether each ends with a code behind a comma.
    pub fn look_at_parties(mut self, sheet: &RawSheet, from: usize) -> Self {
        self.coded =
            self.code.is_none() && self.counterparty.is_some_and(|c| party_cell::column_has_codes(sheet, from, c));
        self
    }

    /// Whether the row means a document: a date or a number, and something more than that one cell.
    pub fn is_document(&self, row: Row<'_>, amount: Option<usize>) -> bool {
        let filled = |c: Option<usize>| c.is_some_and(|c| !value::is_empty(row.cell(c)));
        let cells = [self.date, self.number, self.counterparty, amount].map(filled);
        (cells[0] || cells[1]) && (cells.iter().filter(|f| **f).count() >= 2 || self.has_wording(row))
    }

    /// Whether there is a column of buyers.
    pub const fn has_buyer(&self) -> bool {
        self.counterparty.is_some()
    }

    /// The buyer's cell.
    pub fn buyer<'a>(&self, row: Row<'a>) -> std::borrow::Cow<'a, str> {
        self.counterparty.map_or_else(Default::default, |column| value::text(row.cell(column)))
    }

    /// Whether there is a column of managers.
    pub const fn has_manager(&self) -> bool {
        self.manager.is_some()
    }

    /// Whether two keys of a document stand in the row, so that it is no total: a buyer may be called «Итог».
    pub fn is_keyed(&self, row: Row<'_>) -> bool {
        let keys = [self.number, self.counterparty, self.code, self.inn, self.manager];
        let mut filled: Vec<usize> = keys.into_iter().flatten().filter(|c| !value::is_empty(row.cell(*c))).collect();
        filled.dedup();
        filled.len() > 1
    }

    /// Whether a date or a document with its date stands in the row, so that it is no total.
    pub fn is_dated(&self, row: Row<'_>) -> bool {
        let dated = |c| date::read_in(row.cell(c), self.epoch_1904, self.order).is_ok_and(|d| d.is_some());
        self.date.is_some_and(dated) || self.has_wording(row)
    }

    fn has_wording(&self, row: Row<'_>) -> bool {
        self.number.is_some_and(|c| document::split(&value::text(row.cell(c))).date.is_some())
    }

    /// Reads the row; one that cannot be a document is a finding of severity hold.
    pub fn read(&mut self, row: Row<'_>, place: &Place, request: &ParseRequest, findings: &mut Findings) -> Read {
        for column in [self.counterparty, self.code, self.inn, self.kpp, self.inn_kpp, self.manager, self.number] {
            if let Some(column) = column
                && let Some(error) = row.error(column)
            {
                findings.hold(
                    "error_value",
                    place.cell(row.number, column),
                    format!("в ячейке ошибка «{error}» или невычисленная формула; исправьте и выгрузите заново"),
                    format!(
                        "the cell holds the error “{error}” or a formula without a value; correct it and export again"
                    ),
                );
                return Read::Bad;
            }
        }
        let bare = |column: Option<usize>| column.map_or(Cow::Borrowed(""), |c| value::bare(row.cell(c)));
        let (number, document) = (bare(self.number), bare(self.document));
        let (wording, beside) = (document::split(&number), document::split(&document));
        let kinds = [bare(self.operation), wording.kind, beside.kind];
        let meanings = kinds.each_ref().map(|kind| self.kinds.meaning(kind));
        let told =
            |pick: fn(&Meaning) -> bool| kinds.iter().zip(&meanings).find(|(_, m)| pick(m)).map(|(kind, _)| kind);
        if self.leave_others
            && let Some((kind, meaning)) = kinds.iter().zip(&meanings).find(|(kind, m)| !kind.is_empty() && !m.sale)
        {
            if meaning.foreign {
                return Read::Other(kind.clone().into_owned());
            }
            findings.hold(
                "kind_unclear",
                place.cell(row.number, self.operation.or(self.number).or(self.document).unwrap_or_default()),
                format!("вид документа «{kind}» неизвестен: неясно, продажа ли это; выгрузите список документов «Реализация»"),
                format!("the kind of document “{kind}” is unknown: it is unclear whether it is a sale; export the list of sales documents"),
            );
            return Read::Bad;
        }
        let Some(date) = self.date_of(row, wording.date.or(beside.date), place, findings) else { return Read::Bad };
        if let Some(kind) = told(|m| m.foreign) {
            let column = self.operation.or(self.number).or(self.document).unwrap_or_default();
            findings.hold(
                "not_a_sale",
                place.cell(row.number, column),
                format!("«{kind}» не продажа; выгрузите только документы реализации и возвраты от покупателей"),
                format!("“{kind}” is not a sale; export only sales and returns from customers"),
            );
            return Read::Bad;
        }
        if let Some(kind) = told(|m| m.almost_back) {
            let column = self.operation.or(self.number).or(self.document).unwrap_or_default();
            findings.hold(
                "kind_unclear",
                place.cell(row.number, column),
                format!("вид документа «{kind}» похож на возврат с опечаткой; исправьте его в учёте и выгрузите заново"),
                format!("the kind of document “{kind}” looks like a misspelt return; correct it in accounting and export again"),
            );
            return Read::Bad;
        }
        let number = if self.number.is_some() { wording.number } else { beside.number };
        let manager = bare(self.manager);
        Read::Draft(Draft {
            date,
            number: number.into_owned(),
            takes_back: meanings.iter().any(|m| m.back),
            party: self.party(row),
            manager: if value::is_placeholder(&manager) { String::new() } else { manager.into_owned() },
            currency: self.currency_of(row, place, request, findings),
            organisation: bare(self.organisation).into_owned(),
            returned: Some(bare(self.returned)).filter(|t| !value::is_placeholder(t)).and_then(|text| {
                let original = document::split(&text);
                let foreign = document::is_foreign(&original.kind) || document::is_foreign(&original.number);
                (!foreign).then(|| original.number.into_owned())
            }),
        })
    }

    fn date_of(
        &self,
        row: Row<'_>,
        worded: Option<NaiveDate>,
        place: &Place,
        findings: &mut Findings,
    ) -> Option<NaiveDate> {
        let read = self.date.map_or(Ok(None), |c| date::read_in(row.cell(c), self.epoch_1904, self.order));
        match (read, worded) {
            (Ok(Some(date)), worded) if worded.is_none_or(|other| other == date) => return Some(date),
            (Ok(None), Some(_)) => return worded,
            _ => {}
        }
        let column = self.date.or(self.number).unwrap_or_default();
        let shown = value::shown(&value::text(row.cell(column)), 40);
        let at = place.cell(row.number, column);
        match read {
            Ok(Some(date)) => {
                if let Some(other) = worded.filter(|other| *other != date) {
                    let (own, other) = (date.format("%d.%m.%Y"), other.format("%d.%m.%Y"));
                    findings.warn(
                        "date_differs",
                        at,
                        format!("в столбце даты {own}, а в названии документа {other}; учтена дата столбца"),
                        format!("the date column says {own}, the document's wording {other}; the column counts (day.month.year)"),
                    );
                }
                return Some(date);
            }
            Ok(None) => findings.hold(
                "date_missing",
                at,
                "у документа нет даты; без неё неизвестны период и срок",
                "the document has no date; without it neither period nor deadline is known",
            ),
            Err(date::Bad::NotADate) => findings.hold(
                "date_unreadable",
                at,
                format!("«{shown}» не дата; нужна дата вида 05.11.2026"),
                format!("“{shown}” is not a date; a date like 05.11.2026 is needed"),
            ),
            Err(date::Bad::Ambiguous) => findings.hold(
                "date_ambiguous",
                at,
                format!("дату «{shown}» можно прочесть по-разному, и соседние даты не говорят, где день, а где месяц и год; выгрузите даты в виде 05.11.2026"),
                format!("the date “{shown}” can be read in two ways, and the other dates do not tell day from month and year; export dates like 05.11.2026"),
            ),
            Err(date::Bad::OutOfRange) => findings.hold(
                "date_out_of_range",
                at,
                format!("дата «{shown}» вне 1990–2100 годов; проверьте документ"),
                format!("the date “{shown}” lies outside 1990 to 2100; check the document"),
            ),
        }
        None
    }

    fn party(&self, row: Row<'_>) -> PartyRef {
        let text = |column: Option<usize>| column.map_or_else(String::new, |c| value::text(row.cell(c)).into_owned());
        let (mut inn, mut kpp) = (text(self.inn), text(self.kpp));
        if let Some(column) = self.inn_kpp
            && inn.is_empty()
        {
            (inn, kpp) = split_inn_kpp(&value::text(row.cell(column)), kpp);
        }
        let code = self.code.map_or_else(String::new, |c| value::trimmed(row.cell(c)));
        party_cell::split(PartyRef { code, name: text(self.counterparty), inn, kpp }, self.coded)
    }

    fn currency_of(&self, row: Row<'_>, place: &Place, request: &ParseRequest, findings: &mut Findings) -> String {
        let (base, aliases) = (request.base_currency.as_str(), request.currency_aliases.as_slice());
        let written = self.currency.map_or_else(String::new, |c| value::trimmed(row.cell(c)));
        if written.is_empty() {
            return self.unit.map_or_else(
                || base.to_owned(),
                |unit| currency::code(unit, base, aliases).unwrap_or_else(|other| other),
            );
        }
        currency::code(&written, base, aliases).unwrap_or_else(|other| {
            findings.warn(
                "currency_unknown",
                place.cell(row.number, self.currency.unwrap_or_default()),
                format!("валюта «{written}» неизвестна; такие продажи не считаются, пока её нет в company.currency_aliases"),
                format!("the currency “{written}” is unknown; such sales are not computed until company.currency_aliases names it"),
            );
            other
        })
    }
}

/// `7701234567/770101001` in one column; anything else stays whole, the ИНН reader knows what to do with it.
pub fn split_inn_kpp(text: &str, kpp: String) -> (String, String) {
    match text.split_once(['/', '\\']) {
        Some((left, right)) if kpp.is_empty() && right.trim().len() <= 9 && left.trim().len() <= 12 => {
            (left.trim().to_owned(), right.trim().to_owned())
        }
        _ => (text.to_owned(), kpp),
    }
}
