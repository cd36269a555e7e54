//! Which files of the watched folders are ready. Folders are polled: notification is silent on network shares and sees
//! half-written files elsewhere. A file is ready when size, time and content are the same at two looks far enough
//! apart. Deliberately absent: a memory beyond the process (after a restart it waits once more), and which contents are
//! known already (the store knows).

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use chrono::{DateTime, TimeDelta, Utc};

use super::{hash, read};
use crate::domain::{
    finding::{Finding, Severity, SourceRef},
    text::Text,
};

/// What is watched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpoolSettings {
    /// Folders, not their subfolders.
    pub folders: Vec<PathBuf>,
    /// How long a file must stay the same.
    pub stable: TimeDelta,
    /// Largest file, bytes.
    pub max_bytes: u64,
}

/// A file that is ready to be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ready {
    /// Where it lies.
    pub path: PathBuf,
    /// Its name.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Time of its last change.
    pub modified: DateTime<Utc>,
    /// SHA-256 of the content, lower-case hex.
    pub hash: String,
}

/// What one look saw.
#[derive(Clone, Debug, Default)]
pub struct Look {
    /// Files that are ready, by path; also those that were ready before and still lie there.
    pub stable: Vec<Ready>,
    /// Files not seen long enough yet.
    pub waiting: usize,
    /// Folders and files that cannot be read, and files that are too large.
    pub findings: Vec<Finding>,
}

#[derive(Clone, Debug)]
struct Seen {
    size: u64,
    modified: SystemTime,
    hash: String,
    since: DateTime<Utc>,
    ready: bool,
}

/// The watcher's memory.
#[derive(Clone, Debug)]
pub struct Spool {
    settings: SpoolSettings,
    seen: BTreeMap<PathBuf, Seen>,
}

impl Spool {
    /// A watcher that has seen nothing.
    pub const fn new(settings: SpoolSettings) -> Self {
        Self { settings, seen: BTreeMap::new() }
    }

    /// Looks into every folder.
    pub fn poll(&mut self, now: DateTime<Utc>) -> Look {
        let mut look = Look::default();
        let mut before = std::mem::take(&mut self.seen);
        for folder in &self.settings.folders {
            let paths = match list(folder) {
                Ok(paths) => paths,
                Err(error) => {
                    look.findings.push(unreachable(folder, &error));
                    // What was seen there stays known: a share that is away for a moment starts nothing anew.
                    let kept = before.iter().filter(|(path, _)| path.parent() == Some(folder));
                    self.seen.extend(kept.map(|(path, seen)| (path.clone(), seen.clone())));
                    continue;
                }
            };
            for path in paths {
                let known = before.remove(&path);
                match self.examine(&path, known, now) {
                    Ok(Some(seen)) => {
                        if seen.ready {
                            look.stable.push(ready(&path, &seen));
                        } else {
                            look.waiting += 1;
                        }
                        self.seen.insert(path, seen);
                    }
                    Ok(None) => look.findings.push(read::too_large(&name_of(&path), self.settings.max_bytes)),
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    Err(error) => look.findings.push(locked(&path, &error)),
                }
            }
        }
        look.stable.sort_by(|a, b| a.path.cmp(&b.path));
        look
    }

    /// `None` when the file is too large.
    fn examine(&self, path: &Path, known: Option<Seen>, now: DateTime<Utc>) -> io::Result<Option<Seen>> {
        let meta = fs::metadata(path)?;
        let (size, modified) = (meta.len(), meta.modified()?);
        if size > self.settings.max_bytes {
            return Ok(None);
        }
        let unchanged = known.filter(|k| k.size == size && k.modified == modified);
        if let Some(seen) = unchanged.as_ref().filter(|k| k.ready || now - k.since < self.settings.stable) {
            return Ok(Some(seen.clone()));
        }
        let (hash, length) = hash::of_reader(File::open(path)?)?;
        // A file that grew while it was read is seen for the first time.
        let whole = length == size && fs::metadata(path)?.modified()? == modified;
        Ok(Some(match unchanged {
            Some(seen) if whole && seen.hash == hash => Seen { ready: true, ..seen },
            _ => Seen { size, modified, hash, since: now, ready: false },
        }))
    }
}

fn list(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if !is_ignored(&name_of(&path)) && !path.is_dir() {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// Lock files of Office, hidden files, and files that say they are not finished.
fn is_ignored(name: &str) -> bool {
    let low = name.to_lowercase();
    let unfinished = [".tmp", ".part", ".partial", ".crdownload"].iter().any(|end| low.ends_with(end));
    low.starts_with("~$") || low.starts_with('.') || unfinished || matches!(low.as_str(), "thumbs.db" | "desktop.ini")
}

fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned())
}

fn ready(path: &Path, seen: &Seen) -> Ready {
    Ready {
        path: path.to_owned(),
        name: name_of(path),
        size: seen.size,
        modified: seen.modified.into(),
        hash: seen.hash.clone(),
    }
}

fn unreachable(folder: &Path, error: &io::Error) -> Finding {
    let folder = folder.display();
    let text = Text::new(
        format!("папка {folder} недоступна ({error}); проверьте сетевой диск и права"),
        format!("the folder {folder} cannot be reached ({error}); check the share and permissions"),
    );
    Finding::new(Severity::Warn, "folder_unreachable", text)
}

fn locked(path: &Path, error: &io::Error) -> Finding {
    let text = Text::new(
        format!("файл не открывается ({error}); закройте его в других программах и проверьте права"),
        format!("the file cannot be opened ({error}); close it in other programs and check permissions"),
    );
    Finding::new(Severity::Warn, "file_unreadable", text).at(SourceRef::file(&name_of(path)))
}
