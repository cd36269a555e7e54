//! `sverka votes`: votes of the jury from a table. Deliberately absent: counting them.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Subcommand;

use super::{compare, deals::told, output::Out, session};
use crate::{env::Clock, error::Result, pipeline};

/// Subcommands of `votes`.
#[derive(Debug, Subcommand)]
pub enum VotesCommand {
    /// Внести голоса жюри из таблицы: период, член жюри, за кого (и конкурс, если их несколько).
    Import {
        /// Таблица .xlsx или .csv.
        file: PathBuf,
        /// Кто вносит.
        #[arg(long)]
        by: Option<String>,
        /// Только показать.
        #[arg(long)]
        dry_run: bool,
    },
}

/// Runs a subcommand: exit code 2 when a row was refused.
pub fn run(command: &VotesCommand, path: &Path, out: Out) -> Result<ExitCode> {
    let VotesCommand::Import { file, by, dry_run } = command;
    compare::readable(file)?;
    let author = session::author(by.as_deref())?;
    session::with_app(path, Clock::system(), async |app| {
        let counted = pipeline::deals::import_votes(&app, file, &author, *dry_run).await?;
        if out.json {
            out.json(&counted);
        } else {
            let figures = (counted.apply.len(), counted.unchanged.len(), counted.refused.len());
            told(figures, None, &counted.refused, *dry_run, out);
        }
        Ok(ExitCode::from(if counted.refused.is_empty() { 0 } else { 2 }))
    })
}
