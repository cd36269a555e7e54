//! Hundreds of damaged and attacking workbooks: each is answered in words that say what to do, and what the answer is
//! stands in one snapshot, so that a change is seen. Deliberately absent: judging whether a damaged file could have been
//! read after all.

use std::{collections::BTreeMap, fmt::Write, path::PathBuf, time::Duration};

use sverka::{
    domain::finding::Finding,
    ingest::{
        ParseRequest, Parsed, Want,
        sandbox::{self, ParseLimits},
    },
};

use super::{child::block_on, holds, program, skipped};

/// Words of which every message needs one.
const ACTIONS: [(&str, &str); 10] = [
    ("сохраните", "save"),
    ("сохранить", "save"),
    ("выгрузите", "export"),
    ("выгрузку", "export"),
    ("проверьте", "check"),
    ("распакуйте", "unpack"),
    ("исправьте", "correct"),
    ("переименуйте", "rename"),
    ("положите", "put"),
    ("приведите", "make"),
];

fn files() -> Vec<(String, PathBuf)> {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/hostile"));
    let mut files = Vec::new();
    for folder in std::fs::read_dir(&root).into_iter().flatten() {
        for file in std::fs::read_dir(folder.expect("a folder").path()).expect("a list") {
            let path = file.expect("a file").path();
            files.push((path.strip_prefix(&root).expect("inside").display().to_string(), path));
        }
    }
    files.sort();
    files
}

/// Every file in a child of its own under the limits of the daemon; the wall is what the CPU time is.
fn answers(files: &[(String, PathBuf)]) -> Vec<Parsed> {
    let request = ParseRequest { want: Want::Any, ..ParseRequest::default() };
    let limits = ParseLimits { wall: Duration::from_secs(20), ..ParseLimits::default() };
    block_on(async {
        let mut answers = Vec::new();
        for few in files.chunks(4) {
            let one = |(_, path): &(String, PathBuf)| {
                let (path, request) = (path.clone(), request.clone());
                tokio::spawn(async move {
                    let answer = sandbox::parse(program(), &path, &request, &limits).await;
                    answer.unwrap_or_else(|finding| Parsed::refused(vec![finding]))
                })
            };
            for task in few.iter().map(one).collect::<Vec<_>>() {
                answers.push(task.await.expect("the parent survives"));
            }
        }
        answers
    })
}

#[test]
fn every_hostile_file_is_answered_in_words() {
    let files = files();
    if files.is_empty() {
        skipped("hostile");
        return;
    }
    let answers = answers(&files);
    assert_eq!(answers.len(), files.len());
    let mut codes = String::new();
    let mut messages: BTreeMap<&str, (&str, &Finding)> = BTreeMap::new();
    let mut silent = Vec::new();
    for ((name, _), parsed) in files.iter().zip(&answers) {
        if parsed.holds() {
            let _ = writeln!(codes, "{name}: {}", holds(parsed).join(", "));
        } else {
            assert!(parsed.rows > 0, "{name}: neither facts nor a reason");
            let _ = writeln!(codes, "{name}: {} {}", parsed.rows, parsed.kind.code());
        }
        for finding in parsed.findings.iter().filter(|f| f.holds()) {
            let (ru, en) = (finding.message.ru.to_lowercase(), finding.message.en.to_lowercase());
            let told = ACTIONS.iter().any(|(word, _)| ru.contains(word)) && ACTIONS.iter().any(|(_, w)| en.contains(w));
            if !told || finding.source.is_none() {
                silent.push(format!("{name}: {ru} / {en}"));
            }
            messages.entry(&finding.code).or_insert((name, finding));
        }
    }
    assert!(silent.is_empty(), "what is to be done, and where?\n{}", silent.join("\n"));
    assert!(codes.contains("parser_died"), "some of these files kill the reader");
    insta::assert_snapshot!("what_each_hostile_file_is", codes);
    let mut said = String::new();
    for (code, (name, finding)) in messages {
        let _ = writeln!(said, "{code} ({name})\n  {}\n  {}", finding.message.ru, finding.message.en);
    }
    insta::assert_snapshot!("what_is_said_about_hostile_files", said);
}
