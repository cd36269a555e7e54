//! Whose each sale is by the name in the file and the date. Deliberately absent: guesses (a shared alias is nobody's)
//! and the question whether the person still works here.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::super::{
    facts::Facts,
    org::{EmployeeId, Resolved},
};

/// What a name in the file means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seller<'a> {
    /// Exactly this person.
    Known(&'a EmployeeId),
    /// The file names nobody.
    Blank,
    /// Nobody has this name.
    Unknown,
    /// Two people share it.
    Ambiguous,
}

impl<'a> Seller<'a> {
    pub(super) const fn id(self) -> Option<&'a EmployeeId> {
        match self {
            Self::Known(id) => Some(id),
            Self::Blank | Self::Unknown | Self::Ambiguous => None,
        }
    }
}

/// The seller of every sale, in the order of `facts.sales`.
pub(super) fn of_sales(facts: &Facts) -> Vec<Seller<'_>> {
    // Without dated aliases the answer does not depend on the day, and one look-up per name is enough.
    let dated =
        facts.roster.people.iter().flat_map(|p| &p.aliases).any(|alias| alias.from.is_some() || alias.until.is_some());
    let mut seen: HashMap<(&str, Option<NaiveDate>), Seller<'_>> = HashMap::new();
    facts
        .sales
        .iter()
        .map(|sale| {
            let name = sale.manager.as_str();
            *seen.entry((name, dated.then_some(sale.date))).or_insert_with(|| {
                if name.trim().is_empty() {
                    return Seller::Blank;
                }
                match facts.roster.resolve(name, sale.date) {
                    Resolved::One(person) => Seller::Known(&person.id),
                    Resolved::Nobody => Seller::Unknown,
                    Resolved::Ambiguous => Seller::Ambiguous,
                }
            })
        })
        .collect()
}
