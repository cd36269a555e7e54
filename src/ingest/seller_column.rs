//! A column «Продавец» is either the manager or the company's own organisation: its cells tell which. Deliberately absent:
//! groups under such a caption, and columns called «Менеджер», which mean what they say.

use std::collections::BTreeSet;

use super::{
    header::Header,
    raw::RawSheet,
    value::{self, key},
};
use crate::domain::normalise::{forms::FormClass, name::Name};

/// Captions that leave it open.
const CAPTIONS: [&str; 3] = ["продавец", "наименование продавца", "seller"];
/// Rows that are looked at, and different names that a company's own organisations have at most.
const ROWS: usize = 20_000;
const MOST: usize = 30;

/// Gives the column to the organisation when every cell of it names one.
pub(super) fn settle(header: &mut Header, sheet: &RawSheet, organisation: Option<&str>) {
    let open = |column: &usize| header.titles.get(column).is_some_and(|title| CAPTIONS.contains(&key(title).as_str()));
    let manager = header.column("manager").filter(open);
    let claimed = |column: &usize| header.columns.values().any(|c| c == column);
    let spare = || header.titles.keys().copied().find(|column| open(column) && !claimed(column));
    let Some(column) = manager.or_else(spare) else { return };
    if header.column("organisation").is_some() && manager.is_none() {
        return;
    }
    if !names_organisations(sheet, header.last + 1, column, organisation) {
        return;
    }
    if manager.is_some() {
        header.columns.remove("manager");
    }
    header.columns.entry("organisation".to_owned()).or_insert(column);
}

fn names_organisations(sheet: &RawSheet, from: usize, column: usize, organisation: Option<&str>) -> bool {
    let mut names = BTreeSet::new();
    for row in sheet.rows_from(from).take(ROWS) {
        let text = value::trimmed(row.cell(column));
        if !value::is_placeholder(&text) {
            names.insert(text);
        }
        if names.len() > MOST {
            return false;
        }
    }
    let own = organisation.map(|name| Name::new(name).core());
    let names: Vec<Name> = names.iter().map(|text| Name::new(text)).collect();
    let is_own = |name: &Name| own.as_ref().is_some_and(|own| !own.is_empty() && *own == name.core());
    let are_all = !names.is_empty() && names.iter().all(|name| name.form.is_some() || is_own(name));
    // Several people who trade for themselves may be agents.
    are_all && (names.len() == 1 || names.iter().any(|name| name.class() != Some(FormClass::Sole) || is_own(name)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::{header, layout};

    fn roles(caption: &str, cells: [&str; 2], organisation: Option<&str>) -> (Option<usize>, Option<usize>) {
        let sheet = RawSheet::of_texts(&[
            &["Дата", "Номер", "Покупатель", caption, "Сумма"],
            &["05.11.2026", "1", "ООО А", cells[0], "5,00"],
            &["06.11.2026", "2", "ООО Б", cells[1], "7,00"],
        ]);
        let mut header = header::find(&sheet, layout::sales()).expect("a header");
        settle(&mut header, &sheet, organisation);
        (header.column("manager"), header.column("organisation"))
    }

    #[test]
    fn the_cells_tell_an_organisation_from_a_manager() {
        assert_eq!(roles("Продавец", ["ООО «Винодельня»", "ИП Винник В. В."], None), (None, Some(3)));
        assert_eq!(roles("Продавец", ["Винодельня", ""], Some("ООО \"Винодельня\"")), (None, Some(3)));
        assert_eq!(roles("Продавец", ["Иванов И. И.", "ИП Винник В. В."], None), (Some(3), None));
        assert_eq!(roles("Продавец", ["ИП Винник В. В.", "ИП Винник В. В."], None), (None, Some(3)));
        assert_eq!(roles("Продавец", ["ИП Винник В. В.", "ИП Лозов Л. Л."], None), (Some(3), None), "agents");
        assert_eq!(roles("Продавец", ["", "<Не указан>"], None), (Some(3), None));
        assert_eq!(roles("Менеджер", ["ООО «Винодельня»", "ООО «Винодельня»"], None), (Some(3), None));
    }
}
