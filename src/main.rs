//! Entry point: the parsing child branches off before any runtime or configuration exists; everything else is `cli`.

use std::process::ExitCode;

fn main() -> ExitCode {
    sverka::cli::main()
}
