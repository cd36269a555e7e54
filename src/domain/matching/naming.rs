//! Likeness of two readings of a name, in bits: words are laid side by side (whole, with slips of the pen, cut short),
//! what is left over on either side speaks against it. Persons are another matter (`persons`).
//! Deliberately absent: everything that is no name (`comparison`).

use super::{
    evidence::{Left, Likeness, Notes, PersonPart, Piece, Side},
    likeness::{Few, Handle, by_handle, close, initials_of, take_acronyms, written_together},
    persons,
    profile::{Part, Variant, Word, Words},
    weight::Weights,
};
use crate::domain::normalise::forms::FormClass;

/// How two names agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum NameLevel {
    /// Nothing in common.
    Unlike,
    /// Some words.
    Partly,
    /// All words, with slips of the pen, words cut short or left out.
    Alike,
    /// A person by surname and initials only.
    Initials,
    /// All words.
    Equal,
}

/// Outcome of comparing two names.
#[derive(Clone, Copy, Debug)]
pub(super) struct NameLikeness {
    /// Worth in bits.
    pub bits: f32,
    /// How they agree.
    pub level: NameLevel,
    /// Legal forms of both sides when they differ in class.
    pub forms_differ: bool,
    /// Other entities with exactly this name: none, one, or more.
    pub namesakes: u8,
}

/// Best likeness of any reading of one name to any of the other. Which name is whose changes nothing.
pub(super) fn best<N: Notes>(
    ours: &[Variant],
    theirs: &[Variant],
    city: &[Word],
    words: &Words,
    weights: &Weights,
    notes: &mut N,
) -> NameLikeness {
    let mut best = NameLikeness { bits: -12.0, level: NameLevel::Unlike, forms_differ: false, namesakes: 0 };
    let mut noted: Option<N> = None;
    let mut by_mail: Option<f64> = None;
    for a in ours {
        for b in theirs {
            if a.handle || b.handle {
                let worth = mail(a, b, words, weights);
                by_mail = by_mail.into_iter().chain(worth).max_by(f64::total_cmp);
                continue;
            }
            let mut here = N::default();
            let like = compare(a, b, city, words, weights, &mut here);
            if (like.bits, like.level) > (best.bits, best.level) {
                best = like;
                noted = Some(here);
            }
        }
    }
    match noted {
        Some(noted) => notes.take(noted),
        None => notes.note(Piece::Unlike, f64::from(best.bits)),
    }
    let Some(worth) = by_mail else { return best };
    // The address was made from the name: it is another spelling of it, no second proof. It repairs a title that was
    // misspelt or left out; it does not outweigh a title that names somebody else.
    let with = match best.level {
        NameLevel::Unlike => NameLikeness { bits: best.bits.max(worth as f32 - 2.0), level: NameLevel::Partly, ..best },
        NameLevel::Partly | NameLevel::Initials => NameLikeness { bits: best.bits + 1.0, ..best },
        NameLevel::Alike | NameLevel::Equal => NameLikeness { bits: (best.bits + 1.0).max(worth as f32 + 1.0), ..best },
    };
    notes.note(Piece::Mail, f64::from(with.bits) - f64::from(best.bits));
    with
}

/// Worth of a mail address that is made of the name.
fn mail(a: &Variant, b: &Variant, words: &Words, weights: &Weights) -> Option<f64> {
    let (name, handle) = if a.handle { (b, a) } else { (a, b) };
    // A surname is shared by too many.
    if name.handle || name.person(words).is_some() {
        return None;
    }
    let most = weights.name(name);
    Some(match by_handle(name, handle.joined(words), words)? {
        Handle::Whole => name.words(words).iter().map(|w| weights.lone_word(*w)).sum::<f64>().min(most) - 1.5,
        Handle::Word(word) => weights.lone_word(word).min(most) - 2.5,
    })
}

fn compare<N: Notes>(
    ours: &Variant,
    theirs: &Variant,
    city: &[Word],
    words: &Words,
    weights: &Weights,
    notes: &mut N,
) -> NameLikeness {
    // One order of the two, whichever is ours: laying words side by side must not depend on it.
    let key = |v: &Variant| v.form.map(|form| form.code);
    let text = |v: &Variant| (v.n, v.joined(words));
    let swapped = if theirs.joined == ours.joined { key(theirs) < key(ours) } else { text(theirs) < text(ours) };
    let (a, b) = if swapped { (theirs, ours) } else { (ours, theirs) };
    let (form_bits, forms_differ) = forms(a.form(), b.form());
    let (most, namesakes) = (weights.name(a), a.others.min(2) as u8);
    let (bits, level) = if a.bag == b.bag || a.joined == b.joined {
        (equal(a, b, most, namesakes, words, weights, notes), NameLevel::Equal)
    } else if let (Some(p), Some(q)) = (a.person(words), b.person(words)) {
        persons::compare(p, q, words, weights, notes)
    } else {
        aligned(a, b, swapped, city, words, weights, notes)
    };
    notes.note(Piece::Form(key(ours), key(theirs)), form_bits);
    if a.partial || b.partial {
        // Part of a name is never the name, but it is nothing to pass over.
        notes.note(Piece::Partial, -2.0);
        return NameLikeness {
            bits: (bits + form_bits - 2.0) as f32,
            level: level.min(NameLevel::Partly),
            forms_differ,
            namesakes,
        };
    }
    NameLikeness { bits: (bits + form_bits) as f32, level, forms_differ, namesakes }
}

