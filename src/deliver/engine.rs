//! The template engine: strict (a misspelt variable is an error, never an empty place), with fuel, escaping by file
//! name, and errors that carry name and line but no values. Deliberately absent: the list of templates (`templates`).

use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, syntax::SyntaxConfig, value::Serde};

use crate::domain::{mail::MailKind, text::Lang};

use super::{clean, error::TemplateError, filters, templates};

/// Steps a template may take: a mail of the greatest length takes some thousand.
const FUEL: u64 = 2_000_000;
/// Columns of the text part.
const COLUMNS: usize = 72;

/// Templates of one language.
pub struct Engine {
    env: Environment<'static>,
    lang: Lang,
}

/// One part of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Subject line.
    Subject,
    /// Text part.
    Text,
    /// HTML part.
    Html,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Subject, Self::Text, Self::Html];

    const fn file(self) -> &'static str {
        match self {
            Self::Subject => "subject.txt",
            Self::Text => "body.txt",
            Self::Html => "body.html",
        }
    }
}

impl Engine {
    /// The built-in templates of a language, for amounts in the base currency.
    pub fn new(lang: Lang, currency: &str) -> Result<Self, TemplateError> {
        Self::with(lang, currency, templates::SOURCES)
    }

    /// An engine over given sources (tests break them on purpose).
    pub fn with(lang: Lang, currency: &str, sources: &[(&str, &str)]) -> Result<Self, TemplateError> {
        let mut env = Environment::new();
        env.set_undefined_behavior(UndefinedBehavior::Strict);
        env.set_debug(false);
        env.set_fuel(Some(FUEL));
        env.set_auto_escape_callback(|name| {
            if name.rsplit_once('.').is_some_and(|(_, end)| end == "html") {
                AutoEscape::Html
            } else {
                AutoEscape::None
            }
        });
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
        env.set_syntax(syntax.map_err(|e| TemplateError::Template(e.to_string()))?);
        filters::register(&mut env, lang, currency);
        for (name, source) in sources {
            env.add_template_owned((*name).to_owned(), (*source).to_owned())
                .map_err(|e| TemplateError::of_engine(&e))?;
        }
        Ok(Self { env, lang })
    }

    /// Renders one part. The context is cleaned first (`clean::tree`).
    pub fn render(&self, kind: MailKind, part: Part, context: &serde_json::Value) -> Result<String, TemplateError> {
        let name = format!("{}/{}/{}", self.lang.code(), kind.code(), part.file());
        let mut context = context.clone();
        clean::tree(&mut context);
        let text = self
            .env
            .get_template(&name)
            .and_then(|t| t.render(Value::from(Serde(&context))))
            .map_err(|e| TemplateError::of_engine(&e))?;
        Ok(match part {
            Part::Subject => clean::line(&text).into_owned(),
            Part::Text => wrapped(&text),
            Part::Html => kept_together(&squeezed(&text)),
        })
    }
}

/// Lines no longer than 72 characters, broken at spaces (no-break ones stay), continuation lines indented like the
/// first (after a dash, two more); at most one empty line in a row.
fn wrapped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut empty = 0;
    for line in text.trim_start_matches('\n').trim_end().lines() {
        let line = line.trim_end_matches(' ');
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty > 1 {
            continue;
        }
        let indent = line.len() - line.trim_start_matches(' ').len();
        // What follows a dash hangs under the words, not under the dash.
        let hang = if line.trim_start_matches(' ').starts_with("– ") { 2 } else { 0 };
        let mut width = 0;
        let mut margin = indent;
        for (i, word) in line.trim_start_matches(' ').split(' ').enumerate() {
            let length = word.chars().count();
            if i > 0 && width + 1 + length > COLUMNS && length > 0 {
                out.truncate(out.trim_end_matches(' ').len());
                out.push('\n');
                width = 0;
                margin = indent + hang;
            } else if i > 0 {
                out.push(' ');
                width += 1;
            }
            if width == 0 {
                out.extend(std::iter::repeat_n(' ', margin));
                width = margin;
            }
            out.push_str(word);
            width += length;
        }
        out.push('\n');
    }
    out
}

/// HTML without the indentation of the templates: mails over 102 KB are clipped by a large provider.
fn squeezed(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    for line in html.lines().map(str::trim).filter(|l| !l.is_empty()) {
        out.push_str(line);
        out.push('\n');
    }
    out
}

/// Longest word that is kept on one line: it has to fit beside an amount on a telephone.
const UNBROKEN: usize = 16;

/// HTML in whose text a minus never parts from its amount, nor a hyphen from the number after it: browsers break after
/// both, and an amount that has left its minus on the line above reads as its opposite. `<nobr>` is old, but it is what every
/// mail program knows, with or without styles.
fn kept_together(html: &str) -> String {
    let mut out = String::with_capacity(html.len() + html.len() / 16);
    let mut rest = html;
    // What stands in the head (styles, title) is not text.
    if let Some(body) = rest.find("<body") {
        out.push_str(&rest[..body]);
        rest = &rest[body..];
    }
    while let Some(first) = rest.chars().next() {
        let end = match first {
            '<' => rest.find('>').map_or(rest.len(), |at| at + 1),
            ' ' | '\n' => 1,
            _ => rest.find([' ', '\n', '<']).unwrap_or(rest.len()),
        };
        let (word, after) = rest.split_at(end);
        let text = word.trim_end_matches([',', '.', ';', ':']);
        if first != '<' && breaks(text) && text.chars().count() <= UNBROKEN {
            out.extend(["<nobr>", text, "</nobr>", &word[text.len()..]]);
        } else {
            out.push_str(word);
        }
        rest = after;
    }
    out
}

/// Whether a browser may break inside the word where it must not.
fn breaks(word: &str) -> bool {
    let sign = word.split_once('\u{2212}').is_some_and(|(_, after)| !after.is_empty());
    let mut parts = word.split('-');
    let hyphen = parts.next().is_some_and(|part| part.ends_with(|c: char| c.is_ascii_digit()))
        && parts.next().is_some_and(|part| part.starts_with(|c: char| c.is_ascii_digit()));
    sign || hyphen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minus_stays_with_its_amount_and_tags_stay_as_they_are() {
        let html =
            "<style>a-1{}</style><body class=\"x-1 2-3\"><td>\u{2212}\u{20bd}6,250.00</td>, 2026-1.\n\u{2212} a-b 0-0";
        assert_eq!(
            kept_together(html),
            "<style>a-1{}</style><body class=\"x-1 2-3\"><td><nobr>\u{2212}\u{20bd}6,250.00</nobr></td>, \
             <nobr>2026-1</nobr>.\n\u{2212} a-b <nobr>0-0</nobr>"
        );
        let long = "<body>https://firma.example/2026-11-20/1";
        assert_eq!(kept_together(long), long);
    }

    #[test]
    fn long_lines_break_at_spaces_and_keep_their_indent() {
        let text = format!("  {}end", "слово ".repeat(20));
        let lines: Vec<String> = wrapped(&text).lines().map(str::to_owned).collect();
        assert!(lines.iter().all(|l| l.chars().count() <= COLUMNS && l.starts_with("  ")), "{lines:?}");
        assert_eq!(wrapped("a\n\n\n\nb\n"), "a\n\nb\n");
        let dash = wrapped(&format!(" – {}", "слово ".repeat(20)));
        assert!(dash.lines().skip(1).all(|l| l.starts_with("   слово")), "{dash}");
    }

    #[test]
    fn aligned_columns_keep_their_spaces() {
        assert_eq!(wrapped("Имя        12   4\n"), "Имя        12   4\n");
    }
}
