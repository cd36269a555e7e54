//! SpreadsheetML 2003: the XML that Excel 2002 and 2003, 1C's older processings and many web programs write, often named
//! `.xls`. Read as a stream of events; elements are known by their local names, whatever the prefix. Deliberately
//! absent: document types (an entity of the file's own is refused, so none can grow), number formats (the column's role
//! decides), formulas without a value (they hold like an error).

use std::{borrow::Cow, collections::HashMap};

use quick_xml::{
    Error, XmlVersion,
    errors::SyntaxError,
    escape::resolve_predefined_entity,
    events::{BytesRef, BytesStart, Event},
    reader::Reader,
};

use super::{
    builder::{SheetBuilder, too_many_cells},
    encoding, html,
    raw::{RawCell, RawSheet, RowStyle},
    read::{ReadLimits, Refusal},
    workbook::NO_VALUE,
};

/// Rows and columns of a sheet, so that no reference overflows.
const MOST_ROWS: u32 = 1 << 24;
const MOST_COLUMNS: u32 = 16_384;

/// Reads all worksheets.
pub fn read(bytes: &[u8], limits: &ReadLimits) -> Result<Vec<RawSheet>, Refusal> {
    let text = encoding::decode(bytes, html::declared(bytes))?;
    let mut reader = Reader::from_str(&text);
    let mut book = Book::new(limits.max_cells);
    loop {
        let event = reader.read_event().map_err(|error| match error {
            // All of these are parts that are open when the text ends.
            Error::Syntax(cause) if cause != SyntaxError::InvalidBangMarkup => broken_off(),
            _ => ill_formed(),
        })?;
        match event {
            Event::Start(tag) => book.start(&tag)?,
            Event::Empty(tag) => {
                book.start(&tag)?;
                book.end(tag.local_name().as_ref())?;
            }
            Event::End(tag) => book.end(tag.local_name().as_ref())?,
            Event::Text(text) => book.text(&text.xml10_content()),
            Event::CData(text) => book.text(&text.xml10_content()),
            Event::GeneralRef(reference) => book.text(&resolved(&reference)?),
            Event::DocType(_) => return Err(doctype()),
            Event::Eof => break,
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
        }
    }
    book.finish()
}

/// What is being read.
struct Book {
    sheets: Vec<RawSheet>,
    sheet: Option<SheetBuilder>,
    closed: bool,
    left: usize,
    epoch_1904: bool,
    /// 0-based row and column that come next.
    at: (u32, u32),
    row: RowStyle,
    span: u32,
    indents: HashMap<String, u8>,
    style: String,
    cell: Option<Cell>,
    /// Whose text is collected.
    into: Into,
    text: String,
}

/// Where text goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Into {
    Nowhere,
    Data,
    Visible,
    /// A comment has data of its own, which is not the cell's.
    Comment,
}

struct Cell {
    column: u32,
    kind: String,
    has_data: bool,
    formula: bool,
    indent: Option<u8>,
    across: u32,
    down: u32,
}

