//! A document to be approved and signed, written as Markdown, as a page to print, or as a text to edit. All three carry the
//! same words in the same order. Deliberately absent: what the document says (`domain::regulation`).

mod docx;
mod html;
mod markdown;

pub use docx::docx;
pub use html::html;
pub use markdown::markdown;

use super::clean;

/// A piece of text on one line: what people wrote into their files must not break the layout.
fn line(text: &str) -> String {
    clean::line(text).into_owned()
}

/// Title of a clause behind its number, or nothing.
fn heading(number: &str, title: &str) -> String {
    if title.is_empty() { format!("{number}.") } else { format!("{number}. {}", line(title)) }
}
