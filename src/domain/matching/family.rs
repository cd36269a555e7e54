//! Branches: counterparties with one ИНН against the records of that ИНН and the records without ИНН that fit by name.
//! Each place gets the record that fits it best while no other place has it; a record may still stand for several places
//! when there are fewer records than places. Deliberately absent: whether a branch counts at all (`decision`).

use std::collections::BTreeMap;

use smallvec::SmallVec;

use super::{
    comparison::{self, Comparison},
    found::Finds,
    naming::NameLevel,
    search::Search,
    words::Key,
};
use crate::domain::parallel::by_thread;

/// Worth of the company's own ИНН on a record, when the question is only which of its records is this place's.
const OWN: f64 = 8.0;
/// A record without ИНН is worth at most this, however rare its name is.
const BLANK: f64 = 6.0;
/// Places or records beyond this are taken best first instead of jointly.
const JOINTLY: usize = 60;

/// Chooses for every counterparty of a family its record; `found.place` then holds it.
pub(super) fn settle<F: Finds>(all: &mut [F], search: &Search<'_>) {
    let gathered = by_thread(all.len(), |range| {
        let mut own: Vec<(Key, usize, bool)> = Vec::new();
        for (one, i) in all.get(range.clone()).unwrap_or_default().iter().zip(range) {
            let found = one.found();
            let inn = || search.profiles.get(i).and_then(|profile| profile.inns(&search.words).first());
            if !found.by_inn.is_empty()
                && let Some(inn) = inn()
            {
                own.push((*inn, i, found.scored.is_empty() && found.place.is_none()));
            }
        }
        own
    });
    let mut families: Vec<(Key, usize, bool)> = gathered.into_iter().flatten().collect();
    families.sort_unstable();
    for members in families.chunk_by(|a, b| a.0 == b.0) {
        // Alone, with nothing but its number: it has no place to choose, and had none.
        if members.len() == 1 && members.iter().all(|(.., nothing)| *nothing) {
            continue;
        }
        let members: SmallVec<[usize; 4]> = members.iter().map(|(_, i, _)| *i).collect();
        if members.len() == 1 && members.iter().all(|i| all.get(*i).is_some_and(|one| one.found().scored.is_empty())) {
            for i in members {
                if let Some(one) = all.get_mut(i) {
                    one.stands_at(None);
                }
            }
            continue;
        }
        let mut records: Vec<u32> = Vec::new();
        let mut worth: Vec<BTreeMap<u32, f64>> = Vec::new();
        for i in &members {
            let Some(one) = all.get(*i).map(Finds::found) else { continue };
            let own = one.by_inn.iter().map(|(record, comparison)| (*record, OWN + fit(comparison)));
            let blank = one.scored.iter().filter(|c| blank(&c.comparison) && c.doubts.alone().is_empty()).map(|c| {
                let name = search.weights.prior() + f64::from(c.comparison.name.bits) + 2.0;
                (c.record, name.min(BLANK) + comparison::contacts(&c.comparison) + fit(&c.comparison))
            });
            let mine: BTreeMap<u32, f64> = own.chain(blank).filter(|(_, worth)| *worth > 0.0).collect();
            records.extend(mine.keys().copied());
            worth.push(mine);
        }
        records.sort_unstable();
        records.dedup();
        for (i, record) in members.iter().zip(choose(&worth, &records)) {
            if let Some(one) = all.get_mut(*i) {
                one.stands_at(record);
            }
        }
    }
}

/// How well the place fits: КПП, town, area code.
fn fit(comparison: &Comparison) -> f64 {
    let kpp = match comparison.kpp {
        Some(true) => 6.0,
        Some(false) => -2.0,
        None => 0.0,
    };
    let name = if comparison.name.level >= NameLevel::Alike { 0.5 } else { 0.0 };
    kpp + name + if comparison.kpp == Some(true) { 0.0 } else { comparison.place.map_or(0.0, f64::from) }
}

fn blank(comparison: &Comparison) -> bool {
    comparison.inn == comparison::InnLevel::Unknown && comparison::is_whole(comparison.name.level)
}

/// The choice with the largest sum in which no record is taken twice.
fn choose(worth: &[BTreeMap<u32, f64>], records: &[u32]) -> Vec<Option<u32>> {
    if worth.len() > JOINTLY || records.len() > 4 * JOINTLY {
        return best_first(worth);
    }
    // The Hungarian method (Kuhn 1955) by shortest augmenting paths, rows the places, columns the records and, so that a
    // place may stay without, one empty column for each place.
    let (n, m) = (worth.len(), records.len() + worth.len());
    let cost = |row: usize, column: usize| -> f64 {
        let record = column.checked_sub(1).and_then(|at| records.get(at));
        -record.and_then(|r| worth.get(row - 1).and_then(|mine| mine.get(r))).copied().unwrap_or(0.0)
    };
    let (mut u, mut v) = (vec![0.0; n + 1], vec![0.0; m + 1]);
    let mut row_of = vec![0_usize; m + 1];
    let mut way = vec![0_usize; m + 1];
    for row in 1..=n {
        row_of[0] = row;
        let mut least = vec![f64::INFINITY; m + 1];
        let mut used = vec![false; m + 1];
        let mut column = 0;
        loop {
            used[column] = true;
            let at = row_of[column];
            let (mut delta, mut next) = (f64::INFINITY, 0);
            for j in 1..=m {
                if used[j] {
                    continue;
                }
                let reduced = cost(at, j) - u[at] - v[j];
                if reduced < least[j] {
                    least[j] = reduced;
                    way[j] = column;
                }
                if least[j] < delta {
                    delta = least[j];
                    next = j;
                }
            }
            for j in 0..=m {
                if used[j] {
                    u[row_of[j]] += delta;
                    v[j] -= delta;
                } else {
                    least[j] -= delta;
                }
            }
            column = next;
            if row_of[column] == 0 {
                break;
            }
        }
        while column != 0 {
            let before = way[column];
            row_of[column] = row_of[before];
            column = before;
        }
    }
    let mut chosen = vec![None; n];
    for (record, row) in records.iter().zip(row_of.iter().skip(1)) {
        if let Some(place) = row.checked_sub(1).and_then(|row| chosen.get_mut(row))
            && worth.get(row - 1).is_some_and(|mine| mine.contains_key(record))
        {
            *place = Some(*record);
        }
    }
    chosen
}

fn best_first(worth: &[BTreeMap<u32, f64>]) -> Vec<Option<u32>> {
    let mut all: Vec<(f64, usize, u32)> =
        worth.iter().enumerate().flat_map(|(row, mine)| mine.iter().map(move |(r, w)| (*w, row, *r))).collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut chosen = vec![None; worth.len()];
    let mut taken = std::collections::BTreeSet::new();
    for (_, row, record) in all {
        if let Some(place) = chosen.get_mut(row)
            && place.is_none()
            && taken.insert(record)
        {
            *place = Some(record);
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_get_the_records_whose_sum_is_largest() {
        let rows = |list: &[&[(u32, f64)]]| -> Vec<BTreeMap<u32, f64>> {
            list.iter().map(|row| row.iter().copied().collect()).collect()
        };
        // The first takes its second best, because the second has nothing else.
        let worth = rows(&[&[(1, 9.0), (2, 8.0)], &[(1, 7.0)], &[]]);
        assert_eq!(choose(&worth, &[1, 2]), [Some(2), Some(1), None]);
        assert_eq!(best_first(&worth), [Some(1), None, None]);
        assert_eq!(choose(&rows(&[&[(5, 1.0)], &[(5, 3.0)]]), &[5]), [None, Some(5)]);
    }
}
