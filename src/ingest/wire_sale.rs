//! A sale on its way from the parsing child to its parent: no names of fields, and no identity where its parts give it, for
//! a million of them may pass. Deliberately absent: everything else that passes (`wire`).

use std::{borrow::Cow, sync::Arc};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::{
    finding::{PlaceLook, SourceRef},
    money::Money,
    sale::{KeyMaker, PartyLook, PartyRef, Sale, SaleKey},
};

/// A sale; the name of the file and its hash are known to the reader.
#[derive(Serialize, Deserialize)]
pub(super) struct WireSale<'a> {
    /// Its identity, unless organisation, number and date give it.
    key: Option<SaleKey>,
    #[serde(borrow)]
    organisation: Cow<'a, str>,
    #[serde(borrow)]
    number: Cow<'a, str>,
    #[serde(with = "days")]
    date: NaiveDate,
    #[serde(borrow)]
    code: Cow<'a, str>,
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow)]
    inn: Cow<'a, str>,
    #[serde(borrow)]
    kpp: Cow<'a, str>,
    #[serde(borrow)]
    manager: Cow<'a, str>,
    amount: Money,
    net: Option<Money>,
    margin: Option<Money>,
    bonus: Option<Money>,
    #[serde(borrow)]
    currency: Cow<'a, str>,
    #[serde(borrow)]
    returns: Option<Cow<'a, str>>,
    #[serde(borrow)]
    sheet: Cow<'a, str>,
    row: u32,
    #[serde(borrow)]
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
}

/// What the reader of a file knows of all its sales.
pub(super) struct Known {
    pub file: Arc<str>,
    pub hash: String,
    pub shared: Shared,
    pub keys: KeyMaker,
}

/// A sale that passes: texts stand where they were read, and who needs more than a look takes it.
pub struct Heard<'a> {
    sale: WireSale<'a>,
    known: &'a mut Known,
}

impl<'a> Heard<'a> {
    pub(super) fn new(sale: WireSale<'a>, known: &'a mut Known) -> Self {
        known.shared.keep(&sale.sheet);
        known.shared.keep(&sale.column);
        Self { sale, known }
    }

    /// Its identity.
    pub fn key(&self) -> SaleKey {
        let sale = &self.sale;
        sale.key.clone().unwrap_or_else(|| SaleKey::new(&sale.organisation, &sale.number, sale.date))
    }

    /// The buyer as written.
    pub fn party(&self) -> PartyLook<'_> {
        let WireSale { code, name, inn, kpp, .. } = &self.sale;
        PartyLook { code, name, inn, kpp }
    }

    /// Its date.
    pub const fn date(&self) -> NaiveDate {
        self.sale.date
    }

    /// Its amount.
    pub const fn amount(&self) -> Money {
        self.sale.amount
    }

    /// Its currency as a code.
    pub fn currency(&self) -> &str {
        &self.sale.currency
    }

    /// Where it stands.
    pub fn place(&self) -> PlaceLook<'_> {
        PlaceLook { file: &self.known.file, sheet: &self.sale.sheet, row: self.sale.row, column: &self.sale.column }
    }

    /// The same to be kept.
    pub fn source(&self) -> SourceRef {
        let text = |text: &str| self.known.shared.known(text).unwrap_or_else(|| text.into());
        SourceRef {
            file: self.known.file.clone(),
            sheet: text(&self.sale.sheet),
            row: self.sale.row,
            column: text(&self.sale.column),
        }
    }

    /// All of it.
    pub fn into_sale(self) -> Sale {
        let Self { sale, known } = self;
        let (organisation, number) = (sale.organisation.into_owned(), sale.number.into_owned());
        Sale {
            key: sale.key.unwrap_or_else(|| known.keys.key(&organisation, &number, sale.date)),
            organisation,
            number,
            date: sale.date,
            party: PartyRef {
                code: sale.code.into_owned(),
                name: sale.name.into_owned(),
                inn: sale.inn.into_owned(),
                kpp: sale.kpp.into_owned(),
            },
            manager: sale.manager.into_owned(),
            amount: sale.amount,
            net: sale.net,
            margin: sale.margin,
            bonus: sale.bonus,
            currency: sale.currency.into_owned(),
            returns: sale.returns.map(Cow::into_owned),
            file_hash: known.hash.clone(),
            source: SourceRef {
                file: known.file.clone(),
                sheet: known.shared.text(&sale.sheet),
                row: sale.row,
                column: known.shared.text(&sale.column),
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
    /// The text, if it was kept.
    fn known(&self, text: &str) -> Option<Arc<str>> {
        self.0.iter().find(|known| &***known == text).cloned()
    }

    /// Keeps the text, if there is room.
    fn keep(&mut self, text: &str) {
        if self.0.len() < MOST_SHARED && !self.0.iter().any(|known| &**known == text) {
            self.0.push(text.into());
        }
    }

    /// The text, kept once.
    pub fn text(&mut self, text: &str) -> Arc<str> {
        self.keep(text);
        self.known(text).unwrap_or_else(|| text.into())
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
        let mut frames = Vec::new();
        let mut writer = Writer::new(&mut frames);
        for sale in &sent {
            writer.sale(sale.clone());
        }
        let table = crate::domain::inbox::AccountingTable::default();
        writer.finish(Parsed { accounting: Some(table), ..Parsed::refused(Vec::new()) }).expect("written");
        let mut collector = Collector::new("Продажи.xlsx", "ab", None);
        // However the pipe cuts them.
        let mut rest: Vec<u8> = Vec::new();
        for piece in frames.chunks(97) {
            rest.extend(piece);
            let used = collector.feed(&rest).expect("frames");
            rest.drain(..used);
        }
        let mut came = collector.finish().expect("whole").accounting.expect("sales").sales;
        came.sort_by_key(|sale| sent.iter().position(|s| s == sale));
        assert_eq!(came, sent);
    }
}
