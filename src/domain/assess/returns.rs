//! Which sale a return takes back, decided from all sales at once, so that the order of arrival does not matter.
//!
//! 1. A return that names its document is taken from the sale of that number, of the same organisation and
//!    counterparty: the latest not after the return, else the earliest after it. A number written without its prefix
//!    and zeros (`123` for `0000-000123`) counts when only one sale not after the return fits. Named returns come first,
//!    so that a guess never uses up what another document claims by name; one whose document is not among the sales
//!    takes nothing back, because a guess would contradict its name.
//! 2. Any other is taken, in the order of (date, number), from the sales of the same organisation, counterparty and employee that are not later than the return: the latest whose
//!    remaining amount is exactly the return; else the latest that has enough left; else the latest ones one after
//!    another until the return is used up. A return that names no seller takes from any employee's sales.
//! 3. Never more than was sold: the rest stays `unlinked` and reverses nothing.
//!
//! Deliberately absent: money (see `adjust::returns`), other currencies, and links across counterparties.

use std::collections::HashMap;

use super::{
    super::{
        facts::Facts,
        money::Money,
        org::{EmployeeId, name_key},
        sale::Sale,
    },
    exempt::in_other_currency,
    sellers::{Seller, of_sales},
};

/// A piece of a return that takes back a piece of one sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// Index of the sale taken back (of the return itself when read from the sale's side).
    pub(crate) other: usize,
    /// How much is taken back, above zero.
    pub(crate) amount: Money,
}

/// Sellers and links of all sales, by index into `facts.sales`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Links {
    /// Whose the sale is; a linked return belongs to the seller of the sale it takes back.
    pub(crate) employees: Vec<Option<EmployeeId>>,
    /// For each return the sales it takes back, the decisive one first.
    pub(crate) taken_from: Vec<Vec<Piece>>,
    /// For each sale its returns in the order of (date, number).
    pub(crate) returned_by: Vec<Vec<Piece>>,
    /// For each return what it takes back beyond what was sold.
    pub(crate) unlinked: Vec<Money>,
    /// Names that two people share, per sale.
    pub(crate) ambiguous: Vec<bool>,
}

/// Organisation (for comparison) and counterparty.
type Group = (String, usize);

/// Links every return of the base currency.
pub(crate) fn link(facts: &Facts) -> Links {
    let count = facts.sales.len();
    let sellers = of_sales(facts);
    let mut links = Links {
        employees: sellers.iter().map(|s| s.id().cloned()).collect(),
        taken_from: vec![Vec::new(); count],
        returned_by: vec![Vec::new(); count],
        unlinked: vec![Money::ZERO; count],
        ambiguous: sellers.iter().map(|s| *s == Seller::Ambiguous).collect(),
    };
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_key(|&at| facts.sales.get(at).map(|s| (s.date, &s.number, &s.key)));

    // Sales of one organisation and counterparty, oldest first.
    let mut groups: HashMap<Group, Vec<usize>> = HashMap::new();
    let mut left: Vec<Money> = vec![Money::ZERO; count];
    let mut returns = Vec::new();
    for &at in &order {
        let (Some(sale), Some(&party)) = (facts.sales.get(at), facts.party_of.get(at)) else { continue };
        if in_other_currency(facts, sale) {
            continue;
        }
        if sale.is_return() {
            returns.push((at, sale, party));
        } else if let Some(rest) = left.get_mut(at) {
            *rest = sale.amount;
            groups.entry(group(sale, party)).or_default().push(at);
        }
    }

    let (named, guessed): (Vec<_>, Vec<_>) = returns
        .into_iter()
        .map(|(at, sale, party)| {
            let pool = groups.get(&group(sale, party)).map_or(&[][..], Vec::as_slice);
            (at, sale, pool, by_name(facts, sale, pool))
        })
        .partition(|(_, sale, ..)| names_document(sale));
    for (at, sale, _, named) in named {
        take(&mut links, &mut left, at, sale, named.into_iter());
    }
    for (at, sale, pool, _) in guessed {
        let seller = sellers.get(at).copied().unwrap_or(Seller::Unknown);
        let pool: Vec<usize> = pool
            .iter()
            .copied()
            .filter(|&i| facts.sales.get(i).is_some_and(|s| s.date <= sale.date))
            .filter(|&i| match seller {
                Seller::Known(id) => sellers.get(i).and_then(|s| s.id()) == Some(id),
                Seller::Blank => true,
                Seller::Unknown | Seller::Ambiguous => false,
            })
            .collect();
        let rest = |i: &usize| left.get(*i).copied().unwrap_or(Money::ZERO);
        let whole = sale.amount.abs();
        let one = pool
            .iter()
            .rev()
            .find(|i| rest(i) == whole)
            .or_else(|| pool.iter().rev().find(|i| rest(i) >= whole))
            .copied();
        let from: Vec<usize> = one.map_or_else(|| pool.iter().rev().copied().collect(), |i| vec![i]);
        take(&mut links, &mut left, at, sale, from.into_iter());
    }
    for (at, pieces) in links.taken_from.iter().enumerate() {
        let owner = pieces.first().and_then(|p| sellers.get(p.other)).map(|s| s.id().cloned());
        if let (Some(owner), Some(own)) = (owner, links.employees.get_mut(at)) {
            *own = owner;
        }
    }
    let when = |at: usize| facts.sales.get(at).map(|s| (s.date, &s.number, &s.key));
    for pieces in &mut links.returned_by {
        pieces.sort_by(|a, b| when(a.other).cmp(&when(b.other)));
    }
    links
}

