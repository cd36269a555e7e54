//! The company's page of a month, mailed to everybody: how much of what was sold stands in the CRM, how much rests on what
//! only one person knows, how the months went. Only shares and counts of many: no sum, no client and no person, so that it
//! may hang on the wall. What heads see besides is a part of its own (`of_heads`).
//!
//! **Turnover** is sales of the base currency with VAT that the regulation judges; returns are not taken off, so that no share
//! exceeds the whole. Clients and cards are looked at as of the run, also for earlier months: the trend shows what stands
//! today of each month's sales.
//!
//! Deliberately absent: words, money, and anything about one person outside `of_heads`.

mod cohorts;
mod fixes;
mod hands;
mod model;
mod months;
mod readiness;
mod training;

use serde::Serialize;

use crate::domain::{
    facts::{Facts, Outcome},
    org::{Employee, EmployeeId, Role},
    period::Period,
};

use super::{Frame, ReportContext};

pub use cohorts::{Cohort, Cohorts};
pub use fixes::{FirstTold, FixRow, fixes};
pub use hands::Hands;
pub use model::{ModelCard, ModelDeal, model_card, model_deal};
pub use months::MonthShares;
pub use readiness::{Readiness, ReadinessLine, readiness};
pub use training::{EffectState, Learner, TrainingEffect, TrainingList, training_list};

/// Months of the trend, the page's own last.
const TREND_MONTHS: usize = 6;

/// The page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CompanyReport {
    /// Company, as-of.
    pub frame: Frame,
    /// The month it speaks of.
    pub period: Period,
    /// `2026-10`, with `.once` behind it when a person asked; part of the mail's key.
    pub occasion: String,
    /// How to read the numbers.
    pub state: CompanyState,
    /// The month.
    pub month: MonthShares,
    /// The months up to it that have sales, oldest first, the page's own last; at most six.
    pub trend: Vec<MonthShares>,
    /// What rests on one person.
    pub hands: Hands,
    /// What would be if a stricter profile held for everybody, per profile.
    pub readiness: Vec<Readiness>,
    /// By time with the company.
    pub cohorts: Cohorts,
    /// The model card, without anything that says whose it is.
    pub card: Option<ModelCard>,
    /// The model deal likewise.
    pub deal: Option<ModelDeal>,
    /// What only a head sees, of the people of his department.
    pub of_head: Option<OfHead>,
}

/// The part of a head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OfHead {
    /// Department; empty = all.
    pub department: String,
    /// From an alert to a complete card.
    pub fixes: Vec<FixRow>,
    /// Who misses what, and what trainings changed.
    pub training: TrainingList,
}

/// What the first sentence may say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CompanyState {
    /// Data of one side is absent or too old.
    Unchecked,
    /// Nothing was sold that the regulation judges.
    NoSales,
    /// There are numbers.
    Ready,
}

impl CompanyReport {
    /// The page of a month.
    pub fn build(facts: &Facts, outcome: &Outcome, period: Period, ctx: &ReportContext) -> Self {
        let frame = ctx.frame(facts);
        let mut trend = Vec::new();
        let mut at = period;
        for _ in 0..TREND_MONTHS {
            trend.push(months::shares(facts, outcome, at));
            at = at.prev();
        }
        trend.reverse();
        let month = trend.last().cloned().unwrap_or_else(|| months::shares(facts, outcome, period));
        trend.retain(|shares| shares.clients > 0);
        let state = match () {
            () if frame.stale => CompanyState::Unchecked,
            () if month.clients == 0 => CompanyState::NoSales,
            () => CompanyState::Ready,
        };
        Self {
            occasion: format!("{period}{}", if ctx.by_hand { ".once" } else { "" }),
            state,
            month,
            trend,
            hands: hands::hands(facts, outcome, period, ctx.today()),
            readiness: readiness::readiness(facts, outcome, period, &|_| true).0,
            cohorts: cohorts::cohorts(facts, outcome, period),
            card: model_card(facts, outcome, period, ctx).map(ModelCard::anonymous),
            deal: model_deal(facts, outcome, period, ctx).map(ModelDeal::anonymous),
            of_head: None,
            period,
            frame,
        }
    }
}

impl CompanyReport {
    /// The page with the part of its reader, if he is a head.
    pub fn read_by(
        &self,
        reader: &Employee,
        facts: &Facts,
        outcome: &Outcome,
        told: &FirstTold,
        ctx: &ReportContext,
    ) -> Self {
        let mut page = self.clone();
        if reader.roles.contains(&Role::Head) {
            let sees = |id: Option<&EmployeeId>| match id {
                _ if reader.department.is_empty() => true,
                Some(id) => facts.roster.get(id).is_some_and(|person| person.department == reader.department),
                None => false,
            };
            page.of_head = Some(OfHead {
                department: reader.department.clone(),
                fixes: fixes(facts, outcome, told, ctx.as_of, &sees),
                training: training_list(facts, outcome, self.period, ctx.as_of, &sees),
            });
        }
        page
    }
}

/// Who gets the page: everybody who can be written to.
pub fn is_reader(person: &Employee) -> bool {
    !person.email.is_empty()
}
