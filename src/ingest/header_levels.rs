//! Captions of a header that name levels of groups: one above the other in the key column, or several in one cell.
//! Deliberately absent: the rows of the groups (`shape`).

use std::collections::BTreeMap;

use super::{
    layout::{LEVEL_ROLES, Layout},
    raw::Row,
    value,
};

/// Roles named by the captions of each column, if every caption of the column names one: «Менеджер» above «Контрагент»
/// above «Документ», or all of them in one cell. A caption over several columns is no level.
pub(super) fn captions(rows: &[Row<'_>], layout: &Layout) -> BTreeMap<usize, Vec<String>> {
    let width = rows.iter().map(Row::width).max().unwrap_or(0);
    let filled = |level: usize, column: usize| rows.get(level).is_some_and(|row| !value::is_empty(row.cell(column)));
    let below = |level: usize, column: usize| (level + 1..rows.len()).any(|l| filled(l, column));
    let mut found = BTreeMap::new();
    for column in 0..width {
        let own: Vec<usize> = (0..rows.len()).filter(|level| filled(*level, column)).collect();
        let covers = |level: &usize| !filled(*level, column + 1) && below(*level, column + 1) && below(*level, column);
        if own.is_empty() || own.iter().any(covers) {
            continue;
        }
        let texts = own.iter().filter_map(|level| rows.get(*level)).map(|row| value::trimmed(row.cell(column)));
        let roles: Option<Vec<String>> =
            texts.map(|text| roles_of(&text, layout)).collect::<Option<Vec<_>>>().map(|r| r.concat());
        if let Some(roles) = roles.filter(|roles| !roles.is_empty()) {
            found.insert(column, roles);
        }
    }
    found
}

/// Roles in one caption: it names one, or each of its parts does.
fn roles_of(text: &str, layout: &Layout) -> Option<Vec<String>> {
    let level = |part: &str| layout.level_role(part).filter(|r| LEVEL_ROLES.contains(r)).map(str::to_owned);
    level(text).map(|role| vec![role]).or_else(|| {
        let parts: Vec<&str> = text.split(['\n', '/', ',']).map(str::trim).filter(|p| !p.is_empty()).collect();
        if parts.len() > 1 { parts.into_iter().map(level).collect() } else { None }
    })
}
