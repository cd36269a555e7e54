//! Edge out: reports become frozen mails, mails leave. Rendering is a function of its arguments (the time is one of
//! them); only `mailer` touches the network and the disk. Deliberately absent: recipients, the outbox table, retries
//! over time (`pipeline` keeps them), the clock.

pub mod clean;
pub mod format;
pub mod words;

mod engine;
mod error;
mod fallback;
mod audit_book;
mod import_file;
pub mod overrides;
mod filters;
mod samples;
mod samples_of_notices;
pub mod templates;

mod compose;
pub mod message;
pub mod reader;
mod notices;
pub mod bounce_report;
pub mod redirect;
pub mod delimited;
pub mod ledger_export;
pub mod deal_book;
pub mod review_book;
pub mod regulation;
pub mod backtest_book;
pub mod backtest_picture;
pub mod pictures;
pub mod raster;
pub mod trend_picture;
mod sheets;
pub mod workbook;

mod directory;
pub mod dkim;
pub mod mailer;
mod smtp;

pub use compose::{
    HTML_LIMIT, alert_mail, audit_mail, company_mail, held_mail, personal_mail, pilot_mail, statement_mail,
    undelivered_mail,
};
pub use dkim::DkimSigner;
pub use engine::{Engine, Part};
pub use error::TemplateError;
pub use mailer::{Delivery, Mailer, MemoryBox, Security, SmtpSettings, backoff};
pub use message::Sender;
pub use notices::{bounced_mail, contested_mail, escalation_mail, weekly_mail};
