//! `sverka preview`: the mail as it would be frozen now, for one reader or all, without freezing it. Deliberately
//! absent: any rendering of its own.

use std::{
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
};

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::{output::Out, session, speech};
use crate::{
    deliver::reader,
    domain::{
        mail::{FrozenMail, MailKind},
        period::Period,
        run::Job,
        text::Text,
    },
    env::Clock,
    error::{Error, Result},
    pipeline::{self, reconcile::Request},
};

/// Arguments of `preview`.
#[derive(Debug, Args)]
pub struct PreviewArgs {
    /// Какое письмо.
    report: Report,
    /// Кому: адрес или его начало; без него всем.
    #[arg(long)]
    to: Option<String>,
    /// Как на конец этого дня (2026-11-13).
    #[arg(long, value_name = "DATE")]
    as_of: Option<NaiveDate>,
    /// Период ведомости или месяц страницы (ГГГГ-ММ); по умолчанию прошлый месяц.
    #[arg(long)]
    period: Option<Period>,
    /// Папка для .eml и .html; без неё текст письма печатается (с --open — папка preview рядом с настройками).
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Открыть в браузере.
    #[arg(long)]
    open: bool,
}

/// Reports, as arguments.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Report {
    /// Weekly audit.
    Audit,
    /// Alert to a manager.
    Alert,
    /// Statement to finance.
    Statement,
    /// The company's page of a month, to everybody.
    Company,
    /// The pilot beside the rest, to the director.
    Pilot,
}

impl Report {
    const fn job(self) -> Job {
        match self {
            Self::Audit => Job::Audit,
            Self::Alert => Job::Alerts,
            Self::Statement => Job::Close,
            Self::Company | Self::Pilot => Job::Monthly,
        }
    }

    /// The kind that is shown of what the run says; a held run says something else.
    const fn kind(self) -> MailKind {
        match self {
            Self::Audit => MailKind::Audit,
            Self::Alert => MailKind::Alert,
            Self::Statement => MailKind::Statement,
            Self::Company => MailKind::Company,
            Self::Pilot => MailKind::Pilot,
        }
    }
}

/// Shows the mails.
pub fn run(args: &PreviewArgs, path: &Path, out: Out) -> Result<ExitCode> {
    session::with_app(path, Clock::system(), async |app| {
        let job = args.report.job();
        super::once::future_day(args.as_of, &app, out);
        let mut request = Request::now(&app, job, session::as_of(args.as_of, &app)).dry(true);
        if job == Job::Close && args.period.is_some() {
            request.closing = args.period;
        }
        if let (Job::Monthly, Some(period)) = (job, args.period) {
            request = pipeline::monthly::about(request, &app, period);
        }
        let done = pipeline::reconcile::reconcile(&app, &request).await?;
        let wanted = |m: &&FrozenMail| args.to.as_ref().is_none_or(|to| m.recipient.starts_with(to.as_str()));
        let shown = |m: &&FrozenMail| m.kind == args.report.kind() || !done.held.is_empty();
        let mails: Vec<&FrozenMail> = done.mails.iter().filter(shown).filter(wanted).collect();
        if !done.held.is_empty() {
            out.note(&Text::new(
                "прогон был бы остановлен: показано уведомление об остановке",
                "the run would be held: the notice is shown",
            ));
        }
        if mails.is_empty() {
            out.note(&nothing(args, done.mails.len()));
        }
        show(args, &mails, path, out)?;
        Ok(if done.held.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(2) })
    })
}

/// Why there is nothing to show.
fn nothing(args: &PreviewArgs, of: usize) -> Text {
    match (&args.to, args.report) {
        (Some(to), _) if of > 0 => Text::new(
            format!("писем, но не для «{to}»: {of}; без --to показываются все"),
            format!("mails, but none to “{to}”: {of}; without --to all are shown"),
        ),
        (_, Report::Pilot) => Text::new(
            "страницы не было бы: ни одно правило положения не действует для отдельной группы (scope.groups)",
            "there would be no page: no rule of the regulation holds for one group alone (scope.groups)",
        ),
        (_, Report::Statement) => Text::new(
            "ведомости не было бы: период уже закрыт (письмо: sverka outbox list) или закрывать нечего",
            "there would be no statement: the period is closed already (the mail: sverka outbox list) or has nothing to close",
        ),
        _ => Text::new("писем не было бы", "there would be no mails"),
    }
}

fn show(args: &PreviewArgs, mails: &[&FrozenMail], config: &Path, out: Out) -> Result<()> {
    let dir = match (&args.dir, args.open) {
        (Some(dir), _) => dir.clone(),
        (None, true) => config.with_file_name("preview"),
        (None, false) => {
            for mail in mails {
                out.line(format!("→ {}\n{}\n", mail.recipient, mail.subject));
                out.line(reader::read(&mail.bytes).text);
            }
            return Ok(());
        }
    };
    let failed = |e: std::io::Error| {
        let (folder, cause) = (dir.display(), speech::cause(&e));
        Error::input(Text::new(
            format!("папка {folder} не записывается: {}", cause.ru),
            format!("cannot write into {folder}: {}", cause.en),
        ))
        .hint(Text::new("укажите другую: --dir ПАПКА", "name another: --dir DIR"))
    };
    std::fs::create_dir_all(&dir).map_err(failed)?;
    for mail in mails {
        let name: String = mail.key.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        std::fs::write(dir.join(format!("{name}.eml")), &mail.bytes).map_err(failed)?;
        let html = dir.join(format!("{name}.html"));
        std::fs::write(&html, reader::read(&mail.bytes).html).map_err(failed)?;
        out.line(html.display().to_string());
        if args.open {
            // A browser that is not there is no failure: the path is printed above.
            let _ = Command::new("xdg-open").arg(&html).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        }
    }
    Ok(())
}
