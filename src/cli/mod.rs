//! The command line: one file per subcommand; each parses, calls one function, prints. Exit codes: 0 ok, 1 error,
//! 2 held, 3 config.

pub mod output;
pub mod init;
pub mod check;
pub mod config;

use std::process::ExitCode;

/// Runs the program.
pub fn main() -> ExitCode {
    ExitCode::SUCCESS
}
