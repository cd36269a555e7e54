//! Crosstabs: months side by side, the same measures under each. Each row becomes one row a month; «Итого» at the right
//! and at the bottom is proven. Deliberately absent: crosstabs of anything but periods.

use chrono::Datelike;

use super::{
    Input, Laid, Shape, Step,
    figures::{self, Figure, Figures},
    flat::Flat,
    turnover,
};
use crate::{
    domain::{
        inbox::{DateSpan, Grain},
        money::Money,
        period::Period,
        text::Lang,
        words,
    },
    ingest::{
        money_columns::ROLES,
        period_words,
        place::Findings,
        raw::Row,
        totals::{self, Label},
        value::{self, key},
    },
};

/// A caption over columns of a period.
#[derive(Clone, Debug)]
struct Group {
    caption: String,
    span: DateSpan,
    /// Column of each money role, in the order of `ROLES`.
    columns: [Option<usize>; ROLES.len()],
}

#[derive(Clone, Debug)]
struct Crosstab {
    groups: Vec<Group>,
    /// Column of the amounts under «Итого».
    total: Option<usize>,
    /// First and last column that belongs to the periods.
    from: usize,
    until: usize,
}

/// All columns of money in the periods; none when the table is no crosstab.
pub(super) fn columns(input: Input<'_>) -> Vec<usize> {
    find(input).map_or_else(Vec::new, |found| {
        found.groups.iter().flat_map(|g| g.columns).flatten().chain(found.total).collect()
    })
}

/// Lays the months out one below the other.
pub(super) fn unfold(input: Input<'_>, shape: Shape, findings: &mut Findings) -> Step {
    let Some(found) = find(input) else { return Step::Same };
    let Input { sheet, header, place, .. } = input;
    for group in found.groups.iter().filter(|g| Period::of(g.span.from) != Period::of(g.span.to)) {
        turnover::too_long(group.span, place, findings);
    }
    let dated = header.column("number").is_some() || header.column("date").is_some();
    let all: Vec<usize> = found.groups.iter().flat_map(|g| g.columns).flatten().chain(found.total).collect();
    let figures = Figures::decide(sheet, header.last + 1, &all);
    let mut flat = Flat::new(sheet, header, place);
    let money: Vec<(usize, usize)> = ROLES
        .iter()
        .enumerate()
        .filter(|(_, role)| header.column(role).is_some())
        .map(|(slot, role)| (slot, flat.column(role, header.column(role).unwrap_or_default())))
        .collect();
    for (_, column) in &money {
        flat.own(*column);
    }
    flat.header().doubtful.retain(|(role, _, _)| !ROLES.contains(&role.as_str()));
    let stamps = (!dated).then(|| {
        let key = header.column("counterparty").unwrap_or_default();
        (flat.column("date", key), flat.column("number", key))
    });
    let mut proof = Proof { sums: vec![Some(Money::ZERO); all.len()] };
    for row in sheet.rows_from(header.last + 1) {
        let read = figures.read(row);
        let of = |column: usize| all.iter().position(|c| *c == column).and_then(|at| read.get(at)).copied();
        match totals::label(row) {
            Some(Label::Grand) => {
                proof.check_columns(&all, &read, row, input, findings);
                flat.begin(row, None);
                copy_outside(&mut flat, row, &found);
                for (slot, column) in &money {
                    let parts = found.groups.iter().filter_map(|g| g.columns.get(*slot).copied().flatten());
                    let sum = parts.filter_map(of).filter_map(amount).try_fold(Money::ZERO, Money::checked_add);
                    if let Some(sum) = sum {
                        flat.put(*column, figures::cell(Figure::Amount(sum), crate::ingest::raw::RawCell::Empty));
                    }
                }
                continue;
            }
            Some(Label::Part) => continue,
            None => proof.add(&read),
        }
        across(&found, &of, row, input, findings);
        for group in &found.groups {
            let amounts = group.columns.map(|c| c.and_then(of).unwrap_or(Figure::Empty));
            if amounts.iter().all(|f| matches!(f, Figure::Empty | Figure::Amount(Money::ZERO))) {
                continue;
            }
            flat.begin(row, group.columns[0]);
            copy_outside(&mut flat, row, &found);
            for (slot, column) in &money {
                if let (Some(figure), Some(Some(from))) = (amounts.get(*slot), group.columns.get(*slot)) {
                    flat.put(*column, figures::cell(*figure, row.cell(*from)));
                }
            }
            if let Some(stamps) = stamps {
                turnover::stamp(&mut flat, stamps, group.span, &turnover::who(input, row));
            }
        }
    }
    flat.header().missing.clear();
    let (sheet, header, place) = flat.finish();
    let periods = found.groups.iter().map(|g| g.caption.clone()).collect();
    let grain = if dated { Grain::Documents } else { Grain::Turnovers };
    Step::Laid(Box::new(Laid { sheet, header, place, grain, shape: Shape { periods, ..shape }, used: all }))
}

fn amount(figure: Figure) -> Option<Money> {
    if let Figure::Amount(amount) = figure { Some(amount) } else { None }
}

fn copy_outside(flat: &mut Flat<'_>, row: Row<'_>, found: &Crosstab) {
    for (column, cell) in row.cells().enumerate().filter(|(c, _)| *c < found.from || *c > found.until) {
        flat.put(column, cell);
    }
}

