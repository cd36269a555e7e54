//! Lists of sales: rows become documents, lines of one document add up, printed totals are checked. Nothing is dropped
//! in silence: a row is a document, a total, the header again, left out by the layout with a note, or a finding.
//! Deliberately absent: groups and crosstabs (`shape` makes lists of them).

use std::collections::HashMap;

use super::{
    document_set::DocumentSet,
    header::Header,
    interpret::ParseRequest,
    layout::{Condition, Layout},
    money_columns::{MoneyColumns, ROLES},
    place::{Findings, Place},
    raw::{RawCell, RawSheet, Row},
    sale_row::{Columns, Draft, Read},
    sales_notes::{Notes, Ordinals},
    title::{self, Title},
    totals::{self, Label},
    value::{self, key},
};
use crate::domain::{
    money::Money,
    sale::{PartyRef, Sale, SaleKey},
    text::Lang,
    words,
};

/// A sheet that is a list of sales.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// Cells.
    pub sheet: &'a RawSheet,
    /// Its header.
    pub header: &'a Header,
    /// The layout it was found by.
    pub layout: &'a Layout,
    /// Its title.
    pub title: &'a Title,
    /// Its address.
    pub place: &'a Place,
    /// What is asked, with the base currency settled.
    pub request: &'a ParseRequest,
}

/// What a sheet yields beside its documents.
#[derive(Clone, Debug, Default)]
pub struct Yield {
    /// Printed total of the amounts, if any: the last «Итого».
    pub printed_total: Option<Money>,
    /// Filter printed below the table.
    pub filter: Option<(u32, String)>,
}

/// Adds the sheet's documents to the set.
pub fn read(input: Input<'_>, set: &mut DocumentSet<'_>, findings: &mut Findings) -> Yield {
    let mut reader = Reader {
        columns: Columns::new(input.header, input.layout, input.sheet.epoch_1904)
            .look_at_parties(input.sheet, input.header.last + 1),
        money: MoneyColumns::decide(input.sheet, input.header, input.place, findings),
        amount: input.header.column("amount"),
        input,
        findings,
        out: Yield::default(),
        notes: Notes::default(),
        row_numbers: Ordinals::new(input.header.column("ordinal"), input.place),
        after_total: None,
        ordinals: HashMap::new(),
    };
    set.begin_sheet();
    for (index, row) in input.sheet.rows_from(input.header.last + 1).enumerate() {
        reader.row(row, index == 0, set);
    }
    reader.finish()
}

struct Reader<'a> {
    input: Input<'a>,
    columns: Columns,
    money: MoneyColumns,
    amount: Option<usize>,
    findings: &'a mut Findings,
    out: Yield,
    notes: Notes,
    row_numbers: Ordinals,
    /// Row of the last grand total, if documents follow it: the row of the first of them.
    after_total: Option<(u32, Option<u32>)>,
    /// Ordinals of equal rows without a number.
    ordinals: HashMap<String, u32>,
}

