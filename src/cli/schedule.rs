//! `sverka schedule next N`: the next occurrences, each with its offset from UTC. Deliberately absent: running anything.

use std::{path::Path, process::ExitCode};

use clap::Subcommand;

use super::{output::Out, session, speech};
use crate::{
    domain::{due, run::Job, words},
    env::Clock,
    error::{Error, Result},
};

/// Subcommands of `schedule`.
#[derive(Debug, Subcommand)]
pub enum ScheduleCommand {
    /// Ближайшие запуски каждого задания.
    Next {
        /// Сколько показать.
        #[arg(default_value_t = 3)]
        count: usize,
    },
}

/// Prints the next occurrences.
pub fn run(command: &ScheduleCommand, path: &Path, out: Out) -> Result<ExitCode> {
    let ScheduleCommand::Next { count } = command;
    let now = Clock::system().now();
    let config = session::load(path, now.date_naive())?;
    let tz = config.company.tz;
    let mut rows = Vec::new();
    for job in Job::ALL {
        let cron: croner::Cron = config.schedule.cron(job).parse().map_err(|e| Error::bug("read a schedule", e))?;
        let mut at = now;
        // Of the days on which the monthly pages may leave one a month is meant.
        let looked_at = if job == Job::Monthly { count.saturating_mul(31) } else { *count };
        let mut meant = 0;
        for _ in 0..looked_at {
            let Some(next) = due::next_after(&cron, tz, at).filter(|_| meant < *count) else { break };
            if due::is_meant(job, &cron, tz, &config.calendar, next) {
                rows.push((job, next));
                meant += 1;
            }
            at = next;
        }
    }
    if out.json {
        let list: Vec<_> = rows
            .iter()
            .map(|(job, at)| serde_json::json!({ "job": job.code(), "at": at.with_timezone(&tz).to_rfc3339() }))
            .collect();
        out.json(&list);
    } else {
        for (job, at) in rows {
            let local = at.with_timezone(&tz);
            out.line(format!(
                "{:<24} {} {} (UTC{})",
                speech::word(out.lang, job.code()),
                weekday(out, &local),
                words::instant(at, tz, out.lang),
                local.format("%:z")
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn weekday(out: Out, at: &chrono::DateTime<chrono_tz::Tz>) -> &'static str {
    use chrono::Datelike;
    let names = match out.lang {
        crate::domain::text::Lang::Ru => ["пн", "вт", "ср", "чт", "пт", "сб", "вс"],
        crate::domain::text::Lang::En => ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    };
    names.get(at.weekday().num_days_from_monday() as usize).copied().unwrap_or_default()
}
