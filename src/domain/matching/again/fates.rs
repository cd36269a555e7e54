//! What became of each record, in a few bits: where it stands now, and whether anything about it is worth something else.
//! Asked millions of times a run. Deliberately absent: what follows (`memo`).

use super::{
    dirty::Dirty,
    items::{Moves, NOWHERE},
};

/// By place before.
pub(super) struct Fates<'a> {
    all: Vec<u32>,
    moves: &'a Moves,
}

/// A record that is as it was.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fate {
    /// Where it stands now.
    pub place: u32,
    /// Whether its words, numbers or contacts are worth something else.
    pub worth: bool,
    /// Whether its place may be worth something else to somebody.
    pub elsewhere: bool,
    /// Whether it is of another entity.
    pub elsewise: bool,
}

const WORTH: u32 = 1 << 31;
const ELSEWHERE: u32 = 1 << 30;
const ELSEWISE: u32 = 1 << 29;

impl<'a> Fates<'a> {
    /// `was` and `is` tell the entity of each record before and now.
    pub fn new(moves: &'a Moves, dirty: &Dirty, was: &[u32], is: &[u32]) -> Self {
        let flag = |holds: bool, flag: u32| if holds { flag } else { 0 };
        let of = |(to, was): (&u32, &u32)| {
            if *to == NOWHERE {
                return NOWHERE;
            }
            let elsewise = moves.now(*was).as_ref() != is.get(*to as usize);
            to | flag(dirty.worth(*to), WORTH) | flag(dirty.moves(*to), ELSEWHERE) | flag(elsewise, ELSEWISE)
        };
        Self { all: moves.to.iter().zip(was).map(of).collect(), moves }
    }

    /// What became of the record; `None` when it is no longer as it was.
    #[inline]
    pub fn now(&self, before: u32) -> Option<Fate> {
        let fate = self.all.get(before as usize).copied().filter(|fate| *fate != NOWHERE)?;
        Some(Fate {
            place: fate & (ELSEWISE - 1),
            worth: fate & WORTH != 0,
            elsewhere: fate & ELSEWHERE != 0,
            elsewise: fate & ELSEWISE != 0,
        })
    }

    /// Where the record stands or would stand.
    pub fn place(&self, before: u32) -> u32 {
        self.moves.place.get(before as usize).copied().unwrap_or(NOWHERE)
    }
}
