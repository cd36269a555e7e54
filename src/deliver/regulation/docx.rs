//! The document as a text that people edit, approve and sign. The same document gives the same bytes. Deliberately absent:
//! numbering by the program that opens it: clause numbers are cited, so they are text.

use std::io::Cursor;

use docx_rs::{AlignmentType, Docx, Paragraph, Run, RunFonts, Table as Grid, TableCell, TableRow, WidthType};

use super::{heading, line};
use crate::{
    deliver::error::TemplateError,
    domain::{
        regulation::{Block, Document, Table},
        text::{Lang, Text},
    },
};

/// A font that every office program has or replaces by one of the same widths.
const FONT: &str = "Times New Roman";
/// Text width of an A4 page in twentieths of a point.
const WIDTH: usize = 9_350;

/// The document as `.docx`.
pub fn docx(document: &Document, lang: Lang) -> Result<Vec<u8>, TemplateError> {
    let fonts = RunFonts::new().ascii(FONT).hi_ansi(FONT).cs(FONT).east_asia(FONT);
    // A fixed day: the same document is the same file.
    let day = "2026-01-01T00:00:00Z";
    let mut file = Docx::new().default_fonts(fonts).default_size(24).created_at(day).updated_at(day);
    for approval in &document.approval {
        file = file.add_paragraph(Paragraph::new().align(AlignmentType::Right).add_run(plain(approval.get(lang))));
    }
    let title = Run::new().add_text(line(document.title.get(lang))).bold().size(32);
    file = file.add_paragraph(Paragraph::new().align(AlignmentType::Center).add_run(title));
    for (name, value) in &document.facts {
        file = file.add_paragraph(said(&format!("{}: {}", name.get(lang), value.get(lang))));
    }
    for section in &document.sections {
        let head =
            Run::new().add_text(format!("{}. {}", section.number, line(section.title.get(lang)))).bold().size(28);
        file = file.add_paragraph(Paragraph::new().keep_next(true).outline_lvl(0).add_run(head));
        for clause in &section.clauses {
            let mut blocks = clause.blocks.iter();
            let (number, title) = (&clause.number, clause.title.get(lang));
            if title.is_empty() {
                match blocks.next() {
                    Some(Block::Paragraph(text)) => {
                        file = file.add_paragraph(said(&format!("{number}. {}", text.get(lang))));
                    }
                    other => {
                        file = file.add_paragraph(said(&format!("{number}.")));
                        if let Some(block) = other {
                            file = put(file, block, lang);
                        }
                    }
                }
            } else {
                let head = Run::new().add_text(heading(number, title)).bold();
                file = file.add_paragraph(Paragraph::new().keep_next(true).outline_lvl(1).add_run(head));
            }
            for block in blocks {
                file = put(file, block, lang);
            }
        }
    }
    let sheet = Run::new().add_text(line(document.sheet.title.get(lang))).bold().size(28);
    file = file.add_paragraph(Paragraph::new().page_break_before(true).outline_lvl(0).add_run(sheet));
    file = file.add_table(grid(&document.sheet, lang));
    let mut bytes = Cursor::new(Vec::new());
    file.pack(&mut bytes).map_err(|error| TemplateError::Attachment(error.to_string()))?;
    Ok(bytes.into_inner())
}

fn plain(text: &str) -> Run {
    Run::new().add_text(line(text))
}

fn said(text: &str) -> Paragraph {
    Paragraph::new().add_run(plain(text))
}

fn put(mut file: Docx, block: &Block, lang: Lang) -> Docx {
    match block {
        Block::Paragraph(text) => file.add_paragraph(said(text.get(lang))),
        Block::Formula(text) => file.add_paragraph(said(text.get(lang)).indent(Some(567), None, None, None)),
        Block::Example(text) => file.add_paragraph(Paragraph::new().add_run(plain(text.get(lang)).italic())),
        Block::List(items) => {
            for item in items {
                let line = said(&format!("– {}", item.get(lang)));
                file = file.add_paragraph(line.indent(Some(567), None, None, None));
            }
            file
        }
        Block::Table(table) => {
            if !table.title.get(lang).is_empty() {
                file =
                    file.add_paragraph(Paragraph::new().keep_next(true).add_run(plain(table.title.get(lang)).bold()));
            }
            // A paragraph behind keeps two tables apart.
            file.add_table(grid(table, lang)).add_paragraph(Paragraph::new())
        }
    }
}

fn grid(table: &Table, lang: Lang) -> Grid {
    let width = WIDTH / table.columns.len().max(1);
    let cell = |text: &Text, bold: bool| {
        let run = plain(text.get(lang));
        let run = if bold { run.bold() } else { run };
        TableCell::new().width(width, WidthType::Dxa).add_paragraph(Paragraph::new().add_run(run))
    };
    let row = |cells: &[Text], bold| TableRow::new(cells.iter().map(|text| cell(text, bold)).collect());
    let rows = std::iter::once(row(&table.columns, true)).chain(table.rows.iter().map(|cells| row(cells, false)));
    Grid::new(rows.collect()).set_grid(vec![width; table.columns.len()])
}
