//! Writers of one small table in every container, byte by byte from the formats' descriptions: none is the mirror of a
//! reader. Deliberately absent: xls (`biff`), styles, everything a reader of values skips.

use std::io::{Cursor, Write};

use encoding_rs::IBM866;
use rust_xlsxwriter::Workbook;

/// Rows of texts.
pub type Rows<'a> = [&'a [&'a str]];

/// Parts of a ZIP container, stored in order.
pub fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, body) in parts {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("start");
        writer.write_all(body).expect("write");
    }
    writer.finish().expect("finish").into_inner()
}

/// An xlsx of text cells.
pub fn xlsx(rows: &Rows<'_>) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(*cells) {
            sheet.write(row, column, *cell).expect("write");
        }
    }
    book.save_to_buffer().expect("save")
}

/// An xlsx with these shared strings and sheet rows, as XML.
pub fn raw_xlsx(strings: &str, rows: &str) -> Vec<u8> {
    const MAIN: &str = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
    let book = format!(
        "{head}<workbook {MAIN} xmlns:r=\"{OFFICE}\"><sheets><sheet name=\"TDSheet\" sheetId=\"1\" r:id=\"rId1\"/>\
         </sheets></workbook>"
    );
    let root = format!(
        "{head}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
         <Relationship Id=\"rId1\" Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    let relations = format!(
        "{head}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
         <Relationship Id=\"rId1\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
         <Relationship Id=\"rId2\" Type=\"{OFFICE}/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>"
    );
    zip(&[
        ("[Content_Types].xml", b"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"),
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/sharedStrings.xml", format!("{head}<sst {MAIN}>{strings}</sst>").as_bytes()),
        (
            "xl/worksheets/sheet1.xml",
            format!("{head}<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>").as_bytes(),
        ),
    ])
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// An OpenDocument spreadsheet.
pub fn ods(rows: &Rows<'_>) -> Vec<u8> {
    let cell = |text: &&str| {
        let paragraphs: String = text.split('\n').map(|line| format!("<text:p>{}</text:p>", escaped(line))).collect();
        format!("<table:table-cell office:value-type=\"string\">{paragraphs}</table:table-cell>")
    };
    let row =
        |cells: &&[&str]| format!("<table:table-row>{}</table:table-row>", cells.iter().map(cell).collect::<String>());
    let content = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content \
         xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
         xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" office:version=\"1.2\"><office:body>\
         <office:spreadsheet><table:table table:name=\"TDSheet\">{}</table:table></office:spreadsheet></office:body>\
         </office:document-content>",
        rows.iter().map(row).collect::<String>()
    );
    let manifest = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><manifest:manifest \
                    xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"/>";
    zip(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", manifest.as_bytes()),
        ("content.xml", content.as_bytes()),
    ])
}

/// An Excel binary workbook of text cells.
pub fn xlsb(rows: &Rows<'_>) -> Vec<u8> {
    fn record(out: &mut Vec<u8>, kind: u16, data: &[u8]) {
        if kind < 0x80 {
            out.push(kind as u8);
        } else {
            out.extend([(kind & 0x7F) as u8 | 0x80, (kind >> 7) as u8]);
        }
        let mut length = data.len();
        while length >= 0x80 {
            out.push((length & 0x7F) as u8 | 0x80);
            length >>= 7;
        }
        out.push(length as u8);
        out.extend(data);
    }
    let wide = |text: &str| {
        let units: Vec<u16> = text.encode_utf16().collect();
        let length = (units.len() as u32).to_le_bytes();
        length.into_iter().chain(units.into_iter().flat_map(u16::to_le_bytes)).collect::<Vec<u8>>()
    };
    let mut sheet = Vec::new();
    record(&mut sheet, 129, &[]);
    let corner = [0, rows.len() as u32 - 1, 0, rows.iter().map(|r| r.len()).max().unwrap_or(1) as u32 - 1];
    record(&mut sheet, 148, &corner.map(u32::to_le_bytes).concat());
    record(&mut sheet, 145, &[]);
    for (row, cells) in (0_u32..).zip(rows) {
        record(&mut sheet, 0, &[&row.to_le_bytes()[..], &[0; 13]].concat());
        for (column, cell) in (0_u32..).zip(*cells).filter(|(_, cell)| !cell.is_empty()) {
            record(&mut sheet, 6, &[&column.to_le_bytes()[..], &[0; 4], &wide(cell)].concat());
        }
    }
    record(&mut sheet, 146, &[]);
    record(&mut sheet, 130, &[]);
    let mut book = Vec::new();
    record(&mut book, 131, &[]);
    record(&mut book, 143, &[]);
    record(&mut book, 156, &[&[0_u32, 1].map(u32::to_le_bytes).concat()[..], &wide("rId1"), &wide("TDSheet")].concat());
    record(&mut book, 144, &[]);
    record(&mut book, 132, &[]);
    let relations = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Relationships \
        xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" \
        Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" \
        Target=\"worksheets/sheet1.bin\"/></Relationships>";
    zip(&[
        ("xl/workbook.bin", &book),
        ("xl/_rels/workbook.bin.rels", relations.as_bytes()),
        ("xl/worksheets/sheet1.bin", &sheet),
    ])
}

