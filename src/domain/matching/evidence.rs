//! What a comparison is made of: every piece of evidence with its bits. The comparison itself hands the pieces over while it
//! adds them up, to whoever asks; nobody asks in the search. The bits of all pieces are the bits of the comparison.
//! Deliberately absent: adding up (`comparison`, `naming`), words for people (`wording`).

use super::{comparison::InnLevel, place::Basis, profile::Word};

/// One of the two names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// The counterparty's.
    Ours,
    /// The record's.
    Theirs,
}

/// Why a word that only one name has costs what it costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Left {
    /// It is the record's own town.
    OwnTown,
    /// It is a number, and numbers tell branches apart.
    Number,
    /// One side writes it again and again, the other never.
    Remark,
    /// It is a town.
    Town,
    /// Any other word: the rarer, the dearer.
    Word,
}

/// Part of a person's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PersonPart {
    Surname,
    Given,
    Patronymic,
}

/// How two parts of a person's name agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Likeness {
    Same,
    Slip,
    Letter,
    Other,
}

/// One piece of evidence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Piece {
    /// Odds of any pair before looking.
    Start,
    /// A word of both names.
    Word(Word),
    /// A word of ours and one of theirs within a slip, or one cut short.
    Alike(Word, Word),
    /// Words and their first letters, so many of them.
    Acronym(usize),
    /// The whole name and its first letters.
    Initials(usize),
    /// All written together, with slips.
    Together,
    /// Words that mostly come together are not worth their sum.
    AtMost,
    /// A name is worth no more than its own rarity, or than any name.
    NoMore,
    /// A name of very few letters.
    Short,
    /// A word that the other name lacks.
    Alone(Word, Side, Left),
    /// A long name and a short one: all of the short one stands in the long one.
    LeftOut,
    /// Both names have words of their own.
    BothDiffer,
    /// Nothing agrees.
    Unlike,
    /// A part of a person's name.
    Person(PersonPart, Likeness),
    /// Legal forms, as far as they were written.
    Form(Option<&'static str>, Option<&'static str>),
    /// Only the part in quotation marks.
    Partial,
    /// A mail address made of the name.
    Mail,
    Inn(InnLevel),
    Kpp(bool),
    Phone,
    Email,
    Domain,
    Place(Basis),
    /// The code of accounting stands on the record.
    Code,
    /// Too much in common to be passed over without a person.
    Floor,
    /// What other counterparties have better claims to.
    Rivals,
    /// Learned from the company's own decisions.
    Calibration,
}

/// A piece with what it is worth.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    pub piece: Piece,
    pub bits: f64,
}

/// Where a comparison leaves its pieces.
pub(super) trait Notes: Default {
    /// Takes a piece.
    fn note(&mut self, piece: Piece, bits: f64);
    /// What was noted is replaced by something else.
    fn clear(&mut self);
    /// Takes over what was noted elsewhere.
    fn take(&mut self, other: Self);
}

/// Nobody asks.
impl Notes for () {
    fn note(&mut self, _: Piece, _: f64) {}
    fn clear(&mut self) {}
    fn take(&mut self, (): ()) {}
}

impl Notes for Vec<Item> {
    fn note(&mut self, piece: Piece, bits: f64) {
        // A limit that was not reached says nothing.
        let silent =
            matches!(piece, Piece::AtMost | Piece::NoMore | Piece::Short | Piece::LeftOut | Piece::Mail | Piece::Floor);
        if bits != 0.0 || !silent {
            self.push(Item { piece, bits });
        }
    }

    fn clear(&mut self) {
        Vec::clear(self);
    }

    fn take(&mut self, other: Self) {
        self.extend(other);
    }
}
