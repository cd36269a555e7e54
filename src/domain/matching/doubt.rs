//! Why a candidate cannot be automatic however high it scores; a few bits, for millions of candidates stand in memory.
//! Deliberately absent: words for people (`reason`).

/// A reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    /// Both sides have valid ИНН, and they differ.
    OtherInn,
    /// The record is no longer in the CRM.
    Gone,
    /// The ИНН agrees only after restoring a zero, the name does not.
    RestoredInn,
    /// Only surname and initials agree.
    Initials,
    /// Only part of the name agrees.
    PartOfName,
    /// A contact with the same name and nothing else.
    ContactByName,
    /// Legal forms of different classes.
    OtherForm,
    /// Several entities have that name.
    CommonName,
    /// Another counterparty (its place) claims the record just as well.
    Contested(u32),
    /// Another counterparty (its place) has it with better reason.
    Taken(u32),
}

/// Doubts about one candidate, in the order of the enum; of other counterparties only the last one said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Doubts {
    bits: u16,
    rival: u32,
}

impl Doubt {
    const fn bit(self) -> u16 {
        1 << match self {
            Self::OtherInn => 0,
            Self::Gone => 1,
            Self::RestoredInn => 2,
            Self::Initials => 3,
            Self::PartOfName => 4,
            Self::ContactByName => 5,
            Self::OtherForm => 6,
            Self::CommonName => 7,
            Self::Contested(_) => 8,
            Self::Taken(_) => 9,
        }
    }
}

impl Doubts {
    pub const fn push(&mut self, doubt: Doubt) {
        if let Doubt::Contested(rival) | Doubt::Taken(rival) = doubt {
            self.rival = rival;
        }
        self.bits |= doubt.bit();
    }

    /// Which kinds of doubts there are, a bit each.
    pub const fn kinds(self) -> u16 {
        self.bits
    }

    /// The counterparty whose claim is in doubt, if there is one.
    pub fn rival(self) -> Option<u32> {
        (self.alone().bits != self.bits).then_some(self.rival)
    }

    /// The same with the counterparty where it stands now.
    pub fn moved(self, to: impl Fn(u32) -> u32) -> Self {
        self.rival().map_or(self, |rival| Self { rival: to(rival), ..self })
    }

    /// Without those about other claims.
    pub const fn alone(self) -> Self {
        Self { bits: self.bits & !(Doubt::Contested(0).bit() | Doubt::Taken(0).bit()), rival: 0 }
    }

    pub const fn is_empty(self) -> bool {
        self.bits == 0
    }

    /// Whether there is a doubt of that kind; of others' claims, whoever they are.
    pub const fn has(self, doubt: Doubt) -> bool {
        self.bits & doubt.bit() != 0
    }

    pub fn iter(self) -> impl Iterator<Item = Doubt> {
        let all = [
            Doubt::OtherInn,
            Doubt::Gone,
            Doubt::RestoredInn,
            Doubt::Initials,
            Doubt::PartOfName,
            Doubt::ContactByName,
            Doubt::OtherForm,
            Doubt::CommonName,
            Doubt::Contested(self.rival),
            Doubt::Taken(self.rival),
        ];
        all.into_iter().filter(move |doubt| self.has(*doubt))
    }
}
