//! The parsing child: it says what this process would say, and whatever a file does to it, the parent gets an answer.

use std::{
    io::{Read, Write},
    time::Duration,
};

use rustix::fs::{CWD, FileType, Mode, mknodat};
use sverka::ingest::{
    ParseRequest,
    sandbox::{self, ParseLimits},
    wire::Collector,
};

use super::{program, real_file, request, sales};

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

/// The child waits for its file, which is a pipe here, when its limits are looked at.
#[test]
fn the_child_confines_itself_before_it_reads() {
    let folder = tempfile::tempdir().expect("a folder");
    let pipe = folder.path().join("pipe");
    mknodat(CWD, &pipe, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).expect("a pipe");
    let limits = serde_json::to_string(&ParseLimits::default()).expect("json");
    let mut child = std::process::Command::new(program())
        .args(["parse-workbook", "--request", "{}", "--limits", &limits, "--"])
        .arg(&pipe)
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("a child");
    // Opening waits until the child opens the other end.
    let mut feed = std::fs::OpenOptions::new().write(true).open(&pipe).expect("the other end");
    let confined = std::fs::read_to_string(format!("/proc/{}/limits", child.id())).expect("limits");
    feed.write_all("Дата;Номер;Контрагент;Сумма\n05.11.2026;1;ООО А;5,00\n".as_bytes()).expect("write");
    drop(feed);
    let mut answer = Vec::new();
    child.stdout.take().expect("stdout").read_to_end(&mut answer).expect("an answer");
    assert!(child.wait().expect("an end").success());
    let mut collector = Collector::new("pipe", "", None);
    assert_eq!(collector.feed(&answer).expect("frames"), answer.len());
    assert_eq!(collector.finish().expect("whole").accounting.expect("sales").sales.len(), 1);
    for (what, most) in
        [("Max address space", 512 << 20), ("Max cpu time", 20), ("Max core file size", 0), ("Max file size", 0)]
    {
        let line = confined.lines().find(|line| line.starts_with(what)).expect(what);
        let words: Vec<&str> = line.trim_start_matches(what).split_whitespace().collect();
        assert_eq!(words[..2], [most.to_string(), most.to_string()], "{line}");
    }
}

#[test]
fn a_file_that_changes_between_hash_and_reading_is_a_finding() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.csv");
    std::fs::write(&path, "Дата;Номер;Контрагент;Сумма\n05.11.2026;1;ООО А;5,00\n").expect("write");
    // Stands between parent and child and adds a line.
    let meddler = folder.path().join("meddler");
    let (file, parser) = (path.display(), program().display());
    let script = format!("#!/bin/sh\necho '06.11.2026;2;Б;1,00' >> '{file}'\nexec '{parser}' \"$@\"\n");
    std::fs::write(&meddler, script).expect("write");
    std::fs::set_permissions(&meddler, std::os::unix::fs::PermissionsExt::from_mode(0o700)).expect("mode");
    let parsed = block_on(sandbox::parse(&meddler, &path, &request("RUB"), &ParseLimits::default()));
    assert_eq!(parsed.expect("an answer").findings[0].code, "file_changed");
}

/// Files that kill their child one after the other change nothing for the file behind them.
#[test]
fn one_death_after_another_does_not_stop_the_next_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.csv");
    std::fs::write(&path, "Дата;Номер;Контрагент;Сумма\n05.11.2026;1;ООО А;5,00\n").expect("write");
    let limits = ParseLimits::default();
    block_on(async {
        for _ in 0..20 {
            let dying = ParseLimits { memory_bytes: 16 << 20, ..limits };
            let finding = sandbox::parse(program(), &path, &request("RUB"), &dying).await.expect_err("dead");
            assert_eq!(finding.code, "parser_died");
        }
        let parsed = sandbox::parse(program(), &path, &request("RUB"), &limits).await.expect("parsed");
        assert_eq!((parsed.rows, parsed.holds()), (1, false));
    });
}

#[test]
fn a_file_takes_no_more_room_than_it_needs_before_it_is_decoded() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("large.csv");
    std::fs::write(&path, vec![b'x'; (3 << 20) + 17]).expect("a file");
    let bytes = sverka::ingest::sandbox::read_capped(&path, 4 << 20).expect("readable").expect("within the limit");
    assert!(bytes.capacity() < bytes.len() + (64 << 10), "{} for {}", bytes.capacity(), bytes.len());
    assert_eq!(sverka::ingest::sandbox::read_capped(&path, 1 << 20).expect("readable"), None);
}
