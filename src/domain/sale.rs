//! A sale as accounting knows it: one document (its lines already added up), with the place it was read from.
//! Returns and storno are sales with a negative amount and their own identity. Deliberately absent: whose bonus it is
//! (the roster resolves `manager`), which counterparty it is (`party` groups spellings).

use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{finding::SourceRef, money::Money};

/// Identity of a sale: organisation, normalised document number, year of the document date (rules, «Facts»).
/// Written `organisation|number|year`, which is also what the command line accepts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SaleKey(pub String);

impl SaleKey {
    /// Builds the identity: spaces collapsed, letters upper-cased; the number keeps its zeros and dashes.
    pub fn new(organisation: &str, number: &str, date: NaiveDate) -> Self {
        KeyMaker::default().key(organisation, number, date)
    }

    /// The organisation as identities write it; empty when the file did not say.
    pub fn organisation(&self) -> &str {
        self.0.split('|').next().unwrap_or_default()
    }
}

/// Builds the identities of a file: its organisation is written anew only where it changes.
#[derive(Clone, Debug, Default)]
pub struct KeyMaker {
    organisation: String,
    prefix: String,
}

impl KeyMaker {
    /// See [`SaleKey::new`].
    pub fn key(&mut self, organisation: &str, number: &str, date: NaiveDate) -> SaleKey {
        if self.organisation != organisation {
            organisation.clone_into(&mut self.organisation);
            self.prefix.clear();
            squeeze(&mut self.prefix, organisation);
        }
        let mut key = String::with_capacity(self.prefix.len() + number.len() + 8);
        key.push_str(&self.prefix);
        key.push('|');
        squeeze(&mut key, number);
        key.push('|');
        let year = date.year();
        if (1000..=9999).contains(&year) {
            let digits = [1000, 100, 10, 1].map(|place| b'0' + (year / place % 10) as u8);
            key.push_str(std::str::from_utf8(&digits).unwrap_or_default());
        } else {
            key.push_str(&year.to_string());
        }
        SaleKey(key)
    }

    /// Whether the parts give that identity.
    pub fn gives(&mut self, organisation: &str, number: &str, date: NaiveDate, key: &SaleKey) -> bool {
        if self.organisation != organisation || !is_squeezed(number) {
            return self.key(organisation, number, date) == *key;
        }
        let year = key.0.strip_prefix(self.prefix.as_str()).and_then(|rest| rest.strip_prefix('|'));
        let year = year.and_then(|rest| rest.strip_prefix(number)).and_then(|rest| rest.strip_prefix('|'));
        match year {
            Some(year) if year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()) => {
                year.bytes().fold(0, |sum, b| sum * 10 + i32::from(b - b'0')) == date.year()
                    && (1000..=9999).contains(&date.year())
            }
            _ => self.key(organisation, number, date) == *key,
        }
    }
}

/// Whether a text is surely written as identities write it: signs and digits of ASCII and capitals, no blank, no `|`.
/// `false` says nothing.
pub fn is_squeezed(text: &str) -> bool {
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let plain = match byte {
            b'|' | b'a'..=b'z' => false,
            0xD0 => matches!(bytes.next(), Some(0x90..=0xAF)),
            _ => byte.is_ascii_graphic(),
        };
        if !plain {
            return false;
        }
    }
    true
}

/// Appends a text with its blanks squeezed and its letters upper-cased; `|` separates the parts of a key.
fn squeeze(key: &mut String, text: &str) {
    if is_squeezed(text) {
        return key.push_str(text);
    }
    for (index, word) in text.split_whitespace().enumerate() {
        if index > 0 {
            key.push(' ');
        }
        for c in word.chars() {
            match c {
                '|' => key.push('/'),
                c if c.is_ascii() => key.push(c.to_ascii_uppercase()),
                'а'..='я' => key.extend(char::from_u32(c as u32 - 32)),
                'А'..='Я' => key.push(c),
                c => key.extend(c.to_uppercase()),
            }
        }
    }
}

