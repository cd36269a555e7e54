//! What a list of sales is said about when it has been read: returns that were turned, rows left out and why, numbers of
//! rows that break off. Deliberately absent: the reading.

use std::collections::BTreeMap;

use super::{
    layout::Called,
    place::{Findings, Place},
    raw::Row,
    value,
};

/// Counts kept while a list is read.
#[derive(Clone, Debug, Default)]
pub(super) struct Notes {
    /// Returns printed positive.
    pub turned: usize,
    /// Rows that are nothing: how many, and the first.
    asides: (usize, u32),
    /// Documents, and those without a seller: how many, and the first.
    documents: usize,
    sellers: (usize, u32),
    /// Rows left out by the layout: by reason, how many and the first.
    left: BTreeMap<(String, String), (usize, u32)>,
    /// Documents of other kinds.
    others: BTreeMap<String, (usize, u32)>,
}

impl Notes {
    /// A document, with or without a seller.
    pub fn seller(&mut self, missing: bool, row: u32) {
        if missing {
            self.sellers = (self.sellers.0 + 1, if self.sellers.0 == 0 { row } else { self.sellers.1 });
        }
        self.documents += 1;
    }

    /// A row that is neither document nor total.
    pub fn aside(&mut self, row: u32) {
        self.asides = (self.asides.0 + 1, if self.asides.0 == 0 { row } else { self.asides.1 });
    }

    /// A row that the layout leaves out.
    pub fn left_out(&mut self, called: &Called, row: u32) {
        self.left.entry((called.ru.clone(), called.en.clone())).or_insert((0, row)).0 += 1;
    }

    /// A document that is no sale.
    pub fn other_document(&mut self, kind: &str, row: u32) {
        self.others.entry(kind.to_owned()).or_insert((0, row)).0 += 1;
    }

    /// Says it.
    pub fn finish(self, place: &Place, findings: &mut Findings) {
        if self.turned > 0 {
            let turned = self.turned;
            findings.note(
                "returns_turned",
                place.whole(),
                format!("возвратов с положительной суммой: {turned}; они учтены со знаком минус"),
                format!("returns printed with a positive amount: {turned}; they are counted as negative"),
            );
        }
        if self.sellers.0 > 0 && self.sellers.0 < self.documents {
            let (count, first) = self.sellers;
            findings.warn(
                "sellers_missing",
                place.shown_row(first),
                format!("документов без менеджера: {count}, первый в строке {first}; если пустая ячейка продолжает строку выше, укажите --fill-down менеджер --save-layout"),
                format!("documents without a manager: {count}, the first in row {first}; if an empty cell continues the row above, say --fill-down manager --save-layout"),
            );
        }
        if self.asides.0 > 0 {
            let (count, first) = self.asides;
            findings.note(
                "rows_skipped",
                place.shown_row(first),
                format!("строк без даты, номера и суммы: {count}; они пропущены, первая из них {first}"),
                format!("rows without date, number and amount: {count}; they are left out, the first is {first}"),
            );
        }
        for ((ru, en), (count, first)) in self.left {
            let (ru, en) =
                if ru.is_empty() { ("не продажи".to_owned(), "no sales".to_owned()) } else { (ru, en) };
            findings.note(
                "rows_left_out",
                place.shown_row(first),
                format!("не учтены строки: {ru}; таких {count}, первая из них {first}"),
                format!("rows left out: {en}; there are {count}, the first is {first}"),
            );
        }
        for (kind, (count, first)) in self.others {
            findings.note(
                "other_documents",
                place.shown_row(first),
                format!("документы «{kind}» не продажи и не учтены: {count}, первый в строке {first}"),
                format!("documents “{kind}” are no sales and are left out: {count}, the first in row {first}"),
            );
        }
    }
}

/// The running numbers of the rows: 1, 2, 3 …, possibly again from 1 in a new part. A gap is a lost row.
#[derive(Clone, Debug)]
pub(super) struct Ordinals {
    column: Option<usize>,
    place: Place,
    last: u64,
}

impl Ordinals {
    /// The column of running numbers, if there is one.
    pub fn new(column: Option<usize>, place: &Place) -> Self {
        Self { column, place: place.clone(), last: 0 }
    }

    /// Looks at a row. An empty cell is no number: a line of the document above.
    pub fn see(&mut self, row: Row<'_>, findings: &mut Findings) {
        let Some(column) = self.column else { return };
        let text = value::text(row.cell(column));
        let Ok(number) = text.trim_matches(value::is_blank).trim_end_matches('.').parse::<u64>() else { return };
        if number != self.last + 1 && number != 1 {
            let last = self.last;
            findings.hold(
                "row_numbers_broken",
                self.place.cell(row.number, column),
                format!("после строки № {last} идёт № {number}: строки пропущены или переставлены; выгрузите отчёт заново целиком"),
                format!("row no. {last} is followed by no. {number}: rows are missing or moved; export the whole report again"),
            );
        }
        self.last = number;
    }
}