impl Book {
    fn new(left: usize) -> Self {
        Self {
            sheets: Vec::new(),
            sheet: None,
            closed: false,
            left,
            epoch_1904: false,
            at: (0, 0),
            row: RowStyle::default(),
            span: 0,
            indents: HashMap::new(),
            style: String::new(),
            cell: None,
            into: Into::Nowhere,
            text: String::new(),
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>) -> Result<(), Refusal> {
        let value = |name: &str| attribute(tag, name);
        match tag.local_name().as_ref() {
            "Date1904" => self.epoch_1904 = true,
            "Style" => self.style = value("ID")?.unwrap_or_default().into_owned(),
            "Alignment" if self.sheet.is_none() => {
                if let Some(indent) = value("Indent")?.and_then(|indent| indent.trim().parse().ok()) {
                    self.indents.insert(self.style.clone(), indent);
                }
            }
            "Worksheet" => {
                self.finish_sheet();
                let name = value("Name")?.unwrap_or_default();
                self.sheet = Some(SheetBuilder::new(&name, self.left).epoch_1904(self.epoch_1904));
                self.at = (0, 0);
            }
            "Row" if self.sheet.is_some() => {
                self.at = (index(value("Index")?)?.unwrap_or(self.at.0), 0);
                let hidden = value("Hidden")?.is_some_and(|hidden| hidden.trim() == "1");
                self.row = RowStyle { hidden, ..RowStyle::default() };
                // Rows below that are only formatted are told by this one.
                self.span = number(value("Span")?)?;
            }
            "Cell" if self.sheet.is_some() => {
                let column = index(value("Index")?)?.unwrap_or(self.at.1);
                let (across, down) = (number(value("MergeAcross")?)?, number(value("MergeDown")?)?);
                within(column, across, MOST_COLUMNS)?;
                within(self.at.0, down, MOST_ROWS)?;
                let indent = value("StyleID")?.and_then(|style| self.indents.get(&*style).copied());
                let formula = value("Formula")?.is_some();
                let kind = String::new();
                self.cell = Some(Cell { column, kind, has_data: false, formula, indent, across, down });
            }
            "Comment" => self.into = Into::Comment,
            "Data" if self.into == Into::Nowhere => {
                if let Some(cell) = &mut self.cell {
                    cell.kind = value("Type")?.unwrap_or_default().into_owned();
                    cell.has_data = true;
                    self.into = Into::Data;
                    self.text.clear();
                }
            }
            "Visible" if self.into == Into::Nowhere => {
                self.into = Into::Visible;
                self.text.clear();
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), Refusal> {
        match name {
            "Workbook" => self.closed = true,
            "Worksheet" => self.finish_sheet(),
            "Row" => self.at = (within(self.at.0, self.span.saturating_add(1), MOST_ROWS)?, 0),
            "Cell" => self.end_cell()?,
            "Comment" => self.into = Into::Nowhere,
            "Data" if self.into == Into::Data => self.into = Into::Nowhere,
            "Visible" if self.into == Into::Visible => {
                self.into = Into::Nowhere;
                if self.text.trim() != "SheetVisible" {
                    self.sheet = self.sheet.take().map(|sheet| sheet.hidden(true));
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if matches!(self.into, Into::Data | Into::Visible) {
            self.text.push_str(text);
        }
    }

    fn end_cell(&mut self) -> Result<(), Refusal> {
        let (Some(cell), Some(sheet)) = (self.cell.take(), &mut self.sheet) else { return Ok(()) };
        let at = (self.at.0, cell.column);
        let text = if cell.has_data { self.text.as_str() } else { "" };
        let value = match cell.kind.as_str() {
            _ if text.is_empty() && cell.formula => RawCell::Error(NO_VALUE),
            _ if text.is_empty() => RawCell::Empty,
            "Number" => match text.trim().parse::<f64>() {
                Ok(number) if number.is_finite() => RawCell::Number(number),
                _ => RawCell::Text(text),
            },
            "DateTime" => RawCell::Iso(text.trim()),
            "Boolean" => RawCell::Bool(matches!(text.trim(), "1" | "true")),
            "Error" => RawCell::Error(text.trim()),
            _ => RawCell::Text(text),
        };
        sheet.put(at, value)?;
        if value != RawCell::Empty {
            let first = self.row.indent.is_none();
            if first {
                self.row.indent = Some(cell.indent.unwrap_or(0));
                let styled = !self.indents.is_empty();
                sheet.style(at.0, RowStyle { indent: self.row.indent.filter(|_| styled), ..self.row });
            }
            if cell.across + cell.down > 0 {
                sheet.merge(at, (at.0 + cell.down, at.1 + cell.across));
            }
        }
        self.at.1 = within(cell.column, cell.across.saturating_add(1), MOST_COLUMNS)?;
        Ok(())
    }

    fn finish_sheet(&mut self) {
        if let Some(sheet) = self.sheet.take() {
            self.left = sheet.left();
            self.sheets.push(sheet.finish());
        }
        self.cell = None;
        self.into = Into::Nowhere;
    }

    fn finish(mut self) -> Result<Vec<RawSheet>, Refusal> {
        self.finish_sheet();
        if self.closed { Ok(self.sheets) } else { Err(broken_off()) }
    }
}

fn attribute<'a>(tag: &'a BytesStart<'_>, name: &str) -> Result<Option<Cow<'a, str>>, Refusal> {
    for found in tag.attributes().with_checks(false) {
        let found = found.map_err(|_| ill_formed())?;
        if found.key.local_name().as_ref() == name {
            return found.normalized_value(XmlVersion::Implicit1_0).map(Some).map_err(|_| ill_formed());
        }
    }
    Ok(None)
}

/// A 1-based index as a 0-based one.
fn index(value: Option<Cow<'_, str>>) -> Result<Option<u32>, Refusal> {
    let Some(value) = value else { return Ok(None) };
    let index = value.trim().parse::<u32>().ok().and_then(|index| index.checked_sub(1));
    index.filter(|index| *index < MOST_ROWS).map(Some).ok_or_else(|| damaged(&format_args!("Index={value}")))
}

fn number(value: Option<Cow<'_, str>>) -> Result<u32, Refusal> {
    let Some(value) = value else { return Ok(0) };
    value.trim().parse::<u32>().map_err(|_| damaged(&value))
}

fn within(start: u32, more: u32, most: u32) -> Result<u32, Refusal> {
    start.checked_add(more).filter(|end| *end <= most).ok_or_else(too_many_cells)
}

/// A character reference, one of XML's five entities, or the blank that programs borrow from HTML.
fn resolved<'a>(reference: &'a BytesRef<'_>) -> Result<Cow<'a, str>, Refusal> {
    if let Some(character) = reference.resolve_char_ref().map_err(|_| ill_formed())? {
        return Ok(Cow::Owned(character.to_string()));
    }
    match &**reference {
        "nbsp" => Ok(Cow::Borrowed("\u{a0}")),
        name => resolve_predefined_entity(name).map(Cow::Borrowed).ok_or_else(|| damaged(&format_args!("&{name};"))),
    }
}

fn ill_formed() -> Refusal {
    Refusal::new(
        "file_damaged",
        "таблица XML не читается: разметка нарушена; откройте её в Excel и сохраните как .xlsx или выгрузите ещё раз",
        "the XML spreadsheet cannot be read: its markup is broken; open it in Excel and save it as .xlsx, or export it again",
    )
}

/// A value that no program writes.
fn damaged(cause: &impl std::fmt::Display) -> Refusal {
    Refusal::new(
        "file_damaged",
        format!("таблица XML не читается ({cause}); откройте её в Excel и сохраните как .xlsx или выгрузите ещё раз"),
        format!(
            "the XML spreadsheet cannot be read ({cause}); open it in Excel and save it as .xlsx, or export it again"
        ),
    )
}

fn doctype() -> Refusal {
    Refusal::new(
        "file_bomb",
        "таблица XML объявляет собственные подстановки (DOCTYPE), обычные выгрузки так не делают; сохраните её в Excel как .xlsx",
        "the XML spreadsheet declares entities of its own (DOCTYPE), which ordinary exports never do; save it in Excel as .xlsx",
    )
}

fn broken_off() -> Refusal {
    Refusal::new(
        "file_incomplete",
        "таблица XML обрывается: файл скопирован не до конца; дождитесь конца копирования или выгрузите заново",
        "the XML spreadsheet breaks off: it was not copied to its end; wait for the copy or export it again",
    )
}
