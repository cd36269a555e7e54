//! What decisions about one counterparty mean for others: companies declared the same share one verdict, and a record
//! confirmed for one is not given to a surely different one without a person. Works on decisions in force and on verdicts
//! that are found already. Deliberately absent: searching (`matching`), money.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{exact_inns, record_inns};
use crate::domain::{
    crm::{CrmId, KnownRecord},
    party::{Counterparty, PartyKey},
    text::Text,
    verdict::{Candidate, Decision, DecisionKind, PartyVerdict, Verdict},
};

/// Counterparties that people declared one company.
#[derive(Clone, Debug, Default)]
pub struct Companies {
    groups: Vec<BTreeSet<PartyKey>>,
    of: BTreeMap<PartyKey, usize>,
}

impl Companies {
    /// The groups that the decisions make.
    pub fn of(decisions: &[Decision]) -> Self {
        let mut groups: Vec<BTreeSet<PartyKey>> = Vec::new();
        for decision in decisions {
            let DecisionKind::Same(other) = &decision.kind else { continue };
            let mut joined: BTreeSet<PartyKey> = [decision.party.clone(), other.clone()].into();
            groups.retain(|group| {
                let apart = group.is_disjoint(&joined);
                if !apart {
                    joined.extend(group.iter().cloned());
                }
                apart
            });
            groups.push(joined);
        }
        groups.sort();
        let of = groups.iter().enumerate().flat_map(|(i, group)| group.iter().map(move |key| (key.clone(), i)));
        Self { of: of.collect(), groups }
    }

    /// Everybody who is that company, itself included; `None` when nobody else is.
    pub fn group(&self, key: &PartyKey) -> Option<&BTreeSet<PartyKey>> {
        self.of.get(key).and_then(|i| self.groups.get(*i))
    }

    /// Whether the two are one company.
    pub fn same(&self, a: &PartyKey, b: &PartyKey) -> bool {
        a == b || self.group(a).is_some_and(|group| group.contains(b))
    }
}

/// Gives each member of a company what was said about another one: rejected records, being no client, and, from a member
/// that is no more, confirmed records. A member's own word on a record stands.
pub(super) fn spread(decisions: &mut Vec<Decision>, vanished: &BTreeSet<&PartyKey>) {
    let companies = Companies::of(decisions);
    let said: BTreeSet<(PartyKey, Option<CrmId>)> = decisions
        .iter()
        .filter(|d| !matches!(d.kind, DecisionKind::Same(_)))
        .map(|d| (d.party.clone(), d.kind.record().cloned()))
        .collect();
    let mut more: Vec<Decision> = Vec::new();
    for decision in decisions.iter() {
        let spreads = match &decision.kind {
            DecisionKind::Reject(_) | DecisionKind::Exempt => true,
            DecisionKind::Confirm(_) => vanished.contains(&decision.party),
            DecisionKind::Same(_) => false,
        };
        let Some(group) = companies.group(&decision.party).filter(|_| spreads) else { continue };
        for member in group.iter().filter(|member| **member != decision.party) {
            if !said.contains(&(member.clone(), decision.kind.record().cloned())) {
                more.push(Decision { party: member.clone(), ..decision.clone() });
            }
        }
    }
    decisions.extend(more);
}

/// Whether two counterparties are surely two. Both have ИНН: then these tell. Else both have an identity of their own, and
/// the second does not have the very ИНН of the record in question.
pub fn surely_different(a: &Counterparty, b: &Counterparty, record: Option<&KnownRecord>) -> bool {
    let (x, y) = (exact_inns(a), exact_inns(b));
    if !x.is_empty() && !y.is_empty() {
        return x.is_disjoint(&y);
    }
    let known = |p: &Counterparty| !p.inns.is_empty() || p.spellings.iter().any(|s| !s.code.trim().is_empty());
    let owner = record.is_some_and(|r| !record_inns(r).is_disjoint(&y));
    known(a) && known(b) && !owner
}

/// Applies decisions about one counterparty to the verdicts on others. Verdicts are in the order of the counterparties.
pub fn settle(
    verdicts: &mut [PartyVerdict],
    parties: &[Counterparty],
    records: &[KnownRecord],
    decisions: &[Decision],
) {
    if decisions.is_empty() {
        return;
    }
    let companies = Companies::of(decisions);
    let by_key: HashMap<&PartyKey, &Counterparty> = parties.iter().map(|p| (&p.key, p)).collect();
    take_back(verdicts, &by_key, records, decisions, &companies);
    let at: HashMap<PartyKey, usize> = verdicts.iter().enumerate().map(|(i, v)| (v.party.clone(), i)).collect();
    for group in &companies.groups {
        let members: Vec<usize> = group.iter().filter_map(|key| at.get(key)).copied().collect();
        if members.len() > 1 {
            share(verdicts, &members, &by_key, decisions);
        }
    }
}

