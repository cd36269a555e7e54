//! Which sheets of a file are meant, and what they are: the kind with the most recognised headers. Two kinds that fit
//! equally well are a question for a person. Deliberately absent: reading the rows.

use super::{
    crm::table::{self, CrmTable},
    header::{self, Header},
    interpret::{ParseRequest, Want},
    layout::Layout,
    other,
    place::{Findings, Place},
    raw::{RawSheet, RawWorkbook},
    title::{self, Title},
    value::key,
};
use crate::domain::inbox::TableKind;

/// A sheet with a header of accounting.
#[derive(Clone, Debug)]
pub struct Found {
    /// Index in the workbook.
    pub sheet: usize,
    /// Header.
    pub header: Header,
    /// Title block.
    pub title: Title,
}

/// Sheets of accounting to read.
#[derive(Clone, Debug, Default)]
pub struct Chosen {
    /// Lists of sales.
    pub sales: Vec<Found>,
    /// Lists of counterparties.
    pub cards: Vec<Found>,
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
    pub columns: Vec<(String, String)>,
}

/// The decision.
#[derive(Debug)]
pub enum Choice {
    /// Accounting.
    Accounting(Chosen),
    /// A CRM table, with the name of its sheet.
    Crm(String, Box<CrmTable>),
    /// Nothing fits; the findings say why.
    Nothing(Near),
}

/// Decides.
pub fn choose(book: &RawWorkbook, request: &ParseRequest, findings: &mut Findings) -> Choice {
    let sheets: Vec<(usize, &RawSheet)> =
        book.sheets.iter().enumerate().filter(|(_, s)| !s.hidden && !s.is_empty()).collect();
    let accounting = request.want != Want::Crm;
    let all = |layout: &Layout| -> Vec<Found> {
        let found = |(index, sheet): &(usize, &RawSheet)| {
            let header = header::find(sheet, layout)?;
            let title = title::read(sheet, header.first);
            Some(Found { sheet: *index, header, title })
        };
        if accounting { sheets.iter().filter_map(found).collect() } else { Vec::new() }
    };
    let (sales, cards) = (all(Layout::sales()), all(Layout::counterparties()));
    let complete = |list: &[Found]| list.iter().filter(|f| f.header.is_complete()).cloned().collect::<Vec<Found>>();
    let mut chosen = Chosen { sales: complete(&sales), cards: complete(&cards) };
    chosen.cards.retain(|found| are_parties(book, found));
    let crm = crm_tables(&sheets, book, request);

    let score = |list: &[Found]| list.iter().map(|f| f.header.columns.len()).max().unwrap_or(0);
    let best_accounting = if chosen.sales.is_empty() { score(&chosen.cards) } else { score(&chosen.sales) };
    let best_crm = crm.iter().map(|(_, t)| t.header_score as usize).max().unwrap_or(0);
    if best_accounting == 0 && best_crm == 0 {
        return nothing(book, &sheets, &sales, &cards, request, findings);
    }
    if best_accounting == best_crm {
        findings.hold(
            "kind_tie",
            Place::new(&book.file, "").whole(),
            "таблица одинаково похожа и на выгрузку бухгалтерии, и на выгрузку CRM; переименуйте столбцы или положите файл в папку своего источника",
            "the table looks equally like an export of accounting and of the CRM; rename its columns or put it into the folder of its source",
        );
        return Choice::Nothing(near(book, chosen.sales.first().or(chosen.cards.first()), TableKind::Unknown));
    }
    if best_accounting > best_crm {
        return Choice::Accounting(narrow(book, chosen, findings));
    }
    one_crm_table(crm, book, findings)
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

fn one_crm_table(mut tables: Vec<(String, CrmTable)>, book: &RawWorkbook, findings: &mut Findings) -> Choice {
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
        None => Choice::Nothing(near(book, None, TableKind::Unknown)),
    }
}

/// Several sheets of one kind: those whose name or title says so; all of them if their headers are the same.
fn narrow(book: &RawWorkbook, mut chosen: Chosen, findings: &mut Findings) -> Chosen {
    if chosen.sales.is_empty() {
        chosen.cards = same_header(book, named(book, chosen.cards, Layout::counterparties()), findings);
    } else {
        // Beside sales only a list that calls itself one of counterparties is believed.
        let says_so = |f: &Found| Layout::counterparties().names(&describe(book, f));
        let sold: Vec<usize> = chosen.sales.iter().map(|f| f.sheet).collect();
        chosen.cards.retain(|f| !sold.contains(&f.sheet) && says_so(f));
        if chosen.cards.len() > 1 {
            chosen.cards.clear();
        }
        chosen.sales = same_header(book, named(book, chosen.sales, Layout::sales()), findings);
    }
    chosen
}

/// A name and a code may be anything's: something must say that these are counterparties.
fn are_parties(book: &RawWorkbook, found: &Found) -> bool {
    let telling = ["inn", "inn_kpp", "full_name", "ogrn"];
    let headers = found.header.titles.values().map(String::as_str).collect::<Vec<_>>().join("\n");
    telling.iter().any(|role| found.header.column(role).is_some())
        || Layout::counterparties().names(&describe(book, found))
        || Layout::counterparties().names(&headers)
}

