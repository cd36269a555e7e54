//! What stands above the header: own organisation, period, and whether the report was filtered («Отбор»). A filtered
//! report must not pass as the whole. Deliberately absent: the meaning of other parameters.

use super::{
    period_words,
    raw::{RawSheet, Row},
    value::{self, is_blank, key},
};
use crate::domain::inbox::DateSpan;

/// The title block of a sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Title {
    /// Own organisation as written.
    pub organisation: Option<String>,
    /// Period.
    pub period: Option<DateSpan>,
    /// Filter as written, with its row.
    pub filter: Option<(u32, String)>,
    /// All lines, for telling what a table is.
    pub text: String,
}

/// Words that stand before or behind the name of a legal entity.
const FORMS: [&str; 20] = [
    "ооо",
    "оао",
    "зао",
    "пао",
    "ао",
    "нао",
    "ип",
    "тов",
    "фоп",
    "тоо",
    "одо",
    "уп",
    "гуп",
    "муп",
    "фгуп",
    "ано",
    "нко",
    "общество",
    "индивидуальный",
    "акционерное",
];

/// Comparisons of 1C's filters, longest first.
const OPERATORS: [&str; 17] = [
    "в группе из списка",
    "не в группе",
    "в группе",
    "не в списке",
    "в списке",
    "больше или равно",
    "меньше или равно",
    "не равно",
    "равно",
    "больше",
    "меньше",
    "не содержит",
    "содержит",
    "не заполнено",
    "заполнено",
    "начинается с",
    "подобно",
];

/// Reads the rows before the header (`until` is an index into `rows`).
pub fn read(sheet: &RawSheet, until: usize) -> Title {
    let mut title = Title::default();
    let mut in_filter: Option<(u32, usize)> = None;
    for row in sheet.rows().take(until) {
        let Some((indent, line)) = line(row) else { continue };
        title.text.push_str(&line);
        title.text.push('\n');
        if let Some((last, label)) = in_filter
            && row.number == last + 1
            && indent > label
        {
            if let Some((_, filter)) = &mut title.filter {
                filter.push('\n');
                filter.push_str(&line);
            }
            in_filter = Some((row.number, label));
            continue;
        }
        in_filter = None;
        if let Some(filter) = filter_of(&line) {
            title.filter = Some((row.number, filter));
            in_filter = Some((row.number, indent));
            continue;
        }
        for part in line.split('\n') {
            if let Some(name) = labelled(part, "организация") {
                title.organisation = Some(name);
            } else if title.organisation.is_none() && is_legal_entity(part) {
                title.organisation = Some(part.trim_matches(is_blank).to_owned());
            }
            let low = key(part);
            if title.period.is_none()
                && (low.contains("период") || low.contains("за ") || low.starts_with("с ") || low.contains(" с "))
            {
                title.period = period_words::parse(part);
            }
        }
    }
    title
}

/// The filter named by a line, if it is one: everything behind «Отбор:».
pub fn filter_of(line: &str) -> Option<String> {
    ["отбор", "отборы", "фильтр"].iter().find_map(|label| labelled(line, label)).filter(|f| !f.is_empty())
}

/// The row's cells as one line, with the column of the first.
pub fn line(row: Row<'_>) -> Option<(usize, String)> {
    let mut filled = row.cells().enumerate().filter(|(_, cell)| !value::is_empty(*cell));
    let (indent, first) = filled.next()?;
    let mut line = value::trimmed(first);
    for (_, cell) in filled {
        line.push(' ');
        line.push_str(&value::trimmed(cell));
    }
    Some((indent, line))
}

fn labelled(line: &str, label: &str) -> Option<String> {
    let (head, tail) = line.split_once(':')?;
    (key(head) == label).then(|| tail.trim_matches(is_blank).to_owned())
}

/// Whether a line is the name of a legal entity: a form at its beginning or end, and something beside it.
pub fn is_legal_entity(line: &str) -> bool {
    let low = key(line);
    if low.len() > 160 || low.contains(':') || ["период", "отчет", "продаж", " за "].iter().any(|w| low.contains(w))
    {
        return false;
    }
    let mut words = low.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    let first = words.next();
    let last = words.next_back();
    last.is_some() && [first, last].into_iter().flatten().any(|word| FORMS.contains(&word))
}

