//! `sverka once JOB`: one job now, as the daemon would do it; `--dry-run` shows what would happen and changes nothing.
//! Deliberately absent: schedules.

use std::{path::Path, process::ExitCode};

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::{output::Out, session, speech};
use crate::{
    deliver,
    domain::{inbox::TableKind, run::Job, text::Text},
    env::Clock,
    error::{Error, Result},
    pipeline::{
        self, App,
        reconcile::{Reconciled, Request},
    },
};

/// Arguments of `once`.
#[derive(Debug, Args)]
pub struct OnceArgs {
    /// Задание.
    job: JobName,
    /// Как на конец этого дня (2026-11-13).
    #[arg(long, value_name = "DATE")]
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
    /// Pages of the month before.
    Monthly,
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
            Self::Monthly => Job::Monthly,
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
            let seconds = app.config.accounting.stable_seconds;
            if seconds > 0 {
                out.note(&Text::new(
                    format!("проверяю, что файлы дописаны до конца: до {seconds} с"),
                    format!("making sure that nobody is still writing the files: up to {seconds} s"),
                ));
            }
            let intake = pipeline::ingest_now(&app).await?;
            return Ok(report_intake(&intake, path, out));
        }
        future_day(args.as_of, &app, out);
        let request = Request::now(&app, job, session::as_of(args.as_of, &app)).dry(args.dry_run);
        let done = pipeline::reconcile::reconcile(&app, &request).await?;
        if !args.dry_run {
            pipeline::send::pending(&app).await?;
        }
        Ok(report(&done, &app, args.dry_run, path, out))
    })
}

/// Prints what a look into the folders brought.
fn report_intake(intake: &pipeline::intake::Intake, path: &Path, out: Out) -> ExitCode {
    if out.json {
        let file = |f: &crate::domain::inbox::FileRecord| serde_json::json!({ "name": f.name, "hash": f.hash, "kind": f.kind.code(), "rows": f.rows, "findings": f.findings });
        out.json(&serde_json::json!({
            "accepted": intake.accepted.iter().map(file).collect::<Vec<_>>(),
            "quarantined": intake.quarantined.iter().map(file).collect::<Vec<_>>(),
            "remarks": intake.remarks,
        }));
    } else {
        for file in &intake.accepted {
            out.say(&Text::new(
                format!("принят: {} ({}, строк: {})", file.name, kind(file.kind).ru, file.rows),
                format!("taken in: {} ({}, rows: {})", file.name, kind(file.kind).en, file.rows),
            ));
        }
        for file in &intake.quarantined {
            out.say(&Text::new(format!("не принят: {}", file.name), format!("set aside: {}", file.name)));
            for finding in file.findings.iter().filter(|f| f.holds()) {
                let place =
                    finding.source.as_ref().map(|s| format!("{}: ", s.describe().get(out.lang))).unwrap_or_default();
                out.line(format!("    {place}{}", finding.message.get(out.lang)));
            }
        }
        if !intake.quarantined.is_empty() {
            let program = speech::program(path);
            out.say(&Text::new(
                format!("что ждёт человека: {program} holds"),
                format!("what waits for a person: {program} holds"),
            ));
        }
        if intake.accepted.is_empty() && intake.quarantined.is_empty() {
            out.say(&Text::new("новых файлов нет", "no new files"));
        }
    }
    if intake.quarantined.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(2) }
}

/// What a file holds, in words.
fn kind(kind: TableKind) -> Text {
    match kind {
        TableKind::Sales => Text::new("продажи", "sales"),
        TableKind::Counterparties => Text::new("контрагенты", "counterparties"),
        TableKind::CrmCompanies => Text::new("компании CRM", "CRM companies"),
        TableKind::CrmContacts => Text::new("контакты CRM", "CRM contacts"),
        TableKind::CrmDeals => Text::new("сделки CRM", "CRM deals"),
        TableKind::CrmActivities => Text::new("дела CRM", "CRM activities"),
        TableKind::Calls => Text::new("звонки", "calls"),
        TableKind::Plans => Text::new("планы продаж", "sales plans"),
        TableKind::Unknown => Text::new("неизвестный вид", "of an unknown kind"),
    }
}

/// Says that a day to come stands for now.
pub(super) fn future_day(day: Option<NaiveDate>, app: &App, out: Out) {
    let today = app.clock.now().with_timezone(&app.config.company.tz).date_naive();
    if day.is_some_and(|day| day > today) {
        out.note(&Text::new(
            "этот день ещё не наступил: считаю как на сейчас",
            "that day is yet to come: taken as of now",
        ));
    }
}

fn report(done: &Reconciled, app: &App, dry_run: bool, path: &Path, out: Out) -> ExitCode {
    let held = !done.held.is_empty();
    if out.json {
        out.json(&serde_json::json!({
            "run": done.run, "held": done.held, "hold": done.hold.as_ref().filter(|_| !dry_run), "entries": done.entries.len(),
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
            let (id, program) = (done.hold.as_deref().unwrap_or_default(), speech::program(path));
            out.say(&if dry_run {
                Text::new("прогон был бы остановлен до проверки", "the run would be held for a person")
            } else {
                Text::new(
                    format!("прогон ждёт проверки; снять: {program} release {id} --reason \"…\""),
                    format!("the run waits for a person; release it: {program} release {id} --reason \"…\""),
                )
            });
        }
        let (entries, mails) = (done.entries.len(), done.mails.len());
        let amount = deliver::format::money(out.lang, &app.config.company.currency, done.amount());
        out.say(&if dry_run {
            Text::new(
                format!("было бы: записей в реестр {entries} на {amount}, писем {mails}; ничего не записано"),
                format!("would be: ledger entries {entries}, {amount} in total, mails {mails}; nothing was written"),
            )
        } else {
            Text::new(
                format!("записей в реестр: {entries} на {amount}, писем: {mails}"),
                format!("ledger entries: {entries}, {amount} in total, mails: {mails}"),
            )
        });
        for mail in &done.mails {
            out.line(format!("    {:<28} {}", mail.recipient, mail.subject));
        }
    }
    if held { ExitCode::from(2) } else { ExitCode::SUCCESS }
}
