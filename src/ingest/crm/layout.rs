//! Which columns of a table mean what: layouts from `config/layouts/crm.toml`, tried on every row that may be a header.
//! Deliberately absent: reading the rows below (`table`).

use std::{collections::BTreeMap, sync::OnceLock};

use serde::Deserialize;

use crate::{domain::inbox::TableKind, ingest::raw::RawSheet};

/// The embedded file: part of the program, so that a broken one never ships (a test reads it).
const SOURCE: &str = include_str!("../../../config/layouts/crm.toml");

/// A header row is looked for in so many rows that hold anything.
const HEADER_ROWS: usize = 20;

/// All layouts.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Layouts {
    /// Stages of a won deal.
    pub won_stages: Vec<String>,
    /// Layouts, special ones before plain ones.
    pub layout: Vec<Layout>,
}

/// One kind of table of one CRM.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Layout {
    pub preset: String,
    pub kind: TableKind,
    /// Whether nobody here has seen a real file of it.
    #[serde(default)]
    pub unverified: bool,
    pub required: Vec<String>,
    pub markers: Vec<String>,
    /// Headers of each role, best first.
    pub columns: BTreeMap<String, Vec<String>>,
}

/// A layout laid on a header row.
#[derive(Debug)]
pub(super) struct Fit<'a> {
    pub layout: &'a Layout,
    /// Index of the row in `RawSheet::rows`.
    pub row: usize,
    /// Columns of each role, best header first.
    pub roles: BTreeMap<&'a str, Vec<usize>>,
    /// Required roles that no header gives.
    pub missing: Vec<&'a str>,
    /// Headers that only this layout has.
    pub marked: u32,
    /// Recognised headers.
    pub recognised: u32,
    /// What layouts are ranked by.
    pub score: u32,
}

/// The layouts.
pub(super) fn layouts() -> &'static Layouts {
    static LAYOUTS: OnceLock<Layouts> = OnceLock::new();
    LAYOUTS.get_or_init(|| toml::from_str(SOURCE).unwrap_or_default())
}

/// A header without what does not matter: case, ё, line breaks, non-breaking spaces, colon, asterisk, `_2`.
pub(super) fn header(text: &str) -> String {
    let spaced =
        text.replace(['\u{a0}', '\u{202f}', '\n', '\r', '\t', '\u{feff}'], " ").to_lowercase().replace('ё', "е");
    let mut name = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    name.truncate(name.trim_end_matches([':', '*', ' ']).len());
    if let Some((stem, tail)) = name.rsplit_once('_')
        && !tail.is_empty()
        && tail.bytes().all(|b| b.is_ascii_digit())
    {
        name.truncate(stem.len());
    }
    name
}

/// All fits of the preset's layouts, best first. Fits without the required roles are included and come last.
pub(super) fn fits(sheet: &RawSheet, preset: &str) -> Vec<Fit<'static>> {
    let mut all = Vec::new();
    for (row, raw) in sheet.rows().enumerate().take(HEADER_ROWS) {
        let headers: Vec<String> = raw.cells().map(|cell| header(&super::cell::text(cell))).collect();
        for layout in layouts().layout.iter().filter(|l| preset == "auto" || preset.is_empty() || l.preset == preset) {
            let fit = lay(layout, row, &headers);
            // Without a name of its own a table is plain, whatever CRM it came from.
            let own = fit.marked > 0 || layout.preset == "plain" || preset == layout.preset;
            if fit.recognised >= 2 && own {
                all.push(fit);
            }
        }
    }
    all.sort_by_key(|fit| (!fit.missing.is_empty(), std::cmp::Reverse(fit.score), fit.row, fit.layout.unverified));
    all
}

fn lay<'a>(layout: &'a Layout, row: usize, headers: &[String]) -> Fit<'a> {
    let mut roles: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut taken = vec![false; headers.len()];
    for (role, aliases) in &layout.columns {
        for alias in aliases {
            let alias = header(alias);
            for (i, name) in headers.iter().enumerate() {
                if let Some(slot) = taken.get_mut(i)
                    && !*slot
                    && *name == alias
                {
                    *slot = true;
                    roles.entry(role).or_default().push(i);
                }
            }
        }
    }
    let recognised = taken.iter().filter(|t| **t).count() as u32;
    let marked = layout.markers.iter().filter(|marker| headers.contains(&header(marker))).count() as u32;
    let missing = layout.required.iter().map(String::as_str).filter(|role| !roles.contains_key(role)).collect();
    Fit { layout, row, roles, missing, marked, recognised, score: recognised + 2 * marked }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_file_is_read_and_names_known_roles_only() {
        let layouts: Layouts = toml::from_str(SOURCE).expect("config/layouts/crm.toml");
        for layout in &layouts.layout {
            for role in layout.columns.keys().chain(&layout.required) {
                assert!(super::super::table::ROLES.contains(&role.as_str()), "{}: {role}", layout.preset);
            }
            for role in &layout.required {
                assert!(layout.columns.contains_key(role), "{}: {role}", layout.preset);
            }
        }
        for preset in ["bitrix24", "amocrm", "quick-sales", "sales-expert", "plain"] {
            assert!(layouts.layout.iter().any(|l| l.preset == preset), "{preset}");
        }
    }
}
