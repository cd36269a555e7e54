//! `sverka preview`: the mail as it would be frozen now, for one reader or all, without freezing it. Deliberately
//! absent: any rendering of its own.

use std::{path::{Path, PathBuf}, process::{Command, ExitCode, Stdio}};

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::{output::Out, session};
use crate::{
    deliver::reader,
    domain::{mail::FrozenMail, period::Period, run::Job, text::Text},
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
    /// Как на конец этого дня.
    #[arg(long, value_name = "ДАТА")]
    as_of: Option<NaiveDate>,
    /// Период ведомости (ГГГГ-ММ); по умолчанию прошлый месяц.
    #[arg(long)]
    period: Option<Period>,
    /// Папка для .eml и .html; по умолчанию текст письма печатается.
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
}

/// Shows the mails.
pub fn run(args: &PreviewArgs, path: &Path, out: Out) -> Result<ExitCode> {
    session::with_app(path, Clock::system(), async |app| {
        let job = match args.report {
            Report::Audit => Job::Audit,
            Report::Alert => Job::Alerts,
            Report::Statement => Job::Close,
        };
        let mut request = Request::now(&app, job, session::as_of(args.as_of, &app)).dry(true);
        if job == Job::Close && args.period.is_some() {
            request.closing = args.period;
        }
        let done = pipeline::reconcile::reconcile(&app, &request).await?;
        let wanted = |m: &&FrozenMail| args.to.as_ref().is_none_or(|to| m.recipient.starts_with(to.as_str()));
        let mails: Vec<&FrozenMail> = done.mails.iter().filter(wanted).collect();
        if !done.held.is_empty() {
            out.note(&Text::new(
                "прогон был бы остановлен: показано уведомление об остановке",
                "the run would be held: the notice is shown",
            ));
        }
        if mails.is_empty() {
            out.note(&Text::new("писем не было бы", "there would be no mails"));
        }
        show(args, &mails, out)?;
        Ok(if done.held.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(2) })
    })
}

fn show(args: &PreviewArgs, mails: &[&FrozenMail], out: Out) -> Result<()> {
    let dir = match (&args.dir, args.open) {
        (Some(dir), _) => dir.clone(),
        (None, true) => std::env::temp_dir().join("sverka-preview"),
        (None, false) => {
            for mail in mails {
                out.line(format!("→ {}\n{}\n", mail.recipient, mail.subject));
                out.line(reader::read(&mail.bytes).text);
            }
            return Ok(());
        }
    };
    let failed = |e: std::io::Error| Error::bug("write the preview", e);
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
