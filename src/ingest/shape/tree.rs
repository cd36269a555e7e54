//! The proof of a grouped report: every printed sum of a group equals the rows right below it, at every level and in
//! every money column, to the kopeck. Deliberately absent: the grand total of the list (`sales` checks it as for any
//! list) and correcting anything.

use super::{
    figures::Figure,
    nodes::{Body, Node, Subtotal},
};
use crate::{
    domain::{money::Money, text::Lang, words},
    ingest::{
        place::{Findings, Place},
        value,
    },
};

/// Proves the tree; gives the number of groups that were checked.
pub(super) fn prove(body: &Body, depths: &[usize], columns: &[usize], place: &Place, findings: &mut Findings) -> usize {
    let sums: Vec<Vec<Option<Money>>> =
        (0..columns.len()).map(|slot| subtree_sums(&body.nodes, depths, slot)).collect();
    let mut checked = 0;
    for (index, node) in body.nodes.iter().enumerate() {
        if !is_group(depths, index) {
            continue;
        }
        let mut printed = false;
        for (slot, column) in columns.iter().enumerate() {
            let found = children_sum(body, depths, &sums, index, slot);
            match (node.figures.get(slot), found) {
                (Some(Figure::Amount(amount)), Some(sum)) => {
                    printed = true;
                    if *amount != sum {
                        mismatch(node, *amount, sum, place.cell(node.number, *column), findings);
                    }
                }
                (Some(Figure::Unsure), _) => unsure(node.number, *column, place, findings),
                _ => {}
            }
        }
        checked += usize::from(printed);
    }
    for subtotal in &body.subtotals {
        checked += usize::from(behind(depths, &sums, subtotal, columns, place, findings));
    }
    checked
}

/// Whether rows lie below a row.
pub(super) fn is_group(depths: &[usize], index: usize) -> bool {
    match (depths.get(index), depths.get(index + 1)) {
        (Some(own), Some(next)) => next > own,
        _ => false,
    }
}

/// What each row amounts to: its own figure, or the sum of the rows below it where a group prints none. `None` where
/// something could not be read.
fn subtree_sums(nodes: &[Node], depths: &[usize], slot: usize) -> Vec<Option<Money>> {
    let mut sums: Vec<Option<Money>> = vec![None; nodes.len()];
    // Sums of the rows seen so far, by depth, from the last row up.
    let mut open: Vec<Option<Money>> = Vec::new();
    for index in (0..nodes.len()).rev() {
        let depth = depths.get(index).copied().unwrap_or(0);
        let below = if open.len() > depth + 1 { open.drain(depth + 1..).next().flatten() } else { Some(Money::ZERO) };
        let own = match nodes.get(index).and_then(|n| n.figures.get(slot)) {
            Some(Figure::Amount(amount)) => Some(*amount),
            Some(Figure::Unsure) => None,
            _ => below,
        };
        if open.len() <= depth {
            open.resize(depth + 1, Some(Money::ZERO));
        }
        if let Some(level) = open.get_mut(depth) {
            *level = level.zip(own).and_then(|(a, b)| a.checked_add(b));
        }
        if let Some(place) = sums.get_mut(index) {
            *place = own;
        }
    }
    sums
}

/// The sum of the rows right below a group.
fn children_sum(
    body: &Body,
    depths: &[usize],
    sums: &[Vec<Option<Money>>],
    index: usize,
    slot: usize,
) -> Option<Money> {
    let own = *depths.get(index)?;
    let mut sum = Money::ZERO;
    let mut child_depth = usize::MAX;
    for at in index + 1..body.nodes.len() {
        let depth = *depths.get(at)?;
        if depth <= own {
            break;
        }
        if depth <= child_depth {
            child_depth = depth;
            sum = sum.checked_add((*sums.get(slot)?.get(at)?)?)?;
        }
    }
    Some(sum)
}

