//! Documents of a file by their identity. Rows of one document add up; contradicting rows hold the file, for one of
//! them would be lost. Deliberately absent: documents of other files (`domain::merge` compares those).

use std::collections::HashMap;

use super::{
    place::Findings,
    value::{is_blank, key},
};
use crate::domain::{
    finding::SourceRef,
    money::Money,
    sale::{PartyRef, Sale, SaleKey},
};

/// Documents in the order of the file.
#[derive(Clone, Debug, Default)]
pub struct DocumentSet {
    sales: Vec<Sale>,
    places: HashMap<SaleKey, usize>,
    /// Number of documents before the present sheet.
    before_sheet: usize,
}

impl DocumentSet {
    /// Documents that follow stand on another sheet.
    pub fn begin_sheet(&mut self) {
        self.before_sheet = self.sales.len();
    }

    /// Adds a row: a new document or one more line of a known one.
    pub fn add(&mut self, sale: Sale, findings: &mut Findings) {
        let Some(index) = self.places.get(&sale.key).copied() else {
            self.places.insert(sale.key.clone(), self.sales.len());
            self.sales.push(sale);
            return;
        };
        let another_sheet = index < self.before_sheet;
        let Some(known) = self.sales.get_mut(index) else { return };
        let difference = if another_sheet { Some(("лист", "sheet")) } else { contradiction(known, &sale) };
        if let Some((ru, en)) = difference {
            conflict(&known.source, &sale, ru, en, findings);
            return;
        }
        if known.manager.is_empty() {
            known.manager.clone_from(&sale.manager);
        } else if !sale.manager.is_empty() && key(&known.manager) != key(&sale.manager) {
            let number = &sale.number;
            findings.warn(
                "manager_conflict",
                sale.source.clone(),
                format!(
                    "у строк документа {number} разные менеджеры: «{}» и «{}»; учтён первый",
                    known.manager, sale.manager
                ),
                format!(
                    "lines of document {number} name two managers: “{}” and “{}”; the first is used",
                    known.manager, sale.manager
                ),
            );
        }
        if known.party.name.chars().all(is_blank) {
            known.party = sale.party;
        }
        known.returns = known.returns.take().or(sale.returns);
        let sum = |a: Money, b: Money| a.checked_add(b);
        let optional = |a: Option<Money>, b: Option<Money>| match (a, b) {
            (Some(a), Some(b)) => sum(a, b),
            (a, b) => a.or(b),
        };
        known.amount += sale.amount;
        known.net = optional(known.net, sale.net);
        known.margin = optional(known.margin, sale.margin);
        known.bonus = optional(known.bonus, sale.bonus);
    }

    /// The documents.
    pub fn into_sales(self) -> Vec<Sale> {
        self.sales
    }
}

/// What two lines of one document disagree on.
fn contradiction(known: &Sale, line: &Sale) -> Option<(&'static str, &'static str)> {
    if known.date != line.date {
        return Some(("дата", "date"));
    }
    if known.currency != line.currency {
        return Some(("валюта", "currency"));
    }
    differ(&known.party, &line.party).then_some(("контрагент", "counterparty"))
}

fn differ(a: &PartyRef, b: &PartyRef) -> bool {
    let empty = |p: &PartyRef| p.name.chars().all(is_blank) && p.inn.is_empty() && p.code.is_empty();
    let apart = |x: &str, y: &str| !x.is_empty() && !y.is_empty() && key(x) != key(y);
    !empty(a) && !empty(b) && (apart(&a.name, &b.name) || apart(&a.inn, &b.inn) || apart(&a.code, &b.code))
}

fn conflict(first: &SourceRef, line: &Sale, ru: &str, en: &str, findings: &mut Findings) {
    let (number, known, row) = (&line.number, first.row, line.source.row);
    let sheet = if first.sheet == line.source.sheet { String::new() } else { format!(" ({})", first.sheet) };
    findings.hold(
        "document_conflict",
        line.source.clone(),
        format!("документ {number} стоит в строках {known}{sheet} и {row}, но {ru} у них разные; проверьте номера или выгрузите заново"),
        format!("document {number} stands in rows {known}{sheet} and {row} with a different {en}; check the numbers or export again"),
    );
}
