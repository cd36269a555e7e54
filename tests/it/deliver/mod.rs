//! The edge out: mails as people read them, and how they leave.

pub mod fixture;
pub mod readable;

pub mod browser;
mod contents;
mod files;
mod imports;
mod folder;
mod mails;
mod overrides;
mod pictures;
mod reports;
mod smtp_real;
mod smtp_scripted;
mod templates;
