//! Headers of records that take several physical rows: each row of the header names the cells of its own row of the
//! record. Deliberately absent: joining the rows (`shape`).

use std::collections::BTreeMap;

use super::{
    date,
    layout::Layout,
    raw::{RawSheet, Row},
    totals, value,
};

/// Rows below the header that are looked at.
const SAMPLE: usize = 200;

/// Row and column of each role, if the rows of the header are those of a record.
pub(super) fn find(
    sheet: &RawSheet,
    rows: &[Row<'_>],
    last: usize,
    layout: &Layout,
) -> Option<BTreeMap<String, (usize, usize)>> {
    let wanted = usize::from(layout.rows_per_record);
    if rows.len() < 2 || (wanted > 1 && wanted != rows.len()) {
        return None;
    }
    let columns = own_columns(rows, layout)?;
    (wanted == rows.len() || alternates(sheet, last, &columns, rows.len())).then_some(columns)
}

/// Row and column of each role when every row of the header is read on its own; `None` unless at least two columns hold
/// a role in two rows, which no stack of captions does.
fn own_columns(rows: &[Row<'_>], layout: &Layout) -> Option<BTreeMap<String, (usize, usize)>> {
    let mut columns: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut uses: BTreeMap<usize, usize> = BTreeMap::new();
    for (level, row) in rows.iter().enumerate() {
        for (column, cell) in row.cells().enumerate() {
            let caption = value::key(&value::text(cell));
            let Some(role) = layout.columns.iter().find(|c| c.keys.contains(&caption)).map(|c| &c.role) else {
                continue;
            };
            if !columns.contains_key(role) {
                columns.insert(role.clone(), (level, column));
                *uses.entry(column).or_default() += 1;
            }
        }
    }
    let has = |role: &str| columns.contains_key(role);
    let complete = layout.required.iter().all(|r| r.split('|').any(has));
    let doubled = uses.values().filter(|n| **n > 1).count();
    let levels = columns.values().map(|(level, _)| *level).collect::<std::collections::BTreeSet<_>>().len();
    (complete && doubled >= 2 && levels == rows.len()).then_some(columns)
}

/// Whether the rows below take turns: dates stand in the date's row of each record and in no other.
fn alternates(sheet: &RawSheet, last: usize, columns: &BTreeMap<String, (usize, usize)>, height: usize) -> bool {
    let Some((level, column)) = columns.get("date").or_else(|| columns.get("amount")).copied() else { return false };
    let by_date = columns.contains_key("date");
    let fits = |row: Row<'_>| {
        let cell = row.cell(column);
        if by_date { date::read(cell, sheet.epoch_1904).is_ok_and(|d| d.is_some()) } else { !value::is_empty(cell) }
    };
    let is_body = |row: &Row<'_>| totals::label(*row).is_none() && !row.cells().all(value::is_empty);
    let body: Vec<Row<'_>> = sheet.rows_from(last + 1).take_while(is_body).take(SAMPLE).collect();
    body.len() >= height && body.iter().enumerate().all(|(index, row)| (index % height == level) == fits(*row))
}
