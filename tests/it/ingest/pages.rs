//! HTML tables as people and programs write them, and SpreadsheetML 2003; and that no bytes make their readers panic.
//! Deliberately absent: the meaning of cells.

use proptest::prelude::*;
use sverka::ingest::{
    raw::{Merge, RawCell, RawSheet, RawWorkbook},
    read::{ReadLimits, read_bytes},
};

use super::writers;

fn book(text: &str) -> RawWorkbook {
    read_bytes("f.xls", text.as_bytes(), &ReadLimits::default()).expect("read")
}

fn table(sheet: &RawSheet) -> Vec<(u32, Vec<String>)> {
    let text = |cell: RawCell<'_>| match cell {
        RawCell::Text(text) => text.to_owned(),
        RawCell::Empty => String::new(),
        other => format!("{other:?}"),
    };
    sheet.rows().map(|row| (row.number, row.cells().map(text).collect())).collect()
}

fn only(text: &str) -> RawSheet {
    let mut book = book(text);
    assert_eq!(book.sheets.len(), 1, "{text}");
    book.sheets.remove(0)
}

fn rows(cells: &[&[&str]]) -> Vec<(u32, Vec<String>)> {
    (1..).zip(cells.iter().map(|row| row.iter().map(|c| (*c).to_owned()).collect())).collect()
}

#[test]
fn tags_need_no_case_and_no_end() {
    let text = "<TABLE><thead><tR><Th>Имя<tH>Сумма<tbody><TR><td><p>ООО А<p>ДС 1<td>5\n<tr><td>ООО Б</td><td>6</table>";
    assert_eq!(table(&only(text)), rows(&[&["Имя", "Сумма"], &["ООО А\nДС 1", "5"], &["ООО Б", "6"]]));
}

#[test]
fn references_blanks_comments_and_scripts_are_what_a_browser_shows() {
    let text = "<html><script>if (a<b) document.write('<table><tr><td>x')</script><style>td { }</style>\
        <table><!-- <tr><td>no</td></tr> --><tr><td>&laquo;А&raquo; &amp;&nbsp;Б &#8212; &#x2116;1 &lt;&quot;В&quot;&gt; &copy\
        <td>  много \r\n  пробелов\t<br>строка<br/>ещё<script>y</script></td><td>1&nbsp;234,56<td>&nbsp;</table>";
    let wanted = ["«А» &\u{a0}Б — №1 <\"В\"> ©", "много пробелов\nстрока\nещё", "1\u{a0}234,56"];
    assert_eq!(table(&only(text)), rows(&[&wanted]));
}

#[test]
fn spans_push_cells_aside_and_are_kept_as_merged_ranges() {
    let text = "<table><tr><td rowspan=2>Дата<td colspan=2>Сумма<td rowspan=9>Имя</tr><tr><td>с НДС<td>без НДС</tr>\
        <tr><td>1<td>2<td>3</tr></table>";
    let sheet = only(text);
    let wanted: [&[&str]; 3] = [&["Дата", "Сумма", "", "Имя"], &["", "с НДС", "без НДС"], &["1", "2", "3"]];
    assert_eq!(table(&sheet), rows(&wanted));
    let merge = |top, bottom, left, right| Merge { top, bottom, left, right };
    assert_eq!(sheet.merges, [merge(1, 2, 0, 0), merge(1, 1, 1, 2), merge(1, 3, 3, 3)]);
}

#[test]
fn huge_spans_cost_nothing_and_wide_rows_are_refused() {
    let sheet = only("<table><tr><td rowspan=100000000 colspan=100000000>А<td>Б</tr><tr><td>В</table>");
    assert_eq!(sheet.len(), 2);
    assert_eq!(sheet.row(0).expect("a row").cell(1000), RawCell::Text("Б"));
    let wide = format!("<table><tr>{}</table>", "<td colspan=1000>А".repeat(20));
    let refused = read_bytes("f", wide.as_bytes(), &ReadLimits::default()).expect_err("too wide");
    assert_eq!(refused.code, "file_too_large");
    let many = format!("<table>{}</table>", "<tr><td colspan=999><td>А".repeat(50));
    let limits = ReadLimits { max_cells: 10_000, ..ReadLimits::default() };
    assert_eq!(read_bytes("f", many.as_bytes(), &limits).expect_err("too many").code, "file_too_large");
}

