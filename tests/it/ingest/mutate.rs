//! Seeded changes to files: of raw bytes, and inside the parts of a ZIP container (rows, cells, types, references,
//! strings, tags). One change a mutant. Deliberately absent: what a reader may make of the result (`mutation`).

use std::{
    io::{Cursor, Read, Write},
    ops::Range,
};

/// SplitMix64: small, seeded, the same everywhere.
pub struct Dice(u64);

impl Dice {
    /// Dice that always fall the same for a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Below `n`; 0 when `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % n.max(1) as u64) as usize
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len()))
    }
}

/// Parts of a ZIP container, in order.
pub type Parts = Vec<(String, Vec<u8>)>;

/// Takes a container apart.
pub fn unzip(bytes: &[u8]) -> Parts {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    let count = archive.len();
    let part = |index| {
        let mut entry = archive.by_index(index).expect("an entry");
        let name = entry.name().expect("a name").into_owned();
        let mut body = Vec::new();
        entry.read_to_end(&mut body).expect("a body");
        (name, body)
    };
    (0..count).map(part).collect()
}

/// Puts a container together, without packing.
pub fn zip(parts: &Parts) -> Vec<u8> {
    let plain = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, body) in parts {
        writer.start_file(name.as_str(), plain).expect("start");
        writer.write_all(body).expect("write");
    }
    writer.finish().expect("finish").into_inner()
}

/// Changes raw bytes; says how.
pub fn raw(bytes: &mut Vec<u8>, dice: &mut Dice) -> String {
    let at = dice.below(bytes.len());
    match dice.below(8) {
        0 => {
            bytes.truncate(at);
            format!("cut at {at}")
        }
        1 => {
            let length = 1 + dice.below(16);
            bytes.drain(at..(at + length).min(bytes.len()));
            format!("{length} bytes dropped at {at}")
        }
        2 => {
            let length = 1 + dice.below(64);
            let piece = bytes[at..(at + length).min(bytes.len())].to_vec();
            bytes.splice(at..at, piece);
            format!("{length} bytes doubled at {at}")
        }
        3 => {
            let byte = dice.below(256) as u8;
            bytes.insert(at, byte);
            format!("byte {byte:#04x} put in at {at}")
        }
        4 => {
            let byte = *dice.pick(b"0123456789,.;-\"\n\t <>/=").expect("a byte");
            bytes[at] = byte;
            format!("byte at {at} set to {:?}", char::from(byte))
        }
        _ => {
            let bit = dice.below(8);
            bytes[at] ^= 1 << bit;
            format!("bit {bit} turned at {at}")
        }
    }
}

/// Changes one part, or the list of parts; says how.
pub fn inside(parts: &mut Parts, dice: &mut Dice) -> String {
    let wanted = match dice.below(20) {
        0..=11 => "sheet1.xml",
        12..=15 => "haredStrings.xml",
        16 => "workbook.xml",
        17 => "styles.xml",
        18 => return of_the_list(parts, dice),
        _ => ".",
    };
    let named: Vec<usize> = (0..parts.len()).filter(|i| parts[*i].0.contains(wanted)).collect();
    let which = dice.pick(&named).copied().unwrap_or_else(|| dice.below(parts.len()));
    let (name, body) = &mut parts[which];
    let text = String::from_utf8(body.clone()).unwrap_or_default();
    let changed = (!text.is_empty() && dice.below(10) > 0).then(|| structure(&text, dice)).flatten();
    match changed {
        Some((new, how)) => {
            *body = new.into_bytes();
            format!("{name}: {how}")
        }
        None if body.is_empty() => format!("{name}: nothing"),
        None => format!("{name}: {}", raw(body, dice)),
    }
}

fn of_the_list(parts: &mut Parts, dice: &mut Dice) -> String {
    let which = dice.below(parts.len());
    match dice.below(3) {
        0 => format!("part {} dropped", parts.remove(which).0),
        1 => {
            let other = dice.below(parts.len());
            let body = parts[other].1.clone();
            parts[which].1 = body;
            format!("part {} replaced by {}", parts[which].0, parts[other].0)
        }
        _ => {
            parts.reverse();
            "parts in reverse order".to_owned()
        }
    }
}

/// Spans of the elements of a name; elements of one name do not nest in what is changed here.
pub fn elements(xml: &str, tag: &str) -> Vec<Range<usize>> {
    let (open, close) = (format!("<{tag}"), format!("</{tag}>"));
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = xml[from..].find(&open).map(|at| from + at) {
        from = start + open.len();
        if !xml[from..].starts_with([' ', '>', '/']) {
            continue;
        }
        let Some(gt) = xml[from..].find('>').map(|at| from + at) else { break };
        let end = if xml.as_bytes()[gt - 1] == b'/' {
            gt + 1
        } else {
            let Some(end) = xml[gt..].find(&close).map(|at| gt + at + close.len()) else { break };
            end
        };
        found.push(start..end);
        from = end;
    }
    found
}

