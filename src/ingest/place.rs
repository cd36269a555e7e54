//! Addresses and findings of one sheet while it is read. A column of ten thousand bad cells is one problem, not ten
//! thousand lines of mail: findings of one code are listed up to a limit and then counted. Deliberately absent: what the
//! findings lead to.

use std::{collections::BTreeMap, sync::Arc};

use super::raw::column_letters;
use crate::domain::{
    finding::{Finding, Severity, SourceRef},
    text::Text,
};

/// How many findings of one code are listed.
const LISTED: usize = 10;

/// In `Origins::columns`: the column that the row itself remembers.
pub const OWN: usize = usize::MAX;

/// Where the rows and columns of a sheet laid out anew stood in the file.
#[derive(Clone, Debug, Default)]
pub struct Origins {
    /// For each row of the new sheet (its number is the index + 1): row in the file, and the column of its amount where
    /// one row of the file became several.
    pub rows: Vec<(u32, Option<usize>)>,
    /// Columns of the new sheet that stood elsewhere.
    pub columns: BTreeMap<usize, usize>,
}

/// A sheet of a file.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// Name of the file.
    pub file: Arc<str>,
    /// Name of the sheet; empty for text.
    pub sheet: Arc<str>,
    /// The absent column, shared by a million rows.
    none: Arc<str>,
    origins: Option<Arc<Origins>>,
}

impl Place {
    /// The sheet of the file.
    pub fn new(file: &str, sheet: &str) -> Self {
        Self { file: file.into(), sheet: sheet.into(), none: Arc::default(), origins: None }
    }

    /// The same sheet laid out anew.
    pub fn laid_out(&self, origins: Origins) -> Self {
        Self { origins: Some(Arc::new(origins)), ..self.clone() }
    }

    /// The row of the file for a row of the sheet.
    pub fn shown(&self, row: u32) -> u32 {
        self.origin(row).map_or(row, |(shown, _)| shown)
    }

    /// The column of the file for a column of the sheet.
    pub fn original_column(&self, column: usize) -> usize {
        self.origins.as_ref().and_then(|o| o.columns.get(&column)).copied().unwrap_or(column)
    }

    /// The column of a row's amount, where one row of the file became several.
    pub fn origin_column(&self, row: u32) -> Option<usize> {
        self.origin(row).and_then(|(_, column)| column)
    }

    fn origin(&self, row: u32) -> Option<(u32, Option<usize>)> {
        self.origins.as_ref()?.rows.get((row as usize).checked_sub(1)?).copied()
    }

    /// The sheet as a whole.
    pub fn whole(&self) -> SourceRef {
        SourceRef { file: self.file.clone(), sheet: self.sheet.clone(), row: 0, column: self.none.clone() }
    }

    /// A row; the very cell where one row became several.
    pub fn row(&self, row: u32) -> SourceRef {
        let (shown, column) = self.origin(row).unwrap_or((row, None));
        let column = column.map_or_else(|| self.none.clone(), |column| column_letters(column).into());
        SourceRef { row: shown, column, ..self.whole() }
    }

    /// A row by its number in the file.
    pub fn shown_row(&self, row: u32) -> SourceRef {
        SourceRef { row, ..self.whole() }
    }

    /// A cell; the column is 0-based.
    pub fn cell(&self, row: u32, column: usize) -> SourceRef {
        let moved = match self.original_column(column) {
            OWN => self.origin_column(row).unwrap_or(column),
            moved => moved,
        };
        SourceRef { row: self.shown(row), column: column_letters(moved).into(), ..self.whole() }
    }
}

/// Findings in the order noticed, limited per code.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    list: Vec<Finding>,
    counts: BTreeMap<String, (usize, Severity)>,
}

impl Findings {
    /// Adds one, unless enough of its code are listed.
    pub fn push(&mut self, finding: Finding) {
        let (count, severity) = self.counts.entry(finding.code.clone()).or_insert((0, finding.severity));
        *count += 1;
        *severity = finding.severity.max(*severity);
        if *count <= LISTED {
            self.list.push(finding);
        }
    }

    /// Adds a hold with its place.
    pub fn hold(&mut self, code: &str, at: SourceRef, ru: impl Into<String>, en: impl Into<String>) {
        self.push(Finding::new(Severity::Hold, code, Text::new(ru, en)).at(at));
    }

    /// Adds a warning with its place.
    pub fn warn(&mut self, code: &str, at: SourceRef, ru: impl Into<String>, en: impl Into<String>) {
        self.push(Finding::new(Severity::Warn, code, Text::new(ru, en)).at(at));
    }

    /// Adds a note with its place.
    pub fn note(&mut self, code: &str, at: SourceRef, ru: impl Into<String>, en: impl Into<String>) {
        self.push(Finding::new(Severity::Note, code, Text::new(ru, en)).at(at));
    }

    /// Whether one of that code was noticed.
    pub fn has(&self, code: &str) -> bool {
        self.counts.contains_key(code)
    }

    /// Whether one of them holds.
    pub fn holds(&self) -> bool {
        self.counts.values().any(|(_, severity)| *severity == Severity::Hold)
    }

    /// Adds the findings of another sheet.
    pub fn extend(&mut self, others: impl IntoIterator<Item = Finding>) {
        for finding in others {
            self.push(finding);
        }
    }

    /// The list; behind the last of a code that was cut stands how many more there are.
    pub fn finish(self) -> Vec<Finding> {
        let mut list = self.list;
        for (code, (count, severity)) in self.counts {
            let Some(last) = list.iter().rposition(|f| f.code == code).filter(|_| count > LISTED) else { continue };
            let more = count - LISTED;
            let text = Text::new(
                format!("таких мест ещё {more}; показаны первые {LISTED}"),
                format!("there are {more} more places like this; the first {LISTED} are shown"),
            );
            list.insert(last + 1, Finding::new(severity, &code, text));
        }
        list
    }
}
