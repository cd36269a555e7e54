//! The week of the program itself, for the operator: due runs done of planned, what waits for a person, mails, data. Figures
//! come from the rows that the schedule and the outbox keep. Deliberately absent: sums and clients (the operator has no
//! business with them), counting looks into folders (there are hundreds, and each is forgotten).

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use serde::Serialize;

use crate::domain::{
    bounce::{Bounce, BounceKind},
    run::{Hold, HoldSubject, Job},
    text::Text,
};

use super::{Frame, ReportContext};

/// Mails younger than this are only about to leave: the ones of the same hour are no news.
const LEAVING: TimeDelta = TimeDelta::hours(1);

/// One occurrence of a schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueLine {
    /// Job.
    pub job: Job,
    /// How it was settled, in the words of the schedule; `None` = not settled.
    pub outcome: Option<String>,
}

/// Everything the week is made of.
#[derive(Clone, Debug, Default)]
pub struct WeekInput {
    /// Occurrences of the week.
    pub due: Vec<DueLine>,
    /// Open holds.
    pub holds: Vec<Hold>,
    /// Reports of the week about mails that came back.
    pub bounces: Vec<Bounce>,
    /// Addresses that nothing is sent to.
    pub suspended: BTreeSet<String>,
    /// Mails of the week that were accepted.
    pub sent: u64,
    /// Mails of the week that were given up or came back.
    pub dead: u64,
    /// When the oldest mail that still waits was made.
    pub waiting: Option<DateTime<Utc>>,
    /// Sources with the time of the last file taken in.
    pub sources: Vec<(Text, Option<DateTime<Utc>>)>,
    /// Size of the database; `None` = unknown.
    pub database_bytes: Option<u64>,
    /// Size of the archive of files.
    pub archive_bytes: u64,
}

/// The week, for the operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WeeklyReport {
    /// Company, times.
    pub frame: Frame,
    /// Beginning, business time.
    pub from: NaiveDateTime,
    /// End, business time; its day is part of the mail's key.
    pub until: NaiveDateTime,
    /// Occurrences.
    pub planned: usize,
    /// Occurrences that ran, were held for a person, or were answered by a later one.
    pub done: usize,
    /// By job.
    pub jobs: Vec<JobLine>,
    /// What waits for a person, oldest first.
    pub open: Vec<OpenLine>,
    /// Mails that were accepted.
    pub sent: u64,
    /// Mails that were given up or came back.
    pub dead: u64,
    /// When the oldest mail that still waits was made, if it should have left by now.
    pub waiting: Option<NaiveDateTime>,
    /// Reports: no such address.
    pub hard: usize,
    /// Reports: not taken.
    pub soft: usize,
    /// Reports: delayed.
    pub delayed: usize,
    /// Addresses that nothing is sent to.
    pub suspended: BTreeSet<String>,
    /// Sources.
    pub sources: Vec<SourceLine>,
    /// Size of the database in bytes; `None` = unknown.
    pub database_bytes: Option<u64>,
    /// Size of the archive in bytes.
    pub archive_bytes: u64,
}

/// Occurrences of one job.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct JobLine {
    /// Code of the job.
    pub job: String,
    /// Occurrences.
    pub planned: usize,
    /// Settled otherwise than by being left out.
    pub done: usize,
    /// Of these: late.
    pub late: usize,
    /// Of these: held for a person.
    pub held: usize,
    /// Of these: answered by a later occurrence.
    pub merged: usize,
    /// Left out as too old.
    pub skipped: usize,
    /// Not settled yet.
    pub waiting: usize,
}

/// Something that waits for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OpenLine {
    /// Id of the hold.
    pub id: String,
    /// What.
    pub what: Text,
    /// Since when, business time.
    pub since: NaiveDateTime,
}

/// A source of data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourceLine {
    /// Name for people.
    pub name: Text,
    /// When its last file was taken in, business time; `None` = never.
    pub last: Option<NaiveDateTime>,
}

