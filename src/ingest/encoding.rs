//! Bytes become text: byte order mark, else what the file says of itself, else UTF-16 by its zeros, valid UTF-8, and last
//! cp866 or cp1251 by which of the two spells Russian words. The bytes beat the label: text that is valid UTF-8 beyond
//! ASCII is UTF-8. Deliberately absent: other languages' code pages (statistical detectors take short Cyrillic for
//! Western European).

use std::{borrow::Cow, collections::HashSet};

use encoding_rs::{Encoding, IBM866, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251};

use super::{read::Refusal, single_byte};

/// Bytes looked at to tell cp866 from cp1251, and damaged UTF-8 from neither.
const SAMPLE: usize = 1 << 20;

/// Different pairs of capitals that make a text of capitals one of cp866.
const MOST_DIFFERENT: usize = 8;

/// Decodes a whole file. `declared` is the encoding that its head names.
pub fn decode<'a>(bytes: &'a [u8], declared: Option<&'static Encoding>) -> Result<Cow<'a, str>, Refusal> {
    let encoding = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None => told(bytes, declared)?,
    };
    let text =
        if encoding.is_single_byte() { single_byte::decode(bytes, encoding).into() } else { encoding.decode(bytes).0 };
    if is_binary(&text) { Err(binary()) } else { Ok(text) }
}

/// The same of bytes that nobody needs afterwards: what is UTF-8 already becomes the text without being copied.
pub fn decode_owned(bytes: Vec<u8>) -> Result<String, Refusal> {
    let mark = Encoding::for_bom(&bytes);
    let may_be_utf8 = mark.map_or_else(|| !head(&bytes).contains(&0), |(encoding, _)| encoding == UTF_8);
    let bytes = if may_be_utf8 {
        match String::from_utf8(bytes) {
            Ok(mut text) => {
                text.drain(..mark.map_or(0, |(_, length)| length));
                return if is_binary(&text) { Err(binary()) } else { Ok(text) };
            }
            Err(error) => error.into_bytes(),
        }
    } else {
        bytes
    };
    decode(&bytes, None).map(Cow::into_owned)
}

/// Bytes that tell UTF-16 and what is no text at all.
fn head(bytes: &[u8]) -> &[u8] {
    bytes.get(..8192).unwrap_or(bytes)
}

fn is_binary(text: &str) -> bool {
    let controls = |c: &char| c.is_control() && !matches!(c, '\r' | '\n' | '\t' | '\u{c}');
    text.chars().take(4096).filter(controls).count() > 4
}

fn told(bytes: &[u8], declared: Option<&'static Encoding>) -> Result<&'static Encoding, Refusal> {
    let head = head(bytes);
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|b| **b == 0).count();
    let enough = head.len() / 20;
    match (zeros(0), zeros(1)) {
        (0, 0) => {}
        (0, odd) if odd > enough => return Ok(UTF_16LE),
        (even, 0) if even > enough => return Ok(UTF_16BE),
        _ => return Err(binary()),
    }
    // A head that can be read byte by byte is not UTF-16, whatever it says.
    let declared = declared.filter(|declared| *declared != UTF_8 && *declared != UTF_16LE && *declared != UTF_16BE);
    let single = || declared.unwrap_or_else(|| cyrillic(bytes));
    match std::str::from_utf8(bytes) {
        Ok(_) if bytes.is_ascii() => Ok(declared.unwrap_or(UTF_8)),
        Ok(_) => Ok(UTF_8),
        Err(error)
            if error.error_len().is_none() && !bytes.get(..error.valid_up_to()).unwrap_or_default().is_ascii() =>
        {
            Err(broken_off())
        }
        Err(_) if is_damaged_utf8(bytes) => Ok(UTF_8),
        Err(_) => Ok(single()),
    }
}

/// Whether nearly all bytes beyond ASCII are UTF-8: one bad byte must not turn every other name into another one.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.get(..SAMPLE).unwrap_or(bytes).utf8_chunks() {
        good += chunk.valid().bytes().filter(|b| *b >= 0xC0).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad.saturating_mul(20)
}

