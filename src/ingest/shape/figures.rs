//! Amounts of many columns at once, each with the decimal sign its own cells decide. A column that does not tell is left
//! to whoever reads the list. Deliberately absent: findings.

use crate::{
    domain::money::Money,
    ingest::{
        amount::{self, Style, Votes},
        raw::{RawCell, RawSheet, Row},
        value,
    },
};

/// What a cell of a money column says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Figure {
    Empty,
    Amount(Money),
    /// Something stands there that is no amount.
    Unsure,
}

/// Columns of figures.
pub(super) struct Figures {
    columns: Vec<(usize, Option<Style>)>,
}

impl Figures {
    /// Decides the decimal sign of each column from the rows below the header.
    pub fn decide(sheet: &RawSheet, from: usize, columns: &[usize]) -> Self {
        let style = |column: &usize| {
            let mut votes = Votes::default();
            for row in sheet.rows_from(from) {
                votes.look(row.number, row.cell(*column));
            }
            (*column, votes.decide().ok())
        };
        Self { columns: columns.iter().map(style).collect() }
    }

    /// Columns of the sheet in which every filled cell is a figure, at least one of them.
    pub fn numeric(sheet: &RawSheet, from: usize) -> Vec<usize> {
        let width = sheet.rows_from(from).map(|row| row.width()).max().unwrap_or(0);
        let all = Self::decide(sheet, from, &(0..width).collect::<Vec<_>>());
        let sound = |(index, column): (usize, &(usize, Option<Style>))| {
            let mut figures = sheet.rows_from(from).map(|row| all.one(index, row)).filter(|f| *f != Figure::Empty);
            let any = figures.clone().next().is_some();
            (any && figures.all(|f| matches!(f, Figure::Amount(_)))).then_some(column.0)
        };
        all.columns.iter().enumerate().filter_map(sound).collect()
    }

    /// The figures of a row, in the order of the columns.
    pub fn read(&self, row: Row<'_>) -> Vec<Figure> {
        (0..self.columns.len()).map(|index| self.one(index, row)).collect()
    }

    /// Whether any figure stands in the row.
    pub fn any(&self, row: Row<'_>) -> bool {
        self.columns.iter().any(|(column, _)| !value::is_empty(row.cell(*column)))
    }

    /// The places of the columns.
    pub fn places(&self) -> impl Iterator<Item = usize> {
        self.columns.iter().map(|(column, _)| *column)
    }

    fn one(&self, index: usize, row: Row<'_>) -> Figure {
        let Some((column, style)) = self.columns.get(index) else { return Figure::Empty };
        let cell = row.cell(*column);
        if value::is_empty(cell) {
            return Figure::Empty;
        }
        let style = match (style, cell) {
            (Some(style), _) => *style,
            (None, RawCell::Text(_)) => return Figure::Unsure,
            (None, _) => Style::Whole,
        };
        match amount::read(cell, style) {
            Ok(Some(amount)) => Figure::Amount(amount),
            Ok(None) => Figure::Empty,
            Err(_) => Figure::Unsure,
        }
    }
}

/// A figure as a cell of the list: a number means its kopecks whatever the column's sign was.
pub(super) fn cell(figure: Figure, written: RawCell<'_>) -> RawCell<'_> {
    match figure {
        Figure::Amount(amount) => RawCell::Number(amount.kopecks() as f64 / 100.0),
        Figure::Empty => RawCell::Empty,
        Figure::Unsure => written,
    }
}
