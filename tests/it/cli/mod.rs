//! The real binary as a person runs it: exit code, stdout, stderr. Deliberately absent: what the commands compute
//! (`pipeline`, `laws`), `compare` and `inspect` on odd files (`crm`, `ingest`).

mod acknowledge;
mod backtest;
mod deals;
mod answers;
mod decisions;
mod demo;
mod disputes;
mod explained;
mod held;
mod ledger;
mod mail;
mod opened;
mod policy_folder;
mod regulation;
mod review;
mod setup;
mod usage;

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use chrono::Datelike;
use sverka::{domain::run::Job, env::Clock};

use crate::app::TestApp;

/// What a run of the program left behind.
pub struct Ran {
    /// Exit code.
    pub code: i32,
    /// What it answered.
    pub stdout: String,
    /// What it remarked.
    pub stderr: String,
}

impl Ran {
    /// The answer as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|e| panic!("{e}: {}{}", self.stdout, self.stderr))
    }
}

/// Runs the program in a folder, its environment free of settings of this machine.
pub fn sverka(dir: &Path, arguments: &[&str]) -> Ran {
    let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_sverka"))
        .current_dir(dir)
        .env_clear()
        .env("USER", "petrova")
        .args(arguments)
        .output()
        .expect("the program runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Ran { code: status.code().expect("an exit code"), stdout: text(stdout), stderr: text(stderr) }
}

/// A company after its audit of 16 November 2026: one client in the CRM, one missing (a reduction of 500.00), one whose
/// title is mistyped.
pub async fn company() -> TestApp {
    let mut t = TestApp::new("2026-11-16T14:00:00Z").await;
    calendars(t.dir.path());
    t.drop_sales(
        "Продажи.csv",
        &[
            "02.11.2026;0000-000001;Ромашка ООО;7707083893;Орлов Илья;10000,00",
            "02.11.2026;0000-000002;ВЕКТОР ООО;7701234560;Орлов Илья;90000,00",
        ],
    );
    t.drop_crm(&["1;ООО «Вектор»;7701234560;+7 495 123-45-67;12.01.2026 10:00:00"]);
    t.ingest().await;
    let done = t.run(Job::Audit).await;
    assert!(done.held.is_empty(), "{:?}", done.held);
    t
}

/// Commands live in the year of this machine's clock: it and its neighbours get a calendar when they have none.
pub fn calendars(dir: &Path) {
    let year = Clock::system().now().year();
    for year in year - 1..=year + 1 {
        let path = dir.join(format!("calendar/ru-{year}.toml"));
        if !path.exists() {
            fs::write(path, format!("year = {year}\ndays_off = []\nworking_weekends = []\n")).expect("a calendar");
        }
    }
}
