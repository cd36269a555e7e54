//! What every report says about itself: whose company, which instant, what data, what comes next. Deliberately absent:
//! anything about the report's own subject.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use super::ImportFormat;
use crate::domain::{crm::CrmId, facts::Facts, period::Period};

/// What a report is told besides the facts: nothing in it changes an amount.
#[derive(Clone, Debug)]
pub struct ReportContext {
    /// Name of the company.
    pub company: String,
    /// Instant the data was judged as of.
    pub as_of: DateTime<Utc>,
    /// Instant of preparing.
    pub now: DateTime<Utc>,
    /// When it runs late: when it was due and when it was prepared.
    pub late: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// Asked for by a person and not by the schedule: a report of its own beside the scheduled one.
    pub by_hand: bool,
    /// The day whose week an audit speaks of, when that is not the day of the as-of: an audit that was held and could
    /// only be made later.
    pub week_of: Option<NaiveDate>,
    /// Missed occurrences that this report covers as well.
    pub merged_dues: Vec<DateTime<Utc>>,
    /// When the next report of this kind is due.
    pub next_at: Option<DateTime<Utc>>,
    /// Business time zone.
    pub tz: Tz,
    /// Address of a CRM card with `{kind}` and `{id}`; empty = no links.
    pub crm_link: String,
    /// Whose import the cards of an alert are made for.
    pub import: ImportFormat,
    /// Where people reach pages; empty = no links.
    pub public_url: String,
    /// Hash of the last ledger entry; empty before the first.
    pub ledger_head: String,
    /// SHA-256 over the run's inputs; empty when there was no run.
    pub input_hash: String,
    /// Base currency code.
    pub currency: String,
    /// Data older than this is never shown as "all well"; the gate's warn level.
    pub stale_after: TimeDelta,
    /// When open periods are scheduled to be closed: until then entering a card still changes an amount.
    pub closes: BTreeMap<Period, DateTime<Utc>>,
}

impl ReportContext {
    /// The wall time of an instant in the business time zone.
    pub fn local(&self, at: DateTime<Utc>) -> NaiveDateTime {
        at.with_timezone(&self.tz).naive_local()
    }

    /// The day of the as-of in the business time zone.
    pub fn today(&self) -> NaiveDate {
        self.local(self.as_of).date()
    }

    /// Link to a CRM card; empty without a link pattern or with one that is not http(s).
    pub fn card_link(&self, id: &CrmId) -> String {
        if !(self.crm_link.starts_with("https://") || self.crm_link.starts_with("http://")) {
            return String::new();
        }
        let safe: String = id.id.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
        self.crm_link.replace("{kind}", id.kind.code()).replace("{id}", &safe)
    }

    /// The frame with the as-of of both sides.
    pub fn frame(&self, facts: &Facts) -> Frame {
        Frame {
            accounting_as_of: facts.accounting_as_of.map(|at| self.local(at)),
            crm_as_of: facts.crm_as_of().map(|at| self.local(at)),
            stale: [facts.accounting_as_of, facts.crm_as_of()]
                .into_iter()
                .any(|at| at.is_none_or(|at| self.as_of - at > self.stale_after)),
            ..self.bare_frame()
        }
    }

    /// The frame of a notice that is not about accounting and CRM data.
    pub fn bare_frame(&self) -> Frame {
        Frame {
            company: self.company.clone(),
            currency: self.currency.clone(),
            tz: self.tz.name().to_owned(),
            as_of: self.local(self.as_of),
            prepared_at: self.local(self.now),
            accounting_as_of: None,
            crm_as_of: None,
            stale: false,
            late_due: self.late.map(|(due, _)| self.local(due)),
            late_prepared: self.late.map(|(_, prepared)| self.local(prepared)),
            merged: self.merged_dues.iter().map(|at| self.local(*at)).collect(),
            next_at: self.next_at.map(|at| self.local(at)),
            public_url: self.public_url.clone(),
            ledger_head: self.ledger_head.clone(),
            input_hash: self.input_hash.clone(),
        }
    }
}

/// The same for reading. All times are wall times of the business time zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Frame {
    /// Name of the company.
    pub company: String,
    /// Base currency code.
    pub currency: String,
    /// Name of the time zone.
    pub tz: String,
    /// Judged as of.
    pub as_of: NaiveDateTime,
    /// Prepared at.
    pub prepared_at: NaiveDateTime,
    /// Newest accepted accounting file; `None` = there is none.
    pub accounting_as_of: Option<NaiveDateTime>,
    /// Oldest of the latest CRM snapshots; `None` = there is none.
    pub crm_as_of: Option<NaiveDateTime>,
    /// One side is absent or too old: nothing may be shown as "all well".
    pub stale: bool,
    /// When it was due, if it runs late.
    pub late_due: Option<NaiveDateTime>,
    /// When a late one was prepared.
    pub late_prepared: Option<NaiveDateTime>,
    /// Missed occurrences it covers.
    pub merged: Vec<NaiveDateTime>,
    /// Next report of this kind.
    pub next_at: Option<NaiveDateTime>,
    /// Address of the pages; empty = none.
    pub public_url: String,
    /// Ledger head; empty before the first entry.
    pub ledger_head: String,
    /// Hash of the run's inputs; empty when there was none.
    pub input_hash: String,
}
