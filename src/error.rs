//! The one error the front doors see: what kind it is (exit code), what happened (both languages), what to do next.
//! Deliberately absent: bad rows and implausible numbers (those are findings) and any formatting for terminals.

use std::fmt;

use crate::domain::text::{Lang, Text};

/// Kind of failure; decides the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A person has to look: not a failure.
    Held,
    /// The configuration is wrong.
    Config,
    /// A file or an argument cannot be used.
    Input,
    /// The database.
    Store,
    /// Mail.
    Mail,
    /// A fault of the program.
    Bug,
}

impl Kind {
    /// Exit code: 1 error, 2 held, 3 config. None is ever reused.
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Held => 2,
            Self::Config => 3,
            Self::Input | Self::Store | Self::Mail | Self::Bug => 1,
        }
    }
}

/// An error with hints.
#[derive(Debug)]
pub struct Error {
    /// Kind.
    pub kind: Kind,
    /// What happened, one sentence without a final period.
    pub message: Text,
    /// What to do next.
    pub hints: Vec<Text>,
}

/// Result with that error.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error without hints.
    pub fn new(kind: Kind, message: Text) -> Self {
        Self { kind, message, hints: Vec::new() }
    }

    /// A file or argument that cannot be used.
    pub fn input(message: Text) -> Self {
        Self::new(Kind::Input, message)
    }

    /// A fault of the program or of the machine, with the cause's own words.
    pub fn bug(what: &str, cause: impl fmt::Display) -> Self {
        Self::new(Kind::Bug, Text::new(format!("не удалось: {what}: {cause}"), format!("failed to {what}: {cause}")))
    }

    /// The same error with one more hint.
    pub fn hint(mut self, hint: Text) -> Self {
        self.hints.push(hint);
        self
    }

    /// The text for a terminal: message, then each hint on a line of its own.
    pub fn render(&self, lang: Lang) -> String {
        let (error, hint) = match lang {
            Lang::Ru => ("ошибка", "подсказка"),
            Lang::En => ("error", "hint"),
        };
        let mut text = format!("{error}: {}\n", self.message.get(lang));
        for each in &self.hints {
            text.push_str(&format!("  {hint}: {}\n", each.get(lang)));
        }
        text
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message.en)
    }
}

impl std::error::Error for Error {}

impl From<crate::store::StoreError> for Error {
    fn from(error: crate::store::StoreError) -> Self {
        Self::new(Kind::Store, error.text())
    }
}

impl From<crate::deliver::TemplateError> for Error {
    fn from(error: crate::deliver::TemplateError) -> Self {
        Self::new(Kind::Mail, error.text())
    }
}
