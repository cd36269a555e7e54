//! Tests of ingest.

mod reading;

use std::path::PathBuf;

/// A real file of `../shared/data`, or nothing (with a line) where the folder is absent.
pub fn real_file(path: &str) -> Option<(PathBuf, Vec<u8>)> {
    let full = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data")).join(path);
    let bytes = std::fs::read(&full).ok();
    if bytes.is_none() {
        println!("skipped: {path} is not here");
    }
    bytes.map(|bytes| (full, bytes))
}
