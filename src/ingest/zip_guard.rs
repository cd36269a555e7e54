//! Limits on a ZIP container before a workbook reader opens it: number of entries, inflated bytes (declared and really
//! counted), ratio, parts that share a name or their bytes, and what the container is. Every part is inflated once, so
//! its check sum is checked too, used or not; those that our own reader inflated to their end, within what they declare,
//! are not inflated again. Deliberately absent: the meaning of any part.

use std::{
    collections::HashSet,
    io::{Cursor, Read},
};

use zip::ZipArchive;

use super::{
    container,
    read::{ReadLimits, Refusal},
};

/// Workbooks that come as ZIP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ZipKind {
    /// Office Open XML: xlsx, xlsm.
    Xlsx,
    /// Office Open XML with binary parts.
    Xlsb,
    /// OpenDocument.
    Ods,
}

/// The ratio is only looked at beyond this many inflated bytes: small parts of blanks pack well and harm nobody.
const RATIO_MATTERS: u64 = 8 << 20;

/// A container whose directory was checked, but whose parts were not inflated yet.
pub struct Looked<'a> {
    /// What it is.
    pub kind: ZipKind,
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// Bytes that each part declares.
    declared: Vec<u64>,
    /// Packed bytes of all parts.
    packed: u64,
}

impl Looked<'_> {
    /// Inflates every part and checks what really comes out.
    pub fn count(&mut self, limits: &ReadLimits) -> Result<(), Refusal> {
        self.count_beside(&HashSet::new(), limits)
    }

    /// The same, but for the parts that were inflated to their end and gave no more than they declare.
    pub fn count_beside(&mut self, inflated: &HashSet<usize>, limits: &ReadLimits) -> Result<(), Refusal> {
        let known = self.declared.iter().zip(0..).filter(|(_, index)| inflated.contains(index));
        let known = known.fold(0_u64, |sum, (size, _)| sum.saturating_add(*size));
        let counted = count(&mut self.archive, known, inflated, limits)?;
        within(counted, self.packed, limits)
    }
}

/// Checks the container and tells its kind.
pub fn check(bytes: &[u8], limits: &ReadLimits) -> Result<ZipKind, Refusal> {
    let mut looked = look(bytes, limits)?;
    looked.count(limits).map(|()| looked.kind)
}

/// Checks all that the directory tells. What is inflated before `count` said yes must be bounded by what it declares.
pub fn look<'a>(bytes: &'a [u8], limits: &ReadLimits) -> Result<Looked<'a>, Refusal> {
    let tail = &bytes[bytes.len().saturating_sub(65_557)..];
    if !tail.windows(4).any(|w| w == b"PK\x05\x06") {
        return Err(Refusal::new(
            "file_incomplete",
            "файл обрывается: он скопирован не до конца; дождитесь конца копирования или выгрузите заново",
            "the file breaks off: it was not copied to its end; wait for the copy or export it again",
        ));
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    if archive.len() > limits.max_entries {
        return Err(bomb(
            &format!("в нём {} частей, можно {}", archive.len(), limits.max_entries),
            &format!("it has {} parts, {} are allowed", archive.len(), limits.max_entries),
        ));
    }
    let mut names = Vec::with_capacity(archive.len());
    let (mut declared, mut packed) = (Vec::with_capacity(archive.len()), 0_u64);
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(|error| damaged(&error))?;
        if entry.encrypted() {
            return Err(container::encrypted());
        }
        declared.push(entry.size());
        packed = packed.saturating_add(entry.compressed_size());
        let name = entry.name().map(|name| name.replace('\\', "/").to_lowercase());
        names.push(name.unwrap_or_default());
    }
    // Two parts of one name (readers fold case and slashes) show different tables to different programs.
    let distinct: HashSet<&String> = names.iter().collect();
    if distinct.len() < names.len() || listed(tail).is_some_and(|listed| listed != archive.len()) {
        return Err(doubled("две части с одним именем", "two parts of the same name"));
    }
    if packed > bytes.len() as u64 {
        return Err(doubled("части лежат одна на другой", "parts that overlap"));
    }
    within(declared.iter().fold(0_u64, |sum, size| sum.saturating_add(*size)), packed, limits)?;
    let kind = kind_of(&names, &mut archive)?;
    Ok(Looked { kind, archive, declared, packed })
}

/// Number of parts that the end of the directory tells; the list above holds parts of one name once. `None` when it is
/// told elsewhere (ZIP64).
fn listed(tail: &[u8]) -> Option<usize> {
    let end = tail.windows(12).rev().find(|w| w.starts_with(b"PK\x05\x06"))?;
    let count = u16::from_le_bytes([*end.get(10)?, *end.get(11)?]);
    (count != u16::MAX).then_some(usize::from(count))
}

