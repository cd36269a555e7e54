//! Rules: whom they concern and what they compute. Deliberately absent: reading and checking them (`config`), computing
//! them (`assess`, `adjust`).

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{super::org::Employee, Money, Rate};

/// Whom a rule concerns. Empty sets mean everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Departments.
    pub departments: BTreeSet<String>,
    /// Groups of employees.
    pub groups: BTreeSet<String>,
    /// Only those hired on this day or later.
    pub hired_from: Option<NaiveDate>,
    /// Segments of counterparties.
    pub segments: BTreeSet<String>,
    /// Only sales of at least this amount (absolute value).
    pub min_amount: Option<Money>,
}

impl Scope {
    /// Whether the employee is in scope.
    pub fn covers_employee(&self, employee: &Employee) -> bool {
        (self.departments.is_empty() || self.departments.contains(&employee.department))
            && (self.groups.is_empty() || !self.groups.is_disjoint(&employee.groups))
            && self.hired_from.is_none_or(|from| employee.hired.is_some_and(|hired| hired >= from))
    }

    /// Whether a sale of this amount to this segment is in scope.
    pub fn covers_sale(&self, segment: &str, amount: Money) -> bool {
        (self.segments.is_empty() || self.segments.contains(segment))
            && self.min_amount.is_none_or(|min| amount.abs() >= min)
    }
}

/// A rule with its scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Id cited by entries, such as `missing_counterparty` (the kind's name unless the file gives another).
    pub id: String,
    /// Computed and shown, but never posted.
    pub shadow: bool,
    /// Posts nothing for an employee who has not acknowledged the version by the date of the fact.
    pub requires_acknowledgement: bool,
    /// Whom it concerns.
    pub scope: Scope,
    /// What it computes.
    pub kind: RuleKind,
}

/// What a rule computes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleKind {
    /// Reduction of the bonus of a sale to a buyer who is missing from the CRM or was entered late.
    MissingCounterparty {
        /// Share not accrued while missing.
        missing: Rate,
        /// Share not accrued when entered after the deadline.
        late: Rate,
        /// Such sales do not count in plan and fact.
        exclude_from_kpi: bool,
    },
    /// Premium for complete cards.
    Completeness {
        /// Half-open, contiguous bands over 0..=10 000 bp.
        bands: Vec<Band>,
    },
    /// Premium for cards that are kept up to date.
    Freshness {
        /// A card is fresh when it was really changed, or something was done with the client, within so many days before
        /// the end of the period.
        fresh_days: u32,
        /// Half-open, contiguous bands over 0..=10 000 bp of fresh cards.
        bands: Vec<Band>,
    },
    /// The bonus of a sale is deferred until the head has approved the deal; the scope says which sales.
    DealApproval {
        /// Working days after the sale date until a deal without a decision is brought to the head's attention again.
        escalate_working_days: u32,
    },
    /// Premium for calls that are recorded in the CRM.
    CallRecording {
        /// Shorter calls do not count as made.
        min_seconds: u32,
        /// How far the CRM activity may lie from the call.
        match_minutes: u32,
        /// Sum for each recorded call; may be zero.
        per_recorded: Money,
        /// Half-open, contiguous bands over 0..=10 000 bp of recorded calls; may be empty.
        bands: Vec<Band>,
    },
    /// Prizes by place in the period's ranking.
    Contest {
        /// What is ranked.
        by: ContestBy,
        /// Prizes from the first place on; those who tie share the prizes of the places they take.
        prizes: Vec<Money>,
    },
    /// Limit of reductions per employee and period.
    Cap {
        /// Share of the period's bonus.
        cap: Rate,
    },
}

impl RuleKind {
    /// The word of the policy file.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::MissingCounterparty { .. } => "missing_counterparty",
            Self::Completeness { .. } => "completeness",
            Self::Freshness { .. } => "freshness",
            Self::DealApproval { .. } => "deal_approval",
            Self::CallRecording { .. } => "call_recording",
            Self::Contest { .. } => "contest",
            Self::Cap { .. } => "cap",
        }
    }

    /// Whether cards of the period must be scored for it.
    pub const fn needs_cards(&self) -> bool {
        matches!(
            self,
            Self::Completeness { .. } | Self::Freshness { .. } | Self::Contest { by: ContestBy::CardScore, .. }
        )
    }
}

/// What a contest ranks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContestBy {
    /// Mean card score of the period.
    CardScore,
    /// Longest run of sales, in the order of their dates, whose buyers were entered in time.
    Streak,
    /// Votes of the jury.
    Votes,
}

impl ContestBy {
    /// The word of the policy file.
    pub const fn code(self) -> &'static str {
        match self {
            Self::CardScore => "card_score",
            Self::Streak => "streak",
            Self::Votes => "votes",
        }
    }
}

/// `from <= score < to` (the last band includes 10 000) gives the premium.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Band {
    /// Lower bound, inclusive.
    pub from: Rate,
    /// Upper bound, exclusive (10 001 for the last band).
    pub to: Rate,
    /// What it gives.
    pub premium: Premium,
}

/// A premium.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Premium {
    /// A fixed sum.
    Fixed(Money),
    /// A share of the period's bonus.
    ShareOfBonus(Rate),
}
