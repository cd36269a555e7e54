//! Cells as text: what a name, code, number of a document or ИНН is when the cell holds a number; and comparison keys
//! of headers. Deliberately absent: amounts (`amount`) and dates (`date`), where the column decides.

use std::borrow::Cow;

use super::raw::RawCell;

/// The text of a cell exactly as written; a number without a fraction becomes its digits (an ИНН in a number cell).
pub fn text(cell: RawCell<'_>) -> Cow<'_, str> {
    match cell {
        RawCell::Empty => Cow::Borrowed(""),
        RawCell::Text(text) | RawCell::Iso(text) | RawCell::Error(text) => Cow::Borrowed(text),
        RawCell::Number(number) => Cow::Owned(format!("{number}")),
        RawCell::Bool(true) => Cow::Borrowed("Да"),
        RawCell::Bool(false) => Cow::Borrowed("Нет"),
    }
}

/// The text without blanks around it (codes, numbers).
pub fn trimmed(cell: RawCell<'_>) -> String {
    text(cell).trim_matches(is_blank).to_owned()
}

/// A text as a message quotes it: on one line, of at most that many characters; what is cut off shows.
pub fn shown(text: &str, width: usize) -> String {
    let mut shown = String::new();
    for word in text.split(is_blank).filter(|word| !word.is_empty()) {
        if !shown.is_empty() {
            shown.push(' ');
        }
        shown.push_str(word);
        if shown.len() > 4 * width {
            break;
        }
    }
    if shown.chars().count() <= width { shown } else { shown.chars().take(width - 1).chain(['…']).collect() }
}

/// Whether nothing readable stands in the cell.
pub fn is_empty(cell: RawCell<'_>) -> bool {
    match cell {
        RawCell::Empty => true,
        // Most texts begin with a letter or a digit.
        RawCell::Text(text) => !text.as_bytes().first().is_some_and(u8::is_ascii_graphic) && text.chars().all(is_blank),
        _ => false,
    }
}

/// Whether the character is a blank for people: spaces of every width, zero-width marks, the byte order mark.
pub fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

/// Placeholders that 1C writes for «nobody»: `<Не указан>`, `<...>`, a dash.
pub fn is_placeholder(text: &str) -> bool {
    let text = text.trim_matches(is_blank);
    text.is_empty()
        || (text.starts_with('<') && text.ends_with('>'))
        || matches!(text, "-" | "–" | "—" | "...")
        || matches!(key(text).as_str(), "не указан" | "не указано" | "не назначен" | "пусто")
}

/// Comparison key of a header or label: lower case, ё as е, blanks and line breaks squeezed, no colon or full stop at
/// the end, one kind of quotes.
pub fn key(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split(is_blank).filter(|w| !w.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        for c in word.chars().flat_map(char::to_lowercase) {
            out.push(match c {
                'ё' => 'е',
                '«' | '»' | '“' | '”' | '„' => '"',
                '\\' => '/',
                other => other,
            });
        }
    }
    out.trim_end_matches([':', '.', ';', '*', ' ']).replace(" /", "/").replace("/ ", "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_cells_become_digits_and_text_stays() {
        assert_eq!(text(RawCell::Number(7_701_234_560.0)), "7701234560");
        assert_eq!(text(RawCell::Number(500_100_732_259.0)), "500100732259");
        assert_eq!(text(RawCell::Text("7.70123E+09")), "7.70123E+09");
        assert_eq!(text(RawCell::Text(" ООО «А» ")), " ООО «А» ");
    }

    #[test]
    fn headers_compare_without_case_breaks_and_blanks() {
        assert_eq!(key("Сумма\r\nпродажи\u{a0} "), "сумма продажи");
        assert_eq!(key("Отчётный  месяц:"), "отчетный месяц");
        assert_eq!(key("ИНН / КПП"), "инн/кпп");
    }

    #[test]
    fn what_is_cut_off_shows() {
        assert_eq!(shown("  ООО\n«А» ", 40), "ООО «А»");
        assert_eq!(shown("12345", 5), "12345");
        assert_eq!(shown("123456", 5), "1234…");
        assert_eq!(shown(&"я ".repeat(100), 5), "я я …");
    }

    #[test]
    fn nobody_is_nobody() {
        for text in ["<Не указан>", "", " ", "—", "Не указан"] {
            assert!(is_placeholder(text), "{text}");
        }
        assert!(!is_placeholder("Неуказан И. И."));
    }
}
