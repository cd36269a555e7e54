//! The chosen sheets of an accounting file become one table: documents and cards, the title's facts, totals, and what
//! speaks against using it. Deliberately absent: choosing the sheets, and the merge with files read before.

use std::collections::BTreeMap;

use super::{
    choose::{Chosen, Found},
    counterparties,
    document_set::DocumentSet,
    interpret::{ParseRequest, Parsed},
    place::{Findings, Place},
    raw::RawWorkbook,
    sales, title,
};
use crate::domain::{
    inbox::{AccountingTable, DateSpan, TableKind},
    money::{Money, Rate},
    sale::Sale,
};

/// Reads the sheets.
pub fn read(book: &RawWorkbook, chosen: Chosen, request: &ParseRequest, findings: &mut Findings) -> Parsed {
    let mut table = AccountingTable::default();
    let mut set = DocumentSet::default();
    let mut printed = Vec::new();
    for found in &chosen.sales {
        let Some(sheet) = book.sheets.get(found.sheet) else { continue };
        let place = Place::new(&book.file, &sheet.name);
        about_columns(found, &place, sheet.rows.get(found.header.last).map_or(0, |r| r.number), findings);
        let input = sales::Input { sheet, header: &found.header, title: &found.title, place: &place, request };
        let out = sales::read(input, &mut set, findings);
        printed.push(out.printed_total);
        let filter = found.title.filter.clone().or(out.filter);
        about_title(found, filter, &place, request, &mut table, findings);
    }
    table.sales = set.into_sales();
    for found in &chosen.cards {
        let Some(sheet) = book.sheets.get(found.sheet) else { continue };
        let place = Place::new(&book.file, &sheet.name);
        if chosen.sales.is_empty() {
            about_columns(found, &place, sheet.rows.get(found.header.last).map_or(0, |r| r.number), findings);
            about_title(found, found.title.filter.clone(), &place, request, &mut table, findings);
        } else {
            findings.note(
                "cards_beside_sales",
                place.whole(),
                format!("лист «{}» прочитан как список контрагентов", sheet.name),
                format!("sheet “{}” is read as the list of counterparties", sheet.name),
            );
        }
        table.cards.extend(counterparties::read(sheet, &found.header, &place, findings));
    }
    let is_sales = !chosen.sales.is_empty();
    if is_sales {
        let base = settle_currency(&mut table.sales, request, &book.file, findings);
        table.total = Some(table.sales.iter().filter(|s| s.currency == base).map(|s| s.amount).sum());
        table.printed_total = printed.iter().copied().sum::<Option<Money>>().filter(|_| !printed.is_empty());
        outside_period(&table, &book.file, findings);
    }
    let rows = if is_sales { table.sales.len() } else { table.cards.len() };
    if rows == 0 {
        findings.hold(
            "no_rows",
            Place::new(&book.file, "").whole(),
            "под заголовком нет ни одной строки; проверьте период отчёта",
            "there is no row below the header; check the period of the report",
        );
    }
    let main = chosen.sales.first().or(chosen.cards.first());
    let sheet = main.and_then(|f| book.sheets.get(f.sheet));
    let row = |index: usize| sheet.and_then(|s| s.rows.get(index)).map_or(0, |r| r.number);
    Parsed {
        kind: if is_sales { TableKind::Sales } else { TableKind::Counterparties },
        sheet: sheet.map_or_else(String::new, |s| s.name.clone()),
        header_rows: main.map_or((0, 0), |f| (row(f.header.first), row(f.header.last))),
        columns: main.map_or_else(Vec::new, |f| f.header.listing()),
        rows: rows as u64,
        accounting: Some(table),
        ..Parsed::refused(Vec::new())
    }
}

fn about_columns(found: &Found, place: &Place, row: u32, findings: &mut Findings) {
    let header = &found.header;
    for (role, one, other) in &header.doubtful {
        let title = header.titles.get(one).map_or("", String::as_str);
        let decides =
            matches!(role.as_str(), "date" | "number" | "counterparty" | "amount" | "net" | "margin" | "bonus");
        let (a, b) = (place.cell(row, *one).cell(), place.cell(row, *other).cell());
        let (ru, en) = (
            format!("два столбца «{title}»: {a} и {b}; неясно, какой из них нужен, переименуйте лишний"),
            format!("there are two columns “{title}”: {a} and {b}; rename the one that is not meant"),
        );
        let at = place.cell(row, *other);
        if decides { findings.hold("column_twice", at, ru, en) } else { findings.warn("column_twice", at, ru, en) }
    }
    let unclaimed = header.unclaimed();
    if !unclaimed.is_empty() {
        findings.note(
            "columns_unused",
            place.row(row),
            format!("столбцы не используются: {}", unclaimed.join(", ")),
            format!("columns that are not used: {}", unclaimed.join(", ")),
        );
    }
}

