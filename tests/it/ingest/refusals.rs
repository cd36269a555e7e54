//! What is not read, and what a person is told then: one snapshot of every message in both languages. Deliberately
//! absent: what is wrong with a table that was read.

use std::fmt::Write;

use encoding_rs::WINDOWS_1251;
use sverka::ingest::read::{ReadLimits, read_bytes};

use super::{biff, writers};

const TABLE: &[&[&str]] = &[&["Дата", "Сумма"], &["05.11.2026", "5,00"]];

fn cases() -> Vec<(&'static str, Vec<u8>)> {
    let page = writers::html(TABLE, "utf-8");
    let xml = writers::xml2003(TABLE, "utf-8");
    let dbf = writers::dbf(TABLE, 0x65, writers::cp866);
    let xlsx = writers::xlsx(TABLE);
    let xls = |name: &str| biff::compound(name, vec![0; 5000]);
    let mut uncounted = dbf.clone();
    uncounted[4] = 0;
    let mut shifted = dbf.clone();
    let first = usize::from(u16::from_le_bytes([dbf[8], dbf[9]]));
    shifted[first] = b'x';
    vec![
        ("nothing but blanks", b" \r\n".to_vec()),
        ("a document of 1C", b"MOXCEL\0\x08\0\x01\0\x0C\0\xEF\xBB\xBF{8,1,12}".to_vec()),
        ("a document of 1C 7.7", b"MOXCEL\0\x06\0\x01\0\x0C\0".to_vec()),
        ("PDF", b"%PDF-1.7\n".to_vec()),
        ("RTF", b"{\\rtf1\\ansi}".to_vec()),
        ("Word", xls("WordDocument")),
        ("PowerPoint", xls("PowerPoint Document")),
        ("Outlook", xls("__properties_version1.0")),
        ("encrypted xlsx", xls("EncryptedPackage")),
        ("docx", writers::zip(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w/>")])),
        ("zip", writers::zip(&[("report.xlsx", &xlsx)])),
        ("zip cut short", xlsx[..xlsx.len() / 2].to_vec()),
        ("ods damaged", writers::zip(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", b"<a><b></a>")])),
        ("flat ods", b"<?xml version=\"1.0\"?><office:document xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\"/>".to_vec()),
        ("Excel 2", b"\x09\x00\x04\x00\x02\x00\x10\x00".to_vec()),
        ("Excel 4", b"\x09\x04\x06\x00\x00\x00\x10\x00".to_vec()),
        ("SYLK", b"ID;PWXL;N;E\nB;Y2;X2\n".to_vec()),
        ("RAR", b"Rar!\x1A\x07\x01\0".to_vec()),
        ("7z", b"7z\xBC\xAF\x27\x1C".to_vec()),
        ("gzip", b"\x1F\x8B\x08\0\0".to_vec()),
        ("picture", b"\x89PNG\r\n\x1A\n".to_vec()),
        ("SQLite", b"SQLite format 3\0".to_vec()),
        ("MHTML", b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"x\"\r\n\r\n".to_vec()),
        ("JSON", b"{\"error\": \"access denied\"}".to_vec()),
        ("login page", b"<!DOCTYPE html><html><body><form><input name=password></form></body></html>".to_vec()),
        ("frames", b"<html><frameset><frame src=sheet001.htm></frameset></html>".to_vec()),
        ("page cut short", page.as_bytes()[..page.len() - 30].to_vec()),
        ("tables within tables", "<table><tr><td>".repeat(100).into_bytes()),
        ("XML", "<?xml version=\"1.0\"?><КоммерческаяИнформация/>".as_bytes().to_vec()),
        ("XML cut short", xml.as_bytes()[..xml.len() - 30].to_vec()),
        ("XML damaged", xml.replace("</Cell>", "</Cel>").into_bytes()),
        ("XML with entities", xml.replace("?>\n<W", "?>\n<!DOCTYPE x [<!ENTITY a \"aa\">]>\n<W").into_bytes()),
        ("XML with an unknown entity", xml.replace("Сумма", "&bomb;").into_bytes()),
        ("XML with far cells", xml.replace("ss:Index=\"2\"", "ss:Index=\"99999999\"").into_bytes()),
        ("DBF cut short", dbf[..dbf.len() - 5].to_vec()),
        ("DBF not closed", uncounted),
        ("DBF damaged", shifted),
        ("bytes", vec![1, 2, 3, 4, 5, 6, 7, 8]),
        ("UTF-8 cut short", "Дата;Сумма\n05.11.2026;5;Ж".as_bytes()[..34].to_vec()),
        ("an open quote", WINDOWS_1251.encode("Дата;Сумма\n1;\"ООО\n2;3\n").0.into_owned()),
    ]
}

#[test]
fn every_refusal_says_what_it_is_and_what_to_do() {
    let mut out = String::new();
    for (name, bytes) in cases() {
        let finding = match read_bytes("Продажи.xls", &bytes, &ReadLimits::default()) {
            Ok(book) => panic!("{name} was read: {} sheets", book.sheets.len()),
            Err(finding) => finding,
        };
        assert!(finding.holds(), "{name}");
        writeln!(out, "{name} ({})\n  {}\n  {}", finding.code, finding.message.ru, finding.message.en).expect("write");
    }
    insta::assert_snapshot!(out);
}
