//! What is known of all documents of a file while they pass by: their sum, other currencies, and how many lie outside
//! the printed period. Deliberately absent: keeping them.

use std::collections::BTreeMap;

use super::{
    place::{Findings, Place},
    sink::Sink,
};
use crate::domain::{
    finding::SourceRef,
    inbox::DateSpan,
    money::{Money, Rate},
    sale::{PartyCard, Sale},
    text::Lang,
    words::money,
};

/// Counts facts and hands them on.
pub struct Tally<'a> {
    sink: &'a mut dyn Sink,
    base: String,
    period: Option<DateSpan>,
    /// Sum of the base currency.
    pub total: Money,
    /// Documents.
    pub sales: u64,
    /// Cards.
    pub cards: u64,
    others: BTreeMap<String, (usize, Money)>,
    outside: (i64, Option<(SourceRef, chrono::NaiveDate)>),
}

impl<'a> Tally<'a> {
    /// Counts for a base currency and a printed period.
    pub fn new(sink: &'a mut dyn Sink, base: &str, period: Option<DateSpan>) -> Self {
        Self {
            sink,
            base: base.to_owned(),
            period,
            total: Money::ZERO,
            sales: 0,
            cards: 0,
            others: BTreeMap::new(),
            outside: (0, None),
        }
    }

    /// Says what was counted.
    pub fn notes(&self, file: &str, findings: &mut Findings) {
        for (code, (count, sum)) in &self.others {
            findings.note(
                "other_currency",
                Place::new(file, "").whole(),
                format!(
                    "документов в валюте {code}: {count} на {}; они показываются отдельно и не считаются",
                    money(*sum, Lang::Ru)
                ),
                format!(
                    "documents in {code}: {count}, {} in all; they are listed apart and not computed",
                    money(*sum, Lang::En)
                ),
            );
        }
        let (Some(span), (count, Some((source, date)))) = (self.period, &self.outside) else { return };
        let share = Rate::of(*count, self.sales as i64).unwrap_or_default();
        let (percent, hundredths) = (share.bp() / 100, share.bp() % 100);
        findings.warn(
            "outside_period",
            source.clone(),
            format!(
                "документов вне периода {} – {} из заголовка: {count} ({percent},{hundredths:02} %); первый от {}",
                span.from.format("%d.%m.%Y"),
                span.to.format("%d.%m.%Y"),
                date.format("%d.%m.%Y"),
            ),
            format!(
                "documents outside the period {} to {} of the title: {count} ({percent}.{hundredths:02} %); the first of {date} in {file}",
                span.from, span.to,
            ),
        );
    }
}

impl Sink for Tally<'_> {
    fn sale(&mut self, sale: Sale) {
        self.sales += 1;
        if sale.currency == self.base {
            self.total += sale.amount;
        } else {
            let (count, sum) = self.others.entry(sale.currency.clone()).or_default();
            *count += 1;
            *sum += sale.amount;
        }
        if self.period.is_some_and(|span| sale.date < span.from || sale.date > span.to) {
            self.outside.0 += 1;
            if self.outside.1.is_none() {
                self.outside.1 = Some((sale.source.clone(), sale.date));
            }
        }
        self.sink.sale(sale);
    }

    fn card(&mut self, card: PartyCard) {
        self.cards += 1;
        self.sink.card(card);
    }
}
