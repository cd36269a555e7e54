//! Delimited text as people and programs save it: encoding and delimiter are told from the content. Quotes follow
//! RFC 4180, with one mercy for writers that do not quote at all: `"Ромашка" ООО;5` is a literal field. A quote that is
//! never closed is refused with its line, for it would swallow the rest of the file. Deliberately absent: trimming
//! (names are echoed byte for byte) and the meaning of columns.

use std::borrow::Cow;

use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251};

use super::{
    builder::SheetBuilder,
    raw::{RawCell, RawSheet},
    read::{ReadLimits, Refusal},
};

/// Records looked at to tell the delimiter.
const SAMPLE: usize = 60;
/// Most fields of a record: as many as a sheet has columns. A line of nothing but delimiters would fill the memory.
const MOST_FIELDS: usize = 16_384;

/// Reads the text as one nameless sheet.
pub fn read(bytes: &[u8], limits: &ReadLimits) -> Result<Vec<RawSheet>, Refusal> {
    let text = decode(bytes)?;
    let (text, skipped, declared) = declared_delimiter(&text);
    let delimiter = declared.unwrap_or_else(|| guess_delimiter(text));
    let mut builder = SheetBuilder::new("", limits.max_cells);
    let mut records = Records::new(text, delimiter);
    while let Some((line, fields)) = records.next_record()? {
        for (column, field) in (0..).zip(&fields) {
            builder.put((line + skipped - 1, column), RawCell::Text(field))?;
        }
    }
    Ok(vec![builder.finish()])
}

/// BOM; else UTF-16 by its zero bytes; else valid UTF-8; else cp1251. (Statistical detectors take short Cyrillic for
/// Western European.)
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Refusal> {
    let binary = || {
        Refusal::new(
            "file_unsupported",
            "это не таблица и не текст; сохраните данные как .xlsx или .csv",
            "this is neither a table nor text; save the data as .xlsx or .csv",
        )
    };
    let encoding = if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(bytes) {
        encoding
    } else {
        let head = &bytes[..bytes.len().min(8192)];
        let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|b| **b == 0).count();
        let enough = head.len() / 20;
        match (zeros(0), zeros(1)) {
            (0, 0) if std::str::from_utf8(bytes).is_ok() => UTF_8,
            (0, 0) => WINDOWS_1251,
            (0, odd) if odd > enough => UTF_16LE,
            (even, 0) if even > enough => UTF_16BE,
            _ => return Err(binary()),
        }
    };
    let (text, _, _) = encoding.decode(bytes);
    let controls =
        text.chars().take(4096).filter(|c| c.is_control() && !matches!(c, '\r' | '\n' | '\t' | '\u{c}')).count();
    if controls > 4 { Err(binary()) } else { Ok(text) }
}

/// Excel's own first line `sep=;`.
fn declared_delimiter(text: &str) -> (&str, u32, Option<u8>) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let declared = first.trim().strip_prefix("sep=").and_then(|d| d.bytes().next());
    match declared {
        Some(delimiter) if delimiter.is_ascii_punctuation() => (rest, 1, Some(delimiter)),
        _ => (text, 0, None),
    }
}

/// The delimiter whose records agree best in their number of fields; then the one with more fields; then `;`, tab, `,`,
/// `|`. A decimal comma never wins over `;`, because the header has none.
fn guess_delimiter(text: &str) -> u8 {
    let score = |delimiter: u8| -> (usize, usize) {
        let mut counts = std::collections::BTreeMap::<usize, usize>::new();
        let mut records = Records::new(text, delimiter);
        for _ in 0..SAMPLE {
            match records.next_record() {
                Ok(Some((_, fields))) if fields.iter().any(|f| !f.is_empty()) => {
                    *counts.entry(fields.len()).or_default() += 1;
                }
                Ok(Some(_)) => {}
                Ok(None) | Err(_) => break,
            }
        }
        counts.into_iter().filter(|(fields, _)| *fields > 1).map(|(fields, n)| (n, fields)).max().unwrap_or_default()
    };
    let mut best = (b';', (0, 0));
    for delimiter in [b';', b'\t', b',', b'|'] {
        let found = score(delimiter);
        if found > best.1 {
            best = (delimiter, found);
        }
    }
    best.0
}

/// Line and fields of a record.
type Record<'a> = (u32, Vec<Cow<'a, str>>);

/// Iterates over records, with the line each begins at.
struct Records<'a> {
    text: &'a str,
    at: usize,
    line: u32,
    delimiter: u8,
}

impl<'a> Records<'a> {
    const fn new(text: &'a str, delimiter: u8) -> Self {
        Self { text, at: 0, line: 1, delimiter }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn next_record(&mut self) -> Result<Option<Record<'a>>, Refusal> {
        if self.at >= self.text.len() {
            return Ok(None);
        }
        let line = self.line;
        let mut fields = Vec::new();
        loop {
            if fields.len() >= MOST_FIELDS {
                return Err(too_wide(line));
            }
            fields.push(if self.byte(self.at) == Some(b'"') { self.quoted()? } else { self.plain() });
            match self.byte(self.at) {
                Some(b) if b == self.delimiter => self.at += 1,
                Some(b'\r') if self.byte(self.at + 1) == Some(b'\n') => {
                    self.at += 2;
                    break;
                }
                Some(_) => {
                    self.at += 1;
                    break;
                }
                None => break,
            }
        }
        self.line += 1;
        Ok(Some((line, fields)))
    }

