//! Levels of a grouped report that shows them by nothing but its sums: each group's figures are the sums of the rows
//! below it, all leaves lie equally deep, and the outermost groups add up to the grand total. Only a single answer
//! counts. Deliberately absent: guessing between two.

use std::collections::HashMap;

use crate::domain::money::Money;

/// Deepest nesting that is tried.
const DEEPEST: usize = 5;
/// Ends of a group that are followed up; more of them is no structure but chance.
const MOST_ENDS: usize = 4;
/// Steps after which the search ends without an answer.
const BUDGET: usize = 4_000_000;

/// Depths of the rows; `None` when no nesting or more than one fits.
pub(super) fn depths(rows: &[Vec<Money>], total: Option<&[Money]>) -> Option<Vec<usize>> {
    if rows.is_empty() {
        return None;
    }
    let mut found: Option<Vec<usize>> = None;
    let flat = vec![0; rows.len()];
    let below = negatives(rows);
    let is_flat = total.is_none_or(|total| sum(rows.iter()).as_deref() == Some(total));
    for levels in 2..=DEEPEST {
        let mut search = Search { rows, levels, below: &below, ends: HashMap::new(), left: BUDGET };
        let Some(depths) = search.whole(total) else { continue };
        if found.is_some() {
            return None;
        }
        found = Some(depths);
    }
    match (found, is_flat) {
        // Nothing but the total tells a plain list from groups: if both fit, nobody knows.
        (Some(_), true) if total.is_some() => None,
        (Some(depths), _) => Some(depths),
        (None, true) => Some(flat),
        (None, false) => None,
    }
}

/// For each row the sum of all negative figures from it on: how far a sum may still come down.
fn negatives(rows: &[Vec<Money>]) -> Vec<Vec<Money>> {
    let mut below: Vec<Vec<Money>> = vec![Vec::new()];
    for row in rows.iter().rev() {
        let lower: Vec<Money> = row.iter().map(|m| (*m).min(Money::ZERO)).collect();
        let next = below.last().and_then(|last| add(last, &lower)).unwrap_or_default();
        below.push(next);
    }
    below.reverse();
    below
}

fn sum<'a>(rows: impl Iterator<Item = &'a Vec<Money>>) -> Option<Vec<Money>> {
    let mut all: Vec<Money> = Vec::new();
    for row in rows {
        all = add(&all, row)?;
    }
    Some(all)
}

fn add(sum: &[Money], row: &[Money]) -> Option<Vec<Money>> {
    let of = |column: usize| sum.get(column).copied().unwrap_or(Money::ZERO);
    row.iter().enumerate().map(|(column, amount)| of(column).checked_add(*amount)).collect()
}

struct Search<'a> {
    rows: &'a [Vec<Money>],
    levels: usize,
    below: &'a [Vec<Money>],
    /// Ends of the subtree of a row at a depth.
    ends: HashMap<(usize, usize), Vec<usize>>,
    left: usize,
}

