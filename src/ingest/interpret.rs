//! Cells become facts: which sheet is meant, what it is, and what it says. A file that is not certainly what is wanted
//! is refused in words. Deliberately absent: containers (`read`), the child process (`sandbox`), the gate.

use serde::{Deserialize, Serialize};

use super::{
    accounting,
    choose::{self, Choice},
    crm::table::{CrmTable, CrmTableSettings},
    layout::Layout,
    payroll,
    place::{Findings, Place},
    raw::RawWorkbook,
    review,
    rule_rows::{self, RuleRows},
    seen_column::SeenColumn,
    signatures,
    sink::{Collected, Sink},
};
use crate::domain::{
    finding::Finding,
    inbox::{AccountingTable, TableKind},
    regulation::signing::SignedRow,
    review::sheet::Filled,
    text::Text,
};

/// What a file is expected to hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Want {
    /// Sales or counterparties.
    Accounting,
    /// Records of a CRM.
    Crm,
    /// A review workbook that a person filled in.
    Review,
    /// Signatures under the regulation.
    Signatures,
    /// Calls of telephony.
    Calls,
    /// Sales plans.
    Plans,
    /// A filled workbook of deals.
    Deals,
    /// Votes of a jury.
    Votes,
    /// A payroll file that finance answered.
    Payroll,
    /// Whatever it is.
    #[default]
    Any,
}

/// How a file is to be understood.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ParseRequest {
    /// Name of the file as it came, for addresses; empty = the name of the path.
    pub file_name: String,
    /// SHA-256 (hex) of the bytes; filled by whoever reads them.
    pub file_hash: String,
    /// Whether nobody asks for the hash, so that the child need not compute it.
    pub unhashed: bool,
    /// What is expected.
    pub want: Want,
    /// Base currency as a code; empty = the most frequent currency of the file.
    pub base_currency: String,
    /// Other spellings of the base currency.
    pub currency_aliases: Vec<String>,
    /// Fields of «Отбор» that do not narrow the data.
    pub harmless_filters: Vec<String>,
    /// How CRM tables are understood; `None` = they are not looked for.
    pub crm: Option<CrmTableSettings>,
    /// Zone of the times of calls.
    pub tz: Option<chrono_tz::Tz>,
    /// The company's own layouts, tried before those of the program.
    pub layouts: Vec<Layout>,
    /// Name of the only sheet to read; empty = whichever fits.
    pub sheet: String,
}

/// A file, understood or refused. `findings` is everything that was noticed; the lists of the same name inside
/// `accounting` and `crm` are empty, so that nothing is said twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// What it holds.
    pub kind: TableKind,
    /// Name of the sheet that was read; empty for text.
    pub sheet: String,
    /// First and last row of the header, 1-based; zeros when there is none.
    pub header_rows: (u32, u32),
    /// Every recognised column, from left to right.
    pub columns: Vec<SeenColumn>,
    /// Documents, cards or records.
    pub rows: u64,
    /// How the table was understood, in sentences.
    pub understood: Vec<Text>,
    /// The same as a layout to be saved (TOML); empty when there is nothing to save.
    pub layout: String,
    /// Sales or counterparties.
    pub accounting: Option<AccountingTable>,
    /// CRM records.
    pub crm: Option<CrmTable>,
    /// Rows of a review workbook, or of an answered payroll file.
    pub review: Option<Vec<Filled>>,
    /// Rows of signatures.
    pub signatures: Option<Vec<SignedRow>>,
    /// Calls, plans, answers on deals, votes.
    pub rule_rows: Option<RuleRows>,
    /// Everything that was noticed.
    pub findings: Vec<Finding>,
}

impl Parsed {
    /// A file that yields nothing, with the reasons.
    pub fn refused(findings: Vec<Finding>) -> Self {
        Self {
            kind: TableKind::Unknown,
            sheet: String::new(),
            header_rows: (0, 0),
            columns: Vec::new(),
            rows: 0,
            understood: Vec::new(),
            layout: String::new(),
            accounting: None,
            crm: None,
            review: None,
            signatures: None,
            rule_rows: None,
            findings,
        }
    }

