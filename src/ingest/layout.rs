//! Layouts: what a kind of table looks like, as data (`config/layouts/*.toml`, embedded). Columns are found by header
//! names, never by place. Deliberately absent: grouped reports and crosstabs, and any layout of a company's own.

use std::{collections::HashSet, sync::OnceLock};

use serde::Deserialize;

use super::value::key;
use crate::domain::inbox::TableKind;

/// What one kind of table looks like.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// Kind of the table.
    pub kind: TableKind,
    /// Roles that must be there; `a|b` = one of them.
    pub required: Vec<String>,
    /// Words of a sheet's name or title that point to this kind.
    pub named: Vec<String>,
    /// Headers that say it is another kind of list.
    #[serde(default)]
    pub foreign: Vec<String>,
    /// Columns, in the order in which they claim headers.
    #[serde(rename = "column")]
    pub columns: Vec<Column>,
    /// Words of all headers.
    #[serde(skip)]
    words: HashSet<String>,
}

/// A column: its role and the headers it is known by, best first.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Role.
    pub role: String,
    /// Headers as people write them.
    pub headers: Vec<String>,
    /// Comparison keys of the headers.
    #[serde(skip)]
    pub keys: Vec<String>,
}

impl Layout {
    /// Lists of sales.
    pub fn sales() -> &'static Self {
        static LAYOUT: OnceLock<Layout> = OnceLock::new();
        LAYOUT.get_or_init(|| load(include_str!("../../config/layouts/sales.toml")))
    }

    /// Lists of counterparties.
    pub fn counterparties() -> &'static Self {
        static LAYOUT: OnceLock<Layout> = OnceLock::new();
        LAYOUT.get_or_init(|| load(include_str!("../../config/layouts/counterparties.toml")))
    }

    /// Header people usually give a role, for messages.
    pub fn header_of(&self, role: &str) -> &str {
        let column = self.columns.iter().find(|c| c.role == role);
        column.and_then(|c| c.headers.first()).map_or("", String::as_str)
    }

    /// Whether a word of the text is a word of some header: a quick test before a row is looked at closely.
    pub fn knows(&self, text: &str) -> bool {
        text.len() < 200 && key(text).split([' ', ',', '/', '.', '(']).any(|word| self.words.contains(word))
    }

    /// Whether a text (sheet name, title) points to this kind.
    pub fn names(&self, text: &str) -> bool {
        let text = key(text);
        self.named.iter().any(|word| text.contains(word.as_str()))
    }
}

/// The text is part of the program; a test parses it. A layout that could not be parsed would recognise nothing.
fn load(text: &str) -> Layout {
    let mut layout: Layout = toml::from_str(text).unwrap_or_else(|_| Layout {
        kind: TableKind::Unknown,
        required: vec![String::new()],
        named: Vec::new(),
        foreign: Vec::new(),
        columns: Vec::new(),
        words: HashSet::new(),
    });
    for column in &mut layout.columns {
        column.keys = column.headers.iter().map(|h| key(h)).collect();
    }
    let keys = layout.columns.iter().flat_map(|c| &c.keys);
    layout.words =
        keys.flat_map(|k| k.split([' ', ',', '/', '.'])).filter(|w| w.len() > 2).map(str::to_owned).collect();
    for word in &mut layout.foreign {
        *word = key(word);
    }
    layout
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_layouts_are_sound() {
        for (layout, kind) in
            [(Layout::sales(), TableKind::Sales), (Layout::counterparties(), TableKind::Counterparties)]
        {
            assert_eq!(layout.kind, kind);
            for role in layout.required.iter().flat_map(|r| r.split('|')) {
                assert!(layout.columns.iter().any(|c| c.role == role), "{role}");
            }
            for column in &layout.columns {
                assert!(!column.keys.is_empty() && column.keys.iter().all(|k| !k.is_empty()), "{}", column.role);
            }
        }
    }
}