impl Search<'_> {
    /// Depths of all rows, if outermost groups cover them all and add up to the total in one way.
    fn whole(&mut self, total: Option<&[Money]>) -> Option<Vec<usize>> {
        let mut starts = vec![0];
        // From the outermost groups' possible ends, the next group begins.
        let mut paths: HashMap<usize, Option<usize>> = HashMap::from([(0, None)]);
        while let Some(start) = starts.pop() {
            if start >= self.rows.len() {
                continue;
            }
            for end in self.ends_of(start, 0)? {
                if paths.insert(end, Some(start)).is_some() {
                    return None;
                }
                starts.push(end);
            }
        }
        let mut groups = Vec::new();
        let mut at = self.rows.len();
        while let Some(start) = *paths.get(&at)? {
            groups.push((start, at));
            at = start;
        }
        let outermost = groups.iter().filter_map(|(start, _)| self.rows.get(*start));
        if total.is_some_and(|total| sum(outermost).as_deref() != Some(total)) {
            return None;
        }
        let mut depths = vec![0; self.rows.len()];
        for (start, end) in groups {
            self.mark(start, end, 0, &mut depths)?;
        }
        Some(depths)
    }

    /// Where the subtree that begins at a row may end.
    fn ends_of(&mut self, start: usize, depth: usize) -> Option<Vec<usize>> {
        if depth + 1 == self.levels {
            return Some(vec![start + 1]);
        }
        if let Some(known) = self.ends.get(&(start, depth)) {
            return Some(known.clone());
        }
        let target = self.rows.get(start)?.clone();
        let mut ends = Vec::new();
        let mut open: Vec<(usize, Vec<Money>)> = vec![(start + 1, vec![Money::ZERO; target.len()])];
        while let Some((at, so_far)) = open.pop() {
            self.left = self.left.checked_sub(1)?;
            let Some(child) = self.rows.get(at).filter(|_| self.may_reach(at, &so_far, &target)) else { continue };
            let Some(next) = add(&so_far, child) else { continue };
            for end in self.ends_of(at, depth + 1)? {
                if next == target && !ends.contains(&end) {
                    ends.push(end);
                }
                open.push((end, next.clone()));
                if ends.len() > MOST_ENDS || open.len() > MOST_ENDS {
                    return None;
                }
            }
        }
        self.ends.insert((start, depth), ends.clone());
        Some(ends)
    }

    /// Whether the sum may still come down to the target by the rows from `at` on.
    fn may_reach(&self, at: usize, so_far: &[Money], target: &[Money]) -> bool {
        let lowest = self.below.get(at).and_then(|below| add(below, so_far)).unwrap_or_default();
        lowest.iter().zip(target).all(|(lowest, target)| lowest <= target)
    }

    /// Writes the depths of a subtree whose end is known, if its rows nest in one way.
    fn mark(&mut self, start: usize, end: usize, depth: usize, depths: &mut [usize]) -> Option<()> {
        *depths.get_mut(start)? = depth;
        if depth + 1 == self.levels {
            return Some(());
        }
        let mut at = start + 1;
        while at < end {
            let ends: Vec<usize> = self.ends_of(at, depth + 1)?.into_iter().filter(|e| *e <= end).collect();
            let [next] = ends.as_slice() else { return None };
            self.mark(at, *next, depth + 1, depths)?;
            at = *next;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(rows: &[i64]) -> Vec<Vec<Money>> {
        rows.iter().map(|k| vec![Money::from_kopecks(*k)]).collect()
    }

    fn depths_of(rows: &[i64], total: i64) -> Option<Vec<usize>> {
        depths(&money(rows), Some(&[Money::from_kopecks(total)]))
    }

    #[test]
    fn sums_tell_two_and_three_levels() {
        assert_eq!(depths_of(&[30, 10, 20, 7, 7, 5, 1, 4], 42), Some(vec![0, 1, 1, 0, 1, 0, 1, 1]));
        assert_eq!(depths_of(&[30, 10, 4, 6, 20, 20, 5, 5, 5], 35), Some(vec![0, 1, 2, 2, 1, 2, 0, 1, 2]));
        assert_eq!(depths_of(&[3, 4, 6], 13), Some(vec![0, 0, 0]), "a plain list");
        assert_eq!(depths_of(&[30, 10, -5, 25], 30), Some(vec![0, 1, 1, 1]), "with a return");
    }

    #[test]
    fn what_does_not_add_up_or_adds_up_twice_is_no_answer() {
        assert_eq!(depths_of(&[30, 10, 21], 30), None);
        assert_eq!(depths_of(&[30, 10, 20], 31), None);
        assert_eq!(depths_of(&[0, 0, 0, 0], 0), None);
        assert_eq!(depths_of(&[0, 0], 0), None);
    }

    #[test]
    fn a_long_report_is_searched_in_one_pass() {
        let mut rows = Vec::new();
        let mut total = 0;
        for group in 1..2_000 {
            let leaves: Vec<i64> = (1..=(group % 9 + 1)).map(|leaf| group * 100 + leaf * 7).collect();
            let sum: i64 = leaves.iter().sum();
            total += sum;
            rows.push(sum);
            rows.extend(leaves);
        }
        let depths = depths_of(&rows, total).expect("an answer");
        assert_eq!(depths.iter().filter(|d| **d == 0).count(), 1_999);
    }
}
