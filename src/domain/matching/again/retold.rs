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
    kept::Kept,
};
use crate::domain::{
    parallel::each_in_parallel,
    text::Text,
    verdict::{PartyVerdict, Verdict, Work},
};

/// What a verdict was made of.
#[derive(Debug, Default)]
pub(super) struct Print {
    /// Everything but how much the candidates score: of that only which side of each threshold they stand on.
    shape: u64,
    bits: u64,
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
    let mut bits = FxHasher::default();
    for (c, own) in found.scored.iter().zip(&candidates) {
        (own, entity(c.record), decision::sides(c, search.settings)).hash(&mut hasher);
        c.bits.to_bits().hash(&mut bits);
    }
    decision::stands_out(&found.scored, search).hash(&mut hasher);
    Print { shape: hasher.finish(), bits: bits.finish(), candidates }
}

/// Prints and verdicts of all counterparties, in their place.
pub(super) fn verdicts(
    search: &Search<'_>,
    kept: &mut [Box<Kept>],
    contents: &(Vec<Content>, Vec<Content>),
    dirty: Option<&Dirty>,
) {
    each_in_parallel(kept, |i, one| {
        let one = &mut **one;
        if !one.touched
            && one.found.confirmed().is_empty()
            && !one.found.work.limited
            && let Some(last) = &mut one.verdict
        {
            tell_work(last, i, &one.found, search);
            return;
        }
        let print = print(&one.found, search, contents);
        let before = std::mem::replace(&mut one.print, print);
        let compares = dirty.is_none_or(|dirty| dirty.compares_anew(i));
        // Who was found by his number is told nothing that another search would tell otherwise.
        let by_number = !one.found.by_inn.is_empty();
        let last = one.verdict.take().filter(|_| !compares || by_number);
        let Kept { found, print, .. } = one;
        let told = Told { i, found, print: &*print, search, dirty: dirty.filter(|_| !compares) };
        one.verdict = Some(match last {
            Some(last) => told.again(&before, last),
            None => decision::verdict(i, found.clone(), search, Words::Told),
        });
    });
}

/// A counterparty whose verdict was told before. Without `dirty` no candidate's words hold.
struct Told<'a> {
    i: usize,
    found: &'a Found,
    print: &'a Print,
    search: &'a Search<'a>,
    dirty: Option<&'a Dirty>,
}

impl Told<'_> {
    /// Whether nothing about the candidate is worth something else than before.
    fn is_clean(&self, c: &Scored) -> bool {
        self.dirty.is_some_and(|dirty| !dirty.pair(self.i, c.record))
    }

    /// The verdict as it is now: kept, if it says the same, else made anew with the words that still hold.
    fn again(&self, before: &Print, mut last: PartyVerdict) -> PartyVerdict {
        let Self { i, found, search, .. } = *self;
        if self.says_the_same(before, &last)
            && (before.bits == self.print.bits || scores_anew(&mut last, found, search))
        {
            tell_work(&mut last, i, found, search);
            return last;
        }
        let known = |c: &Scored| -> Option<Text> {
            let at = found.scored.iter().position(|other| other.record == c.record)?;
            let same = self.is_clean(c)
                && !c.doubts.has(Doubt::Gone)
                && self.print.candidates.get(at).is_some_and(|own| before.candidates.contains(own));
            let id = &same.then(|| search.records.get(c.record as usize)).flatten()?.record.id;
            let candidate = last.candidates.iter().find(|candidate| candidate.id == *id)?;
            Some(candidate.reason.clone())
        };
        decision::verdict(i, found.clone(), search, Words::Known(&known))
    }

    /// Whether it is made of the same, whatever the candidates score.
    fn says_the_same(&self, before: &Print, last: &PartyVerdict) -> bool {
        let found = self.found;
        before.shape == self.print.shape
            && found.confirmed().is_empty()
            && !found.work.limited
            && found.scored.iter().all(|c| self.is_clean(c) || !is_shown(c, last, self.search))
    }
}

/// Whether the verdict shows the candidate.
fn is_shown(c: &Scored, verdict: &PartyVerdict, search: &Search<'_>) -> bool {
    let id = search.records.get(c.record as usize).map(|known| &known.record.id);
    id.is_none_or(|id| verdict.candidates.iter().any(|candidate| candidate.id == *id))
}

/// Makes what the candidates of a verdict score what it is now; `false` when one of them does not score by its evidence.
fn scores_anew(verdict: &mut PartyVerdict, found: &Found, search: &Search<'_>) -> bool {
    verdict.candidates.iter_mut().all(|candidate| {
        let id =
            |c: &&Scored| search.records.get(c.record as usize).is_some_and(|known| known.record.id == candidate.id);
        let scored = found.scored.iter().find(id);
        scored.map(|c| candidate.score_bp = decision::score(f64::from(c.bits))).is_some()
    })
}

/// Tells the work as it is now.
fn tell_work(verdict: &mut PartyVerdict, i: usize, found: &Found, search: &Search<'_>) {
    let work = Work { records: search.records.len() as u32, ..found.work };
    if verdict.work == work {
        return;
    }
    if verdict.verdict == Verdict::NotInCrm {
        verdict.reason = decision::absence(i, found, verdict.candidates.is_empty(), work, search);
    }
    verdict.work = work;
}
