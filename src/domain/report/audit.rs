//! The weekly audit of a head: one page that says what is not in the CRM, what it changed and what waits for a person.
//!
//! **The week** is the ISO week (Monday to Sunday) that contains the as-of in the business time zone. **Considered** are
//! the documents in the base currency dated in that week, and those of earlier weeks that are still open (pending,
//! missing, uncertain, not judgeable) in a period that is not closed yet. Every number of the report is over that one
//! set, so the table, the three numbers and the attached lines add up to each other. Open documents of closed periods
//! are only counted, in `closed_open`, together with their returns of any date and without sales that came back in
//! full: otherwise the list would grow for ever. Counts leave returns out, sums are net.
//!
//! A head sees the people of his department; a head without department sees everybody and the documents whose seller
//! nobody knows. Deliberately absent: words, limits on the length of lists.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::domain::{
    facts::{Facts, Outcome},
    ledger::NewEntry,
    money::{Money, Rate},
    org::{Employee, EmployeeId},
    period::Period,
    regulation::people::{self, Waiting},
    review::sheet::Offer,
    verdict::Status,
};

use super::{
    FindingLine, Frame, ReportContext, Tally,
    audit_deals::{self, AwaitingDeals},
    audit_parts,
    audit_rows::{AuditLine, Coverage, ExemptCount, Foreign, ManagerRow, MovedLine, PartyLine, WeekShare},
    audit_rules::{self, MonthSoFar},
    audit_seen::Seen,
    beside::ChangedDocument,
    company::{self, FirstTold, FixRow, ReadinessLine, TrainingList},
};

/// The audit of one head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditReport {
    /// Company, as-of, next report.
    pub frame: Frame,
    /// Department; empty = all.
    pub department: String,
    /// The week.
    pub week: Week,
    /// Names this audit among all of its head: `2026-W47.5` for the fifth day of the week, with `.once` behind it when a
    /// person asked; part of the mail's key, so that the scheduled audit is never taken for one sent by hand before.
    pub occasion: String,
    /// How to read the numbers.
    pub state: AuditState,
    /// The figures; kept by the caller as history for the next audit of the same head.
    pub figures: AuditFigures,
    /// The figures of the last audit before this week, if any.
    pub previous: Option<AuditFigures>,
    /// Change against `previous`.
    pub change: Option<Change>,
    /// Share entered of up to eight weeks, oldest first, this one last.
    pub weeks: Vec<WeekShare>,
    /// Managers, worst first.
    pub managers: Vec<ManagerRow>,
    /// Ledger entries since the last audit, greatest first.
    pub moved: Vec<MovedLine>,
    /// Documents of closed periods that accounting changed since the last audit.
    pub changed: Vec<ChangedDocument>,
    /// Clients for whom a person must decide, greatest first.
    pub uncertain: Vec<PartyLine>,
    /// Sum over `uncertain`.
    pub uncertain_total: Tally,
    /// Clients that could not be judged, greatest first.
    pub not_judgeable: Vec<PartyLine>,
    /// Sum over `not_judgeable`.
    pub not_judgeable_total: Tally,
    /// Documents of the week that the regulation leaves out, by class.
    pub exempt: Vec<ExemptCount>,
    /// Documents of the week in other currencies: listed, never added.
    pub foreign: Vec<Foreign>,
    /// Open documents of closed periods.
    pub closed_open: Tally,
    /// Share of the considered turnover that was judged; `None` without turnover.
    pub coverage: Option<Coverage>,
    /// Deals that wait for a head.
    pub awaiting: AwaitingDeals,
    /// The month so far under the rules that reward.
    pub month: MonthSoFar,
    /// What rules on trial would have changed in the current period.
    pub on_trial: Money,
    /// People whom a rule waits for: they have not acknowledged the version.
    pub unsigned: Vec<Waiting>,
    /// What was noticed, heaviest first; notes left out.
    pub findings: Vec<FindingLine>,
    /// Every considered document, for the workbook.
    pub lines: Vec<AuditLine>,
    /// Clients against stricter profiles than their own, for the workbook.
    #[serde(skip)]
    pub readiness: Vec<ReadinessLine>,
    /// From an alert to a complete card, per manager; filled by `look_back`.
    pub fixes: Vec<FixRow>,
    /// Who misses what, and what trainings changed; filled by `look_back`.
    pub training: TrainingList,
    /// Rows of the workbook in which the head answers about `uncertain`; filled by the caller, no part of the text.
    #[serde(skip)]
    pub review: Vec<Offer>,
}

