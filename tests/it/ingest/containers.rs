//! The same table in every container: identical cells where every container can hold the same, identical sales where
//! numbers and dates are typed. Deliberately absent: encodings of delimited text alone (`same_table`).

use encoding_rs::{KOI8_R, WINDOWS_1251};
use sverka::{
    domain::{finding::SourceRef, sale::Sale},
    ingest::{
        raw::RawCell,
        read::{ReadLimits, read_bytes},
    },
};

use super::{
    biff::{Cell, Shared, workbook},
    holds, parse, sales, skipped, writers,
};

const TABLE: &[&[&str]] = &[
    &["Дата", "Номер", "Контрагент", "ИНН", "Сумма", "Менеджер"],
    &["05.11.2026", "УТ-1", "ООО \"Ромашка\" & Ко", "7701234560", "14 800,00", "Иванов И. И."],
    &["06.11.2026", "УТ-2", "Лютик; ИП, Ёлкин", "0105043805", "-35,07", "<Не указан>"],
    &["07.11.2026", "УТ-3", "ХОЛДИНГ ВЕКТОР ООО\nДС №260509-1905 от 19.05.2026 г.", "", "200,50", ""],
    &["30.11.2026", "УТ-4", "Сервис-Плюс ООО", "500100732259", "1\u{a0}000\u{a0}000,00", "Петров П. П."],
];

/// Every container with the table as texts.
fn all() -> Vec<(String, Vec<u8>)> {
    let utf16 = |text: &str, bytes: fn(u16) -> [u8; 2]| {
        Some(0xFEFF).into_iter().chain(text.encode_utf16()).flat_map(bytes).collect::<Vec<u8>>()
    };
    let cp1251 = |text: &str| WINDOWS_1251.encode(text).0.into_owned();
    let mut files = vec![
        ("xlsx".to_owned(), writers::xlsx(TABLE)),
        ("xlsb".to_owned(), writers::xlsb(TABLE)),
        ("ods".to_owned(), writers::ods(TABLE)),
        ("xls".to_owned(), xls()),
    ];
    for charset in ["utf-8", "windows-1251", "cp866", "ibm866", "koi8-r", "utf-16"] {
        let (page, xml) = (writers::html(TABLE, charset), writers::xml2003(TABLE, charset));
        let bytes = |text: &str| match charset {
            "windows-1251" => cp1251(text),
            "cp866" | "ibm866" => writers::cp866(text),
            "koi8-r" => KOI8_R.encode(text).0.into_owned(),
            "utf-16" => utf16(text, u16::to_le_bytes),
            _ => text.as_bytes().to_vec(),
        };
        files.push((format!("html in {charset}"), bytes(&page)));
        files.push((format!("xml 2003 in {charset}"), bytes(&xml)));
    }
    files.push(("html in cp1251 that says utf-8".to_owned(), cp1251(&writers::html(TABLE, "utf-8"))));
    files.push(("html in utf-8 that says cp1251".to_owned(), writers::html(TABLE, "windows-1251").into_bytes()));
    for delimiter in [';', ',', '\t', '|'] {
        let text = writers::delimited(TABLE, delimiter);
        for (name, bytes) in [
            ("utf-8", text.clone().into_bytes()),
            ("cp1251", cp1251(&text)),
            ("cp866", writers::cp866(&text)),
            ("utf-16le", utf16(&text, u16::to_le_bytes)),
            ("utf-16be", utf16(&text, u16::to_be_bytes)),
        ] {
            files.push((format!("text with {delimiter:?} in {name}"), bytes));
        }
    }
    for (language, cp866) in
        [(0x26, true), (0x65, true), (0xC9, false), (0x57, false), (0, true), (0, false), (3, false)]
    {
        let encode = |text: &str| if cp866 { writers::cp866(text) } else { cp1251(text) };
        files.push((format!("dbf {language:#x} cp866 {cp866}"), writers::dbf(TABLE, language, encode)));
    }
    files
}

fn xls() -> Vec<u8> {
    let texts: Vec<&str> = TABLE.iter().flat_map(|row| row.iter().copied()).collect();
    let strings: Vec<Shared> = texts.iter().map(|text| Shared::plain(text)).collect();
    let cells = (0..texts.len()).filter(|i| !texts[*i].is_empty());
    let cells: Vec<_> = cells.map(|i| ((i / 6) as u16, (i % 6) as u16, Cell::Shared(i as u32))).collect();
    workbook(&strings, &cells, &[], 100)
}

