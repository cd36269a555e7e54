//! The language of layouts: what one kind of report looks like, as data (`config/layouts/*.toml`, embedded; a company's
//! own lie in its `layouts` folder). Columns are found by header names, never by place; rows may be a plain list or
//! groups in groups; which rows count is said by conditions on their cells. Deliberately absent: cells (`header` and
//! `shape` read a sheet by a layout), and code for a single report.

mod builtin;
mod check;
mod folder;
pub mod pattern;
mod save;

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::value::key;
use crate::domain::{inbox::TableKind, text::Text};

pub use builtin::{ACCOUNT_REPORTS, counterparties, reports, sales};
pub use check::{COLUMN_ROLES, LEVEL_ROLES, LayoutProblem, parse};
pub use folder::of_folder;
pub use save::{Draft, toml};

/// What one kind of report looks like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// Short name, unique among layouts.
    pub name: String,
    /// What people call the report.
    pub called: Called,
    /// Kind of the table.
    pub kind: TableKind,
    /// Roles that must be there, as columns or as levels of groups; `a|b` = one of them.
    pub required: Vec<String>,
    /// What is enough when the rows are turnovers of the printed period and no documents; empty = documents only.
    #[serde(default)]
    pub turnovers: Vec<String>,
    /// Words of a sheet's name or title that point to this kind; `*` stands for anything between.
    pub named: Vec<String>,
    /// Whether the layout is tried only where such words stand.
    #[serde(default)]
    pub only_if_named: bool,
    /// Whether every column must be found: a saved layout fits the very report it was saved from.
    #[serde(default)]
    pub whole: bool,
    /// Headers that say it is another kind of list.
    #[serde(default)]
    pub foreign: Vec<String>,
    /// Columns, in the order in which they claim headers.
    #[serde(rename = "column", default)]
    pub columns: Vec<Column>,
    /// Captions of levels that are no column of their own: goods, contracts, accounts.
    #[serde(rename = "level", default)]
    pub captions: Vec<Level>,
    /// Roles of the levels of groups from the outermost in; empty = told by captions and content.
    #[serde(default)]
    pub levels: Vec<String>,
    /// What tells the levels; `auto` = outline, else columns, else indent, else sums.
    #[serde(default)]
    pub levels_from: LevelsFrom,
    /// Roles whose empty cells continue the row above.
    #[serde(default)]
    pub fill_down: Vec<String>,
    /// Physical rows a record.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub rows_per_record: u8,
    /// Conditions that a row must meet to count; all rows are still proven by the totals.
    #[serde(rename = "keep", default)]
    pub keep: Vec<Condition>,
    /// A row that meets one of these does not count, with the reason.
    #[serde(rename = "leave", default)]
    pub leave: Vec<Condition>,
    /// A row that meets one of these holds the file: nobody knows what it means for the sales.
    #[serde(rename = "hold", default)]
    pub hold: Vec<Condition>,
    /// Whether documents of other kinds (payments, orders) are left out instead of holding the file.
    #[serde(default)]
    pub leave_other_documents: bool,
    /// Why the report cannot be used, and which one to export instead; such a layout only names.
    #[serde(default)]
    pub refuse: Option<Called>,
    /// Words of all headers.
    #[serde(skip)]
    words: HashSet<String>,
}

/// Text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Called {
    /// Russian.
    pub ru: String,
    /// English.
    pub en: String,
}

impl From<&Called> for Text {
    fn from(called: &Called) -> Self {
        Self::new(called.ru.clone(), called.en.clone())
    }
}

/// A column: its role and the headers it is known by, best first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Role.
    pub role: String,
    /// Headers as people write them; `*` stands for anything between.
    #[serde(default)]
    pub headers: Vec<String>,
    /// Headers of the column to the left, for a column that has none of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub right_of: Vec<String>,
    /// Comparison keys of the headers.
    #[serde(skip)]
    pub keys: Vec<String>,
    /// Comparison keys of `right_of`.
    #[serde(skip)]
    pub left_keys: Vec<String>,
}

/// Captions of a level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// Role.
    pub role: String,
    /// Captions as people write them.
    pub captions: Vec<String>,
    #[serde(skip)]
    keys: Vec<String>,
}