/// Whether every condition of a filter is on a field that does not narrow the data. «Проведен Равно Нет» and «Пометка
/// удаления Равно Да» turn such a field into its opposite, so they do narrow.
pub fn is_harmless(filter: &str, harmless: &[String]) -> bool {
    let harmless: Vec<String> = harmless.iter().map(|field| key(field)).collect();
    let conditions = conditions(filter);
    !conditions.is_empty()
        && conditions.iter().all(|condition| {
            let (field, rest) = field_of(condition);
            let inverted = rest.contains("не равно")
                || (field.contains("проведен") && (rest.contains("нет") || rest.contains("ложь")))
                || (field.contains("пометка удаления") && (rest.contains("да") || rest.contains("истина")));
            harmless.contains(&field) && !inverted
        })
}

/// Field and the rest of a condition, as keys.
fn field_of(condition: &str) -> (String, String) {
    let low = key(condition);
    let found = OPERATORS.iter().filter_map(|op| low.find(&format!(" {op}")).map(|at| (at, op.len()))).min();
    match found.or_else(|| low.find(['=', ':']).map(|at| (at, 0))) {
        Some((at, _)) => (key(low.get(..at).unwrap_or_default()), low.get(at..).unwrap_or_default().to_owned()),
        None => (low, String::new()),
    }
}

/// Splits at `;`, line breaks and «И» outside quotes.
fn conditions(filter: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    for word in filter.split_inclusive([' ', '\n', ';']) {
        let bare = word.trim_matches(is_blank);
        if !quoted && matches!(bare, "И" | "AND" | "и") {
            parts.push(String::new());
            continue;
        }
        let mut cut = false;
        for c in word.chars() {
            match c {
                '"' => quoted = !quoted,
                '«' | '“' => quoted = true,
                '»' | '”' => quoted = false,
                ';' | '\n' if !quoted => {
                    cut = true;
                    continue;
                }
                _ => {}
            }
            if let Some(part) = parts.last_mut() {
                part.push(c);
            }
        }
        if cut {
            parts.push(String::new());
        }
    }
    parts.retain(|part| !part.chars().all(is_blank));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::{builder::SheetBuilder, raw::RawCell};

    fn title(rows: &[(u32, &[&str])]) -> Title {
        let mut builder = SheetBuilder::new("", 1_000);
        for (number, cells) in rows {
            for (column, text) in (0..).zip(*cells) {
                builder.put((number - 1, column), RawCell::Text(text)).expect("room");
            }
        }
        read(&builder.finish(), rows.len())
    }

    #[test]
    fn the_block_of_a_standard_report_is_read() {
        let title = title(&[
            (1, &["ООО «РОМАШКА»"]),
            (2, &["Карточка счета 51 за Июнь 2026 г."]),
            (4, &["Выводимые данные: БУ (данные бухгалтерского учета)"]),
            (6, &["Отбор:", "", "Склад В группе из списка \"А ; Б\" И"]),
            (7, &["", "", "Контрагент Равно \"В\""]),
        ]);
        assert_eq!(title.organisation.as_deref(), Some("ООО «РОМАШКА»"));
        assert_eq!(title.period.map(|p| p.to.to_string()).as_deref(), Some("2026-06-30"));
        let filter = "Склад В группе из списка \"А ; Б\" И\nКонтрагент Равно \"В\"";
        assert_eq!(title.filter, Some((6, filter.to_owned())));
    }

    #[test]
    fn a_labelled_organisation_wins_and_titles_are_no_organisation() {
        let title = title(&[(1, &["Организация: ООО \"Пример Сбыт\""]), (2, &["Продажи ООО за период"])]);
        assert_eq!(title.organisation.as_deref(), Some("ООО \"Пример Сбыт\""));
        assert!(!is_legal_entity("Реализация товаров и услуг (11885 док.)"));
        assert!(is_legal_entity("ВЕКТОР ООО") && is_legal_entity("ИП Заикина Т. М.") && !is_legal_entity("ООО"));
    }

    #[test]
    fn only_filters_that_do_not_narrow_are_harmless() {
        let list = ["Проведен", "Пометка удаления", "Организация"].map(str::to_owned);
        let harmless = |filter: &str| is_harmless(filter, &list);
        assert!(harmless("Проведен Равно \"Да\""));
        assert!(harmless("Проведен Равно \"Да\" И\nОрганизация В списке \"ООО А; ООО Б\""));
        assert!(harmless("Пометка удаления Равно Нет"));
        for narrowing in [
            "Склад Равно \"А\"",
            "Проведен Равно \"Да\"; Менеджер Равно \"Иванов\"",
            "Проведен Равно \"Нет\"",
            "Пометка удаления Равно \"Да\"",
            "Организация Не равно \"ООО А\"",
            "Контрагент в группе \"Проведен\"",
            "что-то своё",
        ] {
            assert!(!harmless(narrowing), "{narrowing}");
        }
    }
}
