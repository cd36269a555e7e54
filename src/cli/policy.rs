//! `sverka policy`: the schema of the regulation file for editors. Deliberately absent: checking a file (`sverka check`).

use std::process::ExitCode;

use clap::Subcommand;

use super::output::Out;
use crate::{config, error::Result};

/// Subcommands of `policy`.
#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// JSON Schema файла policy.toml: редактор подсказывает ключи и проверяет на лету.
    Schema,
}

/// Runs the subcommand.
pub fn run(command: &PolicyCommand, out: Out) -> Result<ExitCode> {
    match command {
        PolicyCommand::Schema => out.json(&config::policy_schema::schema()),
    }
    Ok(ExitCode::SUCCESS)
}
