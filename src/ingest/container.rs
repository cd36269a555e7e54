//! What a file is, told by its first bytes: a 1C `.xls` may be HTML, and an `.xlsx` may be anything. Formats that are
//! not read are named, with what to do instead. Deliberately absent: the extension, and reading.

use super::read::Refusal;

/// Containers that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// ZIP: xlsx, xlsm, xlsb, ods (or something else, see `zip_guard`).
    Zip,
    /// Compound file: xls.
    Cfb,
    /// Text: delimited, any encoding.
    Text,
}

const CFB: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// Tells the container, or refuses by name.
pub fn sniff(bytes: &[u8]) -> Result<Container, Refusal> {
    if bytes.iter().all(|b| b.is_ascii_whitespace() || *b == 0) {
        return Err(Refusal::new("empty_file", "файл пуст; повторите выгрузку", "the file is empty; export it again"));
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Ok(Container::Zip);
    }
    if bytes.starts_with(CFB) {
        return compound(bytes);
    }
    // BIFF2 to BIFF4 were written without a compound file.
    if [&b"\x09\x00\x04\x00"[..], b"\x09\x02\x06\x00", b"\x09\x04\x06\x00"].iter().any(|magic| bytes.starts_with(magic))
    {
        return Err(unsupported("таблица Excel 2–4", "an Excel 2 to 4 sheet"));
    }
    match named(bytes) {
        Some((ru, en)) => Err(unsupported(ru, en)),
        None => markup(bytes).map_or(Ok(Container::Text), Err),
    }
}

fn compound(bytes: &[u8]) -> Result<Container, Refusal> {
    let utf16 = |name: &str| name.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let holds = |name: &str| {
        let needle = utf16(name);
        // Names of streams lie in the directory, 128 bytes an entry, each entry beginning with its name.
        bytes.chunks(128).any(|entry| entry.starts_with(&needle))
    };
    if holds("EncryptedPackage") {
        return Err(encrypted());
    }
    if holds("WordDocument") {
        return Err(unsupported("документ Word", "a Word document"));
    }
    Ok(Container::Cfb)
}

/// The refusal of a file behind a password.
pub fn encrypted() -> Refusal {
    Refusal::new(
        "file_encrypted",
        "книга защищена паролем; сохраните её без пароля",
        "the workbook is protected by a password; save it without one",
    )
}

fn unsupported(ru: &str, en: &str) -> Refusal {
    Refusal::new(
        "file_unsupported",
        format!("это {ru}, а не таблица; в 1С выберите «Сохранить как…» → «Лист Excel2007 (*.xlsx)»"),
        format!("this is {en}, not a table; in 1C choose “Save as…” → “Excel 2007 sheet (*.xlsx)”"),
    )
}

fn named(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    const MAGIC: &[(&[u8], &str, &str)] = &[
        (b"MOXCEL", "табличный документ 1С (MXL)", "a 1C spreadsheet document (MXL)"),
        (b"%PDF", "документ PDF", "a PDF document"),
        (b"\x89PNG", "рисунок PNG", "a PNG picture"),
        (b"\xFF\xD8\xFF", "рисунок JPEG", "a JPEG picture"),
        (b"GIF8", "рисунок GIF", "a GIF picture"),
        (b"II*\0", "рисунок TIFF", "a TIFF picture"),
        (b"MM\0*", "рисунок TIFF", "a TIFF picture"),
        (b"{\\rtf", "документ RTF", "an RTF document"),
        (b"Rar!", "архив RAR", "a RAR archive"),
        (b"7z\xBC\xAF", "архив 7z", "a 7z archive"),
        (b"\x1F\x8B", "архив gzip", "a gzip archive"),
        (b"SQLite format 3\0", "база SQLite", "an SQLite database"),
        (b"\x7FELF", "программа", "a program"),
    ];
    let body = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if let Some((_, ru, en)) = MAGIC.iter().find(|(magic, _, _)| body.starts_with(magic)) {
        return Some((ru, en));
    }
    if body.starts_with(b"BM") && body.iter().take(32).any(|b| *b == 0) {
        return Some(("рисунок BMP", "a BMP picture"));
    }
    is_dbf(bytes).then_some(("таблица DBF", "a DBF table"))
}

/// dBASE: version byte, date of change (year, month, day), and a header of 32 + 32 n + 1 bytes (Visual FoxPro adds 263)
/// that ends with 0x0D.
fn is_dbf(bytes: &[u8]) -> bool {
    let at = |i: usize| bytes.get(i).copied().unwrap_or(0);
    let version = matches!(at(0), 0x02 | 0x03 | 0x04 | 0x05 | 0x30..=0x32 | 0x43 | 0x63 | 0x83 | 0x8B | 0xCB | 0xF5);
    let header = usize::from(u16::from_le_bytes([at(8), at(9)]));
    let end_mark = |end: usize| header >= end + 32 && bytes.get(header - end).is_some_and(|b| *b == 0x0D);
    version && (1..=12).contains(&at(2)) && (1..=31).contains(&at(3)) && (end_mark(1) || end_mark(264))
}

fn markup(bytes: &[u8]) -> Option<Refusal> {
    let head = &bytes[..bytes.len().min(4096)];
    // UTF-16 markup is recognised by its ASCII letters.
    let text: String = head.iter().filter(|b| b.is_ascii() && **b != 0).map(|b| char::from(*b)).collect();
    let text = text.trim_start().to_ascii_lowercase();
    if !text.starts_with('<') {
        return None;
    }
    if text.contains("schemas-microsoft-com:office:spreadsheet") || text.contains("excel.sheet") {
        return Some(unsupported("таблица XML 2003 (SpreadsheetML)", "an XML 2003 spreadsheet (SpreadsheetML)"));
    }
    if ["<html", "<table", "<!doctype html", "<body", "<head"].iter().any(|tag| text.contains(tag)) {
        return Some(unsupported(
            "веб-страница (HTML), хотя имя может кончаться на .xls",
            "a web page (HTML), though its name may end in .xls",
        ));
    }
    (text.starts_with("<?xml") || text.contains("</") || text.contains("xmlns"))
        .then(|| unsupported("документ XML", "an XML document"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_that_are_not_read_are_named() {
        let named = |bytes: &[u8]| sniff(bytes).expect_err("refused").message.ru;
        assert!(named(b"MOXCEL\0\x08\0\x01\0").contains("MXL"));
        assert!(named(b"\xEF\xBB\xBF<!DOCTYPE HTML PUBLIC><HTML>").contains("HTML"));
        assert!(named(b"<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?>").contains("SpreadsheetML"));
        assert!(named(b"%PDF-1.4").contains("PDF"));
        assert!(named(b"  \r\n").contains("пуст"));
    }

    #[test]
    fn text_that_only_resembles_a_format_is_text() {
        for text in ["BMW ООО;1", "<Не указан>;5", "MO;1"] {
            assert_eq!(sniff(text.as_bytes()), Ok(Container::Text), "{text}");
        }
    }
}
