//! What the fuzz targets (`fuzz/`) and their property-test twin run on bytes: nothing may panic, and what is read must
//! hold together. Deliberately absent: where the bytes come from.

use sverka::{
    domain::{money::Money, tax_id},
    ingest::{
        ParseRequest, Want,
        amount::{self, Style, Votes},
        builder::SheetBuilder,
        container::{self, Container},
        date, delimited, document, header, html, layout, period_words,
        raw::{RawCell, RawSheet},
        read::ReadLimits,
        sandbox::parse_bytes,
        title, value, xlsx, xml2003,
    },
};

/// Small, so that a file that asks for much is refused at once.
const LIMITS: ReadLimits = ReadLimits {
    max_bytes: 200 << 20,
    max_entries: 2_000,
    max_inflated: 640 << 20,
    max_ratio: 200,
    max_cells: 100_000,
};

/// One cell in every role.
pub fn cells(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let cell = RawCell::Text(&text);
    let mut votes = Votes::default();
    votes.look(1, cell);
    for style in [Style::Whole, Style::Comma, Style::Point] {
        if let Ok(Some(amount)) = amount::read(cell, style) {
            // An amount written plainly is the same amount.
            let plain = amount.plain();
            let again =
                amount::read(RawCell::Text(&plain), if plain.contains('.') { Style::Point } else { Style::Comma });
            assert_eq!(again, Ok(Some(amount)), "{text:?} as {plain:?}");
        }
    }
    let _ = votes.decide();
    if let Some(eight) = data.first_chunk::<8>() {
        let number = f64::from_le_bytes(*eight);
        if let Ok(Some(amount)) = amount::read(RawCell::Number(number), Style::Whole) {
            assert!((amount.kopecks() as f64 / 100.0 - number).abs() <= 0.01 + number.abs() * 1e-13, "{number}");
        }
        let _ = date::read(RawCell::Number(number), data.len().is_multiple_of(2));
    }
    if let Ok(Some(day)) = date::read(cell, false) {
        let written = day.format("%d.%m.%Y").to_string();
        assert_eq!(date::read(RawCell::Text(&written), false), Ok(Some(day)));
    }
    let wording = document::split(&text);
    assert!(wording.date.is_none() || !wording.number.is_empty());
    let _ = (document::is_return(&text), document::is_foreign(&text), value::is_placeholder(&text));
    if let Some(span) = period_words::parse(&text) {
        assert!(span.from <= span.to, "{text:?}");
    }
    let (inns, _) = tax_id::read_cell(&text);
    assert!(inns.iter().all(|(inn, _)| matches!(inn.as_str().len(), 10 | 12)), "{text:?}");
}

/// A small sheet: a byte is a word of a header, a number, a date, the end of a row, or a letter of free text.
pub fn header(data: &[u8]) {
    let sheet = sheet_of(data);
    for layout in [layout::sales(), layout::counterparties()] {
        if let Some(found) = header::find(&sheet, layout) {
            assert!(found.first <= found.last && found.last < sheet.len());
            let _ = (found.listing(), found.unclaimed(), found.is_complete(true));
            let _ = title::read(&sheet, found.first);
        }
    }
}

fn sheet_of(data: &[u8]) -> RawSheet {
    let words: Vec<&str> = [layout::sales(), layout::counterparties()]
        .iter()
        .flat_map(|layout| &layout.columns)
        .flat_map(|column| &column.headers)
        .map(String::as_str)
        .collect();
    let mut builder = SheetBuilder::new("Лист", 10_000);
    let (mut row, mut column) = (0, 0);
    for pair in data.chunks(2).take(400) {
        let (kind, byte) = (pair[0], usize::from(*pair.last().unwrap_or(&0)));
        let put = match kind % 8 {
            0 => {
                (row, column) = (row + 1 + byte as u32 % 3, 0);
                continue;
            }
            1..=3 => {
                builder.put((row, column), RawCell::Text(words[(usize::from(kind / 8) * 256 + byte) % words.len()]))
            }
            4 => builder.put((row, column), RawCell::Number(byte as f64)),
            5 => builder.put((row, column), RawCell::Text(["05.11.2026", "Итого", "Отбор: А", "за 2026 г."][byte % 4])),
            6 => Ok(()),
            _ => builder.put((row, column), RawCell::Text(&char::from(byte as u8).to_string())),
        };
        assert!(put.is_ok(), "there is room");
        column += 1;
    }
    builder.finish()
}