/// cp866 or cp1251. Common pairs of letters decide: they are counted under both readings, and cp866 has to win clearly,
/// with several different pairs, for cp1251 is what 1C writes (its blanks, quotes and dashes are letters of cp866).
pub fn cyrillic(bytes: &[u8]) -> &'static Encoding {
    let looked = |bytes: &[u8]| {
        let (mut old, mut new, mut different, mut small) = (0_usize, 0_usize, HashSet::new(), false);
        for pair in bytes.windows(2) {
            let &[first, second] = pair else { continue };
            if first < 0x80 || second < 0x80 {
                continue;
            }
            if is_common(class_866(first), class_866(second)) {
                old += 1;
                small |= second >= 0xA0;
                if different.len() < MOST_DIFFERENT {
                    different.insert((first, second));
                }
            }
            new += usize::from(is_common(class_1251(first), class_1251(second)));
        }
        // Signs of cp1251 can spell a few pairs of capitals, but not many different ones.
        (old, new, different.len() >= if small { 3 } else { MOST_DIFFERENT })
    };
    let mut found = looked(bytes.get(..SAMPLE).unwrap_or(bytes));
    if found.0 + found.1 == 0 {
        found = looked(bytes);
    }
    let (old, new, different) = found;
    if different && old > new.saturating_mul(2) { IBM866 } else { WINDOWS_1251 }
}

/// What a byte is under a code page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// One of о, е, а, и, н, т, in upper or lower case.
    Common { lower: bool },
    /// Another letter.
    Letter { lower: bool },
    /// Not a letter.
    Other,
}

/// Two letters, one of them common, and not a capital within a word of small letters.
fn is_common(first: Class, second: Class) -> bool {
    let lower = |class| match class {
        Class::Common { lower } => Some((lower, true)),
        Class::Letter { lower } => Some((lower, false)),
        Class::Other => None,
    };
    match (lower(first), lower(second)) {
        (Some((a, x)), Some((b, y))) => (x || y) && (b || !a),
        _ => false,
    }
}

/// Letter of the alphabet from 0 (а) to 31 (я).
fn class(letter: u8, lower: bool) -> Class {
    // а, е, и, н, о, т
    if matches!(letter, 0 | 5 | 8 | 13 | 14 | 18) { Class::Common { lower } } else { Class::Letter { lower } }
}

fn class_866(byte: u8) -> Class {
    match byte {
        0x80..=0x9F => class(byte - 0x80, false),
        0xA0..=0xAF => class(byte - 0xA0, true),
        0xE0..=0xEF => class(byte - 0xE0 + 16, true),
        0xF0 => Class::Letter { lower: false },
        0xF1 => Class::Letter { lower: true },
        _ => Class::Other,
    }
}

fn class_1251(byte: u8) -> Class {
    match byte {
        0xC0..=0xDF => class(byte - 0xC0, false),
        0xE0..=0xFF => class(byte - 0xE0, true),
        0xA8 => Class::Letter { lower: false },
        0xB8 => Class::Letter { lower: true },
        _ => Class::Other,
    }
}

fn binary() -> Refusal {
    Refusal::new(
        "file_unsupported",
        "это не таблица и не текст; сохраните данные как .xlsx или .csv",
        "this is neither a table nor text; save the data as .xlsx or .csv",
    )
}

