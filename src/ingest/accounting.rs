//! The chosen sheets of an accounting file become one table: documents and cards, the title's facts, totals, and what
//! speaks against using it. Deliberately absent: choosing the sheets, and the merge with files read before.

use super::{
    choose::{Chosen, Found},
    counterparties, currency, document,
    document_set::{DocumentSet, Repeats},
    header::Header,
    interpret::{ParseRequest, Parsed},
    layout, money_columns,
    place::{Findings, Place},
    raw::{RawSheet, RawWorkbook},
    refusal, sales, seen_column, shape,
    sink::Sink,
    tally::Tally,
    title, understanding, unread, value,
};
use crate::domain::{
    inbox::{AccountingTable, DateSpan, TableKind},
    money::{Money, Rate},
    sale::Sale,
};

/// A sheet of sales ready to be read: as it stands, or laid out anew.
struct Ready<'a> {
    found: &'a Found<'a>,
    place: Place,
    sheet: &'a RawSheet,
    laid: Option<shape::Laid>,
}

impl Ready<'_> {
    fn sheet(&self) -> &RawSheet {
        self.laid.as_ref().map_or(self.sheet, |laid| &laid.sheet)
    }

    fn header(&self) -> &Header {
        self.laid.as_ref().map_or(&self.found.header, |laid| &laid.header)
    }

    fn place(&self) -> &Place {
        self.laid.as_ref().map_or(&self.place, |laid| &laid.place)
    }
}

/// Reads the sheets; the facts go into the sink.
pub fn read(
    book: &RawWorkbook,
    chosen: &Chosen<'_>,
    request: &ParseRequest,
    sink: &mut dyn Sink,
    findings: &mut Findings,
) -> Parsed {
    let mut table = AccountingTable::default();
    let ready: Vec<Ready<'_>> = chosen.sales.iter().filter_map(|found| ready(book, found, findings)).collect();
    let base = base_currency(&ready, request);
    let request = ParseRequest { base_currency: base.clone(), ..request.clone() };
    for item in &ready {
        about_title(item.found, &mut table);
    }
    let mut repeats = Repeats::default();
    for item in &ready {
        let column = item.header().column("number").or(item.header().column("document"));
        repeats.count(item.sheet(), item.header().last + 1, column);
    }
    let mut tally = Tally::new(sink, &base, table.period);
    let mut set = DocumentSet::new(&mut tally, repeats.settle());
    let mut printed = Vec::new();
    for item in &ready {
        let found = item.found;
        let row = item.sheet.number(found.header.last);
        let used = item.laid.as_ref().map_or_else(Vec::new, |laid| laid.used.clone());
        about_columns(item.header(), &found.header, &used, &item.place, row, findings);
        let input = sales::Input {
            sheet: item.sheet(),
            header: item.header(),
            layout: found.layout,
            title: &found.title,
            place: item.place(),
            request: &request,
        };
        let out = sales::read(input, &mut set, findings);
        printed.push(out.printed_total);
        let filter = found.title.filter.clone().or(out.filter);
        about_filter(filter, &item.place, &request, &mut table, findings);
    }
    set.finish(findings);
    cards(book, chosen, &request, &mut tally, &mut table, findings);
    let is_sales = !chosen.sales.is_empty();
    if is_sales {
        table.grain = ready.iter().filter_map(|r| r.laid.as_ref()).map(|l| l.grain).max().unwrap_or_default();
        table.total = Some(tally.total);
        table.printed_total = printed.iter().copied().sum::<Option<Money>>().filter(|_| !printed.is_empty());
        tally.notes(&book.file, findings);
    }
    let rows = if is_sales { tally.sales } else { tally.cards };
    if rows == 0 && findings.has("rows_left_out") {
        findings.hold(
            "nothing_counts",
            Place::new(&book.file, "").whole(),
            "ни одна строка отчёта не считается продажей: почему, сказано в замечании о неучтённых строках; сформируйте отчёт иначе или выгрузите список документов «Реализация»",
            "no row of the report counts as a sale: the remark about rows left out says why; make the report otherwise or export the list of sales documents",
        );
    } else if rows == 0 && !findings.holds() {
        findings.hold(
            "no_rows",
            Place::new(&book.file, "").whole(),
            "под заголовком нет ни одной строки с продажей или контрагентом; проверьте период и вид отчёта",
            "there is no row with a sale or counterparty below the header; check the period and kind of the report",
        );
    }
    let main = chosen.sales.first().or(chosen.cards.first());
    let sheet = main.and_then(|f| book.sheets.get(f.sheet));
    let row = |index: usize| sheet.map_or(0, |s| s.number(index));
    let shape = ready.first().and_then(|r| r.laid.as_ref()).map(|l| &l.shape);
    let grouped = shape.is_some_and(|shape| shape.levels.len() > 1);
    Parsed {
        kind: if is_sales { TableKind::Sales } else { TableKind::Counterparties },
        sheet: sheet.map_or_else(String::new, |s| s.name.clone()),
        header_rows: main.map_or((0, 0), |f| (row(f.header.first), row(f.header.last))),
        columns: main.map_or_else(Vec::new, |f| seen_column::of(&f.header, sheet, grouped)),
        rows,
        understood: main.map_or_else(Vec::new, |f| understanding::of(f, shape, &table)),
        layout: main.map_or_else(String::new, |f| {
            layout::toml(&layout::Draft { file: &book.file, layout: f.layout, header: &f.header, shape })
        }),
        accounting: Some(table),
        ..Parsed::refused(Vec::new())
    }
}

