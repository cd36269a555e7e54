//! The thirteen ways of keeping a CRM filled, as the demo shows each of them: a title, what to look at, the mail or the
//! command where it is seen. Deliberately absent: the page (`index`).

use serde::Serialize;

/// One way.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Way {
    /// Its name.
    pub title: &'static str,
    /// What to look at.
    pub text: &'static str,
    /// Key of a mail of the demo; empty = none.
    pub mail: &'static str,
    /// A command to try; empty = none.
    pub command: &'static str,
}

/// The ways that the page lists.
pub const WAYS: &[Way] = &[];
