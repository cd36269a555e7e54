//! The regulation rendered from the policy: what it says, that its numbers stay, what a comparison tells. Deliberately absent:
//! the command line around it (`cli`).

mod changes;
mod money;
mod numbers;
mod schema;
mod shown;
mod signed;

use sverka::{
    config::load_with,
    domain::{org::Roster, policy::Policy},
};

use crate::app::{PEOPLE, day, write_company};

/// A policy as the program reads it, with the people of the tests.
pub fn policy(text: &str) -> (Policy, Roster) {
    let dir = tempfile::tempdir().expect("a folder");
    write_company(&dir, "", text, PEOPLE);
    let config = load_with(&dir.path().join("sverka.toml"), std::iter::empty(), day("2026-11-16"))
        .unwrap_or_else(|e| panic!("{e}"));
    (config.policy, config.roster)
}

/// Three rules, the figures of the other tests.
pub fn plain() -> (Policy, Roster) {
    policy(PLAIN)
}

/// Its text.
pub const PLAIN: &str = include_str!("plain.toml");

/// Every kind of rule and every key that a policy may have.
pub fn everything() -> (Policy, Roster) {
    policy(EVERYTHING)
}

/// Its text.
pub const EVERYTHING: &str = include_str!("everything.toml");