/// Equal names: worth as much as their words are rare, but no more than the name itself is; a short single word little.
fn equal<N: Notes>(
    a: &Variant,
    b: &Variant,
    most: f64,
    namesakes: u8,
    words: &Words,
    weights: &Weights,
    notes: &mut N,
) -> f64 {
    let sum = |v: &Variant| v.words(words).iter().map(|w| weights.word(*w)).sum::<f64>();
    let letters = words_len(a.joined(words));
    let short = if letters <= 2 { 4.0 } else { (5_u32.saturating_sub(letters as u32)).into() };
    if let Some(person) = a.person(words)
        && matches!(person.given, Part::Initial(_))
    {
        // Initials are no name: as many persons share them as there are letters.
        let surname = weights.word(person.surname).min(most);
        notes.note(Piece::Person(PersonPart::Surname, Likeness::Same), surname);
        notes.note(Piece::Person(PersonPart::Given, Likeness::Letter), 3.5);
        notes.note(Piece::Short, -short);
        return surname + 3.5 - short;
    }
    // Several rare words together are rarer than what one book can show.
    let bonus = if namesakes == 0 { 4.0 } else { 0.0 };
    let rarer = if a.bag == b.bag || sum(a) >= sum(b) { a } else { b };
    let both = sum(rarer);
    let level = both.min(most + bonus);
    for word in rarer.words(words) {
        notes.note(Piece::Word(*word), weights.word(*word));
    }
    notes.note(Piece::NoMore, level - both);
    notes.note(Piece::Short, -short);
    level - short
}

fn words_len(joined: &str) -> usize {
    joined.chars().count()
}

/// Worth of two legal forms, and whether they are of different classes.
fn forms(a: Option<(FormClass, &str)>, b: Option<(FormClass, &str)>) -> (f64, bool) {
    let (Some((class, code)), Some((other_class, other_code))) = (a, b) else { return (0.0, false) };
    if class == other_class {
        return (if code == other_code { 0.7 } else { -0.5 }, false);
    }
    let bits = match (class, other_class) {
        (FormClass::Sole, _) | (_, FormClass::Sole) => -5.0,
        (FormClass::State, _) | (_, FormClass::State) => -4.0,
        _ => -2.5,
    };
    (bits, true)
}

/// A name against its initials: never enough, but nothing to pass over unless something speaks against it.
fn by_initials(letters: usize, weights: &Weights) -> f64 {
    (3.4 * letters as f64).max(weights.prior().abs() + weights.review + 0.3)
}

/// Words left out on one side only speak against it by so much at most, bits.
const LEFT_OUT: f64 = 6.0;

