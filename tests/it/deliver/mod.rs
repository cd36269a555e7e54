//! The edge out: mails as people read them, and how they leave.

mod templates;
