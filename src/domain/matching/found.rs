//! What is found for one counterparty: what decisions say, what the ИНН says, what everything else says, best first.
//! Deliberately absent: rivalry between counterparties (`assign`) and the verdict (`decision`).

use std::collections::BTreeSet;

use super::{
    assign::FAINT,
    blocking::{Blocks, Met},
    comparison::{self, Comparison, InnLevel},
    doubt::{Doubt, Doubts},
    naming::NameLevel,
    profile::{Profile, common},
    ranking::{Scratch, Shared},
    said::Said,
    search::{Search, code_of},
};
use crate::domain::{
    crm::{CrmId, CrmKind},
    parallel::in_parallel_with,
    verdict::Work,
};

/// Candidates kept of each counterparty at most, and at least.
const CLAIMS: usize = 16;
const SHOWN: usize = 4;

/// A candidate so little below the review threshold is alike, bits.
const CLOSE: f64 = 4.0;

/// A record compared with the counterparty.
#[derive(Clone, Debug)]
pub(super) struct Scored {
    pub record: u32,
    pub comparison: Comparison,
    /// Evidence before rivalry.
    pub own: f32,
    /// Evidence after rivalry.
    pub bits: f32,
    /// What the claims of other counterparties took away, bits.
    pub rivals: f32,
    /// What the counterparty's other candidates take away, bits; not in `bits`.
    pub others: f32,
    pub doubts: Doubts,
}

impl Scored {
    /// What rivalry made of it.
    pub const fn settled(&self) -> (f32, f32, Doubts) {
        (self.rivals, self.others, self.doubts)
    }

    /// As it was before rivalry.
    pub const fn alone(&mut self) {
        (self.bits, self.rivals, self.others) = (self.own, 0.0, 0.0);
        self.doubts = self.doubts.alone();
    }
}

/// Everything found for one counterparty.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    /// What people said about it, if they did.
    pub said: Option<Box<Said>>,
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

impl Found {
    /// The records that people confirmed, with the decisions' ids.
    pub fn confirmed(&self) -> &[(CrmId, String)] {
        self.said.as_ref().map_or(&[], |said| &said.confirmed)
    }
}

/// Whoever holds what was found for one counterparty.
pub(super) trait Finds: Send + Sync {
    fn found(&self) -> &Found;
    fn found_mut(&mut self) -> &mut Found;

    /// Of the records that may be this place's, the one that is.
    fn stands_at(&mut self, place: Option<u32>) {
        self.found_mut().place = place;
    }

    /// Takes down what the candidates meet of other claims; answers whether it is what they met before, so that nothing is to
    /// be settled anew.
    fn is_settled(&mut self, _met: u64) -> bool {
        false
    }

    /// What rivalry made of the candidates is another thing now.
    fn touch(&mut self) {}
}

impl Finds for Found {
    fn found(&self) -> &Found {
        self
    }

    fn found_mut(&mut self) -> &mut Found {
        self
    }
}

/// Room for one counterparty after another.
pub(super) type Room = (Scratch, Vec<Shared>);

