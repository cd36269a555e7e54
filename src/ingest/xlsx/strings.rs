//! Shared strings of a workbook, one behind the other in a single text. The largest sheet takes that text over, so that
//! nothing is kept twice; other sheets copy what they use. Deliberately absent: formatting of runs.

use std::{collections::HashMap, io::Read};

use super::{
    Stop,
    scan::{Scanner, Token},
    text, unsure,
};
use crate::ingest::builder::{SheetBuilder, Stored, too_many_cells};

/// The shared strings.
#[derive(Default)]
pub(super) struct Strings {
    texts: String,
    /// Where each ends; it begins where the one before ends.
    ends: Vec<u32>,
}

/// How a sheet comes to its strings.
pub(super) struct Lookup<'a> {
    ends: &'a [u32],
    /// The texts to copy from; nothing where the sheet has taken them over.
    texts: Option<&'a str>,
    copied: HashMap<u32, Stored>,
}

impl Strings {
    /// Reads the part, at most so many strings.
    pub fn read<R: Read>(scanner: &mut Scanner<R>, most: usize) -> Result<Self, Stop> {
        let mut strings = Self::default();
        let mut root = false;
        loop {
            match scanner.next()? {
                Token::Open(tag) if !root && tag.name == b"sst" => {
                    // The count is not trusted, but it has to be well written.
                    tag.attributes.get(b"uniqueCount")?;
                    root = true;
                }
                Token::Open(tag) if root && tag.name == b"si" => {
                    text::item(scanner, &mut strings.texts)?;
                    let Ok(end) = u32::try_from(strings.texts.len()) else { return unsure() };
                    if strings.ends.len() >= most {
                        return Err(too_many_cells().into());
                    }
                    strings.ends.push(end);
                }
                Token::Open(tag) if root && tag.name == b"extLst" => scanner.skip()?,
                Token::End if root => return Ok(strings),
                Token::Open(_) | Token::End => return unsure(),
                Token::Close(_) | Token::Text(_) | Token::CData(_) | Token::Aside => {}
            }
        }
    }

    /// A sheet's way to the strings; `last` takes the texts over.
    pub fn lend(&mut self, builder: SheetBuilder, last: bool) -> (SheetBuilder, Lookup<'_>) {
        let builder = if last { builder.holding(std::mem::take(&mut self.texts)) } else { builder };
        let texts = (!last).then_some(self.texts.as_str());
        (builder, Lookup { ends: &self.ends, texts, copied: HashMap::new() })
    }
}

impl Lookup<'_> {
    /// Puts a string by its index; tells whether there was anything in it.
    pub fn put(&mut self, builder: &mut SheetBuilder, at: (u32, u32), index: u32) -> Result<bool, Stop> {
        let Some(end) = self.ends.get(index as usize).copied() else { return unsure() };
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before as usize)).copied().unwrap_or_default();
        if start == end {
            return Ok(false);
        }
        if let Some(texts) = self.texts {
            let text = texts.get(start as usize..end as usize).unwrap_or_default();
            let stored = *self.copied.entry(index).or_insert_with(|| builder.store(text));
            builder.put_stored(at, stored)?;
        } else {
            builder.put_span(at, start as usize, (end - start) as usize)?;
        }
        Ok(true)
    }
}
