//! Which sheets of a file are meant, and what they are: a company's own layout first, then a report known by its title,
//! then the kind with the most recognised headers. Two kinds that fit equally well are a question for a person.
//! Deliberately absent: reading the rows, and the words of a refusal (`refusal`).

use super::{
    crm::table::{self, CrmTable},
    header::{self, Header},
    interpret::{ParseRequest, Want},
    layout::{self, Layout},
    place::{Findings, Place},
    raw::{RawSheet, RawWorkbook},
    refusal,
    seen_column::SeenColumn,
    seller_column, shape,
    title::{self, Title},
    unread,
    value::key,
};
use crate::domain::inbox::TableKind;

/// Rows in which the words of a title are looked for.
const HEAD: usize = 12;

/// A sheet with a header of accounting.
#[derive(Clone, Debug)]
pub struct Found<'a> {
    /// Index in the workbook.
    pub sheet: usize,
    /// Layout that it was found by.
    pub layout: &'a Layout,
    /// Header.
    pub header: Header,
    /// Title block.
    pub title: Title,
    /// Whether it can be read.
    pub complete: bool,
}

/// Sheets of accounting to read.
#[derive(Clone, Debug, Default)]
pub struct Chosen<'a> {
    /// Lists of sales.
    pub sales: Vec<Found<'a>>,
    /// Lists of counterparties.
    pub cards: Vec<Found<'a>>,
}

/// What came nearest when nothing fits.
#[derive(Clone, Debug)]
pub struct Near {
    /// Kind that it comes near to, or unknown.
    pub kind: TableKind,
    /// Sheet.
    pub sheet: String,
    /// Header rows, 1-based.
    pub header_rows: (u32, u32),
    /// Recognised columns.
    pub columns: Vec<SeenColumn>,
    /// Description of what was recognised, to be completed by hand.
    pub draft: String,
}

/// The decision.
#[derive(Debug)]
pub enum Choice<'a> {
    /// Accounting.
    Accounting(Chosen<'a>),
    /// A CRM table, with the name of its sheet.
    Crm(String, Box<CrmTable>),
    /// Nothing fits; the findings say why.
    Nothing(Near),
}

impl Chosen<'_> {
    /// Indexes of all sheets.
    fn sheets(&self) -> Vec<usize> {
        self.sales.iter().chain(&self.cards).map(|found| found.sheet).collect()
    }
}

