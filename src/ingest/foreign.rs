//! Formats that are not read, each named with what to do instead. Deliberately absent: telling what is read
//! (`container`), archives that may be workbooks (`zip_guard`).

use super::{container, read::Refusal};

/// How far a mail's or a page's head is looked at.
const HEAD: usize = 4096;

/// What to do instead.
#[derive(Clone, Copy)]
enum Do {
    /// The program that made it can save a workbook.
    SaveAs,
    /// It has to be unpacked.
    Unpack,
    /// The table itself is elsewhere.
    Export,
}

/// Names a format by its first bytes.
pub fn named(bytes: &[u8]) -> Option<Refusal> {
    const MAGIC: &[(&[u8], &str, &str, Do)] = &[
        (b"MOXCEL", "табличный документ 1С (MXL)", "a 1C spreadsheet document (MXL)", Do::SaveAs),
        (b"%PDF", "документ PDF", "a PDF document", Do::Export),
        (b"{\\rtf", "документ RTF", "an RTF document", Do::Export),
        // BIFF2 to BIFF4 were written without a compound file.
        (b"\x09\x00\x04\x00", "таблица Excel 2–4", "an Excel 2 to 4 sheet", Do::SaveAs),
        (b"\x09\x02\x06\x00", "таблица Excel 2–4", "an Excel 2 to 4 sheet", Do::SaveAs),
        (b"\x09\x04\x06\x00", "таблица Excel 2–4", "an Excel 2 to 4 sheet", Do::SaveAs),
        // Only as Excel and LibreOffice write it: `ID;Phone` is the head of a list.
        (b"ID;PWXL", "таблица SYLK", "a SYLK table", Do::SaveAs),
        (b"ID;PCALCOOO", "таблица SYLK", "a SYLK table", Do::SaveAs),
        (b"SQLite format 3\0", "база SQLite", "an SQLite database", Do::Export),
        (b"\x00\x01\x00\x00Standard ", "база Access", "an Access database", Do::Export),
        (b"1CDBMSV8", "база 1С", "a 1C database", Do::Export),
        (b"\x89PNG", "рисунок PNG", "a PNG picture", Do::Export),
        (b"\xFF\xD8\xFF", "рисунок JPEG", "a JPEG picture", Do::Export),
        (b"GIF8", "рисунок GIF", "a GIF picture", Do::Export),
        (b"II*\0", "рисунок TIFF", "a TIFF picture", Do::Export),
        (b"MM\0*", "рисунок TIFF", "a TIFF picture", Do::Export),
        (b"\x7FELF", "программа", "a program", Do::Export),
        (b"MZ\x90", "программа", "a program", Do::Export),
        (b"Rar!", "архив RAR", "a RAR archive", Do::Unpack),
        (b"7z\xBC\xAF", "архив 7z", "a 7z archive", Do::Unpack),
        (b"\x1F\x8B", "архив gzip", "a gzip archive", Do::Unpack),
    ];
    let body = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if let Some((_, ru, en, todo)) = MAGIC.iter().find(|(magic, ..)| body.starts_with(magic)) {
        return Some(refusal(ru, en, *todo));
    }
    if body.starts_with(b"BM") && body.iter().take(32).any(|b| *b == 0) {
        return Some(refusal("рисунок BMP", "a BMP picture", Do::Export));
    }
    let head: String = body.iter().take(HEAD).map(|b| char::from(b.to_ascii_lowercase())).collect();
    let start = head.trim_start();
    if head.contains("mime-version:") && head.contains("multipart/related") {
        return Some(refusal("веб-страница в одном файле (MHTML)", "a web page in a single file (MHTML)", Do::SaveAs));
    }
    let squeezed: String = start.chars().filter(|c| !c.is_whitespace()).take(200).collect();
    ((squeezed.starts_with("{\"") || squeezed.starts_with("[{\"") || squeezed.starts_with("[[\""))
        && squeezed.contains("\":"))
    .then(|| refusal("ответ программы (JSON)", "a program's answer (JSON)", Do::Export))
}

/// Names what a compound file holds besides a workbook.
pub fn compound(bytes: &[u8]) -> Option<Refusal> {
    let utf16 = |name: &str| name.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let holds = |name: &str| {
        let needle = utf16(name);
        // Names of streams lie in the directory, 128 bytes an entry, each entry beginning with its name.
        bytes.chunks(128).any(|entry| entry.starts_with(&needle))
    };
    if holds("EncryptedPackage") {
        return Some(container::encrypted());
    }
    // A workbook may embed any of these.
    if holds("Workbook\0") || holds("Book\0") {
        return None;
    }
    let other = [
        ("WordDocument", "документ Word", "a Word document", Do::SaveAs),
        ("PowerPoint Document", "презентация PowerPoint", "a PowerPoint presentation", Do::Export),
        ("__properties_version1.0", "письмо Outlook", "an Outlook mail", Do::Unpack),
        ("VisioDocument", "схема Visio", "a Visio drawing", Do::Export),
    ];
    other.iter().find(|(name, ..)| holds(name)).map(|(_, ru, en, todo)| refusal(ru, en, *todo))
}

/// Names an XML document (lower case) that is no table.
pub fn xml(head: &str) -> Refusal {
    match () {
        () if head.contains("word.document") || head.contains("office/word/2003") => {
            refusal("документ Word (XML)", "a Word document (XML)", Do::SaveAs)
        }
        () if head.contains("opendocument") && head.contains("office:document") => refusal(
            "таблица LibreOffice в одном файле XML (.fods)",
            "a flat XML table of LibreOffice (.fods)",
            Do::SaveAs,
        ),
        () => refusal("документ XML", "an XML document", Do::Export),
    }
}

fn refusal(ru: &str, en: &str, todo: Do) -> Refusal {
    let (instead, instead_en) = match todo {
        Do::SaveAs => (
            "откройте файл в программе, где он сделан (в 1С, Excel, LibreOffice), и выберите «Сохранить как…» → «Лист Excel2007 (*.xlsx)»",
            "open it in the program that made it (1C, Excel, LibreOffice) and choose “Save as…” → “Excel 2007 sheet (*.xlsx)”",
        ),
        Do::Unpack => ("распакуйте и положите таблицы по одной", "unpack it and put the tables one by one"),
        Do::Export => (
            "сохраните отчёт в 1С заново: «Сохранить как…» → «Лист Excel2007 (*.xlsx)»",
            "save the report in 1C again: “Save as…” → “Excel 2007 sheet (*.xlsx)”",
        ),
    };
    Refusal::new(
        "file_unsupported",
        format!("это {ru}, такие файлы не читаются; {instead}"),
        format!("this is {en}; such files are not read: {instead_en}"),
    )
}