/// Lays a sheet out; `None` when it cannot be read, which the findings say.
fn ready<'a>(book: &'a RawWorkbook, found: &'a Found<'a>, findings: &mut Findings) -> Option<Ready<'a>> {
    let sheet = book.sheets.get(found.sheet)?;
    let place = Place::new(&book.file, &sheet.name);
    let (header, layout, title) = (&found.header, found.layout, &found.title);
    let outcome = shape::lay_out(shape::Input { sheet, header, layout, title, place: &place }, findings);
    let laid = match outcome {
        shape::Outcome::List => None,
        shape::Outcome::Laid(laid) => Some(*laid),
        shape::Outcome::Refused => return None,
    };
    if unread::check(sheet, found, laid.as_ref(), &place, findings) {
        return None;
    }
    let missing = laid.as_ref().map_or(&header.missing, |l| &l.header.missing);
    if let Some(words) = foreign_title(title) {
        findings.hold(
            "not_sales",
            place.whole(),
            format!("в заголовке отчёта стоит «{words}»: это не продажи; выгрузите список документов «Реализация (акты, накладные, УПД)»"),
            format!("the title of the report says “{words}”: these are no sales; export the list of sales documents"),
        );
        return None;
    }
    if laid.is_none() && header.column("date").is_none() && !has_dated_wording(sheet, header) {
        let at = place.row(sheet.number(header.last));
        refusal::missing_roles(&["date".to_owned()], layout, header.unclaimed(), &at, findings);
        return None;
    }
    if !missing.is_empty() {
        let at = place.row(sheet.number(header.last));
        refusal::missing_roles(missing, layout, header.unclaimed(), &at, findings);
        return None;
    }
    Some(Ready { found, place, sheet, laid })
}

