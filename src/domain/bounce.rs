//! Mails that came back: what a report of failed delivery says, and from when on an address counts as dead. Pure.
//! Deliberately absent: reading reports (`deliver::bounce_report`) and who reads the mail instead (`pipeline`).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::Serialize;

/// So many different mails have to come back for good before nothing is sent to the address any more.
pub const MAILS_TO_SUSPEND: usize = 2;

/// What a report says of the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BounceKind {
    /// The server is still trying.
    Delayed,
    /// Not delivered, but the address may live: mailbox full, mail too large, refused by a filter.
    Soft,
    /// Not delivered: there is no such address.
    Hard,
}

impl BounceKind {
    /// Stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Delayed => "delayed",
            Self::Soft => "soft",
            Self::Hard => "hard",
        }
    }

    /// The kind of that name.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Delayed, Self::Soft, Self::Hard].into_iter().find(|k| k.code() == code)
    }

    /// What an enhanced status (RFC 3463) means: 5.x.x says that the address is dead, unless it speaks of a full mailbox
    /// (x.2.2), of the length of the mail (x.2.3, x.3.4) or of a filter (x.7.x). Anything else does not end an address.
    pub fn of_status(status: &str) -> Self {
        let mut parts = status.trim().split('.').map(|part| part.parse::<u16>().ok());
        match (parts.next().flatten(), parts.next().flatten(), parts.next().flatten()) {
            (Some(5), Some(2), Some(2 | 3)) | (Some(5), Some(3), Some(4)) | (Some(5), Some(7), _) => Self::Soft,
            (Some(5), ..) => Self::Hard,
            _ => Self::Soft,
        }
    }
}

/// A report about one mail of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounce {
    /// SHA-256 of the report.
    pub hash: String,
    /// Key of the mail that came back.
    pub mail_key: String,
    /// Its recipient, lower case.
    pub address: String,
    /// What it means.
    pub kind: BounceKind,
    /// `5.1.1`; empty = not said.
    pub status: String,
    /// What the other server said.
    pub words: String,
    /// When it was read.
    pub at: DateTime<Utc>,
}

impl Bounce {
    /// Status and words, the status once.
    pub fn said(&self) -> String {
        if self.words.contains(&self.status) {
            return self.words.clone();
        }
        format!("{} {}", self.status, self.words).trim().to_owned()
    }
}

/// Something decided about an address; the last one counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressEvent {
    /// Address, lower case.
    pub address: String,
    /// Suspended, or lifted.
    pub suspended: bool,
    /// When.
    pub at: DateTime<Utc>,
    /// Who; empty = the program.
    pub author: String,
    /// Why.
    pub reason: String,
}

/// An address as it is compared.
pub fn address_key(address: &str) -> String {
    address.trim().to_lowercase()
}

/// Addresses that nothing is sent to.
pub fn suspended(events: &[AddressEvent]) -> BTreeSet<String> {
    let mut last: BTreeMap<&str, &AddressEvent> = BTreeMap::new();
    // Events stand in the order they were written; of one instant the later one counts.
    for event in events {
        last.insert(&event.address, event);
    }
    last.values().filter(|e| e.suspended).map(|e| e.address.clone()).collect()
}

/// Addresses that have to be suspended now, each with the bounces that say so: two different mails came back for good
/// since the address was last lifted. Two reports about one mail are one.
pub fn to_suspend<'a>(bounces: &'a [Bounce], events: &[AddressEvent]) -> BTreeMap<String, Vec<&'a Bounce>> {
    let already = suspended(events);
    let since = |address: &str| events.iter().rev().find(|e| e.address == address).map(|e| e.at);
    let mut hard: BTreeMap<String, Vec<&Bounce>> = BTreeMap::new();
    for bounce in bounces.iter().filter(|b| b.kind == BounceKind::Hard && !already.contains(&b.address)) {
        if since(&bounce.address).is_none_or(|at| bounce.at > at) {
            hard.entry(bounce.address.clone()).or_default().push(bounce);
        }
    }
    hard.retain(|_, of| of.iter().map(|b| &b.mail_key).collect::<BTreeSet<_>>().len() >= MAILS_TO_SUSPEND);
    hard
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(minute * 60, 0).unwrap_or_default()
    }

    fn bounce(mail: &str, kind: BounceKind, minute: i64) -> Bounce {
        Bounce {
            hash: format!("{mail}{minute}"),
            mail_key: mail.to_owned(),
            address: "a@b.ru".to_owned(),
            kind,
            status: String::new(),
            words: String::new(),
            at: at(minute),
        }
    }

    fn event(suspended: bool, minute: i64) -> AddressEvent {
        AddressEvent {
            address: "a@b.ru".to_owned(),
            suspended,
            at: at(minute),
            author: String::new(),
            reason: String::new(),
        }
    }

    #[test]
    fn two_mails_that_came_back_for_good_end_an_address_and_a_lift_begins_anew() {
        use BounceKind::{Delayed, Hard, Soft};
        let ends = |bounces: &[Bounce], events: &[AddressEvent]| to_suspend(bounces, events).len() == 1;
        assert!(!ends(&[bounce("a", Hard, 1)], &[]));
        assert!(!ends(&[bounce("a", Hard, 1), bounce("a", Hard, 2)], &[]), "two reports about one mail");
        assert!(!ends(&[bounce("a", Hard, 1), bounce("b", Soft, 2), bounce("c", Delayed, 3)], &[]));
        let two = [bounce("a", Hard, 1), bounce("b", Hard, 2)];
        assert!(ends(&two, &[]));
        assert!(!ends(&two, &[event(true, 3)]), "suspended already");
        let lifted = [event(true, 3), event(false, 4)];
        assert!(!ends(&two, &lifted));
        assert!(!ends(&[two[0].clone(), two[1].clone(), bounce("c", Hard, 5)], &lifted));
        assert!(ends(&[bounce("c", Hard, 5), bounce("d", Hard, 6)], &lifted));
        assert_eq!(suspended(&[event(true, 3)]).len(), 1);
        assert_eq!(suspended(&lifted).len(), 0);
    }

    #[test]
    fn only_words_about_the_address_end_it() {
        for (status, kind) in [
            ("5.1.1", BounceKind::Hard),
            ("5.0.0", BounceKind::Hard),
            ("5.2.1", BounceKind::Hard),
            ("5.2.2", BounceKind::Soft),
            ("5.2.3", BounceKind::Soft),
            ("5.3.4", BounceKind::Soft),
            ("5.7.1", BounceKind::Soft),
            ("4.4.1", BounceKind::Soft),
            ("", BounceKind::Soft),
            ("нет", BounceKind::Soft),
        ] {
            assert_eq!(BounceKind::of_status(status), kind, "{status}");
        }
    }
}
