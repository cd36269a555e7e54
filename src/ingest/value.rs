//! Cells as text: what a name, code, number of a document or ИНН is when the cell holds a number; and comparison keys
//! of headers. Deliberately absent: amounts (`amount`) and dates (`date`), where the column decides.

use std::borrow::Cow;

use super::raw::RawCell;

/// The text of a cell exactly as written; a number without a fraction becomes its digits (an ИНН in a number cell).
pub fn text(cell: RawCell<'_>) -> Cow<'_, str> {
    match cell {
        RawCell::Empty => Cow::Borrowed(""),
        RawCell::Text(text) | RawCell::Iso(text) | RawCell::Error(text) => Cow::Borrowed(text),
        RawCell::Number(number) => Cow::Owned(digits(number)),
        RawCell::Bool(true) => Cow::Borrowed("Да"),
        RawCell::Bool(false) => Cow::Borrowed("Нет"),
    }
}

/// A number as its shortest digits; whole ones, which nearly all are, go the short way.
fn digits(number: f64) -> String {
    if number.fract() == 0.0 && number != 0.0 && number.abs() < 9e15 {
        (number as i64).to_string()
    } else {
        format!("{number}")
    }
}

/// The text without blanks around it (codes, numbers).
pub fn trimmed(cell: RawCell<'_>) -> String {
    bare(cell).into_owned()
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

/// The same, copied only where the cell holds no text.
pub fn bare(cell: RawCell<'_>) -> Cow<'_, str> {
    match text(cell) {
        Cow::Borrowed(text) => Cow::Borrowed(trim(text)),
        owned @ Cow::Owned(_) => owned,
    }
}

/// The text without blanks around it. No blank is a sign of ASCII that is seen, and none begins with the bytes of a
/// Cyrillic letter.
pub fn trim(text: &str) -> &str {
    let seen = |b: &u8| b.is_ascii_graphic() || matches!(b, 0xD0 | 0xD1);
    match text.as_bytes() {
        [first, .., before, last] if seen(first) && (last.is_ascii_graphic() || matches!(before, 0xD0 | 0xD1)) => text,
        _ => text.trim_matches(is_blank),
    }
}

/// The text up to its first blank.
pub fn first_word(text: &str) -> &str {
    let end = text.bytes().position(|b| !SEEN[b as usize]);
    match end.map(|end| (end, text.as_bytes().get(end))) {
        None => text,
        Some((end, Some(b' '))) => text.get(..end).unwrap_or_default(),
        Some(_) => text.split(is_blank).next().unwrap_or_default(),
    }
}

/// What stands before the last blank, and behind it; nothing before where there is none.
pub fn last_word(text: &str) -> (&str, &str) {
    let end = text.bytes().rposition(|b| !SEEN[b as usize]);
    let found = match end.map(|end| (end, text.as_bytes().get(end))) {
        None => None,
        Some((end, Some(b' '))) => text.get(..end).zip(text.get(end + 1..)),
        Some(_) => text.rsplit_once(is_blank),
    };
    found.unwrap_or(("", text))
}

/// Whether a byte is surely no blank and no part of one: signs of ASCII, and the bytes of Cyrillic letters, unless
/// another byte of the same character says otherwise.
const SEEN: [bool; 256] = {
    let (mut seen, mut byte) = ([false; 256], 0);
    while byte < seen.len() {
        seen[byte] = (byte as u8).is_ascii_graphic() || matches!(byte, 0x80..=0xBF | 0xD0 | 0xD1);
        byte += 1;
    }
    seen
};

/// Whether nothing readable stands in the cell.
pub fn is_empty(cell: RawCell<'_>) -> bool {
    match cell {
        RawCell::Empty => true,
        // Most texts begin with a letter or a digit; no blank begins like a Cyrillic letter.
        RawCell::Text(text) => {
            let seen = |b: &u8| b.is_ascii_graphic() || matches!(b, 0xD0 | 0xD1);
            !text.as_bytes().first().is_some_and(seen) && text.chars().all(is_blank)
        }
        _ => false,
    }
}

/// Whether the character is a blank for people: spaces of every width, zero-width marks, the byte order mark.
pub fn is_blank(c: char) -> bool {
    if c.is_ascii() {
        return matches!(c, ' ' | '\t'..='\r');
    }
    c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

/// Placeholders that 1C writes for «nobody»: `<Не указан>`, `<...>`, a dash.
pub fn is_placeholder(text: &str) -> bool {
    let text = trim(text);
    let mut letters = text.chars();
    // Names that do not begin like one of the words need no key.
    let mut may_say_so = || {
        matches!(letters.next(), Some('н' | 'Н' | 'п' | 'П'))
            && matches!(letters.next(), Some('е' | 'Е' | 'ё' | 'Ё' | 'у' | 'У'))
    };
    text.is_empty()
        || (text.starts_with('<') && text.ends_with('>'))
        || matches!(text, "-" | "–" | "—" | "...")
        || (may_say_so() && matches!(key(text).as_str(), "не указан" | "не указано" | "не назначен" | "пусто"))
}

/// Comparison key of a header or label: lower case, ё as е, blanks and line breaks squeezed, no colon or full stop at
/// the end, one kind of quotes.
pub fn key(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split(is_blank).filter(|w| !w.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        for c in word.chars() {
            match c {
                'А'..='Я' => out.extend(char::from_u32(c as u32 + 32)),
                'а'..='я' => out.push(c),
                'ё' | 'Ё' => out.push('е'),
                '«' | '»' | '“' | '”' | '„' => out.push('"'),
                '\\' => out.push('/'),
                c if c.is_ascii() => out.push(c.to_ascii_lowercase()),
                c => out.extend(c.to_lowercase()),
            }
        }
    }
    out.truncate(out.trim_end_matches([':', '.', ';', '*', ' ']).len());
    if out.contains('/') { out.replace(" /", "/").replace("/ ", "/") } else { out }
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
