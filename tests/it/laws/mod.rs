//! The laws of money: whatever happens in whatever order, the ledger is what the facts ask for, and not a kopeck moves
//! without proof. Deliberately absent: files, stores, mails; matching is replaced by a table of verdicts.

mod book;
mod bands;
mod bases;
mod cards;
mod caps;
mod contests;
mod deals;
mod evidence;
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
mod scopes;
mod terms;
mod ten_thousand;
mod totals;
mod upkeep;
mod waiting;
mod waivers;
mod wider;
mod world;

pub(crate) use book::Book;
