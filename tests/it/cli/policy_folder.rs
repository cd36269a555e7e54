//! Commands over a regulation that stands in a folder, one version a file.

use std::fs;

use super::{calendars, sverka};
use crate::app::{PEOPLE, POLICY, write_company};

#[test]
fn a_folder_of_versions_is_checked_written_and_compared() {
    let folder = tempfile::tempdir().expect("a folder");
    write_company(&folder, "[files]\npolicy = \"policy\"\n", POLICY, PEOPLE);
    let dir = folder.path();
    calendars(dir);
    fs::create_dir(dir.join("policy")).expect("a folder");
    fs::rename(dir.join("policy.toml"), dir.join("policy/1.toml")).expect("moved");
    let newer = POLICY
        .replace("T-1", "T-2")
        .replace("2026-01-01", "2027-01-01")
        .replace("grace_working_days = 3", "grace_working_days = 5");
    fs::write(dir.join("policy/2.toml"), &newer).expect("a file");

    let checked = sverka(dir, &["check"]);
    assert_eq!(checked.code, 0, "{}{}", checked.stdout, checked.stderr);
    let text = sverka(dir, &["regulation", "--version", "T-2"]);
    assert!(text.code == 0 && text.stdout.contains("Редакция: T-2"), "{}{}", text.stdout, text.stderr);
    let diff = sverka(dir, &["regulation", "diff", "T-1", "T-2"]);
    assert!(diff.code == 0 && diff.stdout.contains('5'), "{}{}", diff.stdout, diff.stderr);
    // A draft may be a folder too: it is read, and only the closed periods are missing.
    let draft = sverka(dir, &["backtest", "--policy", "policy", "--from", "2026-01", "--to", "2026-02"]);
    assert!(!draft.stderr.contains("policy"), "{}{}", draft.stdout, draft.stderr);

    fs::write(dir.join("policy/2.toml"), newer.replace("grace_working_days = 5", "grace_working_days = -5"))
        .expect("a file");
    fs::write(dir.join("policy/3.toml"), newer.replace("T-2", "T-3").replace("2027-01-01", "2028-13-01"))
        .expect("a file");
    let broken = sverka(dir, &["check"]);
    assert_eq!(broken.code, 3, "{}{}", broken.stdout, broken.stderr);
    let told = format!("{}{}", broken.stdout, broken.stderr);
    assert!(told.contains("policy/2.toml:") && told.contains("policy/3.toml:"), "{told}");
}
