//! Where a counterparty or a record of an earlier day stands today. A counterparty is found again by its key, its code,
//! its ИНН and КПП, or, when it had neither, its name, if exactly one has it; a record by its content, if exactly one
//! living record has the same ИНН and name, or the same key of accounting. Deliberately absent: likeness.

use std::{
    cell::OnceCell,
    collections::{BTreeMap, HashMap},
};

use super::{PartySeen, exact_inns, record_inns};
use crate::domain::{
    crm::{CrmId, CrmKind, KnownRecord},
    normalise::{contact, name::Name},
    party::{Counterparty, PartyKey},
    text::Text,
};

/// Where a counterparty stands.
pub(super) enum Place {
    /// Under its key.
    Here,
    /// Under another; several when cards share ИНН and КПП.
    Moved(Vec<PartyKey>),
    /// Several fit, and nothing tells which.
    Several(Vec<PartyKey>),
    /// None fits.
    Nowhere,
}

/// Today's counterparties by what identifies them.
pub(super) struct Parties<'a> {
    by_key: HashMap<&'a PartyKey, &'a Counterparty>,
    by_code: HashMap<&'a str, Vec<&'a Counterparty>>,
    by_inn: BTreeMap<String, Vec<&'a Counterparty>>,
    all: &'a [Counterparty],
    by_name: OnceCell<HashMap<String, Vec<&'a Counterparty>>>,
}

impl<'a> Parties<'a> {
    pub fn of(parties: &'a [Counterparty]) -> Self {
        let mut all = Self {
            by_key: parties.iter().map(|p| (&p.key, p)).collect(),
            by_code: HashMap::new(),
            by_inn: BTreeMap::new(),
            all: parties,
            by_name: OnceCell::new(),
        };
        for party in parties {
            let mut codes: Vec<&str> =
                party.spellings.iter().map(|s| s.code.trim()).filter(|code| !code.is_empty()).collect();
            codes.sort_unstable();
            codes.dedup();
            for code in codes {
                all.by_code.entry(code).or_default().push(party);
            }
            for inn in exact_inns(party) {
                all.by_inn.entry(inn).or_default().push(party);
            }
        }
        all
    }

    /// Only a decision whose key is gone asks for names, and most runs have none.
    fn named(&self, name: &str) -> &[&'a Counterparty] {
        let by_name = self.by_name.get_or_init(|| {
            let mut by_name: HashMap<String, Vec<&Counterparty>> = HashMap::new();
            for party in self.all {
                for name in PartySeen::of(party).names {
                    by_name.entry(name).or_default().push(party);
                }
            }
            by_name
        });
        by_name.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    pub fn get(&self, key: &PartyKey) -> Option<&'a Counterparty> {
        self.by_key.get(key).copied()
    }

    /// The counterparty that was known by this key and by what was kept of it.
    pub fn find(&self, key: &PartyKey, seen: Option<&PartySeen>) -> Place {
        if self.by_key.contains_key(key) {
            return Place::Here;
        }
        let (told, bare) = (PartySeen::of_key(key), seen.is_none_or(|s| s.code.is_empty()));
        let seen = seen.unwrap_or(&told);
        // A code given to somebody else since is no proof: the ИНН must not contradict.
        let agrees = |p: &&&Counterparty| {
            let inns = exact_inns(p);
            seen.inns.is_empty() || inns.is_empty() || !seen.inns.is_disjoint(&inns)
        };
        let by_code: Vec<&Counterparty> =
            self.by_code.get(seen.code.as_str()).into_iter().flatten().filter(agrees).copied().collect();
        if let [one] = by_code.as_slice() {
            return Place::Moved(vec![one.key.clone()]);
        }
        let mut found: Vec<&Counterparty> =
            seen.inns.iter().filter_map(|inn| self.by_inn.get(inn)).flatten().copied().collect();
        found.sort_by(|a, b| a.key.cmp(&b.key));
        found.dedup_by(|a, b| a.key == b.key);
        let branch: Vec<&Counterparty> =
            found.iter().filter(|p| p.kpps.iter().any(|kpp| seen.kpps.contains(kpp.as_str()))).copied().collect();
        if !branch.is_empty() {
            found = branch;
        }
        if bare && seen.inns.is_empty() {
            found = seen.names.iter().flat_map(|name| self.named(name)).copied().collect();
            found.sort_by(|a, b| a.key.cmp(&b.key));
            found.dedup_by(|a, b| a.key == b.key);
            if found.len() > 1 {
                return Place::Several(keys(&found));
            }
        }
        match found.as_slice() {
            [] => Place::Nowhere,
            // Cards of one ИНН and one КПП are one company by definition; branches are not.
            [first, rest @ ..] if rest.iter().all(|p| p.kpps == first.kpps) => Place::Moved(keys(&found)),
            several => Place::Several(keys(several)),
        }
    }
}

fn keys(parties: &[&Counterparty]) -> Vec<PartyKey> {
    parties.iter().map(|p| p.key.clone()).collect()
}

