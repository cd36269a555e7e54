//! Rows of the weekly audit. Deliberately absent: how they come about (`audit_seen`, `audit_parts`).

use chrono::{NaiveDate, NaiveDateTime};
use serde::Serialize;

use crate::domain::{
    money::{Money, Rate},
    org::EmployeeId,
    party::PartyKey,
    period::Period,
    text::Text,
    verdict::{PartyVerdict, Verdict},
};

use super::{ReportContext, Tally};

/// One manager's row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ManagerRow {
    /// Personnel number; `None` = seller unknown.
    pub id: Option<EmployeeId>,
    /// Name; empty = seller unknown.
    pub name: String,
    /// Judged sales.
    pub sales: Tally,
    /// In the CRM.
    pub in_crm: Tally,
    /// Missing.
    pub missing: Tally,
    /// Pending.
    pub pending: Tally,
    /// Uncertain or not judgeable.
    pub unclear: Tally,
    /// Share entered, rounded down.
    pub share: Option<Rate>,
    /// Mean score of the cards of the current period, rounded down.
    pub completeness: Option<Rate>,
    /// Shares entered of up to eight weeks, oldest first, this one last.
    pub trend: Vec<Rate>,
}

/// The share entered of one week, everybody together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct WeekShare {
    /// Number of the ISO week.
    pub number: u32,
    /// Share entered, rounded down.
    pub share: Rate,
}

/// One change of money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MovedLine {
    /// Name.
    pub employee: String,
    /// Document; empty for rules over a period.
    pub document: Text,
    /// Buyer.
    pub party: String,
    /// Amount, signed.
    pub amount: Money,
    /// Kind code.
    pub kind: String,
    /// Rule id.
    pub rule: String,
    /// The clause that says it.
    pub ground: Text,
    /// Period of the fact.
    pub belongs_to: Period,
    /// Period it is paid in.
    pub pay_period: Period,
    /// The cause of a change, else the arithmetic.
    pub why: Text,
    /// File, sheet, row.
    pub source: Text,
}

/// One client that needs a person, with his open sales.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PartyLine {
    /// Identity, for `sverka match list`.
    pub key: PartyKey,
    /// Name.
    pub name: String,
    /// Open sales.
    pub tally: Tally,
    /// Why it is not clear.
    pub reason: Text,
    /// Candidates, best first.
    pub candidates: Vec<CandidateLine>,
}

/// A candidate for reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CandidateLine {
    /// Identity.
    pub id: String,
    /// Title.
    pub title: String,
    /// Likeness.
    pub score: Rate,
    /// Why.
    pub reason: Text,
    /// Link to the card; empty = none.
    pub link: String,
}

/// Documents of one exempt class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExemptCount {
    /// The remark of the assessment: class or decision.
    pub class: Text,
    /// How many.
    pub tally: Tally,
}

/// Documents in one other currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Foreign {
    /// Code.
    pub currency: String,
    /// How many, in that currency.
    pub tally: Tally,
}

/// Shares of the turnover (absolute sums, so that a return does not hide a sale), each rounded down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// Judged: in the CRM or provably not.
    pub checked: Rate,
    /// Left out by the regulation.
    pub exempt: Rate,
    /// Waits for a person.
    pub uncertain: Rate,
    /// Could not be judged.
    pub not_judgeable: Rate,
}

/// One considered document, for the workbook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditLine {
    /// Personnel number; empty = unknown seller.
    pub employee: String,
    /// Name of the seller as resolved, else as written.
    pub name: String,
    /// Buyer.
    pub party: String,
    /// Document number.
    pub number: String,
    /// Its date.
    pub date: NaiveDate,
    /// Amount.
    pub amount: Money,
    /// Status code.
    pub status: String,
    /// Last day.
    pub deadline: NaiveDate,
    /// When entered, business time; `None` = not, or before tracking.
    pub entered_at: Option<NaiveDateTime>,
    /// Title and id of the card in the CRM; empty = none.
    pub card: String,
    /// Link to it; empty = none.
    pub link: String,
    /// Segment.
    pub segment: String,
    /// Why this verdict, or why exempt.
    pub reason: Text,
    /// File, sheet, row.
    pub source: Text,
}

impl CandidateLine {
    /// Title and link of the card that a counterparty was found as; both empty where it was not.
    pub fn found(verdict: Option<&PartyVerdict>, ctx: &ReportContext) -> (String, String) {
        verdict
            .filter(|v| v.verdict == Verdict::InCrm)
            .and_then(|v| v.candidates.first())
            .map(|card| (format!("{} ({})", card.title, card.id), ctx.card_link(&card.id)))
            .unwrap_or_default()
    }

    /// The candidates of a verdict, best first.
    pub fn list(verdict: &PartyVerdict, ctx: &ReportContext) -> Vec<Self> {
        verdict
            .candidates
            .iter()
            .map(|c| Self {
                id: c.id.to_string(),
                title: c.title.clone(),
                score: Rate::from_bp(i32::try_from(c.score_bp).unwrap_or(i32::MAX)),
                reason: c.reason.clone(),
                link: ctx.card_link(&c.id),
            })
            .collect()
    }
}
