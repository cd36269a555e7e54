//! A small valid workbook, its bytes and its XML mutated: our reader of .xlsx never panics, and where both readers accept
//! what came out, they agree. Deliberately absent: what a mutated file means for sales.

use proptest::prelude::*;

use super::{
    xlsx_differential::{Outcome, compare},
    xlsx_reading::workbook,
};

const SHEET: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><worksheet xmlns=\"m\"><dimension ref=\"A1:H4\"/><sheetData>\
    <row r=\"1\" spans=\"1:8\"><c r=\"A1\" s=\"1\" t=\"s\"><v>0</v></c><c r=\"C1\" t=\"inlineStr\"><is><t xml:space=\"preserve\"> a </t></is></c></row>\
    <row r=\"2\" outlineLevel=\"1\" hidden=\"1\"><c r=\"A2\"><v>46331.5</v></c><c r=\"B2\" t=\"str\"><f>A1&amp;1</f><v>x &lt;</v></c></row>\
    <row><c><v>-12.25</v></c><c t=\"b\"><v>1</v></c><c t=\"e\"><v>#N/A</v></c><c t=\"e\"/><c t=\"d\"><v>2026-11-05</v></c></row>\
    <row r=\"9\"><c r=\"B9\" t=\"s\"><v>1</v></c><c r=\"H9\"><f>SUM(A1:A2)</f></c></row>\
    </sheetData><mergeCells count=\"1\"><mergeCell ref=\"A1:B2\"/></mergeCells></worksheet>";
const STRINGS: &str = "<sst count=\"2\"><si><t>Ромашка _x000D_ &#10; </t></si>\
    <si><r><rPr><b/></rPr><t>one</t></r><r><t xml:space=\"preserve\"> two</t></r><rPh sb=\"0\"><t>no</t></rPh></si></sst>";
const STYLES: &str =
    "<styleSheet><cellXfs><xf/><xf numFmtId=\"14\"><alignment indent=\"2\"/></xf></cellXfs></styleSheet>";

/// Pieces that a mutation puts in.
const PIECES: [&str; 56] = [
    "<c>",
    "</c>",
    "<c/>",
    "<v>",
    "</v>",
    "<v/>",
    "<v>1</v>",
    "<row>",
    "</row>",
    "<row/>",
    "<f/>",
    "<is>",
    "</is>",
    "<t>",
    "</t>",
    "<si>",
    "</si>",
    "<si/>",
    "<r>",
    "</r>",
    "<rPh>",
    "</rPh>",
    "<sheetData>",
    "</sheetData>",
    "<!-- -->",
    "<!--",
    "-->",
    "<![CDATA[1]]>",
    "]]>",
    "<?x?>",
    "<!DOCTYPE a>",
    "&#10;",
    "&#x41;",
    "&amp;",
    "&x;",
    "&",
    ";",
    "\r\n",
    "\r",
    " ",
    "\u{a0}",
    "x:",
    "'",
    "\"",
    " r=\"B7\"",
    " r=\"7\"",
    " t=\"s\"",
    " t=\"str\"",
    " t=\"n\"",
    " s=\"1\"",
    " xml:space=\"preserve\"",
    "_x0041_",
    "_xD83D_",
    "e5",
    "+",
    "nan",
];

/// Where, what, and how much is taken out.
type Mutation = (prop::sample::Index, usize, usize, u8);

fn mutations() -> impl Strategy<Value = Vec<Mutation>> {
    prop::collection::vec((any::<prop::sample::Index>(), 0..PIECES.len() + 40, 0..40_usize, any::<u8>()), 1..4)
}

fn mutated(text: &str, mutations: &[Mutation]) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for (place, what, length, byte) in mutations {
        if bytes.is_empty() {
            break;
        }
        let at = place.index(bytes.len());
        let end = (at + length).min(bytes.len());
        match PIECES.get(*what) {
            // Behind a tag is where structure changes; anywhere else is where tags break.
            Some(piece) => {
                let behind = bytes[at..].iter().position(|b| *b == b'>').map_or(at, |found| at + found + 1);
                let at = if byte % 2 == 0 { behind } else { at };
                bytes.splice(at..at, piece.bytes());
            }
            None if what % 4 == 0 => drop(bytes.drain(at..end)),
            None if what % 4 == 1 => {
                let copy = bytes[at..end].to_vec();
                bytes.splice(end..end, copy);
            }
            None if what % 4 == 2 => bytes[at] ^= 1 << (byte % 8),
            None => bytes[at] = b"<>/\"'=&; 0A9._"[usize::from(*byte) % 14],
        }
    }
    bytes
}

proptest! {
    // PROPTEST_CASES asks for more.
    #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases.max(1_000)))]

    #[test]
    fn a_mutated_sheet_never_reads_differently(sheet in mutations(), strings in mutations(), which in 0..4) {
        let sheet = if which == 0 { SHEET.as_bytes().to_vec() } else { mutated(SHEET, &sheet) };
        let strings = if which < 2 { mutated(STRINGS, &strings) } else { STRINGS.as_bytes().to_vec() };
        let outcome = compare(&workbook(&sheet, &strings, STYLES.as_bytes()));
        prop_assert!(
            !matches!(outcome, Outcome::Different(_)),
            "{outcome:?}\n{}\n{}", String::from_utf8_lossy(&sheet), String::from_utf8_lossy(&strings)
        );
    }

    #[test]
    fn a_mutated_package_never_panics(changes in mutations()) {
        let whole = workbook(SHEET.as_bytes(), STRINGS.as_bytes(), STYLES.as_bytes());
        let mut bytes = whole;
        for (place, _, _, byte) in &changes {
            let at = place.index(bytes.len());
            bytes[at] ^= byte | 1;
        }
        prop_assert!(!matches!(compare(&bytes), Outcome::Different(_)));
    }
}
