//! The words of a refusal: what a table is instead of sales, which column is missing and which one may be meant, and a
//! description to complete by hand. Deliberately absent: the decision to refuse (`choose`).

use super::{
    choose::{Found, Near, Seen},
    header,
    interpret::{ParseRequest, Want},
    layout::{self, Layout},
    other,
    place::{Findings, Place},
    raw::RawWorkbook,
    seen_column, unread,
};
use crate::domain::{finding::SourceRef, inbox::TableKind};

fn best<'a>(list: &[Found<'a>]) -> Option<Found<'a>> {
    list.iter().max_by_key(|f| f.header.score()).cloned()
}

/// Says why no sheet can be used.
pub(super) fn nothing(
    book: &RawWorkbook,
    seen: &Seen<'_, '_>,
    request: &ParseRequest,
    findings: &mut Findings,
) -> Near {
    let whole = Place::new(&book.file, "").whole();
    if seen.sheets.is_empty() {
        no_sheets(book, request, whole, findings);
        return near(book, None, TableKind::Unknown);
    }
    if request.want == Want::Crm {
        findings.hold(
            "not_crm",
            whole,
            "это не выгрузка CRM: нет столбцов с номером и названием компании, контакта или сделки",
            "this is no CRM export: there are no columns with the id and name of a company, contact or deal",
        );
        return near(book, None, TableKind::Unknown);
    }
    let sale = best(&seen.sales)
        .filter(|f| f.header.column("counterparty").is_some() || f.header.score() >= 4 || f.layout.only_if_named);
    let card = best(&seen.cards).filter(|f| f.header.column("counterparty").is_some() && !f.header.foreign);
    if let (None, Some((index, report))) = (&sale, seen.refused.first())
        && let Some(reason) = &report.refuse
    {
        let sheet = book.sheets.get(*index).map_or("", |s| s.name.as_str());
        let place = Place::new(&book.file, sheet).whole();
        let (ru, en) = (&report.called.ru, &report.called.en);
        findings.hold(
            "not_sales",
            place,
            format!("это «{ru}»: {}", reason.ru),
            format!("this is “{en}”: {}", reason.en),
        );
        return near(book, None, TableKind::Unknown);
    }
    let known = other::name(seen.sheets.iter().map(|(_, sheet)| *sheet));
    match (sale, card, known) {
        (Some(found), ..)
            if found.header.column("amount").is_some()
                && (found.layout.only_if_named || found.header.column("counterparty").is_some())
                || known.is_none() =>
        {
            missing(book, &found, findings);
            near(book, Some(&found), TableKind::Sales)
        }
        (_, _, Some((ru, en))) => {
            findings.hold(
                "not_sales",
                whole,
                format!("это {ru}, а не список продаж; выгрузите из учётной системы список документов реализации с датой, номером, контрагентом и суммой"),
                format!("this is {en}, not a list of sales; export the list of sales documents with date, number, counterparty and amount"),
            );
            near(book, best(&seen.sales).as_ref(), TableKind::Unknown)
        }
        (_, Some(found), None) if !found.header.missing.is_empty() => {
            missing(book, &found, findings);
            near(book, Some(&found), TableKind::Counterparties)
        }
        _ => {
            findings.hold(
                "not_sales",
                whole,
                "не найдена строка заголовков с датой, контрагентом и суммой; выгрузите список документов реализации, а если это он и есть, назовите столбцы: inspect --map дата=\"…\" --map контрагент=\"…\" --map сумма=\"…\"",
                "no header row with date, counterparty and amount was found; export the list of sales documents, or if this is one, name its columns: inspect --map date=\"…\" --map counterparty=\"…\" --map amount=\"…\"",
            );
            near(book, best(&seen.sales).as_ref(), TableKind::Unknown)
        }
    }
}

/// A list of names and codes that nothing says more of; not where the words of the table give it away.
pub(super) fn unsure(book: &RawWorkbook, seen: &Seen<'_, '_>, findings: &mut Findings) -> bool {
    if other::name(seen.sheets.iter().map(|(_, sheet)| *sheet)).is_some() {
        return false;
    }
    findings.hold(
        "list_unclear",
        Place::new(&book.file, "").whole(),
        "в таблице только названия и коды: это могут быть и компании, и договоры, и товары; добавьте в выгрузку ИНН, телефон или ответственного",
        "the table has only names and codes: they may be of companies, contracts or goods; add the ИНН, phone or manager to the export",
    );
    true
}

