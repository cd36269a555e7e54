//! Tests of ingest.

mod against;
mod biff;
mod bombs;
mod child;
mod containers;
mod dates;
mod fuzz_bodies;
mod fuzz_twin;
mod golden;
mod golden_files;
mod hostile;
mod inspect;
mod inspect_words;
mod libreoffice;
mod lists;
mod mutate;
mod mutation;
mod mutation_seeds;
mod not_sales;
mod nothing_lost;
mod old_books;
mod pages;
mod reading;
mod refusals;
mod reports;
mod same_table;
mod saved;
mod shapes;
mod spool;
mod tiny_xls;
mod unclear_lists;
mod winery;
mod wire;
mod writers;
mod xlsx_counting;
mod xlsx_differential;
mod xlsx_mutations;
mod xlsx_reading;

use std::path::{Path, PathBuf};

use sverka::{
    domain::{finding::Finding, sale::Sale},
    ingest::{ParseRequest, Parsed, Want, read::ReadLimits, sandbox::parse_bytes},
};

/// This program, as the parsing child.
pub fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_sverka"))
}

/// A real file of `../shared/data`, or nothing (with a line) where the folder is absent.
pub fn real_file(path: &str) -> Option<(PathBuf, Vec<u8>)> {
    let full = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data")).join(path);
    let bytes = std::fs::read(&full).ok();
    if bytes.is_none() {
        skipped(path);
    }
    bytes.map(|bytes| (full, bytes))
}

/// Says that a test had nothing to look at.
#[expect(clippy::print_stdout, reason = "the line of a skipped test")]
pub fn skipped(what: &str) {
    println!("skipped: {what} is not here");
}

/// How accounting files are asked for in the base currency.
pub fn request(base: &str) -> ParseRequest {
    ParseRequest {
        file_name: "Продажи.csv".to_owned(),
        want: Want::Accounting,
        base_currency: base.to_owned(),
        harmless_filters: ["Проведен", "Пометка удаления", "Организация"].map(str::to_owned).to_vec(),
        ..ParseRequest::default()
    }
}

/// Parses bytes in this process.
pub fn parse(bytes: &[u8]) -> Parsed {
    parse_bytes(bytes, &request("RUB"), &ReadLimits::default())
}

/// The documents of a parse.
pub fn sales(parsed: &Parsed) -> &[Sale] {
    parsed.accounting.as_ref().map_or(&[], |table| &table.sales)
}

/// Codes of the findings that hold, sorted.
pub fn holds(parsed: &Parsed) -> Vec<&str> {
    let mut codes: Vec<&str> = parsed.findings.iter().filter(|f| f.holds()).map(|f| f.code.as_str()).collect();
    codes.sort_unstable();
    codes
}

/// The finding of that code.
pub fn finding<'a>(parsed: &'a Parsed, code: &str) -> &'a Finding {
    let found = parsed.findings.iter().find(|f| f.code == code);
    found.unwrap_or_else(|| panic!("no {code} among {:#?}", parsed.findings))
}
