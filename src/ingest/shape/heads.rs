//! Buyers that stand in rows of their own above their documents, in a list that has no column of names (a sales book
//! grouped by counterparties). Believed only where each such row has documents of one ИНН below it and no two rows share
//! an ИНН: a seller or a section would not. Deliberately absent: sums of these rows (`sales` proves them).

use std::collections::BTreeMap;

use super::{Input, Laid, Shape, Step, flat::Flat};
use crate::{
    domain::inbox::Grain,
    ingest::{
        place::Findings,
        raw::{RawCell, Row},
        totals,
        value::{self, key},
    },
};

/// Roles of money, which may stand beside the name.
const MONEY: [&str; 5] = ["amount", "amount_back", "net", "margin", "bonus"];

/// Whether the rows of a table without a column of buyers name them.
pub(super) fn are_there(input: Input<'_>) -> bool {
    column(input).is_some()
}

/// Writes the buyer into each of his rows.
pub(super) fn name(input: Input<'_>, shape: Shape, _findings: &mut Findings) -> Step {
    let Some(shown) = column(input) else { return Step::Same };
    let mut flat = Flat::new(input.sheet, input.header, input.place);
    let buyer = flat.column("counterparty", shown);
    let mut above = None;
    for row in input.sheet.rows_from(input.header.last + 1) {
        flat.begin(row, None);
        flat.copy(row);
        match kind(row, input) {
            Kind::Head(column) => above = Some(row.cell(column)),
            Kind::Document => flat.put(buyer, above.unwrap_or(RawCell::Empty)),
            Kind::Other => {}
        }
    }
    flat.header().missing.retain(|role| role != "counterparty");
    let (sheet, header, place) = flat.finish();
    let grain = Grain::Documents;
    Step::Laid(Box::new(Laid { sheet, header, place, grain, shape, used: vec![shown] }))
}

/// What a row is.
enum Kind {
    /// Nothing but a name, in this column, and money.
    Head(usize),
    Document,
    Other,
}

fn kind(row: Row<'_>, Input { header, .. }: Input<'_>) -> Kind {
    let filled = |role: &str| header.column(role).is_some_and(|c| !value::is_empty(row.cell(c)));
    if totals::label(row).is_some() || totals::is_balance(row) {
        return Kind::Other;
    }
    if filled("number") || filled("date") {
        return Kind::Document;
    }
    let is_money = |column: usize| MONEY.iter().any(|role| header.column(role) == Some(column));
    let mut cells = row.cells().enumerate().filter(|(column, cell)| !value::is_empty(*cell) && !is_money(*column));
    match (cells.next(), cells.next()) {
        (Some((column, RawCell::Text(text))), None) if text.chars().any(char::is_alphabetic) => Kind::Head(column),
        _ => Kind::Other,
    }
}

/// The column of the names, if the rows bear it out.
fn column(input: Input<'_>) -> Option<usize> {
    let Input { sheet, header, .. } = input;
    if header.missing != ["counterparty"] || !header.records.is_empty() {
        return None;
    }
    let inn = header.column("inn_kpp").or_else(|| header.column("inn"))?;
    let (mut place, mut above) = (None, None);
    // By ИНН the buyer, and the other way round.
    let (mut names, mut numbers) = (BTreeMap::new(), BTreeMap::new());
    for row in sheet.rows_from(header.last + 1) {
        match kind(row, input) {
            // Signatures may follow the last document.
            Kind::Head(column) => {
                above = Some((column, key(&value::text(row.cell(column)))));
            }
            Kind::Document => {
                let (column, name) = above.clone()?;
                let number = Some(value::trimmed(row.cell(inn))).filter(|number| !value::is_placeholder(number))?;
                let same = *place.get_or_insert(column) == column
                    && *names.entry(number.clone()).or_insert_with(|| name.clone()) == name
                    && *numbers.entry(name).or_insert_with(|| number.clone()) == number;
                if !same {
                    return None;
                }
            }
            Kind::Other => {}
        }
    }
    place.filter(|_| names.len() > 1)
}
