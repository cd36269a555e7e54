//! 2. No full bonus for a client whom the CRM does not know: half of it, within the cap, with the reason on every line.

use super::story;

#[test]
fn what_is_never_entered_costs_half_of_the_bonus_within_the_cap() {
    let story = story();
    // 80 000 at 10 % is 8 000, half of it 4 000; entered late costs a tenth of 6 000. Bonus of the month 20 000, cap 4 000.
    let reduced: Vec<(&str, i64)> = story.entries("missing_counterparty");
    assert_eq!(reduced.iter().filter(|(_, kopecks)| *kopecks == -400_000).count(), 3, "{reduced:?}");
    assert_eq!(reduced.iter().filter(|(_, kopecks)| *kopecks == -60_000).count(), 3, "{reduced:?}");
    assert_eq!(story.entries("cap"), [("0102", 60_000), ("0104", 60_000), ("0106", 60_000)]);
    insta::assert_snapshot!(without_signs(&story.mail("statement.2026-11/1").text));
}

/// The text without what comes of the entries' ids, and so of a file's: the last two signs of codes, and the sums of hashes.
pub(super) fn without_signs(text: &str) -> String {
    let is_code = |word: &str| word.is_ascii() && word.len() == 7 && word.as_bytes().get(4) == Some(&b'-');
    let is_hash = |word: &str| word.len() >= 16 && word.bytes().all(|b| b.is_ascii_hexdigit());
    let mut told = String::new();
    for piece in text.split_inclusive(char::is_whitespace) {
        let word = piece.trim_end().trim_end_matches([',', '.', ')']);
        let rest = &piece[word.len()..];
        match word {
            _ if is_code(word) => told.extend([&word[..5], "··", rest]),
            _ if is_hash(word) => told.extend(["····", rest]),
            _ => told.push_str(piece),
        }
    }
    told
}
