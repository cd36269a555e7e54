//! The regulation rendered from the policy: what it says, that its numbers stay, what a comparison tells. Deliberately absent:
//! the command line around it (`cli`).

mod changes;
mod numbers;
mod shown;

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

/// The policy that the program ships.
pub fn shipped() -> (Policy, Roster) {
    policy(include_str!("../../../config/policy.toml"))
}
