//! Two sets of sales against each other: what the later one adds, changes and no longer has. Deliberately absent: which of
//! the two is right (`merge`), and whether absence proves anything (`export_scope`).

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::{
    inbox::DateSpan,
    money::Money,
    sale::{Sale, SaleKey},
    text::Text,
};

/// A fact of a document that may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    /// Amount with VAT.
    Amount,
    /// Date of the document.
    Date,
    /// Counterparty as written.
    Buyer,
    /// Seller as written.
    Manager,
    /// Amount without VAT.
    Net,
    /// Margin.
    Margin,
    /// Explicit bonus.
    Bonus,
    /// Currency.
    Currency,
    /// The document that it returns.
    Returns,
}

impl Aspect {
    /// The word for people.
    pub fn words(self) -> Text {
        match self {
            Self::Amount => Text::new("сумма", "amount"),
            Self::Date => Text::new("дата", "date"),
            Self::Buyer => Text::new("контрагент", "buyer"),
            Self::Manager => Text::new("менеджер", "manager"),
            Self::Net => Text::new("сумма без НДС", "amount without VAT"),
            Self::Margin => Text::new("маржа", "margin"),
            Self::Bonus => Text::new("премия", "bonus"),
            Self::Currency => Text::new("валюта", "currency"),
            Self::Returns => Text::new("возврат по документу", "returned document"),
        }
    }
}

/// What two versions of a document say differently; the place they were read from does not count.
pub fn what_changed(before: &Sale, after: &Sale) -> Vec<Aspect> {
    let differs = [
        (Aspect::Amount, before.amount != after.amount),
        (Aspect::Date, before.date != after.date),
        (Aspect::Buyer, before.party != after.party),
        (Aspect::Manager, before.manager != after.manager),
        (Aspect::Net, before.net != after.net),
        (Aspect::Margin, before.margin != after.margin),
        (Aspect::Bonus, before.bonus != after.bonus),
        (Aspect::Currency, before.currency != after.currency),
        (Aspect::Returns, before.returns != after.returns),
    ];
    differs.into_iter().filter(|(_, differs)| *differs).map(|(aspect, _)| aspect).collect()
}

/// A document that both have, told differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed<'a> {
    /// As known.
    pub before: &'a Sale,
    /// As told now.
    pub after: &'a Sale,
    /// What differs; never empty.
    pub what: Vec<Aspect>,
}

/// Sums by currency, which are never added to each other; currencies without documents are absent.
pub type Sums = BTreeMap<String, Money>;

/// The difference. Each list is ordered by date and identity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportDiff<'a> {
    /// Only in the later set.
    pub added: Vec<&'a Sale>,
    /// In both, told differently.
    pub changed: Vec<Changed<'a>>,
    /// Only in the earlier set.
    pub vanished: Vec<&'a Sale>,
    /// In both, the same.
    pub same: usize,
}

/// Compares what is known with what came. With a span only documents that one of the two sides dates within it count, so
/// that a document whose date moved across the border is a change and not two events. Of several versions under one
/// identity in a set the last counts.
pub fn diff<'a>(known: &'a [Sale], incoming: &'a [Sale], span: Option<DateSpan>) -> ExportDiff<'a> {
    let within = |sale: &Sale| span.is_none_or(|s| s.contains(sale.date));
    let index = |sales: &'a [Sale]| sales.iter().map(|s| (&s.key, s)).collect::<HashMap<&SaleKey, &'a Sale>>();
    let (before, after) = (index(known), index(incoming));
    let mut found = ExportDiff::default();
    for (key, new) in &after {
        match before.get(key) {
            None if within(new) => found.added.push(new),
            Some(old) if within(old) || within(new) => match what_changed(old, new) {
                what if what.is_empty() => found.same += 1,
                what => found.changed.push(Changed { before: old, after: new, what }),
            },
            _ => {}
        }
    }
    found.vanished.extend(before.iter().filter(|(key, old)| !after.contains_key(*key) && within(old)).map(|(_, s)| *s));
    found.added.sort_by_key(|s| (s.date, &s.key));
    found.changed.sort_by_key(|c| (c.before.date.min(c.after.date), &c.after.key));
    found.vanished.sort_by_key(|s| (s.date, &s.key));
    found
}

/// Adds up by currency.
pub fn sums<'a>(sales: impl IntoIterator<Item = &'a Sale>) -> Sums {
    let mut sums = Sums::new();
    for sale in sales {
        *sums.entry(sale.currency.clone()).or_default() += sale.amount;
    }
    sums
}

impl ExportDiff<'_> {
    /// Whether both sets say the same.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.vanished.is_empty()
    }

    /// Sum of what was added.
    pub fn added_sums(&self) -> Sums {
        sums(self.added.iter().copied())
    }

    /// Sum of what vanished.
    pub fn vanished_sums(&self) -> Sums {
        sums(self.vanished.iter().copied())
    }

    /// By how much the changed documents grew.
    pub fn changed_sums(&self) -> Sums {
        growth(self.changed.iter().map(|c| (c.before, c.after)))
    }
}

/// By how much documents grew from one version to the next; currencies that did not move are absent.
pub fn growth<'a>(pairs: impl IntoIterator<Item = (&'a Sale, &'a Sale)>) -> Sums {
    let mut sums = Sums::new();
    for (before, after) in pairs {
        *sums.entry(after.currency.clone()).or_default() += after.amount;
        *sums.entry(before.currency.clone()).or_default() += -before.amount;
    }
    sums.retain(|_, sum| !sum.is_zero());
    sums
}

#[cfg(test)]
mod tests;