fn describe(book: &RawWorkbook, found: &Found) -> String {
    format!("{}\n{}", book.sheets.get(found.sheet).map_or("", |s| s.name.as_str()), found.title.text)
}

fn named(book: &RawWorkbook, list: Vec<Found>, layout: &Layout) -> Vec<Found> {
    let says_so: Vec<bool> = list.iter().map(|f| layout.names(&describe(book, f))).collect();
    if list.len() < 2 || !says_so.contains(&true) {
        return list;
    }
    list.into_iter().zip(says_so).filter(|(_, says)| *says).map(|(found, _)| found).collect()
}

fn same_header(book: &RawWorkbook, mut list: Vec<Found>, findings: &mut Findings) -> Vec<Found> {
    let listing = |f: &Found| {
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
            format!("подходящих листов несколько, и столбцы у них разные: {}; оставьте в книге один", names.join(", ")),
            format!("several sheets fit and their columns differ: {}; leave one in the workbook", names.join(", ")),
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

fn nothing(
    book: &RawWorkbook,
    sheets: &[(usize, &RawSheet)],
    sales: &[Found],
    cards: &[Found],
    request: &ParseRequest,
    findings: &mut Findings,
) -> Choice {
    let whole = Place::new(&book.file, "").whole();
    if sheets.is_empty() {
        findings.hold(
            "no_rows",
            whole,
            "в файле нет ни одной заполненной строки; проверьте период отчёта и выгрузите заново",
            "the file has not a single filled row; check the period of the report and export it again",
        );
        return Choice::Nothing(near(book, None, TableKind::Unknown));
    }
    if request.want == Want::Crm {
        findings.hold(
            "not_crm",
            whole,
            "это не выгрузка CRM: нет столбцов с номером и названием компании, контакта или сделки",
            "this is no CRM export: there are no columns with the id and name of a company, contact or deal",
        );
        return Choice::Nothing(near(book, None, TableKind::Unknown));
    }
    let best = |list: &[Found]| list.iter().max_by_key(|f| f.header.columns.len()).cloned();
    let sale = best(sales).filter(|f| f.header.column("counterparty").is_some() || f.header.columns.len() >= 4);
    let card = best(cards).filter(|f| f.header.column("counterparty").is_some() && !f.header.foreign);
    let known = other::name(sheets.iter().map(|(_, sheet)| *sheet));
    match (sale, card, known) {
        (Some(found), ..) if found.header.column("amount").is_some() || known.is_none() => {
            missing(book, &found, Layout::sales(), findings);
            Choice::Nothing(near(book, Some(&found), TableKind::Sales))
        }
        (_, _, Some((ru, en))) => {
            findings.hold(
                "not_sales",
                whole,
                format!("это {ru}, а не список продаж; выгрузите из учётной системы список документов реализации с датой, номером, контрагентом и суммой"),
                format!("this is {en}, not a list of sales; export the list of sales documents with date, number, counterparty and amount"),
            );
            Choice::Nothing(near(book, None, TableKind::Unknown))
        }
        (_, Some(found), None) if !found.header.missing.is_empty() => {
            missing(book, &found, Layout::counterparties(), findings);
            Choice::Nothing(near(book, Some(&found), TableKind::Counterparties))
        }
        _ => {
            findings.hold(
                "not_sales",
                whole,
                "не найдена строка заголовков с датой, контрагентом и суммой; выгрузите список документов реализации",
                "no header row with date, counterparty and amount was found; export the list of sales documents",
            );
            Choice::Nothing(near(book, None, TableKind::Unknown))
        }
    }
}

fn missing(book: &RawWorkbook, found: &Found, layout: &Layout, findings: &mut Findings) {
    let Some(sheet) = book.sheets.get(found.sheet) else { return };
    let row = sheet.row(found.header.last).map_or(0, |r| r.number);
    let at = Place::new(&book.file, &sheet.name).row(row);
    for role in &found.header.missing {
        let wanted: Vec<String> = role.split('|').map(|r| format!("«{}»", layout.header_of(r))).collect();
        let (ru, en) = (wanted.join(" или "), wanted.join(" or "));
        let nearest = header::nearest(role, layout, found.header.unclaimed());
        let (hint_ru, hint_en) = match nearest {
            Some(header) => (
                format!("может быть, это «{header}»? Тогда переименуйте столбец"),
                format!("did you mean “{header}”? Then rename the column"),
            ),
            None => ("добавьте его в выгрузку".to_owned(), "add it to the export".to_owned()),
        };
        findings.hold(
            "column_missing",
            at.clone(),
            format!("не найден столбец {ru}; {hint_ru}"),
            format!("column {en} was not found; {hint_en}"),
        );
    }
}

fn near(book: &RawWorkbook, found: Option<&Found>, kind: TableKind) -> Near {
    let index = found.map_or(0, |f| f.sheet);
    let sheet = book.sheets.get(index);
    let row = |i: usize| sheet.and_then(|s| s.row(i)).map_or(0, |r| r.number);
    Near {
        kind,
        sheet: sheet.map_or_else(String::new, |s| s.name.clone()),
        header_rows: found.map_or((0, 0), |f| (row(f.header.first), row(f.header.last))),
        columns: found.map_or_else(Vec::new, |f| f.header.listing()),
    }
}
