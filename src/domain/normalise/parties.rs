//! Counterparties out of sales and cards: distinct spellings are read once, identified by tables over all of them and
//! grouped. Linear in the number of sales; the order of the input decides nothing.
//! Deliberately absent: the CRM; any likeness of names.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::Arc,
};

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::{
    identity::{Reading, Tables},
    remarks,
    spellings::{Spelling, Spellings},
};
use crate::domain::{
    finding::Finding,
    parallel::in_parallel,
    party::{Counterparty, PartyKey},
    sale::{PartyCard, PartyRef, Sale},
    tax_id::{Inn, InnStrength, Kpp},
};

/// What one counterparty is made of: places of its spellings and cards. Most have one spelling and no card.
#[derive(Default)]
struct Group {
    spellings: SmallVec<[u32; 2]>,
    cards: SmallVec<[u32; 2]>,
}

/// Groups in the order met.
#[derive(Default)]
struct Grouped {
    numbers: FxHashMap<PartyKey, usize>,
    groups: Vec<Group>,
}

impl Grouped {
    /// The number of a group, a new one if it was not met.
    fn number(&mut self, key: PartyKey) -> usize {
        let number = *self.numbers.entry(key).or_insert(self.groups.len());
        if number == self.groups.len() {
            self.groups.push(Group::default());
        }
        number
    }

    /// The groups by key, and where each now stands.
    fn in_order(mut self) -> (Vec<(PartyKey, Group)>, Vec<usize>) {
        let mut order: Vec<(PartyKey, usize)> = self.numbers.into_iter().collect();
        order.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let mut place = vec![0; self.groups.len()];
        let taken = |(at, (key, number)): (usize, (PartyKey, usize))| {
            if let Some(place) = place.get_mut(number) {
                *place = at;
            }
            let group = self.groups.get_mut(number).map(std::mem::take).unwrap_or_default();
            (key, group)
        };
        (order.into_iter().enumerate().map(taken).collect(), place)
    }
}

/// Brings spellings together: counterparties sorted by key, for each sale the index of its counterparty, and findings
/// (one ИНН on several cards, a broken ИНН, a restored zero). The same sales in any order give the same counterparties.
/// A row of the counterparty list without anything but a name is a folder: no counterparty, unless a sale has its code.
pub fn parties(sales: &[Sale], cards: &[PartyCard]) -> (Vec<Counterparty>, Vec<usize>, Vec<Finding>) {
    let mut spellings = Spellings::default();
    let mut add = |sale: &Sale| spellings.add(sale.party.look(), sale.source.look(), || sale.source.clone());
    let spelling_of: Vec<usize> = sales.iter().map(&mut add).collect();
    let (parties, party_of, findings) = parties_of(&spellings, cards);
    let party_of = spelling_of.iter().map(|s| party_of.get(*s).copied().unwrap_or(0)).collect();
    (parties, party_of, findings)
}

/// The same from spellings that were gathered before: counterparties, for each spelling the index of its counterparty,
/// findings.
pub fn parties_of(spellings: &Spellings, cards: &[PartyCard]) -> (Vec<Counterparty>, Vec<usize>, Vec<Finding>) {
    let spellings = spellings.list();
    let written = in_parallel(spellings.len(), |i| spellings.get(i).map(|s| Reading::of(&s.party)));
    let written: Vec<Reading> = written.into_iter().flatten().collect();
    let readings: Vec<Reading> = cards.iter().map(|card| Reading::of(&card.party)).collect();
    let folders = folders(cards);

    let mut tables = Tables::default();
    written.iter().chain(&readings).for_each(|reading| tables.ask(reading));
    for (spelling, reading) in spellings.iter().zip(&written) {
        tables.add(&spelling.party, reading);
    }
    for ((card, reading), _) in cards.iter().zip(&readings).zip(&folders).filter(|(_, folder)| !**folder) {
        tables.add(&card.party, reading);
        tables.add_card(card, reading);
    }

    let identify = |i: usize| spellings.get(i).zip(written.get(i)).map(|(s, r)| tables.identify(&s.party, r));
    let keys = in_parallel(spellings.len(), identify);
    let mut grouped = Grouped::default();
    let group_of: Vec<usize> = keys.into_iter().flatten().map(|key| grouped.number(key)).collect();
    for (i, group) in (0..).zip(&group_of) {
        if let Some(group) = grouped.groups.get_mut(*group) {
            group.spellings.push(i);
        }
    }
    for (i, ((card, reading), folder)) in (0..).zip(cards.iter().zip(&readings).zip(&folders)) {
        let key = tables.identify(&card.party, reading);
        let group = if *folder {
            grouped.numbers.get(&key).copied().filter(|_| !card.party.code.is_empty())
        } else {
            Some(grouped.number(key))
        };
        if let Some(group) = group.and_then(|group| grouped.groups.get_mut(group)) {
            group.cards.push(i);
        }
    }
    let (groups, place) = grouped.in_order();
    let party_of = group_of.iter().map(|group| place.get(*group).copied().unwrap_or(0)).collect();
    let all = Read { spellings, written: &written, cards, readings: &readings };
    let built = in_parallel(groups.len(), |i| groups.get(i).map(|(key, group)| build(key, group, &all)));
    let counterparties: Vec<Counterparty> = built.into_iter().flatten().collect();

    let read =
        spellings.iter().zip(&written).map(|(s, reading)| (&*s.party, &s.source, reading, s.party.code.as_str()));
    let carded = cards.iter().zip(&readings);
    let mut findings = remarks::of_cards(carded.zip(&folders).filter(|(_, f)| !**f).map(|(pair, _)| pair));
    findings.extend(remarks::of_spellings(read, cards));
    findings.extend(remarks::of_folders(cards.iter().zip(&folders).filter(|(_, f)| **f).map(|(card, _)| card)));
    findings.extend(remarks::of_inns(&counterparties));
    (counterparties, party_of, findings)
}