    /// Whether somebody has to look before it is used.
    pub fn holds(&self) -> bool {
        self.findings.iter().any(Finding::holds)
    }
}

/// Understands a workbook. Reading it twice gives the same.
pub fn interpret(book: &RawWorkbook, request: &ParseRequest) -> Parsed {
    let mut collected = Collected::default();
    let mut parsed = interpret_into(book, request, &mut collected);
    if let Some(table) = &mut parsed.accounting {
        (table.sales, table.cards) = collected.in_order();
    }
    parsed
}

/// The same, with sales and cards handed on one by one as they are complete (`Collected::in_order` puts them into the
/// order of the file); the lists in `Parsed` stay empty.
pub fn interpret_into(book: &RawWorkbook, request: &ParseRequest, sink: &mut dyn Sink) -> Parsed {
    if request.want == Want::Payroll {
        return payroll::answered(book);
    }
    if let Some(answer) = rule_rows::read(book, request).or_else(|| as_review(book, request)) {
        return answer;
    }
    if request.want == Want::Signatures {
        return signed(book);
    }
    let mut findings = Findings::default();
    let hidden: Vec<&str> =
        book.sheets.iter().filter(|s| s.hidden && !s.rows.is_empty()).map(|s| s.name.as_str()).collect();
    if !hidden.is_empty() {
        findings.note(
            "hidden_sheets",
            Place::new(&book.file, "").whole(),
            format!("скрытые листы не читаются: {}", hidden.join(", ")),
            format!("hidden sheets are not read: {}", hidden.join(", ")),
        );
    }
    let mut parsed = match choose::choose(book, request, &mut findings) {
        Choice::Accounting(chosen) => accounting::read(book, &chosen, request, sink, &mut findings),
        Choice::Crm(sheet, table) => crm(&sheet, *table, &mut findings),
        Choice::Nothing(near) => Parsed {
            columns: near.columns,
            sheet: near.sheet,
            kind: near.kind,
            header_rows: near.header_rows,
            layout: near.draft,
            ..Parsed::refused(Vec::new())
        },
    };
    parsed.findings = findings.finish();
    parsed
}

/// A review workbook is told by its mark before anything else, and read only where it is wanted.
fn as_review(book: &RawWorkbook, request: &ParseRequest) -> Option<Parsed> {
    let wanted = request.want == Want::Review;
    let Some(found) = review::find(book) else {
        return wanted.then(|| Parsed::refused(vec![review::not_a_review(&book.file)]));
    };
    if !wanted {
        return Some(Parsed::refused(vec![review::in_a_folder(&book.file)]));
    }
    if !found.missing.is_empty() {
        return Some(Parsed::refused(vec![review::without_columns(&book.file, &found.missing)]));
    }
    Some(Parsed {
        sheet: found.sheet,
        header_rows: (found.header_row, found.header_row),
        rows: found.rows.len() as u64,
        review: Some(found.rows),
        ..Parsed::refused(Vec::new())
    })
}

/// A table of signatures is read only where it is wanted.
fn signed(book: &RawWorkbook) -> Parsed {
    let Some(found) = signatures::find(book) else {
        return Parsed::refused(vec![signatures::not_signatures(&book.file)]);
    };
    Parsed {
        sheet: found.sheet,
        header_rows: (found.header_row, found.header_row),
        rows: found.rows.len() as u64,
        signatures: Some(found.rows),
        ..Parsed::refused(Vec::new())
    }
}

fn crm(sheet: &str, mut table: CrmTable, findings: &mut Findings) -> Parsed {
    findings.extend(std::mem::take(&mut table.findings));
    Parsed {
        kind: table.kind,
        sheet: sheet.to_owned(),
        header_rows: (table.header_row, table.header_row),
        columns: table.columns.clone(),
        rows: table.records.len() as u64,
        crm: Some(table),
        ..Parsed::refused(Vec::new())
    }
}
