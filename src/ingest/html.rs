//! HTML tables saved as `.xls` or `.htm`, as 1C, Excel, LibreOffice, web shops and CRMs write them. The tokenizer is a
//! browser's (html5gum); above it stands only what tables need: open tables on a stack, rows and cells closed by what
//! follows them. Tables of the page that follow each other are laid one below the other, as Excel does, with the text
//! between them as rows (titles, «Отбор»); 1C cuts one document into several tables. A second table of data begins a
//! sheet of its own, and so does a table within a cell, whose text never enters that cell. Deliberately absent: scripts,
//! frames, formatting beyond indents and hidden rows, and guessing numbers from text.

mod grid;
mod style;
mod text;

use encoding_rs::Encoding;
use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};

use self::{
    grid::{Cell, Grid},
    style::Styles,
    text::Flow,
};
use super::{
    encoding,
    raw::RawSheet,
    read::{ReadLimits, Refusal},
};

/// Bytes in which a page says its encoding.
const HEAD: usize = 4096;
/// Most tables open within each other.
const DEEPEST: usize = 64;
/// Most sheets a page may yield.
const MOST_SHEETS: usize = 256;

/// Reads the tables of a page.
pub fn read(bytes: &[u8], limits: &ReadLimits) -> Result<Vec<RawSheet>, Refusal> {
    let text = encoding::decode(bytes, declared(bytes))?;
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let mut page = Page::new(limits.max_cells);
    for token in Tokenizer::new_with_emitter(&*text, emitter) {
        match token {
            Ok(Token::StartTag(tag)) => page.start(&tag)?,
            Ok(Token::EndTag(tag)) => page.end(&tag.name)?,
            Ok(Token::String(text)) => page.text(&String::from_utf8_lossy(&text)),
            Ok(_) => {}
            Err(never) => match never {},
        }
    }
    page.finish()
}

/// The encoding named by `charset=` in the head (`<meta charset>`, `http-equiv`, an XML declaration's `encoding=`).
pub fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head: String =
        bytes.iter().take(HEAD).filter(|b| **b != 0).map(|b| char::from(b.to_ascii_lowercase())).collect();
    let after = |word: &str| head.split(word).skip(1).find_map(label);
    after("charset").or_else(|| after("encoding"))
}

fn label(rest: &str) -> Option<&'static Encoding> {
    let value = rest.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
    let end = value.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | ':' | '.'));
    Encoding::for_label(value.get(..end.unwrap_or(value.len()))?.as_bytes())
}

/// Text that a browser does not show.
#[derive(Clone, Copy)]
enum Unseen {
    Style,
    Other,
}

/// What is being read.
struct Page {
    /// Tables open within each other; the first is one of the page.
    open: Vec<Grid>,
    /// The sheet that the tables of the page are laid into, while none of them is open.
    main: Option<Grid>,
    /// Text between tables, each line with its end, not yet laid anywhere.
    lines: String,
    flow: Flow,
    sheets: Vec<RawSheet>,
    nested: Vec<RawSheet>,
    styles: Styles,
    /// Element whose text is not shown.
    unseen: Option<Unseen>,
    tables: usize,
    frames: bool,
    left: usize,
}

impl Page {
    fn new(left: usize) -> Self {
        Self {
            open: Vec::new(),
            main: None,
            lines: String::new(),
            flow: Flow::default(),
            sheets: Vec::new(),
            nested: Vec::new(),
            styles: Styles::default(),
            unseen: None,
            tables: 0,
            frames: false,
            left,
        }
    }

    fn text(&mut self, text: &str) {
        match self.unseen {
            Some(Unseen::Style) => self.styles.read(text),
            Some(Unseen::Other) => {}
            None => match self.open.last_mut().and_then(Grid::flow) {
                Some(flow) => flow.push(text),
                None => self.flow.push(text),
            },
        }
    }

