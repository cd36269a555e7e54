//! What our reader of .xlsx takes from a sheet, from parts written by hand: kinds of cells, spellings of XML, levels,
//! indents, hidden rows, merged ranges; and what it leaves to calamine. Deliberately absent: comparison with calamine on
//! files (see `xlsx_differential`).

use std::io::{Cursor, Read, Write};

use sverka::ingest::{
    raw::{Merge, RawCell, RawSheet, RowStyle},
    read::ReadLimits,
    workbook::NO_VALUE,
    xlsx,
};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::xlsx_differential::{Outcome, compare};

/// A package of these parts.
fn zipped<'a>(parts: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(name, SimpleFileOptions::default()).expect("start");
        writer.write_all(bytes).expect("write");
    }
    writer.finish().expect("finish").into_inner()
}

/// The same package with names and texts of its parts changed.
pub fn rewritten(bytes: &[u8], change: impl Fn(&str, String) -> (String, String)) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("a package");
    let parts: Vec<(String, String)> = (0..archive.len())
        .map(|index| {
            let mut entry = archive.by_index(index).expect("a part");
            let (mut text, name) = (String::new(), entry.name().expect("a name").into_owned());
            entry.read_to_string(&mut text).expect("text");
            change(&name, text)
        })
        .collect();
    zipped(parts.iter().map(|(name, text)| (name.as_str(), text.as_bytes())))
}

/// A workbook of one sheet with these parts.
pub fn workbook(sheet: &[u8], strings: &[u8], styles: &[u8]) -> Vec<u8> {
    zipped([
        ("[Content_Types].xml", &b"<Types/>"[..]),
        ("_rels/.rels", b"<Relationships><Relationship Id='r' Type='a/relationships/officeDocument' Target='xl/workbook.xml'/></Relationships>"),
        ("xl/workbook.xml", b"<workbook><sheets><sheet name='A&amp;B' sheetId='1' r:id='r1'/></sheets></workbook>"),
        ("xl/_rels/workbook.xml.rels", b"<Relationships><Relationship Id='r1' Type='a/relationships/worksheet' Target='worksheets/s.xml'/></Relationships>"),
        ("xl/worksheets/s.xml", sheet),
        ("xl/sharedStrings.xml", strings),
        ("xl/styles.xml", styles),
    ])
}

const STRINGS: &str = "<sst><si><t>\u{0416}</t></si><si><r><t> a </t></r><r><t xml:space='preserve'> b </t></r><rPh><t>no</t></rPh></si>\
    <si/><si><t>x&#10;y_x000D_z\r\n&amp;<![CDATA[<&]]></t></si></sst>";
const STYLES: &str = "<styleSheet><cellStyleXfs><xf><alignment indent='9'/></xf></cellStyleXfs>\
    <cellXfs><xf/><xf><alignment horizontal='left' indent='2'/></xf></cellXfs></styleSheet>";

fn of_rows(rows: &str) -> Vec<u8> {
    workbook(
        format!("<worksheet><sheetData>{rows}</sheetData></worksheet>").as_bytes(),
        STRINGS.as_bytes(),
        STYLES.as_bytes(),
    )
}

fn read(bytes: &[u8]) -> Option<RawSheet> {
    let sheets = xlsx::read(bytes, &ReadLimits::default()).expect("not refused")?;
    Some(sheets.into_iter().next().expect("a sheet"))
}

