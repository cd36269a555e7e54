//! A column as a person is told about it: its letters, what it is taken for, its header. Deliberately absent: how it was
//! found (`header`).

use serde::{Deserialize, Serialize};

use super::{
    header::Header,
    raw::{RawSheet, column_letters},
    value,
};

/// A recognised column.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenColumn {
    /// Letters, as Excel names it.
    pub letters: String,
    /// What it is taken for; several for a column whose groups have a level each.
    pub roles: Vec<String>,
    /// Header as written.
    pub header: String,
}

impl SeenColumn {
    /// A column of one role; its place is 0-based.
    pub fn new(column: usize, role: &str, header: &str) -> Self {
        Self { letters: column_letters(column), roles: vec![role.to_owned()], header: header.to_owned() }
    }
}

/// The columns of a header from left to right, the one that holds the groups of a grouped report included.
pub fn of(header: &Header, sheet: Option<&RawSheet>, grouped: bool) -> Vec<SeenColumn> {
    let mut seen: Vec<(usize, SeenColumn)> = Vec::new();
    for (role, column) in &header.columns {
        let title = header.titles.get(column).map_or("", String::as_str);
        seen.push((*column, SeenColumn::new(*column, role, title)));
    }
    for (column, roles) in &header.captions {
        // Captions of levels stand one above the other.
        let rows =
            sheet.into_iter().flat_map(|sheet| sheet.rows_from(header.first)).take(header.last + 1 - header.first);
        let texts: Vec<String> = rows.map(|row| value::trimmed(row.cell(*column))).filter(|t| !t.is_empty()).collect();
        let title = texts.join(" / ");
        match seen.iter_mut().find(|(known, _)| known == column) {
            Some((_, known)) if roles.len() > 1 && header.records.is_empty() => {
                (known.roles, known.header) = (roles.clone(), title);
            }
            Some(_) => {}
            None if !grouped && roles.len() < 2 => {}
            None => {
                seen.push((*column, SeenColumn { roles: roles.clone(), ..SeenColumn::new(*column, "", &title) }));
            }
        }
    }
    seen.sort_by(|(a, one), (b, other)| (a, &one.roles).cmp(&(b, &other.roles)));
    seen.into_iter().map(|(_, column)| column).collect()
}
