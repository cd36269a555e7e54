//! The company's regulation as data: dated versions of rules. Deliberately absent: reading it (`config::policy`
//! checks that bands are contiguous and reports the line), computing it (`assess`, `adjust`), and any default amount.

mod content;
mod rule;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{
    dispute::DisputeTerms,
    money::{Money, Rate},
    org::Employee,
};
pub use rule::{Band, ContestBy, Premium, Rule, RuleKind, Scope};

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
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

/// Bonus of a sale = round(base x rate). The rate is that of the employee's tiers when a plan is known for the period of
/// the sale, else the flat one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BonusTerms {
    /// Base.
    pub base: BonusBase,
    /// Rate for everybody who has none of his own.
    pub rate: Rate,
    /// Rates by department.
    pub department_rates: Vec<(String, Rate)>,
    /// Rates by how far the period's plan is met; empty = flat rates.
    pub tiers: Vec<Tiers>,
    /// What the plan is measured in; never `Column`.
    pub plan_base: BonusBase,
}

impl BonusTerms {
    /// One base, one rate for everybody, no tiers.
    pub const fn flat(base: BonusBase, rate: Rate) -> Self {
        Self { base, rate, department_rates: Vec::new(), tiers: Vec::new(), plan_base: BonusBase::WithVat }
    }

    /// The employee's flat rate.
    pub fn rate_for(&self, employee: &Employee) -> Rate {
        self.department_rates.iter().find(|(d, _)| *d == employee.department).map_or(self.rate, |(_, r)| *r)
    }

    /// The employee's tiers: those of the department, else those for everybody unless the department has a rate of its own.
    pub fn tiers_for(&self, employee: &Employee) -> Option<&Tiers> {
        let own = self.tiers.iter().find(|t| t.department.as_deref() == Some(employee.department.as_str()));
        let flat = self.department_rates.iter().any(|(d, _)| *d == employee.department);
        own.or_else(|| self.tiers.iter().find(|t| t.department.is_none() && !flat))
    }
}

/// Rates by attainment of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tiers {
    /// Department; `None` = everybody who has neither tiers nor a rate by department.
    pub department: Option<String>,
    /// Ascending; the first begins at 0 %, the last has no end.
    pub steps: Vec<Tier>,
}

impl Tiers {
    /// The rate at this attainment.
    pub fn rate_at(&self, attained: Rate) -> Option<Rate> {
        self.steps.iter().rev().find(|step| step.from <= attained).or(self.steps.first()).map(|step| step.rate)
    }
}

/// From this attainment on, this rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tier {
    /// Fact / plan, inclusive.
    pub from: Rate,
    /// The rate.
    pub rate: Rate,
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
    /// Those who bought the most, as of the start of the period of the fact.
    pub turnover: Option<Turnover>,
    /// New clients: nothing was sold to them earlier than so many months before the start of the period of the fact.
    pub new_months: Option<u32>,
}

/// Turnover of the months before the period: sales with VAT, returns taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turnover {
    /// Trailing months, the period itself not among them.
    pub months: u32,
    /// Who is taken.
    pub take: TurnoverTake,
}

/// Who is taken by turnover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TurnoverTake {
    /// So many with the highest turnover above zero, and whoever ties with the last of them.
    Top(u32),
    /// Everybody with at least this turnover.
    AtLeast(Money),
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

#[cfg(test)]
mod tests;
