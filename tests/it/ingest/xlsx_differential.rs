//! Our reader of .xlsx against calamine: over every real workbook, over workbooks of a writer that is not our mirror,
//! and over mutated ones, both give the same cells at the same addresses, or ours says that it is not sure. Deliberately
//! absent: what only ours tells (levels, indents, merged ranges; see `xlsx_reading`).

use std::{
    fs,
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};

use calamine::{Reader, Xlsx};
use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, Formula, Workbook};
use sverka::ingest::{
    raw::{RawCell, RawSheet},
    read::ReadLimits,
    workbook, xlsx,
    zip_guard::{self, ZipKind},
};

use super::{skipped, xlsx_reading::rewritten};

/// Cells with their addresses, in words that compare NaN and negative zero too.
fn cells(sheets: &[RawSheet]) -> Vec<String> {
    let mut all = Vec::new();
    for sheet in sheets {
        all.push(format!("[{}] {} {}", sheet.name, sheet.hidden, sheet.epoch_1904));
        for row in sheet.rows() {
            for (column, cell) in row.cells().enumerate().filter(|(_, cell)| *cell != RawCell::Empty) {
                let place = format!("{}!{}:{column}", sheet.name, row.number);
                all.push(match cell {
                    RawCell::Number(number) => format!("{place} {:016x} {number}", number.to_bits()),
                    other => format!("{place} {other:?}"),
                });
            }
        }
    }
    all
}

/// What became of one comparison.
#[derive(Debug, PartialEq)]
pub enum Outcome {
    /// Both read the same.
    Same,
    /// Ours leaves it to calamine.
    NotSure,
    /// calamine refuses it or panics.
    OnlyOurs,
    /// The first difference.
    Different(String),
}

/// Reads with both; ours must not panic.
pub fn compare(bytes: &[u8]) -> Outcome {
    let limits = ReadLimits { max_cells: 3_000_000, ..ReadLimits::default() };
    let Ok(ours) = xlsx::read(bytes, &limits) else { return Outcome::NotSure };
    let Some(ours) = ours else { return Outcome::NotSure };
    // calamine may panic on a damaged file (its dimension, for one): then there is nothing to compare with.
    let theirs = catch_unwind(AssertUnwindSafe(|| workbook::read_xlsx(bytes, &limits)));
    let Ok(Ok(theirs)) = theirs else { return Outcome::OnlyOurs };
    if let Ok(Some(merged)) = catch_unwind(AssertUnwindSafe(|| merged(bytes)))
        && merged.len() < 100_000
    {
        let ranges = ours.iter().flat_map(|sheet| &sheet.merges);
        let ranges: Vec<_> = ranges.map(|m| (m.top - 1, m.left as u32, m.bottom - 1, m.right as u32)).collect();
        if ranges != merged {
            return Outcome::Different(format!("merged ranges: ours {ranges:?}, calamine {merged:?}"));
        }
    }
    let (ours, theirs) = (cells(&ours), cells(&theirs));
    if ours == theirs {
        return Outcome::Same;
    }
    let at = ours.iter().zip(&theirs).position(|(a, b)| a != b).unwrap_or(ours.len().min(theirs.len()));
    Outcome::Different(format!("ours {:?}, calamine {:?}", ours.get(at), theirs.get(at)))
}

/// Merged ranges of all worksheets through calamine.
fn merged(bytes: &[u8]) -> Option<Vec<(u32, u32, u32, u32)>> {
    let mut book = Xlsx::new(Cursor::new(bytes)).ok()?;
    let mut all = Vec::new();
    let sheets: Vec<_> =
        book.sheets_metadata().iter().filter(|s| s.typ == calamine::SheetType::WorkSheet).cloned().collect();
    for sheet in sheets {
        let ranges = book.merge_cells_by_sheet_name(&sheet.name).ok()?;
        all.extend(ranges.iter().map(|d| (d.start.0, d.start.1, d.end.0, d.end.1)));
    }
    Some(all)
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "how many were compared")]
fn every_real_workbook_reads_the_same() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let mut paths = Vec::new();
    files(&folder, &mut paths);
    if paths.is_empty() {
        return skipped("../shared/data");
    }
    paths.sort();
    let (mut same, mut not_sure, mut only_ours, mut different) = (0, Vec::new(), Vec::new(), Vec::new());
    for path in paths {
        let Ok(bytes) = fs::read(&path) else { continue };
        if !bytes.starts_with(b"PK") || zip_guard::check(&bytes, &ReadLimits::default()) != Ok(ZipKind::Xlsx) {
            continue;
        }
        let name = path.strip_prefix(&folder).unwrap_or(&path).display().to_string();
        match compare(&bytes) {
            Outcome::Same => same += 1,
            Outcome::NotSure => not_sure.push(name),
            Outcome::OnlyOurs => only_ours.push(name),
            Outcome::Different(how) => different.push(format!("{name}: {how}")),
        }
    }
    println!("{same} the same; not sure: {not_sure:#?}; calamine refuses: {only_ours:#?}");
    assert_eq!(different, Vec::<String>::new());
    assert!(same > 100, "{same}");
}

