//! A line of the ledger that somebody contests: who, why, until when a head answers, and what follows from the answer.
//! Deliberately absent: storage, the check of a named CRM record (`pipeline::disputes`), amounts: a withdrawn line is
//! wanted at nothing by `adjust`, and the usual difference does the rest.
//!
//! Only what lowers a bonus is suspended: a premium or a reversal that is contested goes to finance all the same, because
//! leaving it out would cost the very person who asks.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{
    ledger::{EntryKey, LedgerEntry},
    money::Money,
    org::{Employee, EmployeeId, Role, Roster},
    text::Text,
};

/// What is claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Claim {
    /// «В CRM есть»: the card is there, perhaps with its id.
    InCrm,
    /// «Это не мой клиент».
    NotMine,
    /// «Розница, частное лицо».
    Retail,
    /// «Дубль»: the sale or the counterparty stands twice.
    Duplicate,
    /// «Мне не засчитали».
    NotCredited,
}

impl Claim {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::InCrm, Self::NotMine, Self::Retail, Self::Duplicate, Self::NotCredited];

    /// Stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::InCrm => "in_crm",
            Self::NotMine => "not_mine",
            Self::Retail => "retail",
            Self::Duplicate => "duplicate",
            Self::NotCredited => "not_credited",
        }
    }

    /// The claim of that name.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.code() == code)
    }

    /// For people.
    pub fn text(self) -> Text {
        match self {
            Self::InCrm => Text::new("карточка есть в CRM", "the card is in the CRM"),
            Self::NotMine => Text::new("не мой клиент", "not my client"),
            Self::Retail => Text::new("розница, частное лицо", "retail, a private person"),
            Self::Duplicate => Text::new("дубль", "a duplicate"),
            Self::NotCredited => Text::new("не засчитано", "not credited"),
        }
    }
}

/// How a dispute ends for the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ruling {
    /// The line stands.
    Uphold,
    /// The line is withdrawn: nothing is wanted for it any more.
    Withdraw,
}

impl Ruling {
    /// Stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Uphold => "uphold",
            Self::Withdraw => "withdraw",
        }
    }

    /// The ruling of that name.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Uphold, Self::Withdraw].into_iter().find(|r| r.code() == code)
    }

    /// For people.
    pub fn text(self) -> Text {
        match self {
            Self::Uphold => Text::new("строка остаётся", "the line stands"),
            Self::Withdraw => Text::new("строка снята", "the line is withdrawn"),
        }
    }
}

/// Terms of the regulation: how long a head has, and what holds when nobody answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisputeTerms {
    /// Working days after the day of opening.
    pub deadline_working_days: u32,
    /// What holds after them.
    pub by_default: Ruling,
}

impl Default for DisputeTerms {
    /// A regulation that says nothing: five working days, and silence never costs the employee.
    fn default() -> Self {
        Self { deadline_working_days: 5, by_default: Ruling::Withdraw }
    }
}

/// A dispute as it was opened. Never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispute {
    /// Id (UUIDv7).
    pub id: String,
    /// Code of the line, as printed.
    pub code: String,
    /// Id of the ledger entry whose code was given.
    pub entry: String,
    /// What that entry is about.
    pub key: EntryKey,
    /// What is claimed.
    pub claim: Claim,
    /// The CRM record named, as written.
    pub crm_id: Option<String>,
    /// Who contests: personnel number.
    pub by: EmployeeId,
    /// In his words.
    pub note: String,
    /// When.
    pub opened_at: DateTime<Utc>,
    /// Last day to answer, in business time.
    pub due: NaiveDate,
    /// What holds after it.
    pub by_default: Ruling,
    /// Where it came from: `cli`, or the hash of the mail.
    pub source: String,
}

/// What happened to a dispute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// The named record was compared by the matcher; says what it found, decides nothing.
    Checked,
    /// Decided: the line stands.
    Uphold,
    /// Decided: the line is withdrawn.
    Withdraw,
    /// The decision before it was taken back: the dispute is open again.
    Undone,
}

impl EventKind {
    /// Stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Checked => "checked",
            Self::Uphold => "uphold",
            Self::Withdraw => "withdraw",
            Self::Undone => "undone",
        }
    }

    /// The kind of that name.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Checked, Self::Uphold, Self::Withdraw, Self::Undone].into_iter().find(|k| k.code() == code)
    }
}

/// One event. Never changes; a mistake is answered by a later event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisputeEvent {
    /// Id (UUIDv7).
    pub id: String,
    /// Of which dispute.
    pub dispute: String,
    /// What.
    pub kind: EventKind,
    /// When.
    pub at: DateTime<Utc>,
    /// Who; empty = the program.
    pub author: String,
    /// Why, or what was found.
    pub note: Text,
    /// Undone: the new last day to answer.
    pub due: Option<NaiveDate>,
}

/// A dispute with everything that happened to it, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// As opened.
    pub dispute: Dispute,
    /// Events, by time and id.
    pub events: Vec<DisputeEvent>,
}

/// Where a case stands on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Waits for a head until the day.
    Open {
        /// Last day to answer.
        due: NaiveDate,
    },
    /// Answered.
    Decided {
        /// How.
        ruling: Ruling,
        /// By whom; empty = nobody answered in time.
        by: String,
        /// Why.
        why: Text,
    },
}