/// An ISO week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Week {
    /// `2026-W47`, also part of the mail's key.
    pub id: String,
    /// ISO year.
    pub year: i32,
    /// Number.
    pub number: u32,
    /// Monday.
    pub from: NaiveDate,
    /// Sunday.
    pub to: NaiveDate,
}

impl Week {
    /// The week that contains the day.
    pub fn of(day: NaiveDate) -> Self {
        let iso = day.iso_week();
        let back = u64::from(day.weekday().num_days_from_monday());
        let from = day.checked_sub_days(Days::new(back)).unwrap_or(day);
        Self {
            id: format!("{}-W{:02}", iso.year(), iso.week()),
            year: iso.year(),
            number: iso.week(),
            from,
            to: from.checked_add_days(Days::new(6)).unwrap_or(from),
        }
    }

    /// Whether the day lies in the week.
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.to
    }
}

/// What the first sentence may say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditState {
    /// Data of one side is absent or too old: never "all well".
    Unchecked,
    /// Nothing to judge this week.
    NoSales,
    /// Everything is in the CRM.
    Clean,
    /// Something is open.
    Open,
}

/// The figures of one audit, kept to compare with the next ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditFigures {
    /// `2026-W47`.
    pub week: String,
    /// Judged sales (exempt ones left out).
    pub sales: Tally,
    /// Of them in the CRM, in time or late.
    pub in_crm: Tally,
    /// Of them missing.
    pub missing: Tally,
    /// Of them pending.
    pub pending: Tally,
    /// Share entered, by number, rounded down; `None` without sales.
    pub share: Option<Rate>,
    /// Sum of the ledger entries since the last audit.
    pub adjustments: Money,
    /// Share entered by manager.
    pub managers: BTreeMap<EmployeeId, Rate>,
}

/// Change of the three numbers against the last audit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Week compared with, `2026-W46`.
    pub week: String,
    /// Its number, 46.
    pub week_number: u32,
    /// Basis points; `None` when one of the weeks had no sales.
    pub share_bp: Option<i32>,
    /// Sales without a card.
    pub missing: i64,
    /// Their sum.
    pub missing_amount: Money,
    /// Adjustments.
    pub adjustments: Money,
}

