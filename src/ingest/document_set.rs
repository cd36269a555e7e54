//! Documents of a file by their identity. Rows of one document add up; contradicting rows hold the file, for one of
//! them would be lost. A document whose number stands in one row only is handed on at once, so that a million of them
//! need no memory. Deliberately absent: documents of other files (`domain::merge` compares those).

use std::{
    collections::{HashMap, HashSet},
    hash::{DefaultHasher, Hasher},
    sync::LazyLock,
};

use memchr::memmem::Finder;

use super::{
    place::Findings,
    raw::{RawCell, RawSheet},
    sink::Sink,
    value::{self, is_blank, key},
};
use crate::domain::{
    finding::SourceRef,
    money::Money,
    sale::{PartyRef, Sale, is_squeezed},
};

/// How often each document number stands in a file, if more than once.
#[derive(Clone, Debug, Default)]
pub struct Repeats {
    seen: Vec<u64>,
    repeated: HashMap<u64, u32>,
}

impl Repeats {
    /// Counts the numbers of a sheet; a row without a number counts as none.
    pub fn count(&mut self, sheet: &RawSheet, from: usize, column: Option<usize>) {
        let Some(column) = column else { return };
        self.seen.extend(sheet.rows_from(from).filter_map(|row| identity(row.cell(column))));
    }

    /// Ends the counting.
    pub fn settle(mut self) -> Self {
        self.seen.sort_unstable();
        for same in self.seen.chunk_by(|a, b| a == b).filter(|same| same.len() > 1) {
            if let Some(hash) = same.first() {
                self.repeated.insert(*hash, same.len() as u32);
            }
        }
        self.seen = Vec::new();
        self
    }
}

/// The hash of a number as it identifies a document: blanks squeezed, letters upper-cased.
pub(super) fn hash_of(number: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    if !number.is_empty() && is_squeezed(number) {
        hasher.write(number.as_bytes());
        hasher.write(b" ");
        return hasher.finish();
    }
    // The hasher works best on many bytes at once, and most numbers fit.
    let (mut bytes, mut filled) = ([0_u8; 64], 0);
    let mut write = |part: &[u8]| {
        if bytes.len() - filled < part.len() {
            hasher.write(bytes.get(..filled).unwrap_or_default());
            filled = 0;
        }
        if let Some(room) = bytes.get_mut(filled..filled + part.len()) {
            room.copy_from_slice(part);
            filled += part.len();
        }
    };
    for word in number.split_whitespace() {
        for c in word.chars() {
            match c {
                c if c.is_ascii() => write(&[c.to_ascii_uppercase() as u8]),
                c => c.to_uppercase().for_each(|upper| write(upper.encode_utf8(&mut [0; 4]).as_bytes())),
            }
        }
        write(b" ");
    }
    hasher.write(bytes.get(..filled).unwrap_or_default());
    hasher.finish()
}

/// The hash of the number in a cell; none where nothing stands.
fn identity(cell: RawCell<'_>) -> Option<u64> {
    match cell {
        RawCell::Empty => None,
        RawCell::Text(_) if value::is_empty(cell) => None,
        RawCell::Text(text) => Some(hash_of(number_in(text))),
        other => Some(hash_of(&value::text(other))),
    }
}

/// The number of a wording, found quickly: the word before the first «от» that a digit follows. It need not be the
/// document's number in every odd wording, only the same for the same number.
pub(super) fn number_in(text: &str) -> &str {
    static FROM: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("от"));
    let found = FROM.find_iter(text.as_bytes()).find_map(|at| {
        let tail = text.get(at + "от".len()..)?.trim_start_matches(is_blank);
        let head = text.get(..at)?;
        let number = value::last_word(head.trim_end_matches(is_blank)).1;
        let apart = head.ends_with(is_blank) && tail.starts_with(|c: char| c.is_ascii_digit());
        (apart && number.bytes().any(|b| b.is_ascii_digit())).then_some(number)
    });
    found.map_or_else(|| text.trim_matches(is_blank), |number| number.trim_start_matches(['№', 'N']))
}

/// Documents whose number stands in several rows, until all of them were seen.
#[derive(Debug, Default)]
struct Open {
    left: u32,
    documents: Vec<(Sale, usize)>,
}

/// Collects rows into documents and hands them on.
pub struct DocumentSet<'a> {
    sink: &'a mut dyn Sink,
    repeats: Repeats,
    open: HashMap<u64, Open>,
    /// Documents known by their content, with the sheet they stood on.
    stand_ins: HashSet<(u64, usize)>,
    sheet: usize,
    /// Documents of several rows: how many further rows, and the first of them.
    joined: (usize, Option<SourceRef>),
}

impl<'a> DocumentSet<'a> {
    /// A set that hands on to the sink.
    pub fn new(sink: &'a mut dyn Sink, repeats: Repeats) -> Self {
        Self { sink, repeats, open: HashMap::new(), stand_ins: HashSet::new(), sheet: 0, joined: (0, None) }
    }

    /// The identity of the number in a cell, as `add` asks for it; none where nothing stands. Where no number stands twice
    /// they are all the same to it.
    pub fn identity(&self, cell: RawCell<'_>) -> Option<u64> {
        if self.repeats.repeated.is_empty() { (!value::is_empty(cell)).then_some(0) } else { identity(cell) }
    }

    /// Documents that follow stand on another sheet.
    pub const fn begin_sheet(&mut self) {
        self.sheet += 1;
    }