fn structure(xml: &str, dice: &mut Dice) -> Option<(String, String)> {
    let list = |tags: &[&str]| tags.iter().map(|tag| elements(xml, tag)).find(|found| !found.is_empty());
    let rows = || list(&["row", "si", "table:table-row", "xf"]);
    let cells = || list(&["c", "si", "table:table-cell", "xf"]);
    let either = |dice: &mut Dice| if dice.below(2) == 0 { rows() } else { cells() };
    let change = |at: &Range<usize>, new: &str| format!("{}{new}{}", &xml[..at.start], &xml[at.end..]);
    Some(match dice.below(16) {
        0 => {
            let found = either(dice)?;
            let one = dice.pick(&found)?;
            (change(one, ""), format!("dropped {}", &xml[one.clone()]))
        }
        1 => {
            let found = either(dice)?;
            let one = dice.pick(&found)?;
            (change(one, &xml[one.clone()].repeat(2)), format!("doubled {}", &xml[one.clone()]))
        }
        2 | 3 => {
            let found = either(dice)?;
            let (a, b) = (dice.pick(&found)?.clone(), dice.pick(&found)?.clone());
            swap(xml, a, b)?
        }
        4 => {
            // The content of two cells, references left where they are.
            let found = list(&["v", "t", "text:p"])?;
            let (a, b) = (dice.pick(&found)?.clone(), dice.pick(&found)?.clone());
            swap(xml, a, b)?
        }
        5..=7 => {
            let digits: Vec<usize> =
                xml.bytes().enumerate().filter(|(_, b)| b.is_ascii_digit()).map(|(i, _)| i).collect();
            let at = *dice.pick(&digits)?;
            let new = dice.below(10).to_string();
            (change(&(at..at + 1), &new), format!("digit at {at} set to {new}: {}", around(xml, at)))
        }
        8 => {
            let found = attributes(xml, " t=\"");
            let one = dice.pick(&found)?;
            let new = *dice.pick(&["s", "str", "n", "b", "e", "d", "inlineStr", ""])?;
            (change(one, new), format!("t={new:?}: {}", around(xml, one.start)))
        }
        9 => {
            let found = attributes(xml, " r=\"");
            let one = dice.pick(&found)?;
            let new = dice.pick(&found).map(|other| xml[other.clone()].to_owned())?;
            (change(one, &new), format!("r={new:?}: {}", around(xml, one.start)))
        }
        10 => {
            let signs: Vec<usize> =
                xml.bytes().enumerate().filter(|(_, b)| matches!(b, b',' | b'.' | b'-')).map(|(i, _)| i).collect();
            let at = *dice.pick(&signs)?;
            let new = *dice.pick(&[",", ".", "", "-", " "])?;
            (change(&(at..at + 1), new), format!("sign at {at} set to {new:?}: {}", around(xml, at)))
        }
        11 => {
            // Blanks, a minus, a digit, an entity or a comment in front of some content.
            let found: Vec<usize> = xml.match_indices('>').map(|(i, _)| i + 1).collect();
            let at = *dice.pick(&found)?;
            let new = *dice.pick(&[" ", "\u{a0}", "-", "1", "&#49;", "<!-- 5 -->", "<![CDATA[7]]>", "\n", "0"])?;
            (change(&(at..at), new), format!("{new:?} put in at {at}: {}", around(xml, at)))
        }
        12 => {
            let found: Vec<usize> = xml.match_indices("</").map(|(i, _)| i).collect();
            let at = *dice.pick(&found)?;
            let end = xml[at..].find('>').map(|e| at + e + 1)?;
            (change(&(at..end), ""), format!("{} taken out at {at}", &xml[at..end]))
        }
        13 => {
            let found = rows()?;
            let (first, last) = (found.first()?.start, found.last()?.end);
            let turned: String = found.iter().rev().map(|one| &xml[one.clone()]).collect();
            (change(&(first..last), &turned), "rows in reverse order".to_owned())
        }
        14 => {
            // The last row is the total.
            let one = rows()?.last()?.clone();
            (change(&one, ""), "last row dropped".to_owned())
        }
        _ => {
            let found: Vec<usize> = xml.match_indices(' ').map(|(i, _)| i).collect();
            let at = *dice.pick(&found)?;
            let end = xml[at + 1..].find([' ', '>', '/']).map(|e| at + 1 + e)?;
            (change(&(at..end), ""), format!("{:?} taken out at {at}", &xml[at..end]))
        }
    })
}

fn swap(xml: &str, a: Range<usize>, b: Range<usize>) -> Option<(String, String)> {
    let (first, second) = if a.start < b.start { (a, b) } else { (b, a) };
    let between = xml.get(first.end..second.start)?;
    let (one, other) = (&xml[first.clone()], &xml[second.clone()]);
    let new = format!("{}{other}{between}{one}{}", &xml[..first.start], &xml[second.end..]);
    Some((new, format!("swapped {one} and {other}")))
}

/// Spans of the values of an attribute.
fn attributes(xml: &str, opening: &str) -> Vec<Range<usize>> {
    let spans = xml.match_indices(opening).map(|(at, _)| at + opening.len());
    spans.filter_map(|start| Some(start..start + xml[start..].find('"')?)).collect()
}

fn around(xml: &str, at: usize) -> &str {
    let floor = (0..=at.saturating_sub(30)).rev().find(|i| xml.is_char_boundary(*i)).unwrap_or(0);
    let ceiling = ((at + 30).min(xml.len())..=xml.len()).find(|i| xml.is_char_boundary(*i)).unwrap_or(xml.len());
    &xml[floor..ceiling]
}