impl fmt::Display for SaleKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The buyer exactly as written beside a sale.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PartyRef {
    /// Code of the counterparty in accounting, if the file has one; trimmed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub code: String,
    /// Name as written.
    pub name: String,
    /// ИНН as written (may be broken or empty).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub inn: String,
    /// КПП as written.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kpp: String,
}

impl PartyRef {
    /// The same, borrowed.
    pub fn look(&self) -> PartyLook<'_> {
        PartyLook { code: &self.code, name: &self.name, inn: &self.inn, kpp: &self.kpp }
    }
}

/// A buyer as written, where it stands: of a million sales few are the first to name theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PartyLook<'a> {
    /// See [`PartyRef`], as the others.
    pub code: &'a str,
    /// Name as written.
    pub name: &'a str,
    /// ИНН as written.
    pub inn: &'a str,
    /// КПП as written.
    pub kpp: &'a str,
}

impl PartyLook<'_> {
    /// One that lasts.
    pub fn to_owned(self) -> PartyRef {
        let Self { code, name, inn, kpp } = self;
        PartyRef { code: code.to_owned(), name: name.to_owned(), inn: inn.to_owned(), kpp: kpp.to_owned() }
    }
}

/// One document of sale or return.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sale {
    /// Identity.
    pub key: SaleKey,
    /// Own organisation that sold; may be empty when the file does not say.
    pub organisation: String,
    /// Document number as written, trimmed.
    pub number: String,
    /// Document date (business time zone; 1C's local date).
    pub date: NaiveDate,
    /// Buyer as written.
    pub party: PartyRef,
    /// Seller as written; empty when the file does not say.
    pub manager: String,
    /// Amount with VAT; negative for returns.
    pub amount: Money,
    /// Amount without VAT, if the file has it.
    pub net: Option<Money>,
    /// Margin, if the file has it.
    pub margin: Option<Money>,
    /// The sale's bonus, if the file has an explicit column.
    pub bonus: Option<Money>,
    /// Currency as a code (`RUB`, `EUR`, `UAH`); only the base currency is computed.
    pub currency: String,
    /// Number of the document that this one returns, if the source names it.
    pub returns: Option<String>,
    /// SHA-256 (hex) of the file it was read from.
    pub file_hash: String,
    /// Where in the file (first line of the document).
    pub source: SourceRef,
}

impl Sale {
    /// Whether it takes a sale back.
    pub fn is_return(&self) -> bool {
        self.amount.is_negative()
    }
}

/// A counterparty card of the accounting system.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartyCard {
    /// Code, name, ИНН, КПП as written.
    pub party: PartyRef,
    /// Full legal name.
    pub full_name: String,
    /// ОГРН or ОГРНИП as written.
    pub ogrn: String,
    /// Phones as written.
    pub phone: String,
    /// E-mail as written.
    pub email: String,
    /// City or address as written.
    pub city: String,
    /// Main manager («Основной менеджер покупателя») as written.
    pub manager: String,
    /// Parent («Головной контрагент») as written.
    pub parent: String,
    /// Where in the file.
    pub source: SourceRef,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_identity_is_known_by_its_parts(
            organisation in "[А-Яа-яA-z «»|]{0,8}", number in "[А-Яа-я0-9A-z| -]{0,8}", day in 0..4_000_000_i32,
            other in "[А-Яа-я0-9A-z| -]{0,8}", mine in any::<bool>(),
        ) {
            let date = NaiveDate::from_num_days_from_ce_opt(day).expect("a day");
            let mut keys = KeyMaker::default();
            let key = keys.key(&organisation, if mine { &number } else { &other }, date);
            let expected = SaleKey::new(&organisation, &number, date) == key;
            prop_assert_eq!(keys.gives(&organisation, &number, date, &key), expected);
            let next = date + chrono::Days::new(366);
            prop_assert!(!keys.gives(&organisation, &number, next, &key));
        }
    }
}
