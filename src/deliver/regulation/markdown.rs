//! The document as Markdown. Deliberately absent: HTML inside it.

use super::{heading, line};
use crate::domain::{
    regulation::{Block, Document, Table},
    text::{Lang, Text},
};

/// The document as Markdown.
pub fn markdown(document: &Document, lang: Lang) -> String {
    let say = |text: &Text| escaped(text.get(lang));
    let mut out = String::new();
    for approval in &document.approval {
        out.push_str(&format!("{}\n\n", say(approval)));
    }
    out.push_str(&format!("# {}\n\n", say(&document.title)));
    for (name, value) in &document.facts {
        out.push_str(&format!("- {}: {}\n", say(name), say(value)));
    }
    for section in &document.sections {
        out.push_str(&format!("\n## {}. {}\n", section.number, say(&section.title)));
        for clause in &section.clauses {
            let mut blocks = clause.blocks.iter();
            let title = clause.title.get(lang);
            if title.is_empty() {
                // A clause of one sentence stands behind its number.
                match blocks.next() {
                    Some(Block::Paragraph(text)) => out.push_str(&format!("\n**{}.** {}\n", clause.number, say(text))),
                    other => {
                        out.push_str(&format!("\n**{}.**\n", clause.number));
                        if let Some(block) = other {
                            put(&mut out, block, lang);
                        }
                    }
                }
            } else {
                out.push_str(&format!("\n### {}\n", escaped(&heading(&clause.number, title))));
            }
            blocks.for_each(|block| put(&mut out, block, lang));
        }
    }
    out.push_str(&format!("\n## {}\n", say(&document.sheet.title)));
    table(&mut out, &document.sheet, lang);
    out
}

fn put(out: &mut String, block: &Block, lang: Lang) {
    match block {
        Block::Paragraph(text) => out.push_str(&format!("\n{}\n", escaped(text.get(lang)))),
        Block::List(items) => {
            out.push('\n');
            for item in items {
                out.push_str(&format!("- {}\n", escaped(item.get(lang))));
            }
        }
        Block::Formula(text) => out.push_str(&format!("\n> {}\n", escaped(text.get(lang)))),
        Block::Example(text) => out.push_str(&format!("\n*{}*\n", escaped(text.get(lang)))),
        Block::Table(each) => {
            if !each.title.get(lang).is_empty() {
                out.push_str(&format!("\n{}:\n", escaped(each.title.get(lang))));
            }
            table(out, each, lang);
        }
    }
}

fn table(out: &mut String, table: &Table, lang: Lang) {
    let row = |cells: &[Text]| {
        format!("| {} |\n", cells.iter().map(|c| escaped(c.get(lang))).collect::<Vec<_>>().join(" | "))
    };
    out.push('\n');
    out.push_str(&row(&table.columns));
    out.push_str(&format!("|{}\n", "---|".repeat(table.columns.len())));
    for cells in &table.rows {
        out.push_str(&row(cells));
    }
}

/// Signs that Markdown takes for its own are disarmed.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in line(text).chars() {
        if matches!(c, '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' | '#') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
