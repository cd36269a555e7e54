//! Grouped reports become lists: each leaf row inherits the seller, buyer and document of the groups it lies in, and the
//! printed sums of the groups are proven and left out. Deliberately absent: reports whose levels nobody can tell (they
//! are refused with the question).

use super::{
    Input, Laid, Shape, Step, crosstab, depth,
    figures::{self, Figure, Figures},
    flat::Flat,
    levels,
    nodes::{Body, Node},
    tree, turnover,
};
use crate::{
    domain::{inbox::Grain, money::Money},
    ingest::{
        header::Header,
        layout::{LEVEL_ROLES, Layout, LevelsFrom},
        money_columns::ROLES,
        place::Findings,
        raw::{RawCell, RawSheet, Row},
        totals, value,
    },
};

/// Money columns that are proven: the roles that hold money, the way back, and every column of a crosstab.
fn money_columns(input: Input<'_>) -> Vec<usize> {
    let roles = ROLES.iter().chain(&["amount_back"]).filter_map(|role| input.header.column(role));
    let mut columns: Vec<usize> = roles.chain(crosstab::columns(input)).collect();
    columns.sort_unstable();
    columns.dedup();
    columns
}

/// Columns in which the keys of groups stand: those whose captions name nothing but levels.
fn level_columns(input: Input<'_>, money: &[usize]) -> Vec<usize> {
    let Input { sheet, header, layout, .. } = input;
    let captions = header.captions.keys().copied();
    let titled =
        header.columns.iter().filter(|(role, _)| LEVEL_ROLES.contains(&role.as_str())).map(|(_, column)| *column);
    let mut columns: Vec<usize> = captions.chain(titled).filter(|c| !money.contains(c)).collect();
    if !layout.levels.is_empty() && columns.is_empty() {
        // Levels given by hand, under captions that mean nothing: the first column that is filled beside the money.
        let filled = |row: Row<'_>| {
            let mut cells = row.cells().enumerate();
            cells.find(|(c, cell)| !money.contains(c) && !value::is_empty(*cell)).map(|(c, _)| c)
        };
        columns.extend(sheet.rows_from(header.last + 1).take(50).filter_map(filled).min());
    }
    columns.sort_unstable();
    columns.dedup();
    columns
}

/// Whether the rows are groups rather than documents.
fn is_grouped(input: Input<'_>, level_columns: &[usize], money: &[usize]) -> bool {
    let Input { sheet, header, layout, .. } = input;
    if !layout.levels.is_empty() || level_columns.iter().any(|c| header.captions.get(c).is_some_and(|r| r.len() > 1)) {
        return true;
    }
    let own = |role: &str| header.columns.contains_key(role);
    if !header.missing.is_empty() || !layout.required.iter().all(|r| r.split('|').any(own)) {
        return true;
    }
    if level_columns.len() < 2 {
        return false;
    }
    // All columns of a list are there: groups in several columns show in rows that fill only a part of the keys.
    let filled = |row: Row<'_>| level_columns.iter().filter(|c| !value::is_empty(row.cell(**c))).count();
    let counts = |row: &Row<'_>| money.iter().any(|c| !value::is_empty(row.cell(*c))) && totals::label(*row).is_none();
    let (mut single, mut others) = (0_usize, 0_usize);
    for row in sheet.rows_from(header.last + 1).filter(counts) {
        if filled(row) == 1 {
            single += 1;
        } else {
            others += 1;
            // More than a tenth of all rows there are: the rest cannot change that.
            if others * 10 > sheet.len() {
                return false;
            }
        }
    }
    let all = single + others;
    all > 1 && single * 10 >= all * 9
}