#[test]
fn every_kind_of_cell_is_read() {
    let cells: [(&str, RawCell<'_>); 24] = [
        ("<c><v>-12.50</v></c>", RawCell::Number(-12.5)),
        ("<c t='n'><v>1E3</v></c>", RawCell::Number(1000.0)),
        ("<c t='s'><v>0</v></c>", RawCell::Text("Ж")),
        ("<c t='s'><v>1</v></c>", RawCell::Text("a b ")),
        ("<c t='s'><v>2</v></c>", RawCell::Empty),
        ("<c t='s'><v>3</v></c>", RawCell::Text("x\ny\rz\n&<&")),
        ("<c t='s'><v/></c>", RawCell::Empty),
        ("<c t='s'/>", RawCell::Empty),
        ("<c t='e'/>", RawCell::Empty),
        ("<c t='e'><v></v></c>", RawCell::Empty),
        ("<c t='e'><v>#N/A</v></c>", RawCell::Error("#N/A")),
        ("<c t='b'><v>1</v></c>", RawCell::Bool(true)),
        ("<c t='d'><v>2026-11-05T00:00:00</v></c>", RawCell::Iso("2026-11-05T00:00:00")),
        ("<c t='str'><v> a&lt;b&#x416; </v></c>", RawCell::Text(" a<bЖ ")),
        ("<c t='str'><f>A1</f><v></v></c>", RawCell::Error(NO_VALUE)),
        ("<c><f>A1&gt;1</f></c>", RawCell::Error(NO_VALUE)),
        ("<c><f t='shared' si='0'/></c>", RawCell::Error(NO_VALUE)),
        ("<c><f>A1</f><v>7</v></c>", RawCell::Number(7.0)),
        ("<c><v>7</v><f>A1</f></c>", RawCell::Number(7.0)),
        ("<c t='inlineStr'><is><t>Ё</t></is></c>", RawCell::Text("Ё")),
        ("<c t='inlineStr'><is><r><t>a</t></r><r><t>b</t></r></is></c>", RawCell::Text("ab")),
        ("<x:c a='>'><!-- > --> <x:v>8</x:v></x:c>", RawCell::Number(8.0)),
        ("<c t='str'><v>_x0041__x</v></c>", RawCell::Text("A_x")),
        ("<c s='1'><v>0.1</v></c>", RawCell::Number(0.1)),
    ];
    for (xml, want) in cells {
        let bytes = of_rows(&format!("<row>{xml}<c t='str'><v>|</v></c></row>"));
        let sheet = read(&bytes).unwrap_or_else(|| panic!("not sure of {xml}"));
        let row = sheet.row(0).expect("a row");
        assert_eq!((row.number, row.cell(0), row.cell(1)), (1, want, RawCell::Text("|")), "{xml}");
        assert_eq!(compare(&bytes), Outcome::Same, "{xml}");
    }
}

#[test]
fn rows_and_cells_are_where_the_file_says() {
    let sheet = read(&of_rows(
        "<row r='3'><c r='B3'><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row><row r='9'/><row><c r='XFD10'><v>4</v></c></row>",
    ))
    .expect("sure");
    let found: Vec<_> = sheet
        .rows()
        .flat_map(|row| {
            row.cells().zip(0..).filter(|(c, _)| *c != RawCell::Empty).map(move |(_, column)| (row.number, column))
        })
        .collect();
    assert_eq!(found, [(3, 1), (3, 2), (4, 0), (10, 16_383)]);
    assert_eq!(sheet.name, "A&B");
}

#[test]
fn levels_indents_hidden_rows_and_merges_are_kept() {
    let sheet = "<worksheet><dimension ref='A1'/><sheetData>\
        <row r='1' outlineLevel='2' hidden='1'><c r='A1' s='1'/><c r='B1' s='1'><v>1</v></c><c r='C1'><v>1</v></c></row>\
        <row r='2'><c r='A2'><v>1</v></c></row></sheetData>\
        <mergeCells count='2'><mergeCell ref='A1:C2'/><mergeCell ref='D4'/></mergeCells></worksheet>";
    let sheet = read(&workbook(sheet.as_bytes(), STRINGS.as_bytes(), STYLES.as_bytes())).expect("sure");
    let styles: Vec<RowStyle> = sheet.rows().map(|row| row.style).collect();
    let style = |outline, indent, hidden| RowStyle { outline: Some(outline), indent: Some(indent), hidden };
    assert_eq!(styles, [style(2, 2, true), style(0, 0, false)]);
    let merge = |top, bottom, left, right| Merge { top, bottom, left, right };
    assert_eq!(sheet.merges, [merge(1, 2, 0, 2), merge(4, 4, 3, 3)]);
}

#[test]
fn what_is_not_plain_is_left_to_calamine() {
    for rows in [
        "<row><c t='s'><v>4</v></c></row>",
        "<row><c t='s'><v>-1</v></c></row>",
        "<row><c t='z'><v>1</v></c></row>",
        "<row><c><v>1,5</v></c></row>",
        "<row><c><v> 1</v></c></row>",
        "<row><c><v>inf</v></c></row>",
        "<row><c><v>&#49;</v></c></row>",
        "<row><c><v>1<!-- 2 -->3</v></c></row>",
        "<row><c t='str'><v>&nbsp;</v></c></row>",
        "<row><c t='str'><v>_xD83D_</v></c></row>",
        "<row><c t='str'><v>a<![CDATA[b]]></v></c></row>",
        "<row><c><is><t>a</t></is></c></row>",
        "<row><c t='inlineStr'><v>1</v></c></row>",
        "<row><c><v>1</v><v>2</v></c></row>",
        "<row r='2'><c r='A3'><v>1</v></c></row>",
        "<row><c r='XFE1'><v>1</v></c></row>",
        "<row r='1048577'><c><v>1</v></c></row>",
        "<row r='0'><c><v>1</v></c></row>",
        "<row><c><v>1</v></row></c>",
        "<row><c r=A1><v>1</v></c></row>",
        "<row>text<c><v>1</v></c></row>",
        "<c><v>1</v></c>",
    ] {
        assert!(read(&of_rows(rows)).is_none(), "{rows}");
    }
    let rows = "<sheetData><row><c><v>1</v></c></row></sheetData>";
    for sheet in [
        format!("<!DOCTYPE worksheet><worksheet>{rows}</worksheet>"),
        format!("<?xml version='1.0' encoding='windows-1251'?><worksheet>{rows}</worksheet>"),
        format!("<worksheet>{rows}{rows}</worksheet>"),
        format!("<worksheet>{rows}"),
        format!("<worksheet>{rows}<mergeCell ref='A1:'/></worksheet>"),
        String::new(),
    ] {
        assert!(read(&workbook(sheet.as_bytes(), STRINGS.as_bytes(), STYLES.as_bytes())).is_none(), "{sheet}");
    }
}

/// Tags and texts longer than what is read at once, at every place of its end.
#[test]
fn the_end_of_the_buffer_changes_nothing() {
    for shift in 0..64 {
        let rows = format!(
            "<row><c t='str'><v>{}</v></c><c r='B1'><v>12345</v></c><c t='str'><v>{}</v></c></row>",
            "a".repeat((128 << 10) - 100 + shift),
            "я".repeat(200_000)
        );
        let sheet = read(&of_rows(&rows)).expect("sure");
        let row = sheet.row(0).expect("a row");
        assert_eq!(row.cell(1), RawCell::Number(12345.0), "{shift}");
        assert!(matches!(row.cell(2), RawCell::Text(text) if text.chars().count() == 200_000));
    }
}

#[test]
fn too_many_cells_are_refused() {
    let limits = ReadLimits { max_cells: 3, ..ReadLimits::default() };
    let bytes = of_rows("<row><c r='D1'><v>1</v></c></row>");
    assert_eq!(xlsx::read(&bytes, &limits).expect_err("refused").code, "file_too_large");
}