fn no_sheets(book: &RawWorkbook, request: &ParseRequest, whole: SourceRef, findings: &mut Findings) {
    if request.sheet.is_empty() {
        findings.hold(
            "no_rows",
            whole,
            "в файле нет ни одной заполненной строки; проверьте период отчёта и выгрузите заново",
            "the file has not a single filled row; check the period of the report and export it again",
        );
        return;
    }
    let names: Vec<String> = book.sheets.iter().map(|s| format!("«{}»", s.name)).collect();
    let (wanted, list) = (&request.sheet, names.join(", "));
    findings.hold(
        "no_such_sheet",
        whole,
        format!("листа «{wanted}» в книге нет или он пуст; листы: {list}"),
        format!("the workbook has no sheet “{wanted}”, or it is empty; its sheets: {list}"),
    );
}

/// Names each column that is missing, with the header that may be meant.
pub(super) fn missing(book: &RawWorkbook, found: &Found<'_>, findings: &mut Findings) {
    let Some(sheet) = book.sheets.get(found.sheet) else { return };
    let at = Place::new(&book.file, &sheet.name).row(sheet.number(found.header.last));
    // Named as the sheet is read: a report of turnovers lacks only what turnovers need.
    let has = |role: &str| {
        found.header.columns.contains_key(role) || found.header.captions.values().flatten().any(|r| r == role)
    };
    let turnovers: Vec<String> = found.layout.turnovers.iter().filter(|r| !r.split('|').any(has)).cloned().collect();
    if found.header.month_amount && turnovers.is_empty() {
        return unread::without_year(at, findings);
    }
    let named_report = found.layout.only_if_named && !found.layout.turnovers.is_empty();
    let lacking = if named_report && !turnovers.is_empty() { &turnovers } else { &found.header.missing };
    missing_roles(lacking, found.layout, found.header.unclaimed(), &at, findings);
}

/// The same for a list of roles.
pub(super) fn missing_roles(
    roles: &[String],
    layout: &Layout,
    unclaimed: Vec<&str>,
    at: &SourceRef,
    findings: &mut Findings,
) {
    for role in roles {
        let wanted = |open: char, close: char| -> Vec<String> {
            role.split('|').map(|r| format!("{open}{}{close}", header_of(layout, r))).collect()
        };
        let (ru, en) = (wanted('«', '»').join(" или "), wanted('“', '”').join(" or "));
        let nearest = header::nearest(role, layout, unclaimed.iter().copied());
        let (hint_ru, hint_en) = match nearest {
            Some(header) => (
                format!(
                    "может быть, это «{header}»? Тогда переименуйте столбец или запишите его в описание (inspect --save-layout)"
                ),
                format!(
                    "did you mean “{header}”? Then rename the column or write it into a layout (inspect --save-layout)"
                ),
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

fn header_of<'a>(layout: &'a Layout, role: &'a str) -> &'a str {
    let own = layout.header_of(role);
    if own.is_empty() { layout::sales().header_of(role) } else { own }
}

/// What was recognised of a sheet that cannot be used.
pub(super) fn near(book: &RawWorkbook, found: Option<&Found<'_>>, kind: TableKind) -> Near {
    let index = found.map_or(0, |f| f.sheet);
    let sheet = book.sheets.get(index);
    let row = |i: usize| sheet.map_or(0, |s| s.number(i));
    Near {
        kind,
        sheet: sheet.map_or_else(String::new, |s| s.name.clone()),
        header_rows: found.map_or((0, 0), |f| (row(f.header.first), row(f.header.last))),
        columns: found.map_or_else(Vec::new, |f| seen_column::of(&f.header, sheet, false)),
        draft: found.filter(|_| kind != TableKind::Unknown).map_or_else(String::new, |f| {
            layout::toml(&layout::Draft { file: &book.file, layout: f.layout, header: &f.header, shape: None })
        }),
    }
}