/// Lays the groups out.
pub(super) fn flatten(input: Input<'_>, shape: Shape, findings: &mut Findings) -> Step {
    let Input { sheet, header, layout, place, .. } = input;
    let money = money_columns(input);
    let columns = level_columns(input, &money);
    if layout.kind != crate::domain::inbox::TableKind::Sales || columns.is_empty() || money.is_empty() {
        return Step::Same;
    }
    if !layout.fill_down.is_empty() || !is_grouped(input, &columns, &money) {
        return if layout.fill_down.is_empty() { Step::Same } else { turnover::dated(input, shape, findings) };
    }
    let figures = Figures::decide(sheet, header.last + 1, &money);
    let body = Body::read(sheet, header, &columns, &figures, captions_below(input, &figures));
    if body.nodes.is_empty() {
        return Step::Same;
    }
    let Some((depths, levels_from)) = depths(&body, input, &money) else {
        let first = body.nodes.first().map_or(0, |node| node.number);
        findings.hold(
            "levels_unclear",
            place.row(first),
            "похоже на отчёт с группировками, но ни группы строк, ни отступы не показывают уровней, а суммы не складываются: либо один из итогов неверен, либо отчёт правили руками; сформируйте его заново, сохраните из 1С в .xlsx вместе с группами или выгрузите список документов без групп",
            "this looks like a grouped report, but neither outline nor indents show its levels and its sums do not add up: a total is wrong, or the report was edited by hand; make it anew, save it from 1C as .xlsx with its groups, or export a plain list of documents",
        );
        return Step::Refused;
    };
    let Some(roles) = levels::roles(&body.nodes, &depths, header, layout, place, findings) else {
        return Step::Refused;
    };
    let groups_checked = tree::prove(&body, &depths, &money, place, findings);
    let shape = Shape { levels: roles.clone(), levels_from, groups_checked, ..shape };
    let list = Leaves { input, figures: &figures, body: &body, depths: &depths, roles: &roles };
    list.lay_out(shape, findings)
}

/// Rows of captions right below a header that names none of the levels given by hand: one less than there are levels.
fn captions_below(input: Input<'_>, figures: &Figures) -> usize {
    let levels = input.layout.levels.len();
    if levels < 2 || !input.header.captions.is_empty() {
        return 0;
    }
    let silent = input.sheet.rows_from(input.header.last + 1).take_while(|row| !figures.any(*row)).count();
    if silent == levels - 1 { silent } else { 0 }
}

fn depths(body: &Body, input: Input<'_>, money: &[usize]) -> Option<(Vec<usize>, LevelsFrom)> {
    let from = input.layout.levels_from;
    // Rows that all fill the same several keys are a list.
    let keys = body.nodes.first().map(|node| node.columns)?;
    if keys.0 < keys.1 && from == LevelsFrom::Auto && body.nodes.iter().all(|node| node.columns == keys) {
        return Some((vec![0; body.nodes.len()], LevelsFrom::Columns));
    }
    // Sums are told best by every column that adds up; columns of prices and codes spoil them, so money alone is next.
    for columns in [Figures::numeric(input.sheet, input.header.last + 1), money.to_vec()] {
        let all = Figures::decide(input.sheet, input.header.last + 1, &columns);
        let row = |index: usize| input.sheet.row(index).map_or_else(Vec::new, |row| all.read(row));
        let plain = |figures: Vec<Figure>| -> Vec<Money> {
            figures.into_iter().map(|f| if let Figure::Amount(m) = f { m } else { Money::ZERO }).collect()
        };
        let additive: Vec<Vec<Money>> = body.nodes.iter().map(|node| plain(row(node.index))).collect();
        let total = body.total.as_ref().map(|(index, _)| plain(row(*index)));
        if let Some(found) = depth::of(&body.nodes, from, &additive, total.as_deref()) {
            return Some(found);
        }
    }
    None
}

struct Leaves<'a> {
    input: Input<'a>,
    figures: &'a Figures,
    body: &'a Body,
    depths: &'a [usize],
    roles: &'a [String],
}

