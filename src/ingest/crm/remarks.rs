//! What was noticed about a CRM table, one finding a kind with the first place and the number, so that a broken column
//! does not bury everything else. Deliberately absent: reading.

use std::collections::BTreeMap;

use crate::{
    domain::{
        finding::{Finding, Severity, SourceRef},
        text::Text,
    },
    ingest::raw::column_letters,
};

fn at(place: &SourceRef, row: u32, column: Option<usize>) -> SourceRef {
    SourceRef { row, column: column.map(column_letters).unwrap_or_default().into(), ..place.clone() }
}

/// Dates that could not be read, by column.
#[derive(Default)]
pub(super) struct Dates {
    columns: BTreeMap<usize, (u32, u32, String)>,
}

impl Dates {
    pub fn unread(&mut self, column: usize, row: u32, written: &str) {
        self.columns.entry(column).or_insert_with(|| (0, row, written.to_owned())).0 += 1;
    }

    pub fn findings(&self, place: &SourceRef) -> Vec<Finding> {
        let finding = |(column, (n, row, written)): (&usize, &(u32, u32, String))| {
            Finding::new(
                Severity::Warn,
                "crm_date_unread",
                Text::new(
                    format!("не дата: «{written}»; таких ячеек в столбце: {n}. Эти даты считаются неизвестными"),
                    format!("no date: “{written}”; cells like this in the column: {n}. These dates count as unknown"),
                ),
            )
            .at(at(place, *row, Some(*column)))
        };
        self.columns.iter().map(finding).collect()
    }
}

/// Rows with an id and nothing else.
pub(super) fn nameless(rows: &[u32], place: &SourceRef) -> Option<Finding> {
    let n = rows.len();
    rows.first().map(|first| {
        Finding::new(
            Severity::Warn,
            "crm_row_without_name",
            Text::new(
                format!("строк без названия, ИНН и контактов: {n}; они не учтены"),
                format!("rows without name, ИНН and contacts: {n}; they are left out"),
            ),
        )
        .at(at(place, *first, None))
    })
}

/// Rows that had no id.
pub(super) fn made_ids(mut rows: impl Iterator<Item = u32>, has_column: bool, place: &SourceRef) -> Option<Finding> {
    let first = rows.next()?;
    let n = rows.count() + 1;
    let text = if has_column {
        Text::new(
            format!("строк с пустым ID: {n}; ID составлены по названию и ИНН"),
            format!("rows with an empty ID: {n}; ids were made from name and ИНН"),
        )
    } else {
        Text::new(
            format!(
                "в таблице нет столбца ID: ID составлены по названию и ИНН ({n} строк). Переименованная карточка станет новой; лучше выгружать с ID"
            ),
            format!(
                "the table has no ID column: ids were made from name and ИНН ({n} rows). A renamed record becomes a new one; better export with the ID"
            ),
        )
    };
    Some(Finding::new(Severity::Note, "crm_id_made", text).at(at(place, first, None)))
}

/// Rows with an id that stood above already.
#[derive(Default)]
pub(super) struct Doubles {
    identical: Option<(u32, u32)>,
    differing: Vec<(String, u32, u32)>,
}

impl Doubles {
    pub fn add(&mut self, identical: bool, id: &str, first: u32, again: u32) {
        if identical {
            self.identical.get_or_insert((again, 0)).1 += 1;
        } else {
            self.differing.push((id.to_owned(), first, again));
        }
    }

    pub fn findings(self, place: &SourceRef) -> Vec<Finding> {
        let identical = self.identical.map(|(row, n)| {
            Finding::new(
                Severity::Note,
                "crm_row_twice",
                Text::new(
                    format!("строк, повторённых дословно: {n}; учтены один раз"),
                    format!("rows repeated word for word: {n}; counted once"),
                ),
            )
            .at(at(place, row, None))
        });
        let n = self.differing.len();
        let differing = self.differing.first().map(|(id, first, again)| {
            Finding::new(
                Severity::Hold,
                "crm_duplicate_id",
                Text::new(
                    format!("ID {id} стоит в строках {first} и {again} с разным содержанием (всего таких: {n}). Выгрузите таблицу заново"),
                    format!("ID {id} stands in rows {first} and {again} with different content ({n} in all). Export the table again"),
                ),
            )
            .at(at(place, *again, None))
        });
        identical.into_iter().chain(differing).collect()
    }
}
