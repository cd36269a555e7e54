//! Raw values become comparable values. Deliberately absent: comparing them (`matching`), reading files.

pub mod contact;
pub mod forms;
pub mod name;
pub mod parties;
pub mod person;
pub mod skeleton;
pub mod text;

mod identity;
mod remarks;
mod spellings;

pub use parties::{parties, parties_of};
pub use spellings::Spellings;