#[test]
fn a_table_in_a_cell_is_a_sheet_of_its_own_and_does_not_enter_the_cell() {
    let text = "<table><tr><td>меню<table><tr><td>Дата<td>Сумма<tr><td>1<td>2</table>вниз</table>";
    let sheets = book(text).sheets;
    assert_eq!(sheets.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), ["Таблица 1", "Таблица 2"]);
    assert_eq!(table(&sheets[0]), rows(&[&["менювниз"]]));
    assert_eq!(table(&sheets[1]), rows(&[&["Дата", "Сумма"], &["1", "2"]]));
}

#[test]
fn titles_between_tables_are_rows_and_a_second_table_of_data_is_a_second_sheet() {
    let data = |name: &str| {
        let row = |n: u8| format!("<tr><td>{n}<td>{name}<td>5,00</tr>");
        format!("<table>{}{}</table>", row(1), row(2))
    };
    let text = format!(
        "<body><h1>Продажи</h1>за Ноябрь 2026 г.<p>Отбор: нет</p><table><tr><td>Организация:<td>ООО А</table>{}\
         <h2>Возвраты</h2>{}<p>Всего 2",
        data("Б"),
        data("В")
    );
    let sheets = book(&text).sheets;
    assert_eq!(sheets.len(), 2);
    let first: [&[&str]; 6] = [
        &["Продажи"],
        &["за Ноябрь 2026 г."],
        &["Отбор: нет"],
        &["Организация:", "ООО А"],
        &["1", "Б", "5,00"],
        &["2", "Б", "5,00"],
    ];
    assert_eq!(table(&sheets[0]), rows(&first));
    assert_eq!(table(&sheets[1]), rows(&[&["Возвраты"], &["1", "В", "5,00"], &["2", "В", "5,00"], &["Всего 2"]]));
}

#[test]
fn only_what_the_writer_typed_is_a_number() {
    let text = "<table xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><tr><td>1,5<td x:num>1,5<td x:num=\"1500.25\">1 500\
        <td x:num>1,500<td x:str>007<td x:num x:err=\"#N/A\">#N/A<td x:err>#N/A<td x:bool=TRUE>ИСТИНА</table>";
    let sheet = only(text);
    let cells: Vec<RawCell<'_>> = sheet.row(0).expect("a row").cells().collect();
    let wanted = [
        RawCell::Text("1,5"),
        RawCell::Number(1.5),
        RawCell::Number(1500.25),
        RawCell::Text("1,500"),
        RawCell::Text("007"),
        RawCell::Text("#N/A"),
        RawCell::Error("#N/A"),
        RawCell::Bool(true),
    ];
    assert_eq!(cells, wanted);
}

#[test]
fn rows_that_are_not_displayed_and_indents_are_kept() {
    let text = "<style>.l1{padding-left:12px} .xl2, td.l2 { color:red; PADDING-LEFT : 24px }</style><table>\
        <tr><td>А<tr><td class='a l1'>Б<tr style='display: none'><td class=l2>В<tr><td style='padding-left:12px'>Г</table>";
    let sheet = only(text);
    let styles: Vec<_> = sheet.rows().map(|row| (row.style.indent, row.style.hidden)).collect();
    assert_eq!(styles, [(Some(0), false), (Some(1), false), (Some(2), true), (Some(1), false)]);
}

