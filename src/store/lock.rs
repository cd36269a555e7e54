//! One daemon per SQLite database: an exclusive lock on `FILE.lock`, released by the system when the process ends,
//! however it ends. Deliberately absent: replicas on PostgreSQL, which are allowed (leases, see `schedule`).

use std::{
    ffi::OsString,
    fs::{File, OpenOptions, TryLockError},
    io::{Read, Seek, Write},
    path::{Path, PathBuf},
};

use super::error::{Result, StoreError};

/// The lock; dropping it lets the next one in.
#[derive(Debug)]
pub struct InstanceLock {
    _file: File,
}

/// Takes the lock of a database file. [`StoreError::Locked`] while another process (or another lock of this one) has it.
/// The lock file stays behind: removing it would let two processes lock two different files of one name.
pub fn instance_lock(database: &Path) -> Result<InstanceLock> {
    let path = lock_path(database);
    let failed = |source| StoreError::LockFile { path: path.clone(), source };
    let mut file =
        OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            let pid = file.read_to_string(&mut holder).ok().and_then(|_| holder.trim().parse().ok());
            return Err(StoreError::Locked { path: database.to_owned(), pid });
        }
        Err(TryLockError::Error(source)) => return Err(failed(source)),
    }
    // The number is a courtesy to the one who is refused; the lock itself does not depend on it.
    file.set_len(0)
        .and_then(|()| file.rewind())
        .and_then(|()| writeln!(file, "{}", std::process::id()))
        .map_err(failed)?;
    Ok(InstanceLock { _file: file })
}

fn lock_path(database: &Path) -> PathBuf {
    let mut name = OsString::from(database);
    name.push(".lock");
    PathBuf::from(name)
}
