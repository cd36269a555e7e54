//! The edge out: mails as people read them, and how they leave.

pub mod fixture;
pub mod readable;

mod bounces;
pub mod browser;
mod contents;
mod counted;
mod dkim;
mod files;
mod imports;
mod looked_back;
mod folder;
mod mails;
mod monthly;
mod mta;
mod notices;
mod overrides;
mod pictures;
mod reports;
mod smtp_real;
mod smtp_scripted;
mod templates;
