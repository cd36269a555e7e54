//! Parts of the package: found whatever the case of their names, the list of sheets, the indents of formats. Deliberately
//! absent: links to other files, and everything else a workbook may hold.

use std::{
    collections::{HashMap, HashSet},
    io::{self, Cursor, Read},
};

use zip::ZipArchive;

use super::{
    Stop,
    scan::{Attributes, Scanner, Token, local},
    sheet::digits,
    text, unsure,
};

/// The package.
pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// Names in lower case with `/`, and their entries.
    names: HashMap<String, usize>,
    /// Most inflated bytes of a part; where nothing is said, as many as it declares.
    most: Option<u64>,
    /// Parts that were opened, by their index.
    pub opened: HashSet<usize>,
}

/// A part that must not give more than so many bytes.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(count as u64).ok_or_else(|| io::Error::other("more than is declared"))?;
        Ok(count)
    }
}

/// The workbook.
pub(super) struct Book {
    /// Folder of the workbook's parts, with a slash at its end.
    pub folder: String,
    pub sheets: Vec<Listed>,
    pub epoch_1904: bool,
}

/// A worksheet in the workbook's list.
pub(super) struct Listed {
    pub name: String,
    pub path: String,
    pub hidden: bool,
}

/// Indents of the cell formats; unknown where there are no styles.
pub(super) struct Indents(Option<Vec<u8>>);

impl Indents {
    /// Indent of a format.
    pub fn of(&self, format: u32) -> Option<u8> {
        self.0.as_ref().map(|all| all.get(format as usize).copied().unwrap_or_default())
    }
}

impl<'a> Package<'a> {
    /// Opens the package. Two parts of one name are one too many.
    pub fn open(bytes: &'a [u8], most: Option<u64>) -> Result<Self, Stop> {
        let Ok(archive) = ZipArchive::new(Cursor::new(bytes)) else { return unsure() };
        let mut names = HashMap::with_capacity(archive.len());
        for (index, name) in archive.file_names().enumerate() {
            let Ok(name) = name else { return unsure() };
            if names.insert(name.replace('\\', "/").to_ascii_lowercase(), index).is_some() {
                return unsure();
            }
        }
        Ok(Self { archive, names, most, opened: HashSet::new() })
    }

    /// A part, or nothing where there is none of that name.
    pub fn part(&mut self, path: &str) -> Result<Option<Scanner<impl Read + use<'_, 'a>>>, Stop> {
        let Some(index) = self.names.get(&path.to_ascii_lowercase()).copied() else { return Ok(None) };
        self.opened.insert(index);
        let Ok(entry) = self.archive.by_index(index) else { return unsure() };
        let left = self.most.unwrap_or(entry.size());
        Scanner::new(Bounded { inner: entry, left }).map(Some)
    }

    /// Packed size of a part, to tell which is the largest.
    pub fn size(&mut self, path: &str) -> u64 {
        let index = self.names.get(&path.to_ascii_lowercase()).copied();
        index.and_then(|index| self.archive.by_index_raw(index).ok()).map_or(0, |entry| entry.compressed_size())
    }

