//! What the parsing child tells its parent: a head, one fact a line (JSON), and an end with the number of lines, so that
//! a child that stopped half-way is not taken for one that had no more to say. Deliberately absent: cells; only typed
//! facts cross the pipe.

use std::{io::Write, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{crm::table::CrmTable, interpret::Parsed};
use crate::domain::{
    crm::CrmRecord,
    finding::{Finding, SourceRef},
    inbox::{AccountingTable, DateSpan, Grain, TableKind},
    money::Money,
    sale::{PartyCard, Sale},
};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Head(Box<Head>),
    Sale(Box<Sale>),
    Card(Box<PartyCard>),
    Record(Box<CrmRecord>),
    Finding(Box<Finding>),
    End(u64),
}

/// All of `Parsed` but the lists.
#[derive(Serialize, Deserialize)]
struct Head {
    kind: TableKind,
    sheet: String,
    header_rows: (u32, u32),
    columns: Vec<(String, String)>,
    rows: u64,
    accounting: Option<AccountingHead>,
    crm: Option<CrmHead>,
}

#[derive(Serialize, Deserialize)]
struct AccountingHead {
    grain: Grain,
    period: Option<DateSpan>,
    organisation: Option<String>,
    filter: Option<String>,
    total: Option<Money>,
    printed_total: Option<Money>,
}

#[derive(Serialize, Deserialize)]
struct CrmHead {
    kind: TableKind,
    header_row: u32,
    columns: Vec<(String, String)>,
    header_score: u32,
}

/// Writes everything. Names of the file and its hash are left out of the lines; the reader knows them.
pub fn write(parsed: Parsed, out: &mut impl Write) -> std::io::Result<()> {
    let head = Head {
        kind: parsed.kind,
        sheet: parsed.sheet,
        header_rows: parsed.header_rows,
        columns: parsed.columns,
        rows: parsed.rows,
        accounting: parsed.accounting.as_ref().map(|t| AccountingHead {
            grain: t.grain,
            period: t.period,
            organisation: t.organisation.clone(),
            filter: t.filter.clone(),
            total: t.total,
            printed_total: t.printed_total,
        }),
        crm: parsed.crm.as_ref().map(|t| CrmHead {
            kind: t.kind,
            header_row: t.header_row,
            columns: t.columns.clone(),
            header_score: t.header_score,
        }),
    };
    let count = |n: usize| n as u64;
    let facts = parsed.accounting.as_ref().map_or(0, |t| count(t.sales.len() + t.cards.len()));
    let records = parsed.crm.as_ref().map_or(0, |t| count(t.records.len()));
    let lines = 1 + facts + records + count(parsed.findings.len());
    let mut put = |line: &Line| -> std::io::Result<()> {
        serde_json::to_writer(&mut *out, line)?;
        out.write_all(b"\n")
    };
    let without_file = |source: &mut SourceRef| source.file = Arc::default();
    put(&Line::Head(Box::new(head)))?;
    if let Some(table) = parsed.accounting {
        for mut sale in table.sales {
            without_file(&mut sale.source);
            sale.file_hash.clear();
            put(&Line::Sale(Box::new(sale)))?;
        }
        for mut card in table.cards {
            without_file(&mut card.source);
            put(&Line::Card(Box::new(card)))?;
        }
    }
    for record in parsed.crm.into_iter().flat_map(|t| t.records) {
        put(&Line::Record(Box::new(record)))?;
    }
    for finding in parsed.findings {
        put(&Line::Finding(Box::new(finding)))?;
    }
    put(&Line::End(lines))
}

/// Collects lines.
pub struct Collector {
    file: Arc<str>,
    hash: String,
    sheets: Vec<Arc<str>>,
    parsed: Option<Parsed>,
    lines: u64,
    ended: bool,
}

impl Collector {
    /// For the file of that name and hash.
    pub fn new(file: &str, hash: &str) -> Self {
        Self {
            file: file.into(),
            hash: hash.to_owned(),
            sheets: vec![Arc::default()],
            parsed: None,
            lines: 0,
            ended: false,
        }
    }

    /// Takes one line. `Err` says that it is none of ours.
    pub fn take(&mut self, line: &[u8]) -> Result<(), serde_json::Error> {
        let line: Line = serde_json::from_slice(line)?;
        match (line, &mut self.parsed) {
            (Line::Head(head), None) => self.parsed = Some(empty(*head)),
            (Line::End(lines), Some(_)) => self.ended = lines == self.lines,
            (Line::Sale(mut sale), Some(Parsed { accounting: Some(table), .. })) => {
                place(&self.file, &mut self.sheets, &mut sale.source);
                sale.file_hash.clone_from(&self.hash);
                table.sales.push(*sale);
            }
            (Line::Card(mut card), Some(Parsed { accounting: Some(table), .. })) => {
                place(&self.file, &mut self.sheets, &mut card.source);
                table.cards.push(*card);
            }
            (Line::Record(record), Some(Parsed { crm: Some(table), .. })) => table.records.push(*record),
            (Line::Finding(finding), Some(parsed)) => parsed.findings.push(*finding),
            _ => return Err(serde::de::Error::custom("a line out of order")),
        }
        self.lines += 1;
        Ok(())
    }

    /// Everything, if the end was seen and nothing is missing.
    pub fn finish(self) -> Option<Parsed> {
        self.parsed.filter(|_| self.ended)
    }
}

/// Puts the file's name back, and shares it and the sheet's among all places.
fn place(file: &Arc<str>, sheets: &mut Vec<Arc<str>>, source: &mut SourceRef) {
    source.file = file.clone();
    if let Some(shared) = sheets.iter().find(|s| **s == source.sheet) {
        source.sheet = shared.clone();
    } else {
        sheets.push(source.sheet.clone());
    }
    if source.column.is_empty()
        && let Some(empty) = sheets.first()
    {
        source.column = empty.clone();
    }
}

fn empty(head: Head) -> Parsed {
    Parsed {
        kind: head.kind,
        sheet: head.sheet,
        header_rows: head.header_rows,
        columns: head.columns,
        rows: head.rows,
        accounting: head.accounting.map(|t| AccountingTable {
            grain: t.grain,
            period: t.period,
            organisation: t.organisation,
            filter: t.filter,
            total: t.total,
            printed_total: t.printed_total,
            ..AccountingTable::default()
        }),
        crm: head.crm.map(|t| CrmTable {
            kind: t.kind,
            header_row: t.header_row,
            columns: t.columns,
            header_score: t.header_score,
            records: Vec::new(),
            findings: Vec::new(),
        }),
        findings: Vec::new(),
    }
}