/// The line of a title that names documents other than sales.
fn foreign_title(title: &title::Title) -> Option<String> {
    const FOREIGN: [&str; 9] = [
        "поступлени",
        "закупк",
        "платежные поруч",
        "платежное поруч",
        "счета на оплату",
        "заказы клиентов",
        "заказы поставщик",
        "заказы покупател",
        "списание с расчетного",
    ];
    let line = title.text.lines().find(|line| {
        let low = value::key(line);
        let sold = ["реализ", "продаж", "отгруз", "выручк"].iter().any(|word| low.contains(word));
        !sold && low.chars().count() < 120 && FOREIGN.iter().any(|word| low.contains(word))
    });
    line.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Whether the documents' wordings carry their dates.
fn has_dated_wording(sheet: &RawSheet, header: &Header) -> bool {
    let columns = ["number", "document"].map(|role| header.column(role));
    let mut rows = sheet.rows_from(header.last + 1).take(200);
    rows.any(|row| columns.iter().flatten().any(|c| document::split(&value::trimmed(row.cell(*c))).date.is_some()))
}

fn cards(
    book: &RawWorkbook,
    chosen: &Chosen<'_>,
    request: &ParseRequest,
    sink: &mut dyn Sink,
    table: &mut AccountingTable,
    findings: &mut Findings,
) {
    for found in &chosen.cards {
        let Some(sheet) = book.sheets.get(found.sheet) else { continue };
        let place = Place::new(&book.file, &sheet.name);
        if chosen.sales.is_empty() {
            about_columns(&found.header, &found.header, &[], &place, sheet.number(found.header.last), findings);
            about_title(found, table);
            about_filter(found.title.filter.clone(), &place, request, table, findings);
        } else {
            findings.note(
                "cards_beside_sales",
                place.whole(),
                format!("лист «{}» прочитан как список контрагентов", sheet.name),
                format!("sheet “{}” is read as the list of counterparties", sheet.name),
            );
        }
        counterparties::read(sheet, &found.header, &place, sink, findings);
    }
}

fn about_columns(header: &Header, written: &Header, used: &[usize], place: &Place, row: u32, findings: &mut Findings) {
    for (role, one, other) in &header.doubtful {
        let title = header.titles.get(one).map_or("", String::as_str);
        let decides = money_columns::ROLES.contains(&role.as_str())
            || matches!(role.as_str(), "date" | "number" | "counterparty" | "manager");
        let (a, b) = (place.cell(row, *one).cell(), place.cell(row, *other).cell());
        let (ru, en) = (
            format!("два столбца «{title}»: {a} и {b}; неясно, какой из них нужен, переименуйте лишний"),
            format!("there are two columns “{title}”: {a} and {b}; rename the one that is not meant"),
        );
        let at = place.cell(row, *other);
        if decides { findings.hold("column_twice", at, ru, en) } else { findings.warn("column_twice", at, ru, en) }
    }
    let levels = |column: usize| written.captions.get(&column).is_some_and(|roles| roles.len() > 1);
    let claimed =
        |column: usize| used.contains(&column) || levels(column) || written.columns.values().any(|c| *c == column);
    let unclaimed: Vec<&str> =
        written.titles.iter().filter(|(column, _)| !claimed(**column)).map(|(_, title)| title.as_str()).collect();
    if !unclaimed.is_empty() {
        findings.note(
            "columns_unused",
            place.row(row),
            format!("столбцы не используются: {}", unclaimed.join(", ")),
            format!("columns that are not used: {}", unclaimed.join(", ")),
        );
    }
}

fn about_title(found: &Found<'_>, table: &mut AccountingTable) {
    let title = &found.title;
    table.period = match (table.period, title.period) {
        (Some(a), Some(b)) => Some(DateSpan { from: a.from.min(b.from), to: a.to.max(b.to) }),
        (a, b) => a.or(b),
    };
    if table.organisation.is_none() {
        table.organisation.clone_from(&title.organisation);
    }
}

fn about_filter(
    filter: Option<(u32, String)>,
    place: &Place,
    request: &ParseRequest,
    table: &mut AccountingTable,
    findings: &mut Findings,
) {
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
            format!("отчёт выгружен с отбором: «{shown}»; в 1С: «Настройки» → «Отбор», снимите его и сформируйте отчёт заново; если отбор по этому полю продаж не убирает, впишите поле в sverka.toml, [accounting] harmless_filters"),
            format!("the report was exported with a filter: “{shown}”; in 1C clear Settings → Filter and make the report again; if this filter leaves no sale out, add its field to sverka.toml, [accounting] harmless_filters"),
        );
    }
    table.filter = Some(text);
}

/// The base currency: the one asked for, else the most frequent of the file, else roubles.
fn base_currency(ready: &[Ready<'_>], request: &ParseRequest) -> String {
    if !request.base_currency.is_empty() {
        return request.base_currency.clone();
    }
    let mut counts: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    for item in ready {
        let Some(column) = item.header().column("currency") else {
            if let Some(unit) = item.header().unit {
                *counts.entry(unit.to_owned()).or_default() += 1;
            }
            continue;
        };
        for row in item.sheet().rows_from(item.header().last + 1) {
            let written = super::value::trimmed(row.cell(column));
            if !written.is_empty() {
                let code = currency::code(&written, "", &[]).unwrap_or_else(|other| other);
                *counts.entry(code).or_default() += 1;
            }
        }
    }
    let most = counts.into_iter().max_by_key(|(code, n)| (*n, std::cmp::Reverse(code.clone())));
    most.map_or_else(|| "RUB".to_owned(), |(code, _)| code)
}

/// Documents dated outside a span: the first, their number, and their share of all documents (rounded down).
pub fn outside(sales: &[Sale], span: DateSpan) -> Option<(&Sale, usize, Rate)> {
    let beyond = |sale: &&Sale| sale.date < span.from || sale.date > span.to;
    let first = sales.iter().find(beyond)?;
    let count = sales.iter().filter(beyond).count();
    Some((first, count, Rate::of(count as i64, sales.len() as i64)?))
}
