//! Rows without documents are turnovers: one a buyer (and seller) over the printed period, dated by its last day and
//! numbered by the period and whom it is about, so that the same report again tells the same. Deliberately absent:
//! spreading a quarter over its months (nobody knows how).

use super::{Input, Laid, Shape, Step, flat::Flat};
use crate::{
    domain::{
        inbox::{DateSpan, Grain},
        period::Period,
    },
    ingest::{
        period_words,
        place::Findings,
        raw::{RawCell, Row},
        totals, value,
    },
};

/// Dates and numbers the rows of a list of turnovers that came out of groups.
pub(super) fn after_groups(laid: Laid, input: Input<'_>, findings: &mut Findings) -> Step {
    // A crosstab dates its rows itself.
    if !super::crosstab::columns(input).is_empty() {
        return Step::Laid(Box::new(laid));
    }
    let shape = laid.shape.clone();
    let again = Input { sheet: &laid.sheet, header: &laid.header, place: &laid.place, ..input };
    dated(again, shape, findings)
}

/// Dates and numbers the rows of a list that has neither.
pub(super) fn dated(input: Input<'_>, shape: Shape, findings: &mut Findings) -> Step {
    let Input { sheet, header, title, place, .. } = input;
    if header.column("date").is_some() || header.column("number").is_some() {
        return Step::Same;
    }
    let Some(span) = title.period.or_else(|| (header.column("month").is_some()).then_some(EMPTY)) else {
        findings.hold(
            "no_period",
            place.whole(),
            "в отчёте обороты по покупателям без документов, а период в заголовке не напечатан; выгрузите отчёт с периодом в заголовке",
            "the report holds turnovers by buyer without documents and prints no period; export it with its period in the title",
        );
        return Step::Refused;
    };
    let mut flat = Flat::new(sheet, header, place);
    let key = header.column("counterparty").unwrap_or(0);
    let (date, number) = (flat.column("date", key), flat.column("number", key));
    for row in sheet.rows_from(header.last + 1) {
        flat.begin(row, None);
        flat.copy(row);
        if (totals::label(row).is_some() && !is_keyed(input, row)) || !has_party(input, row) {
            continue;
        }
        let month = header.column("month").map(|c| value::trimmed(row.cell(c)));
        let own = month.and_then(|m| period_words::caption(&m, title.period.map(|p| chrono::Datelike::year(&p.to))));
        let Some(span) = own.or(title.period) else { continue };
        stamp(&mut flat, (date, number), span, &who(input, row));
    }
    flat.header().missing.clear();
    let (sheet, header, place) = flat.finish();
    if span != EMPTY && Period::of(span.from) != Period::of(span.to) && header.column("month").is_none() {
        too_long(span, &place, findings);
    }
    Step::Laid(Box::new(Laid { sheet, header, place, grain: Grain::Turnovers, shape, used: Vec::new() }))
}

/// A span that stands for none.
const EMPTY: DateSpan = DateSpan { from: chrono::NaiveDate::MIN, to: chrono::NaiveDate::MIN };

/// Says that a turnover over several months belongs to no pay period.
pub(super) fn too_long(span: DateSpan, place: &crate::ingest::place::Place, findings: &mut Findings) {
    let (from, to) = (span.from.format("%d.%m.%Y"), span.to.format("%d.%m.%Y"));
    findings.hold(
        "period_not_a_month",
        place.whole(),
        format!("обороты за {from} – {to} не относятся к одному месяцу, премию по ним считать нельзя; выгрузите отчёт за каждый месяц отдельно"),
        format!("turnovers over {} to {} belong to no single month, no bonus can rest on them; export the report month by month", span.from, span.to),
    );
}

/// Writes the date and number of a turnover.
pub(super) fn stamp(flat: &mut Flat<'_>, (date, number): (usize, usize), span: DateSpan, who: &str) {
    flat.put(date, RawCell::Text(&span.to.format("%d.%m.%Y").to_string()));
    let days = if Period::of(span.from) == Period::of(span.to) && span.from == Period::of(span.from).from() {
        span.to.format("%m.%Y").to_string()
    } else {
        format!("{}–{}", span.from.format("%d.%m.%Y"), span.to.format("%d.%m.%Y"))
    };
    flat.put(number, RawCell::Text(&format!("обороты {days} {who}")));
}

/// Whom a turnover is about: seller and buyer, as written.
pub(super) fn who(input: Input<'_>, row: Row<'_>) -> String {
    let parts = ["manager", "counterparty_code", "inn", "counterparty"]
        .map(|role| input.header.column(role).map_or_else(String::new, |c| value::trimmed(row.cell(c))));
    let filled: Vec<String> = parts.into_iter().filter(|p| !p.is_empty()).map(|p| first_line(&p)).collect();
    filled.join(" / ")
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().trim().to_owned()
}

/// Whether a buyer and something else that identifies the row stand in it, so that it is no total.
fn is_keyed(input: Input<'_>, row: Row<'_>) -> bool {
    let roles = ["counterparty", "manager", "inn", "counterparty_code"];
    let columns = roles.iter().filter_map(|role| input.header.column(role));
    columns.filter(|column| !value::is_empty(row.cell(*column))).count() > 1
}

fn has_party(input: Input<'_>, row: Row<'_>) -> bool {
    ["counterparty", "inn", "counterparty_code"]
        .iter()
        .filter_map(|role| input.header.column(role))
        .any(|column| !value::is_empty(row.cell(column)))
}
