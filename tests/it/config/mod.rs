//! The configuration as a company meets it: a folder of files, read as a whole.

mod broken;
mod calendars;
mod defaults;
mod environment;
mod further;
mod hostile;
mod init;
mod mail;
mod people;
mod policy;
mod policy_folder;

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use sverka::{
    cli::init::{InitArgs, write},
    config::{Config, load_with, problem::ConfigErrors},
    domain::text::Lang,
};

pub(super) const TODAY: &str = "2026-11-20";

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// An initialised folder in which files can be replaced.
pub(super) struct Folder(tempfile::TempDir);

impl Folder {
    pub(super) fn new() -> Self {
        let folder = Self(tempfile::tempdir().expect("a folder"));
        let args = InitArgs {
            folder: folder.path().to_owned(),
            company: "ООО «Север»".into(),
            organisations: vec!["ООО «Север»".into()],
            timezone: "Europe/Moscow".into(),
            language: "ru".into(),
        };
        write(&args).expect("written");
        folder
    }

    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(super) fn main(&self) -> PathBuf {
        self.path().join("sverka.toml")
    }

    pub(super) fn put(&self, name: &str, text: impl AsRef<[u8]>) -> &Self {
        std::fs::write(self.path().join(name), text).expect("written");
        self
    }

    /// Appends to a file.
    pub(super) fn add(&self, name: &str, text: &str) -> &Self {
        let before = std::fs::read_to_string(self.path().join(name)).expect("there");
        self.put(name, format!("{before}\n{text}"))
    }

    /// Replaces a piece of text that must be there.
    pub(super) fn change(&self, name: &str, from: &str, to: &str) -> &Self {
        let before = std::fs::read_to_string(self.path().join(name)).expect("there");
        assert!(before.contains(from), "{name} has no {from}");
        self.put(name, before.replace(from, to))
    }

    pub(super) fn load(&self) -> Result<Config, ConfigErrors> {
        self.load_env(&[])
    }

    pub(super) fn load_env(&self, env: &[(&str, &str)]) -> Result<Config, ConfigErrors> {
        let env = env.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        load_with(&self.main(), env, day(TODAY))
    }

    /// Errors and remarks as text, with the folder's own name left out.
    pub(super) fn complaints(&self, lang: Lang) -> String {
        self.tidy(&self.load().expect_err("the configuration is broken").render(lang))
    }

    /// First lines only: what is wrong, without places.
    pub(super) fn messages(&self) -> Vec<String> {
        match self.load() {
            Ok(config) => config.warnings,
            Err(errors) => errors.problems,
        }
        .into_iter()
        .map(|p| format!("{}: {}", if p.warning { "warning" } else { "error" }, self.tidy(&p.message.en)))
        .collect()
    }

    /// Errors only.
    pub(super) fn errors(&self) -> Vec<String> {
        self.messages().into_iter().filter_map(|m| m.strip_prefix("error: ").map(str::to_owned)).collect()
    }

    fn tidy(&self, text: &str) -> String {
        text.replace(&self.path().display().to_string(), "[folder]")
    }
}
