//! DBF tables (dBASE III to IV, Clipper, FoxPro), as 1C and older accounting programs exchange them. Read here and not by
//! a library: the format is a header and records of one width, and what matters is what libraries leave out: the code
//! page when the header does not name it, records that the header does not count, a file cut short. Names of fields are
//! row 1, record n is row n + 1. Deliberately absent: memo texts (they lie in another file), indexes, deleted records.

use std::borrow::Cow;

use chrono::{Days, NaiveDate};
use encoding_rs::{Encoding, IBM866, WINDOWS_1251};

use super::{
    builder::SheetBuilder,
    encoding,
    raw::{RawCell, RawSheet},
    read::{ReadLimits, Refusal},
};

/// Length of the header's fixed part, and of the description of a field.
const PART: usize = 32;
const END_OF_FIELDS: u8 = 0x0D;

/// One column.
struct Field<'a> {
    name: &'a [u8],
    kind: u8,
    start: usize,
    length: usize,
}

/// A table, taken apart.
struct Table<'a> {
    fields: Vec<Field<'a>>,
    records: &'a [u8],
    width: usize,
    count: usize,
    /// Visual FoxPro: `B` is a number there, and a memo elsewhere.
    foxpro: bool,
}

/// Whether the bytes begin like a DBF: version byte, date of change (year, month, day), and a header of 32 + 32 n + 1
/// bytes (Visual FoxPro adds 263) that ends with 0x0D.
pub fn is_dbf(bytes: &[u8]) -> bool {
    let at = |i: usize| bytes.get(i).copied().unwrap_or(0);
    let version = matches!(at(0), 0x02 | 0x03 | 0x04 | 0x05 | 0x30..=0x32 | 0x43 | 0x63 | 0x83 | 0x8B | 0xCB | 0xF5);
    let header = usize::from(word(bytes, 8));
    let end_mark = |end: usize| header >= end + PART && bytes.get(header - end).is_some_and(|b| *b == END_OF_FIELDS);
    version && (1..=12).contains(&at(2)) && (1..=31).contains(&at(3)) && (end_mark(1) || end_mark(264))
}

/// Reads the table as one nameless sheet.
pub fn read(bytes: &[u8], limits: &ReadLimits) -> Result<Vec<RawSheet>, Refusal> {
    let table = Table::of(bytes)?;
    let encoding = table.code_page(bytes);
    let mut builder = SheetBuilder::new("", limits.max_cells);
    for (column, field) in (0..).zip(&table.fields) {
        builder.put((0, column), RawCell::Text(&encoding.decode_without_bom_handling(field.name).0))?;
    }
    for (row, record) in (1..).zip(table.rows()) {
        match record.first() {
            Some(b'*') => continue,
            Some(b' ') => {}
            _ => return Err(damaged()),
        }
        for (column, field) in (0..).zip(&table.fields) {
            put(&mut builder, (row, column), field.kind, field.of(record), encoding, table.foxpro)?;
        }
    }
    Ok(vec![builder.finish()])
}

impl<'a> Table<'a> {
    fn of(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let (header, width) = (usize::from(word(bytes, 8)), usize::from(word(bytes, 10)));
        let count = bytes.get(4..8).map_or(0, |b| b.iter().rev().fold(0, |sum, b| sum << 8 | usize::from(*b)));
        let described = bytes.get(PART..header).ok_or_else(broken_off)?;
        let mut fields = Vec::new();
        let mut start = 1;
        for part in described.chunks(PART).take_while(|part| part.first() != Some(&END_OF_FIELDS)) {
            let (Some(name), Some(&kind), Some(&length), Some(&decimals)) =
                (part.get(..11), part.get(11), part.get(16), part.get(17))
            else {
                return Err(damaged());
            };
            // A text longer than 255 keeps the high byte of its length where numbers keep their decimals.
            let length = if kind == b'C' { usize::from(length) + usize::from(decimals) * 256 } else { length.into() };
            let name = name.split(|b| *b == 0).next().unwrap_or_default();
            // FoxPro's own column of null marks.
            if kind != b'0' {
                fields.push(Field { name, kind, start, length });
            }
            start += length;
        }
        if fields.is_empty() || start > width {
            return Err(damaged());
        }
        let records = bytes.get(header..).unwrap_or_default();
        let counted = width.checked_mul(count).ok_or_else(damaged)?;
        // The mark of the end, zeros of a block, or nothing may follow the records; another record may not.
        match records.get(counted) {
            None if records.len() < counted => Err(broken_off()),
            Some(b' ' | b'*') if records.len() >= counted + width => Err(uncounted()),
            _ => Ok(Self { fields, records, width, count, foxpro: matches!(bytes.first(), Some(0x30..=0x32)) }),
        }
    }