    fn start(&mut self, tag: &StartTag<()>) -> Result<(), Refusal> {
        match tag.name.as_slice() {
            b"style" => self.unseen = Some(Unseen::Style),
            b"script" | b"title" | b"noscript" | b"noembed" => self.unseen = Some(Unseen::Other),
            b"iframe" => (self.frames, self.unseen) = (true, Some(Unseen::Other)),
            b"frame" | b"frameset" => self.frames = true,
            b"table" => self.open_table()?,
            b"tr" => {
                let hidden = style::hides(&attribute(tag, b"style"));
                self.with_table(|grid| grid.open_row(hidden))?;
            }
            b"tbody" | b"thead" | b"tfoot" | b"colgroup" | b"col" => self.with_table(Grid::close_row)?,
            b"td" | b"th" | b"caption" => {
                let cell = self.cell(tag);
                self.with_table(|grid| grid.open_cell(cell))?;
            }
            b"br" => self.line_break(true),
            name if is_block(name) => self.line_break(false),
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &[u8]) -> Result<(), Refusal> {
        match name {
            b"script" | b"style" | b"title" | b"noscript" | b"noembed" | b"iframe" => self.unseen = None,
            b"table" => self.close_table()?,
            b"tr" | b"tbody" | b"thead" | b"tfoot" | b"caption" => self.with_table(Grid::close_row)?,
            b"td" | b"th" => self.with_table(Grid::close_cell)?,
            name if is_block(name) => self.line_break(false),
            _ => {}
        }
        Ok(())
    }

    fn cell(&self, tag: &StartTag<()>) -> Cell {
        let caption = tag.name.as_slice() == b"caption";
        let span = |name: &[u8]| attribute(tag, name).trim().parse::<u32>().ok();
        Cell {
            columns: if caption { 1 } else { span(b"colspan").unwrap_or(1) },
            rows: if caption { 1 } else { span(b"rowspan").unwrap_or(1) },
            typed: grid::typed(tag),
            indent: self.styles.indent(&attribute(tag, b"class"), &attribute(tag, b"style")),
        }
    }

    /// Ends a line: a break within a cell, a row of its own between tables.
    fn line_break(&mut self, forced: bool) {
        match self.open.last_mut().and_then(Grid::flow) {
            Some(flow) if forced => flow.line_break(),
            Some(flow) => flow.block(),
            None => self.end_line(),
        }
    }

    fn end_line(&mut self) {
        let line = self.flow.take();
        if !line.is_empty() {
            self.lines.push_str(&line);
            self.lines.push('\n');
        }
    }

    fn with_table(&mut self, act: impl FnOnce(&mut Grid) -> Result<(), Refusal>) -> Result<(), Refusal> {
        match self.open.last_mut() {
            Some(grid) => act(grid),
            None => Ok(()),
        }
    }

    fn open_table(&mut self) -> Result<(), Refusal> {
        // A table outside a cell of the open one closes that one, as in a browser.
        if self.open.last_mut().is_some_and(|grid| grid.flow().is_none()) {
            self.close_table()?;
        }
        self.tables += 1;
        if self.open.len() >= DEEPEST || self.sheets.len() + self.nested.len() >= MOST_SHEETS {
            return Err(tangled());
        }
        let left = self.open.last().map_or(self.left, Grid::left);
        if !self.open.is_empty() {
            self.open.push(Grid::new(left));
            return Ok(());
        }
        if self.main.as_ref().is_some_and(Grid::holds_data) && !self.styles.is_1c_document() {
            self.finish_main();
        }
        let mut grid = self.main.take().unwrap_or_else(|| Grid::new(left));
        self.end_line();
        for line in std::mem::take(&mut self.lines).lines() {
            grid.line(line)?;
        }
        self.open.push(grid);
        Ok(())
    }

    fn close_table(&mut self) -> Result<(), Refusal> {
        let Some(mut grid) = self.open.pop() else { return Ok(()) };
        grid.close_table()?;
        self.left = grid.left();
        match self.open.last_mut() {
            Some(outer) => {
                outer.set_left(self.left);
                self.nested.extend(Some(grid.finish()).filter(|sheet| !sheet.is_empty()));
            }
            None => self.main = Some(grid),
        }
        Ok(())
    }

    fn finish_main(&mut self) {
        if let Some(grid) = self.main.take() {
            self.left = grid.left();
            self.sheets.extend(Some(grid.finish()).filter(|sheet| !sheet.is_empty()));
        }
    }

    fn finish(mut self) -> Result<Vec<RawSheet>, Refusal> {
        if !self.open.is_empty() {
            return Err(broken_off());
        }
        if self.tables == 0 {
            return Err(if self.frames { only_frames() } else { no_table() });
        }
        self.end_line();
        let mut last = self.main.take();
        if let Some(grid) = &mut last {
            for line in std::mem::take(&mut self.lines).lines() {
                grid.line(line)?;
            }
        }
        self.main = last;
        self.finish_main();
        self.sheets.append(&mut self.nested);
        if self.sheets.len() > 1 {
            for (number, sheet) in (1..).zip(&mut self.sheets) {
                sheet.name = format!("Таблица {number}");
            }
        }
        Ok(self.sheets)
    }
}

fn attribute(tag: &StartTag<()>, name: &[u8]) -> String {
    tag.attributes.get(name).map_or_else(String::new, |value| String::from_utf8_lossy(value).into_owned())
}

fn is_block(name: &[u8]) -> bool {
    const BLOCKS: &str = "p div li ul ol dl dt dd h1 h2 h3 h4 h5 h6 center pre hr form body section header footer main \
                          article fieldset address blockquote option";
    BLOCKS.split(' ').any(|block| block.as_bytes() == name)
}

fn no_table() -> Refusal {
    Refusal::new(
        "file_unsupported",
        "это веб-страница без таблицы, может быть, страница входа: войдите в программу и выгрузите отчёт ещё раз как .xlsx",
        "this is a web page without a table, maybe a login page: sign in and export the report again as .xlsx",
    )
}

fn only_frames() -> Refusal {
    Refusal::new(
        "file_unsupported",
        "эта веб-страница лишь ссылается на другие файлы; откройте её в Excel и сохраните как .xlsx",
        "this web page only refers to other files; open it in Excel and save it as .xlsx",
    )
}

fn broken_off() -> Refusal {
    Refusal::new(
        "file_incomplete",
        "страница обрывается внутри таблицы: файл скопирован не до конца; дождитесь конца копирования или выгрузите заново",
        "the page breaks off within a table: the file was not copied to its end; wait for the copy or export it again",
    )
}

fn tangled() -> Refusal {
    Refusal::new(
        "file_unsupported",
        "на этой странице слишком много таблиц или они вложены одна в другую; откройте её в Excel и сохраните нужную как .xlsx",
        "this page has too many tables, or tables within tables; open it in Excel and save the one you need as .xlsx",
    )
}
