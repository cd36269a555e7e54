//! The document as a page to read and print: one file, no script, nothing loaded from anywhere. Deliberately absent: colours
//! that carry meaning.

use super::{heading, line};
use crate::domain::{
    regulation::{Block, Document, Table},
    text::{Lang, Text},
};

const STYLE: &str = "body{font:12pt/1.5 'PT Serif','Times New Roman',serif;max-width:44rem;margin:2rem auto;padding:0 1rem;\
color:#111;background:#fff}header p.approval{margin:0 0 .3rem;text-align:right}h1{font-size:1.5em;text-align:center}\
h2{font-size:1.2em;margin-top:2em}h3{font-size:1em;margin-bottom:.3em}table{border-collapse:collapse;width:100%;margin:.8em 0}\
th,td{border:1px solid #555;padding:.3em .5em;text-align:left;vertical-align:top}caption{text-align:left;font-weight:bold}\
.formula{border-left:3px solid #555;padding-left:.8em}.example{color:#333;font-style:italic}.sheet td{height:2em}\
@media print{body{margin:0;max-width:none}.sheet{page-break-before:always}tr{page-break-inside:avoid}}";

/// The document as one page.
pub fn html(document: &Document, lang: Lang) -> String {
    let say = |text: &Text| escaped(text.get(lang));
    let title = say(&document.title);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <header>\n",
        lang.code()
    );
    for approval in &document.approval {
        out.push_str(&format!("<p class=\"approval\">{}</p>\n", say(approval)));
    }
    out.push_str(&format!("<h1>{title}</h1>\n<ul>\n"));
    for (name, value) in &document.facts {
        out.push_str(&format!("<li>{}: {}</li>\n", say(name), say(value)));
    }
    out.push_str("</ul>\n</header>\n<main>\n");
    for section in &document.sections {
        out.push_str(&format!("<h2>{}. {}</h2>\n", section.number, say(&section.title)));
        for clause in &section.clauses {
            let (number, head) = (&clause.number, clause.title.get(lang));
            out.push_str(&format!("<section id=\"p{number}\">\n"));
            let mut blocks = clause.blocks.iter();
            if head.is_empty() {
                match blocks.next() {
                    Some(Block::Paragraph(text)) => out.push_str(&format!("<p><b>{number}.</b> {}</p>\n", say(text))),
                    other => {
                        out.push_str(&format!("<p><b>{number}.</b></p>\n"));
                        if let Some(block) = other {
                            put(&mut out, block, lang);
                        }
                    }
                }
            } else {
                out.push_str(&format!("<h3>{}</h3>\n", escaped(&heading(number, head))));
            }
            blocks.for_each(|block| put(&mut out, block, lang));
            out.push_str("</section>\n");
        }
    }
    out.push_str("</main>\n<section class=\"sheet\">\n");
    table(&mut out, &document.sheet, lang);
    out.push_str("</section>\n</body>\n</html>\n");
    out
}

fn put(out: &mut String, block: &Block, lang: Lang) {
    match block {
        Block::Paragraph(text) => out.push_str(&format!("<p>{}</p>\n", escaped(text.get(lang)))),
        Block::Formula(text) => out.push_str(&format!("<p class=\"formula\">{}</p>\n", escaped(text.get(lang)))),
        Block::Example(text) => out.push_str(&format!("<p class=\"example\">{}</p>\n", escaped(text.get(lang)))),
        Block::List(items) => {
            out.push_str("<ul>\n");
            for item in items {
                out.push_str(&format!("<li>{}</li>\n", escaped(item.get(lang))));
            }
            out.push_str("</ul>\n");
        }
        Block::Table(each) => table(out, each, lang),
    }
}

fn table(out: &mut String, table: &Table, lang: Lang) {
    out.push_str("<table>\n");
    let title = table.title.get(lang);
    if !title.is_empty() {
        out.push_str(&format!("<caption>{}</caption>\n", escaped(title)));
    }
    let cells = |texts: &[Text], open: &str, close: &str| {
        texts.iter().map(|t| format!("{open}{}{close}", escaped(t.get(lang)))).collect::<String>()
    };
    out.push_str(&format!(
        "<thead><tr>{}</tr></thead>\n<tbody>\n",
        cells(&table.columns, "<th scope=\"col\">", "</th>")
    ));
    for row in &table.rows {
        out.push_str(&format!("<tr>{}</tr>\n", cells(row, "<td>", "</td>")));
    }
    out.push_str("</tbody>\n</table>\n");
}

fn escaped(text: &str) -> String {
    line(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
