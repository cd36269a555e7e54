//! Records that take two physical rows or more: each row of the header names the cells of its own row of the record.
//! They are joined side by side into one row a record. Deliberately absent: records of changing height.

use super::{Input, Laid, Shape, Step, flat::Flat};
use crate::{
    domain::inbox::Grain,
    ingest::{
        money_columns::ROLES,
        place::{Findings, Place},
        raw::Row,
        totals, value,
    },
};

/// Joins the rows of each record.
pub(super) fn join(input: Input<'_>, shape: Shape, findings: &mut Findings) -> Step {
    let Input { sheet, header, layout, place, .. } = input;
    let (height, columns) = (header.last + 1 - header.first, &header.records);
    if columns.is_empty() {
        return Step::Same;
    }
    let mut flat = Flat::new(sheet, header, place);
    let places: Vec<(usize, usize, usize)> = columns
        .iter()
        .map(|(role, (level, column))| {
            flat.forget(role);
            (*level, *column, flat.column(role, *column))
        })
        .collect();
    flat.header().records.clear();
    // What was recognised by reading the rows of the header together means nothing.
    let stale: Vec<String> = header.columns.keys().filter(|role| !columns.contains_key(*role)).cloned().collect();
    for role in &stale {
        flat.forget(role);
    }
    let columns_of = flat.header().columns.clone();
    let mut record: Vec<Row<'_>> = Vec::new();
    for row in sheet.rows_from(header.last + 1) {
        let ends = totals::label(row).is_some() || row.cells().all(value::is_empty);
        if ends {
            cut(&record, height, place, findings);
            write(&mut flat, &record, &places);
            record.clear();
            flat.begin(row, None);
            flat.copy(row);
            // A total stands in the column of its sum, whichever row of the record that is in.
            let money = |to: &usize| ROLES.iter().any(|role| flat_column(&columns_of, role) == Some(*to));
            for (level, from, to) in &places {
                if *level == 0 || money(to) {
                    flat.put(*to, row.cell(*from));
                }
            }
            continue;
        }
        record.push(row);
        if record.len() == height {
            write(&mut flat, &record, &places);
            record.clear();
        }
    }
    cut(&record, height, place, findings);
    write(&mut flat, &record, &places);
    let has = |role: &str| columns.contains_key(role);
    let missing = layout.required.iter().filter(|r| !r.split('|').any(has)).cloned().collect();
    flat.header().missing = missing;
    let (sheet, header, place) = flat.finish();
    let shape = Shape { rows_per_record: height as u8, ..shape };
    Step::Laid(Box::new(Laid {
        sheet,
        header,
        place,
        grain: Grain::Documents,
        shape,
        used: columns.values().map(|(_, column)| *column).collect(),
    }))
}

fn flat_column(columns: &std::collections::BTreeMap<String, usize>, role: &str) -> Option<usize> {
    columns.get(role).copied()
}

/// Says that a record lacks a row.
fn cut(record: &[Row<'_>], height: usize, place: &Place, findings: &mut Findings) {
    if let Some(first) = record.first().filter(|_| record.len() < height) {
        findings.hold(
            "record_cut",
            place.row(first.number),
            format!("запись занимает {height} строки, а здесь их {}; выгрузите отчёт заново целиком", record.len()),
            format!("a record takes {height} rows, here are {}; export the whole report again", record.len()),
        );
    }
}

/// Writes a record; one that was cut short is written as far as it goes and then fails like any row.
fn write(flat: &mut Flat<'_>, record: &[Row<'_>], places: &[(usize, usize, usize)]) {
    let Some(first) = record.first() else { return };
    flat.begin(*first, None);
    for (level, from, to) in places {
        if let Some(row) = record.get(*level) {
            flat.put(*to, row.cell(*from));
        }
    }
}
