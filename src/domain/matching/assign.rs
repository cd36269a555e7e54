//! Who may have which record: CRM duplicates are one entity, and one entity is one counterparty's. Where two
//! counterparties that are surely different claim one record equally, neither gets it automatically.
//! Deliberately absent: branches of one company (`family`), the verdict (`decision`).

use smallvec::SmallVec;

use super::{
    claims::Claims,
    doubt::Doubt,
    found::{Finds, Scored, sort},
    lists::Lists,
    profile::{Kind, Profile, common},
    search::{Search, code_of},
    standing::{Contents, Standing},
    words::Words,
};
use crate::domain::parallel::each_in_parallel;

/// Evidence closer together than this is a tie, bits.
pub(super) const MARGIN: f32 = 1.5;
/// Fainter candidates are no claims, bits.
pub(super) const FAINT: f32 = -9.0;
/// Rounds of weighing: on hundreds of thousands of claims none moves by a 1024th of a bit any more.
const ROUNDS: usize = 16;
/// What rivals cost before it is worth a word, and before the record is theirs, bits.
const NOTABLE: f32 = 0.8;
const TAKEN: f32 = 3.0;
/// How far above the review threshold a record stays that only an uncertain rival claims, bits.
const FOR_A_PERSON: f64 = 0.1;

/// Numbers the entities of the CRM: records with a common ИНН, and records with the same name and a common phone or
/// e-mail whose ИНН do not contradict.
pub(super) fn clusters(records: &[Profile], lists: &Lists, words: &Words) -> Vec<u32> {
    let mut parent: Vec<u32> = (0..records.len() as u32).collect();
    for (i, record) in records.iter().enumerate() {
        for inn in record.inns(words) {
            if let Some(first) = lists.by_inn.get(*inn).first() {
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

/// Weighs all claims together: each counterparty has at most one entity, each entity at most one counterparty. What is
/// left of each claim are the marginals of that matching, by belief propagation on the graph of claims (exact where the
/// graph has no cycles; Huang and Jebara 2009, Chertkov and Yedidia 2013). Nobody wins by coming first: two equal claims
/// leave each other half. With prints of both sides' contents only those whose candidates meet something else are settled.
pub(super) fn settle<F: Finds>(found: &mut [F], search: &Search<'_>, contents: Option<&Contents>) {
    let mut claims = Claims::of(found, search);
    claims.tell();
    claims.settle(ROUNDS);
    let standing = contents.map(|contents| Standing::new(&claims, contents, search));
    let cluster = |record: u32| search.cluster.get(record as usize).copied().unwrap_or(record);
    each_in_parallel(found, |i, one| {
        if let Some(standing) = &standing {
            let met = standing.of(&one.found().scored, search);
            if one.is_settled(met) {
                return;
            }
        }
        let was: SmallVec<[_; 16]> = one.found().scored.iter().map(Scored::settled).collect();
        let found = one.found_mut();
        found.scored.iter_mut().for_each(Scored::alone);
        let party = |claim: u32| claims.party.get(claim as usize).map_or(0, |party| *party as usize);
        for candidate in &mut found.scored {
            let entity = cluster(candidate.record);
            let list = claims.on(entity as usize);
            let claim = claims.of_party(i).find(|claim| claims.entity.get(*claim) == Some(&entity));
            let own = claim.and_then(|claim| claims.own.get(claim)).copied().filter(|own| *own < 1.0);
            candidate.others = own.map_or(0.0, |own| fine(-own.log2()));
            // Nobody else claims it.
            if list.len() == usize::from(claim.is_some()) {
                continue;
            }
            // Too faint to be a claim, or with another ИНН: whatever others have of it is against it.
            let all = || 1.0 / (1.0 + list.iter().map(|claim| claims.weight(*claim)).sum::<f64>());
            let rivals = claim.map_or_else(all, |claim| claims.rivals(claim));
            let same = claim.map(|claim| claims.same(claim)).unwrap_or_default();
            let others = || list.iter().copied().filter(|other| !same.contains(other) && party(*other) != i);
            // What a counterparty takes that may be the same one (a second card without ИНН) leaves the record for a
            // person: nobody is absent because of a doubt about somebody else.
            let sure: f64 = others().filter(|c| apart(search, i, party(*c))).map(|c| claims.weight(c)).sum();
            let own = f64::from(candidate.bits);
            let left = own + rivals.log2();
            let floor = (own - (1.0 + sure).log2()).min(search.weights.review + FOR_A_PERSON);
            candidate.rivals = fine(own - left.max(floor));
            if candidate.rivals > NOTABLE {
                let by_weight = |a: &u32, b: &u32| claims.weight(*a).total_cmp(&claims.weight(*b));
                let top = others().max_by(|a, b| by_weight(a, b).then(party(*b).cmp(&party(*a))));
                if let Some(top) = top {
                    let rival = party(top) as u32;
                    let taken = candidate.rivals > TAKEN && left >= floor;
                    candidate.doubts.push(if taken { Doubt::Taken(rival) } else { Doubt::Contested(rival) });
                }
            }
            candidate.bits -= candidate.rivals;
        }
        if found.scored.iter().map(Scored::settled).ne(was) {
            sort(&mut found.scored);
            one.touch();
        }
    });
}

/// To the nearest 1024th: what a claim far away in the graph moves is nobody's business.
fn fine(bits: f64) -> f32 {
    ((bits * 1024.0).round() / 1024.0) as f32
}

/// Whether two counterparties are surely two: both have an identity of their own, and it differs. A bare name may be just
/// another spelling of the other.
pub(super) fn different(search: &Search<'_>, a: usize, b: usize) -> bool {
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
