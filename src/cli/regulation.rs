//! `sverka regulation`: the regulation as people read and sign it, the annex to the job description, and what changed between
//! versions. Deliberately absent: what the documents say (`domain::regulation`), approving them.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, Subcommand};

use super::{output::Out, session, speech};
use crate::{
    config::Config,
    deliver,
    domain::{
        policy::PolicyVersion,
        regulation::{self, Examples, Input, annex, diff},
        text::{Lang, Text},
        words::date,
    },
    env::Clock,
    error::{Error, Result},
    pipeline,
};

/// Arguments of `regulation`.
#[derive(Debug, Args)]
#[command(disable_version_flag = true, args_conflicts_with_subcommands = true)]
pub struct RegulationArgs {
    #[command(subcommand)]
    command: Option<RegulationCommand>,
    /// Редакция; без ключа действующая сегодня.
    #[arg(long)]
    version: Option<String>,
    /// Приложение к должностной инструкции вместо положения.
    #[arg(long)]
    annex: bool,
    /// Файл .html, .docx или .md; без ключа текст на экран.
    #[arg(long, short, value_name = "ФАЙЛ")]
    output: Option<PathBuf>,
}

/// Subcommands of `regulation`.
#[derive(Debug, Subcommand)]
pub enum RegulationCommand {
    /// Что изменилось между редакциями, словами.
    Diff {
        /// Прежняя редакция.
        old: String,
        /// Новая редакция.
        new: String,
    },
}

/// Runs the command.
pub fn run(args: &RegulationArgs, path: &Path, out: Out) -> Result<ExitCode> {
    let clock = Clock::system();
    let config = session::load(path, clock.now().date_naive())?;
    match &args.command {
        Some(RegulationCommand::Diff { old, new }) => changes(&config, old, new, out)?,
        None => document(args, config, clock, out)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The version of that id.
fn version<'a>(config: &'a Config, id: &str) -> Result<&'a PolicyVersion> {
    config.policy.versions.iter().find(|v| v.id == id).ok_or_else(|| {
        let known = config.policy.versions.iter().map(|v| v.id.as_str()).collect::<Vec<_>>().join(", ");
        Error::input(Text::new(format!("редакции «{id}» нет"), format!("there is no version “{id}”")))
            .hint(Text::new(format!("есть: {known}"), format!("there are: {known}")))
    })
}

fn changes(config: &Config, old: &str, new: &str, out: Out) -> Result<()> {
    let (old, new) = (version(config, old)?, version(config, new)?);
    let found = diff::diff(old, new);
    if out.json {
        out.json(&found);
        return Ok(());
    }
    let from = |lang| (&old.id, date(old.effective_from, lang), &new.id, date(new.effective_from, lang));
    let head = |lang: Lang| {
        let (old, was, new, is) = from(lang);
        match lang {
            Lang::Ru => format!("Редакция {old} (с {was}) → редакция {new} (с {is}): изменений {}", found.len()),
            Lang::En => format!("Version {old} (from {was}) → version {new} (from {is}): changes {}", found.len()),
        }
    };
    out.say(&Text::new(head(Lang::Ru), head(Lang::En)));
    for change in &found {
        let number = if change.clause.is_empty() { "–" } else { &change.clause };
        out.line(format!("  {number:<6}{}", change.text.get(out.lang)));
    }
    Ok(())
}

/// Kinds of files by their endings.
#[derive(Clone, Copy)]
enum Kind {
    Markdown,
    Html,
    Docx,
}

fn kind(output: &Path) -> Result<Kind> {
    match output.extension().map(|e| e.to_string_lossy().to_lowercase()).as_deref() {
        Some("md" | "txt") => Ok(Kind::Markdown),
        Some("html" | "htm") => Ok(Kind::Html),
        Some("docx") => Ok(Kind::Docx),
        _ => {
            let file = output.display();
            Err(Error::input(Text::new(
                format!("непонятно, каким должен быть файл {file}"),
                format!("it is unclear what kind of file {file} is to be"),
            ))
            .hint(Text::new("имя файла кончается на .html, .docx или .md", "its name ends in .html, .docx or .md")))
        }
    }
}

fn document(args: &RegulationArgs, config: Config, clock: Clock, out: Out) -> Result<()> {
    let kind = args.output.as_deref().map_or(Ok(Kind::Markdown), kind)?;
    let on = clock.now().with_timezone(&config.company.tz).date_naive();
    let chosen = match &args.version {
        Some(id) => version(&config, id)?,
        None => config.policy.as_of(on).or(config.policy.versions.first()).ok_or_else(|| {
            Error::input(Text::new("в положении нет ни одной редакции", "the regulation has no version"))
        })?,
    };
    let examples = if args.annex { Examples::new() } else { examples(&config, clock, chosen, out) };
    let next = config.policy.versions.iter().map(|v| v.effective_from).filter(|d| *d > chosen.effective_from).min();
    let input = Input {
        company: &config.company.name,
        version: chosen,
        until: next,
        roster: &config.roster,
        on,
        examples: &examples,
    };
    let made = if args.annex { annex::build(&input) } else { regulation::build(&input) };
    if out.json && args.output.is_none() {
        out.json(&made);
        return Ok(());
    }
    let bytes = match kind {
        Kind::Markdown => deliver::regulation::markdown(&made, out.lang).into_bytes(),
        Kind::Html => deliver::regulation::html(&made, out.lang).into_bytes(),
        Kind::Docx => deliver::regulation::docx(&made, out.lang)?,
    };
    let Some(output) = &args.output else {
        let _ = std::io::stdout().lock().write_all(&bytes);
        return Ok(());
    };
    let file = output.display();
    std::fs::write(output, bytes).map_err(|e| {
        let cause = speech::cause(&e);
        Error::input(Text::new(
            format!("не удалось записать {file}: {}", cause.ru),
            format!("failed to write {file}: {}", cause.en),
        ))
    })?;
    if out.json {
        out.json(&serde_json::json!({ "file": output, "version": chosen.id }));
        return Ok(());
    }
    let id = &chosen.id;
    out.say(&Text::new(format!("редакция {id} записана в {file}"), format!("version {id} written to {file}")));
    out.note(&Text::new(
        "это проект документа: впишите номер приказа, согласуйте с юристом и ознакомьте сотрудников под подпись",
        "this is a draft: fill in the number of the order, have the lawyer agree, and have the employees sign",
    ));
    Ok(())
}

/// Examples from the database where there is one; otherwise the document invents them and says so.
fn examples(config: &Config, clock: Clock, version: &PolicyVersion, out: Out) -> Examples {
    if !pipeline::regulation::has_database(config) {
        return Examples::new();
    }
    match session::block_on(pipeline::regulation::examples(config.clone(), clock, version)) {
        Ok(examples) => examples,
        Err(error) => {
            out.note(&Text::new(
                format!("примеры будут условными: {}", error.message.ru),
                format!("examples are invented: {}", error.message.en),
            ));
            Examples::new()
        }
    }
}
