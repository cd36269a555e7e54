//! A sale on its way from the parsing child to its parent: short names, nothing that is empty, and no identity where its
//! parts give it, for a million of them may pass. Deliberately absent: everything else that passes (`wire`).

use std::{borrow::Cow, sync::Arc};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::{
    finding::SourceRef,
    money::Money,
    sale::{KeyMaker, PartyRef, Sale, SaleKey},
};

/// A sale; the name of the file and its hash are known to the reader.
#[derive(Serialize, Deserialize)]
pub(super) struct WireSale<'a> {
    /// Its identity, unless organisation, number and date give it.
    #[serde(rename = "k", default, skip_serializing_if = "Option::is_none")]
    key: Option<SaleKey>,
    #[serde(borrow, rename = "o", default, skip_serializing_if = "str::is_empty")]
    organisation: Cow<'a, str>,
    #[serde(borrow, rename = "n", default, skip_serializing_if = "str::is_empty")]
    number: Cow<'a, str>,
    #[serde(rename = "d", with = "days")]
    date: NaiveDate,
    #[serde(borrow, rename = "pc", default, skip_serializing_if = "str::is_empty")]
    code: Cow<'a, str>,
    #[serde(borrow, rename = "pn", default, skip_serializing_if = "str::is_empty")]
    name: Cow<'a, str>,
    #[serde(borrow, rename = "pi", default, skip_serializing_if = "str::is_empty")]
    inn: Cow<'a, str>,
    #[serde(borrow, rename = "pk", default, skip_serializing_if = "str::is_empty")]
    kpp: Cow<'a, str>,
    #[serde(borrow, rename = "m", default, skip_serializing_if = "str::is_empty")]
    manager: Cow<'a, str>,
    #[serde(rename = "a")]
    amount: Money,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    net: Option<Money>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    margin: Option<Money>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bonus: Option<Money>,
    #[serde(borrow, rename = "u", default, skip_serializing_if = "str::is_empty")]
    currency: Cow<'a, str>,
    #[serde(borrow, rename = "b", default, skip_serializing_if = "Option::is_none")]
    returns: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "s", default, skip_serializing_if = "str::is_empty")]
    sheet: Cow<'a, str>,
    #[serde(rename = "r", default)]
    row: u32,
    #[serde(borrow, rename = "c", default, skip_serializing_if = "str::is_empty")]
    column: Cow<'a, str>,
}

/// A date as its number of days: a million dates are written and read at once.
mod days {
    use chrono::{Datelike, NaiveDate};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    // serde hands the field over by reference.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
    pub(super) fn serialize<S: Serializer>(date: &NaiveDate, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_i32(date.num_days_from_ce())
    }

    pub(super) fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<NaiveDate, D::Error> {
        let days = i32::deserialize(from)?;
        NaiveDate::from_num_days_from_ce_opt(days).ok_or_else(|| D::Error::custom("no day"))
    }
}

impl<'a> WireSale<'a> {
    /// A sale to be written.
    pub fn of(sale: &'a Sale, keys: &mut KeyMaker) -> Self {
        let given = keys.gives(&sale.organisation, &sale.number, sale.date, &sale.key);
        Self {
            key: (!given).then(|| sale.key.clone()),
            organisation: Cow::Borrowed(&sale.organisation),
            number: Cow::Borrowed(&sale.number),
            date: sale.date,
            code: Cow::Borrowed(&sale.party.code),
            name: Cow::Borrowed(&sale.party.name),
            inn: Cow::Borrowed(&sale.party.inn),
            kpp: Cow::Borrowed(&sale.party.kpp),
            manager: Cow::Borrowed(&sale.manager),
            amount: sale.amount,
            net: sale.net,
            margin: sale.margin,
            bonus: sale.bonus,
            currency: Cow::Borrowed(&sale.currency),
            returns: sale.returns.as_deref().map(Cow::Borrowed),
            sheet: Cow::Borrowed(&sale.source.sheet),
            row: sale.source.row,
            column: Cow::Borrowed(&sale.source.column),
        }
    }

