//! One counterparty against one CRM record: every field at its level, added up in bits.
//! Deliberately absent: choosing between records (`assign`, `decision`).

use super::{
    evidence::{Notes, Piece},
    naming::{self, NameLevel, NameLikeness},
    profile::{Kind, Profile, Words, common},
    weight::Weights,
    words::Key,
};

/// How the ИНН of both sides stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum InnLevel {
    /// One side has none.
    Unknown,
    /// A common one, as written on both sides.
    Same,
    /// A common one, but a leading zero was restored.
    SameRestored,
    /// The same digits, though they are no valid ИНН.
    SameDigits,
    /// One digit or two neighbours differ.
    Near,
    /// Both valid and different.
    Different,
}

/// A counterparty and a record side by side; millions of these stand in memory, so bits have single precision here.
#[derive(Clone, Copy, Debug)]
pub(super) struct Comparison {
    /// Sum of all evidence, bits.
    pub bits: f32,
    pub name: NameLikeness,
    pub inn: InnLevel,
    /// КПП: equal, different, or unknown.
    pub kpp: Option<bool>,
    pub phone: bool,
    pub email: bool,
    pub domain: bool,
    /// Region: equal, different, or unknown.
    pub region: Option<bool>,
    /// What the places say, whole bits.
    pub place: Option<i8>,
    /// The record's key in accounting is the counterparty's code.
    pub external: bool,
}

impl Comparison {
    /// Whether anything but the name speaks for it.
    pub fn supported(&self) -> bool {
        self.phone
            || self.email
            || self.domain
            || self.external
            || self.kpp == Some(true)
            || self.region == Some(true)
            || matches!(self.inn, InnLevel::SameDigits | InnLevel::Near | InnLevel::SameRestored)
    }
}

/// Compares. `external` says whether the record names the counterparty's code; `notes` hears every piece of evidence.
pub(super) fn compare<N: Notes>(
    party: &Profile,
    record: &Profile,
    external: bool,
    words: &Words,
    weights: &Weights,
    notes: &mut N,
) -> Comparison {
    notes.note(Piece::Start, weights.prior());
    let name = naming::best(party.names(words), record.names(words), record.city(words), words, weights, notes);
    let inn = inns(party, record, words);
    let (ours, theirs) = (party.kpps(words), record.kpps(words));
    let kpp = (!ours.is_empty() && !theirs.is_empty()).then(|| common(ours, theirs));
    let shared = |kind: Kind| {
        let theirs = record.of(kind, words);
        let both = party.of(kind, words).iter().filter(|key| theirs.contains(key));
        both.map(|key: &Key| weights.key(*key)).max_by(f64::total_cmp)
    };
    let (phone, email, domain) = (shared(Kind::Phone), shared(Kind::Email), shared(Kind::Domain));
    let found = weights.geography.basis(party, record);
    let place = found.map(|(worth, _)| worth);

    let mut bits = weights.prior() + f64::from(name.bits);
    let mut add = |piece: Piece, worth: f64| {
        bits += worth;
        notes.note(piece, worth);
    };
    match inn {
        InnLevel::Unknown => {}
        InnLevel::Same => add(Piece::Inn(inn), 20.0),
        InnLevel::SameRestored => add(Piece::Inn(inn), 9.0),
        InnLevel::SameDigits => add(Piece::Inn(inn), 13.0),
        InnLevel::Near => add(Piece::Inn(inn), 6.0),
        InnLevel::Different => add(Piece::Inn(inn), -8.0),
    }
    match kpp {
        Some(true) => {
            let own = ours.iter().filter(|kpp| theirs.contains(kpp)).map(|kpp| weights.key(*kpp));
            add(Piece::Kpp(true), own.fold(0.0_f64, f64::max).min(7.0));
        }
        Some(false) => add(Piece::Kpp(false), -2.0),
        None => {}
    }
    if let Some(worth) = phone {
        add(Piece::Phone, worth.min(10.0));
    }
    if let Some(worth) = email {
        add(Piece::Email, worth.min(10.0));
    } else if let Some(worth) = domain {
        add(Piece::Domain, worth.min(7.0));
    }
    // An equal КПП says it already.
    if let Some((worth, basis)) = found.filter(|_| kpp != Some(true)) {
        add(Piece::Place(basis), worth);
    }
    if external {
        add(Piece::Code, 15.0);
    }
    Comparison {
        bits: bits as f32,
        name,
        inn,
        kpp,
        phone: phone.is_some(),
        email: email.is_some(),
        domain: domain.is_some(),
        region: place.and_then(|worth| if worth > 1.0 { Some(true) } else { (worth < -1.0).then_some(false) }),
        place: place.map(|worth| worth as i8),
        external,
    }
}

