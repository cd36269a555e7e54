//! Who may have which record: CRM duplicates are one entity, and one entity is one counterparty's. Where two
//! counterparties that are surely different claim one record equally, neither gets it automatically.
//! Deliberately absent: branches of one company (`family`), the verdict (`decision`).

use super::{
    blocking::Blocks,
    doubt::Doubt,
    profile::{Kind, Profile, common},
    search::{Found, Search, code_of, sort},
    words::Words,
};
use crate::domain::parallel::each_in_parallel;

/// Evidence closer together than this is a tie, bits.
pub(super) const MARGIN: f64 = 1.5;
/// Fainter candidates are no claims, bits.
pub(super) const FAINT: f64 = -9.0;
/// Odds of a counterparty on a record with its own ИНН.
const OWNED: f64 = 1e6;
/// Rounds of weighing.
const ROUNDS: usize = 24;
/// What rivals cost before it is worth a word, and before the record is theirs, bits.
const NOTABLE: f64 = 0.8;
const TAKEN: f64 = 3.0;
/// How far above the review threshold a record stays that only an uncertain rival claims, bits.
const FOR_A_PERSON: f64 = 0.1;

/// Numbers the entities of the CRM: records with a common ИНН, and records with the same name and a common phone or
/// e-mail whose ИНН do not contradict.
pub(super) fn clusters(records: &[Profile], blocks: &Blocks, words: &Words) -> Vec<u32> {
    let mut parent: Vec<u32> = (0..records.len() as u32).collect();
    for (i, record) in records.iter().enumerate() {
        for inn in record.inns(words) {
            if let Some(first) = blocks.with_inn(*inn).first() {
                join(&mut parent, i as u32, *first);
            }
        }
    }
    let mut named: Vec<(u32, u32, u32)> = Vec::new();
    for (i, record) in (0..).zip(records) {
        let contacts = || [Kind::Phone, Kind::Email].into_iter().flat_map(|kind| record.of(kind, words));
        for name in record.names(words).iter().filter(|name| !name.handle) {
            named.extend(contacts().map(|contact| (name.bag, *contact, i)));
        }
    }
    named.sort_unstable();
    for group in named.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        for pair in group.windows(2) {
            if let [(.., a), (.., b)] = pair
                && let (Some(x), Some(y)) = (records.get(*a as usize), records.get(*b as usize))
                && !x.contradicts(y, words)
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

/// A counterparty's claim on an entity of the CRM.
struct Claim {
    party: usize,
    entity: u32,
    /// Odds that it is the one, against its not being in the CRM at all.
    odds: f64,
    /// Message to the entity: what the counterparty's other candidates leave of the claim.
    own: f64,
    /// Message from the entity: what the other counterparties leave of it.
    rivals: f64,
    /// Claims of other spellings of the same counterparty, which are no rivals.
    same: Vec<usize>,
}

/// Weighs all claims together: each counterparty has at most one entity, each entity at most one counterparty. What is
/// left of each claim are the marginals of that matching, by belief propagation on the graph of claims (exact where the
/// graph has no cycles; Huang and Jebara 2009, Chertkov and Yedidia 2013). Nobody wins by coming first: two equal claims
/// leave each other half.
pub(super) fn settle(found: &mut [Found<'_>], search: &Search<'_>) {
    let cluster = |record: u32| search.cluster.get(record as usize).copied().unwrap_or(record);
    let mut claims: Vec<Claim> = Vec::new();
    let mut of_party: Vec<Vec<usize>> = vec![Vec::new(); found.len()];
    let mut of_entity: Vec<Vec<usize>> = vec![Vec::new(); search.records.len()];
    for (i, one) in found.iter().enumerate() {
        // Few: a list is quicker than a map.
        let mut mine: Vec<(u32, f64)> = Vec::new();
        // A record that a person confirmed is no claim here: whoever else fits it is shown that decision (`decisions`).
        for (record, _) in &one.by_inn {
            mine.push((cluster(*record), OWNED));
        }
        // A branch's record without ИНН is claimed for what its evidence is worth, not for the company's number.
        if let Some(c) = one.scored.iter().find(|c| Some(c.record) == one.place) {
            mine = vec![(cluster(c.record), c.bits.min(40.0).exp2())];
        }
        if mine.is_empty() {
            for c in one.scored.iter().filter(|c| c.bits > FAINT && !c.doubts.has(Doubt::OtherInn)) {
                mine.push((cluster(c.record), c.bits.min(40.0).exp2()));
            }
        }
        // Of several records of one entity the best.
        mine.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
        mine.dedup_by_key(|(entity, _)| *entity);
        for (entity, odds) in mine {
            if let Some(list) = of_party.get_mut(i) {
                list.push(claims.len());
            }
            if let Some(list) = of_entity.get_mut(entity as usize) {
                list.push(claims.len());
            }
            claims.push(Claim { party: i, entity, odds, own: 1.0, rivals: 1.0, same: Vec::new() });
        }
    }
    for list in of_entity.iter().filter(|list| list.len() > 1) {
        for a in list {
            let same: Vec<usize> =
                list.iter().copied().filter(|b| b != a && !rivals(&claims, *a, *b, search)).collect();
            if let Some(claim) = claims.get_mut(*a) {
                claim.same = same;
            }
        }
    }
    let lists: Vec<&Vec<usize>> = of_entity.iter().filter(|list| list.len() > 1).collect();
    // A claim that nobody contests keeps the first answer.
    let contested = |list: &&Vec<usize>| {
        let open =
            |e: &usize| claims.get(*e).and_then(|c| of_entity.get(c.entity as usize)).is_some_and(|l| l.len() > 1);
        list.len() > 1 && list.iter().any(open)
    };
    let again: Vec<&Vec<usize>> = of_party.iter().filter(contested).collect();
    let all: Vec<&Vec<usize>> = of_party.iter().filter(|list| list.len() > 1).collect();
    for round in 0..ROUNDS {
        for list in if round == 0 { &all } else { &again } {
            let sum = 1.0 + list.iter().filter_map(|e| claims.get(*e)).map(|c| c.odds * c.rivals).sum::<f64>();
            for e in *list {
                if let Some(claim) = claims.get_mut(*e) {
                    claim.own = 1.0 / (sum - claim.odds * claim.rivals).max(1.0);
                }
            }
        }
        for list in &lists {
            let weight = |e: &usize| claims.get(*e).map_or(0.0, |c| c.odds * c.own);
            let sum = 1.0 + list.iter().map(weight).sum::<f64>();
            let left: Vec<f64> = list
                .iter()
                .map(|e| {
                    let same: f64 = claims.get(*e).into_iter().flat_map(|c| &c.same).map(weight).sum();
                    1.0 / (sum - weight(e) - same).max(1.0)
                })
                .collect();
            for (e, rivals) in list.iter().zip(left) {
                if let Some(claim) = claims.get_mut(*e) {
                    claim.rivals = rivals;
                }
            }
        }
    }
    let (claims, of_party, of_entity) = (&claims, &of_party, &of_entity);
    each_in_parallel(found, |i, one| {
        let mine = || of_party.get(i).into_iter().flatten().filter_map(|e| claims.get(*e));
        for candidate in &mut one.scored {
            let entity = cluster(candidate.record);
            let list = of_entity.get(entity as usize).map_or(&[][..], Vec::as_slice);
            let claim = mine().find(|claim| claim.entity == entity);
            let rivals = if let Some(claim) = claim {
                claim.rivals
            } else {
                // Too faint to be a claim, or with another ИНН: whatever others have of it is against it.
                let sum: f64 = list.iter().filter_map(|e| claims.get(*e)).map(|c| c.odds * c.own).sum();
                1.0 / (1.0 + sum)
            };
            let same = claim.map(|c| c.same.as_slice()).unwrap_or_default();
            let others =
                || list.iter().filter(|e| !same.contains(e)).filter_map(|e| claims.get(*e)).filter(|c| c.party != i);
            // What a counterparty takes that may be the same one (a second card without ИНН) leaves the record for a
            // person: nobody is absent because of a doubt about somebody else.
            let sure: f64 = others().filter(|c| apart(search, i, c.party)).map(|c| c.odds * c.own).sum();
            let left = candidate.bits + rivals.log2();
            let floor = (candidate.bits - (1.0 + sure).log2()).min(search.weights.review + FOR_A_PERSON);
            candidate.rivals = candidate.bits - left.max(floor);
            candidate.others = claim.map_or(0.0, |claim| -claim.own.log2());
            if candidate.rivals > NOTABLE {
                let weight = |c: &Claim| c.odds * c.own;
                let top = others().max_by(|a, b| weight(a).total_cmp(&weight(b)).then(b.party.cmp(&a.party)));
                if let Some(top) = top {
                    let rival = top.party as u32;
                    let taken = candidate.rivals > TAKEN && left >= floor;
                    candidate.doubts.push(if taken { Doubt::Taken(rival) } else { Doubt::Contested(rival) });
                }
            }
            candidate.bits -= candidate.rivals;
        }
        sort(&mut one.scored);
    });
}

/// Whether two claims on one entity exclude each other.
fn rivals(claims: &[Claim], a: usize, b: usize, search: &Search<'_>) -> bool {
    let party = |e: usize| claims.get(e).map_or(0, |c| c.party);
    different(search, party(a), party(b))
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
    let numbered = |profile: &Profile| !profile.inns(&search.words).is_empty();
    if numbered(p) && numbered(q) {
        return apart(search, a, b);
    }
    let coded = |i: usize| search.parties.get(i).is_some_and(|party| !code_of(party).is_empty());
    let known = |i: usize, profile: &Profile| numbered(profile) || coded(i);
    known(a, p) && known(b, q)
}

/// Whether both have an ИНН and none in common: then no spelling can make them one.
fn apart(search: &Search<'_>, a: usize, b: usize) -> bool {
    let (Some(p), Some(q)) = (search.profiles.get(a), search.profiles.get(b)) else { return false };
    let (p, q) = (p.inns(&search.words), q.inns(&search.words));
    !p.is_empty() && !q.is_empty() && !common(p, q)
}