    /// The sale that was read, with what the reader knows of its file.
    pub fn into_sale(self, file: &Arc<str>, hash: &str, shared: &mut Shared, keys: &mut KeyMaker) -> Sale {
        let (organisation, number) = (self.organisation.into_owned(), self.number.into_owned());
        Sale {
            key: self.key.unwrap_or_else(|| keys.key(&organisation, &number, self.date)),
            organisation,
            number,
            date: self.date,
            party: PartyRef {
                code: self.code.into_owned(),
                name: self.name.into_owned(),
                inn: self.inn.into_owned(),
                kpp: self.kpp.into_owned(),
            },
            manager: self.manager.into_owned(),
            amount: self.amount,
            net: self.net,
            margin: self.margin,
            bonus: self.bonus,
            currency: self.currency.into_owned(),
            returns: self.returns.map(Cow::into_owned),
            file_hash: hash.to_owned(),
            source: SourceRef {
                file: file.clone(),
                sheet: shared.text(&self.sheet),
                row: self.row,
                column: shared.text(&self.column),
            },
        }
    }
}

/// Texts that are shared; there are a few sheets and columns.
const MOST_SHARED: usize = 64;

/// Texts that many places share: names of sheets and columns.
#[derive(Default)]
pub(super) struct Shared(Vec<Arc<str>>);

impl Shared {
    /// The text, kept once.
    pub fn text(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.0.iter().find(|known| &***known == text) {
            return known.clone();
        }
        let new: Arc<str> = text.into();
        if self.0.len() < MOST_SHARED {
            self.0.push(new.clone());
        }
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::{
        interpret::Parsed,
        sink::Sink,
        wire::{Collector, Writer},
    };

    /// A sale with everything, one with nothing, one whose identity its parts do not give.
    #[test]
    fn sales_arrive_as_they_were_sent() {
        let date = NaiveDate::from_ymd_opt(2026, 11, 5).expect("a day");
        let text = |text: &str| text.to_owned();
        let place = |column: &str| SourceRef {
            file: "Продажи.xlsx".into(),
            sheet: "Лист \"1\"\n".into(),
            row: 7,
            column: column.into(),
        };
        let full = Sale {
            key: SaleKey::new("ООО «А»", "ут-1", date),
            organisation: text("ООО «А»"),
            number: text("ут-1"),
            date,
            party: PartyRef { code: text("00-1"), name: text(" «Б»\\\t"), inn: text("7701"), kpp: text("770") },
            manager: text("Ёлкин"),
            amount: Money::from_kopecks(-1),
            net: Some(Money::ZERO),
            margin: Some(Money::from_kopecks(i64::MAX)),
            bonus: Some(Money::from_kopecks(5)),
            currency: text("EUR"),
            returns: Some(text("УТ \"0\"")),
            file_hash: text("ab"),
            source: place("F"),
        };
        let empty = Sale {
            key: SaleKey::new("", "", date),
            organisation: String::new(),
            number: String::new(),
            party: PartyRef::default(),
            manager: String::new(),
            net: None,
            margin: None,
            bonus: None,
            currency: String::new(),
            returns: None,
            source: SourceRef { sheet: Arc::default(), ..place("") },
            ..full.clone()
        };
        let odd = Sale { key: SaleKey(text("другой|ключ|1")), returns: Some(String::new()), ..full.clone() };
        let sent = vec![full, empty, odd];
        let mut lines = Vec::new();
        let mut writer = Writer::new(&mut lines);
        for sale in &sent {
            writer.sale(sale.clone());
        }
        let table = crate::domain::inbox::AccountingTable::default();
        writer.finish(Parsed { accounting: Some(table), ..Parsed::refused(Vec::new()) }).expect("written");
        let mut collector = Collector::new("Продажи.xlsx", "ab", None);
        for line in lines.split_inclusive(|b| *b == b'\n') {
            collector.take(line).expect("a line");
        }
        let mut came = collector.finish().expect("whole").accounting.expect("sales").sales;
        came.sort_by_key(|sale| sent.iter().position(|s| s == sale));
        assert_eq!(came, sent);
    }
}
