//! `sverka preview`: the mail as it would be frozen now, for one reader or all, without freezing it. Deliberately
//! absent: any rendering of its own.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::{browse, output::Out, session};
use crate::{
    deliver::reader,
    domain::{
        mail::{FrozenMail, MailKind},
        org::Roster,
        period::Period,
        run::Job,
        text::Text,
    },
    env::Clock,
    error::Result,
    pipeline::{
        App,
        preview::{Preview, preview},
    },
};

/// Arguments of `preview`.
#[derive(Debug, Args)]
pub struct PreviewArgs {
    /// Какое письмо.
    report: Report,
    /// Кому: адрес или его начало, табельный номер или имя; без него всем.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Report {
    /// Weekly audit.
    Audit,
    /// Alert to a manager.
    Alert,
    /// Statement to finance.
    #[value(alias = "finance")]
    Statement,
    /// Notice of what would be held.
    Held,
    /// The company's page of a month, to everybody.
    Company,
    /// The pilot beside the rest, to the director.
    Pilot,
}

impl Report {
    const fn what(self) -> Preview {
        match self {
            Self::Audit => Preview::Job(Job::Audit),
            Self::Alert => Preview::Job(Job::Alerts),
            Self::Statement => Preview::Job(Job::Close),
            Self::Company | Self::Pilot => Preview::Job(Job::Monthly),
            Self::Held => Preview::Held,
        }
    }

    /// The kind that is shown of what the run says, where it says several; a held run says something else.
    const fn kind(self) -> Option<MailKind> {
        match self {
            Self::Company => Some(MailKind::Company),
            Self::Pilot => Some(MailKind::Pilot),
            Self::Audit | Self::Alert | Self::Statement | Self::Held => None,
        }
    }
}

/// Shows the mails.
pub fn run(args: &PreviewArgs, path: &Path, out: Out) -> Result<ExitCode> {
    session::with_app(path, Clock::system(), async |app| {
        super::once::future_day(args.as_of, &app, out);
        let as_of = session::as_of(args.as_of, &app);
        let shown = preview(&app, args.report.what(), as_of, args.period).await?;
        let kind = args.report.kind();
        let wanted = |m: &&FrozenMail| args.to.as_ref().is_none_or(|to| is_to(m, to, &app.config.roster));
        let asked = |m: &&FrozenMail| kind.is_none_or(|kind| m.kind == kind) || !shown.held.is_empty();
        let mails: Vec<&FrozenMail> = shown.mails.iter().filter(asked).filter(wanted).collect();
        if !shown.held.is_empty() && args.report != Report::Held {
            out.note(&Text::new(
                "прогон был бы остановлен: показано уведомление об остановке",
                "the run would be held: the notice is shown",
            ));
        }
        if let Some(key) = shown.frozen.first() {
            out.note(&Text::new(
                format!(
                    "не показаны письма, которые уже ушли или ждут отправки: {} (смотреть: sverka outbox show {key})",
                    shown.frozen.len()
                ),
                format!(
                    "not shown are mails that have left or wait to: {} (see: sverka outbox show {key})",
                    shown.frozen.len()
                ),
            ));
        }
        if mails.is_empty() {
            let told = told_before(&app, args.report).await?;
            out.note(&told.unwrap_or_else(|| nothing(args, shown.mails.len())));
        }
        show(args, &mails, path, out)?;
        Ok(if shown.held.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(2) })
    })
}

/// Whether the mail is for the person: by the beginning of the address, by the personnel number or by the name.
fn is_to(mail: &FrozenMail, to: &str, roster: &Roster) -> bool {
    let person = roster.people.iter().find(|p| p.id.0 == to || p.name == to);
    mail.recipient.starts_with(to) || person.is_some_and(|p| p.email == mail.recipient)
}

/// Where a notice of what is held can be seen when it has been sent before: nobody is told twice.
async fn told_before(app: &App, report: Report) -> Result<Option<Text>> {
    if report != Report::Held {
        return Ok(None);
    }
    let mut tx = app.db.begin().await?;
    let holds = tx.holds(true).await?;
    tx.commit().await?;
    Ok(holds.first().map(|hold| {
        Text::new(
            format!("об остановках уже написано, второго письма не было бы (список: sverka holds; письма: sverka outbox list, ключ held.{}…)", hold.id),
            format!("what is held has been told, there would be no second mail (list: sverka holds; mails: sverka outbox list, key held.{}…)", hold.id),
        )
    }))
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
        (_, Report::Held) => Text::new("ничего не было бы остановлено", "nothing would be held"),
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
    for mail in mails {
        let page = browse::write(mail, &dir)?;
        if args.open {
            browse::open(&page, out);
        } else {
            out.line(page.display().to_string());
        }
    }
    Ok(())
}
