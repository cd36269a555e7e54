//! Pulls tags and texts out of an inflating part through one buffer, and is strict: whatever is not plain, well-formed
//! UTF-8 XML ends with "not sure". Deliberately absent: namespaces (a prefix is cut off), entities (see `text`), and
//! document types, which no workbook needs.

use std::io::Read;

use memchr::memchr;

use super::{Stop, unsure};

/// What is read at once.
const BUFFER: usize = 128 << 10;
/// Longest single tag or text; Excel allows 32,767 characters a cell.
const LONGEST: usize = 4 << 20;
/// Deepest nesting.
const DEEPEST: usize = 64;

/// The scanner of one part.
pub(super) struct Scanner<R> {
    input: R,
    buffer: Vec<u8>,
    at: usize,
    filled: usize,
    /// So far the buffer is known to be UTF-8.
    valid: usize,
    ended: bool,
    /// An element without content was opened and is to be closed next.
    closing: bool,
    /// Names of the open elements, one behind the other, and where each begins.
    names: Vec<u8>,
    open: Vec<usize>,
}

/// What comes next.
pub(super) enum Token<'a> {
    /// An element begins; one without content is closed by the next token.
    Open(Tag<'a>),
    /// An element ends; so many are still open around it.
    Close(usize),
    /// Text as it stands in the file.
    Text(&'a [u8]),
    /// Text of a CDATA section.
    CData(&'a [u8]),
    /// A comment or a processing instruction.
    Aside,
    /// The part ends, with everything closed.
    End,
}

/// Beginning of an element.
pub(super) struct Tag<'a> {
    /// Name without its prefix.
    pub name: &'a [u8],
    /// Attributes as they stand.
    pub attributes: Attributes<'a>,
}

/// Attributes of a tag, one after the other; values still have their entities.
#[derive(Clone)]
pub(super) struct Attributes<'a>(&'a [u8]);

/// Where a token lies behind `at`.
enum Shape {
    /// Name, end of the attributes, without content.
    Open(usize, usize, bool),
    Close,
    Text,
    CData,
    Aside,
}

impl<R: Read> Scanner<R> {
    /// Begins a part; a byte order mark is passed over.
    pub fn new(input: R) -> Result<Self, Stop> {
        let buffer = vec![0; BUFFER];
        let (names, open) = (Vec::new(), Vec::new());
        let mut scanner = Self { input, buffer, at: 0, filled: 0, valid: 0, ended: false, closing: false, names, open };
        scanner.fill()?;
        if scanner.rest().starts_with(b"\xEF\xBB\xBF") {
            scanner.at = 3;
        }
        Ok(scanner)
    }

    /// The next token.
    pub fn next(&mut self) -> Result<Token<'_>, Stop> {
        if self.closing {
            self.closing = false;
            self.names.truncate(self.open.pop().unwrap_or_default());
            return Ok(Token::Close(self.open.len()));
        }
        let (shape, length) = loop {
            if let Some(found) = shape(self.rest(), self.ended)? {
                break found;
            }
            if self.ended {
                // Nothing is left, or a token that never ends.
                return if self.rest().is_empty() && self.open.is_empty() { Ok(Token::End) } else { unsure() };
            }
            self.fill()?;
        };
        let from = self.at;
        self.at += length;
        let Some(whole) = self.buffer.get(from..self.at) else { return unsure() };
        Ok(match shape {
            Shape::Open(name, end, empty) => {
                let (Some(full), Some(attributes)) = (whole.get(1..name), whole.get(name..end)) else {
                    return unsure();
                };
                if self.open.len() >= DEEPEST {
                    return unsure();
                }
                self.open.push(self.names.len());
                self.names.extend_from_slice(full);
                self.closing = empty;
                Token::Open(Tag { name: local(full), attributes: Attributes(attributes) })
            }
            Shape::Close => {
                let start = self.open.last().copied().unwrap_or_default();
                let name = whole.get(2..length - 1).unwrap_or_default().trim_ascii_end();
                if self.open.is_empty() || self.names.get(start..) != Some(name) {
                    return unsure();
                }
                self.names.truncate(start);
                self.open.pop();
                Token::Close(self.open.len())
            }
            Shape::Text => Token::Text(whole),
            Shape::CData => Token::CData(whole.get(9..length - 3).unwrap_or_default()),
            Shape::Aside => Token::Aside,
        })
    }

    /// Passes over all that is inside the element that was opened last.
    pub fn skip(&mut self) -> Result<(), Stop> {
        let floor = self.open.len();
        loop {
            match self.next()? {
                Token::Close(depth) if depth < floor => return Ok(()),
                Token::End => return unsure(),
                _ => {}
            }
        }
    }

    /// Number of open elements.
    pub const fn depth(&self) -> usize {
        self.open.len()
    }

    fn rest(&self) -> &[u8] {
        self.buffer.get(self.at..self.filled).unwrap_or_default()
    }

    /// Moves what is left to the front, makes room where a token is longer than the buffer, and reads on.
    fn fill(&mut self) -> Result<(), Stop> {
        self.buffer.copy_within(self.at..self.filled, 0);
        (self.filled, self.valid, self.at) = (self.filled - self.at, self.valid.saturating_sub(self.at), 0);
        if self.filled == self.buffer.len() {
            if self.filled >= LONGEST {
                return unsure();
            }
            self.buffer.resize(self.filled * 2, 0);
        }
        while let Some(free) = self.buffer.get_mut(self.filled..).filter(|free| !free.is_empty()) {
            match self.input.read(free) {
                Ok(0) => {
                    self.ended = true;
                    break;
                }
                Ok(count) => self.filled += count,
                Err(_) => return unsure(),
            }
        }
        match std::str::from_utf8(self.buffer.get(self.valid..self.filled).unwrap_or_default()) {
            Ok(_) => self.valid = self.filled,
            // A character that the end of the buffer cuts.
            Err(error) if error.error_len().is_none() && !self.ended => self.valid += error.valid_up_to(),
            Err(_) => return unsure(),
        }
        Ok(())
    }
}