fn about_title(
    found: &Found,
    filter: Option<(u32, String)>,
    place: &Place,
    request: &ParseRequest,
    table: &mut AccountingTable,
    findings: &mut Findings,
) {
    let title = &found.title;
    table.period = match (table.period, title.period) {
        (Some(a), Some(b)) => Some(DateSpan { from: a.from.min(b.from), to: a.to.max(b.to) }),
        (a, b) => a.or(b),
    };
    if table.organisation.is_none() {
        table.organisation.clone_from(&title.organisation);
    }
    let Some((row, text)) = filter else { return };
    let shown = text.replace('\n', " ");
    if title::is_harmless(&text, &request.harmless_filters) {
        findings.note(
            "filter_harmless",
            place.row(row),
            format!("отбор данных не сужает: {shown}"),
            format!("the filter does not narrow the data: {shown}"),
        );
    } else {
        findings.hold(
            "filter_present",
            place.row(row),
            format!("отчёт выгружен с отбором: «{shown}»; выгрузите без отбора или впишите поле в accounting.harmless_filters"),
            format!("the report was exported with a filter: “{shown}”; export it without one or add the field to accounting.harmless_filters"),
        );
    }
    table.filter = Some(text);
}

/// Settles the base currency when the request leaves it open, notes the others, and returns it.
fn settle_currency(sales: &mut [Sale], request: &ParseRequest, file: &str, findings: &mut Findings) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for sale in sales.iter() {
        *counts.entry(sale.currency.as_str()).or_default() += 1;
    }
    let most =
        counts.iter().filter(|(code, _)| !code.is_empty()).max_by_key(|(code, n)| (**n, std::cmp::Reverse(**code)));
    let base = match (request.base_currency.as_str(), most) {
        ("", Some((code, _))) => (*code).to_owned(),
        ("", None) => "RUB".to_owned(),
        (given, _) => given.to_owned(),
    };
    for sale in sales.iter_mut().filter(|s| s.currency.is_empty()) {
        sale.currency.clone_from(&base);
    }
    let mut others: BTreeMap<&str, (usize, Money)> = BTreeMap::new();
    for sale in sales.iter().filter(|s| s.currency != base) {
        let (count, sum) = others.entry(sale.currency.as_str()).or_default();
        *count += 1;
        *sum += sale.amount;
    }
    for (code, (count, sum)) in others {
        findings.note(
            "other_currency",
            Place::new(file, "").whole(),
            format!("документов в валюте {code}: {count} на {sum}; они показываются отдельно и не считаются"),
            format!("documents in {code}: {count}, {sum} in all; they are listed apart and not computed"),
        );
    }
    base
}

fn outside_period(table: &AccountingTable, file: &str, findings: &mut Findings) {
    let Some(span) = table.period else { return };
    let Some((first, count, share)) = outside(&table.sales, span) else { return };
    let (percent, hundredths) = (share.bp() / 100, share.bp() % 100);
    findings.warn(
        "outside_period",
        first.source.clone(),
        format!(
            "документов вне периода {} – {} из заголовка: {count} ({percent},{hundredths:02} %); первый от {}",
            span.from.format("%d.%m.%Y"),
            span.to.format("%d.%m.%Y"),
            first.date.format("%d.%m.%Y"),
        ),
        format!(
            "documents outside the period {} to {} of the title: {count} ({percent}.{hundredths:02} %); the first of {} in {file}",
            span.from, span.to, first.date,
        ),
    );
}

/// Documents dated outside a span: the first, their number, and their share of all documents (rounded down).
pub fn outside(sales: &[Sale], span: DateSpan) -> Option<(&Sale, usize, Rate)> {
    let beyond = |sale: &&Sale| sale.date < span.from || sale.date > span.to;
    let first = sales.iter().find(beyond)?;
    let count = sales.iter().filter(beyond).count();
    Some((first, count, Rate::of(count as i64, sales.len() as i64)?))
}
