//! Likeness of two persons by surname, given name and patronymic, in bits: whole words, slips of the pen, first letters.
//! Deliberately absent: what makes a name a person's (`normalise::person`), other names (`naming`).

use super::{
    evidence::{Likeness, Notes, PersonPart, Piece},
    likeness::slip,
    naming::NameLevel,
    profile::{Part, PersonWords, Words},
    weight::Weights,
};

/// Compares; `notes` hears every part.
pub(super) fn compare<N: Notes>(
    p: &PersonWords,
    q: &PersonWords,
    words: &Words,
    weights: &Weights,
    notes: &mut N,
) -> (f64, NameLevel) {
    let mut slips = 0.0;
    let (surname, how) = if p.surname == q.surname {
        (weights.word(p.surname), Likeness::Same)
    } else if let Some(cost) = slip(p.surname, q.surname, words) {
        slips += 1.0;
        (weights.lone_word(p.surname).min(weights.lone_word(q.surname)) - cost, Likeness::Slip)
    } else {
        notes.note(Piece::Person(PersonPart::Surname, Likeness::Other), -12.0);
        return (-12.0, NameLevel::Unlike);
    };
    let surname = surname.min(weights.word(p.surname).max(weights.word(q.surname)));
    notes.note(Piece::Person(PersonPart::Surname, how), surname);
    let mut whole = true;
    let mut part = |which: PersonPart, a: Part, b: Part, against: f64| {
        let (bits, how) = match (a, b) {
            (Part::Whole(x, _), Part::Whole(y, _)) if x == y => (weights.word(x).min(7.0), Likeness::Same),
            (Part::Whole(x, _), Part::Whole(y, _)) => match slip(x, y, words) {
                Some(cost) => {
                    slips += 1.0;
                    (4.5 - cost, Likeness::Slip)
                }
                None => (against, Likeness::Other),
            },
            _ => {
                let (Some(x), Some(y)) = (a.letter(), b.letter()) else { return 0.0 };
                whole = false;
                if x == y { (3.0, Likeness::Letter) } else { (against, Likeness::Other) }
            }
        };
        notes.note(Piece::Person(which, how), bits);
        bits
    };
    let given = part(PersonPart::Given, p.given, q.given, -8.0);
    let patronymic = part(PersonPart::Patronymic, p.patronymic, q.patronymic, -7.0);
    let bits = surname + given + patronymic;
    // A patronymic that one side leaves out does not make a full name an initial.
    let known = matches!((p.given, q.given), (Part::Whole(..), Part::Whole(..)));
    if given < 0.0 || patronymic < 0.0 {
        return (bits, NameLevel::Partly);
    }
    let most = weights.prior().abs() + 7.0;
    let (most, level) = match (known, whole, slips > 0.0) {
        (true, true, _) => (most, NameLevel::Alike),
        (true, false, _) => (most - 1.0, NameLevel::Alike),
        _ => (most, NameLevel::Initials),
    };
    notes.note(Piece::NoMore, bits.min(most) - bits);
    (bits.min(most), level)
}
