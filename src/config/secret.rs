//! A value that never shows itself: not in `Debug`, not in `config show`, not in a log.
//! Deliberately absent: wiping the memory (the process needs the value as long as it lives).

use std::fmt::{self, Write};

use serde::{Serialize, Serializer};

/// What is shown instead of a secret.
pub const HIDDEN: &str = "***";

/// A secret; [`Secret::expose`] is the only way to its value.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a value.
    pub const fn new(value: String) -> Self {
        Self(value)
    }

    /// The value itself: only for the call that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(HIDDEN)
    }
}

/// Address of a database, with the password inside; shown without it.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// Wraps a complete address: `sqlite:FILE` or `postgres://user:password@host/database`.
    pub const fn new(url: String) -> Self {
        Self(url)
    }

    /// The complete address: only for the call that connects.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether one process owns the database (SQLite).
    pub fn is_sqlite(&self) -> bool {
        self.0.starts_with("sqlite:")
    }

    /// Whether the address carries a password.
    pub fn has_password(&self) -> bool {
        self.password_span().is_some() || self.0.contains("password=")
    }

    /// The address without its password and without parameters (a password may stand there too).
    pub fn redacted(&self) -> String {
        let whole = self.0.split_once('?').map_or(self.0.as_str(), |(start, _)| start);
        match self.password_span() {
            Some((from, to)) => {
                format!("{}{HIDDEN}{}", whole.get(..from).unwrap_or_default(), whole.get(to..).unwrap_or_default())
            }
            None => whole.to_owned(),
        }
    }

    /// The same address with a password put behind the user's name; `None` when it names no user or has a password.
    pub fn with_password(&self, password: &Secret) -> Option<Self> {
        let start = self.0.find("://")? + 3;
        let at = start + authority(self.0.get(start..)?).rfind('@')?;
        if self.has_password() {
            return None;
        }
        Some(Self(format!("{}:{}{}", self.0.get(..at)?, percent_encode(password.expose()), self.0.get(at..)?)))
    }

    /// Where the password stands, as byte offsets.
    fn password_span(&self) -> Option<(usize, usize)> {
        let start = self.0.find("://")? + 3;
        let user_info = self.0.get(start..start + authority(self.0.get(start..)?).rfind('@')?)?;
        let colon = user_info.find(':')?;
        Some((start + colon + 1, start + user_info.len()))
    }
}

fn authority(rest: &str) -> &str {
    rest.split(['/', '?']).next().unwrap_or_default()
}

fn percent_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.redacted())
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.redacted())
    }
}

impl Serialize for DatabaseUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.redacted())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_put_in_encoded_and_never_shown() {
        let url = DatabaseUrl::new("postgres://sverka@db:5432/sverka?sslmode=require".into());
        assert!(!url.has_password());
        let full = url.with_password(&Secret::new("p@ss/w:d".into())).expect("a user is named");
        assert_eq!(full.expose(), "postgres://sverka:p%40ss%2Fw%3Ad@db:5432/sverka?sslmode=require");
        assert_eq!(format!("{full:?}"), "postgres://sverka:***@db:5432/sverka");
        assert_eq!(full.with_password(&Secret::new("again".into())), None);
        assert_eq!(format!("{:?}", Secret::new("p@ss".into())), "***");
    }

    #[test]
    fn a_file_address_has_no_password() {
        let url = DatabaseUrl::new("sqlite:/srv/sverka.db".into());
        assert!(url.is_sqlite() && !url.has_password());
        assert_eq!(url.redacted(), "sqlite:/srv/sverka.db");
    }
}