#[test]
fn spreadsheetml_has_places_merges_styles_comments_and_hidden_sheets() {
    let text = "<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?>\n<ss:Workbook \
        xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\" xmlns:x=\"urn:schemas-microsoft-com:office:excel\">\
        <x:ExcelWorkbook><x:Date1904/></x:ExcelWorkbook>\
        <ss:Styles><ss:Style ss:ID=\"s1\"><ss:Alignment ss:Indent=\"2\"/></ss:Style></ss:Styles>\
        <ss:Worksheet ss:Name=\"Л &amp; М\"><ss:Table><ss:Row ss:Index=\"3\" ss:Span=\"1\"/>\
        <ss:Row ss:Hidden=\"1\"><ss:Cell ss:Index=\"2\" ss:MergeAcross=\"1\" ss:MergeDown=\"2\" ss:StyleID=\"s1\">\
        <ss:Data ss:Type=\"String\">А&#10;<B>Б</B> &lt;</ss:Data><ss:Comment><ss:Data>нет</ss:Data></ss:Comment></ss:Cell>\
        <ss:Cell><ss:Data ss:Type=\"Boolean\">1</ss:Data></ss:Cell>\
        <ss:Cell><ss:Data ss:Type=\"Error\">#N/A</ss:Data></ss:Cell>\
        <ss:Cell ss:Formula=\"=R1C1\"/><ss:Cell><ss:Data ss:Type=\"Number\">1.5E3</ss:Data></ss:Cell></ss:Row>\
        </ss:Table></ss:Worksheet><ss:Worksheet ss:Name=\"Тень\"><ss:Table/><x:WorksheetOptions>\
        <x:Visible>SheetHidden</x:Visible></x:WorksheetOptions></ss:Worksheet></ss:Workbook>";
    let sheets = book(text).sheets;
    let names: Vec<_> = sheets.iter().map(|s| (s.name.as_str(), s.hidden, s.epoch_1904)).collect();
    assert_eq!(names, [("Л & М", false, true), ("Тень", true, true)]);
    let row = sheets[0].row(0).expect("a row");
    assert_eq!((row.number, row.style.indent, row.style.hidden), (5, Some(2), true));
    let wanted = [
        RawCell::Empty,
        RawCell::Text("А\nБ <"),
        RawCell::Empty,
        RawCell::Bool(true),
        RawCell::Error("#N/A"),
        RawCell::Error("=?"),
        RawCell::Number(1500.0),
    ];
    assert_eq!(row.cells().collect::<Vec<_>>(), wanted);
    assert_eq!(sheets[0].merges, [Merge { top: 5, bottom: 7, left: 1, right: 2 }]);
}

/// Pieces from which pages and tables are made at random.
const PIECES: &[&str] = &[
    "<table>",
    "</table>",
    "<tr>",
    "</tr>",
    "<td>",
    "<td colspan=3 rowspan=2>",
    "</td>",
    "<th rowspan=0>",
    "<p>",
    "<br>",
    "&nbsp;",
    "&#1;",
    "&#x110000;",
    "&bomb;",
    "текст",
    "<!--",
    "-->",
    "<style>",
    "td.R0C0{padding-left:3px}",
    "</style>",
    "<script>",
    "<td x:num>",
    "1,5",
    "<td x:num=\"1e999\">",
    "<caption>",
    "<Row ss:Index=\"2\">",
    "</Row>",
    "<Cell>",
    "<Cell ss:Index=\"0\">",
    "<Cell ss:MergeDown=\"4294967295\" ss:MergeAcross=\"4294967295\">",
    "</Cell>",
    "<Data ss:Type=\"Number\">",
    "</Data>",
    "<Row ss:Span=\"4294967295\"/>",
    "<Worksheet ss:Name=\"a\">",
    "</Worksheet>",
    "<Table>",
    "</Table>",
    "</Workbook>",
    "\0",
    "<![CDATA[",
    "]]>",
    "\"",
    "<",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_a_reader_panic(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..60),
        noise in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        kind in 0..5_usize,
    ) {
        let table: &[&[&str]] = &[&["Дата", "Сумма"], &["05.11.2026", "5,00"]];
        let middle: String = pieces.concat();
        let mut bytes = match kind {
            0 => format!("<html>{middle}").into_bytes(),
            1 => writers::html(table, "utf-8").replace("<SPAN>", &middle).replace("05.11", &middle).into_bytes(),
            2 => writers::xml2003(table, "utf-8").replace("05.11", &middle).into_bytes(),
            3 => writers::xml2003(table, "utf-8").replace("</Row>\n<Row>", &middle).into_bytes(),
            _ => writers::dbf(table, 0, writers::cp866),
        };
        for (at, byte) in noise {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let limits = ReadLimits { max_cells: 100_000, ..ReadLimits::default() };
        if let Err(finding) = read_bytes("f.xls", &bytes, &limits) {
            prop_assert!(finding.holds() && !finding.message.ru.is_empty());
        }
    }
}