fn broken_off() -> Refusal {
    Refusal::new(
        "file_incomplete",
        "файл обрывается посреди буквы: он скопирован не до конца; дождитесь конца копирования или выгрузите заново",
        "the file breaks off within a letter: it was not copied to its end; wait for the copy or export it again",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXTS: &[&str] = &[
        "Дата;Сумма\n05.11.2026;5",
        "ДАТА;НОМЕР;КОНТРАГЕНТ;СУММА\n05.11.2026;1;ООО РОМАШКА;14 800,00",
        "дата;номер;контрагент;сумма",
        "№;Покупатель;ИНН\n1;ИП Ёлкин;500100732259",
        "Залишки товарів на складі;Київ",
        "Карточка счета 62.01 за Июнь 2026 г.",
    ];

    #[test]
    fn the_code_page_is_told_by_the_words() {
        for text in TEXTS {
            let old: Vec<u8> = text.chars().map(to_866).collect();
            assert_eq!(cyrillic(&WINDOWS_1251.encode(text).0).name(), "windows-1251", "{text}");
            assert_eq!(cyrillic(&old).name(), "IBM866", "{text}");
        }
    }

    fn to_866(c: char) -> u8 {
        (0..=255).find(|b| IBM866.decode(&[*b]).0.starts_with(c)).unwrap_or(b'?')
    }

    /// Its blanks, quotes, dashes and dots are letters of cp866.
    #[test]
    fn the_signs_of_cp1251_are_not_taken_for_words() {
        let texts = [
            "1\u{a0}234,56;«\u{a0}»;…………;———–––",
            "“…”;‘…’;—…—",
            "ABC;1\u{a0}000\u{a0}000,00;руб.",
            "Ё;ё;Є;Ї;ї;№\u{a0}1",
            "ООО\u{a0}«ААА»",
        ];
        for text in texts {
            assert_eq!(cyrillic(&WINDOWS_1251.encode(text).0).name(), "windows-1251", "{text}");
        }
    }

    #[test]
    fn the_bytes_beat_the_label() {
        let text = "Имя;Ёлкин".repeat(20);
        assert_eq!(decode(text.as_bytes(), Some(WINDOWS_1251)).expect("text"), text);
        let bytes = WINDOWS_1251.encode(&text).0;
        assert_eq!(decode(&bytes, Some(UTF_8)).expect("text"), text);
        assert_eq!(decode(&bytes, Some(UTF_16LE)).expect("text"), text);
        let koi8 = encoding_rs::KOI8_R.encode(&text).0;
        assert_eq!(decode(&koi8, Some(encoding_rs::KOI8_R)).expect("text"), text);
    }

    #[test]
    fn one_bad_byte_does_not_change_every_name_and_a_cut_letter_is_noticed() {
        let mut bytes = "Имя;Ёлкин\n".repeat(20).into_bytes();
        assert_eq!(decode(&bytes[..bytes.len() - 2], None).expect_err("cut").code, "file_incomplete");
        bytes.insert(7, 0xFF);
        assert!(decode(&bytes, None).expect("text").ends_with("Ёлкин\n"));
    }

    #[test]
    fn encodings_give_the_same_text() {
        let text = "Имя;Сумма\nИП Ёлкин №1;5\n";
        let utf16 = |bytes: fn(u16) -> [u8; 2], bom: bool| {
            bom.then_some(0xFEFF).into_iter().chain(text.encode_utf16()).flat_map(bytes).collect::<Vec<u8>>()
        };
        let spellings = [
            text.as_bytes().to_vec(),
            [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
            WINDOWS_1251.encode(text).0.into_owned(),
            text.chars().map(to_866).collect(),
            utf16(u16::to_le_bytes, true),
            utf16(u16::to_be_bytes, true),
            utf16(u16::to_le_bytes, false),
            utf16(u16::to_be_bytes, false),
        ];
        for bytes in spellings {
            assert_eq!(decode(&bytes, None).expect("text"), text);
            assert_eq!(decode_owned(bytes).expect("text"), text);
        }
        assert!(decode(&[1, 2, 3, 4, 5, 6, 7], None).is_err());
        assert!(decode_owned(vec![1, 2, 3, 4, 5, 6, 7]).is_err());
    }

    /// Files of hundreds of megabytes have to fit into the child.
    #[test]
    fn a_text_is_not_copied_and_takes_no_more_room_than_it_needs() {
        let bytes = "Имя;Ёлкин\n".repeat(20).into_bytes();
        let place = bytes.as_ptr();
        let text = decode_owned(bytes).expect("text");
        assert_eq!(text.as_ptr(), place);
        let line = "01.01.2026;ООО Ёлкин;5,00\n";
        let text = decode_owned(WINDOWS_1251.encode(&line.repeat(100_000)).0.into_owned()).expect("text");
        assert!(text == line.repeat(100_000) && text.capacity() < text.len() + text.len() / 20, "{}", text.capacity());
    }
}
