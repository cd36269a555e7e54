//! The core: values in, values and findings out. Nothing here reads a clock, a file, a socket or a database.
//!
//! Stages in order: `normalise` and `matching` say who is in the CRM, `assess` says what that means for each sale and
//! card, `adjust` turns it into kopecks and into entries still to be posted, `gate` judges whether a run may speak,
//! `report` arranges what people read.

pub mod text;
pub mod words;

pub mod money;
pub mod period;
pub mod calendar;
pub mod tax_id;
pub mod finding;

pub mod org;
pub mod sale;
pub mod party;
pub mod crm;
pub mod inbox;
pub mod export_diff;
pub mod export_scope;
pub mod export_words;
pub mod merge;
pub mod policy;
pub mod verdict;
pub mod ledger;
pub mod run;
pub mod due;
pub mod mail;
pub mod bounce;
pub mod acknowledgement;
pub mod rule_facts;
pub mod facts;
pub mod proportion;

pub(crate) mod parallel;
pub mod normalise;
pub mod matching;
pub mod decisions;
pub mod review;
pub mod duplicates;
pub mod assess;
pub mod adjust;
pub mod deals;
pub mod ballot;
pub mod ledger_chain;
pub mod derived_id;
pub mod line_code;
pub mod dispute;
pub mod answer;
pub mod gate;
pub mod regulation;
pub mod backtest;
pub mod report;
