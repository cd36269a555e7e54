//! Rows of groups in a list whose rows name their buyer themselves (a sales book grouped by counterparties): such a row
//! repeats the buyer of the rows below it, with or without their sum. It is proven and then passed over; a row that does
//! not hold what it says stays a question. Deliberately absent: lists whose rows take the buyer from the group (`shape`).

use super::{
    money_columns::ROLES,
    place::{Findings, Place},
    raw::{RawCell, Row},
    value::{self, key},
};
use crate::domain::money::Money;

/// Sums by money column.
pub(super) type Sums = [Option<Money>; ROLES.len()];

/// The group being read.
#[derive(Debug)]
struct Open {
    row: u32,
    column: usize,
    buyer: String,
    printed: Sums,
    sums: [Money; ROLES.len()],
    documents: usize,
    /// Whether a document of another buyer stands among its own.
    broken: bool,
}

/// Groups of a list.
#[derive(Debug, Default)]
pub(super) struct Groups {
    open: Option<Open>,
    proven: usize,
}

impl Groups {
    /// The lone text of a row that has nothing else but money; the name that a group could have.
    pub fn name_in(row: Row<'_>, is_money: impl Fn(usize) -> bool) -> Option<String> {
        let mut texts = row.cells().enumerate().filter(|(column, cell)| !value::is_empty(*cell) && !is_money(*column));
        let (Some((_, RawCell::Text(text))), None) = (texts.next(), texts.next()) else { return None };
        Some(key(text))
    }

    /// A row with a name and sums, which may be a group; `column` is where its sum stands.
    pub fn begin(
        &mut self,
        row: u32,
        column: usize,
        buyer: String,
        printed: Sums,
        place: &Place,
        findings: &mut Findings,
    ) {
        self.close(place, findings);
        let sums = [Money::ZERO; ROLES.len()];
        self.open = Some(Open { row, column, buyer, printed, sums, documents: 0, broken: false });
    }

    /// A document.
    pub fn document(&mut self, buyer: &str, printed: Sums) {
        let Some(open) = &mut self.open else { return };
        open.documents += 1;
        open.broken |= key(buyer) != open.buyer;
        for (sum, amount) in open.sums.iter_mut().zip(printed) {
            *sum += amount.unwrap_or_default();
        }
    }

    /// Another group, a total, or the end.
    pub fn close(&mut self, place: &Place, findings: &mut Findings) {
        let Some(open) = self.open.take() else { return };
        let equal =
            open.printed.iter().zip(open.sums).all(|(printed, sum)| printed.is_none_or(|printed| printed == sum));
        if equal && open.documents > 0 && !open.broken {
            self.proven += 1;
        } else {
            question(open.row, open.column, place, findings);
        }
    }

    /// The end: says how many groups held what they said.
    pub fn finish(mut self, place: &Place, findings: &mut Findings) {
        self.close(place, findings);
        let proven = self.proven;
        if proven > 0 {
            findings.note(
                "groups_proven",
                place.whole(),
                format!("строк с названием покупателя и его итогом: {proven}; итоги сходятся, сами строки не продажи"),
                format!(
                    "rows with a buyer and his total: {proven}; the totals agree, the rows themselves are no sales"
                ),
            );
        }
    }
}

/// A row with an amount that is neither a document nor a group.
pub(super) fn question(row: u32, column: usize, place: &Place, findings: &mut Findings) {
    findings.hold(
        "row_without_document",
        place.cell(row, column),
        "в строке есть сумма, но нет ни даты, ни номера документа: это промежуточный итог без слова «Итого» или продолжение строки выше; выгрузите список документов без групп или укажите fill_down в описании (inspect --save-layout)",
        "the row has an amount but neither date nor number: a subtotal without the word “total”, or the row above continued; export a plain list of documents or name fill_down in a layout (inspect --save-layout)",
    );
}
