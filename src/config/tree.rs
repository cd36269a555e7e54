//! A TOML document as a tree whose every key and value knows its place, and layers of such trees laid over each other.
//! It exists because `toml` with serde reports the first mistake of a document only; here all of them are found.
//! Deliberately absent: types of settings (`reader`).

use std::{path::Path, sync::Arc};

use chrono::NaiveDate;
use toml::de::{DeTable, DeValue};

use super::{
    problem::Sink,
    spot::{Source, Spot},
};
use crate::domain::text::Text;

/// A value with its place.
#[derive(Clone, Debug)]
pub struct Node {
    /// Place of the value.
    pub at: Spot,
    /// The value.
    pub value: Value,
}

/// A value as written.
#[derive(Clone, Debug)]
pub enum Value {
    /// Text.
    Text(String),
    /// A whole number.
    Int(i64),
    /// A number with a fraction, or one too large: no setting takes it.
    Number(String),
    /// true or false.
    Flag(bool),
    /// A date.
    Date(NaiveDate),
    /// A time or a date with a time: no setting takes it.
    Moment(String),
    /// A list.
    List(Vec<Node>),
    /// A table.
    Table(Table),
    /// Text of an environment variable: read as whatever the setting wants.
    Env(String),
}

/// A table in the order of the file.
#[derive(Clone, Debug)]
pub struct Table {
    /// Place of its header, or of the file.
    pub at: Spot,
    /// Entries.
    pub entries: Vec<Entry>,
}

/// A key with its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Place of the key.
    pub key_at: Spot,
    /// The value.
    pub node: Node,
}

impl Table {
    /// The entry with the key.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|e| e.key == key)
    }

    /// Lays another table over this one: tables are merged, everything else is replaced.
    pub fn overlay(&mut self, upper: Self) {
        for entry in upper.entries {
            match self.entries.iter_mut().find(|e| e.key == entry.key) {
                Some(lower) => match (&mut lower.node.value, entry.node.value) {
                    (Value::Table(below), Value::Table(above)) => {
                        lower.key_at = entry.key_at;
                        lower.node.at = entry.node.at;
                        below.overlay(above);
                    }
                    (_, value) => {
                        lower.key_at = entry.key_at;
                        lower.node = Node { at: entry.node.at, value };
                    }
                },
                None => self.entries.push(entry),
            }
        }
        self.at = upper.at;
    }
}

/// Parses a document; syntax errors go to the sink and what could be read comes back, so that a slip in one line does
/// not hide the other mistakes.
pub fn parse(source: &Arc<Source>, sink: &Sink) -> Table {
    let (table, errors) = DeTable::parse_recoverable(&source.text);
    for error in errors {
        let at = error.span().map_or_else(|| Spot::File(source.path.clone()), |span| Spot::Text(source.clone(), span));
        let said = error.message();
        sink.unreadable(at, Text::new(format!("не читается как TOML: {said}"), format!("not valid TOML: {said}")));
    }
    from_table(source, table.span(), table.into_inner())
}

/// Reads a text file of the configuration; a missing or unreadable one is a mistake. A mark of byte order is dropped.
pub fn read_source(path: &Path, sink: &Sink) -> Option<Arc<Source>> {
    match std::fs::read(path) {
        Ok(bytes) => {
            if let Ok(text) = String::from_utf8(bytes) {
                return Some(Source::new(path, text.trim_start_matches('\u{feff}')));
            }
            sink.error_hint(
                Spot::File(path.to_owned()),
                Text::new("файл не в кодировке UTF-8", "the file is not UTF-8"),
                Text::new("сохраните его в UTF-8", "save it as UTF-8"),
            );
            None
        }
        Err(error) => {
            let message = if error.kind() == std::io::ErrorKind::NotFound {
                Text::new("нет такого файла", "there is no such file")
            } else {
                Text::new(format!("файл не открывается: {error}"), format!("the file does not open: {error}"))
            };
            sink.error_hint(
                Spot::File(path.to_owned()),
                message,
                Text::new("`sverka init ПАПКА` создаёт образец", "`sverka init FOLDER` writes a sample"),
            );
            None
        }
    }
}

fn from_table(source: &Arc<Source>, span: std::ops::Range<usize>, table: DeTable<'_>) -> Table {
    let mut entries: Vec<Entry> = table
        .into_iter()
        .map(|(key, value)| Entry {
            key_at: Spot::Text(source.clone(), key.span()),
            node: from_value(source, value.span(), value.into_inner()),
            key: key.into_inner().into_owned(),
        })
        .collect();
    entries.sort_by_key(|e| e.key_at.offset());
    Table { at: Spot::Text(source.clone(), span), entries }
}

fn from_value(source: &Arc<Source>, span: std::ops::Range<usize>, value: DeValue<'_>) -> Node {
    let value = match value {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or_else(|_| Value::Number(number.to_string()), Value::Int),
        DeValue::Float(number) => Value::Number(number.to_string()),
        DeValue::Boolean(flag) => Value::Flag(flag),
        DeValue::Datetime(moment) => match (moment.date, moment.time) {
            (Some(date), None) => NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
                .map_or_else(|| Value::Moment(moment.to_string()), Value::Date),
            _ => Value::Moment(moment.to_string()),
        },
        DeValue::Array(items) => {
            Value::List(items.into_iter().map(|item| from_value(source, item.span(), item.into_inner())).collect())
        }
        DeValue::Table(table) => Value::Table(from_table(source, span.clone(), table)),
    };
    Node { at: Spot::Text(source.clone(), span), value }
}

/// The prefix of settings in the environment.
pub const ENV_PREFIX: &str = "SVERKA__";

/// `SVERKA__SECTION__KEY=value` as a tree; values stay text until it is known what the setting wants.
pub fn from_env(vars: impl Iterator<Item = (String, String)>) -> Table {
    let mut vars: Vec<_> = vars.filter(|(name, _)| name.starts_with(ENV_PREFIX)).collect();
    vars.sort();
    let mut root = Table { at: Spot::Env(format!("{ENV_PREFIX}*")), entries: Vec::new() };
    for (name, value) in vars {
        let at = Spot::Env(name.clone());
        let path = name.get(ENV_PREFIX.len()..).unwrap_or_default().to_lowercase();
        let mut node = Node { at: at.clone(), value: Value::Env(value) };
        let mut parts: Vec<&str> = path.split("__").collect();
        let first = parts.remove(0).to_owned();
        for key in parts.into_iter().rev() {
            let entry = Entry { key: key.to_owned(), key_at: at.clone(), node };
            node = Node { at: at.clone(), value: Value::Table(Table { at: at.clone(), entries: vec![entry] }) };
        }
        root.overlay(Table { at: at.clone(), entries: vec![Entry { key: first, key_at: at, node }] });
    }
    root
}
