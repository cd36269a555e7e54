//! Counterparties out of sales and cards: distinct spellings are read once, identified by tables over all of them and
//! grouped. Linear in the number of sales; the order of the input decides nothing.
//! Deliberately absent: the CRM; any likeness of names.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{
    identity::{Reading, Tables},
    remarks,
};
use crate::domain::{
    finding::{Finding, SourceRef},
    party::{Counterparty, PartyKey},
    sale::{PartyCard, PartyRef, Sale},
    tax_id::{Inn, InnStrength, Kpp},
};

/// One distinct spelling beside sales.
struct Spelling<'a> {
    party: &'a PartyRef,
    sales: usize,
    source: &'a SourceRef,
    reading: Reading,
}

/// What one counterparty is made of.
#[derive(Default)]
struct Group {
    spellings: Vec<usize>,
    cards: Vec<usize>,
}

/// Brings spellings together: counterparties sorted by key, for each sale the index of its counterparty, and findings
/// (one ИНН on several cards, a broken ИНН, a restored zero). The same sales in any order give the same counterparties.
/// A row of the counterparty list without anything but a name is a folder: no counterparty, unless a sale has its code.
pub fn parties(sales: &[Sale], cards: &[PartyCard]) -> (Vec<Counterparty>, Vec<usize>, Vec<Finding>) {
    let (spellings, spelling_of) = distinct(sales);
    let readings: Vec<Reading> = cards.iter().map(|card| Reading::of(&card.party)).collect();
    let folders = folders(cards);

    let mut tables = Tables::default();
    for spelling in &spellings {
        tables.add(&spelling.reading);
    }
    for ((card, reading), _) in cards.iter().zip(&readings).zip(&folders).filter(|(_, folder)| !**folder) {
        tables.add(reading);
        tables.add_card(card, reading);
    }

    let mut groups: BTreeMap<PartyKey, Group> = BTreeMap::new();
    let keys: Vec<PartyKey> = spellings.iter().map(|s| tables.identify(s.party, &s.reading)).collect();
    for (i, key) in keys.iter().enumerate() {
        groups.entry(key.clone()).or_default().spellings.push(i);
    }
    for (i, ((card, reading), folder)) in cards.iter().zip(&readings).zip(&folders).enumerate() {
        let key = tables.identify(&card.party, reading);
        if !*folder {
            groups.entry(key).or_default().cards.push(i);
        } else if !card.party.code.is_empty()
            && let Some(group) = groups.get_mut(&key)
        {
            group.cards.push(i);
        }
    }

    let index: HashMap<&PartyKey, usize> = groups.keys().enumerate().map(|(i, key)| (key, i)).collect();
    let party_of =
        spelling_of.iter().map(|s| keys.get(*s).and_then(|key| index.get(key)).copied().unwrap_or(0)).collect();
    let counterparties = groups.iter().map(|(key, group)| build(key, group, &spellings, cards, &readings)).collect();

    let read = spellings.iter().map(|s| (s.party, s.source, &s.reading, s.party.code.as_str()));
    let carded = cards.iter().zip(&readings);
    let mut findings = remarks::of_cards(carded.zip(&folders).filter(|(_, f)| !**f).map(|(pair, _)| pair));
    findings.extend(remarks::of_spellings(read, cards));
    findings.extend(remarks::of_folders(cards.iter().zip(&folders).filter(|(_, f)| **f).map(|(card, _)| card)));
    findings.extend(remarks::of_inns(groups.iter().map(|(key, group)| (key, inns(group, &spellings, &readings)))));
    (counterparties, party_of, findings)
}

/// Distinct spellings with the number of their sales and the first place in any order, and for each sale its spelling.
fn distinct(sales: &[Sale]) -> (Vec<Spelling<'_>>, Vec<usize>) {
    let mut seen: HashMap<&PartyRef, usize> = HashMap::new();
    let mut spellings: Vec<Spelling<'_>> = Vec::new();
    let mut of = Vec::with_capacity(sales.len());
    for sale in sales {
        let i = *seen.entry(&sale.party).or_insert_with(|| {
            let reading = Reading::of(&sale.party);
            spellings.push(Spelling { party: &sale.party, sales: 0, source: &sale.source, reading });
            spellings.len() - 1
        });
        if let Some(spelling) = spellings.get_mut(i) {
            spelling.sales += 1;
            spelling.source = spelling.source.min(&sale.source);
        }
        of.push(i);
    }
    (spellings, of)
}