/// Takes records that are confirmed for somebody surely different out of automatic matches.
fn take_back(
    verdicts: &mut [PartyVerdict],
    by_key: &HashMap<&PartyKey, &Counterparty>,
    records: &[KnownRecord],
    decisions: &[Decision],
    companies: &Companies,
) {
    let mut owners: BTreeMap<&CrmId, Vec<&Decision>> = BTreeMap::new();
    for decision in decisions {
        if let DecisionKind::Confirm(id) = &decision.kind {
            owners.entry(id).or_default().push(decision);
        }
    }
    if owners.is_empty() {
        return;
    }
    let known: HashMap<&CrmId, &KnownRecord> =
        records.iter().filter(|r| owners.contains_key(&r.record.id)).map(|r| (&r.record.id, r)).collect();
    for verdict in verdicts.iter_mut().filter(|v| v.verdict == Verdict::InCrm && v.decision.is_none()) {
        let Some(party) = by_key.get(&verdict.party) else { continue };
        let owner = |candidate: &Candidate| {
            owners.get(&candidate.id)?.iter().copied().find(|decision| {
                let other = by_key.get(&decision.party);
                let record = known.get(&candidate.id).copied();
                !companies.same(&decision.party, &verdict.party)
                    && other.is_some_and(|other| surely_different(other, party, record))
            })
        };
        let taken: Vec<Option<&Decision>> = verdict.candidates.iter().map(owner).collect();
        let Some(first) = taken.iter().flatten().next() else { continue };
        let name = by_key.get(&first.party).map_or("", |p| p.name.trim());
        let (id, author) = (&first.id, &first.author);
        if taken.iter().all(Option::is_some) {
            verdict.verdict = Verdict::Uncertain;
            verdict.reason = Text::new(
                format!(
                    "карточка подтверждена за другим контрагентом, «{name}» (решение {id}, {author}); решает человек"
                ),
                format!(
                    "the record is confirmed for another counterparty, “{name}” (decision {id}, {author}); a person decides"
                ),
            );
        } else {
            let mut marks = taken.into_iter();
            verdict.candidates.retain(|_| marks.next().flatten().is_none());
        }
    }
}

/// Gives the members of one company one verdict.
fn share(
    verdicts: &mut [PartyVerdict],
    members: &[usize],
    by_key: &HashMap<&PartyKey, &Counterparty>,
    decisions: &[Decision],
) {
    let of = |i: &usize| verdicts.get(*i);
    let found: Vec<&PartyVerdict> = members.iter().filter_map(of).filter(|v| v.verdict == Verdict::InCrm).collect();
    let keys: BTreeSet<&PartyKey> = members.iter().filter_map(of).map(|v| &v.party).collect();
    let joined_by = decisions
        .iter()
        .find(|d| matches!(&d.kind, DecisionKind::Same(other) if keys.contains(&d.party) || keys.contains(other)))
        .map(|d| d.id.clone())
        .unwrap_or_default();
    let name = |v: &PartyVerdict| by_key.get(&v.party).map_or("", |p| p.name.trim()).to_owned();
    let mut candidates: Vec<Candidate> = Vec::new();
    let best = [Verdict::InCrm, Verdict::Uncertain, Verdict::NotInCrm, Verdict::NotJudgeable]
        .into_iter()
        .find(|verdict| members.iter().filter_map(of).any(|v| v.verdict == *verdict));
    let Some(mut common) = best else { return };
    let givers: Vec<&PartyVerdict> = members.iter().filter_map(of).filter(|v| v.verdict == common).collect();
    for candidate in givers.iter().flat_map(|v| &v.candidates) {
        if !candidates.iter().any(|have| have.id == candidate.id) {
            candidates.push(candidate.clone());
        }
    }
    candidates.sort_by_key(|c| std::cmp::Reverse(c.score_bp));
    let rejected = |id: &CrmId| {
        decisions.iter().any(|d| keys.contains(&d.party) && matches!(&d.kind, DecisionKind::Reject(r) if r == id))
    };
    let at_odds = !connected(&found) || (common == Verdict::InCrm && candidates.iter().any(|c| rejected(&c.id)));
    let conflict = at_odds.then(|| {
        let list = |quotes: (&str, &str)| {
            let each = |v: &&PartyVerdict| {
                let ids = v.candidates.iter().map(|c| c.id.to_string()).collect::<Vec<_>>().join(", ");
                format!("{}{}{}: {ids}", quotes.0, name(v), quotes.1)
            };
            found.iter().map(each).collect::<Vec<_>>().join("; ")
        };
        Text::new(
            format!(
                "объявлены одной организацией (решение {joined_by}), а карточки разные: {}; решает человек",
                list(("«", "»"))
            ),
            format!(
                "declared one company (decision {joined_by}), but the records differ: {}; a person decides",
                list(("“", "”"))
            ),
        )
    });
    if conflict.is_some() {
        common = Verdict::Uncertain;
    }
    let from = givers.first().map(|v| (name(v), v.reason.clone())).unwrap_or_default();
    for i in members {
        let Some(verdict) = verdicts.get_mut(*i) else { continue };
        if let Some(text) = &conflict {
            verdict.decision = None;
            verdict.reason = text.clone();
        } else if verdict.verdict != common {
            verdict.decision = Some(joined_by.clone());
            verdict.reason = Text::new(
                format!("та же организация, что «{}» (решение {joined_by}): {}", from.0, from.1.ru),
                format!("the same company as “{}” (decision {joined_by}): {}", from.0, from.1.en),
            );
        }
        verdict.verdict = common;
        verdict.candidates.clone_from(&candidates);
    }
}

/// Whether the records found for the members hang together: each shares one with another.
fn connected(found: &[&PartyVerdict]) -> bool {
    let Some((first, mut rest)) = found.split_first().map(|(f, r)| (f, r.to_vec())) else { return true };
    let mut reached: BTreeSet<&CrmId> = first.candidates.iter().map(|c| &c.id).collect();
    while !rest.is_empty() {
        let (near, far): (Vec<_>, Vec<_>) =
            rest.into_iter().partition(|v| v.candidates.iter().any(|c| reached.contains(&c.id)));
        if near.is_empty() {
            return false;
        }
        reached.extend(near.iter().flat_map(|v| &v.candidates).map(|c| &c.id));
        rest = far;
    }
    true
}
