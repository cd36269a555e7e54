//! A writer of small BIFF8 workbooks in a compound file, byte by byte from the specification, which can break shared
//! strings across records wherever a test wants. Deliberately absent: everything a reader of values skips.

/// A cell.
pub enum Cell {
    /// A text in the table of shared strings.
    Shared(u32),
    /// A number.
    Number(f64),
    /// A text in the cell itself.
    Label(&'static str),
}

/// A shared string: its text, whether 16 bits a character, formatting runs, bytes of phonetics.
pub struct Shared {
    pub text: String,
    pub wide: bool,
    pub runs: u16,
    pub extra: u32,
}

impl Shared {
    /// A plain one, wide where its letters need it.
    pub fn plain(text: &str) -> Self {
        Self { text: text.to_owned(), wide: !text.is_ascii(), runs: 0, extra: 0 }
    }
}

fn record(out: &mut Vec<u8>, kind: u16, data: &[u8]) {
    out.extend(kind.to_le_bytes());
    out.extend(u16::try_from(data.len()).expect("short").to_le_bytes());
    out.extend(data);
}

/// The table of shared strings, in records of at most `most` bytes; a character is never broken, nor is a string's head.
fn shared_strings(out: &mut Vec<u8>, strings: &[Shared], most: usize) {
    let count = u32::try_from(strings.len()).expect("few");
    let mut parts = vec![[count.to_le_bytes(), count.to_le_bytes()].concat()];
    let room = |parts: &Vec<Vec<u8>>| most - parts.last().expect("a part").len();
    for string in strings {
        let units: Vec<u16> = string.text.encode_utf16().collect();
        let flags = u8::from(string.wide) | u8::from(string.runs > 0) << 3 | u8::from(string.extra > 0) << 2;
        let mut head = u16::try_from(units.len()).expect("short").to_le_bytes().to_vec();
        head.push(flags);
        if string.runs > 0 {
            head.extend(string.runs.to_le_bytes());
        }
        if string.extra > 0 {
            head.extend(string.extra.to_le_bytes());
        }
        if room(&parts) < head.len() {
            parts.push(Vec::new());
        }
        parts.last_mut().expect("a part").extend(&head);
        let width = if string.wide { 2 } else { 1 };
        for unit in units {
            if room(&parts) < width {
                parts.push(vec![flags & 1]);
            }
            parts.last_mut().expect("a part").extend(&unit.to_le_bytes()[..width]);
        }
        for _ in 0..usize::from(string.runs) * 4 + string.extra as usize {
            if room(&parts) == 0 {
                parts.push(Vec::new());
            }
            parts.last_mut().expect("a part").push(0);
        }
    }
    for (index, part) in parts.iter().enumerate() {
        record(out, if index == 0 { 0x00FC } else { 0x003C }, part);
    }
}

/// A workbook of one sheet. `merges` are first row, last row, first column, last column.
pub fn workbook(strings: &[Shared], cells: &[(u16, u16, Cell)], merges: &[[u16; 4]], most: usize) -> Vec<u8> {
    let begin = |kind: u16| [0x0600, kind, 0, 0, 0, 0, 0, 0].map(u16::to_le_bytes).concat();
    let mut sheet = Vec::new();
    record(&mut sheet, 0x0809, &begin(0x0010));
    for (row, column, cell) in cells {
        let place = [*row, *column, 0].map(u16::to_le_bytes).concat();
        match cell {
            Cell::Shared(index) => record(&mut sheet, 0x00FD, &[&place[..], &index.to_le_bytes()].concat()),
            Cell::Number(number) => record(&mut sheet, 0x0203, &[&place[..], &number.to_le_bytes()].concat()),
            Cell::Label(text) => {
                let units: Vec<u16> = text.encode_utf16().collect();
                let length = u16::try_from(units.len()).expect("short").to_le_bytes();
                let body: Vec<u8> = units.into_iter().flat_map(u16::to_le_bytes).collect();
                record(&mut sheet, 0x0204, &[&place[..], &length, &[1], &body].concat());
            }
        }
    }
    if !merges.is_empty() {
        let count = u16::try_from(merges.len()).expect("few").to_le_bytes();
        let body = merges.iter().flatten().flat_map(|n| n.to_le_bytes());
        record(&mut sheet, 0x00E5, &count.into_iter().chain(body).collect::<Vec<u8>>());
    }
    record(&mut sheet, 0x000A, &[]);

    let globals = |offset: u32| {
        let mut out = Vec::new();
        record(&mut out, 0x0809, &begin(0x0005));
        record(&mut out, 0x0042, &1200_u16.to_le_bytes());
        record(&mut out, 0x0085, &[&offset.to_le_bytes()[..], &[0, 0, 7, 0], b"TDSheet"].concat());
        shared_strings(&mut out, strings, most);
        record(&mut out, 0x000A, &[]);
        out
    };
    let mut stream = globals(u32::try_from(globals(0).len()).expect("small"));
    stream.extend(sheet);
    compound("Workbook", stream)
}

/// A BIFF5 workbook of one sheet in cp1251 whose cells are rich strings; the runs follow the text.
pub fn biff5(cells: &[(u16, u16, &str)]) -> Vec<u8> {
    let begin = |kind: u16| [0x0500, kind, 0, 0].map(u16::to_le_bytes).concat();
    let mut sheet = Vec::new();
    record(&mut sheet, 0x0809, &begin(0x0010));
    for (row, column, text) in cells {
        let text = encoding_rs::WINDOWS_1251.encode(text).0.into_owned();
        let head = [*row, *column, 0, text.len() as u16].map(u16::to_le_bytes).concat();
        record(&mut sheet, 0x00D6, &[&head[..], &text, &[2, 1, 5, 3, 6]].concat());
    }
    record(&mut sheet, 0x000A, &[]);
    let globals = |offset: u32| {
        let mut out = Vec::new();
        record(&mut out, 0x0809, &begin(0x0005));
        record(&mut out, 0x0042, &1251_u16.to_le_bytes());
        record(&mut out, 0x0085, &[&offset.to_le_bytes()[..], &[0, 0, 7], b"TDSheet"].concat());
        record(&mut out, 0x000A, &[]);
        out
    };
    let mut stream = globals(u32::try_from(globals(0).len()).expect("small"));
    stream.extend(sheet);
    compound("Book", stream)
}

/// A compound file with one stream.
pub fn compound(name: &str, mut stream: Vec<u8>) -> Vec<u8> {
    const END: u32 = 0xFFFF_FFFE;
    const FREE: u32 = 0xFFFF_FFFF;
    // Streams below 4096 bytes would lie in the mini stream; zeros behind the last record are padding.
    let used = stream.len().max(4096);
    stream.resize(used.next_multiple_of(512), 0);
    let sectors = stream.len() / 512;
    let tables = (1..=109).find(|tables| tables * 128 >= tables + 1 + sectors).expect("some");
    let mut chain: Vec<u32> = vec![0xFFFF_FFFD; tables];
    chain.push(END);
    let first = chain.len();
    chain.extend((0..sectors).map(|i| if i + 1 == sectors { END } else { (first + i + 1) as u32 }));
    chain.resize(tables * 128, FREE);

    let mut out = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    out.extend([0; 16]);
    out.extend([0x3E_u16, 3, 0xFFFE, 9, 6, 0, 0, 0].map(u16::to_le_bytes).concat());
    out.extend([0, tables as u32, tables as u32, 0, 4096, END, 0, END, 0].map(u32::to_le_bytes).concat());
    out.extend((0..109).flat_map(|i| if i < tables { i as u32 } else { FREE }.to_le_bytes()));
    out.extend(chain.into_iter().flat_map(u32::to_le_bytes));
    let entry = |name: &str, kind: u8, child: u32, start: u32, size: usize| {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        entry.resize(64, 0);
        entry.extend(((name.encode_utf16().count() * 2 + 2) as u16).to_le_bytes());
        entry.extend([kind, 1]);
        entry.extend([FREE, FREE, child].map(u32::to_le_bytes).concat());
        entry.extend([0; 36]);
        entry.extend(start.to_le_bytes());
        entry.extend((size as u64).to_le_bytes());
        entry
    };
    out.extend(entry("Root Entry", 5, 1, END, 0));
    out.extend(entry(name, 2, FREE, first as u32, used));
    out.extend([0; 256]);
    out.extend(stream);
    out
}
