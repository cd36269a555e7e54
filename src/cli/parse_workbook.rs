//! The parsing child: limits itself, reads one file, sends what it understood, ends. It runs before any runtime,
//! configuration or TLS provider exists. Deliberately absent: anything a person would type.

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use rustix::process::{Resource, Rlimit, setrlimit};

use crate::ingest::{
    hash,
    interpret::{ParseRequest, Parsed},
    layout::Layout,
    read,
    sandbox::{self, ParseLimits},
    wire,
};

/// Arguments of the child.
#[derive(Debug, clap::Args)]
pub struct ParseWorkbookArgs {
    /// File to read.
    pub file: PathBuf,
    /// How it is to be understood (JSON).
    #[arg(long)]
    pub request: String,
    /// Limits (JSON).
    #[arg(long)]
    pub limits: String,
}

/// Runs the child. Any exit code but success means that the answer does not count.
pub fn run(args: &ParseWorkbookArgs) -> ExitCode {
    match answer(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr().lock(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn answer(args: &ParseWorkbookArgs) -> io::Result<()> {
    let mut request: ParseRequest = serde_json::from_str(&args.request)?;
    request.layouts.iter_mut().for_each(Layout::prepare);
    let limits: ParseLimits = serde_json::from_str(&args.limits)?;
    confine(&limits)?;
    let mut out = wire::Writer::new(io::BufWriter::with_capacity(256 << 10, io::stdout().lock()));
    let parsed = match sandbox::read_capped(&args.file, limits.read.max_bytes)? {
        None => Parsed::refused(vec![read::too_large(&request.file_name, limits.read.max_bytes)]),
        Some(bytes) if request.unhashed => sandbox::parse_into(bytes, &request, &limits.read, &mut out),
        Some(bytes) => {
            let found = hash::of_bytes(&bytes);
            if request.file_hash.is_empty() || request.file_hash == found {
                request.file_hash = found;
                sandbox::parse_into(bytes, &request, &limits.read, &mut out)
            } else {
                Parsed::refused(vec![sandbox::changed(&request.file_name)])
            }
        }
    };
    out.finish(parsed)
}

/// No more memory and time than allowed, no core dump, no writing to files.
fn confine(limits: &ParseLimits) -> io::Result<()> {
    let bounds = [
        (Resource::As, limits.memory_bytes),
        (Resource::Cpu, limits.cpu_seconds),
        (Resource::Core, 0),
        (Resource::Fsize, 0),
    ];
    for (what, most) in bounds {
        setrlimit(what, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}
