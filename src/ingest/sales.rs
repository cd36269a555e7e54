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
    sales_doubts,
    sales_groups::{self, Groups},
    sales_known::{Known, SECTION, is_column_numbers, section},
    sales_notes::{Notes, Ordinals},
    title::{self, Title},
    totals::{self, Label},
    value::{self, key},
};
use crate::domain::{
    money::Money,
    sale::{KeyMaker, PartyRef, Sale},
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
            .look_at_parties(input.sheet, input.header.last + 1)
            .look_at_dates(input.sheet, input.header.last + 1, input.title.period),
        money: MoneyColumns::decide(input.sheet, input.header, input.place, findings),
        amount: input.header.column("amount"),
        input,
        findings,
        out: Yield::default(),
        notes: Notes::default(),
        row_numbers: Ordinals::new(input.header.column("ordinal"), input.place),
        after_total: None,
        ordinals: HashMap::new(),
        accounts: HashMap::new(),
        known: Known::of(&input),
        any: false,
        keys: KeyMaker::default(),
        section: None,
        groups: Groups::default(),
        first_total: None,
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
    /// Accounts by buyer, in an analysis of an account.
    accounts: HashMap<String, Vec<String>>,
    known: Known,
    /// Whether a row of data was seen.
    any: bool,
    keys: KeyMaker,
    /// A lone text right above the next document.
    section: Option<(u32, String)>,
    groups: Groups,
    /// A grand total above all rows, with its row.
    first_total: Option<(u32, [Option<Money>; ROLES.len()])>,
}

