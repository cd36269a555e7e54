//! Verdicts that say what they said: where nothing that a verdict is made of is another one, it is kept as it was; only how
//! many records were looked through is told anew. Deliberately absent: making verdicts (`decision`).

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

use super::{
    super::{
        decision::{self, Words},
        doubt::Doubt,
        found::{Found, Scored},
        search::Search,
    },
    dirty::Dirty,
    items::Content,
};
use crate::domain::{
    parallel::in_parallel_over,
    text::Text,
    verdict::{PartyVerdict, Verdict, Work},
};

/// What a verdict was made of.
#[derive(Debug, Default)]
pub(super) struct Print {
    all: u64,
    /// Of each candidate what its words are made of, beside its evidence.
    candidates: Box<[u64]>,
}

/// A print of everything in `found` that a verdict is made of.
fn print(found: &Found, search: &Search<'_>, (parties, records): &(Vec<Content>, Vec<Content>)) -> Print {
    let mut hasher = FxHasher::default();
    let record = |record: u32| records.get(record as usize).copied();
    let entity = |place: u32| search.cluster.get(place as usize).and_then(|entity| record(*entity));
    let list = |hasher: &mut FxHasher, list: &[u32]| {
        list.len().hash(hasher);
        for place in list {
            record(*place).hash(hasher);
        }
    };
    found.by_inn.len().hash(&mut hasher);
    found.by_inn.iter().for_each(|(place, _)| record(*place).hash(&mut hasher));
    list(&mut hasher, &found.gone);
    list(&mut hasher, &found.other_branch);
    (found.place.map(record), found.elsewhere, found.names_unrelated, found.work.limited).hash(&mut hasher);
    let candidate = |c: &Scored| {
        let rival = c.doubts.rival().and_then(|rival| parties.get(rival as usize));
        let mut own = FxHasher::default();
        (record(c.record), c.doubts.kinds(), rival).hash(&mut own);
        own.finish()
    };
    let candidates: Box<[u64]> = found.scored.iter().map(candidate).collect();
    for (c, own) in found.scored.iter().zip(&candidates) {
        (own, entity(c.record), c.bits.to_bits(), c.rivals.to_bits(), c.others.to_bits()).hash(&mut hasher);
    }
    Print { all: hasher.finish(), candidates }
}

/// Prints and verdicts of all counterparties. `before` answers the last ones of a counterparty, by its place now; `forced`
/// are those whose verdict is to be made anew whatever else.
pub(super) fn verdicts(
    search: &Search<'_>,
    found: &[Found],
    contents: &(Vec<Content>, Vec<Content>),
    (forced, dirty): (&[bool], Option<&Dirty>),
    mut before: impl FnMut(usize) -> Option<(Print, PartyVerdict)>,
) -> (Vec<Print>, Vec<PartyVerdict>) {
    let last: Vec<Option<(Print, PartyVerdict)>> = (0..found.len()).map(&mut before).collect();
    let made = in_parallel_over(last, |i, last| {
        let Some(found) = found.get(i) else { return (Print::default(), None) };
        let print = print(found, search, contents);
        let clean = |c: &Scored| dirty.is_some_and(|dirty| !dirty.pair(i, c.record));
        let last = last.filter(|_| forced.get(i) == Some(&false));
        let whole = |before: &Print| {
            before.all == print.all
                && found.said.confirmed.is_empty()
                && !found.work.limited
                && found.scored.iter().all(clean)
        };
        let verdict = match last {
            Some((before, verdict)) if whole(&before) => retold(verdict, i, found, search),
            Some((before, verdict)) => {
                let words = |c: &Scored| -> Option<Text> {
                    let at = found.scored.iter().position(|other| other.record == c.record)?;
                    let same = clean(c)
                        && !c.doubts.has(Doubt::Gone)
                        && print.candidates.get(at).is_some_and(|own| before.candidates.contains(own));
                    let id =
                        same.then(|| search.records.get(c.record as usize)).flatten().map(|known| &known.record.id)?;
                    verdict
                        .candidates
                        .iter()
                        .find(|candidate| candidate.id == *id)
                        .map(|candidate| candidate.reason.clone())
                };
                decision::verdict(i, found.clone(), search, Words::Known(&words))
            }
            None => decision::verdict(i, found.clone(), search, Words::Told),
        };
        (print, Some(verdict))
    });
    let (prints, verdicts): (Vec<Print>, Vec<Option<PartyVerdict>>) = made.into_iter().unzip();
    (prints, verdicts.into_iter().flatten().collect())
}

/// The verdict with the work as it is now.
fn retold(verdict: PartyVerdict, i: usize, found: &Found, search: &Search<'_>) -> PartyVerdict {
    let work = Work { records: search.records.len() as u32, ..found.work };
    if verdict.work == work {
        return verdict;
    }
    let reason = match verdict.verdict {
        Verdict::NotInCrm => decision::absence(i, found, verdict.candidates.is_empty(), work, search),
        _ => verdict.reason,
    };
    PartyVerdict { reason, work, ..verdict }
}