fn within(inflated: u64, packed: u64, limits: &ReadLimits) -> Result<(), Refusal> {
    if inflated > limits.max_inflated {
        let mib = limits.max_inflated >> 20;
        return Err(bomb(
            &format!("в развёрнутом виде он больше {mib} МиБ"),
            &format!("unpacked it is larger than {mib} MiB"),
        ));
    }
    if inflated > RATIO_MATTERS && inflated / packed.max(1) > limits.max_ratio {
        return Err(bomb(
            &format!("он сжат более чем в {} раз", limits.max_ratio),
            &format!("it is packed more than {} times", limits.max_ratio),
        ));
    }
    Ok(())
}

/// Bytes that really come out, beside those of the parts that are known; stops one byte beyond the limit.
fn count(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    known: u64,
    inflated: &HashSet<usize>,
    limits: &ReadLimits,
) -> Result<u64, Refusal> {
    let mut counted = known;
    let mut buffer = vec![0_u8; 64 << 10];
    for index in (0..archive.len()).filter(|index| !inflated.contains(index)) {
        let mut entry = archive.by_index(index).map_err(|error| damaged(&error))?;
        loop {
            match entry.read(&mut buffer) {
                Ok(0) => break,
                Ok(n) => counted += n as u64,
                Err(error) => return Err(damaged(&error)),
            }
            if counted > limits.max_inflated {
                return Ok(counted);
            }
        }
    }
    Ok(counted)
}

fn kind_of(names: &[String], archive: &mut ZipArchive<Cursor<&[u8]>>) -> Result<ZipKind, Refusal> {
    let has = |end: &str| names.iter().any(|n| n == end || n.ends_with(&format!("/{end}")));
    let mut mimetype = String::new();
    if let Ok(entry) = archive.by_name("mimetype") {
        let _ = entry.take(100).read_to_string(&mut mimetype);
    }
    if has("workbook.bin") {
        return Ok(ZipKind::Xlsb);
    }
    if has("workbook.xml") || (has("[content_types].xml") && names.iter().any(|n| n.starts_with("xl/"))) {
        return Ok(ZipKind::Xlsx);
    }
    if mimetype.contains("opendocument.spreadsheet")
        || (mimetype.is_empty() && names.iter().any(|n| n == "content.xml"))
    {
        return Ok(ZipKind::Ods);
    }
    let (ru, en) = if names.iter().any(|n| n.starts_with("word/")) || mimetype.contains("opendocument.text") {
        (
            "это текстовый документ, а не таблица; сохраните таблицу как .xlsx",
            "this is a text document, not a table; save the table as .xlsx",
        )
    } else {
        (
            "это архив ZIP, а не книга Excel; распакуйте его и положите файлы по одному",
            "this is a ZIP archive, not a workbook; unpack it and put the files one by one",
        )
    };
    Err(Refusal::new("file_unsupported", ru, en))
}

/// What no program writes, but somebody may make by hand.
fn doubled(ru: &str, en: &str) -> Refusal {
    Refusal::new(
        "file_damaged",
        format!("файл повреждён ({ru}); выгрузите его заново"),
        format!("the file is damaged ({en}); export it again"),
    )
}

fn damaged(_cause: &impl std::fmt::Display) -> Refusal {
    Refusal::new(
        "file_damaged",
        "файл повреждён или записан не до конца; выгрузите его заново",
        "the file is damaged or was not written to its end; export it again",
    )
}

