//! The command line: one file per subcommand; each parses, calls one function, prints. Exit codes: 0 ok, 1 error,
//! 2 held, 3 config.

pub mod compare;
pub mod inspect;
pub mod output;
pub mod parse_workbook;

use std::{io::Write, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::domain::text::Lang;

#[derive(Debug, Parser)]
#[command(name = "sverka", version)]
struct Cli {
    /// Вывод в JSON.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Сверить файлы учёта с файлами CRM без настроек и базы.
    Compare(compare::CompareArgs),
    /// Показать, как прочитан файл.
    Inspect(inspect::InspectArgs),
    /// Разбор одного файла в дочернем процессе.
    #[command(hide = true)]
    ParseWorkbook(parse_workbook::ParseWorkbookArgs),
}

/// Runs the program.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let out = output::Out { lang: Lang::Ru, json: cli.json };
    match &cli.command {
        Command::ParseWorkbook(args) => parse_workbook::run(args),
        Command::Compare(args) => compare::run(args, out).unwrap_or_else(|error| {
            let _ = write!(std::io::stderr().lock(), "{}", error.render(out.lang));
            ExitCode::from(error.kind.exit_code())
        }),
        Command::Inspect(args) => inspect::run(args, out).unwrap_or_else(|error| {
            let _ = write!(std::io::stderr().lock(), "{}", error.render(out.lang));
            ExitCode::from(error.kind.exit_code())
        }),
    }
}