impl Search<'_> {
    /// Searches for every counterparty; the lists that only the search needs are let go.
    pub fn all(&mut self) -> Vec<Found> {
        let found = in_parallel_with(self.parties.len(), || self.room(), |room, i| self.one(i, room));
        self.blocks = Blocks::default();
        found
    }

    pub fn room(&self) -> Room {
        (Scratch::new(self.records.len()), Vec::new())
    }

    fn one(&self, i: usize, room: &mut Room) -> Found {
        let (mut found, gone) = self.by_number(i);
        let (Some(party), Some(profile), Some(gone)) = (self.parties.get(i), self.profiles.get(i), gone) else {
            return found;
        };
        let code = self.words.known_code(code_of(party));
        let met = self.blocks.candidates(profile, &self.record_profiles, code, &self.words, &self.weights, room);
        self.judge(i, &mut found, &gone, &met);
        found
    }

    /// What decisions and the ИНН say; where more is to be looked for, also the records with its ИНН that are gone.
    pub fn by_number(&self, i: usize) -> (Found, Option<Vec<u32>>) {
        let (Some(party), Some(profile)) = (self.parties.get(i), self.profiles.get(i)) else {
            return (Found::default(), None);
        };
        let said = self.said.get(&party.key).cloned().map(Box::new);
        let mut found = Found { said, ..Found::default() };
        if !found.confirmed().is_empty() {
            return (found, None);
        }
        let mut gone = Vec::new();
        let words = &self.words;
        let same: BTreeSet<u32> =
            profile.inns(words).iter().flat_map(|inn| self.blocks.with_inn(*inn)).copied().collect();
        found.work.met = same.len() as u32;
        found.work.compared = found.work.met;
        let mut kept = Vec::new();
        for record in same {
            if self.rejected(&found, record) {
                continue;
            }
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
        let open = found.by_inn.is_empty() || found.names_unrelated || found.elsewhere || branches;
        (found, open.then_some(gone))
    }

    fn rejected(&self, found: &Found, record: u32) -> bool {
        self.records
            .get(record as usize)
            .is_none_or(|known| found.said.as_ref().is_some_and(|said| said.rejected.contains(&known.record.id)))
    }

    /// What of the records met is to be compared.
    pub fn candidates(&self, found: &Found, gone: &[u32], kept: &[u32]) -> BTreeSet<u32> {
        let mut candidates: BTreeSet<u32> = kept.iter().chain(gone).copied().collect();
        candidates.retain(|record| self.is_open(found, *record));
        candidates
    }

    /// Whether the record is not already one with its ИНН, and nobody rejected it.
    pub fn is_open(&self, found: &Found, record: u32) -> bool {
        let known = || found.other_branch.iter().chain(found.by_inn.iter().map(|(r, _)| r));
        !known().any(|other| *other == record) && !self.rejected(found, record)
    }

    /// Compares what was met.
    fn judge(&self, i: usize, found: &mut Found, gone: &[u32], met: &Met) {
        let (Some(party), Some(profile)) = (self.parties.get(i), self.profiles.get(i)) else { return };
        let code = code_of(party);
        let scored = |record: &u32| self.score(profile, code, *record);
        found.scored = self.candidates(found, gone, &met.kept).iter().filter_map(scored).collect();
        let mut reserve = false;
        if self.wants_more(found, found.scored.iter().map(|c| (c.bits, c.doubts.has(Doubt::OtherInn)))) {
            let open = met.reserve.iter().filter(|record| self.is_open(found, **record));
            let more: Vec<Scored> = open.filter_map(scored).collect();
            found.work.limited = met.cut && self.is_alike(nearest(more.iter().map(|c| c.bits)));
            found.scored.extend(more);
            reserve = true;
        }
        note_work(found, gone, met, reserve);
        sort(&mut found.scored);
        // Hundreds of thousands of these stand in memory at once.
        found.scored.truncate(enough(found.scored.iter().filter(|c| c.bits > FAINT).count()));
        found.scored.shrink_to_fit();
    }

    /// Whether nothing fits, but something is alike: then those that stand behind are looked at before absence is said.
    /// Asked of the candidates' bits, and whether another ИНН speaks against them.
    pub fn wants_more(&self, found: &Found, candidates: impl Iterator<Item = (f32, bool)> + Clone) -> bool {
        let fits = |(bits, other_inn): (f32, bool)| f64::from(bits) >= self.weights.review && !other_inn;
        found.by_inn.is_empty()
            && !candidates.clone().any(fits)
            && self.is_alike(nearest(candidates.map(|(bits, _)| bits)))
    }

    /// Whether so little below the review threshold a candidate is alike.
    pub fn is_alike(&self, bits: f32) -> bool {
        f64::from(bits) > self.weights.review - CLOSE
    }

    /// A record as a candidate.
    pub fn score(&self, party: &Profile, code: &str, record: u32) -> Option<Scored> {
        let known = self.records.get(record as usize)?;
        let theirs = self.record_profiles.get(record as usize)?;
        let external = !code.is_empty() && known.record.external_id.trim() == code;
        let comparison = comparison::compare(party, theirs, external, &self.words, &self.weights, &mut ());
        let mut doubts = Doubts::default();
        let mut bits = f64::from(comparison.bits) + self.calibration.shift(&comparison);
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
        let bits = bits as f32;
        Some(Scored { record, comparison, own: bits, bits, rivals: 0.0, others: 0.0, doubts })
    }
}

/// Counts the work.
fn note_work(found: &mut Found, gone: &[u32], met: &Met, reserve: bool) {
    let mut candidates: BTreeSet<u32> = met.kept.iter().copied().collect();
    candidates.extend(gone);
    found.work.met = found.work.met.max(met.all);
    found.work.compared = found.work.compared.max(candidates.len() as u32);
    found.work.compared += if reserve { met.reserve.len() as u32 } else { 0 };
}

/// The best of them.
pub(super) fn nearest(bits: impl Iterator<Item = f32>) -> f32 {
    bits.max_by(f32::total_cmp).unwrap_or(f32::MIN)
}

/// How many candidates are kept where so many are claims.
pub(super) fn enough(claims: usize) -> usize {
    claims.clamp(SHOWN, CLAIMS)
}

/// Best first; equals by the record's place in the order of ids.
pub(super) fn sort(scored: &mut [Scored]) {
    scored.sort_by(|a, b| b.bits.total_cmp(&a.bits).then(a.record.cmp(&b.record)));
}
