//! The company's regulation as data: dated versions of rules. Deliberately absent: reading it (`config::policy`
//! checks that bands are contiguous and reports the line), computing it (`assess`, `adjust`), and any default amount.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{
    dispute::DisputeTerms,
    money::{Money, Rate},
    org::Employee,
};

/// All versions, sorted by `effective_from`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// Versions, ascending by date, dates distinct.
    pub versions: Vec<PolicyVersion>,
}

impl Policy {
    /// The version in force on the date of the fact; `None` before the first.
    pub fn as_of(&self, date: NaiveDate) -> Option<&PolicyVersion> {
        self.versions.iter().rev().find(|v| v.effective_from <= date)
    }
}

/// One dated version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyVersion {
    /// Short name that statement lines cite, such as `2026-1`.
    pub id: String,
    /// Human title.
    pub title: String,
    /// First day in force.
    pub effective_from: NaiveDate,
    /// Working days after the sale date until the card must be in the CRM.
    pub grace_working_days: u32,
    /// How a sale's bonus is computed.
    pub bonus: BonusTerms,
    /// Counterparties and sales that are not judged, each class with its name.
    pub exempt: Vec<ExemptClass>,
    /// Groups of counterparties with their own demands; first match wins, `all` is implied last.
    pub segments: Vec<Segment>,
    /// Required fields by segment name; `all` must be there when a completeness rule is.
    pub profiles: Vec<Profile>,
    /// The rules in the order of the file.
    pub rules: Vec<Rule>,
    /// How lines are contested.
    pub disputes: DisputeTerms,
}

/// What the rate is applied to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BonusBase {
    /// Amount with VAT.
    WithVat,
    /// Amount without VAT.
    WithoutVat,
    /// Margin.
    Margin,
    /// The file's own bonus column; the rate is not applied.
    Column,
}

/// Bonus of a sale = round(base x rate).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BonusTerms {
    /// Base.
    pub base: BonusBase,
    /// Rate for everybody who has none of his own.
    pub rate: Rate,
    /// Rates by department.
    pub department_rates: Vec<(String, Rate)>,
}

impl BonusTerms {
    /// The employee's rate.
    pub fn rate_for(&self, employee: &Employee) -> Rate {
        self.department_rates.iter().find(|(d, _)| *d == employee.department).map_or(self.rate, |(_, r)| *r)
    }
}

/// A class of counterparties that is not judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExemptClass {
    /// Name shown in reports, such as «Розничный покупатель».
    pub name: String,
    /// Names (compared after normalisation).
    pub names: Vec<String>,
    /// ИНН.
    pub inns: Vec<String>,
    /// Accounting codes.
    pub codes: Vec<String>,
}

/// A group of counterparties.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Segment {
    /// Name, such as `vip`.
    pub name: String,
    /// Names, ИНН or codes listed by hand.
    pub members: Vec<String>,
    /// CRM column and the value that marks a record, such as `vip = 1`.
    pub crm_flag: Option<(String, String)>,
}

/// Required fields of a card.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// Segment it holds for; `all` = everybody else.
    pub segment: String,
    /// Fields with weights.
    pub fields: Vec<Requirement>,
}

/// One required field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// `title`, `inn`, `kpp`, `phone`, `email`, `city`, `responsible`, `contact`, `deal`, `activity`, or the header of any
    /// other CRM column as written.
    pub field: String,
    /// Weight, above zero.
    pub weight: u32,
}

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
    /// Whom it concerns.
    pub scope: Scope,
    /// What it computes.
    pub kind: RuleKind,
}

/// What a rule computes. Later kinds (freshness, deal approval, calls, contests) become further variants.
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
    /// Limit of reductions per employee and period.
    Cap {
        /// Share of the period's bonus.
        cap: Rate,
    },
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
