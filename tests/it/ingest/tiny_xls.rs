//! A writer of the smallest BIFF8 workbook in a compound file: one sheet, texts and numbers. No program on hand writes
//! `.xls`, and its cells carry no check sum, so it is what the law of totals is hardest on. Deliberately absent: styles.

use super::mutation_seeds::{Cell, Table};

const SECTOR: usize = 512;
const FREE: u32 = 0xFFFF_FFFF;
const END: u32 = 0xFFFF_FFFE;
const FAT: u32 = 0xFFFF_FFFD;

/// The workbook.
pub fn write(table: &Table) -> Vec<u8> {
    compound(&stream(table))
}

fn record(out: &mut Vec<u8>, kind: u16, body: &[u8]) {
    out.extend(kind.to_le_bytes());
    out.extend((body.len() as u16).to_le_bytes());
    out.extend(body);
}

fn stream(table: &Table) -> Vec<u8> {
    let bof = |kind: u16| {
        let words = [0x0600, kind, 0x0DBB, 0x07CC, 0, 0, 6, 0];
        words.iter().flat_map(|w: &u16| w.to_le_bytes()).collect::<Vec<u8>>()
    };
    let mut out = Vec::new();
    record(&mut out, 0x0809, &bof(0x0005));
    record(&mut out, 0x0042, &1200_u16.to_le_bytes());
    let name = b"TDSheet";
    let sheet_at = out.len() + 4 + 8 + name.len() + 4;
    let mut bound = (sheet_at as u32).to_le_bytes().to_vec();
    bound.extend([0, 0, name.len() as u8, 0]);
    bound.extend(name);
    record(&mut out, 0x0085, &bound);
    record(&mut out, 0x000A, &[]);
    record(&mut out, 0x0809, &bof(0x0010));
    let mut dimensions = 0_u32.to_le_bytes().to_vec();
    dimensions.extend((table.len() as u32).to_le_bytes());
    dimensions.extend([0, 0, 7, 0, 0, 0]);
    record(&mut out, 0x0200, &dimensions);
    for (row, cells) in (0_u16..).zip(table) {
        for (column, cell) in (0_u16..).zip(cells) {
            let mut body: Vec<u8> = [row, column, 0].iter().flat_map(|w| w.to_le_bytes()).collect();
            match cell {
                Cell::Text(text) if text.is_empty() => {}
                Cell::Text(text) => {
                    let units: Vec<u16> = text.encode_utf16().collect();
                    body.extend((units.len() as u16).to_le_bytes());
                    body.push(1);
                    body.extend(units.iter().flat_map(|u| u.to_le_bytes()));
                    record(&mut out, 0x0204, &body);
                }
                Cell::Money(kopecks) => {
                    body.extend((*kopecks as f64 / 100.0).to_le_bytes());
                    record(&mut out, 0x0203, &body);
                }
            }
        }
    }
    record(&mut out, 0x000A, &[]);
    out
}

/// Header, one sector of the allocation table, one of the directory, then the stream (long enough for no small ones).
fn compound(stream: &[u8]) -> Vec<u8> {
    let mut body = stream.to_vec();
    body.resize(body.len().max(4096).next_multiple_of(SECTOR), 0);
    let sectors = body.len() / SECTOR;
    assert!(sectors + 2 <= SECTOR / 4, "one sector of the table holds them");

    let mut out = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    out.resize(24, 0);
    for word in [0x003E_u16, 0x0003, 0xFFFE, 9, 6, 0, 0, 0] {
        out.extend(word.to_le_bytes());
    }
    // Directory sectors (0), table sectors, first of the directory, signature, cutoff, no small and no further tables.
    for word in [0, 1, 1, 0, 4096, END, 0, END, 0, 0] {
        out.extend(u32::to_le_bytes(word));
    }
    out.resize(SECTOR, 0xFF);

    let chain = (2..).take(sectors).map(|s| if s as usize == sectors + 1 { END } else { s + 1 });
    let table: Vec<u32> = [FAT, END].into_iter().chain(chain).collect();
    out.extend(table.iter().copied().chain(std::iter::repeat(FREE)).take(SECTOR / 4).flat_map(u32::to_le_bytes));

    out.extend(entry("Root Entry", 5, 1, END, 0));
    out.extend(entry("Workbook", 2, FREE, 2, body.len() as u32));
    out.extend(entry("", 0, FREE, 0, 0));
    out.extend(entry("", 0, FREE, 0, 0));
    out.extend(body);
    out
}

fn entry(name: &str, kind: u8, child: u32, start: u32, size: u32) -> Vec<u8> {
    let mut out: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let length = if name.is_empty() { 0 } else { out.len() as u16 + 2 };
    out.resize(64, 0);
    out.extend(length.to_le_bytes());
    out.extend([kind, 1]);
    out.extend([FREE, FREE, child].into_iter().flat_map(u32::to_le_bytes));
    out.resize(116, 0);
    out.extend(start.to_le_bytes());
    out.extend(size.to_le_bytes());
    out.resize(128, 0);
    out
}