fn bomb(ru: &str, en: &str) -> Refusal {
    Refusal::new(
        "file_bomb",
        format!("файл не похож на обычную книгу: {ru}; выгрузите меньший период в .csv или .xlsx"),
        format!("the file is not an ordinary workbook: {en}; export a shorter period as .csv or .xlsx"),
    )
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::{ZipWriter, write::SimpleFileOptions};

    use super::*;

    fn archive(parts: &[(&str, usize)]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, zeros) in parts {
            writer.start_file(*name, SimpleFileOptions::default()).expect("start");
            writer.write_all(&vec![b' '; *zeros]).expect("write");
        }
        writer.finish().expect("finish").into_inner()
    }

    #[test]
    fn kinds_are_told_by_the_parts() {
        let limits = ReadLimits::default();
        assert_eq!(check(&archive(&[("xl\\workbook.xml", 10)]), &limits), Ok(ZipKind::Xlsx));
        assert_eq!(check(&archive(&[("xl/workbook.bin", 10)]), &limits), Ok(ZipKind::Xlsb));
        assert_eq!(check(&archive(&[("content.xml", 10)]), &limits), Ok(ZipKind::Ods));
        assert_eq!(check(&archive(&[("a.txt", 10)]), &limits).expect_err("refused").code, "file_unsupported");
    }

    #[test]
    fn a_part_that_inflates_a_thousand_times_is_refused() {
        let bomb = archive(&[("xl/workbook.xml", 9 << 20)]);
        assert_eq!(check(&bomb, &ReadLimits::default()).expect_err("refused").code, "file_bomb");
        let small = archive(&[("xl/workbook.xml", 1 << 20)]);
        assert_eq!(check(&small, &ReadLimits::default()), Ok(ZipKind::Xlsx));
    }

    /// The same part twice: under one name, under names that readers fold into one, and over the same bytes.
    #[test]
    fn parts_that_share_a_name_or_bytes_are_refused() {
        let limits = ReadLimits::default();
        let told = |bytes: &[u8]| check(bytes, &limits).expect_err("refused").message.en;
        let folded = archive(&[("xl/workbook.xml", 10), ("XL\\workbook.xml", 10)]);
        assert!(told(&folded).contains("same name"));
        let mut twice = archive(&[("xl/workbook.xml", 10), ("xl/workbook.xmm", 10)]);
        while let Some(at) = twice.windows(15).position(|w| w == b"xl/workbook.xmm") {
            twice[at + 14] = b'l';
        }
        assert!(told(&twice).contains("same name"));
        // The second entry of the directory leads to the first part.
        let mut noise = 1_u32;
        let body: Vec<u8> = std::iter::repeat_with(|| {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (noise >> 24) as u8
        })
        .take(1000)
        .collect();
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for name in ["xl/workbook.xml", "xl/worksheets/a.xml"] {
            writer.start_file(name, SimpleFileOptions::default()).expect("start");
            writer.write_all(&body).expect("write");
        }
        let mut overlap = writer.finish().expect("finish").into_inner();
        let second = overlap.windows(4).rposition(|w| w == b"PK\x01\x02").expect("an entry");
        overlap[second + 42..second + 46].copy_from_slice(&0_u32.to_le_bytes());
        let start = overlap.windows(4).skip(4).position(|w| w == b"PK\x03\x04").expect("the second part") + 4;
        let directory = overlap.windows(4).position(|w| w == b"PK\x01\x02").expect("the directory");
        overlap.drain(start..directory);
        let end = overlap.windows(4).rposition(|w| w == b"PK\x05\x06").expect("the end");
        overlap[end + 16..end + 20].copy_from_slice(&(start as u32).to_le_bytes());
        assert!(told(&overlap).contains("overlap"), "{}", told(&overlap));
    }

    /// Sizes behind the data, as programs that stream write them; a directory of 65,535 parts that are not there; names
    /// of nothing.
    #[test]
    fn odd_containers_are_read_or_refused_and_never_believed() {
        let limits = ReadLimits::default();
        let mut streamed = ZipWriter::new_stream(Vec::new());
        streamed.start_file("xl/workbook.xml", SimpleFileOptions::default()).expect("start");
        streamed.write_all(b"<workbook/>").expect("write");
        let streamed = streamed.finish().expect("finish").into_inner();
        assert_eq!(check(&streamed, &limits), Ok(ZipKind::Xlsx));
        let mut lying = archive(&[("xl/workbook.xml", 10)]);
        let end = lying.windows(4).rposition(|w| w == b"PK\x05\x06").expect("the end");
        for count in [0_u16, 2, 0xFFFE, 0xFFFF] {
            lying[end + 8..end + 10].copy_from_slice(&count.to_le_bytes());
            lying[end + 10..end + 12].copy_from_slice(&count.to_le_bytes());
            assert!(check(&lying, &limits).is_err(), "{count}");
        }
        assert!(check(&archive(&[("", 10), ("\0", 10)]), &limits).is_err());
    }

    /// The directory may lie about the size; what comes out is counted too.
    #[test]
    fn a_lying_size_does_not_pass() {
        let mut lying = archive(&[("xl/workbook.xml", 9 << 20)]);
        let size = (9_u32 << 20).to_le_bytes();
        while let Some(at) = lying.windows(4).position(|w| w == size) {
            lying[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
        }
        let limits = ReadLimits { max_inflated: 1 << 20, ..ReadLimits::default() };
        assert!(check(&lying, &limits).is_err());
    }
}