    /// Up to the next delimiter or end of line. All of them are ASCII, so the slices fall on character boundaries.
    fn plain(&mut self) -> Cow<'a, str> {
        let start = self.at;
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        let length = rest.iter().position(|b| *b == self.delimiter || *b == b'\n' || *b == b'\r').unwrap_or(rest.len());
        self.at = start + length;
        Cow::Borrowed(self.text.get(start..self.at).unwrap_or_default())
    }

    fn quoted(&mut self) -> Result<Cow<'a, str>, Refusal> {
        let open = self.at;
        let mut at = open + 1;
        let mut lines = 0;
        let mut doubled = false;
        loop {
            match self.byte(at) {
                None => return Err(self.unclosed()),
                Some(b'\n') => lines += 1,
                Some(b'"') if self.byte(at + 1) == Some(b'"') => {
                    doubled = true;
                    at += 1;
                }
                Some(b'"') => break,
                Some(_) => {}
            }
            at += 1;
        }
        let body = self.text.get(open + 1..at).unwrap_or_default();
        match self.byte(at + 1) {
            None | Some(b'\n' | b'\r') => {}
            Some(b) if b == self.delimiter => {}
            // Text behind the quote: a literal field if the pair lies within one field, else the quote was left open.
            Some(_) if body.bytes().all(|b| b != self.delimiter && b != b'\n' && b != b'\r') => return Ok(self.plain()),
            Some(_) => return Err(self.unclosed()),
        }
        self.at = at + 1;
        self.line += lines;
        Ok(if doubled { Cow::Owned(body.replace("\"\"", "\"")) } else { Cow::Borrowed(body) })
    }

    fn unclosed(&self) -> Refusal {
        let line = self.line;
        Refusal {
            row: line,
            ..Refusal::new(
                "unclosed_quote",
                format!(
                    "в строке {line} не закрыта кавычка: за ней пропал бы остаток файла; исправьте строку или выгрузите в .xlsx"
                ),
                format!(
                    "line {line} has a quote that is never closed and would swallow the rest of the file; correct the line or export as .xlsx"
                ),
            )
        }
    }
}

fn too_wide(line: u32) -> Refusal {
    Refusal {
        row: line,
        ..Refusal::new(
            "file_too_large",
            format!(
                "в строке {line} больше {MOST_FIELDS} столбцов; выгрузите отчёт заново или сохраните его как .xlsx"
            ),
            format!("line {line} has more than {MOST_FIELDS} columns; export the report again or save it as .xlsx"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Vec<(u32, Vec<String>)> {
        let sheets = read(text.as_bytes(), &ReadLimits::default()).expect("read");
        let plain = |c: RawCell<'_>| if let RawCell::Text(t) = c { t.to_owned() } else { String::new() };
        sheets[0].rows().map(|r| (r.number, r.cells().map(plain).collect())).collect()
    }

    #[test]
    fn the_delimiter_is_told_from_the_content() {
        assert_eq!(table("Имя;Сумма\nА, Б;1,50\nВ, Г;2,50\n")[1].1, ["А, Б", "1,50"]);
        assert_eq!(table("Имя,Сумма\n\"А; Б\",1.50\n")[1].1, ["А; Б", "1.50"]);
        assert_eq!(table("Имя\tСумма\nА, Б; В\t1,50\n")[1].1, ["А, Б; В", "1,50"]);
        assert_eq!(table("sep=|\nИмя|Сумма\nА;Б|1")[1], (3, vec!["А;Б".to_owned(), "1".to_owned()]));
    }

    #[test]
    fn quotes_are_read_as_written_and_lines_are_counted() {
        let rows = table("Имя;Сумма\r\n\"А\r\n\"\"Б\"\"\";1\r\n\r\n\"Ромашка\" ООО;2\r\nООО \"Лютик\";3");
        assert_eq!(rows[1], (2, vec!["А\r\n\"Б\"".to_owned(), "1".to_owned()]));
        assert_eq!(rows[2], (5, vec!["\"Ромашка\" ООО".to_owned(), "2".to_owned()]));
        assert_eq!(rows[3], (6, vec!["ООО \"Лютик\"".to_owned(), "3".to_owned()]));
    }

    #[test]
    fn an_unclosed_quote_is_refused_with_its_line() {
        for tail in ["Б;2\n", "\"Б\";2\n", "\"Б\" В;2\n"] {
            let text = format!("Имя;Сумма\nА;1\n\"ООО Лютик;3\n{tail}");
            let refusal = read(text.as_bytes(), &ReadLimits::default()).expect_err("refused");
            assert_eq!((refusal.code, refusal.row), ("unclosed_quote", 3), "{tail}");
        }
    }

    #[test]
    fn a_line_without_end_is_refused_before_it_fills_the_memory() {
        for sign in [";", ",", "\t", "|"] {
            let text = format!("Имя{sign}Сумма\nА{sign}1\n{}\n", sign.repeat(20_000));
            let refusal = read(text.as_bytes(), &ReadLimits::default()).expect_err("refused");
            assert_eq!((refusal.code, refusal.row), ("file_too_large", 3));
        }
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
            utf16(u16::to_le_bytes, true),
            utf16(u16::to_be_bytes, true),
            utf16(u16::to_le_bytes, false),
            utf16(u16::to_be_bytes, false),
        ];
        for bytes in spellings {
            assert_eq!(decode(&bytes).expect("text"), text);
        }
        assert!(decode(&[1, 2, 3, 4, 5, 6, 7]).is_err());
    }
}
