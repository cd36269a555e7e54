//! The search of one counterparty among the records: what decisions say, what the ИНН says, what everything else says.
//! Deliberately absent: rivalry between counterparties (`assign`) and the verdict (`decision`).

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{
    MatchSettings,
    assign::FAINT,
    blocking::{Asked, Blocks, Scratch},
    calibration::Calibration,
    comparison::{self, Comparison, InnLevel},
    decision::bits_at,
    doubt::{Doubt, Doubts},
    draft::Draft,
    evidence::Notes,
    naming::NameLevel,
    profile::{Profile, Words, common},
    towns::Towns,
    weight::Weights,
    words::Key,
};
use crate::domain::{
    crm::{CrmId, CrmKind, KnownRecord},
    decisions::Companies,
    parallel::{by_thread, each_in_parallel, in_parallel_with},
    party::{Counterparty, PartyKey},
    verdict::{Decision, DecisionKind, Work},
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
    blocks: Blocks,
    said: HashMap<&'a PartyKey, Said<'a>>,
    /// ИНН that several counterparties have.
    branches: HashSet<Key>,
    /// Counterparties that people declared one company: no rivals of each other.
    pub companies: Companies,
    /// Learned from decisions, when that is asked for.
    pub calibration: Calibration,
}

/// Candidates kept of each counterparty at most, and at least.
const CLAIMS: usize = 16;
const SHOWN: usize = 4;

/// A candidate so little below the review threshold is alike, bits.
const CLOSE: f64 = 4.0;

/// What people said about a counterparty, the last word on each record.
#[derive(Clone, Debug, Default)]
pub(super) struct Said<'a> {
    /// Confirmed records with the decision's id.
    pub confirmed: Vec<(&'a CrmId, &'a str)>,
    /// Rejected records.
    pub rejected: BTreeSet<&'a CrmId>,
}

/// A record compared with the counterparty.
#[derive(Clone, Debug)]
pub(super) struct Scored {
    pub record: u32,
    pub comparison: Comparison,
    /// Evidence after rivalry.
    pub bits: f64,
    /// What the claims of other counterparties took away, bits.
    pub rivals: f64,
    /// What the counterparty's other candidates take away, bits; not in `bits`.
    pub others: f64,
    pub doubts: Doubts,
}

/// Everything found for one counterparty.
#[derive(Clone, Debug, Default)]
pub(super) struct Found<'a> {
    pub said: Said<'a>,
    /// Records with its ИНН that are in the CRM now, best first.
    pub by_inn: Vec<(u32, Comparison)>,
    /// Beside those: records with its ИНН that the CRM had before. When they were entered still counts.
    pub gone: Vec<u32>,
    /// The record of its own place, when it is a branch or has branches.
    pub place: Option<u32>,
    /// Whether those are other branches or elsewhere, so that a card of its own may stand beside them.
    pub elsewhere: bool,
    /// Whether the names of those have nothing to do with the counterparty's.
    pub names_unrelated: bool,
    /// Records with its ИНН but another КПП, when branches do not count.
    pub other_branch: Vec<u32>,
    /// Candidates by everything else, best first.
    pub scored: Vec<Scored>,
    /// The search itself, without the number of records.
    pub work: Work,
}