impl JobLine {
    fn of(job: Job, due: &[DueLine]) -> Self {
        let mut line = Self { job: job.code().to_owned(), ..Self::default() };
        for each in due.iter().filter(|d| d.job == job) {
            line.planned += 1;
            match each.outcome.as_deref() {
                None => line.waiting += 1,
                Some(words) if words.starts_with("skipped") => line.skipped += 1,
                Some(words) => {
                    line.done += 1;
                    line.late += usize::from(words.starts_with("ran late"));
                    line.held += usize::from(words.starts_with("held"));
                    line.merged += usize::from(words.starts_with("merged"));
                }
            }
        }
        line
    }
}

impl WeeklyReport {
    /// The report of the time between two instants.
    pub fn build(input: &WeekInput, from: DateTime<Utc>, until: DateTime<Utc>, ctx: &ReportContext) -> Self {
        let jobs: Vec<JobLine> = Job::ALL
            .into_iter()
            .filter(|job| *job != Job::Ingest)
            .map(|job| JobLine::of(job, &input.due))
            .filter(|line| line.planned > 0)
            .collect();
        let mut open: Vec<OpenLine> = input
            .holds
            .iter()
            .map(|hold| OpenLine { id: hold.id.clone(), what: what(hold), since: ctx.local(hold.opened_at) })
            .collect();
        open.sort_by(|a, b| (a.since, &a.id).cmp(&(b.since, &b.id)));
        let came = |kind| input.bounces.iter().filter(|b| b.kind == kind).count();
        Self {
            frame: ctx.bare_frame(),
            from: ctx.local(from),
            until: ctx.local(until),
            planned: jobs.iter().map(|j| j.planned).sum(),
            done: jobs.iter().map(|j| j.done).sum(),
            jobs,
            open,
            sent: input.sent,
            dead: input.dead,
            waiting: input.waiting.filter(|at| *at < until - LEAVING).map(|at| ctx.local(at)),
            hard: came(BounceKind::Hard),
            soft: came(BounceKind::Soft),
            delayed: came(BounceKind::Delayed),
            suspended: input.suspended.clone(),
            sources: input
                .sources
                .iter()
                .map(|(name, last)| SourceLine { name: name.clone(), last: last.map(|at| ctx.local(at)) })
                .collect(),
            database_bytes: input.database_bytes,
            archive_bytes: input.archive_bytes,
        }
    }
}

fn what(hold: &Hold) -> Text {
    match &hold.subject {
        HoldSubject::File { name, .. } => Text::new(format!("файл {name}"), format!("file {name}")),
        HoldSubject::Run { job, .. } => match job {
            Job::Ingest => Text::new("приём файлов", "taking files in"),
            Job::Alerts => Text::new("напоминания менеджерам", "alerts to managers"),
            Job::Audit => Text::new("недельная сверка", "weekly audit"),
            Job::Close => Text::new("закрытие периода", "closing the period"),
            Job::Monthly => Text::new("страницы за месяц", "pages of the month"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_occurrence_stands_in_one_column() {
        let due = |outcome: Option<&str>| DueLine { job: Job::Audit, outcome: outcome.map(str::to_owned) };
        let all = [
            due(Some("ran: entries 1, mails 2")),
            due(Some("ran late: entries 1, mails 2")),
            due(Some("held: 1a2b")),
            due(Some("merged into 2026-11-20T14:00:00+00:00")),
            due(Some("not a working day")),
            due(Some("skipped: too old")),
            due(None),
        ];
        let line = JobLine::of(Job::Audit, &all);
        assert_eq!((line.planned, line.done, line.skipped, line.waiting), (7, 5, 1, 1));
        assert_eq!((line.late, line.held, line.merged), (1, 1, 1));
        assert_eq!(line.planned, line.done + line.skipped + line.waiting);
        assert_eq!(JobLine::of(Job::Close, &all).planned, 0);
    }
}