/// Worth of contacts and codes in common, when only which of several records is asked.
pub(super) fn contacts(comparison: &Comparison) -> f64 {
    let one = |holds: bool, worth: f64| if holds { worth } else { 0.0 };
    one(comparison.phone, 4.0) + one(comparison.email, 4.0) + one(comparison.external, 8.0)
}

fn inns(party: &Profile, record: &Profile, words: &Words) -> InnLevel {
    let (ours, theirs) = (party.inns(words), record.inns(words));
    let exact = |(at, inn): (usize, &Key)| {
        let there = theirs.iter().position(|other| other == inn)?;
        Some(party.is_exact(at) && record.is_exact(there))
    };
    match ours.iter().enumerate().filter_map(exact).max() {
        Some(true) => return InnLevel::Same,
        Some(false) => return InnLevel::SameRestored,
        None => {}
    }
    if common(party.of(Kind::RawId, words), record.of(Kind::RawId, words)) {
        return InnLevel::SameDigits;
    }
    let close = |a: &Key| record.ids(words).iter().any(|b| near(words.key(*a), words.key(*b)));
    if party.ids(words).iter().any(close) {
        return InnLevel::Near;
    }
    if party.contradicts(record, words) { InnLevel::Different } else { InnLevel::Unknown }
}

/// One digit changed, left out or put in, or two neighbours changed places.
fn near(ours: &str, theirs: &str) -> bool {
    let (ours, theirs) = (ours.as_bytes(), theirs.as_bytes());
    if ours.len().abs_diff(theirs.len()) > 1 || ours.len().min(theirs.len()) < 9 {
        return false;
    }
    let same = ours.iter().zip(theirs).take_while(|(one, other)| one == other).count();
    let (ours, theirs) = (ours.get(same..).unwrap_or_default(), theirs.get(same..).unwrap_or_default());
    match (ours, theirs) {
        ([], []) => true,
        ([first, second, rest @ ..], [third, fourth, other @ ..])
            if first == fourth && second == third && rest == other =>
        {
            true
        }
        ([_, rest @ ..], [_, other @ ..]) if rest == other => true,
        ([_, rest @ ..], other) if rest == other => true,
        (other, [_, rest @ ..]) => rest == other,
        _ => false,
    }
}

/// Whether a match by ИНН alone needs no second look: the names have something to do with each other.
pub(super) fn names_agree(party: &Profile, record: &Profile, words: &Words, weights: &Weights) -> bool {
    let (ours, theirs) = (party.names(words), record.names(words));
    ours.is_empty() || theirs.is_empty() || naming::related(ours, theirs, words, weights)
}

/// Whether the level is a full name.
pub(super) fn is_whole(level: NameLevel) -> bool {
    matches!(level, NameLevel::Alike | NameLevel::Equal)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::near;

    proptest! {
        #[test]
        fn numbers_one_slip_apart_are_those_of_a_known_library(a in "[0-2]{8,12}", b in "[0-2]{8,12}", at in 0..12_usize, kind in 0..4) {
            let mut c = a.clone().into_bytes();
            let at = at % c.len();
            match kind {
                0 => c.insert(at, b'7'),
                1 => c[at] = b'7',
                2 if at > 0 => c.swap(at - 1, at),
                _ => { c.remove(at); }
            }
            for other in [b, String::from_utf8(c).unwrap()] {
                let known = rapidfuzz::distance::osa::distance(a.bytes(), other.bytes()) <= 1;
                prop_assert_eq!(near(&a, &other), known && a.len().min(other.len()) >= 9, "{} {}", a, other);
            }
        }
    }
}
