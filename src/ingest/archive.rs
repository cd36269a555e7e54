//! The archive keeps every file that was looked at, named by its hash, so that each number can be walked back to the
//! very bytes. Deliberately absent: deleting.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::{hash, spool::Ready};

/// Copies a ready file to `dir/<hash>.<extension>`: through a temporary file, synced, verified by hash, renamed, and the
/// folder synced. A copy that is there already is verified and kept.
///
/// # Errors
/// `InvalidData` when the file changed since it was ready; else what the file system says.
pub fn archive(ready: &Ready, dir: &Path) -> io::Result<PathBuf> {
    if !is_hash(&ready.hash) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a hash"));
    }
    if let Some(copy) = archived(dir, &ready.hash)
        && hash::of_reader(File::open(&copy)?)?.0 == ready.hash
    {
        return Ok(copy);
    }
    fs::create_dir_all(dir)?;
    let target = dir.join(format!("{}{}", ready.hash, extension(&ready.name)));
    let temporary = dir.join(format!(".{}.{}.part", ready.hash, std::process::id()));
    let written = copy(&ready.path, &temporary, &ready.hash).and_then(|()| fs::rename(&temporary, &target));
    if let Err(error) = written {
        let _ = fs::remove_file(&temporary);
        return Err(error);
    }
    File::open(dir)?.sync_all()?;
    Ok(target)
}

/// The copy of that content, if the archive has one.
pub fn archived(dir: &Path, hash: &str) -> Option<PathBuf> {
    if !is_hash(hash) {
        return None;
    }
    let entries = fs::read_dir(dir).ok()?;
    let mut found: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .filter(|path| path.file_stem().is_some_and(|stem| stem == hash))
        .collect();
    found.sort();
    found.into_iter().next()
}

fn copy(from: &Path, to: &Path, hash: &str) -> io::Result<()> {
    let mut target = File::create(to)?;
    io::copy(&mut File::open(from)?, &mut target)?;
    target.flush()?;
    target.sync_all()?;
    if hash::of_reader(File::open(to)?)?.0 == hash {
        return Ok(());
    }
    Err(io::Error::new(io::ErrorKind::InvalidData, "the file changed while it was copied"))
}

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// `.xlsx` of a name; nothing when it is not a plain short word.
fn extension(name: &str) -> String {
    let plain = |ext: &&str| (1..=5).contains(&ext.len()) && ext.bytes().all(|b| b.is_ascii_alphanumeric());
    let ext = Path::new(name).extension().and_then(|e| e.to_str()).filter(plain);
    ext.map_or_else(String::new, |e| format!(".{}", e.to_lowercase()))
}
