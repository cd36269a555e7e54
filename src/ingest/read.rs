//! Bytes become cells: the container is told by its content, then read by the reader that fits. Deliberately absent:
//! the meaning of cells (`interpret`) and the protection against a reader that dies (`sandbox`).

use serde::{Deserialize, Serialize};

use super::{
    container::{self, Container},
    dbf, delimited, encoding, html,
    raw::{RawSheet, RawWorkbook},
    workbook, xlsx, xml2003,
    zip_guard::{self, ZipKind},
};
use crate::domain::{
    finding::{Finding, Severity, SourceRef},
    text::Text,
};

/// How large a file may be, and what may be in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadLimits {
    /// Largest file, bytes.
    pub max_bytes: u64,
    /// Most entries of a ZIP container.
    pub max_entries: usize,
    /// Most bytes all entries of a ZIP container inflate to, declared and counted.
    pub max_inflated: u64,
    /// Most inflated bytes per packed byte; only looked at beyond 8 MiB inflated.
    pub max_ratio: u64,
    /// Most cells of all sheets together, gaps within a row included.
    pub max_cells: usize,
}

impl Default for ReadLimits {
    fn default() -> Self {
        Self {
            max_bytes: 200 << 20,
            max_entries: 2_000,
            // A million rows of sales as .xlsx inflate to 450 MiB; they are streamed, and the child's memory is limited.
            max_inflated: 640 << 20,
            max_ratio: 200,
            max_cells: 12_000_000,
        }
    }
}

/// Reads any supported file: xlsx, xlsm, xlsb, xls, ods, HTML tables, SpreadsheetML 2003, DBF, delimited text. The finding
/// of a refusal says what the file is and what to do. The file's name is for addresses only; its extension means nothing.
///
/// # Errors
/// A finding of severity hold.
#[expect(clippy::result_large_err, reason = "once a file, and the finding is the answer")]
pub fn read_bytes(file_name: &str, bytes: &[u8], limits: &ReadLimits) -> Result<RawWorkbook, Finding> {
    if bytes.len() as u64 > limits.max_bytes {
        return Err(too_large(file_name, limits.max_bytes));
    }
    let book = match container::sniff(bytes).map_err(|refusal| refusal.finding(file_name))? {
        Container::Zip => read_zip(bytes, limits),
        Container::Cfb => workbook::read_xls(bytes, limits),
        Container::Html => html::read(bytes, limits),
        Container::Xml2003 => xml2003::read(bytes, limits),
        Container::Dbf => dbf::read(bytes, limits),
        Container::Text => delimited::read(bytes, limits),
    };
    book.map(|sheets| RawWorkbook { file: file_name.to_owned(), sheets }).map_err(|refusal| refusal.finding(file_name))
}

/// Our own reader streams the parts of an xlsx within what the directory declares, which was checked: then only the parts
/// that it did not need are inflated to be counted. Whenever it is not sure, or has something against the workbook, every
/// part is counted first, so that a bomb is refused as one and nothing else ever looks into it.
fn read_zip(bytes: &[u8], limits: &ReadLimits) -> Result<Vec<RawSheet>, Refusal> {
    let mut looked = zip_guard::look(bytes, limits)?;
    if looked.kind == ZipKind::Xlsx
        && let Some((sheets, inflated)) = xlsx::read_counting(bytes, limits)
        && looked.count_beside(&inflated, limits).is_ok()
    {
        return Ok(sheets);
    }
    looked.count(limits)?;
    workbook::read_zip(looked.kind, bytes, limits)
}

/// The same for bytes that nobody needs afterwards: those of a text are let go as soon as it is decoded, for a large one
/// would else stand twice in the memory of the child.
#[expect(clippy::result_large_err, reason = "once a file, and the finding is the answer")]
pub fn read_owned(file_name: &str, bytes: Vec<u8>, limits: &ReadLimits) -> Result<RawWorkbook, Finding> {
    let is_text = bytes.len() as u64 <= limits.max_bytes && container::sniff(&bytes) == Ok(Container::Text);
    if !is_text {
        return read_bytes(file_name, &bytes, limits);
    }
    encoding::decode_owned(bytes)
        .and_then(|text| delimited::read_text(text, limits))
        .map(|sheets| RawWorkbook { file: file_name.to_owned(), sheets })
        .map_err(|refusal| refusal.finding(file_name))
}

/// The refusal of a file that is larger than allowed.
pub fn too_large(file_name: &str, max_bytes: u64) -> Finding {
    let mib = max_bytes >> 20;
    Refusal::new(
        "file_too_large",
        format!("файл больше {mib} МиБ; выгрузите меньший период или увеличьте accounting.max_file_mib"),
        format!("the file is larger than {mib} MiB; export a shorter period or raise accounting.max_file_mib"),
    )
    .finding(file_name)
}

/// Why a file cannot be read, before it is known which file it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Code of the finding.
    pub code: &'static str,
    /// What it is and what to do.
    pub message: Text,
    /// 1-based line of a text file; 0 = the whole file.
    pub row: u32,
}

impl Refusal {
    /// A refusal of the whole file.
    pub fn new(code: &'static str, ru: impl Into<String>, en: impl Into<String>) -> Self {
        Self { code, message: Text::new(ru, en), row: 0 }
    }

    /// The finding, with the file as its place.
    pub fn finding(self, file_name: &str) -> Finding {
        let place = SourceRef { row: self.row, ..SourceRef::file(file_name) };
        Finding::new(Severity::Hold, self.code, self.message).at(place)
    }
}
