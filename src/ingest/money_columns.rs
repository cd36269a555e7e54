//! The money columns of a sheet: the decimal sign of each, decided by all its cells, and their amounts with findings
//! that name the cell. Deliberately absent: which row is a document and which a total.

use super::{
    amount::{self, Bad, Style, Votes},
    header::Header,
    place::{Findings, Place},
    raw::{RawCell, RawSheet, Row, column_letters},
    totals::Running,
    value,
};
use crate::domain::money::Money;

/// Roles that hold money, in the order of `Amounts`.
pub const ROLES: [&str; 4] = ["amount", "net", "margin", "bonus"];

/// Amounts of a row by role; `None` where the cell is empty or the column absent.
pub type Amounts = [Option<Money>; ROLES.len()];

/// One money column.
#[derive(Clone, Debug)]
pub struct Column {
    /// 0-based place.
    pub index: usize,
    /// Decimal sign; `None` when the column does not tell.
    style: Option<Style>,
    /// Sums for the printed totals.
    pub running: Running,
}

/// The money columns of a sheet.
#[derive(Clone, Debug, Default)]
pub struct MoneyColumns {
    /// By role, in the order of `ROLES`.
    pub columns: [Option<Column>; ROLES.len()],
}

impl MoneyColumns {
    /// Decides the decimal sign of every money column from its cells below the header.
    pub fn decide(sheet: &RawSheet, header: &Header, place: &Place, findings: &mut Findings) -> Self {
        let columns = ROLES.map(|role| {
            let index = header.column(role)?;
            let mut votes = Votes::default();
            for row in sheet.rows_from(header.last + 1) {
                votes.look(row.number, row.cell(index));
            }
            let style = match votes.decide() {
                Ok(style) => Some(style),
                Err((row, other)) => {
                    undecided(place, (row, other), index, header.title(role), findings);
                    None
                }
            };
            Some(Column { index, style, running: Running::default() })
        });
        Self { columns }
    }

    /// The row's amounts; `None` when a cell cannot be read, which is then a finding of severity hold.
    pub fn read(&mut self, row: Row<'_>, place: &Place, findings: &mut Findings) -> Option<Amounts> {
        let mut amounts = Amounts::default();
        let mut sound = true;
        for (slot, column) in amounts.iter_mut().zip(&mut self.columns) {
            let Some(column) = column else { continue };
            let cell = row.cell(column.index);
            let read = match (column.style, cell) {
                (None, RawCell::Text(_)) => {
                    // The column was refused as a whole; its cells are not guessed.
                    column.running.broken = true;
                    sound &= value::is_empty(cell);
                    continue;
                }
                (style, _) => amount::read(cell, style.unwrap_or(Style::Whole)),
            };
            match read {
                Ok(amount) => *slot = amount,
                Err(bad) => {
                    column.running.broken = true;
                    sound = false;
                    unreadable(place, row.number, column.index, cell, bad, findings);
                }
            }
        }
        sound.then_some(amounts)
    }

    /// The amount of another column, with the decimal sign of the amounts; unreadable is a finding of severity hold.
    pub fn one(&self, row: Row<'_>, column: usize, place: &Place, findings: &mut Findings) -> Option<Money> {
        let style = self.columns.first().and_then(Option::as_ref).and_then(|c| c.style).unwrap_or(Style::Whole);
        match amount::read(row.cell(column), style) {
            Ok(amount) => amount,
            Err(bad) => {
                unreadable(place, row.number, column, row.cell(column), bad, findings);
                None
            }
        }
    }

    /// Columns with their place in `Amounts`.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (usize, &mut Column)> {
        self.columns.iter_mut().enumerate().filter_map(|(slot, column)| column.as_mut().map(|c| (slot, c)))
    }
}

fn undecided(place: &Place, rows: (u32, Option<u32>), index: usize, title: &str, findings: &mut Findings) {
    let letters = column_letters(index);
    let (first, other) = rows;
    let at = place.cell(first, index);
    match other {
        Some(other) => findings.hold(
            "amount_sign_unclear",
            at,
            format!("в столбце «{title}» в {letters}{first} дробь отделена запятой, а в {letters}{other} точкой; приведите столбец к одному виду"),
            format!("column “{title}” has a decimal comma in {letters}{first} and a decimal point in {letters}{other}; make the column uniform"),
        ),
        None => findings.hold(
            "amount_sign_unclear",
            at,
            format!("{letters}{first} в столбце «{title}» можно прочесть и как тысячи, и как дробь, а других ячеек с копейками в столбце нет; выгрузите суммы с двумя знаками после запятой"),
            format!("{letters}{first} in column “{title}” may be thousands or a fraction, and no other cell of the column tells; export amounts with two decimals"),
        ),
    }
}

fn unreadable(place: &Place, row: u32, index: usize, cell: RawCell<'_>, bad: Bad, findings: &mut Findings) {
    let shown = value::shown(&value::text(cell), 40);
    let at = place.cell(row, index);
    let (code, ru, en) = match bad {
        Bad::NotANumber => (
            "amount_not_a_number",
            format!("вместо суммы стоит «{shown}»; исправьте ячейку в источнике и выгрузите заново"),
            format!("“{shown}” stands where an amount should; correct the cell at its source and export again"),
        ),
        Bad::ErrorValue => (
            "error_value",
            format!("в ячейке суммы ошибка «{shown}» или невычисленная формула; исправьте и выгрузите заново"),
            format!(
                "the amount cell holds the error “{shown}” or a formula without a value; correct it and export again"
            ),
        ),
        Bad::Fraction => (
            "amount_fraction",
            format!("в сумме «{shown}» больше двух знаков после запятой; выгрузите суммы до копейки"),
            format!("the amount “{shown}” has more than two decimals; export amounts to the kopeck"),
        ),
        Bad::Sign => (
            "amount_sign_unclear",
            format!("сумма «{shown}» записана не так, как остальные в столбце; приведите столбец к одному виду"),
            format!("the amount “{shown}” is written unlike the rest of its column; make the column uniform"),
        ),
        Bad::TooLarge => (
            "amount_too_large",
            format!("сумма «{shown}» слишком велика; проверьте ячейку"),
            format!("the amount “{shown}” is too large; check the cell"),
        ),
    };
    findings.hold(code, at, ru, en);
}
