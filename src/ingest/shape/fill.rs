//! Keys that are written once and hold for the rows below: where cells are merged over several rows the file itself says
//! so; where they are only empty, the layout has to. Deliberately absent: filling down on a guess, which would give a
//! sale to the wrong buyer.

use super::{Input, Laid, Shape, Step, flat::Flat};
use crate::{
    domain::inbox::Grain,
    ingest::{
        place::Findings,
        raw::{RawCell, Row},
        totals, value,
    },
};

/// Roles that may hold for the rows below.
const KEYS: [&str; 10] = [
    "date",
    "number",
    "document",
    "counterparty",
    "counterparty_code",
    "inn",
    "kpp",
    "inn_kpp",
    "manager",
    "organisation",
];

/// Fills the keys down.
pub(super) fn down(input: Input<'_>, shape: Shape, _findings: &mut Findings) -> Step {
    let Input { sheet, header, layout, place, .. } = input;
    let named: Vec<usize> = layout.fill_down.iter().filter_map(|role| header.column(role)).collect();
    let keys: Vec<usize> = KEYS.iter().filter_map(|role| header.column(role)).collect();
    let body_from = sheet.number(header.last) + 1;
    let merged: Vec<_> =
        sheet.merges.iter().filter(|m| m.bottom > m.top && m.top >= body_from && keys.contains(&m.left)).collect();
    if named.is_empty() && merged.is_empty() {
        return Step::Same;
    }
    let mut flat = Flat::new(sheet, header, place);
    let mut above: Vec<(usize, Option<Row<'_>>)> = named.iter().map(|column| (*column, None)).collect();
    let mut open: Vec<(usize, u32, Row<'_>)> = Vec::new();
    let mut next = 0;
    for row in sheet.rows_from(header.last + 1) {
        flat.begin(row, None);
        flat.copy(row);
        open.retain(|(_, bottom, _)| *bottom >= row.number);
        while let Some(merge) = merged.get(next).filter(|m| m.top <= row.number) {
            if merge.top == row.number {
                open.push((merge.left, merge.bottom, row));
            }
            next += 1;
        }
        for (column, _, first) in open.iter().filter(|(column, _, _)| value::is_empty(row.cell(*column))) {
            flat.put(*column, first.cell(*column));
        }
        if totals::label(row).is_some() {
            // What stands above a total does not hold below it.
            for (_, last) in &mut above {
                *last = None;
            }
            continue;
        }
        for (column, last) in &mut above {
            match (row.cell(*column), &last) {
                (cell, Some(first)) if value::is_empty(cell) => flat.put(*column, first.cell(*column)),
                (RawCell::Empty, None) => {}
                _ => *last = Some(row),
            }
        }
    }
    let (sheet, header, place) = flat.finish();
    let mut fill_down = layout.fill_down.clone();
    for role in KEYS {
        let filled = header.column(role).is_some_and(|c| merged.iter().any(|m| m.left == c));
        if filled && !fill_down.iter().any(|r| r == role) {
            fill_down.push(role.to_owned());
        }
    }
    Step::Laid(Box::new(Laid {
        sheet,
        header,
        place,
        grain: Grain::Documents,
        shape: Shape { fill_down, ..shape },
        used: Vec::new(),
    }))
}