/// Lays the words side by side. `swapped`: the first name is the record's.
fn aligned<N: Notes>(
    a: &Variant,
    b: &Variant,
    swapped: bool,
    city: &[Word],
    words: &Words,
    weights: &Weights,
    notes: &mut N,
) -> (f64, NameLevel) {
    let (mut left, mut right) = (Few::from_slice(a.words(words)), Few::from_slice(b.words(words)));
    let (mut bits, mut agreed, mut slips) = (0.0, 0_u32, 0_u32);
    let mut same = Few::new();
    left.retain(|word: &mut Word| match right.iter().position(|other| other == word) {
        Some(at) => {
            right.remove(at);
            bits += weights.word(*word);
            notes.note(Piece::Word(*word), weights.word(*word));
            same.push(*word);
            agreed += 1;
            false
        }
        None => true,
    });
    let sum = bits;
    bits = bits.min(weights.together(&same));
    notes.note(Piece::AtMost, bits - sum);
    left.retain(|word: &mut Word| {
        let best = right
            .iter()
            .enumerate()
            .filter_map(|(at, other)| close(*word, *other, words).map(|cost| (at, *other, cost)))
            // Of equals the first in the order of letters: numbers of words depend on what was read before.
            .min_by(|x, y| x.2.total_cmp(&y.2).then_with(|| words.text(x.1).cmp(words.text(y.1))));
        match best {
            Some((at, other, cost)) => {
                right.remove(at);
                let worth = (weights.lone_word(*word).min(weights.lone_word(other)) - cost).max(-2.0);
                bits += worth;
                notes.note(if swapped { Piece::Alike(other, *word) } else { Piece::Alike(*word, other) }, worth);
                agreed += 1;
                slips += 1;
                false
            }
            None => true,
        }
    });
    let together = written_together(a.joined(words), b.joined(words));
    if !(left.is_empty() && right.is_empty())
        && let Some(cost) = together
    {
        let sum = |v: &Variant| v.words(words).iter().map(|w| weights.lone_word(*w)).sum::<f64>();
        let most = weights.prior().abs() + 5.0;
        let worth = sum(a).max(sum(b)).min(most) - cost;
        notes.clear();
        notes.note(Piece::Together, worth);
        return (worth, NameLevel::Alike);
    }
    let mut acronyms = 0;
    // Worth little: many words begin with these letters. But nothing of them is left over.
    for letters in
        take_acronyms(&mut left, &mut right, words).into_iter().chain(take_acronyms(&mut right, &mut left, words))
    {
        let worth = (2.0 * letters as f64 - 2.0).max(2.0);
        bits += worth;
        notes.note(Piece::Acronym(letters), worth);
        acronyms = letters;
        agreed += 1;
    }
    let only = if same.is_empty() && slips == 0 && left.is_empty() && right.is_empty() { acronyms } else { 0 };
    let whole = if agreed == 0 {
        initials_of(a, b, words).or_else(|| initials_of(b, a, words))
    } else {
        (only >= 3).then_some(only)
    };
    if let Some(letters) = whole {
        let worth = by_initials(letters, weights);
        notes.clear();
        notes.note(Piece::Initials(letters), worth);
        return (worth, NameLevel::Partly);
    }
    let mut cost = |rest: &[Word], other: &[Word], side: Side| -> f64 {
        rest.iter()
            .map(|word| {
                let (why, cost) = alone(*word, other, city, words, weights);
                notes.note(Piece::Alone(*word, side, why), -cost);
                cost
            })
            .sum()
    };
    let (first, second) = if swapped { (Side::Theirs, Side::Ours) } else { (Side::Ours, Side::Theirs) };
    let sum = cost(&left, &right, first) + cost(&right, &left, second);
    // A name in full has more words than a name in use; that all of the short one stand in it counts.
    let against = if left.is_empty() || right.is_empty() { sum.min(LEFT_OUT) } else { sum };
    notes.note(Piece::LeftOut, sum - against);
    // Something else on both sides is another name, not a name cut short.
    let real =
        |rest: &[Word]| rest.iter().any(|w| !city.contains(w) && !weights.is_place(*w) && !weights.is_remark(*w));
    let both = if real(&left) && real(&right) { 4.0 } else { 0.0 };
    if both > 0.0 {
        notes.note(Piece::BothDiffer, -both);
    }
    let most = weights.prior().abs() + 6.0;
    let level = match (agreed, left.is_empty() || right.is_empty()) {
        (0, _) => NameLevel::Unlike,
        (_, true) => NameLevel::Alike,
        _ => NameLevel::Partly,
    };
    let limited = bits.min(most - f64::from(slips.saturating_sub(1)));
    notes.note(Piece::NoMore, limited - bits);
    let total = limited - against - both;
    if agreed == 0 {
        notes.note(Piece::Unlike, total.min(-8.0) - total);
        return (total.min(-8.0), level);
    }
    (total, level)
}

/// What a word costs that only one name has.
fn alone(word: Word, other: &[Word], city: &[Word], words: &Words, weights: &Weights) -> (Left, f64) {
    let text = words.text(word);
    if city.contains(&word) {
        (Left::OwnTown, -1.0)
    } else if text.bytes().any(|b| b.is_ascii_digit()) && text.len() <= 4 {
        // A number tells branches and schools apart.
        let number = other.iter().any(|w| words.text(*w).bytes().all(|b| b.is_ascii_digit()));
        (Left::Number, if number { 6.0 } else { 3.0 })
    } else if weights.is_remark(word) {
        (Left::Remark, 0.2)
    } else if weights.is_place(word) {
        (Left::Town, 1.0)
    } else {
        (Left::Word, (weights.lone_word(word) * 0.3 - 0.7).clamp(0.4, 3.6))
    }
}

/// Whether the names have anything to do with each other: a word that is not everywhere, or most of the letters.
pub(super) fn related(ours: &[Variant], theirs: &[Variant], words: &Words, weights: &Weights) -> bool {
    let telling = |word: Word| words.text(word).len() > 2 && weights.lone_word(word) > 5.0;
    ours.iter().any(|a| {
        theirs.iter().any(|b| {
            a.bag == b.bag
                || written_together(a.joined(words), b.joined(words)).is_some()
                || a.words(words).iter().any(|x| {
                    b.words(words).iter().any(|y| (x == y && telling(*x)) || (x != y && close(*x, *y, words).is_some()))
                })
        })
    })
}
