//! What a file holds beside the rows that are read: rows above the header, other sheets with the same kind of rows, other
//! columns that may be the sum, units and currencies in the title. None of it may be lost in silence: it holds the file
//! with the question. Deliberately absent: notes about columns that are no sums (`accounting`).

use super::{
    choose::{Chosen, Found},
    date,
    header::{self, Header},
    layout::pattern,
    place::{Findings, Place},
    raw::{RawCell, RawSheet, RawWorkbook, Row},
    shape::Laid,
    title::Title,
    value::{self, key},
};
use crate::domain::finding::SourceRef;

/// Everything that may be lost around a sheet of sales. `true` when the sheet must not be read.
pub(super) fn check(
    sheet: &RawSheet,
    found: &Found<'_>,
    laid: Option<&Laid>,
    place: &Place,
    findings: &mut Findings,
) -> bool {
    let header = &found.header;
    above(sheet, header, place, findings);
    rival_sums(sheet, header, laid, place, findings);
    units(&found.title, place, findings);
    months_without_year(header, laid, place, findings) || unknown_account(found, laid, place, findings)
}

/// Rows of data above the header: the table began earlier, under another header.
fn above(sheet: &RawSheet, header: &Header, place: &Place, findings: &mut Findings) {
    let is_data = |row: &Row<'_>| {
        let filled: Vec<RawCell<'_>> = row.cells().filter(|c| !value::is_empty(*c)).collect();
        let data = |cell: &RawCell<'_>| match cell {
            RawCell::Number(_) => true,
            RawCell::Text(text) => header::is_data(text),
            _ => false,
        };
        filled.len() >= 3 && filled.iter().filter(|c| data(c)).count() >= 2
    };
    if let Some(row) = sheet.rows().take(header.first).find(is_data) {
        findings.hold(
            "rows_above_header",
            place.row(row.number),
            "выше заголовка таблицы стоят строки с данными: в листе, видимо, две таблицы; сохраните каждую отдельным файлом",
            "rows of data stand above the header: the sheet seems to hold two tables; save each as a file of its own",
        );
    }
}

/// Sheets that were left aside although they look like sales or go on where a chosen one ends.
pub(super) fn other_sheets(book: &RawWorkbook, chosen: &Chosen<'_>, sales: &[Found<'_>], findings: &mut Findings) {
    if findings.has("several_sheets") {
        return;
    }
    let read: Vec<usize> = chosen.sales.iter().chain(&chosen.cards).map(|f| f.sheet).collect();
    for (index, sheet) in book.sheets.iter().enumerate().filter(|(i, s)| !s.hidden && !read.contains(i)) {
        let complete = sales.iter().any(|f| f.sheet == index && f.complete);
        let goes_on = chosen.sales.iter().any(|f| continues(sheet, &f.header, sheet.epoch_1904));
        if complete || goes_on {
            let name = &sheet.name;
            findings.hold(
                "sheet_left_aside",
                Place::new(&book.file, name).whole(),
                format!("на листе «{name}» тоже есть строки продаж, а он не прочитан; соберите продажи на одном листе или сохраните лист отдельным файлом"),
                format!("sheet “{name}” holds rows of sales too and is not read; bring the sales together on one sheet or save the sheet as a file of its own"),
            );
        }
    }
    for found in chosen.sales.iter().skip(usize::from(chosen.sales.len() < 2)) {
        let name = book.sheets.get(found.sheet).map_or("", |s| s.name.as_str());
        if key(name).contains("возврат") {
            findings.hold(
                "sheet_of_returns",
                Place::new(&book.file, name).whole(),
                format!("лист «{name}» назван возвратами; неясно, со знаком ли в нём суммы: сохраните его отдельно с видом документа или со знаком минус"),
                format!("sheet “{name}” is named returns; it is unclear whether its amounts are signed: save it on its own with the kind of document or with minus signs"),
            );
        }
    }
}

/// Names the sheets (in a page: the tables) that were left aside, so that nobody believes they were read.
pub(super) fn unused_sheets(
    book: &RawWorkbook,
    sheets: &[(usize, &RawSheet)],
    read: &[usize],
    findings: &mut Findings,
) {
    let names: Vec<String> =
        sheets.iter().filter(|(i, _)| !read.contains(i)).map(|(_, s)| value::shown(&s.name, 60)).collect();
    if !names.is_empty() && !findings.has("several_sheets") && !findings.has("several_tables") {
        let (ru, en) = (names.join("», «"), names.join("”, “"));
        findings.note(
            "sheets_unused",
            Place::new(&book.file, "").whole(),
            format!("в файле есть и другие таблицы, они не использованы: «{ru}»"),
            format!("the file holds other tables too, which are not used: “{en}”"),
        );
    }
}