/// Checks a subtotal that stands behind its rows: it must equal one of the groups that end there. `false` when it
/// printed nothing.
fn behind(
    depths: &[usize],
    sums: &[Vec<Option<Money>>],
    subtotal: &Subtotal,
    columns: &[usize],
    place: &Place,
    findings: &mut Findings,
) -> bool {
    let mut printed = false;
    for (slot, column) in columns.iter().enumerate() {
        let Some(Figure::Amount(amount)) = subtotal.figures.get(slot) else { continue };
        printed = true;
        let Some(of_rows) = sums.get(slot) else { continue };
        // Walking back over the rows, a group of each depth begins where a row of a smaller depth stands.
        let mut candidates = Vec::new();
        let deepest = depths.get(..subtotal.after).unwrap_or_default().last().copied().unwrap_or(0);
        for depth in 0..=deepest {
            let mut sum = Some(Money::ZERO);
            for at in (0..subtotal.after).rev() {
                match depths.get(at) {
                    Some(d) if *d < depth => break,
                    Some(d) if *d == depth => {
                        let own = of_rows.get(at).copied().flatten();
                        sum = sum.zip(own).and_then(|(a, b)| a.checked_add(b));
                    }
                    _ => {}
                }
            }
            candidates.extend(sum);
            candidates.extend(last_at(depths, subtotal.after, depth).and_then(|at| of_rows.get(at).copied().flatten()));
        }
        if !candidates.is_empty() && !candidates.contains(amount) {
            let shown = candidates.last().copied().unwrap_or_default();
            let (ru, en) = (|m| words::money(m, Lang::Ru), |m| words::money(m, Lang::En));
            findings.hold(
                "total_mismatch",
                place.cell(subtotal.number, *column),
                format!(
                    "итог {} не равен строкам над ним ({}); выгрузите отчёт заново целиком",
                    ru(*amount),
                    ru(shown)
                ),
                format!(
                    "the total {} differs from the rows above it ({}); export the whole report again",
                    en(*amount),
                    en(shown)
                ),
            );
        }
    }
    printed
}

fn last_at(depths: &[usize], before: usize, depth: usize) -> Option<usize> {
    depths.get(..before)?.iter().rposition(|d| *d == depth)
}

fn mismatch(node: &Node, printed: Money, sum: Money, at: crate::domain::finding::SourceRef, findings: &mut Findings) {
    let shown = value::shown(&node.key, 60);
    let (ru, en) = (|m| words::money(m, Lang::Ru), |m| words::money(m, Lang::En));
    findings.hold(
        "group_mismatch",
        at,
        format!(
            "у группы «{shown}» напечатано {}, а строки под ней дают {}; выгрузите отчёт заново целиком",
            ru(printed),
            ru(sum)
        ),
        format!(
            "group “{shown}” prints {}, the rows below it sum up to {}; export the whole report again",
            en(printed),
            en(sum)
        ),
    );
}

fn unsure(row: u32, column: usize, place: &Place, findings: &mut Findings) {
    findings.hold(
        "amount_not_a_number",
        place.cell(row, column),
        "сумма группы не читается; исправьте ячейку в источнике и выгрузите заново",
        "the sum of the group cannot be read; correct the cell at its source and export again",
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::raw::RowStyle;

    fn prove_rows(rows: &[(usize, Option<i64>)]) -> Vec<String> {
        let node = |(_, kopecks): &(usize, Option<i64>)| Node {
            index: 0,
            number: 1,
            columns: (0, 0),
            key: "К".to_owned(),
            blanks: 0,
            style: RowStyle::default(),
            figures: vec![kopecks.map_or(Figure::Empty, |k| Figure::Amount(Money::from_kopecks(k)))],
        };
        let body = Body { nodes: rows.iter().map(node).collect(), ..Body::default() };
        let depths: Vec<usize> = rows.iter().map(|(depth, _)| *depth).collect();
        let mut findings = Findings::default();
        prove(&body, &depths, &[0], &Place::new("f", ""), &mut findings);
        findings.finish().into_iter().map(|f| f.message.en).collect()
    }

    #[test]
    fn every_level_is_proven_and_a_kopeck_is_seen() {
        let sound =
            [(0, Some(30)), (1, Some(10)), (2, Some(4)), (2, Some(6)), (1, Some(20)), (2, Some(20)), (0, Some(5))];
        assert_eq!(prove_rows(&sound), Vec::<String>::new());
        for index in 0..6 {
            let mut broken = sound;
            broken[index].1 = broken[index].1.map(|k| k + 1);
            assert!(!prove_rows(&broken).is_empty(), "row {index}");
        }
        let silent = [(0, Some(30)), (1, None), (2, Some(4)), (2, Some(6)), (1, None), (2, Some(20))];
        assert_eq!(prove_rows(&silent), Vec::<String>::new(), "a group without a sum is the sum of its rows");
        let ragged = [(0, Some(30)), (2, Some(10)), (1, Some(20))];
        assert_eq!(prove_rows(&ragged), Vec::<String>::new(), "a level may be skipped");
    }
}