/// «Итого» at the right of a row equals its months.
fn across(
    found: &Crosstab,
    of: &impl Fn(usize) -> Option<Figure>,
    row: Row<'_>,
    input: Input<'_>,
    findings: &mut Findings,
) {
    let Some((column, Some(Figure::Amount(total)))) = found.total.map(|c| (c, of(c))) else { return };
    let months = found.groups.iter().filter_map(|g| g.columns[0]).filter_map(of).filter_map(amount);
    if months.clone().try_fold(Money::ZERO, Money::checked_add) != Some(total) {
        let sum: Money = months.sum();
        let (ru, en) = (|m| words::money(m, Lang::Ru), |m| words::money(m, Lang::En));
        findings.hold(
            "total_mismatch",
            input.place.cell(row.number, column),
            format!("итог строки {}, а по месяцам выходит {}; выгрузите отчёт заново целиком", ru(total), ru(sum)),
            format!(
                "the total of the row is {}, its months add up to {}; export the whole report again",
                en(total),
                en(sum)
            ),
        );
    }
}

struct Proof {
    sums: Vec<Option<Money>>,
}

impl Proof {
    fn add(&mut self, read: &[Figure]) {
        for (sum, figure) in self.sums.iter_mut().zip(read) {
            *sum = match figure {
                Figure::Empty => *sum,
                Figure::Amount(amount) => sum.and_then(|s| s.checked_add(*amount)),
                Figure::Unsure => None,
            };
        }
    }

    fn check_columns(&self, all: &[usize], read: &[Figure], row: Row<'_>, input: Input<'_>, findings: &mut Findings) {
        for ((column, sum), figure) in all.iter().zip(&self.sums).zip(read) {
            if let (Some(sum), Figure::Amount(total)) = (sum, figure)
                && sum != total
            {
                let (ru, en) = (|m| words::money(m, Lang::Ru), |m| words::money(m, Lang::En));
                findings.hold(
                    "total_mismatch",
                    input.place.cell(row.number, *column),
                    format!("итог столбца {}, а сумма строк {}; выгрузите отчёт заново целиком", ru(*total), ru(*sum)),
                    format!(
                        "the total of the column is {}, its rows sum up to {}; export the whole report again",
                        en(*total),
                        en(*sum)
                    ),
                );
            }
        }
    }
}

/// Finds the captions of periods in the header or in the row right above it.
fn find(input: Input<'_>) -> Option<Crosstab> {
    let Input { sheet, header, title, .. } = input;
    let year = title.period.map(|p| p.to.year()).filter(|year| title.period.is_some_and(|p| p.from.year() == *year));
    let rows = header.first.saturating_sub(1)..=header.last;
    rows.filter_map(|index| sheet.row(index)).find_map(|row| {
        let captions: Vec<(usize, String)> = row
            .cells()
            .enumerate()
            .filter(|(_, cell)| !value::is_empty(*cell))
            .map(|(column, cell)| (column, value::trimmed(cell)))
            .collect();
        let width =
            (header.first.saturating_sub(1)..=header.last).filter_map(|i| sheet.row(i)).map(|r| r.width()).max();
        let width = width.unwrap_or(0);
        let end = |at: usize| captions.get(at + 1).map_or(width, |(next, _)| *next);
        let mut found = Crosstab { groups: Vec::new(), total: None, from: usize::MAX, until: 0 };
        let first_amount = header.column("amount");
        for (at, (start, caption)) in captions.iter().enumerate() {
            let is_total = matches!(key(caption).as_str(), "итого" | "всего" | "общий итог" | "total");
            let columns = |slot: usize| measure(input, ROLES.get(slot)?, (*start, end(at)));
            if let Some(span) = period_words::caption(caption, year) {
                let columns = std::array::from_fn(columns);
                found.groups.push(Group { caption: caption.clone(), span, columns });
            } else if is_total && !found.groups.is_empty() {
                found.total = columns(0);
            } else {
                continue;
            }
            found.from = found.from.min(*start);
            found.until = found.until.max(end(at).saturating_sub(1));
        }
        let amounts = found.groups.iter().filter(|g| g.columns[0].is_some()).count();
        let inside = first_amount.is_some_and(|c| (found.from..=found.until).contains(&c));
        let real = amounts == found.groups.len() && inside && (amounts >= 2 || (amounts == 1 && is_bare(input)));
        real.then_some(found)
    })
}

/// Whether the only period's caption is itself the header of the amounts.
fn is_bare(input: Input<'_>) -> bool {
    period_words::caption(input.header.title("amount"), Some(2000)).is_some()
}

/// The column of a role among those under a caption: the one whose own header is that of the role's first column, or
/// the only one.
fn measure(input: Input<'_>, role: &str, (start, end): (usize, usize)) -> Option<usize> {
    let first = input.header.column(role)?;
    if (start..end).contains(&first) {
        return Some(first);
    }
    let own = |column: usize| {
        let row = input.sheet.row(input.header.last)?;
        Some(key(&value::text(row.cell(column)))).filter(|text| !text.is_empty())
    };
    if end == start + 1 && role == "amount" {
        return Some(start);
    }
    let wanted = own(first)?;
    (start..end).find(|column| own(*column).as_ref() == Some(&wanted))
}
