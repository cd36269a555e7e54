//! The laws of money: whatever happens in whatever order, the ledger is what the facts ask for, and not a kopeck moves
//! without proof. Deliberately absent: files, stores, mails; matching is replaced by a table of verdicts.

mod book;
mod bands;
mod cards;
mod deals;
mod golden;
mod history;
mod kinds;
mod month;
mod oracle;
mod plan;
mod prizes;
mod proportion;
mod reasons;
mod returns;
mod terms;
mod upkeep;
mod wider;
mod ten_thousand;
mod world;

pub(crate) use book::Book;
