//! Our own reader looks into a workbook before every part of it was counted: whatever the directory says wrongly of any
//! part, the answer is that of counting first. Deliberately absent: what is wrong inside the parts (`xlsx_mutations`).

use sverka::ingest::{
    read::{ReadLimits, read_bytes},
    workbook, zip_guard,
};

use super::{
    mutate::{self, Parts},
    mutation_seeds,
};

/// A workbook with a part that nobody reads.
fn workbook() -> Vec<u8> {
    let mut parts: Parts = mutation_seeds::all().into_iter().find_map(|seed| seed.parts).expect("a workbook");
    parts.push(("xl/media/image1.png".to_owned(), b"no picture at all".repeat(100)));
    mutate::zip(&parts)
}

/// Cells, or the code of the refusal: as the program reads, and counting first.
fn both(bytes: &[u8], limits: &ReadLimits) -> [Result<String, String>; 2] {
    let ours = read_bytes("a.xlsx", bytes, limits);
    let first = zip_guard::check(bytes, limits).and_then(|kind| workbook::read_zip(kind, bytes, limits));
    [
        ours.map(|book| format!("{:?}", book.sheets)).map_err(|finding| finding.message.en),
        first.map(|sheets| format!("{sheets:?}")).map_err(|refusal| refusal.message.en),
    ]
}

/// Places of the entries of the directory.
fn entries(bytes: &[u8]) -> Vec<usize> {
    bytes.windows(4).enumerate().filter(|(_, w)| *w == b"PK\x01\x02").map(|(at, _)| at).collect()
}

#[test]
fn a_directory_that_lies_about_any_part_is_answered_as_if_all_were_counted_first() {
    let good = workbook();
    let limits = ReadLimits::default();
    let [ours, first] = both(&good, &limits);
    assert!(ours.is_ok() && ours == first);
    let (check_sum, size) = (16, 24);
    let mut refused = 0;
    for entry in entries(&good) {
        for field in [check_sum, size] {
            for change in [1_u32, 0_u32.wrapping_sub(1), 1 << 16, 0_u32.wrapping_sub(1 << 8)] {
                let mut bytes = good.clone();
                let at = entry + field;
                let old = u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"));
                bytes[at..at + 4].copy_from_slice(&old.wrapping_add(change).to_le_bytes());
                let [ours, first] = both(&bytes, &limits);
                assert_eq!(ours, first, "entry at {entry}, field {field}, {old} changed by {change}");
                refused += usize::from(ours.is_err());
            }
        }
    }
    // A wrong check sum is noticed in every part, whether it is read or not.
    assert!(refused >= entries(&good).len() * 4, "{refused}");
}

#[test]
fn limits_on_what_comes_out_are_those_of_counting_first() {
    let good = workbook();
    let mut codes = Vec::new();
    for most in (0..20_000).step_by(257) {
        let limits = ReadLimits { max_inflated: most, ..ReadLimits::default() };
        let [ours, first] = both(&good, &limits);
        assert_eq!(ours, first, "{most}");
        codes.push(ours.is_ok());
    }
    assert!(codes.contains(&true) && codes.contains(&false));
}
