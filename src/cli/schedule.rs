//! `sverka schedule next N`: the next occurrences, each with its offset from UTC. Deliberately absent: running anything.

use std::{path::Path, process::ExitCode};

use clap::Subcommand;

use super::{output::Out, session};
use crate::{
    domain::{due, run::Job},
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
        let cron: croner::Cron =
            config.schedule.cron(job).parse().map_err(|e| Error::bug("read a schedule", e))?;
        let mut at = now;
        for _ in 0..*count {
            let Some(next) = due::next_after(&cron, tz, at) else { break };
            rows.push((job, next));
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
            out.line(format!("{:<8} {} {} (UTC{})", job.code(), weekday(out, &local), local.format("%d.%m.%Y %H:%M"), local.format("%:z")));
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
