//! A finished mail: bytes that never change. Deliberately absent: rendering (`deliver`) and sending.

use chrono::{DateTime, Utc};

/// What a mail is, for filters, threading and the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MailKind {
    /// Weekly audit to a head.
    Audit,
    /// Missing entries to a manager.
    Alert,
    /// Bonus adjustments to finance.
    Statement,
    /// The company's page of a month to everybody.
    Company,
    /// The pilot beside the rest, to the director.
    Pilot,
    /// Held run to the operator.
    Held,
    /// Mails that could not be delivered, to the operator.
    Undelivered,
    /// Statement of his own bonus to a salesperson.
    Personal,
    /// What managers were told and did not enter, to their head.
    Escalation,
    /// Lines that people contest, to their head.
    Contested,
    /// The week of the program, to the operator.
    Weekly,
    /// An address that nothing is sent to any more, to the operator.
    Bounced,
}

impl MailKind {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Audit,
        Self::Alert,
        Self::Statement,
        Self::Personal,
        Self::Company,
        Self::Pilot,
        Self::Escalation,
        Self::Contested,
        Self::Weekly,
        Self::Held,
        Self::Undelivered,
        Self::Bounced,
    ];

    /// Stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Audit => "audit",
            Self::Alert => "alert",
            Self::Statement => "statement",
            Self::Personal => "personal",
            Self::Escalation => "escalation",
            Self::Contested => "contested",
            Self::Weekly => "weekly",
            Self::Company => "company",
            Self::Pilot => "pilot",
            Self::Held => "held",
            Self::Undelivered => "undelivered",
            Self::Bounced => "bounced",
        }
    }

    /// The kind of that name.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.code() == code)
    }
}

/// A mail whose bytes are final.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrozenMail {
    /// Unique: `audit.2026-W47.5.101`, `alert.2026-11-20.7`, `statement.2026-11/1.12`, `company.2026-10.7`,
    /// `held.<hold id>.3`. Freezing a key twice keeps the first.
    pub key: String,
    /// Kind.
    pub kind: MailKind,
    /// Envelope recipient.
    pub recipient: String,
    /// Envelope sender.
    pub sender: String,
    /// Subject in clear, for lists.
    pub subject: String,
    /// `<audit.2026-W47.5.101@host>`, derived from the key.
    pub message_id: String,
    /// Complete RFC 5322 message.
    pub bytes: Vec<u8>,
}

/// Where a frozen mail stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MailState {
    /// Waits for its (next) try.
    Pending,
    /// Accepted by the server.
    Sent,
    /// Refused for good, or too old.
    Dead,
}

impl MailState {
    /// Stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sent => "sent",
            Self::Dead => "dead",
        }
    }

    /// The state of that name.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Pending, Self::Sent, Self::Dead].into_iter().find(|k| k.code() == code)
    }
}

/// A row of the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxMail {
    /// Id.
    pub id: String,
    /// The mail.
    pub mail: FrozenMail,
    /// State.
    pub state: MailState,
    /// When frozen.
    pub frozen_at: DateTime<Utc>,
    /// Tries so far.
    pub attempts: u32,
    /// Next try, while pending.
    pub next_try: DateTime<Utc>,
    /// The server's last words.
    pub last_reply: String,
    /// When accepted.
    pub sent_at: Option<DateTime<Utc>>,
}
