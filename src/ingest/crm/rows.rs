//! Rows under a recognised header become records; every column that has no role is kept under its header.
//! Deliberately absent: choosing the layout (`layout`), joining tables (`folder`).

use std::collections::{BTreeMap, HashMap};

use sha2::{Digest, Sha256};

use super::{
    cell,
    layout::{self, Fit},
    remarks,
    table::CrmTableSettings,
};
use crate::{
    domain::{
        crm::{CrmId, CrmKind, CrmRecord},
        finding::{Finding, SourceRef},
        inbox::TableKind,
        normalise::name::Name,
        tax_id,
    },
    ingest::raw::{self, RawSheet, column_letters},
};

/// Roles whose columns are all joined; of other roles the first that is filled counts.
const JOINED: [&str; 4] = ["inn", "kpp", "phone", "email"];

/// Where a record stands, and whether it has an id of its own.
struct Row {
    number: u32,
    own_id: bool,
}

/// Records in the order of the file, and findings.
pub(super) fn read(
    sheet: &RawSheet,
    fit: &Fit<'_>,
    headers: &[String],
    place: &SourceRef,
    settings: &CrmTableSettings,
) -> (Vec<CrmRecord>, Vec<Finding>) {
    let names = distinct(headers);
    let mut dates = remarks::Dates::default();
    // A record is large: there is never a second list of them.
    let (mut records, mut rows) = (Vec::new(), Vec::new());
    let mut nameless = Vec::new();
    for raw in sheet.rows().skip(fit.row + 1) {
        match record(raw, fit, headers, &names, sheet.epoch_1904, settings, &mut dates) {
            Read::Record(record, own_id) => {
                records.push(*record);
                rows.push(Row { number: raw.number, own_id });
            }
            Read::Nameless => nameless.push(raw.number),
            Read::Nothing => {}
        }
    }
    let mut findings = dates.findings(place);
    findings.extend(remarks::nameless(&nameless, place));
    let has_ids = fit.roles.contains_key("id");
    findings.extend(remarks::made_ids(rows.iter().filter(|r| !r.own_id).map(|r| r.number), has_ids, place));
    tell_apart(&mut records, &rows);
    findings.extend(once(&mut records, &rows, place));
    (records, findings)
}

enum Read {
    /// A record, and whether it has an id of its own.
    Record(Box<CrmRecord>, bool),
    Nameless,
    Nothing,
}

/// Headers made distinct: the second «Источник» is «Источник (2)», an empty one its letters.
fn distinct(headers: &[String]) -> Vec<String> {
    let mut seen: HashMap<&str, u32> = HashMap::new();
    headers
        .iter()
        .enumerate()
        .map(|(i, header)| {
            if header.is_empty() {
                return column_letters(i);
            }
            let n = seen.entry(header).or_default();
            *n += 1;
            if *n == 1 { header.clone() } else { format!("{header} ({n})") }
        })
        .collect()
}

fn crm_kind(kind: TableKind) -> CrmKind {
    match kind {
        TableKind::CrmContacts => CrmKind::Contact,
        TableKind::CrmDeals => CrmKind::Deal,
        TableKind::CrmActivities => CrmKind::Activity,
        _ => CrmKind::Company,
    }
}

