//! Both sides read, counted and indexed. Deliberately absent: the search itself (`found`), rivalry between counterparties
//! (`assign`) and the verdict (`decision`).

use std::collections::{HashMap, HashSet};

use super::{
    MatchSettings,
    blocking::{Asked, Blocks},
    calibration::Calibration,
    comparison::{self, Comparison},
    decision::bits_at,
    draft::Draft,
    evidence::Notes,
    profile::{Profile, Words},
    said::{Said, said},
    towns::Towns,
    weight::Weights,
    words::Key,
};
use crate::domain::{
    crm::{CrmId, CrmKind, KnownRecord},
    decisions::Companies,
    parallel::{by_thread, each_in_parallel},
    party::{Counterparty, PartyKey},
    verdict::Decision,
};

/// Both sides read and indexed.
pub(super) struct Search<'a> {
    pub parties: Vec<&'a Counterparty>,
    pub profiles: Vec<Profile>,
    /// Companies and contacts by id.
    pub records: Vec<&'a KnownRecord>,
    pub record_profiles: Vec<Profile>,
    /// Records of one entity have one number here.
    pub cluster: Vec<u32>,
    pub words: Words,
    pub weights: Weights,
    pub settings: &'a MatchSettings,
    pub blocks: Blocks,
    pub said: HashMap<PartyKey, Said>,
    /// ИНН that several counterparties have.
    pub branches: HashSet<Key>,
    /// Counterparties that people declared one company: no rivals of each other.
    pub companies: Companies,
    /// Learned from decisions, when that is asked for.
    pub calibration: Calibration,
}

