//! The edge out: mails as people read them, and how they leave.

pub mod fixture;
pub mod readable;

mod browser;
mod contents;
mod files;
mod imports;
mod looked_back;
mod folder;
mod mails;
mod monthly;
mod reports;
mod smtp_real;
mod smtp_scripted;
mod templates;