/// The first token and its length; nothing where it is not whole yet.
fn shape(rest: &[u8], ended: bool) -> Result<Option<(Shape, usize)>, Stop> {
    let (Some(first), Some(second)) = (rest.first(), rest.get(1)) else {
        return Ok((ended && rest.first().is_some_and(|b| *b != b'<')).then_some((Shape::Text, rest.len())));
    };
    if *first != b'<' {
        let end = find(rest, 0, b"<").or(ended.then_some(rest.len()));
        return Ok(end.map(|end| (Shape::Text, end)));
    }
    let until = |shape, from: usize, mark: &[u8]| Ok(find(rest, from, mark).map(|at| (shape, at + mark.len())));
    match second {
        b'/' => until(Shape::Close, 2, b">"),
        b'?' => match until(Shape::Aside, 2, b"?>")? {
            Some((_, length)) if foreign(rest.get(..length).unwrap_or_default()) => unsure(),
            found => Ok(found),
        },
        b'!' if rest.starts_with(b"<!--") => until(Shape::Aside, 4, b"-->"),
        b'!' if rest.starts_with(b"<![CDATA[") => until(Shape::CData, 9, b"]]>"),
        b'!' if rest.len() < 9 && !ended => Ok(None),
        b'!' => unsure(),
        _ => Ok(tag(rest)),
    }
}

/// A tag up to its `>`; one inside quotes does not count.
fn tag(rest: &[u8]) -> Option<(Shape, usize)> {
    let name = rest.iter().position(|b| matches!(b, b' ' | b'>' | b'\t' | b'\r' | b'\n' | b'"' | b'\''))?;
    let mut at = name;
    loop {
        at = match rest.get(at)? {
            b'>' => break,
            quote @ (b'"' | b'\'') => memchr(*quote, rest.get(at + 1..)?)? + at + 2,
            _ => at + 1,
        };
    }
    let empty = rest.get(at - 1) == Some(&b'/');
    let end = at - usize::from(empty);
    Some((Shape::Open(name.min(end), end, empty), at + 1))
}

/// Whether a declaration names another encoding than UTF-8.
fn foreign(instruction: &[u8]) -> bool {
    let text = String::from_utf8_lossy(instruction).to_ascii_lowercase();
    text.starts_with("<?xml ")
        && text.split_once("encoding").is_some_and(|(_, value)| {
            let value = value.trim_start().trim_start_matches('=').trim_start();
            !(value.starts_with("\"utf-8\"") || value.starts_with("'utf-8'"))
        })
}

fn find(bytes: &[u8], from: usize, mark: &[u8]) -> Option<usize> {
    let bytes = bytes.get(from..)?;
    let at = match mark {
        [byte] => memchr(*byte, bytes),
        _ => bytes.windows(mark.len()).position(|window| window == mark),
    };
    at.map(|at| from + at)
}

/// A name without its prefix.
pub(super) fn local(name: &[u8]) -> &[u8] {
    name.iter().position(|b| *b == b':').and_then(|at| name.get(at + 1..)).unwrap_or(name)
}

impl<'a> Attributes<'a> {
    /// Value of an attribute, by its full name.
    pub fn get(&self, key: &[u8]) -> Result<Option<&'a [u8]>, Stop> {
        let mut found = None;
        for attribute in self.clone() {
            let (name, value) = attribute?;
            if name == key && found.replace(value).is_some() {
                return unsure();
            }
        }
        Ok(found)
    }
}

impl<'a> Iterator for Attributes<'a> {
    type Item = Result<(&'a [u8], &'a [u8]), Stop>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.0.trim_ascii_start();
        if rest.is_empty() {
            return None;
        }
        let parts = || {
            let equals = find(rest, 0, b"=")?;
            let (key, behind) = (rest.get(..equals)?.trim_ascii_end(), rest.get(equals + 1..)?.trim_ascii_start());
            let quote = behind.first().copied().filter(|b| matches!(b, b'"' | b'\''))?;
            let end = find(behind, 1, &[quote])?;
            let plain = !key.iter().any(|b| matches!(b, b'"' | b'\'' | b' ' | b'\t' | b'\r' | b'\n'));
            plain.then_some(((key, behind.get(1..end)?), behind.get(end + 1..)?))
        };
        let Some((attribute, behind)) = parts() else {
            self.0 = &[];
            return Some(unsure());
        };
        self.0 = behind;
        Some(Ok(attribute))
    }
}
