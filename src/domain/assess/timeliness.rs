//! The status of one sale (rules, section 3). The deadline's edge is half-open: `Facts::end_of(deadline)` is the first
//! instant of the next day and lies outside. Entered before it = on time, at it or later = late; the deadline has
//! passed for an instant at it or later. So the last second of the day is in time and midnight is not.
//! Deliberately absent: exemptions (`exempt`), returns (they take the status of their sale), money.

use std::collections::HashMap;

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::super::{
    words::{both, instant, say},
    crm::{CrmId, KnownRecord},
    facts::Facts,
    policy::PolicyVersion,
    text::Text,
    verdict::{PartyVerdict, Status, Verdict},
};

/// Status of a sale with what led to it.
pub(super) struct Timing {
    pub(super) status: Status,
    pub(super) deadline: NaiveDate,
    pub(super) entered_at: Option<DateTime<Utc>>,
    pub(super) remark: Option<Text>,
}

/// Last day to enter the card, or the year without calendar data.
pub(super) fn deadline(facts: &Facts, sold: NaiveDate, version: &PolicyVersion) -> Result<NaiveDate, i32> {
    facts.calendar.working_day_after(sold, version.grace_working_days).ok_or_else(|| {
        let has = |year: i32| facts.calendar.years().any(|y| y == year);
        (sold.year()..=sold.year() + 2).find(|year| !has(*year)).unwrap_or_else(|| sold.year())
    })
}

/// CRM records by id.
pub(super) struct Entered<'a>(HashMap<&'a CrmId, &'a KnownRecord>);

impl<'a> Entered<'a> {
    pub(super) fn of(facts: &'a Facts) -> Self {
        Self(facts.records.iter().map(|known| (&known.record.id, known)).collect())
    }

    /// The earliest entry among the records that are this counterparty: of duplicates the first one counts.
    pub(super) fn earliest(&self, verdict: &PartyVerdict) -> Option<DateTime<Utc>> {
        verdict.candidates.iter().filter_map(|c| self.0.get(&c.id)).map(|known| known.entered_at).min()
    }

    /// The record as it stands now.
    pub(super) fn known(&self, id: &CrmId) -> Option<&'a KnownRecord> {
        self.0.get(id).copied()
    }
}

/// Status of a sale that is judged. Without a verdict nothing is known, so nothing is concluded.
pub(super) fn judge(
    facts: &Facts,
    deadline: NaiveDate,
    verdict: Option<&PartyVerdict>,
    entered: &Entered<'_>,
    as_of: DateTime<Utc>,
) -> Timing {
    let end = facts.end_of(deadline);
    let plain = |status| Timing { status, deadline, entered_at: None, remark: None };
    let passed = as_of >= end;
    let Some(verdict) = verdict else {
        return plain(if passed { Status::Uncertain } else { Status::Pending });
    };
    match verdict.verdict {
        Verdict::InCrm => match entered.earliest(verdict) {
            Some(at) => {
                let status = if at < end { Status::OnTime } else { Status::Late };
                Timing { entered_at: Some(at), ..plain(status) }
            }
            // A match to a record that is not at hand proves neither timeliness nor lateness.
            None if passed => Timing {
                remark: Some(Text::new(
                    "найденная карточка CRM не загружена: время её внесения неизвестно",
                    "the matched CRM record is not loaded: its entry time is unknown",
                )),
                ..plain(Status::NotJudgeable)
            },
            None => plain(Status::Pending),
        },
        _ if !passed => plain(Status::Pending),
        Verdict::NotInCrm if facts.crm_as_of().is_some_and(|at| at >= end) => plain(Status::Missing),
        Verdict::NotInCrm => Timing { remark: Some(unreached(facts)), ..plain(Status::NotJudgeable) },
        Verdict::Uncertain => plain(Status::Uncertain),
        Verdict::NotJudgeable => plain(Status::NotJudgeable),
    }
}

/// Absence is proven only by data that left the CRM after the deadline.
fn unreached(facts: &Facts) -> Text {
    both(|lang| {
        let data = facts.crm_as_of().map_or_else(
            || say(lang, "снимка CRM нет", "there is no CRM snapshot").to_owned(),
            |at| {
                let words = say(lang, "данные CRM на", "CRM data of");
                format!("{words} {}", instant(at, facts.tz, lang))
            },
        );
        format!("{}: {data}", say(lang, "снимок CRM не доходит до срока", "no snapshot reaches the deadline"))
    })
}
