//! The sales of a comparison, folded as they come: a million documents are a few numbers each, and texts stand once. A
//! document that stands in several files counts once. Deliberately absent: reading (`load`), verdicts.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::{
    domain::{
        finding::{Finding, Severity, SourceRef},
        money::Money,
        normalise::Spellings,
        sale::SaleKey,
        text::Text,
    },
    ingest::wire::Heard,
};

/// What is kept of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Number of the buyer's spelling.
    pub spelling: u32,
    pub date: NaiveDate,
    pub amount: Money,
    /// Place among `Book::currencies`.
    pub currency: u32,
}

/// Sales of all files.
#[derive(Default)]
pub(super) struct Book {
    pub spellings: Spellings,
    pub lines: Vec<Line>,
    pub currencies: Vec<String>,
    /// Where each document stood first, by file; kept where there are several files.
    first: Option<HashMap<SaleKey, (usize, Line)>>,
    file: usize,
    differing: Option<(usize, SourceRef)>,
}

impl Book {
    /// For so many files of sales.
    pub fn new(files: usize) -> Self {
        Self { first: (files > 1).then(HashMap::new), ..Self::default() }
    }

    /// The sales that come now are those of another file.
    pub fn next_file(&mut self) {
        self.file += 1;
    }

    /// Takes a document.
    pub fn add(&mut self, sale: &Heard<'_>) {
        let (file, party) = (self.file, sale.party());
        let key = self.first.is_some().then(|| sale.key());
        let known = self.first.as_ref().zip(key.as_ref()).and_then(|(first, key)| first.get(key)).copied();
        if let Some((_, line)) = known.filter(|(at, _)| *at != file) {
            let same = self.spellings.party(line.spelling as usize).is_some_and(|known| known.look() == party)
                && self.currencies.get(line.currency as usize).is_some_and(|known| known == sale.currency())
                && line.amount == sale.amount();
            if !same {
                self.differing.get_or_insert_with(|| (0, sale.source())).0 += 1;
            }
            return;
        }
        let at = self.currencies.iter().position(|known| known == sale.currency());
        let currency = at.unwrap_or_else(|| {
            self.currencies.push(sale.currency().to_owned());
            self.currencies.len() - 1
        });
        let spelling = self.spellings.add(party, sale.place(), || sale.source());
        let line =
            Line { spelling: spelling as u32, date: sale.date(), amount: sale.amount(), currency: currency as u32 };
        self.lines.push(line);
        if let Some((first, key)) = self.first.as_mut().zip(key) {
            first.entry(key).or_insert((file, line));
        }
    }

    /// Documents that differ between files: somebody has to look.
    pub fn differing(&self) -> Option<Finding> {
        let (n, source) = self.differing.clone()?;
        let text = Text::new(
            format!("документов, которые в двух файлах учёта разные: {n}; учтён первый файл. Оставьте свежую выгрузку"),
            format!(
                "documents that differ between two accounting files: {n}; the first file counts. Keep the fresh export"
            ),
        );
        Some(Finding::new(Severity::Hold, "document_differs", text).at(source))
    }
}