/// Everything that was seen of the sheets.
pub(super) struct Seen<'a, 'b> {
    pub sheets: Vec<(usize, &'b RawSheet)>,
    pub sales: Vec<Found<'a>>,
    pub cards: Vec<Found<'a>>,
    /// Reports known by their title that hold no sales.
    pub refused: Vec<(usize, &'a Layout)>,
}

/// Decides.
pub fn choose<'a>(book: &RawWorkbook, request: &'a ParseRequest, findings: &mut Findings) -> Choice<'a> {
    let meant = |sheet: &RawSheet| request.sheet.is_empty() || key(&sheet.name) == key(&request.sheet);
    let shown = |sheet: &RawSheet| !sheet.hidden || !request.sheet.is_empty();
    let sheets: Vec<(usize, &RawSheet)> =
        book.sheets.iter().enumerate().filter(|(_, s)| meant(s) && shown(s) && !s.is_empty()).collect();
    let mut seen = Seen { sheets, sales: Vec::new(), cards: Vec::new(), refused: Vec::new() };
    if request.want != Want::Crm {
        for (index, sheet) in seen.sheets.clone() {
            look(&mut seen, index, sheet, &book.file, request);
        }
    }
    let complete = |list: &[Found<'a>]| list.iter().filter(|f| f.complete).cloned().collect::<Vec<Found<'a>>>();
    let mut chosen = Chosen { sales: complete(&seen.sales), cards: complete(&seen.cards) };
    chosen.cards.retain(|found| are_parties(book, found));
    let mut crm = crm_tables(&seen.sheets, book, request);
    // Rows with the date, number and buyer of a document are no companies, even if the amount was not recognised; nor are
    // turnovers by months, even if nobody knows of which year.
    let documents: Vec<&str> = seen
        .sales
        .iter()
        .filter(|f| are_documents(f) || f.header.month_amount)
        .filter_map(|f| book.sheets.get(f.sheet))
        .map(|s| s.name.as_str())
        .collect();
    crm.retain(|(sheet, table)| {
        let parties = matches!(table.kind, TableKind::CrmCompanies | TableKind::CrmContacts);
        !(parties && documents.contains(&sheet.as_str()))
    });
    // A name and a code are anybody's: without more they are a list of the CRM only where such a list is expected.
    let unsure = request.want == Want::Any && crm.iter().any(|(_, table)| !says_parties(table));
    if unsure {
        crm.retain(|(_, table)| says_parties(table));
    }

    let score = |list: &[Found<'_>]| list.iter().map(|f| f.header.score()).max().unwrap_or(0);
    let best_accounting = if chosen.sales.is_empty() { score(&chosen.cards) } else { score(&chosen.sales) };
    let best_crm = crm.iter().map(|(_, t)| t.header_score as usize).max().unwrap_or(0);
    if best_accounting == 0 && best_crm == 0 {
        if unsure && refusal::unsure(book, &seen, findings) {
            return Choice::Nothing(refusal::near(book, None, TableKind::Unknown));
        }
        return Choice::Nothing(refusal::nothing(book, &seen, request, findings));
    }
    if best_accounting == best_crm {
        findings.hold(
            "kind_tie",
            Place::new(&book.file, "").whole(),
            "таблица одинаково похожа и на выгрузку бухгалтерии, и на выгрузку CRM; переименуйте столбцы или положите файл в папку своего источника",
            "the table looks equally like an export of accounting and of the CRM; rename its columns or put it into the folder of its source",
        );
        return Choice::Nothing(refusal::near(book, chosen.sales.first().or(chosen.cards.first()), TableKind::Unknown));
    }
    if best_accounting > best_crm {
        let narrowed = narrow(book, chosen, findings);
        if !narrowed.sales.is_empty() && request.sheet.is_empty() {
            unread::other_sheets(book, &narrowed, &seen.sales, findings);
        }
        unread::unused_sheets(book, &seen.sheets, &narrowed.sheets(), findings);
        return Choice::Accounting(narrowed);
    }
    let choice = one_crm_table(crm, book, findings);
    if let Choice::Crm(name, _) = &choice {
        let read: Vec<usize> = seen.sheets.iter().filter(|(_, s)| s.name == *name).map(|(index, _)| *index).collect();
        unread::unused_sheets(book, &seen.sheets, &read, findings);
    }
    choice
}

/// Looks at a sheet with every layout that may fit.
fn look<'a>(seen: &mut Seen<'a, '_>, index: usize, sheet: &RawSheet, file: &str, request: &'a ParseRequest) {
    let head = head(sheet);
    let found = |layout: &'a Layout| {
        let mut header = header::find(sheet, layout)?;
        let title = title::read(sheet, header.first);
        seller_column::settle(&mut header, sheet, title.organisation.as_deref());
        let place = Place::new(file, &sheet.name);
        let input = shape::Input { sheet, header: &header, layout, title: &title, place: &place };
        let has_period = title.period.is_some() || shape::tells_periods(input);
        let complete = header.is_complete(has_period) || (!header.foreign && shape::names_buyers(input));
        Some(Found { sheet: index, layout, header, title, complete })
    };
    let own = request.layouts.iter().filter(|layout| !layout.only_if_named || layout.names(&head));
    let whole = |f: &Found<'_>| !f.layout.whole || f.layout.columns.iter().all(|c| f.header.column(&c.role).is_some());
    let best = own.filter_map(&found).filter(|f| f.complete && whole(f)).max_by_key(|f| f.header.score());
    if let Some(found) = best {
        let list = if found.layout.kind == TableKind::Counterparties { &mut seen.cards } else { &mut seen.sales };
        list.push(found);
        return;
    }
    if let Some(report) = layout::reports().iter().find(|report| report.names(&head)) {
        match found(report) {
            Some(found) if report.refuse.is_none() => seen.sales.push(found),
            _ => seen.refused.push((index, report)),
        }
        return;
    }
    let sales = found(layout::sales());
    // A list of documents whose amount was not recognised is no list of counterparties.
    let documents = sales.as_ref().is_some_and(are_documents);
    seen.sales.extend(sales);
    seen.cards.extend(found(layout::counterparties()).filter(|_| !documents));
}

/// Whether the columns are those of documents.
fn are_documents(found: &Found<'_>) -> bool {
    ["date", "number"].iter().all(|role| found.header.column(role).is_some())
}

/// The words above a table: the sheet's name and the rows of few cells at its top.
fn head(sheet: &RawSheet) -> String {
    let mut text = sheet.name.clone();
    for row in sheet.rows().take(HEAD).filter(|row| row.cells().filter(|c| !super::value::is_empty(*c)).count() <= 3) {
        if let Some((_, line)) = title::line(row) {
            text.push('\n');
            text.push_str(&line);
        }
    }
    text
}

fn crm_tables(sheets: &[(usize, &RawSheet)], book: &RawWorkbook, request: &ParseRequest) -> Vec<(String, CrmTable)> {
    match &request.crm {
        Some(settings) if request.want != Want::Accounting => sheets
            .iter()
            .filter_map(|(_, sheet)| Some((sheet.name.clone(), table::read(sheet, &book.file, settings)?)))
            .collect(),
        _ => Vec::new(),
    }
}

