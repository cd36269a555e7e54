//! One worksheet, cell by cell, into a `SheetBuilder`: values, levels of the outline, indents, hidden rows, merged ranges.
//! Deliberately absent: formula text (only whether there is one), number formats (the column's role decides what is a
//! date), and every guess: a cell that is not written as the standard says ends with "not sure".

use std::io::Read;

use super::{
    Stop,
    parts::Indents,
    scan::{Attributes, Scanner, Token},
    strings::Lookup,
    text, unsure,
};
use crate::ingest::{
    builder::SheetBuilder,
    raw::{RawCell, RowStyle},
    workbook::NO_VALUE,
};

/// Rows and columns of a sheet, by the standard.
const MAX_ROWS: u32 = 1_048_576;
const MAX_COLUMNS: u32 = 16_384;
/// Error values, by the standard.
const ERRORS: [&str; 7] = ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"];

/// What a cell holds, by its attribute `t`.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Number,
    Shared,
    Text,
    Inline,
    Bool,
    Error,
    Iso,
}

/// A sheet being read.
pub(super) struct Reader<'a, R> {
    pub scanner: Scanner<R>,
    pub builder: SheetBuilder,
    pub strings: Lookup<'a>,
    pub indents: &'a Indents,
    pub scratch: String,
}

impl<R: Read> Reader<'_, R> {
    /// Reads the sheet to its end.
    pub fn run(mut self) -> Result<SheetBuilder, Stop> {
        loop {
            match self.scanner.next()? {
                Token::Open(tag) if tag.name == b"sheetData" => break,
                Token::End => return unsure(),
                _ => {}
            }
        }
        let mut row = 0;
        loop {
            match self.scanner.next()? {
                Token::Open(tag) if tag.name == b"row" => {
                    let style = row_attributes(tag.attributes, &mut row)?;
                    self.row(row, style)?;
                    row += 1;
                }
                Token::Close(_) => break,
                token => nothing(token)?,
            }
        }
        loop {
            match self.scanner.next()? {
                Token::Open(tag) if tag.name == b"sheetData" => return unsure(),
                Token::Open(tag) if tag.name == b"mergeCell" => {
                    let Some(range) = tag.attributes.get(b"ref")? else { return unsure() };
                    let mut corners = range.split(|b| *b == b':').map(reference);
                    let (Some(from), to, None) = (corners.next(), corners.next(), corners.next()) else {
                        return unsure();
                    };
                    let from = from?;
                    self.builder.merge(from, to.unwrap_or(Ok(from))?);
                }
                Token::End => return Ok(self.builder),
                _ => {}
            }
        }
    }

    fn row(&mut self, row: u32, mut style: RowStyle) -> Result<(), Stop> {
        let (mut column, mut filled) = (0, false);
        loop {
            match self.scanner.next()? {
                Token::Open(tag) if tag.name == b"c" => {
                    let (kind, format) = cell_attributes(tag.attributes, row, &mut column)?;
                    if self.cell((row, column), kind)? && !filled {
                        (style.indent, filled) = (self.indents.of(format), true);
                    }
                    column += 1;
                }
                Token::Close(_) => break,
                token => nothing(token)?,
            }
        }
        if filled {
            self.builder.style(row, style);
        }
        Ok(())
    }

    /// Reads a cell; tells whether anything was in it.
    fn cell(&mut self, at: (u32, u32), kind: Kind) -> Result<bool, Stop> {
        let (mut formula, mut seen, mut filled) = (false, false, false);
        loop {
            match self.scanner.next()? {
                Token::Open(tag) if tag.name == b"f" => {
                    formula = true;
                    self.formula()?;
                }
                Token::Open(tag) if !seen && tag.name == b"v" && kind != Kind::Inline => {
                    (seen, filled) = (true, self.value(at, kind)?);
                }
                Token::Open(tag) if !seen && tag.name == b"is" && kind == Kind::Inline => {
                    self.scratch.clear();
                    text::item(&mut self.scanner, &mut self.scratch)?;
                    (seen, filled) = (true, !self.scratch.is_empty());
                    self.builder.put(at, RawCell::Text(&self.scratch))?;
                }
                Token::Close(_) => break,
                token => nothing(token)?,
            }
        }
        if formula && !filled {
            self.builder.put(at, RawCell::Error(NO_VALUE))?;
        }
        Ok(formula || filled)
    }

    /// Passes over a formula, which has to be well written.
    fn formula(&mut self) -> Result<(), Stop> {
        loop {
            match self.scanner.next()? {
                Token::Text(raw) => {
                    self.scratch.clear();
                    text::decode(raw, &mut self.scratch)?;
                }
                Token::Close(_) => return Ok(()),
                _ => return unsure(),
            }
        }
    }

    /// Reads what is inside `v`; tells whether anything was in it.
    fn value(&mut self, at: (u32, u32), kind: Kind) -> Result<bool, Stop> {
        let filled = match self.scanner.next()? {
            Token::Close(_) if kind != Kind::Iso => return Ok(false),
            Token::Text(raw) => put(&mut self.builder, &mut self.strings, &mut self.scratch, at, kind, raw)?,
            _ => return unsure(),
        };
        if matches!(self.scanner.next()?, Token::Close(_)) { Ok(filled) } else { unsure() }
    }
}