impl Reader<'_> {
    fn row(&mut self, row: Row<'_>, first: bool, set: &mut DocumentSet<'_>) {
        if row.cells().all(value::is_empty) || self.is_header_again(row) || (first && is_column_numbers(row)) {
            return;
        }
        if let Some(label) = totals::label(row).filter(|_| !self.columns.is_dated(row)) {
            return self.total(row, label);
        }
        if totals::is_balance(row) {
            return;
        }
        if !self.columns.is_document(row, self.amount) {
            return self.aside(row);
        }
        self.row_numbers.see(row, self.findings);
        if let Some(condition) = self.left_out(row) {
            return self.leave(row, &condition);
        }
        let place = self.input.place;
        let amounts = self.money.read(row, place, self.findings);
        let draft = self.columns.read(row, place, self.input.request, self.findings);
        match (amounts, draft) {
            (Some(amounts), Read::Draft(draft)) => self.document(row, *draft, amounts, set),
            (Some(amounts), Read::Other(kind)) => {
                self.prove_only(amounts);
                self.notes.other_document(&kind, place.shown(row.number));
            }
            _ => {
                // A total over a row that could not be read proves nothing; the row itself holds the file.
                self.money.iter_mut().for_each(|(_, column)| column.running.broken = true);
            }
        }
        if let Some((_, following @ None)) = &mut self.after_total {
            *following = Some(row.number);
        }
    }

    /// The condition by which the layout leaves a row out.
    fn left_out(&self, row: Row<'_>) -> Option<Condition> {
        let layout = self.input.layout;
        if layout.keep.is_empty() && layout.leave.is_empty() {
            return None;
        }
        let meets = |c: &&Condition| {
            let column = self.input.header.column(&c.role)?;
            Some(c.meets(&value::trimmed(row.cell(column))))
        };
        let left = layout.leave.iter().find(|c| meets(c) == Some(true));
        left.or_else(|| layout.keep.iter().find(|c| meets(c) == Some(false))).cloned()
    }

    /// Counts a row for the totals only.
    fn leave(&mut self, row: Row<'_>, condition: &Condition) {
        match self.money.read(row, self.input.place, self.findings) {
            Some(amounts) => self.prove_only(amounts),
            None => self.money.iter_mut().for_each(|(_, column)| column.running.broken = true),
        }
        self.notes.left_out(&condition.called, self.input.place.shown(row.number));
    }

    fn prove_only(&mut self, amounts: [Option<Money>; ROLES.len()]) {
        for (slot, column) in self.money.iter_mut() {
            if let Some(Some(amount)) = amounts.get(slot) {
                column.running.add(*amount, *amount, true);
            }
        }
    }

    fn document(
        &mut self,
        row: Row<'_>,
        draft: Draft,
        printed: [Option<Money>; ROLES.len()],
        set: &mut DocumentSet<'_>,
    ) {
        let place = self.input.place;
        let is_base = draft.currency == self.input.request.base_currency;
        let turn = draft.takes_back && printed[0].is_some_and(|amount| amount > Money::ZERO);
        self.notes.turned += usize::from(turn);
        let counted = printed.map(|amount| amount.map(|a| if turn { -a } else { a }));
        for (slot, column) in self.money.iter_mut() {
            if let (Some(Some(printed)), Some(Some(counted))) = (printed.get(slot), counted.get(slot)) {
                column.running.add(*printed, *counted, is_base);
            }
        }
        let [amount, net, margin, bonus] = counted;
        if let (Some(with), Some(without)) = (amount, net)
            && without.kopecks().unsigned_abs() > with.kopecks().unsigned_abs()
        {
            self.net_above_amount(row);
        }
        // A return may stand in a column of its own («Расход» of a statement of settlements).
        let amount = match (amount, self.columns.amount_back) {
            (None, Some(column)) if draft.takes_back => self.back(row, column),
            (amount, _) => amount,
        };
        if amount.is_none() {
            let column = self.money.columns.first().and_then(Option::as_ref).map_or(0, |c| c.index);
            self.findings.warn(
                "amount_empty",
                place.cell(row.number, column),
                "сумма не указана; документ принят с нулевой суммой",
                "the amount is empty; the document is taken with a zero amount",
            );
        }
        if draft.party.name.chars().all(value::is_blank) && draft.party.inn.is_empty() && draft.party.code.is_empty() {
            self.findings.warn(
                "party_missing",
                place.cell(row.number, self.columns.counterparty.unwrap_or_default()),
                "у документа нет контрагента; проверить такую продажу нельзя",
                "the document has no counterparty; such a sale cannot be checked",
            );
        }
        let organisation = match (&self.input.title.organisation, draft.organisation.is_empty()) {
            (Some(printed), true) => printed.clone(),
            _ => draft.organisation,
        };
        let amount = amount.unwrap_or_default();
        let stands_in = draft.number.is_empty();
        let number = if stands_in { self.stand_in_number(row, draft.date, &draft.party, amount) } else { draft.number };
        let takes_back = draft.takes_back || amount.is_negative();
        let sale = Sale {
            key: SaleKey::new(&organisation, &number, draft.date),
            organisation,
            number,
            date: draft.date,
            party: draft.party,
            manager: draft.manager,
            amount,
            net,
            margin,
            bonus,
            currency: draft.currency,
            returns: draft.returned.filter(|_| takes_back),
            file_hash: self.input.request.file_hash.clone(),
            source: place.row(row.number),
        };
        set.add(sale, stands_in, self.findings);
    }

    /// No tax is negative: the two columns are exchanged, or one of them is something else.
    fn net_above_amount(&mut self, row: Row<'_>) {
        let header = self.input.header;
        self.findings.hold(
            "net_above_amount",
            self.input.place.cell(row.number, header.column("net").unwrap_or_default()),
            format!(
                "«{}» больше, чем «{}»; проверьте, не перепутаны ли заголовки столбцов",
                header.title("net"),
                header.title("amount")
            ),
            format!(
                "“{}” is larger than “{}”; check that the headers are not exchanged",
                header.title("net"),
                header.title("amount")
            ),
        );
    }

    fn back(&mut self, row: Row<'_>, column: usize) -> Option<Money> {
        let read = self.money.one(row, column, self.input.place, self.findings);
        read.map(|amount| if amount > Money::ZERO { -amount } else { amount })
    }

    /// A document without a number is known by its content: date, buyer, amount, and its place among equal rows. The
    /// same rows in another export give the same identity.
    fn stand_in_number(&mut self, row: Row<'_>, date: chrono::NaiveDate, party: &PartyRef, amount: Money) -> String {
        let buyer = [&party.code, &party.inn, &party.name].into_iter().find(|t| !t.is_empty());
        let content = format!("{date}/{}/{amount}", key(buyer.map_or("", String::as_str)));
        let ordinal = self.ordinals.entry(content.clone()).or_default();
        *ordinal += 1;
        if let Some(column) = self.columns.number {
            self.findings.warn(
                "number_missing",
                self.input.place.cell(row.number, column),
                "у документа нет номера; он узнаётся по дате, покупателю и сумме",
                "the document has no number; it is known by its date, buyer and amount",
            );
        }
        format!("{content}/{ordinal}")
    }

    fn total(&mut self, row: Row<'_>, label: Label) {
        let place = self.input.place;
        let Some(totals) = self.money.read(row, place, self.findings) else { return };
        for (slot, column) in self.money.iter_mut() {
            let Some(Some(total)) = totals.get(slot) else { continue };
            if slot == 0 && label == Label::Grand {
                self.out.printed_total = Some(*total);
            }
            let (ru, en) = (|m| words::money(m, Lang::Ru), |m| words::money(m, Lang::En));
            if let Err(sum) = column.running.check(label, *total) {
                self.findings.hold(
                    "total_mismatch",
                    place.cell(row.number, column.index),
                    format!("итог в файле {}, а сумма строк {}; выгрузите отчёт заново целиком", ru(*total), ru(sum)),
                    format!(
                        "the printed total is {}, the rows sum up to {}; export the whole report again",
                        en(*total),
                        en(sum)
                    ),
                );
            }
            column.running.next_part();
        }
        if label == Label::Grand && totals[0].is_some() {
            self.after_total = Some((row.number, None));
        }
    }

    /// Neither date nor number: a signature or a remark, unless it carries money.
    fn aside(&mut self, row: Row<'_>) {
        let place = self.input.place;
        if self.out.filter.is_none()
            && let Some(filter) = title::line(row).and_then(|(_, line)| title::filter_of(&line))
        {
            self.out.filter = Some((row.number, filter));
            return;
        }
        let carrying =
            self.money.iter_mut().find(|(_, c)| matches!(row.cell(c.index), RawCell::Number(_) | RawCell::Text(_)));
        if let Some(index) = carrying.map(|(_, column)| column.index).filter(|i| !value::is_empty(row.cell(*i))) {
            self.findings.hold(
                "row_without_document",
                place.cell(row.number, index),
                "в строке есть сумма, но нет ни даты, ни номера документа: это промежуточный итог без слова «Итого» или продолжение строки выше; выгрузите список документов без групп или укажите fill_down в описании (inspect --save-layout)",
                "the row has an amount but neither date nor number: a subtotal without the word “total”, or the row above continued; export a plain list of documents or name fill_down in a layout (inspect --save-layout)",
            );
            return;
        }
        self.notes.aside(place.shown(row.number));
    }

    fn is_header_again(&self, row: Row<'_>) -> bool {
        let header = self.input.header;
        let same = |role: &&str| {
            let Some(column) = header.column(role) else { return false };
            matches!(row.cell(column), RawCell::Text(text) if text.trim_matches(value::is_blank) == header.title(role))
        };
        ["date", "number", "counterparty", "amount"].iter().filter(|role| same(role)).count() >= 2
    }

    fn finish(self) -> Yield {
        let Self { input, findings, out, notes, after_total, columns, .. } = self;
        let place = input.place;
        notes.finish(place, findings);
        if let Some((total, Some(following))) = after_total {
            let total = place.shown(total);
            findings.hold(
                "rows_after_total",
                place.row(following),
                format!("после итога в строке {total} снова идут документы; в файле, видимо, две таблицы: выгрузите каждую отдельно"),
                format!("documents follow the total in row {total}; the file seems to hold two tables: export each on its own"),
            );
        }
        if out.printed_total.is_none() {
            findings.note(
                "no_total",
                place.whole(),
                "итога в файле нет, сверить сумму строк не с чем",
                "the file prints no total, so the sum of the rows cannot be checked",
            );
        }
        if columns.number.is_none() {
            findings.warn(
                "no_numbers",
                place.whole(),
                "столбца с номером документа нет; продажи узнаются по дате, покупателю и сумме, добавьте в выгрузку номер",
                "there is no column with document numbers; sales are known by date, buyer and amount, add the number to the export",
            );
        }
        out
    }
}

/// The row «1, 2, 3 …» (also «3а») that some forms print below the header.
fn is_column_numbers(row: Row<'_>) -> bool {
    let filled: Vec<String> = row.cells().filter(|c| !value::is_empty(*c)).map(value::trimmed).collect();
    let number = |text: &String| text.trim_end_matches(char::is_alphabetic).parse::<u32>().ok();
    let numbers: Option<Vec<u32>> = filled.iter().map(number).collect();
    let rises = |n: &Vec<u32>| n.first() == Some(&1) && n.windows(2).all(|pair| pair.first() <= pair.last());
    filled.len() >= 3 && filled.iter().all(|t| t.chars().count() <= 4) && numbers.as_ref().is_some_and(rises)
}
