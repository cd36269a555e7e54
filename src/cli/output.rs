//! Where commands write: data to stdout, everything else to stderr. A closed pipe ends the output silently.
//! Deliberately absent: colour (meaning never depends on it) and logging.

use std::io::Write;

use crate::domain::text::{Lang, Text};

/// How this invocation talks.
#[derive(Clone, Copy, Debug)]
pub struct Out {
    /// Language of people's text.
    pub lang: Lang,
    /// Whether stdout is to be JSON.
    pub json: bool,
}

impl Out {
    /// A line of data or text on stdout.
    pub fn line(&self, text: impl AsRef<str>) {
        let _ = writeln!(std::io::stdout().lock(), "{}", text.as_ref());
    }

    /// A sentence on stdout in the reader's language.
    pub fn say(&self, text: &Text) {
        self.line(text.get(self.lang));
    }

    /// A sentence on stderr (progress, remarks).
    pub fn note(&self, text: &Text) {
        let _ = writeln!(std::io::stderr().lock(), "{}", text.get(self.lang));
    }

    /// A value as pretty JSON on stdout.
    pub fn json(&self, value: &impl serde::Serialize) {
        match serde_json::to_string_pretty(value) {
            Ok(text) => self.line(text),
            Err(error) => self.note(&Text::same(format!("json: {error}"))),
        }
    }
}
