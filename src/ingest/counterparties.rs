//! Lists of accounting's counterparties become cards. Folders of the list («Покупатели») are told from cards and left
//! out. Deliberately absent: bringing spellings together (`domain::normalise`).

use super::{
    header::Header,
    place::{Findings, Place},
    raw::{RawCell, RawSheet, Row},
    sale_row::split_inn_kpp,
    sink::Sink,
    totals,
    value::{self, is_blank},
};
use crate::domain::sale::{PartyCard, PartyRef};

/// Roles that tell a card from a folder: a folder has none of them.
const TELLING: [&str; 9] = ["full_name", "inn", "inn_kpp", "kpp", "ogrn", "phone", "email", "party_kind", "parent"];

/// Reads the cards of a sheet into the sink.
pub fn read(sheet: &RawSheet, header: &Header, place: &Place, sink: &mut dyn Sink, findings: &mut Findings) {
    let telling: Vec<usize> = TELLING.iter().filter_map(|role| header.column(role)).collect();
    let (mut folders, mut nameless) = (0_usize, 0_usize);
    for row in sheet.rows_from(header.last + 1) {
        if row.cells().all(value::is_empty) || totals::label(row).is_some() {
            continue;
        }
        if telling.len() >= 2 && telling.iter().all(|c| value::is_empty(row.cell(*c))) {
            folders += 1;
            continue;
        }
        match card(row, header, place, findings) {
            Some(card) => sink.card(card),
            None => nameless += 1,
        }
    }
    if folders > 0 {
        findings.note(
            "folders_skipped",
            place.whole(),
            format!("строк-папок справочника: {folders}; они пропущены"),
            format!("folder rows of the list: {folders}; they are left out"),
        );
    }
    if nameless > 0 {
        findings.warn(
            "cards_without_name",
            place.whole(),
            format!("карточек без наименования: {nameless}; они пропущены"),
            format!("cards without a name: {nameless}; they are left out"),
        );
    }
}

fn card(row: Row<'_>, header: &Header, place: &Place, findings: &mut Findings) -> Option<PartyCard> {
    for (role, column) in &header.columns {
        if let RawCell::Error(error) = row.cell(*column)
            && matches!(role.as_str(), "counterparty" | "counterparty_code" | "inn" | "kpp" | "inn_kpp")
        {
            findings.hold(
                "error_value",
                place.cell(row.number, *column),
                format!("в ячейке ошибка «{error}» или невычисленная формула; исправьте и выгрузите заново"),
                format!("the cell holds the error “{error}” or a formula without a value; correct it and export again"),
            );
        }
    }
    let written = |role: &str| header.column(role).map_or_else(String::new, |c| value::text(row.cell(c)).into_owned());
    let trimmed = |role: &str| written(role).trim_matches(is_blank).to_owned();
    let name = written("counterparty");
    if name.chars().all(is_blank) {
        return None;
    }
    let (mut inn, mut kpp) = (written("inn"), written("kpp"));
    if inn.is_empty() {
        (inn, kpp) = split_inn_kpp(&written("inn_kpp"), kpp);
    }
    let manager = trimmed("manager");
    Some(PartyCard {
        party: PartyRef { code: trimmed("counterparty_code"), name, inn, kpp },
        full_name: written("full_name"),
        ogrn: trimmed("ogrn"),
        phone: written("phone"),
        email: written("email"),
        city: written("city"),
        manager: if value::is_placeholder(&manager) { String::new() } else { manager },
        parent: written("parent"),
        source: place.row(row.number),
    })
}