impl AuditReport {
    /// The audit for a head. `entries`: the ledger entries posted since the last audit, this run's included. `history`:
    /// figures of earlier audits of the same head, in any order.
    pub fn build(
        facts: &Facts,
        outcome: &Outcome,
        entries: &[NewEntry],
        history: &[AuditFigures],
        head: &Employee,
        ctx: &ReportContext,
    ) -> Self {
        let speaks_of = ctx.week_of.unwrap_or_else(|| ctx.today());
        let week = Week::of(speaks_of);
        let sees = |id: Option<&EmployeeId>| sees(facts, head, id);
        let seen = Seen::collect(facts, outcome, &week, &sees);
        let mut past: Vec<&AuditFigures> = history.iter().filter(|f| f.week < week.id).collect();
        past.sort_by(|a, b| a.week.cmp(&b.week));
        past.dedup_by(|a, b| a.week == b.week);

        let moved = audit_parts::moved(facts, entries, &sees);
        let mut figures = seen.figures(&week, moved.iter().map(|m| m.amount).sum());
        let managers = audit_parts::managers(facts, outcome, &seen, &past, Period::of(ctx.today()));
        figures.managers = managers.iter().filter_map(|m| Some((m.id.clone()?, m.share?))).collect();

        let (uncertain, uncertain_total) = audit_parts::parties(&seen, Status::Uncertain, ctx);
        let (not_judgeable, not_judgeable_total) = audit_parts::parties(&seen, Status::NotJudgeable, ctx);
        let frame = ctx.frame(facts);
        let settled = figures.missing.is_empty()
            && figures.pending.is_empty()
            && uncertain.is_empty()
            && not_judgeable.is_empty()
            && figures.in_crm.count >= figures.sales.count;
        let state = match () {
            () if frame.stale => AuditState::Unchecked,
            () if !settled => AuditState::Open,
            () if figures.sales.count == 0 => AuditState::NoSales,
            () => AuditState::Clean,
        };
        let previous = past.last().map(|f| (*f).clone());
        Self {
            change: previous.as_ref().map(|before| change(&figures, before)),
            occasion: format!(
                "{}.{}{}",
                week.id,
                speaks_of.weekday().number_from_monday(),
                if ctx.by_hand { ".once" } else { "" }
            ),
            department: head.department.clone(),
            state,
            weeks: audit_parts::weeks(&past, &figures),
            managers,
            moved,
            changed: Vec::new(),
            uncertain,
            uncertain_total,
            not_judgeable,
            not_judgeable_total,
            exempt: seen.exempt(),
            foreign: audit_parts::foreign(facts, outcome, &week, &sees),
            closed_open: seen.closed_open,
            coverage: seen.coverage(),
            awaiting: audit_deals::awaiting(facts, outcome, head, &sees),
            month: audit_rules::month_so_far(facts, outcome, Period::of(ctx.today()), &sees),
            on_trial: audit_parts::on_trial(outcome, Period::of(ctx.today()), &sees),
            unsigned: people::waiting(&facts.policy, &facts.roster, &facts.acknowledgements, ctx.today())
                .into_iter()
                .filter(|waiting| sees(Some(&waiting.id)))
                .collect(),
            findings: audit_parts::findings(outcome),
            lines: seen.lines(facts, ctx),
            readiness: company::readiness(facts, outcome, Period::of(ctx.today()), &sees).1,
            fixes: Vec::new(),
            training: TrainingList::default(),
            review: Vec::new(),
            figures,
            previous,
            week,
            frame,
        }
    }
}

/// Whether the head sees the person's lines.
fn sees(facts: &Facts, head: &Employee, id: Option<&EmployeeId>) -> bool {
    match id {
        _ if head.department.is_empty() => true,
        Some(id) => facts.roster.get(id).is_some_and(|e| e.department == head.department),
        None => false,
    }
}

impl AuditReport {
    /// Adds what came of alerts and trainings.
    pub fn look_back(
        &mut self,
        facts: &Facts,
        outcome: &Outcome,
        head: &Employee,
        told: &FirstTold,
        ctx: &ReportContext,
    ) {
        let sees = |id: Option<&EmployeeId>| sees(facts, head, id);
        self.fixes = company::fixes(facts, outcome, told, ctx.as_of, &sees);
        let mut list = company::training_list(facts, outcome, Period::of(ctx.today()), ctx.as_of, &sees);
        // Which fields are empty most stands in the month so far already.
        list.people.clear();
        self.training = list;
    }
}

fn change(now: &AuditFigures, before: &AuditFigures) -> Change {
    Change {
        week: before.week.clone(),
        week_number: audit_parts::week_number(&before.week),
        share_bp: now.share.zip(before.share).map(|(a, b)| a.bp() - b.bp()),
        missing: i64::from(now.missing.count) - i64::from(before.missing.count),
        missing_amount: now.missing.amount - before.missing.amount,
        adjustments: now.adjustments - before.adjustments,
    }
}
