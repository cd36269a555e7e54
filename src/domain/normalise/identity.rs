//! Whose spelling it is: code, else ИНН and КПП, else the normalised name (rules, section 1). Tables are built from all
//! spellings first, so that the order of the input decides nothing. Deliberately absent: grouping (`parties`).

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::name::Name;
use crate::domain::{
    party::PartyKey,
    sale::{PartyCard, PartyRef},
    tax_id::{self, Inn, InnStrength, Kpp},
};

/// A spelling read: what the cells of its numbers hold. Its name is read where that is asked for, which is seldom.
pub(super) struct Reading {
    /// Valid ИНН in the order written.
    pub inns: Vec<(Inn, InnStrength)>,
    /// КПП of its own cell, else those beside the ИНН.
    pub kpps: Vec<Kpp>,
}

impl Reading {
    pub fn of(party: &PartyRef) -> Self {
        let (mut inns, mut kpps) = tax_id::read_cell(&party.inn);
        let own: Vec<Kpp> = party
            .kpp
            .split([',', ';', '/', ' '])
            .filter(|part| !part.trim().is_empty())
            .filter_map(Kpp::parse)
            .collect();
        if !own.is_empty() {
            kpps = own;
        }
        inns.shrink_to_fit();
        kpps.shrink_to_fit();
        Self { inns, kpps }
    }
}

/// What one code, one ИНН, one name stands for in all the input.
#[derive(Default)]
pub(super) struct Tables {
    /// ИНН that somewhere stand with a restored zero, and those that somewhere stand without КПП: only for these the rest
    /// of the input is asked.
    restored: FxHashSet<Inn>,
    bare: FxHashSet<Inn>,
    /// Codes of cards by ИНН, with their КПП.
    codes_by_inn: FxHashMap<Inn, BTreeSet<(Option<Kpp>, String)>>,
    /// Codes of cards by normalised name, with and without the legal form.
    codes_by_name: FxHashMap<String, BTreeSet<String>>,
    codes_by_core: FxHashMap<String, BTreeSet<(String, String)>>,
    /// КПП seen with an ИНН.
    kpps: FxHashMap<Inn, BTreeSet<Kpp>>,
    /// Words of the names that carry an ИНН as written: a restored one must agree with them.
    words: FxHashMap<Inn, FxHashSet<String>>,
}

impl Tables {
    /// What a spelling will ask for; all of them come before the first is counted.
    pub fn ask(&mut self, reading: &Reading) {
        if let Some((inn, strength)) = reading.inns.first() {
            if *strength == InnStrength::Restored {
                self.restored.insert(inn.clone());
            }
            if reading.kpps.is_empty() {
                self.bare.insert(inn.clone());
            }
        }
    }

    /// Counts a spelling.
    pub fn add(&mut self, party: &PartyRef, reading: &Reading) {
        if let [(inn, strength)] = reading.inns.as_slice() {
            if let [kpp] = reading.kpps.as_slice()
                && self.bare.contains(inn)
            {
                self.kpps.entry(inn.clone()).or_default().insert(kpp.clone());
            }
            if *strength == InnStrength::Exact && self.restored.contains(inn) {
                self.words.entry(inn.clone()).or_default().extend(Name::new(&party.name).words);
            }
        }
    }

    /// Counts a card with a code. Folders are left out by the caller: they would swallow sales.
    pub fn add_card(&mut self, card: &PartyCard, reading: &Reading) {
        if card.party.code.is_empty() {
            return;
        }
        let code = || card.party.code.clone();
        for (inn, _) in &reading.inns {
            self.codes_by_inn.entry(inn.clone()).or_default().insert((reading.kpps.first().cloned(), code()));
        }
        for name in [Name::new(&card.party.name), Name::new(&card.full_name)] {
            if !name.words.is_empty() {
                self.codes_by_name.entry(name.key()).or_default().insert(code());
                let form = name.form.map(|f| f.code.to_owned()).unwrap_or_default();
                self.codes_by_core.entry(name.core()).or_default().insert((code(), form));
            }
        }
    }

    /// Identity of a spelling.
    pub fn identify(&self, party: &PartyRef, reading: &Reading) -> PartyKey {
        if !party.code.is_empty() {
            return PartyKey(party.code.clone());
        }
        match reading.inns.first() {
            Some((inn, strength)) if *strength == InnStrength::Exact || self.agrees(inn, party) => {
                self.by_inn(inn, reading)
            }
            _ => self.by_name(party),
        }
    }

    /// Whether a restored ИНН may be believed: nobody else has it, or somebody with a word of the same name.
    fn agrees(&self, inn: &Inn, party: &PartyRef) -> bool {
        let Some(words) = self.words.get(inn) else { return true };
        Name::new(&party.name).words.iter().any(|word| word.chars().count() > 2 && words.contains(word))
    }

    fn by_inn(&self, inn: &Inn, reading: &Reading) -> PartyKey {
        let kpp = reading.kpps.first().or_else(|| match self.kpps.get(inn) {
            Some(seen) if seen.len() == 1 => seen.first(),
            _ => None,
        });
        if let Some(cards) = self.codes_by_inn.get(inn) {
            let codes = |test: &dyn Fn(Option<&Kpp>) -> bool| -> BTreeSet<&String> {
                cards.iter().filter(|(theirs, _)| test(theirs.as_ref())).map(|(_, code)| code).collect()
            };
            let same = codes(&|theirs| theirs == kpp);
            let found = if same.is_empty() { codes(&|theirs| theirs.is_none() || kpp.is_none()) } else { same };
            if let (1, Some(code)) = (found.len(), found.first()) {
                return PartyKey((*code).clone());
            }
        }
        PartyKey(format!("{inn}/{}", kpp.map(Kpp::as_str).unwrap_or_default()))
    }

    fn by_name(&self, party: &PartyRef) -> PartyKey {
        let name = Name::new(&party.name);
        let key = name.key();
        if key.is_empty() {
            // Nothing but signs: the text itself is all there is.
            let text = party.name.split_whitespace().collect::<Vec<_>>().join(" ");
            return PartyKey(if text.is_empty() { "?".to_owned() } else { text });
        }
        let exact = self.codes_by_name.get(&key);
        if let Some(codes) = exact {
            return match (codes.len(), codes.first()) {
                (1, Some(code)) => PartyKey(code.clone()),
                _ => PartyKey(key),
            };
        }
        // Without the legal form, as long as the forms do not contradict each other.
        if let Some(cards) = self.codes_by_core.get(&name.core()) {
            let form = name.form.map(|f| f.code).unwrap_or_default();
            let codes: BTreeSet<&String> = cards.iter().map(|(code, _)| code).collect();
            let fits = cards.iter().all(|(_, theirs)| form.is_empty() || theirs.is_empty() || theirs == form);
            if let (1, true, Some(code)) = (codes.len(), fits, codes.first()) {
                return PartyKey((*code).clone());
            }
        }
        PartyKey(key)
    }
}
