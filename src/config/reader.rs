//! Typed reading of a table: every key asked for becomes known, what nobody asked for is an error with a suggestion,
//! a wrong type is an error with its place, and reading goes on. A value that could not be read comes back as `None`
//! or empty: it never leaves `config`, because the sink then holds an error.
//! Deliberately absent: what a setting means.

use std::{cell::RefCell, ops::RangeInclusive};

use chrono::NaiveDate;

use super::{
    problem::Sink,
    spot::Spot,
    suggest,
    tree::{Entry, Node, Table, Value},
};
use crate::domain::text::Text;

/// A table being read.
#[derive(Debug)]
pub struct Section<'a> {
    table: &'a Table,
    sink: &'a Sink,
    known: RefCell<Vec<&'static str>>,
}

impl<'a> Section<'a> {
    /// Starts reading a table.
    pub fn new(table: &'a Table, sink: &'a Sink) -> Self {
        Self { table, sink, known: RefCell::default() }
    }

    /// Reports every key that nobody asked for.
    pub fn finish(&self) {
        let known = self.known.borrow();
        // Taken from the environment only: not to be suggested for the file.
        let offered: Vec<&str> = known.iter().copied().filter(|key| !matches!(*key, "password" | "dkim_key")).collect();
        for entry in self.table.entries.iter().filter(|e| !known.contains(&e.key.as_str())) {
            let key = &entry.key;
            let message = Text::new(format!("неизвестный ключ `{key}`"), format!("unknown key `{key}`"));
            self.sink.error_hint(entry.key_at.clone(), message, suggest::advice(key, &offered));
        }
    }

