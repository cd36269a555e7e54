//! Edge out: reports become frozen mails, mails leave.
