//! Where a setting stands: a span of a text file, a cell of a table, an environment variable, or a file as a whole.
//! Deliberately absent: what is wrong there (`problem`).

use std::{
    ops::Range,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::secret::HIDDEN;
use crate::domain::{finding::SourceRef, text::Text};

/// A text file as read.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// Its path, as errors show it.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
}

/// Path of the embedded defaults in errors.
pub const DEFAULTS_PATH: &str = "sverka.toml (defaults)";

impl Source {
    /// A text with its path.
    pub fn new(path: impl Into<PathBuf>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self { path: path.into(), text: text.into() })
    }
}

/// A place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spot {
    /// Bytes of a text file.
    Text(Arc<Source>, Range<usize>),
    /// A cell (or row) of a table: its folder and its address.
    Cell(PathBuf, SourceRef),
    /// An environment variable.
    Env(String),
    /// A file or folder as a whole.
    File(PathBuf),
}

/// Line and column (1-based, in characters), the line itself and how many characters of it are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// Line.
    pub line: usize,
    /// Column.
    pub column: usize,
    /// Text of the line.
    pub text: String,
    /// Characters to underline, at least one.
    pub width: usize,
}

impl Spot {
    /// The excerpt of a text file.
    pub fn excerpt(&self) -> Option<Excerpt> {
        let Self::Text(source, span) = self else { return None };
        let text = source.text.as_str();
        let start = floor_char(text, span.start);
        let end = floor_char(text, span.end.max(start));
        let before = text.get(..start)?;
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line_text = text.get(line_start..)?.lines().next().unwrap_or_default().trim_end();
        let column = text.get(line_start..start)?.chars().count();
        let meant = text.get(start..end)?.lines().next().unwrap_or_default().trim_end().chars().count();
        let shown = mask(line_text);
        Some(Excerpt {
            line: before.matches('\n').count() + 1,
            column: column + 1,
            width: meant.min(shown.chars().count().saturating_sub(column)).max(1),
            text: shown,
        })
    }

    /// `/etc/sverka/sverka.toml:42:1`, a cell's address, or the variable.
    pub fn describe(&self) -> Text {
        match self {
            Self::Text(source, _) => {
                let path = source.path.display();
                Text::same(
                    self.excerpt().map_or_else(|| path.to_string(), |e| format!("{path}:{}:{}", e.line, e.column)),
                )
            }
            Self::Cell(folder, cell) => {
                let place = cell.describe();
                let in_folder = |text: &str| folder.join(text).display().to_string();
                Text::new(in_folder(&place.ru), in_folder(&place.en))
            }
            Self::Env(name) => {
                Text::new(format!("переменная окружения {name}"), format!("environment variable {name}"))
            }
            Self::File(path) => Text::same(path.display().to_string()),
        }
    }

    /// Whether the place is in the embedded defaults, which nobody can edit.
    pub fn is_default(&self) -> bool {
        matches!(self, Self::Text(source, _) if source.path == Path::new(DEFAULTS_PATH))
    }

    /// The file, if the place is in one.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Text(source, _) => Some(&source.path),
            Self::Cell(folder, _) => Some(folder),
            Self::File(path) => Some(path),
            Self::Env(_) => None,
        }
    }

    /// Position within the file, for sorting.
    pub(super) fn offset(&self) -> usize {
        match self {
            Self::Text(_, span) => span.start,
            Self::Cell(_, cell) => cell.row as usize,
            Self::Env(_) | Self::File(_) => 0,
        }
    }
}

/// A line without the secret that may have been written into it: an error must be fit to be sent to somebody.
fn mask(line: &str) -> String {
    if let Some((key, _)) = line.split_once('=')
        && (key.contains("password") || key.contains("dkim_key"))
        && !key.contains("file")
    {
        return format!("{key}= {HIDDEN}");
    }
    let Some((scheme, rest)) = line.split_once("://") else { return line.to_owned() };
    match rest.rsplit_once('@').and_then(|(login, host)| Some((login.split_once(':')?.0, host))) {
        Some((user, host)) => format!("{scheme}://{user}:{HIDDEN}@{host}"),
        None => line.to_owned(),
    }
}

fn floor_char(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_in_characters() {
        let source = Source::new("a.toml", "x = 1\nимя = \"Ян\"\n");
        let at = source.text.find("\"Ян").expect("there");
        let excerpt = Spot::Text(source, at..at + 6).excerpt().expect("text");
        assert_eq!((excerpt.line, excerpt.column, excerpt.width), (2, 7, 4));
        assert_eq!(excerpt.text, "имя = \"Ян\"");
    }

    #[test]
    fn a_secret_is_not_quoted() {
        assert_eq!(
            mask("url = \"postgres://sverka:top@secret@db/sverka\""),
            "url = \"postgres://sverka:***@db/sverka\""
        );
        assert_eq!(mask("password = \"top\""), "password = ***");
        assert_eq!(mask("password_file = \"mail.key\""), "password_file = \"mail.key\"");
        assert_eq!(mask("dkim_key = \"-----BEGIN PRIVATE KEY-----\""), "dkim_key = ***");
        assert_eq!(mask("dkim_key_file = \"dkim.key\""), "dkim_key_file = \"dkim.key\"");
    }

    #[test]
    fn a_span_past_the_end_is_still_shown() {
        let excerpt = Spot::Text(Source::new("a.toml", "x ="), 3..9).excerpt().expect("text");
        assert_eq!((excerpt.line, excerpt.column, excerpt.width), (1, 4, 1));
    }
}
