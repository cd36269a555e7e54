//! Text in a code page of one byte a character, decoded by table: several times as fast as step by step. Deliberately
//! absent: which code page it is (`encoding`).

use std::borrow::Cow;

use encoding_rs::Encoding;

/// Bytes decoded at once.
const CHUNK: usize = 4096;
/// Bytes looked at to tell how long the text will be.
const SAMPLE: usize = 256 << 10;
/// By how much a large text grows when that was too little.
const STEP: usize = 16 << 20;

/// Bytes that are looked at together, and what makes one of them no ASCII.
const RUN: usize = 8;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// A character in UTF-8 and, last, its length.
type Entry = [u8; 4];

/// Decodes a text as `encoding` does, which has to be one of single bytes.
pub(super) fn decode(bytes: &[u8], encoding: &'static Encoding) -> String {
    let table = table(encoding);
    let length = |bytes: &[u8]| bytes.iter().map(|b| usize::from(entry(&table, *b)[3])).sum::<usize>();
    let sample = bytes.get(..SAMPLE).unwrap_or(bytes);
    let (looked, whole) = (sample.len().max(1), bytes.len());
    let likely = (length(sample) as u128 * whole as u128 / looked as u128) as usize;
    let mut text = String::with_capacity(likely + likely / 64);
    // Room for the longest characters, and for the length that is written behind the last of them.
    let mut block = [0_u8; CHUNK * 3 + RUN];
    for chunk in bytes.chunks(CHUNK) {
        let mut filled = 0;
        for bytes in chunk.chunks(RUN) {
            // The signs of ASCII mean themselves in every code page of `encoding`; most fields are digits.
            if let Some(run) = bytes.first_chunk::<RUN>().filter(|run| u64::from_ne_bytes(**run) & HIGH == 0)
                && let Some(room) = block.get_mut(filled..).and_then(<[u8]>::first_chunk_mut)
            {
                *room = *run;
                filled += RUN;
                continue;
            }
            for byte in bytes {
                let entry = entry(&table, *byte);
                if let Some(room) = block.get_mut(filled..).and_then(<[u8]>::first_chunk_mut) {
                    *room = entry;
                }
                filled += usize::from(entry[3]);
            }
        }
        let part = std::str::from_utf8(block.get(..filled).unwrap_or_default())
            .map_or_else(|_| encoding.decode_without_bom_handling(chunk).0, Cow::Borrowed);
        if text.capacity() - text.len() < part.len() {
            text.reserve_exact(part.len().max(STEP.min(whole)));
        }
        text.push_str(&part);
    }
    text
}

fn entry(table: &[Entry; 256], byte: u8) -> Entry {
    table.get(usize::from(byte)).copied().unwrap_or_default()
}

fn table(encoding: &'static Encoding) -> [Entry; 256] {
    let mut bytes = 0..=u8::MAX;
    std::array::from_fn(|_| {
        let byte = [bytes.next().unwrap_or_default()];
        let (text, _) = encoding.decode_without_bom_handling(&byte);
        let mut entry = Entry::default();
        for (slot, byte) in entry.iter_mut().zip(text.bytes()) {
            *slot = byte;
        }
        entry[3] = text.len() as u8;
        entry
    })
}

#[cfg(test)]
mod tests {
    use encoding_rs::{IBM866, KOI8_R, WINDOWS_1251, WINDOWS_1252, WINDOWS_1253};

    use super::*;

    /// Every byte, beside every kind of neighbour, across the borders of chunks.
    #[test]
    fn the_table_decodes_as_the_library_does() {
        let mut bytes: Vec<u8> = (0..=u8::MAX).collect();
        for gap in 1..=u8::MAX {
            bytes.extend((0..=u8::MAX).map(|b| b.wrapping_mul(gap).wrapping_add(gap)));
        }
        for encoding in [WINDOWS_1251, IBM866, KOI8_R, WINDOWS_1252, WINDOWS_1253] {
            for length in [0, 1, 255, CHUNK - 1, CHUNK, CHUNK + 1, bytes.len()] {
                let part = &bytes[..length];
                assert_eq!(decode(part, encoding), encoding.decode_without_bom_handling(part).0, "{}", encoding.name());
            }
        }
    }
}
