//! Who may have which record: CRM duplicates are one entity, and one entity is one counterparty's. Where two
//! counterparties that are surely different claim one record equally, neither gets it automatically.
//! Deliberately absent: an optimal assignment of everything to everything; ties go to a person instead.

use std::collections::HashMap;

use super::{
    blocking::Blocks,
    decision::{accepted, is_clear},
    profile::Profile,
    search::{Doubt, Found, Search, code_of, sort},
};

/// Evidence closer together than this is a tie, bits.
pub(super) const MARGIN: f64 = 1.5;
/// What it costs to claim a record that another counterparty has with better reason, bits.
const TAKEN: f64 = 6.0;
/// Claims on one record looked at.
const CLAIMS: usize = 64;

/// Numbers the entities of the CRM: records with a common ИНН, and records with the same name and a common phone or
/// e-mail whose ИНН do not contradict.
pub(super) fn clusters(records: &[Profile], blocks: &Blocks) -> Vec<u32> {
    let mut parent: Vec<u32> = (0..records.len() as u32).collect();
    for (i, record) in records.iter().enumerate() {
        for (inn, _) in &record.inns {
            if let Some(first) = blocks.with_inn(inn.as_str()).first() {
                join(&mut parent, i as u32, *first);
            }
        }
    }
    let mut by_name: HashMap<(&[u32], &str), Vec<u32>> = HashMap::new();
    for (i, record) in records.iter().enumerate() {
        for name in &record.names {
            for contact in record.phones.iter().chain(&record.emails) {
                by_name.entry((&name.bag, contact)).or_default().push(i as u32);
            }
        }
    }
    let mut groups: Vec<Vec<u32>> = by_name.into_values().filter(|group| group.len() > 1).collect();
    groups.sort();
    for group in groups {
        for pair in group.windows(2) {
            if let [a, b] = pair
                && let (Some(x), Some(y)) = (records.get(*a as usize), records.get(*b as usize))
                && !x.contradicts(y)
            {
                join(&mut parent, *a, *b);
            }
        }
    }
    (0..records.len() as u32).map(|i| root(&parent, i)).collect()
}

fn root(parent: &[u32], mut i: u32) -> u32 {
    while let Some(up) = parent.get(i as usize) {
        if *up == i {
            break;
        }
        i = *up;
    }
    i
}

fn join(parent: &mut [u32], a: u32, b: u32) {
    let (a, b) = (root(parent, a), root(parent, b));
    // The smaller number leads, whatever the order of joining.
    if let Some(slot) = parent.get_mut(a.max(b) as usize) {
        *slot = a.min(b);
    }
}

struct Claim {
    bits: f64,
    party: usize,
    sure: bool,
}

/// Marks contested candidates and weakens claims on records that somebody else has with better reason.
pub(super) fn settle(found: &mut [Found<'_>], search: &Search<'_>) {
    let cluster = |record: u32| search.cluster.get(record as usize).copied().unwrap_or(record);
    let mut claims: HashMap<u32, Vec<Claim>> = HashMap::new();
    let mut owners: HashMap<u32, usize> = HashMap::new();
    for (i, one) in found.iter().enumerate() {
        for record in &one.by_inn {
            owners.entry(cluster(*record)).or_insert(i);
        }
        let Some(best) = one.scored.first() else { continue };
        let sure = accepted(best, search.settings) && is_clear(&one.scored, search);
        let mut seen = Vec::new();
        for candidate in one.scored.iter().take_while(|c| c.bits > best.bits - MARGIN && c.bits > -4.0) {
            let entity = cluster(candidate.record);
            if !seen.contains(&entity) {
                seen.push(entity);
                claims.entry(entity).or_default().push(Claim { bits: candidate.bits, party: i, sure });
            }
        }
    }
    for list in claims.values_mut() {
        list.sort_by(|a, b| b.bits.total_cmp(&a.bits).then(a.party.cmp(&b.party)));
        list.truncate(CLAIMS);
    }
    for (i, one) in found.iter_mut().enumerate() {
        let mut moved = false;
        for candidate in &mut one.scored {
            let entity = cluster(candidate.record);
            if candidate.doubts.contains(&Doubt::OtherInn)
                && let Some(owner) = owners.get(&entity)
            {
                candidate.doubts.push(Doubt::Taken(name(search, *owner)));
                candidate.bits -= TAKEN;
                moved = true;
                continue;
            }
            let rival = claims
                .get(&entity)
                .into_iter()
                .flatten()
                .take_while(|claim| claim.bits > candidate.bits - MARGIN)
                .find(|claim| claim.party != i && different(search, i, claim.party));
            let Some(rival) = rival else { continue };
            if rival.sure && rival.bits >= candidate.bits + MARGIN {
                candidate.doubts.push(Doubt::Taken(name(search, rival.party)));
                candidate.bits -= TAKEN;
                moved = true;
            } else {
                candidate.doubts.push(Doubt::Contested(name(search, rival.party)));
            }
        }
        if moved {
            sort(&mut one.scored);
        }
    }
}

fn name(search: &Search<'_>, party: usize) -> String {
    search.parties.get(party).map(|p| p.name.clone()).unwrap_or_default()
}

/// Whether two counterparties are surely two: both have an identity of their own, and it differs. A bare name may be just
/// another spelling of the other.
fn different(search: &Search<'_>, a: usize, b: usize) -> bool {
    let (Some(p), Some(q)) = (search.profiles.get(a), search.profiles.get(b)) else { return false };
    if let (Some(x), Some(y)) = (search.parties.get(a), search.parties.get(b))
        && search.companies.same(&x.key, &y.key)
    {
        return false;
    }
    let coded = |i: usize| search.parties.get(i).is_some_and(|party| !code_of(party).is_empty());
    if !p.inns.is_empty() && !q.inns.is_empty() {
        return !p.inns.iter().any(|(inn, _)| q.inns.iter().any(|(other, _)| other == inn));
    }
    let known = |i: usize, profile: &Profile| !profile.inns.is_empty() || coded(i);
    known(a, p) && known(b, q)
}