fn group(sale: &Sale, party: usize) -> Group {
    (name_key(&sale.organisation), party)
}

fn names_document(sale: &Sale) -> bool {
    sale.returns.as_deref().is_some_and(|number| !number_key(number).is_empty())
}

fn by_name(facts: &Facts, sale: &Sale, pool: &[usize]) -> Option<usize> {
    let number = number_key(sale.returns.as_deref()?);
    let same = |i: &&usize| facts.sales.get(**i).is_some_and(|s| number_key(&s.number) == number);
    let earlier = |i: &&usize| facts.sales.get(**i).is_some_and(|s| s.date <= sale.date);
    let exact = pool.iter().rev().filter(same).find(earlier).or_else(|| pool.iter().find(same));
    if exact.is_some() {
        return exact.copied();
    }
    let tail = number_tail(&number).filter(|tail| !tail.is_empty())?;
    let fits = |i: &&usize| facts.sales.get(**i).is_some_and(|s| number_tail(&s.number) == Some(tail));
    let mut alike = pool.iter().filter(earlier).filter(fits);
    alike.next().filter(|_| alike.next().is_none()).copied()
}

/// The digits at the end of a document number without leading zeros; `None` when it does not end in a digit.
fn number_tail(number: &str) -> Option<&str> {
    let number = number.trim();
    let start = number.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    number.get(start..).filter(|digits| !digits.is_empty()).map(|digits| digits.trim_start_matches('0'))
}

/// A document number for comparison: case and spaces do not matter, zeros and dashes do (as in `SaleKey`).
fn number_key(number: &str) -> String {
    number.split_whitespace().collect::<Vec<_>>().join(" ").to_uppercase()
}

/// Takes the return from the sales in the order given, never more than is left of each.
fn take(links: &mut Links, left: &mut [Money], at: usize, sale: &Sale, from: impl Iterator<Item = usize>) {
    let mut open = sale.amount.abs();
    for i in from {
        let Some(rest) = left.get_mut(i) else { continue };
        let amount = open.min(*rest);
        if amount <= Money::ZERO {
            continue;
        }
        *rest = *rest - amount;
        open = open - amount;
        if let (Some(mine), Some(theirs)) = (links.taken_from.get_mut(at), links.returned_by.get_mut(i)) {
            mine.push(Piece { other: i, amount });
            theirs.push(Piece { other: at, amount });
        }
    }
    if let Some(unlinked) = links.unlinked.get_mut(at) {
        *unlinked = open;
    }
}
