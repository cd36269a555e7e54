//! What is kept of one counterparty from run to run, in one place: it is handed on without being moved.
//! Deliberately absent: what is done with it (`going`, `retold`).

use super::{
    super::found::{Finds, Found},
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
    /// Whether it was searched for anew in the run under way.
    pub anew: bool,
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
}
