//! Patterns of headers and titles: words with `*` for anything between. Deliberately absent: regular expressions, which
//! an accountant cannot read.

/// Whether the text is the pattern: `*` stands for any characters, none included.
pub fn is(text: &str, pattern: &str) -> bool {
    if !pattern.contains('*') {
        return text == pattern;
    }
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let Some(last) = parts.next_back() else { return false };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// Whether the text contains the words in their order, anything between them.
pub fn contains(text: &str, words: &str) -> bool {
    let mut rest = text;
    for part in words.split('*').filter(|p| !p.is_empty()) {
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything() {
        assert!(is("стоимость продаж, включая ндс, в рублях", "стоимость продаж*в рублях"));
        assert!(is("abc", "*") && is("ab", "a*b") && is("сумма", "сумма"));
        assert!(!is("a", "a*a") && !is("сумма с ндс", "сумма") && !is("в рублях", "стоимость*рублях"));
        assert!(contains("карточка счета 62.01 за июнь", "карточка счета*62"));
        assert!(!contains("счета 62 карточка", "карточка счета*62"));
    }
}