/// Today's clients of the CRM.
pub(super) struct Records<'a> {
    by_id: HashMap<&'a CrmId, &'a KnownRecord>,
    by_inn: HashMap<String, Vec<&'a KnownRecord>>,
    by_external: HashMap<&'a str, Vec<&'a KnownRecord>>,
    all: &'a [KnownRecord],
    by_name: OnceCell<HashMap<String, Vec<&'a KnownRecord>>>,
}

impl<'a> Records<'a> {
    pub fn of(records: &'a [KnownRecord]) -> Self {
        let clients = || records.iter().filter(|r| matches!(r.record.id.kind, CrmKind::Company | CrmKind::Contact));
        let mut all = Self {
            by_id: clients().map(|r| (&r.record.id, r)).collect(),
            by_inn: HashMap::new(),
            by_external: HashMap::new(),
            all: records,
            by_name: OnceCell::new(),
        };
        for known in clients().filter(|r| !r.gone) {
            for inn in record_inns(known) {
                all.by_inn.entry(inn).or_default().push(known);
            }
            let external = known.record.external_id.trim();
            if !external.is_empty() {
                all.by_external.entry(external).or_default().push(known);
            }
        }
        all
    }

    /// Living clients of that name.
    fn named(&self, name: &str) -> &[&'a KnownRecord] {
        let by_name = self.by_name.get_or_init(|| {
            let mut by_name: HashMap<String, Vec<&KnownRecord>> = HashMap::new();
            for known in self.all.iter().filter(|r| !r.gone && self.by_id.contains_key(&r.record.id)) {
                by_name.entry(Name::new(&known.record.title).key()).or_default().push(known);
            }
            by_name
        });
        by_name.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    pub fn get(&self, id: &CrmId) -> Option<&'a KnownRecord> {
        self.by_id.get(id).copied()
    }

    /// The id under which a record that is no more lives on, or why that cannot be said. A rejected record may go without
    /// a word.
    pub fn find(&self, id: &CrmId, confirmed: bool) -> (Option<CrmId>, Option<Text>) {
        let Some(known) = self.get(id) else {
            return (
                None,
                Some(Text::new(
                    format!("карточки {id} нет ни в одной выгрузке CRM"),
                    format!("the record {id} is in no export of the CRM"),
                )),
            );
        };
        if !known.gone {
            return (None, None);
        }
        let heirs = self.heirs(known);
        match heirs.as_slice() {
            [one] => (Some(one.record.id.clone()), None),
            [] if !confirmed => (None, None),
            [] => (
                None,
                Some(Text::new(
                    format!(
                        "карточки {id} («{}») больше нет в CRM, и ни одна другая не она; решение пока действует",
                        known.record.title.trim()
                    ),
                    format!(
                        "the record {id} (“{}”) is no longer in the CRM, and no other is it; the decision stays in force for now",
                        known.record.title.trim()
                    ),
                )),
            ),
            several => {
                let list = several.iter().map(|r| r.record.id.to_string()).collect::<Vec<_>>().join(", ");
                (
                    None,
                    Some(Text::new(
                        format!("карточки {id} больше нет в CRM, а подходят несколько: {list}; решение пока действует"),
                        format!(
                            "the record {id} is no longer in the CRM, and several fit: {list}; the decision stays in force for now"
                        ),
                    )),
                )
            }
        }
    }

    /// Living records with the same content: key of accounting; ИНН and name; name and a contact, without another ИНН.
    fn heirs(&self, gone: &KnownRecord) -> Vec<&'a KnownRecord> {
        let record = &gone.record;
        let inns = record_inns(gone);
        let same_kind = |r: &&&KnownRecord| r.record.id.kind == record.id.kind;
        let may_be = |r: &&&KnownRecord| {
            let theirs = record_inns(r);
            same_kind(r) && (inns.is_empty() || theirs.is_empty() || !inns.is_disjoint(&theirs))
        };
        let external = self.by_external.get(record.external_id.trim()).into_iter().flatten();
        let found: Vec<&KnownRecord> = external.filter(may_be).copied().collect();
        if !found.is_empty() {
            return found;
        }
        let name = Name::new(&record.title).key();
        let named = |r: &&&KnownRecord| Name::new(&r.record.title).key() == name;
        let mut found: Vec<&KnownRecord> = inns
            .iter()
            .filter_map(|inn| self.by_inn.get(inn))
            .flatten()
            .filter(same_kind)
            .filter(named)
            .copied()
            .collect();
        if found.is_empty() && !name.is_empty() {
            let (phones, mails) = (contact::phones(&record.phone), contact::emails(&record.email));
            let reached = |r: &&&KnownRecord| {
                contact::phones(&r.record.phone).iter().any(|p| phones.contains(p))
                    || contact::emails(&r.record.email).iter().any(|m| mails.contains(m))
            };
            found = self.named(&name).iter().filter(may_be).filter(reached).copied().collect();
        }
        found.sort_by(|a, b| a.record.id.cmp(&b.record.id));
        found.dedup_by(|a, b| a.record.id == b.record.id);
        found
    }
}