    /// Adds a row: a new document or one more line of a known one. `identity`: of its number; none = it has none.
    /// `lines`: the rows are lines of documents, and two alike may both be meant.
    pub fn add(&mut self, sale: Sale, identity: Option<u64>, lines: bool, findings: &mut Findings) {
        let Some(hash) = identity else { return self.without_number(sale, findings) };
        let Some(rows) = self.repeats.repeated.get(&hash) else { return self.sink.sale(sale) };
        let open = self.open.entry(hash).or_insert_with(|| Open { left: *rows, documents: Vec::new() });
        open.left = open.left.saturating_sub(1);
        match open.documents.iter_mut().find(|(known, _)| known.key == sale.key) {
            Some((known, sheet)) => {
                self.joined.0 += 1;
                self.joined.1.get_or_insert_with(|| sale.source.clone());
                join(known, sale, *sheet != self.sheet, lines, findings);
            }
            None => open.documents.push((sale, self.sheet)),
        }
        if open.left == 0
            && let Some(done) = self.open.remove(&hash)
        {
            for (sale, _) in done.documents {
                self.sink.sale(sale);
            }
        }
    }

    fn without_number(&mut self, sale: Sale, findings: &mut Findings) {
        let hash = hash_of(&sale.key.0);
        if (1..self.sheet).any(|sheet| self.stand_ins.contains(&(hash, sheet))) {
            conflict(&SourceRef::default(), &sale, "лист", "sheet", findings);
            return;
        }
        if self.sheet > 1 || self.stand_ins.len() < 2_000_000 {
            self.stand_ins.insert((hash, self.sheet));
        }
        self.sink.sale(sale);
    }

    /// Hands on what is left, and says how many rows were added to documents.
    pub fn finish(self, findings: &mut Findings) {
        if let (rows, Some(first)) = &self.joined {
            findings.note(
                "rows_joined",
                first.clone(),
                format!(
                    "строк, добавленных к документам с тем же номером: {rows}; суммы сложены, первая такая строка {}",
                    first.row
                ),
                format!(
                    "rows added to documents of the same number: {rows}; their amounts are added, the first is row {}",
                    first.row
                ),
            );
        }
        let mut rest: Vec<(Sale, usize)> = self.open.into_values().flat_map(|open| open.documents).collect();
        rest.sort_by_key(|(sale, sheet)| (*sheet, sale.source.row));
        for (sale, _) in rest {
            self.sink.sale(sale);
        }
    }
}

/// Adds a line to a known document.
fn join(known: &mut Sale, sale: Sale, another_sheet: bool, lines: bool, findings: &mut Findings) {
    let difference = if another_sheet { Some(("лист", "sheet")) } else { contradiction(known, &sale) };
    if let Some((ru, en)) = difference {
        conflict(&known.source, &sale, ru, en, findings);
        return;
    }
    if known.manager.is_empty() {
        known.manager.clone_from(&sale.manager);
    } else if !sale.manager.is_empty() && key(&known.manager) != key(&sale.manager) {
        let number = &sale.number;
        findings.hold(
            "manager_conflict",
            sale.source.clone(),
            format!(
                "у строк документа {number} разные менеджеры: «{}» и «{}»; неясно, чья продажа: исправьте в учёте и выгрузите заново",
                known.manager, sale.manager
            ),
            format!(
                "lines of document {number} name two managers: “{}” and “{}”; it is unclear whose sale it is: correct it in accounting and export again",
                known.manager, sale.manager
            ),
        );
    }
    if known.party.name.chars().all(is_blank) {
        known.party = sale.party;
    }
    known.returns = known.returns.take().or(sale.returns);
    if !lines && known.amount == sale.amount && known.net == sale.net && known.manager == sale.manager {
        findings.hold(
            "rows_alike",
            sale.source.clone(),
            format!("строка повторяет строку {} того же документа {}: неясно, это две его строки или документ выгружен дважды; добавьте в выгрузку товар или оставьте одну строку", known.source.row, sale.number),
            format!("the row repeats row {} of the same document {}: it is unclear whether these are two lines or the document was exported twice; add the goods to the export or leave one row", known.source.row, sale.number),
        );
    }
    let sum = |a: Money, b: Money| a.checked_add(b);
    let optional = |a: Option<Money>, b: Option<Money>| match (a, b) {
        (Some(a), Some(b)) => sum(a, b),
        (a, b) => a.or(b),
    };
    known.amount += sale.amount;
    known.net = optional(known.net, sale.net);
    known.margin = optional(known.margin, sale.margin);
    known.bonus = optional(known.bonus, sale.bonus);
}

/// What two lines of one document disagree on.
fn contradiction(known: &Sale, line: &Sale) -> Option<(&'static str, &'static str)> {
    if known.date != line.date {
        return Some(("дата", "date"));
    }
    if known.currency != line.currency {
        return Some(("валюта", "currency"));
    }
    differ(&known.party, &line.party).then_some(("контрагент", "counterparty"))
}

fn differ(a: &PartyRef, b: &PartyRef) -> bool {
    let empty = |p: &PartyRef| p.name.chars().all(is_blank) && p.inn.is_empty() && p.code.is_empty();
    let apart = |x: &str, y: &str| !x.is_empty() && !y.is_empty() && key(x) != key(y);
    !empty(a) && !empty(b) && (apart(&a.name, &b.name) || apart(&a.inn, &b.inn) || apart(&a.code, &b.code))
}

fn conflict(first: &SourceRef, line: &Sale, ru: &str, en: &str, findings: &mut Findings) {
    let (number, known, row) = (&line.number, first.row, line.source.row);
    let sheet = if first.sheet == line.source.sheet { String::new() } else { format!(" ({})", first.sheet) };
    findings.hold(
        "document_conflict",
        line.source.clone(),
        format!("документ {number} стоит в строках {known}{sheet} и {row}, но {ru} у них разные; проверьте номера или выгрузите заново"),
        format!("document {number} stands in rows {known}{sheet} and {row} with a different {en}; check the numbers or export again"),
    );
}