fn record(
    raw: raw::Row<'_>,
    fit: &Fit<'_>,
    headers: &[String],
    names: &[String],
    epoch_1904: bool,
    settings: &CrmTableSettings,
    dates: &mut remarks::Dates,
) -> Read {
    let texts: Vec<String> = raw.cells().map(cell::text).collect();
    // An empty row, or the header again on the next printed page.
    if texts.iter().all(String::is_empty) || (texts == headers) {
        return Read::Nothing;
    }
    let at = |i: usize| texts.get(i).map_or("", String::as_str);
    let mut used = vec![false; names.len().max(texts.len())];
    let stage_won = {
        let stage = fit.roles.get("stage").and_then(|at| at.first()).map_or("", |i| at(*i));
        let stage = layout::header(stage);
        !stage.is_empty() && layout::layouts().won_stages.iter().any(|won| layout::header(won) == stage)
    };
    let mut instant = |role: &str| {
        let i = *fit.roles.get(role)?.iter().find(|i| !at(**i).is_empty())?;
        let read = cell::instant(raw.cell(i), settings.tz, epoch_1904);
        let Ok(instant) = read else {
            dates.unread(i, raw.number, at(i));
            return None;
        };
        if let Some(slot) = used.get_mut(i) {
            *slot = true;
        }
        instant
    };
    let (created_at, updated_at) = (instant("created"), instant("updated"));
    let mut role = |role: &str| -> String {
        let filled: Vec<usize> =
            fit.roles.get(role).into_iter().flatten().copied().filter(|i| !at(*i).is_empty()).collect();
        let take = if JOINED.contains(&role) { filled.len() } else { 1 };
        let taken: Vec<usize> = filled.into_iter().take(take).collect();
        for i in &taken {
            if let Some(slot) = used.get_mut(*i) {
                *slot = true;
            }
        }
        taken.iter().map(|i| at(*i)).collect::<Vec<_>>().join(", ")
    };
    let whole: Vec<String> = ["last_name", "first_name", "second_name"].iter().map(|r| role(r)).collect();
    let person = whole.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" ");
    let title = role("title");
    let title = if title.is_empty() { person } else { title };
    let kind = crm_kind(fit.layout.kind);
    let mut record = CrmRecord {
        id: CrmId { source: settings.source.clone(), kind, id: role("id") },
        title,
        full_name: role("full_name"),
        inn: role("inn"),
        kpp: role("kpp"),
        phone: role("phone"),
        email: role("email"),
        city: role("city"),
        responsible: role("responsible"),
        external_id: role("external_id"),
        company_id: role("company_id"),
        company_name: role("company_name"),
        won: kind == CrmKind::Deal && stage_won,
        created_at,
        updated_at,
        fields: BTreeMap::new(),
    };
    for (i, text) in texts.iter().enumerate() {
        if !settings.bare && !text.is_empty() && used.get(i) == Some(&false) {
            let name = names.get(i).cloned().unwrap_or_else(|| column_letters(i));
            record.fields.insert(name, text.clone());
        }
    }
    let empty = [&record.title, &record.inn, &record.phone, &record.email, &record.company_name];
    if empty.iter().all(|text| text.is_empty()) {
        return if record.id.id.is_empty() { Read::Nothing } else { Read::Nameless };
    }
    let total = layout::header(&record.title);
    if record.id.id.is_empty() && record.inn.is_empty() && matches!(total.as_str(), "итого" | "всего" | "total")
    {
        return Read::Nothing;
    }
    let own_id = !record.id.id.is_empty();
    if !own_id {
        record.id.id = made_id(&record, "");
    }
    Read::Record(Box::new(record), own_id)
}

/// An id for a row without one: hash of what the record is known by, so that an edited phone does not make it a new
/// record (a new record would look late). `more` tells apart rows that are known by the same.
fn made_id(record: &CrmRecord, more: &str) -> String {
    let inn = tax_id::read_cell(&record.inn).0.first().map(|(inn, _)| inn.to_string()).unwrap_or_default();
    let known_by = [
        record.id.kind.code(),
        &inn,
        record.kpp.trim(),
        &Name::new(&record.title).key(),
        &record.company_name,
        // Deals and activities repeat their titles; when they were made tells them apart.
        &match record.id.kind {
            CrmKind::Deal | CrmKind::Activity => record.created_at.map(|at| at.to_rfc3339()).unwrap_or_default(),
            CrmKind::Company | CrmKind::Contact => String::new(),
        },
        more,
    ]
    .join("\u{1f}");
    let hash = super::folder::hex(&Sha256::digest(known_by.as_bytes()));
    format!("x{}", hash.get(..16).unwrap_or_default())
}

/// Rows without ids that are known by the same but differ get ids from all they hold.
fn tell_apart(records: &mut [CrmRecord], rows: &[Row]) {
    let mut same: HashMap<String, Vec<usize>> = HashMap::new();
    for (i, (record, _)) in records.iter().zip(rows).enumerate().filter(|(_, (_, row))| !row.own_id) {
        same.entry(record.id.id.clone()).or_default().push(i);
    }
    for list in same.into_values().filter(|list| list.len() > 1) {
        for i in list {
            if let Some(record) = records.get_mut(i) {
                let all = super::folder::content(record);
                record.id.id = made_id(record, &all);
            }
        }
    }
}

/// Each id once: identical rows are counted, differing ones hold the table.
fn once(records: &mut Vec<CrmRecord>, rows: &[Row], place: &SourceRef) -> Vec<Finding> {
    let mut first: HashMap<&str, (usize, u32)> = HashMap::new();
    let mut doubles = remarks::Doubles::default();
    let mut again = Vec::new();
    for (i, (record, row)) in records.iter().zip(rows).enumerate() {
        match first.get(record.id.id.as_str()) {
            None => {
                first.insert(&record.id.id, (i, row.number));
            }
            Some((at, number)) => {
                let same = records.get(*at) == Some(record);
                doubles.add(same, &record.id.id, *number, row.number);
                again.push(i);
            }
        }
    }
    let (mut i, mut again) = (0, again.into_iter().peekable());
    records.retain(|_| {
        let double = again.next_if_eq(&i).is_some();
        i += 1;
        !double
    });
    doubles.findings(place)
}