/// Numbers of rows and texts of cells; cells behind the last filled one do not count.
fn cells(bytes: &[u8]) -> Vec<(u32, Vec<String>)> {
    let book = read_bytes("f", bytes, &ReadLimits::default()).expect("read");
    assert_eq!(book.sheets.len(), 1);
    let text = |cell: RawCell<'_>| match cell {
        RawCell::Text(text) => text.to_owned(),
        RawCell::Empty => String::new(),
        other => format!("{other:?}"),
    };
    let row = |row: sverka::ingest::raw::Row<'_>| {
        let mut cells: Vec<String> = row.cells().map(text).collect();
        while cells.last().is_some_and(String::is_empty) {
            cells.pop();
        }
        (row.number, cells)
    };
    book.sheets[0].rows().map(row).collect()
}

fn content(bytes: &[u8]) -> Vec<Sale> {
    let parsed = parse(bytes);
    assert_eq!(holds(&parsed), Vec::<&str>::new(), "{:#?}", parsed.findings);
    sales(&parsed)
        .iter()
        .map(|s| Sale { source: SourceRef::default(), file_hash: String::new(), ..s.clone() })
        .collect()
}

#[test]
fn every_container_gives_the_same_cells_and_the_same_sales() {
    let lines = |row: &&[&str]| {
        let mut cells: Vec<String> = row.iter().map(|text| (*text).to_owned()).collect();
        while cells.last().is_some_and(String::is_empty) {
            cells.pop();
        }
        cells
    };
    let wanted: Vec<(u32, Vec<String>)> = (1..).zip(TABLE.iter().map(lines)).collect();
    let files = all();
    let sales = content(&files[0].1);
    assert_eq!(sales.iter().map(|s| s.amount.kopecks()).collect::<Vec<_>>(), [1_480_000, -3_507, 20_050, 100_000_000]);
    for (name, bytes) in files {
        let found = cells(&bytes);
        // Rows of text are its lines, and one of its fields holds a line break.
        if name.starts_with("text") {
            let texts = |rows: &[(u32, Vec<String>)]| rows.iter().map(|(_, cells)| cells.clone()).collect::<Vec<_>>();
            assert_eq!(texts(&found), texts(&wanted), "{name}");
        } else {
            assert_eq!(found, wanted, "{name}");
        }
        assert_eq!(content(&bytes), sales, "{name}");
    }
}

/// Numbers as numbers and dates as dates, where a container knows them.
#[test]
fn typed_cells_give_the_same_sales() {
    let wanted =
        content("Дата;Номер;Контрагент;Сумма\n05.11.2026;1;ООО А;14800,50\n30.11.2026;2;ООО Б;-35,07\n".as_bytes());
    let page = |number: fn(&str, &str) -> String| {
        let row = |serial: &str, day: &str, n: u8, name: &str, amount: &str, shown: &str| {
            format!("<tr>{}<td>{n}<td>{name}{}</tr>", number(serial, day), number(amount, shown))
        };
        format!(
            "<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><meta charset=utf-8><table>\
             <tr><th>Дата<th>Номер<th>Контрагент<th>Сумма</tr>{}{}</table></html>",
            row("46331", "5 ноя", 1, "ООО А", "14800.5", "14&nbsp;801"),
            row("46356", "30 ноя", 2, "ООО Б", "-35.07", "(35)"),
        )
    };
    let xml = "<?xml version=\"1.0\"?><Workbook xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\" \
        xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"><Worksheet ss:Name=\"Л\"><Table><Row>\
        <Cell><Data ss:Type=\"String\">Дата</Data></Cell><Cell><Data ss:Type=\"String\">Номер</Data></Cell>\
        <Cell><Data ss:Type=\"String\">Контрагент</Data></Cell><Cell><Data ss:Type=\"String\">Сумма</Data></Cell></Row>\
        <Row ss:Index=\"2\"><Cell><Data ss:Type=\"DateTime\">2026-11-05T00:00:00.000</Data></Cell>\
        <Cell><Data ss:Type=\"Number\">1</Data></Cell><Cell><Data ss:Type=\"String\">ООО А</Data></Cell>\
        <Cell><Data ss:Type=\"Number\">14800.5</Data></Cell></Row>\
        <Row><Cell><Data ss:Type=\"Number\">46356</Data></Cell><Cell><Data ss:Type=\"String\">2</Data></Cell>\
        <Cell><Data ss:Type=\"String\">ООО Б</Data></Cell><Cell><Data ss:Type=\"Number\">-35.07</Data></Cell></Row>\
        </Table></Worksheet></Workbook>";
    let fields = [("Дата", b'D', 8), ("Номер", b'N', 3), ("Контрагент", b'C', 8), ("Сумма", b'N', 12)];
    let fields: Vec<_> = fields.iter().map(|(name, kind, width)| (writers::cp866(name), *kind, *width)).collect();
    let record = |text: &str| writers::cp866(text);
    let records = [
        record(" 20261105  1ООО А       14800.50"),
        record("*20261106  9Удалён          1.00"),
        record(" 20261130  2ООО Б         -35.07"),
    ];
    for (name, bytes) in [
        ("Excel's page", page(|value, shown| format!("<td x:num=\"{value}\">{shown}</td>")).into_bytes()),
        ("LibreOffice's page", page(|value, shown| format!("<td sdval={value} sdnum=\"1049;\">{shown}")).into_bytes()),
        ("xml 2003", xml.as_bytes().to_vec()),
        ("dbf", writers::raw_dbf(0x03, 0x65, &fields, &records)),
        ("dbf without its language", writers::raw_dbf(0x03, 0, &fields, &records)),
    ] {
        assert_eq!(content(&bytes), wanted, "{name}");
    }
}

