//! What the parsing child tells its parent: one fact a line (JSON) while it reads, then what it knows of the table as a
//! whole, and an end with the number of lines, so that a child that stopped half-way is not taken for one that had no
//! more to say. Deliberately absent: cells; only typed facts cross the pipe.

use std::{io::Write, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{
    crm::table::CrmTable,
    interpret::Parsed,
    rule_rows::RuleRows,
    seen_column::SeenColumn,
    sink::{Collected, Sink},
    wire_record::WireRecord,
    wire_sale::{Shared, WireSale},
};
use crate::domain::{
    crm::CrmRecord,
    finding::Finding,
    inbox::{AccountingTable, DateSpan, Grain, TableKind},
    money::Money,
    regulation::signing::SignedRow,
    review::sheet::Filled,
    rule_facts::CallLeg,
    sale::{KeyMaker, PartyCard, Sale},
    text::Text,
};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line<'a> {
    Head(Box<Head>),
    #[serde(borrow)]
    Sale(Box<WireSale<'a>>),
    Card(Box<PartyCard>),
    #[serde(borrow)]
    Record(Box<WireRecord<'a>>),
    Leg(Box<CallLeg>),
    Finding(Box<Finding>),
    End(u64),
}

/// All of `Parsed` but the lists.
#[derive(Serialize, Deserialize)]
struct Head {
    kind: TableKind,
    sheet: String,
    header_rows: (u32, u32),
    columns: Vec<SeenColumn>,
    rows: u64,
    understood: Vec<Text>,
    layout: String,
    accounting: Option<AccountingHead>,
    crm: Option<CrmHead>,
    review: Option<Vec<Filled>>,
    #[serde(default)]
    signatures: Option<Vec<SignedRow>>,
    /// Without the calls, which come one by one.
    rule_rows: Option<RuleRows>,
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
    columns: Vec<SeenColumn>,
    header_score: u32,
}

/// Writes facts as they come. Names of the file and its hash are left out of the lines; the reader knows them.
pub struct Writer<W: Write> {
    out: W,
    /// The line being written.
    line: Vec<u8>,
    keys: KeyMaker,
    lines: u64,
    failed: Option<std::io::Error>,
}

impl<W: Write> Writer<W> {
    /// Writes to a pipe.
    pub fn new(out: W) -> Self {
        Self { out, line: Vec::new(), keys: KeyMaker::default(), lines: 0, failed: None }
    }

    fn put(&mut self, line: &Line<'_>) {
        if self.failed.is_some() {
            return;
        }
        self.line.clear();
        let written = serde_json::to_writer(&mut self.line, line).map_err(std::io::Error::from);
        self.line.push(b'\n');
        self.failed = written.and_then(|()| self.out.write_all(&self.line)).err();
        self.lines += 1;
    }

    /// Writes what is known of the table as a whole, and the end.
    ///
    /// # Errors
    /// The first failure of the pipe.
    pub fn finish(mut self, parsed: Parsed) -> std::io::Result<()> {
        let mut parsed = parsed;
        let legs = match &mut parsed.rule_rows {
            Some(RuleRows::Calls(legs)) => std::mem::take(legs),
            _ => Vec::new(),
        };
        let (head, records, findings) = head(parsed);
        self.put(&Line::Head(Box::new(head)));
        for mut leg in legs {
            // The reader knows the file.
            leg.place.file = Arc::default();
            leg.file_hash = String::new();
            self.put(&Line::Leg(Box::new(leg)));
        }
        for record in records {
            self.put(&Line::Record(Box::new(WireRecord::of(&record))));
        }
        for finding in findings {
            self.put(&Line::Finding(Box::new(finding)));
        }
        let lines = self.lines;
        self.put(&Line::End(lines));
        self.out.flush()?;
        self.failed.map_or(Ok(()), Err)
    }
}

impl<W: Write> Sink for Writer<W> {
    fn sale(&mut self, sale: Sale) {
        let mut keys = std::mem::take(&mut self.keys);
        self.put(&Line::Sale(Box::new(WireSale::of(&sale, &mut keys))));
        self.keys = keys;
    }

    fn card(&mut self, mut card: PartyCard) {
        card.source.file = Arc::default();
        self.put(&Line::Card(Box::new(card)));
    }
}

fn head(parsed: Parsed) -> (Head, Vec<CrmRecord>, Vec<Finding>) {
    let head = Head {
        kind: parsed.kind,
        sheet: parsed.sheet,
        header_rows: parsed.header_rows,
        columns: parsed.columns,
        rows: parsed.rows,
        understood: parsed.understood,
        layout: parsed.layout,
        review: parsed.review,
        signatures: parsed.signatures,
        rule_rows: parsed.rule_rows,
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
    (head, parsed.crm.map_or_else(Vec::new, |t| t.records), parsed.findings)
}

/// Hears of each sale as it comes.
pub type Hearer<'h> = dyn FnMut(Sale) + Send + 'h;

/// Collects lines.
pub struct Collector<'h> {
    file: Arc<str>,
    hash: String,
    shared: Shared,
    keys: KeyMaker,
    /// Who takes the sales; without, they are collected.
    hearer: Option<&'h mut Hearer<'h>>,
    collected: Collected,
    parsed: Option<Parsed>,
    lines: u64,
    ended: bool,
}

impl<'h> Collector<'h> {
    /// For the file of that name and hash.
    pub fn new(file: &str, hash: &str, hearer: Option<&'h mut Hearer<'h>>) -> Self {
        Self {
            file: file.into(),
            hash: hash.to_owned(),
            shared: Shared::default(),
            keys: KeyMaker::default(),
            hearer,
            collected: Collected::default(),
            parsed: None,
            lines: 0,
            ended: false,
        }
    }

    /// Takes one line. `Err` says that it is none of ours.
    pub fn take(&mut self, line: &[u8]) -> Result<(), serde_json::Error> {
        let line: Line<'_> = serde_json::from_slice(line)?;
        match (line, &mut self.parsed) {
            (Line::Head(head), None) => self.parsed = Some(empty(*head)),
            (Line::End(lines), Some(_)) => self.ended = lines == self.lines,
            (Line::Sale(sale), None) => {
                let sale = sale.into_sale(&self.file, &self.hash, &mut self.shared, &mut self.keys);
                match &mut self.hearer {
                    Some(hear) => hear(sale),
                    None => self.collected.sale(sale),
                }
            }
            (Line::Card(mut card), None) => {
                card.source.file = self.file.clone();
                card.source.sheet = self.shared.text(&card.source.sheet);
                card.source.column = self.shared.text(&card.source.column);
                self.collected.card(*card);
            }
            (Line::Record(record), Some(Parsed { crm: Some(table), .. })) => table.records.push(record.into_record()),
            (Line::Leg(mut leg), Some(Parsed { rule_rows: Some(RuleRows::Calls(legs)), .. })) => {
                leg.place.file = self.file.clone();
                leg.place.sheet = self.shared.text(&leg.place.sheet);
                leg.file_hash.clone_from(&self.hash);
                legs.push(*leg);
            }
            (Line::Finding(finding), Some(parsed)) => parsed.findings.push(*finding),
            _ => return Err(serde::de::Error::custom("a line out of order")),
        }
        self.lines += 1;
        Ok(())
    }

    /// Everything, if the end was seen and nothing is missing.
    pub fn finish(self) -> Option<Parsed> {
        let mut parsed = self.parsed.filter(|_| self.ended)?;
        if let Some(table) = &mut parsed.accounting {
            (table.sales, table.cards) = self.collected.in_order();
        }
        Some(parsed)
    }
}

fn empty(head: Head) -> Parsed {
    Parsed {
        kind: head.kind,
        sheet: head.sheet,
        header_rows: head.header_rows,
        columns: head.columns,
        rows: head.rows,
        understood: head.understood,
        layout: head.layout,
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
        review: head.review,
        signatures: head.signatures,
        rule_rows: head.rule_rows,
        findings: Vec::new(),
    }
}