    /// Where problems go.
    pub fn sink(&self) -> &'a Sink {
        self.sink
    }

    /// All entries, for tables whose keys are the company's own words.
    pub fn entries(&self) -> &'a [Entry] {
        &self.table.entries
    }

    /// Place of the table.
    pub fn place(&self) -> Spot {
        self.table.at.clone()
    }

    /// Place of a key's value, or of the table when it is absent or only a default.
    pub fn at(&self, key: &str) -> Spot {
        match self.table.entry(key) {
            Some(entry) if !entry.node.at.is_default() || self.table.at.is_default() => entry.node.at.clone(),
            _ => self.table.at.clone(),
        }
    }

    /// Whether the key has its default, written by nobody.
    pub fn is_default(&self, key: &str) -> bool {
        self.table.entry(key).is_none_or(|e| e.node.at.is_default())
    }

    /// Whether the key is given.
    pub fn has(&self, key: &str) -> bool {
        self.table.entry(key).is_some()
    }

    /// The node of a key, which becomes known.
    pub fn node(&self, key: &'static str) -> Option<&'a Node> {
        if !self.known.borrow().contains(&key) {
            self.known.borrow_mut().push(key);
        }
        self.table.entry(key).map(|e| &e.node)
    }

    /// Reports each of the keys that is absent.
    pub fn require(&self, keys: &[&'static str]) {
        for key in keys.iter().filter(|k| !self.has(k)) {
            self.error(key, Text::new(format!("не хватает ключа `{key}`"), format!("the key `{key}` is missing")));
        }
    }

    /// Reports a mistake at the key.
    pub fn error(&self, key: &str, message: Text) {
        self.sink.error(self.at(key), message);
    }

    /// Reports a mistake at the key with the way out.
    pub fn error_hint(&self, key: &str, message: Text, hint: Text) {
        self.sink.error_hint(self.at(key), message, hint);
    }

    /// A text.
    pub fn text(&self, key: &'static str) -> Option<String> {
        self.node(key).and_then(|node| node.text(self.sink)).map(|text| text.trim().to_owned())
    }

    /// A text; absent, unreadable and empty are one.
    pub fn filled(&self, key: &'static str) -> Option<String> {
        self.text(key).filter(|text| !text.is_empty())
    }

    /// A list of texts with their places.
    pub fn texts_at(&self, key: &'static str) -> Vec<(String, Spot)> {
        self.node(key).map(|node| node.texts(self.sink)).unwrap_or_default()
    }

    /// A list of texts.
    pub fn texts(&self, key: &'static str) -> Vec<String> {
        self.texts_at(key).into_iter().map(|(text, _)| text).collect()
    }

    /// A whole number within limits.
    pub fn int(&self, key: &'static str, limits: RangeInclusive<i64>) -> Option<u32> {
        let node = self.node(key)?;
        let number = node.int(self.sink)?;
        if !limits.contains(&number) {
            let (from, to) = (limits.start(), limits.end());
            self.error(
                key,
                Text::new(
                    format!("{number}: нужно число от {from} до {to}"),
                    format!("{number}: must be {from} to {to}"),
                ),
            );
            return None;
        }
        u32::try_from(number).ok()
    }

    /// true or false.
    pub fn flag(&self, key: &'static str) -> Option<bool> {
        self.node(key).and_then(|node| node.flag(self.sink))
    }

    /// A date.
    pub fn date(&self, key: &'static str) -> Option<NaiveDate> {
        self.node(key).and_then(|node| node.date(self.sink))
    }

    /// One of several words.
    pub fn choice<T: Copy>(&self, key: &'static str, words: &[(&'static str, T)]) -> Option<T> {
        let text = self.text(key)?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.error_hint(
                key,
                Text::new(format!("неизвестное значение «{text}»"), format!("unknown value “{text}”")),
                suggest::advice(&text, &known),
            );
        }
        found
    }

    /// A table within.
    pub fn section(&self, key: &'static str) -> Option<Section<'a>> {
        self.node(key).and_then(|node| node.table(self.sink)).map(|table| Section::new(table, self.sink))
    }

    /// A list of tables.
    pub fn sections(&self, key: &'static str) -> Vec<Section<'a>> {
        let Some(node) = self.node(key) else { return Vec::new() };
        if let Value::List(items) = &node.value {
            return items.iter().filter_map(|i| i.table(self.sink)).map(|t| Section::new(t, self.sink)).collect();
        }
        let message = Text::new(
            format!("`{key}` задаётся в файле списком таблиц: [[{key}]]"),
            format!("`{key}` is written in the file as a list of tables: [[{key}]]"),
        );
        self.sink.unreadable(node.at.clone(), message);
        Vec::new()
    }
}

impl Node {
    fn wrong<T>(&self, sink: &Sink, wanted_ru: &str, wanted_en: &str) -> Option<T> {
        let (is_ru, is_en) = match &self.value {
            Value::Text(_) | Value::Env(_) => ("текст", "text"),
            Value::Int(_) => ("целое число", "a whole number"),
            Value::Number(_) => ("дробное число", "a number with a fraction"),
            Value::Flag(_) => ("true/false", "true/false"),
            Value::Date(_) => ("дата", "a date"),
            Value::Moment(_) => ("время", "a time"),
            Value::List(_) => ("список", "a list"),
            Value::Table(_) => ("таблица", "a table"),
        };
        sink.unreadable(
            self.at.clone(),
            Text::new(
                format!("здесь нужно: {wanted_ru}, а указано: {is_ru}"),
                format!("{wanted_en} is needed here, this is {is_en}"),
            ),
        );
        None
    }

    /// A text; empty is a text too.
    pub fn text(&self, sink: &Sink) -> Option<String> {
        match &self.value {
            Value::Text(text) | Value::Env(text) => Some(text.clone()),
            _ => self.wrong(sink, "текст в кавычках", "text in quotes"),
        }
    }

    /// A list of texts; from the environment: separated by commas.
    pub fn texts(&self, sink: &Sink) -> Vec<(String, Spot)> {
        match &self.value {
            Value::List(items) => items
                .iter()
                .filter_map(|item| item.text(sink).map(|text| (text.trim().to_owned(), item.at.clone())))
                .collect(),
            Value::Env(list) => list
                .split(',')
                .map(|text| (text.trim().to_owned(), self.at.clone()))
                .filter(|(text, _)| !text.is_empty())
                .collect(),
            _ => self.wrong(sink, "список в квадратных скобках", "a list in square brackets").unwrap_or_default(),
        }
    }

    /// A whole number.
    pub fn int(&self, sink: &Sink) -> Option<i64> {
        match &self.value {
            Value::Int(number) => Some(*number),
            Value::Env(text) if text.trim().parse::<i64>().is_ok() => text.trim().parse().ok(),
            _ => self.wrong(sink, "целое число", "a whole number"),
        }
    }

    /// true or false.
    pub fn flag(&self, sink: &Sink) -> Option<bool> {
        match &self.value {
            Value::Flag(flag) => Some(*flag),
            Value::Env(text) if text.trim().parse::<bool>().is_ok() => text.trim().parse().ok(),
            _ => self.wrong(sink, "true или false", "true or false"),
        }
    }

    /// A date, bare or in quotes, `2026-11-20` or `20.11.2026`.
    pub fn date(&self, sink: &Sink) -> Option<NaiveDate> {
        match &self.value {
            Value::Date(date) => Some(*date),
            Value::Text(text) if parse_date(text).is_some() => parse_date(text),
            _ => self.wrong(sink, "дата вида 2026-11-20", "a date like 2026-11-20"),
        }
    }

    /// A table.
    pub fn table(&self, sink: &Sink) -> Option<&Table> {
        match &self.value {
            Value::Table(table) => Some(table),
            _ => self.wrong(sink, "таблица", "a table"),
        }
    }
}

/// `2026-11-20` or `20.11.2026`.
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    NaiveDate::parse_from_str(text, "%Y-%m-%d").or_else(|_| NaiveDate::parse_from_str(text, "%d.%m.%Y")).ok()
}