/// A page as 1C writes it: upper-case tags, classes by row and column, empty spans.
pub fn html(rows: &Rows<'_>, charset: &str) -> String {
    let cell = |(column, text): (usize, &&str)| match *text {
        "" => "<TD><SPAN></SPAN></TD>\r\n".to_owned(),
        text => format!("<TD CLASS=\"R0C{column}\">{}</TD>\r\n", escaped(text).replace('\n', "<BR>")),
    };
    let row = |cells: &&[&str]| {
        format!("<TR CLASS=R0>\r\n{}</TR>\r\n", cells.iter().enumerate().map(cell).collect::<String>())
    };
    format!(
        "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.0 Transitional//EN\">\r\n<HTML>\r\n<HEAD>\r\n\
         <META HTTP-EQUIV=\"Content-Type\" CONTENT=\"text/html; CHARSET={charset}\"/>\r\n<TITLE></TITLE>\r\n\
         <STYLE TYPE=\"text/css\">\r\ntr.R0 td.R0C0{{ font-weight: bold; }}\r\n</STYLE>\r\n</HEAD>\r\n<BODY>\r\n\
         <TABLE CELLSPACING=0>\r\n<COL WIDTH=780>\r\n{}</TABLE>\r\n</BODY>\r\n</HTML>",
        rows.iter().map(row).collect::<String>()
    )
}

/// SpreadsheetML 2003 of text cells.
pub fn xml2003(rows: &Rows<'_>, encoding: &str) -> String {
    let cell = |(column, text): (usize, &&str)| match *text {
        "" => String::new(),
        text => format!(
            "<Cell ss:Index=\"{}\"><Data ss:Type=\"String\">{}</Data></Cell>\n",
            column + 1,
            escaped(text).replace('\n', "&#10;")
        ),
    };
    let row = |cells: &&[&str]| format!("<Row>\n{}</Row>\n", cells.iter().enumerate().map(cell).collect::<String>());
    format!(
        "<?xml version=\"1.0\" encoding=\"{encoding}\"?>\n<?mso-application progid=\"Excel.Sheet\"?>\n<Workbook \
         xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">\n\
         <Worksheet ss:Name=\"TDSheet\"><Table>\n{}</Table></Worksheet></Workbook>",
        rows.iter().map(row).collect::<String>()
    )
}

/// Delimited text; what needs quotes has them.
pub fn delimited(rows: &Rows<'_>, delimiter: char) -> String {
    let field = |text: &&str| {
        let quote = text.contains(['"', ';', ',', '\t', '|', '\n']);
        if quote { format!("\"{}\"", text.replace('"', "\"\"")) } else { (*text).to_owned() }
    };
    rows.iter().map(|row| row.iter().map(field).collect::<Vec<_>>().join(&delimiter.to_string()) + "\r\n").collect()
}

/// Bytes of cp866.
pub fn cp866(text: &str) -> Vec<u8> {
    let of = |c: char| (0..=255_u8).find(|b| IBM866.decode(&[*b]).0.starts_with(c));
    text.chars().map(|c| if c.is_ascii() { c as u8 } else { of(c).unwrap_or(b'?') }).collect()
}

/// A DBF with character fields; the first row gives their names. `language` is the header's byte.
pub fn dbf(rows: &Rows<'_>, language: u8, encode: impl Fn(&str) -> Vec<u8>) -> Vec<u8> {
    let (names, records) = rows.split_first().expect("names");
    let width = |column: usize| rows.iter().map(|r| encode(r[column]).len()).max().unwrap_or(1).max(1);
    let widths: Vec<usize> = (0..names.len()).map(width).collect();
    let fields: Vec<(Vec<u8>, u8, usize)> = names.iter().zip(&widths).map(|(n, w)| (encode(n), b'C', *w)).collect();
    let body: Vec<Vec<u8>> = records
        .iter()
        .map(|cells| {
            let padded = cells.iter().zip(&widths).flat_map(|(cell, width)| {
                let mut text = encode(cell);
                text.resize(*width, b' ');
                text
            });
            Some(b' ').into_iter().chain(padded).collect()
        })
        .collect();
    raw_dbf(0x03, language, &fields, &body)
}

/// A DBF of fields (name, type, width) and whole records, deletion marks included.
pub fn raw_dbf(version: u8, language: u8, fields: &[(Vec<u8>, u8, usize)], records: &[Vec<u8>]) -> Vec<u8> {
    let mut out = vec![version, 126, 11, 5];
    out.extend((records.len() as u32).to_le_bytes());
    out.extend(((32 + 32 * fields.len() + 1) as u16).to_le_bytes());
    out.extend((1 + fields.iter().map(|(_, _, width)| width).sum::<usize>() as u16).to_le_bytes());
    out.resize(29, 0);
    out.push(language);
    out.resize(32, 0);
    for (name, kind, width) in fields {
        let start = out.len();
        out.extend(name.iter().take(10));
        out.resize(start + 11, 0);
        out.extend([*kind, 0, 0, 0, 0, *width as u8]);
        out.resize(start + 32, 0);
    }
    out.push(0x0D);
    out.extend(records.iter().flatten());
    out.push(0x1A);
    out
}
