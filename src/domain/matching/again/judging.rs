//! A kept search judged with what is known: only what was not compared yet, or compares otherwise, is compared.
//! Deliberately absent: keeping it (`memo`).

use std::mem::take;

use smallvec::SmallVec;

use super::{
    super::{
        assign::FAINT,
        found::{Found, Scored, enough, nearest},
        ranking::LOOK,
        search::{Search, code_of},
    },
    memo::{Carried, Memo, Near, OPEN},
};
use crate::domain::verdict::Work;

impl Memo {
    /// Counts what is met now, where nothing else changed.
    pub fn count(&self, found: &mut Found) {
        found.work.met = self.work.met.max(self.met + self.unmet);
    }

    /// Judges with what is known: only what was not compared yet, or is touched, is compared. Answers whether anything that a
    /// verdict is made of is another thing now.
    pub fn judge(&mut self, i: usize, found: &mut Found, carried: Carried, search: &Search<'_>) -> bool {
        let (Some(party), Some(profile)) = (search.parties.get(i), search.profiles.get(i)) else { return true };
        let was_limited = found.work.limited;
        let code = code_of(party);
        let other_inn = |record: u32| {
            search.record_profiles.get(record as usize).is_some_and(|r| profile.contradicts(r, &search.words))
        };
        let relisted = carried == Carried::Relisted;
        let (kept, reserve) = if relisted { self.choose() } else { (Vec::new(), Vec::new()) };
        let (was_near, was_far) =
            if relisted { (take(&mut self.near), take(&mut self.far)) } else { (Vec::new(), Vec::new()) };
        let known_near = |record: u32| {
            was_near.binary_search_by_key(&record, |near| near.record).ok().and_then(|at| was_near.get(at))
        };
        let known = |record: u32| {
            let far =
                || was_far.binary_search_by_key(&record, |(record, _)| *record).ok().and_then(|at| was_far.get(at));
            known_near(record).map(|near| near.bits).or_else(|| far().map(|(_, bits)| *bits)).unwrap_or(OPEN)
        };
        if relisted {
            let candidates = self.candidates(&kept);
            self.chosen = candidates.len() as u32;
            let open = candidates.into_iter().filter(|record| search.is_open(found, *record));
            let near = |record: u32| Near {
                record,
                bits: known(record),
                other_inn: known_near(record).map_or_else(|| other_inn(record), |near| near.other_inn),
            };
            self.near = open.map(near).collect();
        }
        let mut fresh: SmallVec<[Scored; 8]> = SmallVec::new();
        let mut compare = |record: u32, bits: &mut f32| {
            if bits.is_nan() {
                let Some(scored) = search.score(profile, code, record) else { return };
                *bits = scored.bits;
                fresh.push(scored);
            }
        };
        self.near.iter_mut().for_each(|near| compare(near.record, &mut near.bits));
        found.work = Work { limited: false, compared: self.work.compared.max(self.chosen), ..self.work };
        let more = search.wants_more(found, self.near.iter().map(|near| (near.bits, near.other_inn)));
        if more {
            if relisted || !self.behind {
                let mut reserve = if relisted { reserve } else { self.choose().1 };
                reserve.retain(|record| self.sure.binary_search(record).is_err());
                self.stood = reserve.len() as u32;
                reserve.retain(|record| search.is_open(found, *record));
                reserve.sort_unstable();
                self.far = reserve.into_iter().map(|record| (record, known(record))).collect();
            }
            self.far.iter_mut().for_each(|(record, bits)| compare(*record, bits));
            let cut = self.met as usize > LOOK;
            found.work.limited = cut && search.is_alike(nearest(self.far.iter().map(|(_, bits)| *bits)));
            found.work.compared += self.stood;
        } else {
            self.far.clear();
        }
        self.behind = more;
        self.count(found);

        let near = self.near.iter().map(|near| (near.record, near.bits));
        let mut best: SmallVec<[(u32, f32); 128]> = near.chain(self.far.iter().copied()).collect();
        let better = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        let enough = enough(best.iter().filter(|(_, bits)| *bits > FAINT).count());
        if best.len() > enough {
            best.select_nth_unstable_by(enough, better);
            best.truncate(enough);
        }
        let is_known = |record: u32| {
            let is = |c: &Scored| c.record == record;
            !fresh.iter().any(is) && found.scored.iter().any(is)
        };
        if best.len() == found.scored.len() && best.iter().all(|(record, _)| is_known(*record)) {
            return found.work.limited != was_limited;
        }
        best.sort_unstable_by(better);
        let mut old = take(&mut found.scored);
        old.iter_mut().for_each(Scored::alone);
        for (record, _) in best {
            let of = |list: &[Scored]| list.iter().position(|c| c.record == record);
            let new = of(&fresh).map(|at| fresh.swap_remove(at));
            let known = || of(&old).map(|at| old.swap_remove(at));
            found.scored.extend(new.or_else(known).or_else(|| search.score(profile, code, record)));
        }
        true
    }
}