/// Readers have shifted every string behind an empty one, or given the first one for a cell without an index.
#[test]
fn empty_shared_strings_shift_nothing() {
    let strings =
        "<si><t>А</t></si><si/><si></si><si><t/></si><si><r><t>Б</t></r><r><t>В</t></r></si><si><t>Г</t></si>";
    let cell = |(column, value): (char, &str)| format!("<c r=\"{column}1\" t=\"s\">{value}</c>");
    let values = ["<v>0</v>", "<v>1</v>", "<v>2</v>", "<v>3</v>", "<v>4</v>", "<v/>", "<v></v>", "", "<v>5</v>"];
    let row: String = ('A'..).zip(values).map(cell).collect();
    let found = cells(&writers::raw_xlsx(strings, &format!("<row r=\"1\">{row}</row>")));
    assert_eq!(found, [(1, ["А", "", "", "", "БВ", "", "", "", "Г"].map(str::to_owned).to_vec())]);
}

/// A writer that is not ours at all, where it is installed.
#[test]
fn a_book_of_xlwt_says_the_same() {
    let Some(python) = std::env::var_os("SVERKA_TEST_PYTHON") else { return skipped("SVERKA_TEST_PYTHON") };
    let script = "import sys, json, xlwt\n\
        rows = json.load(sys.stdin)\n\
        book = xlwt.Workbook(); sheet = book.add_sheet('TDSheet')\n\
        for r, cells in enumerate(rows):\n\
        \x20for c, cell in enumerate(cells):\n\
        \x20 if cell: sheet.write(r, c, cell)\n\
        book.save(sys.stdout.buffer)\n";
    // Long tails make the shared strings run over several records.
    let filler: Vec<String> = (0..400).map(|i| format!("{}{i}", "ж".repeat(60))).collect();
    let mut rows: Vec<Vec<&str>> = TABLE.iter().map(|row| row.to_vec()).collect();
    rows.extend(filler.iter().map(|text| vec!["", "", text.as_str()]));
    let mut child = std::process::Command::new(python)
        .args(["-c", script])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("python");
    serde_json::to_writer(child.stdin.take().expect("stdin"), &rows).expect("write");
    let output = child.wait_with_output().expect("python");
    if !output.status.success() {
        return skipped("xlwt");
    }
    let found = cells(&output.stdout);
    let flat = |rows: &[(u32, Vec<String>)]| rows.iter().map(|(_, cells)| cells.concat()).collect::<Vec<_>>();
    assert_eq!(flat(&found), rows.iter().map(|row| row.concat()).collect::<Vec<_>>());
}
