//! The shape of a table: grouped reports, crosstabs, records of several rows and keys that are written once are laid out
//! anew as a plain list, one document or turnover a row, and every printed subtotal is proven on the way. The list then
//! goes the way of all lists (`sales`). Deliberately absent: code for one report (layouts are data) and the meaning of
//! amounts.

mod crosstab;
mod depth;
mod figures;
mod fill;
mod flat;
mod groups;
mod heads;
mod levels;
mod nodes;
mod records;
mod sums;
mod tree;
mod turnover;

use super::{
    header::Header,
    layout::{Layout, LevelsFrom},
    place::{Findings, Place},
    raw::RawSheet,
    title::Title,
};
use crate::domain::inbox::Grain;

/// A table to be laid out.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// Cells.
    pub sheet: &'a RawSheet,
    /// Its header.
    pub header: &'a Header,
    /// The layout that the header was found by.
    pub layout: &'a Layout,
    /// Its title block.
    pub title: &'a Title,
    /// Its address.
    pub place: &'a Place,
}

/// A plain list made of a table.
#[derive(Clone, Debug)]
pub struct Laid {
    /// Cells; the header's rows stand first.
    pub sheet: RawSheet,
    /// Header of the list.
    pub header: Header,
    /// Addresses in the file.
    pub place: Place,
    /// How fine its rows are.
    pub grain: Grain,
    /// How the table was understood.
    pub shape: Shape,
    /// Columns of the file that it was made from beside those with a role.
    pub used: Vec<usize>,
}

/// How a table that is no plain list was understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// Roles of the levels from the outermost in; empty = no groups.
    pub levels: Vec<String>,
    /// What told the levels.
    pub levels_from: LevelsFrom,
    /// Number of groups whose printed sums were checked.
    pub groups_checked: usize,
    /// Captions of the periods of a crosstab.
    pub periods: Vec<String>,
    /// Physical rows a record.
    pub rows_per_record: u8,
    /// Roles whose empty cells continue the row above.
    pub fill_down: Vec<String>,
}

/// What became of a table.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It is a plain list already.
    List,
    /// A list was made of it.
    Laid(Box<Laid>),
    /// Nothing could be made of it; the findings say why.
    Refused,
}

/// Whether the table itself says which months its rows or columns are about.
pub fn tells_periods(input: Input<'_>) -> bool {
    input.header.captions.values().flatten().any(|role| role == "month") || !crosstab::columns(input).is_empty()
}

/// Whether the buyers, for whom there is no column, stand in rows of their own.
pub fn names_buyers(input: Input<'_>) -> bool {
    heads::are_there(input)
}

/// Lays a table out as a list.
pub fn lay_out(input: Input<'_>, findings: &mut Findings) -> Outcome {
    let mut laid: Option<Laid> = None;
    for step in [records::join, heads::name, fill::down, groups::flatten, crosstab::unfold] {
        let next = match &laid {
            None => step(input, Shape { rows_per_record: 1, ..Shape::default() }, findings),
            Some(so_far) => {
                let (sheet, header, place) = (&so_far.sheet, &so_far.header, &so_far.place);
                step(Input { sheet, header, place, ..input }, so_far.shape.clone(), findings)
            }
        };
        laid = match next {
            Step::Same => laid,
            Step::Laid(mut list) => {
                list.used.extend(laid.into_iter().flat_map(|before| before.used));
                Some(*list)
            }
            Step::Refused => return Outcome::Refused,
        };
    }
    laid.map_or(Outcome::List, |laid| Outcome::Laid(Box::new(laid)))
}

/// What a step makes of a table.
pub(super) enum Step {
    /// Nothing to do.
    Same,
    /// A new list.
    Laid(Box<Laid>),
    /// It cannot be read; the findings say why.
    Refused,
}
