//! Delimited text as people and programs save it: encoding and delimiter are told from the content. Quotes follow
//! RFC 4180, with one mercy for writers that do not quote at all: `"Ромашка" ООО;5` is a literal field. A quote that is
//! never closed is refused with its line, for it would swallow the rest of the file. Deliberately absent: trimming
//! (names are echoed byte for byte), code pages (`encoding`) and the meaning of columns.

use memchr::{memchr, memchr_iter, memchr3};

use super::{
    builder::SheetBuilder,
    encoding,
    raw::RawSheet,
    read::{ReadLimits, Refusal},
};

/// Records looked at to tell the delimiter.
const SAMPLE: usize = 60;
/// Most fields of a record: as many as a sheet has columns. A line of nothing but delimiters would fill the memory.
const MOST_FIELDS: usize = 16_384;

/// Reads the text as one nameless sheet. Its cells point into the text itself; only fields with doubled quotes are
/// stored apart.
pub fn read(bytes: &[u8], limits: &ReadLimits) -> Result<Vec<RawSheet>, Refusal> {
    read_text(encoding::decode(bytes, None)?.into_owned(), limits)
}

/// The same of text that is decoded already.
pub fn read_text(text: String, limits: &ReadLimits) -> Result<Vec<RawSheet>, Refusal> {
    let (body, skipped, declared) = declared_delimiter(&text);
    let (start, end) = (text.len() - body.len(), text.len());
    let delimiter = declared.unwrap_or_else(|| guess_delimiter(body));
    let mut scanner = Scanner { at: start, end, line: 1, delimiter };
    let mut builder = SheetBuilder::over(text, limits.max_cells);
    let (mut record, mut single) = (None, String::new());
    loop {
        let Some(field) = scanner.next_field(builder.texts(), &mut record)? else {
            return Ok(vec![builder.finish()]);
        };
        if field.start == field.end {
            continue;
        }
        let at = (field.line + skipped - 1, field.column);
        if field.doubled {
            undouble(builder.texts().get(field.start..field.end).unwrap_or_default(), &mut single);
            builder.put_new(at, &single)?;
        } else {
            builder.put_span(at, field.start, field.end - field.start)?;
        }
    }
}

/// Writes a quoted field with every doubled quote as one.
fn undouble(field: &str, out: &mut String) {
    out.clear();
    let mut rest = field;
    while let Some((part, behind)) = rest.split_once('"') {
        out.push_str(part);
        out.push('"');
        rest = behind.strip_prefix('"').unwrap_or(behind);
    }
    out.push_str(rest);
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
        let mut scanner = Scanner { at: 0, end: text.len(), line: 1, delimiter };
        for _ in 0..SAMPLE {
            let (mut record, mut fields, mut filled) = (None, 0, false);
            while let Ok(Some(field)) = scanner.next_field(text, &mut record) {
                fields += 1;
                filled |= field.start < field.end;
                if record.is_none() {
                    break;
                }
            }
            if fields == 0 || record.is_some() {
                break;
            }
            if filled {
                *counts.entry(fields).or_default() += 1;
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

/// A field: where it lies in the text, without its quotes.
struct Field {
    start: usize,
    end: usize,
    /// Whether quotes in it are doubled.
    doubled: bool,
    /// Line its record begins at.
    line: u32,
    column: u32,
}

/// The record being read: its line and the column that comes next. `None` between records.
type Open = Option<(u32, u32)>;

/// Goes through a text field by field. It holds no reference, so that the text may lie in the sheet being built.
struct Scanner {
    at: usize,
    end: usize,
    line: u32,
    delimiter: u8,
}

impl Scanner {
    fn byte(&self, text: &str, at: usize) -> Option<u8> {
        text.as_bytes().get(at).copied().filter(|_| at < self.end)
    }

    fn next_field(&mut self, text: &str, record: &mut Open) -> Result<Option<Field>, Refusal> {
        let (line, column) = match *record {
            Some(open) => open,
            None if self.at >= self.end => return Ok(None),
            None => (self.line, 0),
        };
        if column as usize >= MOST_FIELDS {
            return Err(too_wide(line));
        }
        let (start, end, doubled) =
            if self.byte(text, self.at) == Some(b'"') { self.quoted(text)? } else { self.plain(text) };
        *record = match self.byte(text, self.at) {
            Some(b) if b == self.delimiter => {
                self.at += 1;
                Some((line, column + 1))
            }
            Some(b'\r') if self.byte(text, self.at + 1) == Some(b'\n') => {
                self.at += 2;
                None
            }
            Some(_) => {
                self.at += 1;
                None
            }
            None => None,
        };
        self.line += u32::from(record.is_none());
        Ok(Some(Field { start, end, doubled, line, column }))
    }

    /// Up to the next delimiter or end of line. All of them are ASCII, so the slices fall on character boundaries.
    fn plain(&mut self, text: &str) -> (usize, usize, bool) {
        let start = self.at;
        let rest = text.as_bytes().get(start..self.end).unwrap_or_default();
        let length = memchr3(self.delimiter, b'\n', b'\r', rest).unwrap_or(rest.len());
        self.at = start + length;
        (start, self.at, false)
    }

    fn quoted(&mut self, text: &str) -> Result<(usize, usize, bool), Refusal> {
        let open = self.at;
        let mut at = open + 1;
        let mut doubled = false;
        loop {
            let rest = text.as_bytes().get(at..self.end).unwrap_or_default();
            let Some(length) = memchr(b'"', rest) else { return Err(self.unclosed()) };
            at += length;
            if self.byte(text, at + 1) != Some(b'"') {
                break;
            }
            doubled = true;
            at += 2;
        }
        let body = text.as_bytes().get(open + 1..at).unwrap_or_default();
        match self.byte(text, at + 1) {
            None | Some(b'\n' | b'\r') => {}
            Some(b) if b == self.delimiter => {}
            // Text behind the quote: a literal field if the pair lies within one field, else the quote was left open.
            Some(_) if body.iter().all(|b| *b != self.delimiter && *b != b'\n' && *b != b'\r') => {
                return Ok(self.plain(text));
            }
            Some(_) => return Err(self.unclosed()),
        }
        self.at = at + 1;
        self.line += memchr_iter(b'\n', body).count() as u32;
        Ok((open + 1, at, doubled))
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
    use crate::ingest::raw::RawCell;

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
}
