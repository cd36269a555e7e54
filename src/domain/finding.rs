//! What the program noticed: always with its place, never an `Err`. A bad row is data.
//! Deliberately absent: stopping anything (only `gate` does) and markup.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::text::Text;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know.
    Note,
    /// Somebody should look.
    Warn,
    /// The file or the run waits for a person.
    Hold,
}

/// Where a value was read: file, sheet, row (1-based, as the spreadsheet shows it), column letter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SourceRef {
    /// Name of the file as it came.
    pub file: Arc<str>,
    /// Sheet; empty for delimited text.
    #[serde(default)]
    pub sheet: Arc<str>,
    /// 1-based row of the sheet (line of a text file); 0 = the file as a whole.
    #[serde(default)]
    pub row: u32,
    /// Column letters, such as `F`; empty = the whole row.
    #[serde(default)]
    pub column: Arc<str>,
}

/// The same where it stands, in the same order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PlaceLook<'a> {
    /// See [`SourceRef`], as the others.
    pub file: &'a str,
    /// Sheet.
    pub sheet: &'a str,
    /// Row, from 1.
    pub row: u32,
    /// Column letters.
    pub column: &'a str,
}

impl SourceRef {
    /// The same, borrowed.
    pub fn look(&self) -> PlaceLook<'_> {
        PlaceLook { file: &self.file, sheet: &self.sheet, row: self.row, column: &self.column }
    }

    /// The file as a whole.
    pub fn file(name: &str) -> Self {
        Self { file: name.into(), ..Self::default() }
    }

    /// The address as people write it: `F217`, `строка 217`-less short form `217`, or nothing.
    pub fn cell(&self) -> String {
        match (self.row, self.column.is_empty()) {
            (0, _) => String::new(),
            (row, _) => format!("{}{row}", self.column),
        }
    }

    /// `Продажи.xlsx, лист «TDSheet», F217` in either language.
    pub fn describe(&self) -> Text {
        let cell = self.cell();
        let mut text = Text::same(self.file.to_string());
        if !self.sheet.is_empty() {
            text.ru.push_str(&format!(", лист «{}»", self.sheet));
            text.en.push_str(&format!(", sheet “{}”", self.sheet));
        }
        if self.row > 0 {
            let (ru, en) = if self.column.is_empty() { (", строка ", ", row ") } else { (", ", ", ") };
            text.ru.push_str(&format!("{ru}{cell}"));
            text.en.push_str(&format!("{en}{cell}"));
        }
        text
    }
}

/// One thing noticed about the inputs or the outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable machine name, `snake_case`: `total_mismatch`, `filter_present`, …
    pub code: String,
    /// Its weight.
    pub severity: Severity,
    /// Where, if it has a place.
    pub source: Option<SourceRef>,
    /// One sentence that says what is wrong and what to do; without the place, which is shown beside it.
    pub message: Text,
}

impl Finding {
    /// A finding without a place.
    pub fn new(severity: Severity, code: &str, message: Text) -> Self {
        Self { code: code.to_owned(), severity, source: None, message }
    }

    /// The same with its place.
    pub fn at(mut self, source: SourceRef) -> Self {
        self.source = Some(source);
        self
    }

    /// Whether it asks to hold.
    pub fn holds(&self) -> bool {
        self.severity == Severity::Hold
    }
}
