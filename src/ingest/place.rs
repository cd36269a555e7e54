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

/// A sheet of a file.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// Name of the file.
    pub file: Arc<str>,
    /// Name of the sheet; empty for text.
    pub sheet: Arc<str>,
    /// The absent column, shared by a million rows.
    none: Arc<str>,
}

impl Place {
    /// The sheet of the file.
    pub fn new(file: &str, sheet: &str) -> Self {
        Self { file: file.into(), sheet: sheet.into(), none: Arc::default() }
    }

    /// The sheet as a whole.
    pub fn whole(&self) -> SourceRef {
        SourceRef { file: self.file.clone(), sheet: self.sheet.clone(), row: 0, column: self.none.clone() }
    }

    /// A row.
    pub fn row(&self, row: u32) -> SourceRef {
        SourceRef { row, ..self.whole() }
    }

    /// A cell; the column is 0-based.
    pub fn cell(&self, row: u32, column: usize) -> SourceRef {
        SourceRef { column: column_letters(column).into(), ..self.row(row) }
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