impl<'a> Search<'a> {
    pub fn new(
        parties: &[&'a Counterparty],
        records: &'a [KnownRecord],
        decisions: &'a [Decision],
        settings: &'a MatchSettings,
    ) -> Self {
        let mut clients: Vec<&KnownRecord> =
            records.iter().filter(|r| matches!(r.record.id.kind, CrmKind::Company | CrmKind::Contact)).collect();
        clients.sort_by(|a, b| a.record.id.cmp(&b.record.id));
        let mut towns = Towns::default();
        let cities = clients.iter().map(|r| r.record.city.as_str());
        for city in cities.chain(parties.iter().filter_map(|p| p.card.as_deref()).map(|card| card.city.as_str())) {
            towns.add(city);
        }
        let mut words = Words::default();
        let of_party = |i: usize| parties.get(i).map(|party| Draft::of_party(party, &towns)).unwrap_or_default();
        let of_record = |i: usize| clients.get(i).map(|known| Draft::of_record(known, &towns)).unwrap_or_default();
        let profiles = words.read(parties.len(), of_party);
        let mut record_profiles = words.read(clients.len(), of_record);
        let external: Vec<Option<Key>> = clients.iter().map(|r| words.code(&r.record.external_id)).collect();
        let index = || Blocks::new(&record_profiles, &external, &words);
        let (weights, blocks) = std::thread::scope(|scope| {
            let blocks = scope.spawn(index);
            let weights = Weights::new(&words, &profiles, &record_profiles, bits_at(settings.review_bp));
            // A thread that died does its work again here.
            (weights, blocks.join().unwrap_or_else(|_| index()))
        });
        words.note(weights.bags());
        each_in_parallel(&mut record_profiles, |_, record| weights.geography.note(record, &words));
        let cluster = super::assign::clusters(&record_profiles, &blocks, &words);
        let mut seen: HashSet<Key> = HashSet::new();
        let first = profiles.iter().filter_map(|profile| profile.inns(&words).first());
        let branches: HashSet<Key> = first.filter(|inn| !seen.insert(**inn)).copied().collect();
        let mut blocks = blocks;
        let asked = by_thread(profiles.len(), |range| {
            let unmet = |profile: &&Profile| {
                let inns = profile.inns(&words);
                inns.iter().all(|inn| blocks.with_inn(*inn).is_empty())
                    || inns.first().is_some_and(|inn| branches.contains(inn))
            };
            let mut asked = Asked::default();
            for party in profiles.get(range).unwrap_or_default().iter().filter(unmet) {
                blocks.ask(party, &record_profiles, &words, &weights, &mut asked);
            }
            asked
        });
        blocks.look_ahead(Asked::concat(asked), &words);
        let mut search = Self {
            parties: parties.to_vec(),
            profiles,
            records: clients,
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
            let confirmed = said.confirmed.iter().map(|(id, _)| (*id, true));
            for (id, yes) in confirmed.chain(said.rejected.iter().map(|id| (*id, false))) {
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

    /// Searches for every counterparty; the lists that only the search needs are let go.
    pub fn all(&mut self) -> Vec<Found<'a>> {
        let fresh = || Scratch::new(self.records.len());
        let found = in_parallel_with(self.parties.len(), fresh, |scratch, i| self.one(i, scratch));
        self.blocks = Blocks::default();
        found
    }

    fn one(&self, i: usize, scratch: &mut Scratch) -> Found<'a> {
        let (Some(party), Some(profile)) = (self.parties.get(i), self.profiles.get(i)) else { return Found::default() };
        let mut found = Found { said: self.said.get(&party.key).cloned().unwrap_or_default(), ..Found::default() };
        if !found.said.confirmed.is_empty() {
            return found;
        }
        let rejected = |record: u32| {
            self.records.get(record as usize).is_none_or(|known| found.said.rejected.contains(&known.record.id))
        };
        let mut gone = Vec::new();
        let words = &self.words;
        let same: BTreeSet<u32> =
            profile.inns(words).iter().flat_map(|inn| self.blocks.with_inn(*inn)).copied().collect();
        found.work.met = same.len() as u32;
        found.work.compared = found.work.met;
        let mut kept = Vec::new();
        for record in same.into_iter().filter(|r| !rejected(*r)) {
            let (Some(known), Some(theirs)) =
                (self.records.get(record as usize), self.record_profiles.get(record as usize))
            else {
                continue;
            };
            let (ours, other) = (profile.kpps(words), theirs.kpps(words));
            let other_kpp = !ours.is_empty() && !other.is_empty() && !common(ours, other);
            let exact = profile.exact_inns(words).any(|inn| theirs.exact_inns(words).any(|other| other == inn));
            let related = comparison::names_agree(profile, theirs, &self.words, &self.weights);
            if !self.settings.branch_counts && other_kpp {
                found.other_branch.push(record);
            } else if !exact && !related {
                // A restored ИНН without the name is a candidate among others.
            } else if known.gone {
                gone.push(record);
            } else {
                let comparison = comparison::compare(profile, theirs, false, &self.words, &self.weights, &mut ());
                kept.push((comparison, record, related));
            }
        }
        // The right branch first: same КПП, same region, same name.
        let own = |c: &Comparison| c.kpp == Some(true);
        kept.sort_by(|a, b| own(&b.0).cmp(&own(&a.0)).then(b.0.bits.total_cmp(&a.0.bits)).then(a.1.cmp(&b.1)));
        found.names_unrelated = !kept.is_empty() && kept.iter().all(|(_, _, related)| !related);
        found.elsewhere = !kept.is_empty()
            && kept.iter().all(|(c, ..)| c.kpp == Some(false) || (c.kpp.is_none() && c.region == Some(false)));
        found.by_inn = kept.into_iter().map(|(comparison, record, _)| (record, comparison)).collect();
        if !found.by_inn.is_empty() {
            found.gone.clone_from(&gone);
        }
        let branches = profile.inns(words).first().is_some_and(|inn| self.branches.contains(inn));
        if found.by_inn.is_empty() || found.names_unrelated || found.elsewhere || branches {
            let skip: BTreeSet<u32> =
                found.other_branch.iter().chain(found.by_inn.iter().map(|(r, _)| r)).copied().collect();
            let code = code_of(party);
            let key = self.words.known_code(code);
            let met = self.blocks.candidates(profile, &self.record_profiles, key, words, &self.weights, scratch);
            let mut candidates: BTreeSet<u32> = met.kept.into_iter().collect();
            candidates.extend(gone);
            let scored = |record: &u32| {
                (!skip.contains(record) && !rejected(*record)).then(|| self.score(profile, code, *record))?
            };
            found.scored = candidates.iter().filter_map(scored).collect();
            found.work.met = found.work.met.max(met.all);
            found.work.compared = found.work.compared.max(candidates.len() as u32);
            // Nothing fits, but something is alike: look at those that stand behind, before absence is said.
            let nearest = |scored: &[Scored]| scored.iter().map(|c| c.bits).max_by(f64::total_cmp).unwrap_or(f64::MIN);
            let alike = |bits: f64| bits > self.weights.review - CLOSE;
            let fits = |c: &Scored| c.bits >= self.weights.review && !c.doubts.has(Doubt::OtherInn);
            if found.by_inn.is_empty() && !found.scored.iter().any(fits) && alike(nearest(&found.scored)) {
                let more: Vec<Scored> = met.reserve.iter().filter_map(scored).collect();
                found.work.compared += met.reserve.len() as u32;
                found.work.limited = met.cut && alike(nearest(&more));
                found.scored.extend(more);
            }
            sort(&mut found.scored);
            // Hundreds of thousands of these stand in memory at once: those that are claims, and enough to be shown.
            let claims = found.scored.iter().filter(|c| c.bits > FAINT).count();
            found.scored.truncate(claims.clamp(SHOWN, CLAIMS));
            found.scored.shrink_to_fit();
        }
        found
    }

    fn score(&self, party: &Profile, code: &str, record: u32) -> Option<Scored> {
        let known = self.records.get(record as usize)?;
        let theirs = self.record_profiles.get(record as usize)?;
        let external = !code.is_empty() && known.record.external_id.trim() == code;
        let comparison = comparison::compare(party, theirs, external, &self.words, &self.weights, &mut ());
        let mut doubts = Doubts::default();
        let mut bits = comparison.bits + self.calibration.shift(&comparison);
        if party.contradicts(theirs, &self.words) {
            doubts.push(Doubt::OtherInn);
        }
        if known.gone {
            doubts.push(Doubt::Gone);
        }
        let name = comparison.name;
        if comparison.inn == InnLevel::SameRestored && !comparison::is_whole(name.level) {
            // Too much to be passed over, too little to be believed.
            doubts.push(Doubt::RestoredInn);
            bits = bits.max(self.weights.review + 0.5);
        }
        if external {
            bits = bits.max(self.weights.review + 0.5);
        }
        // The same name without anything against it is never absence, however common the name is.
        let same = matches!(name.level, NameLevel::Equal | NameLevel::Initials) && !name.forms_differ;
        if same && !party.contradicts(theirs, &self.words) {
            bits = bits.max(self.weights.review + 0.2);
        }
        if !comparison.supported() {
            match name.level {
                NameLevel::Initials => doubts.push(Doubt::Initials),
                NameLevel::Partly | NameLevel::Unlike => doubts.push(Doubt::PartOfName),
                _ if known.record.id.kind == CrmKind::Contact => doubts.push(Doubt::ContactByName),
                _ => {}
            }
            if name.forms_differ {
                doubts.push(Doubt::OtherForm);
            }
            if name.namesakes > 1 || party.names(&self.words).iter().all(|name| self.is_general(name)) {
                doubts.push(Doubt::CommonName);
            }
        }
        Some(Scored { record, comparison, bits, rivals: 0.0, others: 0.0, doubts })
    }
}

/// Best first; equals by the record's place in the order of ids.
pub(super) fn sort(scored: &mut [Scored]) {
    scored.sort_by(|a, b| b.bits.total_cmp(&a.bits).then(a.record.cmp(&b.record)));
}

/// Code of the counterparty in accounting, if it has one.
pub(super) fn code_of(party: &Counterparty) -> &str {
    party.spellings.iter().map(|s| s.code.as_str()).find(|code| !code.is_empty()).unwrap_or_default()
}

/// The last word on each pair of counterparty and record.
fn said(decisions: &[Decision]) -> HashMap<&PartyKey, Said<'_>> {
    let mut in_time: Vec<&Decision> = decisions.iter().collect();
    in_time.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    let mut last: BTreeMap<(&PartyKey, &CrmId), (bool, &str)> = BTreeMap::new();
    for decision in in_time {
        match &decision.kind {
            DecisionKind::Confirm(id) => last.insert((&decision.party, id), (true, &decision.id)),
            DecisionKind::Reject(id) => last.insert((&decision.party, id), (false, &decision.id)),
            DecisionKind::Exempt | DecisionKind::Same(_) => None,
        };
    }
    let mut said: HashMap<&PartyKey, Said<'_>> = HashMap::new();
    for ((party, record), (confirmed, id)) in last {
        let said = said.entry(party).or_default();
        if confirmed {
            said.confirmed.push((record, id));
        } else {
            said.rejected.insert(record);
        }
    }
    said
}