/// Any bytes as delimited text.
pub fn csv(data: &[u8]) {
    let Ok(sheets) = delimited::read(data, &LIMITS) else { return };
    let last = sound(&sheets);
    let texts = |cell| matches!(cell, RawCell::Empty | RawCell::Text(_));
    assert!(sheets.iter().flat_map(RawSheet::rows).all(|row| row.cells().all(texts)));
    assert!(last as usize <= data.len() + 1, "no more rows than bytes");
}

/// Any bytes as a page; what is one goes on to facts.
pub fn page(data: &[u8]) {
    let Ok(sheets) = html::read(data, &LIMITS) else { return };
    sound(&sheets);
    facts(data, Container::Html);
}

/// Any bytes as SpreadsheetML 2003; what is a book goes on to facts.
pub fn xml(data: &[u8]) {
    let Ok(sheets) = xml2003::read(data, &LIMITS) else { return };
    sound(&sheets);
    facts(data, Container::Xml2003);
}

/// Any bytes as one part of an xlsx, chosen by the first of them: our reader either is sure of sound sheets or says that
/// it is not. (Where both read, it agrees with calamine: `xlsx_mutations`.)
pub fn workbook(data: &[u8]) {
    let Some((which, body)) = data.split_first() else { return };
    let mut parts: [(&str, &[u8]); 7] = [
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", b"<Relationships><Relationship Id='r' Type='a/relationships/officeDocument' Target='xl/workbook.xml'/></Relationships>"),
        ("xl/worksheets/s.xml", b"<worksheet><sheetData><row><c t='s' s='1'><v>0</v></c><c t='s'><v>1</v></c></row></sheetData></worksheet>"),
        ("xl/sharedStrings.xml", b"<sst><si><t>a</t></si><si><t>b</t></si></sst>"),
        ("xl/styles.xml", b"<styleSheet><cellXfs><xf/><xf><alignment indent='2'/></xf></cellXfs></styleSheet>"),
        ("xl/workbook.xml", b"<workbook><sheets><sheet name='A' sheetId='1' r:id='r1'/></sheets></workbook>"),
        ("xl/_rels/workbook.xml.rels", b"<Relationships><Relationship Id='r1' Type='a/relationships/worksheet' Target='worksheets/s.xml'/></Relationships>"),
    ];
    // The sheet itself most of all.
    let place = [2, 2, 2, 2, 3, 4, 5, 6][usize::from(which % 8)];
    parts[place].1 = body;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, body) in parts {
        let written = writer.start_file(name, stored).map(|()| std::io::Write::write_all(&mut writer, body));
        assert!(matches!(written, Ok(Ok(()))));
    }
    let bytes = writer.finish().map(std::io::Cursor::into_inner).unwrap_or_default();
    if let Ok(Some(sheets)) = xlsx::read(&bytes, &LIMITS) {
        sound(&sheets);
    }
}

/// Text from bytes to facts; compound files have a reader of other people, and a child to die in.
pub fn layout(data: &[u8]) {
    facts(data, Container::Text);
}

/// Rows in order, no more cells than allowed, merged ranges the right way round; the number of the last row.
fn sound(sheets: &[RawSheet]) -> u32 {
    let (mut last, mut cells) = (0, 0);
    for sheet in sheets {
        last = 0;
        for row in sheet.rows() {
            assert!(row.number > last, "rows are in order");
            last = row.number;
            cells += row.cells().count();
        }
        assert!(sheet.merges.iter().all(|m| m.top <= m.bottom && m.left <= m.right), "{:?}", sheet.merges);
    }
    assert!(cells <= LIMITS.max_cells, "{cells} cells");
    last
}

fn facts(data: &[u8], container: Container) {
    if container::sniff(data) != Ok(container) {
        return;
    }
    let request = ParseRequest { want: Want::Accounting, base_currency: "RUB".to_owned(), ..ParseRequest::default() };
    let parsed = parse_bytes(data, &request, &LIMITS);
    if parsed.holds() {
        return;
    }
    assert!(parsed.rows > 0, "facts or a reason");
    let Some(table) = &parsed.accounting else { return };
    let keys: std::collections::BTreeSet<&str> = table.sales.iter().map(|s| s.key.0.as_str()).collect();
    assert_eq!(keys.len(), table.sales.len(), "a document is there once");
    let one_currency = table.sales.iter().all(|sale| sale.currency == "RUB");
    let turned = parsed.findings.iter().any(|f| f.code == "returns_turned");
    if let (Some(total), true, false) = (table.printed_total, one_currency, turned) {
        assert_eq!(total, table.sales.iter().map(|sale| sale.amount).sum::<Money>(), "the printed total");
    }
}