/// Both sources of spellings, read.
struct Read<'a> {
    spellings: &'a [Spelling],
    written: &'a [Reading],
    cards: &'a [PartyCard],
    readings: &'a [Reading],
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

fn build(key: &PartyKey, group: &Group, all: &Read<'_>) -> Counterparty {
    // Of several cards the one that knows most, then the smallest: never the one that happened to come first.
    let known = |card: &PartyCard| {
        [&card.party.inn, &card.party.kpp, &card.full_name, &card.ogrn, &card.phone, &card.email, &card.city]
            .iter()
            .filter(|text| !text.trim().is_empty())
            .count()
    };
    let own: Vec<&PartyCard> = group.cards.iter().filter_map(|i| all.cards.get(*i as usize)).collect();
    let card = own
        .iter()
        .min_by_key(|card| (std::cmp::Reverse(known(card)), &card.party, &card.full_name, &card.source))
        .map(|card| Box::new((*card).clone()));
    let mine = || group.spellings.iter().filter_map(|i| all.spellings.get(*i as usize));
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for spelling in mine() {
        *names.entry(spelling.party.name.as_str()).or_default() += spelling.sales;
    }
    let frequent = names
        .iter()
        .max_by_key(|(name, sales)| (**sales, std::cmp::Reverse(**name)))
        .map(|(name, _)| (*name).to_owned());
    let name = card.as_ref().map(|card| card.party.name.clone()).filter(|name| !name.trim().is_empty());
    let carded = own.iter().map(|card| Arc::new(card.party.clone()));
    let names: BTreeSet<Arc<PartyRef>> = mine().map(|s| Arc::clone(&s.party)).chain(carded).collect();
    Counterparty {
        key: key.clone(),
        name: name.or(frequent).unwrap_or_default(),
        spellings: names.into_iter().collect(),
        inns: inns(group, all),
        kpps: kpps(group, all),
        card,
    }
}

fn inns(group: &Group, all: &Read<'_>) -> Vec<(Inn, InnStrength)> {
    let mut found: BTreeMap<&Inn, InnStrength> = BTreeMap::new();
    for (inn, strength) in members(group, all).flat_map(|reading| &reading.inns) {
        let best = found.entry(inn).or_insert(*strength);
        *best = (*best).max(*strength);
    }
    let mut inns: Vec<(Inn, InnStrength)> = found.into_iter().map(|(inn, s)| (inn.clone(), s)).collect();
    inns.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    inns
}

fn kpps(group: &Group, all: &Read<'_>) -> Vec<Kpp> {
    let found: BTreeSet<&Kpp> = members(group, all).flat_map(|reading| &reading.kpps).collect();
    found.into_iter().cloned().collect()
}

fn members<'a>(group: &'a Group, all: &'a Read<'_>) -> impl Iterator<Item = &'a Reading> {
    let written = group.spellings.iter().filter_map(|i| all.written.get(*i as usize));
    written.chain(group.cards.iter().filter_map(|i| all.readings.get(*i as usize)))
}