/// What tells how deep a row of a grouped report lies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LevelsFrom {
    /// The surest that the file has.
    #[default]
    Auto,
    /// The outline («+» beside the rows).
    Outline,
    /// The column in which the row's key stands.
    Columns,
    /// The indent of the key.
    Indent,
    /// Sums: a group's amount is the sum of the rows below it.
    Sums,
}

/// A condition on a cell of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Role of the cell.
    pub role: String,
    /// The cell begins with one of these.
    #[serde(default)]
    pub begins: Vec<String>,
    /// The cell is one of these.
    #[serde(default)]
    pub is: Vec<String>,
    /// The cell is filled and none of these.
    #[serde(default)]
    pub other_than: Vec<String>,
    /// What rows that meet it are, for the note about rows left out.
    #[serde(default)]
    pub called: Called,
}

impl Condition {
    /// Whether a text meets the condition.
    pub fn meets(&self, text: &str) -> bool {
        let text = key(text);
        self.begins.iter().any(|b| text.starts_with(&key(b)))
            || self.is.iter().any(|i| key(i) == text)
            || (!self.other_than.is_empty() && !text.is_empty() && self.other_than.iter().all(|o| key(o) != text))
    }
}

const fn one() -> u8 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape serde asks for")]
const fn is_one(rows: &u8) -> bool {
    *rows == 1
}

impl Layout {
    /// Header people usually give a role, for messages.
    pub fn header_of(&self, role: &str) -> &str {
        let column = self.columns.iter().find(|c| c.role == role);
        column.and_then(|c| c.headers.first()).map_or("", String::as_str)
    }

    /// Whether a word of the text is a word of some header: a quick test before a row is looked at closely.
    pub fn knows(&self, text: &str) -> bool {
        text.len() < 400 && key(text).split([' ', ',', '/', '.', '(']).any(|word| self.words.contains(word))
    }

    /// Whether a text (sheet name, title) points to this kind.
    pub fn names(&self, text: &str) -> bool {
        let text = key(text);
        self.named.iter().any(|words| pattern::contains(&text, words))
    }

    /// The role of a caption of a level: that of a column with this header, or of a level.
    pub fn level_role(&self, caption: &str) -> Option<&str> {
        let wanted = key(caption);
        let level = self.captions.iter().find(|l| l.keys.contains(&wanted)).map(|l| l.role.as_str());
        let column = || self.columns.iter().find(|c| c.keys.contains(&wanted)).map(|c| c.role.as_str());
        level.or_else(column)
    }

    /// The same layout with headers given by a person: each claims its role before all others.
    pub fn with_headers(&self, given: &[(String, String)]) -> Self {
        let mut layout = Self { name: "by-hand".to_owned(), only_if_named: false, ..self.clone() };
        for (role, header) in given.iter().rev() {
            let mut column = layout
                .columns
                .iter()
                .position(|c| c.role == *role)
                .map_or_else(|| Column { role: role.clone(), ..Column::default() }, |at| layout.columns.remove(at));
            column.headers = vec![header.clone()];
            layout.columns.insert(0, column);
        }
        layout.prepare();
        layout
    }

    /// Prepares the comparison keys, which do not travel with the layout.
    pub fn prepare(&mut self) {
        for column in &mut self.columns {
            column.keys = column.headers.iter().map(|h| key(h)).collect();
            column.left_keys = column.right_of.iter().map(|h| key(h)).collect();
        }
        for level in &mut self.captions {
            level.keys = level.captions.iter().map(|c| key(c)).collect();
        }
        let columns = self.columns.iter().flat_map(|c| c.keys.iter().chain(&c.left_keys));
        let keys = columns.chain(self.captions.iter().flat_map(|l| &l.keys));
        self.words = keys
            .flat_map(|k| k.split([' ', ',', '/', '.', '*', '(']))
            .filter(|w| w.chars().count() > 1)
            .map(str::to_owned)
            .collect();
        for word in &mut self.foreign {
            *word = key(word);
        }
        for words in &mut self.named {
            *words = key(words);
        }
    }
}
