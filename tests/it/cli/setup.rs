//! From an empty folder to a configuration that is accepted, and what is said when it is not.

use std::fs;

use super::{calendars, sverka};

#[test]
fn init_writes_what_check_accepts_from_any_folder_and_never_overwrites() {
    let dir = tempfile::tempdir().expect("a folder");
    let made = sverka(dir.path(), &["init", "firma", "--language", "en"]);
    assert_eq!(made.code, 0, "{}", made.stderr);
    assert!(made.stdout.contains("sverka -c firma/sverka.toml check"), "{}", made.stdout);
    calendars(&dir.path().join("firma"));
    // The language of the configuration, since none is asked for.
    let checked = sverka(dir.path(), &["-c", "firma/sverka.toml", "check"]);
    assert_eq!(checked.code, 0, "{}", checked.stdout);
    assert!(checked.stdout.contains("The configuration is sound"), "{}", checked.stdout);
    let russian = sverka(&dir.path().join("firma"), &["--lang", "ru", "check"]);
    assert!(russian.stdout.contains("Настройки в порядке"), "{}", russian.stdout);
    let strict = sverka(&dir.path().join("firma"), &["--json", "check", "--strict"]);
    assert_eq!((strict.code, strict.json()["ok"].as_bool()), (3, Some(false)));

    let before = fs::read(dir.path().join("firma/policy.toml")).expect("a policy");
    let again = sverka(dir.path(), &["init", "firma"]);
    assert_eq!(again.code, 1);
    assert!(again.stderr.contains("уже есть"), "{}", again.stderr);
    assert_eq!(fs::read(dir.path().join("firma/policy.toml")).expect("a policy"), before);
}

#[test]
fn a_wrong_configuration_ends_every_command_with_3_and_lists_mistakes_only() {
    let dir = tempfile::tempdir().expect("a folder");
    let firma = dir.path().join("firma");
    assert_eq!(sverka(dir.path(), &["init", "firma"]).code, 0);
    let policy = fs::read_to_string(firma.join("policy.toml")).expect("a policy");
    fs::write(firma.join("policy.toml"), policy.replace("missing = \"50 %\"", "mising = \"50 %\"")).expect("write");
    for arguments in [
        &["check"][..],
        &["once", "audit", "--dry-run"],
        &["holds"],
        &["match", "list"],
        &["ledger", "verify"],
        &["schedule", "next"],
        &["config", "show"],
        &["run"],
    ] {
        let ran = sverka(&firma, arguments);
        assert_eq!(ran.code, 3, "{arguments:?}: {}{}", ran.stdout, ran.stderr);
        let said = ran.stdout + &ran.stderr;
        assert!(said.contains("policy.toml") && said.contains("mising"), "{arguments:?}: {said}");
    }
    let said = sverka(&firma, &["--lang", "en", "holds"]).stderr;
    assert!(!said.contains("warning"), "{said}");
    let nowhere = sverka(dir.path(), &["-c", "nowhere.toml", "holds"]);
    assert_eq!(nowhere.code, 3);
    assert!(nowhere.stderr.contains("sverka init"), "{}", nowhere.stderr);
}