impl<'a> Search<'a> {
    pub fn new(
        parties: &[&'a Counterparty],
        records: &'a [KnownRecord],
        decisions: &[Decision],
        settings: &'a MatchSettings,
    ) -> Self {
        let records = clients(records);
        let mut towns = Towns::default();
        cities(parties, &records).for_each(|city| towns.add(city));
        let mut words = Words::default();
        let read = Read::new(parties, &records, &towns, &mut words);
        Self::of(parties.to_vec(), records, read, words, decisions, settings)
    }

    /// Counts and indexes what was read.
    pub fn of(
        parties: Vec<&'a Counterparty>,
        records: Vec<&'a KnownRecord>,
        read: Read,
        mut words: Words,
        decisions: &[Decision],
        settings: &'a MatchSettings,
    ) -> Self {
        let Read { profiles, mut record_profiles, external } = read;
        let index = || Blocks::new(&record_profiles, &external, &words);
        let (weights, mut blocks) = std::thread::scope(|scope| {
            let blocks = scope.spawn(index);
            let weights = Weights::new(&words, &profiles, &record_profiles, bits_at(settings.review_bp));
            // A thread that died does its work again here.
            (weights, blocks.join().unwrap_or_else(|_| index()))
        });
        words.note(weights.bags());
        each_in_parallel(&mut record_profiles, |_, record| weights.geography.note(record, &words));
        let cluster = super::assign::clusters(&record_profiles, &blocks.lists, &words);
        let branches = branches(&profiles, &words);
        let asked = by_thread(profiles.len(), |range| {
            let unmet = |profile: &&Profile| blocks.leave_open(profile, &branches, &words);
            let mut asked = Asked::default();
            for party in profiles.get(range).unwrap_or_default().iter().filter(unmet) {
                blocks.ask(party, &record_profiles, &words, &weights, &mut asked);
            }
            asked
        });
        blocks.look_ahead(Asked::concat(asked), &words);
        let mut search = Self {
            parties,
            profiles,
            records,
            record_profiles,
            cluster,
            words,
            weights,
            settings,
            blocks,
            said: said(decisions),
            branches,
            companies: Companies::of(decisions),
            calibration: Calibration::default(),
        };
        if settings.calibrate {
            search.calibration = Calibration::learn(&search.decided());
        }
        search
    }

    /// Pairs that people decided, compared.
    fn decided(&self) -> Vec<(Comparison, bool)> {
        let mut pairs = Vec::new();
        for (i, party) in self.parties.iter().enumerate() {
            let Some(said) = self.said.get(&party.key) else { continue };
            let confirmed = said.confirmed.iter().map(|(id, _)| (id, true));
            for (id, yes) in confirmed.chain(said.rejected.iter().map(|id| (id, false))) {
                pairs.extend(self.place_of(id).and_then(|record| self.compared(i, record, &mut ())).map(|c| (c, yes)));
            }
        }
        pairs
    }

    /// A counterparty against a record; `notes` hears the pieces.
    pub fn compared<N: Notes>(&self, party: usize, record: u32, notes: &mut N) -> Option<Comparison> {
        let code = self.parties.get(party).map(|party| code_of(party))?;
        let (ours, theirs) = (self.profiles.get(party)?, self.record_profiles.get(record as usize)?);
        let known = self.records.get(record as usize)?;
        let external = !code.is_empty() && known.record.external_id.trim() == code;
        Some(comparison::compare(ours, theirs, external, &self.words, &self.weights, notes))
    }

    /// Place of a record in the order of ids.
    pub fn place_of(&self, id: &CrmId) -> Option<u32> {
        self.records.binary_search_by(|known| known.record.id.cmp(id)).ok().map(|at| at as u32)
    }
}

/// Both sides as profiles.
pub(super) struct Read {
    pub profiles: Vec<Profile>,
    pub record_profiles: Vec<Profile>,
    /// The record's key in accounting, as a number.
    pub external: Vec<Option<Key>>,
}

impl Read {
    pub fn new(parties: &[&Counterparty], records: &[&KnownRecord], towns: &Towns, words: &mut Words) -> Self {
        let of_party = |i: usize| parties.get(i).map(|party| Draft::of_party(party, towns)).unwrap_or_default();
        let of_record = |i: usize| records.get(i).map(|known| Draft::of_record(known, towns)).unwrap_or_default();
        let profiles = words.read(parties.len(), of_party);
        let record_profiles = words.read(records.len(), of_record);
        words.vocabulary().spell();
        let external = records.iter().map(|r| words.code(&r.record.external_id)).collect();
        Self { profiles, record_profiles, external }
    }
}

/// Companies and contacts by id.
pub(super) fn clients(records: &[KnownRecord]) -> Vec<&KnownRecord> {
    let is_client = |r: &&KnownRecord| matches!(r.record.id.kind, CrmKind::Company | CrmKind::Contact);
    let mut clients: Vec<&KnownRecord> = records.iter().filter(is_client).collect();
    clients.sort_by(|a, b| a.record.id.cmp(&b.record.id));
    clients
}

/// City fields of both sides: the records' first, then the counterparties', one each.
pub(super) fn cities<'s>(parties: &'s [&Counterparty], records: &'s [&KnownRecord]) -> impl Iterator<Item = &'s str> {
    records.iter().map(|r| r.record.city.as_str()).chain(parties.iter().map(|party| city(party)))
}

/// City field of a counterparty's card.
pub(super) fn city(party: &Counterparty) -> &str {
    party.card.as_deref().map_or("", |card| card.city.as_str())
}

/// ИНН that several counterparties have first.
pub(super) fn branches(profiles: &[Profile], words: &Words) -> HashSet<Key> {
    let mut seen = vec![false; words.len_keys()];
    let first = profiles.iter().filter_map(|profile| profile.inns(words).first().copied());
    let again = |inn: &Key| seen.get_mut(*inn as usize).is_some_and(|seen| std::mem::replace(seen, true));
    first.filter(again).collect()
}

/// Code of the counterparty in accounting, if it has one.
pub(super) fn code_of(party: &Counterparty) -> &str {
    party.spellings.iter().map(|s| s.code.as_str()).find(|code| !code.is_empty()).unwrap_or_default()
}