fn one_crm_table<'a>(mut tables: Vec<(String, CrmTable)>, book: &RawWorkbook, findings: &mut Findings) -> Choice<'a> {
    tables.sort_by_key(|(_, table)| std::cmp::Reverse((table.header_score, table.records.len())));
    let names: Vec<String> = tables.iter().map(|(sheet, _)| format!("«{sheet}»")).collect();
    if tables.len() > 1 {
        findings.hold(
            "several_tables",
            Place::new(&book.file, "").whole(),
            format!("таблиц CRM в книге несколько: {}; сохраните каждую отдельным файлом", names.join(", ")),
            format!("the workbook holds several CRM tables: {}; save each as a file of its own", names.join(", ")),
        );
    }
    match tables.into_iter().next() {
        Some((sheet, table)) => Choice::Crm(sheet, Box::new(table)),
        None => Choice::Nothing(refusal::near(book, None, TableKind::Unknown)),
    }
}

/// Whether a CRM table says by more than a name and a code that its rows are companies or people.
fn says_parties(table: &CrmTable) -> bool {
    const BARE: [&str; 5] = ["id", "title", "external_id", "created", "updated"];
    const WORDS: [&str; 8] =
        ["компани", "клиент", "контрагент", "покупател", "партнер", "company", "customer", "client"];
    let parties = matches!(table.kind, TableKind::CrmCompanies);
    let telling = table.columns.iter().any(|seen| {
        let header = key(&seen.header);
        seen.roles.iter().any(|role| !BARE.contains(&role.as_str())) || WORDS.iter().any(|word| header.contains(word))
    });
    !parties || telling || table.findings.iter().any(crate::domain::finding::Finding::holds)
}

/// Several sheets of one kind: those whose name or title says so; all of them if their headers are the same.
fn narrow<'a>(book: &RawWorkbook, mut chosen: Chosen<'a>, findings: &mut Findings) -> Chosen<'a> {
    if chosen.sales.is_empty() {
        chosen.cards = same_header(book, named(book, chosen.cards), findings);
    } else {
        // Beside sales only a list that calls itself one of counterparties is believed.
        let says_so = |f: &Found<'_>| f.layout.names(&describe(book, f));
        let sold: Vec<usize> = chosen.sales.iter().map(|f| f.sheet).collect();
        chosen.cards.retain(|f| !sold.contains(&f.sheet) && says_so(f));
        if chosen.cards.len() > 1 {
            chosen.cards.clear();
        }
        chosen.sales = same_header(book, named(book, chosen.sales), findings);
    }
    chosen
}

/// A name and a code may be anything's: something must say that these are counterparties.
fn are_parties(book: &RawWorkbook, found: &Found<'_>) -> bool {
    let telling = ["inn", "inn_kpp", "full_name", "ogrn"];
    let headers = found.header.titles.values().map(String::as_str).collect::<Vec<_>>().join("\n");
    telling.iter().any(|role| found.header.column(role).is_some())
        || found.layout.names(&describe(book, found))
        || found.layout.names(&headers)
}

fn describe(book: &RawWorkbook, found: &Found<'_>) -> String {
    format!("{}\n{}", book.sheets.get(found.sheet).map_or("", |s| s.name.as_str()), found.title.text)
}

fn named<'a>(book: &RawWorkbook, list: Vec<Found<'a>>) -> Vec<Found<'a>> {
    let says_so: Vec<bool> = list.iter().map(|f| f.layout.names(&describe(book, f))).collect();
    if list.len() < 2 || !says_so.contains(&true) {
        return list;
    }
    list.into_iter().zip(says_so).filter(|(_, says)| *says).map(|(found, _)| found).collect()
}

fn same_header<'a>(book: &RawWorkbook, mut list: Vec<Found<'a>>, findings: &mut Findings) -> Vec<Found<'a>> {
    let listing = |f: &Found<'_>| {
        let mut columns: Vec<(String, String)> = f.header.listing().into_iter().map(|(r, h)| (r, key(&h))).collect();
        columns.sort();
        columns
    };
    let Some(first) = list.first().map(listing) else { return list };
    let names: Vec<String> =
        list.iter().filter_map(|f| book.sheets.get(f.sheet)).map(|s| format!("«{}»", s.name)).collect();
    if list.iter().any(|f| listing(f) != first) {
        findings.hold(
            "several_sheets",
            Place::new(&book.file, "").whole(),
            format!("подходящих листов несколько, и столбцы у них разные: {}; оставьте в книге один или назовите лист (inspect --sheet)", names.join(", ")),
            format!("several sheets fit and their columns differ: {}; leave one in the workbook or name the sheet (inspect --sheet)", names.join(", ")),
        );
        list.truncate(1);
    } else if list.len() > 1 {
        findings.note(
            "sheets_joined",
            Place::new(&book.file, "").whole(),
            format!("прочитаны вместе листы с одинаковыми столбцами: {}", names.join(", ")),
            format!("sheets with the same columns are read together: {}", names.join(", ")),
        );
    }
    list
}