impl Leaves<'_> {
    fn lay_out(&self, shape: Shape, findings: &mut Findings) -> Step {
        let Input { sheet, header, layout, place, .. } = self.input;
        let mut flat = Flat::new(sheet, header, place);
        let key_column = self.body.nodes.first().map_or(0, |node| node.columns.0);
        let inherited: Vec<(&str, usize)> = self
            .roles
            .iter()
            .filter(|role| is_told(role))
            .map(|role| {
                flat.forget(role);
                (role.as_str(), flat.column(role, header.column(role).unwrap_or(key_column)))
            })
            .collect();
        // A role that stood in a key column and is no level of its own means nothing there any more.
        let stale: Vec<String> = header
            .columns
            .iter()
            .filter(|(role, column)| {
                header.captions.get(column).is_some_and(|c| c.len() > 1) && !self.roles.contains(role)
            })
            .map(|(role, _)| role.clone())
            .collect();
        for role in &stale {
            flat.forget(role);
        }
        let has = |role: &str| {
            self.roles.iter().any(|r| r == role)
                || (header.columns.contains_key(role) && !stale.iter().any(|s| s == role))
        };
        let documents = has("number") || has("date");
        let attributes: Vec<usize> = header
            .columns
            .iter()
            .filter(|(role, column)| {
                !LEVEL_ROLES.contains(&role.as_str()) && !self.figures.places().any(|money| money == **column)
            })
            .map(|(_, column)| *column)
            .collect();
        let last = self.body.nodes.last().map_or(0, |node| node.index);
        let end = self.body.total.as_ref().map_or(usize::MAX, |(index, _)| (*index).max(last));
        // Keys without any figure are rows without turnover, not remarks.
        let is_silent = |index: &usize| !documents && *index < end && is_keyed(sheet, *index, key_column);
        let mut silent = self.body.asides.iter().filter(|index| is_silent(index)).count();
        let mut open: Vec<&Node> = Vec::new();
        for (index, (node, depth)) in self.body.nodes.iter().zip(self.depths).enumerate() {
            open.truncate(*depth);
            open.push(node);
            let Some(row) = sheet.row(node.index).filter(|_| !tree::is_group(self.depths, index)) else { continue };
            let counts = node.figures.iter().any(|f| !matches!(f, Figure::Empty | Figure::Amount(Money::ZERO)));
            if !documents && !counts {
                silent += 1;
                continue;
            }
            if *depth + 1 < self.roles.len() && counts && self.lacks_roles(*depth, layout) {
                shallow(node, place.row(node.number), findings);
            }
            flat.begin(row, None);
            flat.copy(row);
            for (column, figure) in self.figures.places().zip(&node.figures) {
                flat.put(column, figures::cell(*figure, row.cell(column)));
            }
            for (role, column) in &inherited {
                let level = self.roles.iter().position(|r| r == role);
                if let Some(above) = level.and_then(|level| open.get(level)) {
                    flat.put(*column, RawCell::Text(&above.key));
                }
            }
            for column in attributes.iter().filter(|c| value::is_empty(row.cell(**c))) {
                if let Some(cell) = inherit(&open, sheet, *column) {
                    flat.put(*column, cell);
                }
            }
        }
        let ends = self.body.total.as_ref().map(|(index, _)| *index);
        for index in ends.into_iter().chain(self.body.asides.iter().copied().filter(|index| !is_silent(index))) {
            let Some(row) = sheet.row(index) else { continue };
            flat.begin(row, None);
            flat.copy(row);
            if Some(index) == ends {
                for (column, figure) in self.figures.places().zip(self.figures.read(row)) {
                    flat.put(column, figures::cell(figure, row.cell(column)));
                }
            }
        }
        if silent > 0 {
            findings.note(
                "rows_without_turnover",
                place.whole(),
                format!("строк без оборота за период: {silent}; продаж по ним нет"),
                format!("rows without turnover in the period: {silent}; there are no sales in them"),
            );
        }
        missing_again(flat.header(), layout);
        let (sheet, header, place) = flat.finish();
        let grain = if documents { Grain::Documents } else { Grain::Turnovers };
        let used = self.figures.places().chain([key_column]).collect();
        let laid = Laid { sheet, header, place, grain, shape, used };
        if documents { Step::Laid(Box::new(laid)) } else { turnover::after_groups(laid, self.input, findings) }
    }

    /// Whether a leaf at this depth lacks something that the list must have.
    fn lacks_roles(&self, depth: usize, layout: &Layout) -> bool {
        let below = self.roles.get(depth + 1..).unwrap_or_default();
        below.iter().any(|role| layout.required.iter().any(|r| r.split('|').any(|one| one == role)))
    }
}

/// Whether something stands in the key column of a row.
fn is_keyed(sheet: &RawSheet, index: usize, column: usize) -> bool {
    sheet.row(index).is_some_and(|row| !value::is_empty(row.cell(column)))
}

/// Roles that a leaf inherits from its groups.
fn is_told(role: &str) -> bool {
    matches!(role, "organisation" | "manager" | "account" | "counterparty" | "number" | "date" | "month")
}

/// The nearest filled cell of a column in the groups above a leaf.
fn inherit<'a>(open: &[&Node], sheet: &'a RawSheet, column: usize) -> Option<RawCell<'a>> {
    let above = open.iter().rev().skip(1).filter_map(|node| sheet.row(node.index));
    above.map(|row| row.cell(column)).find(|cell| !value::is_empty(*cell))
}

/// Roles that the list still lacks.
fn missing_again(header: &mut Header, layout: &Layout) {
    let has = |role: &str| header.columns.contains_key(role);
    header.missing = layout.required.iter().filter(|r| !r.split('|').any(has)).cloned().collect();
}

fn shallow(node: &Node, at: crate::domain::finding::SourceRef, findings: &mut Findings) {
    let shown = value::shown(&node.key, 60);
    findings.hold(
        "group_without_rows",
        at,
        format!("у «{shown}» есть сумма, но нет строк под ней; разверните все группы отчёта и выгрузите снова"),
        format!("“{shown}” has a sum but no rows below it; expand all groups of the report and export again"),
    );
}
