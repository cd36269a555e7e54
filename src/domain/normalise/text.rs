//! Characters made comparable: compatibility forms, case, quotes, dashes, invisible characters, look-alike letters.
//! Composition is NFKC and never NFD (which turns «й» into «и»). Deliberately absent: legal forms and words (`name`).

use unicode_normalization::UnicodeNormalization;

/// Words of a text in lower case: letters and digits only, ё as е, look-alikes folded inside words of two alphabets.
/// An apostrophe between letters is dropped (Л'Этуаль is one word), everything else that is no letter or digit separates.
pub fn words(raw: &str) -> Vec<String> {
    // Nearly every name is plain, and a plain one without an apostrophe needs no look ahead.
    if raw.chars().all(is_plain) && !raw.contains(['\'', '`']) {
        return plain_words(raw);
    }
    let folded: String = raw.replace('№', " ").nfkc().flat_map(char::to_lowercase).nfkc().collect();
    let chars: Vec<char> = folded.chars().filter(|c| !invisible(*c)).map(|c| if c == 'ё' { 'е' } else { c }).collect();
    let mut out = Vec::new();
    let mut word = String::new();
    for (i, &c) in chars.iter().enumerate() {
        if is_letter_or_digit(c) {
            word.push(c);
        } else if is_apostrophe(c) && joins(&word, &chars, i) {
            // Inside a word.
        } else if !word.is_empty() {
            out.push(unmix(std::mem::take(&mut word)));
        }
    }
    if !word.is_empty() {
        out.push(unmix(word));
    }
    out
}

fn plain_words(raw: &str) -> Vec<String> {
    let mut out = Vec::with_capacity(4);
    let mut word = String::new();
    for c in raw.chars().map(small) {
        if matches!(c, 'а'..='я' | 'a'..='z' | '0'..='9') {
            if word.capacity() == 0 {
                // A word of ten Cyrillic letters without growing.
                word.reserve(20);
            }
            word.push(c);
        } else if !word.is_empty() {
            out.push(unmix(std::mem::take(&mut word)));
        }
    }
    if !word.is_empty() {
        out.push(unmix(word));
    }
    out
}

/// Characters that compatibility forms and composition leave alone: nearly every name consists of them only.
const fn is_plain(c: char) -> bool {
    matches!(c, ' '..='~' | 'А'..='я' | 'Ё' | 'ё' | '«' | '»' | '“' | '”' | '„' | '–' | '—' | '№' | '\u{a0}')
}

/// The same as the standard one, at once for the letters of nearly every name.
fn is_letter_or_digit(c: char) -> bool {
    matches!(c, 'а'..='я' | 'a'..='z' | '0'..='9') || c.is_alphanumeric()
}

/// The small letter of a plain character, ё as е.
const fn small(c: char) -> char {
    match c {
        'A'..='Z' => c.to_ascii_lowercase(),
        'Ё' | 'ё' => 'е',
        'А'..='Я' => match char::from_u32(c as u32 + 32) {
            Some(small) => small,
            None => c,
        },
        _ => c,
    }
}

/// Whether an apostrophe stands inside a word and is no quotation mark: behind a single letter (Л'Этуаль, О'Кей), before
/// the vowels that Ukrainian parts so (п'ятниця), before a final s (That's).
fn joins(before: &str, chars: &[char], at: usize) -> bool {
    let Some(&next) = chars.get(at + 1).filter(|c| c.is_alphabetic()) else { return false };
    let mut letters = before.chars();
    let (first, more) = (letters.next(), letters.next().is_some());
    let last = before.chars().last();
    first.is_some_and(char::is_alphabetic) && !more
        || matches!(next, 'я' | 'ю' | 'є' | 'ї') && last.is_some_and(|c| "бпвмфркнзд".contains(c))
        || next == 's' && more && !chars.get(at + 2).is_some_and(|c| c.is_alphanumeric())
}

const fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ' | '`' | '‘' | '′')
}

/// Zero-width, bidirectional and soft-hyphen characters, and accents left over: they are not seen, so they do not count.
fn invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
        || matches!(c, '\u{300}'..='\u{36f}')
}

fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52f}')
}

/// The Cyrillic letter that looks like this Latin one (upper or lower case), if any.
pub const fn cyrillic_twin(c: char) -> Option<char> {
    Some(match c {
        'a' => 'а',
        'b' => 'в',
        'c' => 'с',
        'e' => 'е',
        'h' => 'н',
        'i' => 'і',
        'k' => 'к',
        'm' => 'м',
        'o' => 'о',
        'p' => 'р',
        't' => 'т',
        'x' => 'х',
        'y' => 'у',
        _ => return None,
    })
}

/// Whether the word, all of it ASCII, is the other one when its Latin letters are taken for the Cyrillic ones they look like.
pub(super) fn is_twin(word: &str, cyrillic: &str) -> bool {
    let twin = |c: char| if c.is_ascii_alphabetic() { cyrillic_twin(c) } else { Some(c) };
    word.bytes().any(|c| c.is_ascii_alphabetic()) && word.chars().map(twin).eq(cyrillic.chars().map(Some))
}

/// The word in Cyrillic if every Latin letter of it has a Cyrillic twin: `OOO`, `MAPC`. `None` when it has no Latin
/// letters or one of them has no twin.
pub fn as_cyrillic(word: &str) -> Option<String> {
    if !word.chars().any(|c| c.is_ascii_alphabetic()) {
        return None;
    }
    word.chars().map(|c| if c.is_ascii_alphabetic() { cyrillic_twin(c) } else { Some(c) }).collect()
}

fn as_latin(word: &str) -> Option<String> {
    let back = |c: char| "abcehikmoptxy".chars().find(|latin| cyrillic_twin(*latin) == Some(c));
    word.chars().map(|c| if is_cyrillic(c) { back(c) } else { Some(c) }).collect()
}

/// A word of two alphabets brought into one, when look-alikes allow it; a lone digit 0 or 3 between Cyrillic letters
/// becomes о or з.
fn unmix(word: String) -> String {
    let latin = word.bytes().any(|c| c.is_ascii_alphabetic());
    let mut out = word;
    if latin && out.chars().any(is_cyrillic) {
        out = as_cyrillic(&out).or_else(|| as_latin(&out)).unwrap_or(out);
    }
    if out.contains(['0', '3']) {
        let chars: Vec<char> = out.chars().collect();
        let between =
            |i: usize| i > 0 && is_cyrillic(chars[i - 1]) && chars.get(i + 1).copied().is_some_and(is_cyrillic);
        out = chars
            .iter()
            .enumerate()
            .map(|(i, c)| match c {
                '0' if between(i) => 'о',
                '3' if between(i) => 'з',
                other => *other,
            })
            .collect();
    }
    out
}

/// Whether the text has a word of two alphabets (worth a remark: «смешанные алфавиты»).
pub fn mixes_alphabets(raw: &str) -> bool {
    raw.split(|c: char| !c.is_alphanumeric())
        .any(|word| word.chars().any(|c| c.is_ascii_alphabetic()) && word.chars().any(is_cyrillic))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// The short way for plain texts gives what the long way gives.
        #[test]
        fn plain_texts_are_read_alike(text in "[ -~А-яЁё«»“”„–—№\u{a0}]{0,30}") {
            // An invisible character sends the text the long way and vanishes there.
            prop_assert_eq!(words(&text), words(&format!("{text}\u{200b}")));
        }
    }

    #[test]
    fn quotes_dashes_and_invisible_characters_separate_or_vanish() {
        assert_eq!(words("ООО\u{a0}«Ёлка–2» (\u{200b}„Йод“)"), ["ооо", "елка", "2", "йод"]);
        assert_eq!(words("Л'Этуаль п’ятниця 'Ромашка'"), ["лэтуаль", "пятниця", "ромашка"]);
        assert_eq!(words("ООО'Ромашка' О'Кей"), ["ооо", "ромашка", "окей"]);
        assert_eq!(words("Школа №5"), ["школа", "5"]);
        assert_eq!(words("И\u{306}ОГУРТ"), ["йогурт"]);
    }

    #[test]
    fn look_alikes_are_folded_only_inside_words_of_two_alphabets() {
        assert_eq!(words("TOBAPИCTBO 3 OБMEЖЕHOЮ"), ["товариство", "3", "обмежеhою".replace('h', "н").as_str()]);
        assert_eq!(words("MAPC Рoмашка р0машка"), ["mapc", "ромашка", "ромашка"]);
        assert!(mixes_alphabets("Рoмашка") && !mixes_alphabets("Alfa Банк"));
    }
}
