//! `sverka once JOB`: one job now, as the daemon would do it; `--dry-run` shows what would happen and changes nothing.
//! Deliberately absent: schedules.

use std::{path::Path, process::ExitCode};

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::{output::Out, session};
use crate::{
    domain::{run::Job, text::Text},
    env::Clock,
    error::{Error, Result},
    pipeline::{self, reconcile::{Reconciled, Request}},
};

/// Arguments of `once`.
#[derive(Debug, Args)]
pub struct OnceArgs {
    /// Задание.
    job: JobName,
    /// Как на конец этого дня.
    #[arg(long, value_name = "ДАТА")]
    as_of: Option<NaiveDate>,
    /// Только показать: ничего не записывать и не отправлять.
    #[arg(long)]
    dry_run: bool,
}

/// Jobs, as arguments.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum JobName {
    /// Take files in.
    Ingest,
    /// Alerts to managers.
    Alerts,
    /// Weekly audit.
    Audit,
    /// Close the month before.
    Close,
}

impl JobName {
    const fn job(self) -> Job {
        match self {
            Self::Ingest => Job::Ingest,
            Self::Alerts => Job::Alerts,
            Self::Audit => Job::Audit,
            Self::Close => Job::Close,
        }
    }
}

/// Runs the job.
pub fn run(args: &OnceArgs, path: &Path, out: Out) -> Result<ExitCode> {
    let job = args.job.job();
    session::with_app(path, Clock::system(), async |app| {
        if job == Job::Ingest {
            if args.dry_run || args.as_of.is_some() {
                return Err(Error::input(Text::new(
                    "ingest принимает файлы как есть; показать чтение файла: sverka inspect ФАЙЛ",
                    "ingest takes files as they are; to see how a file is read: sverka inspect FILE",
                )));
            }
            let intake = pipeline::ingest_now(&app).await?;
            return Ok(super::once::report_intake(&intake, out));
        }
        let request = Request::now(&app, job, session::as_of(args.as_of, &app)).dry(args.dry_run);
        let done = pipeline::reconcile::reconcile(&app, &request).await?;
        if !args.dry_run {
            pipeline::send::pending(&app).await?;
        }
        Ok(report(&done, args.dry_run, out))
    })
}

/// Prints what a look into the folders brought.
pub fn report_intake(intake: &pipeline::intake::Intake, out: Out) -> ExitCode {
    if out.json {
        let file = |f: &crate::domain::inbox::FileRecord| {
            serde_json::json!({ "name": f.name, "hash": f.hash, "kind": f.kind.code(), "rows": f.rows, "findings": f.findings })
        };
        out.json(&serde_json::json!({
            "accepted": intake.accepted.iter().map(file).collect::<Vec<_>>(),
            "quarantined": intake.quarantined.iter().map(file).collect::<Vec<_>>(),
            "remarks": intake.remarks,
        }));
    } else {
        for file in &intake.accepted {
            out.say(&Text::new(
                format!("принят: {} ({}, строк: {})", file.name, file.kind.code(), file.rows),
                format!("taken in: {} ({}, rows: {})", file.name, file.kind.code(), file.rows),
            ));
        }
        for file in &intake.quarantined {
            out.say(&Text::new(format!("не принят: {}", file.name), format!("set aside: {}", file.name)));
            for finding in file.findings.iter().filter(|f| f.holds()) {
                let place = finding.source.as_ref().map(|s| format!("{}: ", s.describe().get(out.lang))).unwrap_or_default();
                out.line(format!("    {place}{}", finding.message.get(out.lang)));
            }
        }
        if intake.accepted.is_empty() && intake.quarantined.is_empty() {
            out.say(&Text::new("новых файлов нет", "no new files"));
        }
    }
    if intake.quarantined.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(2) }
}

fn report(done: &Reconciled, dry_run: bool, out: Out) -> ExitCode {
    let held = !done.held.is_empty();
    if out.json {
        out.json(&serde_json::json!({
            "run": done.run, "held": done.held, "hold": done.hold, "entries": done.entries.len(),
            "kopecks": done.amount().kopecks(),
            "mails": done.mails.iter().map(|m| serde_json::json!({
                "key": m.key, "recipient": m.recipient, "subject": m.subject })).collect::<Vec<_>>(),
            "dry_run": dry_run,
        }));
    } else {
        for reason in &done.held {
            out.line(format!("• {}", reason.message.get(out.lang)));
        }
        if held {
            let id = done.hold.as_deref().unwrap_or_default();
            out.say(&Text::new(
                format!("прогон ждёт проверки; снять: sverka release {id} --reason \"…\""),
                format!("the run waits for a person; release it: sverka release {id} --reason \"…\""),
            ));
        }
        let (entries, amount, mails) = (done.entries.len(), done.amount(), done.mails.len());
        out.say(&if dry_run {
            Text::new(
                format!("было бы: записей в реестр {entries} на {amount}, писем {mails}"),
                format!("would be: {entries} ledger entries of {amount} in total, {mails} mails"),
            )
        } else {
            Text::new(
                format!("записей в реестр: {entries} на {amount}, писем: {mails}"),
                format!("ledger entries: {entries} of {amount} in total, mails: {mails}"),
            )
        });
        for mail in &done.mails {
            out.line(format!("    {:<28} {}", mail.recipient, mail.subject));
        }
    }
    if held { ExitCode::from(2) } else { ExitCode::SUCCESS }
}
