//! `preview` and `outbox show` with `--open`: a page that needs nothing but itself goes to the machine's browser; without a
//! browser the path is said; `preview held` tells what would be held, once.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Command};

use super::{company, sverka};

/// Runs the program where the only command is a browser that writes down what it was given.
fn with_browser(dir: &Path, arguments: &[&str]) -> (String, String) {
    let bin = dir.join("bin");
    fs::create_dir_all(&bin).expect("a folder");
    let script = format!("#!/bin/sh\nprintf '%s' \"$1\" > '{}'\n", dir.join("opened").display());
    let browser = bin.join("xdg-open");
    fs::write(&browser, script).expect("a browser");
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).expect("a program");
    let ran = Command::new(env!("CARGO_BIN_EXE_sverka"))
        .current_dir(dir)
        .env_clear()
        .env("PATH", &bin)
        .args(arguments)
        .output()
        .expect("the program runs");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let opened = fs::read_to_string(dir.join("opened")).unwrap_or_default();
    (String::from_utf8(ran.stdout).expect("UTF-8"), opened)
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_frozen_mail_opens_as_a_page_of_its_own() {
    let t = company().await;
    let dir = t.dir.path();
    let list = sverka(dir, &["--json", "outbox", "list"]).json();
    let key = list.as_array().and_then(|l| l.iter().find(|m| m["kind"] == "audit")).expect("an audit")["key"].clone();
    let key = key.as_str().expect("a key");
    let (said, opened) = with_browser(dir, &["outbox", "show", key, "--open"]);
    assert_eq!(said.trim(), opened, "the path is said and opened");
    let page = fs::read_to_string(dir.join(&opened)).expect("a page");
    assert!(page.contains("Громова") || page.contains("Сверка") || page.contains("ООО «Проверка»"), "{page}");
    assert!(!page.contains("cid:") && !page.contains("src=\"http"), "nothing is left outside the page");
    // The message beside it is the frozen one.
    let message = fs::read_to_string(dir.join(opened.replace(".html", ".eml"))).expect("a message");
    assert_eq!(message, sverka(dir, &["outbox", "show", key]).stdout);

    let without = sverka(dir, &["--lang", "en", "outbox", "show", key, "--open", "--dir", "elsewhere"]);
    assert_eq!(without.code, 0, "{}", without.stderr);
    assert!(without.stdout.trim().starts_with("elsewhere/") && dir.join(without.stdout.trim()).is_file());
    assert!(without.stderr.contains("no browser was found"), "{}", without.stderr);
}

#[tokio::test]
async fn a_preview_of_what_is_held_shows_each_notice_and_nobody_else_s() {
    let t = company().await;
    let dir = t.dir.path();
    // By this machine's clock the data is not of today: every job would be held.
    let all = sverka(dir, &["preview", "held"]);
    assert_eq!(all.code, 2, "{}{}", all.stdout, all.stderr);
    for (to, address) in [("0003", "admin@"), ("finance@", "finance@"), ("Громова Елена", "head@")] {
        let mine = sverka(dir, &["preview", "held", "--to", to]);
        assert!(mine.stdout.contains(&format!("→ {address}firma.example")), "{to}: {}{}", mine.stdout, mine.stderr);
        let others = mine.stdout.lines().filter(|l| l.starts_with("→ ") && !l.contains(address)).count();
        assert_eq!(others, 0, "{}", mine.stdout);
    }
    assert!(sverka(dir, &["preview", "finance", "--dir", "pages"]).stdout.contains("pages"));
    // Told once: the second look names the mail that has left.
    assert_eq!(sverka(dir, &["once", "audit"]).code, 2);
    let told = sverka(dir, &["preview", "audit"]);
    assert!(told.stdout.is_empty(), "{}", told.stdout);
}