    fn rows(&self) -> impl Iterator<Item = &'a [u8]> {
        self.records.chunks_exact(self.width).take(self.count)
    }

    /// By the header's language driver; where it says nothing of Russian, by the words.
    fn code_page(&self, bytes: &[u8]) -> &'static Encoding {
        match bytes.get(29) {
            Some(0x26 | 0x65) => IBM866,
            Some(0xC9 | 0x57) => WINDOWS_1251,
            _ => {
                let texts = self.rows().take(20_000).flat_map(|record| {
                    let texts = self.fields.iter().filter(|field| field.kind == b'C');
                    texts.flat_map(|field| field.of(record).iter().copied().chain(Some(b'\n')))
                });
                let names = self.fields.iter().flat_map(|field| field.name.iter().copied().chain(Some(b'\n')));
                encoding::cyrillic(&names.chain(texts).collect::<Vec<u8>>())
            }
        }
    }
}

impl Field<'_> {
    fn of<'r>(&self, record: &'r [u8]) -> &'r [u8] {
        record.get(self.start..self.start + self.length).unwrap_or_default()
    }
}

fn put(
    builder: &mut SheetBuilder,
    at: (u32, u32),
    kind: u8,
    raw: &[u8],
    encoding: &'static Encoding,
    foxpro: bool,
) -> Result<(), Refusal> {
    let text: Cow<'_, str>;
    let cell = match kind {
        b'C' => {
            text = encoding.decode_without_bom_handling(trimmed_end(raw)).0;
            RawCell::Text(&text)
        }
        b'N' | b'F' => {
            text = String::from_utf8_lossy(raw);
            // Programs fill a number that does not fit with asterisks.
            match text.trim_matches([' ', '\0']) {
                "" => RawCell::Empty,
                number => match number.parse::<f64>() {
                    Ok(value) if value.is_finite() => RawCell::Number(value),
                    _ => RawCell::Error(number),
                },
            }
        }
        b'D' => {
            text = date(raw);
            RawCell::Iso(&text)
        }
        b'T' => {
            text = moment(raw);
            RawCell::Iso(&text)
        }
        b'L' => match raw.first() {
            Some(b'T' | b't' | b'Y' | b'y') => RawCell::Bool(true),
            Some(b'F' | b'f' | b'N' | b'n') => RawCell::Bool(false),
            _ => RawCell::Empty,
        },
        b'I' => <[u8; 4]>::try_from(raw).map_or(RawCell::Empty, |b| RawCell::Number(i32::from_le_bytes(b).into())),
        b'Y' => <[u8; 8]>::try_from(raw)
            .map_or(RawCell::Empty, |b| RawCell::Number(i64::from_le_bytes(b) as f64 / 10_000.0)),
        b'B' if foxpro => <[u8; 8]>::try_from(raw).map_or(RawCell::Empty, |b| RawCell::Number(f64::from_le_bytes(b))),
        _ => RawCell::Empty,
    };
    match cell {
        RawCell::Iso("") => Ok(()),
        cell => builder.put(at, cell),
    }
}

fn trimmed_end(raw: &[u8]) -> &[u8] {
    let end = raw.iter().rposition(|b| *b != b' ' && *b != 0).map_or(0, |last| last + 1);
    raw.get(..end).unwrap_or_default()
}

/// `20261105` as `2026-11-05`; anything else as it stands, so that it is refused where a date is needed.
fn date(raw: &[u8]) -> Cow<'_, str> {
    let text = String::from_utf8_lossy(trimmed_end(raw));
    match (text.get(..4), text.get(4..6), text.get(6..8), text.len()) {
        (Some(year), Some(month), Some(day), 8) => Cow::Owned(format!("{year}-{month}-{day}")),
        _ => Cow::Owned(text.trim().to_owned()),
    }
}

/// A Julian day and milliseconds.
fn moment(raw: &[u8]) -> Cow<'static, str> {
    let part = |at: usize| raw.get(at..at + 4).and_then(|b| <[u8; 4]>::try_from(b).ok()).map(u32::from_le_bytes);
    let (Some(day), Some(time)) = (part(0), part(4)) else { return Cow::Borrowed("") };
    // 1970-01-01 is Julian day 2,440,588.
    let date = day
        .checked_sub(2_440_588)
        .and_then(|days| NaiveDate::from_ymd_opt(1970, 1, 1)?.checked_add_days(Days::new(u64::from(days))));
    let seconds = time / 1000;
    date.map_or(Cow::Borrowed(""), |date| {
        Cow::Owned(format!("{date}T{:02}:{:02}:{:02}", seconds / 3600 % 24, seconds / 60 % 60, seconds % 60))
    })
}

fn word(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).and_then(|b| <[u8; 2]>::try_from(b).ok()).map_or(0, u16::from_le_bytes)
}

fn damaged() -> Refusal {
    Refusal::new(
        "file_damaged",
        "таблица DBF повреждена; выгрузите её заново или сохраните как .xlsx",
        "the DBF table is damaged; export it again or save it as .xlsx",
    )
}

fn broken_off() -> Refusal {
    Refusal::new(
        "file_incomplete",
        "таблица DBF обрывается: она скопирована не до конца; дождитесь конца копирования или выгрузите заново",
        "the DBF table breaks off: it was not copied to its end; wait for the copy or export it again",
    )
}

fn uncounted() -> Refusal {
    Refusal::new(
        "file_damaged",
        "в таблице DBF записей больше, чем говорит её заголовок: программа не закрыла файл; выгрузите его заново",
        "the DBF table holds more records than its header says: its program did not close it; export it again",
    )
}
