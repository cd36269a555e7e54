//! Texts of a part: entities, line ends, and Excel's own `_x000D_`, as calamine 0.38 resolves them. Deliberately absent:
//! entities a document declares itself, and surrogates written as escapes ("not sure").

use std::io::Read;

use memchr::memchr;

use super::{
    Stop,
    scan::{Scanner, Token},
    unsure,
};

/// Appends the text of a string item (`si`, `is`) that was just opened: its runs, without phonetic hints.
pub(super) fn item<R: Read>(scanner: &mut Scanner<R>, out: &mut String) -> Result<(), Stop> {
    let floor = scanner.depth();
    let mut hint = None;
    loop {
        match scanner.next()? {
            Token::Open(tag) if tag.name == b"t" && hint.is_none() => {
                let preserve = tag.attributes.get(b"xml:space")? == Some(b"preserve");
                run(scanner, preserve, out)?;
            }
            Token::Open(tag) if tag.name == b"t" => scanner.skip()?,
            Token::Open(tag) if tag.name == b"rPh" && hint.is_none() => hint = Some(scanner.depth()),
            Token::Open(tag) if matches!(tag.name, b"rPh" | b"si" | b"is") => return unsure(),
            Token::Close(depth) if depth < floor => return Ok(()),
            Token::Close(depth) if hint.is_some_and(|hint| depth < hint) => hint = None,
            Token::Text(raw) if !raw.iter().all(u8::is_ascii_whitespace) => return unsure(),
            Token::End => return unsure(),
            _ => {}
        }
    }
}

fn run<R: Read>(scanner: &mut Scanner<R>, preserve: bool, out: &mut String) -> Result<(), Stop> {
    let start = out.len();
    loop {
        match scanner.next()? {
            Token::Text(raw) => decode(raw, out)?,
            Token::CData(raw) => lines(raw, out)?,
            Token::Aside => {}
            Token::Close(_) => break,
            Token::Open(_) | Token::End => return unsure(),
        }
    }
    if !preserve {
        let white = |c: char| matches!(c, ' ' | '\t' | '\r' | '\n');
        let kept = out.get(start..).unwrap_or_default().trim_end_matches(white).len();
        out.truncate(start + kept);
        let lead = kept - out.get(start..).unwrap_or_default().trim_start_matches(white).len();
        out.drain(start..start + lead);
    }
    unescape(out, start)
}

/// Appends text with its entities resolved.
pub(super) fn decode(raw: &[u8], out: &mut String) -> Result<(), Stop> {
    let mut rest = raw;
    while let Some(at) = memchr(b'&', rest) {
        let (before, entity) = rest.split_at(at);
        lines(before, out)?;
        let Some(end) = entity.iter().take(12).position(|b| *b == b';') else { return unsure() };
        let Some(character) = entity.get(1..end).and_then(character) else { return unsure() };
        out.push(character);
        rest = entity.get(end + 1..).unwrap_or_default();
    }
    lines(rest, out)
}

fn character(entity: &[u8]) -> Option<char> {
    let code = match entity {
        b"lt" => return Some('<'),
        b"gt" => return Some('>'),
        b"amp" => return Some('&'),
        b"apos" => return Some('\''),
        b"quot" => return Some('"'),
        [b'#', b'x', digits @ ..] if digits.iter().all(u8::is_ascii_hexdigit) => {
            u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?
        }
        [b'#', digits @ ..] if digits.iter().all(u8::is_ascii_digit) => {
            std::str::from_utf8(digits).ok()?.parse().ok()?
        }
        _ => return None,
    };
    char::from_u32(code).filter(|c| *c != '\0')
}

/// Appends text with the line ends of XML.
fn lines(raw: &[u8], out: &mut String) -> Result<(), Stop> {
    let Ok(text) = std::str::from_utf8(raw) else { return unsure() };
    if memchr(b'\r', raw).is_some() {
        out.push_str(&text.replace("\r\n", "\n").replace('\r', "\n"));
    } else {
        out.push_str(text);
    }
    Ok(())
}

/// Resolves `_x000D_` in the text from `start` on.
pub(super) fn unescape(out: &mut String, start: usize) -> Result<(), Stop> {
    let written = out.as_bytes().get(start..).unwrap_or_default();
    let Some(first) = memchr(b'_', written) else { return Ok(()) };
    let mut from = start + first;
    while let Some(at) = out.get(from..).and_then(|text| text.find("_x")).map(|at| from + at) {
        let escape = out.get(at..at + 7).filter(|e| e.ends_with('_')).and_then(|e| e.get(2..6));
        match escape.filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit())) {
            Some(digits) => {
                let Some(character) = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32) else {
                    return unsure();
                };
                out.replace_range(at..at + 7, character.encode_utf8(&mut [0; 4]));
                from = at + character.len_utf8();
            }
            None => from = at + 1,
        }
    }
    Ok(())
}
