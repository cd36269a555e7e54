//! Makes text from files safe to show: one line, no control characters, no characters that turn the reading direction
//! or cannot be seen. Names come from spreadsheets, where Alt+Enter puts a line feed into a cell (failure-model 0.6,
//! 2.18). Deliberately absent: escaping for HTML (the templates do it) and changing what is stored.

use std::borrow::Cow;

use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

/// One clean line: NFC, controls, line and paragraph separators as one space, bidirectional and zero-width marks dropped.
pub fn line(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|b| (0x21..0x7f).contains(&b)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.nfc() {
        match c {
            '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{061c}'
            | '\u{feff}'
            | '\u{00ad}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}' => {}
            '\u{a0}' => out.push(c),
            c if c.is_control() || c.is_whitespace() => {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c => out.push(c),
        }
    }
    out.truncate(out.trim_end_matches(' ').len());
    Cow::Owned(out)
}

/// Cleans every string of a template context, so that no template can forget to.
pub fn tree(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Cow::Owned(clean) = line(text) {
                *text = clean;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(tree),
        Value::Object(fields) => fields.iter_mut().for_each(|(_, v)| tree(v)),
        _ => {}
    }
}

/// The text cut to so many characters, the last one an ellipsis when something was cut.
pub fn cut(text: &str, width: usize) -> Cow<'_, str> {
    if text.chars().count() <= width {
        return Cow::Borrowed(text);
    }
    let mut out: String = text.chars().take(width.saturating_sub(1)).collect();
    out.truncate(out.trim_end().len());
    out.push('…');
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_feeds_controls_and_direction_marks_do_not_survive() {
        assert_eq!(line("ООО\n\u{202e}«Ромашка»\u{0}\r\n  Bcc: x"), "ООО «Ромашка» Bcc: x");
        assert_eq!(line("  a\u{200b}b  "), "ab");
        assert_eq!(line("1\u{a0}000"), "1\u{a0}000");
    }

    #[test]
    fn cutting_counts_characters() {
        assert_eq!(cut("Ромашка", 7), "Ромашка");
        assert_eq!(cut("Ромашка", 4), "Ром…");
    }
}
