//! The rows of a grouped report below its header: groups and leaves, subtotals behind their groups, the grand total, and
//! rows that are nothing. Deliberately absent: how deep a row lies (`depth`).

use super::figures::{Figure, Figures};
use crate::ingest::{
    header::Header,
    raw::{RawSheet, Row, RowStyle},
    totals::{self, Label},
    value,
};

/// A row with a key.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// Index of its row in the sheet.
    pub index: usize,
    /// Row of the sheet.
    pub number: u32,
    /// First and last of the level columns that are filled.
    pub columns: (usize, usize),
    /// What stands in the first, without blanks around it.
    pub key: String,
    /// Blanks before it.
    pub blanks: usize,
    /// How the row is set.
    pub style: RowStyle,
    /// Figures of the money columns.
    pub figures: Vec<Figure>,
}

/// A subtotal that stands behind the rows it covers.
#[derive(Clone, Debug)]
pub(super) struct Subtotal {
    /// Number of nodes before it.
    pub after: usize,
    pub number: u32,
    pub figures: Vec<Figure>,
}

/// The body of a grouped report.
#[derive(Clone, Debug, Default)]
pub(super) struct Body {
    pub nodes: Vec<Node>,
    pub subtotals: Vec<Subtotal>,
    /// Index of the row of the grand total, and its figures.
    pub total: Option<(usize, Vec<Figure>)>,
    /// Rows that are left as they are: remarks, signatures, and what follows the total.
    pub asides: Vec<usize>,
}

impl Body {
    /// Sorts the rows below the header. `level_columns` are the columns in which keys may stand.
    /// `captions` rows right below the header belong to it.
    pub fn read(
        sheet: &RawSheet,
        header: &Header,
        level_columns: &[usize],
        figures: &Figures,
        captions: usize,
    ) -> Self {
        let mut body = Self::default();
        // 1C can print the grand total above the groups.
        let mut total_first = false;
        for (offset, row) in sheet.rows_from(header.last + 1).enumerate().skip(captions) {
            let index = header.last + 1 + offset;
            if row.cells().all(value::is_empty) || is_header_again(sheet, header, row) {
                continue;
            }
            if body.total.is_some() && !total_first {
                body.asides.push(index);
                continue;
            }
            let keyed = level_columns.iter().filter(|c| !value::is_empty(row.cell(**c))).count() > 1;
            match (totals::label(row).filter(|_| !keyed), figures.any(row)) {
                (Some(Label::Grand), true) if body.total.is_none() => {
                    total_first = body.nodes.is_empty();
                    body.total = Some((index, figures.read(row)));
                }
                (Some(_), true) => body.subtotals.push(Subtotal {
                    after: body.nodes.len(),
                    number: row.number,
                    figures: figures.read(row),
                }),
                (_, any) => match node(index, row, level_columns, figures) {
                    Some(node) if any || is_group_without_sums(sheet, index, figures) => body.nodes.push(node),
                    _ => body.asides.push(index),
                },
            }
        }
        body
    }
}

fn node(index: usize, row: Row<'_>, level_columns: &[usize], figures: &Figures) -> Option<Node> {
    let filled = |column: &&usize| !value::is_empty(row.cell(**column));
    let first = *level_columns.iter().find(filled)?;
    let last = *level_columns.iter().rev().find(filled)?;
    let written = value::text(row.cell(first)).into_owned();
    let key = written.trim_matches(value::is_blank).to_owned();
    let blanks = written.chars().take_while(|c| value::is_blank(*c)).count();
    let (number, style) = (row.number, row.style);
    Some(Node { index, number, columns: (first, last), key, blanks, style, figures: figures.read(row) })
}

/// A key without sums is a group only if the rows right below it have sums: else it is a remark.
fn is_group_without_sums(sheet: &RawSheet, index: usize, figures: &Figures) -> bool {
    sheet.rows_from(index + 1).take(4).any(|row| totals::label(row).is_none() && figures.any(row))
}

/// Whether a row repeats one of the header's rows, as printed pages do.
fn is_header_again(sheet: &RawSheet, header: &Header, row: Row<'_>) -> bool {
    let same = |head: Row<'_>| {
        let filled = head.cells().filter(|c| !value::is_empty(*c)).count();
        filled >= 2 && head.cells().enumerate().all(|(column, cell)| cell == row.cell(column))
    };
    sheet.rows_from(header.first).take(header.last + 1 - header.first).any(same)
}