    /// The list of sheets.
    pub fn book(&mut self) -> Result<Book, Stop> {
        let mut documents = Vec::new();
        self.each("_rels/.rels", |name, attributes| {
            if name == b"Relationship" && kind(&attributes)? == "officeDocument" {
                documents.push(plain(attributes.get(b"Target")?)?.to_owned());
            }
            Ok(())
        })?;
        let [document] = documents.as_slice() else { return unsure() };
        let (folder, file) = document.rsplit_once('/').map_or(("", document.as_str()), |(f, n)| (f, n));
        let folder = folder.strip_prefix('/').unwrap_or(folder);
        let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let mut targets = HashMap::new();
        self.each(&format!("{folder}_rels/{file}.rels"), |name, attributes| {
            if name == b"Relationship" {
                let id = plain(attributes.get(b"Id")?)?.to_owned();
                let target = plain(attributes.get(b"Target")?)?;
                let path = target.strip_prefix('/').map_or_else(|| format!("{folder}{target}"), str::to_owned);
                if targets.insert(id, (kind(&attributes)?.to_owned(), path)).is_some() {
                    return unsure();
                }
            }
            Ok(())
        })?;
        let mut book = Book { folder: folder.clone(), sheets: Vec::new(), epoch_1904: false };
        self.each(&format!("{folder}{file}"), |name, attributes| {
            match name {
                b"sheet" => book.sheets.extend(listed(attributes, &targets)?),
                b"workbookPr" => {
                    if let Some(value) = attributes.get(b"date1904")? {
                        book.epoch_1904 = matches!(value, b"1" | b"true");
                    }
                }
                _ => {}
            }
            Ok(())
        })?;
        let mut names: Vec<&str> = book.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
        names.sort_unstable();
        if names.windows(2).any(|pair| pair.first() == pair.last()) { unsure() } else { Ok(book) }
    }

    /// Indents of the cell formats.
    pub fn indents(&mut self, folder: &str) -> Result<Indents, Stop> {
        let path = format!("{folder}styles.xml");
        let Some(mut scanner) = self.part(&path)? else { return Ok(Indents(None)) };
        let (mut indents, mut inside) = (Vec::new(), usize::MAX);
        loop {
            match scanner.next()? {
                Token::Open(tag) if tag.name == b"cellXfs" => inside = 0,
                Token::Open(tag) if inside != usize::MAX && tag.name == b"xf" => indents.push(0),
                Token::Open(tag) if inside != usize::MAX && tag.name == b"alignment" => {
                    if let (Some(indent), Some(value)) = (indents.last_mut(), tag.attributes.get(b"indent")?) {
                        *indent = digits(value)?.min(255) as u8;
                    }
                }
                // `styleSheet` is the only element around `cellXfs`.
                Token::Close(1) => inside = usize::MAX,
                Token::End => return Ok(Indents(Some(indents))),
                _ => {}
            }
        }
    }

    /// Hands over every element of a part that has to be there.
    fn each(
        &mut self,
        path: &str,
        mut take: impl FnMut(&[u8], Attributes<'_>) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let Some(mut scanner) = self.part(path)? else { return unsure() };
        loop {
            match scanner.next()? {
                Token::Open(tag) => take(tag.name, tag.attributes)?,
                Token::End => return Ok(()),
                _ => {}
            }
        }
    }
}

/// A sheet of the list; nothing where it is not a worksheet.
fn listed(attributes: Attributes<'_>, targets: &HashMap<String, (String, String)>) -> Result<Option<Listed>, Stop> {
    let (mut name, mut hidden, mut target) = (String::new(), false, None);
    for attribute in attributes {
        match attribute? {
            (b"name", value) => text::decode(value, &mut name)?,
            (b"state", b"visible") => {}
            (b"state", b"hidden" | b"veryHidden") => hidden = true,
            (b"state", _) => return unsure(),
            (key, value) if local(key) == b"id" => target = targets.get(plain(Some(value))?),
            _ => {}
        }
    }
    match target {
        Some((kind, path)) if kind == "worksheet" => Ok(Some(Listed { name, path: path.clone(), hidden })),
        Some((kind, _)) if kind == "chartsheet" || kind == "dialogsheet" => Ok(None),
        _ => unsure(),
    }
}

/// Last word of a relationship's type.
fn kind<'a>(attributes: &Attributes<'a>) -> Result<&'a str, Stop> {
    plain(attributes.get(b"Type")?).map(|kind| kind.rsplit('/').next().unwrap_or_default())
}

/// A value that has to be there and needs no decoding.
fn plain(value: Option<&[u8]>) -> Result<&str, Stop> {
    let text = value.and_then(|value| std::str::from_utf8(value).ok());
    text.filter(|text| !text.contains('&')).ok_or(Stop::Unsure)
}
