//! The watcher of folders: nothing half-written is taken, nothing unreadable is lost in silence, and the archive holds
//! the very bytes.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    path::Path,
};

use chrono::{DateTime, TimeDelta, Utc};
use sverka::ingest::{Look, Spool, SpoolSettings, archive, archived};

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000 + second, 0).expect("an instant")
}

fn spool(folder: &Path) -> Spool {
    Spool::new(SpoolSettings { folders: vec![folder.to_owned()], stable: TimeDelta::seconds(30), max_bytes: 1 << 20 })
}

fn names(look: &Look) -> Vec<&str> {
    look.stable.iter().map(|r| r.name.as_str()).collect()
}

/// A writer that drips: whatever pause falls between two looks, only the whole file is ever taken.
#[test]
fn a_file_that_still_grows_is_never_taken() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("Продажи.csv");
    let mut spool = spool(folder.path());
    let mut file = OpenOptions::new().create(true).append(true).open(&path).expect("open");
    let whole = "строка\n".repeat(50);
    for (step, part) in whole.as_bytes().chunks(7).enumerate() {
        file.write_all(part).expect("write");
        file.flush().expect("flush");
        let look = spool.poll(at(step as i64 * 29));
        assert_eq!(names(&look), Vec::<&str>::new(), "step {step}");
    }
    let end = (whole.len().div_ceil(7) as i64 - 1) * 29;
    assert_eq!(names(&spool.poll(at(end + 29))), Vec::<&str>::new(), "not long enough");
    let look = spool.poll(at(end + 30));
    assert_eq!(names(&look), ["Продажи.csv"]);
    assert_eq!(look.stable[0].size, whole.len() as u64);
    assert_eq!(names(&spool.poll(at(end + 31))), ["Продажи.csv"], "it stays ready");
}

/// Same size and same time, other bytes: a copy tool that keeps times.
#[test]
fn changed_bytes_of_the_same_size_and_time_start_anew() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.csv");
    let mut spool = spool(folder.path());
    fs::write(&path, "1111").expect("write");
    let time = fs::metadata(&path).and_then(|m| m.modified()).expect("a time");
    spool.poll(at(0));
    fs::write(&path, "2222").expect("write");
    OpenOptions::new().write(true).open(&path).and_then(|f| f.set_modified(time)).expect("set the time");
    assert_eq!(names(&spool.poll(at(40))), Vec::<&str>::new());
    assert_eq!(names(&spool.poll(at(80))), ["a.csv"]);
}

#[test]
fn lock_files_and_unfinished_files_are_ignored() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["~$Продажи.xlsx", ".hidden.csv", "a.tmp", "a.PART", "Thumbs.db", "ok.csv"] {
        fs::write(folder.path().join(name), "x").expect("write");
    }
    fs::create_dir(folder.path().join("folder.csv")).expect("a folder");
    let mut spool = spool(folder.path());
    spool.poll(at(0));
    assert_eq!(names(&spool.poll(at(30))), ["ok.csv"]);
}

#[test]
fn what_cannot_be_read_is_said_and_a_share_that_returns_starts_nothing_anew() {
    let folder = tempfile::tempdir().expect("a folder");
    let share = folder.path().join("share");
    fs::create_dir(&share).expect("a folder");
    fs::write(share.join("a.csv"), "x").expect("write");
    fs::write(share.join("large.csv"), vec![b'x'; (1 << 20) + 1]).expect("write");
    let mut spool = spool(&share);
    let look = spool.poll(at(0));
    assert_eq!(look.findings.iter().map(|f| f.code.as_str()).collect::<Vec<_>>(), ["file_too_large"]);
    let away = folder.path().join("away");
    fs::rename(&share, &away).expect("rename");
    assert_eq!(spool.poll(at(10)).findings[0].code, "folder_unreachable");
    fs::rename(&away, &share).expect("rename");
    assert_eq!(names(&spool.poll(at(30))), ["a.csv"]);
}

#[test]
fn the_archive_holds_the_very_bytes_or_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let (inbox, store) = (folder.path().join("in"), folder.path().join("archive"));
    fs::create_dir(&inbox).expect("a folder");
    let path = inbox.join("Продажи за ноябрь.XLSX");
    fs::write(&path, "bytes").expect("write");
    let mut spool = spool(&inbox);
    spool.poll(at(0));
    let ready = spool.poll(at(30)).stable.remove(0);
    let copy = archive(&ready, &store).expect("archived");
    assert_eq!(copy, store.join(format!("{}.xlsx", ready.hash)));
    assert_eq!(fs::read(&copy).expect("read"), b"bytes");
    assert_eq!(archive(&ready, &store).expect("archived twice"), copy);
    assert_eq!(archived(&store, &ready.hash), Some(copy.clone()));
    assert_eq!(archived(&store, "../../etc/passwd"), None);

    fs::remove_file(&copy).expect("remove");
    fs::write(&path, "other bytes").expect("write");
    assert!(archive(&ready, &store).is_err(), "the file changed since");
    assert_eq!(fs::read_dir(&store).expect("a list").count(), 0, "nothing half-done is left");
}