/// Which rows of the list are folders: nothing but name and code, in a list whose other rows hold more.
fn folders(cards: &[PartyCard]) -> Vec<bool> {
    let bare = |card: &PartyCard| {
        [&card.party.inn, &card.party.kpp, &card.full_name, &card.ogrn, &card.phone, &card.email, &card.city]
            .iter()
            .chain(&[&card.manager, &card.parent])
            .all(|text| text.trim().is_empty())
    };
    let bare: Vec<bool> = cards.iter().map(bare).collect();
    let rich: HashSet<&str> =
        cards.iter().zip(&bare).filter(|(_, bare)| !**bare).map(|(card, _)| &*card.source.file).collect();
    cards.iter().zip(&bare).map(|(card, bare)| *bare && rich.contains(&*card.source.file)).collect()
}

fn build(
    key: &PartyKey,
    group: &Group,
    spellings: &[Spelling<'_>],
    cards: &[PartyCard],
    readings: &[Reading],
) -> Counterparty {
    // Of several cards the one that knows most, then the smallest: never the one that happened to come first.
    let known = |card: &PartyCard| {
        [&card.party.inn, &card.party.kpp, &card.full_name, &card.ogrn, &card.phone, &card.email, &card.city]
            .iter()
            .filter(|text| !text.trim().is_empty())
            .count()
    };
    let own: Vec<&PartyCard> = group.cards.iter().filter_map(|i| cards.get(*i)).collect();
    let card = own
        .iter()
        .min_by_key(|card| (std::cmp::Reverse(known(card)), &card.party, &card.full_name, &card.source))
        .map(|card| (*card).clone());
    let mine = || group.spellings.iter().filter_map(|i| spellings.get(*i));
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for spelling in mine() {
        *names.entry(spelling.party.name.as_str()).or_default() += spelling.sales;
    }
    let frequent = names
        .iter()
        .max_by_key(|(name, sales)| (**sales, std::cmp::Reverse(**name)))
        .map(|(name, _)| (*name).to_owned());
    let name = card.as_ref().map(|card| card.party.name.clone()).filter(|name| !name.trim().is_empty());
    let all: BTreeSet<&PartyRef> = mine().map(|s| s.party).chain(own.iter().map(|card| &card.party)).collect();
    Counterparty {
        key: key.clone(),
        name: name.or(frequent).unwrap_or_default(),
        spellings: all.into_iter().cloned().collect(),
        inns: inns(group, spellings, readings),
        kpps: kpps(group, spellings, readings),
        card,
    }
}

fn inns(group: &Group, spellings: &[Spelling<'_>], readings: &[Reading]) -> Vec<(Inn, InnStrength)> {
    let mut found: BTreeMap<&Inn, InnStrength> = BTreeMap::new();
    for (inn, strength) in members(group, spellings, readings).flat_map(|reading| &reading.inns) {
        let best = found.entry(inn).or_insert(*strength);
        *best = (*best).max(*strength);
    }
    let mut inns: Vec<(Inn, InnStrength)> = found.into_iter().map(|(inn, s)| (inn.clone(), s)).collect();
    inns.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    inns
}

fn kpps(group: &Group, spellings: &[Spelling<'_>], readings: &[Reading]) -> Vec<Kpp> {
    let all: BTreeSet<&Kpp> = members(group, spellings, readings).flat_map(|reading| &reading.kpps).collect();
    all.into_iter().cloned().collect()
}

fn members<'a>(
    group: &'a Group,
    spellings: &'a [Spelling<'_>],
    readings: &'a [Reading],
) -> impl Iterator<Item = &'a Reading> {
    let written = group.spellings.iter().filter_map(|i| spellings.get(*i)).map(|s| &s.reading);
    written.chain(group.cards.iter().filter_map(|i| readings.get(*i)))
}
