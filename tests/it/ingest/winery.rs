//! A real base of six years: 11,885 documents in two currencies, four organisations, numbers that repeat every year.

use std::collections::{BTreeMap, BTreeSet};

use sverka::{
    domain::{inbox::TableKind, money::Money, sale::Sale},
    ingest::{Parsed, read::ReadLimits, sandbox::parse_bytes},
};

use super::{holds, real_file, request, sales};

fn read(path: &str) -> Option<(Parsed, Vec<u8>)> {
    let (_, bytes) = real_file(path)?;
    Some((parse_bytes(&bytes, &request("UAH"), &ReadLimits::default()), bytes))
}

/// Number, amount in kopecks, and currency of every line, read without any of our code.
fn independent(bytes: &[u8]) -> Vec<(String, i64, String)> {
    let kopecks = |text: &str| {
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        let cents: i64 = format!("{part:0<2}").parse().expect("cents");
        if whole.is_empty() { 0 } else { whole.parse::<i64>().expect("whole") * 100 + cents }
    };
    let mut reader = csv::Reader::from_reader(bytes);
    let rows = reader.records().map(|row| row.expect("row"));
    rows.map(|row| (row[1].trim().to_owned(), kopecks(&row[3]), row[4].to_owned())).collect()
}

#[test]
fn every_document_of_six_years_is_read_once() {
    let Some((parsed, bytes)) = read("1c/sales-winery.csv") else { return };
    assert_eq!((parsed.kind, parsed.rows, holds(&parsed)), (TableKind::Sales, 11_885, vec![]));
    let sales = sales(&parsed);
    let keys: BTreeSet<&str> = sales.iter().map(|s| s.key.0.as_str()).collect();
    assert_eq!(keys.len(), 11_885, "identities are unique");

    let lines = independent(&bytes);
    let read: Vec<(String, i64, String)> = sales
        .iter()
        .map(|s| (s.number.clone(), s.amount.kopecks(), if s.currency == "UAH" { "грн" } else { "EUR" }.to_owned()))
        .collect();
    assert_eq!(read, lines, "number, amount and currency of every line, in order");

    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    for (_, amount, currency) in &lines {
        *sums.entry(currency).or_default() += amount;
    }
    let total = parsed.accounting.as_ref().and_then(|t| t.total).map(Money::kopecks);
    assert_eq!(total, sums.get("грн").copied(), "other currencies are not added");
    assert_eq!(sums["EUR"], 173_243_685);
}

#[test]
fn names_and_numbers_are_echoed_and_nobody_is_no_seller() {
    let Some((parsed, _)) = read("1c/sales-winery.csv") else { return };
    let sales = sales(&parsed);
    let names: BTreeSet<&str> = sales.iter().map(|s| s.party.name.as_str()).collect();
    assert_eq!(names.len(), 773, "spellings are kept apart, blanks and no name at all included");
    assert!(names.contains("Наша дача (Алімов,Харьков) "), "a blank at the end is echoed");
    assert_eq!(sales.iter().filter(|s| s.manager.is_empty()).count(), 513, "<Не указан> and one empty cell");
    let first = &sales[0];
    assert_eq!((first.source.row, &*first.source.file, &*first.source.sheet), (2, "Продажи.csv", ""));
    assert_eq!(first.key.0, "БЕЙКУШ ВАЙНЕРИ|БВ00-000277|2020");
}

#[test]
fn folders_of_the_list_are_no_cards() {
    let Some((parsed, _)) = read("1c/partners-winery.csv") else { return };
    assert_eq!((parsed.kind, parsed.rows, holds(&parsed)), (TableKind::Counterparties, 665, vec![]));
    let cards = &parsed.accounting.expect("a table").cards;
    assert_eq!(cards[0].party.name, " WILD FERMENT Великобритания експорт");
    assert!(cards.iter().all(|c| c.party.code == c.party.code.trim()));
    let codes: BTreeSet<&str> = cards.iter().map(|c| c.party.code.as_str()).collect();
    assert_eq!(codes.len(), 665, "every card has its own code");
}

/// The workbook holds the same 11,885 documents. It differs from the text in one way: amounts that are empty in the text
/// are zeros in the workbook. Rows stand two lower, below the title.
#[test]
fn the_workbook_of_nine_sheets_gives_the_same_sales() {
    let Some((book, _)) = read("1c/winery-nine-sheets.xlsx") else { return };
    let Some((text, _)) = read("1c/sales-winery.csv") else { return };
    assert_eq!((book.sheet.as_str(), book.header_rows, holds(&book)), ("Продажи", (3, 3), vec![]));
    let plain = |s: &Sale| Sale { source: sverka::domain::finding::SourceRef::default(), ..s.clone() };
    let (one, other) = (sales(&book), sales(&text));
    assert_eq!(one.len(), other.len());
    let differing: Vec<(&Sale, &Sale)> = one.iter().zip(other).filter(|(a, b)| plain(a) != plain(b)).collect();
    assert_eq!(differing, [], "no document differs");
    assert!(one.iter().zip(other).all(|(a, b)| a.source.row == b.source.row + 2));
    let empty = |p: &Parsed| p.findings.iter().filter(|f| f.code == "amount_empty").count();
    assert_eq!((empty(&book), empty(&text)), (0, 11), "34 empty amounts, ten listed and one line for the rest");
    assert_eq!(book.accounting.expect("a table").cards.len(), 665, "the list beside the sales is read too");
}

#[test]
fn reading_twice_is_reading_once() {
    let Some((once, bytes)) = read("1c/winery-nine-sheets.xlsx") else { return };
    assert_eq!(parse_bytes(&bytes, &request("UAH"), &ReadLimits::default()), once);
}