impl Reader<'_> {
    fn row(&mut self, row: Row<'_>, first: bool, set: &mut DocumentSet<'_>) {
        if row.cells().all(value::is_empty) || self.is_header_again(row) || (first && is_column_numbers(row)) {
            return;
        }
        if let Some(label) = totals::label(row).filter(|_| !self.columns.is_dated(row) && !self.columns.is_keyed(row)) {
            return self.total(row, label);
        }
        if totals::is_balance(row) {
            return;
        }
        if !self.columns.is_document(row, self.amount) {
            return self.aside(row);
        }
        self.below_section(row);
        self.any = true;
        self.row_numbers.see(row, self.findings);
        self.too_long(row);
        let holding = self.input.layout.hold.iter().filter(|_| self.known.conditions);
        if let Some(condition) = holding.into_iter().find(|c| self.meets(c, row) == Some(true)) {
            let column = self.input.header.column(&condition.role).unwrap_or_default();
            let shown = value::trimmed(row.cell(column));
            let (ru, en) = (&condition.called.ru, &condition.called.en);
            self.findings.hold(
                "row_unclear",
                self.input.place.cell(row.number, column),
                format!("«{shown}»: {ru}"),
                format!("“{shown}”: {en}"),
            );
        }
        if let Some(condition) = self.left_out(row) {
            return self.leave(row, &condition);
        }
        let place = self.input.place;
        let amounts = self.money.read(row, place, self.findings);
        self.groups.document(&self.columns.buyer(row), amounts.unwrap_or_default());
        let draft = self.columns.read(row, place, self.input.request, self.findings);
        match (amounts, draft) {
            (Some(amounts), Read::Draft(draft)) => self.document(row, draft, amounts, set),
            (Some(amounts), Read::Other(kind)) => {
                self.prove_only(amounts);
                self.notes.other_document(&kind, place.shown(row.number));
            }
            _ => {
                // A total over a row that could not be read proves nothing; the row itself holds the file.
                self.break_totals();
            }
        }
        if let Some((_, following @ None)) = &mut self.after_total {
            *following = Some(row.number);
        }
    }

    /// In a text file a cell beyond the header means that a delimiter stood inside a value and all behind it is shifted.
    fn too_long(&mut self, row: Row<'_>) {
        let Some(last) = self.known.last else { return };
        if row.width() > last + 1 {
            self.findings.hold(
                "row_too_long",
                self.input.place.cell(row.number, last + 1),
                "в строке больше ячеек, чем в заголовке: разделитель стоит внутри значения и столбцы сдвинуты; выгрузите в .xlsx или возьмите такие значения в кавычки",
                "the row has more cells than the header: a delimiter stands inside a value and the columns are shifted; export as .xlsx or quote such values",
            );
        }
    }

    /// The condition by which the layout leaves a row out.
    fn left_out(&self, row: Row<'_>) -> Option<Condition> {
        let layout = self.input.layout;
        if !self.known.conditions {
            return None;
        }
        let left = layout.leave.iter().find(|c| self.meets(c, row) == Some(true));
        left.or_else(|| layout.keep.iter().find(|c| self.meets(c, row) == Some(false))).cloned()
    }

    /// Whether a row meets a condition; `None` where the sheet has no such column.
    fn meets(&self, condition: &Condition, row: Row<'_>) -> Option<bool> {
        let column = self.input.header.column(&condition.role)?;
        Some(condition.meets(&value::trimmed(row.cell(column))))
    }

    /// Counts a row for the totals only.
    fn leave(&mut self, row: Row<'_>, condition: &Condition) {
        match self.money.read(row, self.input.place, self.findings) {
            Some(amounts) => {
                self.groups.document(&self.columns.buyer(row), amounts);
                self.prove_only(amounts);
            }
            None => self.break_totals(),
        }
        self.notes.left_out(&condition.called, self.input.place.shown(row.number));
    }

    /// A total over a row that could not be read proves nothing.
    fn break_totals(&mut self) {
        for (_, column) in self.money.iter_mut() {
            column.running.broken = true;
        }
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
            sales_doubts::net_above_amount(self.input, row, self.findings);
        }
        // A return may stand in a column of its own («Расход» of a statement of settlements).
        let back = self.columns.amount_back.and_then(|column| self.back(row, column)).filter(|b| *b != Money::ZERO);
        let amount = match (amount.filter(|a| *a != Money::ZERO), back) {
            (Some(_), Some(_)) => {
                sales_doubts::both_sides(self.input, row, self.findings);
                amount
            }
            (None, Some(back)) => Some(back),
            _ => amount,
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
            key: self.keys.key(&organisation, &number, draft.date),
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
        self.notes.seller(sale.manager.is_empty() && self.columns.has_manager(), place.shown(row.number));
        if self.known.conditions {
            self.nested_accounts(row, &sale.party.name);
        }
        let column = self.columns.number.or(self.columns.document);
        let identity = column.filter(|_| !stands_in).and_then(|column| set.identity(row.cell(column)));
        set.add(sale, identity, self.known.lines, self.findings);
    }

    /// A turnover with an account and with its subaccount says the same twice.
    fn nested_accounts(&mut self, row: Row<'_>, party: &str) {
        let header = self.input.header;
        let (Some(column), None) = (header.column("credit_account"), header.column("debit_account")) else { return };
        let account = value::trimmed(row.cell(column));
        let seen = self.accounts.entry(party.to_owned()).or_default();
        let inside = |outer: &str, inner: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('.'));
        if let Some(other) = seen.iter().find(|other| inside(other, &account) || inside(&account, other)) {
            self.findings.hold(
                "accounts_nested",
                self.input.place.cell(row.number, column),
                format!("обороты стоят и по счёту {other}, и по {account}: они посчитались бы дважды; сформируйте отчёт без субсчетов или только с ними"),
                format!("turnovers stand with account {other} and with {account}: they would count twice; make the report without subaccounts or with them alone"),
            );
        }
        seen.push(account);
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
        self.groups.close(place, self.findings);
        let Some(totals) = self.money.read(row, place, self.findings) else { return };
        if label == Label::Grand && !self.any && self.first_total.is_none() {
            // 1C can print the grand total above the rows: it is proven when they are read.
            self.out.printed_total = totals[0];
            self.first_total = Some((row.number, totals));
            return;
        }
        self.prove(row.number, label, totals);
        if label == Label::Grand && totals[0].is_some() {
            self.after_total = Some((row.number, None));
        }
    }

    fn prove(&mut self, row: u32, label: Label, totals: [Option<Money>; ROLES.len()]) {
        let place = self.input.place;
        for (slot, column) in self.money.iter_mut() {
            let Some(Some(total)) = totals.get(slot) else { continue };
            if slot == 0 && label == Label::Grand {
                self.out.printed_total = Some(*total);
            }
            let (ru, en) = (|m| words::money(m, Lang::Ru), |m| words::money(m, Lang::En));
            if let Err(sum) = column.running.check(label, *total) {
                self.findings.hold(
                    "total_mismatch",
                    place.cell(row, column.index),
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
            self.group(row, index);
            return;
        }
        self.notes.aside(place.shown(row.number));
        if let Some(section) = section(row).filter(|_| self.after_total.is_none()) {
            self.section = Some((row.number, section));
        }
    }

    /// A name with a sum: the buyer of the rows below it, or a question.
    fn group(&mut self, row: Row<'_>, column: usize) {
        let place = self.input.place;
        let money: Vec<usize> = self.money.iter_mut().map(|(_, column)| column.index).collect();
        let named = Groups::name_in(row, |column| money.contains(&column)).filter(|_| self.columns.has_buyer());
        if let Some((name, sums)) = named.and_then(|name| Some((name, self.money.read(row, place, self.findings)?))) {
            self.groups.begin(row.number, column, name, sums, place, self.findings);
        } else {
            self.groups.close(place, self.findings);
            sales_groups::question(row.number, column, place, self.findings);
        }
    }

    /// A lone text among the rows of data may say whose or what the rows below it are: a seller, a department, «Возвраты».
    fn below_section(&mut self, next: Row<'_>) {
        let Some((row, section)) = self.section.take() else { return };
        // The buyer of the next row, said twice.
        if self.columns.has_buyer() && section == value::shown(&self.columns.buyer(next), SECTION) {
            return;
        }
        self.findings.hold(
            "section_row",
            self.input.place.row(row),
            format!("строка-раздел «{section}» стоит среди документов; неясно, относится ли она к строкам ниже (менеджер, возвраты): добавьте это столбцом или удалите строку"),
            format!("the lone text “{section}” stands among documents; it is unclear whether it is about the rows below (a manager, returns): add it as a column or delete the row"),
        );
    }

    fn is_header_again(&self, row: Row<'_>) -> bool {
        let same = |(column, caption): &&(usize, String)| matches!(row.cell(*column), RawCell::Text(text) if value::trim(text) == caption);
        self.known.again.iter().filter(same).count() >= 2
    }

    fn finish(mut self) -> Yield {
        if let Some((row, totals)) = self.first_total.take() {
            self.prove(row, Label::Grand, totals);
        }
        let Self { input, findings, out, notes, after_total, columns, groups, .. } = self;
        let place = input.place;
        groups.finish(place, findings);
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
