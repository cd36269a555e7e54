//! What is kept of one counterparty from run to run, in one place: it is handed on without being moved.
//! Deliberately absent: what is done with it (`going`, `retold`).

use super::{
    super::found::{Finds, Found},
    fates::Fates,
    items::{Moves, NOWHERE},
    memo::Memo,
    retold::Print,
};
use crate::domain::verdict::PartyVerdict;

/// One counterparty.
#[derive(Default)]
pub(super) struct Kept {
    pub found: Found,
    /// How it was searched for, if it was.
    pub memo: Option<Box<Memo>>,
    /// Whether anything about it is another thing than in the last run.
    pub touched: bool,
    /// What its candidates met of the claims of others.
    pub met: u64,
    /// The last verdict, and what it was made of.
    pub print: Print,
    pub verdict: Option<PartyVerdict>,
}

impl Finds for Box<Kept> {
    fn found(&self) -> &Found {
        &self.found
    }

    fn found_mut(&mut self) -> &mut Found {
        &mut self.found
    }

    fn stands_at(&mut self, place: Option<u32>) {
        self.touched |= std::mem::replace(&mut self.found.place, place) != place;
    }

    fn is_settled(&mut self, met: u64) -> bool {
        std::mem::replace(&mut self.met, met) == met && !self.touched
    }

    fn touch(&mut self) {
        self.touched = true;
    }
}

impl Found {
    /// Takes the records, and the rivals for them, to where they stand now; answers whether one of them is gone or of
    /// another entity now. `None` when one of those with its ИНН is no longer as it was; others that are not are let go.
    pub(super) fn carry(&mut self, fates: &Fates, parties: &Moves) -> Option<bool> {
        let (mut whole, mut elsewise) = (true, false);
        let mut now = |record: &mut u32| {
            let to = fates.now(*record);
            whole &= to.is_some();
            *record = to.map_or(NOWHERE, |now| now.place);
        };
        self.by_inn.iter_mut().for_each(|(record, _)| now(record));
        self.gone.iter_mut().chain(&mut self.other_branch).for_each(&mut now);
        self.place = self.place.and_then(|place| fates.now(place)).map(|now| now.place);
        self.scored.retain_mut(|c| {
            // A rival who is no longer as he was is nobody.
            c.doubts = c.doubts.moved(|rival| parties.now(rival).unwrap_or(NOWHERE));
            let now = fates.now(c.record);
            elsewise |= now.is_none_or(|now| now.elsewise);
            now.map(|now| c.record = now.place).is_some()
        });
        whole.then_some(elsewise)
    }
}