impl Case {
    /// Last day to answer.
    pub fn due(&self) -> NaiveDate {
        self.events.iter().rev().find_map(|e| e.due).unwrap_or(self.dispute.due)
    }

    /// Where it stands on a day: the last decision that was not taken back, else what the regulation says of silence.
    pub fn state(&self, today: NaiveDate) -> State {
        let last = self.events.iter().rev().find(|e| e.kind != EventKind::Checked);
        let ruling = match last.map(|e| e.kind) {
            Some(EventKind::Uphold) => Some(Ruling::Uphold),
            Some(EventKind::Withdraw) => Some(Ruling::Withdraw),
            Some(EventKind::Undone | EventKind::Checked) | None => None,
        };
        match (ruling, last) {
            (Some(ruling), Some(event)) => State::Decided { ruling, by: event.author.clone(), why: event.note.clone() },
            _ if today > self.due() => {
                State::Decided { ruling: self.dispute.by_default, by: String::new(), why: unanswered(self.due()) }
            }
            _ => State::Open { due: self.due() },
        }
    }

    /// Whether the line is withdrawn on a day.
    pub fn is_withdrawn(&self, today: NaiveDate) -> bool {
        matches!(self.state(today), State::Decided { ruling: Ruling::Withdraw, .. })
    }
}

/// Nobody answered.
fn unanswered(due: NaiveDate) -> Text {
    let ru = due.format("%d.%m.%Y");
    Text::new(
        format!("до {ru} никто не ответил, действует исход из регламента"),
        format!("nobody answered by {due}, the regulation's outcome holds"),
    )
}

/// A line that is wanted at nothing because its dispute was decided so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiver {
    /// Which line.
    pub key: EntryKey,
    /// Why, for the entry that takes it back.
    pub cause: Text,
}

/// Waivers of the cases on a day, sorted by key, one a key.
pub fn waivers(cases: &[Case], today: NaiveDate) -> Vec<Waiver> {
    let mut all: BTreeMap<EntryKey, Text> = BTreeMap::new();
    for case in cases {
        let State::Decided { ruling: Ruling::Withdraw, by, why } = case.state(today) else { continue };
        let (who_ru, who_en) = if by.is_empty() {
            (String::new(), String::new())
        } else {
            (format!(" решением «{by}»"), format!(" by “{by}”"))
        };
        let code = &case.dispute.code;
        let join = |words: String, why: &str| if why.is_empty() { words } else { format!("{words}: {why}") };
        let cause = Text::new(
            join(format!("строка {code} оспорена и снята{who_ru}"), &why.ru),
            join(format!("line {code} was contested and withdrawn{who_en}"), &why.en),
        );
        all.insert(case.dispute.key.clone(), cause);
    }
    all.into_iter().map(|(key, cause)| Waiver { key, cause }).collect()
}

/// Entries that a statement leaves out, by their id, with the case that keeps them back.
///
/// Kept back are the entries of a contested key that no statement has handed over and that together lower the bonus: while
/// the dispute is open, and after it was withdrawn until the entry that takes the line back is posted, so that both are
/// handed over together and finance never moves money that goes back at once.
pub fn suspended<'a>(
    cases: &'a [Case],
    entries: &[LedgerEntry],
    handed: &BTreeSet<String>,
    today: NaiveDate,
) -> BTreeMap<String, &'a Case> {
    let mut sums: BTreeMap<&EntryKey, (Money, Vec<&str>)> = BTreeMap::new();
    for entry in entries.iter().filter(|e| !handed.contains(&e.id)) {
        let (sum, ids) = sums.entry(&entry.entry.key).or_default();
        *sum += entry.entry.amount;
        ids.push(&entry.id);
    }
    let mut kept = BTreeMap::new();
    for case in cases {
        let Some((sum, ids)) = sums.get(&case.dispute.key) else { continue };
        let waits = match case.state(today) {
            State::Open { .. } => true,
            State::Decided { ruling, .. } => ruling == Ruling::Withdraw,
        };
        if waits && *sum < Money::ZERO {
            kept.extend(ids.iter().map(|id| ((*id).to_owned(), case)));
        }
    }
    kept
}

/// Why somebody may not do what he asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The line is another person's, and he heads nobody of its department.
    NotYours,
    /// Only a head decides.
    NoHead,
    /// Nobody decides about his own line, or about a dispute that he opened.
    Own,
}

/// Whether the person may contest a line: his own, or of somebody whose head he is.
pub fn may_open(person: &Employee, line_of: &EmployeeId, roster: &Roster) -> Result<(), Refusal> {
    if person.id == *line_of || heads(person, line_of, roster) { Ok(()) } else { Err(Refusal::NotYours) }
}

/// Whether the person may decide the case: a head of the line's owner, never the owner himself.
pub fn may_decide(person: &Employee, case: &Dispute, roster: &Roster) -> Result<(), Refusal> {
    if person.id == case.key.employee || (person.id == case.by && !person.roles.contains(&Role::Head)) {
        return Err(Refusal::Own);
    }
    if heads(person, &case.key.employee, roster) { Ok(()) } else { Err(Refusal::NoHead) }
}

/// A head without a department heads everybody.
fn heads(person: &Employee, other: &EmployeeId, roster: &Roster) -> bool {
    let department = roster.get(other).map_or("", |p| p.department.as_str());
    person.roles.contains(&Role::Head) && (person.department.is_empty() || person.department == department)
}
