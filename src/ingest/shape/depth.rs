//! How deep each row of a grouped report lies: by the outline, else by the column of its key, else by its indent, else by
//! sums. Evidence that the file has is believed and then proven; it is never traded for a guess that fits better.
//! Deliberately absent: the proof (`tree`).

use super::{nodes::Node, sums};
use crate::{domain::money::Money, ingest::layout::LevelsFrom};

/// Depths of the rows, and what told them. `None` when nothing tells.
pub(super) fn of(
    nodes: &[Node],
    from: LevelsFrom,
    additive: &[Vec<Money>],
    total: Option<&[Money]>,
) -> Option<(Vec<usize>, LevelsFrom)> {
    let outline = || by(nodes, |n| n.style.outline.map(usize::from));
    let columns = || by(nodes, |n| Some(n.columns.0)).or_else(|| by(nodes, |n| Some(n.columns.1)));
    let blanks = || by(nodes, |n| Some(n.blanks));
    let indent = || by(nodes, |n| n.style.indent.map(usize::from)).or_else(blanks);
    let by_sums = || sums::depths(additive, total);
    match from {
        LevelsFrom::Outline => outline().map(|d| (d, from)),
        LevelsFrom::Columns => columns().map(|d| (d, from)),
        LevelsFrom::Indent => indent().map(|d| (d, from)),
        LevelsFrom::Sums => by_sums().map(|d| (d, from)),
        LevelsFrom::Auto => outline()
            .map(|d| (d, LevelsFrom::Outline))
            .or_else(|| columns().map(|d| (d, LevelsFrom::Columns)))
            .or_else(|| indent().map(|d| (d, LevelsFrom::Indent)))
            .or_else(|| by_sums().map(|d| (d, LevelsFrom::Sums))),
    }
}

/// Depths by a mark of each row: a larger mark than that of an open row lies below it. `None` when all marks are equal
/// or one is missing, or when the first row is not an outermost one.
fn by(nodes: &[Node], mark: impl Fn(&Node) -> Option<usize>) -> Option<Vec<usize>> {
    let marks: Vec<usize> = nodes.iter().map(mark).collect::<Option<_>>()?;
    let first = *marks.first()?;
    if marks.iter().all(|m| *m == first) || marks.iter().any(|m| *m < first) {
        return None;
    }
    let mut open: Vec<usize> = Vec::new();
    let mut depths = Vec::with_capacity(marks.len());
    for mark in marks {
        while open.last().is_some_and(|top| *top >= mark) {
            open.pop();
        }
        depths.push(open.len());
        open.push(mark);
    }
    Some(depths)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::raw::RowStyle;

    fn node(outline: Option<u8>, column: usize, blanks: usize) -> Node {
        let style = RowStyle { outline, ..RowStyle::default() };
        let (key, figures) = (String::new(), Vec::new());
        Node { index: 0, number: 1, columns: (column, column), key, blanks, style, figures }
    }

    #[test]
    fn the_surest_mark_tells_and_equal_marks_tell_nothing() {
        let auto = |nodes: &[Node]| of(nodes, LevelsFrom::Auto, &[], None);
        let outline = [node(Some(1), 0, 0), node(Some(2), 0, 0), node(Some(4), 0, 0), node(Some(1), 0, 0)];
        assert_eq!(auto(&outline), Some((vec![0, 1, 2, 0], LevelsFrom::Outline)));
        let columns = [node(None, 0, 0), node(None, 2, 0), node(None, 2, 0)];
        assert_eq!(auto(&columns), Some((vec![0, 1, 1], LevelsFrom::Columns)));
        let blanks = [node(Some(0), 1, 0), node(Some(0), 1, 3)];
        assert_eq!(auto(&blanks), Some((vec![0, 1], LevelsFrom::Indent)));
        assert_eq!(auto(&[node(Some(0), 1, 0), node(Some(0), 1, 0)]), None);
        assert_eq!(auto(&[node(Some(2), 1, 0), node(Some(1), 1, 0)]), None, "a report does not begin with a leaf");
    }
}
