//! The rules of the house that a test can check. Deliberately absent: style that rustfmt and clippy check already.

use std::{fs, path::PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below a folder of the project with one of the endings, with its text.
fn files(folder: &str, endings: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(&dir).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if endings.iter().any(|e| path.extension().is_some_and(|x| x == *e)) {
                let name = path.strip_prefix(root()).unwrap_or(&path).display().to_string();
                found.push((name, fs::read_to_string(&path).unwrap_or_default()));
            }
        }
    }
    found.sort();
    found
}

fn complain(rule: &str, breaches: &[String]) {
    assert!(breaches.is_empty(), "{rule}:\n  {}", breaches.join("\n  "));
}

#[test]
fn no_file_is_longer_than_five_hundred_lines_and_each_says_what_it_is() {
    let mut breaches = Vec::new();
    for folder in ["src", "tests", "benches"] {
        for (name, text) in files(folder, &["rs"]) {
            let lines = text.lines().count();
            if lines > 500 {
                breaches.push(format!("{name}: {lines} lines"));
            }
            if !text.starts_with("//!") {
                breaches.push(format!("{name}: does not open with //!"));
            }
        }
    }
    complain("one thing per file, with its purpose at the head", &breaches);
}

#[test]
fn the_domain_knows_no_outside_world_and_the_arrows_hold() {
    let outside = [
        "tokio",
        "sqlx",
        "lettre",
        "axum",
        "calamine",
        "minijinja",
        "std::fs",
        "std::env",
        "std::net",
        "std::process",
        "std::time",
    ];
    let layers: [(&str, &[&str]); 4] = [
        (
            "src/domain",
            &[
                "crate::ingest",
                "crate::store",
                "crate::deliver",
                "crate::pipeline",
                "crate::config",
                "crate::env",
                "crate::cli",
                "crate::web",
                "crate::schedule",
                "crate::error",
            ],
        ),
        (
            "src/ingest",
            &[
                "crate::store",
                "crate::deliver",
                "crate::pipeline",
                "crate::config",
                "crate::cli",
                "crate::web",
                "crate::schedule",
            ],
        ),
        (
            "src/store",
            &[
                "crate::ingest",
                "crate::deliver",
                "crate::pipeline",
                "crate::config",
                "crate::cli",
                "crate::web",
                "crate::schedule",
            ],
        ),
        (
            "src/deliver",
            &[
                "crate::ingest",
                "crate::store",
                "crate::pipeline",
                "crate::config",
                "crate::cli",
                "crate::web",
                "crate::schedule",
            ],
        ),
    ];
    let mut breaches = Vec::new();
    for (folder, forbidden) in layers {
        for (name, text) in files(folder, &["rs"]) {
            for (at, line) in code_lines(&text) {
                let mut bad: Vec<&str> = forbidden.iter().copied().filter(|f| line.contains(*f)).collect();
                if folder == "src/domain" {
                    bad.extend(
                        outside
                            .iter()
                            .copied()
                            .filter(|f| line.contains(&format!("{f}::")) || line.contains(&format!("use {f}"))),
                    );
                }
                breaches.extend(bad.iter().map(|b| format!("{name}:{at}: {b}")));
            }
        }
    }
    complain("dependencies run one way", &breaches);
}

#[test]
fn sql_lives_in_the_store_and_keeps_to_the_portable_subset() {
    let mut breaches = Vec::new();
    for (name, text) in files("src", &["rs"]) {
        for (at, line) in code_lines(&text) {
            if !name.starts_with("src/store") && (line.contains("sqlx::query") || line.contains("QueryBuilder")) {
                breaches.push(format!("{name}:{at}: SQL outside the store"));
            }
            if name.starts_with("src/store") {
                for word in ["LOWER(", "UPPER(", "ILIKE", "NOW()", "FOR UPDATE", "ANY($"] {
                    if line.contains(word) {
                        breaches.push(format!("{name}:{at}: {word}"));
                    }
                }
                if line.contains("SUM(") && !line.contains("CAST(SUM(") && !line.contains("CAST(COALESCE(SUM(") {
                    breaches.push(format!("{name}:{at}: SUM without CAST"));
                }
            }
        }
    }
    complain("one SQL text for two engines", &breaches);
}

#[test]
fn the_ledger_is_never_updated_or_deleted_from() {
    let breaches: Vec<String> = files("src", &["rs"])
        .iter()
        .flat_map(|(name, text)| {
            code_lines(text)
                .filter(|(_, l)| {
                    (l.contains("UPDATE ledger_entry") || l.contains("DELETE FROM ledger_entry"))
                        && !l.contains("BEFORE")
                })
                .map(|(at, l)| format!("{name}:{at}: {}", l.trim()))
                .collect::<Vec<_>>()
        })
        .collect();
    complain("the ledger is append-only", &breaches);
}

#[test]
fn no_text_for_people_uses_the_two_stems() {
    // Spelled so that this file does not contain them.
    let stems = [["шт", "раф"].concat(), ["уде", "рж"].concat()];
    let mut breaches = Vec::new();
    let mut all = files("src", &["rs"]);
    for folder in ["templates", "config", "docs", "migrations"] {
        all.extend(files(folder, &["html", "txt", "toml", "md", "sql"]));
    }
    all.push(("README.md".into(), fs::read_to_string(root().join("README.md")).unwrap_or_default()));
    for (name, text) in all {
        for (at, line) in text.lines().enumerate() {
            let lower = line.to_lowercase();
            if stems.iter().any(|s| lower.contains(s)) {
                breaches.push(format!("{name}:{}: {}", at + 1, line.trim()));
            }
        }
    }
    complain("bonus not accrued, never the other words", &breaches);
}

#[test]
fn the_project_names_no_machine() {
    let needles =
        ["/wo", "/ro", "/ho"].iter().zip(["rk/", "ot/", "me/"]).map(|(a, b)| format!("{a}{b}")).collect::<Vec<_>>();
    let mut breaches = Vec::new();
    for folder in ["src", "tests", "benches", "config", "docs", "templates", "migrations", ".ci"] {
        for (name, text) in files(folder, &["rs", "toml", "md", "html", "txt", "sql", "snap"]) {
            for (at, line) in text.lines().enumerate() {
                if needles.iter().any(|n| line.contains(n)) {
                    breaches.push(format!("{name}:{}: {}", at + 1, line.trim()));
                }
            }
        }
    }
    complain("no path of a developer's machine", &breaches);
}

#[test]
fn every_dependency_has_its_reason() {
    let text = fs::read_to_string(root().join("Cargo.toml")).expect("Cargo.toml");
    let mut section = "";
    let mut breaches = Vec::new();
    let mut commented = false;
    for line in text.lines() {
        if line.starts_with('[') {
            section = line;
        } else if line.starts_with('#') {
            commented |= !line.starts_with("# ---");
        } else if line.is_empty() {
            commented = false;
        } else if section.contains("dependencies]") && line.contains('=') {
            if !commented
                && !line.starts_with("serde")
                && !line.starts_with("tracing")
                && !line.starts_with("thiserror")
                && !line.starts_with("clap")
                && !line.starts_with("tempfile")
            {
                breaches.push(line.to_owned());
            }
            commented = false;
        }
    }
    complain("each dependency has its reason above it", &breaches);
}

/// Lines that are code: comments are left out.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(i, l)| (i + 1, l)).filter(|(_, l)| !l.trim_start().starts_with("//"))
}