/// Whether a sheet without a header has dates and amounts in the columns of a chosen one.
fn continues(sheet: &RawSheet, header: &Header, epoch_1904: bool) -> bool {
    let (Some(day), Some(amount)) = (header.column("date"), header.column("amount")) else { return false };
    let fits = |row: Row<'_>| {
        let dated = date::read(row.cell(day), epoch_1904).is_ok_and(|d| d.is_some());
        let number = matches!(row.cell(amount), RawCell::Number(_))
            || matches!(row.cell(amount), RawCell::Text(text) if text.bytes().any(|b| b.is_ascii_digit()));
        let filled = row.cells().filter(|c| !value::is_empty(*c)).count();
        dated && number && filled >= 3 && header.column("counterparty").is_none_or(|c| is_text(row.cell(c)))
    };
    sheet.rows().take(500).any(fits)
}

fn is_text(cell: RawCell<'_>) -> bool {
    matches!(cell, RawCell::Text(text) if text.chars().any(char::is_alphabetic))
}

/// Headers that mean another sum of the same sale, where none of them says which one pay is counted from.
const RIVALS: [&str; 10] = [
    "всего",
    "всего с ндс",
    "сумма со скидкой",
    "итого со скидкой",
    "сумма с учетом скидки",
    "сумма возвратов",
    "возвраты",
    "сумма возврата",
    "к оплате",
    "сумма к оплате",
];

fn rival_sums(sheet: &RawSheet, header: &Header, laid: Option<&Laid>, place: &Place, findings: &mut Findings) {
    let used = laid.map_or(&[][..], |laid| &laid.used);
    let claimed = |column: &usize| used.contains(column) || header.columns.values().any(|c| c == column);
    let rival = header.titles.iter().find(|(column, title)| {
        let title = key(title);
        !claimed(column)
            && RIVALS.iter().any(|r| pattern::is(&title, r))
            && sheet.rows_from(header.last + 1).take(2_000).any(|row| !value::is_empty(row.cell(**column)))
    });
    if let Some((column, title)) = rival {
        let amount = header.title("amount");
        findings.hold(
            "two_sums",
            place.cell(sheet.number(header.last), *column),
            format!("кроме «{amount}» есть «{title}»; неясно, какая из них сумма продажи: уберите лишний столбец или укажите нужный (inspect --map сумма=\"…\" --save-layout)"),
            format!("beside “{amount}” there is “{title}”; it is unclear which is the amount of the sale: drop one or name the right one (inspect --map amount=\"…\" --save-layout)"),
        );
    }
}

/// Thousands and foreign currencies named in the title.
fn units(title: &Title, place: &Place, findings: &mut Findings) {
    let thousands = |line: &str| {
        let low = key(line);
        ["тыс. руб", "тыс.руб", "в тысячах", "тыс. ₽", "млн. руб", "млн руб"].iter().any(|word| low.contains(word))
    };
    if let Some(line) = title.text.lines().find(|line| thousands(line)) {
        findings.hold(
            "thousands",
            place.whole(),
            format!("в заголовке отчёта «{line}»: суммы не в рублях и копейках; выгрузите отчёт в рублях"),
            format!(
                "the title says “{line}”: the amounts are not in roubles and kopecks; export the report in roubles"
            ),
        );
    }
    let foreign = |line: &str| {
        let low = key(line);
        let (label, unit) = low.split_once(':')?;
        let code = super::currency::of_unit(unit.trim())?;
        (label.contains("валюта") && code != "RUB").then(|| line.to_owned())
    };
    if let Some(line) = title.text.lines().find_map(foreign) {
        findings.warn(
            "currency_in_title",
            place.whole(),
            format!("в заголовке отчёта «{line}»; суммы учтены в основной валюте, проверьте, так ли это"),
            format!("the title says “{line}”; the amounts count as the base currency, check that they are"),
        );
    }
}

/// Months as headers that no year goes with: only the first would be read.
fn months_without_year(header: &Header, laid: Option<&Laid>, place: &Place, findings: &mut Findings) -> bool {
    let unknown = header.month_amount && laid.is_none_or(|laid| laid.shape.periods.is_empty());
    if unknown {
        without_year(place.whole(), findings);
    }
    unknown
}

/// Says that the months of a table have no year.
pub(super) fn without_year(at: SourceRef, findings: &mut Findings) {
    findings.hold(
        "months_without_year",
        at,
        "столбцы таблицы — месяцы, а год по ним и по заголовку отчёта неизвестен; выгрузите отчёт с годом в заголовках столбцов или список документов",
        "the columns are months and neither they nor the title tell the year; export the report with the year in its column headers, or a list of documents",
    );
}

/// A trial balance whose rows name no account: its title must name the one that counts.
fn unknown_account(found: &Found<'_>, laid: Option<&Laid>, place: &Place, findings: &mut Findings) -> bool {
    let Some(condition) = found.layout.keep.iter().find(|c| c.role == "account") else { return false };
    if laid.is_some_and(|laid| laid.header.column("account").is_some()) {
        return false;
    }
    let title = key(&found.title.text);
    let named = condition.begins.iter().any(|account| title.contains(&key(account)));
    if !named {
        let (ru, en) = (&condition.called.ru, &condition.called.en);
        findings.hold(
            "account_unknown",
            place.whole(),
            format!("в отчёте нет строк счетов, а в заголовке не назван счёт 62.01: {ru}"),
            format!("the report has no rows of accounts and its title does not name account 62.01: {en}"),
        );
    }
    !named
}
