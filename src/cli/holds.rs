//! `sverka holds` and `sverka release`: what waits for a person, and a person's word on it. Deliberately absent:
//! deciding without a reason and a name.

use std::{path::Path, process::ExitCode};

use clap::Args;

use super::{output::Out, session};
use crate::{
    domain::{
        run::{Hold, HoldSubject, Release},
        text::Text,
    },
    env::Clock,
    error::{Error, Result},
    pipeline,
};

/// Arguments of `holds`.
#[derive(Debug, Args)]
pub struct HoldsArgs {
    /// Показать и снятые.
    #[arg(long)]
    all: bool,
}

/// Arguments of `release`.
#[derive(Debug, Args)]
pub struct ReleaseArgs {
    /// Номер остановки (можно начало).
    id: String,
    /// Почему её можно снять.
    #[arg(long)]
    reason: String,
    /// Кто решает (по умолчанию имя входа).
    #[arg(long)]
    by: Option<String>,
    /// Файл не нужен: не принимать его.
    #[arg(long)]
    dismiss: bool,
}

/// Prints what is held.
pub fn list(args: &HoldsArgs, path: &Path, out: Out) -> Result<ExitCode> {
    session::with_app(path, Clock::system(), async |app| {
        let mut tx = app.db.begin().await?;
        let holds = tx.holds(!args.all).await?;
        tx.commit().await?;
        if out.json {
            out.json(&holds.iter().map(as_json).collect::<Vec<_>>());
        } else if holds.is_empty() {
            out.say(&Text::new("ничего не остановлено", "nothing is held"));
        }
        for hold in holds.iter().filter(|_| !out.json) {
            print(hold, &app, out);
        }
        Ok(ExitCode::SUCCESS)
    })
}

fn print(hold: &Hold, app: &pipeline::App, out: Out) {
    let opened = hold.opened_at.with_timezone(&app.config.company.tz).format("%d.%m.%Y %H:%M");
    out.line(format!("{}  {opened}  {}", hold.id, subject(hold).get(out.lang)));
    for reason in &hold.reasons {
        let place = reason.source.as_ref().map(|s| format!("{}: ", s.describe().get(out.lang))).unwrap_or_default();
        out.line(format!("    {place}{}", reason.message.get(out.lang)));
    }
    if let Some(release) = &hold.release {
        let text = Text::new(
            format!("    снято: {} — {}", release.by, release.reason),
            format!("    released: {} — {}", release.by, release.reason),
        );
        out.say(&text);
    }
}

fn subject(hold: &Hold) -> Text {
    match &hold.subject {
        HoldSubject::Run { job, .. } => {
            Text::new(format!("прогон «{}» ждёт проверки", job.code()), format!("run “{}” waits for a person", job.code()))
        }
        HoldSubject::File { name, .. } => {
            Text::new(format!("файл {name} не принят"), format!("file {name} was not taken in"))
        }
    }
}

fn as_json(hold: &Hold) -> serde_json::Value {
    let (kind, what) = match &hold.subject {
        HoldSubject::Run { job, .. } => ("run", job.code().to_owned()),
        HoldSubject::File { name, .. } => ("file", name.clone()),
    };
    serde_json::json!({
        "id": hold.id, "kind": kind, "subject": what, "opened_at": hold.opened_at, "reasons": hold.reasons,
        "released_by": hold.release.as_ref().map(|r| &r.by), "reason": hold.release.as_ref().map(|r| &r.reason),
    })
}

/// Releases (or dismisses) one hold and does what it had stopped.
pub fn release(args: &ReleaseArgs, path: &Path, out: Out) -> Result<ExitCode> {
    let by = session::author(args.by.as_deref())?;
    if args.reason.trim().is_empty() {
        return Err(Error::input(Text::new("причина пуста", "the reason is empty")));
    }
    session::with_app(path, Clock::system(), async |app| {
        let release = Release { by, reason: args.reason.clone(), at: app.clock.now() };
        let said = pipeline::release::release(&app, &args.id, &release, args.dismiss).await?;
        let sent = pipeline::send::pending(&app).await?;
        out.say(&said);
        if sent.sent > 0 {
            out.say(&Text::new(format!("отправлено писем: {}", sent.sent), format!("mails sent: {}", sent.sent)));
        }
        Ok(ExitCode::SUCCESS)
    })
}
