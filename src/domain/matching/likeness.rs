//! Likeness of words: slips of the pen, words cut short, acronyms, words written together. Words are skeletons: one byte
//! a letter. Deliberately absent: rarity, what a likeness is worth (`naming`).

use smallvec::SmallVec;

use super::{
    edits::within,
    fuzzy,
    profile::{Variant, Word, Words},
};

/// Cost in bits of a slip of the pen between two words; `None` when they are different words. Slips happen in the letters
/// as written: Cyrillic spellings are compared too, where both words have one.
pub(super) fn slip(a: Word, b: Word, words: &Words) -> Option<f64> {
    let ((sound_a, spelt_a), (sound_b, spelt_b)) = (words.signs(a), words.signs(b));
    let sounds = || by_letters(words.text(a).as_bytes(), words.text(b).as_bytes());
    let sound = sound_a.may_be(sound_b, MOST).then(sounds).flatten();
    let (ours, theirs) = (words.spelling(a), words.spelling(b));
    let enough = sound.is_some_and(|cost| cost < 3.5) || !spelt_a.may_be(spelt_b, MOST);
    if enough || ours.is_empty() || theirs.is_empty() {
        return sound;
    }
    match (sound, by_letters(ours, theirs)) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// Slips within one word at most.
const MOST: usize = 2;

fn by_letters(a: &[u8], b: &[u8]) -> Option<f64> {
    let (short, long) = (a.len().min(b.len()), a.len().max(b.len()));
    // As many as the search looks for.
    let allowed = fuzzy::allowed(short).min(MOST);
    let digit = |text: &[u8]| text.iter().any(u8::is_ascii_digit);
    if allowed == 0 || long - short > allowed || digit(a) || digit(b) {
        return None;
    }
    let distance = within(a, b, allowed)?;
    Some(match (distance, short) {
        (0, _) => 0.5,
        (1, 4) => 5.0,
        (1, 5) => 4.0,
        (1, 6..=7) => 3.0,
        (1, _) => 2.5,
        (_, 8..=9) => 5.5,
        _ => 4.5,
    })
}

/// A slip, or one word a cut-short form of the other («пром» and «промышленный»).
pub(super) fn close(a: Word, b: Word, words: &Words) -> Option<f64> {
    slip(a, b, words).or_else(|| {
        let (a, b) = (words.text(a), words.text(b));
        let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
        (short.len() >= 3 && long.len() >= short.len() + 2 && long.starts_with(short)).then_some(4.0)
    })
}

/// The words of a name, nearly always few.
pub(super) type Few = SmallVec<[Word; 8]>;

/// What of a name a mail address is made of.
pub(super) enum Handle {
    /// The whole name written together.
    Whole,
    /// One of its words.
    Word(Word),
}

/// Whether the word of a mail address is the name: all of it written together (or all but a few letters, or its end), or
/// one of its words.
pub(super) fn by_handle(name: &Variant, handle: &str, words: &Words) -> Option<Handle> {
    let n = handle.len();
    let joined = name.joined(words);
    if joined == handle
        || n >= 10 && joined.starts_with(handle) && joined.len() <= n + 4
        || n >= 6 && joined.ends_with(handle)
    {
        return Some(Handle::Whole);
    }
    name.words(words).iter().copied().find(|word| words.text(*word) == handle).map(Handle::Word)
}

/// Cost of taking two whole names for one when spaces are left out of account.
pub(super) fn written_together(a: &str, b: &str) -> Option<f64> {
    let (short, long) = if a.len() <= b.len() { (a.len(), b.len()) } else { (b.len(), a.len()) };
    let allowed = if short >= 14 { 3 } else { 2 };
    if short < 8 || long - short > allowed || a.bytes().chain(b.bytes()).any(|c| c.is_ascii_digit()) {
        return None;
    }
    let distance = within(a.as_bytes(), b.as_bytes(), allowed)?;
    Some(match distance {
        0 => 0.0,
        1 => 3.0,
        2 => 5.0,
        _ => 6.5,
    })
}

/// Number of letters when one name is a single word made of the first letters of all words of the other.
pub(super) fn initials_of(short: &Variant, long: &Variant, words: &Words) -> Option<usize> {
    let [word] = short.words(words) else { return None };
    let telling = long.words(words).iter().map(|w| words.text(*w)).filter(|text| text.len() > 2);
    let letters: String = telling.filter_map(|text| text.chars().next()).collect();
    let n = letters.chars().count();
    (n >= 3 && letters == words.text(*word)).then_some(n)
}

/// Takes out words that are acronyms of words on the other side, and those words; answers the letters of each.
pub(super) fn take_acronyms(short: &mut Few, long: &mut Few, words: &Words) -> SmallVec<[usize; 4]> {
    let mut found = SmallVec::new();
    short.retain(|word| {
        let text = words.text(*word);
        let taken = acronym(text, long, words);
        if taken {
            found.push(text.chars().count());
        }
        !taken
    });
    found
}

/// Whether the word is made of the first letters of neighbouring words; takes those out.
fn acronym(short: &str, long: &mut Few, words: &Words) -> bool {
    let letters: Vec<char> = short.chars().collect();
    let n = letters.len();
    if !(2..=5).contains(&n) || n > long.len() {
        return false;
    }
    let first = |word: &Word| words.text(*word).chars().next();
    let long_enough = |word: &Word| words.text(*word).chars().count() > 3;
    let at = long.windows(n).position(|here| {
        here.iter().zip(&letters).all(|(word, letter)| first(word) == Some(*letter) && long_enough(word))
    });
    if let Some(at) = at {
        long.drain(at..at + n);
    }
    at.is_some()
}
