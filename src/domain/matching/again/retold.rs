//! Verdicts that say what they said: where nothing that a verdict is made of is another one, it is kept as it was; only how
//! many records were looked through is told anew. Deliberately absent: making verdicts (`decision`).

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

use super::{
    super::{Detail, decision, found::Found, search::Search},
    items::Content,
};
use crate::domain::{
    parallel::in_parallel_over,
    verdict::{PartyVerdict, Verdict, Work},
};

/// A print of everything in `found` that a verdict is made of.
fn print(found: &Found, search: &Search<'_>, (parties, records): &(Vec<Content>, Vec<Content>)) -> u64 {
    let mut hasher = FxHasher::default();
    let record = |record: u32| records.get(record as usize).map(|content| content.0);
    let entity = |record_place: u32| search.cluster.get(record_place as usize).and_then(|entity| record(*entity));
    let list = |hasher: &mut FxHasher, list: &[u32]| {
        list.len().hash(hasher);
        list.iter().for_each(|place| record(*place).hash(hasher));
    };
    found.by_inn.len().hash(&mut hasher);
    found.by_inn.iter().for_each(|(place, _)| record(*place).hash(&mut hasher));
    list(&mut hasher, &found.gone);
    list(&mut hasher, &found.other_branch);
    (found.place.map(record), found.elsewhere, found.names_unrelated, found.work.limited).hash(&mut hasher);
    for c in &found.scored {
        let rival = c.doubts.rival().and_then(|rival| parties.get(rival as usize));
        (record(c.record), entity(c.record), c.doubts.kinds(), rival).hash(&mut hasher);
        (c.bits.to_bits(), c.rivals.to_bits(), c.others.to_bits()).hash(&mut hasher);
    }
    hasher.finish()
}

/// Prints and verdicts of all counterparties. `before` answers the last ones of a counterparty, by its place now.
pub(super) fn verdicts(
    search: &Search<'_>,
    found: &[Found],
    contents: &(Vec<Content>, Vec<Content>),
    forced: &[bool],
    mut before: impl FnMut(usize) -> Option<(u64, PartyVerdict)>,
) -> (Vec<u64>, Vec<PartyVerdict>) {
    let last: Vec<Option<(u64, PartyVerdict)>> = (0..found.len()).map(&mut before).collect();
    let made = in_parallel_over(last, |i, last| {
        let Some(found) = found.get(i) else { return (0, None) };
        let print = print(found, search, contents);
        let same = |(before, _): &(u64, PartyVerdict)| {
            *before == print && forced.get(i) == Some(&false) && found.said.confirmed.is_empty() && !found.work.limited
        };
        let kept = last.filter(same).map(|(_, verdict)| retold(verdict, i, found, search));
        (print, Some(kept.unwrap_or_else(|| decision::verdict(i, found.clone(), search, Detail::Full))))
    });
    let (prints, verdicts): (Vec<u64>, Vec<Option<PartyVerdict>>) = made.into_iter().unzip();
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
    PartyVerdict { work, reason, ..verdict }
}
