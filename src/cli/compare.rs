//! stub
#[derive(Debug, clap::Args)] pub struct CompareArgs { x: String }
pub fn run(_: &CompareArgs, _: super::output::Out) -> crate::error::Result<std::process::ExitCode> { todo!() }
