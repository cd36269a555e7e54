//! The parsing child: it says what this process would say, and whatever a file does to it, the parent gets an answer.

use std::{path::PathBuf, time::Duration};

use sverka::{
    domain::finding::Severity,
    ingest::{
        ParseRequest, Want,
        sandbox::{self, ParseLimits},
    },
};

use super::{program, real_file, request, sales, skipped};

/// Runs a future to its end.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(future)
}

#[test]
fn the_child_says_what_this_process_would_say() {
    let Some((path, bytes)) = real_file("1c/winery-nine-sheets.xlsx") else { return };
    let request = request("UAH");
    let limits = ParseLimits::default();
    let child = block_on(sandbox::parse(program(), &path, &request, &limits)).expect("parsed");
    let hash = sverka::ingest::hash::of_bytes(&bytes);
    let here = sandbox::parse_bytes(&bytes, &ParseRequest { file_hash: hash.clone(), ..request }, &limits.read);
    assert_eq!(child, here);
    assert!(sales(&child).iter().all(|s| s.file_hash == hash && &*s.source.file == "Продажи.csv"));
}

/// Every hostile file: an answer each, and the parent lives. A reader that aborts, panics, or asks for half a terabyte
/// becomes a sentence.
#[test]
fn every_hostile_file_is_answered() {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/hostile"));
    let mut files: Vec<PathBuf> = Vec::new();
    for folder in std::fs::read_dir(&root).into_iter().flatten() {
        let folder = folder.expect("a folder").path();
        files.extend(std::fs::read_dir(folder).expect("a list").map(|f| f.expect("a file").path()));
    }
    if files.is_empty() {
        skipped("hostile");
        return;
    }
    files.sort();
    let request = ParseRequest { want: Want::Any, ..ParseRequest::default() };
    let limits = ParseLimits { wall: Duration::from_secs(20), cpu_seconds: 10, ..ParseLimits::default() };
    let answers = block_on(async {
        let mut answers = Vec::new();
        for few in files.chunks(4) {
            let one = |file: &PathBuf| {
                let (file, request) = (file.clone(), request.clone());
                tokio::spawn(async move {
                    let answer = sandbox::parse(program(), &file, &request, &limits).await;
                    (file, answer)
                })
            };
            for task in few.iter().map(one).collect::<Vec<_>>() {
                answers.push(task.await.expect("the parent survives"));
            }
        }
        answers
    });
    assert_eq!(answers.len(), files.len());
    let mut died = 0;
    for (file, answer) in answers {
        match answer {
            Ok(parsed) => {
                let usable = parsed.rows > 0;
                let said = parsed.findings.iter().any(|f| f.severity == Severity::Hold && f.message.ru.len() > 20);
                assert!(usable || said, "{}: neither facts nor a reason", file.display());
            }
            Err(finding) => {
                died += 1;
                assert!(finding.holds() && finding.source.is_some(), "{}", file.display());
                assert!(finding.message.ru.contains("сохраните"), "{}: {}", file.display(), finding.message.ru);
            }
        }
    }
    assert!(died > 0, "some of these files kill the reader");
}

#[test]
fn a_child_that_cannot_start_or_takes_too_long_is_a_finding() {
    let Some((path, _)) = real_file("1c/winery-nine-sheets.xlsx") else { return };
    let (request, limits) = (request("UAH"), ParseLimits::default());
    let code = |parser: &str, limits: &ParseLimits| {
        block_on(sandbox::parse(parser.as_ref(), &path, &request, limits)).expect_err("a finding").code
    };
    let here = program().to_str().expect("a path");
    assert_eq!(code("/no/such/program", &limits), "parser_not_started");
    assert_eq!(code("/bin/true", &limits), "parser_died", "an answer without an end is none");
    assert_eq!(code(here, &ParseLimits { wall: Duration::from_millis(1), ..limits }), "parser_timeout");
    assert_eq!(code(here, &ParseLimits { output_bytes: 5_000, ..limits }), "parser_died");
    assert_eq!(code(here, &ParseLimits { memory_bytes: 16 << 20, ..limits }), "parser_died");
}

#[test]
fn a_file_that_is_too_large_or_absent_is_a_finding() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.csv");
    std::fs::write(&path, "Дата;Номер;Контрагент;Сумма\n".repeat(40_000)).expect("write");
    let parsed = block_on(sandbox::parse_or_finding(program(), &path, &request("RUB"), 1));
    assert_eq!(parsed.findings[0].code, "file_too_large");
    let gone = block_on(sandbox::parse_or_finding(program(), &folder.path().join("b.csv"), &request("RUB"), 1));
    assert_eq!(gone.findings[0].code, "file_unreadable");
}
