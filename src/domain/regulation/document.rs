//! The tree of a document: sections, numbered clauses, blocks. Deliberately absent: what it says, and markup.

use serde::Serialize;

use crate::domain::text::Text;

/// A document to be approved and signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Document {
    /// Name of the company.
    pub company: String,
    /// Title.
    pub title: Text,
    /// Lines of approval, to be filled in by hand.
    pub approval: Vec<Text>,
    /// Facts above the text, such as the version.
    pub facts: Vec<(Text, Text)>,
    /// Sections in order.
    pub sections: Vec<Section>,
    /// The sheet to be signed.
    pub sheet: Table,
}

/// A section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Section {
    /// `4`.
    pub number: u32,
    /// Title.
    pub title: Text,
    /// Clauses in order.
    pub clauses: Vec<Clause>,
}

impl Section {
    /// A section of clauses, numbered in their order.
    pub(super) fn new(number: u32, title: Text, clauses: Vec<Clause>) -> Self {
        let numbered = (1..).zip(clauses).map(|(at, clause)| Clause { number: format!("{number}.{at}"), ..clause });
        Self { number, title, clauses: numbered.collect() }
    }
}

/// A clause.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Clause {
    /// `4.1`.
    pub number: String,
    /// Id of the rule it says, if it says one.
    pub rule: Option<String>,
    /// Title; empty for clauses of one sentence.
    pub title: Text,
    /// What it says.
    pub blocks: Vec<Block>,
}

impl Clause {
    /// A clause of one paragraph.
    pub(super) fn says(text: Text) -> Self {
        Self { blocks: vec![Block::Paragraph(text)], ..Self::default() }
    }

    /// A clause with a title.
    pub(super) fn titled(title: Text, blocks: Vec<Block>) -> Self {
        Self { title, blocks, ..Self::default() }
    }
}

/// A piece of a clause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// Sentences.
    Paragraph(Text),
    /// Items.
    List(Vec<Text>),
    /// How it is computed.
    Formula(Text),
    /// A table.
    Table(Table),
    /// A worked example.
    Example(Text),
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Table {
    /// Title; may be empty.
    pub title: Text,
    /// Headers.
    pub columns: Vec<Text>,
    /// Rows.
    pub rows: Vec<Vec<Text>>,
}
