//! One sheet of a CRM export becomes records. The layout with most recognised headers is taken; a tie is a question and
//! no guess. Deliberately absent: which sheet of a file is meant (`interpret` decides); names of headers (the layout file).

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::{
    layout::{self, Fit},
    rows,
};
use crate::{
    domain::{
        crm::CrmRecord,
        finding::{Finding, Severity, SourceRef},
        inbox::TableKind,
        text::Text,
    },
    ingest::{raw::RawSheet, seen_column::SeenColumn},
};

/// Roles that the layout file may name.
#[cfg(test)]
pub(super) const ROLES: [&str; 18] = [
    "id",
    "title",
    "full_name",
    "last_name",
    "first_name",
    "second_name",
    "inn",
    "kpp",
    "phone",
    "email",
    "city",
    "responsible",
    "external_id",
    "company_id",
    "company_name",
    "stage",
    "created",
    "updated",
];

/// How the tables of one CRM source are to be understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrmTableSettings {
    /// Name of the source in the config.
    pub source: String,
    /// Preset of header names: `auto`, `bitrix24`, `amocrm`, `quick-sales`, `sales-expert`, `plain`.
    pub preset: String,
    /// Zone that the times in the table are written in.
    pub tz: Tz,
    /// Whether columns that have no role are left out: who only matches asks for nothing else.
    #[serde(default)]
    pub bare: bool,
}

/// A CRM table, read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrmTable {
    /// What it holds.
    pub kind: TableKind,
    /// 1-based row of the header.
    pub header_row: u32,
    /// Every recognised column, in their order.
    pub columns: Vec<SeenColumn>,
    /// Number of recognised headers.
    pub header_score: u32,
    /// Records in the order of the file.
    pub records: Vec<CrmRecord>,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// Reads a sheet; `None` when no row of it looks like the header of a CRM table. A table that cannot be read surely (a
/// tie of layouts, a required column missing) has no records and a finding that holds.
pub fn read(sheet: &RawSheet, file: &str, settings: &CrmTableSettings) -> Option<CrmTable> {
    let fits = layout::fits(sheet, &settings.preset);
    let best = fits.first()?;
    let row = sheet.row(best.row)?;
    let place = SourceRef { file: file.into(), sheet: sheet.name.as_str().into(), row: row.number, column: "".into() };
    let headers: Vec<String> = row.cells().map(super::cell::text).collect();
    let mut columns: Vec<(usize, String, String)> = best
        .roles
        .iter()
        .flat_map(|(role, at)| {
            at.iter().map(|i| (*i, (*role).to_owned(), headers.get(*i).cloned().unwrap_or_default()))
        })
        .collect();
    columns.sort();
    let mut table = CrmTable {
        kind: best.layout.kind,
        header_row: row.number,
        columns: columns.iter().map(|(column, role, header)| SeenColumn::new(*column, role, header)).collect(),
        header_score: best.recognised,
        records: Vec::new(),
        findings: Vec::new(),
    };
    if !best.missing.is_empty() {
        // In `auto` two or three common words in a row are no CRM table yet.
        if (settings.preset == "auto" || settings.preset.is_empty()) && best.recognised < 4 {
            return None;
        }
        table.findings.push(missing(best).at(place));
        return Some(table);
    }
    if let Some(other) = rival(&fits) {
        table.findings.push(tie(best, other).at(place));
        return Some(table);
    }
    if best.layout.unverified {
        table.findings.push(unverified(best).at(place.clone()));
    }
    let (records, findings) = rows::read(sheet, best, &headers, &place, settings);
    table.records = records;
    table.findings.extend(findings);
    Some(table)
}

/// Another layout that fits as well and would be read otherwise.
fn rival<'a>(fits: &'a [Fit<'a>]) -> Option<&'a Fit<'a>> {
    let best = fits.first()?;
    let same = |other: &Fit<'_>| other.layout.kind == best.layout.kind && other.roles == best.roles;
    fits.iter()
        .skip(1)
        .filter(|other| other.row == best.row && other.missing.is_empty() && other.score == best.score)
        .find(|other| !same(other))
}

fn kind(kind: TableKind) -> (&'static str, &'static str) {
    match kind {
        TableKind::CrmCompanies => ("компании", "companies"),
        TableKind::CrmContacts => ("контакты", "contacts"),
        TableKind::CrmDeals => ("сделки", "deals"),
        TableKind::CrmActivities => ("дела", "activities"),
        _ => ("таблица", "table"),
    }
}

fn tie(best: &Fit<'_>, other: &Fit<'_>) -> Finding {
    let (a, b) = (kind(best.layout.kind), kind(other.layout.kind));
    let (p, q) = (&best.layout.preset, &other.layout.preset);
    Finding::new(
        Severity::Hold,
        "crm_layout_tie",
        Text::new(
            format!(
                "таблицу можно понять двояко: {} ({p}) или {} ({q}). Укажите preset этой CRM в настройках или добавьте столбцы",
                a.0, b.0
            ),
            format!(
                "the table can be understood in two ways: {} ({p}) or {} ({q}). Name the preset of this CRM in the settings or add columns",
                a.1, b.1
            ),
        ),
    )
}

fn missing(best: &Fit<'_>) -> Finding {
    let wanted: Vec<String> = best
        .missing
        .iter()
        .filter_map(|role| best.layout.columns.get(*role))
        .map(|aliases| aliases.iter().take(3).map(|a| format!("«{a}»")).collect::<Vec<_>>().join(" / "))
        .collect();
    let (ru, en) = kind(best.layout.kind);
    let (preset, list) = (&best.layout.preset, wanted.join(", "));
    Finding::new(
        Severity::Hold,
        "crm_columns_missing",
        Text::new(
            format!(
                "похоже на таблицу CRM ({ru}, {preset}), но нет столбца: {list}. Выгрузите таблицу с этим столбцом"
            ),
            format!(
                "this looks like a CRM table ({en}, {preset}), but a column is missing: {list}. Export it with that column"
            ),
        ),
    )
}

fn unverified(best: &Fit<'_>) -> Finding {
    let preset = &best.layout.preset;
    Finding::new(
        Severity::Note,
        "preset_unverified",
        Text::new(
            format!("preset «{preset}» составлен без образца файла: проверьте, верно ли поняты столбцы"),
            format!("preset “{preset}” was made without a sample file: check that the columns are understood rightly"),
        ),
    )
}