/// A workbook of a writer that is not our mirror: every kind of cell, on sheets of every state.
fn written() -> Vec<u8> {
    let mut book = Workbook::new();
    let day = Format::new().set_num_format("dd.mm.yyyy hh:mm");
    let deep = Format::new().set_align(FormatAlign::Left).set_indent(3);
    for (index, name) in ["Продажи & «итоги»", "Скрытый", "Пустой", "TDSheet"].iter().enumerate()
    {
        let sheet = book.add_worksheet();
        let mut fill = || -> Result<(), rust_xlsxwriter::XlsxError> {
            sheet.set_name(*name)?.set_hidden(index == 1);
            if index == 2 {
                return Ok(());
            }
            sheet.merge_range(0, 0, 0, 4, "Продажи за ноябрь <2026> & \"всё\"", &Format::new())?;
            for row in 1..40_u32 {
                sheet.write_with_format(row, 0, format!("Покупатель {}", row % 7), &deep)?;
                sheet.write(row, 1, f64::from(row) * 1234.567 - 20_000.0)?;
                sheet.write(
                    row,
                    2,
                    ["", "  с краями  ", "строка\nвторая", "_x000D_ как есть", "a\tb\rc", "Ёж 🦔"][row as usize % 6],
                )?;
                sheet.write(row, 3, row % 2 == 0)?;
                sheet.write_formula(
                    row,
                    5,
                    Formula::new(format!("B{}*2", row + 1)).set_result(format!("{}", row * 2)),
                )?;
                sheet.write_formula(row, 6, Formula::new("\"т\"&A1").set_result("текст"))?;
                sheet.write_formula(row, 7, Formula::new("1/0").set_result("#DIV/0!"))?;
                sheet.write_formula(row, 8, Formula::new("NOW()").set_result(""))?;
                sheet.write_with_format(
                    row,
                    16_383,
                    &ExcelDateTime::from_ymd(2026, 11, (row % 28 + 1) as u8)?,
                    &day,
                )?;
            }
            sheet.group_rows(5, 20)?;
            sheet.set_row_hidden(7)?;
            sheet.write(1_048_575, 1, 1e-7)?;
            sheet.merge_range(50, 2, 60, 3, "", &Format::new())?;
            Ok(())
        };
        fill().expect("a sheet");
    }
    book.save_to_buffer().expect("a workbook")
}

#[test]
fn a_workbook_of_another_writer_reads_the_same() {
    let bytes = written();
    assert_eq!(compare(&bytes), Outcome::Same);
    let old_mac = rewritten(&bytes, |name, text| {
        let text =
            if name == "xl/workbook.xml" { text.replace("<workbookPr ", "<workbookPr date1904=\"1\" ") } else { text };
        (name.to_owned(), text)
    });
    let sheets = xlsx::read(&old_mac, &ReadLimits::default()).expect("not refused").expect("sure");
    assert_eq!(
        sheets.iter().map(|s| (s.hidden, s.epoch_1904)).collect::<Vec<_>>(),
        [false, true, false, false].map(|h| (h, true))
    );
    assert_eq!(compare(&old_mac), Outcome::Same);
}

#[test]
fn other_spellings_of_a_package_read_the_same() {
    let bytes = written();
    let backslashes = rewritten(&bytes, |name, text| (name.replace('/', "\\"), text));
    let capitals = rewritten(&bytes, |name, text| (name.replace("sharedStrings", "SharedStrings"), text));
    let marks = rewritten(&bytes, |name, text| (name.to_owned(), format!("\u{feff}{text}")));
    let absolute = rewritten(&bytes, |name, text| {
        (name.to_owned(), text.replace("Target=\"worksheets", "Target=\"/xl/worksheets"))
    });
    let windows = rewritten(&bytes, |name, text| (name.to_owned(), text.replace('\n', "\r\n")));
    for (what, bytes) in [
        ("backslashes", backslashes),
        ("capitals", capitals),
        ("marks", marks),
        ("absolute", absolute),
        ("windows", windows),
    ] {
        assert_eq!(compare(&bytes), Outcome::Same, "{what}");
    }
    let without_styles = rewritten(&bytes, |name, text| (name.replace("styles", "other"), text));
    let sheets = xlsx::read(&without_styles, &ReadLimits::default()).expect("not refused").expect("sure");
    assert!(sheets[0].rows().all(|row| row.style.indent.is_none()));
}
