//! What the parsing child tells its parent: one fact a frame while it reads, then what it knows of the table as a whole, and
//! an end with the number of frames, so that a child that stopped half-way is not taken for one that had no more to say.
//! A frame is its kind (one byte), its length (four, the lowest first) and the fact: sales and records, of which there are
//! hundreds of thousands, in postcard's format, everything else as JSON. Deliberately absent: cells; only typed facts cross
//! the pipe.

use std::{io::Write, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{
    crm::table::CrmTable,
    interpret::Parsed,
    rule_rows::RuleRows,
    seen_column::SeenColumn,
    sink::{Collected, Sink},
    wire_record::WireRecord,
    wire_sale::{Known, Shared, WireSale},
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

pub use super::wire_sale::Heard;

/// Kinds of frames.
const SALE: u8 = b's';
const RECORD: u8 = b'r';
const OTHER: u8 = b'j';
/// Bytes of kind and length.
const PREFIX: usize = 5;

/// What is neither a sale nor a record.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Other {
    Head(Box<Head>),
    Card(Box<PartyCard>),
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

/// Writes facts as they come. Names of the file and its hash are left out of them; the reader knows them.
pub struct Writer<W: Write> {
    out: W,
    /// The frame being written.
    frame: Vec<u8>,
    keys: KeyMaker,
    frames: u64,
    failed: Option<std::io::Error>,
}

impl<W: Write> Writer<W> {
    /// Writes to a pipe.
    pub fn new(out: W) -> Self {
        Self { out, frame: Vec::new(), keys: KeyMaker::default(), frames: 0, failed: None }
    }

    fn put(&mut self, kind: u8, fill: impl FnOnce(Vec<u8>) -> std::io::Result<Vec<u8>>) {
        if self.failed.is_some() {
            return;
        }
        let mut frame = std::mem::take(&mut self.frame);
        frame.clear();
        frame.extend([kind, 0, 0, 0, 0]);
        let written = fill(frame).and_then(|mut frame| {
            let length = u32::try_from(frame.len() - PREFIX).map_err(std::io::Error::other)?;
            if let Some(place) = frame.get_mut(1..PREFIX) {
                place.copy_from_slice(&length.to_le_bytes());
            }
            self.out.write_all(&frame)?;
            self.frame = frame;
            Ok(())
        });
        self.failed = written.err();
        self.frames += 1;
    }

    fn other(&mut self, other: &Other) {
        self.put(OTHER, |mut frame| {
            serde_json::to_writer(&mut frame, other)?;
            Ok(frame)
        });
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
        self.other(&Other::Head(Box::new(head)));
        for mut leg in legs {
            // The reader knows the file.
            leg.place.file = Arc::default();
            leg.file_hash = String::new();
            self.other(&Other::Leg(Box::new(leg)));
        }
        for record in &records {
            self.put(RECORD, |frame| packed(&WireRecord::of(record), frame));
        }
        for finding in findings {
            self.other(&Other::Finding(Box::new(finding)));
        }
        self.other(&Other::End(self.frames));
        self.out.flush()?;
        self.failed.map_or(Ok(()), Err)
    }
}

fn packed(fact: &impl Serialize, frame: Vec<u8>) -> std::io::Result<Vec<u8>> {
    postcard::to_extend(fact, frame).map_err(std::io::Error::other)
}

impl<W: Write> Sink for Writer<W> {
    fn sale(&mut self, sale: Sale) {
        let mut keys = std::mem::take(&mut self.keys);
        self.put(SALE, |frame| packed(&WireSale::of(&sale, &mut keys), frame));
        self.keys = keys;
    }

    fn card(&mut self, mut card: PartyCard) {
        card.source.file = Arc::default();
        self.other(&Other::Card(Box::new(card)));
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
pub type Hearer<'h> = dyn FnMut(&Heard<'_>) + Send + 'h;

/// Collects what the frames hold.
pub struct Collector<'h> {
    known: Known,
    /// Who takes the sales; without, they are collected.
    hearer: Option<&'h mut Hearer<'h>>,
    collected: Collected,
    parsed: Option<Parsed>,
    frames: u64,
    ended: bool,
}

/// What came is no frame of ours.
#[derive(Debug, thiserror::Error)]
#[error("no frame of a parsing child")]
pub struct Garbage;

impl<'h> Collector<'h> {
    /// For the file of that name and hash.
    pub fn new(file: &str, hash: &str, hearer: Option<&'h mut Hearer<'h>>) -> Self {
        let known =
            Known { file: file.into(), hash: hash.to_owned(), shared: Shared::default(), keys: KeyMaker::default() };
        Self { known, hearer, collected: Collected::default(), parsed: None, frames: 0, ended: false }
    }

    /// Takes the whole frames that the bytes begin with; answers how many bytes these are.
    ///
    /// # Errors
    /// When they are none of ours.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<usize, Garbage> {
        let mut used = 0;
        while let Some((kind, fact)) = bytes.get(used..).and_then(frame) {
            self.take(kind, fact)?;
            used += PREFIX + fact.len();
        }
        Ok(used)
    }

    fn take(&mut self, kind: u8, fact: &[u8]) -> Result<(), Garbage> {
        match (kind, &mut self.parsed) {
            (SALE, None) => {
                let sale: WireSale<'_> = postcard::from_bytes(fact).map_err(|_| Garbage)?;
                let sale = Heard::new(sale, &mut self.known);
                match &mut self.hearer {
                    Some(hear) => hear(&sale),
                    None => self.collected.sale(sale.into_sale()),
                }
            }
            (RECORD, Some(Parsed { crm: Some(table), .. })) => {
                let record: WireRecord<'_> = postcard::from_bytes(fact).map_err(|_| Garbage)?;
                table.records.push(record.into_record());
            }
            (OTHER, _) => self.take_other(serde_json::from_slice(fact).map_err(|_| Garbage)?)?,
            _ => return Err(Garbage),
        }
        self.frames += 1;
        Ok(())
    }

    fn take_other(&mut self, other: Other) -> Result<(), Garbage> {
        let Known { file, hash, shared, .. } = &mut self.known;
        match (other, &mut self.parsed) {
            (Other::Head(head), None) => self.parsed = Some(empty(*head)),
            (Other::End(frames), Some(_)) => self.ended = frames == self.frames,
            (Other::Card(mut card), None) => {
                card.source.file = file.clone();
                card.source.sheet = shared.text(&card.source.sheet);
                card.source.column = shared.text(&card.source.column);
                self.collected.card(*card);
            }
            (Other::Leg(mut leg), Some(Parsed { rule_rows: Some(RuleRows::Calls(legs)), .. })) => {
                leg.place.file = file.clone();
                leg.place.sheet = shared.text(&leg.place.sheet);
                leg.file_hash.clone_from(hash);
                legs.push(*leg);
            }
            (Other::Finding(finding), Some(parsed)) => parsed.findings.push(*finding),
            _ => return Err(Garbage),
        }
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

/// Kind and fact of the frame that the bytes begin with, if it is there whole.
fn frame(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let (prefix, rest) = bytes.split_first_chunk::<PREFIX>()?;
    let [kind, length @ ..] = prefix;
    rest.get(..u32::from_le_bytes(*length) as usize).map(|fact| (*kind, fact))
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
