//! Life of the process: graceful stop, one instance on SQLite, health page.

use std::{
    fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    time::Duration,
};

use crate::app::{PEOPLE, POLICY, TestApp};

async fn company(more: &str) -> TestApp {
    TestApp::with("2026-11-06T05:00:00Z", more, POLICY, PEOPLE).await
}

fn daemon(t: &TestApp) -> Child {
    let log = fs::File::options().create(true).append(true).open(t.dir.path().join("daemon.log")).expect("a log");
    Command::new(env!("CARGO_BIN_EXE_sverka"))
        .arg("--config")
        .arg(t.dir.path().join("sverka.toml"))
        .args(["run", "--rehearse-at", "2026-11-06T05:00:00Z"])
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .expect("the daemon")
}

/// Waits until the condition holds, looking often; the time is a limit, not a measure.
async fn until(mut holds: impl FnMut() -> bool, what: &str) {
    for _ in 0..6_000 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("did not happen: {what}");
}

fn get(port: u16, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    Some(answer)
}

#[tokio::test]
async fn the_daemon_answers_on_its_health_page_and_stops_on_a_signal() {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port").port();
    let t = company("").await;
    let settings = t.dir.path().join("sverka.toml");
    let text = fs::read_to_string(&settings).expect("settings").replace("listen = \"\"", &format!("listen = \"127.0.0.1:{port}\""));
    fs::write(&settings, text).expect("settings");
    let mut child = daemon(&t);
    until(|| get(port, "/healthz").is_some_and(|a| a.contains("200 OK")), "healthz answers").await;
    until(|| get(port, "/metrics").is_some_and(|a| a.contains("sverka_ticks_total 1")), "the loop ticks").await;
    let metrics = get(port, "/metrics").expect("metrics");
    for figure in ["sverka_outbox_oldest_seconds 0", "sverka_holds_open 0", "sverka_runs_missed_total 0"] {
        assert!(metrics.contains(figure), "{metrics}");
    }
    let pid = i32::try_from(child.id()).expect("a pid");
    rustix::process::kill_process(rustix::process::Pid::from_raw(pid).expect("a pid"), rustix::process::Signal::TERM).expect("a signal");
    assert!(child.wait().expect("its end").success(), "{}", fs::read_to_string(t.dir.path().join("daemon.log")).unwrap_or_default());
}

#[tokio::test]
async fn a_second_daemon_on_the_same_sqlite_file_refuses_in_words() {
    let t = company("").await;
    let mut first = daemon(&t);
    let log = || fs::read_to_string(t.dir.path().join("daemon.log")).unwrap_or_default();
    until(|| log().contains("sverka is running"), "the first runs").await;
    let second = daemon(&t).wait_with_output().expect("its end");
    assert!(!second.status.success());
    assert!(log().contains("sverka.db"), "{}", log());
    first.kill().expect("kill -9");
    first.wait().expect("its end");
}