fn put(
    builder: &mut SheetBuilder,
    strings: &mut Lookup<'_>,
    scratch: &mut String,
    at: (u32, u32),
    kind: Kind,
    raw: &[u8],
) -> Result<bool, Stop> {
    let cell = match kind {
        Kind::Shared => return strings.put(builder, at, digits(raw)?),
        Kind::Number => RawCell::Number(number(raw)?),
        Kind::Bool => match raw {
            b"0" | b"false" => RawCell::Bool(false),
            b"1" | b"true" => RawCell::Bool(true),
            _ => return unsure(),
        },
        Kind::Error => match ERRORS.iter().find(|known| known.as_bytes() == raw) {
            Some(known) => RawCell::Error(known),
            None => return unsure(),
        },
        Kind::Text | Kind::Iso => {
            scratch.clear();
            text::decode(raw, scratch)?;
            if kind == Kind::Iso {
                RawCell::Iso(scratch)
            } else {
                text::unescape(scratch, 0)?;
                RawCell::Text(scratch)
            }
        }
        Kind::Inline => return unsure(),
    };
    builder.put(at, cell)?;
    Ok(cell != RawCell::Text(""))
}

/// Whatever may stand between rows, cells and values without being one.
fn nothing(token: Token<'_>) -> Result<(), Stop> {
    match token {
        Token::Aside => Ok(()),
        Token::Text(raw) if raw.iter().all(u8::is_ascii_whitespace) => Ok(()),
        _ => unsure(),
    }
}

fn row_attributes(attributes: Attributes<'_>, row: &mut u32) -> Result<RowStyle, Stop> {
    let mut style = RowStyle { outline: Some(0), ..RowStyle::default() };
    let mut seen = false;
    for attribute in attributes {
        match attribute? {
            (b"r", value) => {
                if std::mem::replace(&mut seen, true) {
                    return unsure();
                }
                *row = digits(value)?.checked_sub(1).ok_or(Stop::Unsure)?;
            }
            (b"outlineLevel", value) => style.outline = Some(digits(value)?.min(255) as u8),
            (b"hidden", value) => style.hidden = matches!(value, b"1" | b"true"),
            _ => {}
        }
    }
    if *row < MAX_ROWS { Ok(style) } else { unsure() }
}

fn cell_attributes(attributes: Attributes<'_>, row: u32, column: &mut u32) -> Result<(Kind, u32), Stop> {
    let (mut place, mut format, mut kind) = (None, None, None);
    for attribute in attributes {
        let twice = match attribute? {
            (b"r", value) => place.replace(reference(value)?).is_some(),
            (b"s", value) => format.replace(digits(value)?).is_some(),
            (b"t", value) => kind.replace(kind_of(value)?).is_some(),
            _ => false,
        };
        if twice {
            return unsure();
        }
    }
    if let Some((its_row, its_column)) = place {
        if its_row != row {
            return unsure();
        }
        *column = its_column;
    }
    if *column >= MAX_COLUMNS {
        return unsure();
    }
    Ok((kind.unwrap_or(Kind::Number), format.unwrap_or_default()))
}

fn kind_of(word: &[u8]) -> Result<Kind, Stop> {
    Ok(match word {
        b"n" => Kind::Number,
        b"s" => Kind::Shared,
        b"str" => Kind::Text,
        b"inlineStr" => Kind::Inline,
        b"b" => Kind::Bool,
        b"e" => Kind::Error,
        b"d" => Kind::Iso,
        _ => return unsure(),
    })
}

/// `B7` as row and column, 0-based.
fn reference(raw: &[u8]) -> Result<(u32, u32), Stop> {
    let letters = raw.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    let (name, row) = raw.split_at(letters);
    if !(1..=3).contains(&letters) {
        return unsure();
    }
    let column = name.iter().fold(0, |sum, b| sum * 26 + u32::from(b.to_ascii_uppercase() - b'A') + 1) - 1;
    match digits(row)?.checked_sub(1) {
        Some(row) if row < MAX_ROWS && column < MAX_COLUMNS => Ok((row, column)),
        _ => unsure(),
    }
}

/// A number of decimal digits only.
pub(super) fn digits(raw: &[u8]) -> Result<u32, Stop> {
    if !(1..=9).contains(&raw.len()) {
        return unsure();
    }
    raw.iter().try_fold(0, |sum, b| if b.is_ascii_digit() { Ok(sum * 10 + u32::from(b - b'0')) } else { unsure() })
}

fn number(raw: &[u8]) -> Result<f64, Stop> {
    let plain = raw.iter().all(|b| matches!(b, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E'));
    let text = std::str::from_utf8(raw).ok().filter(|_| plain);
    text.and_then(|text| text.parse().ok()).ok_or(Stop::Unsure)
}
